"""The point of least Euclidean norm in the convex hull of finitely many points, exactly.

x is that point exactly if x is in the hull and ⟨x, p_j⟩ ≥ ⟨x, x⟩ for all j (the projection theorem; the points lie
beyond the hyperplane through x orthogonal to x). Both are checked here in exact arithmetic on whatever was found, so
how it was found does not matter.

Wolfe's method keeps an affinely independent part S of the points (a *corral*) and moves to the point of least norm in
the affine hull of S. With the Gram matrix G of S that point is Σ w_i p_i with

    (G + 1 1ᵀ) w = 1, then divided by Σ w_i,

and G + 1 1ᵀ is positive definite because S is affinely independent. If some w_i ≤ 0, S loses a point; else a point p_j
with ⟨x, p_j⟩ < ⟨x, x⟩ joins. The norm falls with each corral, so none comes twice, and the method ends. Rational points
are multiplied by a common denominator, and the method runs in integers.

Points with transcendental coordinates would make every step expensive. There the method runs on rational points
very near the given ones and says which points lie on the face of the answer; x is then the projection of the origin
to the affine hull of that face, computed once, from the reduced basis of its directions, which is rational for most
sets of gradients even where the points are not. The exact method over the field is left for what this does not prove.

References
----------
P. Wolfe, *Finding the nearest point in a polytope*, Math. Programming 11 (1976), 128–149.

Examples
--------
The segment from (1, 0) to (0, 2) is nearest to the origin at (4/5, 2/5):

>>> minimal_norm_point([(fmpq(1), fmpq(0)), (fmpq(0), fmpq(2))])
MinimalNorm(point=(4/5, 2/5), weights={0: 4/5, 1: 1/5}, squared_norm=4/5)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from symflow.exact.approximations import near_rational
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.membership import Member, membership
from symflow.exact.point_sets import Point, combination, dot, rational_matrix, reduced_basis
from symflow.exact.squared_length import squared_length

# Rational points this many bits near to transcendental ones find the face; inner products closer than half of it tie.
_NEAR_BITS = 160


@dataclass(frozen=True, slots=True)
class MinimalNorm:
    """The nearest point to the origin, with the proof that it is in the hull.

    Parameters
    ----------
    point : tuple of scalars
    weights : dict
        By index, those that are not zero: positive, of sum 1, and Σ weights[i] · p_i is the point.
    squared_norm : scalar
    """

    point: tuple[Scalar, ...]
    weights: dict[int, Scalar]
    squared_norm: Scalar


def minimal_norm_point(points: Sequence[Point]) -> MinimalNorm:
    """Return the point of the convex hull nearest to the origin.

    Parameters
    ----------
    points : sequence of points
        At least one; they may repeat.

    Notes
    -----
    For n points in dimension d the Gram matrix costs n²d products, each corral tried one exact solution of |S| ≤ d + 1
    equations.

    Examples
    --------
    >>> minimal_norm_point([(fmpq(-1), fmpq(1)), (fmpq(1), fmpq(1)), (fmpq(0), fmpq(3))]).point
    (0, 1)
    """
    if not points:
        raise ValueError("the hull of no points has no nearest point; give at least one")
    if len(points) == 1:  # no choice, and nothing to be checked
        return MinimalNorm(tuple(points[0]), {0: fmpq(1)}, squared_length(points[0]))
    matrix = rational_matrix(points)
    if matrix is None:
        return _in_the_field(points)
    weights: dict[int, Scalar] = {**_rational_weights(matrix)}
    point = combination(weights, points)
    return MinimalNorm(point, weights, dot(point, point))


def is_nearest(point: Point, points: Sequence[Point]) -> bool:
    """Return whether ⟨x, p⟩ ≥ ⟨x, x⟩ for x = `point` and every p: then no point of the hull is nearer to the origin.

    Examples
    --------
    >>> is_nearest((fmpq(0), fmpq(1)), [(fmpq(-1), fmpq(1)), (fmpq(0), fmpq(3))])
    True
    """
    squared_norm = dot(point, point)
    return all(sign(dot(point, other) - squared_norm) >= 0 for other in points)


def _rational_weights(points: fmpq_mat) -> dict[int, fmpq]:
    """Wolfe's method in integers; the weights it returns have passed the optimality check."""
    matrix = points.numer_denom()[0]
    gram: fmpz_mat = matrix * matrix.transpose()
    n_points = gram.nrows()
    entries: list[list[fmpz]] = gram.tolist()
    nearest = min(range(n_points), key=lambda i: entries[i][i])
    corral, weights = [nearest], [fmpz(1)]  # weights up to a positive factor
    while True:
        values = (fmpz_mat([weights]) * fmpz_mat([entries[i] for i in corral])).entries()  # ∝ ⟨x, p_j⟩
        total = sum(weights, start=fmpz(0))
        squared_norm = sum((w * values[i] for w, i in zip(weights, corral, strict=True)), start=fmpz(0))
        entering = min(range(n_points), key=values.__getitem__)
        if values[entering] * total >= squared_norm:
            return dict(sorted((i, fmpq(w, total)) for i, w in zip(corral, weights, strict=True)))
        corral, weights = _next_corral(entries, [*corral, entering], [*weights, fmpz(0)])


def _next_corral(gram: list[list[fmpz]], corral: list[int], weights: list[fmpz]) -> tuple[list[int], list[fmpz]]:
    """Walk towards the least norm in the affine hull, dropping the points at which the walk would leave the hull."""
    while True:
        target = _affine_minimiser(gram, corral)
        if all(w > 0 for w in target):
            return corral, target
        # x and the target as weights of the same sum; then x + θ (target − x), the largest θ that keeps weights ≥ 0.
        old_total, new_total = sum(weights, start=fmpz(0)), sum(target, start=fmpz(0))
        old = [w * new_total for w in weights]
        new = [w * old_total for w in target]
        theta = min(fmpq(a, a - b) for a, b in zip(old, new, strict=True) if b <= 0)
        p, q = theta.p, theta.q
        mixed = [a * (q - p) + b * p for a, b in zip(old, new, strict=True)]
        divisor = fmpz(0)
        for w in mixed:
            divisor = divisor.gcd(w)
        kept = [k for k, w in enumerate(mixed) if w > 0]
        corral, weights = [corral[k] for k in kept], [mixed[k] // divisor for k in kept]


def _affine_minimiser(gram: list[list[fmpz]], corral: list[int]) -> list[fmpz]:
    """Return weights, up to a positive factor, of the point of least norm of the affine hull of a corral."""
    system = fmpz_mat([[gram[i][j] + 1 for j in corral] for i in corral])
    solution: Any = system.solve(fmpz_mat(len(corral), 1, [1] * len(corral)))  # a matrix over ℚ
    weights: list[fmpz] = solution.numer_denom()[0].entries()
    return weights


def _in_the_field(points: Sequence[Point]) -> MinimalNorm:
    width = len(points[0])
    zero = (fmpq(0),) * width
    answer = membership(zero, points, shorten=False)
    if isinstance(answer, Member):
        return MinimalNorm(zero, answer.weights, fmpq(0))
    face = _face_of_the_answer(points)
    point = _projection_of_the_origin([points[i] for i in face])
    if is_nearest(point, points):
        answer = membership(point, [points[i] for i in face], shorten=False)
        if isinstance(answer, Member):
            weights = {face[k]: weight for k, weight in answer.weights.items()}
            return MinimalNorm(point, weights, dot(point, point))
    return _wolfe_in_the_field(points)


def _face_of_the_answer(points: Sequence[Point]) -> list[int]:
    """Return the points whose inner product with x is smallest, as far as very near rational points tell."""
    near = fmpq_mat([[near_rational(entry, _NEAR_BITS) for entry in point] for point in points])
    weights = _rational_weights(near)
    x = fmpq_mat(1, near.nrows(), [weights.get(i, fmpq(0)) for i in range(near.nrows())]) * near
    values = (near * x.transpose()).entries()
    squared_norm = (x * x.transpose())[0, 0]
    size = max(abs(entry) for entry in near.entries())
    gap = size * size / (fmpz(1) << (_NEAR_BITS // 2))
    return [i for i, value in enumerate(values) if value - squared_norm <= gap]


def _projection_of_the_origin(points: Sequence[Point]) -> tuple[Scalar, ...]:
    """Return the point nearest to the origin in the affine hull: p − Bᵀ(B Bᵀ)⁻¹ B p for a basis B of its directions."""
    first, *others = points
    basis = reduced_basis([[x - y for x, y in zip(other, first, strict=True)] for other in others])
    if not basis:
        return tuple(first)
    right = [dot(row, first) for row in basis]
    gram = [[dot(row, other) for other in basis] for row in basis]
    rational_gram = rational_matrix(gram)
    if rational_gram is not None:
        factors = [dot(row, right) for row in rational_gram.inv().tolist()]
    else:
        solved = reduced_basis([[*row, value] for row, value in zip(gram, right, strict=True)])
        factors = [row[-1] for row in solved]
    point: list[Scalar] = list(first)
    for factor, row in zip(factors, basis, strict=True):
        point = [x - factor * y for x, y in zip(point, row, strict=True)]
    return tuple(point)


def _wolfe_in_the_field(points: Sequence[Point]) -> MinimalNorm:
    """Wolfe's method with every operation in the field."""
    norms = [dot(p, p) for p in points]
    nearest = min(range(len(points)), key=norms.__getitem__)
    weights: dict[int, Scalar] = {nearest: fmpq(1)}
    while True:
        x = combination(weights, points)
        squared_norm = dot(x, x)
        values = [dot(x, p) for p in points]
        entering = min(range(len(points)), key=values.__getitem__)
        if values[entering] >= squared_norm:
            return MinimalNorm(x, dict(sorted(weights.items())), squared_norm)
        weights[entering] = fmpq(0)
        while True:
            corral = list(weights)
            rows = [[dot(points[i], points[j]) + 1 for j in corral] + [fmpq(1)] for i in corral]
            target = [row[-1] for row in reduced_basis(rows)]
            total = sum(target, start=fmpq(0))
            target = [w / total for w in target]
            if all(sign(w) > 0 for w in target):
                weights = dict(zip(corral, target, strict=True))
                break
            theta = min(weights[i] / (weights[i] - w) for i, w in zip(corral, target, strict=True) if sign(w) <= 0)
            mixed = {i: weights[i] + theta * (w - weights[i]) for i, w in zip(corral, target, strict=True)}
            weights = {i: w for i, w in mixed.items() if w != 0}
