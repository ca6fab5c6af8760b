"""Is a point in the convex hull of finitely many others? Weights if it is, a separating functional if not.

    either  point = Σ λ_i p_i  with λ ≥ 0, Σ λ_i = 1,   or  ⟨u, point⟩ < ⟨u, p_i⟩ for all i and some u.

It is Gordan's alternative (:func:`symflow.exact.linear_program.strict_feasibility`) for the vectors p_i − point. The
functional is rational always, since the functionals that separate strictly form an open cone. It is what a reader is
shown as the reason, so a short one is looked for: a coordinate, a sum or difference of two, else the one found by the
linear program with as many coordinates left out as can be.

Examples
--------
>>> square = [(fmpq(0), fmpq(0)), (fmpq(1), fmpq(0)), (fmpq(0), fmpq(1)), (fmpq(1), fmpq(1))]
>>> membership((fmpq(1, 2), fmpq(1, 4)), square)
Member(weights={0: 1/4, 1: 1/2, 2: 1/4})
>>> membership((fmpq(2), fmpq(1, 4)), square)
Separated(functional=(-1, 0))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flint import fmpq

from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.point_sets import Point, essential_coordinates
from symflow.exact.simplex import NO_BUDGET, Budget

# Pairs of coordinates are tried while there are at most this many coordinates.
_MOST_COORDINATES = 16


@dataclass(frozen=True, slots=True)
class Member:
    """The weights that are not zero, by index: positive, of sum 1."""

    weights: dict[int, Scalar]


@dataclass(frozen=True, slots=True)
class Separated:
    """A functional u, in coprime integers, with ⟨u, point⟩ < ⟨u, p⟩ for every p of the set."""

    functional: tuple[fmpq, ...]


def membership(
    point: Point, points: Sequence[Point], *, shorten: bool = True, budget: Budget = NO_BUDGET
) -> Member | Separated:
    """Decide whether `point` lies in the convex hull of `points`.

    Parameters
    ----------
    point : sequence of scalars
    points : sequence of points
        Points may repeat. The hull of none is empty: the functional is then zero.
    shorten : bool
        Whether to spend time on a short functional.
    budget : Budget
        For the exact simplex method, should it be needed.

    Examples
    --------
    >>> membership((fmpq(1), fmpq(2)), [(fmpq(1), fmpq(2))])
    Member(weights={0: 1})
    >>> membership((fmpq(0), fmpq(0)), [(fmpq(3), fmpq(-1)), (fmpq(-1), fmpq(3))])
    Separated(functional=(1, 1))
    """
    if not points:
        return Separated((fmpq(0),) * len(point))
    # Coordinates constant on the whole set, the point included, play no part; where the point alone differs, some
    # coordinate tells.
    chosen = essential_coordinates([point, *points])
    differences = [tuple(p[k] - point[k] for k in chosen) for p in points]
    if shorten:
        simple = _simple_functional(differences)
        if simple is not None:
            return Separated(_spread(simple, chosen, len(point)))
    answer = strict_feasibility(differences, dimension=len(chosen), budget=budget)
    if isinstance(answer, StrictSolution):
        functional = list(answer.direction)
        if shorten:
            functional = _with_zeros(functional, differences)
        return Separated(_spread(functional, chosen, len(point)))
    total = sum(answer.multipliers.values(), start=fmpq(0))
    return Member({i: weight / total for i, weight in answer.multipliers.items()})


def _spread(functional: Sequence[fmpq], chosen: Sequence[int], width: int) -> tuple[fmpq, ...]:
    """Return the functional of the whole space: zero on the coordinates that were left out."""
    whole = [fmpq(0)] * width
    for k, entry in zip(chosen, functional, strict=True):
        whole[k] = entry
    return tuple(whole)


def _simple_functional(differences: Sequence[Sequence[Scalar]]) -> list[fmpq] | None:
    """Return ±x_k or ±x_k ± x_l if one of these is positive on all the differences."""
    width = len(differences[0])
    if width > _MOST_COORDINATES:
        return None
    # The last vector that refuted a candidate is asked first: most candidates fall at the first question.
    order = list(range(len(differences)))
    for candidate in _simple_candidates(width):
        for place, i in enumerate(order):
            value: Scalar = fmpq(0)
            for k, factor in candidate:
                value = value + differences[i][k] if factor > 0 else value - differences[i][k]
            if sign(value) <= 0:
                order.insert(0, order.pop(place))
                break
        else:
            functional = [fmpq(0)] * width
            for k, factor in candidate:
                functional[k] = fmpq(factor)
            return functional
    return None


def _simple_candidates(width: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for k in range(width):
        for a in (1, -1):
            yield ((k, a),)
    for k in range(width):
        for m in range(k + 1, width):
            for a in (1, -1):
                for b in (1, -1):
                    yield ((k, a), (m, b))


def _with_zeros(functional: list[fmpq], differences: Sequence[Sequence[Scalar]]) -> list[fmpq]:
    """Return the functional with those entries set to zero that it can do without, the smallest first."""
    values = [
        sum((a * b for a, b in zip(functional, row, strict=True) if a != 0), start=fmpq(0)) for row in differences
    ]
    for k in sorted(range(len(functional)), key=lambda k: abs(functional[k])):
        entry = functional[k]
        if entry == 0:
            continue
        without = []
        for value, row in zip(values, differences, strict=True):
            rest = value - entry * row[k]
            if sign(rest) <= 0:
                break
            without.append(rest)
        else:
            values = without
            functional = [fmpq(0) if m == k else x for m, x in enumerate(functional)]
    content = fmpq(0)
    for entry in functional:
        content = content.gcd(entry)
    return [entry / content for entry in functional]
