"""Decimal digits for display: cut off, never rounded, so that every digit shown is a digit of the number.

A number beyond the digits asked for, or below 10⁻⁵, is shown as mantissa and exponent. A decimal that ends is
shown whole when it has no more digits than were asked for.
"""

from __future__ import annotations

from flint import arb, ctx, fmpq


def rational_decimal_text(number: fmpq, digits: int) -> str:
    """Return the first `digits` significant digits of a rational number.

    Examples
    --------
    >>> rational_decimal_text(fmpq(2, 3), 5), rational_decimal_text(fmpq(-1, 8), 5)
    ('0.66666', '-0.125')
    >>> rational_decimal_text(fmpq(12345678), 3), rational_decimal_text(fmpq(0), 3)
    ('1.23e+7', '0')
    """
    if number == 0:
        return "0"
    magnitude = abs(number)
    # p has l digits and q has m: p/q lies between 10^{l-m-1} and 10^{l-m+1}.
    order = len(str(magnitude.p)) - len(str(magnitude.q))
    if magnitude < _power_of_ten(order):
        order -= 1
    kept = int((magnitude * _power_of_ten(digits - 1 - order)).floor())
    return _placed("-" if number < 0 else "", str(kept), order, digits)


def ball_decimal_text(ball: arb, digits: int) -> str | None:
    """Return the first `digits` significant digits that a whole ball has in common; None if it has not.

    Examples
    --------
    >>> ball_decimal_text(arb("0.66666 +/- 1e-9"), 4), ball_decimal_text(arb("2 +/- 1e-9"), 4)
    ('0.6666', None)
    """
    if not ball.is_finite() or ball.contains(0):
        return None
    # The exponent may be of any size (e^{10^16}), so the powers of ten are balls as well, and precision makes
    # room.
    with ctx.workprec(max(ball.rel_accuracy_bits(), 0) + 4 * digits + 64):
        magnitude = abs(ball)
        order = (magnitude.log() / arb(10).log()).floor().unique_fmpz()
        if order is None:
            return None
        kept = (magnitude * arb(10) ** (digits - 1 - order)).floor().unique_fmpz()
    if kept is None or len(str(kept)) != digits:
        return None
    return _placed("-" if ball < 0 else "", str(kept), int(order), digits)


def _power_of_ten(exponent: int) -> fmpq:
    return fmpq(10**exponent) if exponent >= 0 else fmpq(1, 10**-exponent)


def _placed(minus: str, kept: str, order: int, digits: int) -> str:
    """Return the digits `kept`, the first of which stands for 10^order, with point or exponent."""
    kept = kept.rstrip("0")
    if order >= digits or order < -5:
        mantissa = kept[0] + ("." + kept[1:] if len(kept) > 1 else "")
        return f"{minus}{mantissa}e{order:+d}"
    if order < 0:
        return f"{minus}0.{'0' * (-order - 1)}{kept}"
    whole, decimals = kept[: order + 1].ljust(order + 1, "0"), kept[order + 1 :]
    return f"{minus}{whole}.{decimals}" if decimals else f"{minus}{whole}"
