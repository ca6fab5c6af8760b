"""What is known of a problem: the exact Clarke differential, derived by hand, and how such an entry is written.

Everything is text in sympy's syntax, so that an entry can be read beside its derivation and compared with any road to
the same number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree

Vector = tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A problem and its answer.

    Parameters
    ----------
    name : str
        The function that returns it (and the spelling, for :func:`spelling_of_max`).
    tree : mapping
        The problem as a problem file writes it.
    value : str
        F at the point.
    limiting_gradients : tuple of vectors
        All elements of the Bouligand differential, in no order.
    vertices : tuple of vectors
        The extreme points of the Clarke differential, sorted by value.
    shortest : vector
        The minimal-norm element.
    autodiff : vector
        What automatic differentiation returns.
    autodiff_is_right : bool
        Whether that lies in the Clarke differential.
    sum_rule : bool or None
        Whether ∂(sum_k c_k f_k) = sum_k c_k ∂f_k; None with one datum, or in the input.
    """

    name: str
    tree: Mapping[str, Any]
    value: str
    limiting_gradients: tuple[Vector, ...]
    vertices: tuple[Vector, ...]
    shortest: Vector
    autodiff: Vector
    autodiff_is_right: bool
    sum_rule: bool | None = None

    @property
    def contains_zero(self) -> bool:
        """Whether the point is Clarke stationary: whether the shortest element is 0."""
        return all(entry == "0" for entry in self.shortest)

    def problem(self) -> Problem:
        """Return the checked problem."""
        return problem_from_tree(self.tree)

    def function(self) -> AbstractPatternedFunction:
        """Return the objective as a function of its variable, at the problem's point.

        Examples
        --------
        >>> from symflow.zoo.of_the_input import absolute_value
        >>> absolute_value().function().limiting_gradient(("+", "-"))
        (1,)
        """
        return self.problem().function()


def known(
    name: str,
    tree: Mapping[str, Any],
    *,
    gradients: tuple[Vector, ...],
    vertices: tuple[Vector, ...] | None = None,
    value: str = "0",
    shortest: Vector | None = None,
    autodiff: Vector | None = None,
    autodiff_is_right: bool = True,
    sum_rule: bool | None = None,
) -> KnownAnswer:
    """Return an answer; unless said, all gradients are vertices, 0 is the shortest, and autodiff returns that."""
    shortest = shortest or ("0",) * len(gradients[0])
    return KnownAnswer(
        name,
        tree,
        value,
        gradients,
        vertices or gradients,
        shortest,
        autodiff or shortest,
        autodiff_is_right,
        sum_rule,
    )


def network(
    *weights: Sequence[Sequence[object]],
    activation: object = "relu",
    biases: Sequence[Sequence[object]] | None = None,
) -> dict[str, Any]:
    """Return the section of a problem file for a net.

    Examples
    --------
    >>> network([[1], [-1]], [[1, 1]])
    {'activation': 'relu', 'weights': [[[1], [-1]], [[1, 1]]]}
    """
    tree: dict[str, Any] = {"activation": activation, "weights": [[list(row) for row in W] for W in weights]}
    if biases is not None:
        tree["biases"] = [list(b) for b in biases]
    return tree


def at_zero(title: str, net: Mapping[str, Any]) -> dict[str, Any]:
    """Return the problem of a net's output as a function of its input, at 0.

    Examples
    --------
    >>> at_zero("relu(x + y)", network([[1, 1]], [[1]]))["objective"]
    {'kind': 'output', 'variable': 'input', 'at': [0, 0]}
    """
    zeros = [0] * len(net["weights"][0][0])
    return {"title": title, "network": net, "objective": {"kind": "output", "variable": "input", "at": zeros}}


def vectors(*rows: str) -> tuple[Vector, ...]:
    """Return vectors, each written with spaces.

    Examples
    --------
    >>> vectors("0 0", "1/2 1")
    (('0', '0'), ('1/2', '1'))
    """
    return tuple(tuple(row.split()) for row in rows)
