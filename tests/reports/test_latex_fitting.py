"""Formulas in lines of a given width: nothing is left out, and no line is wider than it has to be."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Negative, Product, Quotient, Rational, Sum, Symbol, Vector
from symflow.reports.latex_fitting import fitted, lines_of
from symflow.reports.latex_math import latex
from symflow.reports.latex_width import width

C = [Symbol("c", str(i)) for i in range(12)]
THETA = Symbol("θ")


def number(top: int, bottom: int = 1) -> Rational:
    return Rational(fmpq(top, bottom))


def long_sum(*tops: int) -> Sum:
    return Sum(tuple(Product((number(top), c)) for top, c in zip(tops, C, strict=False)))


def text_of(lines: list[str]) -> str:
    return "".join(line.removeprefix(r"\quad{}") for line in lines)


def test_a_row_of_a_segment_is_written_out() -> None:
    base = Product((number(1, 200), Vector((long_sum(-185, -40, -740, -185), long_sum(75, -592, -444, -740)))))
    direction = Product((Quotient(Product((number(51), C[7])), number(56)), THETA, Vector((number(5), number(1)))))
    lines = lines_of(Sum((base, Negative(direction))), 250)
    assert lines == [
        r"\tfrac1{200}\,(-185c_0-40c_1-740c_2-185c_3,",
        r"\quad{}75c_0-592c_1-444c_2-740c_3)-\tfrac{51c_7}{56}\theta\,(5,1)",
    ]


def test_a_sum_over_a_number_is_broken_inside() -> None:
    assert lines_of(Negative(Quotient(long_sum(185, 40, 740, 185), number(7))), 110) == [
        r"-\tfrac17(185c_0+40c_1",
        r"\quad{}+740c_2+185c_3)",
    ]


def test_a_difference_is_put_in_parentheses_before_it_is_negated() -> None:
    assert text_of(lines_of(Negative(long_sum(185, -40, 740, -185)), 100)) == "-(185c_0-40c_1+740c_2-185c_3)"
    factor = Product((C[0], Negative(long_sum(185, 40, 740, 185))))
    assert text_of(lines_of(factor, 100)) == "c_0(-(185c_0+40c_1+740c_2+185c_3))"


def test_of_many_entries_those_that_move_are_kept_with_their_places() -> None:
    entries: list[Expression] = [number(i) for i in range(60)]
    entries[30] = Product((number(51), THETA))
    text = text_of(lines_of(Vector(tuple(entries)), 400))
    assert text == r"(0,1,2,3,4,5,\ldots,\underset{[31]}{51\theta},\ldots,58,59)"


entries = st.one_of(
    st.fractions().map(lambda q: number(q.numerator, q.denominator)),
    st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=2, max_size=12).map(lambda tops: long_sum(*tops)),
    st.lists(st.integers(-999, 999).filter(bool), min_size=2, max_size=12).map(
        lambda tops: Quotient(long_sum(*tops), number(97))
    ),
)


@given(st.lists(entries, min_size=2, max_size=24), st.floats(60, 360))
def test_nothing_is_left_out_and_lines_fit(drawn: list[Expression], room: float) -> None:
    lines = lines_of(Vector(tuple(drawn)), room)
    text = text_of(lines)
    assert "ldots" not in text.replace(r"\ldots\cdot10", "").replace(r"\ldots,", "") or any(
        r"\ldots" in latex(entry) for entry in drawn
    )
    for symbol in {part for entry in drawn for part in C if latex(part) in latex(entry)}:
        assert latex(symbol) in text
    assert text.count("(") == text.count(")")
    longest = max(width(line) for line in lines)
    widest_piece = 150  # a term with its fraction and parentheses
    assert longest <= max(room, widest_piece)
    assert r"\text" not in fitted(Vector(tuple(drawn)), room)
