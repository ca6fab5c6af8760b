"""Where a function is differentiable its Clarke differential is the gradient alone: false, even for ReLU risks."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NUMBERS, WEIGHTS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "clarke(R) == point(derivative(R))"


@LEMMAS.register("differentiable_is_singleton")
class DifferentiableIsSingleton(AbstractLemma):
    """R differentiable at w ⟹ ∂R(w) = {∇R(w)}: false; strict differentiability is needed."""

    name = "differentiable_is_singleton"
    ids = ("E6", "W9", "B4")
    words = r"If $R$ is differentiable at $w$ then $\partial R(w)=\{\nabla R(w)\}$."
    statement = _FORM
    hypotheses = (NUMBERS, WEIGHTS)
    reference = "lecture B, proof of Lemma 2; lecture A, case 1 of its proof"
    see = "strictly_differentiable_is_singleton"
    is_per_instance = True
    proof = (
        Step(
            "witness",
            r"A net 2-2-1-1 on two data, $R=f(x_1)-f(x_2)$: with $a,c,d$ for $W_1[1,1]$ and $W_2=(c,d)$, at $a=c=d=0$.",
        ),
        Step(
            "by_cell",
            r"For $a,c>0$ and $-ca<d<0$ only the first datum counts, and $\nabla R\to e_d$ along "
            r"$a=c=\varepsilon$, $d=-\varepsilon^2/2$; for $a<0$ it tends to $-e_d$.",
        ),
        Step(
            "inequality",
            r"On these cells $\lvert d\rvert\le\lvert ca\rvert$ is of second order, so that "
            r"$R(w+\delta)=O(\lVert\delta\rVert^2)$: $R$ is differentiable at $w$, with the gradient $0$.",
        ),
        Step(
            "conclusion",
            r"So $\pm e_d\in\partial R(w)\ne\{0\}$. Lemma 2 survives: it is shown for every limit of gradients.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at a cusp."""
        cusp = net_tree(
            [[[0, 0], [0, 1]], [[0, 0]], [[1]]],
            inputs=[[1, 1], [-1, 1]],
            kind="combination",
            coefficients=[1, -1],
        )
        yield self.refuted(_FORM, problem_setting(cusp), target, scope="a cusp of a 2-2-1-1 net")

    def on(self, target: Target) -> Iterator[Claim]:
        """Decide it at the problem's point if the risk is differentiable there; else refute it at a cusp."""
        own = self.decided(_FORM, GIVEN, target)
        yield own if own.word != "undecided" else next(self.at_home(target))
