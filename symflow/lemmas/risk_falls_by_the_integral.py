"""Along an exact path the objective falls by the sum of the squared speed times the duration of each piece."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import FLOW, INPUT, NUMBERS
from symflow.proofs.setting import problem_setting
from symflow.zoo.of_the_lectures import corner


@LEMMAS.register("risk_falls_by_the_integral")
class RiskFallsByTheIntegral(AbstractLemma):
    """F(x(0)) − F(x(t)) = ∫ ‖x'‖² ds, exactly, along a straight-edged path in the input."""

    name = "risk_falls_by_the_integral"
    ids = ("A14",)
    words = (
        r"$F(x(0))-F(x(t))=\int_0^t\lVert\dot x\rVert^2ds$ along this path, where $-\dot x$ is the shortest element "
        r"of "
        r"$\partial F$."
    )
    hypotheses = (NUMBERS, INPUT, FLOW)
    reference = "lecture A, the energy identity, for one net"
    rules = ("energy_identity",)
    proof = (
        Step("by_cell", r"The path has finitely many straight pieces, on each of which $\dot x$ is constant."),
        Step(
            "expansion",
            r"The integral is the sum of $\lVert\dot x\rVert^2$ times the duration; all numbers are rational.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Evaluate it for a net of three layers, on a path of three pieces, one of them along a kink."""
        tree = corner().tree
        start = {"objective": {**tree["objective"], "at": ["1", "0"]}, "flow": {"until": "1"}}
        problem = problem_from_tree({**tree, **start})
        scope = "a 2-3-2-1 net from (1, 0), t ≤ 1"
        yield from self.along("energy_identity", problem, target, setting=problem_setting(problem.tree()), scope=scope)

    def on(self, target: Target) -> Iterator[Claim]:
        """Evaluate it along the problem's flow, if times are rational."""
        if target.problem is not None and target.problem.flow is not None:
            yield from self.along(
                "energy_identity", target.problem, target, scope=f"this start, t ≤ {target.problem.flow.until}"
            )
