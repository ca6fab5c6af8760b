"""Results with many margins: true ones verify, with any number changed they are rejected; what is too large is said."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from symflow import cli
from symflow.checker.verify import verify_text
from tests.checker.by_hand import (
    arc,
    audit_of_one_kink,
    corner_of_a_maximum,
    point_hull,
    pool_of_two_data,
    problem_tree,
    two_opposite_data,
    undecided_cell,
)
from tests.checker.derive_by_hand import absolute_value_at_a_kink, log_sum_exp_of_one_neuron
from tests.checker.test_verify import changed, entries

Json = dict[str, Any]


def many_margins(n: int) -> Json:
    """relu, W1 = (3/7, -1/5), W2 = 2 with the logistic risk of n data with distinct decimal margins, no kink.

    The data on which z = <W1, x> > 0 contribute c x W2 to the derivative in W1 and c z to that in W2, where
    c = -y/(1 + exp(2 y z)); each of the others only adds log(2) to the risk. F is the sum of 2 c z, of degree 2.
    """
    draw = random.Random(n)
    x = [[Fraction(draw.randint(-(10**6), 10**6), 10**5) for _ in range(2)] for _ in range(n)]
    z = [Fraction(3, 7) * a - Fraction(1, 5) * b for a, b in x]
    y = [draw.choice((-1, 1)) for _ in range(n)]

    def total(factors: Sequence[Fraction]) -> str:
        """Return the sum of c times a factor, over the active data."""
        terms = [f"({-s * t})/(1 + exp({2 * s * r}))" for s, t, r in zip(y, factors, z, strict=True) if r > 0]
        return " + ".join(terms)

    gradient = [total([2 * a for a, _ in x]), total([2 * b for _, b in x]), total(z)]
    value = " + ".join(f"log(1 + exp({-2 * s * r}))" if r > 0 else "log(2)" for s, r in zip(y, z, strict=True))
    half = total([2 * r for r in z])
    factor = {
        "neuron": 1,
        "parameters": ["W1[1,1]", "W1[1,2]"],
        "vertices": [gradient[:2]],
        "n_limiting_gradients": 1,
        "dimension": 0,
        "cells": [arc("|".join("+" if r > 0 else "-" for r in z), gradient[:2])],
        "refuted": [],
        "hull": point_hull(["0", "0"], ["1"]),
    }
    result: Json = {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree(
            "relu",
            [[["3/7", "-1/5"]], [["2"]]],
            [[str(a), str(b)] for a, b in x],
            labels=[str(s) for s in y],
            kind="risk",
            loss="logistic",
        ),
        "status": "exact",
        "variable": "weights",
        "parameters": ["W1[1,1]", "W1[1,2]", "W2[1,1]"],
        "point": ["3/7", "-1/5", "2"],
        "value": value,
        "vertices": [gradient],
        "n_vertices": 1,
        "n_limiting_gradients": 1,
        "dimension": 0,
        "minimal_norm_element": gradient,
        "minimal_norm_squared": " + ".join(f"({entry})**2" for entry in gradient),
        "contains_zero": False,
        "euler": {"degree": 2, "value": f"2*({half})", "layers": [half, half]},
        "sum_rule": {"holds": True},
        "autodiff": {"gradient": gradient, "in_differential": True, "separator": None},
        "trusts": [],
        "factors": [factor],
        "constant": {"parameters": ["W2[1,1]"], "values": [gradient[2]]},
    }
    return json.loads(json.dumps(result))  # no list stands in two places


def numbers(result: Json) -> Iterator[tuple[Any, ...]]:
    """Return the places of the numbers that are recomputed."""
    for path, value in entries(result):
        others = {"problem", "command", "symflow", "status", "variable", "parameters", "pattern", "kind", "functionals"}
        if isinstance(value, str) and not others & set(path):
            yield path


def test_forty_margins_are_checked_in_full() -> None:
    report = verify_text(json.dumps(many_margins(40)))
    assert report == {"accepted": True, "n_certificates": 4, "rejected": [], "not_checked": []}


def test_one_number_changed_among_many_margins_is_rejected() -> None:
    result = many_margins(20)
    places = list(numbers(result))
    assert len(places) > 20
    for path in places:
        text: Any = result
        for step in path:
            text = text[step]
        for other in (f"{text} + 1/10000000000000000000000000000000000", text.replace("1", "3", 1), f"-({text})"):
            if other not in (text, "-(0)"):
                report = verify_text(json.dumps(changed(result, path, other)))
                assert report["rejected"] != [], path


def test_a_label_or_a_coordinate_changed_among_many_margins_is_rejected() -> None:
    result = many_margins(20)
    data = result["problem"]["data"]
    for k in range(20):
        label = changed(data, ("labels", k), str(-int(data["labels"][k])))
        coordinate = changed(data, ("inputs", k, 0), str(Fraction(data["inputs"][k][0]) * Fraction(100001, 100000)))
        is_active = result["factors"][0]["cells"][0]["pattern"].split("|")[k] == "+"
        for other in (label, coordinate):
            report = verify_text(json.dumps(changed(result, ("problem", "data"), other)))
            # Labels and small moves of a datum on which the neuron rests change nothing.
            assert (report["rejected"] != []) is is_active


# ---------------------------------------------------------------------- too large, at every place


@pytest.mark.parametrize(
    ("path", "entry", "where"),
    [
        (("value",), "9" * 200_000, "value"),
        (("vertices", 0, 0), "1" + "0" * 200_000, "vertices[0]"),
        (("minimal_norm_squared",), "(" * 60 + "1" + ")" * 60, "minimal_norm_squared"),
        (("euler", "value"), "2**1000000", "euler.value"),
        (("autodiff", "gradient", 0), "9" * 200_000, "autodiff.gradient"),
        (("autodiff", "separator"), None, ""),
        (("factors", 0, "vertices", 0, 0), "9" * 200_000, "factors[0].vertices[0]"),
        (("factors", 0, "cells", 0, "gradient", 0), "9" * 200_000, "factors[0].cells[0].gradient"),
        (("factors", 0, "cells", 0, "certificate", "arc"), [["1", "0"]] * 100, "factors[0].cells[0].certificate.arc"),
        (("factors", 0, "hull", "functionals", 0, 0), "9" * 200_000, "factors[0].hull.functionals[0]"),
        (("factors", 0, "hull", "minimal_norm_weights", 0), "9" * 200_000, "factors[0].hull"),
        (("constant", "values", 0), "9" * 200_000, "constant.values"),
        (("minimal_norm_element", 1), "9" * 200_000, "minimal_norm_element"),
    ],
    ids=lambda entry: str(entry)[:40],
)
def test_what_is_too_large_is_not_called_wrong(path: tuple[Any, ...], entry: Any, where: str) -> None:
    report = verify_text(json.dumps(changed(many_margins(6), path, entry)))
    assert report["rejected"] == []
    assert report["accepted"] is (not where)
    assert [claim.split(": too large")[0] for claim in report["not_checked"]] == [where][: len(where)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("side", ["inner", "outer"])
def test_an_enclosed_set_with_a_hull_too_large_is_not_called_wrong(side: str) -> None:
    result: Json = json.loads(json.dumps(undecided_cell()))  # no list stands in two places
    result[f"{side}_vertices"][0][0] = "9" * 200_000
    report = verify_text(json.dumps(result))
    assert report["rejected"] == []
    assert report["not_checked"] == [f"{side}_vertices[0]: too large (a number of 200000 digits)"]


@pytest.mark.parametrize(
    ("make", "path", "where"),
    [
        (two_opposite_data, ("factors", 0, "hull", "minimal_norm_weights", 0), "factors[0].hull"),
        (two_opposite_data, ("factors", 0, "cells", 0, "gradient", 0), "factors[0].cells[0].gradient"),
        (
            two_opposite_data,
            ("factors", 0, "refuted", 0, "certificate", "terms", 0, "multiplier"),
            "factors[0].refuted[0]",
        ),
        (two_opposite_data, ("sum_rule", "witness", "vector", 0), "sum_rule"),
        (two_opposite_data, ("autodiff", "separator", 0), "autodiff"),
        (pool_of_two_data, ("sum_rule", "comparison", "sums", 0, "weights", "0"), "sum_rule.comparison.sums[0]"),
        (pool_of_two_data, ("sum_rule", "comparison", "parts", 0, "factors", 0, "cells", 0, "gradient", 0), "sum_rule"),
        (audit_of_one_kink, ("conventions", 2, "weights", 0, 0), "conventions[2]"),
        (audit_of_one_kink, ("safe_by_witness", "directions", "1", 0), "safe_by"),
        (corner_of_a_maximum, ("value",), "value"),
        (absolute_value_at_a_kink, ("pieces", 0, "polynomial"), "pieces[0].polynomial"),
        (absolute_value_at_a_kink, ("pieces", 0, "gradient_at_point", "W1", 0, 0), "pieces[0].gradient_at_point"),
        (absolute_value_at_a_kink, ("subgradients", "gradients", 0, 0), "subgradients"),
        (log_sum_exp_of_one_neuron, ("refuted", 0, "certificate", "terms", 0, "multiplier"), "refuted[0]"),
    ],
    ids=lambda entry: entry if isinstance(entry, str) else getattr(entry, "__name__", "path"),
)
def test_one_number_too_large_makes_nothing_else_wrong(
    make: Callable[[], Json], path: tuple[Any, ...], where: str
) -> None:
    report = verify_text(json.dumps(changed(make(), path, "9" * 200_000)))
    assert report["rejected"] == []
    assert report["accepted"] is False
    claims: Any = report["not_checked"]
    assert any(claim.startswith(where) and "too large" in claim for claim in claims)


def test_verify_exits_with_3_where_something_is_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "result.json"
    for edit, code, words in (
        ({}, 0, "All 4 certificates hold."),
        ({"value": "9" * 200_000}, 3, "Nothing is wrong, but not everything could be checked; 4 certificates hold."),
        ({"value": "9" * 200_000, "dimension": 1}, 1, "Rejected at 1 place"),
    ):
        file.write_text(json.dumps(many_margins(6) | edit))
        assert cli.main(["verify", str(file)]) == code
        assert words in " ".join(capsys.readouterr().out.split())


# ---------------------------------------------------------------------- what the commands write


def drawn(n: int, widths: Sequence[int], *, n_kinks: int = 0, seed: int = 0, **objective: Any) -> Json:
    """Return a net with one or more hidden layers and data with six decimals; neuron k kinks on the first data."""
    draw = random.Random(seed)

    def number() -> Fraction:
        return Fraction(round(draw.gauss(0, 1) * 10**6), 10**6)

    weights = [[[number() for _ in range(below)] for _ in range(width)] for below, width in pairwise(widths)]
    inputs = [[number() for _ in range(widths[0])] for _ in range(n)]
    for k in range(n_kinks):
        *row, last = weights[0][k % widths[1]]
        inputs[k][-1] = -sum((a * b for a, b in zip(row, inputs[k], strict=False)), start=Fraction(0)) / last
    return problem_tree(
        ["relu"] * (len(widths) - 2),
        [[[str(entry) for entry in row] for row in matrix] for matrix in weights],
        [[str(entry) for entry in x] for x in inputs],
        labels=[draw.choice(("1", "-1")) for _ in inputs],
        **objective,
    )


def verified(tmp_path: Path, command: str, problem: Json) -> tuple[Json, Json, float]:
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    output = tmp_path / "result.json"
    assert cli.main([command, str(tmp_path / "problem.json"), "--json", "--output", str(output)]) in (0, 3)
    text = output.read_text()
    start = time.process_time()
    report = verify_text(text)
    return json.loads(text), report, time.process_time() - start


@pytest.mark.parametrize(
    ("command", "n", "widths", "n_kinks", "objective"),
    [
        ("clarke", 12, (3, 5, 1), 0, {"kind": "risk", "loss": "logistic"}),
        pytest.param(
            *("audit", 8, (3, 4, 1), 2, {"kind": "risk", "loss": "logistic", "reduction": "mean"}),
            marks=pytest.mark.slow,
        ),
        ("clarke", 40, (3, 5, 1), 3, {"kind": "risk", "loss": "exponential"}),
        ("clarke", 40, (3, 8, 1), 9, {"kind": "risk", "loss": "squared", "reduction": "mean"}),
        ("audit", 6, (3, 4, 1), 2, {"kind": "log_sum_exp"}),
        ("clarke", 30, (3, 6, 1), 6, {"kind": "combination", "coefficients": [str(k) for k in range(1, 31)]}),
        ("clarke", 8, (2, 3, 3, 1), 0, {"kind": "risk", "loss": "logistic"}),
        ("derive", 10, (2, 3, 1), 2, {"kind": "risk", "loss": "logistic"}),
    ],
    ids=lambda entry: str(entry)[:40],
)
def test_what_symflow_writes_of_many_data_is_checked_in_full(
    command: str, n: int, widths: Sequence[int], n_kinks: int, objective: Json, tmp_path: Path
) -> None:
    problem = drawn(n, widths, n_kinks=n_kinks, **objective)
    if objective["kind"] == "combination":
        del problem["data"]["labels"]
    _, report, _ = verified(tmp_path, command, problem)
    assert report["rejected"] == []
    assert report["not_checked"] == []


@pytest.mark.slow
def test_forty_margins_that_symflow_writes_are_checked_in_ten_seconds(tmp_path: Path) -> None:
    result, report, seconds = verified(tmp_path, "clarke", drawn(40, (3, 5, 1), kind="risk", loss="logistic"))
    assert report["rejected"] == []
    assert report["not_checked"] == []
    assert seconds < 10
    edits: list[Callable[[Json], object]] = [
        lambda r: r.update(minimal_norm_squared=r["minimal_norm_squared"].replace("7", "8", 1)),
        lambda r: r.update(value=r["value"] + " + 1/10**30"),
        lambda r: r["vertices"][0].reverse(),
        lambda r: r["euler"]["layers"].__setitem__(1, "0"),
    ]
    for edit in edits:
        forged = copy.deepcopy(result)
        edit(forged)
        assert verify_text(json.dumps(forged))["rejected"] != []
