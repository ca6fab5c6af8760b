r"""The last two sections: all statements with their verdicts, and the certificates of the theorem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symflow.cells.cell import Cell
from symflow.differentials.factor import Factor
from symflow.reports.latex_width import width
from symflow.reports.notes.context import Context, plural, runs, subscripted
from symflow.reports.notes.document import (
    SIGNS,
    Block,
    Chapter,
    Entry,
    LongTable,
    Notes,
    Prose,
    Section,
    folded,
)
from symflow.reports.notes.patterns import direction, gives, identity, kink_data, pattern, signs


def statements_section(entries: Sequence[Entry], *, has_certificates: bool, more: Sequence[Block] = ()) -> Section:
    """Return the list of all statements, with what else is to be said before its closing words."""
    rows = [
        (
            str(number),
            entry.statement,
            rf"\textcolor{{{entry.word}}}{{${SIGNS[entry.word]}$ {entry.word}}}",
            entry.scope,
        )
        for number, entry in enumerate(entries, start=1)
    ]
    table = LongTable(
        r"@{}r@{\ \ }>{\raggedright\arraybackslash}p{61mm}l>{\raggedright\arraybackslash}p{36mm}@{}",
        ("", "statement", "verdict", "for"),
        tuple(rows),
    )
    words = {entry.word for entry in entries}
    text = (
        "\\emph{Proved} and \\emph{refuted} statements about this problem rest on certificates that are "
        "re-checked with "
        "exact rational arithmetic alone (\\texttt{symflow verify certificates/}); signs of numbers that are not "
        "rational "
        "are decided by rigorous enclosure."
        if has_certificates
        else "The statements rest on polynomial identities with rational coefficients."
    )
    if "enclosed" in words or "undecided" in words:
        text += (
            " \\emph{Enclosed} means rigorous bounds; \\emph{undecided}, that neither a proof nor a "
            "counterexample was found "
            "in the time given."
        )
    closing = Prose(rf"{{\footnotesize {text}\par}}")
    return Section("All statements", (table, *more, closing))


def listed_statements(notes: Notes) -> list[dict[str, Any]]:
    """Return all statements of notes as JSON: those of their table, then the catalogue's, by their verdicts.

    Examples
    --------
    >>> entry = Entry("$f=g$", "proved", "this net", "exact")
    >>> listed_statements(Notes("A kink", "", "", (), (entry,)))
    [{'statement': '$f=g$', 'verdict': 'proved', 'scope': 'this net', 'known_by': 'exact'}]
    """
    listed: list[dict[str, Any]] = [
        {"statement": e.statement, "verdict": e.word, "scope": e.scope, "known_by": e.ground} for e in notes.entries
    ]
    for about, claims in zip(("this net", "general"), notes.catalogue, strict=True):
        for claim in claims:
            listed.append(
                {
                    "statement": claim.statement,
                    "verdict": claim.verdict.shown,
                    "scope": claim.scope,
                    "known_by": claim.known_by or claim.reason,
                    "claim": claim.name,
                    "id": claim.number,
                    "about": about,
                    "axioms": list(claim.axioms),
                    "reference": claim.reference,
                }
            )
    return listed


def certificates_chapter(context: Context) -> Chapter | None:
    """Return the section with a direction or an identity for every pattern; None where nothing was decided."""
    if not context.open_factors:
        return None
    blocks: list[Block] = []
    for factors in _alike(context):
        blocks += _factor(context, factors)
    settled = _settled(context)
    if settled:
        blocks.append(Prose(settled))
    title = "The certificates of Theorem~\\ref{clarke}\\label{certificates}"
    return Chapter(Section(title, tuple(blocks)))


def _alike(context: Context) -> list[list[Factor]]:
    """Return the factors, neurons together whose tables differ by the name of the neuron alone."""
    groups: dict[object, list[Factor]] = {}
    for factor in context.open_factors:
        key: object = factor.neuron
        if factor.neuron is not None and context.is_scalar_layer:
            rows = [(cell.pattern, _restricted(cell, factor)) for cell in factor.incident.cells]
            name = subscripted("u", factor.neuron)
            identities = [(r.pattern, identity(context, r).replace(name, "u_j")) for r in factor.incident.refuted]
            key = (tuple(rows), tuple(identities), tuple(map(tuple, factor.incident.undecided)))
        groups.setdefault(key, []).append(factor)
    return list(groups.values())


def _restricted(cell: Cell, factor: Factor) -> object:
    return tuple(tuple(step[place] for place in factor.places) for step in cell.arc)


def _factor(context: Context, factors: list[Factor]) -> list[Block]:
    """Return the table of one factor, or of several that are alike."""
    factor = factors[0]
    incident = factor.incident
    by_neuron = factor.neuron is not None
    data = _shown_data(context, factor)
    rows: list[tuple[str, ...]] = []
    for cell in reversed(incident.cells):
        because = "all its signs are strict"
        if cell.arc:
            because = _because(context, factor, direction(context, cell))
            if by_neuron and context.is_scalar_layer and len(cell.arc) == 1 and context.n_data <= 4:
                because += f" gives ${gives(context, factor, cell)}$"
        rows.append((_word(factor, cell.pattern, data), "occurs", because))
    realised = folded(rows, "patterns that occur")
    refutations: list[tuple[str, ...]] = [
        (_word(factor, r.pattern, data), "never occurs", f"${identity(context, r)}$".replace("+", "$ ${}+"))
        for r in reversed(incident.refuted)
    ]
    open_rows: list[tuple[str, ...]] = [
        (_word(factor, _undecided_word(context, factor, c), data), "undecided", "") for c in incident.undecided
    ]
    shown = (
        *realised,
        *folded(refutations, "refuted patterns"),
        *folded(open_rows, "undecided patterns"),
    )
    header, first = _pattern_header(context, factor, [row[0] for row in shown if len(row) > 1], data)
    rest = 97 - first
    table = LongTable(
        rf"@{{}}>{{\raggedright\arraybackslash}}p{{{first}mm}}l>{{\raggedright\arraybackslash}}p{{{rest}mm}}@{{}}",
        (header, "near the point", "because"),
        shown,
    )
    if len(factors) > 1:
        assert factor.neuron is not None
        name = subscripted("u", factor.neuron)
        rows_of_all = tuple(tuple(cell.replace(name, "u_j") for cell in row) for row in table.rows)
        table = LongTable(table.columns, table.header, rows_of_all)
    return [Prose(_opening(context, factors)), table]


def _opening(context: Context, factors: list[Factor]) -> str:
    factor = factors[0]
    incident = factor.incident
    n = len(incident.cells) + len(incident.refuted) + len(incident.undecided)
    if factor.neuron is not None:
        group = context.shape.activation(1).is_group
        who = f"{'Group' if group else 'Neuron'} {factor.neuron}"
        what = f"{who} has a {'winner' if group else 'sign'} on each datum of its kink."
        if len(factors) > 1:
            neurons = runs([each.neuron for each in factors if each.neuron is not None])
            what = (
                f"Neurons {neurons} have each a sign on each datum of their kink; with $u_j$ for the row of any of "
                "them, one table serves all."
            )
        elif context.n_data == 1:
            what = f"{'Group' if group else 'Neuron'} {factor.neuron} is on its kink."
    else:
        what = (
            "A pattern has one character a hidden unit, layer by layer"
            + ("" if context.n_data == 1 else ", the data one behind the other")
            + "."
        )
        if incident.refuted:
            what += (
                " In those that never occur, $\\ast$ stands for any character, and every summand of the identity would "
                "have the same sign in the cell."
            )
    count = f"Each of the {n} rows is decided." if not incident.undecided else f"{plural(n, 'row').capitalize()}."
    return f"{what} {count}" if n > 1 else what


def _because(context: Context, factor: Factor, move: str) -> str:
    return f"${move}$"


def _shown_data(context: Context, factor: Factor) -> list[int]:
    """Return the data on which a neuron's sign is open (all of them, where the factor is no neuron)."""
    if factor.neuron is None:
        return list(range(context.n_data))
    return kink_data(context, factor.neuron) or list(range(context.n_data))


def _word(factor: Factor, word: str, data: Sequence[int]) -> str:
    if factor.neuron is not None:
        shown = "|".join(word.split("|")[k] for k in data)
        return f"${signs(shown)}$".replace(",", ",$ $") if len(data) > 8 else f"${signs(shown)}$"
    return f"${pattern(word)}$".replace(r"\,|\,", r"\,|\,$ $") if len(word) > 12 else f"${pattern(word)}$"


def _undecided_word(context: Context, factor: Factor, characters: Sequence[str]) -> str:
    open_characters = [c or "*" for c in characters]
    if factor.neuron is None:
        return context.function.table.word(open_characters)
    table = context.function.table
    return "|".join(open_characters[table.index[1, factor.neuron - 1, k]] for k in range(context.n_data))


def _pattern_header(context: Context, factor: Factor, words: Sequence[str], data: Sequence[int]) -> tuple[str, int]:
    """Return the head of the first column, and its width in millimetres."""
    longest = max((width(word) for word in words), default=40.0) * 0.35 + 2
    if factor.neuron is None:
        return "pattern", int(min(max(longest, 16), 42))
    head = f"on ${','.join(context.datum(k) for k in data)}$"
    if len(data) > 8 or context.is_input:
        head = "signs on the kink"
    return head, int(min(max(longest, width(head) * 0.4 + 2, 16), 45))


def _settled(context: Context) -> str:
    """Return what keeps its signs."""
    if not context.is_by_neurons:
        return ""
    rest = [f for f in context.differential.factors if f not in context.open_factors and f.neuron is not None]
    if not rest or len(rest) > 3 or context.n_data > 3:
        return f"The other {plural(len(rest), 'neuron')} keep their signs near $w$." if len(rest) > 1 else ""
    said = []
    for factor in rest:
        (cell,) = factor.incident.cells
        characters = cell.pattern.split("|")
        on = [f"${c}$ on ${context.datum(k)}$" for k, c in enumerate(characters) if c in "+-"]
        if len(on) == len(characters):
            said.append(f"neuron {factor.neuron} keeps its signs, {' and '.join(on)}")
    if not said:
        return ""
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}, on a neighbourhood of $w$."
