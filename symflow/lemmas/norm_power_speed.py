"""How fast the denominator of the soft margin rises: the derivative of ‖w‖^L."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NON_ZERO_WEIGHTS, WEIGHTS


@LEMMAS.register("norm_power_speed")
class NormPowerSpeed(AbstractLemma):
    """d/dt ‖w‖^L = L ‖w‖^(L−1) ⟨w/‖w‖, w'⟩ ≤ L ‖w‖^(L−1) ‖w'‖ for every real L ≥ 0, where w ≠ 0."""

    name = "norm_power_speed"
    ids = ("B13",)
    words = (
        r"Where $w\ne0$ is differentiable in $t$: $\tfrac{d}{dt}\lVert w\rVert^L=L\lVert w\rVert^{L-1}\langle "
        r"w/\lVert w\rVert,"
        r"\dot w\rangle\le L\lVert w\rVert^{L-1}\lVert\dot w\rVert$, for every $L\ge0$."
    )
    hypotheses = (WEIGHTS, NON_ZERO_WEIGHTS)
    reference = "lecture B, proof of Theorem 5"
    scripts = ("soft_margin_monotone.v",)
    proof = (
        Step(
            "definition",
            r"$\tfrac{d}{dt}\lVert w\rVert=\langle w,\dot w\rangle/\lVert w\rVert$, as $\lVert w\rVert^2=\langle "
            r"w,w\rangle>0$.",
        ),
        Step("conclusion", r"The chain rule for $r\mapsto r^L$ gives the first formula."),
        Step("inequality", r"Cauchy-Schwarz and $L\lVert w\rVert^{L-1}\ge0$ give the second."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Claim it for every curve and every L ≥ 0."""
        theorem = "speed_of_the_power_of_the_norm"
        yield self.general("soft_margin_monotone.v", theorem, scope="any curve, any real L ≥ 0")
