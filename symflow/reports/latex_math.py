r"""Expressions as LaTeX mathematics: ``-\tfrac{1+c}2\,(1,1)``.

The counterpart of ``linear_text.py``: the same trees, set with amsmath. The rules are those of a careful lecturer:
small fractions (``\tfrac12``), exponents with a slash (``e^{-1/2}``), matrices as ``pmatrix``, no ``\left`` where a
plain delimiter will do, never an ``array`` where ``cases`` or ``pmatrix`` exist.

Numbers with many digits are cut to decimals with ``\ldots``, each digit right.
"""

from __future__ import annotations

import re
from typing import assert_never

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
from symflow.reports.latex_text import GREEK, escape

# A rational whose numerator and denominator have more digits together is cut to a decimal of so many digits.
MOST_DIGITS = 10
CUT_DIGITS = 6

# A vector with more entries keeps its first and last ones.
MOST_ENTRIES = 10
_FIRST, _LAST = 6, 2

_SIGNS = {"=": "=", "≠": r"\ne ", "<": "<", "≤": r"\le ", ">": ">", "≥": r"\ge ", "≈": r"\approx ", "∈": r"\in "}
_OPERATORS = {"": "", "∂": r"\partial ", "∇": r"\nabla "}


def latex(expression: Expression, *, full: bool = False) -> str:
    r"""Return an expression as LaTeX mathematics, without the dollars.

    Parameters
    ----------
    expression : Expression
        What is to be written.
    full : bool
        Cut nothing.

    Examples
    --------
    >>> c, half = Symbol("c"), Rational(fmpq(1, 2))
    >>> ones = Vector((Rational(fmpq(1)), Rational(fmpq(1))))
    >>> print(latex(Negative(Product((Quotient(Sum((Rational(fmpq(1)), c)), Rational(fmpq(2))), ones)))))
    -\frac{1+c}2\,(1,1)
    >>> print(latex(Relation((c, Exponential(fmpq(-1, 2)), Decimal("0.60653")), ("=", "≈"))))
    c=e^{-1/2}\approx 0.60653
    """
    match expression:
        case Symbol():
            return symbol(expression.name, expression.index)
        case Parameters():
            return _parameters(expression)
        case Rational():
            return rational_latex(expression.value, full=full)
        case Decimal():
            if full and expression.exact is not None:
                return (
                    _atom(expression.exact, full)
                    if isinstance(expression.exact, Sum)
                    else latex(expression.exact, full=True)
                )
            return _decimal(expression.digits, r"\ldots" if expression.is_cut else "")
        case Exponential():
            return _exponential(expression.exponent)
        case Logarithm():
            inside = latex(expression.of, full=full)
            return rf"\ln {inside}" if isinstance(expression.of, Rational | Symbol) else rf"\ln({inside})"
        case Negative():
            inside = latex(expression.of, full=full)
            return f"-({inside})" if isinstance(expression.of, Sum | Negative) else f"-{inside}"
        case Sum():
            return _sum(expression, full)
        case Product():
            return _product(expression, full)
        case Quotient():
            return _fraction(latex(expression.top, full=full), latex(expression.bottom, full=full))
        case Power():
            base = latex(expression.base, full=full)
            base = f"({base})" if needs_parentheses_as_base(expression.base) else base
            return f"{base}^{_group(str(expression.exponent))}"
        case Vector():
            return _vector([latex(entry, full=full) for entry in expression.entries], full)
        case Pairing():
            return rf"\langle {latex(expression.left, full=full)},{latex(expression.right, full=full)}\rangle"
        case Norm():
            power = "^2" if expression.power == 2 else ""
            return rf"\lVert {latex(expression.of, full=full)}\rVert{power}"
        case Hull():
            return rf"\operatorname{{conv}}\{{{_listed(expression.points, full)}\}}"
        case FiniteSet():
            return rf"\{{{_listed(expression.elements, full)}\}}"
        case Interval():
            return f"[{latex(expression.low, full=full)},{latex(expression.high, full=full)}]"
        case CartesianProduct():
            return r"\times ".join(latex(factor, full=full) for factor in expression.factors)
        case Application():
            return _application(expression, full)
        case Relation():
            result = latex(expression.terms[0], full=full)
            for sign, other in zip(expression.signs, expression.terms[1:], strict=True):
                result += _SIGNS[sign] + latex(other, full=full)
            return result
        case _:
            assert_never(expression)


def in_line(expression: Expression) -> str:
    r"""Return an expression for running text: a fraction of sums is written with a slash.

    Examples
    --------
    >>> print(in_line(Quotient(Rational(fmpq(1)), Sum((Rational(fmpq(1)), Exponential(fmpq(1, 2)))))))
    1/(1+\sqrt e)
    """
    match expression:
        case Negative():
            return f"-{in_line(expression.of)}"
        case Quotient():
            return f"{_atom(expression.top, False)}/{_atom(expression.bottom, False)}"
    return latex(expression)


def sentence_latex(sentence: Sentence, *, full: bool = False) -> str:
    r"""Return a sentence as LaTeX text.

    Examples
    --------
    >>> print(sentence_latex(("100% of ", Symbol("θ"), ".")))
    100\% of $\theta$.
    """
    return "".join(escape(part) if isinstance(part, str) else f"${latex(part, full=full)}$" for part in sentence)


def symbol(name: str, index: str = "") -> str:
    r"""Return a letter with its index.

    Examples
    --------
    >>> print(symbol("θ", "12"), symbol("f", "2"), symbol("conv"))
    \theta_{12} f_2 \operatorname{conv}
    """
    letter = GREEK.get(name, name)
    if len(name) > 1 and name.isalpha():
        letter = rf"\operatorname{{{name}}}"
    return f"{letter}_{_group(index)}" if index else letter


def factor_latex(value: fmpq) -> str:
    r"""Return a positive rational before a name: nothing for 1, and room behind one that is cut.

    Examples
    --------
    >>> print(factor_latex(fmpq(1)), factor_latex(fmpq(3, 2)) + "x", factor_latex(fmpq(1, 10**20 + 1)) + "x")
     \tfrac32x 9.99999\ldots\cdot10^{-21}x
    """
    text = "" if value == 1 else rational_latex(value)
    return text + r"\," if text.endswith(r"\ldots") else text


def rational_latex(value: fmpq, *, full: bool = False, digits: int = CUT_DIGITS) -> str:
    r"""Return a rational number, cut to a decimal where it is long.

    Examples
    --------
    >>> print(rational_latex(fmpq(-1, 2)), rational_latex(fmpq(12, 5)), rational_latex(fmpq(1, 3**40)))
    -\tfrac12 \tfrac{12}5 8.22526\ldots\cdot10^{-20}
    """
    if value < 0:
        return f"-{rational_latex(-value, full=full, digits=digits)}"
    top, bottom = str(value.p), str(value.q)
    if full or len(top) + len(bottom) <= MOST_DIGITS + (value.q == 1):
        return top if value.q == 1 else _fraction(top, bottom)
    written = rational_decimal_text(value, digits)
    if written.isdigit() and value.q != 1:  # "123456\\ldots" would read as a longer integer
        written = rational_decimal_text(value, digits + 1)
        written += "" if "." in written else ".0"
    mantissa, _, exponent = written.partition("e")
    shown = fmpq(int(mantissa.replace(".", "")), 10 ** len(mantissa.partition(".")[2]))
    is_whole = shown * (fmpq(10) ** int(exponent) if exponent else 1) == value
    return _decimal(written, "" if is_whole else r"\ldots")


# ---------------------------------------------------------------------- the kinds of expressions


def _group(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _fraction(top: str, bottom: str) -> str:
    r"""Return ``\tfrac`` of short parts, ``\frac`` of sums."""
    is_short = not re.search(r"[-+ (]|\\sqrt|\^", top + bottom)
    command = r"\tfrac" if is_short else r"\frac"
    separator = " " if top[0].isalpha() and len(top) == 1 else ""
    above = top if len(top) == 1 else f"{{{top}}}"
    below = bottom if len(bottom) == 1 else f"{{{bottom}}}"
    if above[-1].isalpha() and below[0].isalpha():
        below = f" {below}"
    return f"{command}{separator}{above}{below}"


def _exponential(exponent: fmpq) -> str:
    if exponent == 1:
        return "e"
    if exponent == fmpq(1, 2):
        return r"\sqrt e"
    top, bottom = str(exponent.p), str(exponent.q)
    if len(top) + len(bottom) > MOST_DIGITS:
        return f"e^{{{rational_latex(exponent)}}}"
    return f"e^{_group(top if exponent.q == 1 else f'{top}/{bottom}')}"


def _decimal(digits: str, cut: str) -> str:
    mantissa, _, exponent = digits.partition("e")
    result = mantissa + cut
    return result if not exponent else rf"{result}\cdot10^{_group(str(int(exponent)))}"


def _sum(e: Sum, full: bool) -> str:
    result = ""
    for term in e.terms:
        is_negative, magnitude = signed(term)
        inside = latex(magnitude, full=full)
        if isinstance(magnitude, Sum):
            inside = f"({inside})"
        sign = "-" if is_negative else "+" if result else ""
        result += sign + inside
    return result


def _product(e: Product, full: bool) -> str:
    result = ""
    for i, factor in enumerate(e.factors):
        inside = latex(factor, full=full)
        if isinstance(factor, Sum) or (isinstance(factor, Negative) and i > 0):
            inside = f"({inside})"
        elif isinstance(factor, Rational) and i > 0:
            inside = rf"\cdot {inside}" if factor.value >= 0 else f"({inside})"
        elif result and result[-1].isdigit() and inside[0].isdigit():
            inside = rf"\cdot {inside}"
        if result and isinstance(factor, Vector):
            result += r"\,"
        elif result and re.search(r"\\[a-zA-Z]+$", result) and inside[0].isalpha():
            result += " "
        result += inside
    return result


def _atom(e: Expression, full: bool) -> str:
    inside = latex(e, full=full)
    if isinstance(e, Sum | Negative | Product | Quotient | Relation) or (
        isinstance(e, Rational) and (e.value < 0 or e.value.q != 1)
    ):
        return f"({inside})"
    return inside


def _vector(entries: list[str], full: bool) -> str:
    if not full and len(entries) > MOST_ENTRIES:
        entries = [*entries[:_FIRST], r"\ldots", *entries[-_LAST:]]
    # The parentheses are plain, so that what is between them is not high.
    return f"({','.join(entries)})".replace(r"\frac", r"\tfrac")


def _listed(items: tuple[Expression, ...], full: bool) -> str:
    return r",\ ".join(latex(item, full=full) for item in items)


def _application(e: Application, full: bool) -> str:
    name = re.sub(r"^([a-zA-Z])([0-9]+)$", lambda m: f"{m[1]}_{_group(m[2])}", e.function)
    if e.point is None:
        return _OPERATORS[e.operator] + name
    inside = latex(e.point, full=full)
    if isinstance(e.point, Vector):
        inside = inside[1:-1]
    return f"{_OPERATORS[e.operator]}{name}({inside})"


def _parameters(e: Parameters) -> str:
    name = e.letter if e.layer == 0 else f"{e.letter}_{_group(str(e.layer))}"
    if e.row is None and e.column is None:
        return name
    if e.letter == "W":
        row = r"\cdot" if e.row is None else str(e.row)
        column = r"\cdot" if e.column is None else str(e.column)
        return f"{name}[{row},{column}]"
    return f"{name}[{e.row}]"
