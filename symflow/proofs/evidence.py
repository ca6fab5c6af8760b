"""Finds what shows that a vector lies in a polytope, or does not: weights, or a functional that separates.

The checker asks for evidence while it evaluates a statement; the finder answers with what ``exact/`` finds, and keeps
it for the certificate. The checker looks at each answer as if it came from a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, Real
from symflow.checker.exponential_fractions import FractionSum
from symflow.checker.exponential_sums import ExponentialSum, as_sum
from symflow.checker.hulls import Points
from symflow.checker.reading import Refused
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_truth import Evidence
from symflow.exact.exponential_numbers import Scalar, exponential, to_text
from symflow.exact.membership import Member, membership
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget


@dataclass
class Finder(Evidence):
    """Evidence that is looked for when it is asked for; `entries` are what was found, in order."""

    found: list[dict[str, Any]] = field(default_factory=list)
    budget: Budget = NO_BUDGET

    def of_member(self, vector: Sequence[Real], polytope: Polytope) -> dict[str, object]:
        """Return weights, or a separating functional."""
        return self._keep(self._membership(vector, polytope))

    def of_sets(self, relation: str, left: Polytope, right: Polytope) -> dict[str, object]:
        """Return weights for all generators, or one generator with a functional."""
        entry: dict[str, Any] = {}
        sides = [("left", left, right)] + ([] if relation == "within" else [("right", right, left)])
        for side, inner, outer in sides:
            known = Points(outer.generators)  # type: ignore[arg-type]
            weights: list[Any] = []
            for index, generator in enumerate(inner.generators):
                if known.place(generator) is not None:  # type: ignore[arg-type]
                    weights.append(None)
                    continue
                found = self._membership(generator, outer)
                if "separator" in found:
                    return self._keep({"side": side, "generator": index, **found})
                weights.append(found["weights"])
            entry[side] = weights
        return self._keep(entry)

    def _keep(self, entry: dict[str, Any]) -> dict[str, object]:
        self.found.append(entry)
        return entry

    def _membership(self, vector: Sequence[Real], polytope: Polytope) -> dict[str, Any]:
        points = [[exact(entry) for entry in generator] for generator in polytope.generators]
        answer = membership([exact(entry) for entry in vector], points, budget=self.budget)
        if isinstance(answer, Member):
            return {"weights": [to_text(answer.weights.get(i, fmpq(0))) for i in range(len(points))]}
        # The checker's functional is larger at the vector.
        return {"separator": [to_text(-entry) for entry in answer.functional]}


def exact(value: Real) -> Scalar:
    """Return a number of the checker as one of the house.

    Examples
    --------
    >>> from symflow.checker.expressions import scalar
    >>> to_text(exact(scalar("7*exp(-1)/2")))
    '7*exp(-1)/2'
    """
    if isinstance(value, Enclosed):
        raise Refused("a number that is only enclosed")
    if isinstance(value, (int, Fraction)):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, ExponentialSum):
        total: Scalar = fmpq(0)
        for n, m in value.terms.items():
            total = total + exponential(fmpq(n, value.root)) * fmpq(m, value.divisor)
        return total
    assert isinstance(value, FractionSum)
    total = exact(value.whole)
    for denominator, numerator in value.fractions.items():
        total = total + exact(numerator) / exact(as_sum(denominator.product))
    return total
