"""May one differentiate a risk datum by datum?

Question. Automatic differentiation adds up the gradients of the single terms. For Clarke differentials the sum rule
∂(sum_k c_k f_k) = sum_k c_k ∂f_k is an inclusion only. When is it an equality?

Answer. One hidden layer, any data: look at the data on which neuron j vanishes, split them by the sign of c_k v_j.
Equality holds if and only if, for every neuron, the spans of the two parts meet in 0 only (Theorem 4,
symflow/differentials/sum_rule.py). So 3 f(x) - f(3x) = 0 breaks it: parallel data, opposite signs. The true set is
{0}; adding up term by term gives a segment of length 12 √2, all of it spurious but the middle. With equal signs, or
with two data that are not parallel, term by term is right.

Reference. F. H. Clarke, Optimization and Nonsmooth Analysis (1983), Proposition 2.3.3 (the inclusion); L. Tian,
A. M.-C. So, Testing stationarity concepts for ReLU networks (2023), for conditions of this type.

Prints (in the two weights of the neuron)

    3 f(x) - f(3x)   strict   true: (0, 0)
                              sums: (-6, -6), (0, 0), (6, 6)
    3 f(x) + f(3x)   equal    true: (0, 0), (12, 12)
                              sums: (0, 0), (6, 6), (12, 12)
    3 f(x) - f(y)    equal    true: (-2, 0), (0, 0), (4, 6), (6, 6)
                              sums: (-2, 0), (0, 0), (4, 6), (6, 6)
"""

import itertools
import sys
from pathlib import Path

from symflow import Network, clarke_differential, problem_from_tree

# One neuron u = (1, -1), v = 2. It vanishes on x = (1, 1), on 3x, and, for the third problem, on no other line;
# so there the neuron is u = (0, 0), which vanishes on everything.
x, triple, y = [1, 1], [3, 3], [1, 0]


def differential(u, inputs, coefficients):
    """Return the Clarke differential of sum_k c_k f(x_k; w) in the weights."""
    return clarke_differential(
        problem_from_tree(
            {
                "network": {"activation": "relu", "weights": [[u], [[2]]]},
                "data": {"inputs": inputs},
                "objective": {"kind": "combination", "coefficients": coefficients},
            }
        ).function()
    )


def shown(vectors):
    """Write the parts that belong to the neuron's weights; the outer weight's part is fixed."""
    return ", ".join(f"({a}, {b})" for a, b, *_ in sorted(set(vectors)))


results = []
for name, u, inputs, coefficients in [
    ("3 f(x) - f(3x)", [1, -1], [x, triple], [3, -1]),
    ("3 f(x) + f(3x)", [1, -1], [x, triple], [3, 1]),
    ("3 f(x) - f(y)", [0, 0], [x, y], [3, -1]),
]:
    whole = differential(u, inputs, coefficients)
    parts = [differential(u, [datum], [c]) for datum, c in zip(inputs, coefficients, strict=True)]
    sums = [
        tuple(a + b for a, b in zip(first, second, strict=True))
        for first, second in itertools.product(*(part.vertices for part in parts))
    ]
    is_equal = all(whole.contains(vector).is_proved for vector in sums)  # the other inclusion always holds
    results.append((whole.n_vertices, is_equal))
    print(f"{name:16} {'equal' if is_equal else 'strict':8} true: {shown(whole.vertices)}")
    print(f"{'':25} sums: {shown(sums)}")

assert results == [(1, False), (2, True), (4, True)]
# Where the whole set is {0}, the function is the constant 0: 3 relu(z) - relu(3 z) = 0.
assert Network.from_weights([[1, -1], [3, -3]], [[6, -2]])((5, 1)) == (0,)

if len(sys.argv) > 1:
    Path(sys.argv[1], "05_the_sum_rule.tex").write_text(f"{whole._repr_latex_()}\n", encoding="utf-8")
