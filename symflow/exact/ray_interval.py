"""The part of a line that lies in a convex hull: a closed interval of the parameter, its ends exact.

For start + t·direction = Σ λ_i p_i one coordinate k with direction_k ≠ 0 gives t = Σ λ_i τ_i with
τ_i = (p_i − start)_k / direction_k, and the others say Σ λ_i q_i = 0 for the vectors q_i = p_i − start − τ_i direction.
The ends of the interval are the least and the greatest value of Σ λ_i τ_i over {λ ≥ 0, Σ λ_i = 1, Σ λ_i q_i = 0}: two
linear programs over the field, which floats start near their last basis.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from symflow.exact.approximations import scaled_floats
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.point_sets import Point, essential_coordinates
from symflow.exact.simplex import NO_BUDGET, Budget, Table, dual_simplex, minimise

_FLOAT_ZERO = 1e-9


def ray_interval(
    start: Point, direction: Point, points: Sequence[Point], *, budget: Budget = NO_BUDGET
) -> tuple[Scalar, Scalar] | None:
    """Return the least and the greatest t with start + t·direction in the hull of `points`; None if there is none.

    Parameters
    ----------
    start, direction : vectors of scalars
        The direction is not zero.
    points : sequence of points

    Raises
    ------
    ValueError
        If the direction is zero.

    Examples
    --------
    >>> triangle = [(fmpq(0), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(0), fmpq(2))]
    >>> ray_interval((fmpq(0), fmpq(1, 2)), (fmpq(1), fmpq(0)), triangle)
    (0, 3/2)
    >>> ray_interval((fmpq(0), fmpq(3)), (fmpq(1), fmpq(0)), triangle) is None
    True
    """
    pivot = next((k for k, entry in enumerate(direction) if entry != 0), None)
    if pivot is None:
        raise ValueError("the direction is zero; give one that is not")
    if not points:
        return None
    parameters: list[Scalar] = []
    rests: list[tuple[Scalar, ...]] = []
    for point in points:
        difference = [x - y for x, y in zip(point, start, strict=True)]
        parameter = difference[pivot] / direction[pivot]
        parameters.append(parameter)
        rests.append(tuple(x - parameter * y for x, y in zip(difference, direction, strict=True)))
    chosen = essential_coordinates([(fmpq(0),) * len(start), *rests])
    columns = [[*(rest[k] for k in chosen), fmpq(1)] for rest in rests]
    least = _least(columns, parameters, budget)
    if least is None:
        return None
    negative = _least(columns, [-parameter for parameter in parameters], budget)
    assert negative is not None  # feasible as before
    return least, -negative


def _least(columns: list[list[Scalar]], costs: list[Scalar], budget: Budget) -> Scalar | None:
    n_columns, n_rows = len(columns), len(columns[0])
    target = [fmpq(0)] * (n_rows - 1) + [fmpq(1)]
    exact: Table = [[column[i] for column in columns] + [target[i]] for i in range(n_rows)]
    order = _float_basis(columns, costs)
    ending = dual_simplex(exact, n_columns, order=order, budget=budget)
    if ending.violated is not None:
        return None
    ending = minimise(exact, ending, n_columns, costs, budget=budget)
    value: Scalar = fmpq(0)
    for i, j in enumerate(ending.basis):
        if j < n_columns:
            value = value + costs[j] * exact[i][-1]
    return value


def _float_basis(columns: list[list[Scalar]], costs: list[Scalar]) -> list[int]:
    """Return the columns of the basis that a float simplex method ends with."""
    n_columns = len(columns)
    table: Table = []
    for i in range(len(columns[0]) - 1):
        table.append([*scaled_floats([column[i] for column in columns]), 0.0])
    table.append([1.0] * (n_columns + 1))
    ending = dual_simplex(table, n_columns, tolerance=_FLOAT_ZERO)
    if ending.violated is None:
        ending = minimise(table, ending, n_columns, scaled_floats(costs), tolerance=_FLOAT_ZERO)
    return [j for j in ending.basis if j < n_columns]
