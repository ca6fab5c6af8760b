"""Certificates: what shows that a claim is true, by its kind, and which verdicts each kind can show.

====================  ===================================================================================
``expansion``         both sides are expanded, and are the same polynomials
``sum_of_squares``    the difference of the sides is the sum of these squares
``evaluation``        both sides are evaluated at the point, with the sets and memberships that are spelled
``result``            a rule derives it from a whole result of another command (see ``result_claims.py``)
``script``            theorems of a stored Coq script, which is listed as not checked here
``citation``          others have proved it: conditional on them
====================  ===================================================================================
"""

from __future__ import annotations

from symflow.checker.claim_meanings import check_is_in_words, hypotheses_of
from symflow.checker.claim_sets import check_all_used, memberships, scope_of
from symflow.checker.claim_settings import is_at_point, shape_of, tree_of_problem
from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.meanings import Meaning
from symflow.checker.reading import Refused, Report, exactly, expect, items, only_keys, take
from symflow.checker.result_claims import shown_by_rule
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_truth import holds_at_point

_SHOWS = {
    "expansion": ("proved_shape",),
    "sum_of_squares": ("proved_shape",),
    "evaluation": ("proved_instance", "enclosed"),
    "result": ("proved_shape", "proved_instance", "enclosed"),
    "script": ("proved_general", "vacuous", "conditional"),
    "citation": ("conditional",),
}


def check_certificate(
    report: Report, certificate: dict[str, object], claim: dict[str, object], row: Meaning | None, given: object
) -> None:
    """Refuse unless the certificate shows what is claimed, with that verdict."""
    kind, verdict = take(certificate, "kind", str), take(claim, "verdict", str)
    if kind not in _SHOWS:
        raise Refused("no such kind of certificate", "kind")
    if verdict not in _SHOWS[kind]:
        raise Refused(f'a certificate of the kind "{kind}" does not show "{verdict}"', "kind")
    if kind == "script":
        _check_script(report, certificate, claim, row, verdict)
    elif kind == "citation":
        only_keys(certificate, ("kind",))
        _check_stored(claim, row, None, (), True)
    elif kind == "result":
        _check_result(report, certificate, claim, row, given, verdict)
    elif kind == "evaluation":
        _check_evaluation(report, certificate, claim, given, verdict)
    else:
        _check_expansion(certificate, claim, given)


def _check_expansion(certificate: dict[str, object], claim: dict[str, object], given: object) -> None:
    only_keys(certificate, ("kind", "squares", "n_identities", "n_symbols"))
    statement = parse_statement(take(claim, "statement", str))
    objects = Symbols(shape_of(take(claim, "setting", dict), given))
    squares = None
    if certificate["kind"] == "sum_of_squares":
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
    only_keys(certificate, ("kind", "script", "sha256", "theorems"))
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
    check_is_in_words(claim, row, hypotheses_of(claim))
    expect(claim.get("setting"), {"kind": "general"}, "setting")
    verdict, axioms = take(claim, "verdict", str), items(claim, "axioms")
    for stored in () if row is None else row.stored:
        if (stored.script, stored.theorems, stored.hypotheses) != (script, theorems, hypotheses_of(claim)):
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
    only_keys(certificate, ("kind", "rule", "result"))
    check_is_in_words(claim, row, row.hypotheses if row is not None else ())
    shown = shown_by_rule(report, certificate, row, tree_of_problem(take(claim, "setting", dict), given), "certificate")
    if shown is not None and verdict != shown:
        raise Refused(f'the result shows "{shown}"', "verdict")


def _check_evaluation(
    report: Report, certificate: dict[str, object], claim: dict[str, object], given: object, verdict: str
) -> None:
    only_keys(certificate, ("kind", "sets", "derivatives", "memberships"))
    statement = parse_statement(take(claim, "statement", str))
    if not is_at_point(statement):
        raise Refused("one point does not show what is claimed of all")
    evidence = Evidence(memberships(certificate))
    scope = scope_of(report, take(claim, "setting", dict), given, certificate)
    if not holds_at_point(statement, scope, evidence, {}):
        raise Refused("the statement is false at the point")
    check_all_used(report, evidence, scope, certificate)
    if evidence.has_enclosures != (verdict == "enclosed"):
        raise Refused("enclosed if and only if a number is only enclosed", "kind")
