"""Whole transcripts: what the commands print for problems whose answers are known by hand."""

import time
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.selection import audit, select
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.formats.plain_text import render
from symflow.problem_tree import problem_from_tree
from symflow.reports.audit_document import right_slopes
from symflow.reports.compose import audit_document, clarke_document, verify_document
from symflow.zoo import of_the_input, of_the_lectures
from symflow.zoo.known_answer import KnownAnswer
from tests.strategies import functions_of_input, functions_of_weights, problem_trees


def clarke_text(known: KnownAnswer) -> str:
    """Return what ``symflow clarke`` prints."""
    problem = known.problem()
    return render(clarke_document(problem, clarke_differential(problem.function())))


def audit_text(known: KnownAnswer) -> str:
    """Return what ``symflow audit`` prints."""
    problem = known.problem()
    return render(audit_document(problem, audit(clarke_differential(problem.function()))))


def test_the_demo_reads_like_a_lecture() -> None:
    # The derivation stands in the zoo: the kink of neuron 1 couples two opposite data; with c = e^(-1/2) its block is
    # -τ (1, 1), τ between 1 (on for datum 1) and c (on for datum 2), and the sum of the data's sets has both or none.
    expected = """
      Two neurons, one kink.  2-2-1 relu net, 2 data, exponential risk, in the weights.

      ∂R(w) is a segment.                                                            ■ exact

          W1[1,·]  =  −τ (1, 1)          τ = (1−θ) + θ c,   0 ≤ θ ≤ 1
          W1[2,·]  =  c/2 (1, 1)         c = e^(−1/2) ≈ 0.60653
          W2       =  (0, c)

      kinks             neuron 1 of layer 1, on data 1 and 2
      vertices          2:  θ = 0  and  θ = 1
      shortest element  θ = 1,  ‖s‖² = 7/2 e^(−1) ≈ 1.28758
      critical          no: 0 is not in ∂R(w)
      Euler             ⟨s, w⟩ = −c  and  ⟨S1, W1⟩ = ⟨S2, W2⟩ = −c/2 for every s in ∂R(w)
      sum rule          fails: ∂R(w) is smaller than ∂ℓ(m1) + ∂ℓ(m2), where 0 ≤ τ ≤ 1 + c
      autodiff          is not in ∂R(w): it has τ = 0

      known by          4 sign patterns of the kink: 2 occur (a direction for each),
                        2 do not (⟨u1, x1⟩ + ⟨u1, x2⟩ = 0 for every u1)
    """
    text = indent(dedent(expected).rstrip(), "  ")
    assert clarke_text(of_the_lectures.demo()).splitlines() == text.splitlines()


def test_the_audit_of_the_demo_says_which_slopes_are_right() -> None:
    # The chain rule gives -a (1 + c) (1, 1), so τ = a (1 + c) has to lie in [c, 1]: c/(1 + c) <= a <= 1/(1 + c).
    text = audit_text(of_the_lectures.demo())
    assert "  0        0                  no           ⟨d, s⟩ ≤ −c on ∂R(w);  here 0" in text
    assert "  1/2      −(1+c)/2 (1, 1)    yes          θ = 1/2" in text
    assert "Right for σ'(0) = a exactly when 1/(1+√e) ≤ a ≤ √e/(1+√e)." in text
    assert "0.3775… ≤ a ≤ 0.6224…" in text


def test_the_identity_cancels_its_kinks() -> None:
    text = clarke_text(of_the_input.identity())
    assert "  ∂f(0) = {1}.   " in text
    assert "neurons 1 and 2 of layer 1; they cancel: f(x) = x near 0" in text
    assert "is not in ∂f(0): it is 0" in text
    assert "2 do not (z1 + z2 = 0)" in text


def test_the_audit_of_the_identity_leaves_one_slope() -> None:
    text = audit_text(of_the_input.identity())
    assert "chain rule    in ∂f(0) = {1}?" in text
    assert "Right for σ'(0) = a exactly when a = 1/2." in text


def test_the_corner_has_a_set_that_autodiff_misses() -> None:
    tree = dict(of_the_lectures.corner().tree)
    tree["objective"] = {"variable": "input", "at": ["2", "2"]}
    problem = problem_from_tree(tree)
    differential = clarke_differential(problem.function())
    text = render(clarke_document(problem, differential))
    # At (2, 2) layer 2 is at (1, 1): positive near it, so f = 2h21 + h22 with h21 = 1 - a + b + c, h22 = 1 - a + b - c,
    # f = 3 - 3a + 3b + c near it, a = σ(x2 - 2), b = σ(2 - x1), c = σ(x1 - x2); z1 + z2 + z3 = 0.
    assert "conv{ (−3, −3), (−3, 0), (1, −4), (1, −1) }" in text
    assert "is not in ∂f(2, 2): it is 0" in text
    assert "z1[1] + z1[2] + z1[3] = 0" in text


def test_the_cusp_shows_an_arc() -> None:
    text = clarke_text(of_the_lectures.cusp())
    assert "W1[1,1]          =  −θ" in text
    assert "W1[2,1], W2, W3  =  0" in text
    assert "pattern (+ + | +) occurs along an arc of order" in text


def test_an_unfinished_search_says_what_is_known() -> None:
    problem = of_the_lectures.cusp().problem()
    late = Budget(deadline=time.monotonic() - 1)
    differential = clarke_differential(problem.function(), budget=late)
    text = render(clarke_document(problem, differential, budget=late))
    assert "∂f(w) lies between two sets." in text
    assert "□ undecided" in text
    assert "none is known yet" in text
    assert "give it more time" in text
    said = render(audit_document(problem, audit(differential)))
    assert "□ undecided" not in said  # Proposition 8 knows
    assert "Proposition" not in said  # a number of the lectures says nothing: the reason stands there


def test_a_smooth_point_has_no_kinks_and_no_grounds() -> None:
    text = clarke_text(of_the_input.spelling_of_max("relu(x)"))
    assert "∂f(0) = [0, 1], a segment." in text
    tree = {"network": {"activation": "relu", "weights": [[["1"]], [["2"]]]}, "data": {"inputs": [["1"]]}}
    problem = problem_from_tree(tree)
    text = render(clarke_document(problem, clarke_differential(problem.function())))
    assert "f is continuously differentiable near w: ∂f(w) = {∇f(w)}." in text
    assert "known by" not in text


@settings(max_examples=40)
@given(
    st.one_of(problem_trees(n_data=3), problem_trees(variable="input")),
    st.sampled_from([40, 64, 80, 92, 300]),
    st.booleans(),
    st.booleans(),
)
def test_every_transcript_keeps_to_the_width(tree, width: int, ascii_only: bool, full: bool) -> None:
    if tree["objective"]["variable"] == "input":
        tree["objective"]["at"] = tree["data"]["inputs"][0]
    problem = problem_from_tree(tree)
    budget = Budget(deadline=time.monotonic() + 2)
    differential = clarke_differential(problem.function(), budget=budget)
    documents = [clarke_document(problem, differential, budget=budget), audit_document(problem, audit(differential))]
    for document in documents:
        text = render(document, width=width, ascii=ascii_only, full=full)
        assert all(len(line) <= min(width, 92) and line == line.rstrip() for line in text.split("\n"))
        assert text.isascii() or not ascii_only
        assert "\x00" not in text


@settings(max_examples=30)
@given(
    st.one_of(
        functions_of_weights(depth=(2, 2), kinds=("relu",), n_data=3), functions_of_input(depth=(2, 2), kinds=("relu",))
    )
)
def test_the_slopes_that_are_right_are_those_whose_vector_is_in_the_set(function) -> None:
    differential = clarke_differential(function)
    known, interval = right_slopes(differential)
    if not known:
        return
    for slope in (fmpq(0), fmpq(1, 3), fmpq(1, 2), fmpq(1), fmpq(5, 4)):
        is_right = differential.contains(function.conventional_gradient(slope)).is_proved
        assert is_right == (interval is not None and interval[0] <= slope <= interval[1])
    assert select(differential, "middle").verdict.is_proved  # Proposition 5


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ({"accepted": True, "n_certificates": 12, "rejected": [], "not_checked": []}, "All 12 certificates hold."),
        ({"accepted": True, "n_certificates": 1, "rejected": [], "not_checked": []}, "The one certificate holds."),
        (
            {
                "accepted": False,
                "n_certificates": 3,
                "rejected": [{"place": "cells[0]", "reason": "the arc leaves the cell"}],
                "not_checked": ["value"],
            },
            "Rejected at 1 place; 3 certificates hold.",
        ),
    ],
)
def test_the_checker_speaks_in_one_sentence(report: dict[str, object], words: str) -> None:
    text = render(verify_document("demo.json", report))
    assert words in text
    if not report["accepted"]:
        assert "⊠ rejected" in text
        assert "cells[0]    the arc leaves the cell" in text
        assert "not checked       value" in text
