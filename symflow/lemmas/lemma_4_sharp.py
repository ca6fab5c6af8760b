"""Lemma 4 as an equation: the difference of its two sides is L times the entropy of the softmin weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, WEIGHTS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_MEAN = "L*sum(k in 1..n: m[k]*exp(-m[k]))"
_OF_THE_RISK = f"for s in clarke(R): -inner(s, w) == {_MEAN}"


@LEMMAS.register("lemma_4_sharp")
class Lemma4Sharp(AbstractLemma):
    """⟨v, w⟩ = L (u + H(p)) for every v in −∂ ln Σ e^(−m_i), with 0 ≤ H(p) ≤ ln n; and H(p) > 0 for n ≥ 2."""

    name = "lemma_4_sharp"
    ids = ("B10",)
    words = (
        r"If every margin is continuous and $L$-homogeneous then $\langle v,w\rangle=L\,(u+H(p))=L\sum_ip_im_i$ for "
        r"every $v\in-\partial\ln\sum_ie^{-m_i}$, with $u=-\ln\sum_ie^{-m_i}$, $p_i=e^{u-m_i}$ and "
        r"$H(p)=-\sum_ip_i\ln p_i\le\ln n$; and $H(p)>0$ for $n\ge2$."
    )
    statement = f"for v in -clarke(R): inner(v, w)*sum(k in 1..n: exp(-m[k])) == {_MEAN}"
    forms = (_OF_THE_RISK,)
    bounds: ClassVar = {statement: {"loss": "log_sum_exp"}, _OF_THE_RISK: {"loss": "exponential"}}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, EXPONENTIAL, LABELS, WEIGHTS)
    reference = "lecture B, Lemma 4, with the term that its proof drops"
    scripts = ("soft_margin.v",)
    proof = (
        Step("along_the_ray", r"As in Lemma 4, $\langle v,w\rangle=L\sum_ip_im_i$ for every such $v$."),
        Step("definition", r"$\ln p_i=u-m_i$, so $\sum_ip_im_i=u+H(p)$."),
        Step("inequality", r"$p_i<1$ for $n\ge2$, so each $-p_i\ln p_i>0$; and $\ln z\le z-1$ gives $H(p)\le\ln n$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for any number of data; and evaluate it for a net, where both sides are sums of exponentials."""
        yield from self._general()
        tree = net_tree([[[1, -1]], [[1]]], inputs=[[1, 0], [0, -1]], labels=[1, 1], kind="log_sum_exp")
        yield self.decided(self.statement, problem_setting(tree), target, scope="m = (1, 1)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and evaluate it at the problem's point, for every vertex of the differential."""
        yield from self._general()
        if target.tree is not None and target.problem is not None:
            is_risk = target.problem.kind == "risk"
            yield self.decided(_OF_THE_RISK if is_risk else self.statement, GIVEN, target)

    def _general(self) -> Iterator[Claim]:
        yield self.general(
            "soft_margin.v",
            "lemma_4_for_every_clarke_subgradient",
            "entropy_is_positive",
            "entropy_is_at_most_log_n",
            scope="any n, any L, every w",
        )
