"""The straight solutions at a corner of a flow in the input: each shown, each other one excluded.

Near a corner x the function is f(x) + h(d), h piecewise linear and homogeneous, and x + t v is a solution of the flow
of h if and only if -v is in ∂h(v). In a face of directions (``input_faces.py``) the projection of minus the gradient on
the span is the only candidate. So all faces are walked, and each candidate that lies in its face has to be listed: as a
solution, with weights of gradients on cells that have v in their closure, whose sum is -v; or as excluded, with a
functional that separates -v from all of these gradients. **Is one solution left, it is the only one, straight or
not:** h(y)/|y| does not increase along a solution y, and its limit at the start is that of a straight solution (a
blow-up), hence the least value of h on the sphere; so y stays among the minimisers, which are straight solutions too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from symflow.checker.expressions import rational
from symflow.checker.input_faces import Face, Signs, Vector, faces, first_change
from symflow.checker.networks import forward
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, exactly, expect, items, sized, take
from symflow.checker.work import Work


@dataclass(frozen=True, slots=True)
class Solution:
    """A straight solution at a corner: its face, the cells there, and how long it lasts."""

    face: Face
    velocity: Vector
    time: Fraction | None
    cells: tuple[Face, ...]

    @property
    def speed_squared(self) -> Fraction:
        """The square of its speed."""
        return _dot(self.velocity, self.velocity)

    def state(self, unit: tuple[int, int]) -> str:
        """Return the sign of a unit along it, "flat" where it vanishes on all cells there."""
        found = self.face.signs[unit]
        return "flat" if found == "0" and all(cell.signs[unit] == "0" for cell in self.cells) else found


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner that was checked: all faces and all straight solutions."""

    point: Vector
    faces: tuple[Face, ...]
    solutions: tuple[Solution, ...]

    @property
    def width(self) -> int:
        """The dimension of the space."""
        return len(self.point)

    @property
    def kinks(self) -> list[tuple[int, int]]:
        """The units that have more than one sign near it."""
        return sorted(unit for unit in self.faces[0].signs if len({face.signs[unit] for face in self.faces}) > 1)

    @property
    def cells(self) -> tuple[Face, ...]:
        """The faces of full dimension."""
        return tuple(face for face in self.faces if face.dimension == self.width)


def check_corner(problem: Problem, point: Vector, sign: int, listed: object, work: Work) -> Corner:
    """Check what is listed for the flow of sign · f at a point, and return it."""
    expect(take(listed, "point", list), [str(entry) for entry in point], "point")
    refuted: dict[str, dict[int, Fraction]] = {}
    for entry in items(listed, "refuted"):
        multipliers = take(entry, "multipliers", dict)
        refuted[take(entry, "path", str)] = {_index(i): rational(m, "refuted") for i, m in multipliers.items()}
    values = forward(replace(problem, inputs=(point,)), 0)
    directions = take(listed, "faces", dict)
    known = {path: _vector(entry, len(point), "faces") for path, entry in directions.items()}
    found = faces(problem, values, sign, refuted, known, work)
    solutions = _by_path(items(listed, "solutions"), "solutions")
    excluded = _by_path(items(listed, "excluded"), "excluded")
    cells = [face for face in found if face.dimension == len(point)]
    checked: list[Solution] = []
    for face in found:
        v = face.candidate
        work.charge(1 + (len(face.rows) + len(cells)) * len(v))
        if not face.contains(v):
            continue
        there = tuple(cell for cell in cells if cell.closure_contains(v))
        if face.path in solutions:
            entry = solutions.pop(face.path)
            expect_vector(entry, "velocity", v)
            _check_weights(entry, v, there)
            time = first_change(problem, values, face, v) if any(v) else None
            expect(entry.get("time"), None if time is None else str(time), "solutions.time")
            checked.append(Solution(face, v, time, there))
        elif face.path in excluded:
            entry = excluded.pop(face.path)
            expect_vector(entry, "velocity", v)
            u = _vector(entry.get("functional"), len(v), "excluded.functional")
            if any(_dot(u, cell.gradient) <= -_dot(u, v) for cell in there):
                raise Refused("this functional does not separate the velocity from the differential", "excluded")
        else:
            raise Refused("a continuation that is neither a solution nor excluded", "solutions")
    if solutions or excluded:
        raise Refused("there is no such continuation", "solutions")
    return Corner(point, tuple(found), tuple(checked))


def chosen_at(corner: Corner, choice: str) -> Solution | None:
    """Return the solution that is followed from a corner; None where none is to be chosen."""
    solutions = corner.solutions
    if len(solutions) == 1:
        return solutions[0]
    if choice in ("descent", "ridge"):
        speeds = [solution.speed_squared for solution in solutions]
        wanted = max(speeds) if choice == "descent" else min(speeds)
        solutions = tuple(solution for solution in solutions if solution.speed_squared == wanted)
    elif choice in ("+", "-"):
        solutions = tuple(s for s in solutions if side_of(corner, s) == choice)
    else:
        return None
    return solutions[0] if len(solutions) == 1 else None


def side_of(corner: Corner, solution: Solution) -> str | None:
    """Return the side of a wall on which a solution runs; None at a corner."""
    if min(face.dimension for face in corner.faces) != corner.width - 1:
        return None
    if solution.face.dimension < corner.width:
        return "ridge"
    rank = {"-": -1, "0": 0, "+": 1}
    signs = {unit: {rank[cell.signs[unit]] for cell in corner.cells} for unit in corner.kinks}
    first = next(unit for unit, found in signs.items() if len(found) > 1)
    return "+" if rank[solution.face.signs[first]] == max(signs[first]) else "-"


def name_of(problem: Problem, corner: Corner, solution: Solution) -> str:
    """Return how a branch is called: the side of a wall, "ridge", or at a corner its pattern."""
    return side_of(corner, solution) or pattern_of(problem, solution)


def pattern_of(problem: Problem, solution: Solution) -> str:
    """Write the signs along a solution: "0" on a kink or where a unit vanishes; a group's winner, "0" where it ties."""
    word = ""
    signs: Signs = solution.face.signs
    for layer, activation in enumerate(problem.activations):
        if activation.name == "identity":
            continue
        if activation.name != "maxpool":
            word += "".join(signs[layer, row] for row in range(len(problem.weights[layer])))
            continue
        for group in activation.groups:
            winners = [place for place, row in enumerate(group) if signs[layer, row] != "-"]
            ties = any(solution.state((layer, group[place])) == "0" for place in winners)
            word += "0" if ties else WINNERS[winners[0]]
    return word


def kind_of(old: str | None, now: str, *, touches: bool) -> str | None:
    """Return what happens to a unit between two states, "flat" or a sign; `old` is None at the start."""
    if old is None:
        return "sliding" if now == "0" else "crossing"
    if old == now:
        return "grazing" if touches and now in ("+", "-") else None
    if now == "0":
        return "sliding"
    return "exit" if old == "0" else "crossing"


def _check_weights(entry: Mapping[str, object], velocity: Vector, cells: Sequence[Face]) -> None:
    """Refuse unless the weights are positive, of sum 1, on cells at the velocity, and combine to minus it."""
    weights = take(entry, "weights", dict)
    known = {cell.path: cell for cell in cells}
    total: Vector = (Fraction(0),) * len(velocity)
    whole = Fraction(0)
    for path, spelled in weights.items():
        weight = rational(spelled, "weights")
        if path not in known or weight <= 0:
            raise Refused("weights are positive and belong to cells that the velocity touches", "weights")
        whole += weight
        total = tuple(a + weight * b for a, b in zip(total, known[path].gradient, strict=True))
    if whole != 1 or any(a + b for a, b in zip(total, velocity, strict=True)):
        raise Refused("the weights do not combine to minus the velocity", "weights")


def _by_path(entries: Sequence[object], place: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        found[take(entry, "path", str)] = exactly(entry, dict, place)
    if len(found) != len(entries):
        raise Refused("a path stands twice", place)
    return found


def _vector(spelled: object, width: int, place: str) -> Vector:
    return tuple(rational(entry, place) for entry in sized(spelled, width, place))


def expect_vector(tree: object, key: str, vector: Vector) -> None:
    """Refuse the vector at a key unless it is the recomputed one."""
    expect(take(tree, key, list), [str(entry) for entry in vector], key)


def _index(spelled: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", spelled, re.ASCII):
        raise Refused("expected the place of a row", "refuted")
    return int(spelled)


def _dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True) if a and b), start=Fraction(0))
