"""Ask relucent for the region graph of the half-moons net and write what it answers to `relucent_graph.json`.

Run ``PYTHON worked_examples/half_moons/run_relucent.py`` with an interpreter that has relucent; the file in the
repository is from relucent 1.0.0 (``pip install relucent==1.0.0``; its Gurobi needs no licence for a net of this size,
and no PyTorch is needed). It takes three seconds. The script is kept as the record of how the file was made: neither
the tests nor the worked examples run it, they read the file.

relucent gets the weights of `half_moons.npz` as they are, searches breadth first from a generic point over all of the
plane, certifies the result (it says ``verified``) and returns its dual graph.

The file: `relucent`, the version; `n_cells` and `n_adjacencies`, of its graph; `verified`, its word; `patterns`, one
a cell: one sign a hidden neuron, layer by layer, sorted in the order - 0 +; `adjacencies`, the edges of the graph as
pairs of indices (from 0) into `patterns`; `facets`, for each cell the neurons (from 1, counted through both layers) on
whose kink relucent's linear program finds a facet of it, when it is asked for that cell alone.

The graph and the facets do not agree. There are 522 facets, hence 261 walls, and the graph has 263 edges: it joins any
two cells whose patterns differ in one sign, and for the pairs (6, 83) and (8, 86) neuron 1 is in neither's `facets`.
Rightly so, for the two cells have no point in common: z_1 < -1/100 on all of the one and z_1 > 1/1000 on all of the
other. Between them lies the strip where neuron 10, the second of layer 2, is positive; neuron 1 changes sign in there.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from relucent import Complex, generic_topology_start

FOLDER = Path(__file__).parent
ORDER = "-0+"


def main() -> None:
    """Write the file."""
    with np.load(FOLDER / "half_moons.npz") as arrays:
        layers = [(arrays[f"W{layer}"].astype(float), arrays[f"b{layer}"].astype(float)) for layer in (1, 2, 3)]
    regions = Complex(layers)
    regions.bfs(generic_topology_start(regions), nworkers=1, verbose=0)
    edges = regions.dual_graph(relabel=True).edges
    found = [pattern(cell.ss_np) for cell in regions]
    patterns = sorted(found, key=lambda word: [ORDER.index(sign) for sign in word])
    place = {word: i for i, word in enumerate(patterns)}
    facets = {pattern(cell.ss_np): fresh_facets(regions, cell.ss_np) for cell in regions}
    answer = {
        "relucent": version("relucent"),
        "n_cells": len(patterns),
        "n_adjacencies": len(edges),
        "verified": regions.verified,
        "patterns": patterns,
        "adjacencies": sorted(sorted((place[found[i]], place[found[j]])) for i, j in edges),
        "facets": [facets[word] for word in patterns],
    }
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in answer.items())
    (FOLDER / "relucent_graph.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


def pattern(signs: np.ndarray) -> str:
    """Return the word of signs, - 0 +."""
    return "".join(ORDER[int(sign) + 1] for sign in signs.ravel())


def fresh_facets(regions: Complex, signs: np.ndarray) -> list[int]:
    """Return the neurons of the cell's facets, of a new object: in the graph's cells the edges overwrite them."""
    return sorted(int(k) + 1 for k in regions.ss2poly(signs.copy(), check_exists=False).shis)


if __name__ == "__main__":
    main()
