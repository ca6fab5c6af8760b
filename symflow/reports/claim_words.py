"""Claims in words: what a lemma is called, what its witness is, and the two sides that disagree there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from symflow.proofs.claim import Claim, Json

_LONGEST = 400
_DIGITS = 15
# A longer fraction is shown by its first digits.
_LONGEST_FRACTION = 30
_FRACTION = re.compile(r"-?[0-9]+(/[0-9]+)?", re.ASCII)
_LEADING = 6


def name_words(claim: Claim) -> str:
    """Return a lemma's name as words, with its number.

    Examples
    --------
    >>> from symflow.proofs.setting import GENERAL
    >>> name_words(Claim("chain_rule", "..", GENERAL, "undecided", "", number="A12", reason="?"))
    'Chain rule (A12).'
    """
    if claim.number is None:
        return "A statement."
    words = claim.name.replace("_", " ")
    return f"{words[0].upper()}{words[1:]} ({claim.number})."


def witness_words(claim: Claim) -> Iterator[str]:
    """Return what a witness is, line by line: its nets, its data, the values of bound names."""
    witness = claim.witness or {}
    setting = witness.get("setting") or claim.setting
    if setting["kind"] == "problem":
        # Of a file's statement on all weights the data are the file's.
        yield from _problem_words(setting["problem"], with_data=claim.setting["kind"] != "given")
    elif setting["kind"] == "problems":
        for name, tree in setting["problems"].items():
            for line in _problem_words(tree):
                yield f"{name}: {line}"
    for name, value in (witness.get("values") or {}).items():
        yield f"{name} = {value}"


def side_words(claim: Claim) -> Iterator[str]:
    """Return the values of the two sides, where the witness has them."""
    witness = claim.witness or {}
    if witness.get("words"):
        yield str(witness["words"])
    sides = [(key, witness[key]) for key in ("left", "right") if witness.get(key) is not None]
    if claim.statement.endswith("is conserved") and len(sides) == 1:
        yield f"d/dt of it is {_number(sides[0][1])}"
        return
    if sides:
        yield ",  ".join(f"{key} = {_number(value)}" for key, value in sides)
    for entry in witness.get("memberships") or []:
        if isinstance(entry.get("weights"), dict):
            yield from _element_words(entry)
        if entry.get("separator"):
            outer = "on the other set" if "side" in entry else "on the set"
            yield f"<u, .> is larger there than {outer}, with u = {_vector(entry['separator'])}".replace(
                "<u, .>", "⟨u, ·⟩"
            )


def _element_words(entry: Json) -> Iterator[str]:
    """Return the elements of sets at which a claim on all of them is false, by the vertices v1, v2, .. of these."""
    for key in ("weights", "other"):
        for name, weights in (entry.get(key) or {}).items():
            terms = [(f"v{i}" if w == "1" else f"{_number(w)} v{i}") for i, w in enumerate(weights, 1) if w != "0"]
            is_vertex = len(terms) == 1
            where = "a vertex of its set" if is_vertex else "with the vertices v1, v2, .. of its set"
            yield _shortened(f"{name} = {' + '.join(terms)}, {where}")


def bounds_text(low: str, high: str) -> str:
    """Return the digits on which two bounds agree.

    Examples
    --------
    >>> bounds_text("5/3", "500001/300000")
    '1.6666…'
    """
    a, b = Fraction(low), Fraction(high)
    if a == b:
        return str(a)
    if a < 0 < b:
        return f"between {low} and {high}"
    sign, small, large = ("−", -b, -a) if a < 0 else ("", a, b)
    for digits in range(_DIGITS, -1, -1):
        scale = 10**digits
        first, second = small * scale // 1, large * scale // 1
        if first == second:
            whole, rest = divmod(int(first), scale)
            return f"{sign}{whole}.{rest:0{digits}d}…" if digits else f"{sign}{whole}.…"
    return f"between {low} and {high}"


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return bounds_text(value["low"], value["high"])
    if isinstance(value, list):
        return f"({', '.join(_number(entry) for entry in value)})"
    if len(str(value)) > _LONGEST_FRACTION and _FRACTION.fullmatch(str(value)):
        return _decimals(Fraction(str(value)))
    # exp(q) of the files is e^q to a reader.
    text = re.sub(r"\*?exp\(([0-9]+)\)", r" e^\1", str(value))
    text = re.sub(r"\*?exp\(", " e^(", text).replace("( e^", "(e^")
    return text.strip().replace("-", "−")


def _decimals(value: Fraction) -> str:
    """Return the first digits of a number."""
    sign, size = "−" if value < 0 else "", abs(value)
    whole, rest = divmod(int(size * 10**_DIGITS), 10**_DIGITS)
    if whole or rest * 10**_LEADING >= 10**_DIGITS:
        return f"{sign}{whole}.{rest:0{_DIGITS}d}…"
    return f"about {sign}{size.numerator / size.denominator:.{_LEADING}e}"


def _problem_words(tree: Json, *, with_data: bool = True) -> Iterator[str]:
    network = tree["network"]
    if "weights" not in network:
        return
    parts = [f"W{layer} = {_matrix(matrix)}" for layer, matrix in enumerate(network["weights"], 1)]
    parts += [f"b{layer} = {_vector(bias)}" for layer, bias in enumerate(network.get("biases") or [], 1)]
    yield _shortened(", ".join(parts))
    objective, data = tree.get("objective", {}), tree.get("data", {})
    if objective.get("variable") == "input":
        at = objective.get("at") or (data.get("inputs") or [[]])[0]
        yield f"at x = {_vector(at)}"
        return
    if not with_data:
        return
    inputs = data.get("inputs") or []
    rows = [f"x{k} = {_vector(x)}" if len(inputs) > 1 else f"x = {_vector(x)}" for k, x in enumerate(inputs, 1)]
    labels = data.get("labels") or []
    if labels and objective.get("kind") in ("risk", "log_sum_exp"):
        rows.append(f"y = {_vector(labels)}")
        rows.append(str(objective.get("loss") or "log-sum-exp"))
    yield _shortened(", ".join(rows))


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    if len(rows) == 1:
        return _vector(rows[0])
    return f"({'; '.join(', '.join(map(_signed, row)) for row in rows)})"


def _vector(entries: Sequence[str]) -> str:
    return _signed(entries[0]) if len(entries) == 1 else f"({', '.join(map(_signed, entries))})"


def _signed(entry: str) -> str:
    return str(entry).replace("-", "−")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
