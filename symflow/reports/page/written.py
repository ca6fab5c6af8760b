"""How the pieces of a page are written: patterns, affine functions, vectors."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Expression,
    Negative,
    Rational,
    Sum,
    Symbol,
)
from symflow.reports.page.findings import Findings
from symflow.reports.readable.written_numbers import coefficient_times, integer_vector


def shown_pattern(word: str) -> str:
    """Return a pattern as the page shows it.

    Examples
    --------
    >>> shown_pattern("+-0|1=3")
    '+−0 | 1=3'
    """
    return word.replace("-", "−").replace("|", " | ")


def affine(row: Sequence[fmpq], constant: fmpq, names: Sequence[tuple[str, str]]) -> Expression:
    """Return row · x + constant, the constant last.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> linear_text(affine((fmpq(-3), fmpq(1, 2)), fmpq(15), (("p", ""), ("q", ""))))
    '−3p + q/2 + 15'
    """
    terms = [_term(value, Symbol(*name)) for value, name in zip(row, names, strict=True) if value != 0]
    if constant != 0 or not terms:
        terms.append(_term(constant, None))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _term(value: fmpq, name: Symbol | None) -> Expression:
    size = coefficient_times(abs(value), name)
    return Negative(size) if value < 0 else size


def vector(entries: Sequence[Any]) -> Expression:
    """Return a rational vector as it stands; a single entry without parentheses."""
    return integer_vector(cast("Sequence[fmpq]", entries))


def zero_or_vector(entries: Sequence[Any]) -> Expression:
    """Return a vector, 0 where it vanishes."""
    return Rational(fmpq(0)) if all(entry == 0 for entry in entries) else vector(entries)


def of_f(found: Findings) -> str:
    """Return whose subgradient it is, where the page is about another function too."""
    return f" of {found.letter}" if found.differential is not None else ""


def to_fmpq(value: Fraction) -> fmpq:
    """Return a Fraction as symflow's rational."""
    return fmpq(value.numerator, value.denominator)


def to_fraction(value: fmpq) -> Fraction:
    """Return symflow's rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))
