"""Names for the irrational numbers of a problem: c = e^(−1/2).

Every gradient of F is Σ_k c_k g_k with rational vectors g_k and the frozen coefficients c_k of Proposition 2. So its
entries lie in the rational span of 1 and a few numbers: the e^(−m_k) of an exponential risk, the 1/(1 + e^(m_k)) of a
logistic one, the weights p_k of a log-sum-exp. A basis of that span, chosen from these numbers, is given names; an
entry is then written with rational coefficients, and uniquely.

Whether a number lies in the span is decided exactly. All of them are rational functions of t = e^(1/D), and t is
transcendental, so a relation between them is one between rational functions. It is looked for modulo a large prime,
at a few values of t, and then verified: over a common denominator both sides are sums of powers of t, term by term the
same. A number for which nothing is found, such as the squared length of the shortest element, is written out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum, sum_plus, sum_scaled, sum_times
from symflow.exact.rationals import fmpq

# Common denominators with more terms than this are not formed.
_MOST_TERMS = 64

# Relations are looked for modulo this prime (Mersenne), and with this many equations more than unknowns.
_PRIME = 2**521 - 1
_SPARE_EQUATIONS = 3

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
    basis: tuple[ExponentialNumber, ...] = ()
    _known: dict[Scalar, Coordinates | None] = field(default_factory=dict)
    _powers: dict[tuple[int, int], int] = field(default_factory=dict)
    _at: dict[int, list[int | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = [candidate for candidate in self.candidates if isinstance(candidate, ExponentialNumber)]
        sums = (terms for number in numbers for fraction in number.fractions for terms in fraction)
        denominators = (int(a.q) for terms in sums for a, _ in terms)
        self._unit = math.lcm(*denominators)
        for candidate in numbers:
            if self.coordinates(candidate) is None:
                self.basis = (*self.basis, candidate)
                self._known.clear()

    def coordinates(self, number: Scalar) -> Coordinates | None:
        """Return the rational coefficients of 1 and of the basis, or None where none are found."""
        if not isinstance(number, ExponentialNumber):
            return (number, *(fmpq(0) for _ in self.basis))
        if number not in self._known:
            self._known[number] = self._find(number)
        return self._known[number]

    def learn(self, number: Scalar, coordinates: Coordinates) -> None:
        """Enter the coefficients of a number that are known from where it comes from."""
        if isinstance(number, ExponentialNumber):
            self._known[number] = coordinates

    def _find(self, number: ExponentialNumber) -> Coordinates | None:
        for i, member in enumerate(self.basis):  # most numbers are multiples of one
            ratio = _ratio(number, member)
            if ratio is not None:
                return (fmpq(0), *(ratio if j == i else fmpq(0) for j in range(len(self.basis))))
        guess = self._guess(number)
        if guess is None or not _is_equal(number, guess, self.basis):
            return None
        return guess

    # ------------------------------------------------------------------ modulo a prime

    def _guess(self, number: ExponentialNumber) -> Coordinates | None:
        """Return coefficients that hold modulo the prime at a few values of t, as small fractions."""
        n_unknowns = len(self.basis) + 1
        rows: list[list[int]] = []
        point = 0
        while len(rows) < n_unknowns + _SPARE_EQUATIONS:
            point += 1
            values = (*self._values(point), self._modulo(number, point))
            row = [1, *(value for value in values if value is not None)]
            if len(row) <= len(values):
                return None
            rows.append(row)
        solution = _solution_modulo(rows, n_unknowns)
        if solution is None:
            return None
        fractions = [_fraction(residue) for residue in solution]
        return None if None in fractions else tuple(f for f in fractions if f is not None)

    def _values(self, point: int) -> tuple[int | None, ...]:
        """Return the values of the basis at the given value of t, kept for the next number."""
        known = self._at.setdefault(point, [])
        known += [self._modulo(member, point) for member in self.basis[len(known) :]]
        return tuple(known)

    def _modulo(self, number: ExponentialNumber, point: int) -> int | None:
        """Return the value of a number at the given value of t; None where it has none."""
        total = 0
        for fraction in number.fractions:
            top, bottom = (self._sum_modulo(terms, point) for terms in fraction)
            if top is None or not bottom:
                return None
            total += top * pow(bottom, -1, _PRIME)
        return total % _PRIME

    def _sum_modulo(self, terms: ExponentialSum, point: int) -> int | None:
        total = 0
        for exponent, coefficient in terms:
            power = exponent * self._unit
            if power.q != 1:
                return None
            key = (point, int(power.p))
            if key not in self._powers:
                self._powers[key] = pow(3 * point + 2, key[1], _PRIME)
            total += int(coefficient.p) * pow(int(coefficient.q), -1, _PRIME) * self._powers[key]
        return total % _PRIME


def _ratio(number: ExponentialNumber, member: ExponentialNumber) -> fmpq | None:
    """Return number / member where their fractions show it to be rational.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> _ratio(2 + 2 * exponential(1), 3 + 3 * exponential(1)), _ratio(2 + exponential(1), exponential(1))
    (2/3, None)
    """
    if len(number.fractions) != len(member.fractions):
        return None
    ratio = number.fractions[0][0][0][1] / member.fractions[0][0][0][1]
    for (top, bottom), (below, same) in zip(number.fractions, member.fractions, strict=True):
        if bottom != same or top != sum_scaled(below, fmpq(0), ratio):
            return None
    return ratio


def _solution_modulo(rows: list[list[int]], n_unknowns: int) -> list[int] | None:
    """Solve a linear system, given with its right side, modulo the prime; None where it has no unique solution."""
    for column in range(n_unknowns):
        index = next((i for i in range(column, len(rows)) if rows[i][column]), None)
        if index is None:
            return None
        rows[column], rows[index] = rows[index], rows[column]
        inverse = pow(rows[column][column], -1, _PRIME)
        rows[column] = [entry * inverse % _PRIME for entry in rows[column]]
        for i, row in enumerate(rows):
            if i != column and row[column]:
                factor = row[column]
                rows[i] = [(x - factor * y) % _PRIME for x, y in zip(row, rows[column], strict=True)]
    if any(row[-1] for row in rows[n_unknowns:]):
        return None
    return [row[-1] for row in rows[:n_unknowns]]


def _fraction(residue: int) -> fmpq | None:
    """Return the fraction of small numerator and denominator with that residue (Wang's algorithm).

    Examples
    --------
    >>> _fraction(pow(3, -1, _PRIME) * -2 % _PRIME)
    -2/3
    """
    bound = math.isqrt(_PRIME // 2)
    r0, r1, s0, s1 = _PRIME, residue, 0, 1
    while r1 > bound:
        quotient = r0 // r1
        r0, r1, s0, s1 = r1, r0 - quotient * r1, s1, s0 - quotient * s1
    return fmpq(r1, s1) if 0 < abs(s1) <= bound else None


# ---------------------------------------------------------------------- the exact check


def _is_equal(number: ExponentialNumber, coordinates: Coordinates, basis: Sequence[ExponentialNumber]) -> bool:
    """Verify number = q_0 + Σ q_i b_i, fraction by fraction, else over a common denominator, term by term."""
    used = [(q, b) for q, b in zip(coordinates[1:], basis, strict=True) if q != 0]
    if _cancels([(fmpq(1), number), *((-q, b) for q, b in used)], coordinates[0]):
        return True
    below = {bottom for each in (number, *(b for _, b in used)) for _, bottom in each.fractions}
    if math.prod(map(len, below)) > _MOST_TERMS:
        return False
    denominators: list[ExponentialSum] = []
    for each in (number, *(b for _, b in used)):
        if each.denominator != ONE_SUM and each.denominator not in denominators:
            denominators.append(each.denominator)
    total: ExponentialSum = ()
    if coordinates[0] != 0:
        total = sum_scaled(_over_common_denominator(None, denominators), fmpq(0), coordinates[0])
    for q, b in used:
        total = sum_plus(total, sum_scaled(_over_common_denominator(b, denominators), fmpq(0), q))
    return total == sum_plus(_over_common_denominator(number, denominators), ())


def _cancels(combination: Sequence[tuple[fmpq, ExponentialNumber]], constant: fmpq) -> bool:
    """Whether Σ q_i b_i − constant vanishes, the fractions of each denominator by themselves."""
    rest: dict[ExponentialSum, ExponentialSum] = {ONE_SUM: ((fmpq(0), -constant),) if constant != 0 else ()}
    for q, b in combination:
        for numerator, denominator in b.fractions:
            rest[denominator] = sum_plus(rest.get(denominator, ()), sum_scaled(numerator, fmpq(0), q))
    return not any(rest.values())


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
    return result
