r"""What a notebook shows of an object: its formula, or its verdict as a tag; never more than 2000 characters.

The public objects have the hooks of IPython, ``_repr_latex_`` and ``_repr_html_``, or one of them; they ask
:func:`show`. Where it returns None, the notebook shows the one line of ``repr``. Tables (``objects_html.py``) and a
theorem with its proof folded in may be longer; they have a bound on their rows instead.
"""

from __future__ import annotations

import html

from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.names import naming_for, using
from symflow.reports.object_formulas import formula_of
from symflow.reports.objects_html import objects_html
from symflow.reports.theorem_html import claim_html, theorem_html
from symflow.reports.verdict_signs import SIGNS
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

# Beyond this many characters an object falls back to its one line.
MOST_CHARACTERS = 2000

_WORDS = {Proved: "proved", Refuted: "refuted", Undecided: "undecided"}
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
    >>> from symflow.nets.network import Network
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
    elif isinstance(thing, Claim):
        return claim_html(thing) if style == "html" else None
    elif style == "html":
        return objects_html(thing)
    elif style == "latex":
        with using(naming_for(thing)) as naming:
            formula = formula_of(thing)
        shown = None if formula is None else naming.latex(formula)
    return shown if shown is not None and len(shown) <= MOST_CHARACTERS else None


def _tag(verdict: AbstractVerdict) -> str:
    """Return a verdict as a tag that reads without colour, and to a screen reader."""
    word = _WORDS[type(verdict)]
    sign = SIGNS[word]
    ground = "; ".join(
        _GROUNDS.get(name, html.escape(f"{value}" if name == "reason" else name))
        for name, value in verdict.evidence.items()
    )
    how = f" <i>{ground}</i>" if ground else ""
    return f'<p class="sf-tag"><span aria-hidden="true">{sign}</span> <b>{word}</b>{how}</p>'
