"""What weight decay does to balancing: the difference of two layers shrinks like e^(−2λt)."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    DIFFERENTIABLE_LOSS,
    FINITELY_MANY_CORNERS,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
    RESCALING,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("weight_decay_shrinks_the_difference")
class WeightDecayShrinksTheDifference(AbstractLemma):
    """Along w' = −(∇R + λw), h = ‖W_i‖² − ‖W_j‖² has h' = −2λh, so h(t) = e^(−2λt) h(0)."""

    name = "weight_decay_shrinks_the_difference"
    ids = ("W6",)
    words = (
        r"Along $\dot w=-(\nabla R+\lambda w)$ the difference $h=\lVert W_i\rVert^2-\lVert W_j\rVert^2$ has $\dot "
        r"h=-2\lambda h$, for all layers $i$, $j$: it is $e^{-2\lambda t}h(0)$."
    )
    statement = (
        "for lambda > 0, i in 1..L-1: 2*inner(W[i], -grad(R, W[i]) - lambda*W[i]) "
        "- 2*inner(W[i+1], -grad(R, W[i+1]) - lambda*W[i+1]) == -2*lambda*(norm2(W[i]) - norm2(W[i+1]))"
    )
    hypotheses = (
        NO_BIASES,
        HIDDEN_LAYER,
        HOMOGENEOUS_OF_DEGREE_ONE,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
    )
    reference = "what remains of Lemma 9.3 with weight decay"
    scripts = ("weight_decay.v", "balancing.v")
    proof = (
        Step(
            "expansion",
            r"$\dot h=-2\langle W_i,G_i\rangle+2\langle W_j,G_j\rangle-2\lambda(\lVert W_i\rVert^2-\lVert "
            r"W_j\rVert^2)$ with $G=\nabla R$.",
        ),
        Step("citation", r"$\langle W_i,G_i\rangle=\langle W_j,G_j\rangle=\sum_kc_kf_k$, so $\dot h=-2\lambda h$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape with two data, and claim it for every depth and width."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"], n_data=2), target)
        yield from self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand, and claim it in general for relu."""
        yield from self.expanded(self.statement, target)
        if target.problem is None or RELU.holds(target.problem):
            yield from self._general()

    def _general(self) -> Iterator[Claim]:
        under = (RESCALING, WEIGHTS, ALL_TRAINED, FINITELY_MANY_CORNERS)
        yield self.general("weight_decay.v", "balancing_under_weight_decay", under=under)
        scope = "its hypothesis: the matrices can be rescaled"
        yield self.general("balancing.v", "two_matrices_can_be_rescaled", under=(NO_BIASES, RELU, WEIGHTS), scope=scope)
