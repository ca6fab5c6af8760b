"""A verdict has three values and no truth value."""

from fractions import Fraction

import pytest

from symflow import Proved, Refuted, Undecided

KINDS = (Proved, Refuted, Undecided)


@pytest.mark.parametrize("kind", KINDS)
def test_a_verdict_refuses_to_be_true_or_false(kind: type) -> None:
    verdict = kind(reason="any")
    with pytest.raises(TypeError, match=r"a verdict is not a bool; ask .is_proved, .is_refuted or .is_undecided"):
        bool(verdict)
    with pytest.raises(TypeError):
        _ = not verdict
    with pytest.raises(TypeError):
        _ = 1 if verdict else 0


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_one_of_the_three_questions_is_answered_yes(kind: type) -> None:
    verdict = kind()
    answers = (verdict.is_proved, verdict.is_refuted, verdict.is_undecided)
    assert answers == tuple(kind is other for other in KINDS)


def test_the_evidence_is_kept_by_name() -> None:
    verdict = Refuted(separator=(Fraction(1), Fraction(-1)))
    assert verdict.evidence["separator"] == (1, -1)
    with pytest.raises(KeyError):
        verdict.evidence["weights"]


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        (Proved(weights=(Fraction(1, 2), Fraction(1, 2))), "Proved(weights=(1/2, 1/2))"),
        (Refuted(separator=(-1,)), "Refuted(separator=(-1,))"),
        (Proved(weights=((1, 0), (1,))), "Proved(weights=(1, 0))"),
        (Proved(weights=((1, 0), (0, 1))), "Proved(weights=((1, 0), (0, 1)))"),
        (Undecided(reason="the budget ended"), "Undecided(reason=the budget ended)"),
        (Proved(), "Proved()"),
    ],
)
def test_a_verdict_is_shown_with_its_evidence(verdict: Proved, shown: str) -> None:
    assert repr(verdict) == shown


def test_verdicts_are_equal_when_kind_and_evidence_are() -> None:
    assert Proved(weights=(1,)) == Proved(weights=(1,))
    assert Proved(weights=(1,)) != Proved(weights=(2,))
    assert Proved(weights=(1,)) != Refuted(weights=(1,))
    assert hash(Proved(weights=(1,))) == hash(Proved(weights=(1,)))
    assert Proved() != "Proved()"
