"""Theorem 5, repaired: once it is positive the soft margin does not decrease along the flow."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ABSOLUTELY_CONTINUOUS,
    ALL_TRAINED,
    EXPONENTIAL,
    HOMOGENEOUS_OF_DEGREE_ONE,
    LABELS,
    NO_BIASES,
    POSITIVE_LOG_MARGIN,
    WEIGHTS,
)

_SCRIPT = "soft_margin_monotone.v"


@LEMMAS.register("soft_margin_monotone")
class SoftMarginMonotone(AbstractLemma):
    """If u(w(t_0)) > 0 then u/‖w‖^L does not decrease for t ≥ t_0; w(0) = 0 is not assumed, and would exclude it."""

    name = "soft_margin_monotone"
    ids = ("B11",)
    words = (
        r"If $\tilde\gamma(w(t_0))>0$ then $\tilde\gamma(w(t))=-\ln\sum_ie^{-m_i(w(t))}\,/\,\lVert w(t)\rVert^L$ "
        r"does not "
        r"decrease for $t\ge t_0$, as long as the flow of the exponential loss, or of its logarithm, is defined."
    )
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        EXPONENTIAL,
        LABELS,
        WEIGHTS,
        ALL_TRAINED,
        POSITIVE_LOG_MARGIN,
        ABSOLUTELY_CONTINUOUS,
    )
    reference = "Lyu, Li 2020, Theorem 4.1; Ji, Telgarsky 2020; lecture B, Theorem 5, without its hypothesis w(0) = 0"
    scripts = (_SCRIPT,)
    axioms = ("fundamental_theorem", "definable_chain_rule")
    rules = ("soft_margin_does_not_fall",)
    proof = (
        Step(
            "definition",
            r"$\dot w=c\,v$ with $v\in\partial u(w)$: $c=1$ for the flow of $-u$, and $c=e^{-u}$ for that of $e^{-u}$.",
        ),
        Step(
            "citation",
            r"The chain rule gives $\dot u=c\,\lVert v\rVert^2\ge0$, so $u(t)\ge u(t_0)>0$ and $w\ne0$.",
        ),
        Step("inequality", r"Lemma 4: $\langle w,v\rangle\ge L\,u$."),
        Step(
            "inequality",
            r"Cauchy-Schwarz: $\lVert w\rVert^2\dot u=c\,\lVert w\rVert^2\lVert v\rVert^2\ge c\,\langle "
            r"w,v\rangle^2\ge L\,u\,c\,\langle w,v\rangle=L\,u\,\langle w,\dot w\rangle$.",
        ),
        Step(
            "conclusion",
            r"$\tfrac{d}{dt}(u\lVert w\rVert^{-L})=\lVert w\rVert^{-L-2}(\lVert w\rVert^2\dot u-L\,u\,\langle w,\dot "
            r"w\rangle)"
            r"\ge0$ for almost every $t$, and the quotient is absolutely continuous.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for all homogeneous margins, the chain rule and the passage to almost every time cited."""
        yield self._in_general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Enclose it along the problem's flow, where this has an enclosure; else claim it in general."""
        problem, found = target.problem, []
        if problem is not None and problem.flow is not None and problem.flow.validated:
            scope = f"this start, t ≤ {problem.flow.until}"
            found = list(self.along("soft_margin_does_not_fall", problem, target, scope=scope))
        yield from found or [self._in_general()]

    def _in_general(self) -> Claim:
        return self.general(_SCRIPT, "theorem_5", axioms=self.axioms, scope="homogeneous margins, any n")
