"""Lemma 2: Euler's identity for every element of the Clarke differential of a homogeneous function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import HOMOGENEOUS, HOMOGENEOUS_OF_DEGREE_ONE, LOCALLY_LIPSCHITZ, NO_BIASES, RELU
from symflow.proofs.setting import GIVEN

_IN_THE_WEIGHTS = "for s in clarke(R): inner(s, w) == L*sum(k in 1..n: c[k]*f[k])"
_IN_THE_INPUT = "for s in clarke(R): inner(s, x) == c[1]*f"


@LEMMAS.register("euler_on_clarke")
class EulerOnClarke(AbstractLemma):
    """⟨s, w⟩ = L f(w) for every s in ∂f(w), where f is locally Lipschitz and homogeneous of degree L > 0.

    A net without biases has as its degree the number of its weight matrices. Of a risk, with slopes c_k = ∂R/∂f_k, the
    identity is ⟨s, w⟩ = L Σ c_k f_k; in the input the degree is 1.
    """

    name = "euler_on_clarke"
    ids = ("A26", "B2")
    words = (
        r"If $f$ is locally Lipschitz and homogeneous of degree $L>0$, then $\langle s,w\rangle=L\,f(w)$ for every "
        r"$s\in\partial f(w)$; of a net without biases, in its weights, $L$ is the number of weight "
        r"matrices."
    )
    statement = _IN_THE_WEIGHTS
    forms = (_IN_THE_INPUT,)
    bounds: ClassVar = {_IN_THE_WEIGHTS: {"variable": "weights"}, _IN_THE_INPUT: {"variable": "input"}}
    hypotheses = (NO_BIASES, HOMOGENEOUS_OF_DEGREE_ONE)
    reference = "lecture A, Lemma 9.2; lecture B, Lemma 2; Lyu, Li 2020, Theorem B.2"
    scripts = ("euler_along_the_ray.v", "nets_and_the_clarke_differential.v")
    proof = (
        Step(
            "along_the_ray",
            r"Where $f$ is differentiable at $u$: $f((1+t)u)=(1+t)^Lf(u)$, and the derivative at $t=0$ of both sides "
            r"is "
            r"$\langle\nabla f(u),u\rangle=L\,f(u)$.",
        ),
        Step(
            "by_limit",
            r"If $u_n\to w$ and $\nabla f(u_n)\to s$, then $\langle s,w\rangle=\lim\langle\nabla "
            r"f(u_n),u_n\rangle=\lim L\,f(u_n)=L\,f(w)$.",
        ),
        Step(
            "by_convexity",
            r"For $s=\sum\lambda_is_i$ with $\lambda_i\ge0$, $\sum\lambda_i=1$: $\langle "
            r"s,w\rangle=\sum\lambda_iL\,f(w)=L\,f(w)$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every function of the class, and for every net."""
        yield self.general("euler_along_the_ray.v", "lemma_2", under=(LOCALLY_LIPSCHITZ, HOMOGENEOUS))
        yield self._of_nets()

    def on(self, target: Target) -> Iterator[Claim]:
        """Claim it in general, and evaluate it at the vertices of the Clarke differential at the point."""
        yield self.general("euler_along_the_ray.v", "lemma_2", under=(LOCALLY_LIPSCHITZ, HOMOGENEOUS))
        if target.problem is None or RELU.holds(target.problem):
            yield self._of_nets()
        if target.problem is not None and target.tree is not None:
            statement = _IN_THE_INPUT if target.problem.variable == "input" else _IN_THE_WEIGHTS
            yield self.decided(statement, GIVEN, target)

    def _of_nets(self) -> Claim:
        return self.general("nets_and_the_clarke_differential.v", "lemma_2_for_nets", under=(NO_BIASES, RELU))
