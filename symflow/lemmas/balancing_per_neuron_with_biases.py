"""Balancing neuron by neuron with biases: the bias counts with what comes in."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    BIASES,
    DIFFERENTIABLE_LOSS,
    ELEMENTWISE,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("balancing_per_neuron_with_biases")
class BalancingPerNeuronWithBiases(AbstractLemma):
    """‖W_l[j,:]‖² + b_l[j]² − ‖W_{l+1}[:,j]‖² does not change, for every hidden neuron j."""

    name = "balancing_per_neuron_with_biases"
    ids = ("D3",)
    words = (
        r"With biases, $\lVert W_l[j,:]\rVert^2+b_l[j]^2-\lVert W_{l+1}[:,j]\rVert^2$ does not change along the "
        r"flow, for every "
        r"neuron $j$ of every hidden layer $l$."
    )
    statement = "for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) + b[l][j]^2 - norm2(W[l+1][:,j]) is conserved"
    hypotheses = (
        BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        ELEMENTWISE,
        HIDDEN_LAYER,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
    )
    reference = "Du, Hu, Lee 2018, Theorem 2.1, with the bias as the weight of a constant input"
    proof = (
        Step(
            "definition",
            r"Multiply row $j$ of $W_l$ and $b_l[j]$ by $t>0$, column $j$ of $W_{l+1}$ by $1/t$: $f$ stays the same.",
        ),
        Step(
            "along_the_ray",
            r"The derivative in $t$ at $1$ vanishes on every piece, hence on limits and convex combinations of "
            r"gradients.",
        ),
        Step(
            "conclusion",
            r"It is half the speed at which $\lVert W_l[j,:]\rVert^2+b_l[j]^2-\lVert W_{l+1}[:,j]\rVert^2$ changes, "
            r"up to $-c_k$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a shape with one hidden layer and two data, and for a deep one."""
        yield self.decided(self.statement, shape_setting([2, 2, 1], ["relu"], bias=True, n_data=2), target)
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"], bias=True), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand."""
        setting = target.shape_setting()
        if setting is not None and setting["bias"]:
            yield from self.expanded(self.statement, target)
