"""Nets for the tests of regions: degenerate on purpose, drawn by hypothesis; and those with known counts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, activation
from symflow.nets.network import Network

Row = list[Fraction]

# The numbers a net is made of: each net has one kind, or two.
NUMBERS: dict[str, st.SearchStrategy[Fraction]] = {
    "small integers": st.integers(-2, 2).map(Fraction),
    "signs": st.sampled_from([-1, 0, 1]).map(Fraction),
    "64ths": st.integers(-200, 200).map(lambda n: Fraction(n, 64)),
    "strips of width 2^-40": st.builds(lambda n, e: n + Fraction(e, 2**40), st.integers(-1, 1), st.integers(-1, 1)),
    "strips of width 2^-60": st.builds(lambda n, e: n + Fraction(e, 2**60), st.integers(-1, 1), st.integers(-1, 1)),
    "large integers": st.builds(lambda n, e: Fraction(n * 2**62 + e), st.integers(-2, 2), st.integers(-1, 1)),
    "denominators near 10^30": st.builds(Fraction, st.integers(-(10**30), 10**30), st.integers(10**30 - 3, 10**30 + 3)),
    "single precision": st.floats(-2, 2, width=32).map(Fraction),
    "double precision": st.floats(-2, 2, allow_subnormal=False).map(Fraction),
    "1e300": st.builds(lambda n, e: n * Fraction(1e300) ** e, st.integers(-2, 2), st.integers(0, 1)),
    "2^-1000": st.builds(lambda n, e: n * Fraction(2) ** (-1000 * e), st.integers(-2, 2), st.integers(0, 1)),
    "2^1100 and 2^-1100": st.builds(lambda n, e: n * Fraction(2) ** (1100 * e), st.integers(-2, 2), st.integers(-1, 1)),
}

SLOPES = ["0", "1", "-1", "-2", "1/3", "1/4", "2"]
KINDS = ("relu", "relu", "relu", "leaky_relu", "abs", "maxpool", "maxpool", "identity")


@st.composite
def groups(draw: st.DrawFn, width: int) -> list[list[int]]:
    """Draw a partition of the units of a layer, in any order."""
    units = draw(st.permutations(range(width)))
    cuts = draw(st.lists(st.booleans(), min_size=width - 1, max_size=width - 1))
    result = [[units[0]]]
    for unit, starts_anew in zip(units[1:], cuts, strict=True):
        if starts_anew:
            result.append([unit])
        else:
            result[-1].append(unit)
    return result


@st.composite
def activations(draw: st.DrawFn, width: int, kinds: tuple[str, ...] = KINDS) -> AbstractActivation:
    """Draw an activation for a layer."""
    kind = draw(st.sampled_from(kinds))
    if kind == "leaky_relu":
        return activation(kind, slope=draw(st.sampled_from(SLOPES)))
    if kind == "maxpool":
        return activation(kind, groups=draw(groups(width)))
    return activation(kind)


@st.composite
def layers(
    draw: st.DrawFn, fan_in: int, width: int, numbers: st.SearchStrategy[Fraction], *, biases: bool
) -> tuple[list[Row], Row]:
    """Draw a layer; a row may repeat an earlier one, be its opposite, a multiple, parallel to it, or zero."""
    rows: list[Row] = []
    constants: Row = []
    for _ in range(width):
        kind = draw(st.sampled_from(["new", "new", "new", "same", "opposite", "double", "parallel", "zero"]))
        if kind == "zero":
            rows.append([Fraction(0)] * fan_in)
            constants.append(draw(numbers))
        elif kind == "new" or not rows:
            rows.append([draw(numbers) for _ in range(fan_in)])
            constants.append(draw(numbers))
        else:
            place = draw(st.integers(0, len(rows) - 1))
            factor = {"opposite": -1, "double": 2}.get(kind, 1)
            rows.append([factor * entry for entry in rows[place]])
            constants.append(draw(numbers) if kind == "parallel" else factor * constants[place])
    return rows, constants if biases else [Fraction(0)] * width


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    n_inputs: tuple[int, int] = (1, 3),
    n_hidden: tuple[int, int] = (0, 4),
    n_units: int = 7,
    kinds: tuple[str, ...] = KINDS,
    numbers: str | None = None,
) -> Network:
    """Draw a net with at most `n_units` hidden units in all."""
    first = NUMBERS[numbers or draw(st.sampled_from(sorted(NUMBERS)))]
    second = NUMBERS[numbers or draw(st.sampled_from(["small integers", "signs", *sorted(NUMBERS)]))]
    fan_in = draw(st.integers(*n_inputs))
    has_biases = draw(st.booleans())
    weights, biases, chosen = [], [], []
    left = n_units
    depth = draw(st.integers(*n_hidden))
    for layer in range(depth):
        if not left:
            break
        width = draw(st.integers(1, min(5, left)))
        left -= width
        matrix, vector = draw(layers(fan_in, width, second if layer else first, biases=has_biases))
        weights.append(matrix)
        biases.append(vector)
        chosen.append(draw(activations(width, kinds)))
        fan_in = len(chosen[-1].members(width))
    matrix, vector = draw(layers(fan_in, draw(st.integers(1, 2)), second, biases=has_biases))
    weights.append(matrix)
    biases.append(vector)
    return Network.from_weights(*weights, biases=biases if has_biases else None, activation=chosen)


@st.composite
def domains(draw: st.DrawFn, n_inputs: int) -> tuple[list[list[int]], list[Fraction]]:
    """Draw A x <= b: boxes, half-spaces, rows that are redundant or repeated; the interior may be empty."""
    if draw(st.booleans()):
        rows: list[list[int]] = []
        bounds: list[Fraction] = []
        for i in range(n_inputs):
            low, high = sorted([draw(st.integers(-2, 2)), draw(st.integers(-2, 2))])
            rows += [[int(i == j) for j in range(n_inputs)], [-int(i == j) for j in range(n_inputs)]]
            bounds += [Fraction(high), Fraction(-low)]
        return rows, bounds
    count = draw(st.integers(1, 4))
    rows = [[draw(st.integers(-2, 2)) for _ in range(n_inputs)] for _ in range(count)]
    bounds = [Fraction(draw(st.integers(-2, 2)), draw(st.sampled_from([1, 1, 3, 2**50]))) for _ in range(count)]
    return rows, bounds


def drawn_normal(name: str, seed: int | None = None) -> Network:
    """The nets a, b, .. of the notes on cells: entries k/64 from a normal, one generator seeded by the name."""
    widths = {
        "a": (2, 16, 16, 1),
        "b": (2, 32, 32, 1),
        "c": (3, 12, 12, 1),
        "d": (4, 10, 10, 1),
        "e": (5, 20, 1),
        "f": (2, 8, 8, 8, 8, 1),
        "g": (2, 64, 64, 1),
    }[name]
    rng = np.random.default_rng(2024 + ord(name) if seed is None else seed)
    weights, biases = [], []
    for n_in, n_out in pairwise(widths):
        weights.append(np.round(rng.standard_normal((n_out, n_in)) * 64) / 64)
        biases.append(np.round(rng.standard_normal(n_out) * 64) / 64)
    return Network.from_arrays(*weights, biases=biases)
