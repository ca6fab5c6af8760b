r"""What a notebook shows of an object: its formula, or its verdict as a tag; never more than 2000 characters.

The public objects have the hooks of IPython, ``_repr_latex_`` and ``_repr_html_``, or one of them; they ask
:func:`show`. Where it returns None, the notebook shows the one line of ``repr``. Tables (``objects_html.py``) and a
theorem with its proof folded in may be longer; they have a bound on their rows instead.
"""

from __future__ import annotations

import html
import re

from symflow.cells.derivation import Derivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.exact.exponential_numbers import ExponentialNumber
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.proofs.kernel import Theorem
from symflow.reports.derive_latex import derive_latex
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import pmatrix
from symflow.reports.latex_width import TEXT_WIDTH
from symflow.reports.notes.context import bare_context
from symflow.reports.notes.problem import activation_definitions, net_formula
from symflow.reports.notes.sets import set_formula
from symflow.reports.objects_html import objects_html
from symflow.reports.phrases import counted
from symflow.reports.readable.written_numbers import approximation, number_expression
from symflow.reports.theorem_html import theorem_html
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

# Beyond this many characters an object falls back to its one line.
MOST_CHARACTERS = 2000

# Matrices of nets with more parameters are not tried; of more pieces the first are shown.
_MOST_PARAMETERS, _MOST_PIECES = 200, 8

# A notebook is about twice as wide as a page.
_NOTEBOOK_WIDTH = 2 * TEXT_WIDTH

_DISPLAY = re.compile(r"\\\[(.*?)(?<!\\)\\\]", re.DOTALL)

_TAGS = {Proved: ("■", "proved"), Refuted: ("⊠", "refuted"), Undecided: ("□", "undecided")}
_GROUNDS = {"weights": "convex weights, exact", "separator": "separating direction, exact"}


def show(thing: object, style: str) -> str | None:
    r"""Return how a notebook shows a thing, or None for its plain text.

    Parameters
    ----------
    thing : object
        A result.
    style : str
        ``"latex"`` or ``"html"``.

    Examples
    --------
    >>> print(show(Network.from_weights([[1, "-1/2"]]), "latex"))
    $$W_1=\begin{pmatrix}1&-\tfrac12\end{pmatrix}$$
    >>> print(show(Refuted(separator=(-1, 0)), "html"))
    <p class="sf-tag"><span aria-hidden="true">⊠</span> <b>refuted</b> <i>separating direction, exact</i></p>
    """
    shown: str | None = None
    if isinstance(thing, AbstractVerdict):
        shown = _tag(thing) if style == "html" else None
    elif isinstance(thing, Theorem):
        return theorem_html(thing) if style == "html" else None
    elif style == "html":
        return objects_html(thing)
    elif style == "latex":
        shown = _formula(thing)
    return shown if shown is not None and len(shown) <= MOST_CHARACTERS else None


def _formula(thing: object) -> str | None:
    if isinstance(thing, ClarkeDifferential):
        return _clarke(thing)
    if isinstance(thing, Network):
        return f"$${_network(thing)}$$" if thing.architecture.n_parameters <= _MOST_PARAMETERS else None
    if isinstance(thing, Derivation):
        return _pieces(thing)
    if isinstance(thing, Realization):
        return _realization(thing)
    if isinstance(thing, EmpiricalRisk):
        return _risk(thing)
    if isinstance(thing, ExponentialNumber):
        return rf"${latex(number_expression(thing))}\approx {latex(approximation(thing))}$"
    return None


def _realization(f: Realization) -> str | None:
    shape = f.network.architecture
    entry = f"_{f.output}" if shape.n_outputs > 1 else ""
    matrices = rf",\qquad {_network(f.network)}" if shape.n_parameters <= _MOST_PARAMETERS else ""
    names = f"\n\nwith {activation_definitions(shape)}" if activation_definitions(shape) else ""
    return rf"$$f(x)={_of_output(net_formula(shape), entry)}{matrices}$${names}"


def _risk(risk: EmpiricalRisk) -> str:
    shape, n = risk.network.architecture, risk.data.n_inputs
    entry = f"_{risk.output}" if shape.n_outputs > 1 else ""
    inside = {
        "exponential": r"e^{-y_kf(x_k;w)}",
        "logistic": r"\ln\bigl(1+e^{-y_kf(x_k;w)}\bigr)",
        "squared": r"\tfrac12\bigl(f(x_k;w)-y_k\bigr)^2",
    }[risk.loss]
    mean = rf"\frac1{{{n}}}" if risk.is_mean else ""
    net = rf"f(x;w)={_of_output(net_formula(shape), entry)}"
    names = f"\n\nwith {activation_definitions(shape)}" if activation_definitions(shape) else ""
    return rf"$$R(w)={mean}\sum_{{k=1}}^{{{n}}}{inside},\qquad {net}$${names}"


def _of_output(formula: str, entry: str) -> str:
    return rf"\bigl({formula}\bigr){entry}" if entry else formula


def _clarke(differential: ClarkeDifferential) -> str | None:
    r"""Return ∂R(w) = { .. : θ in [0, 1] }, c = .. ."""
    if not differential.is_exact:
        return None
    context = bare_context(differential)
    found = set_formula(context, _NOTEBOOK_WIDTH)
    if found is None:
        return None
    text = f"$${context.set_name}={found.braced}".replace(",\\ \\begin", ",\\\n\\begin")
    for constant in context.notation.constants:
        text += rf",\qquad {latex(constant.symbol)}={latex(constant.expression)}"
    return f"{text}$$"


def _pieces(derivation: Derivation) -> str | None:
    """Return the function piece by piece: the first display of ``symflow derive --latex``."""
    problem = Problem(architecture=derivation.net.architecture, variable=derivation.variable)
    text = derive_latex(problem, derivation)
    displays = _DISPLAY.findall(text)
    in_cases = [place for place, display in enumerate(displays) if r"\begin{cases}" in display]
    if not in_cases:
        return None
    # What stands before the function piece by piece says what its letters are; gradients and kinks come after it.
    last = in_cases[0]
    while last + 1 in in_cases:
        last += 1
    shown = [_cut(display.strip()) for display in displays[: last + 1]]
    signs = next((line for line in text.splitlines() if line.startswith("The signs are")), "")
    return "\n".join(f"$${display}$$" for display in shown) + (f"\n\n{signs}" if signs else "")


def _cut(cases: str) -> str:
    """Return cases with their first rows, and how many more there are."""
    opening, *rows = cases.split("\n")
    left = len(rows) - 1 - _MOST_PIECES  # the last line is the end of the environment
    if r"\begin{cases}" not in opening or left <= 0:
        return cases
    more = rf"    \text{{and {counted(left, 'more piece')}}}"
    return "\n".join([opening, *rows[:_MOST_PIECES], more, rows[-1]])


def _network(network: Network) -> str:
    pieces = []
    for layer, matrix in enumerate(network.weights, start=1):
        pieces.append(f"W_{layer}={pmatrix([[rational_latex(entry) for entry in row] for row in matrix])}")
        if network.biases is not None:
            column = [[rational_latex(entry)] for entry in network.biases[layer - 1]]
            pieces.append(f"b_{layer}={pmatrix(column)}")
    return r",\ ".join(pieces)


def _tag(verdict: AbstractVerdict) -> str:
    """Return a verdict as a tag that reads without colour, and to a screen reader."""
    sign, word = _TAGS[type(verdict)]
    ground = "; ".join(
        _GROUNDS.get(name, html.escape(f"{value}" if name == "reason" else name))
        for name, value in verdict.evidence.items()
    )
    how = f" <i>{ground}</i>" if ground else ""
    return f'<p class="sf-tag"><span aria-hidden="true">{sign}</span> <b>{word}</b>{how}</p>'
