"""Identities on all nets of a shape: searched, checked again from JSON, and beside them sympy's ``expand``.

Run ``python -m tests.benchmarks.bench_proofs`` from the root. CPU milliseconds of this process, imports excluded, the
best of thirty where they take a few milliseconds, of one for sympy.

"decide" is the search for a certificate, "mint" the small checker on the claim's JSON; together they are a theorem.
"sympy" makes the same objects as sympy expressions, the slopes symbols as here, and lets ``expand`` show that the
difference of both sides is 0; it leaves no certificate. The ratio is its time by ours.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

import sympy

from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import shape_setting, shape_words

PRESERVATION = "for k in 1..n, l in 1..L: inner(W[l], grad(f[k], W[l])) == f[k]"
BALANCING = "for l in 1..L-1: norm2(W[l]) - norm2(W[l+1]) is conserved"
PER_NEURON = "for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) - norm2(W[l+1][:,j]) is conserved"

#: Widths, data, the goal in milliseconds for preservation and balancing of that shape together.
SHAPES = (((4, 8, 1), 10, 5.0), ((2, 3, 3, 1), 1, 2000.0), ((3, 4, 4, 4, 1), 1, None))

_Result = TypeVar("_Result")


def main() -> None:
    """Print the table."""
    print(f"{'shape':<18}{'claim':<16}{'decide':>9}{'mint':>8}{'both':>8}{'goal':>8}{'sympy':>10}{'ratio':>8}")
    for widths, n_data, goal in SHAPES:
        setting = shape_setting(widths, ["relu"] * (len(widths) - 2), n_data=n_data)
        total = 0.0
        for name, statement in (("preservation", PRESERVATION), ("balancing", BALANCING), ("per neuron", PER_NEURON)):
            found, claim = timed(lambda text=statement, where=setting: decide(text, where))  # type: ignore[misc]
            assert claim.word == "proved_shape", claim.reason
            minted, _ = timed(lambda made=claim: mint(made))  # type: ignore[misc]
            theirs, is_zero = timed(lambda kind=name, w=widths, n=n_data: by_sympy(kind, w, n), once=True)  # type: ignore[misc]
            assert is_zero
            total += (found + minted) * (name != "per neuron")
            words = f"{shape_words(widths)[6:]}, n = {n_data}"
            times = f"{found:>9.2f}{minted:>8.2f}{found + minted:>8.2f}{'':>8}{theirs:>10.1f}"
            print(f"{words:<18}{name:<16}{times}{theirs / (found + minted):>8.0f}", flush=True)
        print(f"{'':<18}{'first two':<16}{'':>17}{total:>8.2f}{goal or '':>8}", flush=True)


def timed(compute: Callable[[], _Result], *, once: bool = False) -> tuple[float, _Result]:
    """Return the least CPU milliseconds of thirty runs, or of one, and the result."""
    best, result = float("inf"), None
    for _ in range(1 if once else 30):
        gc.collect()
        start = time.process_time()
        result = compute()
        best = min(best, 1000 * (time.process_time() - start))
    assert result is not None
    return best, result


def by_sympy(kind: str, widths: tuple[int, ...], n_data: int) -> bool:
    """Return whether sympy expands all differences to 0."""
    depth = len(widths) - 1
    weights = [
        sympy.Matrix(widths[i + 1], widths[i], lambda p, q, i=i: sympy.Symbol(f"w{i}_{p}_{q}")) for i in range(depth)
    ]
    n_shown = n_data if kind == "preservation" else 1  # as here: where the data are symbols, one says it for all
    outputs = [_output(weights, widths, datum) for datum in range(n_shown)]
    if kind == "preservation":
        identities = [_slope(f, matrix) - f for f in outputs for matrix in weights]
    elif kind == "balancing":
        identities = [2 * (_slope(f, a) - _slope(f, b)) for f in outputs for a, b in pairwise(weights)]
    else:
        identities = [
            2 * (_slope(f, a[j, :]) - _slope(f, b[:, j]))
            for f in outputs
            for a, b in pairwise(weights)
            for j in range(a.rows)
        ]
    return all(sympy.expand(each) == 0 for each in identities)


def _output(weights: list[Any], widths: tuple[int, ...], datum: int) -> Any:
    features = sympy.Matrix(widths[0], 1, lambda i, _: sympy.Symbol(f"x{datum}_{i}"))
    for layer, matrix in enumerate(weights[:-1]):
        slopes = [sympy.Symbol(f"a{datum}_{layer}_{i}") for i in range(matrix.rows)]
        features = sympy.diag(*slopes) * matrix * features
    return sympy.expand((weights[-1] * features)[0])


def _slope(f: Any, block: Any) -> Any:
    return sum(entry * sympy.diff(f, entry) for entry in block)


if __name__ == "__main__":
    main()
