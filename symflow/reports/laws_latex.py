r"""The laws as a LaTeX fragment for lecture notes: the statement, the formulas, a proof of three sentences.

It needs amsmath alone. What is not proved is not stated: where laws are missing, both numbers are.
"""

from __future__ import annotations

from symflow.laws.conservation import ConservationLaws
from symflow.laws.of_problem import LawsOfProblem
from symflow.reports.latex_math import latex
from symflow.reports.laws_document import matrix_layers
from symflow.reports.laws_formulas import LawFormulas
from symflow.reports.phrases import counted
from symflow.reports.problem_line import net_words


def laws_latex(found: LawsOfProblem) -> str:
    r"""Return what ``symflow laws --latex`` prints.

    Parameters
    ----------
    found : LawsOfProblem
        The laws.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> print(laws_latex(laws_of_problem(problem)), end="")
    Every gradient flow of a 2-2-1 relu net, whatever the data and the loss, conserves
    \begin{gather*}
      \lVert u_1\rVert^2-v_1^2,\\
      \lVert u_2\rVert^2-v_2^2.
    \end{gather*}
    Near almost every $w$, everything that all of them conserve is a function of these.
    <BLANKLINE>
    \emph{Proof.} The gradient of each is orthogonal to that of every path monomial: an identity of polynomials.
    At an integer point the velocities span $4=6-2$ dimensions; so there are no more laws
    near almost every point (Frobenius).
    """
    joint = found.joint
    lines = [opening(found)]
    if joint.laws:
        written = formulas(joint)
        lines += ["\\begin{gather*}", *(f"  {formula},\\\\" for formula in written[:-1]), f"  {written[-1]}."]
        lines += ["\\end{gather*}"]
    first, *others = proof(joint)
    lines += [closing(found), "", f"\\emph{{Proof.}} {first}".rstrip(), *others]
    return "\n".join(lines) + "\n"


def opening(found: LawsOfProblem) -> str:
    """Return whose flows conserve what follows, and on which cells."""
    net = net_words(found.problem.architecture)
    verb = "conserves" if found.joint.laws else "conserves nothing."
    if found.model != "cell":
        return f"Every gradient flow of a {net}, whatever the data and the loss, {verb}"
    data = counted(len(found.problem.inputs or ()), "datum", "data")
    where = "on the activation cell of $w$"
    if len(found.cells) > 1:
        near = "" if found.is_everywhere else " that meet $w$"
        where = f"on each of the {len(found.cells)} activation cells{near}"
    return f"Every gradient flow of a {net} on the given {data}, whatever the loss, {where} {verb}"


def formulas(found: ConservationLaws) -> list[str]:
    """Return the laws, those of a layer as one matrix."""
    written = LawFormulas(found.shape)
    layers = matrix_layers(found)
    result = []
    for layer in sorted(layers):
        bias = f"+b_{layer}b_{layer}^{{\\top}}" if found.shape.has_biases else ""
        result.append(f"W_{layer}W_{layer}^{{\\top}}{bias}-W_{layer + 1}^{{\\top}}W_{layer + 1}")
    laws = [law for law in found.laws if law.kind not in ("balancing", "gram") or law.layer not in layers]
    return result + [latex(written.law(law)) for law in laws]


def closing(found: LawsOfProblem) -> str:
    """Return whether there are more laws."""
    joint = found.joint
    if joint.scope == "path monomials" and joint.is_complete:
        return (
            "Near almost every $w$, everything that the flows of the path monomials conserve is a function of these;\n"
            "where some patterns do not occur, a flow may conserve more."
        )
    if joint.is_complete:
        return "Near almost every $w$, everything that all of them conserve is a function of these."
    if joint.is_lie_dimension_exact:
        return (
            f"Near almost every $w$ there are exactly {joint.n_laws_at_most} independent laws, of which these are some."
        )
    return f"There are at most {joint.n_laws_at_most} independent laws; these are {joint.n_laws}."


def proof(found: ConservationLaws) -> list[str]:
    """Return the proof in lines; the first is empty where there are no laws."""
    what = {"relu": "every path monomial", "linear": "every entry of the end-to-end map"}.get(
        found.model, "every output on the data"
    )
    each = f"The gradient of each is orthogonal to that of {what}: an identity of polynomials."
    longest = max((len(word) for word in found.brackets.words), default=0)
    span = "the velocities span" if longest <= 1 else "the velocities and their brackets span"
    number = f"${found.lie_dimension}={found.n_parameters}-{found.n_laws_at_most}$"
    return [
        each if found.laws else "",
        f"At an integer point {span} {number} dimensions; so there are no more{_than(found)} laws",
        "near almost every point (Frobenius).",
    ]


def _than(found: ConservationLaws) -> str:
    return "" if found.is_complete else f" than {found.n_laws_at_most}"
