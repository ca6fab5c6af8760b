"""Claims on all elements of polytopes: lengths and squares, by tangents; and what drawn elements say of them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.reading import Refused
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_instances import instances
from symflow.checker.statement_point import Point
from symflow.checker.statement_truth import holds_at_point
from symflow.checker.statement_values import Scope
from symflow.proofs.evidence import Finder
from tests.checker.test_statement_values import SMALL, net

# The segment from (2, 0) to (0, 1): its element (2/5, 4/5) is the shortest, of squared length 4/5.
SEGMENT = "hull(vector(2, 0), vector(0, 1))"
# Its squared length over the triangle is between 1/2, at (1/2, 1/2), and 4.
TRIANGLE = "hull(vector(1, 0), vector(0, 1), vector(2, 0))"
SHORTEST = {"s": ["2/5", "4/5"]}


def holds(text: str, *entries: dict[str, Any]) -> bool:
    return holds_at_point(parse_statement(text), Scope(Point(SMALL)), Evidence(entries), {})


def decided(text: str) -> bool:
    """Find evidence, and let it be checked as if it came from a file."""
    finder = Finder()
    statement = parse_statement(text)
    found = holds_at_point(statement, Scope(Point(SMALL)), finder, {})
    again = Evidence(finder.found)
    assert holds_at_point(statement, Scope(Point(SMALL)), again, {}) == found
    assert again.n_used == len(finder.found)
    return found


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("norm2(s) >= 4/5", True),
        ("norm2(s) > 4/5", False),
        ("norm2(s) >= 81/100", False),
        ("norm2(s) <= 4", True),
        ("norm2(s) < 4", False),
        ("4 >= norm2(s)", True),
        ("4/5 <= norm2(s)", True),
        ("norm(s) >= norm(vector(2/5, 4/5))", True),
        ("norm(s) > norm(vector(2/5, 4/5))", False),
        ("norm(s)^2 >= 4/5", True),
        ("norm(s) <= 2", True),
        ("norm(s) < 2", False),
        ("norm(s) >= -1", True),
        ("norm(s) >= 1", False),
        ("norm2(s) == 4", False),
        ("norm2(s) != 1/2", True),
        ("norm2(s) != 9/10", False),  # 1 and 4 at the ends, 4/5 between
        ("norm2(s) != 3", False),  # it changes sign between the ends
        ("s != 0", True),
        ("s != vector(1, 1/2)", False),
        ("s[1] + 2*s[2] == 2", True),
        ("norm2(s) - inner(s, vector(4/5, 8/5)) >= -4/5", True),  # |s - p|^2 - 4/5
        ("norm2(s) - inner(s, vector(4/5, 8/5)) > -4/5", False),
        ("norm2(s - vector(2/5, 4/5)) >= 0", True),
        ("-norm2(s) <= -4/5", True),
        ("2*norm2(s)/3 >= 8/15", True),
        ("norm2(s) + norm2(2*s) >= 4", True),
        ("norm2(s) - norm2(2*s) <= -12/5", True),
        ("norm(s) + norm2(s) >= 3/2", True),  # 0.894 + 0.8
        ("norm(s) + norm2(s) >= 17/10", False),
        ("norm2(s) + abs(s[1] - s[2]) >= 0", True),
        ("abs(s[1] - 3) >= 1", True),  # the first coordinate is at most 2
        ("norm2(s) - norm2(s) == 0", True),
        ("inner(s, s) >= 4/5", True),
        ("s[1]^2 + s[2]*s[2] >= 4/5", True),
        ("sum(i in 1..2: s[i]^2) >= 4/5", True),
        ("sum(i in 1..2: norm(s - x)) <= 3", True),
        ("norm2(s) >= 4/5 and s[1] >= 0", True),
    ],
)
def test_lengths_of_the_elements_of_a_segment(claim: str, expected: bool) -> None:
    assert decided(f"for s in {SEGMENT}: {claim}") is expected
    assert decided(f"{claim} for s in {SEGMENT}") is expected


def test_several_elements_and_indices() -> None:
    # |s - t| is at most the length of the segment, the root of 5, and is 0 where they meet.
    assert decided(f"for s in {SEGMENT}, t in {SEGMENT}: norm2(s - t) <= 5")
    assert not decided(f"for s in {SEGMENT}, t in {SEGMENT}: norm2(s - t) > 0")
    assert decided(f"for s in {SEGMENT}, t in {TRIANGLE}: norm2(s) + norm2(t) >= 13/10")
    assert not decided(f"for s in {SEGMENT}, t in {TRIANGLE}: norm2(s) + norm2(t) > 13/10")
    assert decided(f"for i in 1..3, s in {SEGMENT}: norm2(i*s) >= 4*i^2/5")
    assert decided(f"for s in product({SEGMENT}, {TRIANGLE}): norm2(s) >= 13/10")
    assert decided(f"for s in product({SEGMENT}, {TRIANGLE}): s in product({SEGMENT}, {TRIANGLE})")
    assert decided(f"for s in {SEGMENT} - {SEGMENT}: norm2(s) <= 5")
    with pytest.raises(Refused, match="claims nothing"):
        decided("for s in empty: norm2(s) > 1")


BELOW = {"below": SHORTEST}
END = {"weights": {"s": ["1", "0"]}}


@pytest.mark.parametrize(
    ("claim", "entry", "reason"),
    [
        ("norm2(s) >= 4/5", {}, "this does not show"),
        ("norm2(s) >= 4/5", {"below": None}, "this does not show"),
        ("norm2(s) >= 4/5", {"below": {"s": ["1", "1/2"]}}, "this does not show"),  # its tangent dips below
        ("norm2(s) > 4/5", BELOW, "this does not show"),
        ("norm2(s) >= 801/1000", BELOW, "this does not show"),
        ("norm2(s) >= 4/5", {"above": SHORTEST}, "this does not show"),
        ("norm2(s) == 4/5", BELOW, "this does not show"),
        ("norm2(s) <= 3", {"above": SHORTEST}, "this does not show"),
        ("norm2(s) <= 3", BELOW, "this does not show"),
        ("norm2(s) >= 4/5", END, "the comparison is true at this element"),
        ("norm2(s) >= 5", {"weights": {"s": ["2", "-1"]}}, "a negative weight"),
        ("norm2(s) <= 5", {"weights": {"s": ["3", "0"]}}, "do not sum to 1"),
        ("norm2(s) <= 5", {"weights": {"s": ["1"]}}, "expected 2 numbers"),
        ("norm2(s) <= 5", {"weights": {}}, "expected"),
        ("norm2(s) >= 1", {"weights": {"s": ["2/5", "3/5"], "t": ["1"]}}, "a key that the checker does not know"),
        ("norm2(s) >= 4/5", {"below": {"s": ["2/5"]}}, "expected 2 numbers"),
        ("norm2(s) >= 4/5", {"below": {"s": ["2/5", "4/5"], "t": []}}, "a key that the checker does not know"),
        ("norm2(s) >= 4/5", {**BELOW, "weights": END["weights"]}, "a key that the checker does not know"),
        ("norm2(s) != 2", BELOW, "this does not show"),
        ("norm2(s) != 2", {**BELOW, "above": None}, "one side is needed"),
        ("norm2(s) != 1/2", {}, "one side is needed"),
        ("norm2(s) != 1/2", {**END, "other": {"s": ["0", "1"]}}, "the comparison is true"),
        ("norm2(s) >= 1", {"separator": ["1", "0"]}, "a key that the checker does not know"),
    ],
)
def test_forged_evidence_is_refused(claim: str, entry: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        holds(f"for s in {SEGMENT}: {claim}", entry)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    "claim",
    [
        "s[1]*s[2] >= 0",
        "norm(s)*norm(s) >= 0",
        "s[1]^3 >= 0",
        "1/s[1] >= 0",
        "norm2(norm(s)*s) >= 0",
        "exp(s[1]) >= 0",
        "f(s[1]*w) >= 0",
        "norm2(s) in hull(vector(1))",
        f"norm2(s)*s in {SEGMENT}",
        "x[s[1]] == 1",
        "max(i in 1..2: s[i]) >= 0",
        "norm2(s)*norm2(s) > 1",
    ],
)
def test_what_is_not_convex_is_refused_not_guessed(claim: str) -> None:
    if claim == "norm(s)*norm(s) >= 0":  # a square
        assert decided(f"for s in {SEGMENT}: {claim}")
        return
    with pytest.raises(Refused):
        decided(f"for s in {SEGMENT}: {claim}")


def test_a_block_that_an_element_chooses_is_not_affine_in_it() -> None:
    # W1 = W3 = 1 and W2 = 2: at both vertices the part is 1, at the element (2) between them it is 2.
    chain = Scope(Point(net([[[1]], [[2]], [[1]]], inputs=[[1]], kind="output")))
    for claim in ("part(w, W[s[1]])[1,1] == 1", "norm2(part(w, W[s[1]])) <= 1"):
        statement = parse_statement(f"for s in hull(vector(1), vector(3)): {claim}")
        with pytest.raises(Refused):
            holds_at_point(statement, chain, Finder(), {})


def test_a_bilinear_claim_is_decided_by_vertices() -> None:
    assert decided(f"for s in {SEGMENT}, t in {SEGMENT}: inner(s, t) >= 0")
    found = instances(parse_statement(f"for s in {SEGMENT}, t in {SEGMENT}: inner(s, t) >= 0"), Scope(Point(SMALL)))
    assert len(list(found)) == 4


def test_a_claim_is_refuted_inside_where_it_is_true_at_the_vertices() -> None:
    # The middle of the segment from (1, 0) to (-1, 0) is 0.
    text = "for s in hull(vector(1, 0), vector(-1, 0)): norm2(s) > 1/4"
    finder = Finder()
    assert not holds_at_point(parse_statement(text), Scope(Point(SMALL)), finder, {})
    assert finder.found == [{"weights": {"s": ["1/2", "1/2"]}}]
    assert finder.elements == {"s": (0, 0)}


# ---------------------------------------------------------------------- two roads, on drawn polytopes

COORDINATES = st.integers(-3, 3)
VECTORS = st.lists(COORDINATES, min_size=2, max_size=2)


def hull_text(points: list[list[int]]) -> str:
    return f"hull({', '.join(f'vector({x}, {y})' for x, y in points)})"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(VECTORS, min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(["norm2", "norm", "abs"]), VECTORS, st.integers(-2, 3)), min_size=1, max_size=3),
    st.integers(-10, 20),
    st.sampled_from(["<=", ">=", "<", ">", "==", "!="]),
    st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=6),
)
def test_drawn_comparisons_agree_with_drawn_elements(
    points: list[list[int]],
    terms: list[tuple[str, list[int], int]],
    bound: int,
    relation: str,
    weightings: list[list[int]],
) -> None:
    """What is proved holds at every element that is drawn; what is refuted is false at an element, in floats."""

    def written(kind: str, shift: list[int], factor: int) -> str:
        inner = f"s[1] - ({shift[0]})" if kind == "abs" else f"s - vector({shift[0]}, {shift[1]})"
        return f"({factor})*{kind}({inner})"

    def value(s: tuple[Fraction, Fraction]) -> float:
        total = 0.0
        for kind, (a, b), factor in terms:
            squared = (s[0] - a) ** 2 + (s[1] - b) ** 2
            found = {"norm2": float(squared), "norm": math.sqrt(squared), "abs": abs(float(s[0] - a))}[kind]
            total += factor * found
        return total

    claim = f"{' + '.join(written(*term) for term in terms)} {relation} {bound}"
    finder = Finder()
    try:
        found = holds_at_point(
            parse_statement(f"for s in {hull_text(points)}: {claim}"), Scope(Point(SMALL)), finder, {}
        )
    except Refused:
        return  # a minimum that is no rational element: nothing is claimed
    if not found:
        if not any("other" in entry for entry in finder.found) and finder.elements:
            difference = value(tuple(map(Fraction, finder.elements["s"]))) - bound
            near = abs(difference) < 1e-9
            assert {
                "<=": difference > -1e-9, ">=": difference < 1e-9, "<": difference > -1e-9, ">": difference < 1e-9,
                "==": True, "!=": near,
            }[relation]  # fmt: skip
        return
    for weights in weightings:
        chosen = weights[: len(points)]
        chosen = chosen if any(chosen) else [1] * len(chosen)
        total = sum(chosen)
        s = tuple(
            sum((Fraction(w * p[i], total) for w, p in zip(chosen, points, strict=True)), Fraction(0)) for i in (0, 1)
        )
        difference = value((s[0], s[1])) - bound
        assert {
            "<=": difference < 1e-9, ">=": difference > -1e-9, "<": difference < 1e-9, ">": difference > -1e-9,
            "==": abs(difference) < 1e-9, "!=": True,
        }[relation]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(VECTORS, min_size=1, max_size=5), st.fractions(-1, 12, max_denominator=8))
def test_squared_lengths_are_always_decided(points: list[list[int]], bound: Fraction) -> None:
    """Of one squared length every comparison has an answer, and the answers fit together."""
    found = {
        relation: decided(f"for s in {hull_text(points)}: norm2(s) {relation} {bound}")
        for relation in ("<", "<=", ">", ">=", "==", "!=")
    }
    assert found["=="] == (found["<="] and found[">="])
    assert not found["<"] or found["<="]
    assert not found[">"] or found[">="]
    assert found["!="] == (found["<"] or found[">"])
