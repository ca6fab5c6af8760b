"""The problem tree: what is read, and what is refused because it could mean something else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symflow.checker.expressions import value
from symflow.checker.gradients import Gradients
from symflow.checker.networks import backward, forward, slopes_by_convention, slopes_on_piece
from symflow.checker.polynomials import Arc, Polynomial
from symflow.checker.problems import Activation, read_problem
from symflow.checker.reading import Refused, TooLarge
from tests.checker.by_hand import problem_tree

WEIGHTS = [[["1"], ["2"]], [["1", "1"]]]


def with_changes(**changes: Any) -> dict[str, Any]:
    tree = problem_tree("relu", WEIGHTS, [["1"], ["2"]], labels=["1", "-1"], kind="risk", loss="logistic")
    for path, entry in changes.items():
        *above, key = path.split("__")
        inside = tree
        for step in above:
            inside = inside[step]
        inside[key] = entry
    return tree


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"surprise": 1}, "surprise: a key that the checker does not know"),
        ({"network__trained": ["W1"]}, "network.trained: a key"),
        ({"network__weights": []}, "one matrix more"),
        ({"network__weights": [[["1"], ["2", "3"]], [["1", "1"]]]}, "rows of one length"),
        ({"network__weights": [[[]], [["1"]]]}, "rows of one length"),
        ({"network__weights": [[["1"], ["2"]], [["1"]]]}, "the width does not fit"),
        ({"network__activation": ["relu", "relu"]}, "one matrix more"),
        ({"network__activation": ["tanh"]}, 'unknown activation "tanh"'),
        ({"network__activation": [3]}, "expected an object, found an integer"),
        ({"network__activation": [{"name": "relu", "slope": "1"}]}, "slope: a key"),
        ({"network__activation": [{"name": "leaky_relu"}]}, "slope: expected a string, found null"),
        ({"network__activation": [{"name": "relu_power", "power": 17}]}, "expected a power from 1 to 16"),
        ({"network__activation": [{"name": "relu_power", "power": True}]}, "expected an integer, found a boolean"),
        ({"network__activation": [{"name": "maxpool", "groups": [[0], [0]]}]}, "do not partition"),
        ({"network__activation": [{"name": "maxpool", "groups": [[0, 1], []]}]}, "do not partition"),
        ({"network__activation": [{"name": "maxpool", "groups": [[0, "1"]]}]}, "expected an integer, found a string"),
        ({"network__biases": [["0", "0"]]}, "expected 2 entries"),
        ({"network__biases": [["0"], ["0"]]}, "expected 2 entries"),
        ({"data": {}}, "inputs: missing"),
        ({"data__inputs": []}, "there is no input"),
        ({"data__inputs": [["1", "2"]]}, "expected 1 entries"),
        ({"data__labels": ["1"]}, "one coefficient or label for each input"),
        ({"data__weight": ["1"]}, "data.weight: a key"),
        ({"objective__kind": "hinge"}, "objective.kind: expected one of"),
        ({"objective__loss": "hinge"}, "objective.loss: expected one of"),
        ({"objective__loss": None}, "objective.loss: expected one of"),
        ({"objective__variable": "biases"}, "objective.variable: expected one of"),
        ({"objective__reduction": "median"}, "objective.reduction: expected one of"),
        ({"objective__output": 2}, "the network has no such output"),
        ({"objective__output": 0}, "the network has no such output"),
        ({"objective__tau": "1"}, "objective.tau: a key"),
        ({"objective__kind": "combination"}, "expected a list, found null"),
        ({"objective__kind": "combination", "objective__coefficients": ["1"]}, "one coefficient or label"),
        ({"objective__variable": "input", "objective__at": ["1", "2"]}, "expected 1 entries"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_tree_that_is_no_problem_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_problem(with_changes(**changes))
    assert reason in str(caught.value)


def test_a_large_group_and_a_second_output_without_a_number_are_refused() -> None:
    rows = [["1"]] * 36
    tree = problem_tree({"name": "maxpool", "groups": [list(range(36))]}, [rows, [["1"]]], [["1"]])
    with pytest.raises(Refused, match="more than 35 members"):
        read_problem(tree)
    tree = problem_tree("relu", [[["1"]], [["1"], ["2"]]], [["1"]])
    del tree["objective"]["output"]
    with pytest.raises(Refused, match="no such output"):
        read_problem(tree)
    with pytest.raises(Refused, match="one matrix more"):
        read_problem(problem_tree(["relu"] * 60, [[["1"]]] * 61, [["1"]]))


def test_values_of_too_many_digits_are_refused_before_they_are_computed() -> None:
    power = {"name": "relu_power", "power": 16}
    with pytest.raises(TooLarge, match="too many digits"):
        read_problem(problem_tree([power] * 4, [[["1"]]] * 5, [["1"]]))
    long = "3" * 50_000
    with pytest.raises(TooLarge, match="too many digits"):
        read_problem(problem_tree([power] * 2, [[["1"]]] * 3, [["1"]], biases=[["1"], ["1"], [long]]))
    assert read_problem(problem_tree(["relu"] * 2, [[[long]]] * 3, [["1"]])).n_hidden == 2


def test_which_data_count() -> None:
    assert read_problem(with_changes(objective__kind="output")).inputs == ((1,),)
    at = read_problem(with_changes(objective__variable="input", objective__at=["5"]))
    assert (at.inputs, at.labels, at.divisor) == (((5,),), (1,), 1)
    mean = read_problem(with_changes(objective__reduction="mean"))
    assert (len(mean.inputs), mean.divisor) == (2, 2)
    only_at = with_changes(objective__variable="input", objective__at=["5"], data={"labels": ["-1"]})
    assert read_problem(only_at).labels == (-1,)
    chosen = with_changes(objective__kind="combination", objective__coefficients=["3", "4"])
    chosen["objective"]["variable"] = "input"
    assert read_problem(chosen).coefficients == (3,)


def test_names_and_values_of_the_parameters_come_in_the_contracts_order() -> None:
    tree = problem_tree("relu", [[["1"], ["2"]], [["3", "4"]]], [["1"]], biases=[["5", "6"], ["7"]])
    problem = read_problem(tree)
    assert problem.names == ("W1[1,1]", "W1[2,1]", "b1[1]", "b1[2]", "W2[1,1]", "W2[1,2]", "b2[1]")
    assert problem.point == (1, 2, 5, 6, 3, 4, 7)


@pytest.mark.parametrize(
    ("objective", "expected", "coefficients"),
    [
        ({"kind": "output"}, "3", ["1"]),
        ({"kind": "combination", "coefficients": ["2", "-1"]}, "0", ["2", "-1"]),
        ({"kind": "risk", "loss": "squared"}, "4/2 + 49/2", ["2", "7"]),
        ({"kind": "risk", "loss": "squared", "reduction": "mean"}, "53/4", ["1", "7/2"]),
        ({"kind": "risk", "loss": "exponential"}, "exp(-3) + exp(6)", ["-exp(-3)", "exp(6)"]),
        (
            {"kind": "risk", "loss": "logistic", "reduction": "mean"},
            "log(1 + exp(-3))/2 + log(1 + exp(6))/2",
            ["-1/(2*exp(3) + 2)", "1/(2*exp(-6) + 2)"],
        ),
        (
            {"kind": "log_sum_exp"},
            "log(exp(-3) + exp(6))",
            ["-exp(-3)/(exp(-3) + exp(6))", "exp(6)/(exp(-3) + exp(6))"],
        ),
    ],
    ids=lambda entry: str(entry)[:40],
)
def test_values_and_frozen_coefficients(objective: Any, expected: str, coefficients: list[str]) -> None:
    # f = relu(x) + relu(2x) = 3x on positive x: 3 and 6.
    problem = read_problem(problem_tree("relu", WEIGHTS, [["1"], ["2"]], labels=["1", "-1"], **objective))
    gradients = Gradients(problem)
    if objective.get("loss") == "squared":
        expected = {"4/2 + 49/2": "4/2 + 49/2", "53/4": "53/4"}[expected]
    assert gradients.value.equals(value(expected))
    for found, wanted in zip(gradients.coefficients, coefficients, strict=True):
        assert found == value(wanted).scalar


def test_all_activations_forward_and_backward() -> None:
    z = [Fraction(-2), Fraction(0), Fraction(3)]
    slopes = {
        "relu": (Activation("relu"), [0, 0, 1], "-0+"),
        "leaky_relu": (Activation("leaky_relu", slope=Fraction(1, 4)), [Fraction(1, 4), Fraction(1, 4), 1], "--+"),
        "abs": (Activation("abs"), [-1, 0, 1], "-0+"),
        "relu_power": (Activation("relu_power", power=2), [0, 0, 6], "-++"),
        "identity": (Activation("identity"), [1, 1, 1], ""),
        "maxpool": (Activation("maxpool", groups=((2, 0), (1,))), [0, 1, 1], "11"),
    }
    for activation, expected, characters in slopes.values():
        assert slopes_by_convention(activation, z, "autodiff") == expected
        assert slopes_on_piece(activation, z, characters) == expected
    relu, pool = Activation("relu"), Activation("maxpool", groups=((0, 1, 2),))
    kink = [Fraction(0)] * 3
    assert slopes_by_convention(relu, kink, "lower") == [0, 0, 0]
    assert slopes_by_convention(relu, kink, "upper") == [1, 1, 1]
    assert slopes_by_convention(pool, kink, "middle") == [Fraction(1, 3)] * 3
    assert slopes_by_convention(pool, kink, "upper") == [0, 0, 1]
    assert slopes_by_convention(pool, kink, "lower") == [1, 0, 0]


@pytest.mark.parametrize(
    ("activation", "features"),
    [
        ("relu", (0, 3)),
        ("abs", (2, 3)),
        ("identity", (-2, 3)),
        ({"name": "leaky_relu", "slope": "1/2"}, (-1, 3)),
        ({"name": "relu_power", "power": 3}, (0, 27)),
        ({"name": "maxpool", "groups": [[0, 1]]}, (3,)),
    ],
    ids=str,
)
def test_features_are_those_of_the_activation(activation: Any, features: tuple[int, ...]) -> None:
    weights = [[["-2"], ["3"]], [["1"] * len(features)]]
    problem = read_problem(problem_tree(activation, weights, [["1"]], biases=[["0", "0"], ["1"]]))
    values = forward(problem, 0)
    assert values.features[1] == features
    assert values.preactivations[1] == (sum(features) + 1,)
    gradient = backward(problem, values, [slopes_by_convention(problem.activations[0], (-2, 3), "autodiff")])
    assert gradient[4:] == (*features, 1)


def test_products_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from symflow.checker import polynomials

    monkeypatch.setattr(polynomials, "_MOST_PRODUCTS", 1)
    monkeypatch.setattr(polynomials, "_HIGHEST_DEGREE", 3)
    x = Polynomial.variable(0) + Polynomial.constant(Fraction(1))
    with pytest.raises(TooLarge, match="a product of polynomials"):
        x * x
    with pytest.raises(TooLarge, match="too high a degree"):
        Arc((1, 1)) * Arc((1, 1))
