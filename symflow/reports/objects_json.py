"""Every public object as JSON: what a command makes is the command's result, byte for byte; the rest is plain data.

The objects inherit ``to_json`` (``symflow/showing.py``), which finds :func:`json_text` by name, from below. A result
of a command is self-contained, with the exact problem in it, so that ``symflow verify`` re-checks the text alone; the
JSON of a net is a ``[network]`` section, that of data a ``[data]`` section, that of a risk a whole problem file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symflow.cells.derivation import Derivation
from symflow.cells.star import Star
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.conservative import ConservativeSet
from symflow.differentials.convex_subdifferential import ConvexSubdifferential
from symflow.differentials.element import Element
from symflow.differentials.selection import Audit, Selection
from symflow.differentials.stationarity import StationarityReport
from symflow.differentials.sum_rule import SumRule
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import ExponentialNumber, to_text
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET
from symflow.flows.crosscheck import Residuals, short_residual
from symflow.flows.soft_margin_zero import is_zero_enclosed, soft_margin_zero
from symflow.flows.trajectory import Trajectory
from symflow.laws.conservation import ConservationLaws
from symflow.laws.law import ConservationLaw
from symflow.laws.of_problem import LawsOfProblem
from symflow.nets.architecture import Architecture
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.problem_of import problem_of_function, problem_of_map, problem_of_risk
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.regions.region import Region
from symflow.regions.region_graph import RegionGraph
from symflow.regions.wall import Wall
from symflow.reports.asked import is_of_a_shape, problem_of_derivation, problem_of_laws, problem_of_trajectory
from symflow.reports.derive_result import derive_result
from symflow.reports.flow_result import flow_result
from symflow.reports.laws_result import laws_result
from symflow.reports.regions_exports import problem_of
from symflow.reports.regions_result import regions_result
from symflow.reports.results import Json, audit_result, clarke_result, convention_json, sum_rule_json, texts
from symflow.reports.stationarity_result import stationarity_result
from symflow.verdict import AbstractVerdict

# With these statuses the command does not ask for the time at which the soft margin is 0.
_OPEN = ("undecided", "zeno_suspected")


def json_text(thing: object) -> str:
    r"""Return an object as JSON: ASCII, no float, one newline at the end.

    Raises
    ------
    NotSupportedError
        If it has no such form; the message says what has.

    Examples
    --------
    >>> from symflow.checker.verify import verify_text
    >>> net = Network.from_weights([[2]], [[1]])
    >>> verify_text(json_text(RegionGraph.of(net)))["accepted"]
    True
    >>> print(json_text(Dataset([(3,)])).replace("\n", ""))
    { "inputs": [  [   "3"  ] ]}
    """
    if isinstance(thing, ExponentialNumber | Element):  # a number is a string, a vector a list of them
        return json.dumps(plain(thing), indent=1) + "\n"
    return json.dumps(json_object(thing), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def json_object(thing: object) -> Json:
    """Return an object as plain data; see :func:`json_text`."""
    found = _result(thing)
    if found is None:
        found = _section(thing)
    if found is None:
        found = _part(thing)
    if found is None:
        raise NotSupportedError(
            f"{type(thing).__name__} has no JSON form; the object that it is a part of may have one"
        )
    return found


def _result(thing: object) -> Json | None:
    """Return the result of the command that makes such an object."""
    match thing:
        case ClarkeDifferential():
            return clarke_result(problem_of_function(thing.function), thing)
        case Audit():
            return audit_result(problem_of_function(thing.differential.function), thing)
        case StationarityReport():
            found = thing.differential
            result = clarke_result(problem_of_function(found.function), found)
            return result | {"stationarity": stationarity_result(thing)}
        case Derivation():
            return derive_result(problem_of_derivation(thing), thing)
        case RegionGraph():
            return regions_result(problem_of(thing), thing)
        case Trajectory():
            return flow_result(problem_of_trajectory(thing), _with_soft_margin_zero(thing))
        case LawsOfProblem():
            return laws_result(thing.problem, thing)
        case ConservationLaws() if is_of_a_shape(thing):
            problem = problem_of_laws(thing)
            return laws_result(problem, LawsOfProblem(problem, thing))
        case Theorem():
            return thing.result
        case _:
            return None


def _section(thing: object) -> Json | None:
    """Return what a problem file says of an object that is given, not found."""
    match thing:
        case Problem():
            return thing.tree()
        case EmpiricalRisk():
            return problem_of_risk(thing).tree()
        case Realization():
            return problem_of_map(thing).tree()
        case Network():
            return _tree(Problem(thing.architecture, thing), "network")
        case Architecture():
            return _tree(Problem(thing), "network")
        case Dataset():
            labels = {} if thing.labels is None else {"labels": texts(thing.labels)}
            return {"inputs": [texts(x) for x in thing.inputs], **labels}
        case _:
            return None


def _part(thing: object) -> Json | None:
    """Return an object that is a part of a result, or stands beside one."""
    match thing:
        case AbstractVerdict():
            evidence = {name: plain(value) for name, value in thing.evidence.items()}
            return {"verdict": type(thing).__name__.lower(), **evidence}
        case Selection():
            return convention_json(thing)
        case SumRule():
            return sum_rule_json(thing) or {}
        case Claim():
            return thing.tree()
        case ConservationLaw():
            return {"law": repr(thing), "kind": thing.kind, "layer": thing.layer, "neurons": list(thing.neurons)}
        case Region():
            return _cell(thing)
        case Wall():
            flips = [list(flip) for flip in thing.flips]
            return {"cells": list(thing.cells), "flips": flips, "point": list(map(str, thing.point))}
        case ConservationLaws():
            return {"model": thing.model, "n_laws": thing.n_laws, "laws": list(map(repr, thing.laws))}
        case Star():
            return _star(thing)
        case ConservativeSet():
            return {"point": texts(thing.function.point), "summands": plain(thing.summands)}
        case ConvexSubdifferential():
            bounds = [{"normal": texts(bound.normal), "bound": str(bound.bound)} for bound in thing.bounds]
            return {"point": texts(thing.function.point), "inequalities": bounds, "empty": thing.is_empty}
        case Residuals():
            rows = [
                {"name": row.name, "standing": row.standing, "residuals": list(map(short_residual, row.residuals))}
                for row in thing.rows
            ]
            return {"kind": thing.kind, "digits": list(thing.digits), "rows": rows}
        case _:
            return None


def plain(value: object) -> Any:
    """Return evidence as plain data: exact numbers are strings, other objects their one line.

    Examples
    --------
    >>> plain(((fmpq(1, 2), 3), {"at": None}))
    [['1/2', '3'], {'at': None}]
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, fmpq | ExponentialNumber):
        return to_text(value)
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [plain(entry) for entry in value]
    return repr(value)


def _tree(problem: Problem, section: str) -> Json:
    tree: Json = problem.tree()[section]
    return tree


def _cell(cell: Region) -> Json:
    """Return a cell as the result of ``symflow regions`` lists it."""
    rows = [list(map(str, row)) for row in cell.gradient]
    return {
        "pattern": cell.pattern,
        "interior_point": list(map(str, cell.interior_point)),
        "bounded": cell.is_bounded,
        "map": {"gradient": rows, "offset": list(map(str, cell.offset))},
    }


def _star(star: Star) -> Json:
    rows = zip(star.cells, star.gradients, strict=True)
    return {
        "point": texts(star.function.point),
        "cells": [{"pattern": cell.pattern, "gradient": texts(gradient)} for cell, gradient in rows],
        "adjacencies": [{"cells": [edge.first, edge.second], "wall": edge.wall.to_text()} for edge in star.edges],
        "undecided_adjacencies": [list(pair) for pair in star.undecided_edges],
        "undecided": [star.function.table.word(characters) for characters in star.undecided],
    }


def _with_soft_margin_zero(trajectory: Trajectory) -> Trajectory:
    """Return what the command writes: with the time at which the soft margin is 0, and whether that is proved."""
    if trajectory.status in _OPEN or "soft_margin_zero" in trajectory.facts:
        return trajectory
    zero = soft_margin_zero(trajectory, budget=NO_BUDGET)
    if zero is None:
        return trajectory
    is_enclosed = is_zero_enclosed(trajectory, zero, budget=NO_BUDGET)
    return replace(trajectory, facts={**trajectory.facts, "soft_margin_zero": zero, "is_zero_enclosed": is_enclosed})
