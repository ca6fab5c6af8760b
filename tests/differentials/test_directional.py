"""Directional derivatives: known answers, difference quotients, and their bounds by the Clarke differential."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.directional import clarke_directional_derivative, directional_derivative
from symflow.errors import InexactNumberError, NotSupportedError, ShapeError
from symflow.exact.exponential_numbers import sign, to_text
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.realization import FunctionOfInput, Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=30, deadline=None)

RELU_MINUS = Network.from_weights([[1], [-1]], [[1, -1]])  # relu(x) - relu(-x) = x
ABSOLUTE = Network.from_weights([[1], [-1]], [[1, 1]])


def directions(width: int) -> st.SearchStrategy[tuple[fmpq, ...]]:
    return st.lists(st.integers(-3, 3), min_size=width, max_size=width).map(lambda v: tuple(map(fmpq, v)))


# ------------------------------------------------------------------------------------------ known answers


def test_the_absolute_value_rises_on_both_sides_of_its_kink() -> None:
    f = Realization(ABSOLUTE)
    assert [directional_derivative(f, (v,), at=(0,)) for v in (-2, 0, 3)] == [2, 0, 3]


def test_two_kinks_that_cancel_leave_a_linear_derivative() -> None:
    assert [directional_derivative(Realization(RELU_MINUS), (v,), at=(0,)) for v in (-2, 3)] == [-2, 3]


def test_the_maximum_has_the_larger_slope_among_its_maximal_members() -> None:
    # max(x, y, x - 1) at (0, 0): the third member is not maximal, so f' = max(v1, v2).
    pool = activation("maxpool", groups=[[0, 1, 2]])
    net = Network.from_weights([[1, 0], [0, 1], [1, 0]], [[1]], biases=[[0, 0, -1], [0]], activation=pool)
    f = Realization(net)
    assert [directional_derivative(f, v, at=(0, 0)) for v in ((1, 2), (-3, -5), (4, 4))] == [2, -3, 4]


def test_a_squared_rectifier_has_derivative_zero_on_its_kink_and_2z_beside_it() -> None:
    square = Realization(Network.from_weights([[1]], [[1]], activation=activation("relu_power", power=2)))
    assert directional_derivative(square, (5,), at=(0,)) == 0
    assert directional_derivative(square, (5,), at=(3,)) == 30
    assert directional_derivative(square, (5,), at=(-3,)) == 0


def test_a_risk_moves_by_its_frozen_coefficients() -> None:
    # R(u, v) = exp(-v relu(u)) with one datum 1, at u = 0, v = 2: R' = -2 max(du, 0), and c = -1 at margin 0.
    R = EmpiricalRisk(Network.from_weights([[0]], [[2]]), Dataset([(1,)], labels=[1]))
    assert directional_derivative(R, (1, 7)) == -2
    assert directional_derivative(R, (-1, 7)) == 0
    # At u = 1/2, v = 2 the margin is 1: dR = -e^{-1} (2 du + dv / 2).
    assert to_text(directional_derivative(R, (1, 2), at=("1/2", 2))) == "-3*exp(-1)"


def test_the_cusp_of_clarke_has_derivative_zero_in_every_direction() -> None:
    # Mathematics 2.2 (iii): Frechet differentiable with gradient 0, and not strictly.
    net = Network.from_weights([[0], [0]], [[-1, 0]], [[-1]])
    F = FunctionOfWeights(net, ((fmpq(-1),),), Output())
    for v in ((-1, -1, 0, 1, 0), (1, 2, 3, 4, 5), (-1, 0, 0, 0, 0)):
        assert directional_derivative(F, v) == 0
    upper = clarke_directional_derivative(clarke_differential(F), (-1, 0, 0, 0, 0))
    assert (upper.value, upper.element) == (1, (-1, 0, 0, 0, 0))


# ------------------------------------------------------------------------------------------ laws


@SOME
@given(data=st.data())
def test_the_derivative_is_the_exact_difference_quotient_of_a_piecewise_linear_function(data: st.DataObject) -> None:
    kinds = ("relu", "leaky_relu", "abs", "identity", "maxpool")
    F = data.draw(functions_of_input(kinds=kinds))
    F = FunctionOfInput(F.network, F.inputs, Output())
    v = data.draw(directions(len(F.variables)))
    t = fmpq(1, 10**9)
    moved = tuple(x + t * d for x, d in zip(F.point, v, strict=True))
    quotient = (FunctionOfInput(F.network, (moved,), Output()).outputs[0] - F.outputs[0]) / t
    assert directional_derivative(F, v) == quotient


@SOME
@given(data=st.data())
def test_in_the_weights_the_difference_quotient_is_near(data: st.DataObject) -> None:
    # F is piecewise polynomial: the quotient differs from f' by O(t).
    F = data.draw(functions_of_weights(rational=True, kinds=("relu", "abs", "maxpool", "relu_power")))
    v = data.draw(directions(len(F.variables)))
    t = fmpq(1, 10**12)
    moved = F.network.with_parameters([w + t * d for w, d in zip(F.point, v, strict=True)])
    there = FunctionOfWeights(moved, F.inputs, F.objective).value
    assert isinstance(there, fmpq)
    assert isinstance(F.value, fmpq)
    assert abs((there - F.value) / t - directional_derivative(F, v)) < fmpq(1, 1000)


@SOME
@given(data=st.data())
def test_the_upper_derivative_bounds_the_one_sided_one_and_all_gradients(data: st.DataObject) -> None:
    F = data.draw(functions_of_weights(depth=(1, 2)) | functions_of_input())
    v = data.draw(directions(len(F.variables)))
    dF = clarke_differential(F, budget=Budget(max_pivots=100_000))
    if not dF.is_exact:
        return
    upper = dF.support(v)
    assert upper.element is not None
    assert dot(upper.element, v) == upper.value
    assert dF.contains(upper.element).is_proved
    assert sign(upper.value - directional_derivative(F, v)) >= 0
    for gradient in dF.vertices[:50]:
        assert sign(upper.value - dot(gradient, v)) >= 0


# ------------------------------------------------------------------------------------------ things that must fail


def test_a_direction_is_exact_and_has_one_entry_a_variable() -> None:
    f = Realization(ABSOLUTE)
    with pytest.raises(ShapeError, match="2 entries, there are 1 variables"):
        directional_derivative(f, (1, 2), at=(0,))
    with pytest.raises(InexactNumberError):
        directional_derivative(f, (0.5,), at=(0,))


def test_an_enclosed_set_gives_bounds_of_the_upper_derivative() -> None:
    # The cusp, with no time: nothing is realised, all patterns are possible.
    net = Network.from_weights([[0], [0]], [[-1, 0]], [[-1]])
    F = FunctionOfWeights(net, ((fmpq(-1),),), Output())
    dF = clarke_differential(F, budget=Budget(deadline=0))
    upper = clarke_directional_derivative(dF, (-1, 0, 0, 0, 0))
    assert not upper.is_exact
    assert upper.upper == 1
    with pytest.raises(NotSupportedError, match="ask for the bounds"):
        _ = upper.value
