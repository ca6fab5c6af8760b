"""Lemma 4: the inner product of w with a Clarke subgradient of u = −ln Σ e^(−m_i) is at least L u."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, WEIGHTS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_U = "-ln(sum(k in 1..n: exp(-m[k])))"
_OF_THE_RISK = f"for s in clarke(R): L*({_U}) <= -inner(s, w)/sum(k in 1..n: exp(-m[k]))"

# With one datum u is its margin, so that no logarithm is needed, and both sides are equal.
_OF_ONE = "for v in -clarke(R): L*m <= inner(v, w) if n == 1"
_OF_ONE_RISK = "for s in clarke(R): L*m*exp(-m) <= -inner(s, w) if n == 1"


@LEMMAS.register("lemma_4")
class Lemma4(AbstractLemma):
    """L u ≤ ⟨v, w⟩ for every v in −∂ ln Σ e^(−m_i); no chain rule is assumed."""

    name = "lemma_4"
    ids = ("B10",)
    words = (
        r"If every margin $m_i$ is continuous and $L$-homogeneous then $-L\ln\sum_ie^{-m_i(w)}\le\langle "
        r"v,w\rangle$ for every $w$ and every $v\in-\partial\ln\sum_ie^{-m_i(w)}$; no chain rule is assumed."
    )
    statement = f"for v in -clarke(R): L*({_U}) <= inner(v, w)"
    forms = (_OF_THE_RISK, _OF_ONE, _OF_ONE_RISK)
    bounds: ClassVar = {
        statement: {"loss": "log_sum_exp"},
        _OF_ONE: {"loss": "log_sum_exp"},
        _OF_THE_RISK: {"loss": "exponential"},
        _OF_ONE_RISK: {"loss": "exponential"},
    }
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, EXPONENTIAL, LABELS, WEIGHTS)
    reference = "Lyu, Li 2020, Lemma B.5; lecture B, Lemma 4"
    scripts = ("soft_margin.v",)
    proof = (
        Step(
            "along_the_ray",
            r"At a differentiability point $\langle\nabla u,w\rangle$ is the derivative of $u$ along $w$, which is "
            r"$L\sum_ip_im_i$ with $p_i=e^{-m_i}/\sum_je^{-m_j}$, since $m_i((1+t)w)=(1+t)^Lm_i(w)$.",
        ),
        Step(
            "by_limit",
            r"The right side is continuous in $w$, so limits of gradients have the same product, and so have their "
            r"convex "
            r"combinations: $\langle v,w\rangle=L\sum_ip_im_i$ for every $v\in\partial u(w)$.",
        ),
        Step("definition", r"$\ln p_i=u-m_i$, so $\sum_ip_im_i=u-\sum_ip_i\ln p_i=u+H(p)$ with the entropy $H(p)$."),
        Step("inequality", r"$0<p_i\le1$ gives $H(p)\ge0$, and $L\ge0$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for any number of data and any homogeneous margins; and enclose it for a net at a kink."""
        yield self.general("soft_margin.v", "lemma_4_for_every_clarke_subgradient", scope="any n, any L, every w")
        yield self.decided(self.statement, problem_setting(at_a_kink()), target, scope="2-2-1, at a kink")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and enclose it at the problem's point, for every vertex of the differential."""
        yield self.general("soft_margin.v", "lemma_4_for_every_clarke_subgradient", scope="any n, any L, every w")
        if target.tree is not None and target.problem is not None:
            several, one = (self.statement, _OF_ONE) if target.problem.kind != "risk" else (_OF_THE_RISK, _OF_ONE_RISK)
            yield self.decided(one if len(target.problem.inputs or ()) == 1 else several, GIVEN, target)


def at_a_kink() -> dict[str, object]:
    """Return a net of two neurons and two data, one of whose neurons vanishes on both."""
    return net_tree([[[1, -1], [-1, 0]], [[1, "-1/2"]]], inputs=[[1, 1], [-1, -1]], labels=[1, -1], kind="log_sum_exp")
