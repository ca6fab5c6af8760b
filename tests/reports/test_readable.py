"""The readable layer, promise by promise, each with an answer derived by hand; then its laws on drawn nets.

What is held is the tree that printers get, and its text where the words matter. On drawn nets each row is evaluated
back, exactly: at random θ it gives a point of the set, and the vertices that are listed are the vertices.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.membership import Member, membership
from symflow.exact.rationals import fmpq
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination
from symflow.nets.realization import Realization
from symflow.reports.clarke_document import clarke_document
from symflow.reports.document import Table
from symflow.reports.expressions import Expression, Hull, Negative, Product, Quotient, Rational, Sum, Symbol, Vector
from symflow.reports.linear_text import linear_text
from symflow.reports.point_blocks import point_table
from symflow.reports.readable.blocks import lines_within
from symflow.reports.readable.entries import entries_of_row, rescaled
from symflow.reports.readable.notation import Notation, used_in
from symflow.reports.readable.point_lists import read_points, varying_lines
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.read_texts import number_of, scalar_of
from symflow.reports.readable.reading import Reading
from symflow.reports.readable.written_numbers import number_expression
from symflow.reports.text_wrapping import GLUE, glued
from symflow.zoo.every_answer import zoo
from symflow.zoo.known_answer import KnownAnswer
from symflow.zoo.of_the_lectures import demo
from tests.reports.evaluation import Value, as_vector, evaluate
from tests.strategies import functions_of_weights


def combination(weights: Sequence[object], inputs: Sequence[Sequence[int]], coefficients: Sequence[int]):
    """Return ∂(Σ_k c_k f_k)(w)."""
    data = tuple(tuple(map(fmpq, x)) for x in inputs)
    objective = Combination(tuple(map(fmpq, coefficients)))
    return clarke_differential(FunctionOfWeights(Network.from_weights(*weights), data, objective))


def lines(reading: Reading) -> list[str]:
    """Return the rows of a reading as text, in the order of the parameters."""
    rows = [*reading.constant_rows, *(row for part in reading.parts for row in part.rows)]
    rows.sort(key=lambda row: row.places)
    return [f"{', '.join(map(linear_text, row.names))} {row.sign} {linear_text(row.value)}" for row in rows]


# ---------------------------------------------------------------------- sets


def test_a_segment_is_recognised() -> None:
    # f = 3 σ(⟨u, x⟩) with u = (1, −1), x = (1, 1): z = 0, and ∂_u f = 3 [0, 1] x; ∂_v f = σ(0) = 0
    reading = read_set(combination(([[1, -1]], [[3]]), [(1, 1)], [1]))
    assert reading.shape.noun == "segment"
    assert lines(reading) == ["W1 = θ (3, 3)", "W2 = 0"]


def test_a_triangle_is_recognised() -> None:
    # max(x, y, 0) = σ(x − σ(y)) + σ(y): the gradients at 0 are (0, 0), (0, 1), (1, 0)
    weights = [[1, 0], [-1, 0], [0, 1]], [[1, -1, -1], [0, 0, 1]], [[1, 1]]
    reading = read_set(clarke_differential(Realization(Network.from_weights(*weights)), at=(0, 0)))
    assert reading.shape.noun == "triangle"
    assert lines(reading) == ["x ∈ conv{ 0, (0, 1), (1, 0) }"]


def test_a_parallelogram_is_recognised() -> None:
    # F = f(1, 0) + f(1, 1) at u = 0, v = 1: the four sign patterns occur, so ∂_u F = [0, 1](1, 0) + [0, 1](1, 1)
    reading = read_set(combination(([[0, 0]], [[1]]), [(1, 0), (1, 1)], [1, 1]))
    assert reading.shape.noun == "parallelogram"
    assert lines(reading) == ["W1 = (θ1 + θ2, θ2)", "W2 = 0"]


def test_a_product_is_recognised() -> None:
    # two neurons at kinks, v = (1, −2): the rows move independently, ∂_u1 f = [0, 1] x and ∂_u2 f = −2 [0, 1] x
    reading = read_set(combination(([[1, -1], [2, -2]], [[1, -2]]), [(1, 1)], [1]))
    assert (reading.shape.noun, len(reading.parts)) == ("rectangle", 2)
    assert lines(reading) == ["W1[1,·] = θ1 (1, 1)", "W1[2,·] = −θ2 (2, 2)", "W2 = 0"]


def test_a_constant_that_repeats_is_named_and_a_scalar_that_repeats_too() -> None:
    # the demo: m1 = 1/2 and m2 = 1/2, so that all entries are multiples of 1 and c = e^(−1/2)
    reading = read_set(clarke_differential(demo().function()))
    assert [linear_text(constant.expression) for constant in reading.constants] == ["e^(−1/2)"]
    assert lines(reading)[0] == "W1[1,·] = −τ (1, 1)"
    ((auxiliary,),) = [part.auxiliaries for part in reading.parts]
    assert {auxiliary.at_zero, auxiliary.at_one} == {fmpq(1), exponential(fmpq(-1, 2))}


def test_only_constants_that_are_written_are_kept() -> None:
    reading = read_set(clarke_differential(demo().function()))
    assert used_in(reading.parts, reading.constants) == reading.constants
    assert used_in(("no letter", Rational(fmpq(1))), reading.constants) == ()


# ---------------------------------------------------------------------- vectors and numbers


def two_constants() -> Notation:
    """Return a notation with c1 = e and c2 = e²: margins −1 and −2 of an exponential risk."""
    net = Network.from_weights([[1, 0, 0]])
    return Notation.of(EmpiricalRisk(net, Dataset([(1, 0, 0), (2, 0, 0)], labels=[-1, -1])).at())


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ((fmpq(6), fmpq(-9)), "(6, −9)"),  # integers stand as they are
        ((fmpq(2, 3), fmpq(4, 3)), "2/3 (1, 2)"),  # a common factor
        ((exponential(1) / 2, exponential(1) / 2), "c1/2 (1, 1)"),
        ((exponential(1) * fmpq(7, 6), -exponential(1) * fmpq(7, 4), fmpq(0)), "7c1/12 (2, −3, 0)"),
        # the entries are (1 + 2c1)/2 and (1 + 4c1)/2: half of (1 + 2c1, 1 + 4c1)
        ((exponential(1) + fmpq(1, 2), 2 * exponential(1) + fmpq(1, 2)), "1/2 (1 + 2c1, 1 + 4c1)"),
        ((fmpq(0), fmpq(0)), "0"),
        ((exponential(1) + exponential(2), fmpq(0)), "(c1 + c2, 0)"),
    ],
)
def test_vectors_are_factored(entries: tuple[Scalar, ...], text: str) -> None:
    assert linear_text(two_constants().vector(entries)) == text


def test_vectors_side_by_side_are_in_one_style() -> None:
    # alone the first is 1/2 (1, 1), as long as (1/2, 1/2); beside (1/3, −1), which has no shorter form, it is plain
    rows = [(fmpq(1, 2), fmpq(1, 2)), (fmpq(1, 3), fmpq(-1)), (fmpq(0), fmpq(0))]
    assert [linear_text(each) for each in two_constants().vectors(rows)] == ["(1/2, 1/2)", "(1/3, −1)", "0"]
    # where plain vectors are much longer, each is as short as it can be: −2/15 (1, 1, −7) beside (2, 2, 2)
    rows = [(fmpq(-2, 15), fmpq(-2, 15), fmpq(14, 15)), (fmpq(2), fmpq(2), fmpq(2))]
    long = [*[rows[0]] * 4, rows[1]]
    assert [linear_text(each) for each in two_constants().vectors(long)] == ["−2/15 (1, 1, −7)"] * 4 + ["(2, 2, 2)"]


def test_a_long_factor_does_not_stand_before_long_integers() -> None:
    # 1/p (10^9 + 7, 10^9 + 9) with p = 2^50: as decimals both entries say what they are
    entries = (fmpq(10**9 + 7, 2**50), fmpq(10**9 + 9, 2**50))
    assert linear_text(two_constants().vector(entries)) == "(8.8817842…·10^(−7), 8.8817842…·10^(−7))"


def test_a_long_common_factor_is_cut_as_one_number() -> None:
    # (3 c1 + 6 c2)/2^50 is 3/2^50 (c1 + 2 c2); 3/2^50 = 2.6645352…·10^(−15)
    value = exponential(1) * fmpq(3, 2**50) + exponential(2) * fmpq(6, 2**50)
    assert linear_text(two_constants().number(value)) == "2.6645352…·10^(−15) (c1+2c2)"


def test_vectors_of_many_entries_are_combinations_of_inputs() -> None:
    # the gradient by u of v Σ_k c_k σ(⟨u, x_k⟩) is v c_1 x_1 + v c_2 x_2, entry by entry a mixture of both constants
    x1, x2 = (1, 0, 1, 0, 1), (0, 1, 1, 1, 1)
    net = Network.from_weights([[1, 2, 0, 0, 0]], [[2]])
    function = EmpiricalRisk(net, Dataset([x1, x2], labels=[-1, -1])).at()
    gradient = clarke_differential(function).minimal_norm_element
    assert linear_text(Notation.of(function).vector(gradient[:5])) == "2c1 x1 + 2c2 x2"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (exponential(1) / (1 + exponential(1)), "e/(1+e)"),
        (1 / (1 + exponential(fmpq(-123, 456))), "1/(1+e^(−41/152))"),  # shorter than e^(41/152)/(1+e^(41/152))
        ((3 + 3 * exponential(-1)) / (2 + 2 * exponential(fmpq(1, 2))), "3(1+e^(−1))/(2(1+√e))"),
    ],
)
def test_quotients_of_exponentials_are_written_short(value: Scalar, text: str) -> None:
    written = number_expression(value)
    assert linear_text(written).replace("1 + e", "1+e") == text
    assert evaluate(written, {}) == value


def test_entries_of_a_row_are_in_lowest_terms() -> None:
    # 1/3 (8, 2) + θ2 (2, 0) − θ1/6 (7, 1) is 8/3 + 2 θ2 − 7 θ1/6 and 2/3 − θ1/6
    theta1, theta2 = Symbol("θ", "1"), Symbol("θ", "2")
    eight, two, seven = (Vector(tuple(Rational(fmpq(e)) for e in pair)) for pair in ((8, 2), (2, 0), (7, 1)))
    row = Sum(
        (
            Product((Rational(fmpq(1, 3)), eight)),
            Product((theta2, two)),
            Negative(Product((Quotient(theta1, Rational(fmpq(6))), seven))),
        )
    )
    assert [linear_text(entry) for entry in entries_of_row(row, 2)] == ["8/3 + 2θ2 − 7θ1/6", "2/3 − θ1/6"]


@given(st.fractions(max_denominator=50), st.fractions(max_denominator=50), st.fractions(max_denominator=9))
def test_rescaling_keeps_the_value(factor, own, at) -> None:
    theta = Symbol("θ")
    for tree in (
        Rational(fmpq(own.numerator, own.denominator)),
        Negative(theta),
        Quotient(theta, Rational(fmpq(7))),
        Product((Rational(fmpq(own.numerator, own.denominator)), theta)),
        Sum((Rational(fmpq(1)), Negative(theta))),
        Product((Sum((Rational(fmpq(1)), Negative(theta))), theta)),
    ):
        values: dict[Symbol, Value] = {theta: fmpq(at.numerator, at.denominator)}
        scaled = rescaled(fmpq(factor.numerator, factor.denominator), tree)
        assert evaluate(scaled, values) == fmpq(factor.numerator, factor.denominator) * evaluate(tree, values)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("-3/4", "−3/4"),
        ("7*exp(-1)/2", "7/2 e^(−1)"),
        ("-1/(exp(1/2) + 1)", "−1/(1+√e)"),
        ("39614081257132168796771975168/3", "1.3204693…·10^28"),
    ],
)
def test_texts_of_results_are_read(text: str, written: str) -> None:
    tree = number_of(text)
    assert tree is not None
    assert linear_text(tree) == written
    assert evaluate(tree, {}) == scalar_of(text)


@pytest.mark.parametrize("text", ["w[1]", "1/0", "", "exp(exp(1))", "__import__('os')", "1 if 2 else 3", "2**3"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert number_of(text) is None


# ---------------------------------------------------------------------- what does not vary, and what is long


def deep_with_biases() -> FunctionOfWeights:
    """Return a 1-3-1 net with biases, whose parameters are W1 (3), b1 (3), W2 (3), b2 (1)."""
    net = Network.from_weights([[1], [2], [3]], [[1, 1, 1]], biases=[[0, 0, 0], [0]])
    return FunctionOfWeights(net, ((fmpq(1),),), Combination((fmpq(1),)))


def test_constant_coordinates_are_left_out() -> None:
    # the points differ in b1[2] and in W2 only: of b1 one entry varies, of the short row W2 it stays whole
    function = deep_with_biases()
    points = [tuple(map(fmpq, p)) for p in ((7, 8, 9, 0, 1, 4, 5, 6, 7, 1), (7, 8, 9, 0, 2, 4, 5, 6, 9, 1))]
    read = read_points(function, Notation.of(function), range(10), points)
    assert [linear_text(line.name) for line in read.lines] == ["b1[2]", "W2"]
    assert [[linear_text(value) for value in row] for row in read.values] == [["1", "(5, 6, 7)"], ["2", "(5, 6, 9)"]]
    rows = {tuple(map(linear_text, row.names)): linear_text(row.value) for row in read.constant_rows}
    assert rows == {
        ("W1[1,1]",): "7",
        ("W1[2,1]",): "8",
        ("W1[3,1]",): "9",
        ("b1[1]",): "0",
        ("b1[3]",): "4",
        ("b2",): "1",
    }


def test_a_value_is_said_once_with_the_points_that_have_it() -> None:
    function = deep_with_biases()
    points = [tuple(map(fmpq, (a, 0, 0, 0, 0, 0, 0, 0, 0, 0))) for a in (1, 2, 1, 1)]
    read = read_points(function, Notation.of(function), range(10), points)
    assert [(linear_text(level.value), level.at) for level in read.levels[0]] == [("1", (1, 3, 4)), ("2", (2,))]


def test_points_that_do_not_fit_a_line_each_are_a_table_of_values() -> None:
    # three blocks of three entries with thirteen digits each: no line of 86 columns holds a point
    function = deep_with_biases()
    narrow = [tuple(map(fmpq, (a, a, a, 0, 0, 0, 0, 0, 0, 0))) for a in (1, 2)]
    wide = [tuple(fmpq(10**11 + a) for _ in range(10)) for a in (1, 2)]
    tables = [
        point_table(read_points(function, Notation.of(function), range(10), points), "vertex", "vertices")
        for points in (narrow, wide)
    ]
    assert [len(table.header) for table in tables] == [4, 3]
    assert tables[1].header == (("block",), ("value",), ("at vertices",))


def test_long_things_fold_and_full_shows_them() -> None:
    vector = Vector(tuple(Rational(fmpq(k)) for k in range(20)))
    assert linear_text(vector) == "(0, 1, 2, 3, 4, 5, 6, 7, …, 18, 19)"
    assert linear_text(vector, full=True).count(",") == 19
    long = Rational(fmpq(10**13 + 1, 3))  # 3333333333333.66..
    assert linear_text(long) == "3.3333333…·10^12"
    assert linear_text(long, full=True) == "10000000000001/3"


@pytest.mark.parametrize("known", zoo(), ids=lambda known: known.name)
def test_what_is_said_of_known_sets_fits_and_is_no_dump(known: KnownAnswer) -> None:
    from symflow.formats.plain_text import render

    document = clarke_document(known.problem(), clarke_differential(known.function()))
    text = render(document)
    assert all(len(line) <= 92 for line in text.splitlines())
    assert len(text.splitlines()) <= 40
    for block in document.blocks:
        if isinstance(block, Table):
            assert all(len(row) == len(block.header) for row in block.rows)


# ---------------------------------------------------------------------- laws on drawn nets

thetas = st.lists(st.fractions(0, 1, max_denominator=12), min_size=12, max_size=12)


def elements(differential: ClarkeDifferential, reading: Reading, chosen: Sequence[object]) -> tuple[Scalar, ...] | None:
    """Return the element that the rows say at some θ; None where a part is no span."""
    values: dict[Symbol, Value] = {constant.symbol: constant.value for constant in reading.constants}
    for vector, symbol in notation_of(differential).inputs.items():
        values[symbol] = vector
    rest = iter(chosen)
    entries: dict[int, Scalar] = {}
    for part in reading.parts:
        if part.form != "span":
            return None
        for symbol in part.parameters:
            drawn = next(rest, fmpq(1, 2))
            values[symbol] = fmpq(drawn.numerator, drawn.denominator)  # type: ignore[attr-defined]
        for auxiliary in part.auxiliaries:
            values[auxiliary.symbol] = evaluate(auxiliary.definition, values)
    for row in [*reading.constant_rows, *(row for part in reading.parts for row in part.rows)]:
        enter(entries, row.value, row.places, len(row.names), values)
    return tuple(entries[place] for place in range(len(differential.function.variables)))


def enter(
    entries: dict[int, Scalar], value: Expression, places: Sequence[int], n_names: int, values: dict[Symbol, Value]
) -> None:
    """Enter the value of a row at its places; a row of several names says the same of each."""
    is_zero = value == Rational(fmpq(0))
    length = len(places) if is_zero else len(places) // n_names
    for start in range(0, len(places), length):
        here = places[start : start + length]
        entries.update(zip(here, as_vector(evaluate(value, values), length), strict=True))


@pytest.mark.slow
@settings(max_examples=60)
@given(functions_of_weights(n_data=3), thetas)
def test_what_is_printed_is_a_point_of_the_set(function, chosen) -> None:
    differential = clarke_differential(function)
    if not differential.is_exact or (differential.n_vertices or 0) > 64:
        return
    element = elements(differential, read_set(differential), chosen)
    if element is not None:
        assert differential.contains(element).is_proved


@settings(max_examples=25)
@given(functions_of_weights(n_data=2, rational=True), thetas)
def test_what_is_printed_is_a_point_of_the_set_of_a_rational_problem(function, chosen) -> None:
    differential = clarke_differential(function)
    if not differential.is_exact or (differential.n_vertices or 0) > 32:
        return
    element = elements(differential, read_set(differential), chosen)
    if element is not None:
        assert differential.contains(element).is_proved


@settings(max_examples=40)
@given(functions_of_weights(n_data=2))
def test_vertices_that_are_listed_are_the_vertices(function) -> None:
    differential = clarke_differential(function)
    if not differential.is_exact or (differential.n_vertices or 0) > 32:
        return
    reading, notation = read_set(differential), notation_of(differential)
    letters: dict[Symbol, Value] = {constant.symbol: constant.value for constant in reading.constants}
    for vector, symbol in notation.inputs.items():
        letters[symbol] = vector
    for part in reading.parts:
        read = read_points(function, notation, part.places, part.vertices)
        at = {place: i for i, place in enumerate(part.places)}
        for number, vertex in enumerate(part.vertices, start=1):
            for line, written, levels in zip(read.lines, read.values[number - 1], read.levels, strict=True):
                said = as_vector(evaluate(written, letters), len(line.places))
                assert said == tuple(vertex[at[place]] for place in line.places)
                (level,) = [level for level in levels if number in level.at]
                assert level.value == written
            others = [other for other in part.vertices if other != vertex]
            assert not others or not isinstance(membership(vertex, others), Member)
        fixed = varying_lines(function, part.places, part.vertices)[1]
        assert sorted([*fixed, *(place for line in read.lines for place in line.places)]) == sorted(part.places)


@given(functions_of_weights(n_data=1), st.data())
def test_lines_within_places_cover_them_once(function, data) -> None:
    n = len(function.variables)
    places = sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1)))
    covered = [place for line in lines_within(function, places) for place in line.places]
    assert sorted(covered) == places


def test_a_long_hull_breaks_between_its_points() -> None:
    points = tuple(Vector((Rational(fmpq(a)), Rational(fmpq(1, 2)))) for a in range(4))
    text = glued((Hull(points),), 30, full=False, translate=str)
    assert text.split(" ") == ["conv{", *(f"({a},{GLUE}1/2){',' if a < 3 else ''}" for a in range(4)), "}"]
