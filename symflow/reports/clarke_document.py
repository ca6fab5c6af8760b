"""What ``symflow clarke`` says: the answer, the formula, the facts, and how it is known."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.selection import select
from symflow.differentials.sum_rule import SumRule
from symflow.differentials.sum_rule import sum_rule as decided_sum_rule
from symflow.exact.exponential_numbers import Scalar, decimal_text
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.objective import Output
from symflow.problem import Problem
from symflow.reports.document import (
    Answer,
    Block,
    Display,
    Document,
    Equation,
    Fact,
    Facts,
    Table,
    Tag,
    Title,
)
from symflow.reports.elements import (
    decimals,
    off_position,
    position,
    separation,
)
from symflow.reports.enclosed_document import enclosed_blocks
from symflow.reports.expressions import (
    Application,
    CartesianProduct,
    Decimal,
    Expression,
    FiniteSet,
    Hull,
    Interval,
    Norm,
    Pairing,
    Parameters,
    Rational,
    Relation,
    Sentence,
    Symbol,
)
from symflow.reports.grounds import grounds
from symflow.reports.kink_words import kink_sites, kink_words
from symflow.reports.notation import Notation
from symflow.reports.phrases import equation, is_short, joined, runs
from symflow.reports.problem_line import problem_line
from symflow.reports.read_set import notation_of, read_set
from symflow.reports.reading import Part, Reading, Row
from symflow.reports.shapes import with_article
from symflow.reports.sum_rule_words import sum_rule_sentence
from symflow.reports.written_numbers import coefficient_times, total

# With more parts or parameters the set is a table, one line a neuron.
_MOST_PARTS, _MOST_PARAMETERS = 12, 12

# An input's set with more corners, or longer, is a table.
_MOST_CORNERS, _LONGEST_HULL = 8, 140

_MOST_NAMES = 3
_LONGEST_FORMULA = 52
_MOST_CONSTANTS = 6


def clarke_document(
    problem: Problem,
    differential: ClarkeDifferential,
    *,
    sum_rule: SumRule | None = None,
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
    if not differential.is_exact:
        return Document((first, *enclosed_blocks(differential, notation)))
    if sum_rule is None:
        sum_rule = decided_sum_rule(differential, budget=budget)
    reading = read_set(differential)
    known = grounds(differential)
    blocks: list[Block] = [first, Answer(answer(differential, reading, notation), Tag("exact"))]
    blocks += formula_blocks(differential, reading, notation)
    blocks.append(Facts(facts(differential, reading, notation, sum_rule)))
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
    >>> from symflow.reports.reading import Shape
    >>> shape_words(Reading(Application("f"), Shape("polygon", "with 12 corners", 2, 12), (), (), ()))
    'a polygon with 12 corners'
    """
    shape = reading.shape
    if shape.noun == "product":
        if len(reading.parts) > _MOST_PARTS:
            return f"a product of {len(reading.parts)} sets, one a neuron, with {shape.n_vertices} vertices"
        return f"the product {shape.detail}"
    return f"{with_article(shape.noun)} {shape.detail}".rstrip()


# ---------------------------------------------------------------------- the formula


def formula_blocks(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> tuple[Block, ...]:
    """Return the display, or the tables where a display would be long."""
    function = differential.function
    if function.variable == "input":
        return _input_blocks(differential, reading, notation)
    n_parameters = sum(len(part.parameters) for part in reading.parts)
    is_table = len(reading.parts) > _MOST_PARTS or n_parameters > _MOST_PARAMETERS
    if is_table:
        return (*_neuron_table(differential, reading, notation), *_constants_table(reading))
    rows = [row for part in reading.parts for row in part.rows] + list(reading.constant_rows)
    rows.sort(key=_place)
    if reading.is_point and all(entry == 0 for entry in differential.minimal_norm_element):
        return ()
    tables = [_vertex_table(part, notation) for part in reading.parts if part.form == "vertices"]
    equations = tuple(Equation(_names(row, len(rows)), row.sign, (row.value,)) for row in rows)
    where = [*where_sentences(reading)]
    if len(reading.constants) <= _MOST_CONSTANTS:
        where += [constant_sentence(reading, i) for i in range(len(reading.constants))]
        return (*tables, *([Display(equations, tuple(where))] if equations else []))
    display = [Display(equations, tuple(where))] if equations else []
    return (*tables, *display, *_constants_table(reading))


def _place(row: Row) -> tuple[bool, int]:
    """Return where a line stands: in the order of the parameters, "all else" last."""
    is_zero = isinstance(row.value, Rational) and row.value.value == 0
    return is_zero and len(row.names) > _MOST_NAMES, row.places[0]


def where_sentences(reading: Reading) -> list[Sentence]:
    """Return what the letters of the formulas are: τ and the ranges of the θ."""
    symbols = [symbol for part in reading.parts for symbol in part.parameters]
    if not symbols:
        return []
    ranges: Sentence = (Relation((Rational(fmpq(0)), symbols[0], Rational(fmpq(1))), ("≤", "≤")),)
    if len(symbols) == 2:
        ranges = ("0 ≤ ", symbols[0], ", ", symbols[1], " ≤ 1")
    elif len(symbols) == 3:
        ranges = ("0 ≤ ", symbols[0], ", ", symbols[1], ", ", symbols[2], " ≤ 1")
    elif len(symbols) > 3:
        ranges = ("0 ≤ ", symbols[0], ", …, ", symbols[-1], " ≤ 1")
    definitions = [
        (Relation((auxiliary.symbol, auxiliary.definition), ("=",)),)
        for part in reading.parts
        for auxiliary in part.auxiliaries
    ]
    if len(definitions) == 1:
        return [joined([definitions[0], ranges], ",   ")]
    return [*definitions, ranges]


def constant_sentence(reading: Reading, index: int) -> Sentence:
    """Return "c = e^(−1/2) ≈ 0.60653"."""
    constant = reading.constants[index]
    if not is_short(constant.expression, 40):
        digits = Decimal(decimal_text(constant.value, 8), True, constant.expression)
        return (Relation((constant.symbol, digits), ("=",)),)
    return (Relation((constant.symbol, constant.expression, constant.decimal), ("=", "≈")),)


def _constants_table(reading: Reading) -> tuple[Block, ...]:
    if not reading.constants:
        return ()
    if len(reading.constants) <= _MOST_CONSTANTS:
        sentences = tuple(constant_sentence(reading, i) for i in range(len(reading.constants)))
        return (Facts((Fact("constants", sentences),)),)
    rows: list[tuple[Sentence, ...]] = []
    for constant in reading.constants:
        written: Sentence = (constant.expression,) if is_short(constant.expression, 40) else ("",)
        rows.append(((constant.symbol,), written, (constant.decimal,)))
    return (Table((("constant",), ("",), ("≈",)), tuple(rows), "constants"),)


def _names(row: Row, n_rows: int) -> Sentence:
    """Return the left side of a line; where very many lines vanish, they are "all else"."""
    if len(row.names) <= _MOST_NAMES:
        return joined([(name,) for name in row.names], ", ")
    is_zero = isinstance(row.value, Rational) and row.value.value == 0
    if is_zero and n_rows > 1:
        return ("all else",)
    numbers = [name.row for name in row.names if name.row is not None]
    letters = {(name.letter, name.layer) for name in row.names}
    if len(numbers) == len(row.names) and len(letters) == 1:
        return ("rows ", runs(numbers), " of ", Parameters(row.names[0].letter, row.names[0].layer))
    return joined([(name,) for name in row.names], ", ")


def _neuron_table(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> tuple[Block, ...]:
    """Return one line a neuron, and the constant lines below."""
    rows: list[tuple[Sentence, ...]] = []
    has_formula = False
    for part in reading.parts:
        varying = [row for row in part.rows if not row.is_constant]
        written: Sentence = ()
        if len(varying) == 1 and is_short(varying[0].value, _LONGEST_FORMULA):
            written = (varying[0].value,)
            has_formula = True
        label = "" if part.neuron is None else str(part.neuron)
        noun = f"{part.shape.noun} {part.shape.detail}".rstrip()
        rows.append(((label,), (noun,), (str(part.shape.n_vertices),), written))
    header: tuple[Sentence, ...] = (("neuron",), ("set",), ("vertices",), ("W1[j,·]" if has_formula else "",))
    if not has_formula:
        header, rows = header[:-1], [row[:-1] for row in rows]
    blocks: list[Block] = [Table(header, tuple(rows), "neurons", (0, 2))]
    where = where_sentences(reading) if has_formula else []
    constant = [row for part in reading.parts for row in part.rows if row.is_constant]
    constant = sorted([*constant, *reading.constant_rows], key=_place)
    if constant:
        equations = tuple(Equation(_names(row, len(constant)), "=", (row.value,)) for row in constant)
        blocks.append(Display(equations, tuple(where)))
    elif where:
        blocks.append(Display((), tuple(where)))
    return tuple(blocks)


def _vertex_table(part: Part, notation: Notation) -> Table:
    """Return the vertices of a part, one a line, by the blocks that vary."""
    place_of = {place: i for i, place in enumerate(part.places)}
    header: tuple[Sentence, ...] = (("vertex",), *((name,) for name, _ in part.vertex_rows))
    rows: list[tuple[Sentence, ...]] = []
    for number, vertex in enumerate(part.vertices, start=1):
        cells = [(notation.vector([vertex[place_of[place]] for place in places]),) for _, places in part.vertex_rows]
        rows.append(((str(number),), *cells))
    return Table(header, tuple(rows), "vertices", (0,))


def _input_blocks(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> tuple[Block, ...]:
    """Return the set in the input: a box, a hull, or a table of its corners."""
    where = tuple(constant_sentence(reading, i) for i in range(len(reading.constants)))
    if reading.is_point:
        gradient = notation.vector(differential.minimal_norm_element)
        if is_short(gradient):
            return (Display((), where),) if where else ()
        return (Display((Equation((notation.gradient,), "=", (gradient,)),), where),)
    (part,) = reading.parts
    if len(part.places) == 1:
        return (Display((), where),) if where else ()
    box = _box(part, notation)
    expression: Expression = box or Hull(tuple(notation.vector(vertex) for vertex in part.vertices))
    if box is not None or (len(part.vertices) <= _MOST_CORNERS and is_short(expression, _LONGEST_HULL)):
        return (Display((Equation((reading.name,), "=", (expression,)),), where),)
    header: tuple[Sentence, ...] = (("vertex",), ("∇",))
    rows = tuple(((str(i),), (notation.vector(v),)) for i, v in enumerate(part.vertices, start=1))
    table = Table(header, rows, "vertices", (0,))
    return (table, *_constants_table(reading))


def _box(part: Part, notation: Notation) -> Expression | None:
    """Return a product of intervals, where the set is one."""
    if (
        part.form != "span"
        or len(part.generators) != len(part.places)
        or any(sum(entry != 0 for entry in g) != 1 for g in part.generators)
    ):
        return None
    factors: list[Expression] = []
    for i, start in enumerate(part.base):
        ends = sorted([start, *(start + g[i] for g in part.generators if g[i] != 0)])
        factors.append(Interval(notation.number(ends[0]), notation.number(ends[-1])))
    return CartesianProduct(tuple(factors))


# ---------------------------------------------------------------------- the facts


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
        words = (*words, "; they cancel" if len(kink_sites(differential)) > 1 else "; it makes no difference")
        if affine is not None:
            words = (*words, ": ", affine, " near ", notation.point)
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
