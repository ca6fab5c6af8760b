"""The faces of a piecewise-affine net at an input: relatively open cones that partition the directions.

Near x a net with piecewise-linear activations is f(x + d) = f(x) + h(d), with h piecewise linear and positively
homogeneous. A *face* is the set of directions d on which every preactivation that is zero at x keeps one sign out of
-, 0, + (of a pooling group: the same members win). Once the signs below are fixed a preactivation is a linear form ℓ in
d, so a face is a relatively open polyhedral cone

    {d in span : <ℓ_i, d> > 0 for all i},

and h is linear on it: a backward pass with slope 0 at every unit whose sign is 0 gives a vector whose inner products
with the span are the derivative of h along the face, since such a unit's output is 0 on the whole face.

The faces are found by comparisons: a form ℓ that is not zero on the span so far is negative, zero or positive. Is only
one of <ℓ, d> > 0 and < 0 possible, Gordan's multipliers refute the other and with it ℓ = 0: were <ℓ, d> = 0 for some d
of the face, moving d in the span would give both signs. So one linear program a comparison decides all three, exactly,
and the refuted branches carry multipliers. What comes out is complete: every direction lies in exactly one face.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, final

from symflow.activations.base import POSITIONS
from symflow.errors import BudgetExceededError
from symflow.exact.integer_multiples import primitive
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import Site
from symflow.nets.patterned_function import Characters, SparseVector
from symflow.nets.realization import FunctionOfInput

Sign = Literal["+", "-", "0"]

#: The sign of every unit by (layer, unit), from 1 and 0. In a pooling group a member's sign is that of its lead, its
#: value minus the largest other one: "+" where it wins alone, "0" where it ties, "-" where it loses.
Signs = dict[tuple[int, int], Sign]

# With more faces than these the point is left undecided.
MOST_FACES = 20_000


@final
@dataclass(frozen=True, slots=True)
class Face:
    """A relatively open cone of directions on which no sign changes.

    Parameters
    ----------
    characters : tuple of str
        In tree order, for backward passes: "0" where a unit vanishes on the face; of tied members of a group the first.
    signs : dict
        The sign of every unit on the face.
    zeros : tuple of vectors
        Orthogonal to each other; the span of the face is where they vanish.
    rows : tuple of vectors
        The ℓ_i: on the span, the face is where they are positive.
    path : str
        The outcomes of the comparisons that led to it, in their order.
    direction : vector
        In the face.
    """

    characters: tuple[str, ...]
    signs: Signs
    zeros: tuple[Vector, ...]
    rows: tuple[Vector, ...]
    path: str
    direction: Vector

    @property
    def dimension(self) -> int:
        """The dimension of its span."""
        return len(self.direction) - len(self.zeros)

    def contains(self, direction: Vector) -> bool:
        """Whether a direction of the span lies in the face."""
        return all(product(row, direction) > 0 for row in self.rows)

    def projection(self, vector: Vector) -> Vector:
        """Return the orthogonal projection of a vector on the span."""
        for zero in self.zeros:
            vector = _plus(vector, -product(vector, zero) / product(zero, zero), zero)
        return vector


@final
@dataclass(frozen=True, slots=True)
class Refuted:
    """A branch of the comparisons that no direction takes.

    Parameters
    ----------
    path : str
        The outcomes up to the branching, and the outcome that is refuted ("0" goes with it).
    multipliers : dict
        λ >= 0, not all zero, by the place of a row, that of the outcome last: Σ λ_i ℓ_i vanishes on the span.
    """

    path: str
    multipliers: dict[int, fmpq]


@final
@dataclass(frozen=True)
class LocalFan:
    """All faces at an input, and the branches that were refuted on the way.

    Parameters
    ----------
    faces : tuple of Face
        In the order of the comparisons.
    refuted : tuple of Refuted
        With the faces, the leaves of the tree of comparisons.
    """

    faces: tuple[Face, ...]
    refuted: tuple[Refuted, ...]

    @property
    def width(self) -> int:
        """The dimension of the space."""
        return len(self.faces[0].direction)

    @cached_property
    def cells(self) -> tuple[Face, ...]:
        """The faces of full dimension: the cells at the point."""
        return tuple(face for face in self.faces if face.dimension == self.width)

    @property
    def is_wall(self) -> bool:
        """Whether the kinks make one wall: the smallest face has codimension 1."""
        return min(face.dimension for face in self.faces) == self.width - 1

    @cached_property
    def kinks(self) -> tuple[tuple[int, int], ...]:
        """The units, from (1, 0), that have more than one sign near the point."""
        signs: dict[tuple[int, int], set[Sign]] = {}
        for face in self.faces:
            for unit, sign in face.signs.items():
                signs.setdefault(unit, set()).add(sign)
        return tuple(sorted(unit for unit, found in signs.items() if len(found) > 1))

    def cells_at(self, direction: Vector) -> tuple[Face, ...]:
        """Return the cells that have x + t · direction in their closure, for small t >= 0."""
        return tuple(cell for cell in self.cells if all(product(row, direction) >= 0 for row in cell.rows))


def local_fan(function: FunctionOfInput, *, budget: Budget = NO_BUDGET, most_faces: int = MOST_FACES) -> LocalFan:
    """Return the faces at the function's input.

    Parameters
    ----------
    function : FunctionOfInput
        With piecewise-linear activations only.
    budget : Budget
        When to give up.
    most_faces : int
        So it is beyond this many faces.

    Raises
    ------
    BudgetExceededError
        When it gave up.

    Examples
    --------
    Two lines through 0 in the plane: 4 sectors, 4 rays, and the origin.

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> fan = local_fan(Realization(Network.from_weights([[1, 1], [1, -1]], [[1, -1]])).at((0, 0)))
    >>> sorted("".join(face.characters) for face in fan.faces)
    ['++', '+-', '+0', '-+', '--', '-0', '0+', '0-', '00']

    Of x and 2x the signs are tied.

    >>> fan = local_fan(Realization(Network.from_weights([[1], [2]], [[1, 1]])).at((0,)))
    >>> ["".join(face.characters) for face in fan.faces], [(r.path, r.multipliers) for r in fan.refuted]
    (['--', '00', '++'], [('-+', {0: 2, 1: 1}), ('+-', {0: 2, 1: 1})])
    """
    walk = _Walk(function, budget, most_faces)
    return LocalFan(tuple(walk.faces()), tuple(walk.refuted))


def product(left: Vector, right: Vector) -> fmpq:
    """Return <left, right>."""
    return sum(map(operator.mul, left, right), fmpq(0))


@final
class _Walk:
    """One depth-first walk over the tree of comparisons."""

    def __init__(self, function: FunctionOfInput, budget: Budget, most_faces: int) -> None:
        self.function, self.budget, self.most_faces = function, budget, most_faces
        self.width = len(function.variables)
        self.refuted: list[Refuted] = []
        self.n_faces = 0

    def faces(self) -> Iterator[Face]:
        root = Face(("",) * len(self.function.table.sites), {}, (), (), "", (fmpq(0),) * self.width)
        yield from self._sites(root, 0)

    def _sites(self, face: Face, place: int) -> Iterator[Face]:
        """Decide the sites from a place on; the face is what is left so far."""
        sites = self.function.table.sites
        while place < len(sites):
            site = sites[place]
            values = self.function.values_at(site)
            if site.is_group:
                largest = max(values)
                maximal = [position for position, value in enumerate(values) if value == largest]
                yield from self._group(face, place, [maximal[0]], maximal[1:])
                return
            if values[0] == 0:
                form = self._form(site, {site.members[0]: fmpq(1)}, face.characters)
                for sign, child in self._compare(face, form):
                    yield from self._sites(
                        _entered(child, place, sign, {(site.layer, site.members[0]): sign}), place + 1
                    )
                return
            forced: Sign = "+" if values[0] > 0 else "-"
            face = _entered(face, place, forced, {(site.layer, site.members[0]): forced})
            place += 1
        self.n_faces += 1
        if self.n_faces > self.most_faces:
            raise BudgetExceededError(f"more than {self.most_faces} faces meet at one point")
        yield face

    def _group(self, face: Face, place: int, winners: list[int], rest: list[int]) -> Iterator[Face]:
        """Compare the members that are maximal at the point with the winners so far, one after the other."""
        site = self.function.table.sites[place]
        if not rest:
            signs: Signs = {}
            _enter_group(signs, site, winners)
            yield from self._sites(_entered(face, place, POSITIONS[winners[0]], signs), place + 1)
            return
        challenger, *others = rest
        lead = {site.members[challenger]: fmpq(1), site.members[winners[0]]: fmpq(-1)}
        for sign, child in self._compare(face, self._form(site, lead, face.characters)):
            # Where the challenger wins, what the earlier winner won against loses all the more.
            now = {"-": winners, "0": [*winners, challenger], "+": [challenger]}[sign]
            yield from self._group(child, place, now, others)

    def _form(self, site: Site, seed: SparseVector, characters: Characters) -> Vector:
        sparse = self.function.pull_back(site.layer, seed, site.datum, characters)
        return tuple(sparse.get(i, fmpq(0)) for i in range(self.width))

    def _compare(self, face: Face, form: Vector) -> Iterator[tuple[Sign, Face]]:
        """Return the signs that a form has on the face so far, with what is left of the face."""
        self.budget.check(0)
        on_span = face.projection(form)
        if all(entry == 0 for entry in on_span):
            yield "0", face
            return
        negative, positive = tuple(-entry for entry in form), form
        below = self._direction(face, negative, "-")
        above = self._direction(face, positive, "+")
        if below is not None:
            yield "-", replace(face, rows=(*face.rows, negative), path=face.path + "-", direction=below)
        if below is not None and above is not None:
            a, b = -product(form, below), product(form, above)
            between = _plus(tuple(b * x for x in below), a, above)
            zeros = (*face.zeros, primitive(on_span))
            yield "0", replace(face, zeros=zeros, path=face.path + "0", direction=primitive(between))
        if above is not None:
            yield "+", replace(face, rows=(*face.rows, positive), path=face.path + "+", direction=above)

    def _direction(self, face: Face, form: Vector, sign: Sign) -> Vector | None:
        """Return a direction of the face on which the form is positive, or None with multipliers entered."""
        if product(form, face.direction) > 0:
            return face.direction
        rows = [face.projection(row) for row in (*face.rows, form)]
        # Where there are fewer rows than coordinates, a direction is looked for in their span.
        is_short = len(rows) < self.width
        system = [[product(row, other) for other in rows] for row in rows] if is_short else rows
        answer = strict_feasibility(system, budget=self.budget)
        if not isinstance(answer, StrictSolution):
            multipliers = {i: m for i, m in sorted(answer.multipliers.items()) if isinstance(m, fmpq)}
            self.refuted.append(Refuted(face.path + sign, multipliers))
            return None
        if not is_short:
            return primitive(face.projection(answer.direction))
        direction: Vector = (fmpq(0),) * self.width
        for factor, row in zip(answer.direction, rows, strict=True):
            direction = _plus(direction, factor, row)
        return primitive(direction)


def _plus(u: Vector, factor: fmpq, v: Vector) -> Vector:
    return tuple(a + factor * b for a, b in zip(u, v, strict=True)) if factor != 0 else u


def _entered(face: Face, place: int, character: str, signs: Signs) -> Face:
    characters = (*face.characters[:place], character, *face.characters[place + 1 :])
    return replace(face, characters=characters, signs={**face.signs, **signs})


def _enter_group(signs: Signs, site: Site, winners: Sequence[int]) -> None:
    for position, unit in enumerate(site.members):
        if position not in winners:
            signs[site.layer, unit] = "-"
        else:
            signs[site.layer, unit] = "+" if len(winners) == 1 else "0"
