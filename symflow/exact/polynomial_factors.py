"""Factors of polynomials over ℚ: greatest common divisors, irreducible factors, exact quotients.

The zero set of a polynomial near one of its zeros is made of those of its irreducible factors; two polynomials without
a common factor vanish together on a set of codimension 2 at least.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.exact.polynomials import Polynomial


def common_factors(polynomials: Sequence[Polynomial]) -> tuple[Polynomial, ...]:
    """Return the irreducible polynomials that divide all of these (at least one, none of them zero).

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> common_factors([x * x - y * y, x * y + y * y])
    (x + y,)
    >>> common_factors([x, y])
    ()
    """
    ring, body = polynomials[0].ring, polynomials[0].body
    for polynomial in polynomials[1:]:
        body = body.gcd(polynomial.body)
    _, factors = body.factor()
    found = (Polynomial(ring, factor) for factor, _ in factors)
    return tuple(sorted((factor for factor in found if not factor.is_constant()), key=str))


def exact_quotient(polynomial: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """Return polynomial / divisor, None where it is no polynomial.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> exact_quotient(x * x - y * y, x + y), exact_quotient(x, y)
    (x - y, None)
    """
    quotient, rest = divmod(polynomial.body, divisor.body)
    return Polynomial(polynomial.ring, quotient) if Polynomial(divisor.ring, rest).is_zero() else None
