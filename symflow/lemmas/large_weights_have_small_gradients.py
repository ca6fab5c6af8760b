"""Large weights have small gradients, as lecture A remarks: false as an order of the layers."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("large_weights_have_small_gradients")
class LargeWeightsHaveSmallGradients(AbstractLemma):
    """Where ‖W_i‖ ≥ ‖W_j‖, ‖∇_{W_i} f‖ ≤ ‖∇_{W_j} f‖: false for v σ(⟨w, x⟩)."""

    name = "large_weights_have_small_gradients"
    ids = ("E10",)
    words = (
        r"The larger weight matrix has the smaller gradient: $\lVert\nabla_{W_i}f\rVert\le\lVert\nabla_{W_j}f\rVert$ "
        r"if "
        r"$\lVert W_i\rVert\ge\lVert W_j\rVert$."
    )
    statement = "for i in 1..L, j in 1..L: norm2(grad(f, W[i])) <= norm2(grad(f, W[j])) if norm2(W[i]) >= norm2(W[j])"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT)
    reference = "lecture A, the remark on large and small weights, as an order"
    see = "gradient_lower_bound"
    proof = (
        Step(
            "witness",
            r"$f=v\,\sigma(\langle w,x\rangle)$ with $w=(1000,-999)$, $x=(1,1)$, $v=1$: $\lVert "
            r"w\rVert^2=1998001>1=v^2$, yet "
            r"$\lVert\nabla_wf\rVert^2=2>1=(\partial_vf)^2$.",
        ),
        Step(
            "conclusion", r"Only the lower bound $\lVert\nabla_{W_i}f\rVert\ge\lvert f\rvert/\lVert W_i\rVert$ holds."
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at v σ(⟨w, x⟩), where ⟨w, x⟩ is small and w is not."""
        net = net_tree([[[1000, -999]], [[1]]], inputs=[[1, 1]], kind="output")
        yield self.refuted(self.statement, problem_setting(net), target, scope="v σ(⟨w, x⟩)")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
