"""The norm of the weights does not shrink once the soft margin is positive."""

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

_SCRIPT = "soft_margin_monotone.v"


@LEMMAS.register("norm_growth")
class NormGrowth(AbstractLemma):
    """d/dt ‖w‖² = 2c⟨w, v⟩ ≥ 2c L u with v ∈ ∂u(w): c = 1 for the flow of −u, and c = e^(−u) for that of e^(−u)."""

    name = "norm_growth"
    ids = ("D1",)
    words = (
        r"Along the flow of $-u=\ln\sum_ie^{-m_i}$, for almost every $t$: $\tfrac{d}{dt}\lVert w\rVert^2="
        r"2\langle w,\dot w\rangle\ge2L\,u$; along it, and along that of $e^{-u}$, $\lVert w(t)\rVert$ does not "
        r"decrease once $u>0$."
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
    reference = "Lyu, Li 2020, Section 4; a consequence of lecture B, Lemma 4"
    scripts = (_SCRIPT, "soft_margin.v")
    rules = ("norm_does_not_fall",)
    proof = (
        Step(
            "definition",
            r"$\dot w=c\,v$ with $v\in\partial u(w)$: $c=1$ for the flow of $-u$, and $c=e^{-u}$ for that of "
            r"$e^{-u}$; so $\tfrac{d}{dt}\langle w,w\rangle=2c\,\langle w,v\rangle$.",
        ),
        Step("inequality", r"Lemma 4 gives $\langle w,v\rangle\ge L\,u$; with $c=1$ this is the first claim."),
        Step(
            "conclusion",
            r"$\dot u=c\,\lVert v\rVert^2\ge0$ keeps $u$ positive, so that $\tfrac{d}{dt}\lVert w\rVert^2\ge2c\,"
            r"L\,u\ge0$ goes on.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for all homogeneous margins."""
        yield from self._in_general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and enclose it along the problem's flow, where this has an enclosure."""
        yield from self._in_general()
        problem = target.problem
        if problem is not None and problem.flow is not None and problem.flow.validated:
            yield from self.along("norm_does_not_fall", problem, target, scope=f"this start, t ≤ {problem.flow.until}")

    def _in_general(self) -> Iterator[Claim]:
        yield self.general(_SCRIPT, "log_margin_and_norm_along_the_flow", scope="homogeneous margins, any n")
        yield self.general("soft_margin.v", "lemma_4_for_every_clarke_subgradient", scope="⟨w, v⟩ ≥ L u, by Lemma 4")
