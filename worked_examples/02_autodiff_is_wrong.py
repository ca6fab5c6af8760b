"""Can automatic differentiation return something that is no subgradient at all?

Question. relu(x) - relu(-x) is x, for every x. Its derivative is 1 everywhere. What does the chain rule say at 0?

Answer. With relu'(0) = 0, as PyTorch, TensorFlow and JAX take it, both terms contribute nothing: 0. The Clarke
differential is {1}, one point: both kinks cancel, and the answer 0 lies outside. No other fixed slope a = relu'(0)
helps in general: the chain rule gives 2a here, and only a = 1/2 is right. The separator u = (1) shows it:
<u, 0> = 0 < 1 = <u, s> for the only s.

Reference. S. Kakade, J. D. Lee, Provably correct automatic subdifferentiation for qualified programs (2018), where
this function is an example; PyTorch's pull request 76898, which documents it.

Prints

    the Clarke differential:   ClarkeDifferential(point in R^1, 1 vertex, exact)
    its one element:           1
    relu'(0) = 0     gives 0   Refuted(separator=(1,))
    relu'(0) = 1/2   gives 1   Proved(weights=(1,))
    relu'(0) = 1     gives 2   Refuted(separator=(-1,))
    near 0:                    -1/1000, 0, 1/1000
"""

import sys
from fractions import Fraction
from pathlib import Path

from symflow import Network, Realization, autodiff_selection, clarke_differential

net = Network.from_weights([[1], [-1]], [[1, -1]], activation="relu")
f = Realization(net)

df = clarke_differential(f, at=(0,))
((derivative,),) = df.vertices
print(f"the Clarke differential:   {df}")
print(f"its one element:           {derivative}")

# What the chain rule returns for a choice of relu'(0), and whether that is a Clarke subgradient.
verdicts = {}
for slope in (0, Fraction(1, 2), 1):
    gradient = autodiff_selection(f.at((0,)), slope_at_zero=slope)
    verdicts[slope] = df.contains(gradient)
    print(f"relu'(0) = {slope!s:5} gives {gradient[0]}   {verdicts[slope]}")

# The function itself knows nothing of kinks: it is x.
step = Fraction(1, 1000)
values = [net((x,))[0] for x in (-step, 0, step)]
print(f"near 0:                    {', '.join(map(str, values))}")

assert df.is_exact
assert derivative == 1
assert autodiff_selection(f.at((0,))) == (0,)  # the default is what the frameworks take
assert verdicts[0].is_refuted
assert verdicts[Fraction(1, 2)].is_proved
assert verdicts[1].is_refuted
assert values == [-step, 0, step]

if len(sys.argv) > 1:
    Path(sys.argv[1], "02_autodiff_is_wrong.tex").write_text(f"{df._repr_latex_()}\n", encoding="utf-8")
