"""Expressions as one line of plain text: ``−(1+c)/2 (1, 1)``.

This is the text of the terminal, of a ``repr`` and of the measure by which the shorter of two forms is chosen. The
signs are Unicode; the format of the terminal has a table that puts ASCII in their place.

A rational number with many digits is cut to a decimal with ``…``, of which every digit is right; a long vector keeps
its first and last entries. ``full=True`` cuts nothing.
"""

from __future__ import annotations

from typing import assert_never, final

from symflow.exact.decimals import rational_decimal_text
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Application,
    CartesianProduct,
    Decimal,
    Exponential,
    Expression,
    FiniteSet,
    Hull,
    Interval,
    Logarithm,
    Negative,
    Norm,
    Pairing,
    Parameters,
    Power,
    Product,
    Quotient,
    Rational,
    Relation,
    Sentence,
    Sum,
    Symbol,
    Vector,
    needs_parentheses_as_base,
    signed,
)

# A rational whose numerator and denominator together have more digits is cut to this many digits.
MOST_DIGITS = 12
CUT_DIGITS = 8

# A vector with more entries keeps the first and the last ones.
MOST_ENTRIES = 12
FIRST_ENTRIES, LAST_ENTRIES = 8, 2

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# A sum in parentheses is written without spaces up to this length.
_COMPACT = 9


def linear_text(expression: Expression, *, full: bool = False) -> str:
    """Return an expression as one line.

    Examples
    --------
    >>> c, half = Symbol("c"), Rational(fmpq(1, 2))
    >>> ones = Vector((Rational(fmpq(1)), Rational(fmpq(1))))
    >>> linear_text(Negative(Product((Quotient(Sum((Rational(fmpq(1)), c)), Rational(fmpq(2))), ones))))
    '−(1+c)/2 (1, 1)'
    >>> linear_text(Relation((c, Exponential(fmpq(-1, 2)), Decimal("0.60653")), ("=", "≈")))
    'c = e^(−1/2) ≈ 0.60653'
    >>> linear_text(Rational(fmpq(12345678912345, 98765432109876)))
    '0.12499999…'
    """
    return _Printer(full).text(expression)


def sentence_text(sentence: Sentence, *, full: bool = False) -> str:
    """Return a sentence as one line.

    Examples
    --------
    >>> sentence_text(("here ", Rational(fmpq(-2)), "."))
    'here −2.'
    """
    return "".join(piece if isinstance(piece, str) else linear_text(piece, full=full) for piece in sentence)


@final
class _Printer:
    """The printer; a class only to hold whether anything may be cut."""

    def __init__(self, full: bool) -> None:
        self.full = full

    def text(self, e: Expression) -> str:
        match e:
            case Symbol():
                return e.name + e.index if e.index.isdigit() or not e.index else f"{e.name}_{e.index}"
            case Parameters():
                return _parameters(e)
            case Rational():
                return self.rational(e.value)
            case Decimal():
                if self.full and e.exact is not None:
                    return f"({self.text(e.exact)})" if isinstance(e.exact, Sum) else self.text(e.exact)
                return _placed_decimal(e.digits, "…" if e.is_cut else "")
            case Exponential():
                return self.exponential(e.exponent)
            case Logarithm():
                return f"ln({self.text(e.of)})" if not isinstance(e.of, Rational) else f"ln {self.text(e.of)}"
            case Negative():
                inside = self.text(e.of)
                return f"−({inside})" if isinstance(e.of, Sum | Negative) else f"−{inside}"
            case Sum():
                return self.sum(e)
            case Product():
                return self.product(e)
            case Quotient():
                return f"{self.over(e.top)}/{self.under(e.bottom)}"
            case Power():
                base = f"({self.text(e.base)})" if needs_parentheses_as_base(e.base) else self.text(e.base)
                return base + str(e.exponent).translate(_SUPERSCRIPTS)
            case Vector():
                return self.vector(e)
            case Pairing():
                return f"⟨{self.text(e.left)}, {self.text(e.right)}⟩"
            case Norm():
                return f"‖{self.text(e.of)}‖{'²' if e.power == 2 else ''}"
            case Hull():
                return f"conv{{ {self.listed(e.points)} }}"
            case FiniteSet():
                return f"{{{self.listed(e.elements)}}}"
            case Interval():
                return f"[{self.text(e.low)}, {self.text(e.high)}]"
            case CartesianProduct():
                return " × ".join(self.text(factor) for factor in e.factors)
            case Application():
                return self.application(e)
            case Relation():
                result = self.text(e.terms[0])
                for sign, other in zip(e.signs, e.terms[1:], strict=True):
                    result += f" {sign} {self.text(other)}"
                return result
            case _:
                assert_never(e)

    def rational(self, value: fmpq) -> str:
        exact = str(value)
        n_digits = sum(character.isdigit() for character in exact)
        if self.full or n_digits <= MOST_DIGITS:
            return exact.replace("-", "−")
        return cut_decimal(value)

    def exponential(self, exponent: fmpq) -> str:
        if exponent == 1:
            return "e"
        if exponent == fmpq(1, 2):
            return "√e"
        written = self.rational(exponent)
        if written.isdigit() and len(written) <= 2:
            return "e" + written.translate(_SUPERSCRIPTS)
        return f"e^({written})"

    def sum(self, e: Sum) -> str:
        signs, terms = [], []
        for term in e.terms:
            is_negative, magnitude = signed(term)
            signs.append("−" if is_negative else "+")
            terms.append(self.atom(magnitude) if isinstance(magnitude, Sum) else self.text(magnitude))
        result = ("−" if signs[0] == "−" else "") + terms[0]
        for sign, written in zip(signs[1:], terms[1:], strict=True):
            result += f" {sign} {written}"
        return result

    def product(self, e: Product) -> str:
        result = ""
        for i, factor in enumerate(e.factors):
            piece = self.atom(factor) if isinstance(factor, Sum | Negative) else self.text(factor)
            if not result:
                result = piece
            else:
                result += ("" if self._touch(e.factors[i - 1], factor) else " ") + piece
        return result

    def _touch(self, left: Expression, right: Expression) -> bool:
        """Whether two factors stand without a space: ``2c``, ``2(1+c)``."""
        if not isinstance(left, Rational) or left.value.q != 1 or not isinstance(right, Symbol | Sum | Power):
            return False
        if isinstance(right, Power) and isinstance(right.base, Rational):  # 2 3², not 23²
            return False
        return len(self.rational(left.value)) <= MOST_DIGITS and "…" not in self.rational(left.value)

    def atom(self, e: Expression) -> str:
        """Return the text, in parentheses where it has several parts."""
        inside = self.text(e)
        if isinstance(e, Sum):
            compact = inside.replace(" + ", "+").replace(" − ", "−")
            return f"({compact})" if len(compact) <= _COMPACT and " " not in compact else f"({inside})"
        if isinstance(e, Negative | Product | Quotient | Relation):
            return f"({inside})"
        if isinstance(e, Rational) and (e.value < 0 or e.value.q != 1):
            return f"({inside})"
        return inside

    def over(self, e: Expression) -> str:
        """Return the text of a numerator."""
        return self.atom(e) if isinstance(e, Sum | Quotient) else self.text(e)

    def under(self, e: Expression) -> str:
        """Return the text of a denominator."""
        return self.atom(e)

    def vector(self, e: Vector) -> str:
        entries = [self.text(entry) for entry in e.entries]
        if not self.full and len(entries) > MOST_ENTRIES:
            entries = [*entries[:FIRST_ENTRIES], "…", *entries[-LAST_ENTRIES:]]
        return f"({', '.join(entries)})"

    def listed(self, items: tuple[Expression, ...]) -> str:
        return ", ".join(self.text(item) for item in items)

    def application(self, e: Application) -> str:
        if e.point is None:
            return e.operator + e.function
        inside = self.text(e.point)
        if isinstance(e.point, Vector):
            inside = inside[1:-1]
        return f"{e.operator}{e.function}({inside})"


def cut_decimal(value: fmpq, digits: int = CUT_DIGITS) -> str:
    """Return a rational as a decimal, cut with ``…`` unless it ends.

    Examples
    --------
    >>> cut_decimal(fmpq(2, 3)), cut_decimal(fmpq(-1, 8)), cut_decimal(fmpq(1, 3**40))
    ('0.66666666…', '−0.125', '8.2252633…·10^(−20)')
    """
    digits_text = rational_decimal_text(value, digits)
    if digits_text.lstrip("-").isdigit() and value.q != 1:  # "12345678…" would read as a longer integer
        digits_text = rational_decimal_text(value, digits + 1)
        digits_text += "" if "." in digits_text else ".0"
    mantissa, _, exponent = digits_text.partition("e")
    whole, _, decimals = mantissa.partition(".")
    shown = fmpq(int(whole + decimals), 10 ** len(decimals))
    if mantissa.startswith("-") and shown > 0:
        shown = -shown
    if exponent:
        shown *= fmpq(10) ** int(exponent)
    return _placed_decimal(digits_text, "" if shown == value else "…")


def _placed_decimal(digits: str, cut: str) -> str:
    mantissa, _, exponent = digits.partition("e")
    result = mantissa.replace("-", "−") + cut
    if not exponent:
        return result
    power = int(exponent)
    return f"{result}·10^{power}" if power >= 0 else f"{result}·10^(−{-power})"


def _parameters(e: Parameters) -> str:
    name = (e.shown or e.letter) + (str(e.layer) if e.layer else "")
    if e.row is None and e.column is None:
        return name
    if e.letter == "z":  # the preactivation of a unit, on a datum where there are several
        return f"{name}[{e.row}]" if e.column is None else f"{name}[{e.row}](x{e.column})"
    if e.letter == "W":
        row = e.every if e.row is None else str(e.row)
        return f"{name}[{row},{e.every if e.column is None else e.column}]"
    return f"{name}[{e.row}]"
