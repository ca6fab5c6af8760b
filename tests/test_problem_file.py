"""Problem files: what is read, exactly, and how everything else is refused."""

from __future__ import annotations

import io
import itertools
import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.cli import main
from symflow.errors import InputError, ShapeError
from symflow.exact.rationals import fmpq
from symflow.problem import Problem
from symflow.problem_file import problem_text_to_tree, read_problem
from symflow.problem_tree import problem_from_tree
from symflow.problem_values import WrittenNumber, number

NET = '[network]\nactivation = "relu"\nweights = [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]\n'
DATA = '[data]\ninputs = [["1", "1"], ["-1", "-1"]]\nlabels = ["1", "-1"]\n'
RISK = '[objective]\nkind = "risk"\nloss = "exponential"\n'
GOOD = NET + DATA + RISK


def tree(**changes: Any) -> dict[str, Any]:
    """The smallest problem, with sections replaced."""
    return {
        "network": {"activation": "relu", "weights": [[["1", "-1"]], [["2"]]]},
        "data": {"inputs": [["1", "1"]]},
        **changes,
    }


def net(**keys: Any) -> dict[str, Any]:
    """The smallest problem, with keys of its network replaced; None takes a key away."""
    network = {"activation": "relu", "weights": [[["1", "-1"]], [["2"]]], **keys}
    return tree(network={key: value for key, value in network.items() if value is not None})


def objective(**keys: Any) -> dict[str, Any]:
    return tree(objective=keys)


# ---------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", fmpq(1)),
        ("-7", fmpq(-7)),
        ("0.1", fmpq(1, 10)),
        ("-0.5e-2", fmpq(-1, 200)),
        ("1e9999", fmpq(10) ** 9999),
        ("1E+2", fmpq(100)),
        ('"2/4"', fmpq(1, 2)),
        ('"+3"', fmpq(3)),
        ('"-0.250"', fmpq(-1, 4)),
    ],
)
@pytest.mark.parametrize("syntax", ["toml", "json"])
def test_a_number_is_the_rational_that_it_spells(written: str, value: fmpq, syntax: str) -> None:
    text = f'{{"x": {written}}}' if syntax == "json" else f"x = {written}"
    assert number(problem_text_to_tree(text)["x"], "x") == value


def test_toml_s_own_spellings_of_numbers_are_read() -> None:
    found = problem_text_to_tree("a = 1_000.5\nb = 0x10\nc = 1_000")
    assert [number(found[key], key) for key in "abc"] == [fmpq(2001, 2), fmpq(16), fmpq(1000)]


def test_no_float_is_ever_made() -> None:
    assert problem_text_to_tree('{"x": 0.1}')["x"] == WrittenNumber("0.1")
    assert problem_text_to_tree("x = nan")["x"] == WrittenNumber("nan")


@pytest.mark.parametrize("name", ["a.toml", "a.txt", "a"])
def test_toml_is_read_whatever_the_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD)
    problem = read_problem(tmp_path / name)
    assert (problem.kind, problem.loss, problem.reduction) == ("risk", "exponential", "sum")
    assert problem.labels == (fmpq(1), fmpq(-1))


def test_json_is_known_by_its_first_character(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("\n  " + json.dumps(tree()))
    assert read_problem(tmp_path / "a") == problem_from_tree(tree())


def test_standard_input_is_read_and_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (GOOD, json.dumps(tree())):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert read_problem("-").architecture.n_inputs == 2


def test_defaults_are_the_contract_s() -> None:
    problem = problem_from_tree(tree())
    assert (problem.kind, problem.variable, problem.output, problem.at) == ("output", "weights", 1, None)


def test_only_the_data_that_count_are_data_points() -> None:
    two = {"inputs": [["1", "1"], ["3", "3"]], "labels": ["1", "-1"]}
    output = problem_from_tree(tree(data=two))
    risk = problem_from_tree(tree(data=two, objective={"kind": "risk", "loss": "squared", "reduction": "mean"}))
    at = problem_from_tree(
        tree(data=two, objective={"kind": "risk", "loss": "squared", "variable": "input", "at": ["2", "5"]})
    )
    assert output.data_points() == ((fmpq(1), fmpq(1)),)
    assert len(risk.data_points()) == 2
    assert at.data_points() == ((fmpq(2), fmpq(5)),)
    assert risk.objective().coefficients((fmpq(3), fmpq(3))) == (fmpq(1), fmpq(2))
    assert at.objective().coefficients((fmpq(3),)) == (fmpq(2),)


def test_a_combination_in_the_input_has_its_first_coefficient() -> None:
    data = {"inputs": [["1", "1"], ["3", "3"]]}
    parts = {"kind": "combination", "coefficients": ["3", "-1"], "variable": "input"}
    problem = problem_from_tree(tree(data=data, objective=parts))
    assert problem.objective().coefficients((fmpq(7),)) == (fmpq(3),)
    assert problem.at == (fmpq(1), fmpq(1))


def test_the_command_line_has_the_last_word(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(objective(variable="input", at=["5", "5"])))
    assert read_problem(path, at="2,-1/2").at == (fmpq(2), fmpq(-1, 2))
    assert read_problem(path, variable="weights").at is None
    path.write_text(json.dumps(tree()))
    assert read_problem(path, variable="input").at == (fmpq(1), fmpq(1))


def test_a_point_suffices_in_the_input() -> None:
    problem = problem_from_tree(
        {"network": tree()["network"], "objective": {"kind": "output", "variable": "input", "at": [1, 2]}}
    )
    assert problem.function().value == fmpq(0)


def test_data_are_not_needed_to_be_a_problem() -> None:
    problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 3, 1], "bias": True}})
    assert problem.network is None
    assert problem.architecture.n_parameters == 13
    with pytest.raises(InputError, match=r"network\.widths: the weights are symbolic"):
        problem.function()


def test_a_symbolic_input_has_no_point() -> None:
    problem = problem_from_tree(tree(data={"inputs": "symbolic"}))
    assert problem.is_input_symbolic
    with pytest.raises(InputError, match=r"data\.inputs: the input is symbolic"):
        problem.data_points()


def test_one_activation_is_repeated_and_a_list_is_taken_as_it_is() -> None:
    weights = [[["1"]], [["1"]], [["1"]]]
    once = problem_from_tree({"network": {"activation": {"name": "leaky_relu", "slope": 0}, "weights": weights}})
    each = problem_from_tree({"network": {"activation": ["abs", "identity"], "weights": weights}})
    assert [a.name for a in once.architecture.activations] == ["leaky_relu"] * 2
    assert [a.name for a in each.architecture.activations] == ["abs", "identity"]


def test_a_net_without_hidden_layers_needs_no_activation() -> None:
    assert problem_from_tree({"network": {"weights": [[["1"]]]}}).architecture.n_hidden_layers == 0


def test_weights_come_from_a_file_beside_the_problem(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text('{"weights": [[[1, 0.3333]], [["1/2"]]]}')
    (tmp_path / "a.toml").write_text('[network]\nactivation = "relu"\nfile = "net.json"\nrationalize = 10\n')
    problem = read_problem(tmp_path / "a.toml")
    assert problem.known_network.weights == (((fmpq(1), fmpq(1, 3)),), ((fmpq(1, 2),),))
    assert "file" not in problem.tree()["network"]
    assert problem_from_tree(problem.tree()) == problem


# ---------------------------------------------------------------------- the canonical tree


ROUND_TRIPS = {
    "smallest": tree(),
    "titled": tree(title="  one\n line  "),
    "risk": tree(
        data={"inputs": [["1", 2]], "labels": ["0.5"]},
        objective={"kind": "risk", "loss": "logistic", "reduction": "mean"},
    ),
    "combination in the input": objective(kind="combination", coefficients=["2/6"], variable="input"),
    "log_sum_exp": tree(data={"inputs": [["1", 2]], "labels": [1]}, objective={"kind": "log_sum_exp"}),
    "biases": net(biases=[["1/2"], ["0"]]),
    "maxpool": net(activation={"name": "maxpool", "groups": [[1, 0]]}, weights=[[["1", "0"], ["0", "1"]], [["1"]]]),
    "symbolic": {"network": {"activation": ["relu"], "widths": [2, 2, 1], "bias": True}},
    "symbolic input": tree(data={"inputs": "symbolic"}),
    "two outputs": net(weights=[[["1", "1"]], [["1"], ["2"]]]),
    "domain, box": tree(domain={"box": [[-1, 1], ["-1/2", "1"]]}),
    "domain, half-spaces": tree(domain={"A": [["1", "1"]], "b": ["2"]}),
    "flow": tree(
        flow={
            "until": "10",
            "digits": 50,
            "trained": ["W1"],
            "checkpoints": ["1", "5"],
            "on_nonunique": "ridge",
            "validated": False,
        }
    ),
    "laws": tree(laws={"model": "cell"}),
}


@pytest.mark.parametrize("given_tree", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_the_canonical_tree_is_the_problem_again(given_tree: dict[str, Any]) -> None:
    problem = problem_from_tree(given_tree)
    written = problem.tree()
    assert problem_from_tree(written) == problem
    assert problem_from_tree(json.loads(json.dumps(written))).tree() == written
    assert hash(problem_from_tree(written)) == hash(problem)


def test_the_canonical_tree_is_in_lowest_terms_with_one_activation_a_layer() -> None:
    problem = problem_from_tree(net(weights=[[["2/4", "-0.5"]], [[3]]]))
    assert problem.tree() == {
        "network": {"activation": ["relu"], "weights": [[["1/2", "-1/2"]], [["3"]]]},
        "data": {"inputs": [["1", "1"]]},
        "objective": {"kind": "output", "variable": "weights", "output": 1},
    }


numbers = st.one_of(
    st.integers(-99, 99),
    st.fractions(max_denominator=99).map(str),
    st.decimals(min_value=-9, max_value=9, places=2).map(str),
)


@st.composite
def drawn_trees(draw: st.DrawFn) -> dict[str, Any]:
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))

    def matrix(rows: int, columns: int) -> list[list[Any]]:
        return [[draw(numbers) for _ in range(columns)] for _ in range(rows)]

    network: dict[str, Any] = {
        "activation": draw(st.sampled_from(["relu", "abs", {"name": "leaky_relu", "slope": "1/4"}])),
        "weights": [matrix(b, a) for a, b in itertools.pairwise(widths)],
    }
    if draw(st.booleans()):
        network["biases"] = [matrix(1, b)[0] for b in widths[1:]]
    n_data = draw(st.integers(1, 3))
    data = {"inputs": matrix(n_data, widths[0]), "labels": matrix(1, n_data)[0]}
    parts: dict[str, Any] = draw(
        st.sampled_from([{}, {"kind": "risk", "loss": "squared"}, {"kind": "log_sum_exp", "variable": "input"}])
    )
    return {"network": network, "data": data, "objective": {**parts, "output": 1}}


@settings(deadline=None, max_examples=40)
@given(drawn_trees())
def test_drawn_problems_survive_the_round_trip_in_both_syntaxes(drawn: dict[str, Any]) -> None:
    problem = problem_from_tree(drawn)
    assert problem_from_tree(problem.tree()) == problem
    assert problem_from_tree(problem_text_to_tree(json.dumps(drawn))) == problem


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of keys and indices to all parts of a tree but the whole."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path for key in keys for path in [(*place, key), *places(value[key], (*place, key))]]


foreign = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from(["", "1", "x", "relu", "symbolic"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["name", "slope", "kind", "at", "x"]), inner, max_size=2),
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(list(ROUND_TRIPS.values())), foreign, st.data())
def test_a_problem_with_a_foreign_part_is_read_or_refused_but_never_breaks(
    whole: dict[str, Any], part: Any, data: st.DataObject
) -> None:
    changed = json.loads(json.dumps(whole))
    *way, last = data.draw(st.sampled_from(places(changed)))
    owner = changed
    for key in way:
        owner = owner[key]
    owner[last] = part
    try:
        problem = problem_from_tree(changed, name="a.json")
    except InputError as error:
        message = str(error)
    else:
        assert problem_from_tree(problem.tree()) == problem
        return
    assert message.startswith("a.json: ")
    assert "\n" not in message


# ---------------------------------------------------------------------- what is refused: the tree

# name: (tree, place, what the message contains)
BAD_TREES: dict[str, tuple[Any, str, str]] = {
    "a list at the top": ([1], "", "a list is not a table"),
    "nothing": ({}, "network", "missing"),
    "network is null": (tree(network=None), "network", "null is not a table"),
    "network is a list": (tree(network=[]), "network", "a list is not a table"),
    "unknown section": (tree(netwrok={}), "netwrok", "did you mean network?"),
    "unknown key": (net(wieghts=[]), "network.wieghts", "did you mean weights?"),
    "title is a number": (tree(title=3), "title", "3 is not a text"),
    "title is null": (tree(title=None), "title", "null is not a text"),
    "control character in the title": (tree(title="a\x1bb"), "title", "U+001B"),
    "lone surrogate in the title": (tree(title="a\ud800"), "title", "U+D800"),
    # weights
    "no weights": (net(weights=None), "network", "add weights"),
    "weights and widths": (net(widths=[2, 1, 1]), "network", "both weights and widths"),
    "weights and file": (net(file="a.npz"), "network", "both weights and file"),
    "rationalize without file": (net(rationalize=10), "network.rationalize", "goes with file"),
    "bias without widths": (net(bias=True), "network.bias", "goes with widths"),
    "biases with widths": (
        net(weights=None, widths=[2, 1, 1], biases=[["1"], ["1"]]),
        "network.biases",
        "goes with weights",
    ),
    "weights empty": (net(weights=[]), "network.weights", "is empty"),
    "weights a string": (net(weights="1"), "network.weights", '"1" is not a list'),
    "a matrix instead of matrices": (net(weights=[["1", "2"]]), "network.weights, W1", 'row 1 is "1"'),
    "nested once too often": (net(weights=[[[["1"]]]]), "network.weights, W1[1,1]", "a list is not a number"),
    "a matrix empty": (net(weights=[[]]), "network.weights, W1", "is empty"),
    "a row empty": (net(weights=[[[]]]), "network.weights, W1", "row 1 is empty"),
    "rows of two lengths": (net(weights=[[["1"], ["1", "2"]]]), "network.weights, W1", "row 2 has 2 entries"),
    "one half": (net(weights=[[["1", "1"]], [["one half"]]]), "network.weights, W2[1,1]", '"one half" is not'),
    "a boolean": (net(weights=[[[True]]]), "network.weights, W1[1,1]", "true is not a number"),
    "null": (net(weights=[[[None]]]), "network.weights, W1[1,1]", "null is not a number"),
    "zero denominator": (net(weights=[[["1/0"]]]), "network.weights, W1[1,1]", "denominator zero"),
    "a space": (net(weights=[[[" 1"]]]), "network.weights, W1[1,1]", "not a number"),
    "a newline": (net(weights=[[["1\n"]]]), "network.weights, W1[1,1]", "not a number"),
    "other digits": (net(weights=[[["\u0661"]]]), "network.weights, W1[1,1]", "not a number"),
    "two slashes": (net(weights=[[["1/2/3"]]]), "network.weights, W1[1,1]", "not a number"),
    "negative denominator": (net(weights=[[["1/-2"]]]), "network.weights, W1[1,1]", "not a number"),
    "exponent in a string": (net(weights=[[["1e3"]]]), "network.weights, W1[1,1]", "not a number"),
    "nan in a string": (net(weights=[[["nan"]]]), "network.weights, W1[1,1]", "not a number"),
    "empty string": (net(weights=[[[""]]]), "network.weights, W1[1,1]", "not a number"),
    "W2 does not fit W1": (net(weights=[[["1", "2"]], [["1", "1"]]]), "network.weights", "W2 has 2 columns"),
    "biases empty": (net(biases=[]), "network.biases", "is empty"),
    "biases too few": (net(biases=[["0"]]), "network.biases", "1 bias vectors for 2"),
    "a bias too long": (net(biases=[["0", "1"], ["0"]]), "network.biases", "b1 has 2 entries"),
    "biases a vector": (net(biases=["0", "0"]), "network.biases, b1", '"0" is not a list'),
    "a bias not a number": (net(biases=[["x"], ["0"]]), "network.biases, b1[1]", '"x" is not a number'),
    "widths a number": ({"network": {"widths": 3}}, "network.widths", "3 is not a list"),
    "a width zero": ({"network": {"widths": [2, 0, 1]}}, "network.widths, entry 2", "0 is out of range"),
    "a width a boolean": ({"network": {"widths": [2, True]}}, "network.widths, entry 2", "true is not an"),
    "a width a string": ({"network": {"widths": ["2", 1]}}, "network.widths, entry 1", '"2" is not an'),
    "a width huge": ({"network": {"widths": [10**99, 1]}}, "network.widths, entry 1", "out of range"),
    "widths too short": ({"network": {"widths": [2]}}, "network.widths", "at least an input"),
    "bias a number": ({"network": {"widths": [2, 1], "bias": 1}}, "network.bias", "1 is not a truth"),
    "file missing": (
        {"network": {"activation": "relu", "file": "none.npz"}},
        "network.file, ",
        "none.npz: no such file",
    ),
    "file a number": ({"network": {"file": 3}}, "network.file", "3 is not a file name"),
    "file of no known kind": ({"network": {"file": "a.exe"}}, "network.file, a.exe", 'unknown ending ".exe"'),
    "rationalize zero": (
        {"network": {"file": "a.npz", "rationalize": 0}},
        "network.rationalize",
        "0 is out of range",
    ),
    # activations
    "activation missing": (net(activation=None), "network.activation", "missing"),
    "activation unknown": (net(activation="rellu"), "network.activation", "did you mean relu?"),
    "activation a number": (net(activation=1), "network.activation", "1 is not an activation"),
    "activation without name": (net(activation={"slope": 1}), "network.activation", "no name"),
    "activation's name a list": (net(activation={"name": []}), "network.activation", "a list is not"),
    "activations too many": (net(activation=["relu", "relu"]), "network.activation", "2 activations for 1"),
    "activations none": (net(activation=[]), "network.activation", "0 activations for 1"),
    "second activation wrong": (
        net(activation=["relu", "tanh"], weights=[[["1"]], [["1"]], [["1"]]]),
        "network.activation[2]",
        'no activation "tanh"',
    ),
    "slope missing": (net(activation="leaky_relu"), "network.activation.slope", "needed by leaky_relu"),
    "slope misspelt": (
        net(activation={"name": "leaky_relu", "slop": 1}),
        "network.activation.slop",
        "did you mean slope?",
    ),
    "slope not a number": (
        net(activation={"name": "leaky_relu", "slope": "a"}),
        "network.activation.slope",
        '"a" is not a number',
    ),
    "slope null": (net(activation={"name": "leaky_relu", "slope": None}), "network.activation.slope", "missing"),
    "relu with a slope": (net(activation={"name": "relu", "slope": 1}), "network.activation.slope", "no such"),
    "power zero": (net(activation={"name": "relu_power", "power": 0}), "network.activation.power", "0 is not"),
    "power a string": (net(activation={"name": "relu_power", "power": "2"}), "network.activation.power", "'2'"),
    "groups no partition": (
        net(activation={"name": "maxpool", "groups": [[0, 0]]}),
        "network.activation.groups",
        "exactly one group",
    ),
    "groups a list of units": (
        net(activation={"name": "maxpool", "groups": [0]}),
        "network.activation.groups",
        "not a group",
    ),
    "groups from 1": (
        net(activation={"name": "maxpool", "groups": [[1]]}),
        "network.activation.groups",
        "exactly one group",
    ),
    "a unit a string": (
        net(activation={"name": "maxpool", "groups": [["0"]]}),
        "network.activation.groups",
        "'0' is not a unit",
    ),
    "next width is not the number of groups": (
        net(activation={"name": "maxpool", "groups": [[0, 1]]}, weights=[[["1"], ["1"]], [["1", "1"]]]),
        "network.weights",
        "layer 1 has 1 groups",
    ),
    # data
    "data a list": (tree(data=[]), "data", "not a table"),
    "data misspelt": (tree(data={"input": []}), "data.input", "did you mean inputs?"),
    "inputs empty": (tree(data={"inputs": []}), "data.inputs", "is empty"),
    "inputs a word": (tree(data={"inputs": "symbol"}), "data.inputs", '"symbol" is not a list'),
    "inputs null": (tree(data={"inputs": None}), "data.inputs", "null is not a list"),
    "inputs a vector": (tree(data={"inputs": ["1", "1"]}), "data.inputs, x1", '"1" is not a list'),
    "an input too long": (tree(data={"inputs": [["1", "1"], ["1", "1", "1"]]}), "data.inputs, x2", "3 entries"),
    "an input empty": (tree(data={"inputs": [[]]}), "data.inputs, x1", "is empty"),
    "an input's entry wrong": (tree(data={"inputs": [["1", "i"]]}), "data.inputs, x1[2]", '"i" is not a number'),
    "a label too many": (
        tree(data={"inputs": [["1", "1"]], "labels": ["1", "1"]}),
        "data.labels",
        "2 labels for 1 input",
    ),
    "labels empty": (tree(data={"inputs": [["1", "1"]], "labels": []}), "data.labels", "is empty"),
    "a label wrong": (tree(data={"inputs": [["1", "1"]], "labels": [False]}), "data.labels, y1", "false is not"),
    "labels a number": (tree(data={"inputs": [["1", "1"]], "labels": 1}), "data.labels", "1 is not a list"),
    # objective
    "labels missing": (
        objective(kind="risk", loss="squared"),
        "data.labels",
        "missing, needed by a risk; add labels = [..] with 1 entry",
    ),
    "labels missing in a log_sum_exp": (objective(kind="log_sum_exp"), "data.labels", "missing"),
    "objective a string": (tree(objective="risk"), "objective", "not a table"),
    "kind unknown": (objective(kind="rsk"), "objective.kind", "did you mean risk?"),
    "kind a boolean": (objective(kind=True), "objective.kind", "true is not a kind"),
    "loss missing": (objective(kind="risk"), "objective.loss", "missing, needed by a risk"),
    "loss unknown": (objective(kind="risk", loss="hinge"), "objective.loss", 'no loss "hinge"'),
    "loss of an output": (objective(loss="squared"), "objective.loss", 'only for kind = "risk"'),
    "reduction unknown": (
        objective(kind="risk", loss="squared", reduction="avg"),
        "objective.reduction",
        'no reduction "avg"',
    ),
    "coefficients missing": (objective(kind="combination"), "objective.coefficients", "with 1 entry"),
    "coefficients too many": (
        objective(kind="combination", coefficients=["1", "2"]),
        "objective.coefficients",
        "2 coefficients for 1 input",
    ),
    "a coefficient wrong": (
        objective(kind="combination", coefficients=["c"]),
        "objective.coefficients, c1",
        '"c" is not a number',
    ),
    "variable unknown": (objective(variable="weight"), "objective.variable", "did you mean weights?"),
    "at in the weights": (objective(at=["1", "1"]), "objective.at", 'only for variable = "input"'),
    "at too short": (objective(variable="input", at=["1"]), "objective.at", "1 entry, the net has 2 inputs"),
    "at not a list": (objective(variable="input", at="1,1"), "objective.at", "not a list"),
    "output zero": (objective(output=0), "objective.output", "0 is out of range"),
    "output too large": (objective(output=2), "objective.output", "2 is out of range; write 1 to 1"),
    "output a string": (objective(output="1"), "objective.output", '"1" is not an integer'),
    "output missing": (net(weights=[[["1", "1"]], [["1"], ["1"]]]), "objective.output", "has 2 outputs"),
    "data missing": ({"network": tree()["network"]}, "data.inputs", "missing"),
    "no point in the input": (
        {"network": tree()["network"], "objective": {"variable": "input"}},
        "objective.at",
        "no point is given",
    ),
    "symbolic weights have no point": (
        {"network": {"activation": "relu", "widths": [2, 1, 1]}, "data": tree()["data"]},
        "network.widths",
        "symbolic",
    ),
    "symbolic input has no point": (tree(data={"inputs": "symbolic"}), "data.inputs", "symbolic"),
    # the other sections
    "box and half-spaces": (tree(domain={"box": [[0, 1], [0, 1]], "b": [1]}), "domain", "both box and"),
    "box too short": (tree(domain={"box": [[0, 1]]}), "domain.box", "1 side, the net has 2 inputs"),
    "box inverted": (tree(domain={"box": [[1, 0], [0, 1]]}), "domain.box, side 1", "not an interval"),
    "A without b": (tree(domain={"A": [[1, 1]]}), "domain.b", "missing"),
    "A too narrow": (tree(domain={"A": [[1]], "b": [1]}), "domain, A", "1 column, the net has 2 inputs"),
    "b too long": (tree(domain={"A": [[1, 1]], "b": [1, 1]}), "domain.b", "2 entries, A has 1 row"),
    "domain empty": (tree(domain={}), "domain", "missing"),
    "until negative": (tree(flow={"until": "-1"}), "flow.until", "is negative"),
    "digits a string": (tree(flow={"digits": "50"}), "flow.digits", '"50" is not an integer'),
    "digits zero": (tree(flow={"digits": 0}), "flow.digits", "0 is out of range"),
    "trained unknown": (tree(flow={"trained": ["W3"]}), "flow.trained, entry 1", 'no parameter "W3"'),
    "trained a bias of none": (tree(flow={"trained": ["b1"]}), "flow.trained, entry 1", 'no parameter "b1"'),
    "trained twice": (tree(flow={"trained": ["W1", "W1"]}), "flow.trained", "stands twice"),
    "checkpoints a number": (tree(flow={"checkpoints": 1}), "flow.checkpoints", "1 is not a list"),
    "on_nonunique unknown": (tree(flow={"on_nonunique": "Ridge"}), "flow.on_nonunique", "did you mean ridge?"),
    "validated a string": (tree(flow={"validated": "true"}), "flow.validated", "not a truth value"),
    "flow misspelt": (tree(flow={"untill": 1}), "flow.untill", "did you mean until?"),
    "model unknown": (tree(laws={"model": "rely"}), "laws.model", "did you mean relu?"),
}


def refusal(path: str, capsys: pytest.CaptureFixture[str], *options: str, command: str = "clarke") -> str:
    """The one line with which a command refuses a file."""
    code = main([command, path, "--json", *options])
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert captured.err.startswith("symflow: ")
    assert captured.err.count("\n") == 1
    assert captured.err.endswith("\n")
    return captured.err[len("symflow: ") : -1]


@pytest.mark.parametrize(("bad", "place", "message"), BAD_TREES.values(), ids=BAD_TREES)
def test_a_bad_problem_is_refused_in_one_line_with_file_and_place(
    bad: Any, place: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(bad))
    line = refusal(str(path), capsys)
    expected = f"{path}: {place}" if not place or place.endswith(", ") else f"{path}: {place}: "
    assert line.startswith(expected)
    assert message in line.removeprefix(expected)


def test_library_errors_keep_their_class() -> None:
    with pytest.raises(ShapeError, match="W2 has 2 columns, W1 has 1 rows; make them equal"):
        problem_from_tree(net(weights=[[["1", "2"]], [["1", "1"]]]))


# ---------------------------------------------------------------------- what is refused: bytes and syntax

# name: (file name, content, what the line contains)
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.toml", b"", "is empty; symflow init"),
    "white space": ("a.json", b" \n\t ", "is empty"),
    "only a comment": ("a.toml", b"# nothing\n", "network: missing"),
    "toml syntax": ("a.toml", b"[network\n", "line 1, column 9: not TOML: "),
    "toml open string": ("a.toml", b'title = "', "at the end: not TOML"),
    "toml key twice": ("a.toml", b"title = 'a'\ntitle = 'b'\n", "line 2, column 12: not TOML: cannot overwrite"),
    "toml section twice": ("a.toml", b"[data]\n[data]\n", "line 2, column 6: not TOML"),
    "toml impossible date": ("a.toml", b"title = 2001-99-99\n", "not TOML"),
    "toml date": ("a.toml", b"title = 2001-01-01\n", "title: 2001-01-01 is not a text"),
    "toml date for a number": (
        "a.toml",
        b"[network]\nweights = [[[2001-01-01]]]\n",
        "W1[1,1]: 2001-01-01 is not a number",
    ),
    "toml nan": ("a.toml", b"[network]\nweights = [[[nan]]]\n", "W1[1,1]: nan is not a number"),
    "toml inf": ("a.toml", b"[network]\nweights = [[[-inf]]]\n", "W1[1,1]: -inf is not a number"),
    "json read as toml": ("a.toml", b'{"network": {}}', "line 1, column 1: not TOML"),
    "toml read as json": ("a.json", b"[network]\n", "line 1, column 2: not JSON"),
    "json cut off": ("a.json", b'{"network": {', "line 1, column 14: not JSON"),
    "json trailing comma": ("a.json", b'{"title": "a",}', "not JSON"),
    "json text after it": ("a.json", b"{} {}", "not JSON: extra data"),
    "json key twice": ("a.json", b'{"title": "a", "title": "b"}', 'the key "title" stands twice'),
    "json NaN": ("a.json", b'{"network": {"weights": [[[NaN]]]}}', "W1[1,1]: NaN is not a number"),
    "json Infinity": ("a.json", b'{"network": {"weights": [[[-Infinity]]]}}', "-Infinity is not a number"),
    "json a number": ("a.json", b"3", "3 is not a table"),
    "json null": ("a.json", b"null", "null is not a table"),
    "json text": ("a.json", b'"network"', '"network" is not a table'),
    "exponent too long": ("a.toml", b"[network]\nweights = [[[1e10000]]]\n", "an exponent of more than 4 digits"),
    "exponent absurd": ("a.json", b'{"network": {"weights": [[[1e-99999999999999999999]]]}}', "an exponent of"),
    "integer too long": ("a.toml", b"title = " + b"9" * 200_000, "line 1, column 9: a number of 200000 digits"),
    "integer too long, json": ("a.json", b'{"title": ' + b"9" * 200_000 + b"}", "a number of 200000 digits"),
    "long integer": ("a.toml", b"title = " + b"9" * 5_000, "title: an integer of more than 40 digits is not"),
    "long string": (
        "a.json",
        b'{"network": {"weights": [[["' + b"x" * 9_000 + b'"]]]}}',
        'W1[1,1]: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." is not a number',
    ),
    "nested toml": ("a.toml", b"title = " + b"[" * 100_000, "nested too deeply"),
    "nested json": ("a.json", b'{"title": ' + b"[" * 100_000, "nested too deeply"),
    "nested json, closed": ("a.json", b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "nested groups": (
        "a.json",
        b'{"network": {"weights": [[[1]],[[1]]], "activation": {"name": "maxpool", "groups": '
        + b"[" * 900
        + b"]" * 900
        + b"}}}",
        "",
    ),
    "binary": ("a.npz", b"PK\x03\x04\x00\x00rest", "is a binary file"),
    "not UTF-8": ("a.toml", b'title = "ok"\n# caf\xe9\n', "line 2: is not UTF-8"),
    "UTF-8 with a mark": ("a.toml", b"\xef\xbb\xbf" + GOOD.encode(), "byte order mark"),
    "UTF-16": ("a.toml", GOOD.encode("utf-16"), "is UTF-16 text"),
    "UTF-16 without a mark": ("a.toml", GOOD.encode("utf-16-le"), "is a binary file"),
    "a key of another section": (
        "a.json",
        b'{"variable": "input"}',
        "variable: no such section; it belongs in [objective]",
    ),
    "escape characters in a key": ("a.json", b'{"\\u001b[31m": 1}', "?[31m: no such section"),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_bytes_and_bad_syntax_are_refused_in_one_line(
    name: str, content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    line = refusal(str(path), capsys)
    assert line.startswith(f"{path}: ")
    assert message in line


def test_a_missing_file_a_directory_and_strange_names_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(str(tmp_path / "none.toml"), capsys).endswith("none.toml: no such file")
    assert "is a directory" in refusal(str(tmp_path), capsys)
    assert "is no name of a file" in refusal("a\0b", capsys)
    assert "cannot be read" in refusal("a" * 5000, capsys)


def test_an_endless_device_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    assert "is larger than 64 MB" in refusal("/dev/zero", capsys)


def test_a_closed_or_empty_standard_input_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal("-", capsys).startswith("standard input: is closed")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert refusal("-", capsys).startswith("standard input: is empty")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "1,1"], "--at: a point of input space, but the variable is weights"),
        (["--variable", "input", "--at", "1"], "--at: 1 entry, the net has 2 inputs"),
        (["--variable", "input", "--at", "1,"], '--at, x[2]: "" is not a number'),
        (["--variable", "input", "--at", "-1,one"], '--at, x[2]: "one" is not a number'),
    ],
    ids=["in the weights", "too short", "open end", "not a number"],
)
def test_a_bad_point_on_the_command_line_is_refused(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "good.json"
    path.write_text(json.dumps(tree()))
    assert refusal(str(path), capsys, *options).startswith(f"{path}: {message}")


# ---------------------------------------------------------------------- the starter and the schema


def shipped(name: str) -> str:
    return files("symflow").joinpath(name).read_text(encoding="utf-8")


def starter() -> Problem:
    return problem_from_tree(problem_text_to_tree(shipped("starter.toml")))


def test_the_starter_is_a_problem() -> None:
    assert starter().title == "Two neurons, one kink"
    assert starter().function().n_data == 2


def test_every_line_that_the_starter_comments_out_can_be_used() -> None:
    text = shipped("starter.toml")
    assert "biases = [" in text
    with_biases = text.replace("# biases", "biases")
    assert problem_from_tree(problem_text_to_tree(with_biases)).architecture.has_biases
    with_mean = text.replace("# reduction", "reduction").replace("# output", "output")
    assert problem_from_tree(problem_text_to_tree(with_mean)).reduction == "mean"
    with_point = text.replace("# variable", "variable").replace("# at", "at")
    assert problem_from_tree(problem_text_to_tree(with_point)).at == (fmpq(2), fmpq(2))


class Schema:
    """As much of JSON Schema as the shipped schema uses."""

    def __init__(self) -> None:
        self.root = json.loads(shipped("problem.schema.json"))

    def accepts(self, value: Any, schema: dict[str, Any] | None = None) -> bool:
        schema = self.root if schema is None else schema
        rules = {keyword: rule for keyword, rule in schema.items() if keyword not in ANNOTATIONS}
        return all(
            getattr(self, f"_{keyword.removeprefix('$')}")(value, rule, schema) for keyword, rule in rules.items()
        )

    def _ref(self, value: Any, path: str, _: Any) -> bool:
        return self.accepts(value, self.root["$defs"][path.removeprefix("#/$defs/")])

    def _type(self, value: Any, name: str, _: Any) -> bool:
        kinds: dict[str, Any] = {
            "object": dict,
            "array": list,
            "string": str,
            "boolean": bool,
            "integer": int,
            "number": (int, float),
        }
        is_boolean = isinstance(value, bool)
        return isinstance(value, kinds[name]) and is_boolean == (name == "boolean")

    def _properties(self, value: Any, known: dict[str, Any], _: Any) -> bool:
        return all(self.accepts(value[key], rule) for key, rule in known.items() if key in value)

    def _additionalProperties(self, value: Any, allowed: bool, schema: dict[str, Any]) -> bool:
        assert allowed is False
        return set(value) <= set(schema["properties"])

    def _required(self, value: Any, keys: list[str], _: Any) -> bool:
        return set(keys) <= set(value)

    def _dependentRequired(self, value: Any, rules: dict[str, list[str]], _: Any) -> bool:
        return all(set(needed) <= set(value) for key, needed in rules.items() if key in value)

    def _items(self, value: Any, rule: dict[str, Any], _: Any) -> bool:
        return all(self.accepts(entry, rule) for entry in value)

    def _minItems(self, value: Any, least: int, _: Any) -> bool:
        return len(value) >= least

    def _maxItems(self, value: Any, most: int, _: Any) -> bool:
        return len(value) <= most

    def _uniqueItems(self, value: Any, wanted: bool, _: Any) -> bool:
        return len({json.dumps(entry) for entry in value}) == len(value)

    def _minimum(self, value: Any, least: int, _: Any) -> bool:
        return bool(value >= least)

    def _maximum(self, value: Any, most: int, _: Any) -> bool:
        return bool(value <= most)

    def _pattern(self, value: Any, pattern: str, _: Any) -> bool:
        return re.search(pattern.replace("$", r"\Z"), value) is not None  # Python's $ lets a newline follow

    def _enum(self, value: Any, known: list[Any], _: Any) -> bool:
        return value in known

    def _const(self, value: Any, wanted: Any, _: Any) -> bool:
        return bool(value == wanted)

    def _anyOf(self, value: Any, rules: list[dict[str, Any]], _: Any) -> bool:
        return any(self.accepts(value, rule) for rule in rules)

    def _allOf(self, value: Any, rules: list[dict[str, Any]], _: Any) -> bool:
        return all(self.accepts(value, rule) for rule in rules)

    def _oneOf(self, value: Any, rules: list[dict[str, Any]], _: Any) -> bool:
        return [self.accepts(value, rule) for rule in rules].count(True) == 1

    def _not(self, value: Any, rule: dict[str, Any], _: Any) -> bool:
        return not self.accepts(value, rule)

    def _if(self, value: Any, rule: dict[str, Any], schema: dict[str, Any]) -> bool:
        chosen = schema["then"] if self.accepts(value, rule) else schema["else"]
        return self.accepts(value, chosen)


# "then" and "else" belong to "if".
ANNOTATIONS = {"$schema", "$defs", "title", "description", "default", "then", "else"}


@pytest.mark.parametrize("given_tree", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_the_schema_accepts_what_is_read(given_tree: dict[str, Any]) -> None:
    schema = Schema()
    assert schema.accepts(given_tree)
    assert schema.accepts(problem_from_tree(given_tree).tree())
    assert schema.accepts(starter().tree())


# What a schema cannot say: sizes that must agree, what a command needs, what a text may contain.
BEYOND_A_SCHEMA = re.compile(
    "does not fit|two lengths|too few|too long|too many|activations none|no partition|from 1|next width|missing|"
    "no point|too short|too large|inverted|too narrow|negative$|trained|"
    "file missing|file of no|in the weights|in the title"
)


@pytest.mark.parametrize("bad", [bad for name, (bad, _, _) in BAD_TREES.items() if not BEYOND_A_SCHEMA.search(name)])
def test_the_schema_refuses_what_is_refused(bad: Any) -> None:
    assert not Schema().accepts(bad)


@pytest.mark.parametrize("name", ["loss missing", "coefficients missing", "slope missing", "trained twice"])
def test_the_schema_says_what_must_be_there(name: str) -> None:
    assert not Schema().accepts(BAD_TREES[name][0])
