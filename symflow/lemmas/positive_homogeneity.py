"""A net without biases is positively homogeneous in its weights, of degree the number of its matrices."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, POSITIVE_DEGREE
from symflow.proofs.setting import shape_setting

_FORM = "for t > 0: f(t*w) == t^L*f"


@LEMMAS.register("positive_homogeneity")
class PositiveHomogeneity(AbstractLemma):
    """g is positively homogeneous of degree L > 0 if g(αw) = α^L g(w) for all α ≥ 0; for L matrices a net is."""

    name = "positive_homogeneity"
    ids = ("A16",)
    words = (
        r"$g$ is positively homogeneous of degree $L>0$ if $g(\alpha w)=\alpha^Lg(w)$ for all $w$ and all "
        r"$\alpha\ge0$; a net of "
        r"$L$ weight matrices without biases is, in its weights."
    )
    statement = _FORM
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, POSITIVE_DEGREE)
    reference = "lecture A, the definition, where the degree is not said to be positive"
    proof = (
        Step("by_cell", r"A factor $t>0$ of all weights changes the sign of no preactivation, so every slope stays."),
        Step(
            "expansion",
            r"On the piece $f=W_LA_{L-1}W_{L-1}\cdots A_1W_1x$, and each of the $L$ matrices gives one factor $t$.",
        ),
        Step("by_limit", r"At $t=0$ both sides are $0$, for $L>0$ and $f$ is continuous."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape."""
        yield self.decided(_FORM, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand."""
        yield from self.expanded(_FORM, target)
