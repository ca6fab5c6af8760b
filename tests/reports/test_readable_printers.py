"""One reading, printed by all printers: the terminal, LaTeX, MathML and HTML say the same numbers in the same order."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Decimal,
    Exponential,
    Expression,
    Hull,
    Interval,
    Logarithm,
    Negative,
    Parameters,
    Power,
    Product,
    Quotient,
    Rational,
    Relation,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.latex_math import latex, sentence_latex
from symflow.reports.linear_text import linear_text, sentence_text
from symflow.reports.mathml import mathml, sentence_html
from symflow.reports.readable.read_set import read_set
from symflow.zoo.every_answer import zoo
from symflow.zoo.known_answer import KnownAnswer
from tests.strategies import functions_of_weights

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def digits_of_text(text: str) -> list[str]:
    """Return the runs of digits of a line of text."""
    return re.findall(r"[0-9]+", re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda raised: f" {raised[0].translate(_RAISED)}", text))


def digits_of_latex(formula: str) -> list[str]:
    r"""Return the runs of digits of a formula: ``\tfrac12`` has two numbers, as has ``\frac1{12}``."""
    # Arguments of a fraction stand in braces or are single tokens.
    formula = re.sub(r"(\\t?frac) ?([0-9a-z])", r"\1{\2}", formula)
    formula = re.sub(r"(\\t?frac\{[0-9a-z]\}) ?([0-9a-z])", r"\1{\2}", formula)
    formula = re.sub(r"(\})([0-9])", r"\1 \2", formula)
    formula = re.sub(r"([_^])([0-9])", r"\1{\2}", formula)
    return re.findall(r"[0-9]+", formula)


def digits_of_html(markup: str) -> list[str]:
    """Return the runs of digits of what a page shows."""
    return re.findall(r"[0-9]+", html.unescape(re.sub(r"<[^>]*>", " ", markup)))


def check_same_numbers(expression: Expression) -> None:
    """Hold the printers against each other where nothing is cut; each cuts to the digits that it has room for."""
    text = digits_of_text(linear_text(expression, full=True))
    assert digits_of_html(mathml(expression, full=True)) == text
    assert digits_of_latex(latex(expression, full=True)) == text


rationals = st.fractions(max_denominator=40).map(lambda q: Rational(fmpq(q.numerator, q.denominator)))
leaves = st.one_of(
    rationals,
    st.sampled_from([Symbol("c"), Symbol("c", "1"), Symbol("θ", "12"), Parameters("W", 1, 2), Parameters("b", 2, 1)]),
    st.sampled_from([Exponential(fmpq(-1, 2)), Exponential(fmpq(3)), Exponential(fmpq(1))]),
    st.builds(Decimal, st.sampled_from(["0.60653", "12.5"]), st.booleans()),
)


def extended(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Sum, several),
        st.builds(Quotient, inner, st.integers(2, 99).map(lambda q: Rational(fmpq(q)))),
        st.builds(Product, several),
        st.builds(Vector, several),
        st.builds(Hull, several),
        st.builds(Interval, inner, inner),
        st.builds(Logarithm, inner),
        st.builds(Power, inner, st.integers(2, 12)),
        st.builds(lambda a, b: Relation((a, b), ("=",)), inner, inner),
    )


@settings(max_examples=300)
@given(st.recursive(leaves, extended, max_leaves=8))
def test_all_printers_say_the_same_numbers_of_a_tree(expression: Expression) -> None:
    check_same_numbers(expression)


@pytest.mark.parametrize("known", zoo(), ids=lambda known: known.name)
def test_all_printers_say_the_same_numbers_of_a_reading(known: KnownAnswer) -> None:
    check_reading(clarke_differential(known.function()))


@settings(max_examples=25)
@given(functions_of_weights(n_data=3))
def test_all_printers_say_the_same_numbers_of_a_drawn_reading(function) -> None:
    differential = clarke_differential(function)
    if differential.is_exact and (differential.n_vertices or 0) <= 32:
        check_reading(differential)


def check_reading(differential) -> None:
    reading = read_set(differential)
    for row in [*reading.constant_rows, *(row for part in reading.parts for row in part.rows)]:
        for expression in (*row.names, row.value):
            check_same_numbers(expression)
    for constant in reading.constants:
        check_same_numbers(Relation((constant.symbol, constant.expression, constant.decimal), ("=", "≈")))


def test_a_long_number_is_cut_by_all_and_shown_in_full_by_all() -> None:
    long = fmpq(10**30 + 1, 7**20)
    trees = [Rational(long), Negative(Decimal("0.123", True, Rational(long)))]
    for tree in trees:
        for shown in (linear_text(tree), latex(tree), mathml(tree)):
            assert str(10**30 + 1) not in shown
            assert "…" in shown or r"\ldots" in shown
        check_same_numbers(tree)
        for shown in (linear_text(tree, full=True), latex(tree, full=True), mathml(tree, full=True)):
            assert str(10**30 + 1) in shown
            assert str(7**20) in shown


@pytest.mark.parametrize(
    ("value", "text", "formula"),
    [
        # it begins with 11223344.1: eight digits alone would read as a longer integer
        (fmpq(112233441, 10) + fmpq(1, 10**8 + 7), "11223344.1…", r"1.12233\ldots\cdot10^7"),
        (fmpq(1234567, 10) + fmpq(1, 900000001), "123456.7…", r"123456.7\ldots"),
        (fmpq(12345678, 1) + fmpq(1, 10**8 + 7), "12345678.0…", r"1.23456\ldots\cdot10^7"),
    ],
)
def test_a_cut_number_shows_where_its_point_is(value: fmpq, text: str, formula: str) -> None:
    assert linear_text(Rational(value)) == text
    assert latex(Rational(value)) == formula


@pytest.mark.parametrize(
    ("base", "text", "formula"),
    [
        (Symbol("c"), "c²", "c^2"),
        (Exponential(fmpq(1)), "e²", "e^2"),
        (Exponential(fmpq(3)), "(e³)²", "(e^3)^2"),  # e³² would be another number, and e^3^2 no LaTeX
        (Exponential(fmpq(1, 2)), "(√e)²", r"(\sqrt e)^2"),
        (Power(Symbol("c"), 3), "(c³)²", "(c^3)^2"),
        (Rational(fmpq(-3)), "(−3)²", "(-3)^2"),
    ],
)
def test_powers_have_one_meaning(base: Expression, text: str, formula: str) -> None:
    assert linear_text(Power(base, 2)) == text
    assert latex(Power(base, 2)) == formula


def test_numbers_beside_each_other_stay_two() -> None:
    product = Product((Rational(fmpq(2)), Power(Rational(fmpq(3)), 2)))
    assert linear_text(product) == "2 3²"
    assert latex(product) == r"2\cdot 3^2"
    assert digits_of_html(mathml(product)) == ["2", "3", "2"]


def test_sentences_are_printed_by_all() -> None:
    sentence = ("at ", Relation((Symbol("x"), Vector((Rational(fmpq(1, 2)), Rational(fmpq(-3))))), ("=",)), ".")
    assert sentence_text(sentence) == "at x = (1/2, −3)."
    assert sentence_latex(sentence) == r"at $x=(\tfrac12,-3)$."
    assert digits_of_html(sentence_html(sentence)) == ["1", "2", "3"]
