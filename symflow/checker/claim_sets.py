"""The Clarke differentials that a claim rests on: each a whole result of its own, checked when it is first asked for.

A certificate or a witness spells them by the names of their functions, ``R`` or ``f[1]``; a gradient at a cusp comes
with a proof that the function is differentiable there (see ``frechet.py``). What nothing asks for is listed as not
checked, and a membership that nothing asks for is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import final

from symflow.checker.claim_settings import tree_of_problem
from symflow.checker.clarke import check_clarke
from symflow.checker.enclosed_numbers import Real
from symflow.checker.frechet import check_derivative
from symflow.checker.hulls import Vector
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, TooLarge, below, exactly, join, optional, take
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_names import is_reserved
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_values import Scope

_MOST_GENERATORS = 1_024


def scope_of(report: Report, setting: dict[str, object], given: object, evidence: dict[str, object]) -> Scope:
    """Return the scope of a point: its objects, the named problems, and the sets whose certificates hold."""
    kind = take(setting, "kind", str)
    named: dict[str, Point] = {}
    objects: Point | None = None
    if kind == "problems":
        for name, tree in take(setting, "problems", dict).items():
            if not name.isidentifier() or is_reserved(name):
                raise Refused("this cannot be the name of a problem", "setting.problems")
            named[name] = Point(read_problem(tree))
        if not named:
            raise Refused("no problem is given", "setting.problems")
    else:
        objects = Point(read_problem(tree_of_problem(setting, given)))
    return Scope(objects, named, {}, _Sets(report, objects, named, evidence))


@final
class _Sets:
    """The Clarke differentials that a certificate gives, each checked when it is asked for."""

    def __init__(
        self, report: Report, objects: Point | None, named: Mapping[str, Point], evidence: dict[str, object]
    ) -> None:
        self.report, self.objects, self.named = report, objects, named
        self.spelled = optional(evidence, "sets", dict) or {}
        self.shown = optional(evidence, "derivatives", dict) or {}
        self.known: dict[str, Polytope] = {}

    def __call__(self, function: Function | str) -> Polytope:
        key = function if isinstance(function, str) else function.name
        if key not in self.known:
            if key not in self.spelled:
                raise Refused(f"the Clarke differential of {key} has no certificate", "sets")
            problem = self._problem(function)
            found = checked_set(self.report, f"sets.{key}", self.spelled[key], problem)
            self.known[key] = with_derivative(found, self.shown.get(key), self.spelled[key], problem)
        return self.known[key]

    def _problem(self, function: Function | str) -> Problem:
        if isinstance(function, str):
            return self.named[function].problem
        if self.objects is None:
            raise Refused("this statement has no net of its own")
        return self.objects.of(function)


def memberships(tree: dict[str, object]) -> list[object]:
    """Return what shows that vectors are in hulls, or are not: one entry for each that is asked, in order."""
    return optional(tree, "memberships", list) or []


def check_all_used(report: Report, evidence: Evidence, scope: Scope, tree: dict[str, object]) -> None:
    """Refuse memberships that nothing asked for; list sets and derivatives that nothing asked for as not checked."""
    if evidence.n_used != len(evidence.entries):
        raise Refused("memberships that nothing asks for", "memberships")
    if not isinstance(scope.sets, _Sets):
        raise Refused("no sets are known here")
    for key in ("sets", "derivatives"):
        for name in optional(tree, key, dict) or {}:
            if name not in scope.sets.known:
                report.skip_unknown({f"{key}.{name}": name}, ())


def checked_set(report: Report, place: str, tree: object, problem: Problem) -> Polytope:
    """Return a Clarke differential whose whole result holds, for that very problem."""
    result = exactly(tree, dict, place)
    if read_problem(result.get("problem")) != problem:
        raise Refused("a differential of another problem, or at another point", place)
    part = Report()
    checked = check_clarke(part, result)
    report.n_certificates += part.n_certificates
    if part.rejected:
        first = part.rejected[0]
        raise Refused(first["reason"], join(place, first["place"]))
    if part.has_too_large:
        raise TooLarge("the differential is too large to check", place)
    if checked is None or not checked[1].is_exact:
        raise Refused("the differential is not known exactly", place)
    size = len(problem.point)
    vertices: list[list[Real]] = [[0] * size]
    shortest: list[Real] | None = [0] * size
    for block in checked[1].blocks:
        if block.inner is None:
            raise Refused("a block of the differential that is not known", place)
        if len(vertices) * len(block.inner.vertices) > _MOST_GENERATORS:
            raise TooLarge("a differential with too many vertices", place)
        vertices = [_filled(vertex, block.indices, part_) for vertex in vertices for part_ in block.inner.vertices]
        if shortest is not None:
            found = block.inner.shortest
            shortest = None if found is None else _filled(shortest, block.indices, found)
    return Polytope(tuple(map(tuple, vertices)), None if shortest is None else tuple(shortest))


def with_derivative(polytope: Polytope, entry: object, tree: object, problem: Problem) -> Polytope:
    """Return a Clarke differential with the gradient of its function, where that is shown to be differentiable.

    Where the set has one element the function is strictly differentiable, and the element is its gradient.
    """
    if len(polytope.generators) == 1:
        return replace(polytope, derivative=polytope.generators[0])
    if entry is None:
        return polytope
    with below("derivatives"):
        found = check_derivative(exactly(entry, dict), exactly(tree, dict), problem)
    return replace(polytope, derivative=found)


def _filled(vector: list[Real], indices: tuple[int, ...], part: Vector) -> list[Real]:
    whole = list(vector)
    for index, entry in zip(indices, part, strict=True):
        whole[index] = entry
    return whole
