"""Starts at kinks beyond the first layer: what is followed, what branches, and what is not decided."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

from tests.flows.weight_problems import follow, risk


def two_factors(outer: object, activation: Any = "relu") -> Any:
    """Return v σ(u_1 h_1 + u_2 h_2) with h = (w_1, w_2) = (1, 1) and u = (1, -1): the second layer is on its kink."""
    return risk([[[1], [1]], [[1, -1]], [[outer]]], [[1]], [1], activation=activation)


def test_leaving_is_not_chosen_in_silence_where_staying_is_possible() -> None:
    """v > 0: on the inactive side nothing moves at all, so staying is a solution, and leaving is another."""
    path = follow(two_factors(1), 1, 15)
    assert (path.status, path.is_unique) == ("undecided", None)
    assert "one side does not move" in path.reason
    assert path.uniqueness == ""


def test_leaving_can_be_asked_for() -> None:
    path = follow(two_factors(1), 1, 15, on_nonunique="+")
    assert path.status == "completed"
    assert path.is_unique is not True
    assert path.state[0] > 1


def test_a_leaky_kink_that_is_crossed_one_way_is_crossed() -> None:
    """Slopes 1/2 and 1: both sides push to +, and the derivative is the same for z from either."""
    path = follow(two_factors(1, {"name": "leaky_relu", "slope": "1/2"}), 1, 15)
    assert (path.status, path.is_unique) == ("completed", True)
    assert path.state[0] > 1
    (event,) = path.events
    assert (event.time, event.layer, event.neuron, event.datum, event.kind, event.to) == (0, 2, 1, 1, "crossing", "+")
    assert "smooth" not in path.uniqueness


@pytest.mark.parametrize("activation", ["abs", {"name": "leaky_relu", "slope": "-1/2"}])
def test_a_ridge_beyond_the_first_layer_branches(activation: Any) -> None:
    path = follow(two_factors(1, activation), 1, 15)
    assert (path.status, path.is_unique) == ("non_unique", False)
    assert len(path.branches) == 2


def test_a_valley_beyond_the_first_layer_is_not_followed() -> None:
    path = follow(two_factors(-1, "abs"), 1, 15)
    assert (path.status, path.is_unique) == ("undecided", None)


def test_where_all_gradients_vanish_the_flow_rests() -> None:
    path = follow(two_factors(0), 1, 15)
    assert (path.status, path.is_unique) == ("stationary", True)


@pytest.mark.parametrize("power", [2, 3])
def test_a_smooth_kink_is_crossed_in_the_only_way(power: int) -> None:
    """relu^p from z = 0 on (1, 0): its derivative is 0 there, so w_1 starts with what the other datum gives."""
    function = risk([[[0, 1]], [[1]]], [[1, 0], [1, 1]], [1, 1], activation={"name": "relu_power", "power": power})
    low, high = (follow(function, 1, digits) for digits in (20, 30))
    assert (low.status, low.is_unique) == ("completed", True)
    assert all(abs(a - b) < mpmath.mpf(10) ** -14 for a, b in zip(low.state, high.state, strict=True))
