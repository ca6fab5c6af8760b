"""The Taylor series of a solution, coefficient by coefficient, in fixed-point integers.

With the coefficients of the state up to order k, one run through the tape gives those of every register up to k, and
those of the derivatives give order k + 1 of the state (the recurrences of automatic differentiation: for e = e^m,
k e_k = sum_j j m_j e_{k-j}; for s = 1/(1+e^m), s' = -m' (s - s²); for softmin weights p_i' = p_i (sum_j p_j m_j' -
m_i')). Time is scaled by the expected step σ, so that coefficients neither grow nor sink below the last bit: the k-th
one here is c_k σ^k, in units of 2^-bits.

A coefficient of a product is one sum of products of integers and one shift; it is off by at most one unit in the last
place, plus what its factors are off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import repeat
from math import lcm
from operator import mul
from types import MappingProxyType
from typing import assert_never

from symflow.exact.balls import arb, ball_precision
from symflow.exact.rationals import fmpq
from symflow.flows.fixed_point import exponential, fixed, rounded, to_ball
from symflow.flows.tape import Combination, Exp, Logistic, Mixture, Products, Softmin, State, Tape

Series = list[int]
Step = Callable[[int], None]


def taylor_series(
    tape: Tape,
    start: Mapping[int, int],
    *,
    bits: int,
    scale: int,
    scale_bits: int,
    order: int,
    numbers: Mapping[tuple[int, int], int] = MappingProxyType({}),
) -> list[Series]:
    """Return the series of every register of a tape along the solution from `start`.

    Parameters
    ----------
    tape : Tape
        The field.
    start : mapping
        Value of each state by its name, fixed-point.
    bits : int
        Fractional bits of everything.
    scale, scale_bits : int
        σ = scale / 2^scale_bits.
    order : int
        Of the last coefficient of the states.
    numbers : mapping
        The numbers of the tape's mixtures, fixed-point.

    Returns
    -------
    list of list of int
        The scaled coefficients c_0, c_1 σ, c_2 σ², .. of each register: order + 1 of a state, order of all else.

    Examples
    --------
    x' = -x from 1, with σ = 1: the coefficients of e^(-t).

    >>> tape = Tape()
    >>> x = tape.state(0)
    >>> tape.set_derivative(x, tape.combine([(fmpq(-1), x)]))
    >>> series = taylor_series(tape, {0: 1 << 20}, bits=20, scale=1, scale_bits=0, order=4)
    >>> [round(c / 2**20, 4) for c in series[x]]
    [1.0, -1.0, 0.5, -0.1667, 0.0417]
    """
    series: list[Series] = [[] for _ in tape.instructions]
    live = tape.live()
    steps: list[Step] = []
    for register, instruction in enumerate(tape.instructions):
        if not live[register]:
            continue
        match instruction:
            case State(name):
                series[register].append(start[name])
            case Combination():
                steps.append(_combination(series, register, instruction, bits))
            case Mixture(terms):
                columns = [(numbers[name], series[r]) for name, r in terms]
                steps.append(_mixture(series[register], columns, bits))
            case Products(pairs):
                steps.append(_products(series[register], [(series[a], series[b]) for a, b in pairs], bits))
            case Exp(exponent):
                steps.append(_exponential(series[register], series[exponent], bits))
            case Logistic(margin):
                steps.append(_logistic(series[register], series[margin], bits))
            case Softmin(margins, place):
                first = register - place
                if not any(live[first:register]):  # the first of them that is wanted makes the series of all
                    weights = [series[first + other] for other in range(len(margins))]
                    steps.append(_softmin(weights, [series[m] for m in margins], bits))
            case _:
                assert_never(instruction)
    pushes = [
        (series[state].append, *_slope(tape.multiple(derivative), series, bits, order, scale))
        for state, derivative in tape.derivatives.items()
    ]
    for k in range(order):
        for step in steps:
            step(k)
        for push, slope, factor, divisor in pushes:  # a shift and a short divisor: faster than one long division
            push((slope[k] * factor >> scale_bits) // (divisor * (k + 1)))
    return series


def _slope(
    multiple: tuple[fmpq, int | None], series: list[Series], bits: int, order: int, scale: int
) -> tuple[Series, int, int]:
    """Return a column and the factor and divisor that make it a derivative times σ 2^scale_bits."""
    factor, register = multiple
    if register is None:
        return [fixed(factor, bits), *repeat(0, order - 1)], scale, 1
    return series[register], scale * int(factor.p), int(factor.q)


def _combination(series: list[Series], register: int, instruction: Combination, bits: int) -> Step:
    """Constant + Σ p_i/q r_i: one integer combination and one division."""
    append = series[register].append
    constant = fixed(instruction.constant, bits)
    denominator = lcm(*(int(factor.q) for factor, _ in instruction.terms))
    numerators = [int(factor.p) * (denominator // int(factor.q)) for factor, _ in instruction.terms]
    columns = [series[r] for _, r in instruction.terms]

    if len(columns) == 1 and denominator == 1 and constant == 0:
        (n,), (column,) = numerators, columns

        def one(k: int) -> None:
            append(n * column[k])

        return one
    if len(columns) == 2 and constant == 0:
        (n, m), (left, right) = numerators, columns

        def two(k: int) -> None:
            append((n * left[k] + m * right[k]) // denominator)

        return two

    def combine(k: int) -> None:
        total = sum([n * column[k] for n, column in zip(numerators, columns, strict=True)]) // denominator
        append(total + constant if k == 0 else total)

    return combine


def _mixture(out: Series, columns: list[tuple[int, Series]], bits: int) -> Step:
    append = out.append

    def mix(k: int) -> None:
        append(sum([number * column[k] for number, column in columns]) >> bits)

    return mix


def _products(out: Series, pairs: list[tuple[Series, Series]], bits: int) -> Step:
    append = out.append
    if len(pairs) == 1:
        ((a, b),) = pairs

        def one(k: int) -> None:
            append(sum(map(mul, a, reversed(b))) >> bits)

        return one
    if len(pairs) == 2:
        (a, b), (c, d) = pairs

        def two(k: int) -> None:
            append(sum(map(mul, c, reversed(d)), sum(map(mul, a, reversed(b)))) >> bits)

        return two

    def many(k: int) -> None:
        total = 0
        for left, right in pairs:
            total = sum(map(mul, left, reversed(right)), total)
        append(total >> bits)

    return many


def _exponential(out: Series, exponent: Series, bits: int) -> Step:
    append = out.append
    slopes: Series = []  # j m_j for j = 1 .. k

    def step(k: int) -> None:
        if k == 0:
            append(exponential(exponent[0], bits))
            return
        slopes.append(k * exponent[k])
        append((sum(map(mul, slopes, reversed(out))) >> bits) // k)

    return step


def _logistic(out: Series, margin: Series, bits: int) -> Step:
    append = out.append
    slopes: Series = []  # -j m_j for j = 1 .. k
    variances: Series = []  # s - s²

    def step(k: int) -> None:
        if k == 0:
            with ball_precision(bits + 40):
                append(rounded(1 / (1 + to_ball(margin[0], bits).exp()), bits))
        else:
            slopes.append(-k * margin[k])
            append((sum(map(mul, slopes, reversed(variances))) >> bits) // k)
        variances.append(out[k] - (sum(map(mul, out, reversed(out))) >> bits))

    return step


def _softmin(outs: list[Series], margins: list[Series], bits: int) -> Step:
    slopes: list[Series] = [[] for _ in margins]  # j m_ij for j = 1 .. k
    drifts: list[Series] = [[] for _ in margins]  # sum_l p_l (j m_lj) - j m_ij

    def step(k: int) -> None:
        if k == 0:
            with ball_precision(bits + 40):
                least = min(m[0] for m in margins)
                weights = [to_ball(least - m[0], bits).exp() for m in margins]
                total = sum(weights, arb(0))
                for out, weight in zip(outs, weights, strict=True):
                    out.append(rounded(weight / total, bits))
            return
        mean = 0
        for slope, margin, out in zip(slopes, margins, outs, strict=True):
            slope.append(k * margin[k])
            mean = sum(map(mul, slope, reversed(out)), mean)
        mean >>= bits
        for out, slope, drift in zip(outs, slopes, drifts, strict=True):
            drift.append(mean - slope[-1])
            out.append((sum(map(mul, drift, reversed(out))) >> bits) // k)

    return step
