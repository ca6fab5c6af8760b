"""The first zero of a polynomial on an interval, isolated with certainty and refined to the last bit.

A polynomial with integer coefficients is evaluated on intervals with balls. Where its range over an interval excludes
0 there is no zero; where that of its derivative does, it is monotone, and the signs at the ends decide; otherwise the
interval is halved, the left half first. No sampling: two zeros between two samples cannot hide.

The polynomial is known up to an error, `slack`: values as small as that have no sign. A zero that cannot be told from a
double zero, or from none, is reported as such; one of a polynomial that is certainly monotone there is where it is up
to slack over slope, its `blur`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.balls import arb, arb_poly, ball_precision, fmpz_poly


@final
@dataclass(frozen=True, slots=True)
class Root:
    """A simple zero in [low, high] / 2^bits, up to blur / 2^bits, and the sign of the polynomial after it."""

    low: int
    high: int
    sign_after: int
    blur: int = 0


@final
@dataclass(frozen=True, slots=True)
class Touch:
    """An interval in which the polynomial may touch 0: its values cannot be told from 0."""

    low: int
    high: int


def first_root(coefficients: Sequence[int], upto: int, bits: int, slack: int = 0) -> Root | Touch | None:
    """Return the first zero in (0, upto / 2^bits] of the polynomial with these coefficients; it is not 0 at 0.

    Parameters
    ----------
    coefficients : sequence of int
        c_0, c_1, .., all scaled alike.
    upto : int
        The end of the interval, with `bits` fractional bits.
    bits : int
        The zero is refined to this many bits.
    slack : int
        How far the values may be off.

    Examples
    --------
    (1 - 4 s)(1 - 2 s) = 1 - 6 s + 8 s² vanishes first at 1/4, downwards:

    >>> root = first_root([1, -6, 8], 1 << 20, 20)
    >>> abs(root.low / 2**20 - 1 / 4) < 1e-5, root.sign_after
    (True, -1)
    >>> first_root([1, 0, 1], 1 << 20, 20) is None
    True

    1001 - 4000 s + 4000 s² comes as close to 0 as 1, at s = 1/2:

    >>> first_root([1001, -4000, 4000], 1 << 20, 20) is None
    True
    >>> type(first_root([1001, -4000, 4000], 1 << 20, 20, slack=2)).__name__
    'Touch'
    """
    if _keeps_its_sign(coefficients, upto, bits, slack):
        return None
    with ball_precision(bits + 32):
        polynomial = arb_poly(fmpz_poly(list(coefficients)))
        return _first(polynomial, polynomial.derivative(), upto, bits, slack)


def _keeps_its_sign(coefficients: Sequence[int], upto: int, bits: int, slack: int) -> bool:
    """Whether |c_0| exceeds what all other terms can reach; a quick test that settles nearly all cases."""
    rest = sum(map(abs, coefficients)) - abs(coefficients[0])
    if upto <= 1 << bits:
        rest = (rest * upto >> bits) + 1  # s^k <= s for s <= 1
        return abs(coefficients[0]) > rest + slack
    return False


def _first(polynomial: arb_poly, slope: arb_poly, upto: int, bits: int, slack: int) -> Root | Touch | None:
    """Search depth first, the left half first, (low, high] in units of 2^-bits; inner ends have certain signs."""
    stack = [(0, upto)]
    error = arb(0, slack)
    while stack:
        a, b = stack.pop()
        value, steepness = _ranges(polynomial, a, b, bits)
        if not (value + error).contains(0):
            continue
        steepness += error
        if not steepness.contains(0):
            left, right = _sign(polynomial, a, bits, slack), _sign(polynomial, b, bits, slack)
            if left == 0 or (right == 0 and b != upto):
                return Touch(a, b)
            if left == right:
                continue
            if right == 0:  # towards 0, and so close at the end that it counts as there
                return Root(b, b, -left, _blur(steepness, bits, slack))
            low, high = _refined(polynomial, slope, a, b, right, bits)
            return Root(low, high, right, _blur(slope(_interval(low, high, bits)), bits, slack))
        middle = next((m for m in _between(a, b) if _sign(polynomial, m, bits, slack)), None)
        if b - a <= 4 or middle is None:
            return Touch(a, b)
        stack += [(middle, b), (a, middle)]
    return None


def _ranges(polynomial: arb_poly, low: int, high: int, bits: int) -> tuple[arb, arb]:
    """Return what a polynomial and its derivative can be on an interval.

    It is expanded about the middle: for coefficients of alternating signs, as of e^(-λ s), Horner's rule on intervals
    is off by e^(λ s), and the expansion by e^(λ (high - low) / 2) only.
    """
    middle, half = arb((low + high, -bits - 1)), arb((high - low, -bits - 1))
    coefficients = polynomial(arb_poly([middle, 1])).coeffs()
    spread, turn, power = arb(0), arb(0), arb(1)
    for k, coefficient in enumerate(coefficients[1:], start=1):
        size = abs(coefficient) * power
        if k > 1:
            turn += k * size
        power *= half
        spread += size * half
    value = (coefficients[0] if coefficients else arb(0)) + arb(0, spread.upper())
    return value, (coefficients[1] if len(coefficients) > 1 else arb(0)) + arb(0, turn.upper())


def _between(low: int, high: int) -> tuple[int, ...]:
    """Return places at which an interval may be cut, the best one first."""
    return tuple(low + ((high - low) * eighths >> 3) for eighths in (4, 3, 5, 2, 6))


def _blur(slope: arb, bits: int, slack: int) -> int:
    """Return how far a zero may be from where it was found, in units of 2^-bits."""
    if not slack:
        return 0
    return int((arb((slack, bits)) / slope.abs_lower()).upper().ceil().unique_fmpz() or 0) + 1


def _refined(polynomial: arb_poly, slope: arb_poly, low: int, high: int, sign_after: int, bits: int) -> tuple[int, int]:
    """Narrow a bracket with a sign change: Newton steps with both ends kept certain, bisection where they fail."""
    while high - low > 1:
        interval = _interval(low, high, bits)
        middle = (low + high) >> 1
        derivative = slope(interval)
        if not derivative.contains(0):
            step = arb((middle, -bits)) - polynomial(arb((middle, -bits))) / derivative
            left = int((step.lower() * (arb(2) ** bits)).floor().unique_fmpz() or 0) if step.is_finite() else low
            right = int((step.upper() * (arb(2) ** bits)).ceil().unique_fmpz() or 0) if step.is_finite() else high
            narrowed = max(low, left), min(high, right)
            if narrowed[0] <= narrowed[1] and narrowed[1] - narrowed[0] < (high - low) // 2:
                low, high = narrowed
                if low == high:
                    break
                continue
        sign = _sign(polynomial, middle, bits)
        if sign == 0:
            return middle, middle
        if sign == sign_after:
            high = middle
        else:
            low = middle
    return low, high


def _interval(low: int, high: int, bits: int) -> arb:
    """Return the ball that covers [low, high] / 2^bits."""
    return arb((low + high, -bits - 1), (high - low, -bits - 1))


def _sign(polynomial: arb_poly, place: int, bits: int, slack: int = 0) -> int:
    """Return the sign at place / 2^bits, exact, since the coefficients are integers; 0 if it is within the slack."""
    value = polynomial(arb((place, -bits)))
    if slack:
        return 1 if value > slack else -1 if value < -slack else 0
    if value.contains(0):
        with ball_precision(_exact_bits(polynomial, bits)):
            value = polynomial(arb((place, -bits)))
    return 1 if value > 0 else -1 if value < 0 else 0


def _exact_bits(polynomial: arb_poly, bits: int) -> int:
    """Return a precision at which the values at dyadic places are exact."""
    size = max((int(abs(c).upper().ceil().unique_fmpz() or 0).bit_length() for c in polynomial.coeffs()), default=1)
    return size + (bits + 4) * (polynomial.degree() + 1) + 64
