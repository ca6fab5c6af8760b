"""The net of a problem in the notes: its formula, what its activations are, and its weights and biases."""

from __future__ import annotations

import re

from symflow.activations.base import AbstractActivation
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.reports.expressions import Rational, Vector
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix, pmatrix
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.names import in_use
from symflow.reports.notes.context import (
    Context,
    joined_to_lines,
    listed,
    ordinal,
    subscripted,
)
from symflow.reports.notes.document import Block, Formula, Prose

# More neurons than this are not named one by one.
MOST_NAMED = 4

# A column with more entries lies in a line, where it fits.
_MOST_UPRIGHT = 8


def net_blocks(context: Context) -> list[Block]:
    """Return what is said of the net: its activations, its formula, its weights."""
    shape = context.shape
    names = listed_names(shape)
    given = f"$f(x;w)={net_formula(shape)}$ with $w=({names})$,"
    if shape.n_outputs > 1:
        index = ordinal(context.function.output + 1)
        given = f"$f(x;w)$ be the {index} entry of ${net_formula(shape)}$ with $w=({names})$,"
    definitions = activation_definitions(shape)
    start = f"Let {definitions} and {given}" if definitions else f"Let {given}"
    if shape.n_outputs > 1 and definitions:
        start = f"Let {definitions}, and let {given}"
    written = _weights(context)
    is_cut = any(re.search(r"[0-9]\\ldots", line) for line in written)
    whole = [Prose("Decimals that end in dots are cut here; all that follows holds for the exact numbers.")]
    return [Prose(start), Formula(tuple(written)), *(whole if is_cut else [])]


def listed_names(shape: Architecture) -> str:
    """Return W_1, b_1, W_2, .. in one line."""
    blocks = []
    for layer in range(1, shape.n_layers + 1):
        blocks.append(subscripted("W", layer))
        if shape.has_biases:
            blocks.append(subscripted("b", layer))
    return ",".join(blocks)


def net_formula(shape: Architecture, argument: str = "x") -> str:
    r"""Return the net as a formula.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> print(net_formula(Architecture((2, 2, 1), (activation("relu"),), has_biases=True)))
    W_2\,\sigma(W_1x+b_1)+b_2
    """
    result = argument
    for layer in range(1, shape.n_layers + 1):
        bias = f"+{subscripted('b', layer)}" if shape.has_biases else ""
        result = f"{subscripted('W', layer)}{'' if layer == 1 else chr(92) + ','}{result}{bias}"
        if layer < shape.n_layers and shape.activation(layer).name != "identity":
            result = rf"{activation_name(shape, layer)}({result})"
        elif layer < shape.n_layers and shape.has_biases:
            result = f"({result})"
    return result


def activation_name(shape: Architecture, layer: int) -> str:
    """Return the name of a layer's activation: σ, or σ_l where the layers differ."""
    kinds = {activation for activation in shape.activations if activation.name != "identity"}
    return r"\sigma" if len(kinds) <= 1 else rf"\sigma_{layer}"


def activation_definitions(shape: Architecture) -> str:
    """Return what the activations are, as a part of a sentence; empty where all are the identity."""
    said: dict[str, str] = {}
    for layer, activation in enumerate(shape.activations, start=1):
        if activation.name != "identity":
            said.setdefault(activation_name(shape, layer), _definition(activation_name(shape, layer), activation))
    return listed([f"${definition}$" for definition in said.values()])


def _definition(name: str, activation: AbstractActivation) -> str:
    entry = activation.entry()
    match activation.name:
        case "relu":
            return rf"{name}(z)=\max(z,0)"
        case "abs":
            return rf"{name}(z)=|z|"
        case "leaky_relu":
            assert isinstance(entry, dict)
            slope = rational_latex(fmpq(*map(int, (*entry["slope"].split("/"), "1")[:2])))
            sign = "" if slope.startswith("-") else "+"
            return rf"{name}(z)=\max(z,0){sign}{'' if slope == '1' else slope}\min(z,0)"
        case "relu_power":
            assert isinstance(entry, dict)
            return rf"{name}(z)=\max(z,0)^{{{entry['power']}}}"
        case "maxpool":
            assert isinstance(entry, dict)
            maxima = [_maximum(group) for group in entry["groups"]]
            if len(maxima) == 1:
                return rf"{name}(z)={maxima[0]}"
            if len(maxima) > 2 or sum(map(width, maxima)) > 200:
                return rf"{name}(z)=({maxima[0]},\ldots)\in\R^{{{len(maxima)}}}"
            return f"{name}(z)=({','.join(maxima)})"
    return f"{name}(z)"


def _maximum(group: list[int]) -> str:
    names = [f"z_{i + 1}" if i < 9 else f"z_{{{i + 1}}}" for i in group]
    if len(names) > 4:
        names = [*names[:2], r"\ldots", names[-1]]
    return rf"\max({','.join(names)})" if len(names) > 1 else names[0]


def _weights(context: Context) -> list[str]:
    shape, network = context.shape, context.function.network
    pieces = []
    names = in_use()
    has_rows = names.has_rows and (context.is_by_neurons or (names.names.weights == "rows" and not context.is_input))
    for layer in range(1, shape.n_layers + 1):
        left = subscripted("W", layer)
        if has_rows and layer in (1, shape.n_layers):
            left += _stacked_names(context, layer)
        pieces.append(f"{left}={context.matrix(layer, TEXT_WIDTH - width(left) - 20)}")
        if network.biases is not None:
            left = subscripted("b", layer)
            pieces.append(f"{left}={_column(network.biases[layer - 1], TEXT_WIDTH - width(left) - 20)}")
    lines = joined_to_lines(pieces, r",\qquad ")
    lines[-1] += "."
    return lines


def _column(entries: tuple[fmpq, ...], room: float) -> str:
    """Return a column; one of many entries lies where its line fits the room, else some are left out."""
    if len(entries) == 1 or (len(entries) > _MOST_UPRIGHT and width(vector_of(entries)) <= room):
        return vector_of(entries)
    return folded_matrix([[rational_latex(entry)] for entry in entries], room, _MOST_UPRIGHT)


def vector_of(entries: tuple[fmpq, ...]) -> str:
    r"""Return a vector in one line, a single entry without parentheses.

    Examples
    --------
    >>> print(vector_of((fmpq(1), fmpq(1, 2))), vector_of((fmpq(-3),)))
    (1,\tfrac12) -3
    """
    if len(entries) == 1:
        return rational_latex(entries[0])
    return latex(Vector(tuple(Rational(entry) for entry in entries)))


def in_text(entries: tuple[fmpq, ...]) -> str:
    """Return a vector for running text; in a long one a line may end after a comma."""
    vector = vector_of(entries)
    return vector if width(vector) <= TEXT_WIDTH / 2 else vector.replace(",", r",\allowbreak ")


def _stacked_names(context: Context, layer: int) -> str:
    """Return the named rows of W_1, or the named entries of the one row of W_2, behind an equality sign."""
    shape = context.shape
    n_rows, n_columns = shape.widths[layer], shape.fan_in(layer)
    if layer == 1 < shape.n_layers:
        if n_rows == 1:
            return r"=u_1^\top"
        rows = [rf"u_{i}^\top" for i in range(1, n_rows + 1)]
        if n_rows > MOST_NAMED:
            rows = [r"u_1^\top", r"\vdots", rf"u_{{{n_rows}}}^\top"]
        return f"={pmatrix([[row] for row in rows])}"
    if shape.n_outputs > 1:
        return ""
    if n_columns == 1:
        return "=v_1"
    if n_columns > MOST_NAMED:
        return rf"=(v_1,\ldots,v_{{{n_columns}}})"
    return f"=({','.join(f'v_{j}' for j in range(1, n_columns + 1))})"
