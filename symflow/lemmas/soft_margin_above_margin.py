"""The soft margin is at least the margin: false for two data or more."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import LABELS, NO_BIASES, NON_ZERO_WEIGHTS, SCALAR_OUTPUT, SEVERAL_DATA
from symflow.proofs.setting import GIVEN, net_tree, problem_setting


@LEMMAS.register("soft_margin_above_margin")
class SoftMarginAboveMargin(AbstractLemma):
    """γ̃ ≥ γ: false, at m = (1/10, 1/10) even the signs differ."""

    name = "soft_margin_above_margin"
    ids = ("W10",)
    words = r"The soft margin is at least the margin: $\tilde\gamma(w)\ge\gamma(w)$."
    statement = "-ln(sum(k in 1..n: exp(-m[k]))) >= min(k in 1..n: m[k])"
    hypotheses = (NO_BIASES, LABELS, SCALAR_OUTPUT, SEVERAL_DATA, NON_ZERO_WEIGHTS)
    reference = "a plausible wrong statement on lecture B"
    see = "soft_margin_bounds"
    proof = (
        Step(
            "witness",
            r"Two data with margin $1/10$: $\gamma>0$, while $-\ln(2e^{-1/10})=1/10-\ln2<0$. Both are divided by the "
            r"same "
            r"$\lVert w\rVert^L>0$, so their numerators are compared.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at m = (1/10, 1/10)."""
        tree = net_tree([[[1]]], activation=[], inputs=[["1/10"], ["1/10"]], labels=[1, 1], kind="log_sum_exp")
        yield self.refuted(self.statement, problem_setting(tree), target, scope="m = (1/10, 1/10)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it with the problem's own data, at its weights."""
        found = next(self.at_home(target)) if target.tree is None else self.decided(self.statement, GIVEN, target)
        yield found if found.name == self.name else next(self.at_home(target))  # of one datum they are equal
