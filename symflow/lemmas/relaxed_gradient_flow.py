"""The gradient flow as a differential inclusion: there is a solution from every start."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import LOCALLY_LIPSCHITZ
from symflow.proofs.setting import GIVEN, net_tree, problem_setting


@LEMMAS.register("relaxed_gradient_flow")
class RelaxedGradientFlow(AbstractLemma):
    """From every w(0) some absolutely continuous w has w'(t) ∈ −∂R(w(t)) for almost every t."""

    name = "relaxed_gradient_flow"
    ids = ("A11",)
    words = (
        r"From every start $w(0)$ there is, for some time, an absolutely continuous $w$ with "
        r"$\dot w(t)\in-\partial R(w(t))$ for almost every $t$."
    )
    hypotheses = (LOCALLY_LIPSCHITZ,)
    reference = "Aubin, Cellina 1984, Chapter 2; Filippov 1988; lecture A, the relaxed gradient flow"
    axioms = ("rademacher", "bolzano_weierstrass", "existence_of_flows")
    rules = ("path_is_a_solution",)
    proof = (
        Step(
            "by_limit",
            r"$\partial R(w)$ is not empty, convex and compact; if $w_n\to w$ and $s_n\in\partial R(w_n)$ tend to "
            r"$s$, then $s\in\partial R(w)$.",
        ),
        Step(
            "citation", r"So $-\partial R$ is upper semicontinuous with such values, and the inclusion has a solution."
        ),
        Step(
            "witness",
            r"Uniqueness is another matter: from $0$ the flow of $-\lvert w\rvert$ goes either way, at any time.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Cite existence, and give an exact solution: that of |w| from 2, which comes to rest."""
        yield self.cited(*self.axioms, scope="every locally Lipschitz risk")
        tree = net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[2])
        yield from self._exact(tree | {"flow": {"until": "3"}}, None, target, scope="|w| from 2, t ≤ 3")

    def on(self, target: Target) -> Iterator[Claim]:
        """Cite existence; for a function of the input give the exact solution too."""
        yield self.cited(*self.axioms, scope="every locally Lipschitz risk")
        tree = target.tree
        if tree is not None and target.problem is not None and target.problem.variable == "input" and tree.get("flow"):
            yield from self._exact(tree, GIVEN, target, scope="this net, this start")

    def _exact(self, tree: Json, setting: Json | None, target: Target, *, scope: str) -> Iterator[Claim]:
        from symflow.problem_tree import problem_from_tree

        result = target.engines.flow(problem_from_tree(tree), budget=target.budget)
        if not result["is_exact"] or not result["is_unique"]:
            return
        place = problem_setting(result["problem"]) if setting is None else setting
        if setting is not None and result["problem"] != target.tree:
            return  # it was asked with other settings than those of the file
        result = {key: value for key, value in result.items() if key != "monitors"}  # they certify nothing
        known_by = "every corner and every arc, exactly"
        yield self.derived("path_is_a_solution", result, place, "proved_instance", known_by=known_by, scope=scope)
