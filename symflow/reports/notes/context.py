r"""What all sections share: the results, and how the objects of this problem are called in LaTeX.

Names. With one hidden layer the rows of W_1 are u_1, u_2, .. and the entries of the row of W_2 that counts are v_1,
v_2, ..; in deeper nets there are only W_1, W_2, ... An element of the differential is s = (S_1, S_2, ..), split like
w = (W_1, W_2, ..). The frozen coefficients of Proposition 2 are ρ_k, so that they cannot be taken for the constants c
that :class:`~symflow.reports.readable.notation.Notation` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.differentials.selection import Audit
from symflow.differentials.sum_rule import SumRule
from symflow.exact.exponential_numbers import Scalar
from symflow.nets.architecture import Architecture
from symflow.nets.objective import LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.reports.expressions import (
    Expression,
    Parameters,
    Vector,
)
from symflow.reports.latex_math import CUT_DIGITS, in_line, latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix, pmatrix
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.readable.common_denominator import over_common_denominator
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.reading import Reading
from symflow.reports.readable.shapes import shape_of

# Of more realised patterns only these are asked which sites are open.
_MOST_ASKED = 64
# In matrices that are too wide with as many as elsewhere.
_FEW_DIGITS = 3

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@final
@dataclass(frozen=True, eq=False)
class Context:
    """One problem with its results.

    Parameters
    ----------
    problem : Problem
        What was asked.
    report : Audit
        The Clarke differential, and the conventions held against it.
    sum_rule : SumRule or None
        Whether the sum rule holds, where that is a question.
    picture : str
        LaTeX that draws the cells of the net; empty where there is none.
    """

    problem: Problem
    report: Audit
    sum_rule: SumRule | None
    picture: str = ""

    # ------------------------------------------------------------------ what it is about

    @property
    def differential(self) -> ClarkeDifferential:
        """The set."""
        return self.report.differential

    @property
    def function(self) -> AbstractPatternedFunction:
        """F at the point."""
        return self.differential.function

    @property
    def shape(self) -> Architecture:
        """The architecture."""
        return self.function.network.architecture

    @property
    def is_input(self) -> bool:
        """Whether F is a function of the input."""
        return self.function.variable == "input"

    @property
    def is_by_neurons(self) -> bool:
        """Whether the rows of W_1 are called u_j: one hidden layer, in the weights."""
        return not self.is_input and self.shape.n_hidden_layers == 1

    @property
    def is_scalar_layer(self) -> bool:
        """Whether the one hidden layer is of activations unit by unit, without biases: z_jk = <u_j, x_k>."""
        return self.is_by_neurons and not self.shape.activation(1).is_group and not self.shape.has_biases

    @property
    def n_data(self) -> int:
        """How many data count."""
        return self.function.n_data

    @cached_property
    def open_sites(self) -> tuple[int, ...]:
        """The sites whose character is not forced at the point, on some realised pattern."""
        known = [
            cell.characters for factor in self.differential.factors for cell in factor.incident.cells[:_MOST_ASKED]
        ]
        result = []
        for index, site in enumerate(self.function.table.sites):
            values = self.function.values_at(site)
            is_tied = values.count(max(values)) > 1 if site.is_group else values[0] == 0
            if not is_tied:
                continue
            below = self.function.table.below(site.layer, site.datum)
            decided = [c for c in known if all(c[i] for i in below)]
            if not decided or any(len(self.function.options(index, c)) > 1 for c in decided):
                result.append(index)
        return tuple(result)

    @cached_property
    def kink_sites(self) -> tuple[int, ...]:
        """The open sites whose activation has a kink there."""
        table = self.function.table
        return tuple(i for i in self.open_sites if not self.shape.activation(table.sites[i].layer).is_smooth)

    # ------------------------------------------------------------------ numbers

    @cached_property
    def notation(self) -> Notation:
        """The named constants and what is written with them."""
        return notation_of(self.differential)

    @cached_property
    def reading(self) -> Reading | None:
        """The closed form; None where the set is only enclosed."""
        return read_set(self.differential) if self.differential.is_exact else None

    def number(self, value: Scalar) -> str:
        """Return a scalar in LaTeX."""
        return latex(over_common_denominator(self.notation.number(value)))

    def number_in_line(self, value: Scalar) -> str:
        """Return a scalar for running text: fractions of sums with a slash."""
        return in_line(over_common_denominator(self.notation.number(value)))

    def vector(self, values: Sequence[Scalar]) -> str:
        """Return a row vector in LaTeX, a common factor taken out; 0 where it vanishes."""
        return latex(over_common_denominator(self.notation.vector(values)))

    def plain_vector(self, values: Sequence[Scalar]) -> str:
        """Return a row vector in LaTeX, entry by entry."""
        return latex(Vector(tuple(self.notation.number(value) for value in values)))

    # ------------------------------------------------------------------ names

    @property
    def F(self) -> str:  # the function's own letter
        """The name of the function: f, F or R."""
        return latex(self.notation.differential).removeprefix(r"\partial ").partition("(")[0]

    @cached_property
    def point(self) -> str:
        """The name of the point, in the parentheses of F( ): w, or the numbers."""
        return latex(self.notation.differential).partition("(")[2].removesuffix(")")

    @cached_property
    def point_name(self) -> str:
        """The point as the subject of a sentence."""
        if not self.is_input:
            return "w"
        is_long = self.point == "x"
        return r"\bar x" if is_long else f"x=({self.point})" if len(self.function.variables) > 1 else f"x={self.point}"

    @property
    def set_name(self) -> str:
        """∂F(w)."""
        return latex(self.notation.differential).replace("(x)", r"(\bar x)")

    @property
    def of_output(self) -> str:
        """The net on datum k, as a formula with a placeholder for k."""
        return "f(x)" if self.is_input else "f(x_{k};w)"

    def output(self, k: int) -> str:
        """Return the net on datum k (from 0)."""
        return "f(x)" if self.is_input else f"f({self.datum(k)};w)"

    def datum(self, k: int) -> str:
        """Return the name of datum k (from 0)."""
        return "x" if self.is_input else subscripted("x", k + 1)

    def block(self, layer: int, letter: str = "W") -> str:
        """Return the name of a matrix or bias vector."""
        return subscripted(letter, layer)

    def line_name(self, name: Parameters, letter: str = "S") -> str:
        """Return what a block of an element s is called: S_1[1,·], s_{b_1}, or s for the input."""
        if name.letter == "x":
            return "s" if name.row is None else f"s[{name.row}]"
        if name.letter == "b":
            base = f"s_{{b_{name.layer}}}"
            return base if name.row is None else f"{base}[{name.row}]"
        return latex(name).replace("W", letter, 1)

    @property
    def scope(self) -> str:
        """For what a statement about this very point holds."""
        if self.is_input:
            return "this net, this point"
        return "this net, this datum" if self.n_data == 1 else "this net, these data"

    @property
    def coefficients_matter(self) -> bool:
        """Whether F is more than the output itself."""
        return not isinstance(self.function.objective, Output)

    @property
    def has_margins(self) -> bool:
        """Whether F is made of margins m_k = y_k f(x_k; w)."""
        objective = self.function.objective
        return isinstance(objective, LogSumExp) or (isinstance(objective, Risk) and objective.loss.name != "squared")

    # ------------------------------------------------------------------ elements laid out

    def element(self, values: Sequence[Scalar]) -> str | None:
        """Return a vector of all variables as matrices, layer by layer; None where that is too wide."""
        return self.element_of([self.notation.number(value) for value in values])

    def element_of(self, entries: Sequence[Expression], room: float = TEXT_WIDTH) -> str | None:
        """Return entries, one a variable, laid out as the variables are; None where that is too wide."""
        written = [latex(over_common_denominator(entry)) for entry in entries]
        if self.is_input:
            text = f"({','.join(written)})" if len(written) > 1 else written[0]
            return text if width(text) <= room else None
        blocks = []
        for layer in range(1, self.shape.n_layers + 1):
            rows = self.matrix_entries(layer, written)
            if len(rows) > 8:
                return None
            blocks.append(pmatrix_or_number(rows))
            if self.shape.has_biases:
                start = self.shape.bias_index(layer, 0)
                column = [[entry] for entry in written[start : start + self.shape.widths[layer]]]
                blocks.append(pmatrix_or_number(column))
        joined = ",\\ ".join(blocks)
        if len(blocks) > 1:
            joined = rf"\left({joined}\right)"
        return joined if width(joined) <= room else None

    def matrix_entries(self, layer: int, entries: Sequence[str]) -> list[list[str]]:
        """Return the entries of W_layer as rows, out of one entry a variable."""
        n_columns = self.shape.fan_in(layer)
        start = self.shape.layer_block(layer).start
        return [
            list(entries[start + row * n_columns : start + (row + 1) * n_columns])
            for row in range(self.shape.widths[layer])
        ]

    def matrix(self, layer: int, room: float) -> str:
        """Return the weights of a layer; where they are wide, with fewer digits, and at last with columns left out."""
        weights = self.function.network.weights[layer - 1]
        folded = [
            folded_matrix([[rational_latex(entry, digits=digits) for entry in row] for row in weights], room)
            for digits in (CUT_DIGITS, _FEW_DIGITS)
        ]
        return next((matrix for matrix in folded if r"\cdots" not in matrix), folded[0])

    # ------------------------------------------------------------------ factors

    @cached_property
    def open_factors(self) -> tuple[Factor, ...]:
        """The factors in which some pattern had to be decided."""
        return tuple(
            factor
            for factor in self.differential.factors
            if len(factor.incident.cells) != 1 or factor.incident.refuted or factor.incident.undecided
        )

    @cached_property
    def n_cells(self) -> int:
        """How many patterns are realised: the product over the neurons."""
        result = 1
        for factor in self.differential.factors:
            result *= len(factor.incident.cells)
        return result

    @cached_property
    def noun(self) -> str:
        """What the set is, with its article: ``the segment``."""
        assert self.reading is not None
        shape = self.reading.shape
        return f"{shape.noun} {shape.detail}".strip()


def bare_context(differential: ClarkeDifferential) -> Context:
    """Return the context of a set alone, to write its formula."""
    problem = Problem(architecture=differential.function.network.architecture)
    return Context(problem, Audit(differential, (), None, {}), None)


# ---------------------------------------------------------------------- small words


def subscripted(letter: str, index: int) -> str:
    r"""Return a letter with an index.

    Examples
    --------
    >>> subscripted("x", 3), subscripted("x", 12)
    ('x_3', 'x_{12}')
    """
    return f"{letter}_{index}" if index < 10 else f"{letter}_{{{index}}}"


def in_words(count: int) -> str:
    """Return a small number in words.

    Examples
    --------
    >>> in_words(2), in_words(12)
    ('two', '12')
    """
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def plural(count: int, noun: str, more: str = "") -> str:
    """Return a counted noun.

    Examples
    --------
    >>> plural(1, "cell"), plural(2, "datum", "data")
    ('one cell', 'two data')
    """
    return f"{in_words(count)} {noun if count == 1 else more or noun + 's'}"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """Return items in a row of words.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def runs(numbers: Sequence[int]) -> str:
    """Return ascending numbers in words, three or more in a row as a range.

    Examples
    --------
    >>> runs([1, 2, 3, 4]), runs([1, 2, 4, 5, 6])
    ('1 to 4', '1, 2 and 4 to 6')
    """
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    items: list[str] = []
    for group in groups:
        items += [f"{group[0]} to {group[-1]}"] if len(group) > 2 else [str(number) for number in group]
    return listed(items)


def capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]


def ordinal(number: int) -> str:
    """Return an ordinal number in words.

    Examples
    --------
    >>> ordinal(1), ordinal(22)
    ('first', '22nd')
    """
    words = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if number < len(words):
        return words[number]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def pmatrix_or_number(rows: Sequence[Sequence[str]]) -> str:
    r"""Return a matrix; a single entry without parentheses.

    Examples
    --------
    >>> pmatrix_or_number([["1"]]), pmatrix_or_number([["1", "2"]])
    ('1', '\\begin{pmatrix}1&2\\end{pmatrix}')
    """
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return pmatrix(rows)


def joined_to_lines(pieces: Iterable[str], joint: str, room: float = TEXT_WIDTH) -> list[str]:
    """Return pieces of formulas in as few lines as fit.

    Examples
    --------
    >>> joined_to_lines(["a=1", "b=2", "c=3"], ", ", room=70)
    ['a=1, b=2,', 'c=3']
    """
    lines: list[str] = []
    for piece in pieces:
        if lines and width(lines[-1] + joint + piece) <= room:
            lines[-1] += joint + piece
        else:
            if lines:
                lines[-1] += ","
            lines.append(piece)
    return lines


def polygon_or_polytope(vertices: Sequence[Sequence[Scalar]], dimension: int) -> str:
    """Return the word for a hull."""
    shape = shape_of([tuple(vertex) for vertex in vertices], dimension)
    return f"{shape.noun} {shape.detail}".strip()
