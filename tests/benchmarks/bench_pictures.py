"""How long a map takes: the exact part, and each writer with it.

Run ``python -m tests.benchmarks.bench_pictures`` from the root. Net a, of 517 cells, is that of ``bench_regions``.
Seconds of one process; the region graph, its maps and its vertices are computed before. The goal is a second for 517
cells without labels.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from symflow.nets.network import Network
from symflow.pictures.picture_file import picture
from symflow.pictures.region_map import region_map
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.tikz_regions import tikz_regions
from symflow.regions.region_graph import RegionGraph

SHAPES = {"a": (2, 16, 16, 1), "wide": (2, 40, 1), "deep": (2, 16, 16, 16, 1)}


WORKS: tuple[Callable[[RegionGraph], object], ...] = (
    region_map,
    partial(tikz_regions, labels="none"),
    partial(svg_regions, labels="none"),
    partial(picture, ending=".png", labels="none"),
    svg_regions,
    partial(picture, ending=".png"),
)


def net(name: str) -> Network:
    """Return a net of normal 64ths, drawn layer by layer."""
    draw = np.random.default_rng(2024 + ord(name[0])).standard_normal
    layers = [[np.round(64 * draw(size)) / 64 for size in ((m, n), m)] for n, m in pairwise(SHAPES[name])]
    return Network.from_arrays(*(weights for weights, _ in layers), biases=[bias for _, bias in layers])


def seconds(work: Callable[[], object]) -> float:
    """Return the least of three runs."""
    found = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return min(found)


def main() -> None:
    """Print one line a net."""
    print(f"{'net':5}{'cells':>7}{'map':>9}{'tikz':>9}{'svg':>9}{'png':>9}   without labels; with them: svg, png")
    for name in SHAPES:
        graph = RegionGraph.of(net(name))
        region_map(graph)
        times = [seconds(partial(work, graph)) for work in WORKS]
        print(f"{name:5}{graph.n_cells:>7}" + "".join(f"{t:9.3f}" for t in times), flush=True)


if __name__ == "__main__":
    main()
