"""Lemma 9.3: along the flow the squared norms of any two weight matrices keep their difference."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import (
    ABSOLUTELY_CONTINUOUS,
    ALL_TRAINED,
    DIFFERENTIABLE_LOSS,
    FINITELY_MANY_CORNERS,
    HOMOGENEOUS_OF_DEGREE_ONE,
    NO_BIASES,
    RELU,
    SCALAR_OUTPUT,
    WEIGHTS,
)
from symflow.proofs.setting import GIVEN, shape_setting

_BY_AUTODIFF = "for l in 1..L: inner(W[l], part(autodiff(R), W[l])) == sum(k in 1..n: c[k]*f[k])"


@LEMMAS.register("balancing")
class Balancing(AbstractLemma):
    """‖W_i(t)‖² − ‖W_j(t)‖² does not change, for every choice of −w' in ∂R(w).

    Neither the chain rule nor the minimal norm is used: each element of Σ c_k ∂f_k has ⟨s_{W_l}, W_l⟩ = Σ c_k f_k in
    every layer l, at the kinks as well, and so has what backpropagation gives with any fixed σ'(0).
    """

    name = "balancing"
    ids = ("A31",)
    words = (
        r"$\lVert W_i(t)\rVert^2-\lVert W_i(0)\rVert^2=\lVert W_j(t)\rVert^2-\lVert W_j(0)\rVert^2$ for all layers "
        r"$i$, $j$ along "
        r"every solution of $\dot w\in-\partial R(w)$, whichever elements of $\partial R$ it takes."
    )
    statement = "for i in 1..L, j in 1..L: norm2(W[i]) - norm2(W[j]) is conserved"
    forms = (_BY_AUTODIFF,)
    hypotheses = (
        NO_BIASES,
        HOMOGENEOUS_OF_DEGREE_ONE,
        SCALAR_OUTPUT,
        WEIGHTS,
        ALL_TRAINED,
        DIFFERENTIABLE_LOSS,
        ABSOLUTELY_CONTINUOUS,
    )
    reference = "lecture A, Lemma 9.3; Du, Hu, Lee 2018, Theorem 2.1"
    scripts = ("balancing.v",)
    proof = (
        Step(
            "citation",
            r"In each layer $\langle s_{W_l},W_l\rangle=f_k$ for every $s\in\partial f_k(w)$ (weight-gradient "
            r"preservation).",
        ),
        Step(
            "definition",
            r"With $-\dot w=\sum_kc_ks^k$, $s^k\in\partial f_k(w)$: $\tfrac{d}{dt}\lVert W_l\rVert^2=2\langle "
            r"W_l,\dot W_l\rangle=-2\sum_kc_kf_k$.",
        ),
        Step("conclusion", r"The right side does not depend on $l$; integrate from $0$ to $t$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every depth and width, and expand it for a deep shape with two data."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"], n_data=2), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general for relu, expand it for the shape, and evaluate what backpropagation gives at w."""
        if target.problem is None or RELU.holds(target.problem):
            yield self._general()
        yield from self.expanded(self.statement, target)
        if target.tree is not None:
            yield self.decided(_BY_AUTODIFF, GIVEN, target)

    def _general(self) -> Claim:
        return self.general(
            "balancing.v",
            "every_clarke_subgradient_is_balanced",
            "lemma_9_3",
            under=(NO_BIASES, RELU, WEIGHTS, ALL_TRAINED, FINITELY_MANY_CORNERS),
        )
