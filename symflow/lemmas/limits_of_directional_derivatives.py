"""The elements of the Clarke differential as limits of directional derivatives: these need not be linear."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problem_setting

_FORM = "directional(R, vector(-1)) == -directional(R, vector(1))"


@LEMMAS.register("limits_of_directional_derivatives")
class LimitsOfDirectionalDerivatives(AbstractLemma):
    """R'(w; ·) = ⟨s, ·⟩ for an s in ∂R(w), so R'(w; −d) = −R'(w; d): false for |w| at 0."""

    name = "limits_of_directional_derivatives"
    ids = ("E13",)
    words = (
        r"The directional derivatives $d\mapsto R'(w;d)$ are elements of $\partial R(w)$, hence linear in $d$: "
        r"$R'(w;-d)=-R'(w;d)$."
    )
    statement = _FORM
    reference = "lecture A, the definition of the Clarke differential, as glossed there"
    see = "clarke_differential"
    proof = (
        Step(
            "witness",
            r"$R(w)=\lvert w\rvert$ at $0$: $R'(0;1)=R'(0;-1)=1$, so that $R'(0;d)=\lvert d\rvert$ is not linear.",
        ),
        Step(
            "conclusion",
            r"What converges are gradients, at points where they exist: $1$ and $-1$, with the hull $[-1,1]$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at |w|."""
        place = problem_setting(net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0]))
        yield self.refuted(_FORM, place, target, scope="|w| at 0")
