"""Euler's identity layer by layer with the right side of all layers together, as lecture A says: false."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("euler_in_each_layer_as_printed")
class EulerInEachLayerAsPrinted(AbstractLemma):
    """⟨∇_{W_l} f, W_l⟩ = L f for each layer: the right side is f, since the degree in one matrix is 1."""

    name = "euler_in_each_layer_as_printed"
    ids = ("E7",)
    words = (
        r"Taken in one layer alone, $\langle\nabla_{W_l}f,W_l\rangle=L\,f$: the right side stays what it is for all "
        r"of $w$."
    )
    statement = "for l in 1..L: inner(W[l], grad(f, W[l])) == L*f"
    hypotheses = (NO_BIASES, SCALAR_OUTPUT)
    reference = "lecture A, the remark under Lemma 9.2, as printed"
    see = "euler_in_each_layer"
    proof = (
        Step("witness", r"$f=uv$ at $u=v=1$: $L=2$ and $L\,f=2$, but $u\,\partial_uf=uv=1$."),
        Step("conclusion", r"In one matrix the degree is $1$, so the right side is $f$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at f = uv."""
        product = net_tree([[[1]], [[1]]], activation="identity", inputs=[[1]], kind="output")
        yield self.refuted(self.statement, problem_setting(product), target, scope="f = uv")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
