"""The slopes as a function of the input alone, as lecture A says: false, they depend on the weights too."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import NO_BIASES, RELU
from symflow.proofs.setting import net_tree, problem_setting


@LEMMAS.register("slopes_depend_on_the_input_alone")
class SlopesDependOnTheInputAlone(AbstractLemma):
    """If A_1 were fixed by x alone, f(x; −W_1, W_2, ..) = −f(x; W_1, W_2, ..); it is not."""

    name = "slopes_depend_on_the_input_alone"
    ids = ("E14",)
    words = (
        r"The slopes $A_i$ depend on $x$ alone; so, with $x$ held, $f(x;-W_1,W_2)=-f(x;W_1,W_2)$ for one hidden layer."
    )
    statement = "f(-1*W[1]) == -f"
    hypotheses = (RELU, NO_BIASES)
    reference = "lecture A, the definition of A_i, as printed"
    see = "slopes_are_zero_or_one"
    proof = (
        Step("definition", r"With $A_1$ a function of $x$ alone, $f=W_2A_1W_1x$ would be linear in $W_1$."),
        Step(
            "witness",
            r"$f=v\,\sigma(wx)$ with $v=x=1$: at $w=1$ the slope is $1$ and $f=1$, at $w=-1$ the slope is $0$ and "
            r"$f=0$.",
        ),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Refute it at v σ(wx), all 1."""
        one = net_tree([[[1]], [[1]]], inputs=[[1]], kind="output")
        yield self.refuted(self.statement, problem_setting(one), target, scope="v σ(wx), all 1")

    def on(self, target: Target) -> Iterator[Claim]:
        """Refute it, whatever is asked about."""
        yield from self.at_home(target)
