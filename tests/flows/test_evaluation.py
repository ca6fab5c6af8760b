"""Values and gradients at a state, held against the exact ones of the house and against mpmath's derivative."""

import mpmath
import pytest
from hypothesis import given, settings

from symflow.differentials.clarke import clarke_differential
from symflow.exact.exponential_numbers import enclosure
from symflow.exact.rationals import fmpq
from symflow.flows.evaluation import Evaluation, entropy, log_sum_exp, softmin
from symflow.flows.precision import exact_value, real, working_digits
from symflow.losses.base import loss
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import LogSumExp, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

KINDS = ("relu", "leaky_relu", "abs", "identity", "maxpool", "relu_power")


def some_pattern(function: AbstractPatternedFunction) -> list[str]:
    """Return one character a site near the point: the first that may occur."""
    characters = [""] * len(function.table.sites)
    for index in range(len(characters)):
        characters[index] = function.options(index, characters)[0].character
    return characters


def assert_gradients_agree(function: AbstractPatternedFunction) -> None:
    characters = some_pattern(function)
    with working_digits(40):
        evaluation = Evaluation(function)
        found = evaluation.gradient(evaluation.start(), function.table.word(characters))
        for value, exact in zip(found, function.limiting_gradient(characters), strict=True):
            near = mpmath.mpf(enclosure(exact, 160).mid().str(40, radius=False))
            assert abs(value - near) < mpmath.mpf(10) ** -30 * max(1, abs(near))


@settings(max_examples=60, deadline=None)
@given(functions_of_weights(kinds=KINDS))
def test_the_gradient_on_a_pattern_is_the_limiting_gradient_of_the_weights(function: FunctionOfWeights) -> None:
    assert_gradients_agree(function)


@settings(max_examples=40, deadline=None)
@given(functions_of_input(kinds=("relu", "leaky_relu", "abs", "identity", "maxpool")))
def test_the_gradient_on_a_pattern_is_the_limiting_gradient_of_the_input(function: AbstractPatternedFunction) -> None:
    assert_gradients_agree(function)


@pytest.mark.parametrize("name", ["exponential", "logistic", "squared", "log_sum_exp"])
def test_the_coefficients_are_the_derivatives_of_the_objective_by_the_outputs(name: str) -> None:
    net = Network.from_weights([[1, 2], [3, -1]], [[1, -1]])
    labels = (fmpq(1), fmpq(-1), fmpq(2))
    objective = LogSumExp(labels) if name == "log_sum_exp" else Risk(loss(name), labels, is_mean=True)
    inputs = tuple((fmpq(k), fmpq(1)) for k in range(3))
    evaluation = Evaluation(FunctionOfWeights(net, inputs, objective))
    with working_digits(30):
        outputs = [mpmath.mpf(1) / 3, mpmath.mpf(-2), mpmath.mpf("0.7")]
        for k, found in enumerate(evaluation.coefficients(outputs)):

            def at(f: object, k: int = k) -> object:
                return evaluation.value([*outputs[:k], f, *outputs[k + 1 :]])

            assert abs(found - mpmath.diff(at, outputs[k])) < mpmath.mpf(10) ** -12


def test_large_margins_do_not_overflow() -> None:
    assert log_sum_exp([mpmath.mpf(10) ** 12, mpmath.mpf(0)]) == mpmath.mpf(10) ** 12
    assert softmin([mpmath.mpf(-(10**12)), mpmath.mpf(0)])[0] == 1
    assert entropy([mpmath.mpf(0.5), mpmath.mpf(0.5)]) == pytest.approx(mpmath.log(2))


def test_on_a_valley_the_projected_gradient_is_the_element_of_minimal_norm() -> None:
    """W1 and a trained, x = (1, 0), (-1/2, 1), y = 1, 1, w = (0, 1), a = -1/10 slides from the start."""
    net = Network.from_weights([[0, 1]], [["-1/10"]])
    risk = Risk(loss("exponential"), (fmpq(1), fmpq(1)))
    function = FunctionOfWeights(net, ((fmpq(1), fmpq(0)), (fmpq(-1, 2), fmpq(1))), risk)
    shortest = clarke_differential(function).minimal_norm_element
    with working_digits(30):
        evaluation = Evaluation(function)
        found = evaluation.subgradient(evaluation.start(), "0|+", range(3))
        for value, exact in zip(found, shortest, strict=True):
            assert abs(value - mpmath.mpf(enclosure(exact, 120).mid().str(30, radius=False))) < mpmath.mpf(10) ** -25


def test_parallel_kinks_are_projected_out_once() -> None:
    net = Network.from_weights([[0, 1]], [[1]])
    inputs = ((fmpq(1), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(0), fmpq(1)))
    function = FunctionOfWeights(net, inputs, Risk(loss("squared"), (fmpq(1),) * 3))
    evaluation = Evaluation(function)
    assert evaluation.tangential([mpmath.mpf(5), mpmath.mpf(7), mpmath.mpf(1)], "0|0|+", range(3))[0] == 0
    frozen = evaluation.tangential([mpmath.mpf(5), mpmath.mpf(7), mpmath.mpf(1)], "0|0|+", range(2))
    assert [exact_value(entry) for entry in frozen] == [0, 7, 0]


def test_in_the_input_deep_kinks_are_projected_out() -> None:
    """On the wall of neuron (2,2) of the corner net the velocity is (4/5, 8/5)."""
    net = Network.from_weights(
        [[0, 1], [-1, 0], [1, -1]],
        [[-1, 1, 1], [-1, 1, -1]],
        [[2, 1]],
        biases=[[-2, 2, 0], [1, 1], [0]],
    )
    function = Realization(net).at((1, -1))
    with working_digits(20):
        evaluation = Evaluation(function)
        s = evaluation.subgradient([real(fmpq(1)), real(fmpq(-1))], "-+++0", range(2))
        assert [mpmath.nstr(-entry, 12) for entry in s] == ["0.8", "1.6"]
