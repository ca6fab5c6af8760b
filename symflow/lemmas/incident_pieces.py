"""The recipe for the Clarke differential of a net, corrected: all pieces that are incident to the point count."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problems_setting

_FORM = "clarke(F) == hull(grad(P), grad(Q), grad(S), grad(T))"


@LEMMAS.register("incident_pieces")
class IncidentPieces(AbstractLemma):
    """∂f(w) is the hull of the gradients of all pieces whose closed cells contain w, however they touch each other."""

    name = "incident_pieces"
    ids = ("A20",)
    words = (
        r"At a boundary $\partial f(w)$ is the hull of the gradients at $w$ of all pieces that are incident to "
        r"$w$: those with an open cell that is not empty and has $w$ in its closure, whether or not they share a facet."
    )
    forms = (_FORM,)
    reference = "Scholtes 2012, Proposition 4.3.1; lecture A, the recipe, with incident in place of adjacent"
    proof = (
        Step(
            "by_cell",
            r"$f=\sigma(w_1)+\sigma(w_2)$ has four pieces, one on each quadrant, with the gradients $(1,1)$, "
            "$(0,1)$, $(1,0)$ and $(0,0)$.",
        ),
        Step(
            "by_limit",
            r"All four quadrants have $0$ in their closure, and gradients are constant on them: these are the limits.",
        ),
        Step("by_convexity", r"Their hull is $[0,1]^2$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Show it for σ(w₁) + σ(w₂) at 0, whose four pieces meet in a corner."""
        yield self.decided(
            _FORM, _corner(P=(1, 1), Q=(-1, 1), S=(1, -1), T=(-1, -1)), target, scope="σ(w₁) + σ(w₂) at 0"
        )


def _corner(**points: tuple[int, int]) -> dict[str, object]:
    """Return σ(w₁) + σ(w₂) at 0 as F, and at a point of each piece under the piece's name."""
    weights = [[[1, 0], [0, 1]], [[1, 1]]]
    at = {"F": (0, 0), **points}
    return problems_setting(
        **{name: net_tree(weights, kind="output", variable="input", at=list(point)) for name, point in at.items()}
    )
