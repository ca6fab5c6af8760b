"""Lipschitz, locally Lipschitz, continuous: each says less than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import shape_setting

_FORM = "for K > 0: f((K + 1)*w) - f(K*w) == (2*K + 1)*f"


@LEMMAS.register("lipschitz_and_locally_lipschitz")
class LipschitzAndLocallyLipschitz(AbstractLemma):
    """w² is locally Lipschitz and not Lipschitz; |w|^(1/2) is continuous and not locally Lipschitz at 0."""

    name = "lipschitz_and_locally_lipschitz"
    ids = ("A10",)
    words = (
        r"$w^2$ is locally Lipschitz, and not Lipschitz; $\sqrt{\lvert w\rvert}$ is continuous, and not locally "
        "Lipschitz "
        r"at $0$."
    )
    forms = (_FORM,)
    bounds: ClassVar = {_FORM: {"at_home": True}}
    reference = "lecture A, the exercise after the definition"
    scripts = ("roots.v",)
    proof = (
        Step(
            "inequality",
            r"$\lvert a^2-b^2\rvert=\lvert a+b\rvert\,\lvert a-b\rvert$: the factor is at most $2(\lvert "
            r"w\rvert+1)$ near $w$, and has no bound at large.",
        ),
        Step(
            "along_the_ray",
            "Likewise $f((K+1)w)-f(Kw)=(2K+1)f(w)$ for the net $f=uv$ of two layers, over the fixed distance "
            r"$\lVert w\rVert$.",
        ),
        Step(
            "by_limit",
            r"$\sqrt{\lvert w\rvert}/\lvert w\rvert=\lvert w\rvert^{-1/2}$ has no bound near $0$, while "
            r"$\sqrt{\lvert w\rvert}\to0$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorems, and the unbounded slope for a net of two layers."""
        theorems = (
            "square_is_locally_lipschitz",
            "square_is_not_lipschitz",
            "root_is_continuous",
            "root_is_not_locally_lipschitz",
        )
        yield self.general("roots.v", *theorems, scope="w² and √|w|")
        yield self.decided(_FORM, shape_setting([1, 1, 1], ["identity"]), target, scope="f = uv")
