"""The subdifferential of convex analysis: all slopes of affine functions that touch R at w and stay below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NUMBERS, ONE_INPUT
from symflow.proofs.setting import GIVEN, net_tree, problem_setting
from symflow.proofs.vectors import hull_text

_FORM = "subdifferential(R) == hull(...)"
_EMPTY = "subdifferential(R) == empty"
_INSIDE = "vector(1/2) in subdifferential(R)"
_OUTSIDE = "vector(2) not in subdifferential(R)"


@LEMMAS.register("convex_subdifferential")
class ConvexSubdifferential(AbstractLemma):
    """∂_s R(w) = {s : R(w') ≥ R(w) + ⟨s, w' − w⟩ for all w'}; for |w| at 0 it is [−1, 1]."""

    name = "convex_subdifferential"
    ids = ("A3",)
    words = (
        r"$\partial_sR(w)$ is the set of all $s$ with $R(w')\ge R(w)+\langle s,w'-w\rangle$ for every $w'$; "
        r"for a piecewise-linear $R$ of one variable it is a closed interval, or empty."
    )
    forms = (_FORM, _EMPTY, _INSIDE, _OUTSIDE)
    bounds: ClassVar = {_INSIDE: {"at_home": True}, _OUTSIDE: {"at_home": True}}
    hypotheses = (NUMBERS, ONE_INPUT)
    reference = "Rockafellar 1970, Section 23; lecture A, the definition of the subdifferential"
    proof = (
        Step(
            "definition",
            r"$s$ belongs to it if and only if the quotient $\frac{R(w')-R(w)}{w'-w}$ is at least $s$ for all "
            "$w'>w$, and at "
            r"most $s$ for all $w'<w$.",
        ),
        Step(
            "by_cell",
            "On a linear piece the quotient is monotone in $w'$, so its extreme values are at the kinks and at "
            "infinity.",
        ),
        Step(
            "conclusion", r"The set is the interval from the largest quotient on the left to the smallest on the right."
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Find it for |w| at 0, with a member, and with a vector that one w' excludes."""
        place = problem_setting(net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0]))
        yield self.decided("subdifferential(R) == hull(vector(-1), vector(1))", place, target, scope="|w| at 0")
        yield self.decided(_INSIDE, place, target, scope="|w| at 0, 1/2 in it")
        yield self.decided(_OUTSIDE, place, target, scope="|w| at 0, 2 not in it")

    def on(self, target: Target) -> Iterator[Claim]:
        """Find it at the problem's point."""
        from symflow.checker.one_variable import of_input
        from symflow.checker.problems import read_problem
        from symflow.checker.reading import Refused, TooLarge

        if target.tree is None:
            yield from self.at_home(target)
            return
        problem = read_problem(target.tree)
        try:
            found = of_input(problem).subgradients(problem.point[0])
        except (Refused, TooLarge) as error:
            yield self.undecided(GIVEN, str(error))
            return
        statement = _EMPTY if found is None else f"subdifferential(R) == {hull_text([[str(s)] for s in found])}"
        yield self.decided(statement, GIVEN, target)
