"""Which degrees of homogeneity make sense: at degree 0 the value at 0 is free, below 1 nothing but 0 is Lipschitz."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step

_SCRIPT = "homogeneous_degree_below_one.v"


@LEMMAS.register("degrees_of_homogeneity")
class DegreesOfHomogeneity(AbstractLemma):
    """f(0) = 0 if L > 0, not if L = 0 (f = 1); and f = 0 everywhere if 0 < L < 1 and f is locally Lipschitz at 0."""

    name = "degrees_of_homogeneity"
    ids = ("E9",)
    words = (
        "If $f$ is homogeneous of degree $L$ then $f(0)=0$ for $L>0$, but not always for $L=0$: $f=1$; and for "
        "$0<L<1$ the only "
        r"such $f$ that is locally Lipschitz at $0$ is $f=0$."
    )
    reference = "lecture A, the definition, and lecture B, the proof at 0, where any degree is admitted"
    scripts = (_SCRIPT,)
    proof = (
        Step(
            "definition",
            r"$f(0)=f(2\cdot0)=2^Lf(0)$, and $2^L\ne1$ for $L>0$. For $L=0$ this says nothing, and $f=1$ has "
            "degree $0$.",
        ),
        Step(
            "along_the_ray",
            r"For $0<L<1$: $\lvert f(tw)-f(0)\rvert=t^L\lvert f(w)\rvert\le K\,t\,\lVert w\rVert$ for small $t>0$.",
        ),
        Step("by_limit", r"So $\lvert f(w)\rvert\le K\,t^{1-L}\lVert w\rVert\to0$ as $t\downarrow0$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim the three parts by the stored theorems."""
        theorems = ("value_at_the_origin", "degree_zero_need_not_vanish", "lipschitz_of_degree_below_one_is_zero")
        yield self.general(_SCRIPT, *theorems, scope="every function")
