"""Where a function is continuously differentiable its Clarke differential is the gradient alone."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NUMBERS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "clarke(R) == point(grad(R))"


@LEMMAS.register("strictly_differentiable_is_singleton")
class StrictlyDifferentiableIsSingleton(AbstractLemma):
    """No unit at its kink, or R continuously differentiable near w ⟹ ∂R(w) = {∇R(w)}."""

    name = "strictly_differentiable_is_singleton"
    ids = ("E6",)
    words = (
        r"If $R$ is continuously differentiable near $w$, as where no preactivation vanishes, then "
        r"$\partial R(w)=\{\nabla R(w)\}$; in general $\partial R(w)$ is one point if and only if $R$ is strictly "
        "differentiable."
    )
    forms = (_FORM,)
    hypotheses = (NUMBERS,)
    reference = "Clarke 1983, Proposition 2.2.4"
    proof = (
        Step(
            "by_cell",
            "Where no preactivation vanishes at $w$, all of them keep their signs near $w$, and $R$ is one "
            "smooth piece.",
        ),
        Step(
            "by_limit",
            r"So $\nabla R(w_n)\to\nabla R(w)$ for every $w_n\to w$: there is one limit, and its hull is a point.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Show it off the kinks of a net with two hidden layers."""
        net = net_tree(
            [[[1, -1], [2, 1]], [[1, 1], [1, -2]], [[1, 1]]],
            inputs=[[1, 2]],
            labels=[1],
            kind="risk",
            loss="squared",
        )
        yield self.decided(_FORM, problem_setting(net), target, scope="a net 2-2-2-1 off its kinks")

    def on(self, target: Target) -> Iterator[Claim]:
        """Show it at the problem's point, unless a unit is at its kink there."""
        own = self.decided(_FORM, GIVEN, target)
        yield own if own.word == "proved_instance" else next(self.at_home(target))
