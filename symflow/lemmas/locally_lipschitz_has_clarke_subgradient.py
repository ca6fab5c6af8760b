"""A locally Lipschitz function has a Clarke subgradient at every point."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import LOCALLY_LIPSCHITZ, NUMBERS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting

_FORM = "clarke(R) != empty"


@LEMMAS.register("locally_lipschitz_has_clarke_subgradient")
class LocallyLipschitzHasClarkeSubgradient(AbstractLemma):
    """R locally Lipschitz on R^p ⟹ ∂R(w) is not empty, for every w."""

    name = "locally_lipschitz_has_clarke_subgradient"
    ids = ("A9",)
    words = r"If $R$ is locally Lipschitz on $\mathbb R^p$ then $\partial R(w)\ne\emptyset$ for every $w$."
    forms = (_FORM,)
    hypotheses = (LOCALLY_LIPSCHITZ,)
    reference = "Clarke 1983, Proposition 2.1.2 and Theorem 2.5.1; lecture A"
    axioms = ("rademacher", "bolzano_weierstrass")
    proof = (
        Step("citation", r"By Rademacher's theorem points $w_n\to w$ exist at which $R$ is differentiable."),
        Step(
            "inequality",
            r"With the Lipschitz constant $K$ around $w$, $\lVert\nabla R(w_n)\rVert\le K$ for all large $n$.",
        ),
        Step(
            "citation",
            r"By Bolzano and Weierstrass a subsequence of the gradients converges; its limit lies in $\partial R(w)$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Cite it, and show it at a kink."""
        yield self.cited("rademacher", "bolzano_weierstrass", scope="every locally Lipschitz function")
        place = problem_setting(net_tree([[[1]], [[-1]]], activation="abs", kind="output", variable="input", at=[0]))
        yield self.decided(_FORM, place, target, scope="−|w| at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Cite it, and show it at the problem's point."""
        yield self.cited("rademacher", "bolzano_weierstrass", scope="every locally Lipschitz function")
        if target.problem is not None and NUMBERS.holds(target.problem):
            own = self.decided(_FORM, GIVEN, target)
            if own.word == "proved_instance":  # of a set with too many vertices nothing is listed
                yield own
