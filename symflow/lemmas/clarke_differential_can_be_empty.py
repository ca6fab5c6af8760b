"""The Clarke differential need not have an element: a continuous function may be too steep for that."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step


@LEMMAS.register("clarke_differential_can_be_empty")
class ClarkeDifferentialCanBeEmpty(AbstractLemma):
    """∂f(0) is empty for f(w) = |w|^(1/2), which is continuous and not locally Lipschitz."""

    name = "clarke_differential_can_be_empty"
    ids = ("A8",)
    words = (
        r"The Clarke differential of a continuous function can be empty: that of $f(w)=\sqrt{\lvert w\rvert}$ at "
        "$0$ is."
    )
    reference = "lecture A, the question after the definition"
    scripts = ("roots.v",)
    proof = (
        Step("definition", r"For $w\ne0$ the gradient is $\pm\tfrac12\lvert w\rvert^{-1/2}$; at $0$ there is none."),
        Step("by_limit", r"Along $w_n\to0$ the gradients are unbounded, so that no sequence of them converges."),
        Step(
            "conclusion", r"The hull of no vectors is empty; $w^{1/3}$, with $\tfrac13\lvert w\rvert^{-2/3}$, is alike."
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem."""
        yield self.general("roots.v", "root_has_no_clarke_subgradient", scope="√|w| at 0")
