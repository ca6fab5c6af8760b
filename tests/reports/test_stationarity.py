"""What ``symflow clarke --stationarity`` says, and that a checker without rules for it does not accept it silently."""

import json
from pathlib import Path

import pytest

from symflow.checker.verify import verify_text
from symflow.cli import main
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.stationarity import stationarity
from symflow.exact.simplex import Budget
from symflow.formats.plain_text import render
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.clarke_document import clarke_document
from symflow.reports.results import clarke_result
from symflow.reports.stationarity_result import stationarity_result


def problem_of_the_input(outer: list[str]) -> Problem:
    return problem_from_tree(
        {
            "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [outer]]},
            "data": {"inputs": [["0"]]},
            "objective": {"variable": "input", "at": ["0"]},
        }
    )


CUSP = {
    "network": {"activation": "relu", "weights": [[["0"], ["0"]], [["-1", "0"]], [["-1"]]]},
    "data": {"inputs": [["-1"]]},
    "objective": {"kind": "output"},
}


def test_a_maximum_is_clarke_stationary_and_not_frechet_stationary() -> None:
    # -|x| at 0.
    problem = problem_of_the_input(["-1", "-1"])
    differential = clarke_differential(problem.function())
    report = stationarity(differential)
    entry = stationarity_result(report)
    assert (entry["clarke"], entry["frechet"], entry["local_minimum"], entry["regular"]) == (True, False, False, False)
    assert entry["descent"] == {"direction": ["-1"], "derivative": "-1", "step": "1", "value": "-1"}
    assert entry["not_linear"] == {"directions": [["-1"], ["1"]], "values": ["-1", "-1", "0"]}
    assert entry["not_regular"] == {"direction": ["-1"], "values": ["-1", "1"]}
    text = render(clarke_document(problem, differential, stationarity=report))
    assert "Fréchet           not stationary" in text
    assert "regular           no: f'(x; v) < f°(x; v) for some v" in text
    assert "the value is lower at x + v" in text


def test_the_cusp_descends_along_an_arc() -> None:
    problem = problem_from_tree(CUSP)
    differential = clarke_differential(problem.function())
    report = stationarity(differential)
    entry = stationarity_result(report)
    assert entry["differentiable"] is True
    assert entry["strictly_differentiable"] is False
    assert entry["descent"]["derivative"] == "0"
    assert len(entry["descent"]["arc"]) >= 1
    assert entry["descent"]["leading_term"]["coefficient"].startswith("-")
    text = render(clarke_document(problem, differential, stationarity=report))
    assert "differentiable, not strictly" in text
    assert "along an arc that starts so the first term is" in text


def test_an_enclosed_set_has_the_facts_too() -> None:
    problem = problem_from_tree(CUSP)
    late = Budget(deadline=0)
    differential = clarke_differential(problem.function(), budget=late)
    text = render(clarke_document(problem, differential, stationarity=stationarity(differential, budget=late)))
    assert "regular           not decided" in text


@pytest.mark.parametrize("outer", [["1", "1"], ["-1", "-1"], ["1", "-1"]])
def test_the_rest_of_the_result_is_checked_as_before(outer: list[str]) -> None:
    problem = problem_of_the_input(outer)
    differential = clarke_differential(problem.function())
    entry = stationarity_result(stationarity(differential))
    report = verify_text(json.dumps(clarke_result(problem, differential) | {"stationarity": entry}))
    assert report["rejected"] == []
    assert report["accepted"]


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem_of_the_input(["1", "1"]).tree()))
    assert main(["clarke", str(file), "--stationarity"]) == 0
    assert "minimum           yes, a local one" in capsys.readouterr().out
    assert main(["clarke", str(file), "--stationarity", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stationarity"]["frechet"] is True
    assert main(["clarke", str(file), "--json"]) == 0
    assert "stationarity" not in json.loads(capsys.readouterr().out)
