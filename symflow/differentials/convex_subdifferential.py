"""The subdifferential of convex analysis, of a piecewise-linear function of the input.

Definition. {s : f(y) >= f(w) + <s, y - w> for all y}. It asks for all of f, not for f near w, and is empty at a point
where no affine function touches f from below; it is contained in the Clarke differential, with equality for f convex.

f is affine on each cell of its region graph, and a closed cell is the hull of its vertices and rays (and lines). So s
belongs to the set if and only if

    <s, y - w> <= f(y) - f(w) at every vertex y,   and   <s, r> <= the slope of f along every ray r:

finitely many inequalities, a bounded polytope. By Farkas' lemma it is empty if and only if w = sum_i λ_i y_i with
weights of sum 1 and f(w) > sum_i λ_i f(y_i): Jensen's inequality fails at w. Both are found by exact linear programs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.errors import BudgetExceededError, NotSupportedError, ShapeError
from symflow.exact.alternatives import FarkasFunctional
from symflow.exact.linear_algebra import rank, solve
from symflow.exact.linear_program import nonnegative_solution
from symflow.exact.rationals import entries, fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.at_point import function_at
from symflow.nets.network import Vector
from symflow.nets.objective import Combination, Output
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import FunctionOfInput, Realization
from symflow.regions.enumeration import Control
from symflow.regions.region import Region
from symflow.regions.region_graph import RegionGraph
from symflow.showing import AbstractShown
from symflow.verdict import AbstractVerdict, Proved, Refuted

# Sets of inequalities that are asked for the vertex where they are equalities.
MOST_CHOICES = 50_000


@final
@dataclass(frozen=True, slots=True)
class Bound:
    """An inequality <normal, s> <= bound of the set.

    Parameters
    ----------
    normal : vector
        y - w for a vertex y of a cell, or a ray r of a cell.
    bound : fmpq
        f(y) - f(w), or the slope of f along r.
    base : vector
        y, or a vertex of the cell.
    value : fmpq
        f there.
    is_ray : bool
        Whether the normal is a ray.
    """

    normal: Vector
    bound: fmpq
    base: Vector
    value: fmpq
    is_ray: bool

    def point(self, far: fmpq) -> tuple[Vector, fmpq]:
        """Return y and f(y); along a ray y is the base moved `far` times the ray."""
        if not self.is_ray:
            return self.base, self.value
        return tuple(x + far * r for x, r in zip(self.base, self.normal, strict=True)), self.value + far * self.bound


@final
@dataclass(frozen=True)
class ConvexSubdifferential(AbstractShown):
    """The set, by its inequalities.

    Parameters
    ----------
    function : FunctionOfInput
        f, at w.
    bounds : tuple of Bound
        One for each vertex and each ray of the cells, the superfluous ones among parallel ones left out.
    budget : Budget
        For the linear programs.
    """

    function: FunctionOfInput
    bounds: tuple[Bound, ...]
    budget: Budget = NO_BUDGET

    def contains(self, element: Sequence[object]) -> AbstractVerdict:
        """Decide whether a vector s lies in the set.

        Returns
        -------
        Proved or Refuted
            Proved with the least ``slack`` of the inequalities. Refuted with a ``point`` y and ``values`` f(y) <
            f(w) + <s, y - w>.
        """
        names = self.function.variables
        if len(entries(element, place="element")) != len(names):
            raise ShapeError(f"{len(element)} entries, the set lies in R^{len(names)}; give one a variable")
        s = tuple(rational(entry, place=name) for entry, name in zip(element, names, strict=True))
        for bound in self.bounds:
            if _dot(bound.normal, s) > bound.bound:
                return self._violated(bound, s)
        return Proved(slack=min(bound.bound - _dot(bound.normal, s) for bound in self.bounds))

    @cached_property
    def is_nonempty(self) -> AbstractVerdict:
        """Whether an affine function touches f at w from below.

        Proved with an ``element``. Refuted with ``points`` and ``weights`` of sum 1 whose combination is w, while
        f(w) > sum_i λ_i f(y_i); ``values`` are f(w) and that sum.
        """
        normals = [bound.normal for bound in self.bounds]
        found = _below(normals, [bound.bound for bound in self.bounds], self.budget)
        if isinstance(found, tuple):
            return Proved(element=found)
        far = fmpq(1)
        while True:  # the rays' points far enough out exclude every s too: the sets they leave are compact and shrink
            pairs = [bound.point(far) for bound in self.bounds]
            w, value = self.function.point, _value(self.function)
            normals = [tuple(x - y for x, y in zip(point, w, strict=True)) for point, _ in pairs]
            found = _below(normals, [height - value for _, height in pairs], self.budget)
            if isinstance(found, dict):
                total = sum(found.values(), fmpq(0))
                points = tuple(pairs[i][0] for i in found)
                weights = tuple(weight / total for weight in found.values())
                mean = sum((pairs[i][1] * weight / total for i, weight in found.items()), fmpq(0))
                return Refuted(points=points, weights=weights, values=(value, mean))
            far *= 2

    @property
    def is_empty(self) -> bool:
        """Whether there is no such s."""
        return self.is_nonempty.is_refuted

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The extreme points, sorted.

        Raises
        ------
        NotSupportedError
            If there are too many inequalities for their number of variables.
        """
        width = len(self.function.variables)
        count = math.comb(len(self.bounds), width)
        if count > MOST_CHOICES:
            raise NotSupportedError(
                f"{len(self.bounds)} inequalities in {width} variables: {count} corners to try, at most {MOST_CHOICES} "
                "are; contains(s) and is_nonempty answer without vertices"
            )
        if self.is_empty:
            return ()
        found: set[Vector] = set()
        for chosen in itertools.combinations(self.bounds, width):
            rows = [bound.normal for bound in chosen]
            s = solve(rows, [bound.bound for bound in chosen]) if rank(rows) == width else None
            if s is None:
                continue
            corner = tuple(rational(entry) for entry in s)
            if all(_dot(bound.normal, corner) <= bound.bound for bound in self.bounds):
                found.add(corner)
        return tuple(sorted(found))

    def __repr__(self) -> str:
        inside = "empty" if self.is_empty else f"{len(self.bounds)} inequalities"
        return f"ConvexSubdifferential({inside} in R^{len(self.function.variables)}, exact)"

    def _violated(self, bound: Bound, s: Vector) -> Refuted:
        far, w, value = fmpq(1), self.function.point, _value(self.function)
        while True:  # along a ray f grows more slowly than the affine function
            point, height = bound.point(far)
            affine = value + _dot(s, tuple(x - y for x, y in zip(point, w, strict=True)))
            if height < affine:
                return Refuted(point=point, values=(height, affine))
            far *= 2


def convex_subdifferential(
    function: Realization | AbstractPatternedFunction,
    *,
    at: Sequence[object] | None = None,
    budget: Budget = NO_BUDGET,
) -> ConvexSubdifferential:
    """Return {s : f(y) >= f(w) + <s, y - w> for all y}, of a piecewise-linear net as a function of its input.

    Parameters
    ----------
    function : Realization or FunctionOfInput
        f; an output, or a multiple of one.
    at : sequence of numbers, optional
        w, for a realization.
    budget : Budget
        For the enumeration of the cells and the linear programs.

    Raises
    ------
    NotSupportedError
        If f is no piecewise-linear function of the input.
    BudgetExceededError
        If the cells were not all found in time.

    Examples
    --------
    |x| has [-1, 1] at 0; -|x| has nothing there, since f(0) = 0 > (f(-1) + f(1))/2.

    >>> from symflow.nets.network import Network
    >>> up, down = (Realization(Network.from_weights([[1], [-1]], [[c, c]])) for c in (1, -1))
    >>> convex_subdifferential(up, at=(0,)).vertices
    ((-1,), (1,))
    >>> convex_subdifferential(up, at=(0,)).contains((2,))
    Refuted(point=(1,), values=(1, 2))
    >>> convex_subdifferential(down, at=(0,)).is_nonempty
    Refuted(points=((-1,), (1,)), weights=(1/2, 1/2), values=(0, -1))
    """
    F = function_at(function, at)
    if not isinstance(F, FunctionOfInput) or not _is_piecewise_linear(F):
        raise NotSupportedError(
            "the convex subdifferential is computed of a piecewise-linear net as a function of its input only; "
            "give Realization(net) with at=(..)"
        )
    graph = RegionGraph.of(F.network, control=Control(deadline=budget.deadline))
    if graph.status != "complete":
        raise BudgetExceededError("the cells of the net were not all found in time; allow more")
    return ConvexSubdifferential(F, _bounds(F, graph), budget)


def _is_piecewise_linear(function: FunctionOfInput) -> bool:
    if not all(activation.is_piecewise_linear for activation in function.network.architecture.activations):
        return False
    objective = function.objective
    if isinstance(objective, Combination):
        return all(isinstance(c, fmpq) for c in objective.constants)
    return isinstance(objective, Output)


def _bounds(function: FunctionOfInput, graph: RegionGraph) -> tuple[Bound, ...]:
    """Return the inequalities, of parallel ones the strongest."""
    strongest: dict[Vector, tuple[fmpq, Bound]] = {}
    for cell in graph.cells:
        for bound in _of_cell(function, cell, graph.lineality):
            size = max(abs(entry) for entry in bound.normal)
            unit = tuple(entry / size for entry in bound.normal)
            height = bound.bound / size
            if unit not in strongest or height < strongest[unit][0]:
                strongest[unit] = (height, bound)
    return tuple(strongest[unit][1] for unit in sorted(strongest))


def _of_cell(function: FunctionOfInput, cell: Region, lineality: Sequence[Sequence[int]]) -> list[Bound]:
    (factor,) = function.coefficients
    assert isinstance(factor, fmpq)  # an output, or a rational multiple
    gradient = tuple(factor * rational(entry) for entry in cell.gradient[function.output])
    offset = factor * rational(cell.offset[function.output])
    vertices = [tuple(rational(entry) for entry in vertex) for vertex in cell.vertices]
    w, value = function.point, _value(function)
    bounds = []
    for y in vertices:
        height = _dot(gradient, y) + offset
        normal = tuple(a - b for a, b in zip(y, w, strict=True))
        bounds.append(Bound(normal, height - value, y, height, False))
    # A vertex always exists: the cells are pointed on a section transversal to the lines that all of them contain.
    base, height = vertices[0], _dot(gradient, vertices[0]) + offset
    rays = [_vector(ray) for ray in cell.rays]
    for line in map(_vector, lineality):
        rays += [line, tuple(-entry for entry in line)]
    bounds += [Bound(ray, _dot(gradient, ray), base, height, True) for ray in rays]
    return [bound for bound in bounds if any(entry != 0 for entry in bound.normal)]


def _vector(integers: Sequence[int]) -> Vector:
    return tuple(fmpq(entry) for entry in integers)


def _value(function: FunctionOfInput) -> fmpq:
    value = function.value
    assert isinstance(value, fmpq)  # an output, or a rational multiple
    return value


def _below(normals: Sequence[Vector], heights: Sequence[fmpq], budget: Budget) -> Vector | dict[int, fmpq]:
    """Return s with <a_i, s> <= b_i for all i, or λ >= 0 with sum_i λ_i a_i = 0 and sum_i λ_i b_i < 0."""
    width = len(normals[0])
    columns: list[Sequence[fmpq] | Mapping[Hashable, fmpq]] = []
    for place in range(width):
        column: dict[Hashable, fmpq] = {i: normal[place] for i, normal in enumerate(normals) if normal[place] != 0}
        columns += [column, {i: -entry for i, entry in column.items()}]
    columns += [{i: fmpq(1)} for i in range(len(normals))]
    answer = nonnegative_solution(columns, {i: b for i, b in enumerate(heights) if b != 0}, budget=budget)
    if isinstance(answer, FarkasFunctional):
        return {i: value for i in range(len(normals)) if (value := answer.y.get(i, fmpq(0))) != 0}
    zero = fmpq(0)
    return tuple(answer.weights.get(2 * k, zero) - answer.weights.get(2 * k + 1, zero) for k in range(width))


def _dot(left: Sequence[fmpq], right: Sequence[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(left, right, strict=True)), fmpq(0))
