r"""The slides of one problem: the kink and its Clarke differential, automatic differentiation, what the flow keeps."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace

from symflow.cells.derivation import Derivation
from symflow.differentials.selection import Audit
from symflow.differentials.sum_rule import SumRule
from symflow.exact.exponential_numbers import Scalar, decimal_text
from symflow.exact.rationals import fmpq
from symflow.flows.trajectory import Trajectory
from symflow.laws.of_problem import LawsOfProblem
from symflow.nets.objective import LogSumExp, Risk
from symflow.problem import Problem
from symflow.proofs.kernel import Theorem
from symflow.reports.derive_latex import derive_sections
from symflow.reports.latex_math import in_line, latex, rational_latex
from symflow.reports.latex_width import width
from symflow.reports.notes.autodiff import (
    Convention,
    autodiff_chapter,
    conventions_of,
    direction_words,
    in_place_of_tau,
    is_slope,
    word_on,
)
from symflow.reports.notes.clarke import clarke_chapter
from symflow.reports.notes.compose import chapters_of
from symflow.reports.notes.context import Context, listed, subscripted
from symflow.reports.notes.derived import derived_section
from symflow.reports.notes.document import Block, Formula, Fragment, Prose, Statement, Verdict
from symflow.reports.notes.euler import euler_chapter
from symflow.reports.notes.flow import flow_chapter
from symflow.reports.notes.laws import laws_chapter
from symflow.reports.notes.net import activation_definitions, net_formula
from symflow.reports.notes.problem import function_blocks, kink_sentence, title_of
from symflow.reports.notes.sets import conditions_of, parameter_value, set_blocks, set_formula
from symflow.reports.notes.slides import (
    FRAME_WIDTH,
    Boxed,
    Frame,
    Items,
    Mark,
    NumberLine,
    Part,
    Slides,
    packed,
    parts_of,
    text_width,
)
from symflow.reports.notes.statement_frames import statement_frames
from symflow.reports.readable.blocks import Line, lines_of

# Longer rows of weights are not written on a slide, nor more neurons, nor a set in more lines.
_WIDEST_ROW, _MOST_NEURONS, _MOST_LINES = 150.0, 4, 5


def compose_slides(
    problem: Problem,
    report: Audit,
    sum_rule: SumRule | None,
    *,
    trajectory: Trajectory | None = None,
    theorems: Sequence[Theorem] = (),
    picture: str = "",
    source: str = "",
) -> Slides:
    """Return the slides of a problem.

    Parameters
    ----------
    problem : Problem
        What was asked.
    report : Audit
        The Clarke differential, and the conventions held against it.
    sum_rule : SumRule or None
        Whether the sum rule holds.
    trajectory : Trajectory, optional
        The gradient flow, where the problem asks for one.
    theorems : sequence of Theorem
        What became of the catalogue's claims.
    picture : str
        LaTeX that draws the cells of the net; empty where there is none.
    source : str
        The file's name, for the first line.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import audit
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree(
    ...     {
    ...         "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "1"]]]},
    ...         "objective": {"variable": "input", "at": ["0"]},
    ...     }
    ... )
    >>> slides = compose_slides(problem, audit(clarke_differential(problem.function())), None)
    >>> [frame.title for frame in slides.frames][:2]
    ['A kink, and its Clarke differential', 'What automatic differentiation returns']
    """
    context = Context(problem, report, sum_rule)
    kept = _kept(context, trajectory)
    later = [frame for frame in (_autodiff(context) if context.kink_sites else None, kept) if frame is not None]
    frames = [*packed(_first(context, picture, later))]
    if context.kink_sites:
        frames += packed(later[0])
    if kept is not None:
        frames += packed(kept)
    entries = [entry for chapter in chapters_of(context, trajectory) for entry in chapter.entries]
    frames += statement_frames(entries, theorems, problem.architecture.widths)
    return Slides(title_of(problem.title, problem.architecture), source, tuple(frames))


def compose_derived_slides(
    problem: Problem,
    derivation: Derivation,
    *,
    laws: LawsOfProblem | None = None,
    theorems: Sequence[Theorem] = (),
    source: str = "",
    picture: str = "",
) -> Slides:
    """Return the slides of a problem with symbolic weights or a symbolic input: its closed forms.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        Its closed form, everywhere.
    laws : LawsOfProblem, optional
        What its flows conserve.
    theorems : sequence of Theorem
        What became of the catalogue's claims.
    source : str
        The file's name, for the first line.
    picture : str
        LaTeX that draws the cells of the net; empty where there is none.
    """
    section, entries = derived_section(problem, derivation)
    opening: tuple[Block, ...] = section.blocks[:1]
    frames: list[Frame] = []
    for title, text in derive_sections(problem, derivation):
        frames += packed(Frame(title, parts_of((*opening, Fragment(text)))))
        opening = ()
    if picture:
        frames.append(Frame("The cells in input space", (), picture))
    if laws is not None:
        chapter = laws_chapter(laws)
        frames += packed(Frame(chapter.section.title, parts_of(chapter.section.blocks)))
        entries += chapter.entries
    frames += statement_frames(entries, theorems, problem.architecture.widths)
    return Slides(title_of(problem.title, problem.architecture), source, tuple(frames))


# ---------------------------------------------------------------------- the problem, and the set


def _first(context: Context, picture: str, later: Sequence[Frame]) -> Frame:
    title = "A kink, and its Clarke differential" if context.kink_sites else "The Clarke differential at a smooth point"
    items, limits, found = Items(tuple(_problem(context))), _limits(context), _set(context)
    constants = _constants(context, limits, [*limits, *found, *later])
    return Frame(title, (items, *constants, *limits, *found), picture)


def _constants(context: Context, limits: Sequence[Part], shown: Sequence[Part | Frame]) -> list[Part]:
    """Return what the constants are that the slides write, but those that the limits define."""
    said = []
    for constant in context.notation.constants:
        symbol = latex(constant.symbol)
        ends = r"(?!\d)" if "_" in symbol else "(?![a-zA-Z_])"
        is_used = re.search(rf"(?<![a-zA-Z\\]){re.escape(symbol)}{ends}", _text(shown)) is not None
        if is_used and f"${symbol}=" not in _text(limits):
            said.append(rf"${symbol}={in_line(constant.expression)}\approx {latex(constant.decimal)}$")
    return [Prose(f"Here {listed(said)}.")] if said else []


def _text(parts: Sequence[Part | Frame]) -> str:
    """Return all formulas and words of parts, one below the other."""
    found: list[str] = []

    def collect(thing: object) -> None:
        if isinstance(thing, str):
            found.append(thing)
        elif isinstance(thing, tuple | list):
            for each in thing:
                collect(each)
        elif is_dataclass(thing):
            for field in fields(thing):
                collect(getattr(thing, field.name))

    collect(parts)
    return "\n".join(found)


def _problem(context: Context) -> list[str]:
    """Return the problem in a few lines."""
    shape = context.shape
    given = rf"$f={net_formula(shape)}$"
    if shape.n_outputs > 1:
        given += f", of which output {context.function.output + 1} counts"
    definitions = activation_definitions(shape)
    said = [f"{given}; {definitions}" if definitions else given]
    if context.coefficients_matter:
        formulas = [block for block in function_blocks(context) if isinstance(block, Formula)]
        said += [f"${line.rstrip('.')}$".replace(r",\qquad ", "$, $") for each in formulas for line in each.lines]
    said += [*_weights(context), *_data(context)]
    if context.is_input:
        said.append("at a given point $x$" if context.point == "x" else f"at ${context.point_name}$")
    sentence = kink_sentence(context)
    return [*said, re.sub(r": \$[^$]*\$ sits on a kink of \$.*", r": a \\textbf{kink}", sentence)]


def _data(context: Context) -> list[str]:
    """Return the data with their labels; their number where they are many."""
    if context.is_input:
        return []
    inputs = [f"{context.datum(k)}={_row(x)}" for k, x in enumerate(context.function.inputs)]
    if len(inputs) > _MOST_NEURONS or max(map(width, inputs)) > _WIDEST_ROW:
        return [f"{len(inputs)} data"]
    objective = context.function.objective
    text = f"{'Data' if len(inputs) > 1 else 'Datum'} {', '.join(f'${x}$' for x in inputs)}"
    if isinstance(objective, Risk | LogSumExp):
        text += f"; label{'s' if len(inputs) > 1 else ''} ${','.join(map(rational_latex, objective.labels))}$"
    return [text]


def _weights(context: Context) -> list[str]:
    """Return the weights, row by row where they have names; their shape where they are long."""
    shape, network = context.shape, context.function.network
    plain = f"Given weights{' and biases' if shape.has_biases else ''} of shape {shape}"
    if shape.n_hidden_layers != 1 or network.biases is not None or shape.n_outputs != 1:
        matrices = [rf"$W_{layer}={context.matrix(layer, _WIDEST_ROW)}$" for layer in range(1, shape.n_layers + 1)]
        if shape.n_layers > 3 or max(shape.widths) > 3 or max(map(width, matrices)) > _WIDEST_ROW:
            return [plain]
        return [", ".join(matrices) + (", and biases" if network.biases is not None else "")]
    if shape.widths[1] > _MOST_NEURONS:
        return [plain]
    rows = [f"{subscripted('u', j)}={_row(row)}" for j, row in enumerate(network.weights[0], start=1)]
    rows.append(f"v={_row(network.weights[1][0])}")
    if max(map(width, rows)) > _WIDEST_ROW:
        return [plain]
    return [", ".join(f"${row}$" for row in rows)]


def _row(entries: Sequence[fmpq]) -> str:
    written = ",".join(map(rational_latex, entries))
    return f"({written})" if len(entries) > 1 else written


def _limits(context: Context) -> list[Part]:
    """Return the two limits of the gradient, where there are two and they differ in one row."""
    differential = context.differential
    if not differential.is_exact or differential.n_vertices != 2:
        return []
    vertices = _ordered(context)
    moved = [
        line for line in lines_of(context.function) if len({tuple(v[p] for p in line.places) for v in vertices}) > 1
    ]
    if len(moved) != 1:
        return []
    name = _line_name(context, moved[0])
    values = _on_one_ray(context, [[v[p] for p in moved[0].places] for v in vertices])
    constants = context.notation.constants
    where = f", with ${latex(constants[0].symbol)}={latex(constants[0].expression)}$," if len(constants) == 1 else ""
    gradient = rf"\nabla_{{{name}}}{context.F}" if name else rf"\nabla {context.F}"
    what = f"only ${gradient}$ differs" if name and len(lines_of(context.function)) > 1 else "the gradients are"
    formula = rf"{gradient}\to {values[0]}\quad\text{{or}}\quad {gradient}\to {values[1]}."
    return [Prose(f"On the two sides of the kink{where} {what}:"), Formula((formula,))]


def _on_one_ray(context: Context, vectors: Sequence[Sequence[Scalar]]) -> list[str]:
    """Return vectors as multiples of one, where they are."""
    rays = [context.notation.on_a_ray(tuple(vector)) for vector in vectors]
    if len(vectors[0]) < 2 or None in rays or len({ray[1] for ray in rays if ray is not None}) > 1:
        return [context.vector(vector) for vector in vectors]
    signs = {"1": "", "-1": "-"}
    shown = []
    for ray in rays:
        assert ray is not None
        number = context.number(ray[0])
        is_sum = "+" in number or "-" in number[1:]
        shown.append(f"{signs.get(number, f'({number})' if is_sum else number)}\\,{context.plain_vector(ray[1])}")
    return shown


def _line_name(context: Context, line: Line) -> str:
    if context.is_input:
        return ""
    if context.is_by_neurons and line.name.letter == "W" and line.name.layer == 1:
        return subscripted("u", line.name.row or 1)
    return latex(line.name)


def _ordered(context: Context) -> list[tuple[Scalar, ...]]:
    """Return both vertices, that at θ = 0 first."""
    vertices = list(context.differential.vertices)
    if len(vertices) == 2 and parameter_value(context, vertices[0]) == r"\theta=1":
        vertices.reverse()
    return vertices


def _set(context: Context) -> list[Part]:
    theorem = clarke_chapter(context).section.blocks[0]
    assert isinstance(theorem, Statement)
    if context.reading is None:
        return list(parts_of((theorem,)))
    boxed = _of_one_neuron(context)
    if boxed is None:
        found = set_formula(context, FRAME_WIDTH - 40)
        boxed = f"{context.set_name}={found.braced}" if found is not None else None
    if boxed is not None and width(boxed) <= FRAME_WIDTH - 30:
        shown: list[Part] = [Boxed(boxed)]
    else:
        shown = list(parts_of(set_blocks(context)))
        if sum(len(part.lines) if isinstance(part, Formula) else 1 for part in shown) > 2 * _MOST_LINES:
            shown = []
    assert theorem.verdict is not None
    ground = theorem.verdict.ground.partition(";")[0]
    return [*shown, Prose(_conclusion(context), replace(theorem.verdict, ground=ground))]


def _of_one_neuron(context: Context) -> str | None:
    """Return the set in the row of the one neuron that is on its kink; its rows are variables of their own."""
    reading = context.reading
    if reading is None or not context.is_by_neurons or len(reading.parts) != 1:
        return None
    part = reading.parts[0]
    moving = [row for row in part.rows if not row.is_constant]
    if part.form != "span" or part.neuron is None or len(moving) != 1 or len(moving[0].names) != 1:
        return None
    name = moving[0].names[0]
    if name.letter != "W" or name.layer != 1:
        return None
    row = subscripted("u", name.row or 1)
    inside = rf"{latex(moving[0].value)}:\ {conditions_of(reading)}"
    return context.set_name.replace(r"\partial ", rf"\partial_{{{row}}}", 1) + rf"=\bigl\{{{inside}\bigr\}}"


def _conclusion(context: Context) -> str:
    reading = context.reading
    assert reading is not None
    zero = context.differential.contains_zero
    about = {True: "it contains $0$: a critical point", False: "it does not contain $0$", None: ""}[zero]
    if reading.is_point:
        return "A single point, the gradient" + (f"; {about}." if about else ".")
    article = "An" if reading.shape.noun[0] in "aeio" else "A"
    return f"{article} {context.noun}" + (f"; {about}." if about else ".")


# ---------------------------------------------------------------------- automatic differentiation


def _autodiff(context: Context) -> Frame:
    conventions = conventions_of(context)
    chapter = autodiff_chapter(context)
    assert chapter is not None
    proposition = next(b for b in chapter.section.blocks if isinstance(b, Statement) and b.kind == "Proposition")
    parts: list[Part] = []
    line, sentence = _number_line(context, conventions)
    if sentence:
        parts.append(Prose(sentence))
    if line is not None:
        parts.append(line)
    parts.append(Items(tuple(_convention(context, each) for each in conventions)))
    assert proposition.verdict is not None
    parts.append(Prose("", _separated(context, conventions, proposition.verdict)))
    for block in chapter.section.blocks:
        if isinstance(block, Statement) and block.kind == "Remark":
            parts += parts_of((block,))
    return Frame("What automatic differentiation returns", tuple(parts))


def _separated(context: Context, conventions: Sequence[Convention], verdict: Verdict) -> Verdict:
    """Say the direction that separates what automatic differentiation returns, where it is short."""
    autodiff = next(each for each in conventions if each.is_autodiff)
    if word_on(context, autodiff) != "refuted" or "separator" not in autodiff.selection.verdict.evidence:
        return verdict
    shown = direction_words(context, autodiff.selection.verdict.evidence["separator"])
    if shown is None or text_width(shown) > 220:
        return verdict
    return replace(verdict, ground=f"separated by {shown.removesuffix(' and $0$ elsewhere')}")


def _convention(context: Context, convention: Convention) -> str:
    label = rf"$\sigma'(0)={convention.label.strip('$')}$" if is_slope(context) else convention.label
    start = f"{label}, as PyTorch has it" if convention.is_autodiff and label.startswith("$") else label
    word = word_on(context, convention)
    theta = parameter_value(context, convention.selection.gradient) if word == "proved" else None
    said = {
        "refuted": r"\textbf{not} a Clarke subgradient",
        "proved": f"a Clarke subgradient{f' (${theta}$)' if theta else ''}",
        "undecided": "undecided",
    }[word]
    differing = _differing(context)
    if len(differing) == 1:
        value = context.vector([convention.selection.gradient[p] for p in differing[0].places])
        if width(value) < 160:
            return f"{start}: returns ${value}${_where(context, differing[0])}, {said}"
    return f"{start}: {said}"


def _where(context: Context, line: Line) -> str:
    name = _line_name(context, line)
    return "" if not name else f" in the row ${name}$" if name.startswith("u") else f" in ${name}$"


def _differing(context: Context) -> list[Line]:
    gradients = [each.gradient for each in context.report.selections]
    return [
        line for line in lines_of(context.function) if len({tuple(g[p] for p in line.places) for g in gradients}) > 1
    ]


def _number_line(context: Context, conventions: Sequence[Convention]) -> tuple[NumberLine | None, str]:
    """Return the set as a segment of numbers, with what the conventions return; None where it is no such segment."""
    reading = context.reading
    if reading is None or context.differential.n_vertices != 2:
        return None, ""
    first, second = _ordered(context)
    step = [b - a for a, b in zip(first, second, strict=True)]
    place = next(i for i, entry in enumerate(step) if entry != 0)
    coordinates: list[Scalar] = []
    for convention in conventions:
        gradient = convention.selection.gradient
        theta = (gradient[place] - first[place]) / step[place]
        if any(g != a + theta * s for g, a, s in zip(gradient, first, step, strict=True)):
            return None, ""
        coordinates.append(theta)
    symbol, name, sentence = r"\theta", context.set_name, ""
    ends: list[Scalar] = [fmpq(0), fmpq(1)]
    part = reading.parts[0]
    if len(context.function.variables) == 1:
        symbol = "s"
        ends = [first[0], second[0]]
    elif len(reading.parts) == 1 and len(part.auxiliaries) == 1:
        auxiliary = part.auxiliaries[0]
        symbol, ends = latex(auxiliary.symbol), [auxiliary.at_zero, auxiliary.at_one]
        function = context.function
        start, end = function.conventional_gradient(fmpq(0)), function.conventional_gradient(fmpq(1))
        found = None
        if is_slope(context) and context.shape.n_hidden_layers == 1:
            found = in_place_of_tau(context, start, [b - a for a, b in zip(start, end, strict=True)])
        if found is not None:
            moving = next(row for row in part.rows if not row.is_constant)
            sentence = (
                rf"The chain rule with $\sigma'(0)=a$ gives ${latex(moving.value)}$ with ${found[0]}={found[1]}$:"
            )
    if not sentence:
        sentence = rf"${context.set_name}$ is a segment, and what the chain rule returns lies on its line:"
    numbers = [ends[0] + theta * (ends[1] - ends[0]) for theta in coordinates]
    if max(width(context.number(end)) for end in ends) > 60:
        return None, ""
    placed = sorted(((_float(end), context.number(end)) for end in ends), key=lambda pair: pair[0])
    marks = tuple(
        Mark(_float(number), _label(context, convention), word_on(context, convention) == "proved")
        for number, convention in zip(numbers, conventions, strict=True)
    )
    line = NumberLine(symbol, name, (placed[0], placed[1]), marks)
    return (line, sentence) if _is_legible(line) else (None, "")


def _label(context: Context, convention: Convention) -> str:
    if is_slope(context):
        return rf"a={convention.label.strip('$')}"
    return rf"\text{{{convention.label}}}"


def _is_legible(line: NumberLine) -> bool:
    """Whether no two names run into one another; points at one place have one name too many."""
    places = [place for place, _ in line.ends] + [mark.place for mark in line.marks]
    if not all(map(math.isfinite, places)):
        return False
    total = max(places) - min(places)
    below = sorted((mark.place, width(mark.label)) for mark in line.marks)
    above = [(place, width(label)) for place, label in line.ends]
    for row in (below, above):
        for (a, first), (b, second) in itertools.pairwise(row):
            if (b - a) / total * 260 < (first + second) / 2 + 6:
                return False
    return True


def _float(value: Scalar) -> float:
    if isinstance(value, fmpq):
        return int(value.p) / int(value.q)
    return float(decimal_text(value, 12))


# ---------------------------------------------------------------------- what is kept


def _kept(context: Context, trajectory: Trajectory | None) -> Frame | None:
    """Return preservation, balancing and the flow."""
    parts: list[Part] = []
    said = []
    chapter = euler_chapter(context)
    if chapter is not None:
        parts += parts_of(chapter.section.blocks)
        said.append("Euler's identity" if context.is_input else "weight--gradient preservation")
    if trajectory is not None:
        parts += parts_of(flow_chapter(context.problem, trajectory).section.blocks)
        said.append("the flow")
    if not parts:
        return None
    title = listed(said)
    return Frame(f"{title[0].upper()}{title[1:]}", tuple(parts))
