"""What holds and what does not, with evidence by hand: memberships, comparisons of sets, conserved quantities."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.checker.enclosed_numbers import logarithm
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_instances import instances
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_truth import holds_at_point, rate_at_point
from symflow.checker.statement_values import Scope
from tests.checker.test_statement_values import DATA, LINE, SMALL, net


def holds(text: str, *entries: dict[str, Any], scope: Scope | None = None) -> bool:
    return holds_at_point(parse_statement(text), scope or Scope(Point(SMALL)), Evidence(entries), {})


def shape(*widths: int, kind: Any = "relu", **options: Any) -> Symbols:
    return Symbols(read_shape({"widths": list(widths), "activation": [kind] * (len(widths) - 2), **options}))


IN_BOTH = {"side": "left", "generator": 0, "separator": None, "weights": ["1", "0"]}
SEGMENT = "hull(vector(0), vector(2))"


@pytest.mark.parametrize(
    ("text", "entries", "expected"),
    [
        (f"vector(1) in {SEGMENT}", [{"weights": ["1/2", "1/2"]}], True),
        (f"0 in {SEGMENT}", [{"weights": ["1", "0"]}], True),
        (f"vector(3) in {SEGMENT}", [{"separator": ["1"]}], False),
        (f"vector(3) not in {SEGMENT}", [{"separator": ["1"]}], True),
        (f"vector(1) not in {SEGMENT}", [{"weights": ["1/2", "1/2"]}], False),
        (f"vector(1) within {SEGMENT}", [{"left": [["1/2", "1/2"]]}], True),
        (f"{SEGMENT} within {SEGMENT}", [{"left": [None, ["0", "1"]]}], True),
        (f"{SEGMENT} == {SEGMENT}", [{"left": [None, None], "right": [None, None]}], True),
        (f"{SEGMENT} != {SEGMENT}", [{"left": [None, None], "right": [None, None]}], False),
        (f"{SEGMENT} == vector(0)", [{"side": "left", "generator": 1, "separator": ["1"]}], False),
        (f"vector(0) != {SEGMENT}", [{"side": "right", "generator": 1, "separator": ["1"]}], True),
        (f"{SEGMENT} within point(vector(0))", [{"side": "left", "generator": 1, "separator": ["1"]}], False),
        (f"empty within {SEGMENT}", [], True),
        (f"empty == {SEGMENT}", [], False),
        ("empty == empty", [], True),
        (f"{SEGMENT} != empty", [], True),
        (f"for s in {SEGMENT}: s[1] <= 2", [], True),
        (f"for s in {SEGMENT}: 2*s[1]/3 - 1 < 1/3", [], False),
        (f"for s in {SEGMENT}, r in {SEGMENT}: inner(s, r) >= 0", [], True),
        (f"for s in {SEGMENT}: s in {SEGMENT}", [{"weights": ["1", "0"]}, {"weights": ["0", "1"]}], True),
        ("f != 5 and f > 5 and f >= 6 and f <= 6", [], True),
        ("f == 5", [], False),
        ("f == 5 if f > 7 and 1 == 1", [], None),
        ("f == 6 if f > 5", [], True),
        ("ln(f) < 2 and ln(f) != 1 and ln(2) + exp(1) > 3", [], True),
        ("x == 0", [], False),
        ("0*x == 0", [], True),
    ],
)
def test_with_its_evidence_a_statement_is_true_or_false(
    text: str, entries: list[dict[str, Any]], expected: bool | None
) -> None:
    if expected is None:
        with pytest.raises(Refused, match="its conditions do not hold"):
            holds(text, *entries)
    else:
        assert holds(text, *entries) == expected


@pytest.mark.parametrize(
    ("text", "entries", "reason"),
    [
        (f"vector(1) in {SEGMENT}", [], "no evidence is given for a membership"),
        (f"vector(1) in {SEGMENT}", [{"weights": ["1", "0"]}], "do not give the point"),
        (f"vector(1) in {SEGMENT}", [{"weights": ["1/2", "1"]}], "do not sum to 1"),
        (f"vector(-1) in {SEGMENT}", [{"weights": ["3/2", "-1/2"]}], "a negative weight"),
        (f"vector(1) in {SEGMENT}", [{"separator": ["1"]}], "does not separate"),
        (f"vector(2) in {SEGMENT}", [{"separator": ["1"]}], "does not separate"),
        (f"vector(1, 1) in {SEGMENT}", [{"weights": ["1/2", "1/2"]}], "different dimensions"),
        (f"vector(ln(2)) in {SEGMENT}", [{"weights": ["1/2", "1/2"]}], "only enclosed"),
        (f"vector(1) in {SEGMENT} + vector(ln(2))", [{"weights": ["1/2", "1/2"]}], "only enclosed"),
        ("1 in x", [], "the right side of 'in' is no set"),
        ("1 in empty + hull(x)", [], "in a set: a number"),
        (f"{SEGMENT} <= {SEGMENT}", [], '"<=" does not compare sets'),
        (f"{SEGMENT} == 1", [], "compared with a set: a number"),
        (f"{SEGMENT} within {SEGMENT}", [{"left": [None]}], "expected 2 entries, found 1"),
        (f"{SEGMENT} within point(vector(0))", [{"left": [None, None]}], "this generator is none of the other set"),
        (f"{SEGMENT} within vector(0)", [{"side": "right", "generator": 0, "separator": ["1"]}], "no such side"),
        (f"{SEGMENT} == vector(0)", [{"side": "up", "generator": 0, "separator": ["1"]}], "no such side"),
        (f"{SEGMENT} == vector(0)", [{"side": "left", "generator": 2, "separator": ["1"]}], "no such generator"),
        (f"{SEGMENT} == {SEGMENT}", [dict(IN_BOTH)], "lies in the other set"),
        ("for s in x: s == 0", [], "taken from something that is no set"),
        ("for t > 0: f > 0", [], "claims infinitely much"),
        ("for k in 1..0: f == 0", [], "its range is empty"),
        (f"for s in {SEGMENT}: s[1]/s[1] == 1", [], "not affine in s"),
        (f"for s in {SEGMENT}: part(s, W1) == 0", [], "needs a vector with an entry for each parameter"),
        (f"for s in {SEGMENT}: x[s[1]] == 1", [], "not affine in s"),
        (f"for s in {SEGMENT}: f(s[1]*w) >= 0", [], "not affine in s"),
        (f"for s in {SEGMENT}: s within {SEGMENT}", [], "not affine in s"),
        ("norm2(w) is conserved", [], "one point does not show"),
        ("x == f", [], "two things of different shapes"),
        ("x < x", [], "a comparison of a vector"),
        ("for i in 1..200, j in 1..200: i == i", [], "too many instances"),
    ],
)  # fmt: skip
def test_evidence_that_does_not_show_it_is_refused(
    text: str, entries: list[dict[str, Any]], reason: str | None
) -> None:
    if reason is None:
        return
    with pytest.raises(Refused) as refusal:
        holds(text, *entries)
    assert reason in refusal.value.reason


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=5),
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
    st.lists(st.integers(0, 5), min_size=5, max_size=5),
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
)
def test_no_vector_is_shown_to_be_inside_and_outside(
    points: list[tuple[int, int]], vector: tuple[int, int], shares: list[int], functional: tuple[int, int]
) -> None:
    # Whatever evidence is drawn: weights that are accepted put it inside, a functional that is accepted outside.
    assume(sum(shares[: len(points)]))
    hull = "hull(" + ", ".join(f"vector({a}, {b})" for a, b in points) + ")"
    total = sum(shares[: len(points)])
    weights = [str(Fraction(share, total)) for share in shares[: len(points)]]
    mean = [sum(Fraction(w) * p[i] for w, p in zip(weights, points, strict=True)) for i in (0, 1)]
    assert holds(f"vector({mean[0]}, {mean[1]}) in {hull}", {"weights": weights})
    try:
        is_inside = holds(f"vector{vector} in {hull}", {"separator": [str(u) for u in functional]})
    except Refused:
        return
    assert not is_inside
    assert list(vector) != mean


# ---------------------------------------------------------------------- in symbols


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("f == f", 1),
        ("W1 == W1", 4),
        ("grad(f) - grad(f) == 0", 6),
        ("norm2(W1) - norm2(W2) is conserved", 1),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f and f == f", 4),
        ("f == f if f > 1", 1),
    ],
)
def test_identities_are_counted(text: str, count: int) -> None:
    assert check_identity(parse_statement(text), shape(2, 2, 1)) == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("f == 0", "the two sides differ as polynomials"),
        ("f == f at w", "a statement about one point"),
        ("for l in 2..1: f == f", "its range is empty"),
        ("f != 1", '"!=" is not decided by identities'),
        ("f < 1", "no sum of squares is given"),
        ("f <= 1", "no sum of squares is given"),
        ("norm2(W1) is conserved", "d/dt of it does not vanish identically"),
        ("f is conserved", "only a function of the parameters alone"),
        ("W1 is conserved", "a comparison of a matrix"),
        ("W1 == W2", "two things of different shapes"),
    ],
)
def test_what_is_no_identity_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_identity(parse_statement(text), shape(2, 2, 1))
    assert reason in refusal.value.reason


def test_a_sum_of_squares_is_expanded() -> None:
    statement = parse_statement("W1[1,1]^2 + W1[1,2]^2 >= 2*W1[1,1]*W1[1,2]")
    good = {"0": [{"coefficient": "1", "of": "W1[1,1] - W1[1,2]"}]}
    assert check_identity(statement, shape(2, 2, 1), good) == 1
    for squares, reason in (
        ({"0": [{"coefficient": "2", "of": "W1[1,1] - W1[1,2]"}]}, "do not add up"),
        ({"0": [{"coefficient": "1", "of": "W1[1,1] + W1[1,2]"}]}, "do not add up"),
        ({"0": [{"coefficient": "-1", "of": "f"}]}, "a negative coefficient"),
        ({"1": good["0"]}, "no sum of squares is given"),
        ({**good, "1": []}, "nothing asks for"),
        ({"0": [{"coefficient": "1", "of": "W1"}]}, "a comparison of a matrix"),
    ):
        with pytest.raises(Refused) as refusal:
            check_identity(statement, shape(2, 2, 1), squares)
        assert reason in refusal.value.reason


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-3, 3).filter(bool), min_size=12, max_size=12))
def test_the_rate_of_a_law_is_its_derivative_along_the_gradient(numbers: list[int]) -> None:
    # h = |W1|^2 - 3|W2|^2 with R = f: dh/dt = -2<W1, grad> + 6<W2, grad> = (-2 + 6) f, by Euler in each layer.
    problem = net([[numbers[:2], numbers[2:4]], [numbers[4:6]]], inputs=[numbers[6:8]], kind="output")
    scope = Scope(Point(problem))
    (instance,) = instances(parse_statement("norm2(W1) - 3*norm2(W2) is conserved"), scope)
    try:
        found = rate_at_point(instance)
    except Refused:  # a unit at its kink
        return
    assert found == 4 * scope.number(parse_statement("f == 0").claims[0].left)


def test_there_is_no_rate_at_no_point() -> None:
    (instance,) = instances(parse_statement("norm2(W1) is conserved"), Scope(shape(1, 1, 1)))
    with pytest.raises(Refused, match="a rate at no point"):
        rate_at_point(instance)
    (other,) = instances(parse_statement("norm2(x) is conserved"), Scope(Point(LINE)))
    with pytest.raises(Refused, match="of a function of the input"):
        rate_at_point(other)


def test_values_of_positive_names_serve_a_refutation() -> None:
    statement = parse_statement("for t > 0: t*f > 6")
    scope = Scope(Point(SMALL))
    assert not holds_at_point(statement, scope, Evidence(), {"t": "1/2"})
    with pytest.raises(Refused, match="t is not positive"):
        holds_at_point(statement, scope, Evidence(), {"t": "0"})


def test_enclosures_are_noted() -> None:
    for text, expected in (("ln(R) > -100", True), ("R > 0", False), ("ln(R) != 7", True)):
        evidence = Evidence()
        assert holds_at_point(parse_statement(f"{text} at w"), Scope(Point(DATA)), evidence, {})
        assert evidence.has_enclosures is expected


def test_sets_of_vectors_are_sets_of_vectors() -> None:
    with pytest.raises(Refused, match="of something else than vectors"):
        Polytope((Fraction(1),))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="of different lengths"):
        Polytope(((Fraction(1),), (Fraction(1), Fraction(2))))
    assert Polytope(()).length is None


def test_what_takes_too_long_is_too_large() -> None:
    scope = Scope(Point(SMALL))
    scope.work.left = 10
    with pytest.raises(TooLarge):
        holds("f == 6", scope=scope)
    assert logarithm(Fraction(2)).depth == 1
