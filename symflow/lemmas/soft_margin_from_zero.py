"""Theorem 5 as printed, from w(0) = 0: it speaks of nothing, for with two layers or more the weights stay 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    EXPONENTIAL,
    FINITELY_MANY_CORNERS,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    LABELS,
    NO_BIASES,
    WEIGHTS,
)
from symflow.proofs.setting import net_tree, problem_setting

_AT_ZERO = "velocity(R) == 0 and -ln(sum(k in 1..n: exp(-m[k]))) <= 0"


@LEMMAS.register("soft_margin_from_zero")
class SoftMarginFromZero(AbstractLemma):
    """From w(0) = 0, with γ̃(w(t_0)) > 0 at some t_0, γ̃ does not decrease: of no flow at all, if L ≥ 2."""

    name = "soft_margin_from_zero"
    ids = ("E18", "W11")
    words = (
        r"If $w(0)=0$ and $\tilde\gamma(w(t_0))>0$ at some $t_0$, then $\tilde\gamma(w(t))$ does not decrease for "
        r"$t\ge t_0$; "
        r"with $L\ge2$ layers no flow of the loss is like that."
    )
    forms = (_AT_ZERO,)
    bounds: ClassVar = {_AT_ZERO: {"at_home": True}}
    hypotheses = (
        HIDDEN_LAYER,
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        EXPONENTIAL,
        LABELS,
        WEIGHTS,
        FINITELY_MANY_CORNERS,
    )
    reference = "lecture B, Theorem 5, as printed"
    see = "soft_margin_monotone"
    scripts = ("gronwall.v",)
    proof = (
        Step(
            "definition",
            r"The margins are $L$-homogeneous, so their Clarke subgradients at $w$ have norm at most $K\lVert "
            r"w\rVert^{L-1}$; "
            r"near $0$ and with $L\ge2$ that is at most $K\lVert w\rVert$, and so is $\lVert\dot w\rVert$.",
        ),
        Step(
            "inequality",
            r"Gronwall: $\tfrac{d}{dt}(\lVert w\rVert^2e^{-2Kt})\le0$ and $w(0)=0$ give $w(t)=0$ for all $t$.",
        ),
        Step("conclusion", r"At $w=0$ there is no soft margin, and its numerator is $-\ln n\le0$: no $t_0$ exists."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Show that its hypotheses cannot be met; and evaluate both at w = 0 for a net of two layers."""
        yield self.general("gronwall.v", "theorem_5_as_printed_is_vacuous", word="vacuous", scope="2 layers or more")
        tree = net_tree([[[0, 0], [0, 0]], [[0, 0]]], inputs=[[1, 2], [-1, 1]], labels=[1, -1], kind="log_sum_exp")
        yield self.decided(_AT_ZERO, problem_setting(tree), target, scope="2-2-1 at w = 0, two data")

    def on(self, target: Target) -> Iterator[Claim]:
        """Show that its hypotheses cannot be met."""
        yield self.general("gronwall.v", "theorem_5_as_printed_is_vacuous", word="vacuous", scope="2 layers or more")
