"""A net with L hidden layers is homogeneous of degree L, as lecture B says: false, the degree is L + 1."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, RELU, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting

_SCALED = "for t > 0: f(t*w) == t^H*f"


@LEMMAS.register("degree_is_hidden_layers")
class DegreeIsHiddenLayers(AbstractLemma):
    """⟨s, w⟩ = H f(w) with H the number of hidden layers: false, the number of weight matrices is H + 1."""

    name = "degree_is_hidden_layers"
    ids = ("B3", "E4", "W2")
    words = (
        r"A relu net with $H$ hidden layers is homogeneous of degree $H$ in its weights, so that $\langle "
        r"s,w\rangle=H\,f(w)$ "
        r"for $s\in\partial f(w)$."
    )
    statement = "for s in clarke(f): inner(s, w) == H*f"
    forms = (_SCALED,)
    hypotheses = (NO_BIASES, RELU, SCALAR_OUTPUT)
    reference = "lecture B, Section 3, as printed"
    see = "euler_on_clarke"
    proof = (
        Step(
            "witness",
            r"$f=v\,\sigma(ux)$ with $u=v=x=1$ has one hidden layer and $f=1$; $\nabla f=(1,1)$, so $\langle\nabla "
            r"f,w\rangle=2$.",
        ),
        Step(
            "conclusion",
            r"$f(2w)=4f(w)$: the degree is the number of weight matrices, $H+1$, if all of them are trained.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at v σ(ux), all 1: in the gradient, and in the value at 2 w."""
        one = net_tree([[[1]], [[1]]], inputs=[[1]], kind="output")
        for statement in (self.statement, _SCALED):
            yield self.refuted(statement, problem_setting(one), target, scope="v σ(ux), all 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
