"""Which parameters stand on one line of a formula: the rows of the matrices, the bias vectors, the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from symflow.nets.architecture import Architecture
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.expressions import Parameters


@final
@dataclass(frozen=True, slots=True)
class Line:
    """A block of parameters that is written on one line.

    Parameters
    ----------
    name : Parameters
        ``W1[1,·]``, ``b1``, ``x``.
    places : tuple of int
        Where its entries stand among the variables.
    """

    name: Parameters
    places: tuple[int, ...]


def lines_of(function: AbstractPatternedFunction) -> tuple[Line, ...]:
    """Return all lines of a function's variables, in their order.

    Examples
    --------
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1], [2]], [[1, 1]]), Dataset([(1,)], labels=[1]))
    >>> [(line.name.layer, line.name.row, line.places) for line in lines_of(R.at())]
    [(1, 1, (0,)), (1, 2, (1,)), (2, None, (2, 3))]
    """
    if function.variable == "input":
        return (Line(Parameters("x"), tuple(range(len(function.variables)))),)
    shape = function.network.architecture
    result = []
    for layer in range(1, shape.n_layers + 1):
        result.extend(matrix_lines(shape, layer))
        if shape.has_biases:
            places = tuple(shape.bias_index(layer, row) for row in range(shape.widths[layer]))
            result.append(Line(Parameters("b", layer), places))
    return tuple(result)


def matrix_lines(shape: Architecture, layer: int) -> list[Line]:
    """Return the rows of a matrix; one with a single row is one line under its own name."""
    n_rows, n_columns = shape.widths[layer], shape.fan_in(layer)
    lines = []
    for row in range(n_rows):
        name = Parameters("W", layer, row + 1, 1 if n_columns == 1 else None)
        if n_rows == 1:
            name = Parameters("W", layer)
        lines.append(Line(name, tuple(shape.weight_index(layer, row, column) for column in range(n_columns))))
    return lines


def lines_within(function: AbstractPatternedFunction, places: Sequence[int]) -> tuple[Line, ...]:
    """Return the lines of some variables; a line of which only some entries are asked is split into them.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1, 2, 3]])).at((1, 1, 1))
    >>> [line.places for line in lines_within(f, (0, 1, 2))]
    [(0, 1, 2)]
    """
    wanted = set(places)
    result = []
    for line in lines_of(function):
        if wanted.issuperset(line.places):
            result.append(line)
        else:
            result.extend(entry for entry in entries_of(line) if wanted.issuperset(entry.places))
    return tuple(result)


def entries_of(line: Line) -> tuple[Line, ...]:
    """Return the entries of a line, each as a line of its own.

    Examples
    --------
    >>> [entry.name.column for entry in entries_of(Line(Parameters("W", 1, 2), (3, 4)))]
    [1, 2]
    """
    if len(line.places) == 1:
        return (line,)
    row = line.name.row or 1
    return tuple(
        Line(replace(line.name, row=row, column=i) if line.name.letter == "W" else replace(line.name, row=i), (place,))
        for i, place in enumerate(line.places, start=1)
    )


def names_of_matrices(shape: Architecture, layer: int) -> tuple[Parameters, ...]:
    """Return the names of all rows of a matrix as the lines have them."""
    return tuple(line.name for line in matrix_lines(shape, layer))
