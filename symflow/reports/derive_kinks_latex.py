r"""The Clarke differential at the kinks in LaTeX: Theorem 3 for one hidden layer, or the hull of the limits at a point.

A slope that is free at a kink is θ; it runs through [0, 1] for relu, through [-1, 1] for abs. Where several data are
parallel they switch together, and the block runs through a segment with one τ in [0, 1]. Otherwise it is the hull of
one point a cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.cells.kinks import HullOfCells, Kink, Segment, Segments
from symflow.exact.exponential_numbers import Scalar
from symflow.reports.deep_kinks_latex import deep_kinks_latex
from symflow.reports.derive_parts import Parts
from symflow.reports.expressions import Expression, Negative, Product, Rational, Sum, Symbol
from symflow.reports.latex_fitting import fitted
from symflow.reports.latex_lines import FIRST_CASES, LAST_CASES, MOST_CASES, aligned, display, packed
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix
from symflow.reports.latex_width import width
from symflow.reports.lecture import ONE, ZERO, scaled, summed
from symflow.reports.phrases import runs
from symflow.reports.readable.written_numbers import times

# Points of a hull that are written out.
_MOST_POINTS = 6

# Limits of gradients with more entries together are said block by block, each value once.
_MOST_ENTRIES = 30

# A coefficient that is wider than this, in points, is said by its decimals alone.
_WIDEST_CONSTANT = 160.0


def kinks_latex(parts: Parts, room: float, *, full: bool = False) -> str:
    """Return the part of the fragment that is about kinks; empty where nothing is known in closed form.

    Parameters
    ----------
    parts : Parts
        The derivation.
    room : float
        The width of the page in points.
    full : bool
        Fold nothing.
    """
    letter = parts.letter
    if parts.is_at_point:
        return _hull(parts, room, full)
    if parts.derivation.is_smooth:
        return rf"${letter}$ is continuously differentiable: $\partial {letter}=\{{\nabla {letter}\}}$." + "\n"
    if parts.derivation.deep_kinks is not None:
        return deep_kinks_latex(parts, room, full=full)
    kinks = parts.derivation.kinks
    if kinks is None or parts.derivation.variable == "input":
        return ""
    if parts.net.inputs is None:
        return _for_symbolic_input(parts, room)
    if kinks[0].is_group or not any(neuron.kinks for neuron in kinks):
        return ""
    return _on_data(parts, kinks[0].kinks, room, full)


# ---------------------------------------------------------------------- x symbolic


def _for_symbolic_input(parts: Parts, room: float) -> str:
    f, c = parts.letter, "" if parts.is_output else "c"
    biased = parts.shape.has_biases
    assumed = "" if biased else r", for $x\ne0$"
    single = parts.shape.widths[1] == 1
    if parts.has_groups:
        v = "v" if parts.shape.fan_in(2) == 1 else "v_g"
        lead = f"At a tie{assumed}, the members of the group share:\n"
        body = display(
            rf"\nabla_{{u_p}}{f}=\theta_p\,{c}{v}x\ \ (p\text{{ a winner of group }}g),"
            r"\quad \theta_p\ge0,\quad \sum_p\theta_p=1.",
            room=room,
        )
    elif single:
        z = latex(parts.lecture.preactivation(1, 0, 0, ("+",) * len(parts.net.table.sites)))
        lead = f"At the kink, ${z}=0${assumed},\n"
        block = rf"\nabla_u{f}=\theta {c}vx"
        block += rf",\ \nabla_{{b_1}}{f}=\theta {c}v" if biased else ""
        rest = rf"\nabla_v{f}=0" if not biased else r"\text{the rest as on either side}"
        body = _set_display(f, block, rest, _where(parts, r"\theta"), room)
    else:
        z = r"z_j" if biased else r"\langle u_j,x\rangle"
        lead = rf"At the kinks{assumed}, with $J=\{{j:{z}=0\}}$," + "\n"
        block = rf"\nabla_{{u_j}}{f}=\theta_j{c}v_jx"
        block += rf",\ \nabla_{{b^{{(1)}}_j}}{f}=\theta_j{c}v_j" if biased else ""
        rest = r"\text{the rest as on either side}"
        body = _set_display(f, block + r"\ (j\in J)", rest, _where(parts, r"\theta_j"), room)
    if biased:
        return lead + body
    return lead + body + rf"At $x=0$ the function is constant in $w$: $\partial {f}=\{{0\}}$." + "\n"


def _set_display(f: str, elements: str, rest: str, where: str, room: float) -> str:
    whole = rf"\partial {f}=\bigl\{{{elements},\ {rest}{where}\bigr\}}."
    if width(whole) <= room:
        return display(whole, room=room)
    return (
        "\\[\n  \\begin{aligned}\n"
        rf"    \partial {f}=\bigl\{{&{elements},\\" + "\n"
        rf"    &{rest}{where}\bigr\}}." + "\n  \\end{aligned}\n\\]\n"
    )


def _where(parts: Parts, theta: str) -> str:
    return rf":\ {_range(parts, theta)}"


def _range(parts: Parts, theta: str) -> str:
    low, high = sorted(parts.slopes)
    return rf"{rational_latex(low)}\le{theta}\le{rational_latex(high)}"


# ---------------------------------------------------------------------- rational data


def _on_data(parts: Parts, kinks: Sequence[Kink], room: float, full: bool) -> str:
    single = parts.shape.widths[1] == 1
    u = "u" if single else "u_j"
    shown = kinks if full or len(kinks) <= FIRST_CASES else kinks[: FIRST_CASES - 2]
    lines = [_kink_line(parts, kink, u, "v" if single else "v_j") for kink in shown]
    lead = "At the kinks\n" if single else f"At the kinks the set is a product over the neurons; of the row ${u}$\n"
    if len(shown) < len(kinks):
        lead = lead.rstrip("\n") + f" ({len(shown)} of {len(kinks)} faces are shown)\n"
    tail = "Everything else is as on either side"
    if parts.shape.has_biases:
        b = "b_1" if single else "b^{(1)}_j"
        tail = rf"With $1$ in place of each $x_k$ this is $\nabla_{{{b}}}{parts.letter}$; the rest is as on either side"
    tail += _ranges(parts, shown)
    if parts.net.n_data > 1:
        z = ("z_k" if single else "z_{jk}") if parts.shape.has_biases else rf"\langle {u},x_k\rangle"
        upto = "k=1,2" if parts.net.n_data == 2 else rf"k=1,\ldots,{parts.net.n_data}"
        tail += f" The signs are those of ${z}$, ${upto}$."
    return lead + aligned(lines, room=room) + tail + "\n"


def _ranges(parts: Parts, kinks: Sequence[Kink]) -> str:
    """Return the ranges of the parameters: slopes for single data, [0, 1] for classes of parallel ones."""
    blocks = [kink.block.segments for kink in kinks if isinstance(kink.block, Segments)]
    ranges = []
    for letter, is_alone in ((r"\theta", True), (r"\tau", False)):
        counts = {len(block) > 1 for block in blocks for segment in block if (len(segment.data) == 1) is is_alone}
        if counts:
            names = ",".join(f"{letter}{_subscript(_neuron(parts) + 'r' * several)}" for several in sorted(counts))
            ranges.append(f"${_range(parts, names)}$" if is_alone else rf"$0\le{names}\le1$")
    return f"; {', '.join(ranges)}." if ranges else "."


def _neuron(parts: Parts) -> str:
    """Return the index of a neuron; nothing where there is one."""
    return "" if parts.shape.widths[1] == 1 else "j"


def _subscript(index: str) -> str:
    return "" if not index else f"_{index}" if len(index) == 1 else f"_{{{index}}}"


def _kink_line(parts: Parts, kink: Kink, u: str, v: str) -> tuple[str, str]:
    nabla = rf"\nabla_{{{u}}}{parts.letter}"
    left = nabla if parts.net.n_data == 1 else rf"\text{{at }}({','.join(kink.covector)})\colon\quad {nabla}"
    if isinstance(kink.block, HullOfCells):
        points = [latex(parts.weighted_data(list(enumerate(cell)))) for cell in kink.block.cells]
        if len(points) > _MOST_POINTS:
            points = [*points[: _MOST_POINTS - 2], r"\ldots", points[-1]]
        return left, rf"\in {v}\operatorname{{conv}}\{{" + r",\,".join(points) + r"\}"
    fixed = [(k, s) for k, s in enumerate(kink.covector) if s != "0"]
    segments = kink.block.segments
    terms = [parts.weighted_data(fixed)]
    for r, segment in enumerate(segments, start=1):
        terms.append(segment_expression(parts, segment, _neuron(parts) + (str(r) if len(segments) > 1 else "")))
    inside = summed(terms)
    outer = Symbol(v) if "_" not in v else Symbol("v", "j")
    return left, f"={latex(contribution(outer, inside))}"


def contribution(v: Expression, inside: Expression) -> Expression:
    r"""Return v times a block, behind a θ that leads it: θ v x.

    Examples
    --------
    >>> latex(contribution(Symbol("v"), Product((Symbol("θ"), Symbol("x")))))
    '\\theta vx'
    """
    match inside:
        case Negative():
            return Negative(contribution(v, inside.of))
        case Product(factors=(Rational() as number, *rest)):
            return times(number, contribution(v, Product(tuple(rest))))
        case Product(factors=(Symbol(name="θ") as theta, *rest)):
            return Product((theta, v, *rest))
    return ZERO if inside == ZERO else scaled(v, inside)


def segment_expression(parts: Parts, segment: Segment, index: str) -> Expression:
    """Return θ c_k x_k of one datum, or (1-τ) p + τ q of several parallel ones."""
    data = segment.data
    if len(data) == 1:
        coefficient = parts.lecture.coefficient(data[0])
        if coefficient == ZERO:
            return ZERO
        return scaled(Symbol("θ", index), scaled(coefficient, parts.lecture.x(data[0])))
    same = [parts.is_same_side(data[0], k) for k in data]
    minus = parts.weighted_data([(k, "-" if s else "+") for k, s in zip(data, same, strict=True)])
    plus = parts.weighted_data([(k, "+" if s else "-") for k, s in zip(data, same, strict=True)])
    tau = Symbol("τ", index)
    rest = Sum((ONE, Negative(tau)))
    terms = []
    if minus != ZERO:
        terms.append(scaled(rest, minus) if not isinstance(minus, Negative) else Negative(scaled(rest, minus.of)))
    if plus != ZERO:
        terms.append(scaled(tau, plus))
    return summed(terms)


# ---------------------------------------------------------------------- at a point


def _hull(parts: Parts, room: float, full: bool) -> str:
    derivation = parts.derivation
    if not derivation.is_complete or not parts.pieces:
        return ""
    function = derivation.function
    assert function is not None
    gradients = parts.limits
    f = rf"{parts.letter}({'w' if function.variable == 'weights' else 'x'})"
    n = len(gradients)
    if n == 1:
        lines = [(rf"\partial {f}", rf"=\{{\nabla {f}\}}"), *_vector_lines(parts, rf"\nabla {f}", gradients[0], room)]
        lead = "At the point all pieces have the same gradient:\n" if len(parts.pieces) > 1 else "At the point\n"
        return lead + aligned(lines, room=room) + _constants(parts)
    listed = ",".join(f"g_{{{i}}}" for i in range(1, n + 1)) if n <= _MOST_POINTS else rf"g_1,\ldots,g_{{{n}}}"
    hull = display(rf"\partial {f}=\operatorname{{conv}}\{{{listed}\}}.", room=room)
    if n * len(gradients[0]) > _MOST_ENTRIES and function.variable == "weights":
        lead = f"At the point there are ${n}$ limits ${listed}$ of gradients; block by block,\n"
        shared = _shared_lines(parts, room, full)
        said = lead + aligned(_block_lines(parts, room, full), room=room)
        if shared:
            said += "and in all of them\n" + aligned(shared, room=room)
        return said + _constants(parts) + hull
    lines = [line for i, g in enumerate(gradients, start=1) for line in _vector_lines(parts, rf"g_{{{i}}}", g, room)]
    return "At the point the limits of the gradients are\n" + aligned(lines, room=room) + _constants(parts) + hull


def _block_lines(parts: Parts, room: float, full: bool) -> list[tuple[str, str]]:
    """Return the values that the limits have in each block, each once."""
    points, letter = parts.limit_list, parts.letter
    lines: list[tuple[str, str]] = []
    for line, levels in zip(points.lines, points.levels, strict=True):
        for i, level in enumerate(levels):
            left = rf"\nabla_{{{latex(line.name)}}}{letter}" if i == 0 else ""
            where = rf"\quad\text{{in {'limit' if len(level.at) == 1 else 'limits'} {runs(level.at)}}}"
            lines.append((left, f"={fitted(level.value, room - width(where) - 60)}{where}"))
    return lines if full else _folded(lines)


def _shared_lines(parts: Parts, room: float, full: bool) -> list[tuple[str, str]]:
    """Return the entries in which all limits agree."""
    lines: list[tuple[str, str]] = []
    for row in sorted(parts.limit_list.constant_rows, key=lambda row: (row.value == ZERO, row.places)):
        names = [rf"\nabla_{{{latex(name)}}}{parts.letter}" for name in row.names]
        left = "=".join(names) if len(names) <= 2 else r"\text{all else}"
        lines.append((left, f"={fitted(row.value, room - width(left) - 30)}"))
    return lines if full else _folded(lines)


def _folded(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if len(lines) <= MOST_CASES:
        return lines
    dots = rf"\vdots\quad\text{{({len(lines) - FIRST_CASES - LAST_CASES} more values)}}"
    return [*lines[:FIRST_CASES], ("", dots), *lines[-LAST_CASES:]]


def _constants(parts: Parts) -> str:
    """Return a sentence that says what the coefficients c_k are; empty where none is written."""
    said = []
    for constant in parts.notation.constants:
        exact = latex(constant.expression)
        middle = f"={exact}" if width(exact) <= _WIDEST_CONSTANT else ""
        said.append(rf"${latex(constant.symbol)}{middle}\approx {latex(constant.decimal)}$")
    return f"Here {', '.join(said)}.\n" if said else ""


def _vector_lines(parts: Parts, name: str, gradient: Sequence[Scalar], room: float) -> list[tuple[str, str]]:
    """Return the lines of a gradient (∇W_1, ∇b_1, ..), a block on a line of its own where they are wide."""
    blocks = _blocks(parts, gradient, room)
    if len(blocks) == 1:
        return [(name, f"={blocks[0]}")]
    first, *rest = packed(blocks, room - width(name) - 50)
    lines = [(name, rf"=\Bigl({first}"), *(("", rf"\hphantom{{{{}}=\Bigl(}}{line}") for line in rest)]
    lines[-1] = (lines[-1][0], lines[-1][1] + r"\Bigr)")
    return lines


def _blocks(parts: Parts, gradient: Sequence[Scalar], room: float) -> list[str]:
    """Return the blocks of a gradient."""
    written = [latex(parts.notation.number(entry)) for entry in gradient]
    if parts.derivation.variable == "input":
        vector = f"({','.join(written)})"
        return [vector if width(vector) <= room * 0.7 else folded_matrix([written], room * 0.7)]
    shape = parts.shape
    share = room - 80
    blocks = []
    for layer in range(1, shape.n_layers + 1):
        rows, columns = range(shape.widths[layer]), range(shape.fan_in(layer))
        entries = [[written[shape.weight_index(layer, i, j)] for j in columns] for i in rows]
        blocks.append(_matrix(entries, share))
        if shape.has_biases:
            blocks.append(_matrix([[written[shape.bias_index(layer, i)]] for i in rows], share))
    return blocks


def _matrix(entries: list[list[str]], room: float) -> str:
    if len(entries) == len(entries[0]) == 1:
        return entries[0][0]
    return folded_matrix(entries, room, most_rows=6)
