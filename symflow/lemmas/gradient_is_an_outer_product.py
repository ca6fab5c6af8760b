"""The gradient of the output in one weight matrix: an outer product of what is above it and what is below it."""

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
    SCALAR_OUTPUT,
)
from symflow.proofs.setting import shape_setting

_DEEPEST = 6


def _form(depth: int) -> str:
    """Return the formula for every layer of a net with so many weight matrices."""
    return " and ".join(_in_layer(layer, depth) for layer in range(1, depth + 1))


def _in_layer(layer: int, depth: int) -> str:
    above = "*".join(f"W[{i + 1}]*A[{i}]" for i in range(depth - 1, layer - 1, -1))
    below = "*".join([f"A[{i}]*W[{i}]" for i in range(layer - 1, 0, -1)] + ["x"])
    right = f"transpose({above})*transpose({below})" if above else f"transpose({below})"
    return f"grad(f, W[{layer}]) == {right}"


@LEMMAS.register("gradient_is_an_outer_product")
class GradientIsAnOuterProduct(AbstractLemma):
    """∇_{W_l} f = (W_L A_{L−1} .. W_{l+1} A_l)ᵀ (A_{l−1} W_{l−1} .. A_1 W_1 x)ᵀ off the kinks; for l = L, 1 left."""

    name = "gradient_is_an_outer_product"
    ids = ("A24",)
    words = (
        r"Off the kinks $\nabla_{W_l}f=(W_LA_{L-1}\cdots W_{l+1}A_l)^\top(A_{l-1}W_{l-1}\cdots A_1W_1x)^\top$ for "
        r"every layer "
        r"$l$; for $l=L$ the left factor is $1$."
    )
    statement = _form(3)
    forms = tuple(_form(depth) for depth in range(1, _DEEPEST + 1))
    bounds: ClassVar = {_form(depth): {"depth": depth} for depth in range(1, _DEEPEST + 1)}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, ELEMENTWISE, SCALAR_OUTPUT)
    reference = "lecture A, the gradient in one weight matrix"
    scripts = ("weight_gradient_preservation.v",)
    proof = (
        Step(
            "by_cell",
            r"Off the kinks the slopes $A_1,\dots,A_{L-1}$ do not change near $w$, and $f=u^\top W_lv$ there.",
        ),
        Step(
            "definition",
            r"Here $u^\top=W_LA_{L-1}\cdots W_{l+1}A_l$ and $v=A_{l-1}W_{l-1}\cdots A_1W_1x$ have no entry of $W_l$ "
            r"in them.",
        ),
        Step(
            "conclusion",
            r"The derivative of $\sum_{p,q}u_pW_l[p,q]v_q$ in $W_l[p,q]$ is $u_pv_q$: the matrix $uv^\top$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width, and differentiate the polynomials of a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, and differentiate the polynomials of the shape at hand."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        setting = target.shape_setting()
        assert setting is not None
        depth = len(setting["widths"]) - 1
        if depth <= _DEEPEST and setting["widths"][-1] == 1:
            yield from self.expanded(_form(depth), target)

    def _general(self) -> Claim:
        return self.general(
            "weight_gradient_preservation.v",
            "gradient_in_one_weight_matrix",
            "partial_derivative_in_one_weight",
            "preservation_in_the_last_matrix",
            under=(NO_BIASES, RELU, SCALAR_OUTPUT),
        )
