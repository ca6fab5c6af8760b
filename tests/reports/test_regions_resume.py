"""Stopping and going on: whatever the moments, the result is that of one uninterrupted run, byte for byte."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.checker.verify import verify_text
from symflow.errors import InputError
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network
from symflow.problem import Domain, Problem
from symflow.regions import start
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.reports import regions_result as result_module
from symflow.reports import regions_resume as resume_module
from symflow.reports.regions_result import inequalities, regions_result
from symflow.reports.regions_resume import resume
from tests.regions.nets import networks

Json = dict[str, Any]

BOX = Domain(box=((fmpq(-1), fmpq(1)), (fmpq(-1, 2), fmpq(3))))
STRIP = Domain(matrix=((fmpq(1), fmpq(1), fmpq(0)),), bounds=(fmpq(1),))

PROBLEMS: dict[str, tuple[Network, Domain | None]] = {
    "lines through one point": (Network.from_weights([[1, 0], [0, 1], [1, -1]], [[1, 2, 1]]), None),
    "one hidden layer": (
        Network.from_weights([[1, 2], [3, -1], [1, 1], [-2, 5]], [[1, 1, 1, 1]], biases=[[0, 1, -1, 2], [0]]),
        None,
    ),
    "three hidden layers": (
        Network.from_weights(
            [[1, 2], [3, -1], [-1, 1]],
            [[1, -1, 2], [-2, 1, 1], [1, 1, -3]],
            [[1, -2, 1], [-1, 1, 1]],
            [[1, 1], [1, -1]],
            biases=[[1, 0, -1], [-1, 2, 1], [1, -1], [0, 1]],
            activation=["relu", "abs", "relu"],
        ),
        None,
    ),
    "in a box": (
        Network.from_weights([[1, 2], [3, -1]], [[1, -1], [2, 1]], [[1, 1]], biases=[[0, 1], [-1, 1], [0]]),
        BOX,
    ),
    "with lineality, in a strip": (
        Network.from_weights([[1, 1, 0], [2, -1, 0]], [[1, -1], [1, 2]], [[1, 1]], biases=[[0, 1], [-1, 1], [0]]),
        STRIP,
    ),
    "dead units": (
        Network.from_weights([[1], [-1]], [[1, 0], [0, 1]], [[1, 1]], [[1]], biases=[[-1, -1], [0, 0], [-1], [0]]),
        None,
    ),
}


def problem_of(net: Network, domain: Domain | None) -> Problem:
    return Problem(net.architecture, net, variable="input", domain=domain)


def named(name: str) -> Problem:
    return problem_of(*PROBLEMS[name])


def run(problem: Problem, earlier: Json | None = None, **options: Any) -> Json:
    """Run, or go on, as the command does."""
    rest = None if earlier is None else resume(problem, json.loads(json.dumps(earlier)))
    keep = None if rest is None else rest.keep
    graph = RegionGraph.of(problem.known_network, domain=inequalities(problem.domain), keep=keep, **options)
    return regions_result(problem, graph) if rest is None else rest.result(graph)


def in_steps(problem: Problem, control: Callable[[int], Control], **options: Any) -> tuple[Json, int]:
    """Stop and go on until all is found; return the result and how often it was stopped."""
    result = run(problem, control=control(0), **options)
    n_stops = 0
    while result["status"] == "incomplete":
        n_stops += 1
        result = run(problem, result, control=control(n_stops), **options)
    return result, n_stops


def after(n_calls: int) -> Control:
    """Interrupt at the n-th question."""
    calls = iter(range(n_calls))
    return Control(is_interrupted=lambda: next(calls, None) is None)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("most", [pytest.param(1, marks=pytest.mark.slow), 3])
def test_so_many_cells_at_a_time(name: str, most: int) -> None:
    problem = named(name)
    whole = run(problem)
    result, n_stops = in_steps(problem, lambda _: Control(max_cells=most))
    assert json.dumps(result) == json.dumps(whole)
    assert n_stops == (whole["n_cells"] - 1) // most  # no cell is found twice


@pytest.mark.parametrize("name", PROBLEMS)
def test_interrupted_in_the_middle_of_a_layer(name: str) -> None:
    problem = named(name)
    result, n_stops = in_steps(problem, lambda step: after(step))
    assert json.dumps(result) == json.dumps(run(problem))
    assert n_stops > 1


@pytest.mark.parametrize("name", PROBLEMS)
def test_where_first_orthants_are_left_for_later(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json.dumps(run(named(name)))
    monkeypatch.setattr(start, "_MOST_FIRST_FACES", 1)
    assert json.dumps(in_steps(named(name), lambda _: Control(max_cells=2))[0]) == whole
    assert json.dumps(in_steps(named(name), lambda step: after(2 * step))[0]) == whole


def test_on_the_workers_of_an_executor() -> None:
    problem = named("three hidden layers")
    with ThreadPoolExecutor(2) as executor:
        result, _ = in_steps(problem, lambda _: Control(max_cells=7), executor=executor)
    assert json.dumps(result) == json.dumps(run(problem))


@settings(max_examples=30)
@given(networks(n_units=6), st.integers(1, 5), st.integers(0, 6))
def test_on_drawn_nets_every_part_is_accepted_and_the_whole_is_the_same(net: Network, most: int, calls: int) -> None:
    problem = problem_of(net, None)

    def control(step: int) -> Control:
        return Control(max_cells=most) if step % 2 else after(calls + step)

    part = run(problem, control=control(0))
    for step in range(1, 40):
        if part["status"] == "complete":
            break
        verdict = verify_text(json.dumps(part))
        assert verdict["accepted"], verdict["rejected"]
        part = run(problem, part, control=control(step) if step < 6 else Control())
    assert json.dumps(part) == json.dumps(run(problem))


def test_only_what_is_missing_is_enumerated() -> None:
    problem = named("three hidden layers")
    part = run(problem, control=Control(max_cells=10))
    rest = resume(problem, part)
    graph = RegionGraph.of(problem.known_network, keep=rest.keep)
    assert part["n_cells"] + graph.n_cells == run(problem)["n_cells"]
    assert {graph.pattern(i) for i in range(graph.n_cells)}.isdisjoint(cell["pattern"] for cell in part["cells"])


def test_a_complete_result_stays_what_it_is() -> None:
    for name in PROBLEMS:
        whole = run(named(name))
        assert json.dumps(run(named(name), whole)) == json.dumps(whole)


def test_being_stopped_at_once_loses_nothing() -> None:
    problem = named("three hidden layers")
    part = run(problem, control=Control(max_cells=10))
    assert json.dumps(run(problem, part, control=after(0))) == json.dumps(part)


def test_a_net_with_maxima_starts_afresh() -> None:
    groups = activation("maxpool", groups=[[0, 1, 2]])
    problem = problem_of(Network.from_weights([[1, 0], [0, 1], [1, 1]], [[1]], activation=[groups]), None)
    part = run(problem, control=Control(max_cells=1))
    assert part["status"] == "incomplete"
    assert resume(problem, part).keep is None
    assert json.dumps(run(problem, part)) == json.dumps(run(problem))


def test_where_generators_become_too_many_they_are_left_out_as_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = named("three hidden layers")
    for module in (result_module, resume_module):
        monkeypatch.setattr(module, "MOST_INCIDENCES", 60)
    whole = run(problem)
    first = run(problem, control=Control(max_cells=3))
    assert first["generators"] is not None
    second = run(problem, first, control=Control(max_cells=3))
    third = run(problem, second)
    assert third["generators"] is None
    assert json.dumps(third) == json.dumps(whole)
    late = run(problem, control=Control(max_cells=30))
    assert late["generators"] is None
    assert json.dumps(run(problem, late)) == json.dumps(whole)


def test_generators_that_were_left_out_and_are_asked_for_need_a_fresh_start() -> None:
    problem = named("one hidden layer")
    part = run(problem, control=Control(max_cells=3))
    assert resume(problem, part, all_generators=True).keep is not None
    part["generators"] = None
    rest = resume(problem, part, all_generators=True)
    assert rest.keep is None
    assert json.dumps(rest.result(RegionGraph.of(problem.known_network))) == json.dumps(run(problem))


# ---------------------------------------------------------------------- edited files


def incomplete() -> Json:
    return run(named("three hidden layers"), control=Control(max_cells=10))


def put(path: str, value: object) -> Callable[[Json], None]:
    """Return what puts a value at a place such as ``cells.3.pattern``."""

    def change(tree: Json) -> None:
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        place: Any = tree
        for key in way:
            place = place[key]
        place[last] = value

    return change


def drop(key: str) -> Callable[[Json], None]:
    return lambda tree: tree.pop(key)


EDITS: dict[str, tuple[Callable[[Json], object], str]] = {
    "another command": (put("command", "clarke"), 'command: expected "regions"'),
    "another version": (put("symflow", "0.0"), "symflow: expected .* this version"),
    "weight space": (put("variable", "weights"), 'variable: expected "input"'),
    "another net": (put("problem.network.weights.0.0.0", "7"), "problem.network: not the network of this problem"),
    "another domain": (put("problem.domain", {"box": []}), "problem.domain: not the domain of this problem"),
    "no problem": (drop("problem"), "problem: missing"),
    "no cells": (drop("cells"), "cells: missing"),
    "cells is no list": (put("cells", {}), "cells: expected a list"),
    "a cell is no object": (put("cells.1", "++"), r"cells\[1\]: expected an object"),
    "a short pattern": (put("cells.2.pattern", "+-"), r"cells\[2\].pattern: expected a word of 8"),
    "a pattern of other letters": (put("cells.2.pattern", "+-++-++x"), r"cells\[2\].pattern: expected a word"),
    "an undecided pattern": (put("cells.2.pattern", "+-++-++*"), r"cells\[2\].pattern: expected a word"),
    "a pattern is a number": (put("cells.2.pattern", 5), r"cells\[2\].pattern: expected a word"),
    "a pattern twice": (lambda tree: tree["cells"].insert(0, tree["cells"][0]), r"cells\[1\].pattern: cells are sort"),
    "a point of one entry": (put("cells.0.interior_point", ["1"]), r"cells\[0\].interior_point: expected a list of 2"),
    "a float": (put("cells.0.interior_point.1", 0.5), r"cells\[0\].interior_point\[1\]: expected a number as a string"),
    "no number": (put("cells.0.interior_point.1", "one"), r"cells\[0\].interior_point\[1\]: \"one\" is not a number"),
    "over zero": (put("cells.0.interior_point.1", "1/0"), r"interior_point\[1\]: \"1/0\" has denominator zero"),
    "not in lowest terms": (put("cells.0.interior_point.1", "2/4"), "expected a fraction in lowest terms"),
    "bounded is a word": (put("cells.0.bounded", "no"), r"cells\[0\].bounded: expected true or false"),
    "a map of one row": (put("cells.0.map.gradient", [["1", "1"]]), r"cells\[0\].map.gradient: expected a list of 2"),
    "no offset": (put("cells.0.map", {"gradient": [["1", "1"], ["0", "0"]]}), r"cells\[0\].map.offset: missing"),
    "a generator that is not listed": (put("cells.0.generators.0", 999), r"cells\[0\].generators\[0\]: expected a wh"),
    "a generator number that is a truth": (put("cells.0.generators.0", True), r"generators\[0\]: expected a whole"),
    "a generator of no kind": (put("generators.0", {}), r"generators\[0\].point: missing"),
    "an adjacency of a cell with itself": (put("adjacencies.0.cells", [1, 1]), r"adjacencies\[0\].cells: expected two"),
    "an adjacency of one cell": (put("adjacencies.0.cells", [1]), r"adjacencies\[0\].cells: expected a list of 2"),
    "missing is a word": (put("missing", "+"), "missing: expected a list"),
    "a missing pattern of other letters": (put("missing.0", "+-++-+1*"), r"missing\[0\]: expected a word of 8"),
    "complete though patterns are missing": (put("status", "complete"), 'status: expected "incomplete" if'),
    "nothing missing": (put("missing", []), 'status: expected "incomplete" if'),
    "no open facets": (drop("open_facets"), "open_facets: missing"),
    "a facet of no cell": (
        put("open_facets.0.cell", 10),
        r"open_facets\[0\].cell: expected a whole number from 0 to 9",
    ),
    "a facet twice": (
        lambda tree: tree["open_facets"].append(tree["open_facets"][0]),
        "signs: .* is listed twice",
    ),
    "a facet that is the cell": (
        lambda tree: put("open_facets.0.signs", tree["cells"][tree["open_facets"][0]["cell"]]["pattern"])(tree),
        r"open_facets\[0\].signs: .* is not on the boundary",
    ),
    "other directions of lineality": (put("lineality", [["1", "0"]]), "lineality: not the directions"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_file_is_refused_at_its_place(name: str) -> None:
    change, message = EDITS[name]
    tree = copy.deepcopy(incomplete())
    change(tree)
    with pytest.raises(InputError, match=message):
        run(named("three hidden layers"), tree)


@pytest.mark.parametrize("tree", [None, [], "regions", 3])
def test_what_is_no_object_is_refused(tree: object) -> None:
    with pytest.raises(InputError, match=r"expected an object \{\.\.\}"):
        resume(named("one hidden layer"), tree)


def test_a_missing_pattern_that_was_deleted_is_noticed() -> None:
    tree = incomplete()
    del tree["missing"][-1]
    with pytest.raises(InputError, match=r"open_facets: no cell was found beyond .*, a facet of .*; start afresh"):
        run(named("three hidden layers"), tree)


def test_a_point_that_was_moved_is_taken_over_and_the_checker_rejects_it() -> None:
    tree = incomplete()
    tree["cells"][0]["interior_point"][0] = "1000001"
    verdict = verify_text(json.dumps(run(named("three hidden layers"), tree)))
    assert not verdict["accepted"]
    assert "interior_point" in str(verdict["rejected"])
