"""The Clarke differential of a sum of functions of separate variables is the product of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.setting import net_tree, problems_setting

_FORM = "clarke(F) == product(clarke(G), clarke(K))"


@LEMMAS.register("separate_variables")
class SeparateVariables(AbstractLemma):
    """f(w₁, w₂) = g(w₁) + h(w₂) ⟹ ∂f(w₁, w₂) = ∂g(w₁) × ∂h(w₂)."""

    name = "separate_variables"
    ids = ("W15",)
    words = (
        r"If $f(w_1,w_2)=g(w_1)+h(w_2)$ then $\partial f(w_1,w_2)=\partial g(w_1)\times\partial h(w_2)$; in "
        r"general the partial differentials do not determine $\partial f$."
    )
    statement = _FORM
    reference = "Clarke 1983, Section 2.3, on partial generalized gradients"
    proof = (
        Step(
            "definition",
            r"$f$ is differentiable at $(u,v)$ if and only if $g$ is at $u$ and $h$ at $v$; then $\nabla "
            r"f(u,v)=(\nabla g(u),\nabla h(v))$.",
        ),
        Step("by_limit", r"So the limits of gradients of $f$ are the pairs of a limit for $g$ and a limit for $h$."),
        Step("by_convexity", r"The hull of a product of sets is the product of the hulls."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Show it for σ(w₁) − 2|w₂| at 0."""
        unit: Json = {"kind": "output", "variable": "input"}
        place = problems_setting(
            F=net_tree([[[1, 0], [0, 1], [0, -1]], [[1, -2, -2]]], at=[0, 0], **unit),
            G=net_tree([[[1]], [[1]]], at=[0], **unit),
            K=net_tree([[[1], [-1]], [[-2, -2]]], at=[0], **unit),
        )
        yield self.decided(_FORM, place, target, scope="σ(w₁) − 2|w₂| at 0")
