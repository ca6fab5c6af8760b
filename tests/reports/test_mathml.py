"""MathML: known formulas, nothing that is markup in a name, and one element tree for every expression."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Application,
    CartesianProduct,
    Decimal,
    Exponential,
    Expression,
    FiniteSet,
    Hull,
    Interval,
    Logarithm,
    Negative,
    Norm,
    Pairing,
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
from symflow.reports.linear_text import linear_text
from symflow.reports.mathml import mathml, sentence_html


def number(top: int, bottom: int = 1) -> Rational:
    return Rational(fmpq(top, bottom))


def words(expression: Expression, *, full: bool = False) -> str:
    """Return the text of the markup, element behind element, after checking that it is well-formed."""
    return "".join(ElementTree.fromstring(mathml(expression, full=full)).itertext())


@pytest.mark.parametrize(
    ("expression", "inside"),
    [
        (number(0), "<mn>0</mn>"),
        (number(-3, 2), '<mo form="prefix">−</mo><mfrac><mn>3</mn><mn>2</mn></mfrac>'),
        (Symbol("x", "12"), "<msub><mi>x</mi><mn>12</mn></msub>"),
        (Power(Symbol("c"), 2), "<msup><mi>c</mi><mn>2</mn></msup>"),
        (Exponential(fmpq(1, 2)), "<msqrt><mi>e</mi></msqrt>"),
        (
            Sum((Symbol("a"), Negative(Symbol("b")))),
            "<mi>a</mi><mo>−</mo><mi>b</mi>",
        ),
        (
            Quotient(Sum((number(1), Symbol("c"))), number(2)),
            "<mfrac><mrow><mn>1</mn><mo>+</mo><mi>c</mi></mrow><mn>2</mn></mfrac>",
        ),
        (Logarithm(number(2)), "<mi>ln</mi><mn>2</mn>"),
    ],
)
def test_known_formulas(expression: Expression, inside: str) -> None:
    assert mathml(expression) == f"<math>{inside}</math>"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (Vector((number(1), number(-1))), "(1,−1)"),
        (Hull((number(0), number(1))), "conv{0,1}"),
        (FiniteSet((number(1),)), "{1}"),
        (Interval(number(-1), number(1)), "[−1,1]"),
        (CartesianProduct((Symbol("A"), Symbol("B"))), "A×B"),
        (Application("f2", "∂", Vector((number(2), number(3)))), "∂f2(2,3)"),
        (Application("R", "∇", Symbol("w")), "∇R(w)"),
        (Pairing(Symbol("s"), Symbol("w")), "⟨s,w⟩"),
        (Norm(Symbol("s"), 2), "‖s‖2"),
        (Parameters("W", 1, 2), "W1[2,·]"),
        (Parameters("W", 3), "W3"),
        (Parameters("b", 1, 2), "b1[2]"),
        (Parameters("z", 1, 2, 3), "z1[2](x3)"),
        (Relation((number(0), Symbol("θ"), number(1)), ("≤", "≤")), "0≤θ≤1"),
        (Decimal("-1.25e-9", True), "−1.25…·10−9"),
        (Exponential(fmpq(-1, 2)), "e−1/2"),
        (Product((number(2), Sum((Symbol("a"), number(-1))))), "2(a−1)"),
        (Negative(Sum((Symbol("a"), Symbol("b")))), "−(a+b)"),
    ],
)
def test_what_is_read_aloud(expression: Expression, said: str) -> None:
    assert words(expression) == said


def test_fences_stretch_around_what_is_high_alone() -> None:
    assert mathml(Vector((number(1), number(2)))).count('stretchy="false"') == 2
    assert "stretchy" not in mathml(Vector((number(1, 2), number(2))))


@pytest.mark.parametrize("text", ["<b>", "a & b", '"quoted"', "</math><script>alert(1)</script>"])
def test_nothing_in_a_name_becomes_markup(text: str) -> None:
    assert words(Symbol(text)) == text
    assert words(Symbol("x", text)) == f"x{text}"
    assert words(Application(text)) == text
    assert "<script" not in sentence_html((text, Symbol(text)))
    assert ElementTree.fromstring(f"<p>{sentence_html((text,))}</p>").text == text


def test_a_long_number_is_cut_where_the_terminal_cuts_it() -> None:
    """Two roads: the digits are those of the plain text, which stand in ``exact/decimals.py``'s tests."""
    long = Rational(fmpq(12345678912345, 98765432109876))
    assert words(long) == linear_text(long) == "0.12499999…"
    assert words(Rational(fmpq(1, 3**40))) == "8.2252633…·10−20"
    assert words(long, full=True) == f"{long.value.p}{long.value.q}"


def test_a_long_vector_keeps_its_first_and_last_entries() -> None:
    vector = Vector(tuple(number(i) for i in range(20)))
    assert words(vector) == "(0,1,2,3,4,5,6,7,…,18,19)"
    assert words(vector, full=True).count(",") == 19


rationals = st.builds(lambda p, q: Rational(fmpq(p, q)), st.integers(-99, 99), st.integers(1, 9))
leaves = st.one_of(rationals, st.builds(Symbol, st.sampled_from("abcθτ"), st.sampled_from(["", "1", "k"])))


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Sum, pair),
        st.builds(Product, pair),
        st.builds(Quotient, inner, inner),
        st.builds(Vector, pair),
        st.builds(Power, inner, st.integers(2, 3)),
        st.builds(Hull, pair),
    )


@given(st.recursive(leaves, _larger, max_leaves=8))
def test_it_says_what_the_terminal_says(expression: Expression) -> None:
    """Two roads: but for fractions, powers and spaces the text of the markup is the line of the terminal.

    Parentheses around a numerator, a denominator and a fraction are not needed where a bar says it; so they, and the
    bars, are left out on both sides.
    """
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    plain = re.sub(r"[\s()/·_]", "", linear_text(expression).translate(raised))
    assert re.sub(r"[\s()/·_]", "", words(expression)) == plain
