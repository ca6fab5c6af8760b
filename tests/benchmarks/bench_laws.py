"""All conservation laws of shapes, proved complete, beside brackets sampled in floats as the published program does.

Run ``python -m tests.benchmarks.bench_laws [SHAPE...]`` from the root; a shape is such as ``linear:5-5-5`` or
``relu:4-8-8-2``,
``+b`` behind it for biases. CPU seconds of this process, imports excluded, the best of five while they take less than a
second.

"symflow" is the whole answer: the laws, each verified as an identity, their Jacobian's minor, the brackets, their
minor. "JSON" is what ``symflow laws --json`` adds; "verify" is the small checker on the text of that result.

"floats" is the baseline: Marcotte, Gribonval and Peyré (2023) form the brackets of the fields as polynomials, evaluate
them at a random point in floats, and take numerical ranks, one length after the other until nothing is added; here with
sparse polynomials of our own (sympy, which they use, takes minutes where these take seconds), brackets pruned as
theirs, and numpy's ``matrix_rank``. It proves nothing, and it lists no law. The ratio is its time by ours; ">" where it
was stopped after so many seconds.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from symflow.activations.base import activation
from symflow.checker.verify import verify_text
from symflow.laws.conservation import conservation_laws
from symflow.laws.identities import output_gradients
from symflow.laws.models import every_path, linear_fields
from symflow.laws.of_problem import LawsOfProblem
from symflow.nets.architecture import Architecture
from symflow.problem import Problem
from symflow.reports.laws_result import laws_result

SHAPES = (
    *("linear:2-2-1", "linear:3-3-3", "linear:4-3-4", "linear:3-3-3-3", "relu:2-3-3-1", "linear:4-4-4-2+b"),
    *("linear:5-5-5", "linear:4-5-5-4", "relu:4-5-5-4", "linear:8-8-8", "relu:4-8-8-2", "relu:4-8-8-2+b"),
)
GOALS = {30: 0.1, 65: 1.0, 112: 3.0}
_STOP = 3.0

_Result = TypeVar("_Result")


def main() -> None:
    """Print the table."""
    print(
        f"{'shape':<20}{'D':>5}{'laws':>6}{'symflow':>10}{'JSON':>8}{'verify':>8}{'goal':>7}{'floats':>9}{'ratio':>8}"
    )
    for name in sys.argv[1:] or SHAPES:
        print(row(name), flush=True)


def row(name: str) -> str:
    """Return the line of one shape."""
    shape, model = parsed(name)
    seconds, found = timed(lambda: conservation_laws(shape, model=model))
    assert found.is_complete
    problem = Problem(shape)
    made, result = timed(lambda: json.dumps(laws_result(problem, LawsOfProblem(problem, found))))
    checked, report = timed(lambda: verify_text(result))
    assert report["accepted"], report
    goal = next((f"{goal:g}" for size, goal in GOALS.items() if found.n_parameters <= size), "")
    theirs, rank = sampled(shape, model)
    is_done = rank is not None
    assert not is_done or rank == found.lie_dimension
    floats = f"{'' if is_done else '>'}{theirs:.3f}"
    ratio = f"{'' if is_done else '>'}{theirs / seconds:.0f}"
    counts = f"{found.n_parameters:>5}{found.n_laws:>6}"
    return f"{name:<20}{counts}{seconds:>10.4f}{made:>8.3f}{checked:>8.3f}{goal:>7}{floats:>9}{ratio:>8}"


def parsed(name: str) -> tuple[Architecture, str]:
    """Return the shape and model that a name stands for."""
    model, _, rest = name.partition(":")
    rest, plus, _ = rest.partition("+b")
    widths = tuple(map(int, rest.split("-")))
    kind = activation("identity" if model == "linear" else "relu")
    return Architecture(widths, (kind,) * (len(widths) - 2), has_biases=bool(plus)), model


def timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """Return the least CPU seconds of up to five runs, and the result."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
        if best > 1:
            break
    return best, result


# ---------------------------------------------------------------------- the baseline

# A polynomial as exponents and coefficients: {sorted variables: coefficient}; a field as {place: polynomial}.
_Polynomial = dict[tuple[int, ...], float]
_Field = dict[int, _Polynomial]


def sampled(shape: Architecture, model: str) -> tuple[float, int | None]:
    """Return the CPU seconds, and the rank that floats suggest; None where it was stopped."""
    every = linear_fields(shape) if model == "linear" else every_path(shape)
    if every is None:
        return 0.0, None
    fields: list[_Field] = []
    for gradient in output_gradients(every):
        fields.append(
            {
                place: {tuple(v for v, power in m for _ in range(power)): float(int(c.p)) for m, c in partial.terms()}
                for place, partial in gradient.items()
            }
        )
    start = time.process_time()
    point = np.random.default_rng(0).standard_normal(shape.n_parameters)
    basis: list[np.ndarray] = []
    newest = _added(fields, basis, point)
    while newest:
        candidates: list[_Field] = []
        for x, y in itertools.product(fields, newest):
            candidates.append(_bracket(x, y))
            if time.process_time() - start > _STOP:
                return time.process_time() - start, None
        newest = _added(candidates, basis, point)
    return time.process_time() - start, len(basis)


def _added(candidates: list[_Field], basis: list[np.ndarray], point: np.ndarray) -> list[_Field]:
    """Return the candidates that raise the numerical rank."""
    kept = []
    for field in candidates:
        value = np.zeros(len(point))
        for place, polynomial in field.items():
            value[place] = sum(c * float(np.prod(point[list(m)])) for m, c in polynomial.items())
        norm = float(np.linalg.norm(value))
        if norm and np.linalg.matrix_rank(np.array([*basis, value / norm])) > len(basis):
            basis.append(value / norm)
            kept.append(field)
    return kept


def _bracket(x: _Field, y: _Field) -> _Field:
    result: _Field = {}
    for sign, along, moved in ((1.0, x, y), (-1.0, y, x)):
        for place, polynomial in moved.items():
            row = result.setdefault(place, {})
            for monomial, c in polynomial.items():
                for i, variable in enumerate(monomial):
                    for other, d in along.get(variable, {}).items():
                        product = tuple(sorted(monomial[:i] + monomial[i + 1 :] + other))
                        row[product] = row.get(product, 0.0) + sign * c * d
    return {place: {m: c for m, c in row.items() if c} for place, row in result.items()}


if __name__ == "__main__":
    main()
