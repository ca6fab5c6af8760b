"""A convex function has a subgradient everywhere: there is a supporting hyperplane at every point of its graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import CONVEX
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("convex_has_subgradient")
class ConvexHasSubgradient(AbstractLemma):
    """R convex and finite on R^p ⟹ ∂_s R(w) is not empty, for every w."""

    name = "convex_has_subgradient"
    ids = ("A4",)
    words = r"If $R$ is convex and finite on $\mathbb R^p$ then $\partial_sR(w)\ne\emptyset$ for every $w$."
    forms = ("subdifferential(R) != empty",)
    bounds: ClassVar = {"subdifferential(R) != empty": {"at_home": True}}
    hypotheses = (CONVEX,)
    reference = "Rockafellar 1970, Theorem 23.4; lecture A"
    axioms = ("supporting_hyperplanes",)
    proof = (
        Step(
            "by_convexity",
            r"The points on and above the graph of $R$ are a convex set, and $(w,R(w))$ lies on its boundary.",
        ),
        Step("citation", r"A hyperplane supports the set there; it is not vertical, for $R$ is finite around $w$."),
        Step("conclusion", r"Its slope $s$ satisfies $R(w')\ge R(w)+\langle s,w'-w\rangle$ for every $w'$."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Cite it, and exhibit the subgradients of |w| at 0."""
        yield self.cited("supporting_hyperplanes", scope="every convex function")
        place = problem_setting(net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0]))
        yield self.decided("subdifferential(R) != empty", place, target, scope="|w| at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Cite it."""
        yield self.cited("supporting_hyperplanes", scope="every convex function")
