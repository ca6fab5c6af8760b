"""The certificate of a count of laws: a minor of their Jacobian, one of the brackets' values, and a closure.

Both minors are recomputed modulo the prime: not 0 there, they are not 0. A closure writes every field, and the bracket
of every field with every word, as a combination of the words with constant coefficients: they span the Lie algebra.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.checker.brackets import VectorField, bracket, combination, value
from symflow.checker.expressions import rational
from symflow.checker.fixed_slopes import FixedSlopes
from symflow.checker.law_fields import all_fields, field, polynomial_field, vector_field
from symflow.checker.law_identities import derivative
from symflow.checker.law_setting import LawSetting
from symflow.checker.nested_duals import PRIMES, Element, NestedDuals, determinant
from symflow.checker.patterns import Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, entry_of, exactly, expect, items, sized, take
from symflow.checker.symbolic import evaluated

_KNOWN = ("kind", "prime", "point", "fields", "words", "columns", "minor", "law_columns", "law_minor", "closure")
_LONGEST_WORD = 10


def check_certificate(
    setting: LawSetting, report: Report, tree: dict[str, object], laws: Sequence[Polynomial], words: Sequence[Words]
) -> tuple[int, bool]:
    """Check the two minors; return how many words there are, and whether they are shown to span the Lie algebra."""
    n = len(setting.problem.names)
    report.skip_unknown(tree, _KNOWN)
    expect(take(tree, "kind", str), "brackets", "kind")
    prime = rational(take(tree, "prime", str), "prime")
    if prime not in PRIMES:
        raise Refused("expected one of the primes that are known here", "prime")
    ring = NestedDuals(int(prime))
    coordinates = [rational(entry, "point") for entry in items(tree, "point", n)]
    point: list[Element] = [[ring.residue(entry)] for entry in coordinates]
    functions = [field(setting, report, entry, words) for entry in items(tree, "fields")]
    fields: list[VectorField] = [vector_field(setting, f, ring) for f in functions]
    rows, letters = [], []
    for entry in items(tree, "words"):
        word = [exactly(letter, int, "words") - 1 for letter in sized(entry, None, "words")]
        if not word or len(word) > _LONGEST_WORD or not all(0 <= letter < len(fields) for letter in word):
            raise Refused("a word of letters that are no fields", "words")
        letters.append(word)
        rows.append([entry[0] for entry in value(word, fields, point, ring)])
    columns = _columns(setting, tree, "columns", len(rows))
    minor = determinant([[row[column] for column in columns] for row in rows], ring.prime, ring.work)
    _nonzero(minor, tree, "minor", "the words")
    columns = _columns(setting, tree, "law_columns", len(laws))
    jacobian = [[ring.residue(evaluated(derivative(law, column), coordinates)) for column in columns] for law in laws]
    _nonzero(determinant(jacobian, ring.prime, ring.work), tree, "law_minor", "the laws")
    if "closure" not in tree:
        return len(rows), False
    _closure(setting, report, take(tree, "closure", dict), functions, letters, words)
    return len(rows), True


def _closure(
    setting: LawSetting,
    report: Report,
    tree: dict[str, object],
    functions: Sequence[FixedSlopes],
    letters: Sequence[Sequence[int]],
    words: Sequence[Words],
) -> None:
    """Refuse unless the words span the Lie algebra, with constant coefficients."""
    report.skip_unknown(tree, ("fields", "brackets"))
    if setting.model == "relu" or not letters:
        raise Refused("closure is for fields that are all listed", "closure")
    used = [polynomial_field(setting, f) for f in functions]
    values = []
    for word in letters:
        nested = used[word[-1]]
        for letter in reversed(word[:-1]):
            nested = bracket(used[letter], nested)
        values.append(nested)
    is_letter = [len(word) == 1 for word in letters]
    missing = set(all_fields(setting, words))
    for entry in items(tree, "fields"):
        report.skip_unknown(entry, ("field", "coefficients"))
        function = field(setting, report, entry_of(entry, "field"), words)
        missing.discard(function)
        row = [rational(c, "closure") for c in items(entry, "coefficients", len(letters))]
        if any(c and not single for c, single in zip(row, is_letter, strict=True)):
            raise Refused("a field is a combination of brackets", "closure")
        if _differ(polynomial_field(setting, function), combination(row, values)):
            raise Refused("a field is not this combination", "closure")
    if missing:
        raise Refused("a field is not shown to be in the span", "closure")
    singles = [nested for nested, single in zip(values, is_letter, strict=True) if single]
    for left, rows in zip(singles, items(tree, "brackets", len(singles)), strict=True):
        for right, spelled in zip(values, sized(rows, len(values), "closure"), strict=True):
            row = [rational(c, "closure") for c in sized(spelled, len(letters), "closure")]
            if _differ(bracket(left, right), combination(row, values)):
                raise Refused("a bracket is not this combination", "closure")


def _nonzero(minor: int, tree: dict[str, object], key: str, what: str) -> None:
    if not minor:
        raise Refused(f"the minor of {what} vanishes", key)
    expect(take(tree, key, str), str(minor), key)


def _columns(setting: LawSetting, tree: dict[str, object], key: str, length: int) -> list[int]:
    names = [exactly(name, str, key) for name in items(tree, key, length)]
    if len(set(names)) != len(names) or not set(names) <= setting.names.keys():
        raise Refused("expected different parameters", key)
    return [setting.names[name] for name in names]


def _differ(left: Sequence[Polynomial], right: Sequence[Polynomial]) -> bool:
    return any(a - b for a, b in zip(left, right, strict=True))
