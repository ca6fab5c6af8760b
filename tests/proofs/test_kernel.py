"""The one gate: what passes is a theorem that remembers everything, and nothing else is one."""

from __future__ import annotations

import pytest

from symflow.checker.verify import verify_text
from symflow.errors import SymflowError
from symflow.lemmas.base import Target, find_lemma
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import NotProvedError, mint, replay
from symflow.proofs.prover import decide
from symflow.proofs.setting import GIVEN, net_tree, problem_setting, shape_setting
from symflow.reports.result_engines import ENGINES

RELU = shape_setting([2, 2, 1], ["relu"])


def test_a_theorem_remembers_its_claim_and_its_certificate() -> None:
    import json

    theorem = mint(decide("f == f", RELU))
    assert theorem.verdict.word == "proved_shape"
    assert theorem.n_certificates == 1
    assert theorem.not_checked == theorem.premises == ()
    assert "nothing admitted" in repr(theorem)
    assert hash(theorem) == hash(replay(theorem))
    assert theorem != "f == f"
    assert verify_text(json.dumps(theorem.certificate))["accepted"]


def test_a_theorem_of_a_problem_replays_with_it() -> None:
    import json

    tree = problem_setting(net_tree([[[1]]], activation=[], inputs=[[2]], kind="output"))["problem"]
    theorem = mint(decide("f == 2 at w", GIVEN, given=tree), problem=tree)
    assert verify_text(json.dumps(theorem.certificate))["accepted"]
    with pytest.raises(NotProvedError, match="no problem is given"):
        replay(theorem)


def test_what_only_coq_can_check_is_listed() -> None:
    theorem = mint(next(iter(find_lemma("lemma_4").at_home(Target(ENGINES)))))
    assert any("soft_margin.v" in each for each in theorem.not_checked)


def test_a_false_claim_is_an_error_with_the_reason_and_the_place() -> None:
    wrong = Claim("f == 0", "f == 0", RELU, "proved_shape", "here", certificate={"kind": "expansion"})
    with pytest.raises(NotProvedError, match=r"f == 0: the two sides differ as polynomials \(certificate\)") as error:
        mint(wrong)
    assert isinstance(error.value, SymflowError)


def test_a_claim_that_is_too_large_is_no_theorem() -> None:
    text = "sum(i in 1..1000: sum(j in 1..1000: 1)) == 7"
    large = Claim(text, text, RELU, "proved_shape", "here", certificate={"kind": "expansion"})
    with pytest.raises(NotProvedError, match="too large"):
        mint(large)


def test_premises_have_to_be_theorems() -> None:
    first = mint(decide("f == f", RELU))
    second = decide("W1 == W1", RELU)
    resting = Claim(
        second.name, second.statement, RELU, second.word, second.scope,
        certificate=second.certificate, premises=(first.claim.hash,),
    )  # fmt: skip
    assert mint(resting, premises=[first]).premises == (first,)
    with pytest.raises(NotProvedError, match="a premise that does not stand before"):
        mint(resting)


def test_a_check_that_breaks_off_makes_no_theorem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("symflow.proofs.kernel.check_claim", broken)
    with pytest.raises(NotProvedError, match="the check broke off: ZeroDivisionError"):
        mint(Claim("f == f", "f == f", RELU, "proved_shape", "here", certificate={"kind": "expansion"}))


def test_a_theorem_has_a_page() -> None:
    assert "f" in (mint(decide("f == f", RELU))._repr_html_() or "f")
