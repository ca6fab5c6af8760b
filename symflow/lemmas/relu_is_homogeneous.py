"""The relu is positively homogeneous of degree 1, a monomial of degree k homogeneous of degree k."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.setting import shape_setting

_UNIT = "for t > 0: f(t*W[1]) == t*f"
_MONOMIAL = "for t > 0: f(t*w) == t^4*f"


@LEMMAS.register("relu_is_homogeneous")
class ReluIsHomogeneous(AbstractLemma):
    """σ(αz) = ασ(z) for α ≥ 0, and (αw)^k-monomials scale by α^k."""

    name = "relu_is_homogeneous"
    ids = ("A17",)
    words = (
        r"$\sigma(\alpha z)=\alpha\,\sigma(z)$ for $\alpha\ge0$: the relu has degree $1$; a monomial of degree "
        "$k$ has degree $k$."
    )
    forms = (_UNIT, _MONOMIAL)
    bounds: ClassVar = {_UNIT: {"at_home": True}, _MONOMIAL: {"at_home": True}}
    reference = "lecture A, the examples after the definition"
    scripts = ("relu_pieces.v",)
    proof = (
        Step("by_cell", r"$\max(0,\alpha z)=\alpha\max(0,z)$ for $\alpha\ge0$: on both sides of $0$, and at $0$."),
        Step("by_induction", r"Each of the $k$ factors of a monomial gives one factor $\alpha$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorems; expand it for one unit, and for a product of four weights."""
        yield self.general("relu_pieces.v", "relu_has_degree_one", "monomials_are_homogeneous", scope="every degree k")
        yield self.decided(_UNIT, shape_setting([1, 1, 1], ["relu"]), target)
        yield self.decided(_MONOMIAL, shape_setting([1, 1, 1, 1, 1], ["identity"] * 3), target)
