"""Balancing for gradient descent, as the lecture suggests: false for every step size; it is the flow that balances."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("gradient_descent_balances")
class GradientDescentBalances(AbstractLemma):
    """One step of gradient descent leaves ‖W_i‖² − ‖W_j‖² as it is: false."""

    name = "gradient_descent_balances"
    ids = ("E15", "W8")
    words = (
        r"Gradient descent with step size $\eta>0$ keeps $\lVert W_i\rVert^2-\lVert W_j\rVert^2$ for all layers $i$, "
        r"$j$."
    )
    statement = (
        "for eta > 0, i in 1..L-1: norm2(W[i] - eta*grad(R, W[i])) - norm2(W[i+1] - eta*grad(R, W[i+1])) "
        "== norm2(W[i]) - norm2(W[i+1])"
    )
    hypotheses = (NO_BIASES, SCALAR_OUTPUT)
    reference = "lecture A, the slide on what gradient descent imposes, as printed"
    see = "gradient_descent_step"
    proof = (
        Step(
            "witness",
            r"$f=uv$, $\ell(z)=z$ at $u=2$, $v=1$ with $\eta=1/10$: $u^2-v^2=3$ becomes $(19/10)^2-(4/5)^2=297/100$.",
        ),
        Step(
            "conclusion",
            r"The change is $\eta^2(v^2-u^2)=-3/100$, of second order in $\eta$: the flow keeps the difference.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at R = f = uv."""
        product = net_tree([[[2]], [[1]]], activation="identity", inputs=[[1]], kind="output")
        setting = problem_setting(product)
        yield self.refuted(self.statement, setting, target, scope="R = f = uv", values={"eta": "1/10"})

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
