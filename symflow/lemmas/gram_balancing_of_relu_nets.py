"""Balancing of whole Gram matrices for relu nets: false off the diagonal."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HIDDEN_LAYER, NO_BIASES, RELU, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("gram_balancing_of_relu_nets")
class GramBalancingOfReluNets(AbstractLemma):
    """W_{l+1}ᵀW_{l+1} − W_lW_lᵀ does not change: false for relu, where two neurons are not always active together."""

    name = "gram_balancing_of_relu_nets"
    ids = ("W7",)
    words = r"For relu nets the whole matrix $W_{l+1}^\top W_{l+1}-W_lW_l^\top$ does not change along the flow."
    statement = (
        "for l in 1..L-1, i in 1..width(l), j in 1..width(l): "
        "inner(W[l+1][:,i], W[l+1][:,j]) - inner(W[l][i,:], W[l][j,:]) is conserved"
    )
    hypotheses = (NO_BIASES, RELU, HIDDEN_LAYER, SCALAR_OUTPUT)
    reference = "Arora, Cohen, Hazan 2018, Theorem 1, which is for linear nets"
    see = "gram_balancing_of_linear_nets"
    proof = (
        Step(
            "witness",
            r"2-2-1 with rows $u_1=(1,0)$, $u_2=(0,-1)$, $v=(1,1)$, $x=(1,1)$, $R=f$: only the first neuron is active, "
            r"$\dot u_1=-x$, $\dot v_1=-1$, the rest stands still, and $\tfrac{d}{dt}(v_1v_2-\langle "
            r"u_1,u_2\rangle)=-1-1=-2$.",
        ),
        Step(
            "conclusion",
            r"On the diagonal it holds, neuron by neuron; off it only while both neurons have the same slopes.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it where one of two neurons is active."""
        net = net_tree([[[1, 0], [0, -1]], [[1, 1]]], inputs=[[1, 1]], kind="output")
        yield self.refuted(self.statement, problem_setting(net), target, scope="2-2-1, one neuron active")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
