"""Along an exact path the least squared speed is at most the mean fall of the objective."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import FLOW, INPUT, NUMBERS
from symflow.proofs.setting import problem_setting
from symflow.zoo.of_the_lectures import corner


@LEMMAS.register("stationarity_bound_along_the_flow")
class StationarityBoundAlongTheFlow(AbstractLemma):
    """min ‖x'‖² ≤ (F(x(0)) − F(x(t)))/t, exactly, along a straight-edged path in the input."""

    name = "stationarity_bound_along_the_flow"
    ids = ("A15",)
    words = (
        r"$\min_{s\le t}\lVert\dot x(s)\rVert^2\le(F(x(0))-F(x(t)))/t$ along this path, where $t>0$ is its last time."
    )
    hypotheses = (NUMBERS, INPUT, FLOW)
    reference = "lecture A, the bound on the least gradient, for one net"
    rules = ("stationarity_bound",)
    proof = (
        Step(
            "expansion", r"$F(x(0))-F(x(t))$ is the sum of $\lVert\dot x\rVert^2$ times the duration, over the pieces."
        ),
        Step("inequality", r"A mean is not below the least of what is averaged."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Evaluate it for a net of three layers, on a path of three pieces, one of them along a kink."""
        tree = corner().tree
        start = {"objective": {**tree["objective"], "at": ["1", "0"]}, "flow": {"until": "1"}}
        problem = problem_from_tree({**tree, **start})
        scope = "a 2-3-2-1 net from (1, 0), t ≤ 1"
        yield from self.along(
            "stationarity_bound", problem, target, setting=problem_setting(problem.tree()), scope=scope
        )

    def on(self, target: Target) -> Iterator[Claim]:
        """Evaluate it along the problem's flow, if times are rational."""
        if target.problem is not None and target.problem.flow is not None:
            yield from self.along(
                "stationarity_bound", target.problem, target, scope=f"this start, t ≤ {target.problem.flow.until}"
            )
