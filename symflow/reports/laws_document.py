"""What ``symflow laws`` says: how many laws, which ones, for what they are complete, how that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq, rational
from symflow.laws.conservation import ConservationLaws
from symflow.laws.law import ConservationLaw
from symflow.laws.of_problem import LawsOfProblem, LawsOnCell
from symflow.nets.architecture import Architecture
from symflow.problem import Problem
from symflow.reports.document import Answer, Block, Display, Document, Equation, Fact, Facts, Table, Tag, Title
from symflow.reports.expressions import Rational, Sentence, Symbol, Vector
from symflow.reports.laws_formulas import LawFormulas
from symflow.reports.linear_text import linear_text
from symflow.reports.names import in_use
from symflow.reports.phrases import counted
from symflow.reports.problem_line import net_words, title
from symflow.reports.regions_document import shown_pattern
from symflow.reports.regions_overview import Layer
from symflow.verdict import AbstractVerdict

# More laws that depend on the others, parameters or words are only counted.
_MOST_NAMED = 4
# A longer formula stands alone, not left of the sign.
_LONGEST_LEFT = 28
# A linear layer with more neurons is written as a matrix.
_MOST_ENTRIES = 3


def laws_document(problem: Problem, found: LawsOfProblem) -> Document:
    """Return what is to be said of the laws.

    Parameters
    ----------
    problem : Problem
        What was asked.
    found : LawsOfProblem
        The answer.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> for block in laws_document(problem, laws_of_problem(problem)).blocks[:2]:
    ...     print(sentence_text(block.sentence))
    2-2-1 relu net, 6 weights, any data.
    2 conservation laws, and no more.
    """
    joint = found.joint
    blocks: list[Block] = [Title(_title(problem, found)), _answer(found)]
    if joint.laws:
        blocks.append(_display(problem, joint))
    if len(found.cells) > 1:
        blocks.append(_table(found))
    facts = [*_facts(found)]
    if facts:
        blocks.append(Facts(tuple(facts)))
    blocks.append(Facts((Fact("known by", tuple(_grounds(found))),), is_grounds=True))
    return Document(tuple(blocks))


def checked_document(
    problem: Problem, found: LawsOfProblem, polynomial: Polynomial, verdict: AbstractVerdict
) -> Document:
    """Return what is to be said of a polynomial that was asked about.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.laws.wrong_laws import gram_balancing, is_law
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [1, 2, 1]}})
    >>> found = laws_of_problem(problem)
    >>> h = gram_balancing(problem.architecture, 1, 1, 2)
    >>> document = checked_document(problem, found, h, is_law(h, found.joint.fields))
    >>> sentence_text(document.blocks[1].sentence)
    'W1[1,1]*W1[2,1] - W2[1,1]*W2[1,2] is not conserved.'
    """
    text = polynomial.to_text()
    blocks: list[Block] = [Title(_title(problem, found))]
    if verdict.is_proved:
        blocks.append(Answer((f"{text} is conserved.",), Tag("proved", _for_what(found))))
        blocks.append(
            Facts(
                (Fact("known by", (("polynomial identities: its gradient is orthogonal to all velocities",),)),),
                is_grounds=True,
            )
        )
        return Document(tuple(blocks))
    if verdict.is_undecided:
        blocks.append(Answer((f"Whether {text} is conserved is open.",), Tag("undecided")))
        blocks.append(Facts((Fact("why", ((str(verdict.evidence["reason"]),),)),), is_grounds=True))
        return Document(tuple(blocks))
    blocks.append(Answer((f"{text} is not conserved.",), Tag("refuted")))
    evidence = verdict.evidence
    output = "f" if problem.architecture.n_outputs == 1 else f"f{evidence['output']}"
    where: Sentence = ("x = ", _vector(evidence["input"]))
    if "datum" in evidence:
        where = (f"datum {evidence['datum']}, where the signs are {str(evidence['pattern']).replace('-', '−')}",)
    facts = (
        Fact("witness", (("w = ", _vector(evidence["parameters"])), where)),
        Fact(
            "moves",
            ((f"along −∇{output}(x; w) it changes at the rate ", Rational(rational(-evidence["rate"])), ", not 0"),),
        ),
    )
    return Document((*blocks, Facts(facts), Facts((Fact("known by", (("one exact number",),)),), is_grounds=True)))


# ---------------------------------------------------------------------- title and answer


def _title(problem: Problem, found: LawsOfProblem) -> Sentence:
    shape = problem.architecture
    given = [title(problem)] if problem.title else []
    noun = "parameter" if shape.has_biases else "weight"
    words = f"{net_words(shape)}, {counted(shape.n_parameters, noun)}, "
    trained = problem.flow.trained if problem.flow is not None else None
    if trained is not None:
        words += f"{' and '.join(trained) or 'none'} trained, "
    if found.model != "cell":
        return (*given, f"{words}any data.")
    words += counted(len(problem.inputs or ()), "datum", "data")
    if found.is_everywhere:
        return (*given, f"{words}, on all {counted(len(found.cells), 'cell')} of weight space.")
    if len(found.cells) > 1:
        return (*given, f"{words}, on the {len(found.cells)} cells that meet w.")
    pattern = cell_words(problem.architecture, found.cells[0].pattern)
    return (*given, f"{words}, on the cell of w{f': {pattern}' if pattern else ''}.")


def _answer(found: LawsOfProblem) -> Answer:
    joint = found.joint
    n, most = joint.n_laws, joint.n_laws_at_most
    laws = counted(n, "conservation law")
    where = ""
    if len(found.cells) > 1:
        where = " on all of them" if len(found.cells) > 2 else " on both of them"
    is_open = found.incident is not None and not found.incident.is_decided
    if joint.is_complete and not is_open:
        words = f"{laws}{where}, and no more." if n else f"No conservation law{where}: nothing is kept."
        return Answer((words,), Tag("proved", _for_what(found)))
    if joint.is_complete:
        return Answer((f"{laws}{where} that {'is' if len(found.cells) == 1 else 'are'} known.",), Tag("undecided"))
    if joint.is_lie_dimension_exact and not is_open:
        there_are = counted(most, "conservation law")
        return Answer((f"{there_are}{where}, and no more; {n} of them known.",), Tag("proved", _for_what(found)))
    return Answer((f"{laws}{where} known, and at most {most}.",), Tag("undecided"))


def _for_what(found: LawsOfProblem) -> str:
    if found.model != "cell":
        biases = " with biases" if found.problem.architecture.has_biases else ""
        return f"for shape {found.problem.architecture}{biases}"
    return "for these data" if len(found.cells) > 1 else "for this cell"


def cell_words(shape: Architecture, word: str, *, full: bool = False) -> str:
    """Return a pattern as the screen shows it: data parted by commas, layers by bars."""
    layers, first = [], 0
    for layer in range(1, shape.n_layers):
        if shape.activation(layer).has_sites:
            width = len(shape.members(layer))
            layers.append(Layer(layer, shape.activation(layer).is_group, first, width))
            first += width
    return ", ".join(shown_pattern(layers, part, full=full) for part in word.split("|")) if first else ""


# ---------------------------------------------------------------------- the laws


def _display(problem: Problem, found: ConservationLaws) -> Display:
    formulas = LawFormulas(found.shape)
    point = None if problem.network is None else problem.network.parameters
    equations: list[Equation] = []
    matrices = matrix_layers(found)
    for layer in sorted(matrices):
        equations.append(_matrix(found, layer, point))
    rest = [law for law in found.laws if law.kind not in ("balancing", "gram") or law.layer not in matrices]
    written = [formulas.law(law) for law in rest]
    # A long formula would be broken in the column of the left sides.
    is_short = all(len(linear_text(formula)) <= _LONGEST_LEFT for formula in written)
    for law, formula in zip(rest, written, strict=True):
        value: Sentence = () if point is None else (Rational(law.value(point)), "    at w")
        if is_short:
            equations.append(Equation((formula,), "=" if value else "", value))
        else:
            equations.append(Equation((), "", (formula, "  =  ", *value) if value else (formula,)))
    where: tuple[Sentence, ...] = ()
    has_letters = formulas.has_letters and in_use().has_rows
    if has_letters and any(law.kind in ("balancing", "gram") for law in found.laws) and not matrices:
        j = "" if found.shape.widths[1] == 1 else "j"
        row = "1" if found.shape.widths[1] == 1 else "j"
        column = "·" if found.shape.n_inputs > 1 else "1"
        where = ((Symbol("u", j), f" = W1[{row},{column}],  ", Symbol("v", j), f" = W2[1,{row}]"),)
    return Display(tuple(equations), where)


def matrix_layers(found: ConservationLaws) -> set[int]:
    """Return the hidden layers whose whole Gram difference is kept, and too large to be written entry by entry."""
    shape = found.shape
    layers = set()
    for layer in range(1, shape.n_layers):
        width = shape.widths[layer]
        laws = [
            law
            for law in (*found.laws, *found.dependent_laws)
            if law.layer == layer and law.kind in ("balancing", "gram")
        ]
        if (
            width > _MOST_ENTRIES
            and len(laws) == width * (width + 1) // 2
            and all(law.terms[-1][1] < 0 for law in laws)
        ):
            layers.add(layer)
    return layers


def _matrix(found: ConservationLaws, layer: int, point: tuple[fmpq, ...] | None) -> Equation:
    shape, width = found.shape, found.shape.widths[layer]
    bias = f" + b{layer} b{layer}ᵀ" if shape.has_biases else ""
    left = f"W{layer} W{layer}ᵀ{bias} − W{layer + 1}ᵀ W{layer + 1}"
    n_entries = width * (width + 1) // 2
    n_kept = sum(law.layer == layer for law in found.laws)
    entries = f"{n_entries} laws" if n_kept == n_entries else f"{n_entries} entries, {n_kept} of them independent"
    return Equation((left,), "", (f"symmetric, {width} × {width}: {entries}",))


def _table(found: LawsOfProblem) -> Table:
    """Return a row a cell: how many laws it has, and which."""
    shape = found.problem.architecture
    rows: list[tuple[Sentence, ...]] = []
    for number, cell in enumerate(found.cells, start=1):
        count = str(cell.found.n_laws)
        if cell.found.is_lie_dimension_exact:
            count = str(cell.found.n_laws_at_most)
            if not cell.found.is_complete:  # the count is proved, some laws are not known
                count = f"{count}, {cell.found.n_laws} known"
        elif not cell.found.is_complete:
            count = f"{count} to {cell.found.n_laws_at_most}"
        rows.append(((str(number),), (cell_words(shape, cell.pattern),), (count,), (_summary(cell),)))
    header: tuple[Sentence, ...] = (("cell",), ("pattern",), ("laws",), ("of which",))
    return Table(header, tuple(rows), "cells", (0, 2), ((0, 1, 2, 3), (0, 1, 2), (0, 2)))


def _summary(cell: LawsOnCell) -> str:
    """Return which laws a cell has, by kinds."""
    laws = cell.found.laws
    counts = {kind: sum(law.kind == kind for law in laws) for kind in dict.fromkeys(law.kind for law in laws)}
    words = {
        "balancing": "balancing",
        "gram": "Gram",
        "unmoved": "at rest",
        "span": "orthogonal to data",
        "quadratic": "quadratic",
    }
    return ", ".join(f"{count} {words[kind]}" for kind, count in counts.items())


# ---------------------------------------------------------------------- facts


def _facts(found: LawsOfProblem) -> Iterator[Fact]:
    joint = found.joint
    yield Fact("complete for" if joint.is_complete else "holds for", tuple(_scope(found)))
    if not joint.is_complete and joint.has_all_quadratic:
        yield Fact("unknown", (("the others are no polynomials of degree two or less",),))
    if joint.is_complete and not all(cell.found.is_complete for cell in found.cells):
        yield Fact("not known", tuple(_not_known(found)))
    layers = [law for law in joint.dependent_laws if law.kind == "layer"]
    if layers:
        sums: list[Sentence] = [(LawFormulas(joint.shape).law(law),) for law in layers[:_MOST_NAMED]]
        yield Fact("by layer", (*sums, ("...",)) if len(layers) > _MOST_NAMED else tuple(sums))
    extra = [law for law in joint.dependent_laws if law.kind != "layer" and law.layer not in matrix_layers(joint)]
    if extra:
        formulas = LawFormulas(joint.shape)
        shown: list[Sentence] = [(formulas.law(law),) for law in extra[:_MOST_NAMED]]
        if len(extra) > _MOST_NAMED:
            shown.append((f"and {len(extra) - _MOST_NAMED} more",))
        yield Fact("also kept", (*shown, ("functions of the others near almost every w",)))
    if found.incident is not None and not found.incident.is_decided:
        n = len(found.incident.undecided)
        yield Fact("open", ((f"{counted(n, 'pattern')} whose cells may meet w too",),))
    degrees = {law.degree for law in joint.laws}
    if 2 in degrees:
        yield Fact("not kept", tuple(_not_kept(joint.laws)))


def _scope(found: LawsOfProblem) -> Iterator[Sentence]:
    scope = found.joint.scope
    if scope == "given data":
        where = "the cells" if len(found.cells) > 1 else "the cell"
        yield (f"every loss of these outputs on these data, while w is in {where}",)
        if len(found.cells) > 1:
            yield (f"laws with one formula on all of them; {_own_laws(found)}",)
    elif scope == "all data" and found.model == "linear":
        yield ("the flows on all data, near almost every w",)
    elif scope == "all data":
        yield ("the flows on all data, near almost every w, in whichever cell it is",)
        yield ("on given data a flow may keep more on some cells: --model cell",)
    else:
        yield ("the path monomials, near almost every w; each law holds on all data",)
        yield ("on weights where some patterns do not occur a flow may keep more: --model cell",)


def _not_known(found: LawsOfProblem) -> Iterator[Sentence]:
    """Yield on which cells laws are missing: how many there are is proved, or both bounds are known."""
    counted_only = [
        cell.found for cell in found.cells if cell.found.is_lie_dimension_exact and not cell.found.is_complete
    ]
    bounded_only = [cell.found for cell in found.cells if not cell.found.is_lie_dimension_exact]
    of = f"of the {len(found.cells)} cells" if len(found.cells) > 1 else "cell"
    if counted_only:
        yield (f"some laws on {len(counted_only)} {of}, though their number is proved",)
        if all(each.has_all_quadratic for each in counted_only):
            yield ("they are no polynomials of degree two or less",)
    if bounded_only:
        yield (f"the number of laws on {len(bounded_only)} {of}: it is only bounded from both sides",)


def _own_laws(found: LawsOfProblem) -> str:
    """Return which cells have laws beyond those of all cells."""
    n, n_joint = len(found.cells), found.joint.n_laws
    n_more = sum(cell.found.n_laws > n_joint for cell in found.cells)
    n_open = sum(cell.found.n_laws == n_joint and not cell.found.is_complete for cell in found.cells)
    if n_more == n:
        return "each cell has more of its own"
    if not n_more:
        return f"of {n_open} cells it is open whether they have more" if n_open else "no cell has more"
    return f"{n_more} of the {n} cells {'has' if n_more == 1 else 'have'} more"


def _not_kept(laws: Sequence[ConservationLaw]) -> Iterator[Sentence]:
    if not all(law.is_homogeneous for law in laws):
        yield ("by gradient descent: a step η adds η² times its quadratic part at ∇R to a law",)
        return
    linear = any(law.degree == 1 for law in laws)
    yield (f"by gradient descent: a step η adds η² h(∇R) to {'a quadratic law' if linear else 'the law'} h",)
    if linear:
        yield ("with weight decay λ: a law of degree d is multiplied by e^(−d λ t)",)
    else:
        yield ("with weight decay λ: each is multiplied by e^(−2 λ t)",)


def _grounds(found: LawsOfProblem) -> Iterator[Sentence]:
    joint = found.joint
    on = "on every piece" if found.model == "relu" else "on the cell" if len(found.cells) == 1 else "on each cell"
    if joint.laws:
        yield (f"each: a polynomial identity{'' if found.model == 'linear' else f', {on}'}",)
    longest = max((len(word) for word in joint.brackets.words), default=0)
    span = "the velocities span" if longest <= 1 else "the velocities and their brackets span"
    difference = f"{joint.lie_dimension} = {joint.n_parameters} − {joint.n_laws_at_most} dimensions"
    if not joint.lie_dimension and joint.is_complete:
        yield ("nothing moves",)
    else:
        yield (f"no more{'' if joint.is_complete else f' than {joint.n_laws_at_most}'}: {span} {difference}",)
        yield (f"at an integer point: a minor of {counted(joint.lie_dimension, 'row')} is not zero",)
    if not joint.is_complete and not joint.brackets.is_stationary:
        yield ("the search for brackets was stopped: give it more time with --time-limit",)
    if found.is_everywhere:
        yield ("cells: all of them, with a point in each",)
    elif len(found.cells) > 1:
        others = ", certificates against all others" if found.incident and found.incident.refuted else ""
        yield (f"cells: a direction into each{others}",)


def _vector(values: object) -> Vector | Rational:
    assert isinstance(values, tuple)
    entries = tuple(Rational(rational(value)) for value in values)
    return entries[0] if len(entries) == 1 else Vector(entries)
