r"""The section that states the problem: the net, its weights, the data, the function, and its values at the point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.logarithms import value_decimal_text
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.nets.objective import Combination, LogSumExp, Output, Risk
from symflow.problem import Problem
from symflow.reports.latex_math import in_line, latex, rational_latex
from symflow.reports.latex_text import escape
from symflow.reports.latex_width import TEXT_WIDTH, grid_width, width
from symflow.reports.notes.context import (
    Context,
    capital,
    in_words,
    listed,
    ordinal,
    runs,
    subscripted,
)
from symflow.reports.notes.document import Block, Chapter, Formula, Grid, LongTable, Prose, Section, folded
from symflow.reports.notes.net import MOST_NAMED, in_text, net_blocks, vector_of

# More constants stand in a table, not in a sentence.
_MOST_IN_TEXT = 6

# Data are named in a sentence up to this number; more stand in the table alone.
_MOST_IN_PROSE = 3


def problem_chapter(context: Context) -> Chapter:
    """Return the section that states the problem."""
    rest = unused(context.problem)
    said = [*function_blocks(context), *([Prose(rest)] if rest else [])]
    blocks: list[Block] = [*net_blocks(context), *_data(context), *said, *_values(context)]
    return Chapter(Section("The problem", tuple(_in_one_paragraph(blocks))))


def _in_one_paragraph(blocks: list[Block]) -> list[Block]:
    """Let prose go on in the same paragraph as the prose before it."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Prose) and result and isinstance(result[-1], Prose):
            result[-1] = replace(result[-1], text=f"{result[-1].text} {block.text}")
        else:
            result.append(block)
    return result


# ---------------------------------------------------------------------- the data


def _data(context: Context) -> list[Block]:
    if context.is_input:
        return []
    inputs = context.function.inputs
    labels = _labels(context)
    is_tabled = bool(_data_columns(context))
    if is_tabled or len(inputs) > _MOST_IN_PROSE:
        where = "; they stand in the table below" if is_tabled else ", as the file gives them"
        return [Prose(f"There are {in_words(len(inputs))} data{where}.")]
    said = [
        f"${context.datum(k)}={in_text(x)}$" + (f" with $y_{k + 1}={rational_latex(labels[k])}$" if labels else "")
        for k, x in enumerate(inputs)
    ]
    if len(inputs) == 1:
        return [Prose(f"One datum: {said[0]}.")]
    opposite = len(inputs) == 2 and all(a == -b for a, b in zip(*inputs, strict=True)) and any(inputs[0])
    count = capital(in_words(len(inputs)))
    return [Prose(f"{count} data{', opposite to one another' if opposite else ''}: {listed(said)}.")]


def _asks_for_table(context: Context) -> bool:
    """Whether the data are too many, or too long, for a sentence."""
    inputs = context.function.inputs
    is_long = len(inputs) > 1 and sum(width(vector_of(x)) for x in inputs) > 260
    return not context.is_input and (len(inputs) > _MOST_IN_PROSE or is_long)


def _data_columns(context: Context) -> list[tuple[str, list[str]]]:
    """Return the data and labels as columns of a table; none where they are told elsewhere, or are too wide for one."""
    if not _asks_for_table(context):
        return []
    columns = [("", [vector_of(x) for x in context.function.inputs])]
    labels = _labels(context)
    if labels:
        columns.append(("y_k", [rational_latex(y) for y in labels]))
    fits = grid_width([_names_column(context), *map(_with_header, (*columns, *_output_columns(context)))]) <= TEXT_WIDTH
    return columns if fits else []


def _labels(context: Context) -> tuple[fmpq, ...]:
    objective = context.function.objective
    return objective.labels if isinstance(objective, Risk | LogSumExp) else ()


def unused(problem: Problem) -> str:
    """Return what of a file's data does not count, in a sentence; empty where all of it does.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> data = {"inputs": [["1"], ["2"], ["3"]], "labels": ["1", "1", "-1"]}
    >>> tree = {"network": {"activation": "relu", "weights": [[["1"]], [["2"]]]}, "data": data}
    >>> unused(problem_from_tree(tree))
    'The other two inputs of the file are not used, nor are its labels: the objective is the output, no risk.'
    """
    n_inputs, n_labels = len(problem.inputs or ()), len(problem.labels or ())
    if problem.variable == "input":
        return "The inputs among the data of the file are not used: $x$ is the variable." if n_inputs else ""
    if problem.kind != "output":
        return ""
    labels = f"its label{'s' if n_labels > 1 else ''}" if n_labels else ""
    why = ": the objective is the output, no risk."
    if n_inputs > 1:
        others = "other input" if n_inputs == 2 else f"other {in_words(n_inputs - 1)} inputs"
        are = "is" if n_inputs == 2 else "are"
        return f"The {others} of the file {are} not used{f', nor are {labels}' if labels else ''}{why}"
    return f"{capital(labels)} {'are' if n_labels > 1 else 'is'} not used{why}" if labels else ""


# ---------------------------------------------------------------------- the function


def function_blocks(context: Context) -> list[Block]:
    """Return what F is, in a sentence and a formula."""
    objective, n = context.function.objective, context.n_data
    match objective:
        case Output():
            if context.is_input:
                where = _at(context)
                return [Prose(f"The function is $f$, as a function of its input $x$ at fixed weights, at {where}.")]
            return [Prose(f"The function is $w\\mapsto {context.output(0)}$, the output on this datum.")]
        case Combination():
            terms = combination_formula(context, objective.constants)
            return [Prose(f"The function is the combination {_displayed_name(context)}"), Formula((f"{terms}.",))]
        case LogSumExp():
            margins = "Write $m_k=y_kf(x_k;w)$ for the margins. The function is"
            if context.is_input:
                margins = f"Write $m=y\\,f(x;w)$ with $y={rational_latex(objective.labels[0])}$. The function is"
            inside = "e^{-m}" if context.is_input else _sum_over("e^{-m_k}", n)
            return [Prose(margins), Formula((rf"{context.F}({_argument(context)})=\ln {inside}.",))]
        case Risk():
            return _risk(context, objective)
    raise AssertionError(f"no formula for {objective!r}")


def _displayed_name(context: Context) -> str:
    return f"as a function of its input, at {_at(context)}," if context.is_input else "of the outputs"


def _argument(context: Context) -> str:
    return "x" if context.is_input else "w"


def _at(context: Context) -> str:
    point = in_text(context.function.point)
    return f"$\\bar x={point}$" if context.point == "x" else f"${'x=' if context.is_input else ''}{point}$"


def combination_formula(context: Context, constants: Sequence[Scalar]) -> str:
    """Return F(w) = Σ c_k f(x_k; w), written out where it is short."""
    left = f"{context.F}({_argument(context)})="
    if len(constants) > MOST_NAMED:
        shown = context.plain_vector(constants)
        return rf"{left}\sum_{{k}}c_kf(x_k;w),\qquad c={shown}"
    right = ""
    for k, constant in enumerate(constants):
        if constant == 0:
            continue
        size = -constant if constant < 0 else constant
        factor = "" if size == 1 else context.number(size) + r"\,"
        right += ("-" if constant < 0 else "+" if right else "") + factor + context.output(k)
    return left + (right or "0")


def _sum_over(term: str, n: int) -> str:
    return rf"\sum_{{k=1}}^{{{n}}}{term}"


def _risk(context: Context, risk: Risk) -> list[Block]:
    n, is_mean = context.n_data, risk.is_mean and context.n_data > 1
    scale = rf"\tfrac1{n if n < 10 else f'{{{n}}}'}" if is_mean else ""
    left = f"{context.F}({_argument(context)})="
    if risk.loss.name == "squared":
        where = f", at {_at(context)}" if context.is_input else ""
        if context.is_input:
            label = rational_latex(risk.labels[0])
            return [
                Prose(f"The risk, as a function of the input{where} with label $y={label}$, is"),
                Formula((rf"{left}\tfrac12\bigl(f(x)-y\bigr)^2.",)),
            ]
        fraction = rf"\frac1{{{2 * n}}}" if is_mean else r"\tfrac12"
        inside = r"\bigl(f(x_k;w)-y_k\bigr)^2"
        return [Prose("The risk is"), Formula((f"{left}{fraction}{_sum_over(inside, n)}.",))]
    loss = {"exponential": r"\ell(m)=e^{-m}", "logistic": r"\ell(m)=\ln(1+e^{-m})"}[risk.loss.name]
    if context.is_input:
        label = rational_latex(risk.labels[0])
        return [
            Prose(f"With the label $y={label}$ and the margin $m=y\\,f(x)$ the risk, at {_at(context)}, is"),
            Formula((rf"{left}\ell(m),\qquad {loss}.",)),
        ]
    if n <= _MOST_IN_PROSE and not is_mean:
        total = "+".join(rf"\ell(m_{k})" for k in range(1, n + 1))
    else:
        total = scale + _sum_over(r"\ell(m_k)", n)
    margins = "Write $m_k=y_kf(x_k;w)$ for the margins." if n > 1 else "Write $m_1=y_1f(x_1;w)$ for the margin."
    return [Prose(f"{margins} The risk is"), Formula((rf"{left}{total},\qquad {loss}.",))]


# ---------------------------------------------------------------------- values


def _values(context: Context) -> list[Block]:
    blocks: list[Block] = []
    grid = _table(context)
    if grid is not None and len(grid.header) == 2 and len(grid.rows) == 1:
        grid = None  # one number alone is no table
    if grid is not None:
        blocks += [Prose("At the given weights" if not context.is_input else "There"), grid]
    blocks.append(Prose(_value_sentence(context, after_table=grid is not None), continues=grid is not None))
    return [*blocks, *_constants_table(context)]


def _table(context: Context) -> Grid | None:
    """Return the preactivations and outputs on the data; None where the columns would not fit."""
    function, shape = context.function, context.shape
    header, columns = [""], [_names_column(context)]
    optional: list[tuple[str, list[str]]] = []
    for layer in range(1, shape.n_layers):
        for unit in range(shape.widths[layer]):
            values = [function.preactivations[k][layer - 1][unit] for k in range(context.n_data)]
            optional.append((_preactivation_name(context, layer, unit), [rational_latex(v) for v in values]))
    given, last = _data_columns(context), _output_columns(context)
    chosen = [*given, *optional, *last]
    if grid_width([_names_column(context), *map(_with_header, chosen)]) > TEXT_WIDTH:
        chosen = [*given, *last]
    for name, column in chosen:
        header.append(name)
        columns.append(column)
    rows = [tuple(row) for row in zip(*columns, strict=True)]
    return Grid("c" * len(header), tuple(header), folded(rows, "data"))


def _with_header(column: tuple[str, list[str]]) -> list[str]:
    return [column[0], *column[1]]


def _names_column(context: Context) -> list[str]:
    """Return how the data are called, or the point."""
    if context.is_input:
        return ["\\bar x" if context.point == "x" else "x"]
    return [context.datum(k) for k in range(context.n_data)]


def _output_columns(context: Context) -> list[tuple[str, list[str]]]:
    """Return the outputs and margins on the data."""
    outputs = context.function.outputs
    columns = [(_output_header(context), [rational_latex(f) for f in outputs])]
    if context.has_margins:
        margins = [y * f for y, f in zip(_labels(context), outputs, strict=False)]
        columns.append(("m" if context.is_input else "m_k", [rational_latex(m) for m in margins]))
    return columns


def _preactivation_name(context: Context, layer: int, unit: int) -> str:
    if context.is_scalar_layer:
        return rf"\ip{{{subscripted('u', unit + 1)}}}{{x_k}}"
    if context.shape.n_hidden_layers == 1:
        argument = "x" if context.is_input else "x_k"
        return f"{subscripted('z', unit + 1)}({argument})"
    return f"z_{{{layer},{unit + 1}}}({'x' if context.is_input else 'x_k'})"


def _output_header(context: Context) -> str:
    return "f(x)" if context.is_input else "f(x_k;w)"


def _value_sentence(context: Context, *, after_table: bool) -> str:
    start = "so that" if after_table else "Then"
    value = context.function.value
    left = f"{context.F}({context.point if context.point != 'x' else chr(92) + 'bar x'})"
    if isinstance(value, fmpq | ExponentialNumber):
        shown = context.number(value)
        text = f"{start} ${left}={shown}$"
    else:
        text = f"{start} ${left}\\approx {_decimal(value_decimal_text(value, 6))}$"
    constants = context.notation.constants
    if len(constants) > _MOST_IN_TEXT:
        text += ", with the constants of the table below"
    elif constants:
        said = [f"${latex(c.symbol)}:={in_line(c.expression)}\\approx {latex(c.decimal)}$" for c in constants]
        text += f", with {listed(said)}"
    return f"{text}. {kink_sentence(context)}"


def _decimal(text: str) -> str:
    """Return digits, or a ball, as mathematics."""
    return re.sub(r"e([+-]?\d+)", lambda found: rf"\cdot10^{{{int(found[1])}}}", text.replace("+/-", r"\pm"))


def _constants_table(context: Context) -> list[Block]:
    """Return the table of the named constants, where they are too many for a sentence: all of them, side by side."""
    constants = context.notation.constants
    if len(constants) <= _MOST_IN_TEXT:
        return []
    cells = [(f"${latex(c.symbol)}$", f"${in_line(c.expression)}$", f"${latex(c.decimal)}$") for c in constants]
    room = sum(max(width(cell.strip("$")) for cell in column) + 12 for column in zip(*cells, strict=True))
    n_beside = 2 if room <= TEXT_WIDTH / 2 else 1
    n_rows = -(-len(cells) // n_beside)
    rows = [
        tuple(
            cell for i in range(row, n_rows * n_beside, n_rows) for cell in (cells[i] if i < len(cells) else ("",) * 3)
        )
        for row in range(n_rows)
    ]
    columns = r"@{\qquad}".join(["lll"] * n_beside)
    return [LongTable(f"@{{}}{columns}@{{}}", ("constant", "", r"$\approx$") * n_beside, tuple(rows))]


def kink_sentence(context: Context) -> str:
    """Return which preactivations vanish at the point."""
    sites = [context.function.table.sites[i] for i in context.kink_sites]
    subject = context.point_name if not context.is_input else ("\\bar x" if context.point == "x" else "x")
    if not sites:
        return f"No preactivation is on a kink: ${context.F}$ is smooth near ${subject}$."
    by_unit: dict[tuple[int, int], list[int]] = {}
    for site in sites:
        by_unit.setdefault((site.layer, site.output), []).append(site.datum)
    alike: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for (layer, output), data in by_unit.items():
        alike.setdefault((layer, tuple(data)), []).append(output + 1)
    if len(alike) > MOST_NAMED or len(by_unit) > 3 * MOST_NAMED:
        return (
            f"{capital(in_words(len(sites)))} preactivations, of {in_words(len(by_unit))} neurons, are on a kink: "
            f"${subject}$ sits on a kink of ${context.F}$."
        )
    ordered = sorted(alike.items(), key=lambda item: (item[0][0], item[1][0]))
    said = [_unit_words(context, layer, outputs, data) for (layer, data), outputs in ordered]
    return f"{capital(listed(said))}: ${subject}$ sits on a kink of ${context.F}$."


def _unit_words(context: Context, layer: int, outputs: list[int], data: tuple[int, ...]) -> str:
    """Return "neurons 1 and 2 of layer 1 vanish on both data"."""
    is_group = context.shape.activation(layer).is_group
    noun = "group" if is_group else "neuron"
    where = "" if context.shape.n_hidden_layers == 1 else f" of layer {layer}"
    if len(outputs) == 1:
        who, verb = f"the {ordinal(outputs[0])} {noun}{where}", "has a tie" if is_group else "vanishes"
    else:
        who = f"{noun}s {runs(outputs)}{where}"
        verb = "have ties" if is_group else "vanish"
    if context.n_data == 1:
        return f"{who} {verb}"
    if len(data) == context.n_data:
        return f"{who} {verb} on {'both' if context.n_data == 2 else 'all'} data"
    on = f"${', '.join(context.datum(k) for k in data)}$" if len(data) <= 6 else f"{len(data)} data"
    return f"{who} {verb} on {on}"


def title_of(context_title: str | None, shape: Architecture) -> str:
    """Return the title of the notes."""
    return escape(context_title) if context_title else f"A {shape} net"


def kink_clause(context: Context) -> str:
    """Return ", because the first neuron vanishes", for the abstract; empty where nothing is on a kink."""
    if not context.kink_sites:
        return ""
    sentence = kink_sentence(context).partition(": $")[0]
    return f", because {sentence[0].lower()}{sentence[1:]}"
