"""The margin itself does not decrease along the flow: false; only the soft margin does not."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, SEVERAL_DATA
from symflow.proofs.setting import net_tree, problem_setting

_U = "-ln(sum(k in 1..n: exp(-m[k])))"
_SPEED = "inner(grad(m1), -grad(R)) - L*m1*inner(w, -grad(R))/norm2(w)"
_BOUNDS = (
    f"{_U} > 1.0301830961 and {_U} < 1.0301830962 at w",
    f"{_SPEED} > -0.24169509382 and {_SPEED} < -0.24169509381 at w",
)


@LEMMAS.register("hard_margin_monotone")
class HardMarginMonotone(AbstractLemma):
    """γ(w(t)) does not decrease once u > 0: false, for three data in the plane and a linear net.

    Where m_1 is the only least margin, ‖w‖^L d/dt γ = ⟨∇m_1, w'⟩ − L m_1 ⟨w, w'⟩/‖w‖², with w' = −∇R.
    """

    name = "hard_margin_monotone"
    ids = ("D2", "W5")
    words = (
        r"Along the flow of $\ln\sum_ie^{-m_i}$ the margin $\gamma(w(t))=\min_im_i/\lVert w\rVert^L$ does not "
        r"decrease once "
        r"$-\ln\sum_ie^{-m_i}>0$."
    )
    statement = f"{_SPEED} >= 0 if {_U} > 0 and m1 < min(k in 2..n: m[k])"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, EXPONENTIAL, LABELS, SEVERAL_DATA)
    reference = "a plausible wrong statement on lecture B, Theorem 5"
    see = "soft_margin_monotone"
    proof = (
        Step(
            "witness",
            r"$f=\langle w,x\rangle$ with $x_1=(1,-1)$, $x_2=x_3=(\tfrac{11}{10},1)$, labels $1$, at $w=(2,0)$: the "
            r"margins are "
            r"$2,\tfrac{11}5,\tfrac{11}5$ and $u=1.03018\ldots>0$.",
        ),
        Step(
            "expansion",
            r"Two of the three data pull $w$ away from $x_1$: with $\dot w=\sum_ip_ix_i$ one finds "
            r"$\lVert w\rVert\,\tfrac{d}{dt}\gamma=\langle x_1,\dot w\rangle-m_1\langle w,\dot w\rangle/\lVert "
            r"w\rVert^2=-0.24169\ldots$",
        ),
        Step("conclusion", r"So the margin falls there, although the hypothesis of Theorem 5 holds."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at the witness; and enclose u and the speed of the margin there."""
        inputs: list[list[object]] = [[1, -1], ["11/10", 1], ["11/10", 1]]
        tree = net_tree([[[2, 0]]], activation=[], inputs=inputs, labels=[1, 1, 1], kind="log_sum_exp")
        place = problem_setting(tree)
        yield self.refuted(self.statement, place, target, scope="a linear net, three data in the plane")
        for bound in _BOUNDS:
            yield self.decided(bound, place, target, scope="the same net, the same point")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it at the same witness, whatever is asked about."""
        yield next(self.at_home(target))
