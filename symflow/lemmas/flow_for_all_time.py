"""The flow of the logarithm of the loss exists for all t ≥ 0: false with three layers, it blows up."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, HIDDEN_LAYER, LABELS, NO_BIASES, WEIGHTS
from symflow.proofs.setting import net_tree, problem_setting

_PRODUCT = "L == 3 and width(0) == 1 and width(1) == 1 and width(2) == 1 and n == 1"
_EQUAL = "W2[1,1] == W1[1,1] and W3[1,1] == W1[1,1] and m == W1[1,1]^3"
_SPEED = "-grad(R) == W1[1,1]^2*vector(1, 1, 1)"


@LEMMAS.register("flow_for_all_time")
class FlowForAllTime(AbstractLemma):
    """The flow of ln Σ e^(−m_i) is defined for all t ≥ 0: false, for one datum and the product of three weights.

    With m = w_1 w_2 w_3 and all weights equal to a > 0 they stay equal, and a' = a²: a(t) = a/(1 − at), defined as long
    as t a < 1 and no longer. So that the flow is defined up to every t > 0 says that t W_1 < 1 for every t > 0.
    """

    name = "flow_for_all_time"
    ids = ("E19",)
    words = (
        r"The flow of $\ln\sum_ie^{-m_i}$ is defined for all $t\ge0$; for one datum and $m=w_1w_2w_3$ from "
        r"$w_1=w_2=w_3=a>0$, where $w_i(t)=a/(1-at)$, this says that $ta<1$ for every $t>0$."
    )
    statement = f"for t > 0: t*W1[1,1] < 1 if {_PRODUCT} and W1[1,1] > 0 and {_EQUAL} and {_SPEED}"
    hypotheses = (NO_BIASES, HIDDEN_LAYER, EXPONENTIAL, LABELS, WEIGHTS)
    reference = "lecture B, Theorem 5, as printed for all t ≥ t0"
    see = "flow_up_to_blow_up"
    proof = (
        Step(
            "definition",
            r"$-\ln e^{-m}=m$, so the flow is $\dot w=\nabla(w_1w_2w_3)$; equal weights stay equal: $\dot a=a^2$.",
        ),
        Step("expansion", r"$\tfrac{d}{dt}(1/a)=-1$, so $a(t)=a_0/(1-a_0t)$, which is unbounded as $t\to1/a_0$."),
        Step("witness", r"At $a_0=1$ there is no solution on $[0,1]$: the flow lives on $[0,1)$."),
        Step(
            "conclusion",
            r"Theorem 5 holds on the interval of existence; with one or two layers the flow exists for all time.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at a = 1; and evaluate the velocity there."""
        place = problem_setting(
            net_tree([[[1]], [[1]], [[1]]], activation=["relu", "relu"], inputs=[[1]], labels=[1], kind="log_sum_exp")
        )
        yield self.refuted(self.statement, place, target, scope="m = w₁w₂w₃ from (1, 1, 1)")
        yield self.decided(f"{_SPEED} at w", place, target, scope="w' = (a², a², a²) at a = 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it at the same witness, whatever is asked about."""
        yield next(self.at_home(target))
