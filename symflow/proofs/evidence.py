"""Finds what shows how vectors lie to polytopes: weights, functionals that separate, and where functions are smallest.

The checker asks for evidence while it evaluates a statement; the finder answers with what ``exact/`` finds, and keeps
it for the certificate. The checker looks at each answer as if it came from a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from symflow.checker.enclosed_numbers import Real
from symflow.checker.hulls import Points
from symflow.checker.statement_comparisons import Comparison
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_tensors import Polytope
from symflow.exact.exponential_numbers import to_text
from symflow.exact.membership import Member, membership
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.proofs.elements import find_elements
from symflow.proofs.numbers import exact


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

    def of_elements(self, comparison: Comparison) -> dict[str, object]:
        """Return tangents that show a comparison for all elements, or the weights of one at which it is false."""
        return self._keep(find_elements(comparison, budget=self.budget))

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
