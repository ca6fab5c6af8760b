"""The formulas of ``symflow derive``: ``"-W1[1,1]*x[1]/2"``, ``"p/(exp(-q) + 1)"``, ``"log(1 + exp(q))/2"``.

The grammar is that of the numbers (``expressions``) with the names of the symbols as further atoms. A
:class:`Formula` is

    plain + Σ numerator / denominator + Σ c · log(argument),

each of these a polynomial in the symbols and in exponentials of polynomials. Denominators and arguments have to
be visibly positive, so that a formula has a value everywhere, and two formulas which agree as functions agree
wherever they are used. They are compared by their difference: logarithms of equal arguments are collected, then
quotients over equal denominators, and what is left is brought over one denominator. Where that is too long, or
logarithms are left, the marks (``exponential_fractions``) of the values at one point may show that two functions
differ; otherwise it is too large to tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar, final

from symflow.checker.exponential_fractions import MODULUS, mark
from symflow.checker.exponential_polynomials import ExponentialPolynomial
from symflow.checker.exponential_sums import Sum, exponential
from symflow.checker.expressions import rational
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge, exactly, shown

_LONGEST_TEXT = 400_000
_DEEPEST = 50
_HIGHEST_POWER = 256
_HIGHEST_DEGREE = 4_096
_MOST_BITS = 100_000
_MOST_COMMON_TERMS = 5_000

_TOKEN = re.compile(r"\s*([0-9]+|\*\*|[-+*/()]|[A-Za-z]+[0-9]*(?:\[[0-9]+(?:,[0-9]+)?\])?)", re.ASCII)

_ZERO = ExponentialPolynomial({})

_Entry = TypeVar("_Entry", ExponentialPolynomial, Fraction)


class Formula(NamedTuple):
    """plain + Σ numerator / denominator + Σ c log(argument); `fractions` by denominator, `logarithms` by argument."""

    plain: ExponentialPolynomial
    fractions: dict[ExponentialPolynomial, ExponentialPolynomial] = {}  # noqa: RUF012 (never changed)
    logarithms: dict[ExponentialPolynomial, Fraction] = {}  # noqa: RUF012

    def plus(self, other: Formula) -> Formula:
        """Return the sum.

        Examples
        --------
        >>> f = Reader(["x[1]"]).formula("log(2)")
        >>> f.plus(f.scaled(Fraction(-1))).is_zero()
        True
        """
        return Formula(
            self.plain + other.plain,
            _merged(self.fractions, other.fractions, _ZERO),
            _merged(self.logarithms, other.logarithms, Fraction(0)),
        )

    def scaled(self, factor: Fraction) -> Formula:
        """Return a rational multiple.

        Examples
        --------
        >>> Reader([]).formula("2").scaled(Fraction(1, 2)).plain.as_rational()
        Fraction(1, 1)
        """
        return Formula(
            self.plain * factor,
            {below: above * factor for below, above in self.fractions.items()},
            {argument: c * factor for argument, c in self.logarithms.items()},
        )

    def is_zero(self) -> bool:
        """Whether it is the zero function; beside logarithms that do not cancel only a polynomial can stand.

        Examples
        --------
        >>> Reader(["x[1]"]).formula("1/(exp(x[1]) + 1) + 1/(exp(-x[1]) + 1) - 1").is_zero()
        True
        """
        if self.logarithms:
            # The value of an objective has logarithms and a polynomial, its derivatives have no logarithm.
            if self.fractions or any(exponent for exponent, _ in self.plain.terms) or self._differs_in_logarithms():
                return False
            raise TooLarge("logarithms of different arguments")
        if not self.fractions:
            return not self.plain
        n_terms = 1
        for below, above in self.fractions.items():
            n_terms *= len(below.terms) + len(above.terms)
        if n_terms > _MOST_COMMON_TERMS:
            if self._differs_in_fractions():
                return False
            raise TooLarge("a sum of quotients with too many terms")
        above, common = self.plain, ExponentialPolynomial.rational(Fraction(1))
        for denominator, numerator in self.fractions.items():
            above = above * denominator + numerator * common
            common = common * denominator
        return not above

    def _differs_in_fractions(self) -> bool:
        """Whether the mark of the value at a point shows that it is not zero."""
        marks = [(_mark(above), _mark(below)) for below, above in self.fractions.items()]
        total = _mark(self.plain)
        for above, below in marks:
            if math.gcd(below, MODULUS) > 1:
                return False
            total += above * pow(below, -1, MODULUS)
        return total % MODULUS != 0

    def _differs_in_logarithms(self) -> bool:
        """Whether the mark of exp(N value) at a point shows that the value is not zero, N clearing denominators."""
        common = math.lcm(*(c.denominator for c in self.logarithms.values()))
        product = _mark((self.plain * common).exponential())
        for argument, c in self.logarithms.items():
            if math.gcd(_mark(argument), MODULUS) > 1:
                return False
            product = product * pow(_mark(argument), int(c * common), MODULUS) % MODULUS
        return product != 1

    def equals(self, other: Formula) -> bool:
        """Whether two formulas are the same function.

        Examples
        --------
        >>> reader = Reader(["x[1]"])
        >>> reader.formula("2*x[1]/4").equals(reader.formula("x[1]/2"))
        True
        """
        if self == other:
            return True
        return self.plus(other.scaled(Fraction(-1))).is_zero()


def of_polynomial(polynomial: Polynomial) -> Formula:
    """Return a polynomial as a formula.

    Examples
    --------
    >>> of_polynomial(Polynomial.variable(0)).equals(Reader(["x[1]"]).formula("x[1]"))
    True
    """
    return Formula(ExponentialPolynomial.of(polynomial))


@final
class Reader:
    """Reads formulas in some symbols, each text once.

    Examples
    --------
    >>> Reader(["x[1]"]).formula("x[2]")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: "x[2]" is no formula in the symbols: x[2]
    """

    def __init__(self, symbols: Sequence[str]) -> None:
        self._symbols = {
            name: Formula(ExponentialPolynomial.of(Polynomial.variable(i))) for i, name in enumerate(symbols)
        }
        self._known: dict[str, Formula] = {}
        self._brackets: dict[str, Formula] = {}

    def formula(self, spelled: object, place: str = "") -> Formula:
        """Return what a JSON string spells."""
        text = exactly(spelled, str, place)
        if text not in self._known:
            if len(text) > _LONGEST_TEXT:
                raise TooLarge(f"a formula of {len(text)} characters", place)
            try:
                self._known[text] = _Parser(text, self._symbols, self._brackets).read()
            except Refused as refusal:
                raise type(refusal)(refusal.reason, place) from refusal
        return self._known[text]

    def check(self, spelled: object, expected: Formula, place: str, what: str) -> None:
        """Refuse a text that is not the expected function.

        Examples
        --------
        >>> Reader([]).check("2/2", Formula(ExponentialPolynomial.rational(Fraction(1))), "offset", "the offset")
        """
        try:
            is_equal = self.formula(spelled).equals(expected)
        except Refused as refusal:
            raise type(refusal)(refusal.reason, place) from refusal
        if not is_equal:
            raise Refused(f"this is not {what}", place)


class _Parser:
    """The grammar of ``expressions``, one method a rule; what stands in equal brackets is read once."""

    def __init__(self, text: str, symbols: dict[str, Formula], brackets: dict[str, Formula]) -> None:
        self.text, self.symbols, self.brackets = text, symbols, brackets
        self.at = 0
        self.work = 2_000 + 40 * len(text)  # products of terms: in proportion to what there is to read
        self.tokens: list[str] = []
        self.closing: dict[int, tuple[int, str]] = {}  # of an opening bracket: the closing one, the text up to there
        opened: list[tuple[int, int]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.refusal(text[position : position + 20])
            token = match.group(1)
            position = match.end()
            if token == "(":
                opened.append((len(self.tokens), position))
            elif token == ")":
                if not opened:
                    raise self.refusal(token)
                place, start = opened.pop()
                self.closing[place] = len(self.tokens), text[start : position - 1]
            self.tokens.append(token)
            if len(opened) > _DEEPEST:
                raise TooLarge("brackets too deep for the checker")
        if opened:
            raise self.refusal("")
        self.tokens.append("")  # the end

    def refusal(self, what: str) -> Refused:
        return Refused(f"{shown(self.text)} is no formula in the symbols: {what[:80] or 'it ends too early'}")

    def pop(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def read(self) -> Formula:
        found = self.sum()
        self.expect("")
        return found

    def sum(self) -> Formula:
        terms = [self.product()]
        while self.tokens[self.at] in ("+", "-"):
            minus = self.pop() == "-"
            term = self.product()
            terms.append(term.scaled(Fraction(-1)) if minus else term)
        while len(terms) > 1:  # pairwise, so that a long sum is not copied once for each of its terms
            odd = terms[-1:] if len(terms) % 2 else []
            terms = [a.plus(b) for a, b in zip(terms[::2], terms[1::2], strict=False)] + odd
        return terms[0]

    def product(self) -> Formula:
        total = self.factor()
        while self.tokens[self.at] in ("*", "/"):
            divide = self.pop() == "/"
            other = self.factor()
            total = self.quotient(total, other) if divide else self.times(total, other)
        return total

    def factor(self) -> Formula:
        minus = False
        while self.tokens[self.at] in ("+", "-"):
            minus ^= self.pop() == "-"
        found = self.power()
        return found.scaled(Fraction(-1)) if minus else found

    def power(self) -> Formula:
        base = self.atom()
        if self.tokens[self.at] != "**":
            return base
        self.pop()
        token = self.pop()
        if not token.isdigit() or len(token) > 3 or int(token) > _HIGHEST_POWER:
            raise self.refusal("an exponent of ** that is no small integer")
        exponent, plain = int(token), self.plain(base)
        degree = _degree(plain)
        bits = max((c.numerator.bit_length() + c.denominator.bit_length() for c in plain.terms.values()), default=0)
        if degree * exponent > _HIGHEST_DEGREE or bits * exponent > _MOST_BITS:
            raise TooLarge("a power too high for the checker")
        result = Formula(ExponentialPolynomial.rational(Fraction(1)))
        for _ in range(exponent):
            result = self.times(result, base)
        return result

    def atom(self) -> Formula:
        token = self.pop()
        if token.isdigit():
            return Formula(ExponentialPolynomial.rational(rational(token)))
        if token in self.symbols:
            return self.symbols[token]
        if token in ("exp", "log"):
            inside = self.bracket()
        elif token == "(":
            self.at -= 1
            return self.bracket()
        else:
            raise self.refusal(token)
        if token == "exp":
            return Formula(self.plain(inside).exponential())
        return Formula(_ZERO, {}, {self.positive(inside): Fraction(1)})

    def bracket(self) -> Formula:
        close, text = self.closing.get(self.at, (-1, ""))
        if close < 0:
            raise self.refusal(self.tokens[self.at])
        if text in self.brackets:
            self.at = close + 1
            return self.brackets[text]
        self.at += 1
        inside = self.sum()
        self.expect(")")
        self.brackets[text] = inside
        return inside

    def times(self, a: Formula, b: Formula) -> Formula:
        if a.fractions or a.logarithms:
            a, b = b, a
        plain = self.plain(a)
        number = plain.as_rational()
        if number is not None:
            return b.scaled(number)
        if b.logarithms:
            raise self.refusal("a logarithm with a factor that is no number")
        others = [b.plain, *b.fractions.values()]
        n_products = len(plain.terms) * sum(len(other.terms) for other in others)
        if n_products > 1:
            n_products *= 1 + (_degree(plain) + max(map(_degree, others))) // 8
        self.work -= n_products
        if self.work < 0:
            raise TooLarge("a formula with too many products")
        return Formula(plain * b.plain, {below: plain * above for below, above in b.fractions.items()})

    def quotient(self, a: Formula, b: Formula) -> Formula:
        number = self.plain(b).as_rational()
        if number is not None:
            if not number:
                raise self.refusal("a division by zero")
            return a.scaled(1 / number)
        return Formula(_ZERO, {self.positive(b): self.plain(a)})

    def plain(self, a: Formula) -> ExponentialPolynomial:
        if a.fractions or a.logarithms:
            raise self.refusal("a quotient or a logarithm inside a product, a power or an exponential")
        return a.plain

    def positive(self, a: Formula) -> ExponentialPolynomial:
        plain = self.plain(a)
        if not plain.is_visibly_positive():
            raise self.refusal("a denominator or a logarithm of what is not visibly positive")
        return plain

    def expect(self, token: str) -> None:
        found = self.pop()
        if found != token:
            raise self.refusal(found)


def _mark(a: ExponentialPolynomial) -> int:
    """Return the mark of the value where the symbols are 2, 3, 4, ..."""
    total: Sum = 0
    for (exponent, monomial), c in a.terms.items():
        power = sum((d * math.prod(i + 2 for i in factors) for factors, d in exponent), start=Fraction(0))
        total = total + exponential(power) * (c * math.prod(i + 2 for i in monomial))
    found = mark(total)
    if found is None:
        raise TooLarge("denominators that the checker cannot tell apart")
    return found


def _degree(a: ExponentialPolynomial) -> int:
    return max((len(monomial) for _, monomial in a.terms), default=0)


def _merged(
    a: dict[ExponentialPolynomial, _Entry], b: dict[ExponentialPolynomial, _Entry], zero: _Entry
) -> dict[ExponentialPolynomial, _Entry]:
    if not a or not b:
        return a or b
    total = dict(a)
    for key, entry in b.items():
        total[key] = total.get(key, zero) + entry
    return {key: entry for key, entry in total.items() if entry}
