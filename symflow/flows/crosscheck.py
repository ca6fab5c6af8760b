"""The residual of a statement along a trajectory, and how it shrinks as the digits grow.

A statement that holds exactly leaves a residual that is rounding: about 10^-D at D digits, so that its decimal exponent
falls by one with each digit. A statement that does not hold leaves a residual that stays. So a table over 15, 30, 60,
120 digits tells the two apart, without proving either: residuals stand beside a theorem, not inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, cast, final, runtime_checkable

from symflow.errors import NotSupportedError, UnknownNameError, WrongTypeError
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import exact_value, rounded_text
from symflow.flows.trajectory import Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.showing import AbstractShown

# The digits of the table of the lectures' statements.
USUAL_DIGITS = (15, 30, 60, 120)


@runtime_checkable
class Law(Protocol):
    """A quantity that a flow should keep, a rational function of the parameters: a conservation law of ``laws/``."""

    def value(self, point: Sequence[fmpq], /) -> fmpq:
        """Return its value at a point."""


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One statement's residuals.

    Parameters
    ----------
    name : str
        The statement.
    standing : str
        "proved", "enclosed" or "observed".
    residuals : tuple of Fraction
        One for each number of digits, exactly as computed.
    """

    name: str
    standing: str
    residuals: tuple[Fraction, ...]

    @property
    def orders(self) -> tuple[int | None, ...]:
        """The decimal exponents of the residuals; None for 0."""
        return tuple(_order(residual) for residual in self.residuals)

    def __repr__(self) -> str:
        shown = ", ".join(map(short_residual, self.residuals))
        return f"Row({self.name}, {self.standing}: {shown})"


@final
@dataclass(frozen=True)
class Residuals(AbstractShown):
    """A table of residuals: statements by digits.

    Parameters
    ----------
    digits : tuple of int
        The columns.
    rows : tuple of Row
        The statements.
    kind : str
        What a statement is called in the one line of ``repr``.
    """

    digits: tuple[int, ...]
    rows: tuple[Row, ...]
    kind: str = "statement"

    @property
    def largest(self) -> Fraction:
        """The largest residual at the most digits."""
        return max((row.residuals[-1] for row in self.rows), default=Fraction(0))

    def rate(self, name: str) -> Fraction | None:
        """Return how many decimal places a residual falls with each digit; None where it is 0 at an end.

        It is 1 for a statement that holds and 0 for one that does not.
        """
        orders = next(row.orders for row in self.rows if row.name == name)
        first, last = orders[0], orders[-1]
        if first is None or last is None or len(self.digits) < 2:
            return None
        return Fraction(first - last, self.digits[-1] - self.digits[0])

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        count = len(self.rows)
        order = _order(self.largest)
        bound = "all 0" if order is None else f"largest < 1e{order + 1}"
        return f"Residuals({count} {self.kind}{'' if count == 1 else 's'}, {bound})"

    def __str__(self) -> str:
        width = max([len(row.name) for row in self.rows] + [9])
        heads = [f"{digits} digits" for digits in self.digits]
        lines = [f"{'':<{width}}  {'':<8}" + "".join(f"  {head:>10}" for head in heads) + "   a digit"]
        for row in self.rows:
            cells = "".join(f"  {short_residual(residual):>10}" for residual in row.residuals)
            rate = self.rate(row.name)
            fall = "" if rate is None else f"   10^-{rounded_text(rate, 2)}"
            lines.append(f"{row.name:<{width}}  {row.standing:<8}{cells}{fall}")
        return "\n".join(line.rstrip() for line in lines)


def crosscheck(
    claims: object = None,
    *,
    along: Trajectory | None = None,
    digits: Sequence[int] | None = None,
    budget: Budget = NO_BUDGET,
) -> Residuals:
    """Return the residuals of statements along a trajectory, at its digits or at several.

    Parameters
    ----------
    claims : str, sequence of str, conservation laws, optional
        Names of monitors or of conserved quantities of the trajectory, or laws that it should keep; by default all of
        the trajectory's that have a residual.
    along : Trajectory
        From ``gradient_flow``; it may stand alone: ``crosscheck(path)``.
    digits : sequence of int, optional
        The flow is computed anew at each of these; ``(15, 30, 60, 120)`` shows the rate.
    budget : Budget
        For each of these flows.

    Raises
    ------
    UnknownNameError
        If a name is none of the trajectory's; it lists them.
    NotSupportedError
        If the trajectory does not know its function: it was not made by ``gradient_flow``.

    Examples
    --------
    >>> from symflow import Network, Realization, gradient_flow
    >>> path = gradient_flow(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), start=(1,), until=2)
    >>> crosscheck("energy_balance", along=path)
    Residuals(1 statement, all 0)
    """
    if along is None and isinstance(claims, Trajectory):
        claims, along = None, claims
    if not isinstance(along, Trajectory):
        name = "nothing" if along is None else type(along).__name__
        raise WrongTypeError(f"{name} is no trajectory; write crosscheck(laws, along=gradient_flow(R, until=10))")
    if digits is not None and not isinstance(digits, Sequence):
        raise WrongTypeError(f"{digits!r} are no digits; write digits=(15, 30, 60)")
    function, options = along.facts.get("function"), along.facts.get("options")
    if not isinstance(function, AbstractPatternedFunction) or not isinstance(options, FlowOptions):
        raise NotSupportedError("this trajectory does not know its function; give what gradient_flow returned")
    columns = tuple(sorted(set(digits))) if digits else (along.digits,)
    paths = [
        along if dps == along.digits else flow_of(function, replace(options, digits=dps), budget=budget)
        for dps in columns
    ]
    laws = _laws(claims)
    if laws:
        rows = [_law_row(law, paths) for law in laws]
        return Residuals(columns, tuple(rows), "law")
    names = _names(claims, along)
    tables = [_residuals(path) for path in paths]
    return Residuals(
        columns,
        tuple(
            Row(name, tables[-1][name][0], tuple(table[name][1] for table in tables))
            for name in names
            if all(name in table for table in tables)
        ),
    )


def _residuals(path: Trajectory) -> dict[str, tuple[str, Fraction]]:
    """Return standing and residual of all that is watched, by name."""
    found = {each.name: (each.standing, each.residual) for each in path.monitors if each.residual is not None}
    kept = {each.name: ("proved", each.drift) for each in path.invariants}
    return {name: (str(standing), exact_value(value)) for name, (standing, value) in (found | kept).items()}


def _names(claims: object, along: Trajectory) -> list[str]:
    known = _residuals(along)
    if claims is None:
        return list(known)
    if not isinstance(claims, Iterable):
        raise WrongTypeError(f"{type(claims).__name__} is no claim; give a law, or a name: {', '.join(known)}")
    given = [claims] if isinstance(claims, str) else list(cast("Iterable[str]", claims))
    for name in given:
        if name not in known:
            raise UnknownNameError("statement with a residual", str(name), tuple(known))
    return given


def _laws(claims: object) -> list[Law]:
    """Return laws that were given: one, several, or an object that holds them under ``laws``."""
    if isinstance(claims, Law):
        return [claims]
    listed = getattr(claims, "laws", claims)
    if isinstance(listed, tuple | list) and listed and all(isinstance(each, Law) for each in listed):
        return list(listed)
    return []


def _law_row(law: Law, paths: Sequence[Trajectory]) -> Row:
    """Return how far a law moves along each path, computed exactly from the states."""
    residuals = []
    for path in paths:
        function = cast(AbstractPatternedFunction, path.facts["function"])
        start = law.value(function.point)
        states = [[rational(exact_value(entry)) for entry in each.state] for each in path.checkpoints]
        drift = max((abs(law.value(state) - start) for state in states), default=fmpq(0))
        residuals.append(Fraction(int(drift.p), int(drift.q)))
    return Row(repr(law), "observed", tuple(residuals))


def _order(value: Fraction) -> int | None:
    """Return floor(log10 value), None for 0."""
    if value == 0:
        return None
    order = len(str(value.numerator)) - len(str(value.denominator))
    return order - (value < Fraction(10) ** order)


def short_residual(value: Fraction) -> str:
    """Return a residual with two digits: ``3.3e-16``; 0 as it is.

    Examples
    --------
    >>> short_residual(Fraction(1, 3)), short_residual(Fraction(0))
    ('3.3e-01', '0')
    """
    order = _order(value)
    return "0" if order is None else f"{rounded_text(value / Fraction(10) ** order, 1)}e{order:+03d}"
