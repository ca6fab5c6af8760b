"""The chain rule along absolutely continuous curves: every Clarke subgradient gives the same derivative."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ABSOLUTELY_CONTINUOUS, NUMBERS, PIECEWISE_SMOOTH
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "for v in clarke(R): inner(v, velocity(R)) == -norm2(velocity(R))"


@LEMMAS.register("chain_rule")
class ChainRule(AbstractLemma):
    """d/dt R(w(t)) = ⟨v, w'(t)⟩ for every v in ∂R(w(t)), for almost every t."""

    name = "chain_rule"
    ids = ("A12",)
    words = (
        r"$\tfrac{d}{dt}R(w(t))=\langle v,\dot w(t)\rangle$ for every $v\in\partial R(w(t))$, for almost every "
        "$t$; along the "
        r"flow this is $-\lVert\dot w(t)\rVert^2$."
    )
    forms = (_FORM,)
    hypotheses = (PIECEWISE_SMOOTH, ABSOLUTELY_CONTINUOUS)
    reference = (
        "Davis, Drusvyatskiy, Kakade, Lee 2020, Theorem 5.8, and Bolte, Pauwels 2021, for all definable functions; "
        "lecture A prints it with a minus sign"
    )
    scripts = ("chain_rule_for_selections.v",)
    axioms = ("level_sets",)
    proof = (
        Step(
            "by_cell",
            "Let $R=R^s$ on the closed set $D_s$, with $R^s$ continuously differentiable, and let $T_s$ be the "
            "set of all $t$ "
            r"with $w(t)\in D_s$. Then $h_s(t)=R(w(t))-R^s(w(t))$ is absolutely continuous and $0$ on $T_s$.",
        ),
        Step(
            "citation",
            r"So $h_s'=0$ at almost every point of $T_s$, hence $\tfrac{d}{dt}R(w(t))=\langle\nabla "
            r"R^s(w(t)),\dot w(t)\rangle$ there.",
        ),
        Step(
            "conclusion",
            "There are finitely many $s$: for almost every $t$ this holds for all $s$ with "
            r"$w(t)\in D_s$ at once.",
        ),
        Step(
            "by_convexity",
            r"$\partial R(w(t))$ lies in the hull of these $\nabla R^s(w(t))$, and $\langle v,\dot w\rangle$ is linear "
            r"in $v$; with $v=-\dot w$ it is $-\lVert\dot w\rVert^2$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Derive it from the fact on level sets, and see it on a ridge that the flow stays on."""
        yield self._along_the_flow()
        valley = net_tree([[[1, 0], [0, 1]], [[1, 1]]], activation="abs", kind="output", variable="input", at=[0, 1])
        yield self.decided(_FORM, problem_setting(valley), target, scope="|w₁| + |w₂| at (0, 1)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Derive it; and where all elements at the problem's point agree on the flow's velocity, say so.

        They need not agree at a single time, such as that of a crossing: those times are a null set.
        """
        yield self._along_the_flow()
        if target.problem is not None and NUMBERS.holds(target.problem):
            own = self.decided(_FORM, GIVEN, target)
            if own.word == "proved_instance":
                yield own

    def _along_the_flow(self) -> Claim:
        """At a time at which the active pieces agree near by, by the stored theorem; almost every time is one."""
        script, theorem = "chain_rule_for_selections.v", "chain_rule_for_selections"
        return self.general(script, theorem, axioms=("level_sets",), scope="piecewise C¹ risks")
