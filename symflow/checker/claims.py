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

from symflow.checker.axioms import AXIOMS
from symflow.checker.claim_certificates import check_certificate
from symflow.checker.claim_meanings import check_meaning, check_what_is_meant
from symflow.checker.claim_settings import check_setting
from symflow.checker.claim_witnesses import check_witness
from symflow.checker.meanings import meaning
from symflow.checker.reading import Refused, Report, below, exactly, expect, items, take
from symflow.checker.sets import take_object

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
    check_meaning(claim, row, name, statement)
    check_setting(take(claim, "setting", dict), "setting")
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
        with below("witness"):
            check_witness(report, take(claim, "witness", dict), claim, row, given)
    else:
        if claim.get("witness") is not None:
            raise Refused("a witness beside a proof", "witness")
        with below("certificate"):
            check_certificate(report, take(claim, "certificate", dict), claim, row, given)
    if row is not None:
        check_what_is_meant(claim, row, statement, verdict, given)
    report.n_certificates += 1
