"""Separable data: some weights have a positive soft margin, or only positive margins; it is the same."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_AT_A_POINT = "min(k in 1..n: m[k]) > 0 at w"


@LEMMAS.register("separability")
class Separability(AbstractLemma):
    """There is a w with −ln Σ e^(−m_i(w)) > 0 if and only if there is one with min_i m_i(w) > 0."""

    name = "separability"
    ids = ("B9",)
    words = (
        r"Some $w$ has soft margin $\tilde\gamma(w)>0$ if and only if some $w$ has $\min_im_i(w)>0$; so rational "
        r"weights with positive margins show that the net can separate the data."
    )
    forms = (_AT_A_POINT,)
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, LABELS, SCALAR_OUTPUT)
    reference = "lecture B, the definition of separability"
    scripts = ("soft_margin.v",)
    proof = (
        Step("inequality", r"$u=-\ln\sum_ie^{-m_i}\le\min_im_i$, so that $u(w)>0$ makes all margins positive."),
        Step(
            "along_the_ray",
            r"If $\min_im_i(w)=c>0$ then $m_i(\alpha w)\ge\alpha^Lc$ and $u(\alpha w)\ge\alpha^Lc-\ln n$, which is "
            r"positive "
            r"for large $\alpha$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for any homogeneous margins; and show two data separable by rational weights."""
        yield self.general("soft_margin.v", "separability", scope="homogeneous margins of degree L > 0")
        tree = net_tree([[[1, 0]], [["1/2"]]], inputs=[[1, 1], [2, -1]], labels=[1, 1], kind="log_sum_exp")
        yield self.decided(_AT_A_POINT, problem_setting(tree), target, scope="a neuron and two data")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and that the problem's weights separate its data, if they do."""
        yield self.general("soft_margin.v", "separability", scope="homogeneous margins of degree L > 0")
        if target.tree is not None:
            found = self.decided(_AT_A_POINT, GIVEN, target)
            if found.word == "proved_instance":  # that these weights do not separate the data says nothing of others
                yield found
