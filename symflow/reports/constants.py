"""Names for the irrational numbers of a problem: c = e^(−1/2).

Every gradient of F is Σ_k c_k g_k with rational vectors g_k and the frozen coefficients c_k of Proposition 2. So its
entries lie in the rational span of 1 and a few numbers: the e^(−m_k) of an exponential risk, the 1/(1 + e^(m_k)) of a
logistic one, the weights p_k of a log-sum-exp. A basis of that span, chosen from these numbers, is given names; an
entry is then written with rational coefficients, and uniquely.

Whether a number lies in the span is decided exactly: over a common denominator it is a linear system over ℚ in the
terms of exponential sums (they are independent, by Lindemann and Weierstrass). What does not lie in it, such as the
squared length of the shortest element, is written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum, sum_scaled, sum_times
from symflow.exact.rationals import fmpq

# Common denominators with more terms than this are not formed.
_MOST_TERMS = 512

#: Rational coefficients of a number: of 1, and of each number of the basis.
Coordinates = tuple[fmpq, ...]


@final
@dataclass(eq=False)
class RationalSpan:
    """The numbers q_0 + Σ q_i b_i with rational q_i, for independent b_i.

    Parameters
    ----------
    candidates : iterable of Scalar
        Numbers from which the basis is chosen, in order; rational and dependent ones are passed over.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> c = exponential(fmpq(-1, 2))
    >>> span = RationalSpan([fmpq(3), c, 1 - c])
    >>> span.basis, span.coordinates(2 - c / 3), span.coordinates(c * c)
    ((exp(-1/2),), (2, -1/3), None)
    """

    candidates: Iterable[Scalar]
    basis: tuple[Scalar, ...] = ()
    _known: dict[Scalar, Coordinates | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for candidate in self.candidates:
            if not isinstance(candidate, ExponentialNumber) or self.coordinates(candidate) is not None:
                continue
            # Where the system above would be too large, pairs still show the dependence that is usual: 1/(1 + e^m)
            # and 1/(1 + e^(−m)) have sum 1.
            if any(_solve(candidate, (other,)) is not None for other in self.basis):
                continue
            self.basis = (*self.basis, candidate)
            self._known.clear()

    def coordinates(self, number: Scalar) -> Coordinates | None:
        """Return the rational coefficients of 1 and of the basis, or None where the number is not in the span."""
        if not isinstance(number, ExponentialNumber):
            return (number, *(fmpq(0) for _ in self.basis))
        if number not in self._known:
            self._known[number] = _solve(number, self.basis)
        return self._known[number]

    def learn(self, number: Scalar, coordinates: Coordinates) -> None:
        """Enter the coefficients of a number that are known from where it comes from."""
        if isinstance(number, ExponentialNumber):
            self._known[number] = coordinates


def _solve(number: ExponentialNumber, basis: Sequence[Scalar]) -> Coordinates | None:
    """Return q with number = q_0 + Σ q_i basis_i, or None."""
    members = [b for b in basis if isinstance(b, ExponentialNumber)]
    denominators: list[ExponentialSum] = []
    for each in (number, *members):
        if each.denominator != ONE_SUM and each.denominator not in denominators:
            denominators.append(each.denominator)
    n_terms = 1
    for denominator in denominators:
        n_terms *= len(denominator)
    if n_terms > _MOST_TERMS:
        return None
    columns = [_over_common_denominator(each, denominators) for each in (None, *members)]
    target = dict(_over_common_denominator(number, denominators))
    exponents = sorted({exponent for column in columns for exponent, _ in column} | set(target))
    rows = [[dict(column).get(e, fmpq(0)) for column in columns] + [target.get(e, fmpq(0))] for e in exponents]
    return _unique_solution(rows, len(columns))


def _over_common_denominator(
    number: ExponentialNumber | None, denominators: Sequence[ExponentialSum]
) -> ExponentialSum:
    """Return the numerator of a number (None: of 1) over the product of all denominators."""
    result = ONE_SUM if number is None else number.numerator
    own = ONE_SUM if number is None else number.denominator
    for denominator in denominators:
        if denominator == own:
            own = ONE_SUM
        else:
            result = sum_times(result, denominator)
    return sum_scaled(result, fmpq(0), fmpq(1))


def _unique_solution(rows: list[list[fmpq]], n_columns: int) -> Coordinates | None:
    """Solve a linear system with independent columns, given with its right side, by elimination."""
    remaining = [list(row) for row in rows]
    pivots: list[list[fmpq]] = []
    for column in range(n_columns):
        index = next((i for i, row in enumerate(remaining) if row[column] != 0), None)
        if index is None:
            return None
        pivot = remaining.pop(index)
        pivot = [entry / pivot[column] for entry in pivot]
        for others in (remaining, pivots):
            for i, row in enumerate(others):
                if row[column] != 0:
                    factor = row[column]
                    others[i] = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        pivots.append(pivot)
    if any(row[-1] != 0 for row in remaining):
        return None
    return tuple(pivot[-1] for pivot in pivots)
