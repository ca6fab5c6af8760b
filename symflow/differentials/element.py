"""An element of a differential: a vector that knows its length."""

from __future__ import annotations

from typing import final

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.squared_length import squared_length
from symflow.showing import AbstractFormula


@final
class Element(tuple[Scalar, ...], AbstractFormula):
    """A vector, compared and printed as the tuple that it is.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> element = Element((fmpq(3), fmpq(4)))
    >>> element, element.squared_norm, element == (3, 4)
    ((3, 4), 25, True)
    """

    __slots__ = ()

    @property
    def squared_norm(self) -> Scalar:
        """The square of its Euclidean length, exactly."""
        return squared_length(self)
