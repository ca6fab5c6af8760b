"""What a lecturer would say of a Clarke differential, as plain data.

``read_set.py`` makes a :class:`Reading` from a ``ClarkeDifferential``. It holds no layout: the terminal, the notes, the
page and the notebook print the same one.

The set is a product of *parts* and a constant block. A part is the block of one neuron (Theorem 3), or everything
that varies where the set is given flat. Each part is said in the shortest of these *forms*:

* ``"point"``: nothing varies.
* ``"span"``: base + Σ θ_i g_i with 0 ≤ θ_i ≤ 1 independently: a segment, a parallelogram, a box, a zonotope. Where all
  lies on one line through 0 the row reads −τ (1, 1), with τ defined among the ``auxiliaries``.
* ``"hull"``: one block varies, and the hull of its few vertices is short enough to write: a triangle, a pentagon.
* ``"vertices"``: any other polytope, or one whose formula would be clumsy: its vertices are listed in a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.reports.expressions import Application, Decimal, Expression, Parameters, Symbol

#: The forms in which a part is said.
Form: TypeAlias = Literal["point", "span", "hull", "vertices"]


@final
@dataclass(frozen=True, slots=True)
class Shape:
    """What a set is, in a word.

    Parameters
    ----------
    noun : str
        ``"point"``, ``"segment"``, ``"triangle"``, ``"parallelogram"``, ``"rectangle"``, ``"square"``, ``"box"``,
        ``"cube"``, ``"hexagon"``, ``"zonotope"``, ``"simplex"``, ``"product"``, ``"polytope"``, ..
    detail : str
        What follows the noun: ``"with 7 vertices, of dimension 3"``, ``"of a segment and a triangle"``; often empty.
    dimension : int
        Of the affine hull.
    n_vertices : int
        How many extreme points.
    """

    noun: str
    detail: str
    dimension: int
    n_vertices: int


@final
@dataclass(frozen=True, slots=True)
class Constant:
    """A name for an irrational number that repeats: c = e^(−1/2) ≈ 0.60653.

    Parameters
    ----------
    symbol : Symbol
        ``c``, or ``c1``, ``c2``, .. where there are several.
    value : Scalar
        The number.
    expression : Expression
        It, written out.
    decimal : Decimal
        Its first digits.
    """

    symbol: Symbol
    value: Scalar
    expression: Expression
    decimal: Decimal


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One line of the closed form: some parameters, and what they are for the elements of the set.

    Parameters
    ----------
    names : tuple of Parameters
        Whose line it is: one block such as ``W1[1,·]``; several where all have this same value.
    places : tuple of int
        Their places among the variables.
    value : Expression
        In terms of the constants, and of the part's parameters where it varies; a set in the form ``"hull"``.
    is_constant : bool
        Whether it is the same for every element.
    sign : str
        ``=``, or ``∈`` in the form ``"hull"``.
    """

    names: tuple[Parameters, ...]
    places: tuple[int, ...]
    value: Expression
    is_constant: bool
    sign: str = "="


@final
@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A name for a scalar of a closed form: τ = (1−θ) + θ c.

    Parameters
    ----------
    symbol : Symbol
        τ.
    definition : Expression
        In terms of θ and of the constants.
    at_zero, at_one : Scalar
        Its values at θ = 0 and at θ = 1.
    """

    symbol: Symbol
    definition: Expression
    at_zero: Scalar
    at_one: Scalar


@final
@dataclass(frozen=True, slots=True)
class Part:
    """One factor of the set.

    Parameters
    ----------
    neuron : int or None
        Which hidden neuron or pooling group (from 1); None where the set is given flat.
    places : tuple of int
        Its variables.
    shape : Shape
        What it is.
    form : Form
        How it is said.
    rows : tuple of Row
        Line by line, in the order of the parameters; none in the form ``"vertices"``.
    parameters : tuple of Symbol
        θ, or θ1, θ2, ..: each runs over [0, 1], independently; none in the other forms.
    auxiliaries : tuple of Auxiliary
        τ, where it is used.
    base : Point
        In the variables of the part: the point at θ = 0.
    generators : tuple of Point
        One a parameter θ.
    vertices : tuple of Point
        All extreme points, in the variables of the part, sorted.
    vertex_rows : tuple of (Parameters, places)
        In the form ``"vertices"``: the blocks that vary, the columns of a table of the vertices; the places count
        among the variables of F.
    """

    neuron: int | None
    places: tuple[int, ...]
    shape: Shape
    form: Form
    rows: tuple[Row, ...]
    parameters: tuple[Symbol, ...] = ()
    auxiliaries: tuple[Auxiliary, ...] = ()
    base: Point = ()
    generators: tuple[Point, ...] = ()
    vertices: tuple[Point, ...] = ()
    vertex_rows: tuple[tuple[Parameters, tuple[int, ...]], ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Reading:
    """A set, read.

    Parameters
    ----------
    name : Application
        ``∂R(w)``, ``∂f(2, 2)``.
    shape : Shape
        Of the whole.
    parts : tuple of Part
        The factors that vary; none where the set is a point.
    constant_rows : tuple of Row
        What does not vary, outside the parts.
    constants : tuple of Constant
        The names for irrational numbers that the rows use.
    """

    name: Application
    shape: Shape
    parts: tuple[Part, ...]
    constant_rows: tuple[Row, ...]
    constants: tuple[Constant, ...]

    @property
    def is_point(self) -> bool:
        """Whether the set has one element."""
        return not self.parts
