"""Witnesses: a case that is meant, that meets the hypotheses, and of which the statement is false.

The *original* statement is evaluated there, one instance of it; or a rule shows that its words are false, from a whole
result of another command (see ``result_claims.py``).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from symflow.checker.claim_meanings import check_is_in_words, hypotheses_of
from symflow.checker.claim_sets import check_all_used, memberships, scope_of
from symflow.checker.claim_settings import check_setting, is_at_point, shape_of, tree_of_problem
from symflow.checker.enclosed_numbers import Enclosed, bounds_of
from symflow.checker.expressions import rational, scalar
from symflow.checker.hypotheses import HYPOTHESES
from symflow.checker.meanings import Meaning
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, only_keys, optional, take
from symflow.checker.result_claims import shown_by_rule
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_grammar import Statement, parse_statement
from symflow.checker.statement_instances import Instance, instances
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import same_shape
from symflow.checker.statement_truth import rate_at_point, relation_holds
from symflow.checker.statement_values import Scope

_READING_BITS = 512


def check_witness(
    report: Report, witness: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    """Refuse unless the witness shows that what is claimed is false."""
    if "rule" in witness:
        _check_by_rule(report, witness, claim, row, given)
    else:
        _check_by_instance(report, witness, claim, row, given)


def _check_by_rule(
    report: Report, witness: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    """Refuse unless a rule shows, from a whole result on the witness, that what the name stands for is false."""
    only_keys(witness, ("setting", "rule", "result"))
    check_is_in_words(claim, row, row.hypotheses if row is not None else ())
    claimed = take(claim, "setting", dict)
    setting = take(witness, "setting", dict) if witness.get("setting") is not None else claimed
    check_setting(setting, "setting")
    if take(claimed, "kind", str) == "general" and (row is None or not row.is_refuted):
        raise Refused("this is not refuted in general", "setting")
    if take(claimed, "kind", str) != "general" and setting != claimed:
        raise Refused("a witness at another point than the one that is meant", "setting")
    _check_hypotheses(report, claim, Scope(Point(read_problem(tree_of_problem(setting, given)))))
    shown = shown_by_rule(report, witness, row, tree_of_problem(setting, given), "witness")
    if shown not in (None, "refuted"):
        raise Refused(f'the result shows "{shown}"', "rule")


def _check_by_instance(
    report: Report, witness: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    """Refuse unless one instance of the original statement is false at the witness, which meets the hypotheses."""
    only_keys(witness, ("setting", "values", "instance", "sets", "derivatives", "memberships", "left", "right"))
    parsed = parse_statement(take(claim, "statement", str))
    claimed = take(claim, "setting", dict)
    setting = take(witness, "setting", dict) if witness.get("setting") is not None else claimed
    check_setting(setting, "setting")
    _check_admissible(parsed, claimed, setting, row, given)
    scope = scope_of(report, setting, given, witness)
    _check_hypotheses(report, claim, scope)
    values = optional(witness, "values", dict) or {}
    if not set(values) <= {binder.name for binder in parsed.binders}:
        raise Refused("a value for no name of the statement", "values")
    number = take(witness, "instance", int)
    found = next((each for i, each in enumerate(instances(parsed, scope, values)) if i == number), None)
    if found is None:
        raise Refused("the statement has no such instance", "instance")
    evidence = Evidence(memberships(witness))
    if relation_holds(found, evidence):
        raise Refused("the statement is true at the witness")
    check_all_used(report, evidence, scope, witness)
    _check_sides(found.at(evidence.elements), witness)


def _check_hypotheses(report: Report, claim: dict[str, object], scope: Scope) -> None:
    """Refuse a witness that does not meet a hypothesis; list those on which the checker has no opinion."""
    for words in hypotheses_of(claim):
        if words not in HYPOTHESES or scope.objects is None:
            report.skip(f"witness: whether {words}")
        elif not HYPOTHESES[words](scope.objects.problem):
            raise Refused(f"the witness does not meet a hypothesis: {words}", "setting")


def _check_admissible(
    statement: Statement,
    claimed: dict[str, object],
    setting: dict[str, object],
    row: Meaning | None,
    given: object,
) -> None:
    """Refuse a witness that is not one of the cases of which the statement is claimed."""
    kind = take(claimed, "kind", str)
    if any(relation.relation == "conserved" for relation in statement.claims):
        _check_same_trained(claimed, setting, given)
    if kind == "general":
        if row is None or not row.is_refuted:
            raise Refused("this is not refuted in general", "setting")
        return
    if setting == claimed:
        return
    if is_at_point(statement) and kind != "shape":
        raise Refused("a witness at another point than the one that is meant", "setting")
    if kind == "problems" or take(setting, "kind", str) not in ("problem", "given"):
        raise Refused("a witness of another kind than the claim", "setting")
    found = read_problem(tree_of_problem(setting, given))
    shape = shape_of(claimed, given)
    same, number = same_shape(shape.template, found), len(shape.template.inputs)
    if not same or len(found.inputs) != number or found.variable != shape.template.variable:
        raise Refused("a witness of another shape, or with another number of data", "setting")
    meant = shape.problem
    if meant is None:
        return
    # Where the input is the variable, the weights are given; otherwise the data are.
    variables = {"inputs": found.inputs} if meant.variable == "input" else _parameters(found)
    if replace(meant, **variables) != found:
        raise Refused("a witness with other data, another net or another objective", "setting")


def _check_same_trained(claimed: dict[str, object], setting: dict[str, object], given: object) -> None:
    """Refuse a witness along whose flow other parameters stand still than are meant; of a shape all are trained."""
    meant: frozenset[int] = frozenset()
    if take(claimed, "kind", str) in ("given", "problem"):
        meant = read_problem(tree_of_problem(claimed, given)).held
    if read_problem(tree_of_problem(setting, given)).held != meant:
        raise Refused("a witness along whose flow other parameters are trained", "setting")


def _parameters(problem: Problem) -> dict[str, Any]:
    return {"weights": problem.weights, "biases": problem.biases}


def _check_sides(instance: Instance, witness: dict[str, object]) -> None:
    """Check the values of the two sides, where the witness spells them."""
    for key, side in (("left", instance.relation.left), ("right", instance.relation.right)):
        spelled = witness.get(key)
        if spelled is None:
            continue
        if side is None:
            raise Refused("there is no such side", key)
        is_rate = instance.relation.relation == "conserved"
        found = rate_at_point(instance) if is_rate else instance.scope.plain(instance.scope.value(side))
        if isinstance(spelled, dict):
            _check_bounds(found, spelled, key)
        elif isinstance(spelled, list):
            wanted = [scalar(entry, key) for entry in spelled]
            entries = list(found) if isinstance(found, tuple) else []
            if len(wanted) != len(entries) or any(a != b for a, b in zip(wanted, entries, strict=True)):
                raise Refused("this is not the value of that side", key)
        elif isinstance(found, (tuple, Enclosed)) or scalar(spelled, key) != found:
            raise Refused("this is not the value of that side", key)


def _check_bounds(found: Any, spelled: dict[str, object], key: str) -> None:
    low, high = rational(spelled.get("low"), key), rational(spelled.get("high"), key)
    if isinstance(found, tuple):
        raise Refused("bounds of something that is no number", key)
    least, most = bounds_of(found, _READING_BITS)
    if not low <= least <= most <= high:
        raise Refused("the value of that side is not within these bounds", key)
    if max(least - low, high - most) > Fraction(1, 1 << 64):
        raise Refused("bounds much wider than they need to be", key)
