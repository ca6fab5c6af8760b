"""The gradient of a risk, through its slopes: what the risk form of lecture A's Lemma 9.3 uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import DIFFERENTIABLE_LOSS, LABELS, RISK, SCALAR_OUTPUT, WEIGHTS
from symflow.proofs.setting import net_tree, problem_setting, shape_setting

_EXPONENTIAL = "for k in 1..n: c[k] == -y[k]*exp(-m[k]) at w"


@LEMMAS.register("risk_gradient")
class RiskGradient(AbstractLemma):
    """∇R = Σ c_k ∇f_k off the kinks, with c_k = ∂R/∂f_k; for Σ ℓ(y_k f_k) this is c_k = y_k ℓ'(y_k f_k)."""

    name = "risk_gradient"
    ids = ("A32",)
    words = (
        r"For a risk of the outputs $f_k$ with a loss in $C^1$, off the kinks $\nabla R=\sum_kc_k\nabla f_k$ with "
        r"$c_k=\partial R/\partial f_k$; for $R=\sum_k\ell(y_kf_k)$ this is $c_k=y_k\,\ell'(y_kf_k)$."
    )
    statement = "grad(R) == sum(k in 1..n: c[k]*grad(f[k]))"
    forms = (_EXPONENTIAL,)
    bounds: ClassVar = {_EXPONENTIAL: {"loss": "exponential"}}
    hypotheses = (RISK, LABELS, SCALAR_OUTPUT, WEIGHTS, DIFFERENTIABLE_LOSS)
    reference = "lecture A, the risk form of Lemma 9.3"
    proof = (
        Step(
            "definition",
            r"$c_k=\partial R/\partial f_k$; for the exponential loss $\ell(m)=e^{-m}$ it is $-y_ke^{-y_kf_k}$.",
        ),
        Step(
            "by_cell",
            r"On a cell each $f_k$ is a polynomial of $w$, and the chain rule for $C^1$ functions gives the sum.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape with two data, and evaluate the slopes of an exponential risk."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"], n_data=2), target)
        two = net_tree([[[1, -1]], [[2]]], inputs=[[3, 1], [1, 2]], labels=[1, -1], kind="risk", loss="exponential")
        yield self.decided(_EXPONENTIAL, problem_setting(two), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand with two data."""
        yield from self.expanded(self.statement, target, n_data=2)
