"""Gradient flows in the weights beside mpmath's and heyoka's Taylor solvers, at the same digits.

Run ``python -m tests.benchmarks.bench_flows [p1] [p2] [wide] [--quick]`` from the root; without names, all. All times
are CPU seconds of one process, imports excluded; read the ratios, which come from one run on one machine.

p1
    Four scalar factors, R = (w_1 w_2 w_3 w_4 - 2)² / 2 from (1/2, 3/4, 1, 5/4) to t = 10.
p2
    Four neurons, four data in the plane, exponential risk, to t = 10; no kink is met.
    Goals: 40 times faster than mpmath.odefun at 30 digits, 100 times at 50. Beside heyoka: at most 0.5 of its time with
    its compilation at 30 and 50 digits; at most 3 times its propagation alone at 30 and 50, 1.2 times at 100.
wide
    P2's four neurons again and again, scaled, in two activation patterns: widths 64 and 256. Goals, of heyoka's
    propagation: 0.5 at 64 and 30 digits, 0.25 at 50; 0.15 at 256.

mpmath.odefun and heyoka are given the polynomial field of the one cell; symflow the net, and it looks for kinks.
heyoka (``pip install -e '.[peers]'``) is left out where it is not installed. Its `real` floats, compact mode.
"""

from __future__ import annotations

import argparse
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath

from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import bare_flow_of
from symflow.flows.options import FlowOptions
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem_tree import problem_from_tree

try:
    import heyoka
except ImportError:
    heyoka = None

END = 10

F = Fraction
ROWS = ((F(5, 8), F(3, 8)), (F(-5, 4), F(-7, 8)), (F(-7, 8), F(-5, 8)), (F(7, 8), F(5, 8)))
OUTER = (F(3, 4), F(3, 2), F(9, 8), F(3, 4))
INPUTS = ((F(1), F(1, 2)), (F(-1, 2), F(1)), (F(-1), F(-3, 4)), (F(3, 4), F(-1)))
LABELS = (1, -1, 1, -1)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="gradient flows in the weights: times")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {' '.join(PARTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="at most 30 digits and 64 neurons")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.parts) - set(PARTS)):
        parser.error(f"no part {', '.join(unknown)}; the parts are {' '.join(PARTS)}")
    if heyoka is None:
        print("heyoka is not installed: its columns are empty (pip install -e '.[peers]')")
    print(f"mpmath {mpmath.__version__} computes with {mpmath.libmp.BACKEND} integers")
    flow(four_factors(), 16)  # imports what is imported on first use
    for part in arguments.parts or PARTS:
        PARTS[part](quick=arguments.quick)
        print()


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU time of a call, and what it returns."""
    start = time.process_time()
    value = call()
    return time.process_time() - start, value


def flow(function: AbstractPatternedFunction, digits: int) -> Any:
    """Follow a flow to the end; return the state."""
    path = bare_flow_of(function, FlowOptions(until=fmpq(END), digits=digits, has_energy=False))
    assert (path.status, path.events) == ("completed", ())
    return path.state


# ------------------------------------------------------------------------------------------ P1 and P2


def p1(*, quick: bool) -> None:
    """Print the times of four scalar factors."""
    table("P1: four scalar factors, squared risk, t = 10", four_factors, Factors(), quick=quick)


def p2(*, quick: bool) -> None:
    """Print the times of four neurons in one cell."""
    table("P2: four neurons, four data, exponential risk, t = 10", lambda: neurons(1), Cell(1), quick=quick)


def wide(*, quick: bool) -> None:
    """Print the times of wide nets with two activation patterns."""
    print(f"wide nets, two activation patterns, exponential risk, t = {END}")
    print(
        f"{'neurons':>8} {'digits':>7} {'symflow':>9} {'heyoka':>9} {'+ build':>9} {'symflow/heyoka':>15} {'apart':>9}"
    )
    for width, digits in [(64, 30)] if quick else [(64, 30), (64, 50), (256, 30), (256, 50)]:
        function = neurons(width // 4, patterns=2)
        mine, state = seconds(lambda function=function, digits=digits: flow(function, digits))
        theirs, built, other = with_heyoka(Cell(width // 4, patterns=2), digits)
        print(
            f"{width:>8} {digits:>7} {mine:>9.3f} {cell(theirs)} {cell(built)} {ratio(mine, theirs, 15)} "
            f"{apart(state, other, digits)}",
            flush=True,
        )


def table(title: str, problem: Callable[[], AbstractPatternedFunction], system: System, *, quick: bool) -> None:
    """Print one problem at rising digits; every solver solves the same digits in turn."""
    print(title)
    print(f"{'digits':>7} {'symflow':>9} {'odefun':>9} {'heyoka':>9} {'+ build':>9} {'odefun/symflow':>15} "
          f"{'symflow/heyoka':>15} {'.. with build':>14} {'apart':>9}")  # fmt: skip
    for digits in (16, 30) if quick else (16, 30, 50, 100):
        function = problem()
        mine, state = seconds(lambda function=function, digits=digits: flow(function, digits))
        slow = odefun(system, digits) if digits <= 30 else None
        theirs, built, other = with_heyoka(system, digits)
        with_build = None if theirs is None or built is None else theirs + built
        print(
            f"{digits:>7} {mine:>9.3f} {cell(slow)} {cell(theirs)} {cell(built)} {ratio(slow, mine, 15)} "
            f"{ratio(mine, theirs, 15)} {ratio(mine, with_build, 14)} {apart(state, other, digits)}",
            flush=True,
        )


def cell(value: float | None) -> str:
    """Return a time as a cell of a table."""
    return f"{value:>9.3f}" if value is not None else f"{'-':>9}"


def ratio(above: float | None, below: float | None, width: int) -> str:
    """Return a ratio as a cell of a table."""
    return f"{above / below:>{width}.2f}" if above is not None and below is not None else f"{'-':>{width}}"


def apart(state: Sequence[Any], other: Sequence[Any] | None, digits: int) -> str:
    """Return the largest distance to the other solver's state."""
    if other is None:
        return f"{'-':>9}"
    with mpmath.workdps(digits + 10):
        return f"{mpmath.nstr(max(abs(a - b) for a, b in zip(state, other, strict=True)), 2):>9}"


# ------------------------------------------------------------------------------------------ the problems


def four_factors() -> AbstractPatternedFunction:
    """Return P1 as a net of depth four."""
    return problem([[["1/2"]], [["3/4"]], [["1"]], [["5/4"]]], [["1"]], ["2"], "squared", "identity")


def neurons(copies: int, patterns: int = 4) -> AbstractPatternedFunction:
    """Return P2, each neuron `copies` times with scaled weights."""
    rows, outer = wide_weights(copies, patterns)
    return problem([rows, [outer]], INPUTS, LABELS, "exponential", "relu")


def wide_weights(copies: int, patterns: int) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Return the weights: of P2's neurons the last two have as many activation patterns as asked for."""
    chosen = range(4) if patterns == 4 else (0, 2, 0, 2)
    rows, outer = [], []
    for copy in range(copies):
        for place, j in enumerate(chosen):
            scale = F(1) if copies == 1 else (F(1) + F(4 * copy + place, 8 * copies)) * F(1, 1 + copies // 8)
            rows.append([scale * entry for entry in ROWS[j]])
            outer.append(scale * OUTER[j])
    return rows, outer


def problem(weights: Any, inputs: Any, labels: Any, loss: str, activation: str) -> AbstractPatternedFunction:
    """Return a risk as a function of its weights."""
    return problem_from_tree(
        {
            "network": {"activation": activation, "weights": texts(weights)},
            "data": {"inputs": texts(inputs), "labels": texts(labels)},
            "objective": {"kind": "risk", "loss": loss},
        }
    ).function()


def texts(value: Any) -> Any:
    """Return nested numbers as strings."""
    return [texts(each) for each in value] if isinstance(value, list | tuple) else str(value)


Number = Callable[[Fraction], Any]
Field = Callable[[Sequence[Any]], list[Any]]


class System(ABC):
    """A field for other solvers, in any numbers that have an exp."""

    start: list[Fraction]

    @abstractmethod
    def field(self, number: Number, exp: Callable[[Any], Any]) -> Field:
        """Return w -> w'."""


class Factors(System):
    """P1."""

    def __init__(self) -> None:
        self.start = [F(1, 2), F(3, 4), F(1), F(5, 4)]

    def field(self, number: Number, exp: Callable[[Any], Any]) -> Field:
        """Return (2 - w_1 w_2 w_3 w_4) times the product of the others."""
        two = number(F(2))

        def field(w: Sequence[Any]) -> list[Any]:
            r = two - w[0] * w[1] * w[2] * w[3]
            return [r * w[1] * w[2] * w[3], r * w[0] * w[2] * w[3], r * w[0] * w[1] * w[3], r * w[0] * w[1] * w[2]]

        return field


class Cell(System):
    """P2 in its one cell: rows first, then the outer weights, as symflow orders them."""

    def __init__(self, copies: int, patterns: int = 4) -> None:
        rows, outer = wide_weights(copies, patterns)
        self.n = len(outer)
        self.start = [entry for row in rows for entry in row] + outer
        self.active = [tuple(k for k, x in enumerate(INPUTS) if row[0] * x[0] + row[1] * x[1] > 0) for row in rows]

    def field(self, number: Number, exp: Callable[[Any], Any]) -> Field:
        """Return the field; neurons of one pattern share their sums over neurons and over data."""
        n, active = self.n, self.active
        inputs = [[number(entry) for entry in x] for x in INPUTS]
        labels = [number(F(y)) for y in LABELS]
        groups: dict[tuple[int, ...], list[int]] = {}
        for j, data in enumerate(active):
            groups.setdefault(data, []).append(j)

        def field(w: Sequence[Any]) -> list[Any]:
            sums = {data: [total([w[2 * n + j] * w[2 * j + c] for j in group]) for c in (0, 1)]
                    for data, group in groups.items()}  # fmt: skip
            signals = []
            for k, (x, y) in enumerate(zip(inputs, labels, strict=True)):
                output = total([u[0] * x[0] + u[1] * x[1] for data, u in sums.items() if k in data])
                signals.append(y * exp(-y * output))
            forces = {data: [total([signals[k] * inputs[k][c] for k in data]) for c in (0, 1)] for data in groups}
            inner, out = [], []
            for j, data in enumerate(active):
                a, b = forces[data]
                inner += [w[2 * n + j] * a, w[2 * n + j] * b]
                out.append(w[2 * j] * a + w[2 * j + 1] * b)
            return inner + out

        return field


def total(terms: Sequence[Any]) -> Any:
    """Return a sum, of expressions too: in pairs, so that deep trees stay shallow."""
    terms = list(terms)
    while len(terms) > 1:
        terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + terms[len(terms) // 2 * 2 :]
    return terms[0]


# ------------------------------------------------------------------------------------------ the other solvers


def odefun(system: System, digits: int) -> float:
    """Return the CPU time of mpmath.odefun."""

    def number(value: Fraction) -> Any:
        return mpmath.mpf(value.numerator) / value.denominator

    with mpmath.workdps(digits):
        start, field = [number(value) for value in system.start], system.field(number, mpmath.exp)
        return seconds(lambda: mpmath.odefun(lambda t, w: field(w), 0, start)(END))[0]


def with_heyoka(system: System, digits: int) -> tuple[float | None, float | None, list[Any] | None]:
    """Return the CPU times of heyoka's propagation and of its compilation, and the state."""
    if heyoka is None:
        return None, None, None
    bits = int(digits * 3.3219) + 8
    names = [f"w{place:04d}" for place in range(len(system.start))]

    def build() -> Any:
        variables = heyoka.make_vars(*names)
        field = system.field(lambda value: heyoka.expression(float(value)), heyoka.exp)(variables)
        start = [heyoka.real(float(value), bits) for value in system.start]
        if any(Fraction(float(value)) != value for value in system.start):
            start = [
                heyoka.real(value.numerator, bits) / heyoka.real(value.denominator, bits) for value in system.start
            ]
        equations = list(zip(variables, field, strict=True))
        return heyoka.taylor_adaptive(equations, start, fp_type=heyoka.real, prec=bits, compact_mode=True)

    built, solver = seconds(build)
    took, _ = seconds(lambda: solver.propagate_until(heyoka.real(END, bits)))
    with mpmath.workdps(digits + 10):
        return took, built, [mpmath.mpf(str(value)) for value in solver.state]


PARTS = {"p1": p1, "p2": p2, "wide": wide}

if __name__ == "__main__":
    main()
