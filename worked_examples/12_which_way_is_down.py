"""Does a gradient flow leave a kink along minus the shortest subgradient?

Question. Along every solution of x' in -∂f(x) the velocity is minus the shortest element of ∂f(x), at almost every
time. Is it so at every time: at a corner, does the shortest element tell which way the flow goes on?

Answer. No. A 2-3-2-1 net from (1, -5/2): the flow runs inside a cell, slides along two kinks, and passes (2, 2). There
the shortest element is (-3/17, -12/17), automatic differentiation says 0, and the flow goes on with velocity (0, 3). No
solution goes any other way: of the faces that meet at (2, 2) all others are excluded in exact arithmetic, and where one
straight continuation is left it is the only solution. On a ridge none is excluded: from (0, 1), -|x| + y is descended
to the left, to the right, or along the ridge, and each of the three has the shortest velocity at almost every time.

Reference. A. F. Filippov, Differential Equations with Discontinuous Righthand Sides (1988), chapter 2; for the velocity
at almost every time D. Davis, D. Drusvyatskiy, S. Kakade, J. D. Lee, Stochastic subgradient method converges on tame
functions (2020), section 5.

Prints

    f falls to 0 at (2, 3) in time 10/3; unique: True
    t = 0     from (1, -5/2)   with velocity (0, 2)
    t = 3/4   from (1, -1)     with velocity (4/5, 8/5)
    t = 2     from (2, 1)      with velocity (0, 1)
    t = 3     from (2, 2)      with velocity (0, 3)
    at (2, 2): shortest element (-3/17, -12/17), autodiff (0, 0)
    on the ridge, unique: False; - with (-1, -1), ridge with (0, -1), + with (1, -1)
"""

import sys
from pathlib import Path

from symflow import Network, Realization, autodiff_selection, clarke_differential, gradient_flow


def text(vector):
    """Return a vector as one writes it."""
    return f"({', '.join(map(str, vector))})"


net = Network.from_weights(
    [[0, 1], [-1, 0], [1, -1]],
    [[-1, 1, 1], [-1, 1, -1]],
    [[2, 1]],
    biases=[[-2, 2, 0], [1, 1], [0]],
)
f = Realization(net)

path = gradient_flow(f, start=(1, "-5/2"), until=10)
end = path.exact_state
print(f"f falls to {net(end)[0]} at {text(end)} in time {path.exact_time}; unique: {path.is_unique}")
for arc in path.arcs:
    place, velocity = text(arc.exact["start_state"]), text(arc.exact["velocity"])
    print(f"t = {arc.exact['start']!s:5} from {place:11} with velocity {velocity}")

corner = clarke_differential(f, at=(2, 2))
shortest, autodiff = corner.minimal_norm_element, autodiff_selection(f.at((2, 2)))
print(f"at (2, 2): shortest element {text(shortest)}, autodiff {text(autodiff)}")

# -|x| + y, with y written as relu(y + 10) - 10.
hill = Network.from_weights([[1, 0], [-1, 0], [0, 1]], [[-1, -1, 1]], biases=[[0, 0, 10], [-10]])
ridge = gradient_flow(Realization(hill), start=(0, 1), until=1, branches=True)
ways = [f"{branch.kind} with {text(branch.certificate['velocity'])}" for branch in ridge.branches]
print(f"on the ridge, unique: {ridge.is_unique}; {', '.join(ways)}")

assert path.status == "stationary"
assert path.is_unique
assert tuple(map(str, end)) == ("2", "3")
assert text(path.arcs[3].exact["velocity"]) == "(0, 3)" != text(-entry for entry in shortest)
assert corner.contains(autodiff).is_refuted
assert clarke_differential(f, at=(2, 3)).contains_zero
assert ridge.status == "non_unique"
assert len(ridge.branches) == 3

if len(sys.argv) > 1:
    Path(sys.argv[1], "12_which_way_is_down.tex").write_text(f"{corner._repr_latex_()}\n", encoding="utf-8")
