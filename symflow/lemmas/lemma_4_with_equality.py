"""Lemma 4 with an equality sign: false for two data or more."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, HOMOGENEOUS_OF_DEGREE_ONE, LABELS, NO_BIASES, SEVERAL_DATA
from symflow.proofs.setting import GIVEN, net_tree, problem_setting


@LEMMAS.register("lemma_4_with_equality")
class Lemma4WithEquality(AbstractLemma):
    """⟨v, w⟩ = L u for v in −∂ ln Σ e^(−m_i): false, the difference is L times an entropy."""

    name = "lemma_4_with_equality"
    ids = ("W13",)
    words = (
        r"For $n\ge2$ data, $\langle v,w\rangle=-L\ln\sum_ie^{-m_i(w)}$ for every $v\in-\partial\ln\sum_ie^{-m_i(w)}$."
    )
    statement = "for v in -clarke(R): inner(v, w) == -L*ln(sum(k in 1..n: exp(-m[k]))) if n >= 2"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, EXPONENTIAL, LABELS, SEVERAL_DATA)
    reference = "a plausible wrong statement on lecture B, Lemma 4"
    see = "lemma_4_sharp"
    proof = (
        Step(
            "witness",
            r"$m_1=m_2=w/10$ at $w=1$, $L=1$: $u=w/10-\ln2$, so $\langle v,w\rangle=1/10$, while $L\,u=1/10-\ln2$.",
        ),
        Step("conclusion", r"The difference is $L\,H(p)=\ln2$, the entropy of $p=(1/2,1/2)$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at m = (1/10, 1/10)."""
        tree = net_tree([[[1]]], activation=[], inputs=[["1/10"], ["1/10"]], labels=[1, 1], kind="log_sum_exp")
        yield self.refuted(self.statement, problem_setting(tree), target, scope="m = (1/10, 1/10)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it with the problem's own data, at its weights, where the objective is the logarithm."""
        if target.tree is not None and target.problem is not None and target.problem.kind == "log_sum_exp":
            found = self.decided(self.statement, GIVEN, target)
            yield found if found.name == self.name else next(self.at_home(target))  # one datum has no entropy
        else:
            yield next(self.at_home(target))
