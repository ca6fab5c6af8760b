"""The JSON of ``symflow derive``."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sympy

from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of, derive_result
from symflow.writing import json_text
from tests.reports.problems_to_derive import PROBLEMS

NAME = re.compile(r"[Wbxfc][0-9]*\[[0-9]+(?:,[0-9]+)?\]")


def result_of(name: str) -> dict[str, Any]:
    problem = problem_from_tree(PROBLEMS[name])
    return json.loads(json_text(derive_result(problem, derivation_of(problem))))  # type: ignore[no-any-return]


def sympified(text: str) -> Any:
    """Read a text of the file as a sympy expression, its names mapped to plain ones."""
    names = sorted(set(NAME.findall(text)), key=len, reverse=True)
    plain = {name: re.sub(r"[\[\],]", "_", name) for name in names}
    for name in names:
        text = text.replace(name, plain[name])
    return sympy.sympify(text, locals={p: sympy.Symbol(p, real=True) for p in plain.values()})


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for entry in value.values() for text in texts_in(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in texts_in(entry)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", sorted(set(PROBLEMS) - {"seven_neurons", "five_neurons", "many_data"}))
def test_every_text_is_read_by_sympy(name: str) -> None:
    result = result_of(name)
    assert result["status"] == "complete"
    assert result["n_pieces"] == len(result["pieces"]) > 0
    for piece in result["pieces"][:6]:
        for text in (piece["polynomial"], *piece["outputs"], *texts_in(piece["gradient"])):
            assert isinstance(sympified(text), sympy.Expr)
        for condition in piece["conditions"]:
            assert isinstance(sympified(condition), sympy.core.relational.Relational)
    for text in (result["objective"], *result["coefficients"]):
        assert isinstance(sympified(text), sympy.Expr)


@pytest.mark.parametrize("name", ["two_neurons", "pooling", "demo_shape", "squared", "log_sum_exp", "corner", "linear"])
def test_the_text_of_the_piecewise_is_the_piecewise(name: str) -> None:
    problem = problem_from_tree(PROBLEMS[name])
    derivation = derivation_of(problem)
    read = sympified(derive_result(problem, derivation)["piecewise"])
    built = derivation.to_sympy()
    plain = built.subs(
        {s: sympy.Symbol(re.sub(r"[\[\],]", "_", s.name), real=True) for s in built.free_symbols}, simultaneous=True
    )
    if not isinstance(read, sympy.Piecewise):  # a single branch without condition is its value
        assert sympy.simplify(read - plain) == 0
        return
    assert len(read.args) == len(plain.args)
    for (value, _), (other, _) in zip(read.args, plain.args, strict=True):
        assert sympy.simplify(value - other) == 0


def test_symbolic_weights_have_points_and_closed_sets_at_the_kinks() -> None:
    result = result_of("two_neurons")
    assert result["symbols"][-2:] == ["x[1]", "x[2]"]
    piece = result["pieces"][-1]
    assert piece["pattern"] == "++"
    assert piece["conditions"] == ["W1[1,1]*x[1] + W1[1,2]*x[2] > 0", "W1[2,1]*x[1] + W1[2,2]*x[2] > 0"]
    assert set(piece["certificate"]["point"]) == set(result["symbols"])
    (kink,) = result["subgradients"]["neurons"][0]["kinks"]
    assert kink["block"] == {
        "kind": "segments",
        "offset": ["0", "0"],
        "segments": [{"parameter": "theta[1]", "minus": ["0", "0"], "plus": ["W2[1,1]*x[1]", "W2[1,1]*x[2]"]}],
    }
    assert kink["assuming"] == ["x != 0"]
    assert result["subgradients"]["at_zero"]["conditions"] == ["x[1] = 0", "x[2] = 0"]


def test_coupled_data_have_one_parameter_at_their_common_kink() -> None:
    result = result_of("demo_shape")
    (kink,) = result["subgradients"]["neurons"][0]["kinks"]
    assert (kink["covector"], kink["data"]) == ("00", [1, 2])
    (segment,) = kink["block"]["segments"]
    assert segment["minus"] == ["-W2[1,1]*c[2]", "-W2[1,1]*c[2]"]
    assert segment["plus"] == ["W2[1,1]*c[1]", "W2[1,1]*c[1]"]


def test_at_a_point_there_are_arcs_limits_and_their_hull() -> None:
    result = result_of("demo")
    assert result["point"] == ["1", "-1", "-1", "0", "1", "-1/2"]
    assert [piece["certificate"]["kind"] for piece in result["pieces"]] == ["arc", "arc"]
    assert result["pieces"][1]["gradient_at_point"]["W1"][0] == ["-1", "-1"]
    assert len(result["subgradients"]["gradients"]) == 2


def test_smooth_and_deep_nets_say_what_is_known_at_kinks() -> None:
    assert result_of("squares")["subgradients"] == {"kind": "continuously_differentiable"}
    assert result_of("deep")["subgradients"]["kind"] == "regular_kinks"
    assert result_of("deep_pooling")["subgradients"] is None


def test_what_is_not_decided_is_listed() -> None:
    problem = problem_from_tree({"network": {"activation": "relu", "widths": [1, 14, 1]}})
    from symflow.cells import derivation as module
    from symflow.nets.objective import Output

    derivation = module.derive(problem.architecture, Output(), most_pieces=4)
    result = derive_result(problem, derivation)
    assert result["status"] == "incomplete"
    assert result["n_pieces"] == 4
    assert all("*" in word for word in result["undecided_patterns"])
    assert result["piecewise"] is None
