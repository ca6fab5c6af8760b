"""What takes the gradient's place where neurons of a deep net are at a kink, in letters, for all weights?

Question. f(x; w) = W_3 relu(W_2 relu(W_1 x)) with two neurons in each hidden layer and symbolic weights. What is its
Clarke differential where the first neuron of each layer is at its kink?

Answer. The chain rule with a slope θ_1 and θ_2 at the two kinks, each 0 or 1, and the hull of the four gradients: ∂f =
conv { g(θ) }, where the block of u_1 is θ_1 (θ_2 v_1 W2[1,1] + a v_2 W2[2,1]) x. The hypothesis: x and h_1 = relu(W_1
x) do not vanish. Then the preactivations at the kinks have linearly independent gradients, that of each by its own row
being its features, so that all four choices of their signs occur near by (Proposition 6). Since a product θ_1 θ_2
occurs, numbers 0 < θ < 1 give points of the hull, but in general not all of them: in the example below θ_2 = 1/2 gives
one value of the block of u_1, while the hull has a segment of them.
If both neurons of the first layer are at their kinks, h_1 = 0 and nothing of this holds.

Reference. F. H. Clarke, Optimization and nonsmooth analysis (1983), for the set; symflow/cells/deep_kinks.py for the
proposition and its proof.

Prints

    the other neurons   (0+|0-), (0+|0+)
    by W1[1,1]          W2[1,1]*W3[1,1]*x[1]*theta[1]*theta[2] + W2[2,1]*W3[1,2]*x[1]*theta[1]
    at a point          W1 = [[-1, 1], [1, 0]], W2 = [[-2, 0], [1, 1]], W3 = [[1, 1]], x = (1, 1)
    four gradients      by W1[1,1] and W2[1,2]: (0, 0), (1, 0), (0, 1), (-1, 1)
    symflow clarke      has the same four
    both of layer 1     no weights
"""

import re
import sys
import tempfile
from itertools import product
from pathlib import Path

import sympy

from symflow import Architecture, Output, activation, clarke_differential, derive, problem_from_tree
from symflow.cli import main as symflow

shape = Architecture(widths=(2, 2, 2, 1), activations=(activation("relu"),) * 2, has_biases=False)
(kinks,) = derive(shape, Output(), kinks=[(1, 1), (2, 1)]).deep_kinks.sets


def read(polynomial):
    """Read a polynomial in W1[1,2], theta[1], .. with sympy, which knows nothing of symflow."""
    return sympy.sympify(re.sub(r"\[(\d+)(?:,(\d+))?\]", r"_\1_\2", str(polynomial)))


words = ["".join(stratum.characters) for stratum in kinks.strata]
print(f"the other neurons   {', '.join(f'({word[:2]}|{word[2:]})' for word in words)}")
plus = kinks.strata[-1]
print(f"by W1[1,1]          {plus.gradient[0]}")

W, x = [[["-1", "1"], ["1", "0"]], [["-2", "0"], ["1", "1"]], [["1", "1"]]], ["1", "1"]
print("at a point          W1 = [[-1, 1], [1, 0]], W2 = [[-2, 0], [1, 1]], W3 = [[1, 1]], x = (1, 1)")
entries = [value for matrix in W for row in matrix for value in row] + x
values = {read(name): int(value) for name, value in zip(kinks.ring.names, entries, strict=False)}
gradients = []
for theta_2, theta_1 in product((0, 1), repeat=2):
    at = {**values, read("theta[1]"): theta_1, read("theta[2]"): theta_2}
    gradients.append(tuple(int(read(entry).subs(at)) for entry in plus.gradient))
print(f"four gradients      by W1[1,1] and W2[1,2]: {', '.join(str((g[0], g[5])) for g in gradients)}")

net = {"activation": "relu", "weights": W}
df = clarke_differential(problem_from_tree({"network": net, "data": {"inputs": [x]}}).function())
same = {tuple(map(int, map(str, point))) for point in df.bouligand_differential} == set(gradients)
print(f"symflow clarke      {'has the same four' if same else 'has others'}")

(never,) = derive(shape, Output(), kinks=[(1, 1), (1, 2)]).deep_kinks.sets
print(
    f"both of layer 1     {'no weights' if never.lists_all and not never.strata + never.undecided else 'some weights'}"
)

assert df.is_exact
assert same
assert len(set(gradients)) == 4
assert not kinks.is_affine

if len(sys.argv) > 1:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "deep.toml")
        file.write_text('[network]\nactivation = "relu"\nwidths = [2, 2, 2, 1]\n')
        out = f"{sys.argv[1]}/10_kinks_of_a_deep_net.tex"
        assert symflow(["derive", str(file), "--kinks", "1,1;2,1", "--latex", "--output", out]) == 0
