r"""The sections of notes on closed forms: what ``symflow derive --latex`` prints, with verdicts and certificates."""

from __future__ import annotations

from symflow.cells.derivation import Derivation, Piece
from symflow.cells.pattern_space import SymbolicCell
from symflow.problem import Problem
from symflow.reports.derive_latex import derive_latex
from symflow.reports.latex_math import rational_latex
from symflow.reports.notes.context import in_words, plural
from symflow.reports.notes.document import Entry, Fragment, LongTable, Prose, Section, Verdict, Word
from symflow.reports.notes.patterns import pattern

_AT_INDEPENDENT = "the Clarke differential at kinks with independent features"

# Of points in more pieces the first ones and the last are written.
_MOST_POINTS, _FIRST, _LAST = 16, 6, 2

# By what the set at kinks is known.
_OF_NEURONS = "a product over the neurons"


def derived_section(problem: Problem, derivation: Derivation) -> tuple[Section, tuple[Entry, ...]]:
    """Return the closed forms and their statements."""
    everywhere = _scope(problem)
    word: Word = "proved" if derivation.is_complete else "undecided"
    said = f"{plural(len(derivation.pieces), 'pattern')} {'occurs' if len(derivation.pieces) == 1 else 'occur'}"
    if derivation.refuted:
        said += f", {in_words(len(derivation.refuted))} refuted"
    if derivation.undecided:
        said += f", {in_words(len(derivation.undecided))} undecided"
    opening = "The function is continuous, and one polynomial (or a smooth function of polynomials) on each piece."
    blocks = (Prose(opening, Verdict(word, everywhere, said)), Fragment(derive_latex(problem, derivation)))
    entries = [
        Entry("the pieces and their conditions", word, everywhere, said),
        Entry("the gradient on each piece", "proved", everywhere, "polynomial identity"),
    ]
    if derivation.kinks is not None:
        entries.append(Entry("the Clarke differential at every kink", "proved", everywhere, _OF_NEURONS))
    elif derivation.deep_kinks is not None:
        entries.append(Entry(_AT_INDEPENDENT, "proved", everywhere, _OF_NEURONS))
    elif derivation.is_smooth:
        entries.append(Entry("the function is continuously differentiable", "proved", everywhere, "smooth pieces"))
    return Section("The closed form", blocks), tuple(entries)


def derived_summary(problem: Problem, derivation: Derivation) -> str:
    """Return the abstract."""
    count = plural(len(derivation.pieces), "piece")
    what = {"risk": "The risk", "output": "The output"}.get(problem.kind, "The function")
    text = f"{what} of this net has {count}; on each it is a formula, and so is its gradient."
    if derivation.kinks is not None:
        text += " At the kinks the Clarke differential is a product over the neurons."
    if derivation.deep_kinks is not None:
        text += " At the kinks, where their features are independent, the Clarke differential is a formula too."
    if not derivation.is_complete:
        text += f" {plural(len(derivation.undecided), 'pattern').capitalize()} stayed undecided."
    return f"{text} What each statement rests on is said in the margin."


def points_section(derivation: Derivation) -> Section:
    """Return a point in each piece."""
    pieces = derivation.pieces
    left_out = len(pieces) - _FIRST - _LAST
    shown = pieces if len(pieces) <= _MOST_POINTS else (*pieces[:_FIRST], *pieces[-_LAST:])
    rows: list[tuple[str, ...]] = [
        (f"${pattern(derivation.pattern(piece))}$", _point(derivation, piece)) for piece in shown
    ]
    if len(shown) < len(pieces):
        rows.insert(_FIRST, (plural(left_out, "more pattern"),))
    table = LongTable(
        r"@{}l>{\raggedright\arraybackslash}p{92mm}@{}",
        ("pattern", "a point in it, zeros left out"),
        tuple(rows),
    )
    text = (
        "Each pattern occurs: at the point all its conditions hold strictly. The identities against all others are in "
    )
    text += "\\texttt{certificates/derive.json}."
    return Section("The certificates", (Prose(text), table))


def _scope(problem: Problem) -> str:
    if problem.network is None:
        inputs = "all inputs" if problem.inputs is None else "these data"
        shape = problem.architecture
        parameters = "weights and biases" if shape.has_biases else "weights"
        return f"all {parameters} of shape {shape}, {inputs}"
    return "this net, all inputs"


def _point(derivation: Derivation, piece: Piece) -> str:
    if not isinstance(piece.cell, SymbolicCell):
        return ""
    named = []
    for name, value in zip(derivation.net.symbols, piece.cell.point, strict=True):
        if value != 0:
            letter, _, rest = name.partition("[")
            index = f"_{{{letter[1:]}}}" if letter[1:] else ""
            shown = f"x_{{{rest[:-1]}}}" if letter == "x" else f"{letter[0]}{index}[{rest}"
            named.append(f"${shown}={rational_latex(value)}$")
    return ", ".join(named) or "the origin"
