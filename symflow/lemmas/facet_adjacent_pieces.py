"""The recipe as printed: the piece and its adjacent pieces. False where pieces meet without sharing a facet."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problems_setting

_FORM = "clarke(F) == hull(grad(P), grad(Q), grad(S))"


@LEMMAS.register("facet_adjacent_pieces")
class FacetAdjacentPieces(AbstractLemma):
    """∂f(w) as the hull of the gradients of one piece P and of the pieces that share a facet with it: false."""

    name = "facet_adjacent_pieces"
    ids = ("E3", "W4")
    words = (
        r"At a boundary $\partial f(w)$ is the hull of the gradients of a piece that contains $w$ and of the "
        "pieces adjacent to it "
        r"across a facet."
    )
    statement = _FORM
    reference = "lecture A, the recipe for networks, as printed"
    see = "incident_pieces"
    proof = (
        Step(
            "witness",
            r"$f=\sigma(w_1)+\sigma(w_2)$ at $0$, from the piece $w_1,w_2>0$: its gradient is $(1,1)$, those "
            "across its two facets are $(0,1)$ and $(1,0)$.",
        ),
        Step(
            "by_limit",
            r"The opposite quadrant touches it only in $0$, and has the gradient $(0,0)$, which lies in $\partial "
            "f(0)=[0,1]^2$.",
        ),
        Step(
            "conclusion",
            r"$(0,0)$ lies outside of the triangle of the other three: adjacency across facets does not see it.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at σ(w₁) + σ(w₂), the piece P and its neighbours Q and S given by a point of each."""
        weights = [[[1, 0], [0, 1]], [[1, 1]]]
        points = {"F": [0, 0], "P": [1, 1], "Q": [-1, 1], "S": [1, -1]}
        place = problems_setting(
            **{name: net_tree(weights, kind="output", variable="input", at=at) for name, at in points.items()}
        )
        yield self.refuted(_FORM, place, target, scope="σ(w₁) + σ(w₂) at 0")
