"""What the risk loses along the flow is the integral of the squared norm of the shortest Clarke subgradient."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION, PIECEWISE_SMOOTH


@LEMMAS.register("risk_falls_by_minimal_norm")
class RiskFallsByMinimalNorm(AbstractLemma):
    """R(w(t)) − R(w(0)) = −∫_0^t min {‖v‖² : v ∈ ∂R(w(s))} ds."""

    name = "risk_falls_by_minimal_norm"
    ids = ("A14",)
    words = r"$R(w(t))-R(w(0))=-\int_0^t\min\{\lVert v\rVert^2:v\in\partial R(w(s))\}\,ds$ along the flow."
    hypotheses = (PIECEWISE_SMOOTH, ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION)
    reference = "Davis, Drusvyatskiy, Kakade, Lee 2020, Lemma 5.2; lecture A"
    scripts = ("chain_rule_gives_minimal_norm.v",)
    axioms = ("level_sets", "fundamental_theorem")
    proof = (
        Step(
            "citation",
            r"By the chain rule with $v=-\dot w$: $\tfrac{d}{ds}R(w(s))=-\lVert\dot w(s)\rVert^2$ for almost "
            "every $s$.",
        ),
        Step(
            "conclusion",
            r"The velocity is minus the shortest element, so this is $-\min\{\lVert v\rVert^2:v\in\partial R(w(s))\}$.",
        ),
        Step(
            "citation",
            "$R(w(s))$ is absolutely continuous, since $R$ is locally Lipschitz; so it is the integral of its "
            "derivative.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim the derivative by the stored theorem, the integral by the fundamental theorem."""
        theorems = ("chain_rule_gives_minimal_norm", "risk_falls_by_the_integral")
        yield self.general("chain_rule_gives_minimal_norm.v", *theorems, axioms=self.axioms, scope="piecewise C¹ risks")
