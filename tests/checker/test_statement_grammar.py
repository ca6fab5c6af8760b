"""The grammar of statements: what is read as what, against Python's own arithmetic, and every refusal."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_grammar import (
    Call,
    Element,
    Entry,
    Name,
    Numeral,
    Operation,
    Positive,
    Range,
    names_in,
    parse_statement,
)
from symflow.checker.statement_point import Point
from symflow.checker.statement_values import Scope
from tests.checker.test_statement_values import SMALL

ONE, TWO = Numeral(Fraction(1)), Numeral(Fraction(2))


def left(text: str) -> Any:
    return parse_statement(f"{text} == 0").claims[0].left


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("-x^2", "-(x^2)"),
        ("--x", "x"),
        ("---x", "-x"),
        ("2^-x", "2^(-x)"),
        ("2**3**2", "2^(3^2)"),
        ("a - b - c", "(a - b) - c"),
        ("a/b/c", "(a/b)/c"),
        ("a/b*c", "(a/b)*c"),
        ("-a*b", "(-a)*b"),
        ("a + b*c^2", "a + (b*(c^2))"),
        ("a*-b", "a*(-b)"),
        ("((a))", "a"),
        ("f[1]^2", "(f[1])^2"),
    ],
)
def test_operations_bind_as_in_mathematics(text: str, bracketed: str) -> None:
    assert left(text) == left(bracketed)


NUMERALS = st.integers(0, 9).map(str)
EXPRESSIONS = st.recursive(
    NUMERALS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(" ".join),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"({text})"),
        st.tuples(NUMERALS, st.integers(0, 3)).map(lambda pair: f"{pair[0]}^{pair[1]}"),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_the_value_of_an_expression_is_what_python_says(text: str) -> None:
    # Names are none, so that no objects are needed; a power needs a ring, which a named problem gives.
    value = Scope(None, {"F": Point(SMALL)}).number(left(text))
    assert value == eval(text.replace("^", "**"), {"__builtins__": {}})


def test_parts_calls_and_binders() -> None:
    assert left("W[1][2,:]") == Entry(Entry(Name("W"), (ONE,)), (TWO, None))
    assert left("f[1](2*w)") == Call("f", (Operation("*", (TWO, Name("w"))),), None, (ONE,))
    assert left("f(w, W1)") == Call("f", (Name("w"), Name("W1")))
    assert left("sum(k in 1..2: k)") == Call("sum", (Name("k"),), Range("k", ONE, TWO))
    assert left("0.5") == Numeral(Fraction(1, 2))
    statement = parse_statement("for all l in 1..2, t > 0, s in S: a == b and c < d if e >= f at w")
    assert statement.binders == (Range("l", ONE, TWO), Positive("t"), Element("s", Name("S")))
    assert [each.relation for each in statement.claims] == ["==", "<"]
    assert [each.relation for each in statement.conditions] == [">="]
    assert statement.is_at_point
    assert parse_statement("f is conserved").claims[0].right is None
    assert parse_statement("f not in S").claims[0].relation == "not in"
    assert parse_statement("  f   ==\n 1 ").text == "f == 1"


def test_all_names_of_an_expression_are_found() -> None:
    found = set(names_in(left("W[l][i,:]*sum(k in a..b: f[k](c*w)) - 2")))
    assert found == {"W", "l", "i", "sum", "a", "b", "f", "k", "c", "w"}
    assert list(names_in(None)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("f = 1", "column 3: this character has no meaning here"),
        ("f == 1; x", "column 7: this character"),
        ("f == é", "column 6: this character"),
        ("", 'column 1: expected a number, a name or a bracket, found the end'),
        ("f", "column 2: expected a relation such as == or <=, found the end"),
        ("f == ", "expected a number, a name or a bracket, found the end"),
        ("f == 1 2", 'column 8: expected the end, found "2"'),
        ("f == 1 == 2", 'expected the end, found "=="'),
        ("f == (1", 'expected ")", found the end'),
        ("W[1 == 1", 'expected "]", found "=="'),
        ("f(1 == 1", 'expected ")", found "=="'),
        ("2(3) == 6", "expected no bracket, for this is no function"),
        ("(a + b)(c) == 1", "expected no bracket, for this is no function"),
        ("for l 1..2: f == 1", 'expected "in", found "1"'),
        ("for in in 1..2: f == 1", "expected a name"),
        ("for l in 1..2 f == 1", 'expected ":", found "f"'),
        ("for l in 1..2, l in 1..3: f == 1", "a name is bound twice"),
        ("f is constant", 'expected "conserved", found "constant"'),
        ("sum(k in 1: k) == 1", 'expected "..", found ":"'),
        ("sum(k in 1..2 k) == 1", 'expected ":", found "k"'),
        ("for == 1", "expected a name"),
        ("f == 1 if g in S", '"in" in a condition: only numbers and vectors are compared there'),
        ("f == 1 if g is conserved", '"conserved" in a condition'),
        ("1.. == 2", "expected a relation"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_with_the_column(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_statement(text)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "f == " + "1 + " * 2000 + "1",
        "(" * 100 + "f" + ")" * 100 + " == 1",
        "2" + "^2" * 100 + " == 1",
        "W" + "[W" * 100 + "]" * 100 + " == 1",
        "f" + "(f" * 100 + ")" * 100 + " == 1",
    ],
)
def test_what_is_too_long_or_too_deep_is_too_large(text: str) -> None:
    with pytest.raises(TooLarge):
        parse_statement(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="fwW12[](),:.^*+-=<> andifoRs", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        parse_statement(text)


def test_quantifiers_stand_before_the_claims_or_behind_them() -> None:
    before = parse_statement("for all l in 1..L, s in clarke(f): inner(s, w) == l and f == f if f > 0 at w")
    behind = parse_statement("inner(s, w) == l and f == f if f > 0 for all l in 1..L, s in clarke(f) at w")
    assert (before.binders, before.claims, before.conditions) == (behind.binders, behind.claims, behind.conditions)
    assert before.is_at_point
    assert behind.is_at_point
    for text in ("for l in 1..2: f == f for k in 1..2", "f == f for l in 1..2 if f > 0", "f == f for l in 1..2:"):
        with pytest.raises(Refused):
            parse_statement(text)
