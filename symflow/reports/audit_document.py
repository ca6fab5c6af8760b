"""What ``symflow audit`` says: what the chain rule returns at a kink, for each choice of the slope there.

With one hidden layer of activations unit by unit, the vector that the chain rule returns is affine in the slope a =
σ'(0), so the slopes for which it lies in ∂F(w) are an interval, computed exactly factor by factor.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.activations.base import AbstractUnitActivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Audit, Selection
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, decimal_text
from symflow.exact.membership import Member, membership
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.ray_interval import ray_interval
from symflow.problem import Problem
from symflow.reports.document import Answer, Block, Document, Fact, Facts, Table, Tag, Title
from symflow.reports.expressions import (
    Decimal,
    Expression,
    FiniteSet,
    Pairing,
    Rational,
    Relation,
    Sentence,
    Symbol,
)
from symflow.reports.kink_words import kink_sites, kink_words
from symflow.reports.linear_text import linear_text
from symflow.reports.phrases import is_short
from symflow.reports.problem_line import problem_line, title
from symflow.reports.readable.blocks import Line, lines_of
from symflow.reports.readable.elements import direction_words, least_value, position
from symflow.reports.readable.notation import Notation, used_in
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.reading import Constant, Reading
from symflow.reports.readable.written_numbers import number_expression

# More blocks than this are not shown, nor longer ones.
_MOST_COLUMNS, _LONGEST_CELL = 2, 40

#: An interval of slopes; None for no slope.
SlopeInterval = tuple[Scalar, Scalar] | None


def audit_document(problem: Problem, report: Audit) -> Document:
    """Return what is to be said of the conventions for the slope at a kink.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import audit
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> network = {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}
    >>> problem = problem_from_tree(
    ...     {"network": network, "objective": {"variable": "input", "at": ["0"]}, "data": {"inputs": [["0"]]}}
    ... )
    >>> document = audit_document(problem, audit(clarke_differential(problem.function())))
    >>> print(sentence_text(document.blocks[3].sentence))
    Right for σ'(0) = a exactly when a = 1/2.
    """
    differential = report.differential
    notation = notation_of(differential)
    reading = read_set(differential) if differential.is_exact else None
    blocks: list[Block] = [
        Title(_title(problem, notation, differential, has_choice=not _all_agree(report))),
        _first_answer(report, reading, notation),
    ]
    if _all_agree(report):
        return Document((*blocks, Facts(tuple(_facts(report, notation, [])))))
    directions = _directions(report)
    blocks.append(_table(report, reading, notation, directions))
    interval_answer = _interval_answer(differential, notation)
    if interval_answer is not None:
        blocks.append(interval_answer)
    has_reasons = reading is None or not reading.is_point
    facts = _facts(report, notation, directions if has_reasons else [])
    constants = _constants(used_in((blocks, facts), notation.constants))
    return Document((*blocks, Facts((*constants, *facts))))


def _constants(constants: Sequence[Constant]) -> list[Fact]:
    """Return what the letters of irrational numbers stand for."""
    return [
        Fact(
            linear_text(constant.symbol),
            ((Relation((constant.expression, constant.decimal), ("≈",)),),)
            if is_short(constant.expression, 40)
            else (("≈ ", constant.decimal),),
        )
        for constant in constants
    ]


def right_slopes(differential: ClarkeDifferential) -> tuple[bool, SlopeInterval]:
    """Return whether the slopes that are right are known, and which: an interval, or None for none.

    Known with one hidden layer of one kind of unit with a kink, where the set is exact. An interval of all numbers is
    not returned: then nothing depends on the slope.

    Examples
    --------
    relu(x) − relu(−x) at 0 has the derivative 1; the chain rule gives 2a.

    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> right_slopes(clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,)))
    (True, (1/2, 1/2))
    """
    function = differential.function
    shape = function.network.architecture
    if shape.n_hidden_layers != 1 or not differential.is_exact or differential.shortcut is not None:
        return False, None
    activation = shape.activation(1)
    if not isinstance(activation, AbstractUnitActivation) or activation.is_smooth:
        return False, None
    start = function.conventional_gradient(fmpq(0))
    end = function.conventional_gradient(fmpq(1))
    low: Scalar | None = None
    high: Scalar | None = None
    for factor in differential.factors:
        first = tuple(start[place] for place in factor.places)
        move = tuple(end[place] - start[place] for place in factor.places)
        if all(entry == 0 for entry in move):
            if not isinstance(membership(first, factor.inner.vertices), Member):
                return True, None
            continue
        found = ray_interval(first, move, factor.inner.vertices)
        if found is None:
            return True, None
        low = found[0] if low is None else max(low, found[0])
        high = found[1] if high is None else min(high, found[1])
    if low is None or high is None:
        return False, None
    return True, (low, high) if low <= high else None


# ---------------------------------------------------------------------- pieces


def _title(problem: Problem, notation: Notation, differential: ClarkeDifferential, *, has_choice: bool) -> Sentence:
    head: Sentence = (title(problem),) if problem.title else (*problem_line(problem), "  ")
    point: Sentence = ("w",)
    if differential.function.variable == "input":
        point = (Relation((Symbol("x"), notation.point), ("=",)),) if notation.point != Symbol("x") else ("x",)
    if not has_choice:
        return (*head, "What the chain rule returns at ", *point, ".")
    return (*head, "What the chain rule returns at ", *point, f", for a choice of {_choice(differential)}.")


def _choice(differential: ClarkeDifferential) -> str:
    """Return what is chosen: σ'(0), or the winner of a tie."""
    activations = differential.function.network.architecture.activations
    if activations and all(activation.is_group for activation in activations):
        return "the winner of a tie"
    return "σ'(0)" if _is_relu(differential) else "the slopes at kinks"


def _is_relu(differential: ClarkeDifferential) -> bool:
    """Whether every kink is one of relu, so that σ'(0) is one number."""
    shape = differential.function.network.architecture
    return all(
        activation.is_smooth
        or (isinstance(activation, AbstractUnitActivation) and activation.coefficients == (fmpq(0), fmpq(1)))
        for activation in shape.activations
    )


# Each convention treats all kinks alike; no other slopes are tried.
_AGREEING = "lower, middle and upper give this vector too; slopes that differ between units may not"


def _all_agree(report: Audit) -> bool:
    return len({selection.gradient for selection in report.selections}) == 1


def _first_answer(report: Audit, reading: Reading | None, notation: Notation) -> Answer:
    name, selection = notation.differential, report.autodiff
    verdict = selection.verdict
    returned = "What automatic differentiation returns"
    if verdict.is_undecided and report.safe_by is not None:
        return Answer((f"{returned} is in ", name, ", as is known beforehand."), Tag("proved"))
    if verdict.is_undecided:
        return Answer((f"{returned} may or may not be in ", name, "."), Tag("undecided"))
    if verdict.is_refuted:
        vector = notation.vector(selection.gradient)
        at: Sentence = ()
        if report.differential.function.variable == "input" and is_short(vector):
            at = (": it is ", vector)
        return Answer((f"{returned} is not in ", name, *at, "."), Tag("exact"))
    if reading is not None and reading.is_point:
        return Answer((f"{returned} is the gradient ", notation.gradient, "."), Tag("exact"))
    return Answer((f"{returned} is in ", name, "."), Tag("exact"))


def _table(report: Audit, reading: Reading | None, notation: Notation, directions: list[tuple[fmpq, ...]]) -> Table:
    differential = report.differential
    selections = _distinct(report)
    lines = _shown_lines(report, notation)
    set_name: Sentence = (notation.differential,)
    if reading is not None and reading.is_point and differential.function.variable == "input":
        value = notation.vector(differential.minimal_norm_element)
        if is_short(value, 20):
            set_name = (Relation((notation.differential, FiniteSet((value,))), ("=",)),)
    has_reason = reading is None or not reading.is_point
    header: list[Sentence] = [(_slope_header(differential),)]
    header += [("chain rule",) if line.name.letter == "x" else (line.name,) for line in lines]
    header.append(("in ", *set_name, "?"))
    if has_reason:
        header.append(("because",))
    rows: list[tuple[Sentence, ...]] = []
    for label, selection in selections:
        row: list[Sentence] = [label]
        row += [(notation.vector([selection.gradient[place] for place in line.places]),) for line in lines]
        row.append((_yes_no(selection),))
        if has_reason:
            row.append(_reason(differential, reading, notation, selection, directions))
        rows.append(tuple(row))
    return Table(tuple(header), tuple(rows), "conventions")


def _slope_header(differential: ClarkeDifferential) -> str:
    if _choice(differential) == "the winner of a tie":
        return "winner"
    return "σ'(0)" if _is_relu(differential) else "slope at 0"


def _distinct(report: Audit) -> list[tuple[Sentence, Selection]]:
    """Return lower, middle and upper with their labels, and autodiff where it is none of them."""
    shape = report.differential.function.network.architecture
    kinds = {
        activation.coefficients
        for activation in shape.activations
        if isinstance(activation, AbstractUnitActivation) and not activation.is_smooth
    }
    has_groups = any(activation.is_group and not activation.is_smooth for activation in shape.activations)
    words = {"lower": "left", "middle": "half", "upper": "right", "autodiff": "autodiff"}
    if has_groups and not kinds:
        words |= {"lower": "first", "middle": "average", "upper": "last"}
    labels: dict[str, Sentence] = {name: (word,) for name, word in words.items()}
    if len(kinds) == 1 and not has_groups:
        ((left, right),) = kinds
        labels |= {"lower": (Rational(left),), "middle": (Rational((left + right) / 2),), "upper": (Rational(right),)}
    named = {selection.name: selection for selection in report.selections}
    result = [(labels[name], named[name]) for name in ("lower", "middle", "upper")]
    autodiff = named["autodiff"]
    if all(autodiff.gradient != selection.gradient for _, selection in result):
        result.insert(0, (labels["autodiff"], autodiff))
    return result


def _shown_lines(report: Audit, notation: Notation) -> list[Line]:
    """Return the blocks in which the conventions differ, where they are few and short."""
    gradients = [selection.gradient for selection in report.selections]
    lines = [
        line
        for line in lines_of(report.differential.function)
        if len({tuple(gradient[place] for place in line.places) for gradient in gradients}) > 1
    ]
    if len(lines) > _MOST_COLUMNS:
        return []
    for line in lines:
        for gradient in gradients:
            if not is_short(notation.vector([gradient[place] for place in line.places]), _LONGEST_CELL):
                return []
    return lines


def _yes_no(selection: Selection) -> str:
    if selection.verdict.is_undecided:
        return "undecided"
    return "yes" if selection.verdict.is_proved else "no"


def _reason(
    differential: ClarkeDifferential,
    reading: Reading | None,
    notation: Notation,
    selection: Selection,
    directions: list[tuple[fmpq, ...]],
) -> Sentence:
    """Return θ where the vector is in the set, and the inequality that it violates where it is not."""
    verdict, name = selection.verdict, notation.differential
    if verdict.is_undecided:
        return ("between the inner and the outer set",)
    if verdict.is_proved:
        return _membership_words(differential, reading, notation, selection)
    functional: tuple[fmpq, ...] = verdict.evidence["separator"]
    bound, value, sign = least_value(differential, functional), dot(functional, selection.gradient), "≥"
    if functional not in directions:
        functional, bound, value, sign = _opposite(functional), -bound, -value, "≤"
    written, here = notation.number(bound), notation.number(value)
    symbol = Symbol("d", str(directions.index(functional) + 1)) if len(directions) > 1 else Symbol("d")
    relation = Relation((Pairing(symbol, Symbol("s")), written), (sign,))
    return (relation, " on ", name, ";  here ", here)


def _membership_words(
    differential: ClarkeDifferential, reading: Reading | None, notation: Notation, selection: Selection
) -> Sentence:
    """Return where in the set a vector lies: θ, or a vertex, or a combination of how many."""
    has_formula = reading is not None and all(
        part.form == "span" and len(part.generators) == part.shape.dimension for part in reading.parts
    )
    if reading is not None and has_formula and differential.function.variable == "weights":
        where = position(reading, notation, selection.gradient)
        if where is not None:
            return where
    weights = selection.verdict.evidence["weights"]
    if differential.is_product:
        is_vertex = all(sum(weight != 0 for weight in part) == 1 for part in weights)
        return ("a vertex",) if is_vertex else ("a convex combination, neuron by neuron",)
    count = sum(weight != 0 for weight in weights)
    return ("a vertex",) if count == 1 else (f"a convex combination of {count} vertices",)


def _directions(report: Audit) -> list[tuple[fmpq, ...]]:
    """Return the separating functionals up to sign, the first nonzero entry of each positive."""
    result: list[tuple[fmpq, ...]] = []
    for _, selection in _distinct(report):
        if selection.verdict.is_refuted:
            functional: tuple[fmpq, ...] = selection.verdict.evidence["separator"]
            if next(entry for entry in functional if entry != 0) < 0:
                functional = _opposite(functional)
            if functional not in result:
                result.append(functional)
    return result


def _opposite(functional: tuple[fmpq, ...]) -> tuple[fmpq, ...]:
    return tuple(-entry for entry in functional)


def _interval_answer(differential: ClarkeDifferential, notation: Notation) -> Answer | None:
    known, interval = right_slopes(differential)
    if not known:
        return None
    a = Symbol("a")
    what: Sentence = ("σ'(0) = ", a) if _is_relu(differential) else ("the slope ", a, " at 0")
    if interval is None:
        return Answer(("Wrong for ", *what, ", whatever ", a, " is."), Tag("exact"))
    low, high = interval
    if low == high:
        condition: Expression = Relation((a, number_expression(low)), ("=",))
    else:
        condition = Relation((number_expression(low), a, number_expression(high)), ("≤", "≤"))
    if not is_short(condition, 60):
        condition = _decimal_condition(a, low, high)
        return Answer(("Right for ", *what, " exactly when ", condition, ", ends cut."), Tag("exact"))
    return Answer(("Right for ", *what, " exactly when ", condition, "."), Tag("exact"))


def _decimal_condition(a: Symbol, low: Scalar, high: Scalar) -> Expression:
    if low == high:
        return Relation((a, Decimal(decimal_text(low, 4), True)), ("=",))
    ends = [
        Decimal(decimal_text(end, 4), True) if isinstance(end, ExponentialNumber) else Rational(end)
        for end in (low, high)
    ]
    return Relation((ends[0], a, ends[1]), ("≤", "≤"))


def _facts(report: Audit, notation: Notation, directions: Sequence[tuple[fmpq, ...]]) -> list[Fact]:
    differential = report.differential
    facts: list[Fact] = []
    _, interval = right_slopes(differential)
    if interval is not None and any(isinstance(end, ExponentialNumber) for end in interval):
        facts.append(Fact("in decimals", ((_decimal_condition(Symbol("a"), *interval),),)))
    for number, direction in enumerate(directions, start=1):
        label = "d" if len(directions) == 1 else f"d{number}"
        facts.append(Fact(label, (direction_words(differential, notation, direction),)))
    if differential.shortcut is None:
        facts.append(Fact("kinks", ((kink_words(differential),),)))
    if _all_agree(report):
        if kink_sites(differential) or differential.shortcut is not None:
            facts.append(Fact("conventions", ((_AGREEING,),)))
    else:
        facts.append(Fact("in use", (_in_use(differential),)))
    safe = _safe_words(report) if kink_sites(differential) else None
    if safe is not None:
        facts.append(safe)
    return facts


def _in_use(differential: ClarkeDifferential) -> Sentence:
    shape = differential.function.network.architecture
    names = {activation.name for activation in shape.activations if not activation.is_smooth}
    words = {
        "relu": "σ'(0) = 0: PyTorch, JAX, TensorFlow",
        "relu_power": "σ'(0) = 0: PyTorch, JAX, TensorFlow",
        "abs": "slope 0: PyTorch, JAX, TensorFlow",
        "leaky_relu": "the left slope: PyTorch",
        "maxpool": "the first member that is maximal: PyTorch",
    }
    return ("; ".join(dict.fromkeys(words[name] for name in sorted(names) if name in words)),)


def _safe_words(report: Audit) -> Fact | None:
    if report.safe_by == "proposition 8":
        words = (
            "for each neuron of layer 1 the data on its kink lie in an open half-space, so "
            "σ'(0) = 0 gives a limit of gradients, at any depth"
        )
        return Fact("safe beforehand", ((words,),))
    if report.safe_by == "proposition 5":
        return Fact(
            "safe beforehand",
            (("one hidden layer, where the cells come in opposite pairs, and the mean of both slopes",),),
        )
    return None
