"""The activation matrices: off the kinks their entries are 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HIDDEN_LAYER, RELU
from symflow.proofs.setting import shape_setting


@LEMMAS.register("slopes_are_zero_or_one")
class SlopesAreZeroOrOne(AbstractLemma):
    """A_l = diag σ'(W_l σ(.. σ(W_1 x))) has entries 0 and 1, so that A_l² = A_l; it depends on x and on w."""

    name = "slopes_are_zero_or_one"
    ids = ("A21",)
    words = (
        r"Where no preactivation vanishes, $A_l=\operatorname{diag}\sigma'(W_l\,\sigma(\cdots\sigma(W_1x)))$ has only "
        r"$0$ and $1$ on its diagonal; at $0$ the relu has no derivative."
    )
    statement = "for l in 1..H: A[l]*A[l] == A[l]"
    hypotheses = (RELU, HIDDEN_LAYER)
    reference = "lecture A, the definition of A_i; Hanin, Rolnick 2019, Section 2"
    scripts = ("relu_pieces.v",)
    proof = (
        Step("by_cell", r"$\sigma(z)=z$ on a neighbourhood of any $z>0$, and $\sigma(z)=0$ on one of any $z<0$."),
        Step(
            "definition",
            r"So $\sigma'(z)=1$ for $z>0$ and $\sigma'(z)=0$ for $z<0$; each number $a$ of these has $a^2=a$.",
        ),
        Step("by_limit", r"At $0$ the quotients $\sigma(h)/h$ tend to $1$ from the right and to $0$ from the left."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for relu, and for all units of a deep shape."""
        yield self.general("relu_pieces.v", "relu_at_positive", "relu_at_negative", "relu_has_no_derivative_at_zero")
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it for all units of the shape at hand."""
        yield from self.expanded(self.statement, target)
