"""Cells and walls from their definitions: one linear program a question, plain fractions, no geometry shared.

A cell is found by deciding unit after unit: a partial pattern goes on if its strict inequalities have a solution. Two
cells are adjacent if the points that lie on both closures span a hyperplane: then they lie on one constraint of each,
and there is one on which all other constraints of both are positive. Nothing here comes from `symflow.regions`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.exact.alternatives import NonnegativeSolution, StrictSolution
from symflow.exact.linear_program import nonnegative_solution, strict_inequalities
from symflow.exact.rationals import fmpq, rational, to_fraction
from symflow.nets.network import Network

Form = tuple[Fraction, ...]  # the affine function a x + b as (a, b)
Point = tuple[Fraction, ...]
Domain = tuple[Sequence[Sequence[object]], Sequence[object]]

ORDER = "-0+" + POSITIONS


@dataclass(frozen=True)
class BruteCell:
    """A cell: where all its forms are positive. Forms that vanish or are constant are left out."""

    pattern: str
    forms: tuple[Form, ...]
    outputs: tuple[Form, ...]

    @property
    def planes(self) -> dict[Form, int]:
        """For each hyperplane, a form with leading entry 1, the sign that its multiples among the forms have."""
        return {scaled(form, leading(form)): 1 if leading(form) > 0 else -1 for form in self.forms}


@dataclass(frozen=True)
class BruteForce:
    """All cells and walls, each in order."""

    network: Network
    cells: tuple[BruteCell, ...]
    walls: dict[tuple[int, int], Form]
    n_bounded: int
    lineality: int

    @property
    def n_maps(self) -> int:
        """The number of distinct affine maps."""
        return len({cell.outputs for cell in self.cells})

    @property
    def pieces(self) -> list[tuple[int, ...]]:
        """The cells joined where adjacent and of equal map."""
        piece_of = {i: {i} for i in range(len(self.cells))}
        for i, j in self.walls:
            if self.cells[i].outputs == self.cells[j].outputs:
                together = piece_of[i] | piece_of[j]
                piece_of.update(dict.fromkeys(together, together))
        return sorted({tuple(sorted(piece)) for piece in piece_of.values()})

    def flips(self, i: int, j: int) -> tuple[tuple[int, int], ...]:
        """The places at which two patterns differ."""
        both = zip(places(self.network), self.cells[i].pattern, self.cells[j].pattern, strict=True)
        return tuple(place for place, a, b in both if a != b)


def brute_force(network: Network, domain: Domain | None = None) -> BruteForce:
    """Return all cells and walls of a net."""
    n = network.architecture.n_inputs
    inside = domain_forms(domain)
    features = [tuple(Fraction(int(i == j)) for j in range(n + 1)) for i in range(n)]
    found = sorted(_cells(network, 1, 0, "", inside, features, []), key=lambda cell: [ORDER.index(c) for c in cell[0]])
    cells = tuple(BruteCell(*cell) for cell in found)
    walls: dict[tuple[int, int], Form] = {}
    all_planes = [cell.planes for cell in cells]
    for i, j in combinations(range(len(cells)), 2):
        for plane, sign in all_planes[i].items():
            if all_planes[j].get(plane) == -sign and _meet_on(plane, [*all_planes[i].items(), *all_planes[j].items()]):
                walls[i, j] = plane
                break
    lineality = n - _rank([form[:-1] for form in cells[0].forms])
    return BruteForce(network, cells, walls, sum(_is_bounded(cell, n) for cell in cells), lineality)


def domain_forms(domain: Domain | None) -> list[Form]:
    """The forms that are positive inside A x <= b."""
    if domain is None:
        return []
    return [
        (*(-to_fraction(rational(entry)) for entry in row), to_fraction(rational(bound)))
        for row, bound in zip(*domain, strict=True)
        if any(row)
    ]


def places(network: Network) -> list[tuple[int, int]]:
    """For each character of a pattern its layer and unit or group, from 1."""
    architecture = network.architecture
    return [
        (layer, unit)
        for layer in range(1, architecture.n_layers)
        if architecture.activation(layer).has_sites
        for unit in range(1, len(architecture.members(layer)) + 1)
    ]


def value(form: Form, x: Sequence[Fraction]) -> Fraction:
    """The value of a form at a point."""
    return sum((a * b for a, b in zip(form, x, strict=False)), form[-1])


def along(form: Form, ray: Sequence[int]) -> Fraction:
    """The slope of a form in a direction."""
    return sum((a * b for a, b in zip(form, ray, strict=False)), Fraction(0))


def pattern_at(network: Network, x: Sequence[Fraction]) -> tuple[list[list[int]], Point]:
    """For each character the possible values at a point: signs, or all maximal positions; and the outputs."""
    architecture = network.architecture
    values = list(x)
    possible: list[list[int]] = []
    for layer in range(1, architecture.n_layers + 1):
        forms = _preactivations(network, layer, [(v,) for v in values])
        z = [form[0] for form in forms]
        if layer == architecture.n_layers:
            return possible, tuple(z)
        values = []
        for group in architecture.members(layer):
            activation = architecture.activation(layer)
            values.append(to_fraction(activation.evaluate([fmpq(z[u].numerator, z[u].denominator) for u in group])))
            if activation.is_group:
                possible.append([i for i, unit in enumerate(group) if z[unit] == max(z[u] for u in group)])
            elif activation.has_sites:
                possible.append([(z[group[0]] > 0) - (z[group[0]] < 0)])
    raise AssertionError("the last layer returns")


def generators_of(forms: Sequence[Form], columns: Sequence[int], n_inputs: int) -> set[tuple[int, ...]]:
    """All extreme points and rays of a closed cell on the section where other inputs vanish, as primitive (x, D)."""
    d = len(columns)
    at_infinity = (Fraction(0),) * d + (Fraction(1),)
    rows = [tuple(form[c] for c in (*columns, len(form) - 1)) for form in forms] + [at_infinity]
    distinct = list(dict.fromkeys(scaled(row, abs(leading(row))) for row in rows if any(row)))
    found = set()
    for chosen in combinations(distinct, d):
        vector = _orthogonal(chosen)
        if vector is None:
            continue
        for direction in (vector, [-entry for entry in vector]):
            if all(_dot(row, direction) >= 0 for row in distinct):
                denominator = math.lcm(*(entry.denominator for entry in direction))
                whole = [int(entry * denominator) for entry in direction]
                divisor = math.gcd(*whole)
                full = [0] * (n_inputs + 1)
                for column, entry in zip((*columns, -1), whole, strict=True):
                    full[column] = entry // divisor
                found.add(tuple(full))
    return found


def scaled(form: Form, divisor: Fraction) -> Form:
    """The form divided by a number."""
    return tuple(entry / divisor for entry in form)


def leading(form: Form) -> Fraction:
    """The first entry that is not zero."""
    return next(entry for entry in form if entry)


def _cells(
    network: Network, layer: int, unit: int, pattern: str, forms: list[Form], below: list[Form], above: list[Form]
) -> Iterator[tuple[str, tuple[Form, ...], tuple[Form, ...]]]:
    """Decide one unit or group after the other; `above` are the outputs of the layer that are already known."""
    architecture = network.architecture
    units = _preactivations(network, layer, below)
    if layer == architecture.n_layers:
        yield pattern, tuple(form for form in forms if any(form[:-1])), tuple(units)
        return
    members = architecture.members(layer)
    if unit == len(members):
        yield from _cells(network, layer + 1, 0, pattern, forms, above, [])
        return
    activation, group = architecture.activation(layer), members[unit]
    for character, conditions, output in _choices(activation, [units[i] for i in group]):
        if has_interior([*forms, *conditions]):
            yield from _cells(
                network, layer, unit + 1, pattern + character, forms + conditions, below, [*above, output]
            )


def _choices(activation: object, forms: list[Form]) -> Iterator[tuple[str, list[Form], Form]]:
    """For each character a group may have: the character, the conditions, and the output."""
    if isinstance(activation, AbstractUnitActivation):
        (form,) = forms
        left, right = (to_fraction(slope) for slope in activation.coefficients)
        if not activation.has_sites:
            yield "", [], tuple(right * entry for entry in form)
        elif not any(form):
            yield "0", [], form
        else:
            yield "-", [tuple(-entry for entry in form)], tuple(left * entry for entry in form)
            yield "+", [form], tuple(right * entry for entry in form)
        return
    for i, winner in enumerate(forms):
        if winner not in forms[:i]:
            others = [tuple(a - b for a, b in zip(winner, form, strict=True)) for form in forms if form != winner]
            yield POSITIONS[i], others, winner


def _preactivations(network: Network, layer: int, features: Sequence[Form]) -> list[Form]:
    forms = []
    for i, row in enumerate(network.weights[layer - 1]):
        form = [Fraction(0)] * len(features[0])
        for weight, feature in zip(row, features, strict=True):
            form = [a + to_fraction(weight) * b for a, b in zip(form, feature, strict=True)]
        if network.biases is not None:
            form[-1] += to_fraction(network.biases[layer - 1][i])
        forms.append(tuple(form))
    return forms


def has_interior(forms: Sequence[Form]) -> bool:
    """Whether all forms are positive at some point."""
    if any(not any(form[:-1]) and form[-1] <= 0 for form in forms):
        return False
    rows = list(dict.fromkeys(scaled(form, abs(leading(form))) for form in forms if any(form[:-1])))
    a = [[_fmpq(-entry) for entry in form[:-1]] for form in rows]
    b = [_fmpq(form[-1]) for form in rows]
    return isinstance(strict_inequalities(a, b, dimension=0), StrictSolution)


def _meet_on(plane: Form, signed: Sequence[tuple[Form, int]]) -> bool:
    """Whether on a hyperplane there is a point at which the other signed forms are all positive."""
    pivot = next(i for i, entry in enumerate(plane) if entry)
    others = []
    for form, sign in signed:
        if form != plane:
            factor = form[pivot] / plane[pivot]
            rest = [sign * (a - factor * b) for a, b in zip(form, plane, strict=True)]
            others.append((*rest[:pivot], *rest[pivot + 1 :]))
    return has_interior(others)


def _is_bounded(cell: BruteCell, n: int) -> bool:
    """Whether the linear parts of the forms positively span all of space."""
    columns = [[_fmpq(entry) for entry in form[:-1]] for form in cell.forms]
    if not columns:
        return False
    return all(
        isinstance(nonnegative_solution(columns, [fmpq(sign * (i == j)) for j in range(n)]), NonnegativeSolution)
        for i in range(n)
        for sign in (1, -1)
    )


def _orthogonal(rows: Sequence[Form]) -> list[Fraction] | None:
    """The vector orthogonal to d vectors of length d + 1, or None where they are dependent."""
    matrix = [list(row) for row in rows]
    n = len(rows) + 1
    pivots: list[int] = []
    for column in range(n):
        done = len(pivots)
        place = next((i for i in range(done, len(matrix)) if matrix[i][column]), None)
        if place is None:
            continue
        matrix[done], matrix[place] = matrix[place], matrix[done]
        divisor = matrix[done][column]
        matrix[done] = [entry / divisor for entry in matrix[done]]
        for i, row in enumerate(matrix):
            if i != done and row[column]:
                factor = row[column]
                matrix[i] = [a - factor * b for a, b in zip(row, matrix[done], strict=True)]
        pivots.append(column)
    if len(pivots) < n - 1:
        return None
    (free,) = set(range(n)) - set(pivots)
    vector = [Fraction(0)] * n
    vector[free] = Fraction(1)
    for row, column in zip(matrix, pivots, strict=True):
        vector[column] = -row[free]
    return vector


def _rank(rows: Sequence[Sequence[Fraction]]) -> int:
    matrix = [list(row) for row in rows]
    done = 0
    for column in range(len(matrix[0]) if matrix else 0):
        place = next((i for i in range(done, len(matrix)) if matrix[i][column]), None)
        if place is None:
            continue
        matrix[done], matrix[place] = matrix[place], matrix[done]
        for i in range(done + 1, len(matrix)):
            factor = matrix[i][column] / matrix[done][column]
            matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[done], strict=True)]
        done += 1
    return done


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _fmpq(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)
