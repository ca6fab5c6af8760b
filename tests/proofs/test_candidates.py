"""Where a witness against a statement is looked for."""

from __future__ import annotations

import pytest

from symflow.checker.statement_shapes import read_shape
from symflow.proofs.candidates import candidates
from symflow.proofs.own_statements import decide_own
from symflow.proofs.setting import shape_setting


@pytest.mark.parametrize(
    "statement",
    [
        "norm2(W1) <= 3*norm2(W2) + 5",  # W1 large
        "norm2(W2) <= 50*norm2(W1)",  # W1 small beside W2
        "norm2(b1) >= norm2(W1)/40",  # b1 small
        "norm2(x) <= 2000*norm2(b2) + 2000",  # x large
    ],
)
def test_an_inequality_between_sizes_is_refuted_where_one_block_is_much_larger(statement: str) -> None:
    claim = decide_own(statement, shape_setting([2, 2, 2, 1], ["relu", "relu"], bias=True))
    assert claim.word == "refuted"
    assert claim.witness is not None


def test_of_each_block_large_and_small_ones_are_tried() -> None:
    template = read_shape({"widths": [1, 1, 1], "activation": ["relu"]}).template
    drawn = list(candidates(template, None))[:150]
    sizes = {
        name: {abs(int(entry)) if "/" not in entry else 0 for entry in entries}
        for name, entries in (
            ("W1", [tree["network"]["weights"][0][0][0] for tree in drawn]),
            ("W2", [tree["network"]["weights"][1][0][0] for tree in drawn]),
            ("x", [tree["data"]["inputs"][0][0] for tree in drawn]),
        )
    }
    for found in sizes.values():
        assert 0 in found, "a tenth"
        assert max(found) >= 100
