r"""Expressions as LaTeX mathematics: ``-\tfrac{1+c}2\,(1,1)``.

The counterpart of ``linear_text.py``: the same trees, set with amsmath. The rules are those of a careful lecturer:
small fractions (``\tfrac12``), exponents with a slash (``e^{-1/2}``), matrices as ``pmatrix``, no ``\left`` where a
plain delimiter will do, never an ``array`` where ``cases`` or ``pmatrix`` exist.

Numbers with many digits are cut to decimals with ``\ldots``, each digit right. ``width`` estimates how wide a formula
is set, in points at 11 pt, a little too wide rather than too narrow; by it a formula is broken or folded before it can
run into the margin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
)

# A rational whose numerator and denominator have more digits together is cut to a decimal of so many digits.
MOST_DIGITS = 10
CUT_DIGITS = 6

# A vector with more entries keeps its first and last ones.
MOST_ENTRIES = 10
_FIRST, _LAST = 6, 2

# What pmatrix takes, dots included, unless told otherwise.
_MOST_COLUMNS = 9

# The width of the text in the notes, in points, with a little held back.
TEXT_WIDTH = 350.0

_GREEK = {
    "θ": r"\theta",
    "τ": r"\tau",
    "σ": r"\sigma",
    "ε": r"\varepsilon",
    "γ": r"\gamma",
    "ℓ": r"\ell",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ρ": r"\rho",
    "δ": r"\delta",
}
_SIGNS = {"=": "=", "≠": r"\ne ", "<": "<", "≤": r"\le ", ">": ">", "≥": r"\ge ", "≈": r"\approx ", "∈": r"\in "}
_OPERATORS = {"": "", "∂": r"\partial ", "∇": r"\nabla "}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"$\hat{}$",
    "~": r"$\sim$",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "−": r"$-$",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "∂": r"$\partial$",
    "∇": r"$\nabla$",
    "ℓ": r"$\ell$",
    "²": r"$^2$",
    "³": r"$^3$",
}


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
            return f"{_atom(expression.base, full)}^{_group(str(expression.exponent))}"
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


def escape(text: str) -> str:
    r"""Return plain text as LaTeX; what no standard font has is written by its code point.

    Examples
    --------
    >>> print(escape("50% of W_1 − ♞"))
    50\% of W\_1 $-$ [U+265E]
    """
    pieces = []
    for character in text:
        if character in _ESCAPES:
            pieces.append(_ESCAPES[character])
        elif character in _GREEK:
            pieces.append(f"${_GREEK[character]}$")
        elif character.isascii() or ("À" <= character <= "ÿ" and character not in "×÷ÐÞðþ"):
            pieces.append(character if character.isprintable() else " ")
        else:
            pieces.append(f"[U+{ord(character):04X}]")
    return "".join(pieces)


def symbol(name: str, index: str = "") -> str:
    r"""Return a letter with its index.

    Examples
    --------
    >>> print(symbol("θ", "12"), symbol("f", "2"), symbol("conv"))
    \theta_{12} f_2 \operatorname{conv}
    """
    letter = _GREEK.get(name, name)
    if len(name) > 1 and name.isalpha():
        letter = rf"\operatorname{{{name}}}"
    return f"{letter}_{_group(index)}" if index else letter


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
    mantissa, _, exponent = written.partition("e")
    shown = fmpq(int(mantissa.replace(".", "")), 10 ** len(mantissa.partition(".")[2]))
    is_whole = shown * (fmpq(10) ** int(exponent) if exponent else 1) == value
    return _decimal(written, "" if is_whole else r"\ldots")


def pmatrix(rows: Sequence[Sequence[str]]) -> str:
    r"""Return a matrix of entries that are LaTeX already.

    Examples
    --------
    >>> print(pmatrix([["1", "0"], ["-c", "2"]]))
    \begin{pmatrix}1&0\\-c&2\end{pmatrix}
    """
    return rf"\begin{{pmatrix}}{joined_rows(rows)}\end{{pmatrix}}"


def joined_rows(rows: Sequence[Sequence[str]]) -> str:
    r"""Return rows separated by ``\\``; a row that would be taken for an optional argument is guarded.

    Examples
    --------
    >>> print(joined_rows([["1", "2"], ["[0,1]"]]))
    1&2\\{}[0,1]
    """
    written = ["&".join(row) for row in rows]
    return written[0] + "".join(rf"\\{'{}' if row.lstrip().startswith(('[', '*')) else ''}{row}" for row in written[1:])


def folded_matrix(entries: Sequence[Sequence[str]], room: float = TEXT_WIDTH, most_rows: int = 8) -> str:
    r"""Return a matrix that fits the room: columns and rows in the middle give way to dots.

    Examples
    --------
    >>> print(folded_matrix([[str(j) for j in range(50)]], room=120))
    \begin{pmatrix}0&1&\cdots&48&49\end{pmatrix}
    """
    rows = [list(row) for row in entries]
    if len(rows) > most_rows:
        rows = [*rows[: most_rows - 2], [r"\vdots"] * len(rows[0]), rows[-1]]
    kept = min(len(rows[0]), _MOST_COLUMNS)
    while kept > 2:
        shown = [_with_dots(row, kept) for row in rows]
        columns = zip(*shown, strict=True)
        if sum(max(map(width, column)) + 11 for column in columns) + 14 <= room:
            break
        kept -= 1
    return pmatrix([_with_dots(row, kept) for row in rows])


def _with_dots(row: Sequence[str], kept: int) -> list[str]:
    if kept >= len(row):
        return list(row)
    first = (kept + 1) // 2
    dots = r"\ddots" if row[0] == r"\vdots" else r"\cdots"
    return [*row[:first], dots, *row[len(row) - (kept - first) :]]


# ---------------------------------------------------------------------- the width

_WIDE = re.compile(r"\\(?:begin|end)\{[a-z*]+\}(?:\{[^{}]*\})?")
_SPACING = {r"\,": 2, r"\;": 3, r"\ ": 4, r"\quad": 11, r"\qquad": 22, r"\!": -2}


def width(formula: str) -> float:
    r"""Return about how wide a formula in one line is set, in points at 11 pt; rather too much than too little.

    The widest row of a matrix counts.

    Examples
    --------
    >>> 20 < width(r"\tfrac12+c") < 45
    True
    """
    total = 0.0
    matrix = re.search(r"\\begin\{(pmatrix|cases|aligned|array|smallmatrix)\}", formula)
    if matrix:
        start = matrix.start()
        end = _matching_end(formula, start, matrix[1])
        inside = formula[matrix.end() : end]
        widest = max(sum(width(entry) + 11 for entry in _split(row, "&")) for row in _split(inside, r"\\"))
        after = formula[end + len(rf"\end{{{matrix[1]}}}") :]
        return width(formula[:start]) + widest + 10 + width(after)
    fraction = re.search(r"\\[td]?frac", formula)
    if fraction:
        before = formula[: fraction.start()]
        top, rest = _argument(formula[fraction.end() :])
        bottom, rest = _argument(rest)
        scale = 0.75 if fraction[0] == r"\tfrac" else 1.0
        return width(before) + scale * max(width(top), width(bottom)) + 3 + width(rest)
    script = re.search(r"[_^]", formula)
    if script:
        inside, rest = _argument(formula[script.end() :])
        return width(formula[: script.start()]) + 0.75 * width(inside) + width(rest)
    for piece in re.findall(r"\{[-+]\}|\\[a-zA-Z]+|\\.|.", formula, re.DOTALL):
        total += _piece_width(piece)
    return total


def _piece_width(piece: str) -> float:
    if piece in _SPACING:
        return float(_SPACING[piece])
    if piece in "{} \n~" or piece in (
        r"\left",
        r"\right",
        r"\bigl",
        r"\bigr",
        r"\tfrac",
        r"\mathrm",
        r"\text",
        r"\textnormal",
    ):
        return 0.0
    if piece in "+-=<>" or piece in (
        r"\le",
        r"\ge",
        r"\in",
        r"\approx",
        r"\ne",
        r"\to",
        r"\times",
        r"\cdot",
        r"\mapsto",
    ):
        return 13.0
    if piece in ",.:;|()[]!'":
        return 4.4
    if piece in (r"\ldots", r"\cdots", r"\operatorname"):
        return 13.0
    if piece in (r"\diag", r"\conv", r"\ln", r"\max", r"\min"):
        return 24.0
    if piece in (r"\langle", r"\rangle", r"\{", r"\}", r"\lVert", r"\rVert"):
        return 5.0
    if piece in (r"\ip", r"\norm"):
        return 12.0
    if piece[0] == "\\":
        return 9.2 if piece in (r"\nabla", r"\varepsilon", r"\ast", r"\top") else 6.6
    if piece[0] == "{":
        return 8.6
    return 11.0 if piece in "WMm" else 8.4 if piece.isupper() or piece == "w" else 5.8


def _matching_end(formula: str, start: int, name: str) -> int:
    depth = 0
    for found in re.finditer(rf"\\(begin|end)\{{{name}\}}", formula[start:]):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return start + found.start()
    return len(formula)


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside braces and environments."""
    pieces, depth, current, i = [], 0, "", 0
    while i < len(text):
        if text.startswith(r"\begin", i):
            depth += 1
        elif text.startswith(r"\end", i):
            depth -= 1
        if depth == 0 and text.startswith(separator, i):
            pieces.append(current)
            current = ""
            i += len(separator)
            continue
        if text[i] == "\\" and i + 1 < len(text) and separator != r"\\":
            current += text[i : i + 2]
            i += 2
            continue
        depth += {"{": 1, "}": -1}.get(text[i], 0) if text[i - 1 : i] != "\\" else 0
        current += text[i]
        i += 1
    return [*pieces, current]


def _argument(text: str) -> tuple[str, str]:
    """Return the argument that a command takes, and what follows it."""
    text = text.lstrip()
    if not text:
        return "", ""
    if text[0] == "{":
        depth = 0
        for i, character in enumerate(text):
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                return text[1:i], text[i + 1 :]
        return text[1:], ""
    if text[0] == "\\":
        found = re.match(r"\\([a-zA-Z]+|.)", text)
        assert found is not None
        return found[0], text[found.end() :]
    return text[0], text[1:]


# ---------------------------------------------------------------------- the kinds of expressions


def _group(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def over_common_denominator(expression: Expression) -> Expression:
    r"""Return an expression with its sums over one denominator: 1/2 + c/2 is (1+c)/2.

    Examples
    --------
    >>> half = Rational(fmpq(1, 2))
    >>> print(latex(over_common_denominator(Sum((half, Quotient(Symbol("c"), Rational(fmpq(2))))))))
    \frac{1+c}2
    """
    match expression:
        case Sum():
            parts = [_over_integer(over_common_denominator(term)) for term in expression.terms]
            denominators = {q for _, q in parts}
            if len(denominators) == 1 and denominators != {1}:
                return Quotient(Sum(tuple(top for top, _ in parts)), Rational(fmpq(denominators.pop())))
            return Sum(tuple(over_common_denominator(term) for term in expression.terms))
        case Negative():
            return Negative(over_common_denominator(expression.of))
        case Product():
            return Product(tuple(over_common_denominator(factor) for factor in expression.factors))
        case Vector():
            return Vector(tuple(over_common_denominator(entry) for entry in expression.entries))
    return expression


def _over_integer(term: Expression) -> tuple[Expression, int]:
    """Return a term as a numerator and an integer denominator."""
    match term:
        case Negative():
            top, bottom = _over_integer(term.of)
            return Negative(top), bottom
        case Rational() if term.value.q != 1:
            return Rational(fmpq(term.value.p)), int(term.value.q)
        case Quotient() if isinstance(term.bottom, Rational) and term.bottom.value.q == 1 and term.bottom.value > 0:
            return term.top, int(term.bottom.value.p)
    return term, 1


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
        is_negative, magnitude = _magnitude(term)
        inside = latex(magnitude, full=full)
        if isinstance(magnitude, Sum):
            inside = f"({inside})"
        sign = "-" if is_negative else "+" if result else ""
        result += sign + inside
    return result


def _magnitude(term: Expression) -> tuple[bool, Expression]:
    """Return whether a term is to be subtracted, and what."""
    match term:
        case Negative():
            return True, term.of
        case Rational() if term.value < 0:
            return True, Rational(-term.value)
        case Product() if not isinstance(term.factors[0], Negative):
            is_negative, first = _magnitude(term.factors[0])
            if is_negative:
                return True, Product((first, *term.factors[1:]))
    return False, term


def _product(e: Product, full: bool) -> str:
    result = ""
    for i, factor in enumerate(e.factors):
        inside = latex(factor, full=full)
        if isinstance(factor, Sum) or (isinstance(factor, Negative) and i > 0):
            inside = f"({inside})"
        elif isinstance(factor, Rational) and i > 0:
            inside = rf"\cdot {inside}" if factor.value >= 0 else f"({inside})"
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
    return f"({','.join(entries)})"


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
