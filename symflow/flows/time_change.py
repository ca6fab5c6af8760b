"""From orbit to time: x' in -∂(φ∘f)(x) runs along the orbit of ±f, at another speed.

By Proposition 2, ∂(φ∘f)(x) = c(x) ∂f(x) with c = φ'(f(x)). Let σ be the sign of c at the start.

**c = 0 at the start.** For an output, a combination or log_sum_exp c is constant, for the exponential and the logistic
loss it has the sign of -y: then φ is constant. For the squared loss c = f - y: then φ(f) = 0 is the least value, and as
it does not rise along a solution, it stays 0, and the solution has speed 0. In all cases the only solution is at rest.

**c ≠ 0 at the start.** Then c never vanishes: it has a constant sign but for the squared loss, and there |f - y|' =
-|f - y| |g|² with |g| at most a Lipschitz constant G of f, so |f - y| >= |f(x0) - y| e^(-G² t). So τ' = |c(x)| is an
increasing change of time, and as a function of τ a solution has dx/dτ in -σ ∂f(x); conversely each solution of that
gives one in t as long as the integral of 1/|c| is finite. Solutions correspond one to one, unique ones to unique ones.

On a straight piece dx/dτ = v of the orbit df/dτ = -σ|v|², so t is an integral over f. With m = y f:

    constant c     t = τ/|c|
    exponential    t = (e^m1 - e^m0) / (y²|v|²)
    logistic       t = (m1 + e^m1 - m0 - e^m0) / (y²|v|²)
    squared        t = ln(|f0 - y| / |f1 - y|) / |v|²: f reaches y only as t -> infinity.

**Exact comparisons.** Corners of the orbit and f there are rational, so the time of an event is a rational number plus
rational multiples of exponentials, or of logarithms, of rationals (``ExactTime``). Whether it is before a rational T is
decided by enclosures of growing precision, which ends: e^a with distinct rational a are linearly independent over the
rationals (Lindemann), and a sum of logarithms is no rational number but 0, as e^T is transcendental.

**Digits.** Everything is enclosed in balls, f at a given time by the inverses

    exponential    m = ln(e^m0 + y²|v|² t)
    logistic       the root of m + e^m = m0 + e^m0 + y²|v|² t: as the left side has derivative >= 1, an approximate root
                   is off by at most its residual
    squared        f - y = (f0 - y) e^(-|v|² t)

at growing precision until the radius is as small as asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

import mpmath

from symflow.errors import NotSupportedError
from symflow.exact.balls import arb, ball_precision
from symflow.exact.exponential_numbers import enclosure, sign
from symflow.exact.rationals import fmpq, to_fraction
from symflow.flows.precision import Number, real
from symflow.losses.base import AbstractLoss
from symflow.nets.objective import AbstractObjective, LogSumExp, Risk

# A comparison that needs more bits than these is between numbers that are equal: it cannot happen.
_MOST_BITS = 1 << 22


@final
@dataclass(frozen=True)
class ExactTime:
    """A rational number plus rational multiples of exponentials and of logarithms of rationals.

    Parameters
    ----------
    rational : fmpq
        The first part.
    exponentials : dict
        Factor by exponent; neither is 0.
    logarithms : tuple of (factor, argument)
        Positive arguments.

    Examples
    --------
    >>> time = ExactTime(fmpq(1)) + ExactTime(fmpq(0), {fmpq(1): fmpq(2)})
    >>> time.compare(fmpq(6)), time.compare(fmpq(7)), ExactTime(fmpq(1)).compare(fmpq(1))
    (1, -1, 0)
    """

    rational: fmpq
    exponentials: dict[fmpq, fmpq] = field(default_factory=dict, hash=False)
    logarithms: tuple[tuple[fmpq, fmpq], ...] = ()

    def __add__(self, other: ExactTime) -> ExactTime:
        total = dict(self.exponentials)
        for exponent, factor in other.exponentials.items():
            total[exponent] = total.get(exponent, fmpq(0)) + factor
        kept = {exponent: factor for exponent, factor in total.items() if factor != 0}
        return ExactTime(self.rational + other.rational, kept, self.logarithms + other.logarithms)

    @property
    def exact(self) -> Fraction | None:
        """The time, where it is rational."""
        return None if self.exponentials or self.logarithms else to_fraction(self.rational)

    def ball(self) -> arb:
        """Return an enclosure at the ball precision that is set."""
        total = arb(self.rational)
        for exponent, factor in self.exponentials.items():
            total += factor * arb(exponent).exp()
        for factor, argument in self.logarithms:
            total += factor * arb(argument).log()
        return total

    def number(self, digits: int) -> Number:
        """Return the time, off by less than 10^-(digits + 4) max(1, time) and the rounding to the working digits."""
        if self.exact is not None:
            return real(self.exact)
        bits = 64 + 4 * digits
        while True:
            with ball_precision(bits):
                ball = self.ball()
                if narrow(ball, digits + 5):
                    return to_mpf(ball)
            bits *= 2

    def compare(self, other: fmpq) -> int:
        """Return the sign of the time minus a rational number.

        Parameters
        ----------
        other : fmpq
            Positive, or the time has no logarithms: a sum of logarithms may vanish.
        """
        if not self.exponentials and not self.logarithms:
            return (self.rational > other) - (self.rational < other)
        bits = 64
        while bits <= _MOST_BITS:
            with ball_precision(bits):
                gap = self.ball() - arb(other)
                if gap > 0 or gap < 0:
                    return 1 if gap > 0 else -1
            bits *= 2
        raise AssertionError("two numbers that cannot be equal were not told apart")


class AbstractClock(ABC):
    """How time passes along the orbit of σf.

    Parameters
    ----------
    direction : int
        σ, the sign of c.
    """

    direction: int

    #: Whether times and states are rational.
    is_rational: bool = False

    #: The value that f never reaches, if there is one.
    limit: fmpq | None = None

    @abstractmethod
    def elapsed(self, start: fmpq, end: fmpq, speed_squared: fmpq) -> ExactTime:
        """Return the time in which f runs from `start` to `end` on a straight piece with |dx/dτ|² = `speed_squared`."""

    @abstractmethod
    def output_after(self, start: fmpq, speed_squared: fmpq, time: arb) -> arb:
        """Return f after a time on a straight piece, as a ball at the precision that is set."""

    def reaches(self, end: fmpq) -> bool:
        """Whether f reaches a value on its way in finite time."""
        if self.limit is None:
            return True
        return end > self.limit if self.direction > 0 else end < self.limit


@final
@dataclass(frozen=True)
class ConstantClock(AbstractClock):
    """c is a constant rational number."""

    c: fmpq
    is_rational = True

    @property
    def direction(self) -> int:  # type: ignore[override]
        """The sign of c."""
        return 1 if self.c > 0 else -1

    def elapsed(self, start: fmpq, end: fmpq, speed_squared: fmpq) -> ExactTime:
        """Return (f0 - f1) / (c|v|²)."""
        return ExactTime((start - end) / (self.c * speed_squared))

    def output_after(self, start: fmpq, speed_squared: fmpq, time: arb) -> arb:
        """Return f0 - c|v|² t."""
        return arb(start) - arb(self.c * speed_squared) * time


@final
@dataclass(frozen=True)
class ExponentialClock(AbstractClock):
    """c = -y e^(-y f).

    Examples
    --------
    From m = 0 to m = 1 with |v| = y = 1 it takes e - 1:

    >>> ExponentialClock(fmpq(1)).elapsed(fmpq(0), fmpq(1), fmpq(1))
    ExactTime(rational=-1, exponentials={1: 1}, logarithms=())
    """

    label: fmpq

    @property
    def direction(self) -> int:  # type: ignore[override]
        """The sign of -y."""
        return -1 if self.label > 0 else 1

    def elapsed(self, start: fmpq, end: fmpq, speed_squared: fmpq) -> ExactTime:
        """Return (e^m1 - e^m0) / (y²|v|²)."""
        scale = 1 / (self.label**2 * speed_squared)
        return _exponential(self.label * end, scale) + _exponential(self.label * start, -scale)

    def output_after(self, start: fmpq, speed_squared: fmpq, time: arb) -> arb:
        """Return ln(e^m0 + y²|v|² t) / y."""
        margin = (arb(self.label * start).exp() + arb(self.label**2 * speed_squared) * time).log()
        return margin / arb(self.label)


@final
@dataclass(frozen=True)
class LogisticClock(AbstractClock):
    """c = -y / (1 + e^(y f))."""

    label: fmpq

    @property
    def direction(self) -> int:  # type: ignore[override]
        """The sign of -y."""
        return -1 if self.label > 0 else 1

    def elapsed(self, start: fmpq, end: fmpq, speed_squared: fmpq) -> ExactTime:
        """Return (m1 + e^m1 - m0 - e^m0) / (y²|v|²)."""
        scale = 1 / (self.label**2 * speed_squared)
        linear = ExactTime((end - start) * self.label * scale)
        return linear + _exponential(self.label * end, scale) + _exponential(self.label * start, -scale)

    def output_after(self, start: fmpq, speed_squared: fmpq, time: arb) -> arb:
        """Return m / y, m the root of m + e^m = m0 + e^m0 + y²|v|² t."""
        first = arb(self.label * start)
        target = first + first.exp() + arb(self.label**2 * speed_squared) * time
        return _logistic_root(target) / arb(self.label)


@final
@dataclass(frozen=True)
class SquaredClock(AbstractClock):
    """c = f - y.

    Parameters
    ----------
    label : fmpq
        y.
    direction : int
        The sign of f - y at the start, and so for ever.
    """

    label: fmpq
    direction: int

    @property
    def limit(self) -> fmpq:  # type: ignore[override]
        """The label."""
        return self.label

    def elapsed(self, start: fmpq, end: fmpq, speed_squared: fmpq) -> ExactTime:
        """Return ln((f0 - y)/(f1 - y)) / |v|²."""
        return ExactTime(fmpq(0), {}, ((1 / speed_squared, (start - self.label) / (end - self.label)),))

    def output_after(self, start: fmpq, speed_squared: fmpq, time: arb) -> arb:
        """Return y + (f0 - y) e^(-|v|² t)."""
        return arb(self.label) + arb(start - self.label) * (-arb(speed_squared) * time).exp()


def clock_of(objective: AbstractObjective, output: fmpq) -> AbstractClock | None:
    """Return how time passes from a point where f has this value; None where c = 0, so that nothing moves.

    Parameters
    ----------
    objective : AbstractObjective
        φ, of one output.
    output : fmpq
        f at the start.

    Raises
    ------
    NotSupportedError
        If φ is of another kind than the contract's.

    Examples
    --------
    >>> from symflow.losses.base import loss
    >>> clock_of(Risk(loss("squared"), (fmpq(1),)), fmpq(3))
    SquaredClock(label=1, direction=1)
    >>> clock_of(Risk(loss("squared"), (fmpq(1),)), fmpq(1)) is None
    True
    """
    if isinstance(objective, Risk):
        return _clock_of_loss(objective.loss, objective.labels[0], output)
    if isinstance(objective, LogSumExp):  # of one datum it is -y f
        c = -objective.labels[0]
    else:
        (constant,) = objective.coefficients((output,))
        if not isinstance(constant, fmpq):
            raise NotSupportedError("a combination with an irrational coefficient; the flow takes rational ones")
        c = constant
    return None if c == 0 else ConstantClock(c)


def objective_ball(objective: AbstractObjective, output: arb) -> arb:
    """Return φ(f) as a ball, f given as one, at the precision that is set."""
    if isinstance(objective, Risk):
        label = arb(objective.labels[0])
        if objective.loss.name == "exponential":
            return (-label * output).exp()
        if objective.loss.name == "logistic":
            return (-label * output).exp().log1p()
        residual = output - label
        return residual * residual / 2
    if isinstance(objective, LogSumExp):
        return -arb(objective.labels[0]) * output
    (constant,) = objective.coefficients((fmpq(0),))
    return (arb(constant) if isinstance(constant, fmpq) else enclosure(constant, 4096)) * output


def narrow(ball: arb, digits: int) -> bool:
    """Whether the radius of a ball is below 10^-digits max(1, |value|)."""
    return bool(ball.is_finite()) and bool(arb(ball.rad()) < arb(10) ** -digits * arb(1).max(abs(ball).lower()))


def to_mpf(ball: arb) -> Number:
    """Return the midpoint of a ball, rounded to the working digits.

    Examples
    --------
    >>> to_mpf(arb(3) / 4)
    mpf('0.75')
    """
    mantissa, exponent = ball.mid().man_exp()
    return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))


def _clock_of_loss(loss: AbstractLoss, label: fmpq, output: fmpq) -> AbstractClock | None:
    if sign(loss.derivative(output, label)) == 0:
        return None
    if loss.name == "squared":
        return SquaredClock(label, 1 if output > label else -1)
    if loss.name == "exponential":
        return ExponentialClock(label)
    if loss.name == "logistic":
        return LogisticClock(label)
    raise NotSupportedError(f"the flow of the input is not known for the loss {loss.name}")


def _exponential(exponent: fmpq, factor: fmpq) -> ExactTime:
    if exponent == 0:
        return ExactTime(factor)
    return ExactTime(fmpq(0), {exponent: factor})


def _logistic_root(target: arb) -> arb:
    """Return the root of m + e^m = target: Newton's method on midpoints, then the residual as radius.

    The left side is convex and increasing, so Newton's method from any start comes down to the root from the second
    step on; it starts near the logarithm for a large target, near the target itself for a negative one.
    """
    goal = target.mid()
    root = goal.log() if goal > 2 else goal if goal < 0 else goal / 2
    root = root.mid()
    for _ in range(200):
        power = root.exp()
        residual = root + power - goal
        if residual.contains(0):  # as near as this precision sees
            break
        root = (root - residual / (1 + power)).mid()
    return root + arb(0, abs(root + root.exp() - target).upper())
