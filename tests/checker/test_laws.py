"""Results of ``symflow laws`` are accepted as written, and refused when anything in them is changed."""

from __future__ import annotations

import copy
import functools
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symflow.checker.brackets import value
from symflow.checker.fixed_slopes import FixedSlopes, on_word, output_polynomial
from symflow.checker.laws import check_laws
from symflow.checker.nested_duals import NestedDuals, determinant
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, Report, TooLarge
from symflow.checker.symbolic import read_symbolic_problem
from symflow.checker.verify import verify_text
from symflow.checker.work import Work
from symflow.laws.closure import closure
from symflow.laws.expression import polynomial_from_text
from symflow.laws.of_problem import laws_of_problem
from symflow.laws.wrong_laws import is_law
from symflow.problem_tree import problem_from_tree
from symflow.reports.laws_result import laws_result
from tests.checker.test_verify import THIRDS

Json = dict[str, Any]

LEAKY = {"name": "leaky_relu", "slope": "1/4"}
POOL = {"name": "maxpool", "groups": [[0, 1], [2, 3]]}


def net(activation: object, *widths: int, **more: object) -> Json:
    return {"network": {"activation": activation, "widths": list(widths), **more}}


def weighted(activation: object, weights: object, inputs: object, **more: object) -> Json:
    return {"network": {"activation": activation, "weights": weights, **more}, "data": {"inputs": inputs}}


DEMO = weighted("relu", [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]], [["1", "1"], ["-1", "-1"]])
DEEP = weighted(
    "relu",
    [[["1", "0"], ["0", "1"]], [["1", "2"], ["2", "1"]], [["1", "-1"]]],
    [["1", "2"], ["1", "-1"], ["-1", "1/3"]],
    biases=[["0", "1"], ["0", "0"], ["0"]],
)

# A problem, its model, whether on every cell, and a polynomial to be checked.
CASES: dict[str, tuple[Json, str | None, bool, str | None]] = {
    "relu": (net("relu", 2, 2, 1), None, False, None),
    "deep relu with biases": (net("relu", 2, 2, 2, 2, bias=True), None, False, None),
    "leaky": (net(LEAKY, 2, 2, 1), None, False, None),
    "maxpool": (net(POOL, 2, 4, 1, bias=True), None, False, None),
    "mixed": (net(["relu", "identity", "relu"], 2, 2, 2, 2, 1, bias=True), None, False, None),
    "linear": (net("identity", 2, 2, 2, bias=True), None, False, None),
    "deep linear": (net("identity", 2, 3, 3, 2), None, False, None),
    "wide linear": (net("identity", 1, 4, 1), None, False, None),
    "closure": (net("identity", 1, 2, 2, 1), None, False, None),
    "no hidden layer": (net([], 2, 1), None, False, None),
    "weights": (DEMO, None, False, None),
    "cells at a kink": (DEMO, "cell", False, None),
    "every cell": (DEMO, "cell", True, None),
    "every cell of a maxpool": (
        weighted(POOL, [[["1"]] * 4, [["1", "1"]]], [["1"], ["0"]]),
        "cell",
        True,
        None,
    ),
    "deep cells": (DEEP, "cell", False, None),
    "cell with an output bias": (
        weighted("relu", [[["1"]], [["1"]]], [["1"]], biases=[["0"], ["0"]]),
        "cell",
        False,
        None,
    ),
    "squared relu": (weighted({"name": "relu_power", "power": 2}, [[["1"]], [["1"]]], [["1"]]), "cell", False, None),
    "a law asked about": (DEMO, None, False, "W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2 + 3"),
    "another, of degree four": (net("identity", 1, 1, 1), None, False, "(W1[1,1]^2 - W2[1,1]^2)^2"),
    "no law": (DEMO, None, False, "W1[1,1]*W1[2,1] + W1[1,2]*W1[2,2] - W2[1,1]*W2[1,2]"),
    "no law of a linear net": (net("identity", 1, 2, 1), None, False, "W1[1,1]**2"),
    "linear units in a relu layer": (net({"name": "maxpool", "groups": [[0], [1, 2]]}, 2, 3, 1), None, False, None),
    "no law on the cells": (DEMO, "cell", False, "W1[1,1]"),
}


def result(name: str) -> Json:
    made: Json = json.loads(written(name))
    return made


@functools.cache
def written(name: str) -> str:
    tree, model, every_cell, asked = CASES[name]
    problem = problem_from_tree(tree)
    found = laws_of_problem(problem, model=model, every_cell=every_cell)
    checked = None
    if asked is not None:
        polynomial = polynomial_from_text(asked, problem.architecture.parameter_names)
        checked = polynomial, is_law(polynomial, found.joint.fields)
    return json.dumps(laws_result(problem, found, checked=checked))


def report(tree: Json) -> Json:
    found = verify_text(json.dumps(tree))
    assert not any("broke off" in entry["reason"] for entry in found["rejected"])  # type: ignore[attr-defined]
    return found


every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_a_result_is_accepted_with_nothing_left_unchecked(name: str) -> None:
    found = report(result(name))
    assert found["accepted"], found
    assert found["not_checked"] == []
    assert found["n_certificates"] >= 1


# ---------------------------------------------------------------------- forgeries


def blocks(tree: Json) -> list[Json]:
    return [tree, *tree.get("cells", [])]


def replaced(tree: Json, place: list[Any], new: object) -> Json:
    """Return a copy with another entry at a path of keys and indices."""
    other = node = copy.copy(tree)
    for key in place[:-1]:
        node[key] = copy.copy(node[key])
        node = node[key]
    node[place[-1]] = new
    return other


def changes(tree: Json) -> list[tuple[str, Json]]:
    """Return small changes of a result that make it say something else, each with its name."""
    made: list[tuple[list[Any], object]] = [
        (["n_parameters"], tree["n_parameters"] + 1),
        (["scope"], "all data" if tree["scope"] != "all data" else "given data"),
    ]
    for i, block in enumerate(blocks(tree)):
        at: list[Any] = [] if i == 0 else ["cells", i - 1]
        made += [([*at, key], block[key] - 1) for key in ("n_laws", "lie_dimension", "n_laws_at_most")]
        made += [([*at, key], not block[key]) for key in ("complete", "lie_dimension_is_exact")]
        for j, law in enumerate(block["laws"]):
            made += [([*at, "laws", j], text) for text in (f"2*({law})", f"{law} + W1[1,1]*W2[1,1]")]
            made += [([*at, "names", j, "neurons"], [7])]
            made += [([*at, "names", j, "kind"], "gram" if block["names"][j]["kind"] != "gram" else "span")]
            made += [] if block["values"] is None else [([*at, "values", j], "77/3")]
        certificate = block["certificate"]
        at = [*at, "certificate"]
        for j, word in enumerate(certificate["words"]):
            made += [([*at, "words", j], word[:-1] or [*word, word[0]]), ([*at, "words", j], [99, *word[1:]])]
        made += [([*at, "point", j], str(int(entry) + 1)) for j, entry in enumerate(certificate["point"])]
        made += [([*at, key], str(int(certificate[key]) + 1)) for key in ("minor", "law_minor")]
        made += [([*at, "columns"], certificate["columns"][::-1]), ([*at, "prime"], "2147483629")]
        if certificate["columns"]:
            made += [([*at, "columns"], [certificate["columns"][-1]] * len(certificate["columns"]))]
        made += [([*at, "law_columns"], ["W9[1,1]"] * len(certificate["law_columns"]))]
        for j, field in enumerate(certificate["fields"]):
            made += [([*at, "fields", j, "output"], field["output"] + 5)]
        if "closure" in certificate:
            made += [([*at, "closure", "fields"], []), ([*at, "closure", "brackets", 0, 0, 0], "1")]
            made += [([*at, "closure", "fields", 0, "coefficients", 0], "2")]
    forged = [(".".join(map(str, place)), replaced(tree, place, new)) for place, new in made]
    for i in range(len(tree.get("cells", []))):
        forged.append((f"without cell {i}", replaced(tree, ["cells"], tree["cells"][:i] + tree["cells"][i + 1 :])))
    return [(name, other) for name, other in forged if other != tree]


LONG = (
    *("deep cells", "every cell", "every cell of a maxpool", "cells at a kink", "no law on the cells"),
    *("deep linear", "mixed"),
)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in CASES])
def test_every_small_change_is_refused(name: str, third: int) -> None:
    tree = result(name)
    accepted = []
    for what, forged in changes(tree)[third::3]:
        found = report(forged)
        if found["accepted"]:
            accepted.append(what)
    # Another point, order of the columns or prime with the same minors proves the same.
    assert [
        what
        for what in accepted
        if not any(word in what for word in ("certificate.point", "certificate.columns", "certificate.prime"))
    ] == []


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda t: t["laws"].__setitem__(0, "W1[1,1]**2 - W2[1,1]**2"), "this is not conserved"),
        (lambda t: t["laws"].__setitem__(0, t["laws"][1]), "this is not what balancing means"),
        (lambda t: t["laws"].__setitem__(0, t["laws"][0] + " + 1"), "a constant is no law"),
        (lambda t: t["laws"].__setitem__(0, "exp(W1[1,1])"), "this is no polynomial"),
        (lambda t: t["certificate"]["point"].__setitem__(0, "0"), "the minor of the laws vanishes"),
        (lambda t: t["certificate"]["point"].__setitem__(0, "7"), "recomputed"),
        (lambda t: t["certificate"].update(point=["0"] * 6), "the minor of the words vanishes"),
        (lambda t: t["certificate"]["fields"][0].update(units=[3]), "there is no such unit"),
        (lambda t: t["certificate"]["fields"][0].update(units=[None]), "there is no such unit"),
        (lambda t: t["certificate"]["fields"][0].update(input=9), "the network has no such input"),
        (lambda t: t["certificate"]["words"].__setitem__(0, []), "a word of letters that are no fields"),
        (lambda t: t["certificate"]["words"].__setitem__(0, [1, 1]), "the minor of the words vanishes"),
        (lambda t: t["certificate"]["words"].__setitem__(0, [2]), "the minor of the words vanishes"),
        (lambda t: t.update(model="linear"), "a layer that is not linear"),
        (lambda t: t.update(model="cell"), "missing"),
        (lambda t: t.update(model="other"), "an unknown model"),
        (lambda t: t["problem"]["network"].update(widths=[2, 3, 1]), "recomputed"),
    ],
)
def test_a_forgery_is_refused_with_its_reason(edit: Any, reason: str) -> None:
    tree = result("relu")
    edit(tree)
    found = report(tree)
    assert not found["accepted"]
    assert any(reason in entry["reason"] for entry in found["rejected"]), found["rejected"]


def test_laws_that_depend_on_each_other_are_refused_as_independent() -> None:
    tree = result("wide linear")
    extra = tree["dependent_laws"].pop()
    tree["laws"][-1] = extra["law"]
    tree["names"][-1] = {key: extra[key] for key in ("kind", "layer", "neurons")}
    found = report(tree)
    assert not found["accepted"]


def test_a_weaker_result_is_accepted_as_what_it_says() -> None:
    """One word less: one law more may be; the rest of the certificate is as good as before, so only counts change."""
    tree = result("relu")
    weaker = copy.deepcopy(tree)
    certificate = weaker["certificate"]
    certificate["words"].pop()
    certificate["columns"].pop()
    weaker |= {"lie_dimension": 3, "n_laws_at_most": 3, "complete": False, "lie_dimension_is_exact": False}
    reasons = [entry["reason"] for entry in report(weaker)["rejected"]]
    assert reasons
    assert all("recomputed" in reason for reason in reasons)  # the minor is another number now
    certificate["minor"] = reasons[0].rpartition(" ")[2].strip('"')
    assert report(weaker)["accepted"]


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("no law", lambda w: w.update(rate="5")),
        ("no law", lambda w: w["parameters"].__setitem__(0, "0")),
        ("no law", lambda w: w.update(output=2)),
        ("no law", lambda w: w.update(input=["0", "0"])),
        ("no law on the cells", lambda w: w.update(pattern="--")),
        ("no law on the cells", lambda w: w.update(datum=7)),
    ],
)
def test_a_witness_is_recomputed(name: str, edit: Any) -> None:
    tree = result(name)
    edit(tree["checked"]["witness"])
    assert not report(tree)["accepted"]


def test_a_verdict_is_recomputed() -> None:
    tree = result("no law")
    tree["checked"] = {"polynomial": tree["checked"]["polynomial"], "verdict": "proved"}
    assert not report(tree)["accepted"]
    tree = result("a law asked about")
    tree["checked"]["polynomial"] = "W1[1,1]"
    assert not report(tree)["accepted"]


def test_a_cell_that_is_left_out_is_missed() -> None:
    for name in ("cells at a kink", "every cell", "deep cells"):
        tree = result(name)
        tree["cells"].pop()
        assert not report(tree)["accepted"]


def test_a_bracket_of_three_fields_on_the_line_is_right() -> None:
    """On the line, X = 1, Y = w², so [X, Y] = 2 w, [X, [X, Y]] = 2, [Y, [X, Y]] = w² 2 - 2w 2w = -2 w²."""
    ring = NestedDuals(101)

    def x(point: Any) -> Any:
        return [[1, *[0] * (len(point[0]) - 1)]]

    def y(point: Any) -> Any:
        return [ring.product(point[0], point[0])]

    at = [[5]]
    assert value([0, 1], [x, y], at, ring) == [[10]]
    assert value([0, 0, 1], [x, y], at, ring) == [[2]]
    assert value([1, 0, 1], [x, y], at, ring) == [[-50 % 101]]


def test_determinants_of_permutations_have_their_signs() -> None:
    assert determinant([[0, 1, 0], [0, 0, 1], [1, 0, 0]], 7, Work(100)) == 1
    assert determinant([[0, 1, 0], [1, 0, 0], [0, 0, 1]], 7, Work(100)) == 6


def test_a_hostile_word_runs_out_of_steps_rather_than_time() -> None:
    tree = result("deep linear")
    tree["certificate"]["words"][-1] = [1] * 11
    found = report(tree)
    assert not found["accepted"]


def test_what_no_rule_reads_is_listed() -> None:
    tree = result("relu")
    tree["remark"] = "x"
    check = Report()
    check_laws(check, tree)
    assert check.result()["not_checked"] == ["remark"]


@pytest.mark.parametrize(
    ("name", "edit", "reason"),
    [
        ("squared relu", lambda t: t.update(model="relu"), "a piece that is not linear"),
        ("relu", lambda t: t.pop("scope"), "missing"),
        ("relu", lambda t: t.pop("values"), "missing"),
        ("cells at a kink", lambda t: t["names"][0].update(neurons=[2]), "not a combination of the neuron's weights"),
        ("cells at a kink", lambda t: t["names"][0].update(kind="unmoved"), "this is not one parameter"),
        ("cells at a kink", lambda t: t["names"][0].update(kind="quadratic"), "this is not of degree two"),
        ("cells at a kink", lambda t: t["names"][0].update(kind="?"), "an unknown name"),
        ("cells at a kink", lambda t: t["names"][0].update(layer=4), "this name has other numbers"),
        ("relu", lambda t: t["names"][0].update(layer=4), "this name has other numbers"),
        ("relu", lambda t: t["names"][0].update(kind="gram", neurons=[1, 1]), "this is not what gram means"),
        ("relu", lambda t: t["certificate"].update(prime="15"), "expected one of the primes"),
        ("relu", lambda t: t["certificate"]["fields"][0].update(output=2), "the network has no such output"),
        (
            "deep relu with biases",
            lambda t: t["certificate"]["fields"][0].update(input=1, units=[1, 0]),
            "begins twice",
        ),
        ("cells at a kink", lambda t: t["certificate"]["fields"][0].update(datum=9), "there is no such datum"),
        ("cells at a kink", lambda t: t["certificate"]["fields"][0].update(pattern="--"), "none of the cells"),
        ("cells at a kink", lambda t: t["cells"].append(t["cells"][0]), "this pattern stands twice"),
        ("cells at a kink", lambda t: t.update(cells=[]), "there are no cells"),
        ("cells at a kink", lambda t: t["problem"]["objective"].update(output=3), "the network has no such output"),
        ("deep cells", lambda t: t.update(every_cell=True), "interior_point"),
        (
            "deep cells",
            lambda t: [t.update(every_cell=True), *(cell.update(interior_point=["1"] * 15) for cell in t["cells"])],
            "more than one hidden layer",
        ),
        ("every cell", lambda t: t["cells"][0].update(interior_point=["0"] * 6), "the point is not inside the cell"),
        (
            "closure",
            lambda t: t["certificate"]["closure"]["fields"][0].update(coefficients=["3"]),
            "is not this combination",
        ),
        ("closure", lambda t: t["certificate"]["closure"].update(brackets=[[["5"]]]), "is not this combination"),
        ("closure", lambda t: t["certificate"]["closure"].update(fields=[]), "not shown to be in the span"),
        ("relu", lambda t: t["certificate"].update(closure={"fields": [], "brackets": []}), "closure is for fields"),
    ],
)
def test_forgeries_of_other_results_are_refused_with_their_reasons(name: str, edit: Any, reason: str) -> None:
    tree = result(name)
    edit(tree)
    found = report(tree)
    assert not found["accepted"]
    texts = [f"{entry['place']}: {entry['reason']}" for entry in found["rejected"]]
    assert any(reason in text for text in texts), texts


def test_words_of_two_letters_that_close_are_accepted_and_recomputed() -> None:
    """Linear 2-2-1: X, Y and [X, Y] span so(2, 1), so that its three dimensions are all."""
    problem = problem_from_tree(net("identity", 2, 2, 1))
    found = laws_of_problem(problem)
    closed = closure(found.joint.fields, found.joint.brackets)
    assert closed is not None
    found = replace(found, joint=replace(found.joint, closure=closed))
    made: Json = json.loads(json.dumps(laws_result(problem, found)))
    assert made["certificate"]["words"][2] in ([1, 2], [2, 1])
    assert report(made)["accepted"]
    forged = copy.deepcopy(made)
    forged["certificate"]["closure"]["fields"][0]["coefficients"][2] = "1"
    assert any("combination of brackets" in entry["reason"] for entry in report(forged)["rejected"])
    made["certificate"]["closure"]["brackets"][0][2][0] = "7"
    assert any("a bracket is not this" in entry["reason"] for entry in report(made)["rejected"])


def test_an_undecided_pattern_is_covered_and_an_undecided_verdict_claims_nothing() -> None:
    tree = result("cells at a kink")
    refuted = tree["refuted"].pop()
    tree["undecided"] = [{"pattern": refuted["pattern"]}]
    assert report(tree)["accepted"]
    tree["undecided"] = []
    assert not report(tree)["accepted"]
    asked = result("no law")
    asked["checked"] = {"polynomial": "W1[1,1]", "verdict": "undecided"}
    assert report(asked)["accepted"]
    asked["checked"]["verdict"] = "likely"
    assert not report(asked)["accepted"]


def test_what_takes_too_many_paths_is_left_open_not_accepted() -> None:
    tree = problem_from_tree(net("relu", 4, 9, 9, 9, 2))
    made: Json = json.loads(json.dumps(laws_result(tree, laws_of_problem(tree))))
    assert report(made)["accepted"]
    made["checked"] = {"polynomial": f"({made['laws'][0]})**2 + W4[1,1] - W4[1,1]", "verdict": "proved"}
    found = report(made)
    assert found["accepted"] or "too large" in " ".join(found["not_checked"])
    made["checked"] = {"polynomial": "W1[1,1]*W4[1,1]", "verdict": "proved"}
    found = report(made)
    assert (found["accepted"], found["rejected"]) == (False, [])
    del made["checked"]
    made["laws"][0] = "W1[1,1]*W4[1,1]"
    assert not report(made)["accepted"]


def test_a_prime_that_divides_a_denominator_cannot_be_used() -> None:
    tree = problem_from_tree(weighted("relu", [[["1"]], [["1"]]], [["1/2147483647"]]))
    made: Json = json.loads(json.dumps(laws_result(tree, laws_of_problem(tree, model="cell"))))
    assert report(made)["accepted"]
    for block in blocks(made):
        block["certificate"]["prime"] = "2147483647"
    assert any("divides a denominator" in entry["reason"] for entry in report(made)["rejected"])


def test_cells_of_three_members_on_dependent_data_are_listed_but_not_known_to_be_all() -> None:
    three = {"name": "maxpool", "groups": [[0, 1, 2]]}
    tree = problem_from_tree(weighted(three, [[["1", "0"]] * 3, [["1"]]], [["1", "0"], ["0", "1"], ["1", "1"]]))
    made: Json = json.loads(json.dumps(laws_result(tree, laws_of_problem(tree, every_cell=True))))
    found = report(made)
    assert (found["accepted"], found["not_checked"]) == (True, ["cells: that there are no others"])


@pytest.mark.parametrize("word", ["", "+++", "+1+", "3+"])
def test_words_that_do_not_fit_are_refused(word: str) -> None:
    pool: Json = {"name": "maxpool", "groups": [[0, 1]]}
    network = {"activation": ["relu", pool], "weights": [[["1"]], [["1"], ["1"]], [["1"]]]}
    problem = read_problem({"network": network, "data": {"inputs": [["1"]]}, "objective": {}})
    with pytest.raises(Refused, match=r"does not fit|cannot stand there"):
        on_word(problem, [Fraction(1)], word, 0)
    with pytest.raises(Refused, match="cannot stand there"):
        on_word(problem, [Fraction(1)], "?1", 0)
    with pytest.raises(Refused, match="cannot stand there"):
        on_word(problem, [Fraction(1)], "+?", 0)


def test_a_net_with_too_many_paths_is_not_written_out() -> None:
    network = {"activation": ["identity"] * 6, "widths": [7] * 8}
    problem = read_symbolic_problem({"network": network, "objective": {"output": 1}}).problem
    ones = tuple((Fraction(1),) * 7 for _ in range(6))
    with pytest.raises(TooLarge, match="too many paths"):
        output_polynomial(problem, FixedSlopes((Fraction(1),) * 7, ones, (False,) * 7, 0))


def test_every_cell_with_zero_data_biases_and_three_members() -> None:
    zero = weighted("relu", [[["1"], ["1"]], [["1", "1"]]], [["0"], ["2"]])
    biased = weighted("relu", [[["1"], ["1"]], [["1", "1"]]], [["0"], ["2"]], biases=[["0", "0"], ["0"]])
    identity = weighted("identity", [[["1"], ["1"]], [["1", "1"]]], [["1"]])
    three = {"name": "maxpool", "groups": [[0, 1, 2]]}
    pool = weighted(three, [[["1"]] * 3, [["1"]]], [["1"], ["2"]])
    for tree in (zero, biased, identity, pool, weighted([], [[["1", "1"]]], [["1", "2"]])):
        problem = problem_from_tree(tree)
        made: Json = json.loads(json.dumps(laws_result(problem, laws_of_problem(problem, every_cell=True))))
        found = report(made)
        assert found["accepted"], found
