"""Certificates that hold everywhere: conditions as texts, a point of a cell, multipliers that show a cell empty."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.cells import constraint
from symflow.checker.expressions import rational
from symflow.checker.formulas import Reader, of_polynomial
from symflow.checker.patterns import Tree, Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge, exactly, expect, items, take
from symflow.checker.symbolic import check_size

_MOST_FACTORS = 32
_MOST_PRODUCTS = 20_000_000  # of two terms, in one certificate


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

    Σ λ p g = 0 identically, λ ≥ 0 and not all zero, where g is a condition of the pattern or 1, and p a product of
    conditions: in the cell all of these are positive.
    """
    if take(certificate, "kind", str) != "multipliers":
        raise Refused("a refuted pattern needs multipliers", "kind")
    total = Polynomial({})
    n_positive = n_products = 0
    for term in items(certificate, "terms"):
        multiplier = rational(take(term, "multiplier", str), "multiplier")
        if multiplier < 0:
            raise Refused("a negative multiplier", "terms")
        n_positive += multiplier > 0
        reference = take(term, "constraint", dict)
        if take(reference, "kind", str) == "one":
            product = Polynomial.constant(multiplier)
        else:
            product = _condition(tree, words, reference) * multiplier
        factors = items(term, "factors")
        if len(factors) > _MOST_FACTORS:
            raise TooLarge("too many factors", "terms")
        for each in factors:
            factor = _condition(tree, words, each)
            n_products += len(product.terms) * len(factor.terms)
            if n_products > _MOST_PRODUCTS:
                raise TooLarge("an identity with too many terms", "terms")
            product = product * factor
        total = total + product
    if not n_positive:
        raise Refused("no multiplier is positive", "terms")
    if total:
        raise Refused("the combination of the conditions is not identically zero", "terms")


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


def _condition(tree: Tree, words: Words, reference: object) -> Polynomial:
    if take(reference, "kind", str) != "constraint":
        raise Refused("no such kind of factor", "factors")
    return constraint(tree, words, exactly(reference, dict))
