"""The section on the gradient, layer by layer, and its limits at the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symflow.exact.exponential_numbers import Scalar
from symflow.nets.objective import Output, Risk
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, joined_to_lines, listed
from symflow.reports.notes.document import Block, Chapter, Entry, Formula, Prose, Section, Verdict
from symflow.reports.notes.matrices import matrix_product
from symflow.reports.notes.patterns import pieces_of
from symflow.reports.notes.pieces import short_point


def gradient_chapter(context: Context) -> Chapter:
    """Return the section on the gradient, layer by layer."""
    shape = context.shape
    general = f"every net of {'this form' if shape.n_layers > 2 else 'two layers'}"
    verdict = Verdict("proved", general, "chain rule on each piece")
    entry_name = r"\nabla f" if context.is_input else r"\nabla_{W_l}f"
    entries = [Entry(f"${entry_name}$ as in Section~\\ref{{gradient}}", "proved", general, verdict.ground)]
    limits = _distinct(context)
    after = _coefficient_sentence(context, limits)
    # What follows goes on with the sentence, or begins one.
    formula = _gradient_formula(context, "," if after[:1].islower() else ".")
    told = [*([Prose(after, continues=True)] if after else []), *_limits(context, limits)]
    said, *rest = told or [Prose("", continues=True)]
    assert isinstance(said, Prose)  # a display of limits has its opening
    blocks: list[Block] = [Prose("On a piece,"), formula, replace(said, verdict=verdict), *rest]
    return Chapter(Section("The gradient, layer by layer\\label{gradient}", tuple(blocks)), tuple(entries))


def _gradient_formula(context: Context, end: str) -> Formula:
    shape, L = context.shape, context.shape.n_layers  # the depth has this letter
    if context.is_input:
        return Formula((rf"\nabla f(x)=\bigl({matrix_product(shape, L, 1)}\bigr)^{{\!\top}}{end}",))
    if L == 1:
        formulas = [r"\nabla_{W_1}f(x;w)=x^\top"]
    elif L == 2:
        through = "W_2" + ("A(x)" if shape.activation(1).has_sites else "")
        formulas = [rf"\nabla_{{W_1}}f(x;w)=\bigl({through}\bigr)^{{\!\top}}x^\top"]
        below = "W_1x+b_1" if shape.has_biases else "W_1x"
        if shape.has_biases or not shape.activation(1).is_piecewise_linear or shape.activation(1).is_group:
            inside = below if not shape.activation(1).has_sites else rf"\sigma({below})"
            formulas.append(rf"\nabla_{{W_2}}f(x;w)={inside}^\top")
        else:
            matrix = "A(x)" if shape.activation(1).has_sites else ""
            formulas.append(rf"\nabla_{{W_2}}f(x;w)=\bigl({matrix}{below}\bigr)^{{\!\top}}")
    else:
        formulas = [
            rf"\nabla_{{W_l}}f(x;w)=\bigl(W_{L}A_{L - 1}\cdots W_{{l+1}}A_l\bigr)^{{\!\top}}h_{{l-1}}(x)^\top",
            r"h_0(x)=x",
            "h_l(x)=A_lz_l(x)" if all(a.is_piecewise_linear for a in shape.activations) else r"h_l(x)=\sigma(z_l(x))",
        ]
    if shape.has_biases:
        first = r"(W_2A(x))^\top" if L == 2 else rf"\bigl(W_{L}A_{L - 1}\cdots W_{{l+1}}A_l\bigr)^{{\!\top}}"
        name = "b_1" if L == 2 else "b_l"
        formulas.append(rf"\nabla_{{{name}}}f(x;w)={first}" if L > 1 else r"\nabla_{b_1}f(x;w)=1")
        if L == 2:
            formulas.append(r"\nabla_{b_2}f(x;w)=1")
    if shape.n_outputs > 1:
        formulas = [f.replace(f"W_{L}", f"w_{L}") for f in formulas] if L > 1 else formulas
    lines = joined_to_lines(formulas, r",\qquad ")
    lines[-1] += end
    return Formula(tuple(lines))


def _coefficient_sentence(context: Context, limits: Mapping[str, list[str]]) -> str:
    function = context.function
    row = ""
    if context.shape.n_outputs > 1 and context.shape.n_layers > 1 and not context.is_input:
        top = context.shape.n_layers
        row = f"where $w_{top}$ is row {function.output + 1} of $W_{top}$; the gradient by its other rows is $0$. "
    if isinstance(function.objective, Output):
        return row + _limit_opening(context, limits)
    coefficients = [context.number(c) for c in function.coefficients]
    total = f"\\nabla {context.F}=\\sum_k\\rho_k\\,\\nabla f(x_k;w)"
    if context.is_input:
        total = f"\\nabla {context.F}=\\rho\\,\\nabla f"
        return f"{row}and ${total}$ with $\\rho={coefficients[0]}$ at the point. {_limit_opening(context, limits)}"
    values = [f"$\\rho_{k}={c}$" if k < 10 else f"$\\rho_{{{k}}}={c}$" for k, c in enumerate(coefficients, start=1)]
    if len(values) > 6 or sum(map(width, values)) > 500:
        if len({*coefficients}) == 1:
            said = f"$\\rho_k={coefficients[0]}$ for every $k$"
        elif len(values) <= 12:
            said = listed(values)
        else:
            said = f"{', '.join(values[:4])}, and so on"
    else:
        said = listed(values)
    name = r"\rho_k=\ell'(m_k)\,y_k" if _is_margin_risk(context) else r"\rho_k"
    frozen = f"the frozen coefficients ${name}$" if _is_margin_risk(context) else "the frozen coefficients"
    return f"{row}and ${total}$ with {frozen}, at $w$ {said}. {_limit_opening(context, limits)}"


def _is_margin_risk(context: Context) -> bool:
    objective = context.function.objective
    return isinstance(objective, Risk) and objective.loss.name != "squared" and not objective.is_mean


def _limit_opening(context: Context, gradients: Mapping[str, list[str]]) -> str:
    what = "the input tend" if context.is_input else "the weights tend"
    target = short_point(context)
    if not gradients:
        return ""
    if not context.kink_sites or len(gradients) == 1:
        where = "There" if not context.kink_sites else f"Letting {what} to ${target}$ inside any piece"
        return f"{where}" if not context.kink_sites else f"{where},"
    return f"Letting {what} to ${target}$ inside each piece,"


def _distinct(context: Context) -> dict[str, list[str]]:
    """Return the limits of the gradient, laid out, each with the pieces that have it; empty where they are many."""
    result: dict[str, list[str]] = {}
    known: dict[tuple[Scalar, ...], str | None] = {}
    for piece in pieces_of(context):
        gradient = tuple(context.function.limiting_gradient(piece.characters))
        if gradient not in known:
            known[gradient] = context.element(gradient)
        layout = known[gradient]
        if layout is None:
            return {}
        result.setdefault(layout, []).append(piece.name)
    most = 8 if context.is_input else 4
    return result if len(result) <= most else {}


def _limits(context: Context, gradients: Mapping[str, list[str]]) -> list[Block]:
    if not gradients:
        if context.differential.shortcut:
            return []
        count = context.differential.n_limiting_gradients
        if context.reading is None:
            return []
        if context.reading.is_point:
            return [Prose("The limit at the point is the vector of Theorem~\\ref{clarke}.", continues=True)]
        many = f"{count} different" if count and count > 1 else "the"
        return [
            Prose(
                f"The limits at the point are {many} vectors; Theorem~\\ref{{clarke}} says which set they span.",
                continues=True,
            )
        ]
    pieces = []
    for layout, names in gradients.items():
        listed_names = r",\,".join(names)
        where = rf"\ \text{{in }}{listed_names}" if len(gradients) > 1 else ""
        pieces.append(f"{layout}{where}")
    arrow = rf"\nabla {context.F}\;\to\;" if context.kink_sites else rf"\nabla {context.F}="
    lines = joined_to_lines(pieces, r",\qquad ", TEXT_WIDTH - 50)
    if width(lines[0]) + 50 > TEXT_WIDTH:
        lines = [arrow, *lines]
    else:
        lines = [f"{arrow}&{lines[0]}" if i == 0 else f"&{line}" for i, line in enumerate(lines)]
    if len(lines) == 1:
        lines[0] = lines[0].replace("\\to\\;&", "\\to\\;").replace("=&", "=", 1)
    lines[-1] += "."
    return [Formula(tuple(lines))]
