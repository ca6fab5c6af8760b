"""What a skip connection does to balancing: the difference of the layers moves by exactly the skipped part."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    ONE_HIDDEN_LAYER,
    SCALAR_OUTPUT,
    SQUARE_FIRST_LAYER,
    WEIGHTS,
)
from symflow.proofs.setting import shape_setting


@LEMMAS.register("skip_connection_unbalances")
class SkipConnectionUnbalances(AbstractLemma):
    """For g = W_2 (σ(W_1 x) + x): ⟨W_2, ∇_{W_2} g⟩ − ⟨W_1, ∇_{W_1} g⟩ = W_2 x."""

    name = "skip_connection_unbalances"
    ids = ("W6",)
    words = (
        r"For $g=W_2(\sigma(W_1x)+x)$, off the kinks, $\langle W_2,\nabla_{W_2}g\rangle-\langle "
        r"W_1,\nabla_{W_1}g\rangle=W_2x$; so under $\dot w=-c\,\nabla g$ the difference $\lVert W_1\rVert^2-\lVert "
        r"W_2\rVert^2$ has the derivative $2c\,W_2x$."
    )
    statement = (
        "inner(W[2], grad(inner(W[2][1,:], h[1] + x), W[2])) - inner(W[1], grad(inner(W[2][1,:], h[1] + x), W[1])) "
        "== inner(W[2][1,:], x)"
    )
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        ONE_HIDDEN_LAYER,
        SQUARE_FIRST_LAYER,
        SCALAR_OUTPUT,
        WEIGHTS,
    )
    reference = "what remains of Lemma 9.3 with a skip connection"
    proof = (
        Step("by_cell", r"On a cell $g=W_2A_1W_1x+W_2x$; the first summand has degree $1$ in either matrix."),
        Step("conclusion", r"The second one has degree $1$ in $W_2$ and $0$ in $W_1$: it is the difference."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for three inputs and three neurons."""
        yield self.decided(self.statement, shape_setting([3, 3, 1], ["relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand, where the skip connection fits."""
        setting = target.shape_setting()
        if setting is not None and len(setting["widths"]) == 3 and setting["widths"][0] == setting["widths"][1]:
            yield from self.expanded(self.statement, target)
