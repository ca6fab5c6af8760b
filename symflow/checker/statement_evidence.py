"""What a certificate gives for the questions that a statement asks at a point, in the order in which it asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, Real, sign_of
from symflow.checker.exponential_fractions import sign
from symflow.checker.reading import Refused, exactly
from symflow.checker.statement_comparisons import Comparison
from symflow.checker.statement_tensors import Polytope


@dataclass
class Evidence:
    """Memberships, and what decides claims on all elements of sets, in the order in which the statement asks for them.

    Whoever searches for them may put a finder in its place (a subclass): what it returns is checked all the same.
    `elements` are those at which a claim on all elements of sets was seen to be false.

    Examples
    --------
    >>> evidence = Evidence([{"weights": ["1"]}])
    >>> evidence.of_member((0,), Polytope(((0,),)))
    {'weights': ['1']}
    >>> evidence.of_member((0,), Polytope(((0,),)))
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: memberships: no evidence is given for a membership
    """

    entries: Sequence[object] = ()
    n_used: int = 0
    has_enclosures: bool = field(default=False)
    elements: Mapping[str, tuple[Real, ...]] = field(default_factory=dict)

    def of_member(self, vector: Sequence[Real], polytope: Polytope) -> dict[str, object]:
        """Return what shows that a vector is in a polytope, or is not."""
        return self._next()

    def of_sets(self, relation: str, left: Polytope, right: Polytope) -> dict[str, object]:
        """Return what shows that a polytope lies within, or equals, another one, or does not."""
        return self._next()

    def of_elements(self, comparison: Comparison) -> dict[str, object]:
        """Return what shows that a comparison holds for all elements of sets, or does not."""
        return self._next()

    def sign(self, number: Any) -> int:
        """Return the sign of a number; note whether it was only enclosed."""
        if isinstance(number, Enclosed):
            self.has_enclosures = True
            return sign_of(number)
        return sign(number)

    def differs(self, number: Any) -> bool:
        """Return whether a number is not zero; one that is only enclosed is never seen to be zero."""
        return bool(self.sign(number) if isinstance(number, Enclosed) else number)

    def _next(self) -> dict[str, object]:
        if self.n_used >= len(self.entries):
            raise Refused("no evidence is given for a membership", "memberships")
        self.n_used += 1
        return exactly(self.entries[self.n_used - 1], dict, f"memberships[{self.n_used - 1}]")
