"""What does a kink do to a risk, when one neuron vanishes on two data at once?

Question. The net with W_1 = [[1, -1], [-1, 0]], W_2 = [1, -1/2] on the data ±(1, 1) with the labels ±1: neuron 1 is
0 on both. What is the Clarke differential of the exponential risk there, and what do the usual conventions return?

Answer. The data are opposite, so near w one of them switches the neuron on and the other off; never both, never
neither. With c = e^(-1/2) the set is a segment, {W_1[1,·] = -τ (1, 1) : c <= τ <= 1}, the rest fixed. The chain rule
gives τ = 0 with relu'(0) = 0 and τ = 1 + c with relu'(0) = 1, both outside; the half slope τ = (1 + c)/2 is inside,
as Proposition 5 (symflow/differentials/selection.py) promises at depth one. Numbers with c are exact: e^(-1/2) is
transcendental, so that equality and sign are decided, not estimated.

Reference. F. H. Clarke, Optimization and Nonsmooth Analysis (1983), Theorems 2.3.9 and 2.5.1; L. Tian, A. M.-C. So,
Testing stationarity concepts for ReLU networks (2023), for stationarity of such risks.

Prints

    R(w)               1 + exp(-1/2)
    the set            ClarkeDifferential(segment in R^6, 2 vertices, exact)
    one end            (-1, -1, exp(-1/2)/2, exp(-1/2)/2, 0, exp(-1/2))
    the other          (-exp(-1/2), -exp(-1/2), exp(-1/2)/2, exp(-1/2)/2, 0, exp(-1/2))
    its squared norm   7*exp(-1)/2
    stationary         no
    autodiff           outside, W1[1,·] = (0, 0)
    lower              outside, W1[1,·] = (0, 0)
    middle             inside, W1[1,·] = (-1/2 - exp(-1/2)/2, -1/2 - exp(-1/2)/2)
    upper              outside, W1[1,·] = (-1 - exp(-1/2), -1 - exp(-1/2))
"""

import sys
from pathlib import Path

from symflow import Dataset, EmpiricalRisk, Network, audit, clarke_differential

net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
data = Dataset(inputs=[(1, 1), (-1, -1)], labels=[1, -1])
R = EmpiricalRisk(net, data, loss="exponential")

dR = clarke_differential(R)


def shown(vector):
    """Write a vector."""
    return f"({', '.join(map(str, vector))})"


far, near = dR.vertices
print(f"R(w)               {R.at().value}")
print(f"the set            {dR}")
print(f"one end            {shown(far)}")
print(f"the other          {shown(near)}")
print(f"its squared norm   {dR.minimal_norm_squared}")
print(f"stationary         {'yes' if dR.is_clarke_stationary.is_proved else 'no'}")

report = audit(dR)
for selection in report.selections:
    place = "inside" if selection.verdict.is_proved else "outside"
    print(f"{selection.name:18} {place}, W1[1,·] = {shown(selection.gradient[:2])}")

assert dR.is_exact
assert dR.dimension == 1
assert dR.minimal_norm_element == near
separator = dR.is_clarke_stationary.evidence["separator"]  # shows that 0 is outside: a descent direction is minus it
assert all(sum(u * s for u, s in zip(separator, vertex, strict=True)) > 0 for vertex in dR.vertices)
assert str(near[0]) == str(near[1]) == "-exp(-1/2)"
assert far[:2] == (-1, -1)
assert far[2:] == near[2:]  # everything else is fixed
assert [selection.verdict.is_proved for selection in report.selections] == [False, False, True, False]
assert report.safe_by is None

if len(sys.argv) > 1:
    Path(sys.argv[1], "04_a_kink_that_couples_two_data.tex").write_text(f"{dR._repr_latex_()}\n", encoding="utf-8")
