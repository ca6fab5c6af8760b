"""How a set is known: how many sign patterns occur and how many do not, with one example of each kind."""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.cells.cell import Cell, Refutation, Term
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.exact.rationals import fmpq
from symflow.nets.pattern import Site
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.reports.document import Fact
from symflow.reports.expressions import (
    Expression,
    Negative,
    Pairing,
    Parameters,
    Power,
    Product,
    Rational,
    Relation,
    Sentence,
    Symbol,
    Vector,
)
from symflow.reports.kink_words import kink_sites
from symflow.reports.linear_text import sentence_text
from symflow.reports.phrases import counted, joined, runs
from symflow.reports.readable.blocks import lines_of
from symflow.reports.readable.written_numbers import coefficient_times, coprime, total

# Examples longer than this are left out, and neurons beyond this number are summed up.
_LONGEST_EXAMPLE = 100
_MOST_NEURONS = 3

# So many identities are compared to see whether they are all the same.
_MOST_COMPARED = 16


def grounds(differential: ClarkeDifferential) -> tuple[Fact, ...]:
    """Return the facts that say how the set is known.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> for sentence in grounds(dR)[0].sentences:
    ...     print(sentence_text(sentence))
    4 sign patterns: 2 occur (a direction for each),
    2 do not (z1 + z2 = 0)
    """
    if differential.shortcut is not None:
        return (Fact("known by", _shortcut(differential)),)
    factors = [factor for factor in differential.factors if _has_kinks(factor)]
    if not factors:
        return ()
    if len(factors) > _MOST_NEURONS:
        return (Fact("known by", tuple(_summed_up(factors))),)
    if len(factors) == 1:
        return (Fact("known by", tuple(_of_factor(differential, factors[0]))),)
    # Neurons with as many patterns of each kind are named together, with an example of the first.
    same: dict[tuple[int, int, int | None], list[Factor]] = {}
    for factor in factors:
        n_patterns = _n_patterns(differential, factor)
        same.setdefault((len(factor.incident.cells), len(factor.incident.undecided), n_patterns), []).append(factor)
    noun = "pooling group" if differential.function.network.architecture.activation(1).is_group else "neuron"
    result: list[Sentence] = []
    for group in same.values():
        neurons = [factor.neuron or 0 for factor in group]
        first, *others = _of_factor(differential, group[0])
        head = f"{noun} {neurons[0]}: " if len(group) == 1 else f"{noun}s {runs(neurons)}, each: "
        result += [(head, *first), *others]
    return (Fact("known by", tuple(result)),)


def pattern_words(function: AbstractPatternedFunction, pattern: str) -> str:
    """Return a pattern as it is shown: layers parted by |, data by commas.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> net = Network.from_weights([[1], [-1]], [[1, 1]], [[2]])
    >>> pattern_words(Realization(net).at((0,)), "+-+")
    '(+ − | +)'
    """
    shape = function.network.architecture
    sizes = [len(shape.members(layer)) for layer in range(1, shape.n_layers) if shape.activation(layer).has_sites]
    words = []
    for word in pattern.split("|"):
        if len(word) != sum(sizes):  # the pattern of one neuron: a character a datum
            return f"({' '.join(pattern.replace('|', '')).replace('-', '−')})"
        layers, start = [], 0
        for size in sizes:
            layers.append(" ".join(word[start : start + size]))
            start += size
        words.append(f"({' | '.join(layers).replace('-', '−')})")
    return ", ".join(words)


# ---------------------------------------------------------------------- one factor


def _has_kinks(factor: Factor) -> bool:
    return len(factor.incident.cells) + len(factor.incident.refuted) + len(factor.incident.undecided) > 1


def _of_factor(differential: ClarkeDifferential, factor: Factor) -> list[Sentence]:
    function, incident = differential.function, factor.incident
    n_occur, n_identities = len(incident.cells), len(incident.refuted)
    n_patterns = _n_patterns(differential, factor)
    order = max((len(cell.arc) for cell in incident.cells), default=1)
    how = _how(n_occur, order)
    arc = _arc_example(function, incident.cells) if order > 1 else []
    if incident.undecided:  # the set is known all the same: what they could add lies in it
        occur = f"{counted(n_occur, _pattern_noun(function))} {_verb(n_occur, 'occur')} ({how}),"
        n_open = len(incident.undecided)
        rest = f"{n_open} {'is' if n_open == 1 else 'are'} undecided, with gradients in the hull of the others"
        return [(occur,), (rest,), *arc]
    if n_patterns is None:
        occur = f"{counted(n_occur, _pattern_noun(function))} {_verb(n_occur, 'occur')} ({how})"
        if not n_identities:
            return [(f"{occur}; there is no other",), *arc]
        rest = f"{counted(n_identities, 'identity', 'identities')} {_verb(n_identities, 'exclude')} all others"
        return [(f"{occur},",), (rest, *_in_parentheses(_identity(function, incident.refuted))), *arc]
    what = f"{_pattern_noun(function)}s{' of the kink' if _is_one_kink(differential, factor) else ''}"
    if n_occur == n_patterns:
        head = f"both {what} occur" if n_patterns == 2 else f"{n_patterns} {what}: all occur"
        return [(f"{head} ({how})",), *arc]
    n_not = n_patterns - n_occur
    occur = f"{n_patterns} {what}: {n_occur} {_verb(n_occur, 'occur')} ({how}),"
    not_words = f"{n_not} {'does' if n_not == 1 else 'do'} not"
    return [(occur,), (not_words, *_in_parentheses(_identity(function, incident.refuted))), *arc]


def _how(n_occur: int, order: int) -> str:
    """Return what shows that patterns occur."""
    if order > 1:
        return f"along arcs of order up to {order}" if n_occur > 1 else f"along an arc of order {order}"
    return "a direction for each" if n_occur > 1 else "along a direction"


def _pattern_noun(function: AbstractPatternedFunction) -> str:
    """Return what a pattern is called: one of winners has no signs."""
    return "pattern" if any(site.is_group for site in function.table.sites) else "sign pattern"


def _is_one_kink(differential: ClarkeDifferential, factor: Factor) -> bool:
    """Whether the kinks of a factor are those of one neuron."""
    return len({(site.layer, site.output) for site in _sites(differential, factor)}) == 1


def _verb(count: int, verb: str) -> str:
    return verb + "s" if count == 1 else verb


def _in_parentheses(example: Sentence | None) -> Sentence:
    return () if example is None else (" (", *example, ")")


def _sites(differential: ClarkeDifferential, factor: Factor) -> list[Site]:
    sites = kink_sites(differential)
    return [site for site in sites if factor.neuron is None or site.output == factor.neuron - 1]


def _n_patterns(differential: ClarkeDifferential, factor: Factor) -> int | None:
    """Return how many sign patterns the kinks have together, None where some depend on others."""
    function = differential.function
    characters: dict[int, set[str]] = {}
    for cell in factor.incident.cells:
        for i, character in enumerate(cell.characters):
            characters.setdefault(i, set()).add(character)
    counts = []
    for i, site in enumerate(function.table.sites):
        if factor.neuron is not None and site.output != factor.neuron - 1:
            continue
        seen = characters.get(i, set())
        values = function.values_at(site)
        if site.is_group:
            if sum(value == max(values) for value in values) > 1:
                if site.layer > 1 or function.variable == "input":
                    return None  # which members coincide depends on the characters below
                options = function.options(i, [""] * len(function.table.sites))
                counts.append(len(options))
        elif values[0] == 0:
            if "0" in seen and len(seen) > 1:
                return None
            if seen - {"0"}:
                counts.append(2)
    return math.prod(counts)


def _summed_up(factors: Sequence[Factor]) -> list[Sentence]:
    n_cells = sum(len(factor.incident.cells) for factor in factors)
    n_identities = sum(len(factor.incident.refuted) for factor in factors)
    n_undecided = sum(len(factor.incident.undecided) for factor in factors)
    text = f"{len(factors)} neurons at kinks, each by itself: {n_cells} sign patterns occur (a direction for each)"
    tail = f"; {counted(n_identities, 'identity', 'identities')} {_verb(n_identities, 'exclude')} all others"
    if n_undecided:
        tail = f"; {n_undecided} are undecided"
    return [(text + (tail if n_identities or n_undecided else "; there is no other"),)]


# ---------------------------------------------------------------------- examples


def _identity(function: AbstractPatternedFunction, refuted: Sequence[Refutation]) -> Sentence | None:
    """Return the shortest identity that refutes a pattern: ⟨u1, x1⟩ + ⟨u1, x2⟩ = 0 for every u1."""
    seen: dict[str, Sentence] = {}
    is_one = len(refuted) <= _MOST_COMPARED
    for refutation in refuted[:_MOST_COMPARED]:
        if any(term.factors for term in refutation.terms):
            is_one = False
            continue
        sentence = _identity_sentence(function, refutation)
        seen.setdefault(sentence_text(sentence), sentence)
    if not seen:
        return None
    shortest = min(seen, key=len)
    if len(shortest) > _LONGEST_EXAMPLE:
        return None
    return seen[shortest] if is_one and len(seen) == 1 else ("for example ", *seen[shortest])


def _identity_sentence(function: AbstractPatternedFunction, refutation: Refutation) -> Sentence:
    """Return Σ λ_i z_i = 0, with coprime λ, the first positive."""
    ordered = sorted(refutation.terms, key=_place)
    weights = coprime([term.multiplier for term in ordered])
    first = ordered[0].constraint.sign
    terms = [
        coefficient_times_site(coefficient * weight * first, expression)
        for term, weight in zip(ordered, weights, strict=True)
        for coefficient, expression in _constraint_terms(function, term.constraint)
    ]
    where = _for_every(function, refutation)
    if any(term.constraint.site.layer > 1 for term in ordered):
        where = " on its piece"
    return (Relation((total(terms), Rational(fmpq(0))), ("=",)), where)


def _place(term: Term) -> tuple[int, int, int]:
    site = term.constraint.site
    return site.layer, site.output, site.datum


def _constraint_terms(function: AbstractPatternedFunction, constraint: Constraint) -> list[tuple[fmpq, Expression]]:
    site = constraint.site
    first = (fmpq(constraint.sign), preactivation(function, site.layer, constraint.unit, site.datum))
    if constraint.against is None:
        return [first]
    return [first, (fmpq(-1), preactivation(function, site.layer, constraint.against, site.datum))]


def coefficient_times_site(coefficient: fmpq, expression: Expression) -> Expression:
    """Return coefficient · ⟨u, x⟩ with the sign in front."""
    if coefficient < 0:
        return Negative(coefficient_times_site(-coefficient, expression))
    return expression if coefficient == 1 else Product((Rational(coefficient), expression))


def preactivation(function: AbstractPatternedFunction, layer: int, unit: int, datum: int) -> Expression:
    """Return how a preactivation is written: ⟨u1, x2⟩ where it is that, else z1, z2[1] or z2[1](x3)."""
    shape = function.network.architecture
    if function.variable == "weights" and layer == 1 and not shape.has_biases:
        row: Expression = Parameters("W", 1, unit + 1)
        if shape.n_hidden_layers == 1:
            row = Symbol("u", str(unit + 1))
        return Pairing(row, Symbol("x", str(datum + 1)) if function.n_data > 1 else Symbol("x"))
    if shape.n_hidden_layers == 1 and function.n_data == 1:
        return Symbol("z", str(unit + 1))
    return Parameters("z", layer, unit + 1, datum + 1 if function.n_data > 1 else None)


def _for_every(function: AbstractPatternedFunction, refutation: Refutation) -> str:
    """Return " for every u1" where the identity is one in a row of W1."""
    shape = function.network.architecture
    if function.variable != "weights" or shape.has_biases or shape.n_hidden_layers != 1:
        return ""
    units = {term.constraint.unit for term in refutation.terms}
    units |= {term.constraint.against for term in refutation.terms if term.constraint.against is not None}
    if len(units) > 1:
        return ""
    return f" for every u{units.pop() + 1}"


def _arc_example(function: AbstractPatternedFunction, cells: Sequence[Cell]) -> list[Sentence]:
    """Return the shortest arc of an order above 1, where it is short."""
    examples = [_arc_sentence(function, cell) for cell in cells if len(cell.arc) > 1][:16]
    shortest = min(examples, key=lambda sentence: len(sentence_text(sentence)))
    return [shortest] if len(sentence_text(shortest)) <= 2 * _LONGEST_EXAMPLE else []


def _arc_sentence(function: AbstractPatternedFunction, cell: Cell) -> Sentence:
    """Return "pattern (+ + | +) occurs along an arc of order 2: W1[1,1] = −ε², ..."."""
    head = f"pattern {pattern_words(function, cell.pattern)} occurs along an arc of order {len(cell.arc)}: "
    lines: list[Sentence] = []
    for line in lines_of(function):
        if any(direction[place] != 0 for direction in cell.arc for place in line.places):
            entries = tuple(_along(function.point[p], [d[p] for d in cell.arc]) for p in line.places)
            value = entries[0] if len(entries) == 1 else Vector(entries)
            lines.append((Relation((line.name, value), ("=",)),))
    return (head, *joined(lines))


def _along(start: fmpq, coefficients: Sequence[fmpq]) -> Expression:
    """Return start + c_1 ε + c_2 ε² + .."""
    terms: list[Expression] = [] if start == 0 else [Rational(start)]
    for power, coefficient in enumerate(coefficients, start=1):
        if coefficient != 0:
            symbol: Expression = Symbol("ε") if power == 1 else Power(Symbol("ε"), power)
            terms.append(coefficient_times(coefficient, symbol))
    return total(terms)


# ---------------------------------------------------------------------- without cells


def _shortcut(differential: ClarkeDifferential) -> tuple[Sentence, ...]:
    shortcut = differential.shortcut
    assert shortcut is not None
    if shortcut.kind == "two_zero_matrices":
        first, second = shortcut.layers
        words = ("each term of every piece has a factor in ", Parameters("W", first), " and one in ")
        return ((*words, Parameters("W", second), ", both 0 at w: all gradients vanish"),)
    return (("all activations are continuously differentiable: there is no kink",),)
