"""Balancing under weight decay: false; the difference of two layers shrinks."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("balancing_under_weight_decay")
class BalancingUnderWeightDecay(AbstractLemma):
    """Along w' = −(∇R + λw) the difference ‖W_i‖² − ‖W_j‖² does not change: false."""

    name = "balancing_under_weight_decay"
    ids = ("W6",)
    words = (
        r"With the penalty $\tfrac\lambda2\lVert w\rVert^2$, along $\dot w=-(\nabla R+\lambda w)$, "
        r"$\lVert W_i\rVert^2-\lVert W_j\rVert^2$ does not change."
    )
    statement = (
        "for lambda > 0, i in 1..L-1: 2*inner(W[i], -grad(R, W[i]) - lambda*W[i]) "
        "- 2*inner(W[i+1], -grad(R, W[i+1]) - lambda*W[i+1]) == 0"
    )
    hypotheses = (NO_BIASES, SCALAR_OUTPUT)
    reference = "a plausible extension of Lemma 9.3, false"
    see = "weight_decay_shrinks_the_difference"
    proof = (
        Step(
            "witness",
            r"$R=f=uv$ at $u=2$, $v=1$ with $\lambda=1$: $\tfrac{d}{dt}(u^2-v^2)=2u(-v-u)-2v(-u-v)=-2(u^2-v^2)=-6$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at R = f = uv."""
        product = net_tree([[[2]], [[1]]], activation="identity", inputs=[[1]], kind="output")
        setting = problem_setting(product)
        yield self.refuted(self.statement, setting, target, scope="R = f = uv", values={"lambda": "1"})

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
