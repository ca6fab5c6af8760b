"""How fast the squared norm of a weight matrix changes along the flow: −2 Σ c_k f_k, the same in every layer."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    DIFFERENTIABLE_LOSS,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("speed_of_the_norm")
class SpeedOfTheNorm(AbstractLemma):
    """d/dt ‖W_l‖² = −2 Σ c_k f_k along w' = −∇R, for every layer l."""

    name = "speed_of_the_norm"
    ids = ("A33",)
    words = (
        r"Along the flow $\tfrac{d}{dt}\lVert W_l\rVert^2=-2\sum_kc_k\,f_k$ with $c_k=\partial R/\partial f_k$, for "
        r"every layer $l$."
    )
    statement = "for l in 1..L: 2*inner(W[l], -grad(R, W[l])) == -2*sum(k in 1..n: c[k]*f[k])"
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
    )
    reference = "lecture A, the computation under Lemma 9.3, its sign corrected"
    scripts = ("balancing.v",)
    proof = (
        Step(
            "definition",
            r"$\tfrac{d}{dt}\lVert W_l\rVert^2=2\langle W_l,\dot W_l\rangle$ with $\dot "
            r"W_l=-\sum_kc_k\nabla_{W_l}f_k$.",
        ),
        Step("citation", r"Weight-gradient preservation: $\langle W_l,\nabla_{W_l}f_k\rangle=f_k$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape with two data, and claim it for every net of relu."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"], n_data=2), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, and expand it for the shape at hand."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        yield from self.expanded(self.statement, target)

    def _general(self) -> Claim:
        return self.general(
            "balancing.v",
            "slope_of_a_block",
            "speed_of_the_square_of_a_matrix",
            under=(NO_BIASES, RELU, WEIGHTS, ALL_TRAINED, DIFFERENTIABLE_LOSS),
        )
