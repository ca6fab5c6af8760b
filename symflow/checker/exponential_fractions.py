"""Quotients of exponential sums: sums of fractions whose denominators are not multiplied together needlessly.

The gradient of a logistic risk has entries Σ cₖ vₖ with cₖ = −yₖ / (1 + exp(mₖ)), one denominator a datum. Over one
denominator such an entry has up to 2^n terms for n data; so a number is kept as S + Σ Nᵢ/Dᵢ with exponential sums S,
Nᵢ, Dᵢ and distinct Dᵢ. There are many ways to write a number like that, and three ways to compare two of them:

*Equal*, proved: the difference has no fraction left; or none is left when it is expanded in the powers of common
factors of the denominators; or its numerator over a common denominator vanishes. That numerator is computed if it is
short; or, where it is a polynomial P of moderate degree in some exp(a), P is evaluated at a power of two that
exceeds twice its coefficients, where P(2^k) = 0 only for P = 0.

*Different*, proved: the *marks* differ. A mark is the image under a homomorphism of rings to the integers modulo
p = 2q + 1: rationals are reduced, and exp(a) goes to 4^(a mod q), where 4^q = 1 modulo p. It exists, since the
numbers exp(a) are linearly independent over the rationals. Equal numbers have equal marks.

*Too large*: neither is proved. Then nothing is said.

A *number* is a sum (``int``, ``Fraction``, ``ExponentialSum``) wherever no fraction is left, otherwise a
:class:`FractionSum`. That one may still be rational in disguise, so it has no hash.

Examples
--------
>>> e = exponential(Fraction(1))
>>> inverse(e + 1) + inverse(exponential(Fraction(-1)) + 1)
Fraction(1, 1)
>>> sign(inverse(e + 1) - Fraction(27, 100))
-1
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, final

from symflow.checker.exponential_sums import (
    MOST_BITS,
    MOST_TERMS,
    ExponentialSum,
    Sum,
    as_sum,
    enclosure,
    exponential,
    exponential_bounds,
    number,
    quotient,
    remainder,
    sum_sign,
)
from symflow.checker.reading import TooLarge

# The homomorphism of the marks: 4^ORDER = 1 modulo MODULUS = 2 ORDER + 1. Both are prime.
ORDER = (1 << 126) + 4399
MODULUS = 2 * ORDER + 1

_MOST_FRACTIONS = 20_000
_MOST_PRODUCTS = 250_000  # of two fractions, in one product
_MOST_DIVISIONS = 200_000  # of one term, in the search for common factors of denominators
_LONGEST_QUOTIENT = 16  # in the search for common factors
_LARGEST_INTEGER = 4_000_000  # in bits, the value P(2^k)


@final
class Denominator:
    """A sum that is no monomial: integers without a common factor, the least exponent 0, its coefficient positive.

    `factors` are sums of the same kind with this product, as far as they are known.
    """

    __slots__ = ("_hash", "factors", "product")

    def __init__(self, product: ExponentialSum, factors: tuple[ExponentialSum, ...]) -> None:
        self.product = product
        self.factors = factors
        self._hash = hash(product)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Denominator) and self.product == other.product


@final
class FractionSum:
    """The number whole + Σ numerator / denominator, over the items of `fractions`; there is at least one.

    Examples
    --------
    >>> inverse(exponential(Fraction(1)) + 1)
    FractionSum(0, {'1 + exp(1)': Fraction(1, 1)})
    """

    __slots__ = ("_is_zero", "_mark", "fractions", "whole")

    def __init__(self, whole: Sum, fractions: Mapping[Denominator, Sum]) -> None:
        self.whole = whole
        self.fractions = fractions
        self._is_zero: bool | None = None
        self._mark: int | None = -1  # not computed yet

    def __repr__(self) -> str:
        shown = {_text(denominator.product): numerator for denominator, numerator in self.fractions.items()}
        return f"FractionSum({self.whole}, {shown})"

    def __bool__(self) -> bool:
        """Whether the number is not zero; TooLarge where that is not decided."""
        if self._is_zero is None:
            self._is_zero = self._vanishes()
        return not self._is_zero

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (int, Fraction, ExponentialSum, FractionSum)):
            return NotImplemented
        return not self - other

    def __add__(self, other: Number) -> Number:
        if not isinstance(other, (int, Fraction, ExponentialSum, FractionSum)):
            return NotImplemented
        if not isinstance(other, FractionSum):
            return FractionSum(self.whole + other, self.fractions)
        return _collected(self.whole + other.whole, (*self.fractions.items(), *other.fractions.items()))

    def __neg__(self) -> Number:
        return FractionSum(-self.whole, {denominator: -n for denominator, n in self.fractions.items()})

    def __sub__(self, other: Number) -> Number:
        return self + (-other)

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, (int, Fraction)):
            if not other:
                return 0
            return FractionSum(self.whole * other, {d: n * other for d, n in self.fractions.items()})
        if isinstance(other, ExponentialSum):
            return _sum_of_fractions(self.whole * other, ((n * other, d) for d, n in self.fractions.items()))
        if not isinstance(other, FractionSum):
            return NotImplemented
        if len(self.fractions) * len(other.fractions) > _MOST_PRODUCTS:
            raise TooLarge("a product of sums with too many fractions")
        products = [_product(n, d, k, e) for d, n in self.fractions.items() for e, k in other.fractions.items()]
        products += [(self.whole * n, d) for d, n in other.fractions.items() if self.whole]
        products += [(n * other.whole, d) for d, n in self.fractions.items() if other.whole]
        return _sum_of_fractions(self.whole * other.whole, products)

    __radd__ = __add__
    __rmul__ = __mul__

    def _vanishes(self) -> bool:
        if mark(self):
            return False
        if _is_proved_zero(self):
            return True
        bounds = _enclosure(self, 512)
        if bounds is not None and (bounds[0] > 0 or bounds[1] < 0):
            return False
        raise TooLarge("an equality of sums with too many fractions")


Number: TypeAlias = int | Fraction | ExponentialSum | FractionSum


def inverse(a: Number) -> Number:
    """Return 1 / a, where a is not zero.

    Examples
    --------
    >>> inverse(inverse(exponential(Fraction(1)) + 1)) == exponential(Fraction(1)) + 1
    True
    """
    if not isinstance(a, FractionSum):
        return _sum_of_fractions(0, [_fraction(1, a)])
    above, below = over_one_denominator(a)
    return _sum_of_fractions(0, [_fraction(below, above)])


def over_one_denominator(a: Number) -> tuple[Sum, Sum]:
    """Return sums with the quotient `a`.

    Examples
    --------
    >>> over_one_denominator(inverse(exponential(Fraction(1)) + 1))
    (Fraction(1, 1), ExponentialSum(root=1, divisor=1, terms={1: 1, 0: 1}))
    """
    if not isinstance(a, FractionSum):
        return a, 1
    common: Counter[ExponentialSum] = Counter()
    for denominator in a.fractions:
        common |= Counter(denominator.factors)
    below = _multiplied(common.elements())
    above = a.whole * below
    for denominator, numerator in a.fractions.items():
        above = above + numerator * _multiplied((common - Counter(denominator.factors)).elements())
    return above, below


def sign(a: Number) -> int:
    """Return the sign of a number, proved.

    Examples
    --------
    >>> sign(exponential(Fraction(1, 1000)) - Fraction(1001, 1000))
    1
    """
    if not isinstance(a, FractionSum):
        return sum_sign(a)
    bits = 64
    while bits <= MOST_BITS:
        bounds = _enclosure(a, bits)
        if bounds is not None and (bounds[0] > 0 or bounds[1] < 0):
            return 1 if bounds[0] > 0 else -1
        if not a:
            return 0
        bits *= 2
    raise TooLarge("a sign that needs more digits than the checker allows itself")


def mark(a: Number) -> int | None:
    """Return the image of a number under the homomorphism; None where it has none.

    Numbers with different marks are different.

    Examples
    --------
    >>> mark(3), mark(exponential(Fraction(2))), pow(4, ORDER, MODULUS)
    (3, 16, 1)
    """
    if not isinstance(a, FractionSum):
        try:
            return _mark(a)
        except ValueError:  # a denominator that is no unit modulo p, or modulo q
            return None
    if a._mark == -1:
        try:
            total = _mark(a.whole)
            for denominator, numerator in a.fractions.items():
                total += _mark(numerator) * _inverse_mark(denominator)
            a._mark = total % MODULUS
        except ValueError:
            a._mark = None
    return a._mark


def _mark(a: Sum) -> int:
    if not isinstance(a, ExponentialSum):
        return a.numerator * (pow(a.denominator, -1, MODULUS) if a.denominator > 1 else 1) % MODULUS
    base = pow(4, pow(a.root, -1, ORDER), MODULUS)
    total = sum(m * pow(base, n % ORDER, MODULUS) for n, m in a.terms.items())
    return total * pow(a.divisor, -1, MODULUS) % MODULUS


@lru_cache(maxsize=1 << 14)
def _inverse_mark(denominator: Denominator) -> int:
    return pow(_mark(denominator.product), -1, MODULUS)


# ---------------------------------------------------------------------- arithmetic


def _fraction(numerator: Sum, denominator: Sum) -> tuple[Sum, Denominator | None]:
    """Return the quotient of two sums; None for a denominator that is 1."""
    if not isinstance(denominator, ExponentialSum):
        return numerator * Fraction(1, denominator), None
    least = min(denominator.terms)
    content = math.gcd(*denominator.terms.values()) * (1 if denominator.terms[least] > 0 else -1)
    numerator = numerator * Fraction(denominator.divisor, content) * exponential(Fraction(-least, denominator.root))
    terms = {n - least: m // content for n, m in denominator.terms.items()}
    if len(terms) == 1:
        return numerator, None
    product = as_sum(number(denominator.root, 1, terms))
    return numerator, Denominator(product, (product,))


def _sum_of_fractions(whole: Sum, fractions: Iterable[tuple[Sum, Denominator | None]]) -> Number:
    """Return a sum of fractions, what is whole taken out of each."""
    proper: list[tuple[Denominator, Sum]] = []
    for numerator, denominator in fractions:
        rest = numerator
        if denominator is None:
            whole = whole + numerator
        elif isinstance(numerator, ExponentialSum):
            above, rest = remainder(numerator, denominator.product)
            whole = whole + above
        if denominator is not None:
            proper.append((denominator, rest))
    return _collected(whole, proper)


def _collected(whole: Sum, fractions: Iterable[tuple[Denominator, Sum]]) -> Number:
    """Return a sum of fractions, those of equal denominators taken together."""
    total: dict[Denominator, Sum] = {}
    for denominator, numerator in fractions:
        if denominator in total:
            known = total[denominator] + numerator
            if len(denominator.factors) > 1:
                del total[denominator]  # keep the denominator whose factors are known
            total[denominator] = known
        else:
            total[denominator] = numerator
    left = {denominator: numerator for denominator, numerator in total.items() if numerator}
    if len(left) > _MOST_FRACTIONS:
        raise TooLarge("a sum of too many fractions")
    return FractionSum(whole, left) if left else whole


def _product(n: Sum, d: Denominator, k: Sum, e: Denominator) -> tuple[Sum, Denominator | None]:
    """Return n/d · k/e; a denominator that divides the other numerator is cancelled."""
    left: Denominator | None = d
    right: Denominator | None = e
    if isinstance(n, ExponentialSum) and (rest := quotient(n, e.product, _LONGEST_QUOTIENT)) is not None:
        n, right = rest, None
    if isinstance(k, ExponentialSum) and (rest := quotient(k, d.product, _LONGEST_QUOTIENT)) is not None:
        k, left = rest, None
    if left is None or right is None:
        return n * k, left or right
    return n * k, _denominator_product(left, right)


@lru_cache(maxsize=1 << 14)
def _denominator_product(d: Denominator, e: Denominator) -> Denominator:
    # By Gauss's lemma the product has again no common factor.
    return Denominator(as_sum(d.product * e.product), d.factors + e.factors)


def _multiplied(factors: Iterable[Sum]) -> Sum:
    total: Sum = 1
    for factor in factors:
        total = total * factor
    return total


# ---------------------------------------------------------------------- signs


def _enclosure(a: FractionSum, bits: int) -> tuple[int, int] | None:
    """Return integers with low ≤ 2^bits c · a ≤ high for some c > 0; None where the precision does not do."""
    parts = [(as_sum(numerator), denominator.product) for denominator, numerator in a.fractions.items()]
    if a.whole:
        parts.append((as_sum(a.whole), as_sum(1)))
    sizes = [Fraction(max(n.terms), n.root) - Fraction(max(d.terms), d.root) for n, d in parts]
    largest = max(sizes)
    low = high = 0
    for (numerator, denominator), size in zip(parts, sizes, strict=True):
        d_low, d_high = enclosure(denominator, bits)
        n_low, n_high = enclosure(numerator, bits)
        if d_high < 0:
            d_low, d_high, n_low, n_high = -d_high, -d_low, -n_high, -n_low
        if d_low <= 0:
            return None
        w_low, w_high = exponential_bounds(largest - size, bits)
        low += n_low * w_low // d_high if n_low >= 0 else n_low * w_high // d_low
        high -= -n_high * w_high // d_low if n_high >= 0 else -n_high * w_low // d_high
    return low, high


# ---------------------------------------------------------------------- equality


def _is_proved_zero(a: FractionSum) -> bool:
    """Return whether it is proved that a number vanishes."""
    factors = dict.fromkeys(factor for denominator in a.fractions for factor in denominator.factors)
    if len(factors) * sum(len(factor.terms) for factor in factors) > _MOST_DIVISIONS:
        return False
    whole, left = _expanded(a, _split(factors))
    if not left:
        return not whole
    return _vanishes_at_a_power_of_two(whole, left) or _vanishes_over_one_denominator(whole, left)


def _split(factors: Iterable[ExponentialSum]) -> dict[ExponentialSum, tuple[ExponentialSum, ...]]:
    """Return each factor as a product of sums, so that fewer different ones are left."""
    known: list[ExponentialSum] = []
    found: dict[ExponentialSum, tuple[ExponentialSum, ...]] = {}
    for factor in sorted(factors, key=_degree):
        parts: list[ExponentialSum] = []
        rest: Sum = factor
        for other in known:
            while isinstance(rest, ExponentialSum) and _degree(other) <= _degree(rest):
                by = quotient(rest, other, _LONGEST_QUOTIENT)
                if by is None:
                    break
                parts.append(other)
                rest = by
        if isinstance(rest, ExponentialSum):
            known.append(rest)
            parts.append(rest)
        found[factor] = tuple(parts)
    return found


def _expanded(
    a: FractionSum, split: Mapping[ExponentialSum, tuple[ExponentialSum, ...]]
) -> tuple[Sum, dict[tuple[ExponentialSum, ...], Sum]]:
    """Return a number as S + Σ N / Π A, where the factors A are divided out of N as far as a few steps do that."""
    atoms = sorted(dict.fromkeys(atom for parts in split.values() for atom in parts), key=_degree)
    place = {atom: i for i, atom in enumerate(atoms)}
    terms: dict[tuple[int, ...], Sum] = {}
    for denominator, numerator in a.fractions.items():
        key = tuple(sorted(place[atom] for factor in denominator.factors for atom in split[factor]))
        terms[key] = terms.get(key, 0) + numerator
    left: dict[tuple[ExponentialSum, ...], Sum] = {}
    whole = a.whole
    while terms:
        key = max(terms, key=len)
        rest = terms.pop(key)
        for atom in sorted(set(key), reverse=True):
            above, rest = remainder(rest, atoms[atom])
            shorter = list(key)
            shorter.remove(atom)
            if not above:
                continue
            if shorter:
                terms[tuple(shorter)] = terms.get(tuple(shorter), 0) + above
            else:
                whole = whole + above
        if rest:
            left[tuple(atoms[atom] for atom in key)] = rest
    return whole, left


def _vanishes_at_a_power_of_two(whole: Sum, fractions: Mapping[tuple[ExponentialSum, ...], Sum]) -> bool:
    """Return whether the numerator over the product of all denominators, a polynomial P in one exp(a), is proved zero.

    P(2^k) = 0 proves it if every coefficient of P is smaller than 2^(k-1).
    """
    parts = [(as_sum(numerator), factors) for factors, numerator in fractions.items()]
    parts += [(as_sum(whole), ())] if whole else []
    root = math.lcm(*(n.root for n, _ in parts), *(factor.root for _, factors in parts for factor in factors))
    divisor = math.lcm(*(n.divisor for n, _ in parts))
    lowest = min(Fraction(min(n.terms), n.root) for n, _ in parts)
    step = math.gcd(*(int((Fraction(k, n.root) - lowest) * root) for n, _ in parts for k in n.terms))
    step = math.gcd(step, *(k * (root // f.root) for _, factors in parts for f in factors for k in f.terms))
    degree, height = 0, 0
    for numerator, factors in parts:
        degree += (max(numerator.terms) * (root // numerator.root) - int(lowest * root)) // step
        degree += sum(max(factor.terms) * (root // factor.root) for factor in factors) // step
        # The coefficients of a product are at most the product of the sums of all coefficients.
        sizes = [sum(map(abs, s.terms.values())) for s in (numerator, *factors)]
        height += sum(size.bit_length() for size in sizes) + (divisor // numerator.divisor).bit_length()
    k = height + len(parts).bit_length() + 2
    if degree * k > _LARGEST_INTEGER:
        return False
    values: list[tuple[int, int]] = []
    for numerator, factors in parts:
        below = 1
        for factor in factors:
            below *= sum(m << (n * (root // factor.root) // step * k) for n, m in factor.terms.items())
        shift = int(lowest * root)
        above = sum(m << ((n * (root // numerator.root) - shift) // step * k) for n, m in numerator.terms.items())
        values.append((above * (divisor // numerator.divisor), below))
    while len(values) > 1:
        pairs = zip(values[::2], [*values[1::2], (0, 1)], strict=False)
        values = [(n * e + m * d, d * e) for (n, d), (m, e) in pairs]
    return values[0][0] == 0


def _vanishes_over_one_denominator(whole: Sum, fractions: Mapping[tuple[ExponentialSum, ...], Sum]) -> bool:
    common: Counter[ExponentialSum] = Counter()
    for factors in fractions:
        common |= Counter(factors)
    length = 1
    for factor in common.elements():
        length *= len(factor.terms)
        if length > MOST_TERMS:
            return False
    try:
        total = whole * _multiplied(common.elements())
        for factors, numerator in fractions.items():
            total = total + numerator * _multiplied((common - Counter(factors)).elements())
    except TooLarge:
        return False
    return not total


def _degree(a: ExponentialSum) -> Fraction:
    return Fraction(max(a.terms), a.root)


def _text(a: ExponentialSum) -> str:
    return " + ".join(
        f"{'' if m == 1 and n else m}{'*' if m != 1 and n else ''}{f'exp({Fraction(n, a.root)})' if n else ''}"
        for n, m in sorted(a.terms.items())
    )
