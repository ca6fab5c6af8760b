"""Time of the exact linear programs, hulls and nearest points beside plain methods, in one run on one machine.

Run ``python -m tests.benchmarks.bench_exact`` from the root. Each line: the case, our median, the baseline's median,
their ratio, and the goal. The baselines: a textbook simplex method over ``fractions.Fraction``; one float HiGHS program
without certificate; one exact program a point, for extreme points; Wolfe's method over numpy floats. Every answer of
ours is exact; the float baselines prove nothing.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

from flint import fmpq

from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.extreme_points import extreme_points
from symflow.exact.linear_program import (
    GordanCertificate,
    NonnegativeSolution,
    StrictSolution,
    nonnegative_solution,
    strict_feasibility,
)
from symflow.exact.membership import membership
from symflow.exact.minimal_norm import minimal_norm_point

Points = list[tuple[fmpq, ...]]


def main() -> None:
    """Print the table."""
    print(f"{'case':44} {'ours':>10} {'baseline':>10} {'ratio':>7}  baseline is; goal")
    warm_up()
    for n_rows, width, goal in ((6, 2, ""), (10, 3, ""), (20, 5, "0.6 ms"), (40, 10, "1.5 ms")):
        for feasible in (True, False):
            strict_case(n_rows, width, feasible=feasible, goal=goal)
    for n_points, width, goal in ((8, 8, "0.6 ms"), (64, 12, "15 ms")):
        nearest_case(n_points, width, goal)
    for n_points, width, goal in ((18, 2, ""), (30, 5, ""), (60, 10, "120 ms")):
        extreme_case(n_points, width, goal)
    for n_rows, n_columns in ((60, 600), (200, 2000)):
        for feasible in (True, False):
            sparse_case(n_rows, n_columns, feasible=feasible)
    transcendental_case()


def warm_up() -> None:
    """Import what is imported on first use, and make the solver object."""
    rng = random.Random(0)
    strict_feasibility(random_points(rng, 40, 10))
    float_highs([[1.0, 0.0], [0.0, 1.0]])


def median_seconds(call: Callable[[], object], *, seconds: float = 0.3) -> float:
    """Return the median time of at least three calls that together take about `seconds`."""
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 200):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def show(case: str, ours: float, baseline: float, what: str, goal: str) -> None:
    """Print one line."""
    aim = f"; goal {goal}" if goal else ""
    print(f"{case:44} {ours * 1e3:7.2f} ms {baseline * 1e3:7.2f} ms {baseline / ours:6.1f}x  {what}{aim}")


def random_points(rng: random.Random, n_points: int, width: int) -> Points:
    """Return integer points of at most one digit."""
    return [tuple(fmpq(rng.randint(-9, 9)) for _ in range(width)) for _ in range(n_points)]


def strict_case(n_rows: int, width: int, *, feasible: bool, goal: str) -> None:
    """Time one strict system, with a direction hidden in it or a vanishing combination."""
    rng = random.Random(n_rows + width)
    rows = random_points(rng, n_rows, width)
    if feasible:
        hidden = [rng.gauss(0, 1) for _ in range(width)]
        rows = [
            r if sum(float(x) * y for x, y in zip(r, hidden, strict=True)) > 0 else tuple(-x for x in r) for r in rows
        ]
    else:
        rows[-1] = tuple(-sum((r[k] for r in rows[:width]), start=fmpq(0)) for k in range(width))
    assert isinstance(strict_feasibility(rows), StrictSolution if feasible else GordanCertificate)
    case = f"strict system {n_rows} x {width}, {'feasible' if feasible else 'infeasible'}"
    ours = median_seconds(lambda: strict_feasibility(rows))
    fractions = [[Fraction(int(x.p), int(x.q)) for x in row] for row in rows]
    show(case, ours, median_seconds(lambda: fraction_simplex(fractions)), "simplex over Fraction", goal)
    floats = [[float(x) for x in row] for row in rows]
    show("", ours, median_seconds(lambda: float_highs(floats)), "HiGHS, floats only", "")


def fraction_simplex(rows: list[list[Fraction]]) -> bool:
    """Decide Σ λ_i a_i = 0, Σ λ_i = 1, λ ≥ 0 by the two-phase method with Bland's rule; True if a direction exists."""
    width, n = len(rows[0]), len(rows)
    table = [[row[k] for row in rows] + [Fraction(0)] for k in range(width)] + [[Fraction(1)] * (n + 1)]
    basis = [n + i for i in range(width + 1)]
    cost = [-sum(row[j] for row in table) for j in range(n + 1)]
    while True:
        entering = next((j for j in range(n) if cost[j] < 0), None)
        if entering is None:
            return cost[-1] != 0
        ratios = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(table) if row[entering] > 0]
        leaving = min(ratios)[2]
        divisor = table[leaving][entering]
        table[leaving] = [x / divisor for x in table[leaving]]
        for i, row in enumerate(table):
            if i != leaving and row[entering]:
                factor = row[entering]
                table[i] = [x - factor * y for x, y in zip(row, table[leaving], strict=True)]
        factor = cost[entering]
        cost = [x - factor * y for x, y in zip(cost, table[leaving], strict=True)]
        basis[leaving] = entering


def float_highs(rows: list[list[float]]) -> bool:
    """Solve the widest-direction program and believe the float."""
    from symflow.exact.highs_finder import widest_direction

    guess = widest_direction(rows)
    return guess is not None and guess.solved


def nearest_case(n_points: int, width: int, goal: str) -> None:
    """Time one nearest point, the set moved away from the origin."""
    rng = random.Random(n_points)
    points = [tuple(x + 3 for x in p) for p in random_points(rng, n_points, width)]
    ours = median_seconds(lambda: minimal_norm_point(points))
    show(
        f"nearest point of {n_points} in dim {width}",
        ours,
        median_seconds(lambda: float_wolfe(points)),
        "Wolfe, numpy",
        goal,
    )


def float_wolfe(points: Points) -> object:
    """Wolfe's method over floats."""
    import numpy as np

    p = np.array([[float(x) for x in point] for point in points])
    corral = [int(np.argmin((p * p).sum(axis=1)))]
    weights = np.array([1.0])
    for _ in range(1000):
        x = weights @ p[corral]
        values = p @ x
        entering = int(np.argmin(values))
        if values[entering] >= x @ x - 1e-10 * (1 + x @ x) or entering in corral:
            return x
        corral.append(entering)
        weights = np.append(weights, 0.0)
        while True:
            s = p[corral]
            target = np.linalg.solve(s @ s.T + 1, np.ones(len(corral)))
            target /= target.sum()
            if target.min() > 1e-12:
                weights = target
                break
            low = target <= 1e-12
            theta = min(weights[low] / (weights[low] - target[low]))
            weights = weights + theta * (target - weights)
            kept = weights > 1e-12
            corral, weights = [i for i, keep in zip(corral, kept, strict=True) if keep], weights[kept]
    return None


def extreme_case(n_points: int, width: int, goal: str) -> None:
    """Time the extreme points of a set, 40 % of it combinations of three others."""
    rng = random.Random(n_points)
    n_free = n_points * 3 // 5
    points = list(dict.fromkeys(random_points(rng, n_free, width)))
    free = len(points)
    while len(points) < n_points:
        weights = [rng.randint(1, 5) for _ in range(3)]
        chosen = rng.sample(points[:free], 3)
        total = sum(weights)
        point = tuple(
            sum((w * p[k] for w, p in zip(weights, chosen, strict=True)), start=fmpq(0)) / total for k in range(width)
        )
        if point not in points:
            points.append(point)
    rng.shuffle(points)
    ours = median_seconds(lambda: extreme_points(points))

    def one_program_a_point() -> int:
        answers = [membership(p, points[:i] + points[i + 1 :], shorten=False) for i, p in enumerate(points)]
        return len(answers)

    baseline = median_seconds(one_program_a_point, seconds=0.0)
    show(f"extreme points of {n_points} in dim {width}", ours, baseline, "one exact program a point", goal)


def sparse_case(n_rows: int, n_columns: int, *, feasible: bool) -> None:
    """Time one nonnegative combination of sparse columns."""
    rng = random.Random(n_rows)
    columns = [
        {rng.randrange(n_rows): fmpq(rng.choice((-3, -2, -1, 1, 2, 3))) for _ in range(5)} for _ in range(n_columns)
    ]
    target: dict[int, fmpq] = {}
    if feasible:
        for j in rng.sample(range(n_columns), n_rows // 3):
            for i, x in columns[j].items():
                target[i] = target.get(i, fmpq(0)) + x
    else:
        y = [fmpq(rng.choice((-2, -1, 1, 2))) for _ in range(n_rows)]
        signs = [sum((y[i] * x for i, x in column.items()), start=fmpq(0)) >= 0 for column in columns]
        columns = [c if up else {i: -x for i, x in c.items()} for c, up in zip(columns, signs, strict=True)]
        target = {i: -y[i] for i in range(n_rows)}
    assert isinstance(nonnegative_solution(columns, target), NonnegativeSolution) == feasible
    from symflow.exact.highs_finder import nonnegative_combination

    floats = [{i: float(x) for i, x in column.items()} for column in columns]
    right = [float(target.get(i, fmpq(0))) for i in range(n_rows)]
    ours = median_seconds(lambda: nonnegative_solution(columns, target))
    baseline = median_seconds(lambda: nonnegative_combination(floats, right))
    case = f"sparse combination {n_rows} x {n_columns}, {'feasible' if feasible else 'infeasible'}"
    show(case, ours, baseline, "HiGHS, floats only", "")


def transcendental_case() -> None:
    """Time a zonotope over ℚ(e^q) beside the same one with rational coefficients."""
    from itertools import product

    generators = [(1, 0, 1), (0, 1, 1), (1, 1, -1), (1, -2, 0), (2, 1, 3)]

    def corners(coefficients: list[Scalar]) -> list[tuple[Scalar, ...]]:
        points = []
        for signs in product((0, 1), repeat=5):
            terms = [[c * s * x for x in g] for c, s, g in zip(coefficients, signs, generators, strict=True)]
            points.append(tuple(sum(column, start=fmpq(0)) for column in zip(*terms, strict=True)))
        return points

    field = corners([exponential(fmpq(k, 2)) / (1 + exponential(fmpq(k, 2))) for k in (1, 2, 3, -1, 5)])
    rational = corners([fmpq(k, 7) for k in (4, 5, 6, 3, 8)])
    ours = median_seconds(lambda: extreme_points(field), seconds=0.0)
    baseline = median_seconds(lambda: extreme_points(rational), seconds=0.0)
    show("zonotope of 5 in dim 3, logistic coefficients", ours, baseline, "the same with rational coefficients", "")


if __name__ == "__main__":
    main()
