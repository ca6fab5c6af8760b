"""The Clarke differential of a sum lies in the sum of the Clarke differentials."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import DIFFERENTIABLE_LOSS, LOCALLY_LIPSCHITZ, NUMBERS, SEVERAL_DATA
from symflow.proofs.setting import GIVEN, net_tree, problems_setting

_TWO = "clarke(S) within clarke(F) + clarke(G)"
_DATA = "clarke(R) within sum(k in 1..n: c[k]*clarke(f[k]))"


@LEMMAS.register("sum_rule_inclusion")
class SumRuleInclusion(AbstractLemma):
    """∂(f + g)(w) ⊂ ∂f(w) + ∂g(w) for locally Lipschitz f and g."""

    name = "sum_rule_inclusion"
    ids = ("W3",)
    words = (
        r"$\partial(f+g)(w)\subset\partial f(w)+\partial g(w)$ for locally Lipschitz $f$ and $g$; for a risk "
        r"with a loss in $C^1$, $\partial R(w)\subset\sum_kc_k\,\partial f_k(w)$ with $c_k=\partial R/\partial f_k$."
    )
    forms = (_TWO, _DATA)
    hypotheses = (LOCALLY_LIPSCHITZ, DIFFERENTIABLE_LOSS)
    reference = "Clarke 1983, Proposition 2.3.3"
    axioms = ("rademacher", "null_sets", "bolzano_weierstrass")
    proof = (
        Step(
            "citation",
            "By Rademacher's theorem $f$ and $g$ both are differentiable off a null set, which may be left out "
            "when limits of gradients of $f+g$ are taken.",
        ),
        Step(
            "by_limit",
            r"There $\nabla(f+g)=\nabla f+\nabla g$; both are bounded, so along a subsequence both converge, to "
            r"elements of $\partial f(w)$ and $\partial g(w)$.",
        ),
        Step("by_convexity", r"A hull of sums lies in the sum of the hulls."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Cite it, and show it for σ(w) − σ(w)."""
        yield self.cited(*self.axioms, scope="all locally Lipschitz functions")
        unit: Json = {"kind": "output", "variable": "input", "at": [0]}
        place = problems_setting(
            F=net_tree([[[1]], [[1]]], **unit),
            G=net_tree([[[1]], [[-1]]], **unit),
            S=net_tree([[[1], [1]], [[1, -1]]], **unit),
        )
        yield self.decided(_TWO, place, target, scope="σ(w) − σ(w) at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Cite it, and show it for the data of the problem."""
        yield self.cited(*self.axioms, scope="all locally Lipschitz functions")
        if target.problem is not None and NUMBERS.holds(target.problem) and SEVERAL_DATA.holds(target.problem):
            own = self.decided(_DATA, GIVEN, target)
            if own.word == "proved_instance":
                yield own
