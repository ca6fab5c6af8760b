"""The section on the activation matrices: f = W_L A_{L-1} .. A_1 W_1 x off the kinks."""

from __future__ import annotations

from symflow.nets.architecture import Architecture
from symflow.reports.latex_math import rational_latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, in_words, listed, subscripted
from symflow.reports.notes.document import Block, Chapter, Entry, Grid, Prose, Section
from symflow.reports.notes.patterns import Piece, identity, pieces_of


def matrices_chapter(context: Context) -> Chapter | None:
    """Return the section on the activation matrices; None for a linear net."""
    shape = context.shape
    if not any(a.has_sites for a in shape.activations):
        return None
    blocks: list[Block] = [Prose(_matrix_definition(shape)), *_matrix_product(context)]
    grid = _matrix_grid(context)
    if grid is not None:
        one = sum(a.has_sites for a in shape.activations) == 1 and context.n_data == 1
        are = "it is" if one else "they are"
        blocks += [Prose(f"Near the point {are}" if context.kink_sites else f"Here {are}", continues=True), grid]
    if context.kink_sites:
        blocks += _no_others(context)
    title = "The activation matrices"
    statement = f"${product_formula(shape)}$ on every piece"
    entry = Entry(statement, "proved", _every_net(shape), "polynomial identity")
    entries = (entry,) if all(a.is_piecewise_linear for a in shape.activations) and not shape.has_biases else ()
    return Chapter(Section(title, tuple(blocks)), entries)


def _every_net(shape: Architecture) -> str:
    if shape.n_layers == 2:
        return "every two-layer net"
    return f"every net of {in_words(shape.n_layers)} layers"


def jacobian(shape: Architecture, layer: int) -> str:
    """Return the name of an activation matrix: A with one hidden layer, else A_l."""
    return "A" if shape.n_hidden_layers == 1 else subscripted("A", layer)


def _matrix_definition(shape: Architecture) -> str:
    sigma = r"\sigma'" if len({a for a in shape.activations if a.has_sites}) <= 1 else r"\sigma_l'"
    if any(a.is_group for a in shape.activations):
        return (
            f"Let ${'A(x)' if shape.n_hidden_layers == 1 else 'A_l(x)'}$ be the matrix of the derivatives of the "
            f"{'hidden layer' if shape.n_hidden_layers == 1 else '$l$-th hidden layer'} by its preactivations: for a "
            "pooling group it has a $1$ at the winner and $0$ elsewhere."
        )
    if shape.n_hidden_layers == 1:
        argument = "W_1x+b_1" if shape.has_biases else "W_1x"
        return f"Let $A(x)=\\diag\\bigl({sigma}({argument})\\bigr)$."
    return f"Let $A_l(x)=\\diag\\bigl({sigma}(z_l(x))\\bigr)$, where $z_l(x)$ are the preactivations of layer $l$."


def product_formula(shape: Architecture) -> str:
    r"""Return f as the product of its matrices.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> print(product_formula(Architecture((2, 2, 1), (activation("relu"),), has_biases=False)))
    f=W_2A\,W_1x
    """
    return f"f={matrix_product(shape, shape.n_layers, 1)}x"


def matrix_product(shape: Architecture, top: int, bottom: int) -> str:
    """Return W_top A_{top-1} .. W_bottom."""
    if top - bottom > 3:
        return (
            f"{subscripted('W', top)}{jacobian(shape, top - 1)}\\,{subscripted('W', top - 1)}\\cdots "
            f"{jacobian(shape, bottom)}\\,{subscripted('W', bottom)}"
        )
    result = ""
    for layer in range(top, bottom - 1, -1):
        result += subscripted("W", layer)
        if layer > bottom:
            has_matrix = shape.activation(layer - 1).has_sites
            result += f"{jacobian(shape, layer - 1)}\\," if has_matrix else ""
    return result


def _matrix_product(context: Context) -> list[Block]:
    shape = context.shape
    if shape.has_biases or not all(a.is_piecewise_linear for a in shape.activations):
        return []
    argument = "f(x)" if context.is_input else "f(x;w)"
    several = "that entry of " if shape.n_outputs > 1 else ""
    product = product_formula(shape).removeprefix("f=").replace("A", "A(x)") if shape.n_hidden_layers == 1 else None
    return [
        Prose(
            f"One has ${argument}$ equal to {several}${product or product_formula(shape).removeprefix('f=')}$ off "
            f"the kinks."
            if several
            else f"One has ${argument}={product or product_formula(shape).removeprefix('f=')}$ off the kinks.",
            continues=True,
        )
    ]


def _matrix_grid(context: Context) -> Grid | None:
    pieces = pieces_of(context)
    shape, function = context.shape, context.function
    if not pieces or any(a.is_group for a in shape.activations) or not any(a.has_sites for a in shape.activations):
        return None
    layers = [layer for layer in range(1, shape.n_layers) if shape.activation(layer).has_sites]
    header = [""] + [f"{jacobian(shape, layer)}({context.datum(k)})" for k in range(context.n_data) for layer in layers]
    rows = []
    for piece in pieces:
        row = [piece.name if len(pieces) > 1 else ""]
        for k in range(context.n_data):
            row.extend(_diagonal(context, piece, layer, k) for layer in layers)
        rows.append(tuple(row))
    if sum(max(map(width, column)) + 12 for column in zip(header, *rows, strict=True)) > TEXT_WIDTH:
        return None
    assert function.table.sites
    return Grid("c" * len(header), tuple(header), tuple(rows))


def _diagonal(context: Context, piece: Piece, layer: int, datum: int) -> str:
    function, activation = context.function, context.shape.activation(layer)
    entries = []
    for output in range(context.shape.widths[layer]):
        index = function.table.index[layer, output, datum]
        values = function.values_at(function.table.sites[index])
        entries.append(rational_latex(activation.slopes(values, piece.characters[index])[0]))
    return rf"\diag({','.join(entries)})" if len(entries) > 1 else entries[0]


def _no_others(context: Context) -> list[Block]:
    refuted = [r for factor in context.open_factors for r in factor.incident.refuted]
    if not refuted:
        if context.differential.is_exact and len(pieces_of(context)) > 1:
            return [Prose("Every choice of the open signs occurs.", continues=True)]
        return []
    identities = sorted({identity(context, refutation) for refutation in refuted})
    if context.is_by_neurons and len(identities) <= 2 and all(width(i) < 200 for i in identities):
        rows = sorted({factor.neuron for factor in context.open_factors if factor.incident.refuted and factor.neuron})
        names = listed([f"${subscripted('u', j)}$" for j in rows])
        for_every = f" for every {names}" if context.is_scalar_layer else ""
        said = listed([f"${text}$" for text in identities])
        return [Prose(f"No other choice occurs near $w$, since {said}{for_every}.", continues=True)]
    return [
        Prose(
            "No other pattern occurs there; Section~\\ref{certificates} has an identity against each.", continues=True
        )
    ]
