"""Multipliers: Σ λᵢ pᵢ gᵢ = 0 identically shows that no cell is there.

Where rational λᵢ ≥ 0 are not all zero, each gᵢ is positive on the cell, and each pᵢ is a product of such polynomials,
the sum would be positive there. What is known to be positive, and where, is the caller's business: `read` returns a
polynomial for each reference in the certificate, or refuses it.
"""

from __future__ import annotations

from collections.abc import Callable

from symflow.checker.expressions import rational
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge, items, take

_MOST_FACTORS = 32
_MOST_PRODUCTS = 20_000_000  # of two terms, in one certificate


def check_combination(
    certificate: object,
    constraint: Callable[[dict[str, object]], Polynomial],
    factor: Callable[[object], Polynomial],
) -> None:
    """Refuse unless the combination that the certificate describes vanishes identically.

    Parameters
    ----------
    certificate : object
    constraint, factor : functions
        What a reference names as a constraint gᵢ, or as a factor of pᵢ.

    Examples
    --------
    >>> x = Polynomial.variable(0)
    >>> known = {"+": x, "-": x * -1}
    >>> terms = [{"multiplier": "2", "constraint": {"sign": sign}, "factors": []} for sign in "+-"]
    >>> check_combination({"kind": "multipliers", "terms": terms}, lambda g: known[g["sign"]], lambda p: x)
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
        product = constraint(take(term, "constraint", dict)) * multiplier
        factors = items(term, "factors")
        if len(factors) > _MOST_FACTORS:
            raise TooLarge("too many factors", "terms")
        for reference in factors:
            by = factor(reference)
            n_products += len(product.terms) * len(by.terms)
            if n_products > _MOST_PRODUCTS:
                raise TooLarge("an identity with too many terms", "terms")
            product = product * by
        total = total + product
    if not n_positive:
        raise Refused("no multiplier is positive", "terms")
    if total:
        raise Refused("the combination of the constraints is not identically zero", "terms")
