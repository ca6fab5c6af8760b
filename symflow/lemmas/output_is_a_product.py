"""The output of a net without biases is one product of weights and slopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ELEMENTWISE,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
)
from symflow.proofs.setting import shape_setting

_DEEPEST = 8


def _form(depth: int) -> str:
    """Return ``z[L] == W[L]*A[L-1]*..*A[1]*W[1]*x`` with numbers."""
    factors = [f"W[{layer}]*A[{layer - 1}]" for layer in range(depth, 1, -1)]
    return f"z[{depth}] == {'*'.join([*factors, 'W[1]*x'])}"


@LEMMAS.register("output_is_a_product")
class OutputIsAProduct(AbstractLemma):
    """f(x; w) = W_L A_{L−1} W_{L−1} .. A_1 W_1 x, for one output or several."""

    name = "output_is_a_product"
    ids = ("A23",)
    words = r"$f(x;w)=W_LA_{L-1}W_{L-1}\cdots A_1W_1x$, all outputs together."
    statement = _form(3)
    forms = tuple(_form(depth) for depth in range(1, _DEEPEST + 1))
    bounds: ClassVar = {_form(depth): {"depth": depth} for depth in range(1, _DEEPEST + 1)}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, ELEMENTWISE)
    reference = "lecture A, the slide on the activation matrices"
    scripts = ("activation_matrices.v",)
    proof = (
        Step("by_induction", r"$z_l=W_lA_{l-1}\cdots A_1W_1x$ for every layer: each $\sigma(z_l)$ is $A_lz_l$."),
        Step("conclusion", r"The output is the preactivation of the last layer, $f=z_L$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width, and expand a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, and expand the shape at hand."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        setting = target.shape_setting()
        assert setting is not None
        depth = len(setting["widths"]) - 1
        if depth <= _DEEPEST:
            yield from self.expanded(_form(depth), target)

    def _general(self) -> Claim:
        return self.general("activation_matrices.v", "net_is_a_product_of_matrices", under=(NO_BIASES, RELU))
