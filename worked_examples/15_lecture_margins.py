"""Which statements of a lecture on the margins of homogeneous nets are true as they stand?

Question. A second lecture: on separable data the gradient flow of the exponential loss does not lower the soft margin.
What becomes of its statements, one after the other, if each is proved or refuted? And does the margin itself rise?

Answer. A document: lectures/margins.tex holds the prose, and says where the statements go. The main theorem, printed
with w(0) = 0, is vacuous for every net with a hidden layer; without that it holds while the flow exists, under cited
facts. "As many degrees as hidden layers" is refuted, and so is that the margin itself rises: for three data in the
plane it falls while the soft margin rises, followed here with an enclosure.

Reference. K. Lyu, J. Li, Gradient descent maximizes the margin of homogeneous neural networks (2020), Theorem 4.1.

Prints

      t   margin          soft margin
      0   0               -0.1115475256…
    1/2   0.1443424168…    0.0361216038…
      1   0.2035905248…    0.1107942749…
      2   0.2487634774…    0.1747059333…
      t   margin          soft margin
      0   1                0.5150915480…
    1/4   0.9766428401…    0.5836373724…
    1/2   0.9635812312…    0.6352519829…
      1   0.9546305416…    0.7086176262…
    15 proved, 8 refuted, 2 conditional, 1 vacuous
"""

import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import mpmath

from symflow import gradient_flow, lecture_notes, problem_from_tree

DIGITS = 20


def cut(value):
    """Return the first ten decimals of a number known to twenty; a multiple of 1/4 as it is."""
    if 4 * value == mpmath.nint(4 * value):
        return str(Fraction(int(4 * value), 4))
    whole, _, decimals = mpmath.nstr(value, DIGITS).partition(".")
    return f"{whole}.{decimals[:10]}…"


def followed(tree, times):
    """Return a table along a flow, and its checkpoints: the time, the margin and the soft margin."""
    function = problem_from_tree(tree).function()
    flow = gradient_flow(function, until=times[-1], dps=DIGITS, validated=True, checkpoints=times[:-1])
    assert flow.radius < mpmath.mpf(10) ** -DIGITS
    lines = ""
    print("  t   margin          soft margin")
    for point in flow.checkpoints:
        time = cut(point.time)
        lines += rf"{time} & ${cut(point.margin)}$ & ${cut(point.soft_margin)}$ \\".replace("…", r"\ldots") + "\n"
        print(f"{time:>3}   {cut(point.margin):15} {cut(point.soft_margin):>14}")
    table = rf"""\begin{{center}}\small\begin{{tabular}}{{@{{}}rll@{{}}}}\toprule
$t$ & $\gamma(w(t))$ & $\tilde\gamma(w(t))$\\\midrule
{lines}\bottomrule\end{{tabular}}\end{{center}}
The digits are cut, not rounded; the last state is enclosed by a ball of radius $10^{{-{DIGITS}}}$."""
    return table, flow.checkpoints


kink, along = followed(
    {
        "network": {"activation": "relu", "weights": [[[1, -1], [-1, 0]], [[1, "-1/2"]]]},
        "data": {"inputs": [[1, 1], [-1, -1]], "labels": [1, -1]},
        "objective": {"kind": "risk", "loss": "exponential"},
    },
    ("1/2", "1", "2"),
)
assert along[0].soft_margin < 0 < along[1].soft_margin < along[2].soft_margin < along[3].soft_margin
kink = rf"""\paragraph{{Followed numerically.}} A net 2-2-1 that starts on a kink of both data, $\pm(1,1)$
with the labels $\pm1$:
\[W_1=\begin{{pmatrix}}1&-1\\-1&0\end{{pmatrix}},\qquad W_2=\begin{{pmatrix}}1&-\tfrac12\end{{pmatrix}}.\]
The soft margin is negative first; once positive it does not fall, as the theorem says.
{kink}"""

linear, along = followed(
    {
        "network": {"activation": [], "weights": [[[2, 0]]]},
        "data": {"inputs": [[1, -1], ["11/10", 1], ["11/10", 1]], "labels": [1, 1, 1]},
        "objective": {"kind": "log_sum_exp"},
    },
    ("1/4", "1/2", "1"),
)
assert along[0].margin > along[1].margin > along[2].margin > along[3].margin
assert along[0].soft_margin < along[1].soft_margin < along[2].soft_margin < along[3].soft_margin

source = Path(__file__).parent / "lectures" / "margins.tex"
notes = lecture_notes(source.read_text(encoding="utf-8"), {"kink": kink, "linear": linear})
verdicts = Counter(theorem.verdict.shown for theorem in notes.theorems)
print(", ".join(f"{count} {word}" for word, count in verdicts.most_common()))
assert not verdicts["undecided"]
assert verdicts["vacuous"] == 1

if len(sys.argv) > 1:
    Path(sys.argv[1], "15_lecture_margins.tex").write_text(notes.latex, encoding="utf-8")
