"""When the soft margin becomes positive: the time t0 of Theorem 5, by Newton's method on the flow itself.

Along the flow of -u = ln sum e^(-m), and of the exponential risk R = e^(-u) up to a factor, u does not decrease:
u' = |w'|² in the first case and u' = |w'|² / R in the second. So u has at most one zero, and a step of Newton's method
needs the state at one time: a flow from the start. Few digits first; each further step doubles them.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath

from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.enclosed_margin import enclosed_sign
from symflow.flows.evaluation import Evaluation, log_sum_exp
from symflow.flows.gradient_flow import bare_flow_of
from symflow.flows.moments import trained_places
from symflow.flows.options import FlowOptions
from symflow.flows.precision import GUARD_DIGITS, Number, exact_value, working_digits
from symflow.flows.soft_margin import is_soft_margin_flow
from symflow.flows.trajectory import Trajectory
from symflow.nets.objective import LogSumExp
from symflow.nets.patterned_function import AbstractPatternedFunction

# Flows of more parameters are not computed again for this.
_MOST_PARAMETERS = 200

_FIRST_DIGITS, _MOST_STEPS = 15, 60


def soft_margin_zero(trajectory: Trajectory, *, budget: Budget = NO_BUDGET) -> Number | None:
    """Return the time at which the soft margin is 0, to the trajectory's digits; None where it is not crossed in view.

    Parameters
    ----------
    trajectory : Trajectory
        From ``gradient_flow``, from t = 0 on, with its margins.
    budget : Budget
        For each of the flows.
    """
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if not isinstance(function, AbstractPatternedFunction) or not isinstance(options, FlowOptions):
        return None
    moves = trained_places(function, options.trained)
    if not is_soft_margin_flow(function, all_trained=len(moves) == len(function.variables)):
        return None
    points = [(exact_value(each.time), each.soft_margin) for each in trajectory.checkpoints]
    below = [time for time, value in points if value is not None and value < 0]
    above = [time for time, value in points if value is not None and value > 0]
    if not below or not above or below[0] != 0 or len(function.variables) > _MOST_PARAMETERS:
        return None
    low, high = below[-1], above[0]
    guess = (low + high) / 2
    digits = min(_FIRST_DIGITS, trajectory.digits)
    search = _Search(function, options, budget)
    for _ in range(_MOST_STEPS):
        found = search.step(guess, digits)
        if found is None:
            return None
        value, step = found
        if value < 0:
            low = max(low, guess)
        else:
            high = min(high, guess)
        last, guess = guess, guess + step
        if not low <= guess <= high:
            guess = (low + high) / 2
        guess = Fraction(round(guess * 10 ** (digits + GUARD_DIGITS)), 10 ** (digits + GUARD_DIGITS))
        is_close = abs(guess - last) < Fraction(1, 10 ** (digits // 2 + 1))
        if is_close and digits == trajectory.digits:
            with working_digits(trajectory.digits + GUARD_DIGITS):
                return mpmath.mpf(guess.numerator) / guess.denominator
        if is_close:
            digits = min(2 * digits, trajectory.digits)
    return None


def is_zero_enclosed(trajectory: Trajectory, zero: Number, *, budget: Budget = NO_BUDGET) -> bool:
    """Whether the soft margin is proved to be negative 10^-digits before a time and positive as much after it.

    Two enclosed flows show it; asked only where the trajectory has an enclosure itself.
    """
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if trajectory.radius is None or not isinstance(function, AbstractPatternedFunction):
        return False
    assert isinstance(options, FlowOptions)  # put there with the function
    width = Fraction(1, 10**trajectory.digits)
    for side in (-1, 1):
        time = exact_value(zero) + side * width
        if time < 0:
            return False
        until = fmpq(time.numerator, time.denominator)
        near = replace(options, until=until, checkpoints=(), progress=None, digits=trajectory.digits + GUARD_DIGITS)
        path = bare_flow_of(function, near, budget=budget)
        if path.status != "completed" or path.radius is None:
            return False
        if enclosed_sign(function, path.state, path.radius, path.digits) != side:
            return False
    return True


class _Search:
    """Newton's method for one function."""

    def __init__(self, function: AbstractPatternedFunction, options: FlowOptions, budget: Budget) -> None:
        self.function, self.budget = function, budget
        self.options = replace(options, checkpoints=(), is_validated=False, progress=None)
        self.evaluation = Evaluation(function)
        self.places = trained_places(function, options.trained)

    def step(self, time: Fraction, digits: int) -> tuple[Number, Fraction] | None:
        """Return u at a time and Newton's step; None where the flow does not come there."""
        options = replace(self.options, until=fmpq(time.numerator, time.denominator), digits=digits)
        path = bare_flow_of(self.function, options, budget=self.budget)
        if path.status != "completed" or not path.arcs:
            return None
        with working_digits(digits + GUARD_DIGITS):
            margins = self.evaluation.margins(self.evaluation.outputs(path.state))
            assert margins is not None
            u = -log_sum_exp([-m for m in margins])
            s = self.evaluation.subgradient(path.state, path.arcs[-1].pattern, self.places)
            slope = mpmath.fsum(entry * entry for entry in s)
            if not isinstance(self.function.objective, LogSumExp):
                slope /= self.evaluation.objective(path.state)
            return (u, exact_value(-u / slope)) if slope > 0 else None
