r"""Formulas that fit a width: entries of a vector give way to dots where it would be too wide."""

from __future__ import annotations

from symflow.reports.expressions import Expression, Negative, Product, Sum, Vector
from symflow.reports.latex_math import latex
from symflow.reports.latex_width import width


def fitted(expression: Expression, room: float) -> str:
    r"""Return a formula that fits the room: entries of a vector give way to dots.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.reports.expressions import Rational
    >>> print(fitted(Vector(tuple(Rational(fmpq(i)) for i in range(9))), 60))
    (0,1,\ldots,8)
    """
    whole = latex(expression)
    if width(whole) <= room:
        return whole
    match expression:
        case Vector():
            written = [latex(entry) for entry in expression.entries]
            for kept in range(len(written) - 2, 0, -1):
                text = f"({','.join([*written[:kept], chr(92) + 'ldots', written[-1]])})"
                if width(text) <= room:
                    return text
        case Negative():
            return f"-{fitted(expression.of, room - 12)}"
        case Product():
            scalar = (
                latex(Product(expression.factors[:-1])) if len(expression.factors) > 2 else latex(expression.factors[0])
            )
            if isinstance(expression.factors[0], Sum):
                scalar = f"({scalar})"
            return rf"{scalar}\,{fitted(expression.factors[-1], room - width(scalar) - 4)}"
    return r"\text{(too wide for a line)}"
