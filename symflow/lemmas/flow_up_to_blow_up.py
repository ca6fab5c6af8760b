"""The flow of the product of three weights, as long as it lasts: a/(1 − at), up to the time 1/a."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import WEIGHTS


@LEMMAS.register("flow_up_to_blow_up")
class FlowUpToBlowUp(AbstractLemma):
    """For m = w_1 w_2 w_3 the flow from (a, a, a) is w_i(t) = a/(1 − at) on [0, 1/a), and leaves every bounded set."""

    name = "flow_up_to_blow_up"
    ids = ("E19",)
    words = (
        r"For one datum with margin $m=w_1w_2w_3$ the flow $\dot w=\nabla m$ from $w(0)=(a,a,a)$, $a>0$, is "
        r"$w_i(t)=a/(1-at)$ for $t<1/a$, and it exceeds every bound before the time $1/a$."
    )
    hypotheses = (WEIGHTS,)
    reference = r"lecture B, Theorem 5, on the interval on which the flow is defined"
    scripts = ("finite_time_blow_up.v",)
    proof = (
        Step("definition", r"With equal weights each partial derivative of $m$ is $a^2$, so the weights stay equal."),
        Step("expansion", r"$\tfrac{d}{dt}\frac{a}{1-at}=\bigl(\frac{a}{1-at}\bigr)^2$, and the value at $0$ is $a$."),
        Step("conclusion", r"As $t\to1/a$ it grows without bound, so no continuous solution goes on to $1/a$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every a > 0."""
        theorems = ("gradient_of_the_margin", "the_flow_solves_its_equation", "the_flow_leaves_every_bounded_set")
        yield self.general("finite_time_blow_up.v", *theorems, scope="m = w₁w₂w₃ from (a, a, a)")
