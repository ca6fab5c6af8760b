"""The formula of a Clarke differential: a display, or tables where a display would be long."""

from __future__ import annotations

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.exact.exponential_numbers import decimal_text
from symflow.exact.rationals import fmpq
from symflow.reports.document import (
    Block,
    Display,
    Equation,
    Fact,
    Facts,
    Table,
)
from symflow.reports.expressions import (
    CartesianProduct,
    Decimal,
    Expression,
    Hull,
    Interval,
    Parameters,
    Rational,
    Relation,
    Sentence,
)
from symflow.reports.phrases import is_short, joined, runs
from symflow.reports.point_blocks import point_table
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.point_lists import read_points
from symflow.reports.readable.reading import Constant, Part, Reading, Row

# With more parts or parameters the set is a table, one line a neuron.
_MOST_PARTS, _MOST_PARAMETERS = 12, 12

# An input's set with more corners, or longer, is a table.
_MOST_CORNERS, _LONGEST_HULL = 8, 140

_MOST_NAMES = 3
_LONGEST_FORMULA = 52
_MOST_CONSTANTS = 6


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
    rows.sort(key=row_order)
    if reading.is_point and all(entry == 0 for entry in differential.minimal_norm_element):
        return ()
    tables = [_vertex_table(part, notation) for part in reading.parts if part.form == "vertices"]
    equations = tuple(Equation(row_names(row, len(rows)), row.sign, (row.value,)) for row in rows)
    where = [*where_sentences(reading)]
    if len(reading.constants) <= _MOST_CONSTANTS:
        where += [constant_sentence(constant) for constant in reading.constants]
        return (*tables, *([Display(equations, tuple(where))] if equations else []))
    display = [Display(equations, tuple(where))] if equations else []
    return (*tables, *display, *_constants_table(reading))


def row_order(row: Row) -> tuple[bool, int]:
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


def constant_sentence(constant: Constant) -> Sentence:
    """Return "c = e^(−1/2) ≈ 0.60653"."""
    if not is_short(constant.expression, 40):
        digits = Decimal(decimal_text(constant.value, 8), True, constant.expression)
        return (Relation((constant.symbol, digits), ("=",)),)
    return (Relation((constant.symbol, constant.expression, constant.decimal), ("=", "≈")),)


def _constants_table(reading: Reading) -> tuple[Block, ...]:
    if not reading.constants:
        return ()
    if len(reading.constants) <= _MOST_CONSTANTS:
        sentences = tuple(constant_sentence(constant) for constant in reading.constants)
        return (Facts((Fact("constants", sentences),)),)
    rows: list[tuple[Sentence, ...]] = []
    for constant in reading.constants:
        written: Sentence = (constant.expression,) if is_short(constant.expression, 40) else ("",)
        rows.append(((constant.symbol,), written, (constant.decimal,)))
    return (Table((("constant",), ("",), ("≈",)), tuple(rows), "constants"),)


def row_names(row: Row, n_rows: int, *, prefix: str = "") -> Sentence:
    """Return the left side of a line; where very many lines vanish, they are "all else"."""
    if len(row.names) <= _MOST_NAMES:
        return joined([(prefix, name) if prefix else (name,) for name in row.names], ", ")
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
    constant = sorted([*constant, *reading.constant_rows], key=row_order)
    if constant:
        equations = tuple(Equation(row_names(row, len(constant)), "=", (row.value,)) for row in constant)
        blocks.append(Display(equations, tuple(where)))
    elif where:
        blocks.append(Display((), tuple(where)))
    return tuple(blocks)


def _vertex_table(part: Part, notation: Notation) -> Table:
    """Return the vertices of a part by the blocks that vary."""
    return point_table(read_points(notation.function, notation, part.places, part.vertices), "vertex", "vertices")


def _input_blocks(differential: ClarkeDifferential, reading: Reading, notation: Notation) -> tuple[Block, ...]:
    """Return the set in the input: a box, a hull, or a table of its corners."""
    where = tuple(constant_sentence(constant) for constant in reading.constants)
    if reading.is_point:
        gradient = notation.vector(differential.minimal_norm_element)
        if is_short(gradient):
            return (Display((), where),) if where else ()
        return (Display((Equation((notation.gradient,), "=", (gradient,)),), where),)
    (part,) = reading.parts
    if len(part.places) == 1:
        return (Display((), where),) if where else ()
    box = _box(part, notation)
    written = notation.vectors(part.vertices)
    expression: Expression = box or Hull(written)
    if box is not None or (len(part.vertices) <= _MOST_CORNERS and is_short(expression, _LONGEST_HULL)):
        return (Display((Equation((reading.name,), "=", (expression,)),), where),)
    header: tuple[Sentence, ...] = (("vertex",), ("∇",))
    rows = tuple(((str(i),), (vector,)) for i, vector in enumerate(written, start=1))
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
