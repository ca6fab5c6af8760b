"""Stationarity: known points, and ways down that are shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.directional import directional_derivative
from symflow.differentials.stationarity import is_piecewise_linear, stationarity, value_along
from symflow.exact.exponential_numbers import sign, to_text
from symflow.exact.logarithms import LogarithmicNumber, value_enclosure
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=25, deadline=None)
QUICK = Budget(max_pivots=100_000)


def test_the_absolute_value_has_a_minimum_that_is_proved() -> None:
    f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    report = stationarity(clarke_differential(f, at=(0,)))
    assert report.clarke.is_proved
    assert report.frechet.is_proved
    assert report.local_minimum.is_proved
    assert report.descent is None


def test_a_point_that_is_not_clarke_stationary_descends_at_once() -> None:
    # R = exp(-v relu(u)) at u = v = 1: dR = -e^{-1} (du + dv).
    R = EmpiricalRisk(Network.from_weights([[1]], [[1]]), Dataset([(1,)], labels=[1]))
    report = stationarity(clarke_differential(R))
    assert report.clarke.is_refuted
    assert report.frechet.is_refuted
    assert report.descent is not None
    assert sign(report.descent.derivative) < 0
    assert to_text(report.descent.before) == "exp(-1)"
    assert report.descent.after < report.descent.before


def test_the_saddle_of_a_product_descends_to_second_order() -> None:
    # f = v relu(u) at u = v = 0 on x = 1: along (1, -1) it is -t^2, while f' is 0 in every direction.
    F = FunctionOfWeights(Network.from_weights([[0]], [[0]]), ((fmpq(1),),), Output())
    report = stationarity(clarke_differential(F))
    assert report.frechet.is_proved
    assert report.local_minimum.is_refuted
    assert report.descent is not None
    assert report.descent.derivative == 0
    assert report.descent.direction == (1, -1)
    assert (report.descent.before, report.descent.after) == (0, -(report.descent.step**2))


def test_the_cusp_descends_along_a_curve_though_it_is_differentiable_with_gradient_zero() -> None:
    # Mathematics 2.2 (iii): along W1 = (-t^2, -t), W2 = (-1, 2t), W3 = -1 the value is -relu(-t^2 + 2t t) = -t^2.
    F = FunctionOfWeights(Network.from_weights([[0], [0]], [[-1, 0]], [[-1]]), ((fmpq(-1),),), Output())
    report = stationarity(clarke_differential(F))
    assert report.clarke.is_proved
    assert report.frechet.is_proved
    assert report.differentiable.is_proved
    assert report.descent is not None
    assert report.descent.derivative == 0
    assert report.descent.after < 0


def test_the_logistic_risk_is_compared_in_balls() -> None:
    # ln(1 + exp(-v relu(u))) at u = 0, v = 1 falls as u grows.
    R = EmpiricalRisk(Network.from_weights([[0]], [[1]]), Dataset([(1,)], labels=[1]), loss="logistic")
    report = stationarity(clarke_differential(R))
    assert report.clarke.is_proved
    assert report.descent is not None
    assert isinstance(report.descent.after, LogarithmicNumber)
    assert report.descent.derivative == fmpq(-1, 2)


def test_without_time_everything_that_needs_it_is_open() -> None:
    net = Network.from_weights([[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, 1, 1]])
    dF = clarke_differential(Realization(net), at=(0, 0))
    report = stationarity(dF, budget=Budget(deadline=0))
    assert report.frechet.is_undecided
    assert report.local_minimum.is_undecided
    assert report.descent is None


@SOME
@given(data=st.data())
def test_a_descent_is_one_and_a_minimum_has_none(data: st.DataObject) -> None:
    F = data.draw(functions_of_weights(depth=(1, 3), width=2) | functions_of_input(width=2))
    report = stationarity(clarke_differential(F, budget=QUICK))
    descent = report.descent
    assert (descent is not None) or not report.frechet.is_refuted
    if descent is not None:
        assert report.local_minimum.is_refuted
        assert directional_derivative(F, descent.direction) == descent.derivative
        assert value_along(F, descent.arc, descent.step) == descent.after
        assert value_enclosure(descent.before - descent.after, 200) > 0
    if report.local_minimum.is_proved:
        assert is_piecewise_linear(F)
        for _ in range(10):
            v = tuple(fmpq(data.draw(st.integers(-3, 3))) for _ in F.variables)
            assert value_along(F, (v,), fmpq(1, 10**6)) >= F.value
