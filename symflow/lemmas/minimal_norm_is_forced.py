"""That the velocity is minus the shortest element is no choice: it follows from the chain rule."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import CHAIN_RULE_ALONG_THE_FLOW, FLOW_SOLUTION


@LEMMAS.register("minimal_norm_is_forced")
class MinimalNormIsForced(AbstractLemma):
    """−w' ∈ V and ⟨v, w'⟩ the same for all v ∈ V ⟹ −w' is the one shortest element of V."""

    name = "minimal_norm_is_forced"
    ids = ("E2",)
    words = (
        r"At every time at which $-\dot w\in\partial R(w)$ and the chain rule holds, $-\dot w$ is the "
        r"shortest element of $\partial R(w)$: the flow must take it, where lecture A says that one can let it."
    )
    hypotheses = (FLOW_SOLUTION, CHAIN_RULE_ALONG_THE_FLOW)
    reference = "lecture A, minimal norm path, printed as a further property"
    scripts = ("chain_rule_gives_minimal_norm.v",)
    proof = (
        Step(
            "definition",
            r"Let $-\dot w\in V$ and $\langle v,\dot w\rangle=c$ for all $v\in V$; then $c=\langle-\dot w,\dot "
            r"w\rangle=-\lVert\dot w\rVert^2$.",
        ),
        Step(
            "inequality",
            r"$\lVert\dot w\rVert^2=\langle v,-\dot w\rangle\le\lVert v\rVert\,\lVert\dot w\rVert$, so "
            r"$\lVert\dot w\rVert\le\lVert v\rVert$, with equality only for $v=-\dot w$.",
        ),
        Step("conclusion", r"No convexity of $V$ is used, and no solution is left a choice."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it by the stored theorem."""
        yield self.general("chain_rule_gives_minimal_norm.v", "chain_rule_gives_minimal_norm", scope="every set V")
