"""Balancing neuron by neuron: what comes in and what goes out keep the difference of their squares."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    DIFFERENTIABLE_LOSS,
    ELEMENTWISE,
    FINITELY_MANY_CORNERS,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("balancing_per_neuron")
class BalancingPerNeuron(AbstractLemma):
    """‖W_l[j,:]‖² − ‖W_{l+1}[:,j]‖² does not change, for every hidden neuron j."""

    name = "balancing_per_neuron"
    ids = ("D3",)
    words = (
        r"For every neuron $j$ of every hidden layer $l$, $\lVert W_l[j,:]\rVert^2-\lVert W_{l+1}[:,j]\rVert^2$ does "
        r"not change "
        r"along the flow."
    )
    statement = "for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) - norm2(W[l+1][:,j]) is conserved"
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        ELEMENTWISE,
        HIDDEN_LAYER,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
    )
    reference = "Du, Hu, Lee 2018, Theorem 2.1"
    scripts = ("balancing_of_a_neuron.v",)
    proof = (
        Step(
            "definition",
            r"Multiply row $j$ of $W_l$ by $t>0$ and column $j$ of $W_{l+1}$ by $1/t$: $f$ stays the same, for "
            r"$\sigma(tz)=t\,\sigma(z)$.",
        ),
        Step(
            "along_the_ray",
            r"The derivative in $t$ at $1$: $\langle\nabla f,W_l[j,:]\rangle-\langle\nabla f,W_{l+1}[:,j]\rangle=0$ "
            r"on every piece.",
        ),
        Step("by_limit", r"So for limits of gradients and their convex combinations, at the kinks too."),
        Step(
            "conclusion",
            r"$\tfrac{d}{dt}$ of the difference is $-2\sum_kc_k$ times this, for every differentiable loss.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a shallow shape with two data and for a deep one, and claim it for every depth and width."""
        yield self.decided(self.statement, shape_setting([2, 2, 1], ["relu"], n_data=2), target)
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand, and claim it in general for relu."""
        yield from self.expanded(self.statement, target)
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()

    def _general(self) -> Claim:
        return self.general(
            "balancing_of_a_neuron.v",
            "a_neuron_can_be_rescaled",
            "balancing_of_a_neuron",
            under=(NO_BIASES, RELU, WEIGHTS, ALL_TRAINED, FINITELY_MANY_CORNERS),
        )
