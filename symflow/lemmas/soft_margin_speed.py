"""The soft margin has a derivative that is not negative where u > 0: the quotient rule."""

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
    POSITIVE_LOG_MARGIN,
    WEIGHTS,
)
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_AT_A_POINT = (
    "norm2(velocity(R))*norm2(w) >= -L*ln(sum(k in 1..n: exp(-m[k])))*inner(w, velocity(R)) "
    "if -ln(sum(k in 1..n: exp(-m[k]))) > 0"
)


@LEMMAS.register("soft_margin_speed")
class SoftMarginSpeed(AbstractLemma):
    """With v = ‖w‖^L: u' v − u v' ≥ 0 where u > 0. Divided by ‖w‖^(L−2): ‖w'‖²‖w‖² ≥ L u ⟨w, w'⟩."""

    name = "soft_margin_speed"
    ids = ("B14",)
    words = (
        r"Along the flow of $-u=\ln\sum_ie^{-m_i}$ or of $e^{-u}$, with $v=\lVert w\rVert^L$: where $u>0$, for almost "
        r"every $t$, $\dot u\,v-u\,\dot v\ge0$, so that $\tfrac{d}{dt}(u/v)\ge0$."
    )
    forms = (_AT_A_POINT,)
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        EXPONENTIAL,
        LABELS,
        WEIGHTS,
        ALL_TRAINED,
        POSITIVE_LOG_MARGIN,
        CHAIN_RULE_ALONG_THE_FLOW,
    )
    reference = "lecture B, proof of Theorem 5"
    scripts = ("soft_margin_monotone.v", "soft_margin.v")
    proof = (
        Step(
            "inequality",
            r"With $\dot w=c\,s$, $s\in\partial u(w)$, $c\ge0$: $\dot u=c\,\lVert s\rVert^2=\lVert\dot w\rVert\,"
            r"\lVert s\rVert\ge L\,u\,\lVert\dot w\rVert/\lVert w\rVert$ by Lemma 4 and Cauchy-Schwarz; and $\dot "
            r"v\le L\lVert w\rVert^{L-1}\lVert\dot w\rVert$.",
        ),
        Step(
            "inequality", r"So $\dot u\,v\ge L\,u\,\lVert w\rVert^{L-1}\lVert\dot w\rVert\ge u\,\dot v$, since $u>0$."
        ),
        Step("conclusion", r"The quotient rule: $\tfrac{d}{dt}(u/v)=(\dot u\,v-u\,\dot v)/v^2$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it at every time at which Lemma 4 and the chain rule hold; and enclose it for a net with u > 0."""
        yield from self._in_general()
        tree = net_tree([[[2, -1], [-1, 0]], [[2, -1]]], inputs=[[1, 0], [-2, 1]], labels=[1, -1], kind="log_sum_exp")
        yield self.decided(_AT_A_POINT, problem_setting(tree), target, scope="2-2-1, m = (4, 2)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and enclose it at the problem's point, where its soft margin is positive."""
        yield from self._in_general()
        if target.tree is not None and target.problem is not None and target.problem.kind == "log_sum_exp":
            found = self.decided(_AT_A_POINT, GIVEN, target)
            if found.word != "undecided":  # the soft margin may not be positive yet
                yield found

    def _in_general(self) -> Iterator[Claim]:
        under = (LEMMA_4, POSITIVE_LOG_MARGIN, CHAIN_RULE_ALONG_THE_FLOW)
        theorem, scope = "the_soft_margin_does_not_fall_at_a_time", "pointwise, any dimension"
        yield self.general("soft_margin_monotone.v", theorem, under=under, scope=scope)
        yield self.general("soft_margin.v", "lemma_4_for_every_clarke_subgradient", scope="its hypothesis, Lemma 4")
