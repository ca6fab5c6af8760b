"""The relaxed gradient flow has one solution from every start: false on a ridge."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("flow_is_unique")
class FlowIsUnique(AbstractLemma):
    """w' ∈ −∂R(w) has one solution from every w(0): false for R = −|w| from 0."""

    name = "flow_is_unique"
    ids = ("E12", "W14")
    words = (
        r"From every start $w(0)$ the inclusion $\dot w(t)\in-\partial R(w(t))$ has one absolutely continuous "
        "solution only: "
        "the flow."
    )
    reference = "lectures A and B, which speak of the flow"
    rules = ("flow_is_not_unique",)
    see = "relaxed_gradient_flow"
    proof = (
        Step(
            "witness",
            r"$R(w)=-\lvert w\rvert$ from $w(0)=0$, where $-\partial R(0)=[-1,1]$: $w(t)=t$, $w(t)=-t$ and "
            "$w(t)=0$ all are solutions.",
        ),
        Step("by_cell", r"$-R'(w)=1$ for $w>0$ and $-1$ for $w<0$, so each of them moves as the inclusion asks."),
        Step(
            "conclusion", r"A solution may also rest at $0$ for any time $T$ before it leaves: $w(t)=\pm\max(t-T,0)$."
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at −|w|, by the branches of the flow, each of them exact."""
        from symflow.problem_tree import problem_from_tree

        tree = net_tree([[[1]], [[-1]]], activation="abs", kind="output", variable="input", at=[0])
        result = target.engines.flow(problem_from_tree(tree), budget=target.budget)
        if result["status"] != "non_unique":
            yield self.undecided(problem_setting(result["problem"]), result["reason"] or "the time did not suffice")
            return
        yield self.refuted_by(
            "flow_is_not_unique",
            result,
            problem_setting(result["problem"]),
            known_by=f"{len(result['branches'])} solutions from one start",
            scope="−|w| from 0",
        )
