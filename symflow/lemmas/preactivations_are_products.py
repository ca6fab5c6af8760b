"""The preactivations of a net without biases are products of its weights with its slopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ELEMENTWISE, HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, RELU
from symflow.proofs.setting import shape_setting

_DEEPEST = 6


def _up_to(depth: int) -> str:
    """Return ``z[l] == W[l]*A[l-1]*W[l-1]*..*A[1]*W[1]*x`` for all layers up to one."""
    claims, product = [], "x"
    for layer in range(1, depth + 1):
        product = f"W[{layer}]*{product}"
        claims.append(f"z[{layer}] == {product}")
        product = f"A[{layer}]*{product}"
    return " and ".join(claims)


@LEMMAS.register("preactivations_are_products")
class PreactivationsAreProducts(AbstractLemma):
    """W_l σ(.. σ(W_1 x)) = W_l A_{l−1} W_{l−1} .. A_1 W_1 x for every layer l."""

    name = "preactivations_are_products"
    ids = ("A22",)
    words = (
        r"$W_l\,\sigma(\cdots\sigma(W_1x)\cdots)=W_lA_{l-1}W_{l-1}\cdots A_1W_1x$ for every layer $l$; where a "
        r"preactivation "
        r"vanishes its slope may be any number."
    )
    statement = _up_to(3)
    forms = tuple(_up_to(depth) for depth in range(1, _DEEPEST + 1))
    bounds: ClassVar = {_up_to(depth): {"depth": depth} for depth in range(1, _DEEPEST + 1)}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, ELEMENTWISE)
    reference = "lecture A, the slide on the activation matrices"
    scripts = ("activation_matrices.v",)
    proof = (
        Step(
            "by_cell", r"$\sigma(z)=az$ for the slope $a=\sigma'(z)$ where $z\ne0$, and for any $a$ at all where $z=0$."
        ),
        Step(
            "by_induction",
            r"If $z_l=W_lA_{l-1}\cdots A_1W_1x$, then $\sigma(z_l)=A_lz_l$ and $z_{l+1}=W_{l+1}A_lz_l$; and "
            r"$z_1=W_1x$.",
        ),
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
            yield from self.expanded(_up_to(depth), target)

    def _general(self) -> Claim:
        return self.general("activation_matrices.v", "net_is_a_product_of_matrices", under=(NO_BIASES, RELU))
