"""There are no more conservation laws than balancing: the velocities and their brackets span all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symflow.errors import SymflowError
from symflow.lemmas.base import LEMMAS, AbstractLemma, Target
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim, Step
from symflow.proofs.hypotheses import ALL_TRAINED, HOMOGENEOUS_OF_DEGREE_ONE, WEIGHTS
from symflow.proofs.prover import scope_words
from symflow.proofs.setting import n_paths, problem_setting, shape_of

_MOST_PATHS = 200


@LEMMAS.register("balancing_is_complete")
class BalancingIsComplete(AbstractLemma):
    """Of the path monomials the balancing laws are all there are: as many as parameters minus the Lie dimension.

    What the gradients of all paths leave unchanged is conserved for all data. The converse is not claimed: it holds
    where data tell the paths apart, say for one layer of relu and two inputs, and fails where the activations are
    linear in disguise, such as a leaky relu of slope 1, or a maximum of one unit.
    """

    name = "balancing_is_complete"
    ids = ("D3",)
    words = (
        r"Near almost every $w$, whatever the gradients of all paths of the net leave unchanged is a function of the "
        r"balancing laws; for a linear net, of the entries of $W_{l+1}^\top W_{l+1}-W_lW_l^\top$."
    )
    hypotheses = (HOMOGENEOUS_OF_DEGREE_ONE, WEIGHTS, ALL_TRAINED)
    reference = "Marcotte, Gribonval, Peyré 2023, Theorem 2.8 and Proposition 4.2"
    rules = ("laws_are_complete",)
    proof = (
        Step(
            "definition",
            r"The gradients of all paths leave $h$ unchanged if and only if $\nabla h$ is orthogonal to each of them, "
            r"hence to their Lie algebra.",
        ),
        Step(
            "inequality",
            r"At one rational point brackets of these fields are independent (a minor is not $0$): at most $D-\dim$ "
            r"laws.",
        ),
        Step("expansion", r"As many balancing laws hold identically, and their gradients are independent there."),
        Step("conclusion", r"The two numbers are equal, so there are no more laws."),
    )

    def at_home(self, target: Target) -> Iterator[Claim]:
        """Prove it for 2-2-1."""
        shape = problem_from_tree({"network": {"widths": [2, 2, 1], "activation": "relu", "bias": False}})
        yield self._complete(shape, target)

    def on(self, target: Target) -> Iterator[Claim]:
        """Prove it for the shape at hand, if it is small."""
        setting = target.shape_setting()
        if setting is None or n_paths(setting) > _MOST_PATHS:
            return
        if target.problem is None:
            network = {"widths": setting["widths"], "activation": setting["activation"], "bias": setting["bias"]}
            yield self._complete(problem_from_tree({"network": network}), target)
        else:
            yield self._complete(Problem(target.problem.architecture), target)

    def _complete(self, shape: Problem, target: Target) -> Claim:
        setting = problem_setting(shape.tree())
        try:
            result = target.engines.laws(shape, budget=target.budget)
        except SymflowError as error:
            return self.undecided(setting, str(error))
        words = scope_words(shape_of(shape))
        if result["complete"] is not True:
            return replace(self.undecided(setting, "no proof that there are no more laws was found"), scope=words)
        return self.derived("laws_are_complete", result, setting, "proved_shape", known_by="rank, exact", scope=words)
