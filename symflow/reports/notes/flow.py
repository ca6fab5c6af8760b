r"""The section on the gradient flow: what happens, a table, what is conserved, the soft margin."""

from __future__ import annotations

import re
from typing import cast

from symflow.exact.rationals import fmpq
from symflow.flows.precision import working_digits
from symflow.flows.soft_margin import homogeneity
from symflow.flows.trajectory import Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.reports.expressions import Sentence
from symflow.reports.flow_numbers import many_digits, table_number
from symflow.reports.flow_path import path_table
from symflow.reports.flow_words import answer, happenings, known, letters
from symflow.reports.latex_math import in_line, latex, rational_latex, sentence_latex
from symflow.reports.latex_text import escape
from symflow.reports.latex_width import TEXT_WIDTH, grid_width
from symflow.reports.names import in_use
from symflow.reports.notes.document import (
    Block,
    Chapter,
    Entry,
    Formula,
    Grid,
    Prose,
    Section,
    Statement,
    Verdict,
    Word,
    folded,
)

# More conserved quantities, or events, are not written out.
_MOST_LAWS, _MOST_EVENTS = 6, 12
# A letter of text in points, on average and not below it.
_LETTER = 5.0

_STEPS = re.compile(r"([Wb])([0-9]+)")


def flow_chapter(problem: Problem, trajectory: Trajectory) -> Chapter:
    """Return the section on the flow of a problem."""
    function, variable = letters(problem)
    inclusion = rf"{variable}'(t)\in-\partial {function}({variable}(t))"
    tag = known(trajectory)
    verdict = None
    if tag.word in ("exact", "enclosed"):
        how = "exact arithmetic" if tag.word == "exact" else f"{tag.scope}, tube in ball arithmetic"
        verdict = Verdict("proved" if tag.word == "exact" else "enclosed", "this start", how)
    said = sentence_latex(answer(problem, trajectory).sentence)
    said = said if said.startswith(("The ", "Nothing ", "One ")) else f"The flow {said[0].lower()}{said[1:]}"
    said = re.sub(r"\bt = \$", "$t=", said)
    said = re.sub(r"''([^']*)''", r"``\1''", said)
    computed = f" Its numbers are computed to {trajectory.digits} digits." if tag.word == "computed" else ""
    first = f"Let ${inclusion}$ for almost every $t$, from the point above. {said}{computed}"
    blocks: list[Block] = [Prose(first, verdict), *_events(problem, trajectory)]
    blocks += [*_path(problem, trajectory), *_table(problem, trajectory)]
    conserved, entries = _conserved(problem, trajectory)
    blocks += conserved
    soft, more = _soft_margin(trajectory)
    return Chapter(Section("The gradient flow", (*blocks, *soft)), (*entries, *more))


def law_latex(name: str) -> str:
    r"""Return the name of a conserved quantity in LaTeX.

    Examples
    --------
    >>> law_latex("|W1[1,:]|^2 + b1[1]^2 - W2[1,1]^2")
    '\\norm{W_1[1,\\cdot]}^2+b_1[1]^2-W_2[1,1]^2'
    >>> law_latex("<W1[1,:], W1[2,:]> - <W2[:,1], W2[:,2]>")
    '\\ip{W_1[1,\\cdot]}{W_1[2,\\cdot]}-\\ip{W_2[\\cdot,1]}{W_2[\\cdot,2]}'
    """
    text = re.sub(r"<([^>]*\]), ([^>]*)>", r"\\ip{\1}{\2}", name)
    text = re.sub(r"\|([^|]*)\|\^2", r"\\norm{\1}^2", text)
    text = _STEPS.sub(r"\1_\2", text)
    text = text.replace(",:]", r",\cdot]").replace("[:,", r"[\cdot,")
    return text.replace(" + ", "+").replace(" - ", "-").replace(" ", r"\,")


def _events(problem: Problem, trajectory: Trajectory) -> list[Block]:
    found = list(happenings(problem, trajectory))
    if not found or len(found) > _MOST_EVENTS:
        return []
    said = [f"at $t={in_line(each.time)}$ {each.words.replace('−', '$-$')}" for each in found]
    return [Prose(f"The events: {'; '.join(said)}.")]


def _path(problem: Problem, trajectory: Trajectory) -> list[Block]:
    """Return the table of an exact path, as much of it as the page is wide enough for."""
    path = path_table(problem, trajectory)
    if path is None:
        return []
    numbers = [tuple(map(_formula, row[:-1])) for row in (path.header, *path.rows)]
    words = [rf"\textnormal{{{sentence_latex(row[-1])}}}" for row in (path.header, *path.rows)]
    room = TEXT_WIDTH - grid_width(zip(*numbers, strict=True))
    if room < 0:
        return []
    columns, rows = "r" * len(numbers[0]), numbers
    if max(len(str(row[-1][0])) for row in path.rows) * _LETTER <= room:  # else: the events are told in words, too
        columns, rows = f"{columns}l", [(*row, last) for row, last in zip(numbers, words, strict=True)]
    is_cut = any(r"\ldots" in cell for row in numbers for cell in row)
    said = f"The path, corner by corner{', its decimals cut' if is_cut else ''}:"
    return [Prose(said), Grid(columns, rows[0], folded(rows[1:], path.rows_are))]


def _formula(sentence: Sentence) -> str:
    (part,) = sentence
    return escape(part) if isinstance(part, str) else latex(part)


def _table(problem: Problem, trajectory: Trajectory) -> list[Block]:
    points = trajectory.checkpoints
    if not points:
        return []
    function, variable = letters(problem)
    digits = trajectory.digits
    with working_digits(digits + 5):
        squares = [each.norm * each.norm for each in points]
    header = ["t", function, rf"\norm {variable}^2"]
    columns = [[each.time for each in points], [each.objective for each in points], squares]
    for name, values in (
        (r"\textnormal{margin}", [each.margin for each in points]),
        (r"\textnormal{soft margin}", [each.soft_margin for each in points]),
    ):
        if any(value is not None for value in values):
            header.append(name)
            columns.append(values)
    rows = []
    for row in zip(*columns, strict=True):
        time, *numbers = row
        cells = [table_number(value, digits) for value in numbers]
        rows.append(
            (
                in_line(many_digits(time, digits, most=6)),
                *(r"\textnormal{--}" if isinstance(cell, str) else in_line(cell) for cell in cells),
            )
        )
    return [Prose("On the way,"), Grid("r" * len(header), tuple(header), folded(rows, "checkpoints"))]


def _conserved(problem: Problem, trajectory: Trajectory) -> tuple[list[Block], list[Entry]]:
    laws = [each for each in trajectory.invariants if "[" in each.name] or list(trajectory.invariants)
    if not laws:
        return [], []
    lines = []
    for law in laws[:_MOST_LAWS]:
        value = rational_latex(fmpq(law.value.numerator, law.value.denominator))
        lines.append(f"{law_latex(law.name)}&={value}")
    more = "" if len(laws) <= _MOST_LAWS else f" and {len(laws) - _MOST_LAWS} more of this kind"
    shape = str(problem.architecture) + (" with biases" if problem.architecture.has_biases else "")
    proof = (
        "On every piece the incoming weights of a hidden unit and its outgoing ones have the same inner product with "
        "their gradients, up to the degree of the activation (Euler); that is linear in the gradient, so it holds for "
        "every element of the differential, and the derivative of each quantity is minus twice their difference, so 0."
    )
    statement = Statement(
        "Proposition",
        (Prose(f"Along every solution these quantities are constant{more}:"), Formula(tuple(lines))),
        Verdict("proved", f"shape {shape}, any data", "Euler's identity, piece by piece"),
        (Prose(proof),),
        name=r"balancing, \cite[Theorem~2.1]{du2018}",
    )
    stated = "norms of incoming and outgoing weights stay balanced"
    entry = Entry(stated, "proved", f"shape {shape}, any data", "Euler's identity, piece by piece")
    return [statement], [entry]


def _soft_margin(trajectory: Trajectory) -> tuple[list[Block], list[Entry]]:
    monitor = next((each for each in trajectory.monitors if each.name == "soft_margin_monotone"), None)
    if monitor is None:
        return [], []
    zero = trajectory.facts.get("soft_margin_zero")
    when = "from the start on"
    if zero is not None:
        written = in_line(many_digits(zero, trajectory.digits)).replace(" ", r"\,")
        when = f"from its zero at $t={written}$ on"
    elif monitor.standing != "proved":
        when = "once it is positive"
    degree = homogeneity(cast(AbstractPatternedFunction, trajectory.facts["function"]))
    power = "" if degree == 1 else f"^{{{degree}}}"
    times = "" if degree == 1 else f"{degree}\\,"
    u = in_use().soft_margin
    text = (
        rf"The soft margin ${u}/\norm w{power}$, ${u}=-\ln\sum_k e^{{-m_k}}$, does not decrease {when} "
        rf"\cite[Theorem~4.1]{{lyu2020}}. In the time of "
        rf"the flow of $-{u}$, which has the same orbits, ${u}'=\norm{{w'}}^2\ge\norm{{w'}}\,\ip{{w/\norm w}}{{w'}}$, "
        rf"and $\ip w{{w'}}\ge {times}{u}$ \cite[Lemma~B.5]{{lyu2020}}; so the derivative of the quotient is not "
        rf"negative while ${u}>0$."
    )
    if monitor.standing == "observed":
        return [Prose(text)], []
    word: Word = "proved" if monitor.standing == "proved" else "enclosed"
    ground = "positive at the start, exactly" if word == "proved" else "positive on the whole enclosure"
    return [Prose(text, Verdict(word, "this start", ground))], [
        Entry("the soft margin does not decrease", word, "this start", ground)
    ]
