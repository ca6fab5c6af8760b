"""The Clarke differential of a smooth function of margins, as an equation: false; the inclusion suffices."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import EXPONENTIAL, LABELS, NUMBERS
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("outer_function_with_equality")
class OuterFunctionWithEquality(AbstractLemma):
    """∂u = Σ p_i ∂m_i, on which Lemma 4 is printed to rest: false, at m_1 = σ(w), m_2 = −σ(w); "⊂" is true."""

    name = "outer_function_with_equality"
    ids = ("E17",)
    words = (
        r"$-\partial\ln\sum_ie^{-m_i}=\sum_ip_i\,\partial m_i$ with the softmin weights $p_i$: the chain rule that "
        r"lecture B "
        r"assumes for Lemma 4, with equality."
    )
    statement = "clarke(R) == -(1/(exp(-m1) + exp(-m2)))*(exp(-m1)*clarke(m1) + exp(-m2)*clarke(m2))"
    hypotheses = (EXPONENTIAL, LABELS, NUMBERS)
    reference = "lecture B, the assumption of Lemma 4; Clarke 1983, Theorems 2.3.9 and 2.3.10"
    see = "lemma_4"
    proof = (
        Step(
            "witness",
            r"$f=v\,\sigma(w)$ at $w=0$, $v=1$, with labels $\pm1$: $u=-\ln(e^f+e^{-f})$ has the derivative "
            r"$-\tanh f$ in $f$, which is $0$ at $f=0$, so $\partial u=\{0\}$; but "
            r"$\tfrac12\partial f-\tfrac12\partial f=[-\tfrac12,\tfrac12]\times\{0\}$.",
        ),
        Step(
            "conclusion",
            r"Only the inclusion of the left set in the right one holds, for every continuously differentiable outer "
            r"function; Lemma 4 needs no more, and its proof along the ray not even that.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at f = v σ(w), w = 0; and show the inclusion there."""
        tree = net_tree([[[0]], [[1]]], inputs=[[1], [1]], labels=[1, -1], kind="log_sum_exp")
        place = problem_setting(tree)
        yield self.refuted(self.statement, place, target, scope="m₁ = σ(w), m₂ = −σ(w) at 0")
        inclusion = self.statement.replace("==", "within")
        yield self.decided(inclusion, place, target, scope="the inclusion, at the same point")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it at the same witness, whatever is asked about."""
        yield next(self.at_home(target))
