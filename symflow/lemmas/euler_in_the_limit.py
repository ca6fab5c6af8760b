"""Euler's identity passes to limits of gradients and to their convex combinations."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import LOCALLY_LIPSCHITZ


@LEMMAS.register("euler_in_the_limit")
class EulerInTheLimit(AbstractLemma):
    """If ⟨∇f(w_i), w_i⟩ = L f(w_i), w_i → w and ∇f(w_i) → s, then ⟨s, w⟩ = L f(w); so for hulls of such s.

    The lecture prints gradients of the risk here; those of f are meant (E8).
    """

    name = "euler_in_the_limit"
    ids = ("A29", "E8")
    words = (
        r"If $\langle\nabla f(w_i),w_i\rangle=L\,f(w_i)$ for all $i$, $w_i\to w$ and $\nabla f(w_i)\to s$, then "
        r"$\langle s,w\rangle=L\,f(w)$; and so for every convex combination of such $s$."
    )
    hypotheses = (LOCALLY_LIPSCHITZ,)
    reference = "lecture A, Lemma 9.2, the second case of its proof, with the gradients of f that are meant"
    scripts = ("clarke_differential.v",)
    proof = (
        Step(
            "by_limit",
            r"$\langle\nabla f(w_i),w_i\rangle\to\langle s,w\rangle$, for the inner product is continuous, and "
            r"$f(w_i)\to f(w)$.",
        ),
        Step(
            "by_convexity",
            r"For $s=\sum_j\lambda_js_j$ with $\sum_j\lambda_j=1$: $\langle "
            r"s,w\rangle=\sum_j\lambda_j\,L\,f(w)=L\,f(w)$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every identity that is linear in the gradient."""
        yield self.general("clarke_differential.v", "identity_passes_to_limits", "identity_passes_to_hulls")
