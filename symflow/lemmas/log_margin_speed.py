"""How fast the numerator of the soft margin rises: u' = ‖w'‖² is at least L u ‖w'‖/‖w‖."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    CHAIN_RULE_ALONG_THE_FLOW,
    EXPONENTIAL,
    HOMOGENEOUS_OF_DEGREE_ONE,
    LABELS,
    LEMMA_4,
    NO_BIASES,
    NON_ZERO_WEIGHTS,
    WEIGHTS,
)
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_AT_A_POINT = "norm2(velocity(R)) >= inner(w, velocity(R))^2/norm2(w)"


@LEMMAS.register("log_margin_speed")
class LogMarginSpeed(AbstractLemma):
    """‖w'‖² ≥ ‖w'‖ ⟨w/‖w‖, w'⟩ ≥ L u ‖w'‖/‖w‖, by Cauchy-Schwarz and Lemma 4."""

    name = "log_margin_speed"
    ids = ("B12",)
    words = (
        r"Along the flow of $-u=\ln\sum_ie^{-m_i}$, where $\dot u=\lVert\dot w\rVert^2$: $\dot u\ge\lVert\dot w\rVert\,"
        r"\langle w/\lVert w\rVert,\dot w\rangle\ge L\,u\,\lVert\dot w\rVert/\lVert w\rVert$."
    )
    forms = (_AT_A_POINT,)
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        EXPONENTIAL,
        LABELS,
        WEIGHTS,
        ALL_TRAINED,
        NON_ZERO_WEIGHTS,
        CHAIN_RULE_ALONG_THE_FLOW,
    )
    reference = "lecture B, proof of Theorem 5"
    scripts = ("soft_margin_monotone.v", "soft_margin.v")
    proof = (
        Step("inequality", r"Cauchy-Schwarz: $\langle w/\lVert w\rVert,\dot w\rangle\le\lVert\dot w\rVert$."),
        Step(
            "inequality",
            r"Lemma 4 for $v=\dot w$: $\langle w,\dot w\rangle\ge L\,u$; multiply by $\lVert\dot w\rVert/\lVert "
            r"w\rVert$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every velocity that Lemma 4 bounds; and evaluate the first step for a net at a kink."""
        yield from self._in_general()
        tree = net_tree(
            [[[1, -1], [-1, 0]], [[1, "-1/2"]]], inputs=[[1, 1], [-1, -1]], labels=[1, -1], kind="log_sum_exp"
        )
        yield self.decided(_AT_A_POINT, problem_setting(tree), target, scope="2-2-1, at a kink")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and evaluate the first step at the problem's point."""
        yield from self._in_general()
        if target.tree is not None:
            yield self.decided(_AT_A_POINT, GIVEN, target)

    def _in_general(self) -> Iterator[Claim]:
        under = (LEMMA_4, NON_ZERO_WEIGHTS, CHAIN_RULE_ALONG_THE_FLOW)
        theorem, scope = "speed_of_the_log_margin", "pointwise, any dimension"
        yield self.general("soft_margin_monotone.v", theorem, under=under, scope=scope)
        yield self.general("soft_margin.v", "lemma_4_for_every_clarke_subgradient", scope="its hypothesis, Lemma 4")
