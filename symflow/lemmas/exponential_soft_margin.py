"""The soft margin of the exponential loss: minus the logarithm of the loss, over a power of the norm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, LABELS, NO_BIASES, NON_ZERO_WEIGHTS, NUMBERS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting


@LEMMAS.register("exponential_soft_margin")
class ExponentialSoftMargin(AbstractLemma):
    """With ℓ(z) = e^(−z): ℓ⁻¹(Σ e^(−m_i)) = −ln Σ e^(−m_i), which is always defined."""

    name = "exponential_soft_margin"
    ids = ("B8",)
    words = (
        r"For $\ell(z)=e^{-z}$ the soft margin is $\tilde\gamma(w)=-\ln\sum_ie^{-m_i(w)}\,/\,\lVert w\rVert^L$: "
        r"$u=-\ln\sum_ie^{-m_i}$ is the only number with $e^{-u}=\sum_ie^{-m_i}$."
    )
    statement = "R == sum(k in 1..n: exp(-m[k])) at w"
    bounds: ClassVar = {statement: {"loss": "exponential"}}
    hypotheses = (NO_BIASES, EXPONENTIAL, LABELS, NUMBERS, NON_ZERO_WEIGHTS)
    reference = "Lyu, Li 2020, Section 4; lecture B, the soft margin of the exponential loss"
    scripts = ("soft_margin.v",)
    proof = (
        Step("definition", r"$\ell$ is strictly decreasing with range $(0,\infty)$, and $\ell^{-1}(s)=-\ln s$."),
        Step("conclusion", r"$\sum_ie^{-m_i}>0$ lies in that range, so $\ell^{-1}$ of it is $-\ln\sum_ie^{-m_i}$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for any number of data; and evaluate it for two."""
        yield self.general("soft_margin.v", "log_margin_inverts_the_loss", scope="any number of data")
        tree = net_tree([[[1]]], activation=[], inputs=[[1], [2]], labels=[1, 1], kind="risk", loss="exponential")
        yield self.decided(self.statement, problem_setting(tree), target, scope="m = (1, 2)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and evaluate the risk at the problem's point, where it is the loss itself."""
        yield self.general("soft_margin.v", "log_margin_inverts_the_loss", scope="any number of data")
        if target.tree is not None and target.problem is not None and target.problem.kind == "risk":
            yield self.decided(self.statement, GIVEN, target)
