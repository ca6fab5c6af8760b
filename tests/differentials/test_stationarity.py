"""Stationarity: known points, and ways down that are shown."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.directional import directional_derivative
from symflow.differentials.germs import leading_term, output_germs
from symflow.differentials.stationarity import is_piecewise_linear, stationarity, value_along
from symflow.exact.exponential_numbers import sign, to_text
from symflow.exact.logarithms import LogarithmicNumber, value_enclosure
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination, Output
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
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
    assert report.descent.term.order >= 2
    assert report.descent.after is not None
    assert report.descent.after < 0


def test_a_value_that_is_lower_far_away_is_no_descent() -> None:
    # -relu(x - 1/2) is 0 near 0 and lower at 1: a local minimum all the same.
    net = Network.from_weights([[1]], [[-1]], biases=[["-1/2"], [0]])
    report = stationarity(clarke_differential(Realization(net), at=(0,)))
    assert report.descent is None
    assert report.local_minimum.is_proved
    # v relu(u - 1/2) at u = v = 0 as a function of the weights: constant near there.
    net = Network.from_weights([[0]], [[0]], biases=[["-1/2"], [0]])
    F = FunctionOfWeights(net, ((fmpq(1),),), Output())
    assert all(leading_term(F, [(fmpq(a), fmpq(0), fmpq(b), fmpq(0))]) is None for a in (-1, 1) for b in (-1, 1))


def test_where_a_squared_loss_is_zero_its_first_term_says_nothing() -> None:
    # (v relu(u) - 1)^2 / 2 at u = v = 1: c = f - y = 0, so that the terms of second order in f decide, and stay open.
    R = EmpiricalRisk(Network.from_weights([[1]], [[1]]), Dataset([(1,)], labels=[1]), loss="squared")
    report = stationarity(clarke_differential(R))
    assert report.frechet.is_proved
    assert report.local_minimum.is_undecided


@SOME
@given(data=st.data())
def test_the_germ_along_an_arc_is_the_value_for_small_t(data: st.DataObject) -> None:
    F = data.draw(functions_of_weights(depth=(1, 3), width=2) | functions_of_input(width=2))
    arc = [tuple(fmpq(data.draw(st.integers(-2, 2))) for _ in F.variables) for _ in range(2)]
    t = fmpq(1, 10**20)
    for k, germ in enumerate(output_germs(F, arc)):
        alone = type(F)(F.network, F.inputs, Combination(tuple(fmpq(int(i == k)) for i in range(F.n_data))))
        assert value_along(alone, arc, t) == sum((c * t**i for i, c in enumerate(germ)), fmpq(0))
    assert directional_derivative(F, arc[0]) == sum(
        (c * germ[1] for c, germ in zip(F.coefficients, output_germs(F, arc), strict=True) if len(germ) > 1), fmpq(0)
    )


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
        assert sign(descent.term.coefficient) < 0
        assert (descent.term.order == 1) == (descent.derivative != 0)
        assert descent.step is not None
        assert value_along(F, descent.arc, descent.step) == descent.after
        assert value_enclosure(descent.before - descent.after, 200) > 0
    if report.local_minimum.is_proved:
        assert is_piecewise_linear(F)
        for _ in range(10):
            v = tuple(fmpq(data.draw(st.integers(-3, 3))) for _ in F.variables)
            assert value_along(F, (v,), fmpq(1, 10**6)) >= F.value
