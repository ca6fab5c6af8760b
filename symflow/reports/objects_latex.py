r"""Every public object in LaTeX: a formula, a table, or what the command writes with ``--latex``.

The objects inherit ``to_latex`` (``symflow/showing.py``); ``symflow/latex_forms.py`` asks :func:`object_latex` by name.
Tables need booktabs; formulas amsmath.
"""

from __future__ import annotations

from symflow.cells.derivation import Derivation
from symflow.laws.conservation import ConservationLaws
from symflow.laws.of_problem import LawsOfProblem
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.asked import is_of_a_shape, problem_of_derivation, problem_of_laws
from symflow.reports.derive_latex import derive_latex
from symflow.reports.latex_math import latex
from symflow.reports.latex_text import escape
from symflow.reports.laws_latex import laws_latex
from symflow.reports.object_formulas import formula_of
from symflow.reports.object_tables import Code, Entry, Mark, ObjectTable, object_table, value_entry
from symflow.reports.prove_latex import claim_latex, prove_latex
from symflow.verdict import AbstractVerdict


def object_latex(thing: object) -> str | None:
    r"""Return an object in LaTeX, however long; None for another object.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.verdict import Refuted
    >>> print(object_latex(Refuted(at=(3, 4))))
    Refuted (at (3, 4)).
    >>> print(object_latex(Dataset([(3, -1)], labels=[1])))
    \begin{tabular}{lll}\toprule
    $k$ & $x$ & $y$\\\midrule
    1 & $(3,-1)$ & $1$\\\bottomrule
    \end{tabular}
    """
    match thing:
        case AbstractVerdict():
            return _verdict(thing)
        case Theorem():
            return prove_latex((thing,))
        case Claim():
            return claim_latex(thing)
        case Derivation():
            return derive_latex(problem_of_derivation(thing), thing)
        case LawsOfProblem():
            return laws_latex(thing)
        case ConservationLaws() if is_of_a_shape(thing):
            return laws_latex(LawsOfProblem(problem_of_laws(thing), thing))
    formula = formula_of(thing)
    if formula is not None:
        return formula
    table = object_table(thing)
    return None if table is None else table_latex(table)


def table_latex(table: ObjectTable) -> str:
    r"""Return a table as a ``tabular`` with booktabs' rules.

    Examples
    --------
    >>> print(table_latex(ObjectTable("", ("", "law"), (("1", Code("W1[1]^2")),), "2 more laws")))
    \begin{tabular}{ll}\toprule
     & law\\\midrule
    1 & \texttt{W1[1]$\hat{}$2}\\
    \multicolumn{2}{l}{and 2 more laws}\\\bottomrule
    \end{tabular}
    """
    n_columns = max([len(table.header), *(len(row) for row in table.rows)])
    rows = [" & ".join([*map(_entry, row), *[""] * (n_columns - len(row))]) for row in table.rows]
    if table.left_out:
        rows.append(rf"\multicolumn{{{n_columns}}}{{l}}{{and {escape(table.left_out)}}}")
    head = [rf"{' & '.join(map(_heading, table.header))}\\\midrule"] if table.header else []
    body = "\\\\\n".join(rows)
    lines = [rf"\begin{{tabular}}{{{'l' * n_columns}}}\toprule", *head, rf"{body}\\\bottomrule", r"\end{tabular}"]
    return "\n".join([*lines, *([] if not table.after else ["", escape(table.after)])])


def _heading(name: str) -> str:
    return f"${name}$" if len(name) == 1 and name.isalpha() else escape(name)


def _entry(entry: Entry) -> str:
    if isinstance(entry, str):
        return escape(entry)
    if isinstance(entry, Code):
        return rf"\texttt{{{escape(entry.text)}}}"
    if isinstance(entry, Mark):
        return escape(entry.words)
    return f"${latex(entry)}$"


def _verdict(verdict: AbstractVerdict) -> str:
    """Return a verdict as a sentence with what re-checks it."""
    said = []
    for name, value in verdict.evidence.items():
        several = isinstance(value, tuple) and bool(value) and all(isinstance(part, tuple) for part in value)
        listed = ", ".join(_entry(value_entry(part)) for part in (value if several else (value,)))
        said.append(f"{escape(name.replace('_', ' '))} {listed}")
    evidence = f" ({'; '.join(said)})" if said else ""
    return f"{type(verdict).__name__}{evidence}."
