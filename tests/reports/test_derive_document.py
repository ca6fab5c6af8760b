"""``symflow derive`` on a terminal."""

from __future__ import annotations

import pytest

from symflow.formats.plain_text import render
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_document import derive_document
from symflow.reports.derive_result import derivation_of
from tests.reports.problems_to_derive import PROBLEMS


def text_of(name: str, *, ascii: bool = False) -> str:
    problem = problem_from_tree(PROBLEMS[name])
    return render(derive_document(problem, derivation_of(problem)), ascii=ascii)


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_line_is_wider_than_the_terminal(name: str) -> None:
    assert max(map(len, text_of(name).splitlines())) <= 92
    plain = text_of(name, ascii=True)
    assert plain.isascii()
    assert "?" not in plain


def test_two_neurons_have_a_table_with_their_gradients() -> None:
    lines = [" ".join(line.split()) for line in text_of("two_neurons").splitlines()]
    assert "+ + v1 ⟨u1, x⟩ + v2 ⟨u2, x⟩ v1 x v2 x (⟨u1, x⟩, ⟨u2, x⟩)" in lines
    assert "both ∂f = { ∇u1 = θ1 v1 x, ∇u2 = θ2 v2 x, ∇v = 0 : 0 ≤ θ1, θ2 ≤ 1 }" in lines
    assert "f has 4 pieces. ■ proved, for all weights" in lines
    assert "at x = 0 f is constant in the weights: ∂f = {0}" in lines


def test_at_the_demo_point_two_pieces_meet() -> None:
    text = text_of("demo")
    assert "2 pieces meet the point" in text
    assert "∂R(w) is the hull of the 2 limits of the gradient." in text


def test_what_is_undecided_is_said() -> None:
    from symflow.cells.derivation import derive
    from symflow.nets.objective import Output

    problem = problem_from_tree({"network": {"activation": "relu", "widths": [1, 3, 1]}})
    document = derive_document(problem, derive(problem.architecture, Output(), most_pieces=2))
    text = render(document)
    assert "□ undecided" in text
    assert "* stands for either sign" in text
