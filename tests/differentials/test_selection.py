"""What automatic differentiation returns, and the propositions that say beforehand that it is right."""

import pytest
from hypothesis import given, settings

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.selection import audit, autodiff_selection, safety
from symflow.exact.rationals import fmpq
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=60, deadline=None)


def test_the_identity_in_disguise_has_derivative_one_and_autodiff_says_zero() -> None:
    report = audit(clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,)))
    answers = {s.name: (s.gradient, s.verdict.is_proved) for s in report.selections}
    assert answers == {
        "autodiff": ((fmpq(0),), False),
        "lower": ((fmpq(0),), False),
        "middle": ((fmpq(1),), True),
        "upper": ((fmpq(2),), False),
    }
    assert report.safe_by is None


def test_a_separator_separates_strictly() -> None:
    report = audit(clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,)))
    (u,) = report.autodiff.verdict.evidence["separator"]
    assert u * report.autodiff.gradient[0] < u * 1


def test_pooling_takes_the_first_the_average_or_the_last_maximal_member() -> None:
    from symflow.activations.base import activation

    pool = activation("maxpool", groups=[[0, 1, 2]])
    f = Realization(Network.from_weights([[1, 0], [0, 1], [0, 0]], [[1]], activation=[pool])).at((0, 0))
    third = fmpq(1, 3)
    assert f.conventional_gradient("autodiff") == (1, 0)
    assert f.conventional_gradient("middle") == (third, third)
    assert f.conventional_gradient("upper") == (0, 0)


def test_one_slope_for_every_unit_on_a_kink() -> None:
    R = EmpiricalRisk(Network.from_weights([[1, -1]], [[2]]), Dataset([(1, 1)], labels=[1]), loss="squared")
    assert autodiff_selection(R, slope_at_zero="1/2") == (fmpq(-1), fmpq(-1), fmpq(0))


@SOME
@given(functions_of_weights(depth=(2, 3), width=2, n_data=2, kinds=("relu", "abs", "leaky_relu")))
def test_proposition_5_and_8_are_never_wrong_in_the_weights(function: AbstractPatternedFunction) -> None:
    if safety(function)[0] is not None:
        assert not clarke_differential(function).contains(function.conventional_gradient("autodiff")).is_refuted


@SOME
@given(functions_of_input(depth=(2, 3), kinds=("relu", "abs")))
def test_proposition_5_is_never_wrong_in_the_input(function: AbstractPatternedFunction) -> None:
    name, _ = safety(function)
    assert name in (None, "proposition 5")
    if name is not None:
        assert clarke_differential(function).contains(function.conventional_gradient("autodiff")).is_proved


@SOME
@given(functions_of_input(depth=(2, 2), kinds=("relu", "abs", "leaky_relu")))
def test_the_half_slope_is_safe_at_depth_one(function: AbstractPatternedFunction) -> None:
    assert clarke_differential(function).contains(function.conventional_gradient("middle")).is_proved


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [([(1, 1)], "proposition 8"), ([(1, 1), (2, 2)], "proposition 8"), ([(1, 1), (-1, -1)], None)],
    ids=["one datum", "one side", "opposite data"],
)
def test_proposition_8_asks_for_an_open_half_space(inputs: list[tuple[int, int]], expected: str | None) -> None:
    data = tuple(tuple(fmpq(v) for v in x) for x in inputs)
    objective = Combination((fmpq(1),) * len(data))
    assert safety(FunctionOfWeights(Network.from_weights([[1, -1]], [[1]]), data, objective))[0] == expected


def test_trained_first_layer_biases_make_proposition_8_hold() -> None:
    net = Network.from_weights([[1, -1]], [[1]], biases=[[0], [0]])
    R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, 1]))
    name, directions = safety(R.at())
    assert name == "proposition 8"
    assert all(sum(a * b for a, b in zip(directions[1], x, strict=True)) < 0 for x in ((1, 1, 1), (-1, -1, 1)))
