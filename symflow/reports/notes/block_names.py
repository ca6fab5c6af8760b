r"""The names of blocks of an element in a row: each is named, and dots stand only between neighbours of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.reports.expressions import Parameters
from symflow.reports.latex_width import width
from symflow.reports.notes.context import Context

# Of so many neighbours the inner ones are left out.
_FEWEST_LEFT_OUT = 5


def names_in_lines(context: Context, names: Sequence[Parameters], sign: str, room: float) -> list[str]:
    r"""Return the names of blocks joined by a sign, in lines that fit the room.

    Parameters
    ----------
    context : Context
        The problem, with its letters.
    names : sequence of Parameters
        Blocks, in their order.
    sign : str
        What stands between two of them: ``=`` or a comma.
    room : float
        How wide a line may be, in points.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import audit
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "relu", "weights": [[["1"]] * 9, [["1"] * 9]]},
    ...     "data": {"inputs": [["1"]]}})
    >>> context = Context(problem, audit(clarke_differential(problem.function())), None)
    >>> rows = [Parameters("W", 1, row, None) for row in (1, 2, 3, 4, 5, 6, 8)]
    >>> names_in_lines(context, [*rows, Parameters("W", 2)], "=", 200)
    ['S_1[1,\\cdot]=\\cdots=S_1[6,\\cdot]=S_1[8,\\cdot]', '=S_2']
    """
    dots = r"\cdots" if sign == "=" else r"\ldots"
    written: list[str] = []
    for run in _neighbours(names):
        shown = [context.line_name(name) for name in run]
        written += shown if len(run) < _FEWEST_LEFT_OUT else [shown[0], f"{dots}{sign}{shown[-1]}"]
    lines = [""]
    for i, name in enumerate(written):
        piece = name if i == 0 else f"{sign}{name}"
        if lines[-1] and width(lines[-1] + piece) > room:
            if sign == ",":
                lines[-1] += ","
                piece = name
            lines.append("")
        lines[-1] += piece
    return lines


def _neighbours(names: Sequence[Parameters]) -> Iterator[list[Parameters]]:
    """Give the names in lists of neighbours that follow one another in one direction: down a matrix, or along a row."""
    run: list[Parameters] = []
    for name in names:
        step = _step(run[-1], name) if run else None
        if run and (step is None or (len(run) > 1 and step != _step(run[-2], run[-1]))):
            yield run
            run = []
        run.append(name)
    if run:
        yield run


def _step(a: Parameters, b: Parameters) -> tuple[int, int] | None:
    """Return how many rows and columns lead from one block to the next; None where they are no neighbours."""
    if (a.letter, a.layer) != (b.letter, b.layer) or a.row is None or b.row is None:
        return None
    if a.column is None or b.column is None:
        return (1, 0) if a.column is None and b.column is None and b.row == a.row + 1 else None
    step = (b.row - a.row, b.column - a.column)
    return step if step in ((1, 0), (0, 1)) else None
