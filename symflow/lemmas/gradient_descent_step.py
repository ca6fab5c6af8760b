"""What one step of gradient descent does to the difference of two layers: it adds η² times that of the gradients."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    DIFFERENTIABLE_LOSS,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    PRESERVATION,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("gradient_descent_step")
class GradientDescentStep(AbstractLemma):
    """‖W_i − ηG_i‖² − ‖W_j − ηG_j‖² = ‖W_i‖² − ‖W_j‖² + η²(‖G_i‖² − ‖G_j‖²) with G_l = ∇_{W_l} R."""

    name = "gradient_descent_step"
    ids = ("A34",)
    words = (
        r"Off the kinks, one step of gradient descent with step size $\eta$ in all weights changes $\lVert "
        r"W_i\rVert^2-\lVert W_j\rVert^2$ by exactly $\eta^2(\lVert G_i\rVert^2-\lVert G_j\rVert^2)$, where "
        r"$G_l=\nabla_{W_l}R$."
    )
    statement = (
        "for eta > 0, i in 1..L-1: norm2(W[i] - eta*grad(R, W[i])) - norm2(W[i+1] - eta*grad(R, W[i+1])) "
        "== norm2(W[i]) - norm2(W[i+1]) + eta^2*(norm2(grad(R, W[i])) - norm2(grad(R, W[i+1])))"
    )
    hypotheses = (NO_BIASES, HIDDEN_LAYER, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT, WEIGHTS, DIFFERENTIABLE_LOSS)
    reference = "lecture A, the slide on what gradient descent imposes, made exact"
    scripts = ("balancing.v",)
    proof = (
        Step(
            "expansion",
            r"$\lVert W_l-\eta G_l\rVert^2=\lVert W_l\rVert^2-2\eta\langle W_l,G_l\rangle+\eta^2\lVert G_l\rVert^2$.",
        ),
        Step(
            "citation",
            r"$\langle W_l,G_l\rangle=\sum_kc_kf_k$ is the same for every layer, so the terms in $\eta$ cancel.",
        ),
        Step(
            "conclusion",
            r"As $\eta\to0$ the change per unit of time, $\eta(\lVert G_i\rVert^2-\lVert G_j\rVert^2)$, vanishes: "
            r"the flow.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape with one datum and a shallow one with two, and claim it in general."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)
        yield self.decided(self.statement, shape_setting([2, 2, 1], ["relu"], n_data=2), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general, and expand it for the shape at hand."""
        yield self._general()
        yield from self.expanded(self.statement, target)

    def _general(self) -> Claim:
        return self.general("balancing.v", "a_step_of_gradient_descent", under=(PRESERVATION, DIFFERENTIABLE_LOSS))
