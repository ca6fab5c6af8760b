"""Euler's identity layer by layer: each block of a joint Clarke subgradient gives the output once."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import GIVEN, shape_setting

_AT_A_POINT = "for s in clarke(R), l in 1..L: inner(part(s, W[l]), W[l]) == sum(k in 1..n: c[k]*f[k])"


@LEMMAS.register("euler_in_each_layer")
class EulerInEachLayer(AbstractLemma):
    """⟨s_{W_l}, W_l⟩ = f for every s in ∂f(w) and every layer l; the L layers together give L f."""

    name = "euler_in_each_layer"
    ids = ("A27",)
    words = (
        r"$\langle s_{W_l},W_l\rangle=f$ for every $s\in\partial f(w)$ and every layer $l$: a net has degree $1$ in "
        r"each of its "
        r"matrices, and the $L$ layers together give $L\,f$."
    )
    statement = "for l in 1..L: inner(W[l], grad(f, W[l])) == f and sum(i in 1..L: inner(W[i], grad(f, W[i]))) == L*f"
    forms = (_AT_A_POINT,)
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT, WEIGHTS)
    reference = "lecture A, the remark under Lemma 9.2, corrected"
    scripts = ("nets_and_the_clarke_differential.v",)
    proof = (
        Step(
            "by_cell", r"With all other matrices held, $f$ is homogeneous of degree $1$ in $W_l$: $f(tW_l)=t\,f(W_l)$."
        ),
        Step("along_the_ray", r"The derivative in $t$ at $1$ is $\langle\nabla_{W_l}f,W_l\rangle=f$."),
        Step(
            "by_limit",
            r"Both sides pass to limits of gradients, taken jointly in all matrices, and to convex combinations.",
        ),
        Step("conclusion", r"Summed over the layers this is $\langle s,w\rangle=L\,f$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Expand it for a deep shape, and claim it for every net and every Clarke subgradient."""
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)
        yield self._general()

    def on(self, target: Target) -> Iterator[Claim]:
        """Expand it for the shape at hand, and evaluate it at the vertices of the Clarke differential at the point."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        yield from self.expanded(self.statement, target)
        if target.tree is not None:
            yield self.decided(_AT_A_POINT, GIVEN, target)

    def _general(self) -> Claim:
        return self.general("nets_and_the_clarke_differential.v", "lemma_2_for_nets", under=(NO_BIASES, RELU))
