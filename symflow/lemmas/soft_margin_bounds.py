"""The soft margin lies below the margin, by at most ln n over a power of the norm."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import LABELS, NO_BIASES, NON_ZERO_WEIGHTS, SCALAR_OUTPUT, SEVERAL_DATA
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_U = "-ln(sum(k in 1..n: exp(-m[k])))"


@LEMMAS.register("soft_margin_bounds")
class SoftMarginBounds(AbstractLemma):
    """γ − ln n/‖w‖^L ≤ γ̃ ≤ γ, and γ̃ < γ for two data or more."""

    name = "soft_margin_bounds"
    ids = ("B9",)
    words = (
        r"$\gamma(w)-\ln n/\lVert w\rVert^L\le\tilde\gamma(w)\le\gamma(w)$, and $\tilde\gamma(w)<\gamma(w)$ for "
        r"$n\ge2$ data."
    )
    statement = f"{_U} < min(k in 1..n: m[k]) at w"
    forms = (f"min(k in 1..n: m[k]) - ln(n) < {_U} if min(k in 1..n: m[k]) < max(k in 1..n: m[k]) at w",)
    hypotheses = (NO_BIASES, LABELS, SCALAR_OUTPUT, SEVERAL_DATA, NON_ZERO_WEIGHTS)
    reference = "Lyu, Li 2020, Section 4; lecture B, margin and soft margin"
    scripts = ("soft_margin.v",)
    proof = (
        Step(
            "inequality", r"The sum $\sum_ie^{-m_i}$ is at least its largest term $e^{-\min m}$, and more if $n\ge2$."
        ),
        Step("inequality", r"It is at most $n$ times that term."),
        Step("conclusion", r"Take $-\ln$, which is decreasing, and divide by $\lVert w\rVert^L>0$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for any margins; and enclose both sides for m = (1/10, 1/5)."""
        yield from self._general()
        tree = net_tree([[["1/10"]]], activation=[], inputs=[[1], [2]], labels=[1, 1], kind="log_sum_exp")
        yield from self._at(problem_setting(tree), target, "m = (1/10, 1/5)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general; and enclose both sides at the problem's point."""
        yield from self._general()
        if target.tree is not None:
            yield from self._at(GIVEN, target, None)

    def _general(self) -> Iterator[Claim]:
        yield self.general(
            "soft_margin.v", "soft_margin_bounds", "log_margin_below_each_margin", scope="any margins, n ≥ 1"
        )

    def _at(self, setting: Json, target: Target, scope: str | None) -> Iterator[Claim]:
        for statement in (self.statement, *self.forms):
            found = self.decided(statement, setting, target, scope=scope)
            if found.word != "undecided":  # with equal margins the lower bound is attained
                yield found
