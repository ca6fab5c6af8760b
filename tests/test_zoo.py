"""The known answers, held against the program, against the trusted checker, and against a road of their own."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy

from symflow import (
    InexactNumberError,
    Proved,
    Refuted,
    ShapeError,
    audit,
    autodiff_selection,
    clarke_differential,
    problem_from_tree,
)
from symflow.checker.verify import verify_text
from symflow.exact.exponential_numbers import to_text
from symflow.exact.logarithms import value_text
from symflow.reports.results import audit_result, clarke_result
from symflow.zoo.every_answer import KNOWN, zoo
from symflow.zoo.known_answer import KnownAnswer
from symflow.zoo.of_the_input import SPELLINGS, absolute_value, spelling_of_max
from tests.second_road import PlainNet, key

every_known_problem = pytest.mark.parametrize("known", zoo(), ids=lambda known: known.name)


@pytest.fixture(autouse=True)
def _many_digits() -> Iterator[None]:
    with mpmath.workdps(50):
        yield


def text(vector: Any) -> tuple[str, ...]:
    return tuple(to_text(entry) for entry in vector)


def number(written: str) -> Any:
    """Read an exact number by sympy, not by symflow."""
    exact = sympy.sympify(written, rational=True)
    return Fraction(exact.p, exact.q) if exact.is_Rational else decimal(written)


def decimal(written: str) -> Any:
    return mpmath.mpf(sympy.N(sympy.sympify(written, rational=True), 50))


def numbers(vector: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(number(entry) for entry in vector)


# ---------------------------------------------------------------------- one road: the public face


@every_known_problem
def test_the_set_and_its_shortest_element_are_the_known_ones(known: KnownAnswer) -> None:
    dF = clarke_differential(problem_from_tree(known.tree).function())
    assert dF.is_exact
    assert tuple(text(vertex) for vertex in dF.vertices) == known.vertices
    assert dF.n_limiting_gradients == len(known.limiting_gradients)
    assert text(dF.minimal_norm_element) == known.shortest
    assert dF.contains_zero is known.contains_zero
    assert value_text(dF.function.value) == known.value


@every_known_problem
def test_automatic_differentiation_is_right_or_wrong_as_known(known: KnownAnswer) -> None:
    function = known.function()
    dF = clarke_differential(function)
    gradient = autodiff_selection(function)
    assert text(gradient) == known.autodiff
    assert isinstance(dF.contains(gradient), Proved if known.autodiff_is_right else Refuted)
    assert text(audit(dF).autodiff.gradient) == known.autodiff


@every_known_problem
def test_the_set_contains_every_limiting_gradient_and_the_mean_of_all(known: KnownAnswer) -> None:
    rational = [g for g in known.limiting_gradients if not any("exp" in entry for entry in g)]
    dF = clarke_differential(known.function())
    for gradient in rational:
        assert dF.contains(gradient).is_proved
    if rational:
        mean = [sum(map(Fraction, column)) / len(rational) for column in zip(*rational, strict=True)]
        assert dF.contains(mean).is_proved


def test_a_vector_of_the_wrong_length_or_a_float_is_no_element() -> None:
    dF = clarke_differential(absolute_value().function())
    with pytest.raises(ShapeError, match=r"2 entries, the set lies in R\^1"):
        dF.contains((0, 0))
    with pytest.raises(InexactNumberError, match=r"x\[1\] = 0.5 is a float"):
        dF.contains((0.5,))


# ---------------------------------------------------------------------- another: the checker, from the JSON alone


@every_known_problem
def test_the_checker_accepts_the_result_and_the_audit(known: KnownAnswer) -> None:
    problem = known.problem()
    dF = clarke_differential(problem.function())
    result = clarke_result(problem, dF)
    assert verify_text(json.dumps(result))["rejected"] == []
    assert verify_text(json.dumps(audit_result(problem, audit(dF))))["rejected"] == []
    sum_rule = result["sum_rule"]
    assert (None if sum_rule is None else sum_rule["holds"]) == known.sum_rule


@every_known_problem
def test_the_checker_rejects_another_set(known: KnownAnswer) -> None:
    problem = known.problem()
    result = clarke_result(problem, clarke_differential(problem.function()))
    shifted = [str(Fraction(7, 3)), *known.vertices[0][1:]]
    assert shifted != list(known.vertices[0])
    result["vertices"][0] = shifted
    assert not verify_text(json.dumps(result))["accepted"]


# ---------------------------------------------------------------------- a third: plain fractions and sampling


@every_known_problem
def test_sampling_near_the_point_finds_the_known_limiting_gradients(known: KnownAnswer) -> None:
    net = PlainNet(known.problem().tree())
    expected = {key(numbers(gradient)) for gradient in known.limiting_gradients}
    assert set(net.sampled_limiting_gradients(samples=400)) == expected


@every_known_problem
def test_the_chain_rule_written_out_gives_the_known_autodiff(known: KnownAnswer) -> None:
    assert key(PlainNet(known.problem().tree()).autodiff()) == key(numbers(known.autodiff))


@every_known_problem
def test_the_shortest_element_satisfies_the_variational_inequality(known: KnownAnswer) -> None:
    """x is the shortest element of a hull iff it is in it and <x, g - x> >= 0 for every generator g."""
    x = [decimal(v) for v in known.shortest]
    for gradient in known.limiting_gradients:
        g = [decimal(v) for v in gradient]
        assert sum(a * (b - a) for a, b in zip(x, g, strict=True)) > -(mpmath.mpf(10) ** -40)


# ---------------------------------------------------------------------- the zoo itself


def test_names_are_functions_and_are_distinct() -> None:
    names = [known.name for known in zoo()]
    assert len(set(names)) == len(names)
    assert [known().name for known in KNOWN] == [known.__name__ for known in KNOWN]


def test_every_spelling_of_the_maximum_has_the_same_set_and_autodiff_four_answers() -> None:
    answers = [spelling_of_max(spelling) for spelling in SPELLINGS]
    assert {known.vertices for known in answers} == {(("0",), ("1",))}
    assert {known.autodiff for known in answers} == {("0",), ("1/2",), ("1",), ("2",)}


def test_known_vertices_are_among_the_limiting_gradients() -> None:
    for known in zoo():
        assert set(known.vertices) <= set(known.limiting_gradients)
