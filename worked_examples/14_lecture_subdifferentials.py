"""Which statements of a lecture on subdifferentials and balancing are true as they stand?

Question. A first lecture on the gradient flow of ReLU nets: subdifferentials, the relaxed flow, homogeneity, weights
against gradients, balancing. What becomes of its statements, one after the other, if each is proved or refuted?

Answer. A document: lectures/subdifferentials.tex holds the prose, and says where the statements go; symflow proves or
refutes them as it writes them. Most hold. Refuted, each on a net of a few weights, are the chain rule with a minus
sign, "adjacent" pieces, the remark on large weights, and that gradient descent balances. Balancing is also followed
numerically, from a kink: the difference of the squared norms stays 7/4, to the twenty digits that are enclosed.

Reference. S. S. Du, W. Hu, J. D. Lee, Algorithmic regularization in learning deep homogeneous models (2018), for the
balancing; D. Davis, D. Drusvyatskiy, S. Kakade, J. D. Lee, Stochastic subgradient method converges on tame functions
(2020), for the chain rule.

Prints

      t   risk             |W1|^2          |W2|^2
      0   1.6065306597…    3               5/4
    1/2   0.8216229964…    3.5946138911…   1.8446138911…
      1   0.4670557149…    4.3106771822…   2.5606771822…
      2   0.2026193417…    5.4438952662…   3.6938952662…
    30 proved, 11 refuted, 7 conditional, 1 enclosed
"""

import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import mpmath

from symflow import autodiff_selection, clarke_differential, gradient_flow, lecture_notes, problem_from_tree

DIGITS = 20
TIMES = ("1/2", "1", "2")


def cut(value):
    """Return the first ten decimals of a number that is known to twenty; a multiple of 1/4 as it is."""
    if 4 * value == mpmath.nint(4 * value):
        return str(Fraction(int(4 * value), 4))
    whole, _, decimals = mpmath.nstr(value, DIGITS).partition(".")
    return f"{whole}.{decimals[:10]}…"


# The first neuron vanishes on both data, which are opposite to one another.
R = problem_from_tree(
    {
        "network": {"activation": "relu", "weights": [[[1, -1], [-1, 0]], [[1, "-1/2"]]]},
        "data": {"inputs": [[1, 1], [-1, -1]], "labels": [1, -1]},
        "objective": {"kind": "risk", "loss": "exponential"},
    }
).function()

segment = clarke_differential(R)
assert segment.contains(autodiff_selection(R)).is_refuted
formula, _, constant = segment._repr_latex_().strip().strip("$").rpartition(r",\qquad ")
demo = rf"""
\paragraph{{A kink that couples two data.}} Let $f=W_2\,\sigma(W_1x)$ with
\[W_1=\begin{{pmatrix}}1&-1\\-1&0\end{{pmatrix}},\qquad W_2=\begin{{pmatrix}}1&-\tfrac12\end{{pmatrix}},\]
with the data $\pm(1,1)$, their labels $\pm1$, and $R=\sum_ke^{{-y_kf(x_k)}}$. The first neuron vanishes on both data,
and the Clarke differential is a segment; with ${constant}$ it is
\[{formula}.\]
What automatic differentiation returns at $w$, with $\sigma'(0)=0$, is not in it: its block of the first neuron
is $0$."""

path = gradient_flow(R, until=TIMES[-1], dps=DIGITS, validated=True, checkpoints=TIMES[:-1])
assert path.radius < mpmath.mpf(10) ** -DIGITS
rows = []
print("  t   risk             |W1|^2          |W2|^2")
with mpmath.workdps(DIGITS + 10):
    for point in path.checkpoints:
        first = mpmath.fsum(entry**2 for entry in point.state[:4])
        second = mpmath.fsum(entry**2 for entry in point.state[4:])
        assert abs(first - second - mpmath.mpf(7) / 4) < mpmath.mpf(10) ** -DIGITS
        rows.append([*map(cut, (point.time, point.objective, first, second))])
        print("{:>3}   {:16} {:15} {}".format(*rows[-1]))

lines = "\n".join(rf"{' & '.join(row)} & 7/4 \\" for row in rows).replace("…", r"\ldots")
balancing = rf"""
\paragraph{{Followed numerically.}} The flow of the risk above, from its kink. The digits are cut, not rounded; the last
state is enclosed by a ball of radius $10^{{-{DIGITS}}}$, and the last column holds to ${DIGITS}$ digits.
\begin{{center}}\small\begin{{tabular}}{{@{{}}rllll@{{}}}}\toprule
$t$ & $R(w(t))$ & $\lVert W_1\rVert^2$ & $\lVert W_2\rVert^2$ & difference\\\midrule
{lines}
\bottomrule\end{{tabular}}\end{{center}}"""

source = Path(__file__).parent / "lectures" / "subdifferentials.tex"
notes = lecture_notes(source.read_text(encoding="utf-8"), {"demo": demo, "balancing": balancing})
verdicts = Counter(theorem.verdict.shown for theorem in notes.theorems)
print(", ".join(f"{count} {word}" for word, count in verdicts.most_common()))
assert not verdicts["undecided"]
assert verdicts["refuted"] > 9

if len(sys.argv) > 1:
    Path(sys.argv[1], "14_lecture_subdifferentials.tex").write_text(notes.latex, encoding="utf-8")
