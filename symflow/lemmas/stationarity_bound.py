"""How near the flow comes to a stationary point by the time t: the mean loss of risk bounds the least norm."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION, PIECEWISE_SMOOTH, POSITIVE_TIME


@LEMMAS.register("stationarity_bound")
class StationarityBound(AbstractLemma):
    """min over s ≤ t of min {‖v‖² : v ∈ ∂R(w(s))} ≤ (R(w(0)) − R(w(t)))/t."""

    name = "stationarity_bound"
    ids = ("A15",)
    words = (
        r"$\min_{0\le s\le t}\min\{\lVert v\rVert^2:v\in\partial R(w(s))\}\le\frac{R(w(0))-R(w(t))}{t}$ along the "
        "flow, "
        r"for every $t>0$."
    )
    hypotheses = (PIECEWISE_SMOOTH, ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION, POSITIVE_TIME)
    reference = "lecture A, the corollary on stationarity"
    scripts = ("chain_rule_gives_minimal_norm.v",)
    axioms = ("level_sets", "fundamental_theorem", "compactness")
    proof = (
        Step(
            "citation",
            r"The risk lost up to $t$ is $\int_0^tq(s)\,ds$ with $q(s)=\min\{\lVert v\rVert^2:v\in\partial R(w(s))\}$.",
        ),
        Step(
            "inequality",
            r"If $q\ge m$ on $[0,t]$ then the integral is at least $tm$; so $m\le\frac{R(w(0))-R(w(t))}{t}$ for "
            r"$m=\inf q$.",
        ),
        Step(
            "by_limit",
            r"$q$ is lower semicontinuous, for limits of elements of $\partial R(w(s_n))$ are elements of "
            r"$\partial R(w(s))$; so the infimum over $[0,t]$ is a minimum.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim the inequality by the stored theorem."""
        theorems = ("chain_rule_gives_minimal_norm", "stationarity_bound")
        yield self.general("chain_rule_gives_minimal_norm.v", *theorems, axioms=self.axioms, scope="piecewise C¹ risks")
