"""The path that symflow follows is a solution of the inclusion: exactly in the input, within a tube in the weights."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ALL_TRAINED, FLOW, NUMBERS
from symflow.proofs.setting import problem_setting
from symflow.zoo.of_the_lectures import corner


@LEMMAS.register("solution_along_the_flow")
class SolutionAlongTheFlow(AbstractLemma):
    """There is a solution of w' ∈ −∂R(w) from this start up to this time: the path that is listed, or one near it."""

    name = "solution_along_the_flow"
    ids = ("A11",)
    words = (
        r"From this start the inclusion $\dot w(t)\in-\partial R(w(t))$ has a solution up to this time: the path "
        r"listed, or, where it is enclosed, one that differs from the states listed by less than its digits."
    )
    hypotheses = (NUMBERS, ALL_TRAINED, FLOW)
    reference = "lecture A, the relaxed gradient flow, for one net"
    rules = ("path_is_a_solution",)
    proof = (
        Step(
            "by_cell", r"Between two events no unit changes its sign, and the path follows the gradient of one piece."
        ),
        Step("by_convexity", r"On a kink that is followed the velocity is a convex combination of those of its cells."),
        Step("conclusion", r"At each event all straight continuations but the one taken are excluded."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Follow a net of three layers in its input, from a corner where six pieces meet."""
        problem = problem_from_tree({**corner().tree, "flow": {"until": "1", "checkpoints": ["1/4"]}})
        scope = "a corner of a 2-3-2-1 net, t ≤ 1"
        yield from self.along(
            "path_is_a_solution", problem, target, setting=problem_setting(problem.tree()), scope=scope
        )

    def on(self, target: Target) -> Iterator[Claim]:
        """Follow the problem's flow, if it is one that is exact or enclosed."""
        problem = target.problem
        if problem is None or problem.flow is None or not (problem.variable == "input" or problem.flow.validated):
            return
        yield from self.along("path_is_a_solution", problem, target, scope=f"this start, t ≤ {problem.flow.until}")
