"""Arcs of higher order: finding a way into a cell where no direction leads.

A cell may meet the point only tangentially: where features vanish or are parallel, the linear terms of its
constraints cannot all be positive, but along w + ε d_1 + ε² d_2 + .. the first nonzero coefficients can
(Proposition 7). In the weights of a deep net such arcs can be built layer by layer, because *given the features of
the layer below, a layer is linear in its own rows*: with features h_k(ε), power series in ε, the coefficients of
z_k(ε) = <W + D(ε), h_k(ε)> are linear in those of D. For one row the question whether all z_k can get their signs
is then a cascade of strict linear programs, one an order, and it is decided completely up to the order of
truncation:

    at order m, of the data whose coefficients below m all vanish, make as many as possible positive (Gordan's
    multipliers name those that cannot be), require the others to vanish, and pass them on to order m + 1.

What remains is how the lower layers move, and that is tried: first as simply as possible, then at random (the same
numbers every time), at several orders. So this is a finder; what it finds is expanded and checked exactly before it
is used.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias, final

from symflow.exact.linear_algebra import kernel
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.rationals import fmpq, rational
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, Constraint

# Power series in ε, truncated: the coefficients of ε^0 .. ε^ORDER.
Series: TypeAlias = list[fmpq]

ORDER = 5

_ZERO = fmpq(0)


def find_arc(
    function: AbstractPatternedFunction,
    constraints: Sequence[Constraint],
    characters: Characters,
    *,
    attempts: int,
    first: int = 0,
) -> tuple[Vector, ...] | None:
    """Return d_1, .., d_q along which all constraints become positive, or None where none was found.

    Parameters
    ----------
    function : AbstractPatternedFunction
        As a function of the weights; of others nothing is found.
    constraints : sequence of Constraint
        Those of the pattern so far.
    characters : sequence of str
        The characters so far, in tree order; empty where not chosen.
    attempts, first : int
        How many ways of moving the lower layers to try, from which one on.

    Examples
    --------
    The cusp: one datum x = -1, W1 = (0, 0), W2 = (-1, 0), W3 = -1; no direction leads into (+ + | +).

    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
    >>> F = FunctionOfWeights(Network.from_weights([[0], [0]], [[-1, 0]], [[-1]]), ((fmpq(-1),),), Output())
    >>> characters = ("+", "+", "+")
    >>> constraints = [F.options(i, characters)[1].constraints[0] for i in range(3)]
    >>> arc = find_arc(F, constraints, characters, attempts=40)
    >>> is_arc(F, constraints, characters, arc)
    True
    """
    if function.variable != "weights":
        return None
    for attempt in range(first, first + attempts):
        found = _Attempt(function, constraints, characters, attempt).run()
        if found is not None and is_arc(function, constraints, characters, found):
            return found
    return None


def is_arc(
    function: AbstractPatternedFunction,
    constraints: Sequence[Constraint],
    characters: Characters,
    arc: Sequence[Vector],
) -> bool:
    """Whether every constraint has a positive first nonzero coefficient along the arc; exact."""
    return all(leading_sign(function, constraint, characters, arc) > 0 for constraint in constraints)


def leading_sign(
    function: AbstractPatternedFunction, constraint: Constraint, characters: Characters, arc: Sequence[Vector]
) -> int:
    """Return the sign of the first nonzero coefficient of a constraint along an arc, 0 if all vanish."""
    polynomial = function.constraint_polynomial(constraint, characters)
    origin = (_ZERO,) * len(function.variables)
    for coefficient in polynomial.along_arc(origin, arc):
        if coefficient != 0:
            return 1 if coefficient > 0 else -1
    return 0


def shortened(
    function: AbstractPatternedFunction,
    constraints: Sequence[Constraint],
    characters: Characters,
    arc: tuple[Vector, ...],
) -> tuple[Vector, ...]:
    """Return an arc for the same constraints, without the entries that it does not need, the others made small.

    What was moved at random to find an arc need not stay in its certificate. From the highest power of ε on, each entry
    is left out, or else made ±1 or ±2, where every constraint still becomes positive; exact.

    Examples
    --------
    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
    >>> F = FunctionOfWeights(Network.from_weights([[1, -1]], [[1]]), ((fmpq(1), fmpq(1)),), Output())
    >>> up = F.options(0, ("",))[1].constraints
    >>> shortened(F, up, ("+",), ((fmpq(3), fmpq(5, 2), fmpq(1)), (fmpq(0), fmpq(1), fmpq(0))))
    ((0, 1, 0),)
    """
    rows = [list(vector) for vector in arc]
    concerned: defaultdict[int, list[Constraint]] = defaultdict(list)
    for constraint in constraints:
        for place in function.constraint_polynomial(constraint, characters).used_variables():
            concerned[place].append(constraint)
    for row in reversed(rows):
        for place, entry in enumerate(row):
            for shorter in (_ZERO, fmpq(1), fmpq(2)) if entry > 0 else (_ZERO, fmpq(-1), fmpq(-2)):
                if entry == shorter:
                    break
                row[place] = shorter
                if is_arc(function, concerned[place], characters, [tuple(each) for each in rows]):
                    break
                row[place] = entry
    last = max((i for i, row in enumerate(rows) if any(row)), default=0)
    return tuple(tuple(row) for row in rows[: last + 1])


@final
class _Attempt:
    """One way of moving the lower layers, and the rows that then follow."""

    def __init__(
        self,
        function: AbstractPatternedFunction,
        constraints: Sequence[Constraint],
        characters: Characters,
        number: int,
    ) -> None:
        self.function, self.characters, self.number = function, characters, number
        self.random = random.Random(number)
        self.shape = function.network.architecture
        self.moves: list[dict[int, fmpq]] = [{} for _ in range(ORDER + 1)]
        self.rows: defaultdict[tuple[int, int], list[Constraint]] = defaultdict(list)
        for constraint in constraints:
            self.rows[constraint.site.layer, constraint.site.output].append(constraint)
        self.last_layer = max((constraint.site.layer for constraint in constraints), default=0)

    def run(self) -> tuple[Vector, ...] | None:
        """Choose the rows layer by layer; None where one cannot get its signs."""
        features = [[_constant(entry) for entry in x] for x in self.function.inputs]
        for layer in range(1, self.last_layer + 1):
            for output, members in enumerate(self.shape.members(layer)):
                if not self._choose(layer, members, self.rows.get((layer, output), []), features):
                    return None
            if layer < self.last_layer:
                features = [self._features(layer, datum, features[datum]) for datum in range(len(features))]
        n_variables = len(self.function.variables)
        orders = max((m for m in range(1, ORDER + 1) if self.moves[m]), default=0)
        return tuple(tuple(self.moves[m].get(p, _ZERO) for p in range(n_variables)) for m in range(1, orders + 1))

    # ------------------------------------------------------------------ one row, or the rows of a group

    def _choose(
        self, layer: int, units: Sequence[int], constraints: list[Constraint], features: list[list[Series]]
    ) -> bool:
        """Choose how the rows of a unit or group move; return whether their constraints can be met."""
        places = [place for unit in units for place in self._places(layer, unit)]
        start = 1 if self.number == 0 else self.random.choice((1, 1, 2, 3))
        moved = _Cascade(len(places), start)
        for constraint in constraints:
            known, unknown = self._linear(layer, units, constraint, features[constraint.site.datum])
            moved.add(known, unknown)
        solution = moved.solve()
        if solution is None:
            return False
        noise = self._noise(len(places), start, is_free=not constraints)
        for m, entries in enumerate(solution, start=1):
            for place, entry, push in zip(places, entries, noise[m - 1], strict=True):
                if entry + push != 0:
                    self.moves[m][place] = entry + push
        return True

    def _noise(self, width: int, start: int, *, is_free: bool) -> list[list[fmpq]]:
        """Return a random push of higher order than what was decided; at the first order where nothing was."""
        noise = [[_ZERO] * width for _ in range(ORDER)]
        if self.number > 0:
            order = start if is_free else self.random.choice((start, start + 1))
            size = fmpq(1) if is_free or order > start else fmpq(1, 16)
            if order <= ORDER:
                noise[order - 1] = [size * self.random.randint(-3, 3) for _ in range(width)]
        return noise

    def _places(self, layer: int, unit: int) -> list[int]:
        places = [self.shape.weight_index(layer, unit, column) for column in range(self.shape.fan_in(layer))]
        return [*places, self.shape.bias_index(layer, unit)] if self.shape.has_biases else places

    def _linear(
        self, layer: int, units: Sequence[int], constraint: Constraint, features: list[Series]
    ) -> tuple[Series, list[Series]]:
        """Return the constraint as known series plus sum of unknown entries times series."""
        inputs = [*features, _constant(fmpq(1))] if self.shape.has_biases else features
        known: Series = [_ZERO] * (ORDER + 1)
        unknown: list[Series] = []
        for unit in units:
            sign = constraint.sign if unit == constraint.unit else -1 if unit == constraint.against else 0
            for place, feature in zip(self._places(layer, unit), inputs, strict=True):
                signed = [entry * sign for entry in feature]
                known = _plus(known, [entry * self.function.point[place] for entry in signed])
                unknown.append(signed)
        return known, unknown

    # ------------------------------------------------------------------ the features above

    def _features(self, layer: int, datum: int, features: list[Series]) -> list[Series]:
        inputs = [*features, _constant(fmpq(1))] if self.shape.has_biases else features
        preactivations = []
        for unit in range(self.shape.widths[layer]):
            total: Series = [_ZERO] * (ORDER + 1)
            for place, feature in zip(self._places(layer, unit), inputs, strict=True):
                total = _plus(total, _times(self._series(place), feature))
            preactivations.append(total)
        return [self._piece(layer, output, datum, preactivations) for output in range(self.shape.fan_in(layer + 1))]

    def _piece(self, layer: int, output: int, datum: int, preactivations: list[Series]) -> Series:
        activation = self.shape.activation(layer)
        members = self.shape.members(layer)[output]
        character = "+"
        if activation.has_sites:
            character = self.characters[self.function.table.index[layer, output, datum]]
        if character in ("", "0"):
            return [_ZERO] * (ORDER + 1)
        piece = activation.piece([_Truncated(preactivations[unit]) for unit in members], character)
        return piece.series if isinstance(piece, _Truncated) else _constant(fmpq(piece))

    def _series(self, place: int) -> Series:
        return [self.function.point[place], *(self.moves[m].get(place, _ZERO) for m in range(1, ORDER + 1))]


@final
class _Cascade:
    """Series known + sum_i X_i(ε) unknown_i, X_i of order at least `start`: make the first coefficients positive."""

    def __init__(self, width: int, start: int) -> None:
        self.width, self.start = width, start
        self.rows: list[tuple[Series, list[Series]]] = []

    def add(self, known: Series, unknown: list[Series]) -> None:
        """Add a series that is to become positive."""
        self.rows.append((known, unknown))

    def solve(self) -> list[list[fmpq]] | None:
        """Return the coefficients of X, order by order from 1 to ORDER, or None where it cannot be done."""
        if not self.rows:
            return [[_ZERO] * self.width for _ in range(ORDER)]
        n_unknowns = self.width * (ORDER - self.start + 1)
        scale = (_ZERO,) * n_unknowns + (fmpq(1),)  # the homogenising variable, to be positive
        strict: list[Vector] = [scale]
        equal: list[Vector] = []
        waiting = list(range(len(self.rows)))
        answer: Vector | None = None
        for order in range(1, ORDER + 1):
            candidates = {k: self._row(k, order) for k in waiting}
            waiting = []
            while True:
                keys = list(candidates)
                found = _strict_within(equal, [*strict, *candidates.values()], n_unknowns + 1)
                if isinstance(found, tuple):
                    answer = found
                    break
                late = [keys[i - len(strict)] for i in found if i >= len(strict)]
                if not late or len(late) < len(found):
                    return None  # some coefficient would have to be negative
                for k in late:
                    equal.append(candidates.pop(k))
                    waiting.append(k)
            strict.extend(candidates.values())
            if not waiting:
                break
        if waiting or answer is None:
            return None
        *entries, positive = answer
        result = [[_ZERO] * self.width for _ in range(ORDER)]
        for i, entry in enumerate(entries):
            result[self.start - 1 + i // self.width][i % self.width] = entry / positive
        return result

    def _row(self, k: int, order: int) -> Vector:
        """Return the coefficient of ε^order of series k, as a linear form in the entries of X and the scale."""
        known, unknown = self.rows[k]
        row: list[fmpq] = []
        for m in range(self.start, ORDER + 1):
            row.extend(series[order - m] if m <= order else _ZERO for series in unknown)
        return (*row, known[order])


def _strict_within(equal: list[Vector], rows: list[Vector], width: int) -> Vector | list[int]:
    """Return a vector on which all rows are positive and the equations hold, or the rows that exclude it."""
    if not equal:
        found = strict_feasibility(rows)
        return found.direction if isinstance(found, StrictSolution) else sorted(found.multipliers)
    basis = [tuple(rational(entry) for entry in v) for v in kernel(equal, n_columns=width)]
    reduced = [tuple(sum((a * b for a, b in zip(row, v, strict=True)), _ZERO) for v in basis) for row in rows]
    if not basis:
        return [0]
    found = strict_feasibility(reduced)
    if not isinstance(found, StrictSolution):
        return sorted(found.multipliers)
    return tuple(sum((c * v[i] for c, v in zip(found.direction, basis, strict=True)), _ZERO) for i in range(width))


@final
class _Truncated:
    """A truncated series that a piece of an activation can be evaluated in."""

    def __init__(self, series: Series) -> None:
        self.series = series

    def __mul__(self, factor: fmpq) -> _Truncated:
        return _Truncated([entry * factor for entry in self.series])

    def __pow__(self, exponent: int) -> _Truncated:
        result = _constant(fmpq(1))
        for _ in range(exponent):
            result = _times(result, self.series)
        return _Truncated(result)


def _constant(value: fmpq) -> Series:
    return [value] + [_ZERO] * ORDER


def _plus(a: Series, b: Series) -> Series:
    return [x + y for x, y in zip(a, b, strict=True)]


def _times(a: Series, b: Series) -> Series:
    result = [_ZERO] * (ORDER + 1)
    for i, x in enumerate(a):
        if x != 0:
            for j in range(ORDER + 1 - i):
                if b[j] != 0:
                    result[i + j] += x * b[j]
    return result
