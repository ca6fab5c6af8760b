"""A field as a tape: what a vector field computes, one quantity after the other, written down once.

A *tape* is a straight-line programme over time series: each *register* is a linear combination of earlier ones, a sum
of products of two earlier ones, or an exponential, a logistic or a softmin weight of an earlier one; the *state*
registers have their derivatives among them. The same tape is run

* coefficient by coefficient, in fixed-point integers, to get the Taylor series of a solution (``taylor.py``),
* on whole polynomials or balls, to bound how far a polynomial is from a solution (``enclosure.py``).

Constants are folded: a quantity is a rational number or a register, so that what is zero for every state (a neuron
without an active datum) is the number 0 here, and is known to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import assert_never, final

from symflow.exact.rationals import fmpq

# What a field computes with: a number, or the register of that place.
Quantity = fmpq | int


@final
@dataclass(frozen=True, slots=True)
class Combination:
    """constant + sum of rational times register."""

    terms: tuple[tuple[fmpq, int], ...]
    constant: fmpq


@final
@dataclass(frozen=True, slots=True)
class Products:
    """Sum of products of two registers."""

    pairs: tuple[tuple[int, int], ...]


@final
@dataclass(frozen=True, slots=True)
class Exp:
    """e^m of a register m."""

    exponent: int


@final
@dataclass(frozen=True, slots=True)
class Logistic:
    """1 / (1 + e^m) of a register m."""

    margin: int


@final
@dataclass(frozen=True, slots=True)
class Softmin:
    """e^(-m_place) / sum_k e^(-m_k) of registers m_1 .. m_n; all places stand one after the other."""

    margins: tuple[int, ...]
    place: int


@final
@dataclass(frozen=True, slots=True)
class State:
    """A state; its derivative is given at the end."""

    name: int


@final
@dataclass(frozen=True, slots=True)
class Mixture:
    """Sum of numbers times registers; the numbers, named by two places, are given anew for each step."""

    terms: tuple[tuple[tuple[int, int], int], ...]


Instruction = State | Combination | Mixture | Products | Exp | Logistic | Softmin


@final
@dataclass(slots=True)
class Tape:
    """A straight-line programme that computes a field.

    Examples
    --------
    The field x' = x² + 1.

    >>> tape = Tape()
    >>> x = tape.state(0)
    >>> tape.set_derivative(x, tape.combine([(fmpq(1), tape.products([(x, x)])), (fmpq(1), fmpq(1))]))
    >>> tape.instructions[-1]
    Combination(terms=((1, 1),), constant=1)
    """

    instructions: list[Instruction] = field(default_factory=list)
    derivatives: dict[int, Quantity] = field(default_factory=dict)
    watched: list[int] = field(default_factory=list)
    _known: dict[Instruction, int] = field(default_factory=dict)

    def state(self, name: int) -> int:
        """Return the register of a new state."""
        return self._add(State(name))

    def set_derivative(self, state: int, quantity: Quantity) -> None:
        """Say what the derivative of a state is."""
        self.derivatives[state] = quantity

    def number(self, value: fmpq) -> Quantity:
        """Return a number as a quantity."""
        return value

    def combine(self, terms: Iterable[tuple[fmpq, Quantity]]) -> Quantity:
        """Return the sum of rationals times quantities."""
        constant, collected = fmpq(0), dict[int, fmpq]()
        for factor, quantity in terms:
            if isinstance(quantity, fmpq):
                constant += factor * quantity
            elif factor != 0:
                inner = self.instructions[quantity]
                if isinstance(inner, Combination) and len(inner.terms) == 1:  # a multiple: taken from its source
                    ((multiple, quantity),) = inner.terms
                    constant += factor * inner.constant
                    factor = factor * multiple
                collected[quantity] = collected.get(quantity, fmpq(0)) + factor
        rows = tuple((factor, register) for register, factor in sorted(collected.items()) if factor != 0)
        if not rows:
            return constant
        if constant == 0 and len(rows) == 1 and rows[0][0] == 1:
            return rows[0][1]
        return self._add(Combination(rows, constant))

    def mixture(self, terms: Iterable[tuple[tuple[int, int], int]]) -> int:
        """Return the sum of numbers, given by name, times registers."""
        return self._add(Mixture(tuple(terms)))

    def products(self, pairs: Iterable[tuple[Quantity, Quantity]]) -> Quantity:
        """Return the sum of products of two quantities each."""
        linear: list[tuple[fmpq, Quantity]] = []
        bilinear: list[tuple[int, int]] = []
        for a, b in pairs:
            if isinstance(a, fmpq):
                linear.append((a, b))
            elif isinstance(b, fmpq):
                linear.append((b, a))
            else:
                bilinear.append((min(a, b), max(a, b)))
        if bilinear:
            linear.append((fmpq(1), self._add(Products(tuple(sorted(bilinear))))))
        return self.combine(linear)

    def exp(self, quantity: Quantity) -> Quantity:
        """Return e^m."""
        return fmpq(1) if quantity == 0 and isinstance(quantity, fmpq) else self._add(Exp(self.as_register(quantity)))

    def logistic(self, quantity: Quantity) -> Quantity:
        """Return 1 / (1 + e^m)."""
        return self._add(Logistic(self.as_register(quantity)))

    def softmin(self, quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
        """Return the weights e^(-m_i) / sum_k e^(-m_k)."""
        margins = tuple(self.as_register(quantity) for quantity in quantities)
        return tuple(self._add(Softmin(margins, place)) for place in range(len(margins)))

    def multiple(self, quantity: Quantity) -> tuple[fmpq, int | None]:
        """Return a quantity as a multiple of a register that is no multiple itself; a number as one of None."""
        if isinstance(quantity, fmpq):
            return quantity, None
        instruction = self.instructions[quantity]
        if isinstance(instruction, Combination) and instruction.constant == 0 and len(instruction.terms) == 1:
            ((factor, source),) = instruction.terms
            return factor, source
        return fmpq(1), quantity

    def live(self) -> list[bool]:
        """Return for each register whether a derivative or a watched quantity depends on it."""
        wanted = [False] * len(self.instructions)
        for register in self.watched:
            wanted[register] = True
        for state, derivative in self.derivatives.items():
            wanted[state] = True
            source = self.multiple(derivative)[1]
            if source is not None:
                wanted[source] = True
        for register in reversed(range(len(self.instructions))):
            if wanted[register]:
                for source in sources(self.instructions[register]):
                    wanted[source] = True
        return wanted

    def as_register(self, quantity: Quantity) -> int:
        """Return a quantity as a register, a constant one where it is a number."""
        return self._add(Combination((), quantity)) if isinstance(quantity, fmpq) else quantity

    def _add(self, instruction: Instruction) -> int:
        if instruction not in self._known:
            self._known[instruction] = len(self.instructions)
            self.instructions.append(instruction)
        return self._known[instruction]


def sources(instruction: Instruction) -> tuple[int, ...]:
    """Return the registers that an instruction reads."""
    match instruction:
        case State():
            return ()
        case Combination(terms, _):
            return tuple(register for _, register in terms)
        case Mixture(mixed):
            return tuple(register for _, register in mixed)
        case Products(pairs):
            return tuple(register for pair in pairs for register in pair)
        case Exp(register) | Logistic(register):
            return (register,)
        case Softmin(margins, _):
            return margins
    assert_never(instruction)
