"""Tables on a terminal: the sign of a verdict stands before its word."""

from __future__ import annotations

from symflow.reports.text_columns import grid


def test_the_sign_of_a_verdict_keeps_its_word() -> None:
    rows = [["a_long_name_of_a_claim", "⊟ conditional", "every locally Lipschitz function", "cites a_fact_with_a_name"]]
    for width in range(85, 110):
        assert any("⊟ conditional" in line for line in grid(["claim", "verdict", "for", "by"], rows, width)), width
