"""Regularity at a point: known answers, implications, and laws on drawn nets."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.directional import directional_derivative
from symflow.differentials.first_order import first_order
from symflow.differentials.regularity import (
    is_clarke_regular,
    is_differentiable,
    is_frechet_stationary,
    is_strictly_differentiable,
)
from symflow.exact.exponential_numbers import sign
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.realization import Realization
from symflow.verdict import AbstractVerdict
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=30, deadline=None)
QUICK = Budget(max_pivots=100_000)


def of_the_input(*weights: object, at: tuple[int, ...] = (0,), **options: object) -> ClarkeDifferential:
    return clarke_differential(Realization(Network.from_weights(*weights, **options)), at=at)


def cusp() -> ClarkeDifferential:
    net = Network.from_weights([[0], [0]], [[-1, 0]], [[-1]])
    return clarke_differential(FunctionOfWeights(net, ((fmpq(-1),),), Output()))


KNOWN = {
    # |x| is convex: regular, a minimum. -|x| is its opposite: Clarke stationary, at a maximum.
    "|x|": (of_the_input([[1], [-1]], [[1, 1]]), ["--", "+", "+"]),
    "-|x|": (of_the_input([[1], [-1]], [[-1, -1]]), ["--", "-", "-"]),
    # relu(x) - relu(-x) = x.
    "x": (of_the_input([[1], [-1]], [[1, -1]]), ["++", "+", "-"]),
    # relu(x) - relu(x) = 0 with two kinks that cancel.
    "0": (of_the_input([[1], [1]], [[1, -1]]), ["++", "+", "+"]),
    # max(x, y): convex, with f'(0; (-1, -1)) = -1.
    "max": (
        of_the_input([[1, 0], [0, 1]], [[1]], at=(0, 0), activation=activation("maxpool", groups=[[0, 1]])),
        ["--", "+", "-"],
    ),
    # |x| - |y|: a saddle; f' < f° along (0, 1).
    "|x| - |y|": (
        of_the_input([[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, -1, -1]], at=(0, 0)),
        ["--", "-", "-"],
    ),
    # Mathematics 2.2 (iii): gradient 0, though (-1, 0, 0, 0, 0) is a limit of gradients nearby.
    "cusp": (cusp(), ["-+", "-", "+"]),
}


def character(verdict: AbstractVerdict) -> str:
    return "?" if verdict.is_undecided else "+" if verdict.is_proved else "-"


@pytest.mark.parametrize("name", KNOWN)
def test_the_four_answers_are_the_known_ones(name: str) -> None:
    dF, (smooth, regular, stationary) = KNOWN[name]
    assert character(is_strictly_differentiable(dF)) + character(is_differentiable(dF)) == smooth
    assert character(is_clarke_regular(dF)) == regular
    assert character(is_frechet_stationary(dF)) == stationary


def test_the_cusp_is_differentiable_with_gradient_zero() -> None:
    assert is_differentiable(cusp()).evidence["gradient"] == (0, 0, 0, 0, 0)
    assert len(is_strictly_differentiable(cusp()).evidence["gradients"]) == 2
    refuted = is_clarke_regular(cusp())
    v, (lower, upper) = refuted.evidence["direction"], refuted.evidence["values"]
    assert (lower, cusp().support(v).value) == (0, upper)
    assert upper > 0


def test_opposite_labels_of_one_datum_cancel_at_the_kink() -> None:
    net = Network.from_weights([[0]], [[1]])
    R = EmpiricalRisk(net, Dataset([(1,), (1,)], labels=[1, -1]))
    dR = clarke_differential(R)
    # exp(-relu(u)) + exp(relu(u)): both slopes cancel, one limiting gradient 0.
    assert is_strictly_differentiable(dR).evidence["gradient"] == (0, 0)
    assert is_frechet_stationary(dR).is_proved


def test_a_concave_kink_of_a_risk_descends() -> None:
    # exp(relu(u)) rises, exp(-relu(u)) falls: with label 1 the kink of relu at 0 is concave in the risk.
    R = EmpiricalRisk(Network.from_weights([[0]], [[1]]), Dataset([(1,)], labels=[1]))
    refuted = is_frechet_stationary(clarke_differential(R))
    assert clarke_differential(R).is_clarke_stationary.is_proved
    assert refuted.evidence["value"] == directional_derivative(R, refuted.evidence["direction"])
    assert refuted.evidence["value"] == -1


def test_a_spent_budget_leaves_the_question_open() -> None:
    net = Network.from_weights([[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, 1, 1]])
    dF = clarke_differential(Realization(net), at=(0, 0))
    spent = Budget(deadline=0)
    for question in (is_differentiable, is_clarke_regular, is_frechet_stationary):
        assert question(dF, budget=spent).is_undecided
    net = Network.from_weights([[0], [0]], [[-1, 0]], [[-1]])
    enclosed = clarke_differential(FunctionOfWeights(net, ((fmpq(-1),),), Output()), budget=spent)
    assert is_strictly_differentiable(enclosed).is_undecided
    assert is_clarke_regular(enclosed).is_undecided
    assert is_differentiable(enclosed).is_proved  # first order needs no time here


# ------------------------------------------------------------------------------------------ laws


@SOME
@given(data=st.data())
def test_the_cones_of_first_order_give_the_directional_derivative(data: st.DataObject) -> None:
    """Two roads: the forward pass, and the gradient of the cone in which the direction lies."""
    F = data.draw(functions_of_weights(depth=(1, 3)) | functions_of_input())
    v = tuple(fmpq(data.draw(st.integers(-3, 3))) for _ in F.variables)
    pieces = first_order(clarke_differential(F, budget=QUICK))
    total = sum((value * v[place] for place, value in pieces.constant), fmpq(0))
    for part in pieces.parts:
        inside = [v[place] for place in part.places]
        assert part.is_complete
        containing = [cone for cone in part.cones if all(dot(row, inside) >= 0 for row in cone.rows)]
        assert containing
        values = [dot(cone.gradient, inside) for cone in containing]
        assert all(value == values[0] for value in values)
        total = total + values[0]
        for cone in part.cones:
            assert all(dot(row, cone.direction) > 0 for row in cone.rows)
    assert directional_derivative(F, v) == total


@SOME
@given(data=st.data())
def test_verdicts_agree_with_each_other_and_with_sampled_directions(data: st.DataObject) -> None:
    F = data.draw(functions_of_weights(depth=(1, 3), width=2) | functions_of_input(width=2))
    dF = clarke_differential(F, budget=QUICK)
    strict, plain = is_strictly_differentiable(dF), is_differentiable(dF)
    regular, stationary = is_clarke_regular(dF), is_frechet_stationary(dF)
    assert not plain.is_undecided
    assert not stationary.is_undecided
    if strict.is_proved:
        assert plain.evidence["gradient"] == strict.evidence["gradient"]
        assert regular.is_proved
    if stationary.is_proved:
        assert all(certificate.holds() for certificate in stationary.evidence["certificates"])
        if dF.is_exact:
            assert dF.is_clarke_stationary.is_proved
    if dF.is_exact and regular.is_proved:
        assert dF.is_clarke_stationary.is_proved == stationary.is_proved
    width = len(F.variables)
    for v in itertools.islice(itertools.product((fmpq(1), fmpq(-1), fmpq(2)), repeat=width), 20):
        value = directional_derivative(F, v)
        if stationary.is_proved:
            assert sign(value) >= 0
        if plain.is_proved:
            assert value == dot(plain.evidence["gradient"], v)
        if dF.is_exact and regular.is_proved:
            assert value == dF.support(v).value
    if regular.is_refuted:
        v, (low, high) = regular.evidence["direction"], regular.evidence["values"]
        assert directional_derivative(F, v) == low
        assert sign(high - low) > 0
        if dF.is_exact:
            assert sign(dF.support(v).value - high) >= 0
