"""A whole result of ``symflow prove``: every claim, from its certificate or its witness alone.

A claim says a statement, of a setting, with a verdict. The verdict has to follow from what comes with it:

====================  ===================================================================================
``proved_shape``      the statement expands to an identity in symbols
``proved_instance``   it is evaluated at the point, exactly; or a rule derives it from a whole result
``enclosed``          it is evaluated with enclosures; or a rule derives it from an enclosed result
``refuted``           the *original* statement is evaluated at the witness, and is false there
``proved_general``    a stored theorem, whose Coq script continuous integration has checked: listed as not checked here
``vacuous``           the same, for a proof that the hypotheses cannot be met
``conditional``       any of these, with the cited facts named
``undecided``         nothing is claimed
====================  ===================================================================================

The hash of a claim is the SHA-256 of its canonical JSON without the hash; premises are named by their hashes, and have
to stand before the claim.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, final

from symflow.checker.axioms import AXIOMS
from symflow.checker.clarke import check_clarke
from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.enclosed_numbers import Enclosed, Real, bounds_of
from symflow.checker.expressions import rational, scalar
from symflow.checker.frechet import check_derivative
from symflow.checker.hulls import Vector
from symflow.checker.hypotheses import HYPOTHESES, OF_THE_POINT
from symflow.checker.meanings import Meaning, meaning, prose_hash, setting_hash
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, join, optional, take
from symflow.checker.result_claims import RULES
from symflow.checker.sets import take_object
from symflow.checker.statement_grammar import Statement, parse_statement
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Shape, Symbols, read_shape, same_shape
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_truth import (
    Evidence,
    Instance,
    check_identity,
    holds_at_point,
    instances,
    rate_at_point,
    relation_holds,
)
from symflow.checker.statement_values import Scope, is_reserved
from symflow.checker.symbolic import read_symbolic_problem

VERDICTS = (
    "proved_general",
    "proved_shape",
    "proved_instance",
    "enclosed",
    "refuted",
    "vacuous",
    "conditional",
    "undecided",
)

_KNOWN = (
    *("id", "claim", "statement", "setting", "scope", "verdict", "hypotheses", "axioms", "certificate", "witness"),
    *("premises", "hash", "words", "proof", "reference", "reason", "see", "known_by"),
)

_MOST_GENERATORS = 1_024
_READING_BITS = 512


def check_prove(report: Report, result: dict[str, object]) -> None:
    """Check a whole result, claim by claim."""
    report.skip_unknown(result, ("command", "symflow", "problem", "claims", "counts"))
    given = result.get("problem")
    seen: set[str] = set()
    verdicts: Counter[object] = Counter()
    for i, entry in enumerate(items(result, "claims")):
        with report.checking(f"claims[{i}]"):
            claim = take_object(entry)
            report.skip_unknown(claim, _KNOWN)
            verdicts[claim.get("verdict")] += 1
            check_claim(report, claim, given, seen)
            seen.add(take(claim, "hash", str))
    if "counts" in result:
        with report.checking(""):
            counts = take(result, "counts", dict)
            expect(dict(sorted(counts.items())), dict(sorted(verdicts.items(), key=str)), "counts")
    if seen:
        report.skip("claims: for what each holds and how it is known, in words")


def claim_hash(claim: Mapping[str, object]) -> str:
    """Return the hash of a claim: SHA-256 of its canonical JSON, without the hash itself.

    Examples
    --------
    >>> claim_hash({"claim": "x", "hash": "?"}) == claim_hash({"claim": "x"})
    True
    """
    kept = {key: value for key, value in claim.items() if key != "hash"}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check_claim(report: Report, claim: dict[str, object], given: object, seen: set[str]) -> None:
    """Refuse unless the verdict of a claim follows.

    Parameters
    ----------
    report : Report
        Counts certificates, and lists what is not checked here.
    claim : dict
        The claim's JSON.
    given : object
        The problem's tree of the whole result; None where there is none.
    seen : set of str
        The hashes of the claims before it.
    """
    expect(take(claim, "hash", str), claim_hash(claim), "hash")
    verdict = take(claim, "verdict", str)
    if verdict not in VERDICTS:
        raise Refused("no such verdict", "verdict")
    name, statement = take(claim, "claim", str), take(claim, "statement", str)
    row = meaning(name)
    _check_meaning(claim, row, name, statement)
    _check_setting(take(claim, "setting", dict), "setting")
    premises = [exactly(premise, str, "premises") for premise in items(claim, "premises")]
    if not seen.issuperset(premises):
        raise Refused("a premise that does not stand before the claim", "premises")
    axioms = [exactly(axiom, str, "axioms") for axiom in items(claim, "axioms")]
    if not set(axioms) <= set(AXIOMS):
        raise Refused("an axiom that may not be admitted", "axioms")
    if verdict == "undecided":
        exactly(claim.get("reason"), str, "reason")
        for key in ("certificate", "witness"):
            expect(claim.get(key), None, key)
        return
    if verdict not in ("conditional", "vacuous") and axioms:
        raise Refused("a verdict is conditional if something is admitted", "axioms")
    if verdict == "refuted":
        if claim.get("certificate") is not None:
            raise Refused("a certificate beside a refutation", "certificate")
        with _place("witness"):
            witness = take(claim, "witness", dict)
            if "rule" in witness:
                _check_witness_by_rule(report, witness, claim, row, given)
            else:
                _check_witness(report, witness, statement, claim, row, given)
    else:
        if claim.get("witness") is not None:
            raise Refused("a witness beside a proof", "witness")
        with _place("certificate"):
            _check_certificate(report, take(claim, "certificate", dict), claim, row, given)
    if row is not None:
        _check_what_is_meant(claim, row, statement, verdict, given)
    report.n_certificates += 1


class _place:
    """Put a key before the place of a refusal."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, Refused) and not error.place.startswith(self.key):
            raise type(error)(error.reason, join(self.key, error.place)) from error


def _check_meaning(claim: dict[str, object], row: Meaning | None, name: str, statement: str) -> None:
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
    if _hypotheses(claim) not in ((), row.hypotheses, *(stored.hypotheses for stored in row.stored)):
        raise Refused("this is not what is assumed", "hypotheses")


def _check_what_is_meant(claim: dict[str, object], row: Meaning, statement: str, verdict: str, given: object) -> None:
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
    tree = exactly(_problem_tree(setting, given), dict)
    if "widths" in take(tree, "network", dict):  # laws of a net whose weights are symbols
        objective = {"kind": "output", "variable": "weights", "output": 1}
        rest = {key: entry for key, entry in tree.items() if key != "data"}
        return read_symbolic_problem({**rest, "objective": objective}).problem, True
    return read_problem(tree), False


def _hypotheses(claim: dict[str, object]) -> tuple[str, ...]:
    return tuple(exactly(each, str, "hypotheses") for each in items(claim, "hypotheses"))


def _only_in_words(claim: dict[str, object], row: Meaning | None, hypotheses: tuple[str, ...]) -> None:
    """Refuse evidence for the words of a lemma where something else is claimed, or under fewer hypotheses."""
    if row is None or take(claim, "statement", str) != row.words:
        raise Refused("this is evidence for the words of a lemma, not for a formal statement", "kind")
    if _hypotheses(claim) != hypotheses:
        raise Refused("this is not what is assumed")


# ---------------------------------------------------------------------- certificates


def _check_certificate(
    report: Report, certificate: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    kind, verdict = take(certificate, "kind", str), take(claim, "verdict", str)
    allowed = {
        "expansion": ("proved_shape",),
        "sum_of_squares": ("proved_shape",),
        "evaluation": ("proved_instance", "enclosed"),
        "result": ("proved_shape", "proved_instance", "enclosed"),
        "script": ("proved_general", "vacuous", "conditional"),
        "citation": ("conditional",),
    }
    if kind not in allowed:
        raise Refused("no such kind of certificate", "kind")
    if verdict not in allowed[kind]:
        raise Refused(f'a certificate of the kind "{kind}" does not show "{verdict}"', "kind")
    if kind == "script":
        _check_script(report, certificate, claim, row, verdict)
    elif kind == "citation":
        _only(certificate, ("kind",))
        _check_stored(claim, row, None, (), True)
    elif kind == "result":
        _check_result(report, certificate, claim, row, given, verdict)
    elif kind == "evaluation":
        _check_evaluation(report, certificate, claim, given, verdict)
    else:
        _only(certificate, ("kind", "squares", "n_identities", "n_symbols"))
        statement = parse_statement(take(claim, "statement", str))
        objects = Symbols(_shape(take(claim, "setting", dict), given))
        squares = None
        if kind == "sum_of_squares":
            squares = take(certificate, "squares", dict)
        elif "squares" in certificate:
            raise Refused("squares for an identity", "squares")
        count = check_identity(statement, objects, squares)
        if "n_identities" in certificate:
            expect(certificate["n_identities"], count, "n_identities")
        if "n_symbols" in certificate:
            expect(certificate["n_symbols"], len(objects.names), "n_symbols")


def _check_script(
    report: Report, certificate: dict[str, object], claim: dict[str, object], row: Meaning | None, verdict: str
) -> None:
    _only(certificate, ("kind", "script", "sha256", "theorems"))
    name = take(certificate, "script", str)
    theorems = tuple(exactly(theorem, str, "theorems") for theorem in items(certificate, "theorems"))
    known = SCRIPTS.get(name.removesuffix(".v"))
    is_checked = known is not None and known.sha256 == take(certificate, "sha256", str)
    is_checked = is_checked and "unchecked_script" not in items(claim, "axioms")
    _check_stored(claim, row, name, theorems, is_checked)
    if not is_checked:
        report.skip(f"certificate: the Coq script {name}, which has not been checked")
        return
    if known is None or not theorems or not set(theorems) <= set(known.theorems):
        raise Refused("the script has no such theorem", "theorems")
    report.skip(f"certificate: the Coq script {name}, checked by coqc in continuous integration")


def _check_stored(
    claim: dict[str, object], row: Meaning | None, script: str | None, theorems: tuple[str, ...], is_checked: bool
) -> None:
    """Refuse unless these theorems of a script, or citations, are stored for the lemma, with that verdict."""
    _only_in_words(claim, row, _hypotheses(claim))
    expect(claim.get("setting"), {"kind": "general"}, "setting")
    verdict, axioms = take(claim, "verdict", str), items(claim, "axioms")
    for stored in () if row is None else row.stored:
        if (stored.script, stored.theorems, stored.hypotheses) != (script, theorems, _hypotheses(claim)):
            continue
        shown, needed = stored.verdict, {*stored.axioms}
        if not is_checked:
            shown, needed = "conditional", {*needed, "unchecked_script"}
        if verdict == shown and needed == {*map(str, axioms)}:
            return
    raise Refused("nothing is stored that shows this, under these hypotheses, with these axioms")


def _check_result(
    report: Report,
    certificate: dict[str, object],
    claim: dict[str, object],
    row: Meaning | None,
    given: object,
    verdict: str,
) -> None:
    _only(certificate, ("kind", "rule", "result"))
    _only_in_words(claim, row, row.hypotheses if row is not None else ())
    shown = _shown_by_rule(report, certificate, row, _problem_tree(take(claim, "setting", dict), given), "certificate")
    if shown is not None and verdict != shown:
        raise Refused(f'the result shows "{shown}"', "verdict")


def _shown_by_rule(
    report: Report, evidence: dict[str, object], row: Meaning | None, tree: object, place: str
) -> str | None:
    """Return the verdict that a rule derives from a whole result; None where the result is refused."""
    rule = take(evidence, "rule", str)
    if row is None or rule not in row.rules or rule not in RULES:
        raise Refused("no such rule for this claim", "rule")
    result = dict(take(evidence, "result", dict))
    if "problem" in result and result["problem"] != tree:
        raise Refused("a result on another problem", "result.problem")
    part = Report()
    shown = RULES[rule](part, {**result, "problem": tree})
    if part.rejected or part.has_too_large:
        report.include(f"{place}.result", part)
        return None
    for skipped in part.not_checked:
        report.skip(f"{place}.result.{skipped}")
    return shown


def _check_evaluation(
    report: Report, certificate: dict[str, object], claim: dict[str, object], given: object, verdict: str
) -> None:
    _only(certificate, ("kind", "sets", "derivatives", "memberships"))
    statement = parse_statement(take(claim, "statement", str))
    if not is_at_point(statement):
        raise Refused("one point does not show what is claimed of all")
    evidence = Evidence(_memberships(certificate))
    scope = scope_of(report, take(claim, "setting", dict), given, certificate)
    if not holds_at_point(statement, scope, evidence, {}):
        raise Refused("the statement is false at the point")
    _check_all_used(report, evidence, scope, certificate)
    if evidence.has_enclosures != (verdict == "enclosed"):
        raise Refused("enclosed if and only if a number is only enclosed", "kind")


def is_at_point(statement: Statement) -> bool:
    """Return whether a statement is about the problem's own point: it says so, or speaks of sets or velocities.

    Examples
    --------
    >>> is_at_point(parse_statement("0 in clarke(R)")), is_at_point(parse_statement("f == 1"))
    (True, False)
    """
    from symflow.checker.statement_grammar import Element, names_in

    if statement.is_at_point or any(isinstance(binder, Element) for binder in statement.binders):
        return True
    pointwise = {"clarke", "autodiff", "velocity", "hull", "derivative", "directional", "subdifferential", "empty"}
    return any(
        not pointwise.isdisjoint(names_in(side))
        for relation in (*statement.claims, *statement.conditions)
        for side in (relation.left, relation.right)
    )


# ---------------------------------------------------------------------- witnesses


def _check_witness(
    report: Report,
    witness: dict[str, object],
    statement: str,
    claim: dict[str, object],
    row: Meaning | None,
    given: object,
) -> None:
    """Refuse unless one instance of the original statement is false at the witness, which meets the hypotheses."""
    _only(witness, ("setting", "values", "instance", "sets", "derivatives", "memberships", "left", "right"))
    parsed = parse_statement(statement)
    claimed = take(claim, "setting", dict)
    setting = take(witness, "setting", dict) if witness.get("setting") is not None else claimed
    _check_setting(setting, "setting")
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
    evidence = Evidence(_memberships(witness))
    if relation_holds(found, evidence):
        raise Refused("the statement is true at the witness")
    _check_all_used(report, evidence, scope, witness)
    _check_sides(found, witness)


def _check_hypotheses(report: Report, claim: dict[str, object], scope: Scope) -> None:
    """Refuse a witness that does not meet a hypothesis; list those on which the checker has no opinion."""
    for words in _hypotheses(claim):
        if words not in HYPOTHESES or scope.objects is None:
            report.skip(f"witness: whether {words}")
        elif not HYPOTHESES[words](scope.objects.problem):
            raise Refused(f"the witness does not meet a hypothesis: {words}", "setting")


def _check_witness_by_rule(
    report: Report, witness: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    """Refuse unless a rule shows, from a whole result on the witness, that what the name stands for is false."""
    _only(witness, ("setting", "rule", "result"))
    _only_in_words(claim, row, row.hypotheses if row is not None else ())
    claimed = take(claim, "setting", dict)
    setting = take(witness, "setting", dict) if witness.get("setting") is not None else claimed
    _check_setting(setting, "setting")
    if take(claimed, "kind", str) == "general" and (row is None or not row.is_refuted):
        raise Refused("this is not refuted in general", "setting")
    if take(claimed, "kind", str) != "general" and setting != claimed:
        raise Refused("a witness at another point than the one that is meant", "setting")
    _check_hypotheses(report, claim, Scope(Point(read_problem(_problem_tree(setting, given)))))
    shown = _shown_by_rule(report, witness, row, _problem_tree(setting, given), "witness")
    if shown not in (None, "refuted"):
        raise Refused(f'the result shows "{shown}"', "rule")


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
    found = read_problem(_problem_tree(setting, given))
    shape = _shape(claimed, given)
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
        meant = read_problem(_problem_tree(claimed, given)).held
    if read_problem(_problem_tree(setting, given)).held != meant:
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


# ---------------------------------------------------------------------- settings and sets


_KEYS = {
    "general": ("kind",),
    "given": ("kind",),
    "problem": ("kind", "problem"),
    "problems": ("kind", "problems"),
    "shape": ("kind", "widths", "activation", "bias", "n_data", "output"),
}


def _check_setting(setting: dict[str, object], place: str) -> None:
    kind = take(setting, "kind", str)
    if kind not in _KEYS:
        raise Refused("no such kind of setting", join(place, "kind"))
    _only(setting, _KEYS[kind])


def _problem_tree(setting: dict[str, object], given: object) -> object:
    kind = take(setting, "kind", str)
    if kind == "given":
        if given is None:
            raise Refused("no problem is given", "setting")
        return given
    if kind == "problem":
        return take(setting, "problem", dict)
    raise Refused("a problem is needed here", "setting.kind")


def _shape(setting: dict[str, object], given: object) -> Shape:
    if take(setting, "kind", str) == "shape":
        return read_shape(setting)
    problem = read_problem(_problem_tree(setting, given))
    return Shape(problem, problem)


def scope_of(report: Report, setting: dict[str, object], given: object, evidence: dict[str, object]) -> Scope:
    """Return the scope of a point: its objects, the named problems, and the sets whose certificates hold."""
    kind = take(setting, "kind", str)
    named: dict[str, Point] = {}
    objects: Point | None = None
    if kind == "problems":
        for name, tree in take(setting, "problems", dict).items():
            if not name.isidentifier() or is_reserved(name):
                raise Refused("this cannot be the name of a problem", "setting.problems")
            named[name] = Point(read_problem(tree))
        if not named:
            raise Refused("no problem is given", "setting.problems")
    else:
        objects = Point(read_problem(_problem_tree(setting, given)))
    return Scope(objects, named, {}, _Sets(report, objects, named, evidence))


@final
class _Sets:
    """The Clarke differentials that a certificate gives, each checked when it is asked for."""

    def __init__(
        self, report: Report, objects: Point | None, named: Mapping[str, Point], evidence: dict[str, object]
    ) -> None:
        self.report, self.objects, self.named = report, objects, named
        self.spelled = optional(evidence, "sets", dict) or {}
        self.shown = optional(evidence, "derivatives", dict) or {}
        self.known: dict[str, Polytope] = {}

    def __call__(self, function: Function | str) -> Polytope:
        key = function if isinstance(function, str) else function.name
        if key not in self.known:
            if key not in self.spelled:
                raise Refused(f"the Clarke differential of {key} has no certificate", "sets")
            problem = self._problem(function)
            found = checked_set(self.report, f"sets.{key}", self.spelled[key], problem)
            self.known[key] = with_derivative(found, self.shown.get(key), self.spelled[key], problem)
        return self.known[key]

    def _problem(self, function: Function | str) -> Problem:
        if isinstance(function, str):
            return self.named[function].problem
        if self.objects is None:
            raise Refused("this statement has no net of its own")
        return self.objects.of(function)


def checked_set(report: Report, place: str, tree: object, problem: Problem) -> Polytope:
    """Return a Clarke differential whose whole result holds, for that very problem."""
    result = exactly(tree, dict, place)
    if read_problem(result.get("problem")) != problem:
        raise Refused("a differential of another problem, or at another point", place)
    part = Report()
    checked = check_clarke(part, result)
    report.n_certificates += part.n_certificates
    if part.rejected:
        first = part.rejected[0]
        raise Refused(first["reason"], join(place, first["place"]))
    if part.has_too_large:
        raise TooLarge("the differential is too large to check", place)
    if checked is None or not checked[1].is_exact:
        raise Refused("the differential is not known exactly", place)
    size = len(problem.point)
    vertices: list[list[Real]] = [[0] * size]
    shortest: list[Real] | None = [0] * size
    for block in checked[1].blocks:
        if block.inner is None:
            raise Refused("a block of the differential that is not known", place)
        if len(vertices) * len(block.inner.vertices) > _MOST_GENERATORS:
            raise TooLarge("a differential with too many vertices", place)
        vertices = [_filled(vertex, block.indices, part_) for vertex in vertices for part_ in block.inner.vertices]
        if shortest is not None:
            found = block.inner.shortest
            shortest = None if found is None else _filled(shortest, block.indices, found)
    return Polytope(tuple(map(tuple, vertices)), None if shortest is None else tuple(shortest))


def with_derivative(polytope: Polytope, entry: object, tree: object, problem: Problem) -> Polytope:
    """Return a Clarke differential with the gradient of its function, where that is shown to be differentiable.

    Where the set has one element the function is strictly differentiable, and the element is its gradient.
    """
    if len(polytope.generators) == 1:
        return replace(polytope, derivative=polytope.generators[0])
    if entry is None:
        return polytope
    with _place("derivatives"):
        found = check_derivative(exactly(entry, dict), exactly(tree, dict), problem)
    return replace(polytope, derivative=found)


def _filled(vector: list[Real], indices: tuple[int, ...], part: Vector) -> list[Real]:
    whole = list(vector)
    for index, entry in zip(indices, part, strict=True):
        whole[index] = entry
    return whole


def _memberships(tree: dict[str, object]) -> list[object]:
    return optional(tree, "memberships", list) or []


def _check_all_used(report: Report, evidence: Evidence, scope: Scope, tree: dict[str, object]) -> None:
    if evidence.n_used != len(evidence.entries):
        raise Refused("memberships that nothing asks for", "memberships")
    if not isinstance(scope.sets, _Sets):
        raise Refused("no sets are known here")
    for key in ("sets", "derivatives"):
        for name in optional(tree, key, dict) or {}:
            if name not in scope.sets.known:
                report.skip_unknown({f"{key}.{name}": name}, ())


def _only(tree: dict[str, object], known: tuple[str, ...]) -> None:
    for key in tree:
        if key not in known:
            raise Refused("a key that the checker does not know", key)
