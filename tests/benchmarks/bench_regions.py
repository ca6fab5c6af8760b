"""Cells and adjacencies of random nets: symflow and relucent, turn by turn on the same nets, each in its own process.

Run ``python -m tests.benchmarks.bench_regions [NET...] [--peer PYTHON] [--timeout SECONDS]`` from the root; without
names it runs all nets. PYTHON is an interpreter that has relucent (``pip install -e '.[peers]'``, or an environment
of its own, since relucent brings Gurobi), by default this one. Where it has none, the columns say so.

The nets: ReLU, with biases, every entry round(64 n)/64 for a standard normal n. Drawn with
``numpy.random.default_rng(2024 + ord(name))`` (x1, x2: seeds of their own, below) in the order of the layers:
W_1 row by row, b_1, W_2, b_2, .., the affine last layer included. Both tools get the same numbers, which are exact in
binary floating point.

The columns. Cells have interior; adjacent cells share a wall of dimension d - 1. CPU seconds are of the process and its
children, from the net to the two (symflow: three) counts, imports excluded; the median of up to five runs while they
take less than a second. MB is the peak resident memory of the process or of its largest child above that of the same
interpreter with this file alone loaded; in parentheses the peak before the run, that is the price of the imports.
"goal" is what symflow is to reach. "facets/2" is half the number of facets that relucent's linear programs find, all
cells together: the number of adjacencies that its own facets imply, beside the number of edges of the graph that it
returns. The ratio is relucent's CPU seconds by symflow's; ">" where relucent was stopped after so many elapsed seconds.

relucent searches breadth first from a generic point (the origin may lie on a hyperplane, which it refuses), certifies
what it found and returns its dual graph: the defaults, with one worker process and no progress bar.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Only the standard library up here: a child's peak memory begins with that of the process that started it, and the
# peer's interpreter need not have what symflow needs.

ROOT = Path(__file__).parents[2]
Pairs = list[tuple[list[list[int]], list[int]]]  # a layer's weights and biases, times 64


@dataclass(frozen=True)
class Net:
    """Widths, the goal in CPU seconds and MB, and (cells, adjacencies, bounded cells) where they are known."""

    widths: tuple[int, ...]
    seconds: float
    megabytes: int | None
    known: tuple[int, int, int] | None
    seed: int | None = None


# What is known. e, h: one layer in general position, so Σ_{i≤d} C(n,i) cells, n Σ_{i<d} C(n-1,i) adjacencies,
# C(n-1,d) bounded cells. a, b, f, g: by cutting polygons over fractions, a program written for this check alone.
# c, d: by an exact prototype; relucent's facets imply the same cells and adjacencies.
NETS = {
    "a": Net((2, 16, 16, 1), 0.05, 30, (517, 999, 451)),
    "f": Net((2, 8, 8, 8, 8, 1), 0.04, 30, (362, 696, 310)),
    "b": Net((2, 32, 32, 1), 0.2, 30, (1831, 3598, 1707)),
    "c": Net((3, 12, 12, 1), 0.2, 30, (2400, 6884, 1880)),
    "d": Net((4, 10, 10, 1), 0.8, 30, (6793, 25697, 4575)),
    "g": Net((2, 64, 64, 1), 1.5, 60, (8849, 17569, 8595)),
    "e": Net((5, 20, 1), 5, None, (21700, 100720, 11628)),
    "x1": Net((3, 32, 32, 1), 8, 150, None, seed=1),
    "x2": Net((2, 128, 128, 1), 10, None, None, seed=2),
    "h": Net((6, 24, 1), 60, None, (190051, 1069248, 100947)),
}


def main() -> None:
    """Print the table, or do one job of it in a child process."""
    parser = argparse.ArgumentParser(description="cells and adjacencies of random nets: symflow beside relucent")
    parser.add_argument("nets", nargs="*", metavar="NET", help=f"of {' '.join(NETS)} (default: all)")
    parser.add_argument("--peer", default=sys.executable, metavar="PYTHON", help="an interpreter that has relucent")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="a tool and net (default 120)")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.nets) - set(NETS)):
        parser.error(f"no net {', '.join(unknown)}; the nets are {' '.join(NETS)}")
    if arguments.job:
        print(json.dumps(JOBS[arguments.job](json.load(sys.stdin))))
        return
    names = arguments.nets or list(NETS)
    floor = {python: job(python, "bare", None, 60)["peak"] for python in (sys.executable, arguments.peer)}
    show_head()
    for name in names:
        layers = job(sys.executable, "draw", name, 60)
        ours = job(sys.executable, "symflow", layers, arguments.timeout)
        theirs = job(arguments.peer, "relucent", layers, arguments.timeout)
        show(name, ours, theirs, floor[sys.executable], floor[arguments.peer], arguments.timeout)


def job(python: str, what: str, given: object, timeout: float) -> Any:
    """Return what a child process answers, or {"failed": reason}; it and its own children end with the time limit."""
    command = [python, "-m", "tests.benchmarks.bench_regions", "--job", what]
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | one_thread,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a process group of its own, so that worker processes can be stopped with it
    )
    try:
        answer, complaint = child.communicate(json.dumps(given), timeout=timeout)
    except subprocess.TimeoutExpired:
        return {"failed": f"none in {timeout:g} s", "stopped": True}
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode:
        return {"failed": (complaint.strip().splitlines() or [f"exit code {child.returncode}"])[-1][:60]}
    return json.loads(answer)


# --- what a child process does


def bare(_: object) -> dict[str, int]:
    """Measure the interpreter alone."""
    return {"peak": peak()}


def draw(name: str) -> Pairs:
    """Draw a net; every entry is an integer that stands for its 64th part."""
    import numpy as np

    net = NETS[name]
    rng = np.random.default_rng(2024 + ord(name) if net.seed is None else net.seed)
    layers = []
    for fan_in, fan_out in zip(net.widths, net.widths[1:], strict=False):
        weights = np.round(rng.standard_normal((fan_out, fan_in)) * 64).astype(int)
        biases = np.round(rng.standard_normal(fan_out) * 64).astype(int)
        layers.append((weights.tolist(), biases.tolist()))
    return layers


def symflow_counts(layers: Pairs) -> dict[str, Any]:
    """Measure symflow."""
    from fractions import Fraction

    try:
        from symflow.nets.network import Network
        from symflow.regions.region_graph import RegionGraph
    except ImportError as error:
        return {"failed": f"not installed: {error.name}"}
    weights = [[[Fraction(entry, 64) for entry in row] for row in W] for W, _ in layers]
    biases = [[Fraction(entry, 64) for entry in b] for _, b in layers]

    def run() -> dict[str, Any]:
        graph = RegionGraph.of(Network.from_weights(*weights, biases=biases))
        return {"cells": graph.n_cells, "adjacencies": graph.n_adjacencies, "bounded": graph.n_bounded}

    return measured(run)


def relucent_counts(layers: Pairs) -> dict[str, Any]:
    """Measure relucent."""
    try:
        import numpy as np
        from relucent import Complex, generic_topology_start
    except ImportError:
        return {"failed": "not installed"}
    pairs = [(np.array(weights) / 64, np.array(biases) / 64) for weights, biases in layers]

    def run() -> dict[str, Any]:
        regions = Complex(pairs)
        search = regions.bfs(generic_topology_start(regions), nworkers=1, verbose=0)
        edges = regions.dual_graph().number_of_edges()
        half_facets = search.mean_facets * len(regions) / 2
        return {"cells": len(regions), "adjacencies": edges, "facets/2": round(half_facets)}

    return measured(run)


JOBS: dict[str, Callable[[Any], Any]] = {
    "bare": bare,
    "draw": draw,
    "symflow": symflow_counts,
    "relucent": relucent_counts,
}


def measured(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the counts, the median CPU seconds of up to five runs, and the peak memory before and after, in KiB."""
    before = peak()
    times: list[float] = []
    while not times or (len(times) < 5 and sum(times) < 1):
        begin = cpu_seconds()
        counts = run()
        times.append(cpu_seconds() - begin)
    return counts | {"seconds": statistics.median(times), "loaded": before, "peak": peak()}


def cpu_seconds() -> float:
    """Return user and system time of this process and of its children that have ended."""
    import resource  # not on every system, and this file is imported wherever the tests are collected

    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak() -> int:
    """Return the largest resident memory of this process or of one of its children that have ended, in KiB."""
    import resource

    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return largest // 1024 if sys.platform == "darwin" else largest


# --- the table


def show_head() -> None:
    """Print what the columns are."""
    print(f"{'':18}symflow{'':50}goal{'':13}relucent")
    print(
        f"{'net':4}{'dims':>13} {'cells':>7} {'adjacent':>8} {'bounded':>8} {'CPU s':>8} {'MB (before)':>13}"
        f" {'CPU s':>11} {'MB':>4}  {'cells':>7} {'adjacent':>8} {'facets/2':>8} {'CPU s':>8} {'MB (before)':>13}"
        f" {'ratio':>8}"
    )


def show(name: str, ours: Any, theirs: Any, our_floor: int, their_floor: int, timeout: float) -> None:
    """Print one line, and below it what is not as it is known to be."""
    net = NETS[name]
    dims = "-".join(str(width) for width in net.widths)
    left = columns(ours, ("cells", "adjacencies", "bounded"), our_floor)
    right = columns(theirs, ("cells", "adjacencies", "facets/2"), their_floor)
    ratio = ""
    if "seconds" in ours and "seconds" in theirs:
        ratio = f"{theirs['seconds'] / ours['seconds']:.0f}x"
    elif "seconds" in ours and "stopped" in theirs:
        ratio = f">{timeout / ours['seconds']:.0f}x"
    goal = f"{net.seconds:>11g} {net.megabytes or '-':>4}"
    print(f"{name:4}{dims:>13} {left} {goal}  {right} {ratio:>8}", flush=True)
    if net.known is None:
        return
    for tool, answer in (("symflow", ours), ("relucent", theirs)):
        for key, value in zip(("cells", "adjacencies", "bounded"), net.known, strict=True):
            if answer.get(key, value) != value:
                print(f"{'':18}{tool} is wrong: {answer[key]} {key}, in truth {value}", flush=True)


def columns(answer: Any, counts: tuple[str, str, str], floor: int) -> str:
    """Return one tool's columns, or why there are none."""
    if "failed" in answer:
        return f"{answer['failed']:>48}"
    first, second, third = (answer[key] for key in counts)
    memory = f"{(answer['peak'] - floor) / 1024:.0f} ({(answer['loaded'] - floor) / 1024:.0f})"
    return f"{first:>7} {second:>8} {third:>8} {answer['seconds']:>8.3g} {memory:>13}"


if __name__ == "__main__":
    main()
