"""Subgradients at kinks of deep nets: a result written by hand is accepted, each forgery is refused for its reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.checker import deep_kinks
from symflow.checker.kink_room import has_room
from symflow.checker.polynomials import Polynomial
from symflow.checker.symbolic import SymbolicNet, read_symbolic_problem
from symflow.checker.verify import verify_text
from symflow.errors import InputError
from symflow.problem_tree import problem_from_tree
from symflow.reports.deep_kinks_result import HYPOTHESIS
from symflow.reports.derive_result import derivation_of, derive_result
from tests.cells.test_deep_kinks import data, shapes
from tests.checker.derive_by_hand import derived

Json = dict[str, Any]


def chain() -> Json:
    """f = W3 relu(W2 relu(W1 x)).

    At z2 = W2 relu(W1 x) = 0 with W1 x > 0: by W2 it is θ W3 W1 x, by W1 θ W3 W2 x, by W3 relu(z2) = 0. Where W1 x <
    0 the second layer is dead. At W1 x = 0 it vanishes without features, so no stratum of that kink is regular.
    """
    z1, z2 = "W1[1,1]*x[1]", "W1[1,1]*W2[1,1]*x[1]"

    def piece(pattern: str, conditions: list[str], f: str, by: list[str], w1: str, w2: str) -> Json:
        return {
            "pattern": pattern,
            "conditions": conditions,
            "outputs": [f],
            "polynomial": f,
            "gradient": {"W1": [[by[0]]], "W2": [[by[1]]], "W3": [[by[2]]]},
            "certificate": {"kind": "point", "point": {"W1[1,1]": w1, "W2[1,1]": w2, "W3[1,1]": "0", "x[1]": "1"}},
        }

    zeros = ["0", "0", "0"]
    on = ["W2[1,1]*W3[1,1]*x[1]", "W1[1,1]*W3[1,1]*x[1]", z2]
    pieces = [
        piece("-0", [f"{z1} < 0"], "0", zeros, "-1", "0"),
        piece("+-", [f"{z1} > 0", f"{z2} < 0"], "0", zeros, "1", "-1"),
        piece("++", [f"{z1} > 0", f"{z2} > 0"], f"{z2}*W3[1,1]", on, "1", "1"),
    ]
    theta = [{"name": "theta[1]", "slopes": ["0", "1"]}]
    first = {
        "kinks": [[1, 1, 1]],
        "parameters": theta,
        "set": "box",
        "gradient": {"W1": [["theta[1]*a2[1,1]*W2[1,1]*W3[1,1]*x[1]"]], "W2": [["0"]], "W3": [["0"]]},
        "strata_listed": "all",
        "strata": [],
        "undecided": [],
    }
    stratum = {
        "pattern": "+0",
        "conditions": [f"{z1} > 0", f"{z2} = 0"],
        "independent": [{"layer": 2, "neuron": 1, "data": [1], "features": [[z1]]}],
        "set": "box",
        "gradient": {"W1": [[f"theta[1]*{on[0]}"]], "W2": [[f"theta[1]*{on[1]}"]], "W3": [["0"]]},
        "certificate": {
            "kind": "point",
            "point": {"W1[1,1]": "1/2", "W2[1,1]": "0", "W3[1,1]": "-3", "x[1]": "1"},
        },
    }
    second = {
        "kinks": [[2, 1, 1]],
        "parameters": theta,
        "set": "box",
        "gradient": {
            "W1": [[f"theta[1]*a1[1,1]*{on[0]}"]],
            "W2": [[f"theta[1]*a1[1,1]*{on[1]}"]],
            "W3": [["0"]],
        },
        "strata_listed": "all",
        "strata": [stratum],
        "undecided": [],
    }
    kinks = {"kind": "regular_kinks", "hypothesis": HYPOTHESIS, "is_declared": False, "sets_listed": "all"}
    kinks["sets"] = [first, second]
    return derived(
        {"activation": ["relu", "relu"], "widths": [1, 1, 1, 1]},
        {},
        pieces,
        symbols=["W1[1,1]", "W2[1,1]", "W3[1,1]", "x[1]"],
        subgradients=kinks,
    )


def checked(result: Json) -> tuple[str, list[str]]:
    """Return the refusals, and what was not checked."""
    report: Any = verify_text(json.dumps(result))
    return "; ".join(f"{entry['place']}: {entry['reason']}" for entry in report["rejected"]), report["not_checked"]


def kinks(result: Json, place: int = 1) -> Json:
    found: Json = result["subgradients"]["sets"][place]
    return found


def stratum(result: Json) -> Json:
    found: Json = kinks(result)["strata"][0]
    return found


def test_what_a_hand_wrote_is_accepted() -> None:
    assert checked(chain()) == ("", [])


def test_a_declared_set_need_not_list_every_kink() -> None:
    result = chain()
    result["subgradients"] |= {"is_declared": True, "sets": [kinks(result)]}
    assert checked(result) == ("", [])


def test_a_long_answer_may_list_no_kink() -> None:
    result = chain()
    result["subgradients"] |= {"sets_listed": "none", "sets": []}
    assert checked(result) == ("", [])


def test_a_stratum_may_be_undecided() -> None:
    result = chain()
    kinks(result).update(strata=[], undecided=["+0"])
    assert checked(result) == ("", [])


Edit = Callable[[Json], object]
FORGERIES: dict[str, tuple[Edit, str]] = {
    "no word for which kinks": (lambda r: r["subgradients"].update(sets_listed="some"), "sets_listed: found"),
    "none that are some": (lambda r: r["subgradients"].update(sets_listed="none"), "subgradients.sets: found"),
    "another hypothesis": (lambda r: r["subgradients"].update(hypothesis="none"), "subgradients.hypothesis: found"),
    "a kink left out": (lambda r: r["subgradients"]["sets"].pop(), "the kink [2, 1, 1] is missing"),
    "a set twice": (lambda r: r["subgradients"]["sets"].append(kinks(r)), "these kinks stand twice"),
    "no such unit": (lambda r: kinks(r).update(kinks=[[2, 2, 1]]), "there is no such unit and datum"),
    "no kinks": (lambda r: kinks(r).update(kinks=[]), "expected some kinks"),
    "a kink twice": (lambda r: kinks(r).update(kinks=[[2, 1, 1]] * 2), "expected some kinks, each once"),
    "other slopes": (
        lambda r: kinks(r).update(parameters=[{"name": "theta[1]", "slopes": ["-1", "1"]}]),
        "parameters[0]: found",
    ),
    "a wrong gradient with slopes": (
        lambda r: kinks(r)["gradient"].update(W2=[["theta[1]*W3[1,1]*W1[1,1]*x[1]"]]),
        "sets[1].gradient.W2[0][0]: this is not this entry of the gradient",
    ),
    "a hull for a box": (lambda r: kinks(r).update(set="hull"), "sets[1].set: found"),
    "a stratum left out": (lambda r: kinks(r).update(strata=[]), "the signs +0 are neither listed nor undecided"),
    "a stratum twice": (lambda r: kinks(r)["strata"].append(stratum(r)), "this pattern stands twice"),
    "no word for what is listed": (lambda r: kinks(r).update(strata_listed="most"), "strata_listed: found"),
    "a sign at the kink": (lambda r: stratum(r).update(pattern="++"), "expected 0 at the kinks"),
    "signs that do not occur": (lambda r: stratum(r).update(pattern="-0"), "the pattern -- does not occur"),
    "a missing condition": (lambda r: stratum(r)["conditions"].pop(), "conditions"),
    "a weak condition": (
        lambda r: stratum(r)["conditions"].__setitem__(1, "W1[1,1]*W2[1,1]*x[1] > 0"),
        "conditions[1]: expected a condition .. = 0",
    ),
    "other features": (
        lambda r: stratum(r)["independent"][0].update(features=[["W2[1,1]*x[1]"]]),
        "this is not this feature",
    ),
    "features of another unit": (lambda r: stratum(r)["independent"][0].update(layer=1), "independent[0]: found"),
    "features of another datum": (lambda r: stratum(r)["independent"][0].update(data=[2]), "independent[0].data"),
    "no hypothesis": (lambda r: stratum(r).update(independent=[]), "independent"),
    "a wrong gradient": (
        lambda r: stratum(r)["gradient"].update(W3=[["theta[1]"]]),
        "strata[0].gradient.W3[0][0]: this is not this entry of the gradient",
    ),
    "a point off the kink": (
        lambda r: stratum(r)["certificate"]["point"].update({"W2[1,1]": "1"}),
        "certificate.point: at the point a condition does not hold",
    ),
    "a point with other signs": (
        lambda r: stratum(r)["certificate"]["point"].update({"W1[1,1]": "-1"}),
        "certificate.point: at the point a condition does not hold",
    ),
    "a point with a symbol left out": (lambda r: stratum(r)["certificate"]["point"].pop("x[1]"), "point"),
    "no certificate": (lambda r: stratum(r).pop("certificate"), "certificate"),
    "a set that is no set": (lambda r: r["subgradients"]["sets"].append(1), "sets[2]"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name: str) -> None:
    result, (edit, reason) = chain(), FORGERIES[name]
    edit(result)
    assert reason in checked(result)[0]


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every leaf with the way to it."""
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(value, (*path, key))
    else:
        yield path, tree


@pytest.mark.parametrize(
    "path", [path for path, _ in leaves(chain()["subgradients"]) if "point" not in path], ids=lambda p: str(p[-3:])
)
def test_every_entry_but_those_of_a_point_is_what_it_has_to_be(path: tuple[Any, ...]) -> None:
    result = chain()
    *way, last = path
    there: Any = result["subgradients"]
    for key in way:
        there = there[key]
    old = there[last]
    there[last] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"1 + {old}"
    refused, _ = checked(result)
    # A list of all kinks is a right answer to a question about these kinks, too.
    assert bool(refused) == (path != ("is_declared",))


@pytest.mark.slow
def test_a_forged_file_of_a_risk_is_refused_entry_by_entry() -> None:
    tree = {
        "network": {
            "activation": ["abs", {"name": "leaky_relu", "slope": "1/4"}],
            "widths": [1, 2, 1, 1],
            "bias": True,
        },
        "data": {"inputs": [[1], [-2]], "labels": [1, -1]},
        "objective": {"kind": "risk", "loss": "exponential"},
    }
    problem = problem_from_tree(tree)
    result = json.loads(json.dumps(derive_result(problem, derivation_of(problem, kinks=[(1, 1, 1), (2, 1, 1)]))))
    (found,) = result["subgradients"]["sets"]
    assert found["set"] == "hull"
    assert found["strata"]
    assert checked(result) == ("", [])
    for place, entry in enumerate(found["strata"][0]["gradient"]["b1"]):
        forged = copy.deepcopy(result)
        forged["subgradients"]["sets"][0]["strata"][0]["gradient"]["b1"][place] = f"{entry} + c[2]*theta[1]"
        assert f"gradient.b1[{place}]: this is not this entry of the gradient" in checked(forged)[0]
    forged = copy.deepcopy(result)
    forged["subgradients"]["sets"][0]["strata"][0]["set"] = "box"
    assert "set: found" in checked(forged)[0]


def test_dependent_features_at_the_point_are_refused() -> None:
    tree = {
        "network": {"activation": "relu", "widths": [2, 2, 1, 1]},
        "data": {"inputs": [[1, 0], [0, 1]]},
        "objective": {"kind": "combination", "coefficients": [1, 1]},
    }
    problem = problem_from_tree(tree)
    result = json.loads(json.dumps(derive_result(problem, derivation_of(problem, kinks=[(2, 1, 1), (2, 1, 2)]))))
    (found,) = (s for s in result["subgradients"]["sets"][0]["strata"] if s["pattern"] == "++0|++0")
    assert checked(result) == ("", [])
    # h_1 = (1, 1) on both data: z_21 vanishes on both for W2 = (1, -1), and always with equal signs near by.
    ones = {f"W1[{i},{j}]": "1" for i in (1, 2) for j in (1, 2)}
    found["certificate"]["point"] |= {**ones, "W2[1,1]": "1", "W2[1,2]": "-1"}
    assert "certificate.point: at the point the features are linearly dependent" in checked(result)[0]


def test_a_vertex_that_is_no_gradient_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    zero = Polynomial({})
    monkeypatch.setattr(SymbolicNet, "gradient", lambda *_: {name: [[zero]] for name in ("W1", "W2", "W3")})
    assert "certificate.point: at the point a vertex is not the gradient on its piece" in checked(chain())[0]


def test_results_about_other_nets_are_refused() -> None:
    shallow = chain() | {"subgradients": chain()["subgradients"]}
    shallow["problem"]["network"] = {"activation": ["relu"], "widths": [1, 1, 1]}
    assert "only several hidden layers with symbolic weights" in checked(shallow)[0]
    pooled = chain()
    pooled["problem"]["network"]["activation"] = ["relu", {"name": "relu_power", "power": 2}]
    assert "an activation that does not kink unit by unit" in checked(pooled)[0]


def test_where_pieces_are_missing_no_stratum_is_known_to_be_missing() -> None:
    result = chain() | {"status": "incomplete", "undecided_patterns": ["-*"]}
    result["pieces"] = result["pieces"][1:]
    result["n_pieces"] = 2
    assert "not all pieces are known, so some strata may be missing" in checked(result)[0]
    for place in (0, 1):
        kinks(result, place)["strata_listed"] = "some"
    assert checked(result) == ("", ["subgradients.sets"])


def test_too_many_kinks_are_too_large_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep_kinks, "_MOST_VERTICES", 1)
    result = chain()
    result["subgradients"] |= {"is_declared": True, "sets": [kinks(result)]}
    refused, not_checked = checked(result)
    assert refused == ""
    assert [place.partition(": ")[0] for place in not_checked] == ["subgradients.sets[0].kinks"]


@pytest.mark.slow
def test_results_with_linear_layers_and_several_data_are_accepted() -> None:
    tree = {
        "network": {"activation": ["abs", "identity", "relu"], "widths": [2, 2, 2, 1, 1], "bias": True},
        "data": {"inputs": [[1, 0], [1, -2]]},
        "objective": {"kind": "combination", "coefficients": [1, -1]},
    }
    for bias in (True, False):
        tree["network"]["bias"] = bias  # type: ignore[index]
        problem = problem_from_tree(tree)
        for declared in (None, [(1, 1, 1), (3, 1, 2)]):
            result = json.loads(json.dumps(derive_result(problem, derivation_of(problem, kinks=declared))))
            assert result["subgradients"]["sets"][0]["strata"]
            assert checked(result) == ("", [])


def test_room_is_judged_by_signs_and_dimensions() -> None:
    tree: Json = {
        "network": {"activation": ["abs", "relu"], "widths": [2, 2, 1, 1]},
        "data": {"inputs": [["1", "2"], ["-1", "1"], ["2", "2"]]},
        "objective": {"kind": "combination", "coefficients": ["1", "1", "1"]},
    }
    net = SymbolicNet(read_symbolic_problem(tree), weights_are_symbols=True, input_is_symbol=False)
    at = {net.site_at[0, 0, 1], net.site_at[1, 0, 1]}
    assert not has_room(net, at, ("---", "0-0", "-++"))
    assert has_room(net, at, ("--+", "0-0", "-++"))
    both = {net.site_at[1, 0, 0], net.site_at[1, 0, 1]}  # two independent features of two entries: the row is zero
    assert not has_room(net, both, ("--0", "--0", "-+-"))
    three = both | {net.site_at[1, 0, 2]}
    assert not has_room(net, three, ("--0", "--0", "-+0"))


@settings(max_examples=12, deadline=None)
@given(draw=st.data())
@pytest.mark.slow
def test_what_is_derived_for_drawn_nets_is_accepted(draw: st.DataObject) -> None:
    shape = draw.draw(shapes(n_hidden=2, width=2))
    inputs = draw.draw(data(shape, 2))
    tree: Json = {
        "network": {
            "activation": [each.entry() for each in shape.activations],
            "widths": list(shape.widths),
            "bias": shape.has_biases,
        },
        "data": {"inputs": [[str(v) for v in x] for x in inputs], "labels": [1, -1][: len(inputs)]},
        "objective": draw.draw(
            st.sampled_from(
                [
                    {"kind": "output"},
                    {"kind": "combination", "coefficients": [2, "-1/3"][: len(inputs)]},
                    {"kind": "risk", "loss": "squared", "reduction": "mean"},
                    {"kind": "risk", "loss": "exponential"},
                    {"kind": "log_sum_exp"},
                ]
            )
        ),
    }
    problem = problem_from_tree(tree)
    n_data = len(problem.data_points())
    layers = [layer for layer in range(1, shape.n_layers) if shape.activation(layer).has_sites]
    chosen = draw.draw(st.lists(st.tuples(st.sampled_from(layers), st.just(1), st.integers(1, n_data)), max_size=3))
    try:
        derivation = derivation_of(problem, kinks=chosen or None)
    except InputError as error:
        assume("that is no kink" not in error.message)
        raise
    assert derivation.deep_kinks is not None
    assert checked(json.loads(json.dumps(derive_result(problem, derivation)))) == ("", [])


@pytest.mark.parametrize("module", ["symflow.cells.kink_room", "symflow.checker.kink_room"])
def test_long_rows_are_judged_by_dimensions_alone(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    room = importlib.import_module(module)
    monkeypatch.setattr(room, "_MOST_ENTRIES", 1)
    assert room._has_row([("+", ("+", "0"))])
    assert not room._has_row([("0", ("+", "0")), ("+", ("+", "0"))])
