r"""What a notebook shows of an object: its formula, or its verdict as a tag; never more than 2000 characters.

``ClarkeDifferential``, ``Network``, the verdicts, ``Theorem`` and ``Derivation`` have the two hooks of IPython,
``_repr_latex_`` and ``_repr_html_``; both ask :func:`show`. Where it returns None, the notebook shows the one line of
``repr``.
"""

from __future__ import annotations

import html

from symflow.cells.derivation import Derivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.nets.network import Network
from symflow.problem import Problem
from symflow.proofs.kernel import Theorem
from symflow.reports.derive_latex import derive_latex
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import pmatrix
from symflow.reports.latex_width import TEXT_WIDTH
from symflow.reports.notes.context import bare_context
from symflow.reports.notes.sets import set_formula
from symflow.reports.theorem_html import theorem_html
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

# Beyond this many characters an object falls back to its one line.
MOST_CHARACTERS = 2000

# A notebook is about twice as wide as a page.
_NOTEBOOK_WIDTH = 2 * TEXT_WIDTH

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
    elif style == "latex":
        shown = _formula(thing)
    return shown if shown is not None and len(shown) <= MOST_CHARACTERS else None


def _formula(thing: object) -> str | None:
    if isinstance(thing, ClarkeDifferential):
        return _clarke(thing)
    if isinstance(thing, Network):
        return f"$${_network(thing)}$$" if thing.architecture.n_parameters <= 200 else None
    if isinstance(thing, Derivation):
        return _pieces(thing)
    return None


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
    first = derive_latex(problem, derivation).partition("\\[")[2].partition("\\]")[0].strip()
    return f"$${first}$$" if "cases" in first else None


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
