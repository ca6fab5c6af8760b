"""Nets of one or two inputs at 0, small enough to draw; among them max(x, 0) in many spellings."""

from __future__ import annotations

from typing import Any

from symflow.zoo.known_answer import KnownAnswer, at_zero, known, network, vectors


def absolute_value() -> KnownAnswer:
    """Return |x| = σ(x) + σ(-x) at 0: slope 1 to the right, -1 to the left, and all between."""
    return known(
        "absolute_value",
        at_zero("|x|", network([[1], [-1]], [[1, 1]])),
        gradients=vectors("-1", "1"),
    )


def identity() -> KnownAnswer:
    """Return σ(x) - σ(-x) = x at 0: both kinks cancel, the derivative is 1; the chain rule says 0."""
    return known(
        "identity",
        at_zero("relu(x) - relu(-x)", network([[1], [-1]], [[1, -1]])),
        gradients=vectors("1"),
        shortest=("1",),
        autodiff=("0",),
        autodiff_is_right=False,
    )


def twins() -> KnownAnswer:
    """Return 2 σ(x) - σ(2x) = 0: in the input the signs of x and 2x are tied, and the set is {0}."""
    return known(
        "twins",
        at_zero("2 relu(x) - relu(2x)", network([[1], [2]], [[2, -1]])),
        gradients=vectors("0"),
    )


def half_slope_misses() -> KnownAnswer:
    """Return σ(σ(x) + 1) - σ(σ(x)) - 1 = 0: at depth 2 the half slope can be wrong (Proposition 5 needs depth 1).

    The half slope gives 1/2 - 1/2 · 1/2 = 1/4. For x < 0 the second neuron of layer 2 vanishes identically.
    """
    net = network([[1]], [[1], [1]], [[1, -1]], biases=[[0], [1, 0], [-1]])
    return known(
        "half_slope_misses",
        at_zero("relu(relu(x) + 1) - relu(relu(x)) - 1", net),
        gradients=vectors("0"),
    )


def diamond() -> KnownAnswer:
    """Return σ(x + y) - σ(x - y) at 0: a square, though the partial sets are the points {0} and {1}.

    All four sign patterns occur: gradients (0, 0), (1, 1), (-1, 1), (0, 2). But f(x, 0) = 0 and f(0, y) = y, so the
    partial Clarke differentials are {0} and {1}, and the set is not in their product (statement W15).
    """
    return known(
        "diamond",
        at_zero("relu(x + y) - relu(x - y)", network([[1, 1], [1, -1]], [[1, -1]])),
        gradients=vectors("0 0", "1 1", "-1 1", "0 2"),
        vertices=vectors("-1 1", "0 0", "0 2", "1 1"),
    )


def diagonal() -> KnownAnswer:
    """Return σ(x + y) at 0: the segment from 0 to (1, 1), not the product [0, 1]² of its partial sets (W15)."""
    return known(
        "diagonal",
        at_zero("relu(x + y)", network([[1, 1]], [[1]])),
        gradients=vectors("0 0", "1 1"),
    )


def maximum_of_three() -> KnownAnswer:
    """Return max(x, y, 0) at 0: the triangle of the three gradients."""
    net = network([[1, 0], [0, 1], [0, 0]], [[1]], activation={"name": "maxpool", "groups": [[0, 1, 2]]})
    return known(
        "maximum_of_three",
        at_zero("max(x, y, 0)", net),
        gradients=vectors("0 0", "0 1", "1 0"),
        autodiff=("1", "0"),
    )


# How max(x, 0) may be written as a net.
SPELLINGS = (
    "relu(x)",
    "leaky_relu(x), slope 0",
    "max(x, 0)",
    "max(0, x)",
    "x + max(0, -x)",
    "(x + |x|)/2",
    "relu(x) - relu(-x) + relu(-x)",
    "2 max(x, 0) - max(0, x)",
)


def spelling_of_max(spelling: str) -> KnownAnswer:
    """Return max(x, 0) at 0 in one of its `SPELLINGS`: the set is [0, 1] for all of them.

    Automatic differentiation gives each summand its own slope at 0: 0 for relu, abs'(0) = 0, 1 for the first of two
    equal members of a maximum. The half sum (x + |x|)/2 writes x as (|x + 1| - |x - 1|)/2, which is right for |x| <= 1.

    Examples
    --------
    >>> [spelling_of_max(spelling).autodiff[0] for spelling in SPELLINGS]
    ['0', '0', '1', '0', '1', '1/2', '0', '2']
    """
    net, autodiff = _spelled()[spelling]
    return known(
        f"spelling_of_max[{spelling}]",
        at_zero(spelling, net),
        gradients=vectors("0", "1"),
        autodiff=(autodiff,),
        autodiff_is_right=autodiff in ("0", "1/2", "1"),
    )


def _pool(*groups: list[int]) -> dict[str, Any]:
    return {"name": "maxpool", "groups": list(groups)}


def _spelled() -> dict[str, tuple[dict[str, Any], str]]:
    """Return for each spelling of max(x, 0) its net, and what automatic differentiation returns at 0."""
    return {
        "relu(x)": (network([[1]], [[1]]), "0"),
        "leaky_relu(x), slope 0": (network([[1]], [[1]], activation={"name": "leaky_relu", "slope": 0}), "0"),
        "max(x, 0)": (network([[1], [0]], [[1]], activation=_pool([0, 1])), "1"),
        "max(0, x)": (network([[0], [1]], [[1]], activation=_pool([0, 1])), "0"),
        "x + max(0, -x)": (
            network([[1], [0], [-1]], [[1, 1]], activation=_pool([0], [1, 2])),
            "1",
        ),
        "(x + |x|)/2": (
            network([[1], [1], [1]], [["1/2", "1/4", "-1/4"]], activation="abs", biases=[[0, 1, -1], [0]]),
            "1/2",
        ),
        "relu(x) - relu(-x) + relu(-x)": (network([[1], [-1], [-1]], [[1, -1, 1]]), "0"),
        "2 max(x, 0) - max(0, x)": (
            network([[1], [0], [0], [1]], [[2, -1]], activation=_pool([0, 1], [2, 3])),
            "2",
        ),
    }
