r"""The section on conservation laws: a theorem with what ``symflow laws --latex`` prints, and its verdicts."""

from __future__ import annotations

from symflow.laws.of_problem import LawsOfProblem
from symflow.reports.laws_formulas import LawFormulas
from symflow.reports.laws_latex import closing, formulas, opening, proof
from symflow.reports.names import in_use
from symflow.reports.notes.context import listed
from symflow.reports.notes.document import Block, Chapter, Entry, Formula, Prose, Section, Statement, Verdict, Word
from symflow.reports.problem_line import net_words

# Of more laws the first ones and the last are written, and the number of the others.
_MOST_LAWS, _FIRST, _LAST = 12, 6, 2


def laws_chapter(found: LawsOfProblem) -> Chapter:
    r"""Return the section.

    Parameters
    ----------
    found : LawsOfProblem
        The laws of the net, whatever the data and the loss.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> chapter = laws_chapter(laws_of_problem(problem))
    >>> chapter.section.title, [entry.word for entry in chapter.entries]
    ('What every gradient flow conserves', ['proved', 'proved'])
    >>> chapter.section.blocks[1].body[1].lines
    ('\\lVert u_1\\rVert^2-v_1^2,', '\\lVert u_2\\rVert^2-v_2^2.')
    """
    joint = found.joint
    scope = f"every flow of a {net_words(found.problem.architecture)}"
    word, ground = _completeness(found)
    body: list[Block] = [Prose(opening(found))]
    if joint.laws:
        body.append(Formula(_lines(formulas(joint))))
    body.append(Prose(closing(found).replace("\n", " "), continues=True))
    known = Verdict("proved" if joint.laws else word, scope, _ground(found))
    proved = Prose(" ".join(proof(joint)).strip())
    theorem = Statement("Theorem", tuple(body), known, proof=(proved,), label="laws")
    blocks: list[Block] = [Prose(_letters(found)), theorem]
    entries = []
    if joint.laws:
        entries.append(Entry("the conservation laws", "proved", scope, "polynomial identity"))
    entries.append(Entry(_count(found), word, scope, ground))
    return Chapter(Section("What every gradient flow conserves", tuple(blocks)), tuple(entries))


def _lines(written: list[str]) -> tuple[str, ...]:
    shown = [f"{formula}," for formula in written[:-1]] + [f"{written[-1]}."]
    if len(shown) > _MOST_LAWS:
        left_out = len(shown) - _FIRST - _LAST
        shown = [*shown[:_FIRST], rf"\vdots\quad\text{{({left_out} more)}}", *shown[-_LAST:]]
    return tuple(shown)


def _completeness(found: LawsOfProblem) -> tuple[Word, str]:
    joint = found.joint
    if joint.is_complete or joint.is_lie_dimension_exact:
        return "proved", "near almost every point; a rank at an integer point, and Frobenius"
    return "enclosed", "a rank at an integer point"


def _ground(found: LawsOfProblem) -> str:
    joint = found.joint
    identities = "polynomial identities" if joint.laws else ""
    rank = "complete by a rank" if joint.is_complete else "their number by a rank"
    return "; ".join(filter(None, (identities, rank)))


def _count(found: LawsOfProblem) -> str:
    joint = found.joint
    if joint.is_complete and joint.scope == "path monomials":
        return "the flows of the path monomials have no laws but these"
    if joint.is_complete:
        return "there are no laws but these" if joint.laws else "there are no conservation laws"
    if joint.is_lie_dimension_exact:
        return f"there are {joint.n_laws_at_most} independent laws"
    return f"there are at most {joint.n_laws_at_most} independent laws"


def _letters(found: LawsOfProblem) -> str:
    shape = found.problem.architecture
    if LawFormulas(shape).has_letters and in_use().has_rows:
        single = shape.widths[1] == 1
        said = (
            [r"$u^{\top}$ for $W_1$", "$v$ for $W_2$"]
            if single
            else [
                r"$u_j^{\top}$ for the rows of $W_1$",
                "$v_j$ for the entries of $W_2$",
            ]
        )
        biases = "$b_1[j]$ for the entries of $b_1$"
    else:
        said = [r"$W_l[i,\cdot]$ for row $i$ of $W_l$", r"$W_l[\cdot,j]$ for column $j$", "$W_l[i,j]$ for an entry"]
        biases = "$b_l[i]$ for the entries of $b_l$"
    return f"Write {listed([*said, biases] if shape.has_biases else said)}."
