"""How a set is known: how many sign patterns occur and how many do not, with one example of each kind."""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.cells.cell import Cell, Refutation, Term
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.reports.blocks import lines_of
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
from symflow.reports.notation import coefficient_times, integer_vector, total
from symflow.reports.phrases import counted, joined

# Examples longer than this are left out, and neurons beyond this number are summed up.
_LONGEST_EXAMPLE = 100
_MOST_NEURONS = 3


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
    4 sign patterns of the kink: 2 occur (a direction for each),
    2 do not (z1 + z2 = 0)
    """
    if differential.shortcut is not None:
        return (Fact("known by", _shortcut(differential)),)
    factors = [factor for factor in differential.factors if _has_kinks(factor)]
    if not factors:
        return ()
    sentences: list[Sentence] = []
    if len(factors) == 1:
        sentences += _of_factor(differential, factors[0], "")
    elif len(factors) <= _MOST_NEURONS:
        for factor in factors:
            sentences += _of_factor(differential, factor, f"neuron {factor.neuron}: ")
    else:
        sentences += _summed_up(factors)
    return (Fact("known by", tuple(sentences)),)


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


def _of_factor(differential: ClarkeDifferential, factor: Factor, whose: str) -> list[Sentence]:
    function, incident = differential.function, factor.incident
    n_occur, n_identities = len(incident.cells), len(incident.refuted)
    total_number = _n_patterns(differential, factor)
    order = max((len(cell.arc) for cell in incident.cells), default=1)
    way = "a direction for each" if order <= 1 else f"along arcs of order up to {order}"
    if n_occur == 1:
        way = way.replace("a direction for each", "along a direction").replace("arcs", "an arc")
    example = _identity(function, incident.refuted)
    if total_number is None:
        first: Sentence = (f"{whose}{counted(n_occur, 'sign pattern')} {_verb(n_occur, 'occur')} ({way})",)
        if not n_identities:
            return [(*first, "; there is no other")]
        rest = f"{counted(n_identities, 'identity', 'identities')} {_verb(n_identities, 'exclude')} all others"
        return [(*first, ","), (rest, *_in_parentheses(example))]
    what = "the kink" if len(_sites(differential, factor)) <= 2 else "the kinks"
    head = f"{whose}{counted(total_number, 'sign pattern')} of {what}: "
    n_undecided = sum(1 for _ in incident.undecided)
    n_not = total_number - n_occur
    if n_undecided:
        undecided = f"{n_undecided} {'is' if n_undecided == 1 else 'are'} undecided"
        return [(f"{head}{n_occur} {_verb(n_occur, 'occur')} ({way}), {undecided}",)]
    if not n_not:
        return [(f"{head}all occur ({way})",)]
    not_words = f"{n_not} {'does' if n_not == 1 else 'do'} not"
    return [
        (f"{head}{n_occur} {_verb(n_occur, 'occur')} ({way}),",),
        (not_words, *_in_parentheses(example)),
        *_arc_example(function, incident.cells, order),
    ]


def _verb(count: int, verb: str) -> str:
    return verb + "s" if count == 1 else verb


def _in_parentheses(example: Sentence | None) -> Sentence:
    return ("",) if example is None else (" (", *example, ")")


def _sites(differential: ClarkeDifferential, factor: Factor) -> list[object]:
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
    best: Sentence | None = None
    for refutation in refuted[:16]:
        if any(term.factors for term in refutation.terms):
            continue
        terms = []
        for term in sorted(refutation.terms, key=_place):
            for coefficient, expression in _constraint_terms(function, term.constraint):
                terms.append(coefficient_times_site(coefficient * term.multiplier, expression))
        sentence: Sentence = (Relation((total(terms), Rational(fmpq(0))), ("=",)), _for_every(function, refutation))
        length = len(sentence_text(sentence))
        if length <= _LONGEST_EXAMPLE and (best is None or length < len(sentence_text(best))):
            best = sentence
    if best is None and refuted:
        return ("positive multiples of the conditions add up to 0",)
    return best


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


def _arc_example(function: AbstractPatternedFunction, cells: Sequence[Cell], order: int) -> list[Sentence]:
    """Return an arc of the highest order, where there is one above 1 and it is short."""
    if order <= 1:
        return []
    cell = next(cell for cell in cells if len(cell.arc) == order)
    head = f"pattern {pattern_words(function, cell.pattern)} occurs along an arc of order {order}: "
    lines: list[Sentence] = []
    for line in lines_of(function):
        if any(direction[place] != 0 for direction in cell.arc for place in line.places):
            entries = tuple(_along(function.point[p], [d[p] for d in cell.arc]) for p in line.places)
            value = entries[0] if len(entries) == 1 else Vector(entries)
            lines.append((Relation((line.name, value), ("=",)),))
    sentence: Sentence = (head, *joined(lines))
    return [sentence] if len(sentence_text(sentence)) <= 2 * _LONGEST_EXAMPLE else [(head[:-2],)]


def _along(start: fmpq, coefficients: Sequence[fmpq]) -> Expression:
    """Return start + c_1 ε + c_2 ε² + .."""
    terms: list[Expression] = [] if start == 0 else [Rational(start)]
    for power, coefficient in enumerate(coefficients, start=1):
        if coefficient != 0:
            symbol: Expression = Symbol("ε") if power == 1 else Power(Symbol("ε"), power)
            terms.append(coefficient_times(coefficient, symbol))
    return total(terms)


def direction_example(function: AbstractPatternedFunction, cell: Cell) -> Sentence:
    """Return the blocks of the direction of a cell: "(1, 1) in W1[1,·]"."""
    pieces: list[Sentence] = []
    for line in lines_of(function):
        entries = [cell.arc[0][place] for place in line.places] if cell.arc else []
        if any(entry != 0 for entry in entries):
            pieces.append((integer_vector(entries), " in ", line.name))
    return joined(pieces, ", ")


# ---------------------------------------------------------------------- without cells


def _shortcut(differential: ClarkeDifferential) -> tuple[Sentence, ...]:
    shortcut = differential.shortcut
    assert shortcut is not None
    if shortcut.kind == "two_zero_matrices":
        first, second = shortcut.layers
        words = ("each term of every piece has a factor in ", Parameters("W", first), " and one in ")
        return ((*words, Parameters("W", second), ", both 0 at w: all gradients vanish"),)
    return (("the activations are continuously differentiable, so F is",),)
