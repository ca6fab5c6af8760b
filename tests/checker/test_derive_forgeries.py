"""Derive results forged one rule at a time: each rule says why it refuses, or that something is too large to tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from symflow.checker import exponential_polynomials, formulas, kinks, symbolic
from symflow.checker.exponential_fractions import MODULUS
from symflow.checker.exponential_polynomials import ExponentialPolynomial
from symflow.checker.formulas import Reader
from symflow.checker.gradients import Gradients
from symflow.checker.patterns import Tree
from symflow.checker.piecewise import branches
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.theorems import check_euler
from symflow.checker.verify import verify_text
from symflow.exact.simplex import Budget
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of, derive_result
from tests.checker.by_hand import pool_of_two_data, problem_tree, two_zero_matrices, undecided_cell
from tests.checker.derive_by_hand import (
    absolute_value_at_a_kink,
    identity_in_disguise,
    known_weights_and_any_input,
    one_symbolic_neuron,
    pool_of_two,
    square_of_a_neuron,
    two_opposite_data,
    two_rays,
)

Json = dict[str, Any]


def checked(result: Json) -> tuple[str, list[str]]:
    """Return the refusals, and what was not checked."""
    report: Any = verify_text(json.dumps(result))
    return "; ".join(f"{entry['place']}: {entry['reason']}" for entry in report["rejected"]), report["not_checked"]


def neuron(result: Json) -> Json:
    found: Json = result["subgradients"]["neurons"][0]
    return found


def kink(result: Json) -> Json:
    found: Json = neuron(result)["kinks"][0]
    return found


def first_piece(result: Json) -> Json:
    found: Json = result["pieces"][0]
    return found


@pytest.mark.parametrize(
    ("make", "edit", "reason"),
    [
        (
            one_symbolic_neuron,
            lambda r: first_piece(r)["certificate"]["point"].update({"W1[1,1]": "1"}),
            "pieces[0].certificate.point: at the point a condition does not hold",
        ),
        (
            one_symbolic_neuron,
            lambda r: kink(r)["certificate"]["point"].update({"x[1]": "0"}),
            "kinks[0].certificate.point: the input is zero there",
        ),
        (
            one_symbolic_neuron,
            lambda r: kink(r)["certificate"]["point"].update({"W1[1,1]": "1"}),
            "kinks[0].certificate.point: at the point a condition does not hold",
        ),
        (
            one_symbolic_neuron,
            lambda r: kink(r).update(covector="+", data=[]),
            "kinks[0].covector: the neuron does not kink there",
        ),
        (
            one_symbolic_neuron,
            lambda r: r["subgradients"].update(at_zero=None),
            "subgradients.at_zero: found null",
        ),
        (
            one_symbolic_neuron,
            lambda r: neuron(r).update(kinks=[]),
            "neurons[0].kinks: the kink 0 is missing",
        ),
        (
            two_opposite_data,
            lambda r: r.update(piecewise=r["piecewise"].replace("(W1[1,1] <= 0) & (-W1[1,1] >= 0)", "W1[1,1] <= 0")),
            "piecewise[0]: not as many conditions as the piece has",
        ),
        (
            two_opposite_data,
            lambda r: r.update(piecewise=r["piecewise"].replace(", (W1[1,1] <= 0) &", ", (W1[1,1] <= 1) &")),
            "piecewise[0]: expected a condition .. >= 0 or .. <= 0",
        ),
        (
            pool_of_two,
            lambda r: first_piece(r).update(pattern="1|2"),
            "pieces[0].pattern: a character that this unit never has on this pattern",
        ),
        (
            pool_of_two,
            lambda r: kink(r)["block"].update(kind="segments"),
            "block.kind: no such kind of block is known",
        ),
        (
            square_of_a_neuron,
            lambda r: r.update(subgradients=one_symbolic_neuron()["subgradients"]),
            "subgradients.kind: there are no kinks",
        ),
        (
            identity_in_disguise,
            lambda r: r.update(subgradients=one_symbolic_neuron()["subgradients"]),
            "subgradients.kind: only one hidden layer with symbolic weights",
        ),
        (
            one_symbolic_neuron,
            lambda r: r.update(subgradients={"kind": "continuously_differentiable"}),
            "subgradients.kind: not every activation is continuously differentiable",
        ),
        (
            one_symbolic_neuron,
            lambda r: r.update(subgradients={"kind": "hull", "gradients": []}),
            "subgradients.kind: no such kind of subgradients is known",
        ),
        (
            absolute_value_at_a_kink,
            lambda r: r["subgradients"]["gradients"].reverse(),
            "these are not the distinct limits of the gradients, in their order",
        ),
        (
            two_rays,
            lambda r: r["refuted"][0]["certificate"]["terms"][2]["constraint"].update(kind="two"),
            "refuted[0].certificate.terms: no such kind of condition",
        ),
        (
            two_rays,
            lambda r: r["refuted"][0]["certificate"]["terms"][2].update(factors=[{"kind": "one"}]),
            "refuted[0].certificate.terms: no such kind of condition",
        ),
        (
            two_rays,
            lambda r: r["refuted"][0]["certificate"]["terms"][2].update(multiplier="2"),
            "the combination of the constraints is not identically zero",
        ),
        (absolute_value_at_a_kink, lambda r: r["point"].reverse(), "point: this is not the problem's point"),
        (
            one_symbolic_neuron,
            lambda r: r["pieces"].append(first_piece(r)),
            "pieces[2].pattern: this pattern stands twice",
        ),
        (
            absolute_value_at_a_kink,
            lambda r: first_piece(r)["gradient_at_point"].update(W1=[["1/3"]]),
            "gradient_at_point.W1: this is not the limit of the gradient at the point",
        ),
        (
            two_rays,
            lambda r: r["refuted"].append(r["refuted"][0]),
            "refuted[1].pattern: this pattern stands twice",
        ),
        (
            absolute_value_at_a_kink,
            lambda r: r["subgradients"].update(kind="product"),
            "subgradients.kind: at a point, with all pieces known, this is the hull of their gradients",
        ),
        (
            one_symbolic_neuron,
            lambda r: first_piece(r)["certificate"].update(kind="arc"),
            "pieces[0].certificate.kind: expected a point",
        ),
        (
            one_symbolic_neuron,
            lambda r: neuron(r)["kinks"].append(kink(r)),
            "kinks[1].covector: this kink stands twice",
        ),
        (one_symbolic_neuron, lambda r: kink(r).update(covector="00"), "covector: the covector does not fit the data"),
        (one_symbolic_neuron, lambda r: kink(r).update(covector="x"), "covector: an entry that cannot stand there"),
        (pool_of_two, lambda r: kink(r).update(covector="21|1"), "covector: an entry that cannot stand there"),
        (
            pool_of_two,
            lambda r: kink(r)["block"]["points"].append(kink(r)["block"]["points"][0]),
            "block.points[2].cell: this is no further cell",
        ),
        (
            known_weights_and_any_input,
            lambda r: r["problem"]["network"].update(biases=[["0"], ["0"], ["0"]]),
            "a unit sits on its kink for all x",
        ),
    ],
    ids=lambda entry: entry if isinstance(entry, str) else getattr(entry, "__name__", "edit"),
)
def test_what_does_not_follow_is_refused(make: Callable[[], Json], edit: Callable[[Json], object], reason: str) -> None:
    result = make()
    edit(result)
    assert reason in checked(result)[0]


def test_kinks_are_checked_as_far_as_the_pieces_are_known() -> None:
    for make, places in (
        (one_symbolic_neuron, ["subgradients.neurons[0].kinks"]),
        (pool_of_two, ["subgradients.neurons[0].kinks", "subgradients.neurons[0].kinks[0].block.points"]),
    ):
        result = make()
        dropped = result["pieces"].pop()
        result |= {"n_pieces": 1, "status": "incomplete", "undecided_patterns": [dropped["pattern"]]}
        assert checked(result | {"piecewise": None}) == ("", places)
        assert checked(result)[0] == "piecewise: not all pieces are known"


# ---------------------------------------------------------------------- too large


def test_what_is_too_large_is_said_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    result = one_symbolic_neuron()
    first_piece(result)["certificate"]["point"]["W2[1,1]"] = "1" + "0" * 9_000
    wrong, not_checked = checked(result)
    assert (wrong, not_checked) == (
        "",
        ["pieces[0].certificate: too large (a point with numbers of too many digits)"],
    )
    with monkeypatch.context() as patched:
        patched.setattr(kinks, "_MOST_STEPS", 1)
        wrong, not_checked = checked(one_symbolic_neuron())
        assert (wrong, not_checked) == ("", ["subgradients.neurons[0]: too large (a neuron with too many faces)"])
    with monkeypatch.context() as patched:
        patched.setattr(symbolic, "_MOST_WORK", 1)
        wrong, not_checked = checked(square_of_a_neuron())
        assert wrong == ""
        assert "pieces[1]: too large (polynomials with too many terms)" in not_checked
    with monkeypatch.context() as patched:
        patched.setattr(formulas, "_LONGEST_TEXT", 5)
        wrong, not_checked = checked(absolute_value_at_a_kink())
        assert wrong == ""
        assert "objective: too large (a formula of 19 characters)" in not_checked


def test_the_gradients_at_a_point_may_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symflow.checker.exponential_sums.MOST_TERMS", 1)
    problem = problem_tree([], [[["1"]]], [["1"], ["2"]], labels=["1", "1"], kind="log_sum_exp")
    assert checked({"command": "clarke", "problem": problem}) == (
        "",
        ["everything else: too large (an exponential sum with too many terms)"],
    )


# ---------------------------------------------------------------------- formulas


def test_long_sums_of_quotients_differ_where_their_marks_do() -> None:
    reader = Reader(["x[1]"])
    many = " + ".join(f"1/(exp({k}*x[1]) + 1)" for k in range(1, 40))
    mirrored = " + ".join(f"1 - 1/(exp(-{k}*x[1]) + 1)" for k in range(1, 40))
    assert not reader.formula(many).equals(reader.formula("x[1]"))
    assert not reader.formula(many).equals(reader.formula(mirrored + " + x[1]/10**30"))
    with pytest.raises(TooLarge, match="a sum of quotients with too many terms"):
        reader.formula(many).equals(reader.formula(mirrored))
    # A denominator whose mark at x = 2 is no unit, and a number that has no mark.
    zero = f"1/(exp(x[1]) + {MODULUS - 16})"
    with pytest.raises(TooLarge, match="too many terms"):
        reader.formula(many).equals(reader.formula(zero))
    with pytest.raises(TooLarge, match="cannot tell apart"):
        reader.formula(many).equals(reader.formula(f"x[1]/{MODULUS}"))


def test_logarithms_that_do_not_cancel_are_told_apart_by_marks() -> None:
    reader = Reader(["x[1]"])
    softplus = reader.formula("log(1 + exp(x[1]))/2")
    for other in ("log(2 + exp(x[1]))/2", "log(1 + exp(x[1]))/3", "x[1]", "1/(1 + exp(x[1]))", "log(2) + exp(x[1])"):
        assert not softplus.equals(reader.formula(other))
    with pytest.raises(TooLarge, match="logarithms of different arguments"):
        softplus.equals(reader.formula("log(1 + exp(-x[1]))/2 + x[1]/2"))
    with pytest.raises(TooLarge, match="logarithms of different arguments"):
        softplus.equals(reader.formula(f"log(exp(x[1]) + {MODULUS - 16})"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(1", "it ends too early"),
        ("exp 1", "no formula in the symbols: 1"),
        ("x[1]*log(2)", "a logarithm with a factor that is no number"),
        ("(1/(1 + exp(x[1])))**2", "a quotient or a logarithm inside"),
        ("1/(exp(x[1]) - 1)", "not visibly positive"),
    ],
)
def test_a_text_outside_of_the_grammar_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        Reader(["x[1]"]).formula(text)


def test_a_product_of_exponential_polynomials_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exponential_polynomials, "_MOST_PRODUCTS", 3)
    x = ExponentialPolynomial.of(Polynomial.variable(0)) + ExponentialPolynomial.rational(Fraction(1))
    with pytest.raises(TooLarge, match="a product with too many terms"):
        x * x


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Cases((x, True))", r"expected Piecewise\(\.\.\)"),
        ("Piecewise((x, True)", "brackets that do not match"),
        ("Piecewise(x, True)", "expected brackets around a branch"),
        ("Piecewise((x, True, False))", r"expected branches \(formula, condition\)"),
        ("Piecewise((x)))((x, True))", "brackets that do not match"),
        ("Piecewise((x, (x >= 0) & x <= 0))", "expected brackets around a branch or a relation"),
    ],
)
def test_a_piecewise_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        branches(text)


# ---------------------------------------------------------------------- kinks that the command finds


def found(network: Json, inputs: list[list[str]]) -> Json:
    """Return what ``derive`` writes for a combination of the outputs, accepted as it stands but for missing kinks."""
    objective = {"kind": "combination", "coefficients": [str(k + 1) for k in range(len(inputs))]}
    problem = problem_from_tree({"network": network, "data": {"inputs": inputs}, "objective": objective})
    result: Json = json.loads(json.dumps(derive_result(problem, derivation_of(problem, budget=Budget()))))
    assert checked(result)[0] == ""
    return result


def test_the_rest_of_the_conditions_at_a_kink_is_checked() -> None:
    result = found({"activation": ["relu"], "widths": [2, 1, 1]}, [["1", "0"], ["0", "1"]])
    assert checked(result)[1] == []
    place = next(i for i, entry in enumerate(neuron(result)["kinks"]) if entry["covector"] == "0+")
    point = neuron(result)["kinks"][place]["certificate"]["point"]
    point["W1[1,2]"] = "-" + point["W1[1,2]"]
    assert "at the point a condition does not hold" in checked(result)[0]


def test_dependent_data_do_not_make_segments() -> None:
    result = found({"activation": ["relu"], "widths": [2, 1, 1]}, [["1", "0"], ["0", "1"], ["1", "1"]])
    assert checked(result)[1] == []
    at_zero = next(entry for entry in neuron(result)["kinks"] if entry["covector"] == "000")
    assert at_zero["block"]["kind"] == "hull"
    at_zero["block"] = {"kind": "segments", "offset": ["0", "0"], "segments": []}
    assert "these data are linearly dependent, so not all signs occur" in checked(result)[0]


@pytest.mark.parametrize(
    ("groups", "inputs", "n_kinks", "not_checked"),
    [
        ([[0, 1, 2]], [["1"]], [4], []),  # three pairs and all three: every set of winners is a face
        ([[0, 1, 2]], [["0"]], [0], []),
        ([[0], [1, 2]], [["1"], ["2"]], [0, 1], []),  # one member alone has no kink
        ([[0, 1, 2]], [["1"], ["2"]], [4], ["subgradients.neurons[0].kinks"]),
    ],
)
def test_kinks_of_groups_are_all_there_or_said_not_to_be_checked(
    groups: list[list[int]], inputs: list[list[str]], n_kinks: list[int], not_checked: list[str]
) -> None:
    result = found({"activation": [{"name": "maxpool", "groups": groups}], "widths": [1, 3, 1]}, inputs)
    neurons = result["subgradients"]["neurons"]
    assert [len(entry["kinks"]) for entry in neurons] == n_kinks
    assert checked(result)[1] == not_checked
    for entry in neurons:
        if entry["kinks"]:
            entry["kinks"].pop()
            assert ("is missing" in checked(result)[0]) is (not not_checked)


# ---------------------------------------------------------------------- what no derive result reaches


def test_a_datum_without_coefficient_contributes_nothing() -> None:
    problem = problem_tree([], [[["3"]]], [["1"], ["7"]], kind="combination", coefficients=["2", "0"])
    gradients = Gradients(read_problem(problem))
    assert gradients.by_convention("autodiff") == (2,)


def test_the_gradient_on_a_pattern_is_remembered() -> None:
    gradients = Gradients(read_problem(problem_tree("relu", [[["1"]], [["5"]]], [["2"]])))
    tree = Tree(gradients.problem, gradients.values)
    assert gradients.on_pattern(tree, ("+",), range(2)) == gradients.on_pattern(tree, ("+",), range(2)) == (10, 2)


def test_a_reason_does_not_excuse_the_cells_beside_it() -> None:
    wrong, _ = checked(two_zero_matrices() | {"cells": [{"pattern": "+"}]})
    assert "cells[0].pattern: the pattern's words do not fit the network and the data" in wrong


def test_a_choice_of_vertices_counts_once() -> None:
    result = pool_of_two_data()
    sums = result["sum_rule"]["comparison"]["sums"]
    sums.append(sums[0])
    assert f"sums[{len(sums) - 1}].choice: this choice stands twice" in checked(result)[0]


def test_a_solver_that_an_enclosed_set_trusts_is_named_as_not_checked() -> None:
    assert checked(undecided_cell() | {"trusts": ["z3"]}) == ("", ["trusts"])


def test_euler_says_nothing_with_biases() -> None:
    problem = problem_tree([], [[["3"]]], [["1"]], biases=[["1"]])
    check_euler(None, Gradients(read_problem(problem)))
    with pytest.raises(Refused, match="found"):
        check_euler({"degree": 1}, Gradients(read_problem(problem)))
