r"""The net as a function of its input, piece by piece, where it has few pieces: ``f(x;w)=\begin{cases}..``."""

from __future__ import annotations

from symflow.cells.derivation import Derivation, derive
from symflow.exact.rationals import fmpq
from symflow.nets.objective import Output
from symflow.reports.latex_math import factor_latex, rational_latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, listed, subscripted
from symflow.reports.notes.document import Block, Formula, Prose
from symflow.reports.notes.patterns import pattern

# Nets with more hidden units, or more inputs, are not taken apart for one display.
_MOST_SITES, _MOST_INPUTS, _MOST_PIECES = 6, 3, 8


def realization_blocks(context: Context) -> list[Block]:
    """Return f as a function of x at the given weights; nothing where that is long."""
    shape = context.shape
    if context.is_input or not shape.activations or not all(a.is_piecewise_linear for a in shape.activations):
        return []
    n_sites = sum(len(shape.members(layer)) for layer in range(1, shape.n_layers))
    if n_sites > _MOST_SITES or shape.n_inputs > _MOST_INPUTS or not any(a.has_sites for a in shape.activations):
        return []
    derivation = derive(
        shape,
        Output(),
        network=context.function.network,
        variable="input",
        output=context.function.output,
        most_pieces=_MOST_PIECES + 1,
    )
    if not derivation.is_complete or len(derivation.pieces) > _MOST_PIECES:
        return []
    rows = []
    for piece in reversed(derivation.pieces):
        gradient = tuple(entry.constant_coefficient() for entry in piece.gradients[0].input)
        rows.append((affine(gradient, piece.outputs[0].constant_coefficient()), pattern(derivation.pattern(piece))))
    if max(width(value) for value, _ in rows) + max(width(word) for _, word in rows) + 80 > TEXT_WIDTH:
        return []
    if len(rows) == 1:
        return [Prose("As a function of the input"), Formula((f"f(x;w)={rows[0][0]}.",))]
    ends = [","] * (len(rows) - 1) + [","]
    body = "\\\\\n    ".join(
        rf"{value} & \text{{on }}{word}{end}" for (value, word), end in zip(rows, ends, strict=True)
    )
    where = _where(context, derivation)
    entries = ",".join(subscripted(r"\xi", i) for i in range(1, shape.n_inputs + 1))
    name = rf"$x=({entries})$" if shape.n_inputs > 1 else "$x$"
    return [
        Prose(f"As a function of the input {name},"),
        Formula((f"f(x;w)=\\begin{{cases}}\n    {body}\n  \\end{{cases}}",)),
        Prose(where, continues=True),
    ]


def affine(gradient: tuple[fmpq, ...], offset: fmpq) -> str:
    r"""Return an affine form in the entries of x.

    Examples
    --------
    >>> print(affine((fmpq(3, 2), fmpq(-1)), fmpq(0)))
    \tfrac32\xi_1-\xi_2
    """
    text = ""
    for i, entry in enumerate((*gradient, offset)):
        if entry == 0:
            continue
        is_offset = i == len(gradient)
        name = "" if is_offset else subscripted(r"\xi", i + 1) if len(gradient) > 1 else "x"
        size = rational_latex(abs(entry)) if is_offset else factor_latex(abs(entry))
        text += ("-" if entry < 0 else "+" if text else "") + size + name
    return text or "0"


def _where(context: Context, derivation: Derivation) -> str:
    """Return whose signs the patterns are."""
    shape = context.shape
    if shape.n_hidden_layers > 1 or shape.activation(1).is_group:
        return "where a pattern has one character a hidden unit, layer by layer."
    biases = context.function.network.biases
    forms = []
    for row, weights in enumerate(context.function.network.weights[0]):
        forms.append(affine(weights, biases[0][row] if biases is not None else fmpq(0)))
    assert derivation.net.n_data == 1
    if sum(map(width, forms)) > 400:
        return "where the signs are those of the preactivations."
    whose = "sign is that" if len(forms) == 1 else "signs are those"
    return f"where the {whose} of {listed([f'${form}$' for form in forms])}."
