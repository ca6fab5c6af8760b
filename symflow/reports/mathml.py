"""Expressions as native MathML: ``<mfrac><mn>1</mn><mn>2</mn></mfrac>``, without a library and without a font.

The counterpart of ``linear_text.py`` and ``latex_math.py``: the same trees, for a page. Only what every browser knows
is used (MathML Core), and nothing that a reader of the source would not write: a sign in front has ``form="prefix"``,
a minus is U+2212, a letter is one ``mi``.

Whatever stands in a tree or in a sentence is text: ``<``, ``&`` and quotes are escaped here, so that a name or a title
of somebody else can never become markup.

>>> from symflow.reports.expressions import Symbol, Vector
>>> print(sentence_html(("a < b, ", Vector((Rational(fmpq(1)), Rational(fmpq(1, 2)))))))
a &lt; b, <math><mo>(</mo><mn>1</mn><mo>,</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>)</mo></math>
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import assert_never, final

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
from symflow.reports.linear_text import FIRST_ENTRIES, LAST_ENTRIES, MOST_DIGITS, MOST_ENTRIES, cut_decimal

_MINUS = '<mo form="prefix">−</mo>'

# Of more characters than this an expression may be broken over lines.
_LONG = 32


def mathml(expression: Expression, *, full: bool = False) -> str:
    """Return an expression as a ``math`` element.

    Parameters
    ----------
    expression : Expression
        What is to be written.
    full : bool
        Cut nothing.

    Examples
    --------
    >>> print(mathml(Quotient(Symbol("c"), Rational(fmpq(2)))))
    <math><mfrac><mi>c</mi><mn>2</mn></mfrac></math>
    >>> print(mathml(Symbol("x", "1")))
    <math><msub><mi>x</mi><mn>1</mn></msub></math>
    """
    return f"<math>{_Printer(full).markup(expression)}</math>"


def sentence_html(sentence: Sentence, *, full: bool = False, breaks: bool = False) -> str:
    """Return a sentence as HTML: its words escaped, its expressions as MathML; with ``breaks`` long ones in pieces.

    Lines break between ``math`` elements, never inside one: a long vector or sum is one element an entry or summand.

    Examples
    --------
    >>> print(sentence_html(("f < ", Rational(fmpq(-2)), ".")))
    f &lt; <math><mo form="prefix">−</mo><mn>2</mn></math>.
    """
    written = _broken if breaks else mathml
    return "".join(escape(piece) if isinstance(piece, str) else written(piece, full=full) for piece in sentence)


def _broken(expression: Expression, *, full: bool = False) -> str:
    """Return an expression in ``math`` elements between which a line may break, where it is long."""
    printer = _Printer(full)
    whole = printer.markup(expression)
    if len(re.sub(r"<[^>]*>", "", whole)) <= _LONG:
        return f"<math>{whole}</math>"
    return " ".join(f"<math>{piece}</math>" for piece in printer.pieces(expression))


@final
class _Printer:
    """The printer; a class only to hold whether anything may be cut."""

    def __init__(self, full: bool) -> None:
        self.full = full

    def markup(self, e: Expression) -> str:
        match e:
            case Symbol():
                return _letter(e.name, e.index)
            case Parameters():
                return _parameters(e)
            case Rational():
                return self.rational(e.value)
            case Decimal():
                if self.full and e.exact is not None:
                    return self.atom(e.exact)
                return _decimal(e.digits, is_cut=e.is_cut)
            case Exponential():
                return self.exponential(e.exponent)
            case Logarithm():
                inside = self.markup(e.of)
                return f"<mi>ln</mi>{inside if isinstance(e.of, Rational) and e.of.value >= 0 else _fenced(inside)}"
            case Negative():
                return _MINUS + (self.fence(e.of) if isinstance(e.of, Sum | Negative) else self.markup(e.of))
            case Sum():
                return self.sum(e)
            case Product():
                return self.product(e)
            case Quotient():
                return f"<mfrac>{self.row(e.top)}{self.row(e.bottom)}</mfrac>"
            case Power():
                base = self.fence(e.base) if needs_parentheses_as_base(e.base) else self.markup(e.base)
                return f"<msup>{_row(base)}<mn>{e.exponent}</mn></msup>"
            case Vector():
                return self.vector(e)
            case Pairing():
                return _between("⟨", f"{self.markup(e.left)}<mo>,</mo>{self.markup(e.right)}", "⟩")
            case Norm():
                inside = _between("‖", self.markup(e.of), "‖")
                return f"<msup><mrow>{inside}</mrow><mn>2</mn></msup>" if e.power == 2 else _row(inside)
            case Hull():
                return f"<mi>conv</mi>{_braced(self.listed(e.points))}"
            case FiniteSet():
                return _braced(self.listed(e.elements))
            case Interval():
                return _between("[", f"{self.markup(e.low)}<mo>,</mo>{self.markup(e.high)}", "]")
            case CartesianProduct():
                return "<mo>×</mo>".join(self.markup(factor) for factor in e.factors)
            case Application():
                return self.application(e)
            case Relation():
                result = self.markup(e.terms[0])
                for sign, other in zip(e.signs, e.terms[1:], strict=True):
                    result += f"<mo>{escape(sign)}</mo>{self.markup(other)}"
                return result
            case _:
                assert_never(e)

    def row(self, e: Expression) -> str:
        """Return an expression as one element."""
        return _row(self.markup(e))

    def fence(self, e: Expression) -> str:
        """Return an expression in parentheses."""
        return _fenced(self.markup(e))

    def atom(self, e: Expression) -> str:
        """Return an expression, in parentheses where it has several parts."""
        is_composed = isinstance(e, Sum | Negative | Product | Quotient | Relation) or (
            isinstance(e, Rational) and (e.value < 0 or e.value.q != 1)
        )
        return self.fence(e) if is_composed else self.markup(e)

    def rational(self, value: fmpq) -> str:
        if value < 0:
            return _MINUS + self.rational(-value)
        if not self.full and sum(character.isdigit() for character in str(value)) > MOST_DIGITS:
            return _number(cut_decimal(value))
        if value.q == 1:
            return f"<mn>{value.p}</mn>"
        return f"<mfrac><mn>{value.p}</mn><mn>{value.q}</mn></mfrac>"

    def exponential(self, exponent: fmpq) -> str:
        if exponent == 1:
            return "<mi>e</mi>"
        if exponent == fmpq(1, 2):
            return "<msqrt><mi>e</mi></msqrt>"
        # A slash, not a fraction: the exponent stays in one line.
        shown = str(abs(exponent))
        if not self.full and sum(character.isdigit() for character in shown) > MOST_DIGITS:
            return f"<msup><mi>e</mi>{_row(self.rational(exponent))}</msup>"
        top, _, bottom = shown.partition("/")
        power = ("<mo>−</mo>" if exponent < 0 else "") + f"<mn>{top}</mn>"
        power += f"<mo>/</mo><mn>{bottom}</mn>" if bottom else ""
        return f"<msup><mi>e</mi>{_row(power)}</msup>"

    def sum(self, e: Sum) -> str:
        result = ""
        for term in e.terms:
            is_negative, magnitude = signed(term)
            if is_negative:
                result += "<mo>−</mo>" if result else _MINUS
            elif result:
                result += "<mo>+</mo>"
            result += self.fence(magnitude) if isinstance(magnitude, Sum) else self.markup(magnitude)
        return result

    def product(self, e: Product) -> str:
        result = ""
        for i, factor in enumerate(e.factors):
            if isinstance(factor, Sum) or (isinstance(factor, Negative) and i > 0):
                piece = self.fence(factor)
            elif isinstance(factor, Rational) and i > 0:
                piece = "<mo>·</mo>" + self.atom(factor)
            elif isinstance(factor, Power) and isinstance(factor.base, Rational) and i > 0:
                piece = "<mo>·</mo>" + self.markup(factor)
            else:
                piece = self.markup(factor)
            space = '<mspace width="0.17em"/>' if result and isinstance(factor, Vector) else ""
            result += space + piece
        return result

    def vector(self, e: Vector) -> str:
        entries = [self.markup(entry) for entry in e.entries]
        if not self.full and len(entries) > MOST_ENTRIES:
            entries = [*entries[:FIRST_ENTRIES], "<mo>…</mo>", *entries[-LAST_ENTRIES:]]
        return _fenced("<mo>,</mo>".join(entries))

    def pieces(self, e: Expression) -> list[str]:
        """Return an expression in pieces: a vector's entries, a sum's summands, those of a product's last factor."""
        match e:
            case Vector():
                return self.vector_pieces(e)
            case Sum():
                found: list[str] = []
                for term in e.terms:
                    is_negative, magnitude = signed(term)
                    inside = self.pieces(magnitude)
                    if isinstance(magnitude, Sum):
                        inside = _with_fences(inside)
                    sign = ('<mo form="infix">−</mo>' if found else _MINUS) if is_negative else ""
                    inside[0] = (sign or ('<mo form="infix">+</mo>' if found else "")) + inside[0]
                    found += inside
                return found
            case Product(factors=(*others, Vector() | Sum() as last)) if others:
                head = self.markup(others[0] if len(others) == 1 else Product(tuple(others)))
                inside = self.pieces(last)
                if isinstance(last, Sum):
                    inside = _with_fences(inside)
                if isinstance(others[0], Sum) and len(others) == 1:
                    head = _fenced(head)
                inside[0] = f'{head}<mspace width="0.17em"/>{inside[0]}'
                return inside
            case _:
                return [self.markup(e)]

    def vector_pieces(self, e: Vector) -> list[str]:
        entries = [self.pieces(entry) for entry in e.entries]
        if not self.full and len(entries) > MOST_ENTRIES:
            entries = [*entries[:FIRST_ENTRIES], ["<mo>…</mo>"], *entries[-LAST_ENTRIES:]]
        for entry in entries[:-1]:
            entry[-1] += "<mo>,</mo>"
        return _with_fences([piece for entry in entries for piece in entry])

    def listed(self, items: tuple[Expression, ...]) -> str:
        return "<mo>,</mo>".join(self.markup(item) for item in items)

    def application(self, e: Application) -> str:
        name = re.fullmatch(r"([a-zA-Z])([0-9]+)", e.function)
        function = _letter(name[1], name[2]) if name else _letter(e.function, "")
        operator = f'<mo form="prefix" lspace="0" rspace="0">{escape(e.operator)}</mo>' if e.operator else ""
        if e.point is None:
            return operator + function
        inside = self.markup(e.point)
        return f"{operator}{function}{inside if isinstance(e.point, Vector) else _fenced(inside)}"


def _row(inside: str) -> str:
    """Return markup as one element: a lone one is it already."""
    is_one = re.fullmatch(r"<(m[a-z]+)>[^<]*</\1>", inside) is not None
    return inside if is_one else f"<mrow>{inside}</mrow>"


def _fenced(inside: str) -> str:
    return _between("(", inside, ")")


def _with_fences(pieces: list[str]) -> list[str]:
    """Return pieces in parentheses, which stand in different elements and cannot stretch."""
    first, *rest = pieces
    *between, last = [f'<mo stretchy="false" form="prefix">(</mo>{first}', *rest]
    return [*between, f'{last}<mo stretchy="false" form="postfix">)</mo>']


def _braced(inside: str) -> str:
    return _between("{", inside, "}")


def _between(left: str, inside: str, right: str) -> str:
    """Return markup in fences; browsers leave room around those that may stretch, so only what is high makes them."""
    fixed = "" if "<mfrac>" in inside else ' stretchy="false"'
    return f"<mo{fixed}>{left}</mo>{inside}<mo{fixed}>{right}</mo>"


def _letter(name: str, index: str) -> str:
    letter = f"<mi>{escape(name)}</mi>"
    if not index:
        return letter
    below = f"<mn>{index}</mn>" if index.isdigit() else f"<mi>{escape(index)}</mi>"
    return f"<msub>{letter}{below}</msub>"


def _parameters(e: Parameters) -> str:
    name = _letter(e.shown or e.letter, str(e.layer) if e.layer else "")
    if e.row is None and e.column is None:
        return name
    if e.letter == "z" and e.column is not None:  # the preactivation of a unit on a datum
        return f"{name}{_indices([str(e.row)])}{_fenced(_letter('x', str(e.column)))}"
    if e.letter == "W":
        return name + _indices([e.every if place is None else str(place) for place in (e.row, e.column)])
    return name + _indices([str(e.row)])


def _indices(places: Sequence[str]) -> str:
    inside = '<mo rspace="0">,</mo>'.join(
        f"<mi>{place}</mi>" if place in "·:" else f"<mn>{place}</mn>" for place in places
    )
    return _between("[", inside, "]")


def _decimal(digits: str, *, is_cut: bool) -> str:
    """Return decimal digits, such as ``-1.23e-9``."""
    mantissa, _, exponent = digits.partition("e")
    sign = _MINUS if mantissa.startswith("-") else ""
    power = f"·10^({int(exponent)})".replace("-", "−") if exponent else ""
    return sign + _number(escape(mantissa.lstrip("-")) + ("…" if is_cut else "") + power)


def _number(text: str) -> str:
    """Return a number as ``cut_decimal`` writes it, ``8.2…·10^(−20)``."""
    mantissa, _, power = text.partition("·10^")
    sign, mantissa = (_MINUS, mantissa[1:]) if mantissa.startswith("−") else ("", mantissa)
    result = f"{sign}<mn>{mantissa}</mn>"
    if not power:
        return result
    exponent = power.strip("()")
    digits = f"<mn>{exponent.lstrip('−')}</mn>"
    raised = _row(f"<mo>−</mo>{digits}" if exponent.startswith("−") else digits)
    return f"{result}<mo>·</mo><msup><mn>10</mn>{raised}</msup>"
