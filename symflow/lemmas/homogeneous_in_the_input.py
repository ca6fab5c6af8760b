"""A relu net without biases is positively homogeneous of degree one in its input, and linear on every piece."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, RELU


@LEMMAS.register("homogeneous_in_the_input")
class HomogeneousInTheInput(AbstractLemma):
    """f(αx; w) = α f(x; w) for α ≥ 0; on a piece f is linear in x."""

    name = "homogeneous_in_the_input"
    ids = ("A18",)
    words = (
        r"In $x$ the net $W_L\sigma(\cdots\sigma(W_1x)\cdots)$ is positively homogeneous of degree $1$; it is "
        r"$W_LA_{L-1}W_{L-1}\cdots A_1W_1x$, so it is linear where the slopes $A_l$ stay the same."
    )
    hypotheses = (NO_BIASES, RELU)
    reference = "lecture A, the slide on the Clarke differential of ReLU nets; with biases it is affine on each piece"
    scripts = ("activation_matrices.v",)
    proof = (
        Step("by_induction", r"$\sigma(\alpha z)=\alpha\,\sigma(z)$ for $\alpha\ge0$, so $\alpha$ passes every layer."),
        Step(
            "by_cell", r"Where no slope changes, $f=W_LA_{L-1}W_{L-1}\cdots A_1W_1x$ with fixed $A_l$, linear in $x$."
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width."""
        yield self.general("activation_matrices.v", "degree_one_in_the_input", "net_is_a_product_of_matrices")
