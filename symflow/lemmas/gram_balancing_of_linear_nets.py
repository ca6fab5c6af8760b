"""Balancing of whole Gram matrices for linear nets."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    DIFFERENTIABLE_LOSS,
    FINITELY_MANY_CORNERS,
    HIDDEN_LAYER,
    LINEAR,
    NO_BIASES,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("gram_balancing_of_linear_nets")
class GramBalancingOfLinearNets(AbstractLemma):
    """W_{l+1}ᵀW_{l+1} − W_lW_lᵀ does not change along the flow of a linear net."""

    name = "gram_balancing_of_linear_nets"
    ids = ("D3",)
    words = (
        r"For linear nets without biases the whole matrix $W_{l+1}^\top W_{l+1}-W_lW_l^\top$ does not change along "
        r"the flow."
    )
    statement = (
        "for l in 1..L-1, i in 1..width(l), j in 1..width(l): "
        "inner(W[l+1][:,i], W[l+1][:,j]) - inner(W[l][i,:], W[l][j,:]) is conserved"
    )
    hypotheses = (
        NO_BIASES,
        LINEAR,
        HIDDEN_LAYER,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
    )
    reference = "Arora, Cohen, Hazan 2018, Theorem 1"
    scripts = ("gram_balancing.v",)
    proof = (
        Step(
            "definition",
            r"$f=W_L\cdots W_1x$ does not change when $W_l$ becomes $MW_l$ and $W_{l+1}$ becomes $W_{l+1}M^{-1}$.",
        ),
        Step(
            "along_the_ray",
            r"With $M=I+tS$, $S$ symmetric, the derivative at $0$: $\nabla_{W_l}f\,W_l^\top$ and "
            r"$W_{l+1}^\top\nabla_{W_{l+1}}f$ are the same.",
        ),
        Step(
            "conclusion",
            r"So $\tfrac{d}{dt}(W_{l+1}^\top W_{l+1})=\tfrac{d}{dt}(W_lW_l^\top)$, for every differentiable loss.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape with two data, and claim it for every depth and width."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["identity", "identity"], n_data=2), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand, where it is linear."""
        setting = target.shape_setting()
        if setting is not None and all(each == "identity" for each in setting["activation"]):
            yield from self.expanded(self.statement, target)
            yield self._general()

    def _general(self) -> Claim:
        return self.general(
            "gram_balancing.v",
            "gradients_of_adjacent_matrices",
            "gram_balancing",
            under=(NO_BIASES, LINEAR, WEIGHTS, ALL_TRAINED, FINITELY_MANY_CORNERS),
        )
