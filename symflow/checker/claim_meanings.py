"""That a claim means what its name means: its words, its hypotheses, its form, and the cases that are meant.

What a name means stands in ``meanings.json``, which ``meanings.py`` reads. A lemma of all nets is not refuted by one
net, and one of its forms is not shown by another.
"""

from __future__ import annotations

from symflow.checker.claim_settings import tree_of_problem
from symflow.checker.hypotheses import HYPOTHESES, OF_THE_POINT
from symflow.checker.meanings import Meaning, prose_hash, setting_hash
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, exactly, expect, items, take
from symflow.checker.statement_shapes import read_shape
from symflow.checker.symbolic import read_symbolic_problem


def check_meaning(claim: dict[str, object], row: Meaning | None, name: str, statement: str) -> None:
    """Refuse a claim that says of its name something else than what it means; None is the row of a user's own."""
    if row is None:
        if name != statement:
            raise Refused(
                "a name that the checker does not know; a user's own claim is called by its statement", "claim"
            )
        for key in ("id", "see"):
            expect(claim.get(key), None, key)
        for key in ("words", "reference"):
            expect(claim.get(key), "", key)
        for key in ("hypotheses", "proof"):
            expect(claim.get(key), [], key)
        return
    if take(claim, "id", str) not in row.ids:
        raise Refused("this is not the number of that claim", "id")
    if not row.allows(statement):
        raise Refused("this is not what the name stands for", "statement")
    if take(claim, "words", str) != row.words:
        raise Refused("these are not the words for it", "words")
    if prose_hash({key: claim.get(key) for key in ("reference", "proof")}) != row.prose:
        raise Refused("this is not how it is referred to and proved", "proof")
    if claim.get("see") not in (None, row.see):
        raise Refused("this is not the corrected statement", "see")
    if hypotheses_of(claim) not in ((), row.hypotheses, *(stored.hypotheses for stored in row.stored)):
        raise Refused("this is not what is assumed", "hypotheses")


def check_what_is_meant(claim: dict[str, object], row: Meaning, statement: str, verdict: str, given: object) -> None:
    """Refuse a verdict that a lemma cannot have, and a form of it where another form, or no form, is meant.

    A lemma of all nets is not refuted by one, for its hypotheses hold; a false one is not shown by a net on which it
    happens to be true, nor by one of its forms that says less. The words of a lemma are shown by what is stored.
    """
    kind = take(claim, "certificate", dict).get("kind") if verdict != "refuted" else None
    if kind in ("script", "citation"):
        return
    if not row.may_be(verdict):
        truth = "false in general" if row.is_refuted else "true, not refuted in general"
        raise Refused(f'the statement of this name is {truth}; "{verdict}" is not shown by one case', "verdict")
    setting = take(claim, "setting", dict)
    if verdict == "refuted" and take(claim, "witness", dict).get("setting") is not None:
        setting = take(take(claim, "witness", dict), "setting", dict)
    bound, of_kind = row.bound(statement), take(setting, "kind", str)
    if "places" in bound or of_kind == "problems":
        if setting_hash(setting) not in bound.get("places", ()):
            raise Refused("this form of the statement is meant of other problems", "setting")
        return
    if of_kind == "general":
        return
    problem, is_of_all_weights = _meant(setting, given)
    for words in row.hypotheses:
        if is_of_all_weights and words in OF_THE_POINT:
            continue
        if words in HYPOTHESES and not HYPOTHESES[words](problem):
            raise Refused(f"the problem does not meet a hypothesis: {words}", "setting")
    found = {"depth": len(problem.weights), "loss": problem.loss or problem.kind, "variable": problem.variable}
    for key, wanted in bound.items():
        if found[key] != wanted:
            raise Refused(f"this form of the statement is meant of another {key}: {wanted}", "setting")


def _meant(setting: dict[str, object], given: object) -> tuple[Problem, bool]:
    """Return the problem that a claim is about, and whether its weights are put in place of any weights."""
    if take(setting, "kind", str) == "shape":
        return read_shape(setting).template, True
    tree = exactly(tree_of_problem(setting, given), dict)
    if "widths" in take(tree, "network", dict):  # laws of a net whose weights are symbols
        objective = {"kind": "output", "variable": "weights", "output": 1}
        rest = {key: entry for key, entry in tree.items() if key != "data"}
        return read_symbolic_problem({**rest, "objective": objective}).problem, True
    return read_problem(tree), False


def hypotheses_of(claim: dict[str, object]) -> tuple[str, ...]:
    """Return what a claim assumes, in words.

    Examples
    --------
    >>> hypotheses_of({"hypotheses": ["no biases"]})
    ('no biases',)
    """
    return tuple(exactly(each, str, "hypotheses") for each in items(claim, "hypotheses"))


def check_is_in_words(claim: dict[str, object], row: Meaning | None, hypotheses: tuple[str, ...]) -> None:
    """Refuse evidence for the words of a lemma where something else is claimed, or under fewer hypotheses."""
    if row is None or take(claim, "statement", str) != row.words:
        raise Refused("this is evidence for the words of a lemma, not for a formal statement", "kind")
    if hypotheses_of(claim) != hypotheses:
        raise Refused("this is not what is assumed")
