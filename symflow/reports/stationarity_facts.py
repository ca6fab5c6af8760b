"""The facts that ``symflow clarke --stationarity`` adds: what kind of point it is, and which way is down."""

from __future__ import annotations

from symflow.differentials.stationarity import Descent, StationarityReport
from symflow.reports.document import Fact
from symflow.reports.expressions import Relation, Sentence, Symbol
from symflow.reports.readable.elements import direction_words
from symflow.reports.readable.notation import Notation
from symflow.verdict import AbstractVerdict


def stationarity_facts(report: StationarityReport, notation: Notation) -> tuple[Fact, ...]:
    """Return the facts, in their order.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.stationarity import stationarity
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> from symflow.reports.readable.read_set import notation_of
    >>> df = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> for fact in stationarity_facts(stationarity(df), notation_of(df)):
    ...     print(fact.label, "-", fact.sentences[0][0])
    smooth - no: f'(x; v) is not linear in v
    regular - yes: f'(x; v) = f°(x; v) for every v
    Fréchet - stationary: f'(x; v) ≥ 0 for every v
    minimum - yes, a local one
    """
    letter = notation.letter
    point = "w" if report.differential.function.variable == "weights" else "x"
    slope, upper = f"{letter}'({point}; v)", f"{letter}°({point}; v)"
    facts = [
        Fact("smooth", (_smooth(report, slope),)),
        Fact("regular", (_regular(report, slope, upper),)),
        Fact("Fréchet", ((_said(report.frechet, f"stationary: {slope} ≥ 0 for every v", "not stationary"),),)),
        Fact("minimum", ((_said(report.local_minimum, "yes, a local one", "no"),),)),
    ]
    if report.descent is not None:
        facts.append(Fact("descent", _descent_words(report, report.descent, notation, slope)))
    return tuple(facts)


def _smooth(report: StationarityReport, slope: str) -> Sentence:
    if report.strictly_differentiable.is_proved:
        return ("strictly differentiable",)
    yes = "differentiable, not strictly" if report.strictly_differentiable.is_refuted else "differentiable"
    return (_said(report.differentiable, yes, f"no: {slope} is not linear in v"),)


def _regular(report: StationarityReport, slope: str, upper: str) -> Sentence:
    if not report.regular.is_refuted:
        return (_said(report.regular, f"yes: {slope} = {upper} for every v", ""),)
    return (f"no: {slope} < {upper} for some v",)


def _descent_words(
    report: StationarityReport, descent: Descent, notation: Notation, slope: str
) -> tuple[Sentence, ...]:
    direction = direction_words(report.differential, notation, descent.direction)
    falls = Relation((Symbol(slope), notation.number(descent.derivative)), ("=",))
    head: Sentence = (falls, ";  v = ", *direction)
    if descent.term.order > 1:
        term = (notation.number(descent.term.coefficient), f" t^{descent.term.order}")
        return (head, ("along an arc that starts so the first term is ", *term))
    if descent.step is None:
        return (head,)
    moved = "v" if descent.step == 1 else f"{descent.step} v"
    point = "w" if report.differential.function.variable == "weights" else "x"
    return (head, (f"the value is lower at {point} + {moved}",))


def _said(verdict: AbstractVerdict, yes: str, no: str) -> str:
    if verdict.is_undecided:
        return "not decided"
    return yes if verdict.is_proved else no
