"""The speed of the squared norm with a plus sign, as lecture A prints it: false."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, SCALAR_OUTPUT
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("speed_of_the_norm_as_printed")
class SpeedOfTheNormAsPrinted(AbstractLemma):
    """d/dt ‖W_l‖² = +2 Σ c_k f_k: the sign is wrong; that it is the same in every layer is right."""

    name = "speed_of_the_norm_as_printed"
    ids = ("E11",)
    words = (
        r"Along the flow $\tfrac{d}{dt}\lVert W_l\rVert^2=+2\sum_kc_k\,f_k$ with $c_k=\partial R/\partial f_k$, for "
        r"every layer $l$."
    )
    statement = "for l in 1..L: 2*inner(W[l], -grad(R, W[l])) == 2*sum(k in 1..n: c[k]*f[k])"
    hypotheses = (NO_BIASES, SCALAR_OUTPUT)
    reference = "lecture A, the last line of the computation under Lemma 9.3, as printed"
    see = "speed_of_the_norm"
    proof = (
        Step(
            "witness",
            r"$f=uv$, $\ell(z)=z$, $y=1$ at $u=v=1$: $\dot u=-v$, so $\tfrac{d}{dt}u^2=-2uv=-2$; printed is $+2uv=2$.",
        ),
        Step(
            "conclusion",
            r"With the minus sign it holds; that the difference of two layers is constant is not affected.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at R = f = uv."""
        product = net_tree([[[1]], [[1]]], activation="identity", inputs=[[1]], kind="output")
        yield self.refuted(self.statement, problem_setting(product), target, scope="R = f = uv")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
