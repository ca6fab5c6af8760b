"""What a first-layer neuron can do where it meets kinks: every stratum, decided by signs of linear functionals.

Let the preactivations of a neuron on the data K be 0. The walls of K (classes of data with parallel normals) cut the
neuron's own space into *faces*: sign vectors s in {-, 0, +} over the walls. On the face s the only candidate velocity
is v_s = P_s a Σ_k slope_k r_k n_k, with P_s the projection along the walls where s is 0, a the factor that all signals
share (the neuron's output weight) and r_k = -∂R/∂f_k. It is the start of a solution exactly when

 (ii) it points into the face: s_i ⟨n_i, v_s⟩ > 0 for each wall with s_i ≠ 0, and
 (i)  it is a velocity of the inclusion: minus v_s lies in the hull of the gradients of the cells around the face. For
      independent walls that is one multiplier a wall: the force x_i that keeps the neuron on wall i lies between those
      of its two sides, C_i(-) and C_i(+).

Every such condition is the sign of a rational combination Σ_k φ_k r_k. So the answer holds until one of these changes
its sign, and *which* combinations those are is known exactly: the flow watches them. A wall with C_i(+) < x_i < C_i(-)
(times a) is a *valley*: both sides push towards it; one with C_i(-) < x_i < C_i(+) is a *ridge*: both sides push
away, and staying is possible too, so the solution is not unique.

What vanishes for every state (there is no active datum) is known to vanish, and then weak conditions are enough: a
neuron without an active datum rests on the boundary of its last one.

References
----------
A. F. Filippov, *Differential Equations with Discontinuous Righthand Sides* (1988), §4, §18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.alternatives import StrictSolution
from symflow.exact.linear_algebra import kernel, rank, solve
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.membership import Separated, membership
from symflow.exact.rationals import fmpq
from symflow.flows.first_layer import FirstLayer
from symflow.nets.network import Vector

# More walls through one point than these are not taken apart.
MOST_WALLS = 8

# The sign of Σ φ_k r_k: -1, 0 (for every state) or +1; None where it is not known.
SignOf = Callable[[Vector], int | None]


@final
@dataclass(frozen=True, slots=True)
class Wall:
    """Data with parallel normals: members x = multiple · normal."""

    normal: Vector
    members: tuple[tuple[int, fmpq], ...]


@final
@dataclass(frozen=True, slots=True)
class Condition:
    """Σ_k φ_k r_k has the sign `sign` (times that of the factor a)."""

    functional: Vector
    sign: int


@final
@dataclass(frozen=True, slots=True)
class Face:
    """A face at the corner, with the conditions under which the flow can follow it.

    Parameters
    ----------
    signs : tuple of int
        One a wall.
    entering : tuple of Condition
        (ii), strict.
    holding : tuple of (vector, vector)
        (i), for each wall with sign 0: x_i - C_i(-) and C_i(+) - x_i; both have one sign, - in a valley.
    velocity : tuple of vectors
        v_s / a, by entry of the neuron's weights: each a combination of the r_k.
    is_simple : bool
        Whether its walls are independent, so that `holding` is all of (i).
    """

    signs: tuple[int, ...]
    entering: tuple[Condition, ...]
    holding: tuple[tuple[Vector, Vector], ...]
    velocity: tuple[Vector, ...]
    is_simple: bool


@final
@dataclass(frozen=True, slots=True)
class Corner:
    """The walls through a neuron's weights, C_i(+) - C_i(-) for each, and all faces there."""

    walls: tuple[Wall, ...]
    jumps: tuple[Vector, ...]
    faces: tuple[Face, ...]

    def functionals(self) -> tuple[Vector, ...]:
        """Return all combinations on whose signs the answer depends, each once."""
        found: dict[Vector, None] = {}
        for face in self.faces:
            for vector in [c.functional for c in face.entering] + [v for pair in face.holding for v in pair]:
                key = canonical(vector)[0]
                if any(key):
                    found[key] = None
        return tuple(found)


@final
@dataclass(frozen=True, slots=True)
class Judgement:
    """Which faces the flow can follow.

    Parameters
    ----------
    accepted : tuple of int
        Places of faces.
    undecided : tuple of int
        Places of faces for which a sign is missing.
    ridges : tuple of int
        The accepted faces that stay on a ridge.
    is_convex : bool
        Whether every wall is a valley (or no kink at all), so that the solution is unique.
    """

    accepted: tuple[int, ...]
    undecided: tuple[int, ...]
    ridges: tuple[int, ...]
    is_convex: bool


def corner(
    layer: FirstLayer, data: Sequence[int], others: Vector, slopes: tuple[fmpq, fmpq], n_data: int
) -> Corner | None:
    """Return the corner of a neuron on the kinks of `data`.

    Parameters
    ----------
    layer : FirstLayer
        For normals and projections.
    data : sequence of int
        K, from 0.
    others : vector
        The slopes on all data (those of K are not read).
    slopes : (fmpq, fmpq)
        Of the activation, left and right of the kink.
    n_data : int
        The number of data.

    Returns
    -------
    Corner or None
        None where there are too many walls.

    Examples
    --------
    One neuron on the kink of its only datum: three faces.

    >>> from symflow.nets.network import Network
    >>> layer = FirstLayer(Network.from_weights([[0, 1]], [[1]]), ((fmpq(1), fmpq(0)),), True, False)
    >>> found = corner(layer, (0,), (fmpq(0),), (fmpq(0), fmpq(1)), 1)
    >>> [face.signs for face in found.faces]
    [(-1,), (0,), (1,)]
    """
    walls = _walls(layer, data)
    if len(walls) > MOST_WALLS:
        return None
    free = tuple(fmpq(0) if k in set(data) else others[k] for k in range(n_data))
    builder = _Builder(layer, walls, free, slopes, n_data)
    faces = tuple(builder.face(signs) for signs in _sign_vectors([wall.normal for wall in walls]))
    jumps = tuple(_minus(builder.side(wall, 1), builder.side(wall, -1)) for wall in walls)
    return Corner(walls, jumps, faces)


def judge(found: Corner, sign_of: SignOf, factor: int, in_hull: Callable[[Face], bool | None]) -> Judgement:
    """Return which faces the flow can follow.

    Parameters
    ----------
    found : Corner
        From :func:`corner`.
    sign_of : callable
        The signs of functionals.
    factor : int
        The sign of a.
    in_hull : callable
        Decides (i) for a face of dependent walls (see :func:`hull_test`).
    """
    accepted, undecided, ridges = [], [], []
    for place, face in enumerate(found.faces):
        verdict, is_ridge = _verdict(face, sign_of, factor, in_hull)
        if verdict is None:
            undecided.append(place)
        elif verdict:
            accepted.append(place)
            if is_ridge:
                ridges.append(place)
    return Judgement(tuple(accepted), tuple(undecided), tuple(ridges), _is_convex(found, sign_of, factor))


def canonical(functional: Vector) -> tuple[Vector, int]:
    """Return a functional divided by its first entry's size, first entry positive, and the sign taken out."""
    lead = next((entry for entry in functional if entry != 0), None)
    if lead is None:
        return functional, 1
    return tuple(entry / lead for entry in functional), 1 if lead > 0 else -1


def _verdict(
    face: Face, sign_of: SignOf, factor: int, in_hull: Callable[[Face], bool | None]
) -> tuple[bool | None, bool]:
    """Return whether a face can be followed (None: not known), and whether it stays on a ridge."""
    unknown = False
    for condition in face.entering:
        sign = sign_of(condition.functional)
        if sign is None:
            unknown = True
        elif sign * factor != condition.sign:
            return False, False
    if not face.is_simple:
        held = in_hull(face)
        return (held if held is False or not unknown else None), False
    is_ridge = False
    for lower, upper in face.holding:
        below, above = sign_of(lower), sign_of(upper)
        if below is None or above is None:
            known = below if above is None else above
            unknown = True
            is_ridge = is_ridge or (known is not None and known * factor > 0)
        elif below * above < 0:
            return False, False
        elif (below + above) * factor > 0:
            is_ridge = True
    return (None if unknown else True), is_ridge


def hull_test(found: Corner, near: Vector, error: fmpq, factor: int) -> Callable[[Face], bool | None]:
    """Return a test of (i) for faces of dependent walls, from rational numbers near the r_k.

    With the velocities of the cells around a face computed from numbers within `error` of the r_k, the face's own lies
    in their hull for certain if a small simplex around it does, and outside for certain if a functional separates it by
    more than the error can make up for; else the test returns None.
    """

    def test(face: Face) -> bool | None:
        around = [
            other
            for other in found.faces
            if 0 not in other.signs and all(s in (0, o) for s, o in zip(face.signs, other.signs, strict=True))
        ]
        if any(cell.velocity == face.velocity for cell in around):
            return True  # for every state one of the hull's points, as where a cell without active data is around
        own = [_dot(row, near) for row in face.velocity]
        points = [
            tuple(factor * (_dot(row, near) - v) for row, v in zip(cell.velocity, own, strict=True)) for cell in around
        ]
        size = max((abs(entry) for point in points for entry in point), default=fmpq(0))
        # What an error in the r_k makes of a velocity, by entry.
        slack = error * max(
            (sum((abs(x) for x in row), fmpq(0)) for cell in [*around, face] for row in cell.velocity), default=fmpq(0)
        )
        answer = membership((fmpq(0),) * len(own), points)
        if isinstance(answer, Separated):
            functional = answer.functional
            weight = sum((abs(y) for y in functional), fmpq(0))
            margin = min(abs(_dot(functional, point)) for point in points)
            return False if margin > 2 * slack * weight else None
        normals = [found.walls[i].normal for i, s in enumerate(face.signs) if s == 0]
        basis = _independent(normals)
        step = size / 1_000_000
        if step <= slack * 1_000_000:
            return None
        corners = [tuple(step * entry for entry in vector) for vector in basis]
        corners.append(tuple(-sum((c[i] for c in corners), fmpq(0)) for i in range(len(own))))
        inside = all(not isinstance(membership(target, points), Separated) for target in corners)
        return True if inside else None

    return test


def _independent(vectors: Sequence[Vector]) -> list[Vector]:
    chosen: list[Vector] = []
    for vector in vectors:
        if rank([*chosen, vector]) > len(chosen):
            chosen.append(vector)
    return chosen


def _is_convex(found: Corner, sign_of: SignOf, factor: int) -> bool:
    """Whether the velocity jumps back at every wall: then the risk is locally weakly convex in the neuron."""
    signs = [sign_of(jump) for jump in found.jumps]
    return all(sign is not None and sign * factor <= 0 for sign in signs)


def _walls(layer: FirstLayer, data: Sequence[int]) -> tuple[Wall, ...]:
    """Return the classes of parallel normals, each with the first member's normal."""
    classes: dict[Vector, list[tuple[int, fmpq]]] = {}
    normals: dict[Vector, Vector] = {}
    for k in data:
        normal = layer.normals[k]
        lead = next((entry for entry in normal if entry != 0), None)
        if lead is None:
            continue
        key = tuple(entry / lead for entry in normal)
        normals.setdefault(key, normal)
        first = next(entry for entry in normals[key] if entry != 0)
        classes.setdefault(key, []).append((k, lead / first))
    return tuple(Wall(normals[key], tuple(members)) for key, members in classes.items())


def _sign_vectors(normals: Sequence[Vector]) -> Iterator[tuple[int, ...]]:
    """Yield the sign vectors of all faces of the central arrangement of these normals."""

    def extend(signs: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(signs) == len(normals):
            yield signs
            return
        for sign in (-1, 0, 1):
            if _is_realised(normals, (*signs, sign)):
                yield from extend((*signs, sign))

    yield from extend(())


def _is_realised(normals: Sequence[Vector], signs: tuple[int, ...]) -> bool:
    zero = [normals[i] for i, s in enumerate(signs) if s == 0]
    strict = [tuple(s * entry for entry in normals[i]) for i, s in enumerate(signs) if s != 0]
    if not strict:
        return True
    if zero:
        basis = [tuple(fmpq(entry) for entry in row) for row in kernel(zero, n_columns=len(normals[0]))]  # type: ignore[arg-type]
        strict = [tuple(_dot(row, vector) for vector in basis) for row in strict]
        if not basis:
            return False
    return isinstance(strict_feasibility(strict), StrictSolution)


def _dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


@final
class _Builder:
    """Writes down the conditions of each face."""

    def __init__(
        self, layer: FirstLayer, walls: tuple[Wall, ...], free: Vector, slopes: tuple[fmpq, fmpq], n_data: int
    ) -> None:
        self.layer, self.walls, self.free, self.slopes, self.n_data = layer, walls, free, slopes, n_data

    def face(self, signs: tuple[int, ...]) -> Face:
        tied = tuple(k for wall, s in zip(self.walls, signs, strict=True) if s == 0 for k, _ in wall.members)
        force = list(self._force(self.free))
        for wall, s in zip(self.walls, signs, strict=True):
            if s != 0:
                push = self.side(wall, s)
                force = [
                    tuple(f + entry * c for f, c in zip(row, push, strict=True))
                    for row, entry in zip(force, wall.normal, strict=True)
                ]
        projector = self.layer.projector(tied)
        velocity = tuple(_combine(row, force) for row in projector)
        entering = tuple(
            Condition(_combine(wall.normal, velocity), s) for wall, s in zip(self.walls, signs, strict=True) if s != 0
        )
        zero = [wall for wall, s in zip(self.walls, signs, strict=True) if s == 0]
        is_simple = rank([wall.normal for wall in zero]) == len(zero) if zero else True
        holding = self._holding(zero, force) if zero and is_simple else ()
        return Face(signs, entering, holding, velocity, is_simple)

    def _force(self, slopes: Vector) -> list[Vector]:
        """Return Σ_k slope_k r_k n_k, by entry, as combinations of the r_k."""
        return [
            tuple(slopes[k] * self.layer.normals[k][entry] for k in range(self.n_data))
            for entry in range(self.layer.dimension)
        ]

    def side(self, wall: Wall, side: int) -> Vector:
        """Return C_i(side), so that the members push with C_i(side) times the wall's normal."""
        entries = [fmpq(0)] * self.n_data
        for k, multiple in wall.members:
            entries[k] = self.slopes[side * multiple > 0] * multiple
        return tuple(entries)

    def _holding(self, zero: list[Wall], force: list[Vector]) -> tuple[tuple[Vector, Vector], ...]:
        """Return x_i - C_i(-) and C_i(+) - x_i with Σ_i x_i n_i = -(normal part of the force)."""
        gram = [[_dot(a.normal, b.normal) for b in zero] for a in zero]
        against = [_combine(wall.normal, force) for wall in zero]
        columns = []
        for k in range(self.n_data):
            found = solve(gram, [-row[k] for row in against])
            assert found is not None  # independent normals
            columns.append(found)
        result = []
        for i, wall in enumerate(zero):
            x = tuple(fmpq(columns[k][i]) for k in range(self.n_data))  # type: ignore[arg-type]
            low, high = self.side(wall, -1), self.side(wall, 1)
            result.append((_minus(x, low), _minus(high, x)))
        return tuple(result)


def _combine(row: Sequence[fmpq], vectors: Sequence[Vector]) -> Vector:
    """Return Σ row_i vector_i."""
    size = len(vectors[0]) if vectors else 0
    return tuple(sum((r * v[k] for r, v in zip(row, vectors, strict=True)), fmpq(0)) for k in range(size))


def _minus(a: Vector, b: Vector) -> Vector:
    return tuple(x - y for x, y in zip(a, b, strict=True))
