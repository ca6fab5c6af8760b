"""Gordan's alternative over ℚ(e^q), where every operation is expensive.

So as few as possible are made: a direction proposed by floats is rounded and proved by balls; multipliers that do not
depend on the transcendental numbers are found rationally, in the lift; otherwise the rows that floats propose are
solved over the field, in coordinates multiplied by their common denominators. The exact simplex method over the field
decides what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from symflow.exact.alternatives import GordanCertificate, StrictSolution
from symflow.exact.approximations import near_rational, roundings, scaled_floats
from symflow.exact.exponential_numbers import Scalar, enclosure, sign
from symflow.exact.gordan_rational import decide_rational, float_guess
from symflow.exact.integer_multiples import primitive
from symflow.exact.rational_lift import common_numerators, rational_lift
from symflow.exact.simplex import NO_BUDGET, Budget, Table, basic_values, dual_simplex, table_with_units

_BALL_BITS = 112


def decide_in_the_field(
    rows: Sequence[Sequence[Scalar]], budget: Budget = NO_BUDGET
) -> StrictSolution | GordanCertificate:
    """Decide a strict system some entries of which are transcendental.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> e = exponential(1)
    >>> decide_in_the_field([(e, fmpq(-2)), (fmpq(-1), fmpq(1))])
    StrictSolution(direction=(3, 4))
    >>> decide_in_the_field([(e,), (fmpq(-1),)])
    GordanCertificate(multipliers={0: 1/(exp(1) + 1), 1: exp(1)/(exp(1) + 1)})
    """
    for i, row in enumerate(rows):
        if not any(entry != 0 for entry in row):
            return GordanCertificate({i: fmpq(1)})
    guess = float_guess([scaled_floats(row) for row in rows])
    if guess.direction is not None:
        balls = [[enclosure(entry, _BALL_BITS - 16) for entry in row] for row in rows]
        direction = certain_rounding(balls, guess.direction, rows.__getitem__)
        if direction is not None:
            return StrictSolution(direction)
    # Multipliers that do not depend on the transcendental numbers are rational, short, and found rationally.
    lift = fmpq_mat([list(row) for row in rational_lift(rows)])
    answer = decide_rational(lift.numer_denom()[0], budget)
    if isinstance(answer, GordanCertificate):
        return answer
    multipliers = multipliers_on(guess.support, rows, budget)
    if multipliers is not None:
        return GordanCertificate(multipliers)
    columns = [[*row, fmpq(1)] for row in rows]
    table = table_with_units(columns, [fmpq(0)] * len(rows[0]) + [fmpq(1)])
    ending = dual_simplex(table, len(rows), order=guess.support, budget=budget)
    if ending.violated is None:
        return GordanCertificate(basic_values(table, ending, len(rows)))
    exact = table[ending.violated][len(rows) : len(rows) + len(rows[0])]
    return StrictSolution(_rational_near(rows, exact))


def multipliers_on(
    support: Sequence[int], rows: Sequence[Sequence[Scalar]], budget: Budget = NO_BUDGET
) -> dict[int, Scalar] | None:
    """Return multipliers λ ≥ 0 of sum 1 of the rows of `support` with Σ λ_i a_i = 0, or None if there are none.

    Examples
    --------
    >>> multipliers_on([0, 1], [(fmpq(1),), (fmpq(-2),), (fmpq(5),)])
    {0: 2/3, 1: 1/3}
    """
    fractions: list[Sequence[Scalar]] = [rows[i] for i in support]
    chosen: Sequence[Sequence[Scalar]] = common_numerators(fractions) or fractions
    if not chosen:
        return None
    width = len(chosen[0])
    table: Table = [[*(row[k] for row in chosen), fmpq(0)] for k in range(width)]
    table.append([fmpq(1)] * (len(chosen) + 1))
    ending = dual_simplex(table, len(chosen), budget=budget)
    if ending.violated is not None:
        return None
    return {support[k]: value for k, value in basic_values(table, ending, len(chosen)).items()}


def certain_rounding(
    balls: Sequence[Sequence[arb]], direction: Sequence[float], exact_row: Callable[[int], Sequence[Scalar]]
) -> tuple[fmpq, ...] | None:
    """Return the shortest rounding of `direction` proved positive on every row.

    Parameters
    ----------
    balls : sequence of rows
        Balls that contain the rows.
    direction : sequence of float
    exact_row : function
        Returns a row itself, for the signs that the balls leave open.

    Examples
    --------
    >>> certain_rounding([[arb(2), arb(-1)]], [0.5, 0.5], lambda i: [fmpq(2), fmpq(-1)])
    (1, 1)
    """
    with ctx.workprec(_BALL_BITS):
        matrix = arb_mat([list(row) for row in balls])
        for rounded in roundings(direction):
            values = (matrix * arb_mat(len(rounded), 1, rounded)).entries()
            if any(value < 0 for value in values):
                continue
            open_rows = [i for i, value in enumerate(values) if not value > 0]
            if all(sign(_dot(exact_row(i), rounded)) > 0 for i in open_rows):
                return primitive(rounded)
    return None


def _rational_near(rows: Sequence[Sequence[Scalar]], direction: Sequence[Scalar]) -> tuple[fmpq, ...]:
    """Return a rational direction near an exact solution: near enough exists, the solutions form an open cone."""
    magnitudes = [entry if sign(entry) > 0 else -entry for entry in direction]
    largest = max(magnitudes, key=near_rational)
    unit = [entry / largest for entry in direction]
    bits = 8
    while True:
        rounded = [int((near_rational(entry, bits + 8) * (1 << bits)).floor()) for entry in unit]
        if all(sign(_dot(row, rounded)) > 0 for row in rows):
            return primitive(rounded)
        bits *= 2


def _dot(row: Sequence[Scalar], direction: Sequence[int]) -> Scalar:
    total: Scalar = fmpq(0)
    for entry, factor in zip(row, direction, strict=True):
        if factor:
            total = total + entry * factor
    return total
