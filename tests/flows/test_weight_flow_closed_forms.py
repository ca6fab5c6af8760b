"""The flow in the weights against closed forms, at 30, 60 and 120 digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from symflow.flows.precision import working_digits
from tests.flows.weight_problems import FieldByHand, dot, drawn_numbers, exact, follow, risk

DIGITS = (30, 60, 120)


def holds(digits: int, found: Any, expected: Any) -> None:
    assert abs(found - expected) <= mpmath.mpf(10) ** -digits * max(1, abs(expected))


@pytest.mark.parametrize("digits", DIGITS)
def test_squared_loss_on_balanced_scalars_is_logistic_growth(digits: int) -> None:
    """p = u v with u = v: p' = (u² + v²)(y - p) = 2 p (y - p), so p = y / (1 + (y/p_0 - 1) e^(-2 y t))."""
    path = follow(risk([[["1/2"]], [["1/2"]]], [[1]], [2], loss="squared"), 3, digits)
    with working_digits(digits + 10):
        p = 2 / (1 + 7 * mpmath.exp(-12))
        holds(digits, path.state[0], mpmath.sqrt(p))
        holds(digits, path.state[1], mpmath.sqrt(p))


@pytest.mark.parametrize("digits", DIGITS)
def test_squared_loss_on_unbalanced_scalars_is_a_riccati_equation(digits: int) -> None:
    """With c = u² - v² = 1, u = cosh(θ/2) and v = sinh(θ/2), E = e^θ has E' = -(E² - 4 y E - 1) / 2.

    From u = 5/4, v = 3/4 it starts at E = (u + v)² = 4. With y = 3/4 the roots are E_1 = (3 + √13)/2 and
    E_2 = (3 - √13)/2, and (E - E_1)/(E - E_2) falls by e^(-(E_1 - E_2) t / 2).
    """
    path = follow(risk([[["5/4"]], [["3/4"]]], [[1]], ["3/4"], loss="squared"), 2, digits)
    with working_digits(digits + 10):
        root = mpmath.sqrt(13)
        one, two = (3 + root) / 2, (3 - root) / 2
        ratio = (4 - one) / (4 - two) * mpmath.exp(-root)
        e = mpmath.sqrt((one - two * ratio) / (1 - ratio))
        holds(digits, path.state[0], (e + 1 / e) / 2)
        holds(digits, path.state[1], (e - 1 / e) / 2)


@pytest.mark.parametrize("digits", DIGITS)
def test_exponential_loss_on_balanced_scalars_has_an_exponential_integral(digits: int) -> None:
    """p' = 2 p e^(-p), so Ei(p) - Ei(p_0) = 2 t; dp of an error in Ei is p e^(-p) < 1 of it."""
    path = follow(risk([[["1/2"]], [["1/2"]]], [[1]], [1]), 50, digits)
    with working_digits(digits + 10):
        p = path.state[0] * path.state[1]
        assert abs(mpmath.ei(p) - mpmath.ei(mpmath.mpf(1) / 4) - 100) * mpmath.exp(-p) * p < mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("digits", DIGITS)
def test_the_margin_flow_of_one_datum_turns_hyperbolically(digits: int) -> None:
    """-ln(e^(-m)) = -m: u' = x v, v' = x u."""
    path = follow(risk([[["1/3"]], [["1/7"]]], [[2]], [1], objective={"kind": "log_sum_exp"}), 3, digits)
    with working_digits(digits + 10):
        c, s = mpmath.cosh(6), mpmath.sinh(6)
        holds(digits, path.state[0], c / 3 + s / 7)
        holds(digits, path.state[1], c / 7 + s / 3)


@pytest.mark.parametrize("digits", DIGITS)
def test_with_a_frozen_outer_weight_the_margin_grows_like_a_logarithm(digits: int) -> None:
    """m' = a² |x|² e^(-m), so e^m = e^(m_0) + a² |x|² t, and w moves along x only."""
    path = follow(risk([[["1/2", "1/4"]], [["3/2"]]], [[1, 2]], [1]), 7, digits, trained=("W1",))
    with working_digits(digits + 10):
        start = mpmath.mpf(3) / 2  # a <w_0, x>
        margin = mpmath.log(mpmath.exp(start) + mpmath.mpf(45) / 4 * 7)
        shift = (margin - start) / (mpmath.mpf(3) / 2 * 5)  # times a |x|² it is what the margin gains
        holds(digits, path.state[0], mpmath.mpf(1) / 2 + shift)
        holds(digits, path.state[1], mpmath.mpf(1) / 4 + 2 * shift)


@pytest.mark.parametrize("digits", DIGITS)
def test_a_neuron_dies_with_the_output_weight_that_balance_leaves(digits: int) -> None:
    """With one active datum h² - |x|² a² is conserved: from h = 1/4, |x| = 1, a = -1 it dies with a = -√(15/16)."""
    path = follow(risk([[[1, "1/4"]], [[-1]]], [[0, 1]], [1]), 5, digits)
    assert [(event.kind, event.to) for event in path.events] == [("death", "0")]
    assert path.status == "stationary"
    with working_digits(digits + 10):
        holds(digits, path.state[2], -mpmath.sqrt(mpmath.mpf(15) / 16))
        assert path.state[:2] == (1, 0)


@pytest.mark.parametrize("digits", DIGITS)
def test_the_time_of_a_death(digits: int) -> None:
    """Frozen a = -1, x = 1, y = 1: h' = -e^h, so e^(-h) = e^(-h_0) + t, and h = 0 at t = 1 - e^(-h_0)."""
    path = follow(risk([[["1/2"]], [[-1]]], [[1]], [1]), 5, digits, trained=("W1",))
    with working_digits(digits + 10):
        holds(digits, path.events[0].time, 1 - mpmath.exp(-mpmath.mpf(1) / 2))


@pytest.mark.parametrize("digits", DIGITS)
def test_along_the_ridge_of_the_contract(digits: int) -> None:
    """x_1 = (1, 0), x_2 = (-1, 1), w = (0, 1), a = 1 frozen: on the ridge w_2' = e^(-w_2), so w_2 = ln(e + t)."""
    function = risk([[[0, 1]], [[1]]], [[1, 0], [-1, 1]], [1, 1])
    path = follow(function, 7, digits, trained=("W1",), on_nonunique="ridge")
    assert path.is_unique is None or path.is_unique is False
    with working_digits(digits + 10):
        holds(digits, path.state[1], mpmath.log(mpmath.e + 7))
        assert path.state[0] == 0


@pytest.mark.parametrize("digits", DIGITS)
def test_a_conserved_sum_of_outputs_moves_the_weights_along_straight_lines(digits: int) -> None:
    """F = Σ c_k f_k with a = 1 frozen: w' = -Σ c_k x_k over the active data.

    From w = (1, 1/3): x_1 = (0, 1) is left at t = 1/6 (w_2' = -2), x_2 = (1, 0) stays with w_1' = 1.
    """
    function = risk(
        [[[1, "1/3"]], [[1]]], [[0, 1], [1, 0]], objective={"kind": "combination", "coefficients": ["2", "-1"]}
    )
    path = follow(function, 1, digits, trained=("W1",))
    assert [event.kind for event in path.events] == ["sliding"]
    with working_digits(digits + 10):
        holds(digits, path.events[0].time, mpmath.mpf(1) / 6)
        holds(digits, path.state[0], mpmath.mpf(2))
        assert path.state[1:] == (0, 1)


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("seed", [1, pytest.param(13, marks=pytest.mark.slow)])
def test_squared_loss_with_frozen_outer_weights_is_linear_on_every_arc(digits: int, seed: int) -> None:
    """Each arc is the exponential of a matrix, in cells and along walls; at each event a preactivation is 0."""
    weights, inputs, labels = drawn_numbers(seed, 3, 3)
    path = follow(risk(weights, inputs, labels, loss="squared"), 2, digits, trained=("W1",))
    assert path.status == "completed"
    assert path.events
    with working_digits(digits + 15):
        field = FieldByHand(inputs, labels, "squared", n_neurons=3, trains_outer=False)
        state = [exact(entry) for row in weights[0] for entry in row] + [exact(entry) for entry in weights[1][0]]
        for arc in path.arcs:
            state = carried(lambda w, pattern=arc.pattern: field(w, pattern), state, arc.end - arc.start)
            for event in path.events:
                if event.time == arc.end:
                    h = field.preactivation(state, event.neuron - 1, event.datum - 1)
                    assert abs(h) < mpmath.mpf(10) ** (2 - digits)
        for found, expected in zip(path.state, state, strict=True):
            holds(digits - 2, found, expected)


def carried(field: Callable[[list[Any]], list[Any]], state: list[Any], duration: Any) -> list[Any]:
    """Return e^(t A) applied to an affine field; A is read off from the field's values."""
    inner = len(state) - 3
    frozen = state[inner:]  # the outer weights
    origin = field([mpmath.mpf(0)] * inner + frozen)[:inner]
    matrix = mpmath.zeros(inner + 1)
    for column in range(inner):
        unit = [mpmath.mpf(int(row == column)) for row in range(inner)] + frozen
        for row, value in enumerate(field(unit)[:inner]):
            matrix[row, column] = value - origin[row]
    for row in range(inner):
        matrix[row, inner] = origin[row]
    result = mpmath.expm(matrix * duration) * mpmath.matrix([*state[:inner], 1])
    return [result[row] for row in range(inner)] + frozen


def test_the_matrix_exponential_above_is_right_where_it_is_known() -> None:
    """w' = 1 - w from 0 along one datum: w = 1 - e^(-t)."""
    with working_digits(30):
        field = FieldByHand([[1], [1], [1]], [1, 0, 0], "squared", n_neurons=3, trains_outer=False)
        pattern = "+--|---|---"
        end = carried(lambda w: field(w, pattern), [mpmath.mpf(k) for k in (0, 5, 5, 1, 0, 0)], mpmath.mpf(2))
        assert abs(end[0] - (1 - mpmath.exp(-2))) < mpmath.mpf(10) ** -25
        assert dot(end[1:3], [1, 1]) == 10
