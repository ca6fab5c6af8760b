"""A search that runs out of time leaves a statement undecided, a user's own as a lemma's."""

from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem_tree import problem_from_tree
from symflow.proofs.setting import net_tree
from symflow.prove_command import prove

_STATEMENT = "inner(w, grad(f)) == 3*f"
_KINK = net_tree([[[1, 0], [0, 1], [1, 1]], [[1, -1, 1]]], inputs=[[0, 1]], labels=[1], kind="risk", loss="exponential")


def test_an_own_statement_for_which_the_time_did_not_suffice_is_undecided() -> None:
    problem = problem_from_tree(_KINK)
    assert prove([_STATEMENT], problem=problem, budget=NO_BUDGET).exit_code == 1
    stopped = prove([_STATEMENT], problem=problem, budget=Budget(deadline=0))
    (theorem,) = stopped.asked
    assert (theorem.claim.word, theorem.claim.reason) == ("undecided", "the time did not suffice")
    assert stopped.exit_code == 3
