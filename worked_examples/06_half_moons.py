"""Where do the kinks of a trained net meet, and what is its derivative there?

Question. A 2-8-8-1 relu net was trained on two interleaving half-moons (half_moons/train.py: 3000 steps of gradient
descent, loss 0.00072, all 200 data told apart). Its weights are floats. Can one stand exactly on two of its kinks?

Answer. Yes: a float is a dyadic rational, a kink of layer 1 is a line with rational coefficients, and on each cell of
layer 1 so is a kink of layer 2. Neurons 3 of both layers meet at a point with a denominator of 22 digits,
where both preactivations are 0, not 10^-17. All four sign patterns occur there, the Clarke differential is a
quadrilateral, and it contains 0: the point is Clarke stationary. Automatic differentiation returns one of the four
corners, about (2.43, -1.51), and nothing in it tells of that. Yet f goes up to one side and down to the other: it is
neither a minimum nor a maximum. The certificates of the set are re-checked by a checker that trusts no search.

Reference. B. Hanin, D. Rolnick, Deep ReLU networks have surprisingly few activation patterns (2019), for how kinks of
deeper layers bend; F. H. Clarke, Optimization and Nonsmooth Analysis (1983), section 2.3, for stationary points.

Prints

    the point          (0.6185151185, -0.7039518331), a denominator of 22 digits
    preactivations     0 and 0
    the set            ClarkeDifferential(polygon in R^2, 4 vertices, exact)
    its corners        (-26.5811, 15.2957) (-20.8034, 18.4830) (2.4311, -1.5063) (5.7781, 0.3401)
    stationary         yes; shortest element (0, 0)
    autodiff           (2.4311, -1.5063), in the set
    up and down        (0.000340, -0.018483) is the change of f at x ± e_2/1000
    certificates       accepted
"""

import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np

from symflow import Network, Realization, autodiff_selection, clarke_differential, read_problem, verify
from symflow.cli import main as symflow

HERE = Path(__file__).parent / "half_moons"
with np.load(HERE / "half_moons.npz") as arrays:
    W1, W2, W3, b1, b2, b3 = arrays.values()
net = Network.from_arrays(W1, W2, W3, biases=[b1, b2, b3])

# A preactivation is itself the output of a net: the layers up to it.
first = Realization(Network.from_arrays(W1, biases=[b1]), output=3)
second = Realization(Network.from_arrays(W1, W2, biases=[b1, b2]), output=3)


def affine_at(z, x):
    """Return the value and the gradient of a preactivation at a point off its kinks, as fractions."""
    (gradient,) = clarke_differential(z, at=x).vertices
    return Fraction(str(z.at(x).value)), [Fraction(str(entry)) for entry in gradient]


# Near the start both are affine; so the zero of the two linear equations (Cramer's rule) is the exact meeting point.
start = (Fraction(62, 100), Fraction(-70, 100))
(p, g), (q, h) = affine_at(first, start), affine_at(second, start)
determinant = g[0] * h[1] - g[1] * h[0]
x = (start[0] + (g[1] * q - h[1] * p) / determinant, start[1] + (h[0] * p - g[0] * q) / determinant)
preactivations = (first.at(x).value, second.at(x).value)


def rounded(vector, digits=4):
    """Write decimals for reading; nothing is computed with them."""
    return f"({', '.join(f'{float(Fraction(str(v))):.{digits}f}' for v in vector)})"


df = clarke_differential(Realization(net), at=x)
autodiff = autodiff_selection(Realization(net).at(x))
step = Fraction(1, 1000)
up, here, down = (net((x[0], x[1] + d))[0] for d in (step, 0, -step))

# The same from the problem file, by the command line; the result is re-checked from its JSON alone.
assert tuple(read_problem(HERE / "half_moons.toml").at) == Realization(net).at(x).point
with tempfile.TemporaryDirectory() as folder:
    result = Path(folder, "clarke.json")
    code = symflow(["clarke", str(HERE / "half_moons.toml"), "--json", "--output", str(result)])
    report = verify(result)

print(f"the point          {rounded(x, 10)}, a denominator of {len(str(x[1].denominator))} digits")
print(f"preactivations     {preactivations[0]} and {preactivations[1]}")
print(f"the set            {df}\nits corners        {' '.join(map(rounded, df.vertices))}")
print(f"stationary         {'yes' if df.contains_zero else 'no'}; shortest element (0, 0)")
print(f"autodiff           {rounded(autodiff)}, in the set")
print(f"up and down        {rounded((up - here, down - here), 6)} is the change of f at x ± e_2/1000")
print(f"certificates       {'accepted' if report['accepted'] else 'rejected'}")

assert preactivations == (0, 0)
assert df.is_exact
assert (df.n_vertices, df.n_limiting_gradients, df.dimension) == (4, 4, 2)
assert df.contains_zero
assert df.minimal_norm_element == (0, 0)
assert df.contains(autodiff).is_proved
assert up > here > down
assert (code, report["accepted"], report["not_checked"]) == (0, True, [])

if len(sys.argv) > 1:
    corners = ",\\ ".join(rounded(vertex, 2) for vertex in df.vertices)  # the exact ones fill a page
    claim = r"\partial f(x)=\operatorname{conv}\{c_i\}\ni 0"
    latex = rf"$$\begin{{gathered}}{claim}\\ c_i\approx{corners}\end{{gathered}}$$"
    Path(sys.argv[1], "06_half_moons.tex").write_text(f"{latex}\n", encoding="utf-8")
