"""What Python takes as activations and as a problem, and what it says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.activations.base import activation
from symflow.cells.derivation import derive
from symflow.errors import ShapeError, WrongTypeError
from symflow.laws.conservation import conservation_laws
from symflow.nets.architecture import Architecture
from symflow.nets.network import Network
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of

POOL = {"name": "maxpool", "groups": [[0, 1]]}


def test_a_table_of_a_problem_file_is_refused_with_what_to_write() -> None:
    words = r'write activation\("maxpool", groups=\[\[0, 1\]\]\)'
    with pytest.raises(WrongTypeError, match=words):
        Network.from_weights([[1], [1]], [[1], [1]], [[1, 1]], activation=[POOL, "relu"])  # type: ignore[list-item]
    with pytest.raises(WrongTypeError, match=words):
        Architecture.of(1, 2, 1, activation=POOL)  # type: ignore[arg-type]


def test_what_it_says_to_write_is_taken() -> None:
    shape = Architecture.of(1, 2, 2, 1, activation=[activation("maxpool", groups=[[0, 1]]), "abs"])
    assert [each.name for each in shape.activations] == ["maxpool", "abs"]


def test_widths_without_activations_say_how_to_get_relu() -> None:
    with pytest.raises(ShapeError, match=r"Architecture\.of\(2, 2, 2, 1\) has relu in all") as caught:
        Architecture((2, 2, 2, 1))
    assert "network." not in str(caught.value)
    assert Architecture.of(2, 2, 2, 1).n_hidden_layers == 2


@pytest.mark.parametrize(
    "tree",
    [
        {"network": {"activation": "relu", "widths": [2, 2, 1]}},
        {"network": {"activation": "abs", "widths": [1, 1, 1]}, "data": {"inputs": [["1"]]}},
        {"network": {"activation": "relu", "weights": [[["1"]], [["1"]]]}, "data": {"inputs": [["1"]]}},
        {"network": {"activation": "relu", "weights": [[["1"]], [["1"]]]}, "objective": {"variable": "input"}},
    ],
)
def test_a_problem_is_derived_and_has_the_laws_of_its_shape(tree: dict[str, Any]) -> None:
    problem = problem_from_tree(tree)
    assert derive(problem).to_json() == derivation_of(problem).to_json()
    assert derive(problem).is_complete
    assert repr(conservation_laws(problem)) == repr(conservation_laws(problem.architecture))
