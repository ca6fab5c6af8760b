"""Euler's identity where the function is differentiable: the difference quotient along the ray."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS, HOMOGENEOUS_OF_DEGREE_ONE, NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import shape_setting


@LEMMAS.register("euler_where_differentiable")
class EulerWhereDifferentiable(AbstractLemma):
    """((1 + δ)^L − 1)/δ → L as δ → 0, hence ⟨∇f(w), w⟩ = L f(w) where f is differentiable and homogeneous."""

    name = "euler_where_differentiable"
    ids = ("A28",)
    words = (
        r"Where $f$ is differentiable and homogeneous of degree $L$: "
        r"$\langle\nabla f(w),w\rangle=\lim_{\delta\to0}\tfrac{(1+\delta)^L-1}{\delta}f(w)=L\,f(w)$."
    )
    statement = "inner(w, grad(f)) == L*f"
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE, SCALAR_OUTPUT)
    reference = "lecture A, Lemma 9.2, the first case of its proof"
    scripts = ("euler_along_the_ray.v",)
    proof = (
        Step("definition", r"$f(w+\delta w)=(1+\delta)^Lf(w)$ for $\lvert\delta\rvert<1$, by homogeneity."),
        Step(
            "along_the_ray",
            r"Divide the difference to $f(w)$ by $\delta$: the left side tends to $\langle\nabla f(w),w\rangle$.",
        ),
        Step(
            "by_limit",
            r"On the right $\tfrac{(1+\delta)^L-1}{\delta}$ tends to the derivative of $a\mapsto a^L$ at $1$, which "
            r"is $L$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every function of the class, and expand it for a deep shape."""
        yield self._general()
        yield self.decided(self.statement, shape_setting([2, 3, 2, 1], ["relu", "relu"]), target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general, and expand it for the shape at hand."""
        yield self._general()
        yield from self.expanded(self.statement, target)

    def _general(self) -> Claim:
        return self.general(
            "euler_along_the_ray.v", "slope_of_the_power", "euler_at_a_point_of_differentiability", under=(HOMOGENEOUS,)
        )
