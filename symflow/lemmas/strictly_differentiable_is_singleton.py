"""Where a function is strictly differentiable its Clarke differential is the gradient alone."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "clarke(R) == point(grad(R))"


@LEMMAS.register("strictly_differentiable_is_singleton")
class StrictlyDifferentiableIsSingleton(AbstractLemma):
    """R strictly differentiable at w, as a risk is off its kinks ⟹ ∂R(w) = {∇R(w)}."""

    name = "strictly_differentiable_is_singleton"
    ids = ("E6",)
    words = r"If $R$ is strictly differentiable at $w$ then $\partial R(w)=\{\nabla R(w)\}$."
    forms = (_FORM,)
    reference = "Clarke 1983, Proposition 2.2.4"
    scripts = ("strict_differentiability.v",)
    proof = (
        Step(
            "by_cell",
            "A risk of a net with a smooth loss is, where no preactivation vanishes and no pool has two winners: all "
            "signs and winners stay near $w$, so that it is one smooth piece there.",
        ),
        Step(
            "definition",
            r"Strictly differentiable: $R(u)-R(v)-\langle g,u-v\rangle=o(\lVert u-v\rVert)$ as $u,v\to w$; a smooth "
            r"piece is, and then all gradients near $w$ are near $g=\nabla R(w)$.",
        ),
        Step(
            "by_limit",
            r"So $\nabla R(w_n)\to\nabla R(w)$ for every $w_n\to w$: there is one limit, and its hull is a point.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem, and show it off the kinks of a net with two hidden layers."""
        yield self._in_general()
        net = net_tree(
            [[[1, -1], [2, 1]], [[1, 1], [1, -2]], [[1, 1]]],
            inputs=[[1, 2]],
            labels=[1],
            kind="risk",
            loss="squared",
        )
        yield self.decided(_FORM, problem_setting(net), target, scope="a net 2-2-2-1 off its kinks")

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem, and show it at the problem's point, unless a unit is at its kink there."""
        yield self._in_general()
        own = self.decided(_FORM, GIVEN, target)
        if own.word == "proved_instance":
            yield own

    def _in_general(self) -> Claim:
        script, theorem = "strict_differentiability.v", "strictly_differentiable_is_singleton"
        return self.general(script, theorem, scope="every function")
