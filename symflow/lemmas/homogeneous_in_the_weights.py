"""A net without biases is positively homogeneous in its weights, of degree the number of its weight matrices."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, RELU
from symflow.proofs.setting import shape_setting


@LEMMAS.register("homogeneous_in_the_weights")
class HomogeneousInTheWeights(AbstractLemma):
    """f(x; αw) = α^L f(x; w) for α ≥ 0, L the number of weight matrices, all of them trained."""

    name = "homogeneous_in_the_weights"
    ids = ("A19",)
    words = (
        r"In $w=(W_1,\dots,W_L)$ the net $W_L\sigma(\cdots\sigma(W_1x)\cdots)$ is positively homogeneous of degree "
        r"$L$."
    )
    statement = "for t > 0: f(t*w) == t^L*f"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE)
    reference = "lecture A, the slide on the Clarke differential of ReLU nets, which counts weight matrices"
    scripts = ("activation_matrices.v",)
    proof = (
        Step(
            "by_cell", r"A factor $\alpha>0$ of all weights changes the sign of no preactivation, so every slope stays."
        ),
        Step(
            "conclusion",
            r"$f=W_LA_{L-1}W_{L-1}\cdots A_1W_1x$, and each of the $L$ matrices gives one factor $\alpha$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width, and expand a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, and expand the shape at hand."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        yield from self.expanded(self.statement, target)

    def _general(self) -> Claim:
        return self.general("activation_matrices.v", "degree_in_the_weights", under=(NO_BIASES, RELU))
