"""Systems of linear inequalities over an ordered field: a solution, or the multipliers that exclude one.

Three theorems of the alternative, each a function that returns the one half that is true:

- Gordan: either ⟨a_i, d⟩ > 0 for all i has a solution d, or Σ λ_i a_i = 0 for some λ ≥ 0, λ ≠ 0
  (:func:`strict_feasibility`);
- its inhomogeneous form: either A x < b has a solution, or Aᵀλ = 0, ⟨λ, b⟩ ≤ 0 for some λ ≥ 0, λ ≠ 0
  (:func:`strict_inequalities`);
- Farkas: either Σ x_j column_j = target with x ≥ 0, or ⟨y, column_j⟩ ≥ 0 for all j and ⟨y, target⟩ < 0 for some y
  (:func:`nonnegative_solution`).

What is exact
-------------
Everything returned has been checked in exact arithmetic. Floats (a short simplex method of our own, or HiGHS for larger
problems) only propose: a direction, which is rounded to small integers and tested; or a set of columns, on which the
system is solved exactly and its signs read. What they get wrong, as for slacks near 2⁻⁶⁰, goes to the exact simplex
method, which starts from their last basis.

References
----------
A. Schrijver, *Theory of Linear and Integer Programming* (1986), sections 7.3 and 7.8.

Examples
--------
>>> strict_feasibility([(fmpq(1), fmpq(0)), (fmpq(-1), fmpq(2))])
StrictSolution(direction=(1, 1))
>>> strict_feasibility([(fmpq(1), fmpq(0)), (fmpq(-2), fmpq(0))])
GordanCertificate(multipliers={0: 2, 1: 1})
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from symflow.exact.alternatives import (
    FarkasCertificate,
    FarkasFunctional,
    GordanCertificate,
    NonnegativeSolution,
    StrictSolution,
)
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.farkas import SparseSystem, Vector
from symflow.exact.gordan_field import decide_in_the_field
from symflow.exact.gordan_rational import decide_rational
from symflow.exact.point_sets import rational_matrix
from symflow.exact.simplex import NO_BUDGET, Budget

__all__ = [
    "FarkasCertificate",
    "FarkasFunctional",
    "GordanCertificate",
    "NonnegativeSolution",
    "StrictSolution",
    "nonnegative_solution",
    "strict_feasibility",
    "strict_inequalities",
]


def strict_feasibility(
    rows: Sequence[Sequence[Scalar]],
    *,
    dimension: int = 0,
    heaviest: int | None = None,
    budget: Budget = NO_BUDGET,
) -> StrictSolution | GordanCertificate:
    """Find d with ⟨a_i, d⟩ > 0 for every row a_i, or λ ≥ 0, λ ≠ 0, with Σ λ_i a_i = 0.

    Parameters
    ----------
    rows : sequence of vectors
        Zero rows and repeated rows may occur.
    dimension : int
        The length of the direction returned where there is no row to tell it.
    heaviest : int, optional
        Of several certificates prefer one with much weight on this row: rows close to its negative, which exclude it
        for many other systems, too. Only a wish: small rational systems follow it.
    budget : Budget
        For the exact simplex method, should it be needed.

    Returns
    -------
    StrictSolution or GordanCertificate
        The direction is rational, nearly always of small integers. The multipliers are coprime integers where the rows
        are rational.

    Raises
    ------
    BudgetExceededError
        When the budget is spent before there is an answer.

    Examples
    --------
    >>> strict_feasibility([], dimension=2)
    StrictSolution(direction=(0, 0))
    >>> strict_feasibility([(fmpq(1), fmpq(1)), (fmpq(0), fmpq(0))])
    GordanCertificate(multipliers={1: 1})
    """
    if not rows:
        return StrictSolution((fmpq(0),) * dimension)
    matrix = rational_matrix(rows)
    if matrix is None:
        return decide_in_the_field(rows, budget)
    return decide_rational(matrix.numer_denom()[0], budget, heaviest=heaviest)


def strict_inequalities(
    a: Sequence[Sequence[fmpq]], b: Sequence[fmpq], *, dimension: int = 0, budget: Budget = NO_BUDGET
) -> StrictSolution | FarkasCertificate:
    """Find x with A x < b, or λ ≥ 0, λ ≠ 0, with Aᵀλ = 0 and ⟨λ, b⟩ ≤ 0.

    Notes
    -----
    With x = z/s: s > 0 and s b_i − ⟨a_i, z⟩ > 0, a homogeneous system in (z, s). Its Gordan multipliers are λ and, for
    the row s > 0, −⟨λ, b⟩.

    Examples
    --------
    >>> strict_inequalities([(fmpq(1),), (fmpq(-1),)], [fmpq(1), fmpq(0)])  # 0 < x < 1
    StrictSolution(direction=(1/2,))
    >>> strict_inequalities([(fmpq(1),), (fmpq(-1),)], [fmpq(0), fmpq(0)])  # x < 0 < x
    FarkasCertificate(multipliers={0: 1, 1: 1})
    """
    if not a:
        return StrictSolution((fmpq(0),) * dimension)
    width = len(a[0])
    rows = [(*(-entry for entry in row), bound) for row, bound in zip(a, b, strict=True)]
    answer = strict_feasibility([*rows, (fmpq(0),) * width + (fmpq(1),)], budget=budget)
    if isinstance(answer, StrictSolution):
        *z, s = answer.direction
        return StrictSolution(tuple(entry / s for entry in z))
    return FarkasCertificate({i: x for i, x in answer.multipliers.items() if i < len(rows) and isinstance(x, fmpq)})


def nonnegative_solution(
    columns: Sequence[Vector], target: Vector, *, budget: Budget = NO_BUDGET
) -> NonnegativeSolution | FarkasFunctional:
    """Find x ≥ 0 with Σ x_j column_j = target, or y with ⟨y, column_j⟩ ≥ 0 for all j and ⟨y, target⟩ < 0.

    Parameters
    ----------
    columns, target : vectors
        Sequences, or mappings from row names (such as monomials) to the entries that are not zero.
    budget : Budget
        For the exact simplex method, should it be needed.

    Raises
    ------
    BudgetExceededError
        When the budget is spent before there is an answer.

    Notes
    -----
    A row whose target is 0 and whose entries have one sign excludes every column with an entry there. That is applied
    again and again before any program is solved (for coefficients of polynomials it often decides alone), and y is
    extended to the excluded columns at the end.

    Examples
    --------
    (2, 1) lies in the cone of (1, 0) and (1, 1); (1, 2) does not:

    >>> columns = [(fmpq(1), fmpq(0)), (fmpq(1), fmpq(1))]
    >>> nonnegative_solution(columns, (fmpq(2), fmpq(1)))
    NonnegativeSolution(weights={0: 1, 1: 1})
    >>> nonnegative_solution(columns, (fmpq(1), fmpq(2)))
    FarkasFunctional(y={0: 1, 1: -1})
    """
    return SparseSystem(columns, target).decide(budget)
