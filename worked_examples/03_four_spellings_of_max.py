"""Does the gradient of max(x, 0) at 0 depend on how max(x, 0) is written?

Question. A report to PyTorch's developers (issue 184572, May 2026) lists four spellings of max(x, 0) whose gradients
at 0 are 0, 1/2, 1 and 1. Which one is right?

Answer. The function has one Clarke differential at 0, the interval [0, 1], however it is written. Four spellings as
nets give the same four gradients: each is an element, so none is wrong. But the chain rule does not promise even
that. Twice one maximum minus another is the same function again, and gets the gradient 2, which is no subgradient.
Automatic differentiation differentiates the program; the Clarke differential belongs to the function.

Conventions: relu'(0) = abs'(0) = 0, and the first of equal members for a maximum (a group of one is the identity).

Reference. github.com/pytorch/pytorch/issues/184572; J. Bolte, E. Pauwels, Conservative set valued fields, automatic
differentiation, stochastic gradient methods and deep learning (2021), for what the chain rule does promise.

Prints

    spelling                   the set    autodiff   is in the set
    relu(x)                    [0, 1]     0          yes
    (x + |x|)/2                [0, 1]     1/2        yes
    max(x, 0)                  [0, 1]     1          yes
    x + max(0, -x)             [0, 1]     1          yes
    2 max(x, 0) - max(0, x)    [0, 1]     2          no
"""

import sys
from fractions import Fraction
from pathlib import Path

from symflow import Network, Realization, activation, autodiff_selection, clarke_differential


def pool(*groups):
    """Return the maximum over groups of units, counted from 0."""
    return activation("maxpool", groups=groups)


spellings = {
    "relu(x)": Network.from_weights([[1]], [[1]], activation="relu"),
    # A net of |.| units has no x at hand; but (|x + 1| - |x - 1|)/2 is x as long as |x| <= 1.
    "(x + |x|)/2": Network.from_weights(
        [[1], [1], [1]], [["1/2", "1/4", "-1/4"]], biases=[[0, 1, -1], [0]], activation="abs"
    ),
    "max(x, 0)": Network.from_weights([[1], [0]], [[1]], activation=pool([0, 1])),
    "x + max(0, -x)": Network.from_weights([[1], [0], [-1]], [[1, 1]], activation=pool([0], [1, 2])),
    "2 max(x, 0) - max(0, x)": Network.from_weights([[1], [0], [0], [1]], [[2, -1]], activation=pool([0, 1], [2, 3])),
}

print("spelling                   the set    autodiff   is in the set")
answers = []
for spelling, net in spellings.items():
    assert all(net((x,))[0] == max(x, 0) for x in (Fraction(-1, 2), 0, Fraction(2, 3)))  # the same function
    df = clarke_differential(Realization(net), at=(0,))
    (gradient,) = autodiff_selection(Realization(net).at((0,)))
    is_right = df.contains((gradient,)).is_proved
    low, high = (slope for (slope,) in df.vertices)
    answers.append((low, high, gradient, is_right))
    print(f"{spelling:26} [{low}, {high}]     {gradient!s:10} {'yes' if is_right else 'no'}")

assert {(low, high) for low, high, _, _ in answers} == {(0, 1)}  # one function, one set
assert [str(gradient) for _, _, gradient, _ in answers] == ["0", "1/2", "1", "1", "2"]
assert [is_right for _, _, _, is_right in answers] == [True, True, True, True, False]

if len(sys.argv) > 1:
    Path(sys.argv[1], "03_four_spellings_of_max.tex").write_text(f"{df._repr_latex_()}\n", encoding="utf-8")
