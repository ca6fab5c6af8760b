"""Exact Clarke differentials: deep nets, wide layers, and what each rung of the ladder of decisions costs.

Run ``python -m tests.benchmarks.bench_clarke [deep] [wide] [ladder] [--quick]`` from the root; without names, all.
All times are CPU seconds of one process, imports excluded. Numbers are small integers, drawn from the seeds shown.

deep
    Two hidden layers, 14 weights, 8 kinks, 2 or 3 data: of the first seeds those with 30 to 50 realised patterns.
    Beside it, in the same run: every pattern decided by itself with the same exact decisions in the same order, but
    without the tree; and how many of the realised patterns the linear program alone finds, which is what methods of
    first order see. Goal: 3 s.
wide
    One layer of 50 neurons, each with 20 data on its kink, kept as a product; all coefficients and outer weights
    different. "at 0": all rows are zero, so that all neurons kink on the same 20 data, in general position in the plane
    or in space. "own planes": rows that are not zero, each with 20 data of its own in the plane that is orthogonal to
    it, 1000 data in all. The time includes vertices, certificates and the shortest element. Beside it: each neuron's
    block found from all sites of the net, as if there were no other neuron (measured on a few, and multiplied).
    Goals: 2 s in the plane, 10 s in space.
ladder
    The bank of nets at kinks of ``tests/differentials/test_bank.py``: how often each rung was asked, how often it
    decided (found what it looks for), and its CPU time without that of the rungs that it calls.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from math import gcd
from typing import Any

from symflow.cells import incident_cells as walk
from symflow.cells import solver_rung
from symflow.cells.arcs import find_arc
from symflow.cells.cell import IncidentCells
from symflow.cells.refutation import MultiplierSearch
from symflow.cells.solver_rung import ArcFound, IdentityFound, ask_solver
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.completions import completions
from symflow.differentials.factor import make_factor
from symflow.differentials.product_form import _block_gradient
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters
from symflow.problem_tree import problem_from_tree
from tests.differentials.test_bank import SEEDS, drawn

# Inputs and hidden widths that make 14 weights.
SHAPES = ((2, 3, 2), (4, 2, 2), (1, 4, 2), (1, 2, 4))
# Of the seeds 0 .. 59 those with 30 to 50 realised patterns.
DEEP_SEEDS = (1, 18, 30, 32, 37)
QUICK_DEEP_SEEDS = (1, 18, 37)

N_NEURONS, N_ON_THE_KINK = 50, 20


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="exact Clarke differentials: times")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {' '.join(PARTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="fewer nets")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.parts) - set(PARTS)):
        parser.error(f"no part {', '.join(unknown)}; the parts are {' '.join(PARTS)}")
    warm_up()
    for part in arguments.parts or PARTS:
        PARTS[part](quick=arguments.quick)
        print()


def warm_up() -> None:
    """Import what is imported on first use: HiGHS and z3."""
    clarke_differential(deep_net(37))


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU time of a call, and what it returns."""
    start = time.process_time()
    value = call()
    return time.process_time() - start, value


# ------------------------------------------------------------------------------------------ deep nets


def deep(*, quick: bool) -> None:
    """Print the times of deep nets, and of the same decisions without the tree."""
    print("two hidden layers, 14 weights, 8 kinks (goal: 3 s)")
    print(f"{'seed':>6} {'net':>10} {'data':>5} {'patterns':>9} {'realised':>9} {'first order':>12} "
          f"{'refuted by':>11} {'CPU s':>8} {'one by one':>11} {'ratio':>7}")  # fmt: skip
    times = []
    for seed in QUICK_DEEP_SEEDS if quick else DEEP_SEEDS:
        function = deep_net(seed)
        took, incident = seconds(lambda function=function: with_answers(function))
        times.append(took)
        n_patterns = sum(1 for _ in completions(function, ("*",) * len(function.table.sites)))
        alone, (n_realised, n_first_order) = seconds(lambda function=function: one_by_one(function))
        assert n_realised == len(incident.cells)
        dims = "-".join(map(str, function.network.architecture.widths))
        print(
            f"{seed:>6} {dims:>10} {function.n_data:>5} {n_patterns:>9} {n_realised:>9} {n_first_order:>12} "
            f"{len(incident.refuted):>11} {took:>8.2f} {alone:>11.2f} {alone / took:>6.1f}x",
            flush=True,
        )
    print(f"worst {max(times):.2f} s, median {statistics.median(times):.2f} s")


def deep_net(seed: int) -> AbstractPatternedFunction:
    """Return the net of a seed: 8 kinks on data that are not zero, at least one of them in the second layer."""
    dice = random.Random(seed)
    while True:
        n_inputs, first, second = dice.choice(SHAPES)
        n_data = dice.choice((2, 3))
        weights = [
            [[dice.choice((-2, -1, -1, 0, 0, 1, 1, 2)) for _ in range(fan_in)] for _ in range(width)]
            for fan_in, width in itertools.pairwise((n_inputs, first, second, 1))
        ]
        if not all(any(any(row) for row in matrix) for matrix in weights):
            continue
        inputs = [[dice.randint(-2, 2) for _ in range(n_inputs)] for _ in range(n_data)]
        coefficients = [dice.choice((-2, -1, 1, 2)) for _ in range(n_data)]
        function = problem(weights, inputs, coefficients)
        sites = function.table.sites
        kinks = [site.layer for site in sites if function.values_at(site) == (0,) and any(function.inputs[site.datum])]
        if len(kinks) == 8 and 2 in kinks:
            return function


def problem(weights: object, inputs: object, coefficients: object) -> AbstractPatternedFunction:
    """Return a combination of the outputs of a ReLU net, as a function of its weights."""
    return problem_from_tree(
        {
            "network": {"activation": "relu", "weights": weights},
            "data": {"inputs": inputs},
            "objective": {"kind": "combination", "coefficients": coefficients},
        }
    ).function()


def with_answers(function: AbstractPatternedFunction) -> IncidentCells:
    """Compute the set, its shortest element and whether it contains 0; return the patterns of its one factor."""
    dF = clarke_differential(function)
    assert dF.is_exact
    assert dF.minimal_norm_squared >= 0
    assert dF.contains_zero is not None
    return dF.factors[0].incident


def one_by_one(function: AbstractPatternedFunction) -> tuple[int, int]:
    """Decide each full pattern by itself; return how many are realised, and how many of them a linear program sees."""
    search = MultiplierSearch(function)
    answers = [
        decided(function, search, characters)
        for characters in completions(function, ("*",) * len(function.table.sites))
    ]
    return sum(answer in ("direction", "arc") for answer in answers), answers.count("direction")


def decided(function: AbstractPatternedFunction, search: MultiplierSearch, characters: Characters) -> str:
    """Return what decides a full pattern, by the same rungs as the walk over the tree."""
    constraints = [
        constraint
        for site in range(len(characters))
        for option in function.options(site, characters)
        if option.character == characters[site]
        for constraint in option.constraints
    ]
    if not constraints:
        return "direction"
    gradients = [function.constraint_gradient(constraint, characters) for constraint in constraints]
    width = range(len(function.variables))
    rows = [tuple(gradient.get(place, fmpq(0)) for place in width) for gradient in gradients]
    if isinstance(strict_feasibility(rows), StrictSolution):
        return "direction"
    if search.refute(constraints, characters, level=0):
        return "identity"
    if find_arc(function, constraints, characters, attempts=6):
        return "arc"
    if search.refute(constraints, characters, level=1):
        return "identity"
    answer = ask_solver(function, search, constraints, characters)
    if isinstance(answer, ArcFound):
        return "arc"
    if isinstance(answer, IdentityFound):
        return "identity"
    return "arc" if find_arc(function, constraints, characters, attempts=60, first=6) else "undecided"


# ------------------------------------------------------------------------------------------ wide layers


def wide(*, quick: bool) -> None:
    """Print the times of one layer of 50 neurons with 20 data each on their kinks."""
    print(f"one layer of {N_NEURONS} neurons, {N_ON_THE_KINK} data on the kink of each, in product form")
    print(f"{'':24} {'data':>5} {'cells':>6} {'vertices':>9} {'joint patterns':>15} {'CPU s':>8} {'goal':>6} "
          f"{'each from all sites':>20} {'ratio':>7}")  # fmt: skip
    cases = [
        ("plane, at 0", lambda: at_zero(2), "2 s", 5),
        ("space, at 0", lambda: at_zero(3), "10 s", 1),
        ("space, own planes", own_planes, "10 s", 2),
    ]
    for name, net, goal, n_measured in cases[:2] if quick else cases:
        function = net()
        took, dF = seconds(lambda function=function: whole_product(function))
        baseline, _ = seconds(lambda function=function, n=n_measured: blocks_by_all_sites(function, n))
        baseline *= N_NEURONS / n_measured
        counts = [len(factor.incident.cells) for factor in dF.factors]
        n_vertices = [len(factor.inner.vertices) for factor in dF.factors]
        digits = sum(len(str(count)) - 1 for count in counts)
        print(
            f"{name:24} {function.n_data:>5} {max(counts):>6} {max(n_vertices):>9} {f'> 10^{digits}':>15} {took:>8.2f} "
            f"{goal:>6} {baseline:>18.1f} s {baseline / took:>6.0f}x",
            flush=True,
        )


def at_zero(dimension: int) -> AbstractPatternedFunction:
    """Return 50 neurons with zero rows on 20 data of which any `dimension` are independent (or nearly all)."""
    dice = random.Random(5)
    inputs = [[dice.randint(-9, 9) for _ in range(dimension)] for _ in range(N_ON_THE_KINK)]
    weights = [[[0] * dimension] * N_NEURONS, [outer_weights(dice)]]
    return problem(weights, inputs, coefficients(dice, len(inputs)))


def own_planes() -> AbstractPatternedFunction:
    """Return 50 neurons in space, each with 20 data in the plane orthogonal to its row."""
    dice = random.Random(5)
    rows: list[list[int]] = []
    inputs = []
    while len(rows) < N_NEURONS:
        row = [dice.randint(-5, 5) for _ in range(3)]
        if not any(row) or row in rows:
            continue
        rows.append(row)
        while len(inputs) < N_ON_THE_KINK * len(rows):
            other = [dice.randint(-9, 9) for _ in range(3)]
            a, b, c = row
            x, y, z = other
            product = [b * z - c * y, c * x - a * z, a * y - b * x]
            if any(product):
                inputs.append([entry // gcd(*product) for entry in product])
    return problem([rows, [outer_weights(dice)]], inputs, coefficients(dice, len(inputs)))


def outer_weights(dice: random.Random) -> list[int]:
    """Return different integers that are not zero."""
    return dice.sample([v for v in range(-99, 100) if v], N_NEURONS)


def coefficients(dice: random.Random, n_data: int) -> list[int]:
    """Return different integers of both signs."""
    return dice.sample([c for c in range(-9999, 10000) if c], n_data)


def whole_product(function: AbstractPatternedFunction) -> Any:
    """Compute the set and what is asked of it first."""
    dF = clarke_differential(function)
    assert dF.is_exact
    assert dF.is_product
    assert dF.minimal_norm_squared >= 0
    assert dF.contains_zero is not None
    return dF


def blocks_by_all_sites(function: AbstractPatternedFunction, n_measured: int) -> None:
    """Find the blocks of some neurons from all sites of the net, each for itself."""
    n_inputs = function.network.architecture.n_inputs
    for output in range(n_measured):
        places = tuple(range(output * n_inputs, (output + 1) * n_inputs))
        sites = [function.table.index[1, output, datum] for datum in range(function.n_data)]
        factor = make_factor(
            function,
            lambda characters, output=output, places=places: _block_gradient(function, output, places, characters),
            places=places,
            sites=sites,
            neuron=output + 1,
        )
        assert factor.is_exact


# ------------------------------------------------------------------------------------------ the ladder

RUNGS = {
    0: "identities with 1",
    1: "identities with w, z and g",
    2: "identities with the box",
    3: "identities with the box, twice",
    4: "identities with products of g and z",
    5: "identities with both",
    6: "identities with all products",
}


class Clock:
    """Counts and times the rungs while it is on, by putting itself between them and the walk."""

    def __init__(self) -> None:
        self.calls: defaultdict[str, int] = defaultdict(int)
        self.decided: defaultdict[str, int] = defaultdict(int)
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def between(self, call: Callable[..., Any], name: Callable[[Any, dict[str, Any]], str]) -> Callable[..., Any]:
        """Return the call, clocked."""

        def clocked(*positional: Any, **named: Any) -> Any:
            start = time.process_time()
            self._inside.append(0.0)
            answer = call(*positional, **named)
            took = time.process_time() - start
            own = took - self._inside.pop()
            if self._inside:
                self._inside[-1] += took
            rung = name(answer, named)
            self.calls[rung] += 1
            self.decided[rung] += answer is not None
            self.seconds[rung] += own
            return answer

        return clocked

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Clock the rungs."""
        places: list[tuple[Any, str, Callable[[Any, dict[str, Any]], str]]] = [
            (walk, "strict_feasibility", lambda answer, named: "linear program, first order"),
            (walk, "find_arc", arc_name),
            (MultiplierSearch, "refute", lambda answer, named: RUNGS[named["level"]]),
            (solver_rung, "positive_point", point_name),
            (solver_rung, "positive_arc", lambda answer, named: "nlsat, an arc"),
        ]
        old = [getattr(owner, name) for owner, name, _ in places]
        try:
            for (owner, name, rung), call in zip(places, old, strict=True):
                setattr(owner, name, self.between(call, rung))
            yield
        finally:
            for (owner, name, _), call in zip(places, old, strict=True):
                setattr(owner, name, call)


def arc_name(answer: Any, named: dict[str, Any]) -> str:
    """Name an arc by its order."""
    return "arcs, none found" if answer is None else f"arcs, order {len(answer)}"


def point_name(answer: Any, named: dict[str, Any]) -> str:
    """Name a question to nlsat by its kind."""
    return "nlsat, a smaller subset" if named.get("steps") is not None else "nlsat, a point"


def ladder(*, quick: bool) -> None:
    """Print what each rung costs on the bank."""
    seeds = range(60) if quick else SEEDS
    clock, times = Clock(), {}
    n_cells = n_refuted = n_undecided = 0
    for seed in seeds:
        function = drawn(seed).function()
        with clock.on():
            times[seed], dF = seconds(lambda function=function: clarke_differential(function))
        for factor in dF.factors:
            n_cells += len(factor.incident.cells)
            n_refuted += len(factor.incident.refuted)
            n_undecided += len(factor.incident.undecided)
    total = sum(times.values())
    slowest = sorted(times, key=lambda seed: -times[seed])[:3]
    print(f"the bank, seeds {seeds[0]} to {seeds[-1]}: {n_cells} patterns realised, {n_refuted} refutations, "
          f"{n_undecided} undecided")  # fmt: skip
    print(
        f"{total:.1f} s; median {statistics.median(times.values()):.3f} s; slowest: "
        + ", ".join(f"seed {seed} {times[seed]:.1f} s" for seed in slowest)
    )
    print(f"{'rung':38} {'asked':>7} {'decided':>8} {'CPU s':>8} {'ms each':>9} {'share':>7}")
    for rung in sorted(clock.calls, key=lambda rung: -clock.seconds[rung]):
        n, took = clock.calls[rung], clock.seconds[rung]
        print(f"{rung:38} {n:>7} {clock.decided[rung]:>8} {took:>8.2f} {1000 * took / n:>9.2f} {took / total:>6.0%}")
    rest = total - sum(clock.seconds.values())
    print(f"{'walk, gradients, hull':38} {'':>7} {'':>8} {rest:>8.2f} {'':>9} {rest / total:>6.0%}")


PARTS: dict[str, Callable[..., None]] = {"deep": deep, "wide": wide, "ladder": ladder}


if __name__ == "__main__":
    main()
