"""Where a solver's word alone refutes a pattern, the set is not called exact, and the solver is named."""

import json

import pytest

from symflow.cells import solver_rung
from symflow.cells.refutation import MultiplierSearch
from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import clarke_result

pytest.importorskip("z3")

# Two hidden layers, all rows of layer 2 zero on features that are parallel: first order sees nothing, products of two
# factors refute (seed 455 of the bank, in tests/differentials/test_bank.py).
TREE = {
    "network": {
        "activation": "relu",
        "weights": [[["-1", "-2"]], [["-2"]], [["0"], ["0"]], [["0", "2"]]],
        "biases": [["0"], ["0"], ["-1", "0"], ["0"]],
    },
    "data": {"inputs": [["2", "-2"], ["2", "0"], ["0", "0"]]},
    "objective": {"kind": "combination", "coefficients": ["1", "2", "-2"]},
}


def problem() -> Problem:
    return problem_from_tree(TREE)


def test_products_of_two_factors_refute_what_single_ones_do_not() -> None:
    set_ = clarke_differential(problem().function())
    assert set_.is_exact
    assert set_.trusts == ()
    (factor,) = set_.factors
    assert any(len(term.factors) == 2 for refutation in factor.incident.refuted for term in refutation.terms)


def test_a_set_that_rests_on_a_solver_s_word_is_not_exact_and_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = clarke_differential(problem().function())
    refute = MultiplierSearch.refute

    def no_products(self: MultiplierSearch, *arguments: object, level: int, **options: object) -> object:
        return None if level >= 2 else refute(self, *arguments, level=level, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(MultiplierSearch, "refute", no_products)
    monkeypatch.setattr("symflow.cells.incident_cells.find_arc", lambda *_, **__: None)
    set_ = clarke_differential(problem().function())
    assert set_.status == "enclosed"
    assert set_.trusts == ("z3",)
    assert set_.inner_vertices == exact.vertices
    result = clarke_result(problem(), set_)
    assert result["trusts"] == ["z3"]
    assert result["vertices_if_trusted"] == result["inner_vertices"]
    assert result["vertices"] is None
    report = verify_text(json.dumps(result))
    assert report["rejected"] == []
    assert "trusts" in report["not_checked"]


def test_without_the_solver_the_ladder_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver_rung, "positive_point", lambda *_, **__: None)
    set_ = clarke_differential(problem().function())
    assert set_.trusts == ()
