"""The Clarke differential at a point, as the hull of finitely many vectors, found and proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.hypotheses import LOCALLY_LIPSCHITZ, NUMBERS
from symflow.proofs.setting import GIVEN, net_tree, problem_setting
from symflow.proofs.vectors import hull_text

_FORM = "clarke(R) == hull(...)"
_LONGEST = 3_500
_SHAPES = {0: "a point", 1: "a segment", 2: "a polygon"}


@LEMMAS.register("clarke_differential")
class ClarkeDifferentialLemma(AbstractLemma):
    """∂R(w) = conv {∇Rˢ(w) : w in the closure of the cell of the pattern s}."""

    name = "clarke_differential"
    ids = ("A7", "B1")
    words = (
        r"$\partial R(w)$ is the hull of all limits of gradients $\nabla R(w_n)$ along $w_n\to w$; for a net of "
        "pieces it is "
        r"the hull of the gradients at $w$ of all pieces whose open cell has $w$ in its closure."
    )
    forms = (_FORM,)
    hypotheses = (NUMBERS, LOCALLY_LIPSCHITZ)
    reference = "Clarke 1983, Theorem 2.5.1; Scholtes 2012, Proposition 4.3.1; lectures A and B, the definition"
    rules = ("clarke_is_exact",)
    proof = (
        Step(
            "by_cell",
            "Off finitely many algebraic sets, which are closed and of measure $0$, $w$ lies in one of finitely "
            "many open cells, and $R$ is smooth there.",
        ),
        Step(
            "by_limit",
            r"A sequence $w_n\to w$ has a subsequence in one cell $C_s$, and $\nabla R(w_n)\to\nabla R^s(w)$; "
            "conversely $C_s$ holds such a sequence if $w$ is in its closure.",
        ),
        Step(
            "along_the_ray",
            "Points of differentiability between the cells add no limits: along almost every ray from such a point one "
            "enters a cell, so that its gradient is that of one of the finitely many pieces there.",
        ),
        Step(
            "witness",
            "An arc leads into every cell that is listed; multipliers show of every other pattern that it stays "
            "away from $w$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Find it for σ(w₁) + σ(w₂) at 0: the unit square."""
        corner = net_tree([[[1, 0], [0, 1]], [[1, 1]]], kind="output", variable="input", at=[0, 0])
        yield self._of(corner, problem_setting(corner), target, scope="σ(w₁) + σ(w₂) at 0")

    def on(self, target: Target) -> Iterator[Claim]:
        """Find it at the problem's point."""
        if target.tree is None:
            yield from self.at_home(target)
        else:
            yield self._of(target.tree, GIVEN, target, scope=None)

    def _of(self, tree: Json, setting: Json, target: Target, *, scope: str | None) -> Claim:
        from symflow.problem_tree import problem_from_tree

        result = target.engines.clarke(problem_from_tree(tree), budget=target.budget)
        if result["status"] != "exact":
            return self.undecided(
                setting, "some patterns are undecided: symflow clarke shows an inner and an outer set"
            )
        count = _n_patterns(result)
        known_by = f"{_words_of(result)}; {count} pattern{'s' * (count > 1)} decided"
        statement = f"clarke(R) == {hull_text(result['vertices'])}" if result.get("vertices") else ""
        if not statement or len(statement) > _LONGEST:
            return self.derived("clarke_is_exact", result, setting, "proved_instance", known_by=known_by, scope=scope)
        return replace(self.decided(statement, setting, target, scope=scope), known_by=known_by)


def _words_of(result: Json) -> str:
    """Return the shape of the set in words."""
    n_vertices, dimension = result["n_vertices"], result["dimension"]
    shape = _SHAPES.get(dimension, f"a polytope of dimension {dimension}")
    return shape if dimension < 2 else f"{shape} with {n_vertices} vertices"


def _n_patterns(result: Json) -> int:
    """Return how many patterns were decided, neuron by neuron where the set is a product; one where nothing kinks."""
    parts = result.get("factors") or [result]
    counts = [sum(len(part.get(key) or ()) for key in ("cells", "refuted")) for part in parts]
    return sum(count for count in counts if count > 1) or 1
