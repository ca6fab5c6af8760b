"""u > 0 at one time makes u > 0 at all later times: derived, where Theorem 5 as printed assumes it."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    CHAIN_RULE_ALONG_THE_FLOW,
    EXPONENTIAL,
    FINITELY_MANY_CORNERS,
    HOMOGENEOUS_OF_DEGREE_ONE,
    LABELS,
    NO_BIASES,
    POSITIVE_LOG_MARGIN,
    WEIGHTS,
)


@LEMMAS.register("log_margin_stays_positive")
class LogMarginStaysPositive(AbstractLemma):
    """u(w(t)) ≥ u(w(t_0)) > 0 for t ≥ t_0, because u' = ‖w'‖² ≥ 0; the soft margin at t is not used."""

    name = "log_margin_stays_positive"
    ids = ("E20",)
    words = (
        r"If $u(w(t_0))>0$ for $u=-\ln\sum_ie^{-m_i}$ then, along the flow of $-u$ or of $e^{-u}$, "
        r"$u(w(t))\ge u(w(t_0))>0$ for every later $t$; so it need not be assumed that the soft margin stays positive."
    )
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        EXPONENTIAL,
        LABELS,
        WEIGHTS,
        ALL_TRAINED,
        POSITIVE_LOG_MARGIN,
        CHAIN_RULE_ALONG_THE_FLOW,
        FINITELY_MANY_CORNERS,
    )
    reference = "lecture B, proof of Theorem 5, where positivity is assumed at all times"
    scripts = ("soft_margin_monotone.v",)
    proof = (
        Step("definition", r"$\dot w=c\,v$ with $v\in\partial u(w)$ and $c\ge0$: the flow of $-u$, or of $e^{-u}$."),
        Step("citation", r"The chain rule, with $v$ itself, gives $\dot u=c\,\lVert v\rVert^2\ge0$ off the corners."),
        Step("conclusion", r"$u$ is continuous, so it does not fall; and $u>0$ excludes $w=0$, where $u=-\ln n$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for all homogeneous margins."""
        theorem = "log_margin_and_norm_along_the_flow"
        yield self.general("soft_margin_monotone.v", theorem, scope="homogeneous margins, any n")
