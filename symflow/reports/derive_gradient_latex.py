r"""The gradient on a piece in LaTeX: the activation-matrix formula, and what it is piece by piece.

    ∇_{W_l} f = (W_L A_{L-1} .. W_{l+1} A_l)^T (A_{l-1} W_{l-1} .. A_1 W_1 x)^T

without biases and for slopes that do not depend on z; otherwise with h_{l-1}, the features of layer l - 1, in the
second factor.
"""

from __future__ import annotations

from symflow.cells.derivation import Piece
from symflow.reports.derive_parts import Parts, slopes_in_words
from symflow.reports.expressions import Expression, Product, Rational, Sum, Symbol, Vector
from symflow.reports.latex_lines import FIRST_CASES, aligned, display, sign_words
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix
from symflow.reports.latex_width import width
from symflow.reports.lecture import polynomial_expression, scaled, summed

# A combination of more outputs is written as a sum over k.
_MOST_TERMS = 4

# More pieces than these have their gradient in the formula alone.
_MOST_GRADIENTS = 4


def gradient_latex(parts: Parts, room: float, *, full: bool = False) -> str:
    """Return the part of the fragment that is about the gradient on the pieces.

    Parameters
    ----------
    parts : Parts
        The derivation.
    room : float
        The width of the page in points.
    full : bool
        Write the gradient of every piece of a net with one hidden layer.
    """
    if not parts.pieces:
        return ""
    if parts.derivation.variable == "input":
        return _by_input(parts, room, full)
    formula = _formula(parts, room)
    if not parts.is_shallow or not parts.is_linear_in_z:
        return formula
    fits = all(width(_second_block(parts, piece, room)) < room - 30 for piece in parts.pieces[: _MOST_GRADIENTS + 1])
    if full or (len(parts.pieces) <= _MOST_GRADIENTS and (fits or parts.has_groups)):
        return formula + _by_pieces(parts, room)
    return formula + _by_rows(parts, room)


def _formula(parts: Parts, room: float) -> str:
    shape = parts.shape
    n_layers = shape.n_layers
    x = "x" if parts.net.n_data == 1 else "x_k"
    several = shape.n_outputs > 1
    lines = _chain_rule(parts)
    if n_layers == 1:
        lines.append((r"\nabla_vf" if several else r"\nabla_{W_1}f", f"={x}" if several else rf"={x}^{{\top}}"))
        if shape.has_biases:
            lines.append((r"\nabla_{b_1}f", f"=e_{{{parts.net.output + 1}}}" if several else "=1"))
        return aligned(lines, room=room)
    is_bare = parts.is_linear_in_z and not shape.has_biases
    for layer in range(1, n_layers):
        lines.append((rf"\nabla_{{W_{{{layer}}}}}f", f"={_left(parts, layer)}{_right(parts, layer, x, is_bare)}"))
    last = _right(parts, n_layers, x, is_bare)
    if several:  # the row v alone counts
        lines.append((r"\nabla_vf", "=" + last.removesuffix(r"^{\top}").removeprefix("(").removesuffix(")")))
    else:
        lines.append((rf"\nabla_{{W_{{{n_layers}}}}}f", f"={last}"))
    if shape.has_biases:
        for layer in range(1, n_layers):
            lines.append((rf"\nabla_{{b_{{{layer}}}}}f", f"={_left(parts, layer)}"))
        lines.append((rf"\nabla_{{b_{{{n_layers}}}}}f", f"=e_{{{parts.net.output + 1}}}" if several else "=1"))
    return _words(parts, is_bare) + aligned(lines, room=room)


def _chain_rule(parts: Parts) -> list[tuple[str, str]]:
    if parts.is_output:
        return []
    if parts.net.n_data == 1:
        constants = parts.derivation.text.constants
        c = "c" if constants is None else latex(Rational(constants[0]))
        return [(rf"\nabla {parts.letter}", rf"={c}\,\nabla f")]
    constants = parts.derivation.text.constants
    if constants is not None and len(constants) <= _MOST_TERMS:
        names = [Symbol(rf"\nabla f({latex(parts.lecture.x(k))};w)") for k in range(len(constants))]
        terms = [scaled(Rational(c), name) for c, name in zip(constants, names, strict=True)]
        return [(rf"\nabla {parts.letter}", f"={latex(summed(terms))}")]
    return [(rf"\nabla {parts.letter}", r"=\sum_kc_k\nabla f(x_k;w)")]


def _matrix(parts: Parts, layer: int) -> str:
    return "" if parts.shape.activation(layer).name == "identity" else f"A_{{{layer}}}"


def _last_matrix(parts: Parts) -> str:
    return f"W_{{{parts.shape.n_layers}}}" if parts.shape.n_outputs == 1 else r"v^{\top}"


def _left(parts: Parts, layer: int) -> str:
    product = _last_matrix(parts)
    for other in range(parts.shape.n_layers - 1, layer - 1, -1):
        product += _matrix(parts, other)
        if other > layer:
            product += f"W_{{{other}}}"
    if product == _last_matrix(parts):
        return "v" if parts.shape.n_outputs > 1 else rf"{product}^{{\top}}"
    return rf"({product})^{{\top}}"


def _right(parts: Parts, layer: int, x: str, is_bare: bool) -> str:
    if layer == 1:
        return rf"{x}^{{\top}}"
    if not is_bare:
        return rf"h_{{{layer - 1}}}^{{\top}}"
    product = "".join(f"{_matrix(parts, other)}W_{{{other}}}" for other in range(layer - 1, 0, -1))
    return rf"({product}{x})^{{\top}}"


def _words(parts: Parts, is_bare: bool) -> str:
    names = [f"${_matrix(parts, layer)}$" for layer in range(1, parts.shape.n_layers) if _matrix(parts, layer)]
    features = "" if is_bare else r", $h_l$ the features of layer $l$"
    if not names:
        return "With $h_l$ the features of layer $l$,\n" if features else "Everywhere\n"
    shown = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if parts.has_groups:
        plural = "matrix" if len(names) == 1 else "matrices"
        return f"On a piece, with {shown} the {plural} of the slopes (a group takes its winner){features},\n"
    slopes = slopes_in_words(parts.shape.activations)
    said = ""
    if slopes is not None:
        said = rf" (${rational_latex(slopes[1])}$~for~$+$, ${rational_latex(slopes[0])}$~for~$-$)"
    plural = "matrix" if len(names) == 1 else "matrices"
    return rf"On a piece, with the diagonal {plural} {shown} of the slopes $\sigma'(z)${said}{features}," + "\n"


# ---------------------------------------------------------------------- one hidden layer


def _by_pieces(parts: Parts, room: float) -> str:
    """Return the gradient of each piece, by W_1 and by W_2."""
    lines = []
    for piece in parts.pieces:
        left = rf"\text{{on }}{sign_words(parts.words(piece))}\colon" if len(parts.pieces) > 1 else ""
        one, two = _first_block(parts, piece, room), _second_block(parts, piece, room)
        if width(left) + width(one) + width(two) + 60 < room and width(two) < room * 0.5:
            lines.append((left, rf"\quad {one},\quad {two}"))
        else:
            lines.append((left, rf"\quad {one}"))
            lines.append(("", rf"\quad {two}"))
    lead = "that is, by the signs,\n" if len(parts.pieces) > 1 and not parts.has_groups else "that is,\n"
    return lead + aligned(lines, room=room)


def _first_block(parts: Parts, piece: Piece, room: float) -> str:
    rows = [_row(parts.lecture.row_gradient(piece, unit)) for unit in range(parts.shape.widths[1])]
    inner = rows[0] if len(rows) == 1 else folded_matrix([[row] for row in rows], room)
    return rf"\nabla_{{W_1}}{parts.letter}={inner}"


def _second_block(parts: Parts, piece: Piece, room: float) -> str:
    outer = parts.lecture.outer_gradient(piece)
    name = r"\nabla_{W_2}" if parts.shape.n_outputs == 1 else r"\nabla_v"
    if isinstance(outer, Vector):
        entries = [latex(entry) for entry in outer.entries]
        return f"{name}{parts.letter}={folded_matrix([entries], room - 60)}"
    return f"{name}{parts.letter}={latex(outer)}"


def _row(gradient: Expression) -> str:
    """Return a column as a row: numbers stand as a row already, x is transposed."""
    written = latex(gradient)
    if written == "0" or _has_numbers(gradient):
        return written
    if isinstance(gradient, Sum):
        return rf"({written})^{{\top}}"
    return rf"{written}^{{\top}}"


def _has_numbers(gradient: Expression) -> bool:
    return isinstance(gradient, Vector) or (isinstance(gradient, Product) and isinstance(gradient.factors[-1], Vector))


def _by_rows(parts: Parts, room: float) -> str:
    """Return ∇ by u_j and by v_j, for all pieces at once."""
    if parts.has_groups:
        return ""
    f = parts.letter
    has_data = parts.net.n_data > 1
    a = "a_{jk}" if has_data else "a_j"
    z = (
        ("z_{jk}" if has_data else "z_j")
        if parts.shape.has_biases
        else r"\langle u_j,x" + ("_k" if has_data else "") + r"\rangle"
    )
    total = r"\sum_kc_k" if has_data else ("" if parts.is_output else "c")
    x = "x_k" if has_data else "x"
    lines = [
        (rf"\nabla_{{u_j}}{f}", f"=v_j{total}{a}{x}" if has_data else f"={total}{a}v_j{x}"),
        (rf"\nabla_{{v_j}}{f}", f"={total}{a}{z}"),
    ]
    if parts.shape.has_biases:
        lines.append((rf"\nabla_{{b^{{(1)}}_j}}{f}", f"=v_j{total}{a}" if has_data else f"={total}{a}v_j"))
    coefficients = " and $c_k$ the coefficients," if has_data and parts.is_linear else ","
    return rf"that is, with ${a}=\sigma'({z})${coefficients}" + "\n" + aligned(lines, room=room)


# ---------------------------------------------------------------------- by the input


def _by_input(parts: Parts, room: float, full: bool) -> str:
    f = parts.letter
    if parts.has_weights_symbolic:
        if parts.shape.n_layers == 1:
            return display(rf"\nabla_x{f}={'' if parts.is_output else 'c'}v.", room=room)
        c = "" if parts.is_output else r"c\,"
        product = rf"W_1^{{\top}}{_left(parts, 1)}"
        return _words(parts, True) + display(rf"\nabla_x{f}={c}{product}.", room=room)
    if parts.is_at_point:
        return ""
    constants = parts.derivation.text.constants
    lines = []
    pieces = parts.pieces if full or len(parts.pieces) <= 2 * FIRST_CASES else parts.pieces[:FIRST_CASES]
    for piece in pieces:
        gradient = piece.gradients[0].input
        scale = constants[0] if constants is not None else 1
        entries = ",".join(latex(polynomial_expression(entry * scale, "latex")) for entry in gradient)
        c = "" if constants is not None else r"c\,"
        on = rf"\text{{on }}{sign_words(parts.words(piece))}\colon" if len(parts.pieces) > 1 else ""
        lines.append((on, rf"\quad \nabla {f}(x)={c}({entries})"))
    signs = "By the signs,\n" if len(parts.pieces) > 1 and not parts.has_groups else ""
    more = signs if len(pieces) == len(parts.pieces) else f"The first {len(pieces)} of {len(parts.pieces)} gradients:\n"
    return more + aligned(lines, room=room)
