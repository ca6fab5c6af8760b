"""Weight-gradient preservation: the inner product of a layer's weights with the gradient in them is the output."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, RELU, SCALAR_OUTPUT
from symflow.proofs.setting import shape_setting


@LEMMAS.register("weight_gradient_preservation")
class WeightGradientPreservation(AbstractLemma):
    """⟨W_l, ∇_{W_l} f⟩ = f for every layer l, on every piece."""

    name = "weight_gradient_preservation"
    ids = ("A25",)
    words = r"Off the kinks, $\langle W_l,\nabla_{W_l}f(x;w)\rangle=f(x;w)$ for every layer $l$ and every input $x$."
    statement = "for l in 1..L: inner(W[l], grad(f, W[l])) == f"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT)
    reference = "Du, Hu, Lee 2018, Section 2; lecture A, weight-gradient preservation"
    scripts = ("weight_gradient_preservation.v",)
    proof = (
        Step("by_cell", r"On a cell $f=W_LA_{L-1}W_{L-1}\cdots A_1W_1x$ with fixed diagonal matrices $A_l$ of slopes."),
        Step(
            "definition",
            r"So $f=u^\top W_l\,v$ with $u^\top=W_LA_{L-1}\cdots W_{l+1}A_l$ and $v=A_{l-1}W_{l-1}\cdots A_1W_1x$, "
            r"neither of which has an entry of $W_l$; hence $\nabla_{W_l}f=u\,v^\top$.",
        ),
        Step(
            "trace_cyclicity",
            r"$\langle W_l,u\,v^\top\rangle=\operatorname{tr}(W_l^\top u\,v^\top)=\operatorname{tr}(u^\top W_l\,v)=f$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width, and expand a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, and expand it for the shape at hand."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        yield from self.expanded(self.statement, target)

    def _general(self) -> Claim:
        return self.general(
            "weight_gradient_preservation.v",
            "weight_gradient_preservation",
            "preservation_in_the_last_matrix",
            under=(NO_BIASES, RELU, SCALAR_OUTPUT),
        )
