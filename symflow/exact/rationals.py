"""Numbers come in exact or not at all.

Inside the house a rational is python-flint's ``fmpq``; at the public face, and where numbers are only kept, it is
``fractions.Fraction``. This file is the border: integers, fractions and the strings of the contract come in; a lone
Python float does not, since nobody can know which rational was meant by ``0.1``. Arrays of floats (a trained net) are
another matter: there each float *is* a dyadic rational, and :func:`dyadic` reads exactly that one.
"""

from __future__ import annotations

import math
import numbers
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symflow.errors import InexactNumberError, InputError, ShapeError
from symflow.exact.flint_later import flint

if TYPE_CHECKING:
    from flint import fmpq as fmpq
else:

    def __getattr__(name: str) -> type:
        """Return the type of rationals inside the house to who imports it from here."""
        if name == "fmpq":
            return flint.fmpq
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# The contract's numbers: an integer, a fraction, or a decimal read exactly as written.
_NUMBER = re.compile(r"[+-]?[0-9]+(/[0-9]+|\.[0-9]+)?", re.ASCII)

# A written decimal such as 1e9999 would be a number of that many digits; the contract allows four exponent digits.
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?", re.ASCII)

sys.set_int_max_str_digits(0)  # results may have more digits than Python's default limit on int -> str

# A number of more digits than this is not written out as advice.
_LONGEST_ADVICE = 12

# An input number of more digits than this is refused: int(text) takes quadratic time.
_LONGEST_INPUT = 100_000


def rational(value: object, *, place: str = "") -> fmpq:
    """Return `value` as an exact rational.

    Parameters
    ----------
    value : int, Fraction, Decimal, fmpq, fmpz or str
        A string is an integer, ``"p/q"`` or a decimal, read exactly as written.
    place : str
        Named in the error message.

    Raises
    ------
    InexactNumberError
        If `value` is a Python float.
    InputError
        If it is no number: a boolean, NaN, an infinity, a zero denominator, another string.

    Examples
    --------
    >>> rational("1/3"), rational("0.1"), rational(2)
    (1/3, 1/10, 2)
    >>> rational(0.5)
    Traceback (most recent call last):
        ...
    symflow.errors.InexactNumberError: 0.5 is a float. Write "1/2" or Fraction(1, 2)
    """
    if isinstance(value, flint.fmpq):
        return value
    if type(value) is int or isinstance(value, flint.fmpz):
        return flint.fmpq(value)
    return flint.fmpq(*_ratio(value, place))


def fraction(value: object, *, place: str = "") -> Fraction:
    """Return `value` as a ``Fraction``, on the terms of :func:`rational`.

    Examples
    --------
    >>> fraction("1/3"), fraction(rational("0.1"))
    (Fraction(1, 3), Fraction(1, 10))
    """
    if type(value) is Fraction and type(value.numerator) is int and type(value.denominator) is int:
        return value
    return Fraction(*_ratio(value, place))


def entries(vector: object, *, place: str = "") -> Sequence[object]:
    """Return a vector's entries, whatever kind of sequence it is.

    Raises
    ------
    ShapeError
        If it is none: a single number, a text, a table by names.

    Examples
    --------
    >>> entries(3, place="at")
    Traceback (most recent call last):
        ...
    symflow.errors.ShapeError: at: 3 is no vector; write its entries in parentheses, such as (1, 2)
    """
    if not isinstance(vector, str | bytes | Mapping | AbstractSet) and isinstance(vector, Iterable):
        return vector if isinstance(vector, Sequence) else tuple(vector)
    raise ShapeError(f"{_shown(vector)} is no vector; write its entries in parentheses, such as (1, 2)", place=place)


def dyadic(value: float, *, place: str = "") -> fmpq:
    """Return the exact dyadic rational that a float of an array holds.

    Raises
    ------
    InputError
        If it is NaN or infinite.

    Examples
    --------
    >>> dyadic(0.1)
    3602879701896397/36028797018963968
    """
    return flint.fmpq(*_dyadic_ratio(value, place))


def dyadic_entry(value: Any, *, place: str = "") -> object:
    """Return an array's entry: a float as the dyadic rational that it is, all else as it is.

    Examples
    --------
    >>> dyadic_entry(0.5), dyadic_entry("1/3")
    (Fraction(1, 2), '1/3')
    """
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):  # numpy's long floats too
        return Fraction(*_dyadic_ratio(value, place))
    return value


def dyadic_entries(array: Any, depth: int, *, place: str = "") -> object:
    """Return a vector (depth 1) or a matrix (depth 2) with its entries so; what is no array is left as it is.

    Examples
    --------
    >>> dyadic_entries([[0.5, 1]], 2), dyadic_entries(3.5, 2)
    ([[Fraction(1, 2), 1]], 3.5)
    """
    if getattr(array, "shape", None) == () and hasattr(array, "item"):
        return array.item()
    if isinstance(array, str | Mapping) or not hasattr(array, "__iter__"):
        return array
    if depth > 1:
        return [dyadic_entries(part, depth - 1, place=f"{place}{i},") for i, part in enumerate(array, 1)]
    return [dyadic_entry(entry, place=f"{place}{i}]" if place else "") for i, entry in enumerate(array, 1)]


def _dyadic_ratio(value: Any, place: str) -> tuple[int, int]:
    if not math.isfinite(value):
        raise InputError(f"{value} is not a number", place=place)
    numerator, denominator = value.as_integer_ratio()
    return int(numerator), int(denominator)


def to_fraction(value: fmpq) -> Fraction:
    """Return an inside rational as the ``Fraction`` of the public face.

    Examples
    --------
    >>> to_fraction(rational("-2/4"))
    Fraction(-1, 2)
    """
    return Fraction(int(value.p), int(value.q))


def _ratio(value: object, place: str) -> tuple[int, int]:
    """Return numerator and denominator, the latter positive: Python's integers, whatever `value` is made of."""
    if isinstance(value, bool):
        raise InputError(f'{value} is not a number; write 1 or "1/2"', place=place)
    if isinstance(value, int | Fraction):  # a Fraction of numpy's integers, which overflow, too
        return int(value.numerator), int(value.denominator)
    if isinstance(value, str):
        return _of_text(value, place)
    if isinstance(value, Decimal):
        return _of_decimal(value, place)
    if isinstance(value, numbers.Rational):  # of another library: exact too
        return int(value.numerator), int(value.denominator)
    if isinstance(value, numbers.Real):
        raise _inexact(float(value), place)
    if isinstance(value, flint.fmpq | flint.fmpz):  # last: only who has one has loaded python-flint
        return int(value.numerator), int(value.denominator)
    raise InputError(f'{_shown(value)} is not a number; write an integer, a decimal or "p/q"', place=place)


def _of_text(text: str, place: str) -> tuple[int, int]:
    if len(text) > _LONGEST_INPUT:
        raise InputError(f"a number of {len(text)} characters; at most {_LONGEST_INPUT} are read", place=place)
    if not _NUMBER.fullmatch(text):
        raise InputError(f'"{_shown_text(text)}" is not a number; write {_instead_of(text)}', place=place)
    if "/" in text:
        numerator, denominator = text.split("/")
        if int(denominator) == 0:
            raise InputError(f'"{_shown_text(text)}" has denominator zero', place=place)
        return int(numerator), int(denominator)
    whole, _, decimals = text.partition(".")
    return int(whole + decimals), 10 ** len(decimals)


def _instead_of(text: str) -> str:
    """Return how to write what was meant: a number with an exponent as a fraction, where it is short."""
    # In quotes, since a problem file and Python both read these; a bare 0.5 is exact in the former alone.
    if not _DECIMAL.fullmatch(text) or abs(Decimal(text).adjusted()) > _LONGEST_ADVICE:
        return '"1/2" or "0.5"'
    return f'"{Fraction(Decimal(text))}"'


def _of_decimal(value: Decimal, place: str) -> tuple[int, int]:
    if not value.is_finite():
        raise InputError(f"{value} is not a number; write a finite one", place=place)
    if not _DECIMAL.fullmatch(str(value)) or abs(value.adjusted()) > 20_000:
        raise InputError(f"{_shown(value)}: the exponent has more than 4 digits", place=place)
    return value.as_integer_ratio()


def _inexact(value: float, place: str) -> InputError:
    if not math.isfinite(value):
        return InputError(f"{value} is not a number; write a finite one", place=place)
    simple = Fraction(value).limit_denominator(1000)
    if float(simple) == value:
        return InexactNumberError(f'{value} is a float. Write "{simple}" or {simple!r}', place=place)
    return InexactNumberError(f"{value} is a float. Write Fraction({value}), the dyadic rational it is", place=place)


def _shown(value: object) -> str:
    return _shown_text(str(value) if isinstance(value, Decimal) else repr(value))


def _shown_text(text: str) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 40 else clean[:37] + "..."
