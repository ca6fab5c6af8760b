"""The chain rule with a minus sign, as lecture A prints it: false, already for w²/2."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("chain_rule_as_printed")
class ChainRuleAsPrinted(AbstractLemma):
    """d/dt R(w(t)) = −⟨v, w'⟩ for every v in ∂R(w(t)): the sign is wrong."""

    name = "chain_rule_as_printed"
    ids = ("E1", "W1")
    words = r"Along the flow, $\tfrac{d}{dt}R(w(t))=-\langle v,\dot w(t)\rangle$ for every $v\in\partial R(w(t))$."
    statement = "for v in clarke(R): inner(grad(R), velocity(R)) == -inner(v, velocity(R))"
    reference = "lecture A, the slide on the relaxed gradient flow, as printed"
    see = "chain_rule"
    proof = (
        Step(
            "witness",
            r"$R(w)=w^2/2$ at $w=1$: $\dot w=-1$, so that $\tfrac{d}{dt}R=\nabla R\cdot\dot w=-1$, while "
            r"$-\langle v,\dot w\rangle=1$ for the only $v=1$ in $\partial R(w)$.",
        ),
        Step("conclusion", r"The right sign is $+$; with it both sides are $-\lVert\dot w\rVert^2$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at R = w²/2, a net with one weight and squared loss."""
        half_square = net_tree([[[1]]], activation=[], inputs=[[1]], labels=[0], kind="risk", loss="squared")
        yield self.refuted(self.statement, problem_setting(half_square), target, scope="R = w²/2")
