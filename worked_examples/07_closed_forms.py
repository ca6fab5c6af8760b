"""What are the gradient and the subgradients of a 2-2-1 net, in letters, for all weights and all inputs?

Question. f(x; w) = v_1 relu(<u_1, x>) + v_2 relu(<u_2, x>) with symbolic u, v and x. What is it on each piece, what is
its gradient there, and what takes the gradient's place on the kinks?

Answer. Four pieces, one a sign pattern of the two preactivations z_j = <u_j, x>, all of which occur. Where z_j > 0 the
block of u_j is v_j x and the entry of v_j is z_j; where z_j < 0 both are 0. On the kink z_j = 0, x ≠ 0, the block of
u_j is θ v_j x with 0 <= θ <= 1, and the entry of v_j is 0 from both sides; at a double kink θ_1 and θ_2 are
independent, since the neurons share no weight (Theorem 3, symflow/cells/kinks.py). On every piece, and so for every
subgradient, <W_1, ∇_{W_1} f> = <W_2, ∇_{W_2} f> = f.

Reference. S. S. Du, W. Hu, J. D. Lee, Algorithmic regularization in learning deep homogeneous models: layers are
automatically balanced (2018), for that identity and what it does to a gradient flow.

Prints

    --   f = 0
         <W_1, ∇> - f = 0, <W_2, ∇> - f = 0
    -+   f = W1[2,1]*W2[1,2]*x[1] + W1[2,2]*W2[1,2]*x[2]
         <W_1, ∇> - f = 0, <W_2, ∇> - f = 0
    +-   f = W1[1,1]*W2[1,1]*x[1] + W1[1,2]*W2[1,1]*x[2]
         <W_1, ∇> - f = 0, <W_2, ∇> - f = 0
    ++   f = W1[1,1]*W2[1,1]*x[1] + W1[1,2]*W2[1,1]*x[2] + W1[2,1]*W2[1,2]*x[1] + W1[2,2]*W2[1,2]*x[2]
         <W_1, ∇> - f = 0, <W_2, ∇> - f = 0
    on the kink of neuron 1, its block runs from (0, 0) to (W2[1,1]*x[1], W2[1,1]*x[2])
    on the kink of neuron 2, its block runs from (0, 0) to (W2[1,2]*x[1], W2[1,2]*x[2])
"""

import re
import sys
import tempfile
from pathlib import Path

import sympy

from symflow import Architecture, Output, activation, derive
from symflow.cli import main as symflow

shape = Architecture(widths=(2, 2, 1), activations=(activation("relu"),), has_biases=False)
closed_form = derive(shape, Output())


def read(text):
    """Read a polynomial in W1[1,2], x[1], .. with sympy, which knows nothing of symflow."""
    return sympy.sympify(re.sub(r"\[(\d+)(?:,(\d+))?\]", r"_\1_\2", text))


def defects(piece):
    """Return <W_l, ∇_{W_l} f> - f for each layer l, expanded."""
    f = read(closed_form.value(piece))
    for name, rows in closed_form.gradient(piece).items():
        entries = ((f"{name}[{i},{j}]", d) for i, row in enumerate(rows, 1) for j, d in enumerate(row, 1))
        yield sympy.expand(sum(read(weight) * read(partial) for weight, partial in entries) - f)


for piece in closed_form.pieces:
    first, second = defects(piece)
    print(f"{closed_form.pattern(piece)}   f = {closed_form.value(piece)}")
    print(f"     <W_1, ∇> - f = {first}, <W_2, ∇> - f = {second}")
    assert first == second == 0

ends = {}
for neuron in closed_form.kinks:
    (kink,) = neuron.kinks
    (segment,) = kink.block.segments
    ends[neuron.neuron] = [f"({', '.join(map(str, end))})" for end in (segment.minus, segment.plus)]
    low, high = ends[neuron.neuron]
    print(f"on the kink of neuron {neuron.neuron}, its block runs from {low} to {high}")

assert closed_form.is_complete
assert [closed_form.pattern(piece) for piece in closed_form.pieces] == ["--", "-+", "+-", "++"]
assert ends[2] == ["(0, 0)", "(W2[1,2]*x[1], W2[1,2]*x[2])"]

if len(sys.argv) > 1:
    with tempfile.TemporaryDirectory() as folder:
        shape_file = Path(folder, "shape.toml")
        shape_file.write_text('[network]\nactivation = "relu"\nwidths = [2, 2, 1]\n[data]\ninputs = "symbolic"\n')
        assert symflow(["derive", str(shape_file), "--latex", "--output", f"{sys.argv[1]}/07_closed_forms.tex"]) == 0
