"""The set ∂F(w) itself: a product of factors and a constant block, with witnesses for what is asked of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.differentials.element import Element
from symflow.differentials.facets import Facets, facets_of
from symflow.differentials.factor import Factor
from symflow.differentials.point_product import AffineHull, PointProduct, affine_hull
from symflow.differentials.polytope import Point, Polytope
from symflow.errors import NotSupportedError, ShapeError
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.membership import Member, Separated
from symflow.exact.point_sets import dot
from symflow.exact.rationals import entries, fmpq, rational
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.showing import AbstractFormula
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided


@final
@dataclass(frozen=True)
class Shortcut:
    """Why the set is known without listing its cells.

    Parameters
    ----------
    kind : str
        "two_zero_matrices" or "continuously_differentiable".
    layers : tuple of int
        The two layers, for the first.
    """

    kind: str
    layers: tuple[int, ...] = ()


@final
@dataclass(frozen=True)
class Support:
    """The largest value of a linear functional on the set, or bounds of it.

    Parameters
    ----------
    lower : Scalar or None
        The largest value on the hull of the realised gradients; None where none is known.
    upper : Scalar or None
        A number that is not exceeded; None where none is known.
    element : point or None
        A vertex at which `lower` is taken.
    """

    lower: Scalar | None
    upper: Scalar | None
    element: Point | None

    @property
    def is_exact(self) -> bool:
        """Whether the bounds agree."""
        return self.lower is not None and self.upper is not None and self.lower == self.upper

    @property
    def value(self) -> Scalar:
        """The value.

        Raises
        ------
        NotSupportedError
            If only bounds are known.
        """
        if self.lower is None or not self.is_exact:
            raise NotSupportedError("the set is only enclosed; ask for the bounds lower and upper")
        return self.lower

    def __repr__(self) -> str:
        if self.is_exact:
            return f"Support({self.value}, exact)"
        return f"Support(between {self.lower} and {self.upper})"


@final
@dataclass(frozen=True, eq=False)
class ClarkeDifferential(AbstractFormula):
    """∂F(w): a product of factors (often one) and a constant block.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at w.
    factors : tuple of Factor
        Their variables are disjoint.
    constant : tuple of (place, value)
        The variables in which the set has one value.
    is_product : bool
        Whether the factors are neurons (Theorem 3).
    shortcut : Shortcut or None
        Why it is known without cells, where it is.

    Examples
    --------
    |x| at 0: every slope between -1 and 1.

    >>> from symflow import Network, Realization, clarke_differential
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> clarke_differential(f, at=(0,)), clarke_differential(f, at=(0,)).vertices
    (ClarkeDifferential(segment in R^1, 2 vertices, exact), ((-1,), (1,)))
    """

    function: AbstractPatternedFunction
    factors: tuple[Factor, ...]
    constant: tuple[tuple[int, Scalar], ...]
    is_product: bool
    shortcut: Shortcut | None = None

    # ------------------------------------------------------------------ what kind of set it is

    @property
    def status(self) -> str:
        """The word for it: "exact" or "enclosed"."""
        return "exact" if self.is_exact else "enclosed"

    @property
    def is_exact(self) -> bool:
        """Whether the set is known exactly."""
        return all(factor.is_exact for factor in self.factors)

    @property
    def trusts(self) -> tuple[str, ...]:
        """The solvers on whose mere word the inner hull would be the whole set; none where it is exact, or open."""
        found = [factor.trusts for factor in self.factors]
        if any(trusts is None for trusts in found):
            return ()
        return tuple(sorted({solver for trusts in found if trusts is not None for solver in trusts}))

    @property
    def n_vertices(self) -> int | None:
        """The number of extreme points, None where the set is not known exactly."""
        return math.prod(len(factor.inner.vertices) for factor in self.factors) if self.is_exact else None

    @property
    def n_limiting_gradients(self) -> int | None:
        """The size of the Bouligand differential, None where it is not decided."""
        counts = [factor.n_limiting_gradients for factor in self.factors]
        return None if None in counts else math.prod(count for count in counts if count is not None)

    @cached_property
    def dimension(self) -> int | None:
        """The dimension of the affine hull, None where it is not decided."""
        total = 0
        for factor in self.factors:
            if not factor.inner.vertices or factor.outer is None:
                return None
            if not factor.is_exact and factor.outer.dimension != factor.inner.dimension:
                return None
            total += factor.inner.dimension
        return total

    @property
    def vertices(self) -> tuple[Point, ...]:
        """All extreme points, sorted; there may be very many: ask `n_vertices` first.

        Raises
        ------
        NotSupportedError
            If the set is not known exactly; see `inner_vertices` and `outer_vertices`.
        """
        if not self.is_exact:
            raise NotSupportedError("the set is only enclosed; ask for inner_vertices and outer_vertices")
        return self.inner_vertices

    @cached_property
    def inner_vertices(self) -> tuple[Point, ...]:
        """The extreme points of the hull of the realised gradients, sorted."""
        return self._assembled([factor.inner.vertices for factor in self.factors])

    @cached_property
    def outer_vertices(self) -> tuple[Point, ...] | None:
        """The extreme points of the hull of all gradients that are possible, None where there are too many."""
        if any(factor.outer is None for factor in self.factors):
            return None
        return self._assembled([factor.outer.vertices for factor in self.factors if factor.outer is not None])

    # ------------------------------------------------------------------ elements

    @cached_property
    def minimal_norm_element(self) -> Element:
        """The shortest element (of the inner hull, where the set is only enclosed)."""
        return Element(self._point([factor.inner.minimal_norm_element for factor in self.factors]))

    @cached_property
    def minimal_norm_squared(self) -> Scalar:
        """Its squared length."""
        return self.minimal_norm_element.squared_norm

    @cached_property
    def is_clarke_stationary(self) -> AbstractVerdict:
        """Whether 0 lies in the set: proved with weights, refuted with a separator, or undecided."""
        return self.contains((fmpq(0),) * len(self.function.variables))

    @property
    def contains_zero(self) -> bool | None:
        """Whether 0 lies in the set; None where that is undecided."""
        verdict = self.is_clarke_stationary
        return None if verdict.is_undecided else verdict.is_proved

    def contains(self, element: Sequence[object]) -> AbstractVerdict:
        """Decide whether a vector lies in the set.

        Parameters
        ----------
        element : sequence of numbers
            One a variable; a lone float is refused.

        Returns
        -------
        Proved, Refuted or Undecided
            Proved with ``weights`` (on the vertices; a tuple of them a factor, in a product), Refuted with a
            ``separator`` u: <u, element> < <u, s> for every s in the set.

        Raises
        ------
        ShapeError, InexactNumberError, InputError
            If it is no exact vector of that many entries.

        Examples
        --------
        The differential of |x| = relu(x) + relu(-x) at 0 is [-1, 1].

        >>> from symflow.differentials.clarke import clarke_differential
        >>> from symflow.nets.network import Network
        >>> from symflow.nets.realization import Realization
        >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
        >>> dR.contains(("1/2",)), dR.contains((2,))
        (Proved(weights=(1/4, 3/4)), Refuted(separator=(-1,)))
        """
        point = self._exact(element)
        separator = self._constant_separator(point)
        if separator is not None:
            return Refuted(separator=separator)
        weights: list[tuple[Scalar, ...]] = []
        undecided = False
        for factor in self.factors:
            part = tuple(point[place] for place in factor.places)
            found = factor.inner.locate(part) if factor.inner.vertices else None
            if isinstance(found, Member):
                weights.append(tuple(found.weights.get(i, fmpq(0)) for i in range(len(factor.inner.vertices))))
                continue
            if not factor.is_exact:
                found = None if factor.outer is None else factor.outer.locate(part)
            if isinstance(found, Separated):
                return Refuted(separator=self._spread(factor, found.functional))
            undecided = True
        if undecided:
            return Undecided(reason="the vector lies between the inner and the outer hull")
        if not self.is_product and not weights:  # one point, known by a shortcut
            return Proved(weights=(fmpq(1),))
        return Proved(weights=tuple(weights) if self.is_product else weights[0])

    # ------------------------------------------------------------------ geometry

    @property
    def bouligand_differential(self) -> PointProduct:
        """The limits of gradients themselves, a product that is not multiplied out.

        Raises
        ------
        NotSupportedError
            If it is not decided which gradients are limits.
        """
        if self.n_limiting_gradients is None:
            raise NotSupportedError("some patterns are undecided; raise the budget")
        return PointProduct(
            len(self.function.variables),
            tuple(
                (factor.places, tuple(sorted([*factor.inner.vertices, *(p for p, _ in factor.inner.inner)])))
                for factor in self.factors
            ),
            self.constant,
        )

    def support(self, direction: Sequence[object]) -> Support:
        """Return the largest value of <s, v> over the set: Clarke's upper derivative f°(w; v).

        Parameters
        ----------
        direction : sequence of numbers
            v, exact, one entry a variable.

        Examples
        --------
        >>> from symflow.differentials.clarke import clarke_differential
        >>> from symflow.nets.network import Network
        >>> from symflow.nets.realization import Realization
        >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 2]])), at=(0,))
        >>> dR.support((-1,)).value, dR.support((-1,)).element
        (2, (-2,))
        """
        v = self._exact(direction)
        start: Scalar = fmpq(0)
        for place, value in self.constant:
            start = start + v[place] * value
        lower: Scalar | None = start
        upper: Scalar | None = start
        parts: list[Point] = []
        for factor in self.factors:
            part = tuple(v[place] for place in factor.places)
            if lower is not None and factor.inner.vertices:
                best = max(factor.inner.vertices, key=lambda vertex: dot(vertex, part))
                parts.append(best)
                lower = lower + dot(best, part)
            else:
                lower = None
            above = _largest(factor, part)
            upper = None if upper is None or above is None else upper + above
        return Support(lower, upper, None if lower is None else self._point(parts))

    @cached_property
    def affine_hull(self) -> AffineHull:
        """The smallest affine space that contains the set: a point of it and a basis of its directions.

        Raises
        ------
        NotSupportedError
            If the set is not known exactly.
        """
        if not self.is_exact:
            raise NotSupportedError("the set is only enclosed; its affine hull is not known")
        width = len(self.function.variables)
        first = self._point([factor.inner.vertices[0] for factor in self.factors])
        return affine_hull(width, first, [(factor.places, factor.inner.vertices) for factor in self.factors])

    def facets(self) -> Facets:
        """Return the facets of the set, with the equations of its affine hull.

        Raises
        ------
        NotSupportedError
            If the set is not known exactly, or a factor is too large for the method.

        Examples
        --------
        >>> from symflow.differentials.clarke import clarke_differential
        >>> from symflow.nets.network import Network
        >>> from symflow.nets.realization import Realization
        >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 2]])), at=(0,))
        >>> [(facet.normal, facet.bound) for facet in dR.facets().inequalities]
        [((-1,), 2), ((1,), 1)]
        """
        if not self.is_exact:
            raise NotSupportedError("the set is only enclosed; its facets are not known")
        width = len(self.function.variables)
        return facets_of(width, [(factor.places, factor.inner.vertices) for factor in self.factors], self.constant)

    # ------------------------------------------------------------------ display

    @property
    def shape(self) -> str:
        """What the set is, in a word: a point, a segment, a triangle, .. or a polytope."""
        if not self.is_exact:
            return "enclosed set"
        if self.n_vertices is not None and self.n_vertices <= 4 and self.dimension == self.n_vertices - 1:
            return ("point", "segment", "triangle", "tetrahedron")[self.dimension]
        return "polygon" if self.dimension == 2 else "polytope"

    def __repr__(self) -> str:
        space = f"R^{len(self.function.variables)}"
        if not self.is_exact:
            return f"ClarkeDifferential(in {space}, enclosed)"
        count = self.n_vertices
        plural = "vertex" if count == 1 else "vertices"
        return f"ClarkeDifferential({self.shape} in {space}, {count} {plural}, exact)"

    # ------------------------------------------------------------------ assembling

    def _exact(self, element: Sequence[object]) -> Point:
        names = self.function.variables
        if len(entries(element, place="element")) != len(names):
            raise ShapeError(f"{len(element)} entries, the set lies in R^{len(names)}; give one a variable")
        return tuple(
            entry if isinstance(entry, ExponentialNumber) else rational(entry, place=name)
            for entry, name in zip(element, names, strict=True)
        )

    def _point(self, parts: Sequence[Sequence[Scalar]]) -> Point:
        result: list[Scalar] = [fmpq(0)] * len(self.function.variables)
        for place, value in self.constant:
            result[place] = value
        for factor, part in zip(self.factors, parts, strict=True):
            for place, value in zip(factor.places, part, strict=True):
                result[place] = value
        return tuple(result)

    def _assembled(self, choices: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
        return tuple(sorted(self._points(choices)))

    def _points(self, choices: Sequence[Sequence[Point]]) -> Iterator[Point]:
        for parts in itertools.product(*choices):
            yield self._point(parts)

    def _spread(self, factor: Factor, functional: Sequence[fmpq]) -> tuple[fmpq, ...]:
        result = [fmpq(0)] * len(self.function.variables)
        for place, entry in zip(factor.places, functional, strict=True):
            result[place] = entry
        return tuple(result)

    def _constant_separator(self, element: Sequence[Scalar]) -> tuple[fmpq, ...] | None:
        for place, value in self.constant:
            if element[place] != value:
                direction = fmpq(1) if value > element[place] else fmpq(-1)
                return tuple(direction if i == place else fmpq(0) for i in range(len(self.function.variables)))
        return None


def _largest(factor: Factor, part: Point) -> Scalar | None:
    """Return a bound of <s, v> on a factor: its outer hull's largest value, or its box's."""
    outer: Polytope | None = factor.outer
    if outer is not None:
        return max(dot(vertex, part) for vertex in outer.vertices)
    if factor.box is None:
        return None
    total: Scalar = fmpq(0)
    for (low, high), entry in zip(factor.box, part, strict=True):
        total = total + max(low * entry, high * entry)
    return total
