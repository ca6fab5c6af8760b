"""Balancing for a net with a skip connection: false."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, ONE_HIDDEN_LAYER, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("balancing_of_residual_nets")
class BalancingOfResidualNets(AbstractLemma):
    """For g = W_2 (σ(W_1 x) + x), ⟨W_1, ∇_{W_1} g⟩ = ⟨W_2, ∇_{W_2} g⟩, so that balancing would follow: false."""

    name = "balancing_of_residual_nets"
    ids = ("W6",)
    words = (
        r"For $g=W_2(\sigma(W_1x)+x)$, a net with a skip connection, $\langle W_1,\nabla_{W_1}g\rangle=\langle "
        r"W_2,\nabla_{W_2}g\rangle$, "
        r"and $\lVert W_1\rVert^2-\lVert W_2\rVert^2$ does not change along the flow."
    )
    statement = (
        "inner(W[1], grad(inner(W[2][1,:], h[1] + x), W[1])) == inner(W[2], grad(inner(W[2][1,:], h[1] + x), W[2]))"
    )
    hypotheses = (NO_BIASES, ONE_HIDDEN_LAYER, SCALAR_OUTPUT)
    reference = "a plausible extension of Lemma 9.3, false"
    see = "skip_connection_unbalances"
    proof = (
        Step("witness", r"$g=v(\sigma(wx)+x)$ at $w=v=x=1$: $w\,\partial_wg=vwx=1$, but $v\,\partial_vg=v(wx+x)=2$."),
        Step("conclusion", r"$g$ has degree $1$ in $W_2$, but in $W_1$ it has none, because of the summand $W_2x$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at v (σ(wx) + x)."""
        one = net_tree([[[1]], [[1]]], inputs=[[1]], kind="output")
        yield self.refuted(self.statement, problem_setting(one), target, scope="v (σ(wx) + x), all 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
