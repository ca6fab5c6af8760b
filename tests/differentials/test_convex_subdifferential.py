"""The convex subdifferential: convex nets, points where it is empty, and laws on drawn nets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.convex_subdifferential import convex_subdifferential
from symflow.errors import BudgetExceededError, NotSupportedError, ShapeError
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.realization import FunctionOfInput, Realization
from tests.strategies import functions_of_input

SOME = settings(max_examples=25, deadline=None)
LINEAR = ("relu", "leaky_relu", "abs", "identity", "maxpool")


def test_the_maximum_of_three_planes_has_their_triangle() -> None:
    pool = activation("maxpool", groups=[[0, 1, 2]])
    f = Realization(Network.from_weights([[1, 0], [0, 1], [-1, -1]], [[1]], activation=pool))
    found = convex_subdifferential(f, at=(0, 0))
    assert found.vertices == ((-1, -1), (0, 1), (1, 0))
    assert found.vertices == clarke_differential(f, at=(0, 0)).vertices
    assert found.contains((0, 0)).is_proved


def test_far_away_values_leave_one_slope_or_none_at_a_local_minimum() -> None:
    # f = |x| - 2 relu(x - 1) has a local minimum at 0. From the left s >= -1; the slope at infinity is -1, so s <= -1.
    net = Network.from_weights([[1], [-1], [1]], [[1, 1, -2]], biases=[[0, 0, -1], [0]])
    assert convex_subdifferential(Realization(net), at=(0,)).vertices == ((-1,),)
    # With -3 in place of -2 the slope at infinity is -2, and nothing is left.
    net = Network.from_weights([[1], [-1], [1]], [[1, 1, -3]], biases=[[0, 0, -1], [0]])
    found = convex_subdifferential(Realization(net), at=(0,))
    assert found.is_empty
    assert found.vertices == ()
    assert repr(found) == "ConvexSubdifferential(empty in R^1, exact)"
    points, weights = found.is_nonempty.evidence["points"], found.is_nonempty.evidence["weights"]
    assert sum(weights) == 1
    assert sum(weight * y[0] for weight, y in zip(weights, points, strict=True)) == 0
    value, mean = found.is_nonempty.evidence["values"]
    assert mean < value


def test_lines_along_which_nothing_changes_are_bounds_too() -> None:
    # f(x, y) = |x + y|: s is a multiple of (1, 1).
    found = convex_subdifferential(Realization(Network.from_weights([[1, 1], [-1, -1]], [[1, 1]])), at=(0, 0))
    assert found.vertices == ((-1, -1), (1, 1))
    assert found.contains((1, 0)).is_refuted


def test_what_is_not_piecewise_linear_in_the_input_is_refused_in_a_line() -> None:
    message = "of a piecewise-linear net as a function of its input only"
    F = FunctionOfWeights(Network.from_weights([[0]], [[1]]), ((fmpq(1),),), Output())
    with pytest.raises(NotSupportedError, match=message):
        convex_subdifferential(F)
    square = Network.from_weights([[1]], [[1]], activation=activation("relu_power", power=2))
    with pytest.raises(NotSupportedError, match=message):
        convex_subdifferential(Realization(square), at=(0,))


def test_without_time_the_cells_are_missing() -> None:
    net = Network.from_weights([[1, 0], [0, 1]], [[1, 1]])
    with pytest.raises(BudgetExceededError, match="not all found in time"):
        convex_subdifferential(Realization(net), at=(0, 0), budget=Budget(deadline=0))


def test_a_vector_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ShapeError):
        convex_subdifferential(Realization(Network.from_weights([[1]], [[1]])), at=(0,)).contains((1, 2))


@SOME
@given(data=st.data())
def test_its_elements_are_clarke_subgradients_below_the_whole_graph(data: st.DataObject) -> None:
    F = data.draw(functions_of_input(kinds=LINEAR, width=2))
    F = FunctionOfInput(F.network, F.inputs, Output())
    found = convex_subdifferential(F)
    dF = clarke_differential(F)
    sampled = [tuple(fmpq(data.draw(st.integers(-9, 9)), 2) for _ in F.variables) for _ in range(8)]
    for s in found.vertices:
        assert dF.contains(s).is_proved
        assert found.contains(s).is_proved
        for y in sampled:
            there = FunctionOfInput(F.network, (y,), Output()).outputs[0]
            assert there >= F.outputs[0] + sum((a * (b - c) for a, b, c in zip(s, y, F.point, strict=True)), fmpq(0))
    assert bool(found.vertices) != found.is_empty
    if found.is_empty:
        points, weights = found.is_nonempty.evidence["points"], found.is_nonempty.evidence["weights"]
        value, mean = found.is_nonempty.evidence["values"]
        heights = [FunctionOfInput(F.network, (y,), Output()).outputs[0] for y in points]
        assert sum((w * h for w, h in zip(weights, heights, strict=True)), fmpq(0)) == mean < value == F.outputs[0]
        for place, entry in enumerate(F.point):
            assert sum((w * y[place] for w, y in zip(weights, points, strict=True)), fmpq(0)) == entry
    for s in sampled[:3]:
        verdict = found.contains(s)
        if verdict.is_refuted:
            y, (height, affine) = verdict.evidence["point"], verdict.evidence["values"]
            assert FunctionOfInput(F.network, (y,), Output()).outputs[0] == height < affine


@SOME
@given(data=st.data())
def test_of_a_convex_net_it_is_the_clarke_differential(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 2))
    rows = [[data.draw(st.integers(-2, 2)) for _ in range(n)] for _ in range(3)]
    net = Network.from_weights(rows, [[data.draw(st.integers(0, 2)) for _ in rows]])
    F = Realization(net).at([data.draw(st.integers(-1, 1)) for _ in range(n)])
    assert convex_subdifferential(F).vertices == clarke_differential(F).vertices
