"""A function that is not convex may have no subgradient in the sense of convex analysis."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NUMBERS, ONE_INPUT
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "subdifferential(R) == empty"


@LEMMAS.register("subdifferential_of_a_nonconvex_function")
class SubdifferentialOfANonconvexFunction(AbstractLemma):
    """∂_s R(0) is empty for R(w) = −|w|."""

    name = "subdifferential_of_a_nonconvex_function"
    ids = ("A6",)
    words = r"If $R$ is not convex then $\partial_sR(w)$ can be empty: it is, for $R(w)=-\lvert w\rvert$ at $w=0$."
    forms = (_FORM,)
    hypotheses = (NUMBERS, ONE_INPUT)
    scripts = ("convex_subdifferential.v",)
    reference = "lecture A, why another differential is needed"
    proof = (
        Step("witness", r"A subgradient $s$ of $-\lvert w\rvert$ at $0$ has $-\lvert w'\rvert\ge s\,w'$ for all $w'$."),
        Step("inequality", r"$w'=1$ asks for $s\le-1$, and $w'=-1$ for $s\ge1$."),
        Step("conclusion", r"There is no such number; the Clarke differential there is $[-1,1]$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Show it for −|w| at 0."""
        place = problem_setting(net_tree([[[1]], [[-1]]], activation="abs", kind="output", variable="input", at=[0]))
        yield self.decided(_FORM, place, target, scope="−|w| at 0")
        yield self.general(
            "convex_subdifferential.v", "minus_the_absolute_value_has_no_subgradient", scope="−|w| at 0, in Coq"
        )

    def on(self, target: Target) -> Iterator[Claim]:
        """Show it for the problem, if it has no subgradient; else for −|w|."""
        own = self.decided(_FORM, GIVEN, target)
        yield own if own.word == "proved_instance" else next(self.at_home(target))
