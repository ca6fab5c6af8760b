"""What is true of large weights and small gradients: the gradient is at least |f|/|W_l|."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, PRESERVATION, SCALAR_OUTPUT
from symflow.proofs.setting import n_paths, shape_setting

_MOST_PATHS = 40


@LEMMAS.register("gradient_lower_bound")
class GradientLowerBound(AbstractLemma):
    """‖W_l‖ ‖∇_{W_l} f‖ ≥ |f| for every layer l: a lower bound, and nothing more."""

    name = "gradient_lower_bound"
    ids = ("A30",)
    words = (
        r"Off the kinks, $\lVert\nabla_{W_l}f\rVert\ge\lvert f\rvert/\lVert W_l\rVert$ for every layer $l$ with "
        r"$W_l\ne0$: a weight matrix that is small compared with $\lvert f\rvert$ has a large gradient; a large one "
        r"need not have a small gradient."
    )
    statement = "for l in 1..L: norm2(W[l])*norm2(grad(f, W[l])) >= f^2"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT)
    reference = "lecture A, the remark on large and small weights, corrected"
    scripts = ("norm_product_bound.v",)
    proof = (
        Step("citation", r"Weight-gradient preservation: $\langle W_l,\nabla_{W_l}f\rangle=f$."),
        Step(
            "inequality",
            r"Cauchy and Schwarz, as a sum of squares: $\lVert W\rVert^2\lVert G\rVert^2-\langle W,G\rangle^2="
            r"\sum_{i<j}(W_iG_j-W_jG_i)^2\ge0$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it in general, and write the difference of both sides as squares for a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general, and write the difference of both sides as squares for the shape at hand."""
        yield self._general()
        setting = target.shape_setting()
        if setting is not None and n_paths(setting) <= _MOST_PATHS:
            yield self.decided(self.statement, setting, target)

    def _general(self) -> Claim:
        theorems = ("norm_product_bound", "gradient_lower_bound", "larger_weights_can_have_larger_gradients")
        return self.general("norm_product_bound.v", *theorems, under=(PRESERVATION,))
