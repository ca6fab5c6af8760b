"""Is a function with gradient 0 at a point smooth there, as far as the Clarke differential can tell?

Question. The 1-2-1-1 net with W_1 = (0, 0), W_2 = (-1, 0), W_3 = -1 on the datum x = -1. Its output f(w) is even
differentiable at w, with gradient 0. Is {0} its Clarke differential?

Answer. No: it is the segment from 0 to (-1, 0, 0, 0, 0). Approach w along a straight line and the gradients tend to
0, whatever its direction; approach it along the curve W_1 = (-ε², -ε), W_2 = (-1, 2ε) and they tend to the other end.
There z_2 = -ε² + 2ε² > 0, on a cell that is a cusp at w: it contains the beginning of no ray. So no method that looks
at directions only, by linear programs or by sampling along lines, finds it. symflow searches for curves as well, and
keeps one of them as certificate. Differentiable is not enough for a one-point set; strictly differentiable is.

Reference. F. H. Clarke, Optimization and Nonsmooth Analysis (1983), Proposition 2.2.4 (strict differentiability);
J. Milnor, Singular Points of Complex Hypersurfaces (1968), section 3 (the curve selection lemma).

Prints

    the set                     ClarkeDifferential(segment in R^5, 2 vertices, exact)
    its ends                    (-1, 0, 0, 0, 0) and (0, 0, 0, 0, 0)
    gradients along 500 lines   all entries at most 1/50 in size at ε = 1/1000
    gradient along the curve    (-1, 1/500, -1/1000000, -1/1000, 1/1000000) at ε = 1/1000
    the certificate of +++      a curve of order at least 2
"""

import random
import sys
from fractions import Fraction
from pathlib import Path

from symflow import autodiff_selection, clarke_differential, problem_from_tree


def f(parameters):
    """Return the net's output as a function of its weights, at these."""
    a, b, c, d, e = map(str, parameters)
    network = {"activation": "relu", "weights": [[[a], [b]], [[c, d]], [[e]]]}
    return problem_from_tree({"network": network, "data": {"inputs": [["-1"]]}}).function()


def shown(vector):
    """Write a vector."""
    return f"({', '.join(map(str, vector))})"


w = (0, 0, -1, 0, -1)
df = clarke_differential(f(w))
print(f"the set                     {df}")
print(f"its ends                    {' and '.join(map(shown, df.vertices))}")

# Off the kinks automatic differentiation returns the gradient. Along straight lines:
choose, step, largest = random.Random(0), Fraction(1, 1000), Fraction(0)
for _ in range(500):
    direction = [choose.choice((-1, 1)) * choose.randint(1, 9) for _ in w]
    gradient = autodiff_selection(f([v + step * d for v, d in zip(w, direction, strict=True)]))
    largest = max(largest, *(abs(Fraction(str(entry))) for entry in gradient))
bound = "at most 1/50" if largest <= Fraction(1, 50) else f"up to {largest}"
print(f"gradients along 500 lines   all entries {bound} in size at ε = {step}")

# Along the curve:
curved = autodiff_selection(f((-(step**2), -step, -1, 2 * step, -1)))
print(f"gradient along the curve    {shown(curved)} at ε = {step}")

# What the program found by itself: the pattern that occurs along no line, and how it knows.
(factor,) = df.factors
(cusp,) = (cell for cell in factor.incident.cells if cell.pattern == "+++")
order = "at least 2" if len(cusp.arc) >= 2 else "1: a line"
print(f"the certificate of +++      a curve of order {order}")

assert df.is_exact
assert df.vertices == ((-1, 0, 0, 0, 0), (0, 0, 0, 0, 0))
assert largest <= Fraction(1, 50)
assert curved[0] == -1
assert len(cusp.arc) >= 2

if len(sys.argv) > 1:
    Path(sys.argv[1], "08_first_order_is_blind.tex").write_text(f"{df._repr_latex_()}\n", encoding="utf-8")
