"""The largest normalised margin is attained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting

_LARGEST = "2*m <= norm2(w)"
_ATTAINED = "2*m == norm2(w) at w"


@LEMMAS.register("maximal_margin")
class MaximalMargin(AbstractLemma):
    """max over ‖w‖ = 1 of min_i m_i(w) exists; it is 1/2 for one neuron and one datum, at weights of equal size."""

    name = "maximal_margin"
    ids = ("B6",)
    words = r"The supremum $\bar\gamma$ of $\gamma(w)$ over all $w$ with $\lVert w\rVert=1$ is a maximum."
    forms = (_LARGEST, _ATTAINED)
    bounds: ClassVar = {_LARGEST: {"at_home": True}, _ATTAINED: {"at_home": True}}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT, LABELS)
    reference = "lecture B, the definition of the largest margin"
    axioms = ("compactness",)
    proof = (
        Step("definition", r"Each $m_i$ is continuous in $w$, and so is their minimum."),
        Step("citation", r"The sphere is compact, and a continuous function attains its maximum on it."),
        Step(
            "expansion",
            r"For $f=v\,\sigma(ux)$ with $x=y=1$: $\lVert w\rVert^2-2m$ is $(u-v)^2$ where the neuron is on and "
            r"$u^2+v^2$ "
            r"where it is off; it is $0$ at $u=v>0$, so $\bar\gamma=1/2$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Cite compactness; and compute it for one neuron and one datum."""
        yield self.cited("compactness", scope="continuous margins, n ≥ 1")
        tree = net_tree([[[1]], [[1]]], activation="relu", inputs=[[1]], labels=[1], kind="log_sum_exp")
        neuron = problem_setting(tree)
        yield self.decided(_LARGEST, neuron, target, scope="v σ(u x), x = y = 1: at most 1/2")
        yield self.decided(_ATTAINED, neuron, target, scope="v σ(u x), x = y = 1: 1/2 at (1, 1)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Cite compactness."""
        yield self.cited("compactness", scope="continuous margins, n ≥ 1")
