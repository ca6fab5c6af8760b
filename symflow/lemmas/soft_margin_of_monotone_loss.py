"""The soft margin of a loss that is only said to be monotone: it may not be defined."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import LABELS, NON_ZERO_WEIGHTS, NUMBERS
from symflow.proofs.setting import net_tree, problem_setting

_TOTAL = "sum(k in 1..n: 1/(1 + exp(m[k])))"


@LEMMAS.register("soft_margin_of_monotone_loss")
class SoftMarginOfMonotoneLoss(AbstractLemma):
    """ℓ⁻¹(Σ ℓ(m_i)) is defined for every monotone loss: false, for ℓ(z) = 1/(1 + e^z) with values in (0, 1)."""

    name = "soft_margin_of_monotone_loss"
    ids = ("B7", "E16")
    words = (
        r"For the strictly monotone $\ell(z)=1/(1+e^z)$ the total loss $\sum_i\ell(m_i(w))$ lies in the range "
        r"$(0,1)$ of "
        r"$\ell$, so that $\tilde\gamma(w)=\ell^{-1}(\sum_i\ell(m_i(w)))/\lVert w\rVert^L$ is defined."
    )
    statement = f"0 < {_TOTAL} and {_TOTAL} < 1"
    hypotheses = (LABELS, NUMBERS, NON_ZERO_WEIGHTS)
    reference = "lecture B, the definition of the soft margin for a monotone loss, as printed"
    see = "exponential_soft_margin"
    proof = (
        Step(
            "witness",
            r"Two data with margin $0$, at weights that are not $0$: each loss is $1/2$ and the total is $1$, a "
            r"number "
            r"that $\ell$ never takes.",
        ),
        Step(
            "conclusion",
            r"The loss has to be strictly monotone and the total loss has to lie in its range; for $\ell(z)=e^{-z}$, "
            r"with "
            r"range $(0,\infty)$, it always does.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at m = (0, 0)."""
        tree = net_tree([[[1, 0]]], activation=[], inputs=[[0, 1], [0, -1]], labels=[1, 1], kind="log_sum_exp")
        yield self.refuted(self.statement, problem_setting(tree), target, scope="ℓ(z) = 1/(1 + e^z), m = (0, 0)")
