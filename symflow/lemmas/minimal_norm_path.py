"""The velocity of the flow is minus the shortest Clarke subgradient, along every solution."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION, NUMBERS, PIECEWISE_SMOOTH
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_CERTIFICATE = "for v in clarke(R): inner(v, -velocity(R)) >= norm2(velocity(R))"
_MEMBER = "-velocity(R) in clarke(R)"


@LEMMAS.register("minimal_norm_path")
class MinimalNormPath(AbstractLemma):
    """w'(t) = −argmin {‖v‖ : v ∈ ∂R(w(t))} for almost every t."""

    name = "minimal_norm_path"
    ids = ("A13",)
    words = (
        r"Along every solution, $\dot w(t)=-\arg\min\{\lVert v\rVert:v\in\partial R(w(t))\}$ "
        r"for almost every $t$."
    )
    forms = (_CERTIFICATE, _MEMBER)
    hypotheses = (PIECEWISE_SMOOTH, ABSOLUTELY_CONTINUOUS, FLOW_SOLUTION)
    reference = "Drusvyatskiy, Ioffe, Lewis 2015; Lyu, Li 2020, Section A; lecture A, minimal norm path"
    scripts = ("chain_rule_gives_minimal_norm.v",)
    axioms = ("level_sets",)
    proof = (
        Step(
            "citation",
            r"By the chain rule, for almost every $t$, $\langle v,\dot w\rangle=\tfrac{d}{dt}R(w(t))$ for every "
            r"$v\in\partial R(w(t))$.",
        ),
        Step("definition", r"One such $v$ is $-\dot w$, so that the common value is $-\lVert\dot w\rVert^2$."),
        Step(
            "inequality",
            r"$\lVert v+\dot w\rVert^2=\lVert v\rVert^2-\lVert\dot w\rVert^2\ge0$: no $v$ is shorter than $-\dot "
            "w$, and one as short is equal to it.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Take the step from the chain rule, and certify the shortest element of a triangle."""
        yield self._along_the_flow()
        fan = net_tree([[[1, 0], [0, 1]], [[1, 2]]], kind="output", variable="input", at=[0, 0], biases=None)
        for statement in (_CERTIFICATE, _MEMBER):
            yield self.decided(statement, problem_setting(fan), target, scope="σ(w₁) + 2 σ(w₂) at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Take the step, and certify the shortest element at the problem's point."""
        yield self._along_the_flow()
        if target.problem is not None and NUMBERS.holds(target.problem):
            found = [self.decided(statement, GIVEN, target) for statement in (_CERTIFICATE, _MEMBER)]
            yield from (own for own in found if own.word == "proved_instance")

    def _along_the_flow(self) -> Claim:
        script, theorem = "chain_rule_gives_minimal_norm.v", "chain_rule_gives_minimal_norm"
        return self.general(script, theorem, axioms=("level_sets",), scope="piecewise C¹ risks")
