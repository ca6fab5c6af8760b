r"""The section on the pieces of F near the point."""

from __future__ import annotations

from symflow.exact.rationals import fmpq
from symflow.nets.objective import Combination, Output, Risk
from symflow.reports.latex_math import factor_latex, rational_latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, capital, in_words, listed, plural, subscripted
from symflow.reports.notes.document import Beside, Block, Chapter, Formula, Grid, Prose, Section, Verdict
from symflow.reports.notes.patterns import (
    Piece,
    kink_data,
    pattern,
    pieces_of,
    preactivation,
    site_character,
)
from symflow.reports.notes.realization import realization_blocks

# A piece with more terms in one output is not written out.
_MOST_TERMS = 3

# A wider formula has no room beside a picture, in points.
_BESIDE = 205.0


def pieces_chapter(context: Context) -> Chapter:
    """Return the section on the pieces of F near the point."""
    blocks: list[Block] = _with_picture(context, realization_blocks(context))
    blocks += _shortcut(context) if context.differential.shortcut else _pieces(context)
    return Chapter(Section("The pieces", tuple(blocks)))


def _with_picture(context: Context, blocks: list[Block]) -> list[Block]:
    """Return the net as a function of its input with the map of its cells beside it, or below where it is wide."""
    if not context.picture:
        return blocks
    if not blocks:
        return [Beside((Prose("The cells of the net in input space:"),), context.picture, is_below=True)]
    widest = max(width(line) for block in blocks if isinstance(block, Formula) for line in block.lines)
    return [Beside(tuple(blocks), context.picture, is_below=widest > _BESIDE)]


def _shortcut(context: Context) -> list[Block]:
    shortcut = context.differential.shortcut
    assert shortcut is not None
    if shortcut.kind == "two_zero_matrices":
        first, second = shortcut.layers
        text = (
            f"On every piece $f(x_k;w)$ is a polynomial each of whose monomials has one factor from each matrix. Here "
            f"$W_{first}=0$ and $W_{second}=0$. So every piece vanishes at $w$ together with its gradient, "
            "and the cells need not be listed."
        )
    else:
        text = (
            "Every activation is continuously differentiable, so that its two pieces meet with equal slopes: "
            f"${context.F}$ is continuously differentiable, although preactivations vanish here. The cells need not "
            "be listed."
        )
    return [Prose(text)]


def _pieces(context: Context) -> list[Block]:
    name = context.point_name
    verdict = Verdict("proved", f"on a neighbourhood of ${short_point(context)}$", _counts(context))
    if not context.differential.is_exact or any(f.incident.undecided for f in context.differential.factors):
        verdict = Verdict("enclosed", f"on a neighbourhood of ${short_point(context)}$", _counts(context))
    if not context.kink_sites and context.open_sites:
        text = (
            f"Preactivations vanish here, but the pieces of their activation meet with equal slopes: "
            f"${context.F}$ is continuously differentiable near ${name}$."
        )
        return [Prose(text, verdict), *_input_cases(context)]
    if not context.kink_sites:
        text = f"No preactivation can change its sign near ${name}$: there ${context.F}$ is one "
        text += "polynomial" if isinstance(context.function.objective, Output | Combination) else "smooth function"
        return [Prose(f"{text}.", verdict), *_input_cases(context)]
    pieces = pieces_of(context)
    blocks: list[Block] = _opening(context, pieces)
    shown = _cases(context, pieces) if pieces else None
    if shown is not None:
        blocks.append(shown)
        if len(pieces) == 2:
            blocks.append(
                Prose(f"Call the two pieces ${pieces[0].name}$ and ${pieces[1].name}$.", verdict, continues=True)
            )
            return blocks
    elif pieces:
        blocks += _sign_grid(context, pieces)
    blocks.append(Prose(_count_sentence(context), verdict, continues=bool(pieces)))
    return blocks


def short_point(context: Context) -> str:
    """Return the name of the point where it stands alone."""
    return "w" if not context.is_input else r"\bar x" if context.point == "x" else "x"


def _counts(context: Context) -> str:
    cells = sum(len(f.incident.cells) for f in context.open_factors)
    refuted = sum(len(f.incident.refuted) for f in context.open_factors)
    undecided = sum(len(f.incident.undecided) for f in context.open_factors)
    if not context.open_factors:
        return "all signs are strict"
    result = f"{cells} cell{'' if cells == 1 else 's'} realised"
    result += f", {refuted} refuted" if refuted else ""
    return result + (f", {undecided} undecided" if undecided else "")


def _count_sentence(context: Context) -> str:
    if context.n_cells == 0:
        return "Within the time given no pattern was decided."
    if context.differential.is_product and len(context.open_factors) > 1:
        counts = [str(len(factor.incident.cells)) for factor in context.open_factors]
        product = r"\cdot ".join(counts) + f"={context.n_cells}" if len(counts) <= 6 else str(context.n_cells)
        return (
            f"The neurons have variables of their own, so they choose their cells independently: there are ${product}$ "
            "cells in all."
        )
    verb = "has" if context.n_cells == 1 else "have"
    return f"{capital(plural(context.n_cells, 'cell'))} {verb} the point in the closure."


# ---------------------------------------------------------------------- which signs can change


def _opening(context: Context, pieces: tuple[Piece, ...]) -> list[Block]:
    if context.is_input:
        return [
            Prose(
                f"Near ${short_point(context)}$, {_which(context)}:"
                if pieces
                else f"Near ${short_point(context)}$ {_which(context)}."
            )
        ]
    if context.is_by_neurons and len(context.open_factors) == 1 and _is_two_sided(context):
        return [Prose(_one_switch(context))]
    end = ":" if pieces else "."
    return [Prose(f"As a function of the weights: near $w$ {_which(context)}{end}")]


def _which(context: Context) -> str:
    sites = [context.function.table.sites[i] for i in context.kink_sites]
    names = [preactivation(context, site.layer, site.members[0], site.datum) for site in sites]
    if any(site.is_group for site in sites):
        return f"only the winners of {plural(len(sites), 'group')} can change"
    if len(names) == 1:
        return f"only the sign of ${names[0]}$ can change"
    if len(names) <= 6:
        return f"only the signs of {listed([f'${name}$' for name in names])} can change"
    return f"only {in_words(len(names))} signs can change"


def _is_two_sided(context: Context) -> bool:
    (factor,) = context.open_factors
    return (
        not context.shape.activation(1).is_group and len(factor.incident.cells) == 2 and not factor.incident.undecided
    )


def _one_switch(context: Context) -> str:
    """Return the sentence that names h, the one form whose sign can change."""
    (factor,) = context.open_factors
    assert factor.neuron is not None
    data = kink_data(context, factor.neuron)
    first = preactivation(context, 1, factor.neuron - 1, data[0])
    chain = f"h={first}"
    if len(data) <= 3 and context.is_scalar_layer:
        for other in data[1:]:
            ratio = _ratio(context.function.inputs[data[0]], context.function.inputs[other])
            if ratio is not None:
                factor_text = {fmpq(1): "", fmpq(-1): "-"}.get(ratio, rational_latex(ratio) + r"\,")
                chain += f"={factor_text}{preactivation(context, 1, factor.neuron - 1, other)}"
    return f"As a function of the weights, write ${chain}$. Near $w$ only the sign of $h$ can change:"


def _ratio(x: tuple[fmpq, ...], y: tuple[fmpq, ...]) -> fmpq | None:
    """Return t with x = t y, or None."""
    t = next((a / b for a, b in zip(x, y, strict=True) if b != 0), None)
    return t if t is not None and all(a == t * b for a, b in zip(x, y, strict=True)) else None


# ---------------------------------------------------------------------- the function on each piece


def _cases(context: Context, pieces: tuple[Piece, ...]) -> Block | None:
    if context.is_input:
        return next(iter(_input_cases(context)), None)
    if not context.is_by_neurons or len(pieces) > 4:
        return None
    conditions = [_condition(context, piece) for piece in pieces]
    values = [_value(context, piece) for piece in pieces]
    if any(c is None for c in conditions) or any(v is None for v in values):
        return None
    ends = [","] * (len(pieces) - 1) + ["."]
    rows = [f"{value} & {condition}{end}" for value, condition, end in zip(values, conditions, ends, strict=True)]
    body = "\\\\[2pt]\n    ".join(rows)
    left = f"{context.F}(w)" if isinstance(context.function.objective, Output) else context.F
    text = f"{left}=\\begin{{cases}}\n    {body}\n  \\end{{cases}}"
    widest = max(width(value or "") for value in values) + max(width(c or "") for c in conditions) + 70
    return Formula((text,)) if widest <= TEXT_WIDTH else None


def _condition(context: Context, piece: Piece) -> str | None:
    said = []
    for factor, cell in zip(context.open_factors, piece.cells, strict=True):
        assert factor.neuron is not None
        if len(factor.incident.cells) != 2 or context.shape.activation(1).is_group:
            return None
        datum = kink_data(context, factor.neuron)[0]
        is_h = len(context.open_factors) == 1 and _is_two_sided(context)
        name = "h" if is_h else preactivation(context, 1, factor.neuron - 1, datum)
        sign = r"\ge0" if site_character(context, factor, cell.characters, datum) == "+" else r"\le0"
        said.append(f"{name}{sign}")
    conditions = r",\ ".join(said)
    return rf"\text{{if }}{conditions}" if said else None


def _value(context: Context, piece: Piece) -> str | None:
    """Return F on a piece in terms of the preactivations; None where that is long."""
    objective = context.function.objective
    outputs = [_output_terms(context, piece, k) for k in range(context.n_data)]
    if any(len(terms) > _MOST_TERMS for terms in outputs) or len(outputs) > 3:
        return None
    match objective:
        case Output():
            return _joined(outputs[0])
        case Combination():
            text = ""
            for c, terms in zip(objective.constants, outputs, strict=True):
                if c == 0 or not terms:
                    continue
                inside = _joined(terms)
                size = context.number(-c if c < 0 else c)
                if size != "1" or (len(terms) > 1 and c < 0):
                    inside = f"{'' if size == '1' else size}({inside})"
                text += ("-" if c < 0 else "+" if text else "") + inside
            return text or "0"
        case Risk() if objective.loss.name == "exponential" and not objective.is_mean:
            text, ones = "", 0
            for y, terms in zip(objective.labels, outputs, strict=True):
                if not terms or y == 0:
                    ones += 1
                    continue
                if abs(y) != 1:
                    return None
                exponent = _joined([(-s if y > 0 else s, t) for s, t in terms])
                text += f"{'+' if text else ''}e^{{{exponent}}}"
            if ones:
                text = f"{ones}{'+' if text else ''}{text}"
            return text or "0"
    return None


def _output_terms(context: Context, piece: Piece, datum: int) -> list[tuple[int, str]]:
    """Return f(x_k; w) on a piece as signed terms v_j σ(z_j), one hidden layer."""
    shape, function = context.shape, context.function
    activation = shape.activation(1)
    terms: list[tuple[int, str]] = []
    for output, members in enumerate(shape.members(1)):
        outer = f"W_2[{function.output + 1},{output + 1}]" if shape.n_outputs > 1 else subscripted("v", output + 1)
        if not activation.has_sites:
            terms.append((1, f"{outer}\\,{preactivation(context, 1, members[0], datum)}"))
            continue
        character = piece.characters[function.table.index[1, output, datum]]
        if character == "0":
            continue
        if activation.is_group:
            winner = members["123456789abcdefghijklmnopqrstuvwxyz".index(character)]
            terms.append((1, f"{outer}\\,{preactivation(context, 1, winner, datum)}"))
            continue
        (slope,) = activation.slopes((fmpq(1 if character == "+" else -1),), character)
        if slope == 0:
            continue
        size = "" if activation.degree > 1 else factor_latex(abs(slope))
        power = f"^{activation.degree}" if activation.degree > 1 else ""
        terms.append((1 if slope > 0 else -1, f"{size}{outer}{preactivation(context, 1, members[0], datum)}{power}"))
    if shape.has_biases:
        terms.append((1, "b_2" if shape.n_outputs == 1 else f"b_2[{function.output + 1}]"))
    return terms


def _joined(terms: list[tuple[int, str]]) -> str:
    text = ""
    for sign, term in terms:
        text += ("-" if sign < 0 else "+" if text else "") + term
    return text or "0"


def _input_cases(context: Context) -> list[Block]:
    """Return f as a function of its input near the point, where it is affine on few pieces."""
    pieces = pieces_of(context)
    if not context.is_input or not pieces:
        return []
    if not all(a.is_piecewise_linear for a in context.shape.activations):
        return _sign_grid(context, pieces) if context.kink_sites else []
    rows = []
    for piece in pieces:
        form = context.function.output_gradient(0, piece.characters)
        gradient = [form.get(i, fmpq(0)) for i in range(len(context.function.variables))]
        offset = context.function.outputs[0] - sum(
            (g * x for g, x in zip(gradient, context.function.point, strict=True)), fmpq(0)
        )
        rows.append((_affine(gradient, offset), pattern(context.function.table.word(piece.characters))))
    if len(rows) == 1:
        return [Formula((f"f(x)={rows[0][0]}.",))] if width(rows[0][0]) < TEXT_WIDTH - 40 else []
    ends = [","] * (len(rows) - 1) + ["."]
    body = "\\\\\n    ".join(
        rf"{value} & \text{{on }}{word}{end}" for (value, word), end in zip(rows, ends, strict=True)
    )
    widest = max(width(value) for value, _ in rows) + max(width(word) for _, word in rows) + 70
    if widest > TEXT_WIDTH:
        return _sign_grid(context, pieces)
    return [Formula((f"f(x)=\\begin{{cases}}\n    {body}\n  \\end{{cases}}",))]


def _affine(gradient: list[fmpq], offset: fmpq) -> str:
    terms = []
    for i, entry in enumerate(gradient):
        if entry != 0:
            name = subscripted("x", i + 1) if len(gradient) > 1 else "x"
            terms.append((1 if entry > 0 else -1, factor_latex(abs(entry)) + name))
    if offset != 0:
        terms.append((1 if offset > 0 else -1, rational_latex(abs(offset))))
    return _joined(terms)


def _sign_grid(context: Context, pieces: tuple[Piece, ...]) -> list[Block]:
    """Return the patterns of the pieces in a table, one column a datum on which they differ; none where too wide."""
    function = context.function
    data = sorted({function.table.sites[i].datum for i in context.open_sites})
    header = ["", *(context.datum(k) for k in data)]
    rows = []
    for piece in pieces:
        words = function.table.word(piece.characters).split("|")
        rows.append((piece.name, *(pattern(words[k]) for k in data)))
    if sum(max(map(width, column)) + 12 for column in zip(header, *rows, strict=True)) > TEXT_WIDTH:
        return []
    return [Grid("c" * len(header), tuple(header), tuple(rows))]
