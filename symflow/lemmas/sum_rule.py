"""The Clarke differential of a sum as the sum of the Clarke differentials: false where kinks cancel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import NUMBERS, SEVERAL_DATA
from symflow.proofs.setting import GIVEN, net_tree, problems_setting

_TWO = "clarke(S) == clarke(F) + clarke(G)"
_DATA = "clarke(R) == sum(k in 1..n: c[k]*clarke(f[k]))"


@LEMMAS.register("sum_rule")
class SumRule(AbstractLemma):
    """∂(f + g)(w) = ∂f(w) + ∂g(w); for a risk, ∂R(w) = Σ c_k ∂f_k(w) with c_k = ∂R/∂f_k: false in general."""

    name = "sum_rule"
    ids = ("W3",)
    words = (
        r"$\partial(f+g)(w)=\partial f(w)+\partial g(w)$ for locally Lipschitz $f$ and $g$; for a risk of several "
        "data, "
        r"$\partial R(w)=\sum_kc_k\,\partial f_k(w)$ with $c_k=\partial R/\partial f_k$."
    )
    statement = _DATA
    forms = (_TWO,)
    reference = "Clarke 1983, Proposition 2.3.3, which is an inclusion; Tian, So 2023"
    rules = ("sum_rule",)
    see = "sum_rule_inclusion"
    is_per_instance = True
    proof = (
        Step("witness", r"$f(w)=\sigma(w)$ and $g(w)=-\sigma(w)$ at $0$: $f+g=0$, so $\partial(f+g)(0)=\{0\}$."),
        Step(
            "conclusion",
            r"$\partial f(0)+\partial g(0)=[0,1]+[-1,0]=[-1,1]$ is larger; only the inclusion $\subset$ holds always.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it for σ(w) − σ(w)."""
        unit: Json = {"kind": "output", "variable": "input", "at": [0]}
        place = problems_setting(
            F=net_tree([[[1]], [[1]]], **unit),
            G=net_tree([[[1]], [[-1]]], **unit),
            S=net_tree([[[1], [1]], [[1, -1]]], **unit),
        )
        yield self.refuted(_TWO, place, target, scope="σ(w) − σ(w) at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Decide it for the data of the problem: by the sets themselves, or by the spans of the data at each kink."""
        if target.problem is None or not (NUMBERS.holds(target.problem) and SEVERAL_DATA.holds(target.problem)):
            yield from self.at_home(target)
            return
        own = self.decided(_DATA, GIVEN, target)
        if own.word != "undecided":
            yield replace(own, known_by="an element outside") if own.word == "refuted" else own
            return
        result = target.engines.clarke(target.problem, budget=target.budget)
        entry = result.get("sum_rule")
        scope, known_by = "this net, these data", "the spans of the data at each kink"
        if not entry or entry.get("holds") is None:
            yield own
        elif entry["holds"]:
            yield self.derived("sum_rule", result, GIVEN, "proved_instance", known_by=known_by, scope=scope)
        else:
            yield self.refuted_by("sum_rule", result, GIVEN, known_by=known_by, scope=scope)
