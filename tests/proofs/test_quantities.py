"""Inequalities that hold of the quantities they name, whatever these are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.checker.statement_grammar import Expression, parse_statement
from symflow.proofs.kernel import mint
from symflow.proofs.own_statements import decide_own
from symflow.proofs.quantities import Quantities
from symflow.proofs.setting import shape_setting
from symflow.proofs.spelling import expression_text

# Written out, f has 1,200 terms here.
DEEP = shape_setting([2, 4, 3, 1], ["relu", "relu"], bias=True, n_data=3)


@pytest.mark.parametrize(
    "statement",
    [
        "f1^2 + f2^2 >= 2*f1*f2",
        "f1*f2 <= f1^2 + f2^2",
        "(f1 + f2)^2 <= 2*f1^2 + 2*f2^2",
        "for k in 1..n: 2*m[k] <= m[k]^2 + 1",
        "norm2(W1)*norm2(W2) <= norm2(W1)^2 + norm2(W2)^2",
        "norm2(W1)*R <= norm2(W1)^2 + R^2",
        "R - 1 < norm2(W1) + R^2",
        "f1^2/2 >= f1*inner(x1, x1) - inner(x1, x1)^2/2 - 7 + 7*1 - f2*0",
    ],
)
def test_what_holds_of_the_quantities_is_proved_of_a_deep_net_and_accepted_by_the_kernel(statement: str) -> None:
    claim = decide_own(statement, DEEP)
    assert claim.word == "proved_shape"
    assert mint(claim).n_certificates == 1


@pytest.mark.parametrize("statement", ["f1^2 + f2^2 >= 3*f1*f2", "R - 1/5 < norm2(W1) + R^2 - norm2(W1)"])
def test_what_does_not_hold_is_refuted(statement: str) -> None:
    assert decide_own(statement, DEEP).word == "refuted"


def test_a_product_of_matrices_is_no_product_of_numbers() -> None:
    """W2*W1 and W1*W2 would be the same quantity, twice."""
    asked: list[Expression] = []
    relation = parse_statement("norm2(W2*W1) + f1*f2 >= 0").claims[0]
    Quantities(asked.append).polynomial(relation.left)
    assert [expression_text(each) for each in asked] == ["norm2((W2*W1))", "f1", "f2", "f1", "f2"]


_ATOMS = st.sampled_from(["f1", "R", "W[1][2,:]", "norm2(W1)", "inner(x1,w)", "sum(k in 1..n: m[k])", "3"])


def _operations(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^"]), inner).map(lambda parts: f"({''.join(parts)})")
    return two | inner.map(lambda part: f"(-{part})") | inner.map(lambda part: f"norm2({part})")


@given(st.recursive(_ATOMS, _operations, max_leaves=8))
def test_an_expression_is_read_back_from_its_text(text: str) -> None:
    expression = parse_statement(f"{text} == 0").claims[0].left
    assert parse_statement(f"{expression_text(expression)} == 0").claims[0].left == expression


@given(st.lists(st.fractions(max_denominator=9), min_size=2, max_size=2))
def test_a_polynomial_in_quantities_has_the_value_of_the_formula(values: list[Fraction]) -> None:
    u, v = values
    quantities = Quantities(lambda part: None)
    found = quantities.polynomial(parse_statement("(f1 - 2*f2)^3/4 - -f1*(f2 + 1) == 0").claims[0].left)
    assert quantities.texts == ["f1", "f2"]
    total = Fraction(0)
    for monomial, c in found.items():
        for place in monomial:
            c *= values[place]
        total += c
    assert total == (u - 2 * v) ** 3 / 4 + u * (v + 1)
