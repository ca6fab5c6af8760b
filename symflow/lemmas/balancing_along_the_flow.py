"""Balancing seen along an enclosed flow: the conserved quantities at every state listed are those of the start."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ALL_TRAINED,
    ELEMENTWISE,
    FLOW,
    HIDDEN_LAYER,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    NUMBERS,
    WEIGHTS,
)
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("balancing_along_the_flow")
class BalancingAlongTheFlow(AbstractLemma):
    """The quantities of balancing at the states of an enclosed flow are those of the start, to its digits."""

    name = "balancing_along_the_flow"
    ids = ("A31",)
    words = (
        r"At every state listed along this flow $\lVert W_l\rVert^2-\lVert W_{l+1}\rVert^2$, and the same for each "
        r"neuron, "
        r"is what it is at the start, to the digits of the flow."
    )
    hypotheses = (NUMBERS, WEIGHTS, NO_BIASES, HIDDEN_LAYER, HOMOGENEOUS_OF_DEGREE_ONE, ELEMENTWISE, ALL_TRAINED, FLOW)
    reference = "lecture A, Lemma 9.3, for one net"
    rules = ("conserved_along_the_flow",)
    proof = (
        Step("citation", r"Each quantity is conserved along every solution; see the lemma on balancing."),
        Step(
            "inequality",
            r"A state that is off by at most $\varepsilon$ in each entry has it up to a multiple of $\varepsilon$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Follow two neurons on two data, with an enclosure to 20 digits."""
        tree = net_tree(
            [[[1, -1], [-1, 0]], [[1, "-1/2"]]],
            inputs=[[1, 1], [-1, -1]],
            labels=[1, -1],
            kind="risk",
            loss="exponential",
        )
        problem = problem_from_tree({**tree, "flow": {"until": "1", "digits": 20, "validated": True}})
        scope = "2-2-1, from a kink, t ≤ 1"
        yield from self.along(
            "conserved_along_the_flow", problem, target, setting=problem_setting(problem.tree()), scope=scope
        )

    def on(self, target: Target) -> Iterator[Claim]:
        """Follow the problem's flow, if an enclosure is asked for."""
        problem = target.problem
        if problem is not None and problem.flow is not None and problem.flow.validated:
            scope = f"this start, t ≤ {problem.flow.until}"
            yield from self.along("conserved_along_the_flow", problem, target, scope=scope)
