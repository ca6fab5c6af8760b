"""The Clarke differential at the kinks as blocks of a document; the LaTeX of the same is ``derive_kinks_latex.py``."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.cells.kinks import HullOfCells, Kink, Segments
from symflow.reports.clarke_formula import constant_sentence, row_names, row_order
from symflow.reports.deep_kinks_document import deep_kink_blocks
from symflow.reports.derive_kinks_latex import contribution, segment_expression
from symflow.reports.derive_parts import Parts
from symflow.reports.document import Block, Display, Equation, Fact, Facts, Heading, Tag, formula
from symflow.reports.expressions import Expression, Hull, Rational, Relation, Sentence, Symbol
from symflow.reports.lecture import ZERO, summed
from symflow.reports.linear_text import linear_text
from symflow.reports.point_blocks import point_table

# Kinks of single neurons are listed for so many of them; beyond, one line stands for all.
_MOST_NEURONS = 2

_MOST_FACES, _MOST_POINTS = 24, 6


def kink_blocks(parts: Parts) -> list[Block]:
    """Return what is known in closed form of the kinks; no block where nothing is."""
    derivation, letter = parts.derivation, parts.letter
    if parts.is_at_point:
        return _hull(parts)
    if derivation.is_smooth:
        sentence = (f"{letter} is continuously differentiable: ∂{letter} = {{∇{letter}}}.",)
        return [Heading(sentence, tag=Tag("proved"))]
    if derivation.deep_kinks is not None:
        return deep_kink_blocks(parts)
    if derivation.kinks is None or not any(neuron.kinks for neuron in derivation.kinks):
        return []
    biased, symbolic = parts.shape.has_biases, parts.net.inputs is None
    assumed = ", for x ≠ 0" if symbolic and not biased else ""
    heading = Heading((f"At the kinks{assumed}",), tag=Tag("proved", "for all weights"))
    if not symbolic:
        if parts.has_groups:
            return []
        return [heading, _on_data(parts, derivation.kinks[0].kinks)]
    blocks: list[Block] = [heading, _for_symbolic_input(parts)]
    if not biased:
        zero = (f"{letter} is constant in the weights:  ∂{letter} = {{0}}",)
        blocks.append(Facts((Fact("at x = 0", (zero,)),)))
    return blocks


def _for_symbolic_input(parts: Parts) -> Display:
    letter = parts.letter
    c = "" if parts.is_output else "c "
    if parts.has_groups:
        v = "v" if parts.shape.fan_in(2) == 1 else "v_g"
        share = f"∇u_p {letter} = θ_p {c}{v} x  for the winners p of group g,  θ_p ≥ 0,  Σ_p θ_p = 1"
        return Display((Equation(("a tie",), "", (share,)),))
    n_units = parts.shape.widths[1]
    low, high = sorted(parts.slopes)

    def within(theta: str) -> Relation:
        name, _, index = theta.partition("_")
        return Relation((Rational(low), Symbol(name, index), Rational(high)), ("≤", "≤"))

    right: Sentence
    equations = []
    if n_units <= _MOST_NEURONS:
        for unit in range(n_units):
            z = parts.lecture.preactivation(1, unit, 0, ("+",) * len(parts.net.table.sites))
            row = _row(parts, unit, "θ", c)
            rest = _rest(parts, [other for other in range(n_units) if other != unit])
            right = (f"∂{letter} = {{ {row},   {rest} :  ", within("θ"), " }")
            equations.append(Equation(formula(Relation((z, ZERO), ("=",))), "", right))
        if n_units == 2:
            rows = ",   ".join(_row(parts, unit, f"θ{unit + 1}", c) for unit in range(2))
            v = "∇v = 0" if not parts.shape.has_biases else "the rest as on either side"
            right = (f"∂{letter} = {{ {rows},   {v} :  ", within("θ1, θ2"), " }")
            equations.append(Equation(("both",), "", right))
        return Display(tuple(equations))
    z_name = "z_j" if parts.shape.has_biases else "⟨u_j, x⟩"
    b = f",   ∇b1[j] = θ_j {c}v_j" if parts.shape.has_biases else ""
    text = f"{{ ∇u_j = θ_j {c}v_j x{b}  for j in J,   the rest as on either side }}"
    where = (f"J = {{ j : {z_name} = 0 }}",), (within("θ_j"),)
    return Display((Equation((f"∂{letter}",), "=", (text,)),), where)


def _row(parts: Parts, unit: int, theta: str, c: str) -> str:
    u, v = linear_text(parts.lecture.row(unit)), linear_text(parts.lecture.weight(2, parts.net.output, unit))
    bias = f",   ∇b1[{unit + 1}] = {theta} {c}{v}" if parts.shape.has_biases else ""
    return f"∇{u} = {theta} {c}{v} x{bias}"


def _rest(parts: Parts, others: Sequence[int]) -> str:
    if parts.shape.has_biases:
        return "the rest as on either side"
    names = [f"∇{linear_text(parts.lecture.row(unit))}" for unit in others]
    return ", ".join([*names, "∇v"]) + " as on either side"


def _on_data(parts: Parts, kinks: Sequence[Kink]) -> Display:
    single = parts.shape.widths[1] == 1
    u, v = ("u", Symbol("v")) if single else ("u_j", Symbol("v", "j"))
    equations = []
    for kink in kinks[:_MOST_FACES]:
        at = ", ".join(entry.replace("-", "−") for entry in kink.covector)
        left = f"({at})" if parts.net.n_data > 1 else f"{'z' if parts.shape.has_biases else f'⟨{u}, x⟩'} = 0"
        equations.append(Equation((left,), "", (f"∇{u} {parts.letter} ", *_block(parts, kink, v))))
    where: list[Sentence] = []
    n_data = parts.net.n_data
    if n_data > 1:
        z = ("z_k" if single else "z_jk") if parts.shape.has_biases else f"⟨{u}, x_k⟩"
        where.append((f"the signs are those of {z}, k = {'1, 2' if n_data == 2 else f'1, …, {n_data}'}",))
    ranges = _ranges(parts, kinks[:_MOST_FACES])
    if ranges:
        where.append((ranges,))
    rest = "everything else as on either side"
    if not single:
        rest = "the set is the product over the neurons; " + rest
    if parts.shape.has_biases:
        where.append((f"∇b1[{'1' if single else 'j'}] {parts.letter}: the same, with 1 in place of each x_k",))
    where.append((rest,))
    if len(kinks) > _MOST_FACES:
        where.append((f"{len(kinks) - _MOST_FACES} more faces: --json",))
    return Display(tuple(equations), tuple(where))


def _block(parts: Parts, kink: Kink, v: Symbol) -> Sentence:
    if isinstance(kink.block, HullOfCells):
        points: list[Expression] = [parts.weighted_data(list(enumerate(cell))) for cell in kink.block.cells]
        if len(points) > _MOST_POINTS:
            points = [*points[: _MOST_POINTS - 2], Symbol("…"), points[-1]]
        return ("in ", v, " ", Hull(tuple(points)))
    fixed = [(k, s) for k, s in enumerate(kink.covector) if s != "0"]
    several = len(kink.block.segments) > 1
    terms = [parts.weighted_data(fixed)]
    for r, segment in enumerate(kink.block.segments, start=1):
        terms.append(segment_expression(parts, segment, str(r) if several else ""))
    inside = summed(terms)
    return ("= ", contribution(v, inside))


def _ranges(parts: Parts, kinks: Sequence[Kink]) -> str:
    segments = [s for kink in kinks if isinstance(kink.block, Segments) for s in kink.block.segments]
    low, high = sorted(parts.slopes)
    ranges = []
    if any(len(segment.data) == 1 for segment in segments):
        ranges.append(f"{linear_text(Rational(low))} ≤ θ ≤ {linear_text(Rational(high))}")
    if any(len(segment.data) > 1 for segment in segments):
        ranges.append("0 ≤ τ ≤ 1")
    return ",   ".join(ranges)


# ---------------------------------------------------------------------- at a point


def _hull(parts: Parts) -> list[Block]:
    derivation = parts.derivation
    if not derivation.is_complete or not parts.pieces:
        return []
    gradients = parts.limits
    point = "w" if derivation.variable == "weights" else "x"
    name = f"{parts.letter}({point})"
    if len(gradients) == 1:
        sentence: Sentence = (f"∂{name} = {{∇{name}}}: all pieces that meet the point have one gradient there.",)
        if len(parts.pieces) == 1:
            sentence = (f"∂{name} = {{∇{name}}}.",)
        return [Heading(sentence, tag=Tag("exact")), *_gradients(parts)]
    if derivation.variable == "input" and parts.is_linear:  # the gradients stand in the table of the pieces
        listed = (f"∂{name} is the hull of these {len(gradients)} gradients.",)
        return [Heading(listed, tag=Tag("exact"))]
    sentence = (f"∂{name} is the hull of the {len(gradients)} limits of the gradient.",)
    return [Heading(sentence, tag=Tag("exact")), *_gradients(parts)]


def _gradients(parts: Parts) -> list[Block]:
    """Return the limits of the gradient: what varies in a table, what they share below, and what the c_k are."""
    points = parts.limit_list
    blocks: list[Block] = []
    if points.lines:
        blocks.append(point_table(points, "limit", "limits", prefix="∇", is_numbered=False))
    rows = sorted(points.constant_rows, key=row_order)
    equations = tuple(Equation(row_names(row, len(rows), prefix="∇"), "=", (row.value,)) for row in rows)
    constants = tuple(constant_sentence(constant) for constant in parts.notation.constants)
    if equations or constants:
        blocks.append(Display(equations, constants))
    return blocks
