"""The language of statements: ``for l in 1..L: inner(W[l], grad(f, W[l])) == f``, read by a grammar of its own.

.. code-block:: text

    statement = ["for" binders ":"] claim ("and" claim)* ["if" claim ("and" claim)*] ["for" binders] ["at" "w"]
    binders   = ["all"] binder ("," binder)*   before the claims, or behind them
    binder    = NAME "in" sum ".." sum         an index, from .. to
              | NAME ">" "0"                   a positive number
              | NAME "in" sum                  an element of a set
    claim     = sum RELATION sum | sum "is" "conserved"
    RELATION  = "==" | "!=" | "<=" | ">=" | "<" | ">" | "in" | "not" "in" | "within"
    sum       = product (("+" | "-") product)*
    product   = factor (("*" | "/") factor)*
    factor    = "-" factor | power
    power     = atom (("^" | "**") factor)?
    atom      = (NUMBER | NAME | "(" sum ")") ("[" index ("," index)* "]" | "(" arguments ")")*
    index     = ":" | sum
    arguments = [NAME "in" sum ".." sum ":"] sum ("," sum)*

What comes out is a tree of plain tuples' cousins: the dataclasses below. Nothing is ever handed to ``eval``; a name
means nothing until :mod:`symflow.checker.statement_objects` gives it a meaning.

Examples
--------
>>> parse_statement("f == 2*x").claims[0].relation
'=='
>>> parse_statement("import os")
Traceback (most recent call last):
    ...
symflow.checker.reading.Refused: column 8: expected a relation such as == or <=, found "os"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.reading import Refused, TooLarge

LONGEST_STATEMENT = 4_000
_DEEPEST = 60

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.(?!\.)[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|"
    r"(?P<sign>\.\.|\*\*|==|!=|<=|>=|[-+*/^()\[\]<>,:]))",
    re.ASCII,
)
_RELATIONS = ("==", "!=", "<=", ">=", "<", ">", "in", "within")
_WORDS = frozenset({"for", "in", "not", "is", "and", "if", "within", "at", "conserved"})


@final
class NoMeaning(Refused):
    """A name that means nothing where it stands: a slip of the writer's, not a limit of the checker's."""


@final
class Missing(Refused):
    """A layer, a neuron, a datum or a bias that the net does not have."""


@final
class Mismatch(Refused):
    """Something of another shape than is needed where it stands, or of another kind."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A rational number as it is written: ``2``, ``0.5``."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A name: ``f``, ``W``, ``W1``, or one that a binder introduced."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``+``, ``-``, ``*``, ``/``, ``^``, or ``neg``, on its operands."""

    sign: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """``W[1]``, ``W[1][2,:]``: a part of something; None stands for ``:``."""

    whole: Expression
    indices: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``inner(a, b)``, ``f(2*w)``; or, with a binder, ``sum(k in 1..n: m[k])``."""

    function: str
    arguments: tuple[Expression, ...]
    binder: Range | None = None
    indices: tuple[Expression | None, ...] = ()


Expression: TypeAlias = Numeral | Name | Operation | Entry | Call


@dataclass(frozen=True, slots=True)
class Range:
    """``l in 1..L``: an index that takes every value from the first to the last."""

    name: str
    first: Expression
    last: Expression


@dataclass(frozen=True, slots=True)
class Positive:
    """``t > 0``: any positive number."""

    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """``s in clarke(f)``: any element of a set."""

    name: str
    set: Expression


Binder: TypeAlias = Range | Positive | Element


@dataclass(frozen=True, slots=True)
class Relation:
    """``left relation right``; the relation ``not in`` is one word; ``conserved`` has no right side."""

    relation: str
    left: Expression
    right: Expression | None


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """Relations that are all claimed, for all values of the bound names; at the problem's own point or everywhere.

    Where there are conditions, they are claimed only where all of these hold.
    """

    binders: tuple[Binder, ...]
    claims: tuple[Relation, ...]
    is_at_point: bool
    text: str
    conditions: tuple[Relation, ...] = ()


def parse_statement(text: str) -> Statement:
    """Return the statement that a text spells.

    Raises
    ------
    Refused
        If it is none; the reason names the column.

    Examples
    --------
    >>> statement = parse_statement("for s in clarke(f): inner(s, w) == 2*f")
    >>> statement.binders
    (Element(name='s', set=Call(function='clarke', arguments=(Name(name='f'),), binder=None, indices=())),)
    """
    if len(text) > LONGEST_STATEMENT:
        raise TooLarge(f"a statement of {len(text)} characters")
    return _Parser(text).statement()


def names_in(expression: Expression | None) -> Iterator[str]:
    """Return every name that occurs, those of functions too.

    Examples
    --------
    >>> sorted(set(names_in(parse_statement("inner(w, grad(f)) == f").claims[0].left)))
    ['f', 'grad', 'inner', 'w']
    """
    match expression:
        case Name(name):
            yield name
        case Operation(_, operands):
            for operand in operands:
                yield from names_in(operand)
        case Entry(whole, indices):
            yield from names_in(whole)
            for index in indices:
                yield from names_in(index)
        case Call(function, arguments, binder, indices):
            yield function
            if binder is not None:
                yield from names_in(binder.first)
                yield from names_in(binder.last)
            for part in (*arguments, *indices):
                yield from names_in(part)
        case _:
            return


class _Parser:
    """Recursive descent, one method a rule."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
                raise Refused(f"column {column}: this character has no meaning here")
            kind = match.lastgroup or ""
            self.tokens.append((kind, match.group(kind), match.start(kind) + 1))
            position = match.end()
        self.tokens.append(("end", "", len(text) + 1))
        self.place = 0
        self.depth = 0

    # ------------------------------------------------------------------ tokens

    @property
    def here(self) -> str:
        return self.tokens[self.place][1]

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def eat(self, *words: str) -> bool:
        """Step over some tokens if they come next."""
        found = [token[1] for token in self.tokens[self.place : self.place + len(words)]]
        if found != list(words):
            return False
        self.place += len(words)
        return True

    def expect(self, word: str) -> None:
        if not self.eat(word):
            raise self.refusal(f'"{word}"')

    def refusal(self, expected: str) -> Refused:
        _, found, column = self.tokens[self.place]
        return Refused(
            f"column {column}: expected {expected}, found {f'{chr(34)}{found}{chr(34)}' if found else 'the end'}"
        )

    def new_name(self) -> str:
        if self.kind != "name" or self.here in _WORDS:
            raise self.refusal("a name")
        return self.next()

    # ------------------------------------------------------------------ rules

    def statement(self) -> Statement:
        binders = self.binders() if self.eat("for") else []
        if binders:
            self.expect(":")
        claims = [self.claim()]
        while self.eat("and"):
            claims.append(self.claim())
        conditions: list[Relation] = []
        if self.eat("if"):
            conditions.append(self.condition())
            while self.eat("and"):
                conditions.append(self.condition())
        if not binders and self.eat("for"):
            binders = self.binders()
        is_at_point = self.eat("at", "w")
        if self.kind != "end":
            raise self.refusal("the end")
        bound = [binder.name for binder in binders]
        if len(set(bound)) < len(bound):
            raise Refused("a name is bound twice")
        return Statement(tuple(binders), tuple(claims), is_at_point, " ".join(self.text.split()), tuple(conditions))

    def binders(self) -> list[Binder]:
        self.eat("all")
        found = [self.binder()]
        while self.eat(","):
            found.append(self.binder())
        return found

    def binder(self) -> Binder:
        name = self.new_name()
        if self.eat(">", "0"):
            return Positive(name)
        self.expect("in")
        first = self.sum()
        if self.eat(".."):
            return Range(name, first, self.sum())
        return Element(name, first)

    def claim(self) -> Relation:
        left = self.sum()
        if self.eat("is"):
            self.expect("conserved")
            return Relation("conserved", left, None)
        if self.eat("not", "in"):
            return Relation("not in", left, self.sum())
        if self.here not in _RELATIONS:
            raise self.refusal("a relation such as == or <=")
        relation = self.next()
        return Relation(relation, left, self.sum())

    def condition(self) -> Relation:
        found = self.claim()
        if found.relation not in ("==", "!=", "<=", ">=", "<", ">"):
            raise Refused(f'"{found.relation}" in a condition: only numbers and vectors are compared there')
        return found

    def sum(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TooLarge("brackets too deep for the checker")
        total = self.product()
        while self.here in ("+", "-"):
            sign = self.next()
            total = Operation(sign, (total, self.product()))
        self.depth -= 1
        return total

    def product(self) -> Expression:
        total = self.factor()
        while self.here in ("*", "/"):
            sign = self.next()
            total = Operation(sign, (total, self.factor()))
        return total

    def factor(self) -> Expression:
        n_minus = 0
        while self.eat("-"):
            n_minus += 1
        found = self.power()
        return Operation("neg", (found,)) if n_minus % 2 else found

    def power(self) -> Expression:
        base = self.atom()
        if self.here in ("^", "**"):
            self.next()
            self.depth += 1
            if self.depth > _DEEPEST:
                raise TooLarge("brackets too deep for the checker")
            exponent = self.factor()
            self.depth -= 1
            return Operation("^", (base, exponent))
        return base

    def atom(self) -> Expression:
        if self.kind == "number":
            found: Expression = Numeral(Fraction(self.next()))
        elif self.eat("("):
            found = self.sum()
            self.expect(")")
        elif self.kind == "name" and self.here not in _WORDS:
            found = Name(self.next())
        else:
            raise self.refusal("a number, a name or a bracket")
        while self.here in ("[", "("):
            if self.eat("["):
                found = Entry(found, tuple(self.indices()))
                self.expect("]")
                continue
            function, indices = (found.whole, found.indices) if isinstance(found, Entry) else (found, ())
            if not isinstance(function, Name):
                raise self.refusal("no bracket, for this is no function")
            self.next()
            found = self.call(function.name, indices)
            self.expect(")")
        return found

    def indices(self) -> Iterator[Expression | None]:
        while True:
            yield None if self.eat(":") else self.sum()
            if not self.eat(","):
                return

    def call(self, function: str, indices: tuple[Expression | None, ...]) -> Call:
        binder = None
        if self.kind == "name" and self.tokens[self.place + 1][1] == "in":
            name = self.new_name()
            self.expect("in")
            first = self.sum()
            self.expect("..")
            binder = Range(name, first, self.sum())
            self.expect(":")
        arguments = [self.sum()]
        while self.eat(","):
            arguments.append(self.sum())
        return Call(function, tuple(arguments), binder, indices)
