"""The Clarke differential from the partial ones: neither does their product contain it, nor is it their product."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import net_tree, problems_setting

_WITHIN = "clarke(F) within product(clarke(F1), clarke(F2))"
_EQUAL = "clarke(F) == product(clarke(F1), clarke(F2))"


@LEMMAS.register("product_of_partial_differentials")
class ProductOfPartialDifferentials(AbstractLemma):
    """∂f(w₁, w₂) ⊂ ∂_1 f × ∂_2 f, or even = : both false."""

    name = "product_of_partial_differentials"
    ids = ("W15",)
    words = (
        r"$\partial f(w_1,w_2)\subset\partial_1f(w_1,w_2)\times\partial_2f(w_1,w_2)$, with equality: the Clarke "
        "differential is read "
        r"off the partial ones, those of $f(\cdot,w_2)$ and of $f(w_1,\cdot)$."
    )
    statement = _WITHIN
    forms = (_EQUAL,)
    reference = "Clarke 1983, Section 2.3, on partial generalized gradients"
    see = "separate_variables"
    proof = (
        Step(
            "witness",
            r"$f=\sigma(w_1+w_2)-\sigma(w_1-w_2)$ at $0$: $f(\cdot,0)=0$ has $\partial_1f=\{0\}$, yet $(1,1)$ and "
            "$(-1,1)$ are limits of gradients of $f$.",
        ),
        Step(
            "witness",
            r"$f=\sigma(w_1+w_2)$ at $0$: both partial differentials are $[0,1]$, yet $\partial f(0)$ is the "
            "segment from $(0,0)$ to $(1,1)$, not the square.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute the inclusion, and the equality."""
        yield self.refuted(
            _WITHIN,
            problems_setting(
                F=_at_zero([[1, 1], [1, -1]], [1, -1]),
                F1=_at_zero([[1], [1]], [1, -1]),
                F2=_at_zero([[1], [-1]], [1, -1]),
            ),
            target,
            scope="σ(w₁ + w₂) − σ(w₁ − w₂)",
        )
        yield self.refuted(
            _EQUAL,
            problems_setting(F=_at_zero([[1, 1]], [1]), F1=_at_zero([[1]], [1]), F2=_at_zero([[1]], [1])),
            target,
            scope="σ(w₁ + w₂)",
        )


def _at_zero(inner: list[list[int]], outer: list[int]) -> dict[str, object]:
    return net_tree([inner, [outer]], kind="output", variable="input", at=[0] * len(inner[0]))
