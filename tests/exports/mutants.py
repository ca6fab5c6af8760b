"""One thing changed in an exported theorem, so that it is false, or its certificate is none.

What is changed, by kind: the value of a derivative, a sign of a cell, a side of an equation by 1, a bound of an
inequality, a convex weight, a separated point, the shortest element, a multiplier. Each change makes the statement
false (a derivative and a shortest element are unique, a point of the arc has one sign, generators are in their hull) or
the certificate wrong (weights that do not add up to 1, a combination that does not vanish), so Coq has to refuse it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symflow.exports.script import Exported


def mutant(claim: Exported) -> Exported:
    """Return a claim with one thing changed.

    >>> from symflow.exports.script import exported
    >>> mutant(exported("x", "evaluation", "", "(1 + 1) == 2", "numbers")).statement
    '(1 + 1) == (2 + 1)'
    """
    text = claim.statement
    match claim.kind:
        case "identity" | "conservation" | "evaluation" | "refutation" | "inequality" | "enclosure":
            changed = _last_relation(text)
        case "gradient":
            changed = _last_slope(text)
        case "piece":
            changed = _last_slope(text) if "has_slope" in text else _last_relation(text)
        case "cell":
            changed = _other_sign(text)
        case "region":
            # the last equation is that of the net on the cell
            changed = text[: text.rindex(" == ")] + " == 1 + " + text[text.rindex(" == ") + 4 :]
        case "empty_cell":
            return replace(claim, proof=_other_multiplier(claim.proof))
        case "hull" if text.startswith("~"):
            changed = _generator_for_point(text)
        case "hull" if "forall s" in text:
            changed = _longer(text)
        case "hull":
            return replace(claim, proof=_other_weight(claim.proof))
        case _:
            raise AssertionError(f"no mutant for {claim.kind}")
    assert changed != text, claim.name
    return replace(claim, statement=changed)


def _last_relation(text: str) -> str:
    """Add 1 to the right side of the last ==; make the last inequality false, or the last denial one of a truth."""
    head, last = _last_goal(text)
    if last.startswith("~ ("):
        left = last.removeprefix("~ (").split(" == ")[0]
        return f"{head}~ ({left} == {left})"
    if " <> " in last:
        left = last.split(" <> ")[0]
        return f"{head}{left} <> {left}"
    for sign, false in ((" == ", "{a} == ({b} + 1)"), (" <= ", "{b} < {a}"), (" < ", "{b} <= {a}")):
        if sign in last:
            a, b = last.rsplit(sign, 1)
            if sign == " <= " and "forall" in head:
                return f"{head}{a} <= ({b} - 1000000)"  # where the weights are 0 this is false
            return head + false.format(a=a, b=b)
    raise AssertionError(text)


def _last_goal(text: str) -> tuple[str, str]:
    cut = max(text.rfind("\n  ") + 3, 0) if "\n  " in text else 0
    return text[:cut], text[cut:]


def _last_slope(text: str) -> str:
    """Add 1 to the value of the last derivative."""
    start = text.rindex("has_slope")
    line = text[start:]
    value = _last_group(line)
    return text[:start] + line[: len(line) - len(value)] + f"({value} + 1)"


def _last_group(line: str) -> str:
    if not line.endswith(")"):
        return line.rsplit(" ", 1)[1]
    depth = 0
    for i in range(len(line) - 1, -1, -1):
        depth += (line[i] == ")") - (line[i] == "(")
        if not depth:
            return line[i:]
    raise AssertionError(line)


def _other_sign(text: str) -> str:
    words = list(re.finditer(r"\b(plus|minus|nought)\b", text))
    chosen = words[len(text) % len(words)]
    other = {"plus": "minus", "minus": "plus", "nought": "plus"}[chosen[0]]
    return text[: chosen.start()] + other + text[chosen.end() :]


def _other_multiplier(proof: str) -> str:
    """Change the first multiplier of the combination, everywhere it is written."""
    (number,) = re.findall(r"\(eq_refl : 0 < (\([^)]*\)|\d+)\)", proof)[:1]
    changed = f"({number} + 1)"
    assert f"({number} * " in proof
    proof = proof.replace(f"(eq_refl : 0 < {number})", f"(eq_refl : 0 < {changed})", 1)
    for opening in ("assert (0 < ", "assert ("):
        start = proof.rindex(opening)
        at = proof.index(f"({number} * ", start)
        proof = proof[:at] + f"({changed} * " + proof[at + len(f"({number} * ") :]
    return proof


def _other_weight(proof: str) -> str:
    return re.sub(r"(by_weights \d+ \[)", r"\g<1>1 + ", proof, count=1)


def _generator_for_point(text: str) -> str:
    match = re.fullmatch(r"~ in_hull (\d+) \[(\[[^\]]*\])(.*)\] (\[[^\]]*\])", text)
    assert match, text
    return f"~ in_hull {match[1]} [{match[2]}{match[3]}] {match[2]}"


def _longer(text: str) -> str:
    """Say the same of another element than the shortest one: its first entry is increased by 1."""
    match = re.search(r"\] (\[[^\[\]]*\]) /\\", text)
    assert match, text
    shortest = match[1]
    longer = f"[1 + {shortest[1:]}"
    text = text.replace(f"] {shortest} /\\", f"] {longer} /\\")
    return text.replace(f"dot {shortest} {shortest}", f"dot {longer} {longer}")
