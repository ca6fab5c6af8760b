"""The margin of a homogeneous net: at the normalised weights, or divided by a power of the norm; it is the same."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, NON_ZERO_WEIGHTS, SCALAR_OUTPUT
from symflow.proofs.setting import shape_setting


@LEMMAS.register("normalized_margin")
class NormalizedMargin(AbstractLemma):
    """γ(w) = min_i m_i(w/‖w‖) = min_i m_i(w)/‖w‖^L, because m_i(tw) = t^L m_i(w) for t > 0."""

    name = "normalized_margin"
    ids = ("B5",)
    words = (
        r"With $m_i=y_if(x_i;w)$ the two forms of the margin agree: "
        r"$\min_im_i(w/\lVert w\rVert)=\min_im_i(w)/\lVert w\rVert^L$."
    )
    statement = "for t > 0: m(t*w) == t^L*m"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT, LABELS, NON_ZERO_WEIGHTS)
    reference = "Lyu, Li 2020, Section 3; lecture B, the definition of the margin"
    scripts = ("soft_margin.v",)
    proof = (
        Step("by_cell", r"With $t>0$ no preactivation changes its sign, so $w$ and $tw$ lie in the same cell."),
        Step("expansion", r"On it each $m_i$ is a sum of products of one weight of each layer: $m_i(tw)=t^Lm_i(w)$."),
        Step("conclusion", r"With $t=1/\lVert w\rVert$ the two forms are equal for each $i$, and so are their minima."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape; and claim it for any family of homogeneous margins."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand; and claim it in general."""
        yield from self.expanded(self.statement, target)
        yield self._general()

    def _general(self) -> Claim:
        scope = "homogeneous margins of any degree"
        return self.general("soft_margin.v", "margin_of_the_normalised_weights", scope=scope)
