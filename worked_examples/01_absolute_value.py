"""What is the derivative of |x| at 0?

Question. The net relu(x) + relu(-x) is |x|. It has no derivative at 0; what takes its place, and what follows?

Answer. The Clarke differential: the hull of all limits of derivatives nearby. To the right the slope is 1, to the
left it is -1, so ∂f(0) = [-1, 1]. It contains 0: the point is Clarke stationary, here even the minimum. Its extreme
points are the two slopes, and each comes with a certificate: a direction into its cell. The other two sign patterns
of the two neurons do not occur, because z_1 + z_2 = x - x = 0; that identity is their certificate.

Reference. F. H. Clarke, Optimization and Nonsmooth Analysis (1983), Theorem 2.5.1.

Prints

    |x| at -3, 0, 1/2:           3, 0, 1/2
    the Clarke differential:     ClarkeDifferential(segment in R^1, 2 vertices, exact)
    its extreme points:          -1 and 1
    patterns that occur:         -+ along -1, +- along 1
    patterns that do not:        -- and ++
    1/2 belongs to it:           Proved(weights=(1/4, 3/4))
    2 does not:                  Refuted(separator=(-1,))
    stationary:                  Proved(weights=(1/2, 1/2))
"""

import sys
from fractions import Fraction
from pathlib import Path

from symflow import Network, Realization, clarke_differential

# One input, two hidden neurons with the weights 1 and -1, outer weights 1 and 1.
net = Network.from_weights([[1], [-1]], [[1, 1]], activation="relu")
f = Realization(net)

values = [net((x,))[0] for x in (-3, 0, Fraction(1, 2))]
print(f"|x| at -3, 0, 1/2:           {', '.join(map(str, values))}")

df = clarke_differential(f, at=(0,))
print(f"the Clarke differential:     {df}")
print(f"its extreme points:          {' and '.join(str(slope) for (slope,) in df.vertices)}")

# How it is known: a direction for each pattern that occurs, multipliers for each that does not.
(factor,) = df.factors
occurring = [f"{cell.pattern} along {cell.arc[0][0]}" for cell in factor.incident.cells]
print(f"patterns that occur:         {', '.join(occurring)}")
print(f"patterns that do not:        {' and '.join(refuted.pattern for refuted in factor.incident.refuted)}")

# Membership is decided with a witness: weights on the extreme points, or a functional that separates.
print(f"1/2 belongs to it:           {df.contains((Fraction(1, 2),))}")
print(f"2 does not:                  {df.contains((2,))}")
print(f"stationary:                  {df.is_clarke_stationary}")

assert df.is_exact
assert df.vertices == ((-1,), (1,))
assert df.contains_zero
assert values == [3, 0, Fraction(1, 2)]

if len(sys.argv) > 1:
    Path(sys.argv[1], "01_absolute_value.tex").write_text(f"{df._repr_latex_()}\n", encoding="utf-8")
