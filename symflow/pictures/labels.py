"""What is written in a cell: the function there, the pattern, or the cell's number.

A cell that is too small for one label may have room for a shorter one; numbers count from 1, as in tables of cells.
Beside functions a number stands in parentheses, (8), lest it be read as a constant function.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, final, get_args

from symflow.errors import InputError
from symflow.exact.rationals import fmpq
from symflow.pictures.region_map import MapCell, Names, RegionMap
from symflow.regions.region_graph import RegionGraph
from symflow.reports.expressions import Expression, Rational, Symbol
from symflow.reports.latex_math import latex
from symflow.reports.lecture import summed
from symflow.reports.linear_text import linear_text
from symflow.reports.notes.patterns import pattern as pattern_latex
from symflow.reports.readable.written_numbers import coefficient_times, times

Kind = Literal["auto", "function", "pattern", "number", "none"]

# A longer formula is no label.
_LONGEST = 20

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@final
@dataclass(frozen=True, slots=True)
class Label:
    """A label, for a screen and for a page.

    Parameters
    ----------
    text : str
        Unicode.
    latex : str
        The same in mathematics mode.
    is_bracketed : bool
        Whether it is the number of a cell, in parentheses.
    """

    text: str
    latex: str
    is_bracketed: bool = False


@final
class Labels:
    """The labels that the cells of a map may have.

    Parameters
    ----------
    map_ : RegionMap
        The map.
    kind : str
        ``"function"``, ``"pattern"``, ``"number"`` or ``"none"``; ``"auto"`` is the function where most formulas are
        short, else the number.

    Raises
    ------
    InputError
        If the kind is another word.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.pictures.region_map import region_map
    >>> map_ = region_map(Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]]))
    >>> [[label.text for label in Labels(map_).of(cell)] for cell in map_.cells]
    [['0', '(1)'], ['x₁/2', '(2)'], ['x₁ − x₂', '(3)'], ['3x₁/2 − x₂', '(4)']]
    >>> [label.latex for label in Labels(map_, "pattern").of(map_.cells[1])]
    ['({-}{+})', '2']
    """

    def __init__(self, map_: RegionMap, kind: Kind = "auto") -> None:
        if kind not in get_args(Kind):
            raise InputError(f"{kind!r} is no kind of label; one of {', '.join(get_args(Kind))}", place="labels")
        self.map = map_
        self._formulas: dict[int, Label | None] = {}
        if kind == "auto" and map_.counts is not None:
            kind = "number"
        if kind == "auto":
            n_short = sum(self._formula(cell) is not None for cell in map_.cells)
            kind = "function" if 2 * n_short >= len(map_.cells) else "number"
        self.kind = kind

    def of(self, cell: MapCell) -> tuple[Label, ...]:
        """Return the labels of a cell, the best one first."""
        number = str(cell.index + 1)
        if self.map.counts is not None and self.kind == "number":
            number = str(self.map.counts.numbers[cell.index])
        if self.kind == "none":
            return ()
        if self.kind == "number":
            return (Label(number, number),)
        if self.kind == "pattern":
            word = layered_pattern(self.map.graph, cell.index)
            return Label(pattern_text(word), pattern_latex(word)), Label(number, number)
        formula = self._formula(cell)
        bracketed = Label(f"({number})", f"({number})", is_bracketed=True)
        return (bracketed,) if formula is None else (formula, bracketed)

    def _formula(self, cell: MapCell) -> Label | None:
        """Return the function on a cell where it is short."""
        maps = self.map.graph.complex.maps
        number = int(maps.number[cell.index])
        if number not in self._formulas:
            self._formulas[number] = self._short(maps.gradient(cell.index), maps.offset(cell.index))
        return self._formulas[number]

    def _short(self, gradient: Sequence[Sequence[Fraction]], offset: Sequence[Fraction]) -> Label | None:
        n_digits = sum(math.log10((abs(n) + 1) * d) for row in (*gradient, offset) for n, d in map(_ratio, row))
        if len(gradient) > 1 or n_digits > _LONGEST:  # most often, and known without writing it
            return None
        text = function_text(gradient, offset, self.map.names)
        if len(text) > _LONGEST or "…" in text:
            return None
        return Label(text, latex(_affine(gradient[0], offset[0], self.map.names, "latex")))


def input_names(n_inputs: int) -> tuple[tuple[str, str], ...]:
    """Return the names of the inputs: x, or x1, x2, ..."""
    return (("x", ""),) if n_inputs == 1 else tuple(("x", str(i)) for i in range(1, n_inputs + 1))


def function_text(
    gradient: Sequence[Sequence[Fraction]], offset: Sequence[Fraction], names: Names | Sequence[tuple[str, str]]
) -> str:
    """Return an affine map as text; long numbers are cut.

    Examples
    --------
    >>> function_text([[Fraction(3, 2), Fraction(-1)]], [Fraction(0)], input_names(2))
    '3x₁/2 − x₂'
    """
    rows = [linear_text(_affine(row, entry, names, "text")) for row, entry in zip(gradient, offset, strict=True)]
    text = rows[0] if len(rows) == 1 else f"({', '.join(rows)})"
    return re.sub(r"(?<=[^\W\d])[0-9]+", lambda found: found[0].translate(SUBSCRIPTS), text)


def layered_pattern(graph: RegionGraph, cell: int) -> str:
    """Return the pattern of a cell, the layers parted by bars.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> layered_pattern(RegionGraph.of(Network.from_weights([[1], [-1]], [[1, 1]], [[1]])), 0)
    '-+|+'
    """
    word, parts = graph.pattern(cell), []
    for layer in graph.complex.net.hidden:
        parts.append(word[: layer.n_characters])
        word = word[layer.n_characters :]
    return "|".join(part for part in parts if part)


def pattern_text(word: str) -> str:
    """Return a pattern as it stands on a screen.

    Examples
    --------
    >>> pattern_text("+-|+")
    '+− | +'
    """
    return word.replace("-", "−").replace("|", " | ")


def _ratio(value: Fraction) -> tuple[int, int]:
    return value.as_integer_ratio()


def _affine(
    gradient: Sequence[Fraction], offset: Fraction, names: Sequence[tuple[str, str]], style: Literal["text", "latex"]
) -> Expression:
    terms: list[Expression] = []
    for entry, (letter, index) in zip(gradient, names, strict=True):
        coefficient, symbol = fmpq(entry.numerator, entry.denominator), Symbol(letter, index)
        if coefficient != 0:
            written = (
                coefficient_times(coefficient, symbol) if style == "text" else times(Rational(coefficient), symbol)
            )
            terms.append(written)
    return summed([*terms, Rational(fmpq(offset.numerator, offset.denominator))])
