r"""The names a user has chosen, put in the place of the lectures' names: in expressions, documents and LaTeX.

Whoever composes a text writes the lectures' names, one meaning each (``problem_names.py`` lists them). The renaming is
one step at the very end, so that no composer knows of it but where it says what its letters are, and where a line is
measured: those ask :func:`in_use`. Simultaneous, so that two names may change places.

In LaTeX only letters of formulas are names: words, labels, macros, lengths and comments stay as they are.

>>> from symflow.problem_names import Names
>>> naming = Naming(Names.of(rows="r", matrices="V", parameters="ω"))
>>> print(naming.latex(r"the row $u_1$ of $W_1$, where $R(w)=\text{sum of $u_1$}$ % of u_1"))
the row $r_1$ of $V_1$, where $R(\omega)=\text{sum of $r_1$}$ % of u_1
>>> print(Naming(Names.of(weights="matrices")).latex(r"\[ v_1\langle u_1,x\rangle \]"))
\[ W_2[1,1]\langle W_1[1,{:}],x\rangle \]
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast, final

from symflow.nets.architecture import Architecture
from symflow.problem import Problem
from symflow.problem_names import LECTURES, ROLES, Names
from symflow.reports.document import Document, Title
from symflow.reports.expressions import Application, Decimal, Expression, Norm, Pairing, Parameters, Sentence, Symbol
from symflow.reports.latex_letters import rewritten
from symflow.reports.latex_text import GREEK

_ROLE_OF = {letter: role for role, (letter, _) in ROLES.items() if role != "soft_margin"}

# What stands for the soft margin until the end, since the rows are called u too.
_SOFT_MARGIN, _RESERVED = r"\mathnormal{u}", "\ue000"

# A name in running text: a letter by itself, with what is written behind it.
_TEXT_NAME = re.compile(
    r"(?<![\w.\-/\\\"'])(?P<letter>[" + "".join(_ROLE_OF) + r"])"
    r"(?P<index>_?(?:[0-9]+|[gijklp]{1,2})(?![a-z]))?(?P<places>\[[^\[\]]{1,9}\])?(?![A-Za-z0-9_\"]|\.[a-z]|\^[0-9])"
)

# A vector of the net by itself; elsewhere u and v are vectors of a sentence of its own.
_BARE = re.compile(r"(?<=∇)[uv](?= )|(?<!\w)v(?=ᵀ)|(?<!\w)[uv](?= = W| the row )|(?<=⟨)u(?=, x)|(?<= )v(?= x\b)")
_ALL = re.compile(r"(?<=[\[,])·(?=[\],])")

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True)
class Naming:
    """Names for the nets of one shape.

    Parameters
    ----------
    names : Names
        What the user has chosen.
    n_layers : int
        The last matrix is that of this layer.
    n_rows : int
        How many rows the first matrix has, where that is known; else 0.
    n_outputs : int
        How many rows the last matrix has.
    output : int
        Which of them counts, from 1.
    title : str
        The user's own words at the head of documents, which stay as they are.
    """

    names: Names = LECTURES
    n_layers: int = 2
    n_rows: int = 0
    n_outputs: int = 1
    output: int = 1
    title: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether all is called as in the lectures."""
        return self.names == LECTURES

    @property
    def has_rows(self) -> bool:
        """Whether the rows of the first matrix and the entries of the last one have letters of their own."""
        return self.names.weights != "matrices"

    def of(self, shape: Architecture, output: int | None = None) -> Naming:
        """Return the same names for a net of another shape."""
        return replace(
            self, n_layers=shape.n_layers, n_rows=shape.widths[1], n_outputs=shape.n_outputs, output=output or 1
        )

    def letter(self, letter: str) -> str:
        """Return what stands in place of a letter of the lectures."""
        role = _ROLE_OF.get(letter)
        return letter if role is None else self.names.letter(role)

    # ------------------------------------------------------------------ expressions and documents

    def expression(self, expression: Expression) -> Expression:
        """Return an expression with its names replaced.

        Examples
        --------
        >>> from symflow.reports.linear_text import linear_text
        >>> naming = Naming(Names.of(weights="matrices"), n_layers=3)
        >>> linear_text(naming.expression(Symbol("u", "2"))), linear_text(naming.expression(Symbol("v", "1")))
        ('W1[2,:]', 'W3[1,1]')
        >>> naming = Naming(Names.of(weights="rows", rows="r"))
        >>> linear_text(naming.expression(Parameters("W", 1, 2))), linear_text(naming.expression(Parameters("W", 2)))
        ('r2', 'v')
        """
        return expression if self.is_plain else self._renamed(expression)

    def sentence(self, sentence: Sentence) -> Sentence:
        """Return a sentence with its names replaced, in its words too."""
        return sentence if self.is_plain else self._renamed(sentence)

    def document(self, document: Document) -> Document:
        """Return a document with its names replaced."""
        return document if self.is_plain else self._renamed(document)

    def anything(self, thing: T) -> T:
        """Return data made of sentences, expressions and other data, with their names replaced."""
        return thing if self.is_plain else self._renamed(thing)

    def _renamed(self, thing: T) -> T:
        result: Any = thing
        if isinstance(thing, str):
            result = self.text(thing)
        elif isinstance(thing, Title) and self.title and isinstance(thing.sentence[0], str):
            given, rest = thing.sentence[0], thing.sentence[1:]
            kept = self.title if given.startswith(self.title) else ""
            result = Title((kept + self.text(given[len(kept) :]), *self._renamed(rest)))
        elif isinstance(thing, tuple):
            result = tuple(self._renamed(part) for part in thing)
        elif isinstance(thing, Symbol):
            result = self._symbol(thing)
        elif isinstance(thing, Parameters):
            result = self._parameters(thing)
        elif isinstance(thing, Pairing):  # of a block of s and its matrix
            result = Pairing(self._inside(thing.left), self._inside(thing.right))
        elif isinstance(thing, Norm):
            result = Norm(self._inside(thing.of), thing.power)
        elif isinstance(thing, Application):
            named = re.fullmatch(r"([A-Za-z])([0-9]*)", thing.function)
            function = self.letter(named[1]) + named[2] if named else thing.function
            result = Application(function, thing.operator, self._renamed(thing.point))
        elif isinstance(thing, Decimal):
            result = replace(thing, exact=self._renamed(thing.exact))
        elif _is_composed(kind := cast("type[Any]", type(thing))):
            changed = {name: self._renamed(getattr(thing, name)) for name in _fields(kind)}
            result = replace(cast(Any, thing), **changed)
        return cast(T, result)

    def _inside(self, e: Expression) -> Expression:
        """Return an expression in a pairing or a norm, where a whole matrix stays one."""
        return self._all(e) if isinstance(e, Parameters) and e.row is None else self._renamed(e)

    def _symbol(self, e: Symbol) -> Expression:
        if e.name == "u" and not self.has_rows:
            return self._all(Parameters("W", 1) if not e.index else self._place("W", 1, e.index, None))
        if e.name == "v" and not self.has_rows:
            whole = Parameters("W", self.n_layers, None if self.n_outputs == 1 else self.output)
            return self._all(self._place("W", self.n_layers, str(self.output), e.index) if e.index else whole)
        if len(e.name) == 1:
            return Symbol(self.letter(e.name), e.index)
        return Symbol(self.text(e.name), e.index) if "(" in e.name or "[" in e.name else e

    def _place(self, letter: str, layer: int, row: str, column: str | None) -> Expression:
        """Return a place in a matrix; in words where an index is a letter."""
        if row.isdigit() and (column is None or column.isdigit()):
            return Parameters(letter, layer, int(row), None if column is None else int(column))
        return Symbol(f"{self.letter(letter)}{layer}[{row},{':' if column is None else column}]")

    def _parameters(self, e: Parameters) -> Expression:
        if e.letter == "W" and self.names.weights == "rows":
            return self._as_row(e)
        return self._all(e)

    def _as_row(self, e: Parameters) -> Expression:
        """Return u_j or v_j for what is a row of the first matrix or an entry of the last one."""
        is_last = e.layer == self.n_layers
        is_output = e.row == self.output or (e.row is None and self.n_outputs == 1)
        if is_last and is_output:
            return Symbol(self.letter("v"), "" if e.column is None else str(e.column))
        if e.layer == 1 and not is_last and e.row is not None and e.column is None:
            return Symbol(self.letter("u"), str(e.row))
        if e.layer == 1 and not is_last and e.row is None and self.n_rows == 1:
            return Symbol(self.letter("u"))
        return self._all(e)

    def _all(self, e: Expression) -> Expression:
        """Return parameters with the user's letter, and with a colon for a whole row where rows have no letters."""
        if not isinstance(e, Parameters):
            return e
        shown = self.letter(e.letter)
        return replace(e, shown="" if shown == e.letter else shown, every="·" if self.has_rows else ":")

    # ------------------------------------------------------------------ running text

    def text(self, words: str) -> str:
        """Return words with the names in them replaced.

        u and v by themselves are left: in sentences they are vectors of their own; so is an a that is no a_l.

        Examples
        --------
        >>> Naming(Names.of(risk="E", parameters="ω")).text("a piece of R meets w; see R.toml")
        'a piece of E meets ω; see R.toml'
        >>> Naming(Names.of(weights="matrices")).text("uj = W1[j,·], for every u1, v1")
        'W1[j,:] = W1[j,:], for every W1[1,:], W2[1,1]'
        >>> Naming(Names.of(weights="rows")).text("‖W1[1,·]‖² − W2[1,2]², with uj = W1[j,·], in R^5")
        '‖u1‖² − v2², with uj = W1[j,·], in R^5'
        """
        if self.is_plain:
            return words
        text = _TEXT_NAME.sub(self._word, _BARE.sub(self._bare, words))
        return text if self.has_rows else _ALL.sub(":", text)

    def _bare(self, found: re.Match[str]) -> str:
        if self.has_rows:
            return self.letter(found[0])
        layer = 1 if found[0] == "u" else self.n_layers
        return f"{self.letter('W')}{layer}" + (f"[{self.output},:]" if found[0] == "v" and self.n_outputs > 1 else "")

    def _word(self, found: re.Match[str]) -> str:
        letter, index, places = found["letter"], found["index"] or "", found["places"] or ""
        if (letter in "uv" and not index) or (letter == "a" and not (index and places)):
            return found[0]
        if letter == "u" and not self.has_rows and not places:
            return f"{self.letter('W')}1[{index.lstrip('_')},:]"
        if letter == "v" and not self.has_rows and not places:
            return f"{self.letter('W')}{self.n_layers}[{self.output},{index.lstrip('_')}]"
        if letter == "W" and self.names.weights == "rows" and not found.string[: found.start()].endswith(" = "):
            row, _, column = places.strip("[]").partition(",")  # behind " = " it says what u_j is
            layer, is_index = index.lstrip("_"), row.isalnum()
            if layer == "1" and self.n_layers > 1 and is_index and column == "·":
                return self.letter("u") + (row if row.isdigit() else f"_{row}")
            if layer == str(self.n_layers) and row == str(self.output) and column.isalnum():
                return self.letter("v") + (column if column.isdigit() else f"_{column}")
        return self.letter(letter) + index + places

    # ------------------------------------------------------------------ LaTeX

    def latex(self, text: str) -> str:
        """Return LaTeX with the names in its formulas replaced."""
        return text if self.is_plain else self._rewritten(text)

    def formula(self, formula: str) -> str:
        """Return one formula, without its dollars, with the names in it replaced."""
        return formula if self.is_plain else self._rewritten(formula, is_formula=True)

    @property
    def soft_margin(self) -> str:
        """The soft margin, as composers write it in a formula."""
        return "u" if self.is_plain else _SOFT_MARGIN

    def _rewritten(self, text: str, *, is_formula: bool = False) -> str:
        result = rewritten(text.replace(_SOFT_MARGIN, _RESERVED), self._latex_name, is_formula=is_formula)
        chosen = self.names.letter("soft_margin")
        return result.replace(_RESERVED, GREEK.get(chosen, chosen))

    def _latex_name(self, letter: str, upper: str, lower: str, places: str) -> str | None:
        """Return what stands in place of a name, or None for what it is.

        Parameters
        ----------
        letter : str
            The letter, a Greek one itself.
        upper : str
            The exponent in parentheses that counts layers: ``2`` of ``w^{(2)}_{12}``.
        lower : str
            Its index.
        places : str
            What stands in brackets behind it.
        """
        if letter not in _ROLE_OF:
            return None
        if not self.has_rows and (letter in "uv" or (letter in "wb" and upper)):
            return self._latex_place(letter, upper, lower)
        W = re.fullmatch(r"\[(\w+|\\cdot),(\w+|\\cdot)\]", places) if letter == "W" and lower else None
        if W and self.names.weights == "rows":
            row, column = W[1], W[2]
            if lower == "1" and self.n_layers > 1 and column == r"\cdot" and row != r"\cdot":
                return f"{self._letter_latex('u')}{_index(row)}"
            if lower == str(self.n_layers) and row == str(self.output):
                return f"{self._letter_latex('v')}{'' if column == chr(92) + 'cdot' else _index(column)}"
        exponent = f"^{{({upper})}}" if upper else ""
        return self._letter_latex(letter) + exponent + (_index(lower) if lower else "") + self._colons(places)

    def _latex_place(self, letter: str, upper: str, lower: str) -> str:
        matrix = self._letter_latex("W")
        if letter == "u":
            return f"{matrix}_1[{lower},{{:}}]" if lower else f"{matrix}_1"
        if letter == "v":
            row = str(self.output) if lower or self.n_outputs > 1 else ""
            place = f"[{row},{lower or '{:}'}]" if row else ""
            return f"{matrix}{_index(str(self.n_layers))}{place}"
        if letter == "b":
            return f"{self._letter_latex('b')}{_index(upper)}[{lower}]"
        entries = lower.split(",") if "," in lower else list(lower)
        return f"{matrix}{_index(upper)}[{entries[0]},{entries[1] if len(entries) > 1 else '{:}'}]"

    def _letter_latex(self, letter: str) -> str:
        chosen = self.letter(letter)
        return GREEK.get(chosen, chosen)

    def _colons(self, places: str) -> str:
        return places if self.has_rows else re.sub(r"(?<=[\[,])\\cdot(?=[\],])", "{:}", places)


def naming_of(problem: Problem) -> Naming:
    """Return the names that a problem's user has chosen, for its net.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> naming_of(problem_from_tree({"network": {"widths": [2, 2]}, "names": {"parameters": "ω"}})).n_outputs
    2
    """
    title = " ".join((problem.title or "").split())
    names = in_use().names if problem.names == LECTURES else problem.names
    return replace(Naming(names).of(problem.architecture, problem.output), title=title)


def naming_for(thing: object) -> Naming:
    """Return the names in use, for the net that a public object is about.

    A theorem or a claim is about every net, and keeps the lectures' names.
    """
    if type(thing).__module__.startswith("symflow.proofs."):
        return Naming()
    about = thing
    for way in ("differential", "function", "net", "network", "architecture"):
        about = getattr(about, way, about)
    shape = about if isinstance(about, Architecture) else getattr(thing, "shape", None)
    return in_use().of(shape) if isinstance(shape, Architecture) else in_use()


def _is_composed(kind: type[Any]) -> bool:
    """Whether values of this type are dataclasses of the reports."""
    return dataclasses.is_dataclass(kind) and kind.__module__.startswith("symflow.reports.")


def _fields(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields that hold what is written: not the words that a reader's machine goes by."""
    fixed = {"title", "text", "word", "scope", "flag", "signs", "sign", "numeric", "choices"}
    return tuple(field.name for field in dataclasses.fields(kind) if field.name not in fixed)


def _index(index: str) -> str:
    return f"_{index}" if len(index) == 1 else f"_{{{index}}}"


# ---------------------------------------------------------------------- which names are in use

_LECTURES = Naming()
_IN_USE: ContextVar[Naming] = ContextVar("names in use", default=_LECTURES)


def in_use() -> Naming:
    """Return the names that what is being written will bear."""
    return _IN_USE.get()


@contextmanager
def using(naming: Naming | Names) -> Iterator[Naming]:
    r"""Write with these names as long as the context lasts.

    Examples
    --------
    >>> with using(Names.of(data="ω")) as naming:
    ...     naming.formula(r"f(x_1)=2x_1")
    'f(\\omega_1)=2\\omega_1'
    >>> in_use().is_plain
    True
    """
    chosen = Naming(naming) if isinstance(naming, Names) else naming
    token = _IN_USE.set(chosen)
    try:
        yield chosen
    finally:
        _IN_USE.reset(token)


@contextmanager
def using_names(**said: str) -> Iterator[None]:
    r"""Show and write objects with names of your own as long as the context lasts.

    Parameters
    ----------
    **said : str
        As a section [names] has them: ``weights``, and letters for ``rows``, ``output``, ``matrices``, ``biases``,
        ``parameters``, ``data``, ``labels``, ``function``, ``combination``, ``risk``, ``margins``, ``soft_margin``,
        ``constants``, ``slopes`` and ``hull``.

    Raises
    ------
    InputError
        If two names are alike, or one is taken.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> with using_names(matrices="V"):
    ...     print(Network.from_weights([[1, 2]]).to_latex())
    $$V_1=\begin{pmatrix}1&2\end{pmatrix}$$
    """
    with using(Names.of(**said)):
        yield
