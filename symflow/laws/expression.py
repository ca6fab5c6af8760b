"""A polynomial in the parameters' names, as a user writes it: ``W1[1,1]**2 - W2[1,1]**2/2``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import final

from symflow.errors import InputError, nearest_name
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq, rational

_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(\*\*|\^|[-+*/()])|([A-Za-z]+[0-9]*(?:\[[0-9]+(?:\s*,\s*[0-9]+)?\])?)|(\S))", re.ASCII
)

_LONGEST = 20_000
_DEEPEST = 50
_HIGHEST_POWER = 16
_MOST_TERMS = 100_000


def polynomial_from_text(text: str, names: Sequence[str], *, place: str = "") -> Polynomial:
    """Return the polynomial that a text spells.

    Parameters
    ----------
    text : str
        Sums, products, whole powers (``**`` or ``^``) and quotients by numbers of parameters and exact numbers.
    names : sequence of str
        The parameters, in order.
    place : str
        Named in the error message.

    Raises
    ------
    InputError
        Naming what is wrong.

    Examples
    --------
    >>> polynomial_from_text("(W1[1,1] - 1/2)^2 - b1[1]", ("W1[1,1]", "b1[1]"))
    W1[1,1]**2 - W1[1,1] - b1[1] + 1/4
    >>> polynomial_from_text("W1[1,1]/b1[1]", ("W1[1,1]", "b1[1]"))
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: a quotient by something that is no number; multiply instead
    """
    if len(text) > _LONGEST:
        raise InputError(f"{len(text)} characters; at most {_LONGEST} are read", place=place)
    reader = _Reader(text, tuple(names), place)
    result = reader.sum(0)
    if reader.next is not None:
        raise reader.error(f'"{reader.next}" where an operator was expected')
    return result


@final
class _Reader:
    """Reads one text by recursive descent."""

    def __init__(self, text: str, names: tuple[str, ...], place: str) -> None:
        self.names, self.place = names, place
        self.ring = PolynomialRing(names)
        self.variables = dict(zip(names, self.ring.variables(), strict=True))
        self.tokens: list[str] = []
        for number, sign, name, other in _TOKEN.findall(text):
            if other:
                raise self.error(f"{other!r} cannot stand in a polynomial")
            self.tokens.append(number or sign or re.sub(r"\s", "", name))
        self.position = 0

    @property
    def next(self) -> str | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def error(self, what: str) -> InputError:
        return InputError(what, place=self.place)

    def take(self, *tokens: str) -> str | None:
        found = self.next
        if found is not None and found in tokens:
            self.position += 1
            return found
        return None

    def sum(self, depth: int) -> Polynomial:
        total = self.product(depth)
        while sign := self.take("+", "-"):
            other = self.product(depth)
            total = total + other if sign == "+" else total - other
            self.check(total)
        return total

    def product(self, depth: int) -> Polynomial:
        result = self.signed(depth)
        while sign := self.take("*", "/"):
            other = self.signed(depth)
            if sign == "*":
                result = result * other
            else:
                if not other.is_constant():
                    raise self.error("a quotient by something that is no number; multiply instead")
                below = other.constant_coefficient()
                if below == 0:
                    raise self.error("a quotient by zero")
                result = result / below
            self.check(result)
        return result

    def signed(self, depth: int) -> Polynomial:
        if depth > _DEEPEST:
            raise self.error(f"nested deeper than {_DEEPEST}")
        if self.take("-"):
            return -self.signed(depth + 1)
        if self.take("+"):
            return self.signed(depth + 1)
        base = self.atom(depth)
        if self.take("**", "^"):
            exponent = self.next or ""
            if not exponent.isdigit() or not 1 <= int(exponent) <= _HIGHEST_POWER:
                raise self.error(f"a power has to be a whole number from 1 to {_HIGHEST_POWER}")
            self.position += 1
            base = base ** int(exponent)
            self.check(base)
        return base

    def atom(self, depth: int) -> Polynomial:
        token = self.next
        if token is None:
            raise self.error("the polynomial ends too early")
        self.position += 1
        if token == "(":
            inside = self.sum(depth + 1)
            if not self.take(")"):
                raise self.error("a parenthesis is not closed")
            return inside
        if token[0].isdigit():
            return self.ring.constant(fmpq(rational(token)))
        if token not in self.variables:
            nearest = nearest_name(token, self.names)
            hint = f"; did you mean {nearest}?" if nearest else f"  (the parameters are {self.names[0]}, ..)"
            raise self.error(f'no parameter "{token}"{hint}')
        return self.variables[token]

    def check(self, polynomial: Polynomial) -> None:
        if polynomial.n_terms() > _MOST_TERMS:
            raise self.error(f"more than {_MOST_TERMS} terms")
