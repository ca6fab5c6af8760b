"""Claims in words: what a lemma is called, what its witness is, and the two sides that disagree there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from symflow.proofs.claim import Claim, Json
from symflow.reports.expressions import Expression, Parameters, Relation, Sentence, Symbol, Vector
from symflow.reports.linear_text import sentence_text
from symflow.reports.phrases import joined
from symflow.reports.readable.read_texts import number_of
from symflow.reports.readable.written_numbers import times, total

_LONGEST = 400
_DIGITS = 15
_LONGEST_VECTOR = 8


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


def witness_words(claim: Claim) -> Iterator[Sentence]:
    """Return what a witness is, line by line: its nets, its data, the values of bound names."""
    witness = claim.witness or {}
    setting = witness.get("setting") or claim.setting
    if setting["kind"] == "problem":
        # Of a file's statement on all weights the data are the file's.
        yield from _problem_words(setting["problem"], with_data=claim.setting["kind"] != "given")
    elif setting["kind"] == "problems":
        for name, tree in setting["problems"].items():
            for line in _problem_words(tree):
                yield (f"{name}: ", *line)
    for name, value in (witness.get("values") or {}).items():
        yield (f"{name} = ", *_number(value))


def side_words(claim: Claim) -> Iterator[Sentence]:
    """Return the values of the two sides, where the witness has them."""
    witness = claim.witness or {}
    if witness.get("words"):
        yield (str(witness["words"]),)
    sides = [(key, witness[key]) for key in ("left", "right") if witness.get(key) is not None]
    if claim.statement.endswith("is conserved") and len(sides) == 1:
        yield ("d/dt of it is ", *_number(sides[0][1]))
        return
    if sides:
        yield joined([(f"{key} = ", *_number(value)) for key, value in sides])
    for entry in witness.get("memberships") or []:
        if isinstance(entry.get("weights"), dict):
            yield from _element_words(entry)
        if entry.get("separator"):
            outer = "on the other set" if "side" in entry else "on the set"
            yield (f"⟨u, ·⟩ is larger there than {outer}, with ", *_sparse("u", entry["separator"]))


def _element_words(entry: Json) -> Iterator[Sentence]:
    """Return the elements of sets at which a claim on all of them is false, by the vertices v1, v2, .. of these."""
    for key in ("weights", "other"):
        for name, weights in (entry.get(key) or {}).items():
            terms = [times(_entry(w), Symbol("v", str(i))) for i, w in enumerate(weights, 1) if w != "0"]
            where = "a vertex of its set" if len(terms) == 1 else "with the vertices v1, v2, .. of its set"
            yield (f"{name} = ", total(terms), f", {where}")


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


def _number(value: Any) -> Sentence:
    """Return a number, a vector or an enclosure; what is no number stands as it is."""
    if isinstance(value, dict):
        return _bounds(value["low"], value["high"])
    if isinstance(value, list):
        return ("(", *joined([_number(entry) for entry in value], ", "), ")")
    found = number_of(str(value))
    if found is not None:
        return (found,)
    # exp(q) of the files is e^q to a reader.
    text = re.sub(r"\*?exp\(([0-9]+)\)", r" e^\1", str(value))
    text = re.sub(r"\*?exp\(", " e^(", text).replace("( e^", "(e^")
    return (text.strip().replace("-", "−"),)


def _bounds(low: str, high: str) -> Sentence:
    ends = [number_of(end) for end in (low, high)]
    if ends[0] is not None and ends[0] == ends[1]:
        return (ends[0],)
    text = bounds_text(low, high)
    if text.startswith("between") and ends[0] is not None and ends[1] is not None:
        return ("between ", ends[0], " and ", ends[1])
    return (text,)


def _problem_words(tree: Json, *, with_data: bool = True) -> Iterator[Sentence]:
    network = tree["network"]
    if "weights" not in network:
        return
    parts: list[Sentence] = [
        (Parameters("W", layer), " = ", *_matrix(matrix)) for layer, matrix in enumerate(network["weights"], 1)
    ]
    biases = network.get("biases") or []
    parts += [(Relation((Parameters("b", i), _vector(bias)), ("=",)),) for i, bias in enumerate(biases, 1)]
    yield _shortened(parts)
    objective, data = tree.get("objective", {}), tree.get("data", {})
    if objective.get("variable") == "input":
        at = objective.get("at") or (data.get("inputs") or [[]])[0]
        yield ("at ", Relation((Symbol("x"), _vector(at)), ("=",)))
        return
    if not with_data:
        return
    inputs = data.get("inputs") or []
    names = [Symbol("x", str(k) if len(inputs) > 1 else "") for k in range(1, len(inputs) + 1)]
    rows: list[Sentence] = [(Relation((name, _vector(x)), ("=",)),) for name, x in zip(names, inputs, strict=True)]
    labels = data.get("labels") or []
    if labels and objective.get("kind") in ("risk", "log_sum_exp"):
        rows.append((Relation((Symbol("y"), _vector(labels)), ("=",)),))
        rows.append((str(objective.get("loss") or "log-sum-exp"),))
    yield _shortened(rows)


def _matrix(rows: Sequence[Sequence[str]]) -> Sentence:
    if len(rows) == 1:
        return (_vector(rows[0]),)
    entries = [joined([(_entry(entry),) for entry in row], ", ") for row in rows]
    return ("(", *joined(entries, "; "), ")")


def _vector(entries: Sequence[str]) -> Expression:
    return _entry(entries[0]) if len(entries) == 1 else Vector(tuple(map(_entry, entries)))


def _sparse(name: str, entries: Sequence[str]) -> Sentence:
    """Return a vector; of a long one what is not 0, entry by entry."""
    places = [i for i, entry in enumerate(entries) if entry != "0"]
    if len(entries) <= _LONGEST_VECTOR or len(places) > _LONGEST_VECTOR:
        return (f"{name} = ", _vector(entries))
    parts: list[Sentence] = [(f"{name}[{i + 1}] = ", _entry(entries[i])) for i in places]
    return (*joined(parts, ", "), ", else 0")


def _entry(text: str) -> Expression:
    """Return a number of a problem, which is rational; a text that is none stands as a word."""
    return number_of(str(text)) or Symbol(str(text).replace("-", "−"))


def _shortened(parts: Sequence[Sentence]) -> Sentence:
    """Return parts joined by commas; those beyond some lines give way to dots."""
    kept = list(parts)
    while len(kept) > 1 and len(sentence_text(joined(kept, ", "))) > _LONGEST:
        kept.pop()
    return joined(kept if len(kept) == len(parts) else [*kept, ("…",)], ", ")
