"""Whitney numbers of hyperplanes by deletion and restriction, on integer rows.

A *row* (a, b) is the hyperplane ⟨a, x⟩ + b = 0 of ℝ^d, a ≠ 0: coprime integers, the leading one positive. For distinct
rows let π(s) = Σ W_k s^k, where W_k = Σ |μ(X)| over the flats X of codimension k, the non-empty intersections of
hyperplanes, and μ is the Möbius function of the lattice of flats (Whitney 1932). There are π(1) cells (Zaslavsky 1975).

Put the hyperplanes in one after the other. H_i splits those cells which it meets, and they are as many as the cells
that H_1 .. H_{i-1} make on H_i; the same holds for π:

    π(H_1 .. H_n; s) = π(H_1 .. H_p; s) + s Σ_{i>p} π(H_1 ∩ H_i, .., H_{i-1} ∩ H_i; s).

Four things make this fast.

1. If H_1 .. H_p have independent normal vectors, π(H_1 .. H_p; s) = (1 + s)^p at once.
2. On a line n points make 1 + n s; in the plane n lines make 1 + n s + Σ (lines through the point - 1) s², the sum over
   the points where lines meet.
3. A restriction is written in coordinates that depend on the flat alone: the many ways of reaching a flat, and flats
   on which the others look alike, are one entry of a dictionary with its multiplicity.
4. If all hyperplanes have a point in common, π = (1 + s) π', where π' belongs to the section by a plane parallel to one
   of them (the *decone*): one dimension and one hyperplane less.

The work is that of the flats of dimension 2 and the points on them: about C(n, d) small steps for n hyperplanes in
general position, far less in a degenerate arrangement.

Examples
--------
The sides of a triangle: π = 1 + 3s + 3s².

>>> whitney_numbers({((1, 0, 0), (0, 1, 0), (1, 1, -1)): 1}, dimension=2)
[1, 3, 3]

References
----------
H. Whitney, *A logical expansion in mathematics*, Bull. AMS 38 (1932). T. Zaslavsky, *Facing up to arrangements*,
Memoirs AMS 154 (1975). R. Stanley, *An introduction to hyperplane arrangements* (2007), lecture 2.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from symflow.errors import BudgetExceededError
from symflow.exact.simplex import NO_BUDGET, Budget

Row: TypeAlias = tuple[int, ...]

# So many restrictions are collected before they are counted: enough to find equal ones, not too many for the memory.
_MOST_COLLECTED = 30_000

# Independence is shown by a minor that is not 0, hence by one that is not 0 modulo a prime.
_PRIME = 2**61 - 1


def whitney_numbers(states: Mapping[tuple[Row, ...], int], dimension: int, *, budget: Budget = NO_BUDGET) -> list[int]:
    """Return the coefficients of 1, s, .., s^d in Σ times · π(rows; s).

    Parameters
    ----------
    states : mapping from tuples of Row to int
        Families of distinct hyperplanes, each with the number of times that it counts.
    dimension : int
        d.
    budget : Budget
        Only its deadline matters.

    Raises
    ------
    BudgetExceededError
        If the deadline has passed.

    Examples
    --------
    Two points and three points on a line, the latter twice.

    >>> whitney_numbers({((1, 0), (1, -1)): 1, ((1, 0), (1, -1), (1, -2)): 2}, dimension=1)
    [3, 8]
    """
    if dimension == 0:
        return [sum(states.values())]
    if dimension == 1:
        return [sum(states.values()), sum(len(rows) * times for rows, times in states.items())]
    if dimension == 2:
        return _numbers_of_lines(states)
    total = [0] * (dimension + 1)
    inside: Counter[tuple[Row, ...]] = Counter()
    for rows, times in states.items():
        check(budget)
        n_independent = independent_prefix(rows)
        for k in range(n_independent + 1):
            total[k] += times * math.comb(n_independent, k)
        for i in range(n_independent, len(rows)):
            inside[restricted(rows[:i], rows[i])] += times
        if len(inside) > _MOST_COLLECTED:
            _add_shifted(total, whitney_numbers(inside, dimension - 1, budget=budget))
            inside.clear()
    if inside:
        _add_shifted(total, whitney_numbers(inside, dimension - 1, budget=budget))
    return total


def restricted(rows: Sequence[Row], onto: Row) -> tuple[Row, ...]:
    """Return the distinct traces of hyperplanes on another one, those that are parallel to it left out.

    The leading coordinate of `onto` is eliminated. So on a flat that is reached step by step those coordinates are
    left in which no echelon form of its equations leads, and the traces are the same however it is reached. They
    stand in the order of the first hyperplanes that make them.

    Examples
    --------
    On x + y = 1 the axes make the points y = 1 and y = 0; x + y = 0 does not meet it.

    >>> restricted([(1, 0, 0), (0, 1, 0), (1, 1, 0)], (1, 1, -1))
    ((1, -1), (1, 0))
    """
    k = next(i for i, entry in enumerate(onto) if entry)
    p = onto[k]
    tail = onto[k + 1 :]
    traces: dict[Row, None] = {}
    for row in rows:
        q = row[k]
        if q:
            trace = [p * entry for entry in row[:k]]  # `onto` has zeros there
            trace += [p * entry - q * other for entry, other in zip(row[k + 1 :], tail, strict=True)]
            if any(trace[:-1]):
                traces[primitive(trace)] = None
        else:  # without that coordinate it is primitive still
            traces[row[:k] + row[k + 1 :]] = None
    return tuple(traces)


def decone(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return what hyperplanes with a common point make on a plane parallel to the first one.

    Only their normal vectors h matter. On h_1 = 1 the coordinate x_k in which h_1 leads is (1 - Σ h_1[c] x_c) / h_1[k].

    Examples
    --------
    Three lines through 0, on the line x = 1.

    >>> decone([(1, 0, 0), (0, 1, 0), (1, 1, 0)])
    ((1, 0), (1, 1))
    """
    first = rows[0][:-1]
    k = next(i for i, entry in enumerate(first) if entry)
    p = first[k]
    section = []
    for row in rows[1:]:
        q = row[k]
        trace = [p * entry - q * other for entry, other in zip(row[:-1], first, strict=True)]
        section.append(primitive([*trace[:k], *trace[k + 1 :], q]))
    return tuple(section)


def independent_prefix(rows: Sequence[Row]) -> int:
    """Return a number p such that the first p normal vectors are independent.

    It is the largest one unless a large prime divides some minor; that costs time, and changes no count.

    Examples
    --------
    >>> independent_prefix([(1, 0, 0), (1, 1, 0), (0, 1, -1)])
    2
    """
    pivots: list[tuple[int, list[int]]] = []
    for count, row in enumerate(rows):
        left = [entry % _PRIME for entry in row[:-1]]
        for column, pivot in pivots:
            q = left[column]
            if q:
                p = pivot[column]
                left = [(p * entry - q * other) % _PRIME for entry, other in zip(left, pivot, strict=True)]
        leading = next((column for column, entry in enumerate(left) if entry), None)
        if leading is None:
            return count
        pivots.append((leading, left))
    return len(rows)


def primitive(row: Sequence[int]) -> Row:
    """Return the multiple of a vector, not zero, with coprime entries, the leading one positive.

    Examples
    --------
    >>> primitive([0, -4, 6])
    (0, 2, -3)
    """
    divisor = math.gcd(*row)
    if next(entry for entry in row if entry) < 0:
        divisor = -divisor
    return tuple(row) if divisor == 1 else tuple([entry // divisor for entry in row])


def check(budget: Budget) -> None:
    """Raise :class:`BudgetExceededError` if the deadline has passed."""
    if budget.deadline is not None and time.monotonic() > budget.deadline:
        raise BudgetExceededError("the count of cells was stopped by its deadline")


def _numbers_of_lines(states: Mapping[tuple[Row, ...], int]) -> list[int]:
    """Return what :func:`whitney_numbers` does, in the plane."""
    total = [0, 0, 0]
    for rows, times in states.items():
        total[0] += times
        total[1] += times * len(rows)
        # Of the lines through a point all but the first meet an earlier one there.
        total[2] += times * sum(_n_points(rows[:i], rows[i]) for i in range(1, len(rows)))
    return total


def _n_points(lines: Sequence[Row], line: Row) -> int:
    """Return in how many points a line of the plane meets some others."""
    points = set()
    a, b, c = line
    for u, v, w in lines:
        q = a * v - u * b
        if q:
            # The point has y = -p/q; on a level of y, a = 0, it has x = p/q.
            p = a * w - u * c if a else b * w - v * c
            g = math.gcd(p, q) if q > 0 else -math.gcd(p, q)
            points.add((p // g, q // g))
    return len(points)


def _add_shifted(total: list[int], numbers: Sequence[int]) -> None:
    """Add s times a polynomial."""
    for k, number in enumerate(numbers, start=1):
        total[k] += number
