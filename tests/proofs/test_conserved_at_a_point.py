"""One point shows nothing of a conservation law; what all flows conserve, those from it do."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_shapes import Shape
from symflow.checker.statement_symbols import Symbols
from symflow.proofs.prover import decide

# The first neuron vanishes on the first datum: no gradient is defined there.
KINK: dict[str, Any] = {
    "network": {
        "activation": ["relu"],
        "weights": [[["1", "-1"], ["1", "2"]], [["1", "1"]]],
    },
    "data": {"inputs": [["1", "1"], ["2", "1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "squared"},
}


@pytest.mark.parametrize(
    ("law", "is_law"),
    [
        ("norm2(W1) - norm2(W2)", True),  # f is homogeneous of degree 1 in both
        ("norm2(W1) + norm2(W2)", False),
    ],
)
def test_at_a_kink_it_is_proved_where_it_is_for_all_weights(law: str, is_law: bool) -> None:
    claim = decide(f"{law} is conserved at w", {"kind": "given"}, given=KINK)
    assert claim.word == ("proved_shape" if is_law else "undecided"), "no gradient is defined at the kink"
    everywhere = decide(f"{law} is conserved", {"kind": "given"}, given=KINK)
    assert everywhere.word.startswith("proved") == is_law


def test_identities_in_symbols_show_nothing_else_about_a_point() -> None:
    """The two sides agree wherever the gradient is defined, and at w it is not."""
    claim = decide("inner(W1, grad(f1, W1)) == f1 at w", {"kind": "given"}, given=KINK)
    assert claim.word == "undecided"
    shape = Symbols(Shape(read_problem(KINK), read_problem(KINK)))
    assert check_identity(parse_statement("inner(W1, grad(f1, W1)) == f1"), shape) == 1
    with pytest.raises(Refused, match="about one point"):
        check_identity(parse_statement("inner(W1, grad(f1, W1)) == f1 at w"), shape)


def test_white_space_changes_no_verdict() -> None:
    claim = decide("norm2(W1)-norm2(W2)  is  conserved at  w", {"kind": "given"}, given=KINK)
    assert claim.word == "proved_shape"
