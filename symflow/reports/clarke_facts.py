"""The facts about a Clarke differential, one function each: kinks, vertices, shortest element, and so on."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.selection import select
from symflow.differentials.sum_rule import SumRule
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.objective import Output
from symflow.reports.document import Fact
from symflow.reports.expressions import (
    Application,
    Expression,
    Norm,
    Pairing,
    Parameters,
    Rational,
    Relation,
    Sentence,
    Symbol,
)
from symflow.reports.kink_words import kink_sites, kink_words
from symflow.reports.phrases import equation, is_short, joined
from symflow.reports.readable.elements import decimals, off_position, position, separation
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.reading import Reading
from symflow.reports.readable.written_numbers import coefficient_times, total
from symflow.reports.sum_rule_words import sum_rule_sentence


def facts(
    differential: ClarkeDifferential, reading: Reading, notation: Notation, sum_rule: SumRule | None
) -> tuple[Fact, ...]:
    """Return the facts, in their order."""
    found = [
        kinks_fact(differential, reading, notation),
        vertices_fact(differential, reading),
        gradients_fact(differential),
        dimension_fact(differential, reading),
        shortest_fact(differential, reading, notation),
        critical_fact(differential, reading, notation),
        euler_fact(differential, reading, notation),
        sum_rule_fact(differential, reading, notation, sum_rule),
        autodiff_fact(differential, reading, notation),
    ]
    return tuple(fact for fact in found if fact is not None)


def kinks_fact(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Fact | None:
    """Return which neurons are at a kink."""
    if differential.shortcut is not None:
        return None
    words: Sentence = (kink_words(differential),)
    if reading.is_point and kink_sites(differential):
        affine = _affine_piece(differential, notation)
        if affine is None:
            words = (*words, "; the gradient is the same on every side")
        elif len(kink_sites(differential)) > 1:
            words = (*words, "; they cancel: ", affine, " near ", notation.point)
        else:
            words = (*words, "; it does not matter: ", affine, " near ", notation.point)
    return Fact("kinks", (words,))


def _affine_piece(differential: ClarkeDifferential, notation: Notation) -> Expression | None:
    """Return f(x) = 2x1 − x2 + 1 where that holds near the point."""
    function = differential.function
    shape = function.network.architecture
    if function.variable != "input" or not isinstance(function.objective, Output) or len(function.variables) > 3:
        return None
    if not all(activation.is_piecewise_linear for activation in shape.activations):
        return None
    gradient = [entry for entry in differential.minimal_norm_element if isinstance(entry, fmpq)]
    constant = function.outputs[0] - sum((g * x for g, x in zip(gradient, function.point, strict=True)), fmpq(0))
    names = [Symbol("x", str(i + 1) if len(gradient) > 1 else "") for i in range(len(gradient))]
    terms: list[Expression] = [coefficient_times(g, name) for g, name in zip(gradient, names, strict=True) if g != 0]
    if constant != 0:
        terms.append(Rational(constant))
    result = Relation((Application(notation.letter, "", Symbol("x")), total(terms)), ("=",))
    return result if is_short(result, 40) else None


def vertices_fact(differential: ClarkeDifferential, reading: Reading) -> Fact | None:
    """Return how many vertices there are, and which for a segment."""
    if reading.is_point:
        return None
    count = reading.shape.n_vertices
    if len(reading.parts) == 1 and reading.parts[0].form == "span" and count == 2:
        if differential.function.variable == "input":
            return None
        (theta,) = reading.parts[0].parameters
        ends = [Relation((theta, Rational(fmpq(end))), ("=",)) for end in (0, 1)]
        return Fact("vertices", (("2:  ", ends[0], "  and  ", ends[1]),))
    return Fact("vertices", ((str(count),),))


def gradients_fact(differential: ClarkeDifferential) -> Fact | None:
    """Return how many limits of gradients there are, where some are no vertices."""
    count, n_vertices = differential.n_limiting_gradients, differential.n_vertices
    if count is None or n_vertices is None or count == n_vertices:
        return None
    inside = count - n_vertices
    return Fact("gradients", ((f"{count} limits of gradients: the vertices and {inside} more, inside",),))


def dimension_fact(differential: ClarkeDifferential, reading: Reading) -> Fact | None:
    """Return the dimension, where the word for the set does not say it."""
    if reading.shape.dimension <= 1 or "dimension" in reading.shape.detail:
        return None
    return Fact("dimension", ((f"{reading.shape.dimension}, in R^{len(differential.function.variables)}",),))


def shortest_fact(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Fact:
    """Return the shortest element and its squared length."""
    element = differential.minimal_norm_element
    label = "shortest element"
    if all(entry == 0 for entry in element):
        where = position(reading, notation, element) if not reading.is_point else None
        at = () if where is None or differential.function.variable == "input" else (",  at ", *where)
        return Fact(label, (("0", *at),))
    squared = differential.minimal_norm_squared
    if differential.function.variable == "input":
        written = notation.vector(element)
        if len(element) == 1:
            return Fact(label, ((written, *decimals(element[0])),))
        if is_short(written):
            return Fact(label, ((written, ",  ", equation(Norm(Symbol("s"), 2), squared, notation)),))
        return Fact(label, ((equation(Norm(Symbol("s"), 2), squared, notation),),))
    if reading.is_point:
        return Fact("length", ((equation(Norm(notation.gradient, 2), squared, notation),),))
    where = position(reading, notation, element)
    norm: Sentence = (equation(Norm(Symbol("s"), 2), squared, notation),)
    return Fact(label, (norm if where is None else (*where, ",  ", *norm),))


def critical_fact(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Fact:
    """Return whether 0 lies in the set."""
    if reading.is_point:
        if differential.contains_zero:
            return Fact("critical", (("yes: ", Relation((notation.gradient, Rational(fmpq(0))), ("=",))),))
        return Fact("critical", (("no",),))
    if differential.contains_zero:
        return Fact("critical", (("yes: 0 is in ", reading.name),))
    return Fact("critical", (("no: 0 is not in ", reading.name),))


def euler_fact(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Fact | None:
    """Return Euler's identity, which every element of the set satisfies."""
    function = differential.function
    found = euler(function)
    if found is None:
        return None
    point = Symbol("w") if function.variable == "weights" else Symbol("x")
    whole = Pairing(Symbol("s"), point)
    value = notation.number(found.value)
    every: Sentence = (" for every s in ", reading.name)
    if reading.is_point:
        every = (",  ", Relation((Symbol("s"), notation.gradient), ("=",)))
    if not found.layers:
        return Fact("Euler", ((Relation((whole, value), ("=",)), *every),))
    layers = [Pairing(Symbol("S", str(layer)), Parameters("W", layer)) for layer in range(1, len(found.layers) + 1)]
    if len(set(found.layers)) == 1 and len(layers) > 1:
        common = notation.number(found.layers[0])
        shown: list[Expression] = [*layers] if len(layers) <= 3 else [layers[0], Symbol("…"), layers[-1]]
        chain = Relation((*shown, common), ("=",) * len(shown))
        return Fact("Euler", ((Relation((whole, value), ("=",)), "  and  ", chain, *every),))
    parts: list[Sentence] = [(Relation((whole, value), ("=",)),)]
    if len(layers) > 1:
        for pairing, layer_value in zip(layers, found.layers, strict=True):
            parts.append((Relation((pairing, notation.number(layer_value)), ("=",)),))
    return Fact("Euler", ((*joined(parts), *every),))


def sum_rule_fact(
    differential: ClarkeDifferential, reading: Reading, notation: Notation, found: SumRule | None
) -> Fact | None:
    """Return whether the set is the sum over the data."""
    if found is None or (reading.is_point and not kink_sites(differential)):
        return None
    return Fact("sum rule", (sum_rule_sentence(differential, reading, notation, found),))


def autodiff_fact(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> Fact:
    """Return whether what automatic differentiation returns lies in the set."""
    selection = select(differential, "autodiff")
    vector, verdict = selection.gradient, selection.verdict
    if verdict.is_proved:
        if reading.is_point:
            return Fact("autodiff", (("is right: it returns ", notation.gradient),))
        if all(entry == 0 for entry in vector):
            return Fact("autodiff", (("is in ", reading.name, ": it is 0"),))
        where = _written(differential, notation, vector) or position(reading, notation, vector)
        at = () if where is None else (": it has ", *where)
        if where is not None and differential.function.variable == "input":
            at = (": it is ", *where)
        return Fact("autodiff", (("is in ", reading.name, *at),))
    outside: Sentence = ("is not in ", reading.name)
    short = _written(differential, notation, vector)
    if short is not None:
        return Fact("autodiff", ((*outside, ": it is ", *short),))
    how = off_position(reading, notation, vector)
    head: Sentence = outside if how is None else (*outside, ": it has ", *how)
    if how is not None and _is_plain(reading):
        return Fact("autodiff", (head,))
    return Fact(
        "autodiff",
        (head, *separation_sentences(differential, reading, notation, verdict.evidence["separator"], vector)),
    )


def separation_sentences(
    differential: ClarkeDifferential,
    reading: Reading,
    notation: Notation,
    functional: Sequence[fmpq],
    vector: Sequence[Scalar],
) -> list[Sentence]:
    """Return "⟨d, s⟩ ≥ 2 on ∂R(w), 0 for it; d = (1, 1) in W1[1,·], 0 elsewhere"."""
    found = separation(differential, notation, functional, vector)
    bound, value = notation.number(found.bound), notation.number(found.value)
    pairing = Pairing(Symbol("d"), Symbol("s"))
    head: Sentence = (Relation((pairing, bound), ("≥",)), " on ", reading.name, ",  ", value, " for it;")
    return [head, ("d = ", *found.direction)]


def _written(differential: ClarkeDifferential, notation: Notation, vector: Sequence[Scalar]) -> Sentence | None:
    """Return a vector of the input as it stands, where that is short; None in the weights."""
    written = notation.vector(vector)
    return (written,) if differential.function.variable == "input" and is_short(written) else None


def _is_plain(reading: Reading) -> bool:
    """Whether a value of θ or τ, or of a block, says by itself that a vector is outside."""
    return reading.is_point or all(part.form == "span" and part.shape.dimension == 1 for part in reading.parts)
