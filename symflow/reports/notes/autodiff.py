r"""The section on what automatic differentiation says: each convention, held against the set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.activations.base import AbstractActivation
from symflow.differentials.selection import Selection
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, decimal_text
from symflow.exact.rationals import fmpq
from symflow.exact.ray_interval import ray_interval
from symflow.reports.expressions import Decimal
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, listed
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
)
from symflow.reports.notes.sets import parameter_value
from symflow.reports.readable.blocks import Line, lines_of

# Sets with more vertices in one factor are not cut with the line of all slopes.
_MOST_VERTICES, _MOST_IRRATIONAL_VERTICES = 200, 40

_WORDS = {
    "autodiff": "automatic differentiation",
    "lower": "the left slopes",
    "middle": "the mean slopes",
    "upper": "the right slopes",
}
_MEMBERS = {
    "autodiff": "the first member",
    "lower": "the first member",
    "middle": "the average",
    "upper": "the last member",
}


@final
@dataclass(frozen=True)
class Convention:
    """What one choice at the kinks returns; conventions with equal slopes are one."""

    label: str
    selection: Selection
    is_autodiff: bool


def autodiff_chapter(context: Context) -> Chapter | None:
    """Return the section on automatic differentiation; None where there is no kink."""
    if not context.kink_sites:
        return None
    conventions = conventions_of(context)
    blocks: list[Block] = [*_family(context), _proposition(context, conventions)]
    safe = _safe_by(context)
    if safe is not None:
        blocks.append(safe)
    entries = [_entry(context, convention) for convention in conventions]
    return Chapter(Section("What automatic differentiation says", tuple(blocks)), tuple(entries))


# ---------------------------------------------------------------------- the conventions


def _activation(context: Context) -> AbstractActivation | None:
    """Return the one activation that is on a kink; None where they differ."""
    kinds = {context.shape.activation(context.function.table.sites[i].layer) for i in context.kink_sites}
    return kinds.pop() if len(kinds) == 1 else None


def conventions_of(context: Context) -> list[Convention]:
    """Return the conventions, those with equal slopes as one, in the order of their slopes."""
    activation = _activation(context)
    result: dict[str, Convention] = {}
    for selection in context.report.selections:
        label = _label(activation, selection.name)
        if label not in result:
            result[label] = Convention(label, selection, selection.name == "autodiff")
    return sorted(result.values(), key=lambda convention: _order(activation, convention.selection.name))


def _order(activation: AbstractActivation | None, name: str) -> fmpq:
    if activation is None or activation.is_group:
        return fmpq(("autodiff", "lower", "middle", "upper").index(name))
    return activation.conventional_slopes((fmpq(0),), name)[0]


def _label(activation: AbstractActivation | None, name: str) -> str:
    """Return the slope of a convention, or words where it is not one number."""
    if activation is None:
        return _WORDS[name]
    if activation.is_group:
        return _MEMBERS[name]
    return f"${rational_latex(activation.conventional_slopes((fmpq(0),), name)[0])}$"


def is_slope(context: Context) -> bool:
    """Whether a convention is one slope at the kinks."""
    activation = _activation(context)
    return activation is not None and not activation.is_group


def _named(context: Context, convention: Convention) -> str:
    """Return the gradient of a convention as the subject of a sentence."""
    if is_slope(context):
        return f"with $\\sigma'(0)={convention.label.strip('$')}$"
    return f"{'by' if convention.label == _WORDS['autodiff'] else 'with'} {convention.label}"


def word_on(context: Context, convention: Convention) -> Word:
    """Return the verdict on a convention; a proposition may know what a bound on the set leaves open."""
    verdict = convention.selection.verdict
    if verdict.is_refuted:
        return "refuted"
    is_safe = convention.is_autodiff and context.report.safe_by is not None
    return "proved" if verdict.is_proved or is_safe else "undecided"


# ---------------------------------------------------------------------- all slopes at once


def _family(context: Context) -> list[Block]:
    """Return for which slopes a at the kink the chain rule is right, where the gradient is affine in a."""
    if not is_slope(context) or context.shape.n_hidden_layers != 1 or not context.differential.is_exact:
        return [Prose(_opening(context))]
    function = context.function
    start = function.conventional_gradient(fmpq(0))
    end = function.conventional_gradient(fmpq(1))
    step: list[Scalar] = [b - a for a, b in zip(start, end, strict=True)]
    if all(entry == 0 for entry in step):
        return [Prose("The chain rule returns the same vector whatever slope it takes for $\\sigma'(0)$.")]
    interval = _interval(context, start, step)
    if isinstance(interval, str):
        return [Prose(_opening(context))]
    text = "The chain rule with a fixed value $\\sigma'(0)=a$ returns"
    tau = in_place_of_tau(context, start, step)
    text += (
        f", in place of ${tau[0]}$, the number ${tau[1]}$. It is right"
        if tau
        else " a vector that depends on $a$. It lies"
    )
    target = "" if tau else f" in ${context.set_name}$"
    if interval is None:
        return [Prose(f"{text}{target} for no $a$.")]
    low, high = interval
    if low == high:
        return [Prose(f"{text}{target} exactly when $a={context.number(low)}$.")]
    formula = rf"{_display(context, low)}\ \le\ a\ \le\ {_display(context, high)}"
    if isinstance(low, ExponentialNumber) or isinstance(high, ExponentialNumber):
        formula += rf"\qquad({_decimal(low)}\le a\le{_decimal(high)})"
    if width(formula) > TEXT_WIDTH:
        formula = rf"{_decimal(low)}\le a\le{_decimal(high)}"
    return [Prose(f"{text}{target} if and only if"), Formula((f"{formula}.",))]


def _display(context: Context, value: Scalar) -> str:
    return context.number(value).replace(r"\tfrac", r"\frac")


def _decimal(value: Scalar) -> str:
    if isinstance(value, ExponentialNumber):
        return latex(Decimal(decimal_text(value, 4), True))
    return rational_latex(value)


def _opening(context: Context) -> str:
    what = (
        "slope at each kink"
        if not any(context.function.table.sites[i].is_group for i in context.kink_sites)
        else "choice at each kink"
    )
    return (
        f"The chain rule needs a {what}, and returns a vector for each choice; it need not lie in ${context.set_name}$."
    )


def _interval(context: Context, start: Sequence[Scalar], step: Sequence[Scalar]) -> tuple[Scalar, Scalar] | str | None:
    """Return the least and the greatest a with start + a·step in the set; "unknown" where that is too much work."""
    low: Scalar | None = None
    high: Scalar | None = None
    for factor in context.differential.factors:
        vertices = factor.inner.vertices
        is_rational = not any(isinstance(entry, ExponentialNumber) for vertex in vertices for entry in vertex)
        if len(vertices) > (_MOST_VERTICES if is_rational else _MOST_IRRATIONAL_VERTICES):
            return "unknown"
        here = tuple(start[place] for place in factor.places)
        along = tuple(step[place] for place in factor.places)
        if all(entry == 0 for entry in along):
            if type(factor.inner.locate(here)).__name__ == "Separated":
                return None
            continue
        found = ray_interval(here, along, factor.inner.vertices)
        if found is None:
            return None
        low = found[0] if low is None or found[0] > low else low
        high = found[1] if high is None or found[1] < high else high
    if low is None or high is None:
        return "unknown"
    return (low, high) if low <= high else None


def in_place_of_tau(context: Context, start: Sequence[Scalar], step: Sequence[Scalar]) -> tuple[str, str] | None:
    """Return τ and what stands in its place, where the set is −τ p for one τ and the start is 0 there."""
    reading = context.reading
    if reading is None or len(reading.parts) != 1 or len(reading.parts[0].auxiliaries) != 1:
        return None
    part = reading.parts[0]
    ray = context.notation.on_a_ray(part.base)
    along = context.notation.on_a_ray(tuple(step[place] for place in part.places))
    if ray is None or along is None or ray[1] != along[1] or any(start[place] != 0 for place in part.places):
        return None
    if any(step[place] != 0 for place in range(len(step)) if place not in part.places):
        return None
    number = along[0] * (part.auxiliaries[0].at_zero / ray[0])
    shown = context.number(number)
    if number == 1:
        return latex(part.auxiliaries[0].symbol), "a"
    return latex(part.auxiliaries[0].symbol), f"a({shown})" if "+" in shown or "-" in shown else f"{shown}\\,a"


# ---------------------------------------------------------------------- the proposition


def _proposition(context: Context, conventions: list[Convention]) -> Statement:
    body: list[Block] = [Prose(_sentence(context, conventions)), *_grid(context, conventions)]
    autodiff = next(convention for convention in conventions if convention.is_autodiff)
    word = word_on(context, autodiff)
    grounds = {
        "proved": "convex weights, exact" if autodiff.selection.verdict.is_proved else "the remark below",
        "refuted": "separating direction, exact",
        "undecided": "the set is only enclosed",
    }
    claim, ground = "``autodiff returns a Clarke subgradient''", grounds[word]
    if word == "proved" and any(word_on(context, each) == "refuted" for each in conventions):
        claim += (
            f", that is {autodiff.label}"
            if not is_slope(context)
            else rf", with $\sigma'(0)={autodiff.label.strip('$')}$"
        )
        ground += "; what is not in the set, by a separating direction"
    margin = Verdict(word, claim, ground)
    proof = _proof(context, conventions)
    return Statement("Proposition", tuple(body), margin, proof=(Prose(" ".join(proof)),) if proof else ())


def _sentence(context: Context, conventions: list[Convention]) -> str:
    outside = [_named(context, c) for c in conventions if word_on(context, c) == "refuted"]
    inside = [_named(context, c) for c in conventions if word_on(context, c) == "proved"]
    open_ones = [_named(context, c) for c in conventions if word_on(context, c) == "undecided"]
    name = f"${context.set_name}$"
    if not outside and not open_ones:
        return f"The gradients returned {listed(inside)} are in {name}."
    said = []
    if outside:
        said.append(f"The gradient returned {outside[0]} is not in {name}")
        said[-1] += "".join(f"; neither is the one {other}" for other in outside[1:])
    if inside:
        start = "The one" if said else "The gradient returned"
        is_one = len(inside) == 1
        said.append(
            f"{start if is_one else start + 's'} {listed(inside)} {'is' if is_one else 'are'}"
            + ("" if outside else f" in {name}")
        )
    if open_ones:
        said.append(f"For the gradient {listed(open_ones)} this is undecided")
    return ". ".join(said) + "."


def _grid(context: Context, conventions: list[Convention]) -> list[Block]:
    """Return the table of the conventions, with the blocks in which they differ."""
    lines = [
        line
        for line in lines_of(context.function)
        if len({tuple(c.selection.gradient[p] for p in line.places) for c in conventions}) > 1
    ]
    answers = {"proved": "yes", "refuted": "no", "undecided": "undecided"}
    header = [r"\sigma'(0)" if is_slope(context) else r"\textnormal{choice}"]
    header += [rf"\textnormal{{{_line_words(context, line)}}}" for line in lines]
    header.append(rf"\textnormal{{in ${context.set_name}$?}}")
    rows = []
    for convention in conventions:
        verdict = convention.selection.verdict
        word = answers[word_on(context, convention)]
        label = convention.label.strip("$") if is_slope(context) else rf"\textnormal{{{convention.label}}}"
        blocks = [context.vector([convention.selection.gradient[p] for p in line.places]) for line in lines]
        theta = parameter_value(context, convention.selection.gradient) if verdict.is_proved else None
        rows.append([label, *blocks, rf"\textnormal{{{word}{f', ${theta}$' if theta else ''}}}"])
    if sum(max(map(width, column)) + 14 for column in zip(header, *rows, strict=True)) > TEXT_WIDTH:
        header = [header[0], header[-1]]
        rows = [[row[0], row[-1]] for row in rows]
    return [Grid("c" * (len(header) - 1) + "l", tuple(header), tuple(tuple(row) for row in rows))]


def _line_words(context: Context, line: Line) -> str:
    name = line.name
    if name.letter == "x":
        return "the gradient"
    if context.is_by_neurons and name.letter == "W" and name.layer == 1:
        return f"row $u_{{{name.row or 1}}}$ of the gradient"
    return f"${latex(name)}$"


def _proof(context: Context, conventions: list[Convention]) -> list[str]:
    """Return why each vector lies inside or outside, those of one kind together."""
    said, inside = [], []
    for convention in conventions:
        verdict = convention.selection.verdict
        if verdict.is_refuted:
            said.append(_separation(context, convention))
        elif verdict.is_proved:
            theta = parameter_value(context, convention.selection.gradient)
            if theta is not None:
                said.append(f"The vector {_named(context, convention)} is the element ${theta}$.")
            else:
                inside.append(_named(context, convention))
    if inside and context.reading is not None and context.reading.is_point:
        said.append(f"The vector {listed(inside)} is the point itself.")
    elif inside:
        are = "s {} are convex combinations" if len(inside) > 1 else " {} is a convex combination"
        start = are.format(listed(inside))
        said.append(f"The vector{start} of the vertices; the weights are in \\texttt{{results.json}}.")
    return said


def _separation(context: Context, convention: Convention) -> str:
    """Return a direction and both values."""
    verdict = convention.selection.verdict
    separator = verdict.evidence["separator"]
    least = _least(context, separator)
    value: Scalar = fmpq(0)
    for u, g in zip(separator, convention.selection.gradient, strict=True):
        value = value + u * g
    shown = direction_words(context, separator)
    if shown is None or least is None:
        return f"For {_named(context, convention)} a separating direction is in \\texttt{{results.json}}."
    return (
        f"With {shown}, every $s\\in {context.set_name}$ has $\\ip ds\\ge {context.number(least)}$; "
        f"the vector {_named(context, convention)} gives ${context.number(value)}$."
    )


def direction_words(context: Context, separator: Sequence[fmpq]) -> str | None:
    """Return a direction in words; None where it has too many parts."""
    moved = [line for line in lines_of(context.function) if any(separator[p] != 0 for p in line.places)]
    if context.is_input:
        return f"$d={context.plain_vector(separator) if len(separator) > 1 else rational_latex(separator[0])}$"
    if len(moved) > 2:
        return None
    said = []
    for line in moved:
        entries = [separator[p] for p in line.places]
        shown = context.plain_vector(entries) if len(entries) > 1 else rational_latex(entries[0])
        if context.is_by_neurons and line.name.letter == "W" and line.name.layer == 1:
            said.append(f"${shown}$ in the row $u_{{{line.name.row or 1}}}$")
        else:
            said.append(f"${shown}$ in ${latex(line.name)}$")
    return f"$d$ equal to {listed(said)} and $0$ elsewhere"


def _least(context: Context, separator: Sequence[fmpq]) -> Scalar | None:
    """Return the least value of the direction on the set, or on what contains it."""
    total: Scalar = fmpq(0)
    for place, value in context.differential.constant:
        total = total + separator[place] * value
    for factor in context.differential.factors:
        if factor.outer is None:
            return None
        values = []
        for vertex in factor.outer.vertices:
            here: Scalar = fmpq(0)
            for place, entry in zip(factor.places, vertex, strict=True):
                here = here + separator[place] * entry
            values.append(here)
        total = total + min(values)
    return total


def _safe_by(context: Context) -> Statement | None:
    """Return the remark on the theorem that says beforehand that automatic differentiation is right here."""
    if context.report.safe_by == "proposition 8":
        text = (
            "Here automatic differentiation was safe beforehand: for every neuron of the first layer the data on its "
            "kink lie in an open half-space. Moved a little against it, the neuron becomes inactive on all of them. A "
            "unit of a higher layer that is on its kink has features that vanish near the point, where its slope does "
            "not matter, or some that are positive and none that is negative, and is moved off by smaller weights. So "
            "there is a piece on which all of them are inactive, and its gradient is what $\\sigma'(0)=0$ returns."
        )
        verdict = Verdict("proved", "relu nets of any depth", "half-spaces, exact")
        return Statement("Remark", (Prose(text),), verdict)
    if context.report.safe_by == "proposition 5":
        text = (
            "Here automatic differentiation was safe beforehand: with one hidden layer the cells come in opposite "
            "pairs, entered by a direction and by the opposite one. The mean of their two gradients is what the mean "
            "of both slopes returns, and so an element of the set."
        )
        return Statement("Remark", (Prose(text),), Verdict("proved", "one hidden layer", "opposite cells"))
    return None


# By what it is known of a vector whether it lies in the set.
_GROUNDS = {
    "proved": "convex weights, exact",
    "refuted": "separating direction, exact",
    "undecided": "the set is only enclosed",
}


def _entry(context: Context, convention: Convention) -> Entry:
    subject = convention.label
    if is_slope(context):
        subject = f"$\\sigma'(0)={convention.label.strip('$')}$"
    word = word_on(context, convention)
    stated = f"{subject} gives an element of ${context.set_name}$"
    return Entry(stated, word, context.scope, _GROUNDS[word])


def autodiff_summary(context: Context) -> str:
    """Return the sentence of the abstract."""
    if not context.kink_sites:
        return "Automatic differentiation returns it."
    verdict = context.report.autodiff.verdict
    if verdict.is_undecided and context.report.safe_by is None:
        return "Whether automatic differentiation returns an element of it is undecided."
    if verdict.is_refuted:
        return "Automatic differentiation returns a vector that is \\emph{not} in it."
    return "Automatic differentiation returns an element of it."
