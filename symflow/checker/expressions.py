"""The numbers of a file: ``"3/4"``, ``"-1/(exp(1/2) + 1)"``, and values such as ``"log(1 + exp(-2))/2"``.

A rational is written ``p`` or ``p/q``. What is not rational is written in sympy's syntax with ``+ - * /
**``, parentheses, integers and ``exp`` of a rational; the value of a logistic risk also with ``log``.
The reader is a recursive descent, one method a rule of the grammar:

.. code-block:: text

    sum     = product (("+" | "-") product)*
    product = factor (("*" | "/") factor)*
    factor  = ("+" | "-") factor | power
    power   = atom ("**" factor)?
    atom    = INTEGER | "E" | "(" sum ")" | "exp" "(" sum ")" | "log" "(" sum ")"

A scalar is a number as in ``exponential_fractions``. A value is a scalar plus Σ cᵢ log(qᵢ) with rational
cᵢ. Two values are equal if and only if their difference r + Σ cᵢ log(qᵢ) vanishes, that is, if exp(N r) Π
qᵢ^(N cᵢ) = 1 where N clears the denominators: again an equality of scalars. (Here r has to be rational,
as it is for every objective.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from symflow.checker.exponential_fractions import (
    MODULUS,
    FractionSum,
    Number,
    inverse,
    mark,
    over_one_denominator,
    sign,
)
from symflow.checker.exponential_sums import ExponentialSum, Sum, as_sum, exponential, number, sum_sign
from symflow.checker.reading import Refused, TooLarge, exactly, shown

# Numbers of more digits than these, deeper brackets and higher powers are refused: they would only cost time.
_LONGEST_INTEGER = 100_000
_LONGEST_TEXT = 2_000_000
_DEEPEST = 50
_LONGEST_REMEMBERED = 2_000
_HIGHEST_POWER = 256
_MOST_BITS = 1_000_000

_RATIONAL = re.compile(r"(-?)([0-9]+)(?:/([0-9]+))?", re.ASCII)
# Most numbers of a file are of one digit.
_SMALL = {str(digit): Fraction(digit) for digit in range(-9, 10)}

_TOKEN = re.compile(r"\s*([0-9]+|\*\*|[-+*/()]|[A-Za-z]+)", re.ASCII)


class Value(NamedTuple):
    """scalar + Σ coefficient · log(argument), the arguments positive."""

    scalar: Number
    logarithms: tuple[tuple[Fraction, Number], ...] = ()

    def equals(self, other: Value) -> bool:
        """Return whether two values are the same number.

        Examples
        --------
        >>> value("log(2*exp(-1))").equals(value("log(2) - 1"))
        True
        """
        rest = self.scalar - other.scalar
        logarithms = (*self.logarithms, *((-c, q) for c, q in other.logarithms))
        if not logarithms:
            return not rest
        r = rational_value(rest)
        shift, powers = _collected(logarithms)
        common = math.lcm(*(c.denominator for c in powers.values()))
        exponents = {argument: int(c * common) for argument, c in powers.items()}
        exponents[exponential(common * (r + shift))] = 1
        if _differs_from_one(exponents):
            return False
        sides: list[Number] = [1, 1]
        for argument, n in exponents.items():
            sides[n < 0] = sides[n < 0] * power(argument, abs(n))
        return sides[0] == sides[1]


_ZERO = Value(Fraction(0))


def rational(spelled: object, place: str = "") -> Fraction:
    """Return the rational that a JSON string spells.

    Examples
    --------
    >>> rational("-3/4")
    Fraction(-3, 4)
    >>> rational("0.5")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: expected "p" or "p/q", found "0.5"
    """
    known = _SMALL.get(spelled) if type(spelled) is str else None
    if known is not None:
        return known
    match = _RATIONAL.fullmatch(exactly(spelled, str, place))
    if match is None:
        raise Refused(f'expected "p" or "p/q", found {shown(spelled)}', place)
    minus, numerator, denominator = match.groups()
    below = _integer(denominator) if denominator else 1
    if not below:
        raise Refused("the denominator is zero", place)
    return Fraction(-_integer(numerator) if minus else _integer(numerator), below)


def scalar(spelled: object, place: str = "") -> Number:
    """Return the rational or exponential number that a JSON string spells.

    Examples
    --------
    >>> scalar("7*exp(-1)/2")
    ExponentialSum(root=1, divisor=2, terms={-1: 7})
    """
    found = value(spelled, place)
    if found.logarithms:
        raise Refused("a logarithm where none can be", place)
    return found.scalar


def value(spelled: object, place: str = "") -> Value:
    """Return the number, possibly with logarithms, that a JSON string spells.

    Examples
    --------
    >>> value("log(4)/2").equals(value("log(2)"))
    True
    """
    try:
        return _value(exactly(spelled, str))
    except Refused as refusal:
        raise type(refusal)(refusal.reason, place) from refusal


def scalars(spelled: object, length: int, place: str = "") -> list[Number]:
    """Return a vector of scalars.

    Examples
    --------
    >>> scalars(["1", "exp(0)"], 2)
    [Fraction(1, 1), Fraction(1, 1)]
    """
    found = exactly(spelled, list, place)
    if len(found) != length:
        raise Refused(f"expected {length} numbers, found {len(found)}", place)
    return [scalar(entry, place) for entry in found]


def power(base: Number, exponent: int) -> Number:
    """Return base^exponent.

    Examples
    --------
    >>> power(Fraction(2, 3), -2)
    Fraction(9, 4)
    """
    if exponent < 0:
        if not base:
            raise Refused("a division by zero")
        return power(inverse(base), -exponent)
    if exponent > _HIGHEST_POWER or (exponent > 1 and exponent * _bits(base) > _MOST_BITS):
        raise TooLarge("a power too high for the checker")
    result: Number = Fraction(1)
    for _ in range(exponent):
        result = result * base
    return result


def rational_value(a: Number) -> Fraction:
    """Return the rational that a scalar is.

    Examples
    --------
    >>> rational_value(scalar("exp(1)/(2*exp(1))"))
    Fraction(1, 2)
    """
    if isinstance(a, FractionSum):
        above, below = map(as_sum, over_one_denominator(a))
        if not above.terms:
            return Fraction(0)
        # If the quotient is a rational number, it is that of the leading coefficients.
        a_top, b_top = above.terms[max(above.terms)], below.terms[max(below.terms)]
        ratio = Fraction(a_top * below.divisor, b_top * above.divisor)
        if a == ratio:
            return ratio
    elif not isinstance(a, ExponentialSum):
        return Fraction(a)
    raise Refused("an exponential or a logarithm where a rational is needed")


def _value(spelled: str) -> Value:
    if _RATIONAL.fullmatch(spelled):
        return Value(rational(spelled))
    if len(spelled) > _LONGEST_TEXT:
        raise TooLarge(f"a number of {len(spelled)} characters")
    return _remembered(spelled) if len(spelled) <= _LONGEST_REMEMBERED else _Reader(spelled).read()


@lru_cache(maxsize=4096)
def _remembered(spelled: str) -> Value:
    return _Reader(spelled).read()


class _Reader:
    """The grammar of the module's docstring, one method a rule."""

    def __init__(self, spelled: str) -> None:
        self.tokens: list[str] = []
        self.depth = 0
        position = 0
        end = len(spelled.rstrip())
        while position < end:
            match = _TOKEN.match(spelled, position)
            if match is None:
                raise Refused(f"{shown(spelled)} is not a number")
            self.tokens.append(match.group(1))
            position = match.end()
        self.tokens.append("")  # the end
        self.tokens.reverse()
        self.spelled = spelled

    def read(self) -> Value:
        found = self.sum()
        self.expect("")
        return found

    def sum(self) -> Value:
        terms = [self.product()]
        while self.tokens[-1] in ("+", "-"):
            minus = self.tokens.pop() == "-"
            term = self.product()
            terms.append(_scale(-1, term) if minus else term)
        while len(terms) > 1:  # pairwise, so that a long sum is not copied once for each of its terms
            pairs = zip(terms[::2], [*terms[1::2], _ZERO], strict=False)
            terms = [_add(a, b) for a, b in pairs]
        return terms[0]

    def product(self) -> Value:
        total = self.factor()
        while self.tokens[-1] in ("*", "/"):
            divide = self.tokens.pop() == "/"
            other = self.factor()
            if divide:
                total = _scale(power(_without_logarithm(other), -1), total)
            elif other.logarithms:
                total = _scale(_without_logarithm(total), other)
            else:
                total = _scale(other.scalar, total)
        return total

    def factor(self) -> Value:
        minus = False
        while self.tokens[-1] in ("+", "-"):
            minus ^= self.tokens.pop() == "-"
        found = self.power()
        return _scale(-1, found) if minus else found

    def power(self) -> Value:
        base = self.atom()
        if self.tokens[-1] != "**":
            return base
        self.tokens.pop()
        self.descend()
        exponent = rational_value(_without_logarithm(self.factor()))
        self.depth -= 1
        if exponent.denominator != 1:
            raise Refused("an exponent of ** that is no integer")
        return Value(power(_without_logarithm(base), int(exponent)))

    def atom(self) -> Value:
        token = self.tokens.pop()
        if token.isdigit():
            return Value(Fraction(_integer(token)))
        if token == "E":
            return Value(exponential(Fraction(1)))
        if token in ("exp", "log"):
            self.expect("(")
        elif token != "(":
            raise Refused(f"{shown(self.spelled)} is not a number")
        self.descend()
        inside = self.sum()
        self.depth -= 1
        self.expect(")")
        if token == "(":
            return inside
        argument = _without_logarithm(inside)
        if token == "exp":
            return Value(exponential(rational_value(argument)))
        if sign(argument) <= 0:
            raise Refused("a logarithm of a number that is not positive")
        return Value(Fraction(0), ((Fraction(1), argument),))

    def expect(self, token: str) -> None:
        if self.tokens.pop() != token:
            raise Refused(f"{shown(self.spelled)} is not a number")

    def descend(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TooLarge("brackets too deep for the checker")


def _without_logarithm(found: Value) -> Number:
    if found.logarithms:
        raise Refused("a product, a power or an exponential of a logarithm")
    return found.scalar


def _add(a: Value, b: Value) -> Value:
    return Value(a.scalar + b.scalar, a.logarithms + b.logarithms)


def _scale(factor: Number, a: Value) -> Value:
    scaled = factor * a.scalar
    if not a.logarithms:
        return Value(scaled)
    ratio = rational_value(factor)
    return Value(scaled, tuple((ratio * c, q) for c, q in a.logarithms))


def _collected(logarithms: Iterable[tuple[Fraction, Number]]) -> tuple[Fraction, dict[Sum, Fraction]]:
    """Return Σ c log(q) as a + Σ c log(P) with distinct P: positive rationals, or sums with no factor u exp(b)."""
    shift = Fraction(0)
    powers: dict[Sum, Fraction] = {}
    for coefficient, argument in logarithms:
        for c, side in zip((coefficient, -coefficient), over_one_denominator(argument), strict=True):
            terms = as_sum(side)
            least = min(terms.terms)
            content = math.gcd(*terms.terms.values()) * (1 if sum_sign(side) > 0 else -1)
            shift += c * Fraction(least, terms.root)
            rest = number(terms.root, 1, {n - least: m // content for n, m in terms.terms.items()})
            for factor in (Fraction(abs(content), terms.divisor), rest):
                powers[factor] = powers.get(factor, Fraction(0)) + c
    return shift, {argument: c for argument, c in powers.items() if c and argument != 1}


def _differs_from_one(exponents: Mapping[Sum, int]) -> bool:
    """Return whether marks prove that Π a^n is not 1; where they do not, nothing is said."""
    product = 1
    for argument, n in exponents.items():
        known = mark(argument)
        if known is None or math.gcd(known, MODULUS) != 1:
            return False
        product = product * pow(known, n, MODULUS) % MODULUS
    return product != 1


def _bits(a: Number) -> int:
    parts = (
        [a] if not isinstance(a, FractionSum) else [a.whole, *a.fractions.values(), *(d.product for d in a.fractions)]
    )
    return sum(map(_bits_of_sum, parts))


def _bits_of_sum(a: Sum) -> int:
    terms = as_sum(a)
    return len(terms.terms) * (sum(m.bit_length() for m in terms.terms.values()) + terms.divisor.bit_length())


def _integer(digits: str) -> int:
    # In pieces, since Python refuses to convert more than 4300 digits at once.
    if len(digits) > _LONGEST_INTEGER:
        raise TooLarge(f"a number of {len(digits)} digits")
    total = 0
    for i in range(0, len(digits), 4000):
        piece = digits[i : i + 4000]
        total = total * 10 ** len(piece) + int(piece)
    return total
