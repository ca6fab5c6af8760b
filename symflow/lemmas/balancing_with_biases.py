"""Balancing of whole layers, biases counted with their layer: false; neuron by neuron it is true."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import BIASES, HIDDEN_LAYER, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting

_WITHOUT = "for l in 1..L-1: norm2(W[l]) - norm2(W[l+1]) is conserved"


@LEMMAS.register("balancing_with_biases")
class BalancingWithBiases(AbstractLemma):
    """‖W_l‖² + ‖b_l‖² − ‖W_{l+1}‖² − ‖b_{l+1}‖² does not change: false, and so it is without the biases.

    What is true sums up the neurons: ‖W_l‖² + ‖b_l‖² − ‖W_{l+1}‖² is kept, the biases of the upper layer left out.
    """

    name = "balancing_with_biases"
    ids = ("W6",)
    words = (
        r"With biases, each layer's weights and biases taken together, "
        r"$\lVert W_l\rVert^2+\lVert b_l\rVert^2-\lVert W_{l+1}\rVert^2-\lVert b_{l+1}\rVert^2$ does not change "
        r"along the flow."
    )
    statement = "for l in 1..L-1: norm2(W[l]) + norm2(b[l]) - norm2(W[l+1]) - norm2(b[l+1]) is conserved"
    forms = (_WITHOUT,)
    hypotheses = (BIASES, HIDDEN_LAYER, SCALAR_OUTPUT)
    reference = "a plausible extension of Lemma 9.3, false"
    see = "balancing_per_neuron_with_biases"
    proof = (
        Step(
            "witness",
            r"$f=v\,\sigma(wx+b_1)+b_2$, $R=f$, at $w=v=x=b_1=b_2=1$: $\tfrac{d}{dt}(w^2+b_1^2)=-4$ and "
            r"$\tfrac{d}{dt}v^2=-4$, "
            r"but $\tfrac{d}{dt}b_2^2=-2$ as well.",
        ),
        Step("conclusion", r"$w^2+b_1^2-v^2$ is kept; neither $b_2$ may be counted, nor $b_1$ left out."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at v σ(wx + b₁) + b₂, with the biases and without them."""
        one = net_tree([[[1]], [[1]]], biases=[[1], [1]], inputs=[[1]], kind="output")
        for statement in (self.statement, _WITHOUT):
            yield self.refuted(statement, problem_setting(one), target, scope="v σ(wx + b₁) + b₂, all 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
