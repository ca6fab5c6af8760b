"""Certificates that hold everywhere: conditions as texts, a point of a cell, multipliers that show a cell empty."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.cells import constraint
from symflow.checker.expressions import rational
from symflow.checker.formulas import Reader, of_polynomial
from symflow.checker.multipliers import check_combination
from symflow.checker.patterns import Tree, Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, exactly, expect, take
from symflow.checker.symbolic import check_size


def check_relation(reader: Reader, spelled: object, positive: Polynomial, signs: tuple[str, str], place: str) -> None:
    """Refuse a text unless it says ``positive > 0``, or with the second sign that its negative is < 0.

    Examples
    --------
    >>> check_relation(Reader(["x[1]"]), "-2*x[1] < 0", Polynomial({(0,): Fraction(2)}), (">", "<"), "")
    """
    text = exactly(spelled, str, place)
    for sign, factor in zip(signs, (1, -1), strict=True):
        left, found, right = text.partition(f" {sign} ")
        if found and right.strip() == "0":
            reader.check(left, of_polynomial(positive * factor), place, "this condition of the pattern")
            return
    raise Refused(f"expected a condition .. {signs[0]} 0 or .. {signs[1]} 0", place)


def check_multipliers_everywhere(tree: Tree, words: Words, certificate: object) -> None:
    """Refuse unless the multipliers show that no cell of the pattern exists.

    Here g is a condition of the pattern or 1, and p a product of conditions: in the cell all of these are positive.
    """
    check_combination(
        certificate,
        lambda reference: _condition(tree, words, reference, one_is_known=True),
        lambda reference: _condition(tree, words, reference),
    )


def symbol_values(certificate: object, symbols: Sequence[str]) -> list[Fraction]:
    """Return the rational values of all symbols at the point of a certificate.

    Examples
    --------
    >>> symbol_values({"kind": "point", "point": {"x[1]": "1/2"}}, ["x[1]"])
    [Fraction(1, 2)]
    """
    if take(certificate, "kind", str) != "point":
        raise Refused("expected a point", "kind")
    point = take(certificate, "point", dict)
    expect(sorted(point), sorted(symbols), "point")
    values = [rational(point[name], "point") for name in symbols]
    check_size(values)
    return values


def _condition(tree: Tree, words: Words, reference: object, *, one_is_known: bool = False) -> Polynomial:
    kind = take(reference, "kind", str)
    if kind == "one" and one_is_known:
        return Polynomial.constant(Fraction(1))
    if kind != "constraint":
        raise Refused("no such kind of condition", "terms")
    return constraint(tree, words, exactly(reference, dict))
