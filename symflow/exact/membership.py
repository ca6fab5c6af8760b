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

from flint import fmpq, fmpq_mat

from symflow.exact.alternatives import GordanCertificate, StrictSolution
from symflow.exact.approximations import scaled_floats
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.field_hull import FieldHull
from symflow.exact.integer_multiples import primitive
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.point_sets import Point, dot, essential_coordinates, rational_matrix
from symflow.exact.simplex import NO_BUDGET, Budget

# Pairs of coordinates are tried while there are at most this many coordinates.
_MOST_COORDINATES = 16

_FLOAT_ZERO = 1e-12


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
    # Coordinates that are constant on the whole set, the point included, play no part.
    chosen = essential_coordinates([point, *points])
    everything = [tuple(p[k] for k in chosen) for p in (point, *points)]
    matrix = rational_matrix(everything)
    answer = _in_the_field(everything, budget) if matrix is None else _rational(matrix, budget)
    if isinstance(answer, GordanCertificate):
        total = sum(answer.multipliers.values(), start=fmpq(0))
        return Member({i: weight / total for i, weight in answer.multipliers.items()})
    functional = answer.direction
    if shorten:
        differences = [[x - y for x, y in zip(p, everything[0], strict=True)] for p in everything[1:]]
        functional = _simple_functional(differences) or _with_zeros(functional, differences)
    return Separated(_spread(functional, chosen, len(point)))


def _rational(matrix: fmpq_mat, budget: Budget) -> StrictSolution | GordanCertificate:
    first, *others = matrix.tolist()
    rows = [[x - y for x, y in zip(row, first, strict=True)] for row in others]
    return strict_feasibility(rows, budget=budget)


def _in_the_field(points: Sequence[Point], budget: Budget) -> StrictSolution | GordanCertificate:
    """Decide for the first point and the others."""
    hull, others = FieldHull(points), range(1, len(points))
    direction = hull.direction(0, others)
    if direction is not None:
        return StrictSolution(tuple(-x for x in direction))
    weights = hull.weights(0, others, budget=budget)
    if weights is not None:
        return GordanCertificate({i - 1: weight for i, weight in weights.items()})
    rows = [[x - y for x, y in zip(point, points[0], strict=True)] for point in points[1:]]
    return strict_feasibility(rows, budget=budget)


def _spread(functional: Sequence[fmpq], chosen: Sequence[int], width: int) -> tuple[fmpq, ...]:
    """Return the functional of the whole space: zero on the coordinates that were left out."""
    whole = [fmpq(0)] * width
    for k, entry in zip(chosen, functional, strict=True):
        whole[k] = entry
    return tuple(whole)


def _simple_functional(differences: Sequence[Sequence[Scalar]]) -> tuple[fmpq, ...] | None:
    """Return ±x_k or ±x_k ± x_l if one of these is positive on all the differences."""
    width = len(differences[0])
    if width > _MOST_COORDINATES:
        return None
    columns = list(zip(*(scaled_floats(row) for row in differences), strict=True))
    for candidate in _simple_candidates(width):
        # Floats refute most candidates; what they let pass is proved or not.
        if len(candidate) == 1:
            ((k, a),) = candidate
            hopeful = min(a * x for x in columns[k]) > -_FLOAT_ZERO
        else:
            (k, a), (m, b) = candidate
            hopeful = all(a * x + b * y > -_FLOAT_ZERO for x, y in zip(columns[k], columns[m], strict=True))
        if hopeful and all(sign(_value(candidate, row)) > 0 for row in differences):
            factors = dict(candidate)
            return tuple(fmpq(factors.get(k, 0)) for k in range(width))
    return None


def _value(candidate: Sequence[tuple[int, int]], row: Sequence[Scalar]) -> Scalar:
    return sum((row[k] if factor > 0 else -row[k] for k, factor in candidate), start=fmpq(0))


def _simple_candidates(width: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for k in range(width):
        for a in (1, -1):
            yield ((k, a),)
    for k in range(width):
        for m in range(k + 1, width):
            for a in (1, -1):
                for b in (1, -1):
                    yield ((k, a), (m, b))


def _with_zeros(functional: Sequence[fmpq], differences: Sequence[Sequence[Scalar]]) -> tuple[fmpq, ...]:
    """Return the functional with those entries set to zero that it can do without, the smallest first."""
    kept = list(functional)
    values = [dot(kept, row) for row in differences]
    for k in sorted(range(len(kept)), key=lambda k: abs(kept[k])):
        entry = kept[k]
        if entry == 0:
            continue
        without = [value - entry * row[k] for value, row in zip(values, differences, strict=True)]
        if all(sign(value) > 0 for value in without):
            kept[k], values = fmpq(0), without
    return primitive(kept)
