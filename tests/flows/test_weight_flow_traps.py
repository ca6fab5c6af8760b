"""Problems made to mislead a numerical engine: each once gave a wrong answer, here or elsewhere."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import flint
import mpmath
import pytest

from symflow.errors import NotSupportedError
from symflow.flows.gradient_flow import gradient_flow
from symflow.flows.precision import working_digits
from tests.flows.weight_problems import distance, drawn, follow, risk, story


def slow_to_leave(smallness: int) -> Any:
    """Return a neuron that leaves its wall with velocity -1/smallness, and comes back at about 2/(3 smallness).

    Squared loss, W_1 trained, w_1 = (0, 1) on the wall of x_1 = (1, 0): the force along x_1 is r_2 - r_3 =
    -1/smallness and grows at the rate 3, since neuron 2 is active on x_1 and x_2 but not on x_3. Back at the wall,
    r_1 = -5 holds it.
    """
    labels = [-2, 6 - Fraction(1, smallness), 2]
    return risk([[[0, 1], [3, 1]], [[1, 1]]], [[1, 0], [1, 1], [-1, 1]], labels, loss="squared")


@pytest.mark.parametrize("exponent", [6, 18, 25, 40])
def test_a_wall_that_is_left_slowly_is_met_again(exponent: int) -> None:
    path = follow(slow_to_leave(10**exponent), "1/8", 30, trained=("W1",))
    assert story(path) == [(1, 1, 1, "crossing", "-"), (1, 1, 1, "sliding", "0")]
    with working_digits(60):
        assert abs(path.events[1].time * 10**exponent - mpmath.mpf(2) / 3) < mpmath.mpf(10) ** (2 - min(exponent, 9))
    assert path.state[0] == 0


def tangent(gap: Fraction, label: int) -> Any:
    """Return a neuron whose preactivation on x_3 is -(e^-t - 1/2)² + gap until it is positive.

    Frozen a = 1, squared loss: ⟨w, x_1⟩ = 1/2 + e^-t, ⟨w, x_2⟩ = 4 - 2 e^-2t with x_1 = e_1, x_2 = e_2 + e_3, and
    x_3 = e_1 + e_2.
    """
    w2 = Fraction(-1, 4) - 1 - Fraction(1, 2) + gap
    weights = [[[Fraction(3, 2), w2, 2 - w2]], [[1]]]
    return risk(weights, [[1, 0, 0], [0, 1, 1], [1, 1, 0]], ["1/2", 4, label], loss="squared")


@pytest.mark.parametrize("label", [5, -5, 0])
def test_an_exact_tangency_is_undecided(label: int) -> None:
    path = follow(tangent(Fraction(0), label), 3, 20, trained=("W1",))
    assert (path.status, path.is_unique) == ("undecided", None)
    assert "so close to 0" in path.reason
    assert abs(path.time - mpmath.log(2)) < 0.7  # where the step that cannot be taken begins


@pytest.mark.parametrize("exponent", [10, 30, 44])
@pytest.mark.parametrize("digits", [15, 30])
def test_a_wall_that_is_nearly_touched_is_not_met_and_one_that_is_nearly_missed_is(exponent: int, digits: int) -> None:
    """Beyond the wall the label 5 pulls on: the ends differ by more than 1."""
    gap = Fraction(1, 10**exponent)
    missed, met = (follow(tangent(sign * gap, 5), 3, digits, trained=("W1",)) for sign in (-1, 1))
    assert story(missed) == []
    assert story(met) == [(1, 1, 3, "crossing", "+")]
    assert met.state[0] - missed.state[0] > 1
    with working_digits(70):
        time = -mpmath.log(mpmath.mpf(1) / 2 + mpmath.sqrt(as_number(gap)))
        assert abs(met.events[0].time - time) < mpmath.mpf(10) ** -digits


def as_number(gap: Fraction) -> Any:
    return mpmath.mpf(gap.numerator) / gap.denominator


@pytest.mark.parametrize("exponent", [12, 16, 20])
def test_a_slanted_crossing_keeps_its_digits(exponent: int) -> None:
    """The wall is crossed at a slope of 2 · 10^-(exponent/2), which multiplies errors by its inverse."""
    function = tangent(Fraction(1, 10**exponent), 5)
    low, high = (follow(function, 3, digits, trained=("W1",)) for digits in (30, 60))
    with working_digits(70):
        assert distance(low, high) < mpmath.mpf(10) ** -30


@pytest.mark.parametrize("exponent", [3, *(pytest.param(e, marks=pytest.mark.slow) for e in (6, 9))])
def test_a_deep_net_that_escapes_from_a_saddle_keeps_its_digits(exponent: int) -> None:
    """Three factors of about 10^-exponent on a datum of 10^exponent: errors grow by 10^(4/3 exponent)."""
    small = Fraction(1, 10**exponent)
    function = risk([[[small]], [[small * 11 / 10]], [[small * 12 / 10]]], [[10**exponent]], [1])
    low, high = (follow(function, 1, digits) for digits in (20, 40))
    with working_digits(50):
        assert distance(low, high) < mpmath.mpf(10) ** -20


def test_a_stiff_risk_is_not_taken_for_a_blow_up() -> None:
    """A risk is bounded below, so its flow cannot blow up, however short the steps."""
    path = follow(risk([[[200, 0], [1, 0]], [[300, 1]]], [[1, 0]], [1], loss="squared"), "1/100000", 1)
    assert path.status == "completed"


@pytest.mark.slow
def test_a_margin_flow_of_three_factors_blows_up_in_finite_time() -> None:
    """u = v = w: u' = u², from 1 to infinity at t = 1."""
    path = follow(risk([[[1]], [[1]], [[1]]], [[1]], [1], objective={"kind": "log_sum_exp"}), 3, 15)
    assert path.status == "blow_up"
    assert abs(path.time - 1) < 1e-15


@pytest.mark.parametrize("places", [0, 25, *(pytest.param(places, marks=pytest.mark.slow) for places in (5, 10, 19))])
def test_a_checkpoint_at_or_just_after_an_event_changes_nothing(places: int) -> None:
    """Where a neuron leaves a wall tangentially, its preactivation is below the last digit there."""
    function = drawn(5)
    plain = follow(function, 3, 20)
    assert "exit" in {event.kind for event in plain.events}
    with working_digits(40):
        times = [Fraction(int(mpmath.ceil(event.time * 10**places)), 10**places) for event in plain.events]
    looked = follow(function, 3, 20, checkpoints=[t for t in times if t < 3])
    assert story(looked) == story(plain)
    assert distance(looked, plain) < mpmath.mpf(10) ** -20


@pytest.mark.parametrize("seed", range(20))
def test_a_checkpoint_exactly_at_a_rational_event_changes_nothing(seed: int) -> None:
    """w' is constant between events: their times are rational."""
    dice = random.Random(seed)

    def number() -> Fraction:
        return Fraction(dice.randint(-9, 9), dice.randint(1, 9))

    coefficients = [str(dice.randint(-3, 3)) for _ in range(2)]
    function = risk(
        [[[number(), number()]], [[1]]],
        [[number(), number()] for _ in range(2)],
        objective={"kind": "combination", "coefficients": coefficients},
    )
    plain = follow(function, 10, 30, trained=("W1",))
    with working_digits(40):
        times = [Fraction(str(event.time)).limit_denominator(10**7) for event in plain.events]
        times = [t for t, e in zip(times, plain.events, strict=True) if abs(as_number(t) - e.time) < 1e-28]
    looked = follow(function, 10, 30, trained=("W1",), checkpoints=times)
    assert (looked.status, story(looked)) == (plain.status, story(plain))
    assert distance(looked, plain) < mpmath.mpf(10) ** -30


# ---------------------------------------------------------------------- the two traps of the issue


def test_rationals_are_never_rounded_at_an_ambient_precision() -> None:
    """1/3 at 5 digits would be off in the sixth; the same bytes come out whatever the caller's precision."""
    function = risk([[["1/3", "2/7"]], [["5/11"]]], [["1/3", "1/7"]], ["1/13"], loss="squared")
    plain = follow(function, "10/3", 40, checkpoints=["1/3"])
    before = flint.ctx.prec
    try:
        flint.ctx.prec = 8
        with mpmath.workdps(5):
            poor = follow(function, "10/3", 40, checkpoints=["1/3"])
    finally:
        flint.ctx.prec = before
    assert [x._mpf_ for x in (*plain.state, plain.time)] == [x._mpf_ for x in (*poor.state, poor.time)]
    for one, other in zip(plain.checkpoints, poor.checkpoints, strict=True):
        assert [x._mpf_ for x in one.state] == [x._mpf_ for x in other.state]
    assert plain.objective._mpf_ == poor.objective._mpf_


@pytest.mark.parametrize("digits", [30, 60])
def test_a_series_with_every_other_coefficient_zero(digits: int) -> None:
    """One datum of the margin flow from u = 1, v = 0: u = cosh, v = sinh, even and odd, so half of all vanish."""
    path = follow(risk([[[1]], [[0]]], [[1]], [1], objective={"kind": "log_sum_exp"}), 6, digits)
    with working_digits(digits + 10):
        assert abs(path.state[0] - mpmath.cosh(6)) < mpmath.cosh(6) * mpmath.mpf(10) ** -digits
        assert abs(path.state[1] - mpmath.sinh(6)) < mpmath.sinh(6) * mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("digits", [30, 60])
def test_a_series_with_two_of_three_coefficients_zero(digits: int) -> None:
    """u = v = 1, w = 0 under three factors: u' = u w, w' = u², so u = sec t, w = tan t; stops before the pole."""
    path = follow(risk([[[1]], [[1]], [[0]]], [[1]], [1], objective={"kind": "log_sum_exp"}), "3/2", digits)
    with working_digits(digits + 10):
        assert abs(path.state[0] - mpmath.sec(1.5)) < mpmath.sec(1.5) * mpmath.mpf(10) ** -digits
        assert abs(path.state[2] - mpmath.tan(1.5)) < mpmath.tan(1.5) * mpmath.mpf(10) ** -digits


def test_a_start_is_not_passed_over_in_silence() -> None:
    """A risk at its weights has a point; another one given beside it used to be ignored."""
    function = risk([[[1]]], [[1]], [2], loss="squared")
    with pytest.raises(NotSupportedError, match="has a point already"):
        gradient_flow(function, start=(2,), until=1)


def test_an_output_weight_that_starts_at_zero_on_several_kinks() -> None:
    """w = (0, 1), a = 0 beside a neuron that never moves (w = 0, a = 0): its factor is 0 for ever, and watched."""
    path = follow(risk([[[0, 1], [0, 0]], [[0, 0]]], [[1, 0], ["1/2", 1]], [1, 1]), 1)
    assert path.status == "completed"
    assert path.state[2:4] == (0, 0)
    assert path.state[5] == 0


@pytest.mark.parametrize("digits", [20, 32])
def test_a_datum_that_no_neuron_sees_any_more_keeps_its_weight_in_the_margin_flow(digits: int) -> None:
    """From t = 1.3 the output on one datum is 0 for ever; the other weights were once computed three times over."""
    path = follow(drawn(17, "log_sum_exp"), 2, digits)
    assert [event.kind for event in path.events] == ["crossing"] * 4
    assert abs(path.state[0] - mpmath.mpf("0.86829587")) < 1e-8
