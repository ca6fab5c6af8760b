"""Balls: real and complex numbers enclosed by a midpoint and a radius, with python-flint's Arb.

Every operation on balls is rounded outwards, so that what holds for a ball holds for the true number. The working
precision of Arb is global; it is set inside ``with ball_precision(bits)`` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flint import acb, arb, arb_poly, arb_series, ctx, fmpz_poly

__all__ = ["acb", "arb", "arb_poly", "arb_series", "ball_precision", "fmpz_poly", "series_length"]


@contextmanager
def ball_precision(bits: int) -> Iterator[None]:
    """Work with balls of this many bits.

    Examples
    --------
    >>> with ball_precision(200):
    ...     print(arb(2).sqrt().rad() < arb(2) ** -190)
    True
    """
    with ctx.workprec(bits):
        yield


@contextmanager
def series_length(terms: int) -> Iterator[None]:
    """Work with power series of so many terms.

    Examples
    --------
    >>> with series_length(3):
    ...     len(arb_series([0, 1]).exp())
    3
    """
    before = ctx.cap
    ctx.cap = terms
    try:
        yield
    finally:
        ctx.cap = before
