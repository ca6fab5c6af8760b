"""Which linear regions of a trained net touch, and why does a pattern not tell?

Question. The half-moons net of example 06 cuts the plane into polygons on which it is affine. Two of them whose
activation patterns differ in one neuron are commonly called neighbours. Are they?

Answer. Not always. The plane falls into 139 cells with 261 walls; the package relucent 1.0.0 finds the same 139 cells,
yet its graph has 263 edges, since it joins any two cells whose patterns differ in one sign. Two of its edges are false:
the cells differ in neuron 1 of layer 1 alone, but on one of them that neuron is nowhere above -0.0158 and on the other
nowhere below 0.0013, so that a line runs between their closures. A neuron of layer 2 is positive in the strip between
them: one has to cross its kink, that of neuron 1, and its kink again. Every wall found here has an exact point on it,
and the file that says so is re-checked cell by cell: every facet's other side is a cell of the list, so that none is
missing in all of the plane.

Reference. J. E. Grigsby, K. Lindsey, On transversality of bent hyperplane arrangements and the topological
expressiveness of ReLU neural networks (2022), for the complex and its bent hyperplanes; M. Masden, Algorithmic
determination of the combinatorial structure of the linear regions of ReLU neural networks (2022), for patterns.

Prints

    symflow            RegionGraph(139 cells, 261 walls, exact), 109 bounded, 139 affine maps
    relucent 1.0.0     139 cells, the same; 263 edges, of which 2 are false and none is missing
    false edge 1       flips (1, 1); there z is in [-0.1961, -0.0158] and in [0.0014, 0.0638]
    what lies between  flips (2, 2), then (1, 1), then (2, 2)
    false edge 2       flips (1, 1); there z is in [-0.1963, -0.1554] and in [0.0065, 0.0596]
    what lies between  flips (2, 2), then (1, 1), then (2, 2)
    certificates       accepted
"""

import json
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np

from symflow import Network, RegionGraph, tikz_regions, verify
from symflow.cli import main as symflow

HERE = Path(__file__).parent / "half_moons"
with np.load(HERE / "half_moons.npz") as arrays:
    W1, W2, W3, b1, b2, b3 = arrays.values()
regions = RegionGraph.of(Network.from_arrays(W1, W2, W3, biases=[b1, b2, b3]))

# What relucent returns for the same net, with its default settings (half_moons/run_relucent.py made the file).
theirs = json.loads((HERE / "relucent_graph.json").read_text(encoding="utf-8"))
number = {cell.pattern: cell.index for cell in regions.cells}
edges = {tuple(sorted(number[theirs["patterns"][i]] for i in pair)) for pair in theirs["adjacencies"]}
walls = {wall.cells for wall in regions.walls}
false, missing = sorted(edges - walls), walls - edges

print(f"symflow            {regions}, {regions.n_bounded} bounded, {regions.n_maps} affine maps")
print(
    f"relucent {theirs['relucent']}     {theirs['n_cells']} cells, the same; {len(edges)} edges, "
    f"of which {len(false)} are false and {'none is' if not missing else len(missing)} missing"
)

ranges, steps = [], []
for count, (i, j) in enumerate(false, start=1):
    (flip,) = regions.flips(i, j)
    # The neuron that flips is affine, and both cells are bounded: its range on each is that of the vertices.
    z = Network.from_arrays(W1[flip[1] - 1 : flip[1]], biases=[b1[flip[1] - 1 : flip[1]]])
    values = [[z(vertex)[0] for vertex in regions.cell(k).vertices] for k in (i, j)]
    (low, high), (next_low, next_high) = ((min(each), max(each)) for each in values)
    path = networkx.shortest_path(regions.graph, i, j)
    crossed = [regions.flips(*step) for step in pairwise(path)]
    ranges.append((low, high, next_low, next_high))
    steps.append(crossed)
    print(
        f"false edge {count}       flips {flip}; there z is in [{float(low):.4f}, {float(high):.4f}] "
        f"and in [{float(next_low):.4f}, {float(next_high):.4f}]"
    )
    print(f"what lies between  flips {', then '.join(str(flips[0]) for flips in crossed)}")

# The same from the problem file, by the command line; the checker re-checks it from the JSON alone.
with tempfile.TemporaryDirectory() as folder:
    result = Path(folder, "regions.json")
    code = symflow(["regions", str(HERE / "half_moons.toml"), "--json", "--output", str(result)])
    report = verify(result)
print(f"certificates       {'accepted' if report['accepted'] else 'rejected'}")

assert (regions.n_cells, regions.n_adjacencies, regions.n_bounded) == (139, 261, 109)
assert set(theirs["patterns"]) == set(number)
assert (len(false), len(missing)) == (2, 0)
assert all(high < 0 < next_low for _, high, next_low, _ in ranges)  # exact: the closures are apart
assert all(crossed == [((2, 2),), ((1, 1),), ((2, 2),)] for crossed in steps)
assert (code, report["accepted"], report["not_checked"]) == (0, True, [])

if len(sys.argv) > 1:
    picture = tikz_regions(regions, labels="none", window=((-2, 3), (-2, 2)), width=10)
    Path(sys.argv[1], "09_region_graph.tex").write_text(f"{picture}\n", encoding="utf-8")
