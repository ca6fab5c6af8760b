"""What automatic differentiation returns lies in the Clarke differential: true at some points, false at others."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NUMBERS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting


@LEMMAS.register("autodiff_is_clarke")
class AutodiffIsClarke(AbstractLemma):
    """The chain rule with σ'(0) = 0 gives an element of ∂R(w): false, for w/2 written as a net."""

    name = "autodiff_is_clarke"
    ids = ("W12", "E5")
    words = r"The gradient that the chain rule gives with $\sigma'(0)=0$ lies in $\partial R(w)$."
    statement = "autodiff(R) in clarke(R)"
    hypotheses = (NUMBERS,)
    reference = "Bolte, Pauwels 2021, Section 1, on relu(x) - relu(-x)"
    see = "gradient_is_an_outer_product"  # off the kinks the chain rule is right
    is_per_instance = True
    proof = (
        Step(
            "witness",
            r"$\sigma(x)-\sigma(-x)=x$ has derivative $1$ at $0$, and this is all of $\partial R(0)$; "
            r"the chain rule with $\sigma'(0)=0$ gives $0$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at relu(x) − relu(−x), in x at 0."""
        identity = net_tree([[[1], [-1]], [[1, -1]]], kind="output", variable="input", at=[0])
        yield self.refuted(self.statement, problem_setting(identity), target, scope="σ(x) − σ(−x) at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Decide it at the problem's point."""
        yield self.decided(self.statement, GIVEN, target) if target.problem is not None else next(self.at_home(target))
