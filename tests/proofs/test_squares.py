"""Sums of squares: they add up to what they are said to, and are not found where there are none."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from symflow.proofs.squares import squares_by_cases, sum_of_squares

U, V, A, B = 0, 1, 2, 3


def _value(terms, values):
    total = Fraction(0)
    for monomial, c in terms.items():
        term = Fraction(c)
        for variable in monomial:
            term *= values[variable]
        total += term
    return total


_coefficients = st.integers(-3, 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(_coefficients, min_size=12, max_size=12), st.lists(st.fractions(-2, 2), min_size=2, max_size=2))
def test_squares_by_cases_add_up_to_the_polynomial_where_the_bits_are_zero_or_one(numbers, point):
    quadratic = [(U, U), (U, V), (V, V)]
    keys = [(*q, *bits) for q in quadratic for bits in ((), (A,), (B,), (A, B))]
    terms = {key: c for key, c in zip(keys, numbers, strict=True) if c}
    found = squares_by_cases(terms, {A, B})
    signs = []
    for a, b in product((0, 1), repeat=2):
        if found is not None:
            assert all(c >= 0 for c, _ in found)
            assert sum(c * _value(root, [*point, a, b]) ** 2 for c, root in found) == _value(terms, [*point, a, b])
        corners = ([1, 0, a, b], [0, 1, a, b], [1, 1, a, b])
        p, r, both = (_value(terms, corner) for corner in corners)
        signs.append(p >= 0 and r >= 0 and (both - p - r) ** 2 <= 4 * p * r)
    if {A, B} & {variable for key in terms for variable in key}:
        assert (found is not None) == all(signs)


@settings(max_examples=60, deadline=None)
@given(_coefficients, _coefficients, _coefficients)
def test_a_form_of_two_variables_has_squares_if_and_only_if_it_is_nowhere_negative(p, q, r):
    terms = {key: c for key, c in (((U, U), p), ((U, V), q), ((V, V), r)) if c}
    assert (sum_of_squares(terms) is not None) == (p >= 0 and r >= 0 and q * q <= 4 * p * r)


def test_without_bits_there_are_no_cases():
    assert squares_by_cases({(U, U): 1}, {A}) is None


NEURON = problem_setting(net_tree([[[1]], [[1]]], inputs=[[1]], labels=[1], kind="log_sum_exp"))


@pytest.mark.parametrize(
    ("text", "setting", "word"),
    [
        ("2*m <= norm2(w)", NEURON, "proved_shape"),
        ("2*m >= -norm2(w)", NEURON, "proved_shape"),
        ("21*m <= 10*norm2(w)", NEURON, "refuted"),
        ("m <= m", NEURON, "proved_shape"),
        ("A[1][1,1] <= 1", shape_setting([1, 1, 1], ["relu"]), "proved_shape"),
        ("A[1][1,1] >= 1", shape_setting([1, 1, 1], ["relu"]), "refuted"),
    ],
)
def test_inequalities_of_relu_nets_are_decided_case_by_case(text, setting, word):
    claim = decide(text, setting)
    assert claim.word == word, claim.reason
    assert mint(claim).verdict.word == word
