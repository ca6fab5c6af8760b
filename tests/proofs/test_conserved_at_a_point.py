"""One point shows nothing of a conservation law; where it is proved for all weights, the answer says so."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.proofs.prover import decide

# The first neuron vanishes on the first datum: no gradient is defined there.
KINK: dict[str, Any] = {
    "network": {
        "activation": "relu",
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
def test_where_it_is_proved_for_all_weights_that_is_said(law: str, is_law: bool) -> None:
    setting = {"kind": "problem", "problem": KINK}
    claim = decide(f"{law} is conserved at w", setting, given=KINK)
    assert claim.word == "undecided", "no gradient is defined at the kink"
    assert (claim.reason or "").endswith('for all weights it is proved: ask without "at w"') == is_law
    everywhere = decide(f"{law} is conserved", {"kind": "given"}, given=KINK)
    assert everywhere.word.startswith("proved") == is_law
