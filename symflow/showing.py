"""How a result is looked at and taken elsewhere: what a notebook shows of it, and its JSON, LaTeX and sympy forms.

A public object has one line of plain text (its ``repr``) and inherits the rest from here. How things look and how they
are written is known on the floors of reports and pictures, above the things themselves, so that the way up is by name
(:func:`symflow.registry.display`, :func:`symflow.registry.export`).
"""

from __future__ import annotations

from typing import Any

from symflow.registry import display, export


class AbstractShown:
    r"""An object that a notebook shows, and that can be written as JSON and as LaTeX.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, "-1/2"]])
    >>> net
    Network(2-1, exact)
    >>> print(net.to_latex())
    $$W_1=\begin{pmatrix}1&-\tfrac12\end{pmatrix}$$
    >>> print(net.to_json(), end="")
    {
     "activation": [],
     "weights": [
      [
       [
        "1",
        "-1/2"
       ]
      ]
     ]
    }
    """

    __slots__ = ()

    def to_json(self) -> str:
        """Return the JSON text: where a command makes this object, the bytes that it writes with ``--json``."""
        text: str = export(self, "json_text")
        return text

    def to_latex(self) -> str:
        """Return the LaTeX that the notes, the command's ``--latex`` or a notebook has of it, however long it is."""
        text: str = export(self, "latex_text")
        return text

    def _repr_html_(self) -> str | None:
        return display(self, "html")

    def _repr_latex_(self) -> str | None:
        return display(self, "latex")


class AbstractFormula(AbstractShown):
    """A shown object that is a formula, or is given by one.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> f.to_sympy()
    Max(0, -x[1]) + Max(0, x[1])
    """

    __slots__ = ()

    def to_sympy(self) -> Any:
        """Return the formula in sympy, exact, in real symbols ``W1[1,2]``, ``b1[1]``, ``x[1]``, counted from 1."""
        return export(self, "sympy_form")
