"""Mathematical expressions as plain data: what is to be written, not how.

A report says ``W1[1,·] = −τ (1, 1)``. On a terminal that is one line of text, in LaTeX a formula, on a page MathML. So
a report holds a tree of the closed union :data:`Expression`, and each format has a printer for it
(:func:`symflow.reports.linear_text.linear_text` is the one of plain text). The tree carries exact numbers; how many
digits of a long one are shown is the printer's choice.

Signs. A negative number is a ``Rational`` below zero; a negative term is ``Negative`` of a term, and a printer writes
``a − b`` for ``Sum((a, Negative(b)))``. Products are juxtaposed.

Examples
--------
>>> from symflow.exact.rationals import fmpq
>>> Sum((Symbol("a"), Negative(Quotient(Symbol("c"), Rational(fmpq(2))))))
Sum(terms=(Symbol(name='a', index=''), Negative(of=Quotient(top=Symbol(name='c', index=''), bottom=Rational(value=2)))))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.exact.rationals import fmpq


@final
@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter: ``c``, ``θ``, ``u`` with index ``1``.

    Parameters
    ----------
    name : str
        One Latin or Greek letter (the Greek one itself: ``"θ"``), or a short upright word.
    index : str
        Digits, or a letter such as ``"k"``; empty where there is none.
    """

    name: str
    index: str = ""


@final
@dataclass(frozen=True, slots=True)
class Parameters:
    """Some parameters by their name: ``W1[1,·]``, ``W2``, ``W1[1,2]``, ``b1``, ``b1[2]``, ``x``, ``x[1]``.

    Parameters
    ----------
    letter : str
        ``"W"``, ``"b"`` or ``"x"``; also ``"z"`` for the preactivation of unit `row`, on datum `column`.
    layer : int
        From 1; 0 for ``x``.
    row : int or None
        From 1; None for all rows.
    column : int or None
        From 1; None for all columns.
    shown : str
        The letter that is written, where that is another one.
    every : str
        What is written for all rows or columns: ``"·"`` or ``":"``.
    """

    letter: str
    layer: int = 0
    row: int | None = None
    column: int | None = None
    shown: str = ""
    every: str = "·"


@final
@dataclass(frozen=True, slots=True)
class Rational:
    """A rational number, exactly. A printer may cut a long one to a decimal with ``…``."""

    value: fmpq


@final
@dataclass(frozen=True, slots=True)
class Decimal:
    """The leading decimal digits of a number, cut off, not rounded: each is right.

    Parameters
    ----------
    digits : str
        Such as ``"0.60653"`` or ``"1.23e-9"``.
    is_cut : bool
        Whether to write ``…`` behind them; after ``≈`` it is not written.
    exact : Expression or None
        The number itself, where the digits stand for one that is long: written where nothing is to be elided.
    """

    digits: str
    is_cut: bool = False
    exact: Expression | None = None


@final
@dataclass(frozen=True, slots=True)
class Exponential:
    """e to a rational power: ``e^(−1/2)``, ``√e``, ``e``."""

    exponent: fmpq


@final
@dataclass(frozen=True, slots=True)
class Logarithm:
    """ln of an expression."""

    of: Expression


@final
@dataclass(frozen=True, slots=True)
class Negative:
    """Minus an expression."""

    of: Expression


@final
@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of at least two terms; ``Negative`` terms are subtracted."""

    terms: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Product:
    """A product of at least two factors, juxtaposed: a number, then symbols, then a vector."""

    factors: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Quotient:
    """A fraction that is no rational number: ``c/2``, ``1/(1+√e)``."""

    top: Expression
    bottom: Expression


@final
@dataclass(frozen=True, slots=True)
class Power:
    """A positive integer power: ``c²``, ``R³``."""

    base: Expression
    exponent: int


@final
@dataclass(frozen=True, slots=True)
class Vector:
    """A row vector: ``(1, 1)``. A long one is cut by the printer, first and last entries kept."""

    entries: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Pairing:
    """The inner product ⟨left, right⟩."""

    left: Expression
    right: Expression


@final
@dataclass(frozen=True, slots=True)
class Norm:
    """The Euclidean norm, to the first or second power."""

    of: Expression
    power: int = 1


@final
@dataclass(frozen=True, slots=True)
class Hull:
    """The convex hull of points: ``conv{ (0, 0), (1, 1) }``."""

    points: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class FiniteSet:
    """The set of the elements listed: ``{1}``."""

    elements: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval: ``[−1, 1]``."""

    low: Expression
    high: Expression


@final
@dataclass(frozen=True, slots=True)
class CartesianProduct:
    """A product of sets: ``[0, 1] × [0, 2]``."""

    factors: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Application:
    """A function at a point: ``∂R(w)``, ``∇f(0)``, ``f(2, 3)``.

    Parameters
    ----------
    function : str
        ``"f"``, ``"F"``, ``"R"``, ``"G"``.
    operator : str
        ``"∂"``, ``"∇"`` or empty.
    point : Expression or None
        A ``Vector`` is written without its own parentheses; None leaves the point out.
    """

    function: str
    operator: str = ""
    point: Expression | None = None


@final
@dataclass(frozen=True, slots=True)
class Relation:
    """A chain such as ``0 ≤ θ ≤ 1`` or ``c = e^(−1/2) ≈ 0.60653``.

    Parameters
    ----------
    terms : tuple of Expression
        One more than the signs.
    signs : tuple of str
        Each of ``= ≠ < ≤ > ≥ ≈ ∈``.
    """

    terms: tuple[Expression, ...]
    signs: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.terms) != len(self.signs) + 1:
            raise ValueError(f"{len(self.terms)} terms for {len(self.signs)} signs")


#: What can be written.
Expression: TypeAlias = (
    Symbol
    | Parameters
    | Rational
    | Decimal
    | Exponential
    | Logarithm
    | Negative
    | Sum
    | Product
    | Quotient
    | Power
    | Vector
    | Pairing
    | Norm
    | Hull
    | FiniteSet
    | Interval
    | CartesianProduct
    | Application
    | Relation
)

#: Running text with expressions in it; the pieces are set one behind the other, spaces included in the words.
Sentence: TypeAlias = tuple[str | Expression, ...]


def signed(term: Expression) -> tuple[bool, Expression]:
    """Return whether a term of a sum is to be subtracted, and what.

    Examples
    --------
    >>> signed(Negative(Symbol("c")))
    (True, Symbol(name='c', index=''))
    >>> from symflow.exact.rationals import fmpq
    >>> signed(Product((Rational(fmpq(-2)), Symbol("c"))))[1].factors[0]
    Rational(value=2)
    """
    match term:
        case Negative():
            return True, term.of
        case Rational() if term.value < 0:
            return True, Rational(-term.value)
        case Product() if not isinstance(term.factors[0], Negative):
            is_negative, first = signed(term.factors[0])
            if is_negative:
                return True, Product((first, *term.factors[1:]))
    return False, term


def needs_parentheses_as_base(expression: Expression) -> bool:
    """Return whether an expression stands in parentheses where it is raised to a power: (e³)², not e³².

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> needs_parentheses_as_base(Exponential(fmpq(3))), needs_parentheses_as_base(Exponential(fmpq(1)))
    (True, False)
    """
    match expression:
        case Exponential():
            return expression.exponent != 1
        case Rational():
            return expression.value < 0 or expression.value.q != 1
    return isinstance(expression, Sum | Negative | Product | Quotient | Relation | Power | Logarithm)
