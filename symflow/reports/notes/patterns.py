r"""Patterns, directions and identities in LaTeX: what makes a cell realised or refuted, as a reader checks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never, final

from symflow.cells.cell import BoxFactor, Cell, ParameterFactor, PreactivationFactor, Refutation, Term
from symflow.cells.cell import Factor as TermFactor
from symflow.differentials.factor import Factor
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import Constraint
from symflow.reports.expressions import Rational, Vector
from symflow.reports.latex_math import factor_latex, latex, rational_latex
from symflow.reports.notes.context import Context, subscripted
from symflow.reports.readable.blocks import Line, lines_of
from symflow.reports.readable.written_numbers import coprime

# More pieces than these are not named.
MOST_PIECES = 8

_SIGNS = {"+": "+", "-": "-", "0": "0", "*": r"\ast"}


@final
@dataclass(frozen=True)
class Piece:
    """A realised pattern of all sites.

    Parameters
    ----------
    name : str
        ``P_+`` or ``P_3``.
    characters : tuple of str
        In tree order.
    cells : tuple of Cell
        One an open factor.
    """

    name: str
    characters: tuple[str, ...]
    cells: tuple[Cell, ...]


@lru_cache(maxsize=8)
def pieces_of(context: Context) -> tuple[Piece, ...]:
    """Return the realised patterns with their names; empty where there are too many, or none is known."""
    factors = context.differential.factors
    if not factors or context.n_cells > MOST_PIECES or context.n_cells == 0:
        return ()
    combined: list[tuple[tuple[str, ...], tuple[Cell, ...]]] = [(("",) * len(context.function.table.sites), ())]
    for factor in factors:
        combined = [
            (_merged(characters, cell.characters), (*cells, cell) if factor in context.open_factors else cells)
            for characters, cells in combined
            for cell in reversed(factor.incident.cells)
        ]
    names = [subscripted("P", i) for i in range(1, len(combined) + 1)]
    if len(combined) == 1:
        names = ["P"]
    elif len(combined) == 2:
        first = next(i for i, (a, b) in enumerate(zip(combined[0][0], combined[1][0], strict=True)) if a != b)
        if {combined[0][0][first], combined[1][0][first]} == {"+", "-"}:
            names = [f"P_{combined[0][0][first]}", f"P_{combined[1][0][first]}"]
    return tuple(Piece(name, *rest) for name, rest in zip(names, combined, strict=True))


def _merged(characters: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(a or b for a, b in zip(characters, more, strict=True))


# ---------------------------------------------------------------------- names


def preactivation(context: Context, layer: int, unit: int, datum: int) -> str:
    """Return the name of a preactivation (unit and datum from 0)."""
    if context.is_scalar_layer:
        return rf"\ip{{{subscripted('u', unit + 1)}}}{{{context.datum(datum)}}}"
    if context.shape.n_hidden_layers == 1:
        return f"{subscripted('z', unit + 1)}({context.datum(datum)})"
    return f"z_{{{layer},{unit + 1}}}({context.datum(datum)})"


def parameter_name(context: Context, place: int) -> str:
    """Return the name of a variable in LaTeX: W_1[1,2], b_1[2], x_2."""
    name = context.function.variables[place]
    letter, _, rest = name.partition("[")
    inside = rest.removesuffix("]")
    if letter == "x":
        return subscripted("x", int(inside)) if len(context.function.variables) > 1 else "x"
    return f"{subscripted(letter[0], int(letter[1:]))}[{inside}]"


def pattern(word: str) -> str:
    r"""Return a pattern: data in parentheses, the sites side by side.

    Examples
    --------
    >>> print(pattern("+-|0*"))
    ({+}{-}\,|\,{0}{\ast})
    """
    parts = ["".join(f"{{{_SIGNS.get(c, c)}}}" for c in part) for part in word.split("|")]
    return "(" + r"\,|\,".join(parts) + ")"


def signs(word: str) -> str:
    r"""Return the pattern of one neuron: one sign a datum.

    Examples
    --------
    >>> print(signs("+|-"), signs("12"))
    (+,-) (1,2)
    """
    return f"({','.join(_SIGNS.get(c, c) for c in word.replace('|', ''))})"


def site_character(context: Context, factor: Factor, characters: Sequence[str], datum: int) -> str:
    """Return the character of a neuron's factor on a datum."""
    assert factor.neuron is not None
    return characters[context.function.table.index[1, factor.neuron - 1, datum]]


def kink_data(context: Context, neuron: int) -> list[int]:
    """Return the data (from 0) on which the sign of a first-layer neuron (from 1) is open."""
    table = context.function.table
    sites = [table.sites[i] for i in context.open_sites]
    return [site.datum for site in sites if site.layer == 1 and site.output == neuron - 1]


# ---------------------------------------------------------------------- directions


def direction(context: Context, cell: Cell, places: Sequence[int] | None = None) -> str:
    r"""Return how an arc moves the variables: ``u_1+\varepsilon(1,1)``, several joined by commas."""
    if not cell.arc:
        return ""
    moved = []
    for line in lines_of(context.function):
        if places is not None and not set(line.places) & set(places):
            continue
        terms = []
        for order, step in enumerate(cell.arc, start=1):
            entries = [step[place] for place in line.places]
            if any(entry != 0 for entry in entries):
                terms.append(_step(entries, order))
        if terms:
            name = _line(context, line.name.letter, line.name.layer, line.name.row, line.name.column)
            single = _single_bias(context, line, cell)
            if single is not None:
                moved.append(single)
                continue
            moved.append(f"{name}{''.join(terms)}")
    return ",$ $".join(moved)


def _single_bias(context: Context, line: Line, cell: Cell) -> str | None:
    """Return the move of the one entry of a bias vector that moves."""
    if line.name.letter != "b" or len(line.places) == 1:
        return None
    moving = [place for place in line.places if any(step[place] != 0 for step in cell.arc)]
    if len(moving) != 1:
        return None
    steps = [_step([step[moving[0]]], i) for i, step in enumerate(cell.arc, start=1) if step[moving[0]] != 0]
    return f"{parameter_name(context, moving[0])}{''.join(steps)}"


def _line(context: Context, letter: str, layer: int, row: int | None, column: int | None) -> str:
    if letter == "x":
        return r"\bar x" if context.point == "x" else "x"
    if letter == "b":
        return subscripted("b", layer) if row is None else f"{subscripted('b', layer)}[{row}]"
    if context.is_by_neurons and layer == 1:
        return subscripted("u", row or 1)
    name = subscripted("W", layer)
    if row is None and column is None:
        return name
    shown = [r"\cdot" if entry is None else str(entry) for entry in (row, column)]
    return f"{name}[{','.join(shown)}]"


def _step(entries: Sequence[fmpq], order: int) -> str:
    power = r"\varepsilon" if order == 1 else rf"\varepsilon^{order}"
    if len(entries) == 1:
        size = abs(entries[0])
        sign = "-" if entries[0] < 0 else "+"
        return f"{sign}{factor_latex(size)}{power}"
    is_minus = all(entry <= 0 for entry in entries)
    shown = latex(Vector(tuple(Rational(-entry if is_minus else entry) for entry in entries)))
    return rf"{'-' if is_minus else '+'}{power}{shown}"


def gives(context: Context, factor: Factor, cell: Cell) -> str:
    """Return the values that a neuron's direction gives to its preactivations on the data of its kink."""
    assert factor.neuron is not None
    (step,) = cell.arc
    values = []
    for datum in kink_data(context, factor.neuron):
        total = fmpq(0)
        x = context.function.inputs[datum]
        for place, entry in zip(factor.places, x, strict=False):
            total += step[place] * entry
        values.append(_times_epsilon(total))
    return f"({','.join(values)})" if len(values) > 1 else values[0]


def _times_epsilon(value: fmpq) -> str:
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    return f"{sign}{factor_latex(abs(value))}\\varepsilon"


# ---------------------------------------------------------------------- identities


def identity(context: Context, refutation: Refutation) -> str:
    r"""Return the identity that refutes a pattern: ``\ip{u_1}{x_1}+\ip{u_1}{x_2}=0``.

    Inside the cell every term would be positive, up to one sign for all.
    """
    ordered = sorted(
        refutation.terms, key=lambda t: (t.constraint.site.layer, t.constraint.site.datum, t.constraint.unit)
    )
    sizes = coprime([term.multiplier for term in ordered])
    written = [
        _term(context, refutation, replace(term, multiplier=size)) for term, size in zip(ordered, sizes, strict=True)
    ]
    if written and all(text.startswith("-") for text in written):
        written = [text[1:] for text in written]
    total = "".join(text if i == 0 or text.startswith("-") else f"+{text}" for i, text in enumerate(written))
    return f"{total}=0"


def _term(context: Context, refutation: Refutation, term: Term) -> str:
    sign, constraint = _constraint(context, refutation, term.constraint)
    factors = []
    for factor in term.factors:
        more, text = _factor(context, refutation, factor)
        sign *= more
        factors.append(text)
    size = "" if term.multiplier == 1 else rational_latex(term.multiplier) + (r"\," if term.multiplier.q != 1 else "")
    product = r"\,".join([*factors, constraint])
    return f"{'-' if sign < 0 else ''}{size}{product}"


def _constraint(context: Context, refutation: Refutation, constraint: Constraint) -> tuple[int, str]:
    """Return the sign and the polynomial of a constraint g = ±z, or z_p − z_q."""
    site = constraint.site
    z = preactivation(context, site.layer, constraint.unit, site.datum)
    if constraint.against is None:
        return constraint.sign, z
    return 1, f"\\bigl({z}-{preactivation(context, site.layer, constraint.against, site.datum)}\\bigr)"


def _factor(context: Context, refutation: Refutation, factor: TermFactor) -> tuple[int, str]:
    match factor:
        case ParameterFactor():
            positive = context.function.point[factor.place] > 0
            return (1 if positive else -1), parameter_name(context, factor.place)
        case PreactivationFactor():
            value = context.function.preactivations[factor.datum][factor.layer - 1][factor.unit]
            return (1 if value > 0 else -1), preactivation(context, factor.layer, factor.unit, factor.datum)
        case BoxFactor():
            sign = "+" if factor.sign > 0 else "-"
            return 1, rf"\bigl(\tfrac18{sign}\delta_{{{factor.place + 1}}}\bigr)"
        case Constraint():
            return _constraint(context, refutation, factor)
        case _:
            assert_never(factor)
