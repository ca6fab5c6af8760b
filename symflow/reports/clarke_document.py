"""What ``symflow clarke`` says: the answer, the formula, the facts, and how it is known."""

from __future__ import annotations

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.stationarity import StationarityReport
from symflow.differentials.sum_rule import SumRule
from symflow.differentials.sum_rule import sum_rule as decided_sum_rule
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem import Problem
from symflow.reports.clarke_facts import facts
from symflow.reports.clarke_formula import formula_blocks
from symflow.reports.document import (
    Answer,
    Block,
    Document,
    Facts,
    Tag,
    Title,
)
from symflow.reports.enclosed_document import enclosed_blocks
from symflow.reports.expressions import (
    FiniteSet,
    Interval,
    Relation,
    Sentence,
)
from symflow.reports.grounds import grounds
from symflow.reports.kink_words import kink_sites
from symflow.reports.phrases import is_short
from symflow.reports.problem_line import problem_line
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.reading import Reading
from symflow.reports.readable.shapes import with_article
from symflow.reports.stationarity_facts import stationarity_facts

# A product of more parts is not listed part by part.
_MOST_PARTS = 12


def clarke_document(
    problem: Problem,
    differential: ClarkeDifferential,
    *,
    sum_rule: SumRule | None = None,
    stationarity: StationarityReport | None = None,
    budget: Budget = NO_BUDGET,
) -> Document:
    """Return what is to be said of a Clarke differential.

    Parameters
    ----------
    problem : Problem
        What was asked.
    differential : ClarkeDifferential
        The answer.
    sum_rule : SumRule, optional
        Decided here where it is not given.
    stationarity : StationarityReport, optional
        Adds what kind of point it is.
    budget : Budget
        For deciding the sum rule.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> network = {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "1"]]]}
    >>> problem = problem_from_tree(
    ...     {"network": network, "objective": {"variable": "input", "at": ["0"]}, "data": {"inputs": [["0"]]}}
    ... )
    >>> document = clarke_document(problem, clarke_differential(problem.function()))
    >>> sentence_text(document.blocks[1].sentence)
    '∂f(0) = [−1, 1], a segment.'
    """
    notation = notation_of(differential)
    first = Title(problem_line(problem))
    more = () if stationarity is None else stationarity_facts(stationarity, notation)
    if not differential.is_exact:
        enclosed = enclosed_blocks(differential, notation)
        return Document((first, *enclosed, Facts(more)) if more else (first, *enclosed))
    if sum_rule is None:
        sum_rule = decided_sum_rule(differential, budget=budget)
    reading = read_set(differential)
    known = grounds(differential)
    blocks: list[Block] = [first, Answer(answer(differential, reading, notation), Tag("exact"))]
    blocks += formula_blocks(differential, reading, notation)
    blocks.append(Facts((*facts(differential, reading, notation, sum_rule), *more)))
    if known:
        blocks.append(Facts(known, is_grounds=True))
    return Document(tuple(blocks))


# ---------------------------------------------------------------------- the answer


def answer(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Sentence:
    """Return the answer in one sentence."""
    name, function = reading.name, differential.function
    if reading.is_point:
        gradient = differential.minimal_norm_element
        written = notation.vector(gradient)
        is_zero = all(entry == 0 for entry in gradient)
        if is_zero or (function.variable == "input" and is_short(written)):
            return (Relation((name, FiniteSet((written,))), ("=",)), ".")
        word = "strictly differentiable at" if kink_sites(differential) else "differentiable, with one piece, near"
        if not kink_sites(differential):
            word = "continuously differentiable near"
        both: Sentence = (Relation((name, FiniteSet((notation.gradient,))), ("=",)), ".")
        return (f"{reading.name.function} is {word} ", notation.point, ": ", *both)
    if len(function.variables) == 1:
        (vertices,) = [part.vertices for part in reading.parts]
        interval = Interval(notation.number(vertices[0][0]), notation.number(vertices[-1][0]))
        return (Relation((name, interval), ("=",)), ", a segment.")
    return (name, f" is {shape_words(reading)}.")


def shape_words(reading: Reading) -> str:
    """Return "a segment", "the product of a segment and a triangle", "a product of 12 sets, ..".

    Examples
    --------
    >>> from symflow.reports.expressions import Application
    >>> from symflow.reports.readable.reading import Shape
    >>> shape_words(Reading(Application("f"), Shape("polygon", "with 12 corners", 2, 12), (), (), ()))
    'a polygon with 12 corners'
    """
    shape = reading.shape
    if shape.noun == "product":
        if len(reading.parts) > _MOST_PARTS:
            return f"a product of {len(reading.parts)} sets, one a neuron, with {shape.n_vertices} vertices"
        return f"the product {shape.detail}"
    return f"{with_article(shape.noun)} {shape.detail}".rstrip()
