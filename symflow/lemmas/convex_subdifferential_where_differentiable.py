"""Where a convex function is differentiable its gradient is its only subgradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import CONVEX
from symflow.proofs.setting import net_tree, problem_setting

_FORM = "subdifferential(R) == point(derivative(R))"


@LEMMAS.register("convex_subdifferential_where_differentiable")
class ConvexSubdifferentialWhereDifferentiable(AbstractLemma):
    """R convex, ∇R(w) exists ⟹ ∂_s R(w) = {∇R(w)}."""

    name = "convex_subdifferential_where_differentiable"
    ids = ("A5",)
    words = r"If $R$ is convex and differentiable at $w$ then $\partial_sR(w)=\{\nabla R(w)\}$."
    forms = (_FORM,)
    bounds: ClassVar = {_FORM: {"at_home": True}}
    hypotheses = (CONVEX,)
    reference = "Rockafellar 1970, Theorem 25.1; lecture A"
    scripts = ("convex_subdifferential.v",)
    proof = (
        Step(
            "definition", r"For a subgradient $s$ and any $d$: $R(w+td)-R(w)\ge t\langle s,d\rangle$ for all real $t$."
        ),
        Step(
            "by_limit",
            r"Divided by $t$ this gives $\langle\nabla R(w),d\rangle\ge\langle s,d\rangle$ as $t\downarrow0$, and "
            r"$\le$ as $t\uparrow0$.",
        ),
        Step("conclusion", r"So $s=\nabla R(w)$; and there is a subgradient, since $R$ is convex."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem, and find the one subgradient of |w| at 1."""
        yield from self.on(target)
        place = problem_setting(net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[1]))
        yield self.decided(_FORM, place, target, scope="|w| at 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem."""
        yield self.general("convex_subdifferential.v", "gradient_of_a_convex_function", scope="every convex function")
