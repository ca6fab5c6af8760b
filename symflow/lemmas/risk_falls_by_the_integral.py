"""Along an exact path the objective falls by the sum of the squared speed times the duration of each piece."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import FLOW, INPUT, NUMBERS
from symflow.proofs.setting import GIVEN, problem_setting
from symflow.zoo.of_the_lectures import corner


@LEMMAS.register("risk_falls_by_the_integral")
class RiskFallsByTheIntegral(AbstractLemma):
    """F(x(0)) − F(x(t)) = ∫ ‖x'‖² ds, exactly, along a straight-edged path in the input."""

    name = "risk_falls_by_the_integral"
    ids = ("A14",)
    words = (
        r"$F(x(0))-F(x(t))=\int_0^t\lVert\dot x\rVert^2ds$ along this path, where $-\dot x$ is the shortest element of "
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
        yield from self._along(problem, problem_setting(problem.tree()), target, "a 2-3-2-1 net from (1, 0), t ≤ 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Evaluate it along the problem's flow, if times are rational."""
        if target.problem is not None and target.problem.flow is not None:
            yield from self._along(target.problem, GIVEN, target, f"this start, t ≤ {target.problem.flow.until}")

    def _along(self, problem: Problem, setting: Json, target: Target, scope: str) -> Iterator[Claim]:
        result = target.flow(problem)
        if result["is_exact"] and result["status"] in ("completed", "stationary"):
            known_by = "a sum over the arcs"
            yield self.derived("energy_identity", result, setting, "proved_instance", known_by=known_by, scope=scope)
