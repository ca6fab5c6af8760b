"""Shapes of a file, and points of every kind of net: what is read, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import Shape, read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_values import Scope
from tests.checker.test_statement_values import LINE, net


def value(text: str, point: Point) -> Any:
    return Scope(point).number(parse_statement(f"{text} == 0").claims[0].left)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"depth": 2}, "a key that the checker does not know"),
        ({"widths": [2]}, "at least two positive widths"),
        ({"widths": [2, 0, 1]}, "at least two positive widths"),
        ({"widths": [2, "2", 1]}, "expected an integer"),
        ({"activation": []}, "expected 1 entries"),
        ({"activation": ["tanh"]}, "unknown activation"),
        ({"n_data": 0}, "expected 1 to 1000 data"),
        ({"n_data": 1001}, "expected 1 to 1000 data"),
        ({"bias": 1}, "expected a boolean"),
        ({"widths": [2, 2, 2], "output": 3}, "no such output"),
    ],
)
def test_what_is_no_shape_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        Symbols(read_shape({"widths": [2, 2, 1], "activation": ["relu"], **changes}))
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    "tree",
    [
        {"widths": [100, 100, 1], "activation": ["relu"]},
        {"widths": [60, 60, 1], "activation": ["relu"], "n_data": 1000},
        {"widths": [8] * 9 + [1], "activation": ["relu"] * 8},
    ],
)
def test_a_shape_with_too_many_symbols_or_terms_is_too_large(tree: dict[str, Any]) -> None:
    with pytest.raises(TooLarge):
        Symbols(read_shape(tree)).preactivations(len(tree["widths"]) - 2, 0)


def test_a_function_of_the_input_has_no_shape() -> None:
    with pytest.raises(Refused, match="of a function of the input"):
        Symbols(Shape(LINE, LINE))


def test_a_pool_has_the_slope_of_its_winner() -> None:
    pool = {"name": "maxpool", "groups": [[0, 1]]}
    point = Point(net([[[1], [3]], [[2]]], activation=[pool], inputs=[[1]], kind="output"))
    assert value("a[1]", point) == (0, 1)
    assert value("grad(f)", point) == (0, 2, 3)
    tie = Point(net([[[1], [1]], [[2]]], activation=[pool], inputs=[[1]], kind="output"))
    with pytest.raises(Refused, match="a pool with two winners"):
        value("grad(f)", tie)


def test_biases_are_multiplied_too() -> None:
    # f(w) = 2 relu(x + 1) + 3 at x = 1 is 7; with all parameters doubled it is 4 relu(2 + 2) + 6.
    point = Point(net([[[1]], [[2]]], biases=[[1], [3]], inputs=[[1]], kind="output"))
    assert value("f", point) == 7
    assert value("f(2*w)", point) == 22
    assert value("f(-b2)", point) == 1
    assert value("b[2]", point) == (3,)


def test_a_linear_net_has_slopes_one() -> None:
    point = Point(net([[[2]], [[3]]], activation=["identity"], inputs=[[0]], kind="output"))
    assert value("A1", point) == ((1,),)
    assert value("grad(f)", point) == (0, 0)
