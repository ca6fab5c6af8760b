"""Does a gradient flow keep what it kept when a neuron crosses a datum?

Question. Two relu neurons that are both active on two data move like a linear net, whose flow keeps the whole matrix
W1 W1^T - W2^T W2. What is left of that when one of them switches off on a datum?

Answer. The diagonal: each neuron stays balanced, on every piece. The entry off the diagonal, h = <u1, u2> - v1 v2, is
kept up to the crossing and changes at the rate 1 right after it; instead the flow now keeps h' = u2[1] - u2[2], since
neuron 2 moves along its one datum (1, 1) only. So there are three laws before and three after, of which two are the
same, and no more: the velocities and their brackets span 3 of 6 dimensions on each side, which is proved by a minor
that is not zero, at an integer point, and 4 on both together.

Reference. S. Marcotte, R. Gribonval, G. Peyre, Abide by the law and follow the flow: conservation laws for gradient
flows (2023). S. Du, W. Hu, J. Lee, Algorithmic regularization in learning deep homogeneous models: layers are
automatically balanced (2018), for the diagonal.

Prints

    at w               neuron 2 vanishes on x2 = (0, 1); both cells send it from + to -
    before  ++|++      3 laws: balancing 1, balancing 2, W1[1,1]*W1[2,1] + W1[1,2]*W1[2,2] - W2[1,1]*W2[1,2]
    after   ++|+-      3 laws: balancing 1, balancing 2, W1[2,1] - W1[2,2]
    on both            2 laws, and no more
    dh/dt              0 before, 1 after
    dh'/dt             1 before, 0 after
    on the map         laws by cell of neuron 2: {'--': 4, '-+': 3, '+-': 3, '++': 3}
    certificates       accepted
"""

import json
import sys
import tempfile
from pathlib import Path

from symflow import Architecture, activation, laws_map, laws_of_problem, problem_from_tree, star, tikz_regions, verify
from symflow.cli import main as symflow

tree = {
    "title": "Neuron 2 leaves the second datum",
    "network": {"activation": "relu", "weights": [[[1, 1], [1, 0]], [[1, 1]]]},
    "data": {"inputs": [[1, 1], [0, 1]], "labels": [1, 0]},
    "objective": {"kind": "risk", "loss": "squared"},
    "laws": {"model": "cell"},
}
problem = problem_from_tree(tree)
found = laws_of_problem(problem)
cells = {cell.pattern: cell.found for cell in found.cells}
before, after = cells["++|++"], cells["++|+-"]

# The velocity on each side, minus the gradient of the risk there: u2' = -2 x1 - x2 before, -2 x1 after.
risk = problem.function()
here = star(risk)
velocity = {cell.pattern: [-entry for entry in g] for cell, g in zip(here.cells, here.gradients, strict=True)}
crossing = [motion[3] for motion in velocity.values()]  # how <u2, x2> moves
print("at w               neuron 2 vanishes on x2 = (0, 1); both cells send it from + to -")


def rate(law, pattern):
    """Return how fast a law changes along the velocity on a cell."""
    slopes = law.polynomial.gradient_at(risk.point)
    return sum(slope * entry for slope, entry in zip(slopes, velocity[pattern], strict=True))


def listed(laws):
    """Return the laws by name, or as they are."""
    return ", ".join(f"balancing {law.neurons[0]}" if law.kind == "balancing" else repr(law) for law in laws)


gram, span = before.laws[-1], after.laws[0]
print(f"before  ++|++      {before.n_laws} laws: {listed(before.laws)}")
print(f"after   ++|+-      {after.n_laws} laws: {listed([*after.laws[1:], span])}")
print(f"on both            {found.joint.n_laws} laws, and no more")
print(f"dh/dt              {rate(gram, '++|++')} before, {rate(gram, '++|+-')} after")
print(f"dh'/dt             {rate(span, '++|++')} before, {rate(span, '++|+-')} after")

shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
map_ = laws_map(shape, tree["data"]["inputs"], neuron=2)
counts = {map_.graph.pattern(cell.index): map_.counts.numbers[cell.index] for cell in map_.cells}
print(f"on the map         laws by cell of neuron 2: {counts}")

with tempfile.TemporaryDirectory() as folder:
    file, result = Path(folder, "problem.json"), Path(folder, "laws.json")
    file.write_text(json.dumps(tree), encoding="utf-8")
    code = symflow(["laws", str(file), "--json", "--output", str(result)])
    report = verify(result)
print(f"certificates       {'accepted' if report['accepted'] else 'rejected'}")

assert all(entry < 0 for entry in crossing)
assert all(laws.is_complete for laws in (before, after, found.joint))
assert (before.lie_dimension, after.lie_dimension, found.joint.lie_dimension) == (3, 3, 4)
assert sorted(velocity) == ["++|++", "++|+-"]
assert [rate(law, pattern) for law in (gram, span) for pattern in ("++|++", "++|+-")] == [0, 1, 1, 0]
assert (code, report["accepted"], report["not_checked"]) == (0, True, [])

if len(sys.argv) > 1:
    Path(sys.argv[1], "11_a_law_that_breaks.tex").write_text(f"{tikz_regions(map_)}\n", encoding="utf-8")
