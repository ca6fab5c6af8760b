"""Nets on given data, as functions of their weights.

Letters. W_1 has the rows u_1, u_2, ..; the outer weights are v_1, v_2, ..; a_j is the slope 0 or 1 of neuron j, and
c_k = ∂φ/∂f_k the frozen coefficient of datum k (Proposition 2). With one hidden layer the gradient of a piece is
v_j sum_k c_k a_jk x_k in the block of u_j, and sum_k c_k σ(<u_j, x_k>) in that of v_j.
"""

from __future__ import annotations

from symflow.zoo.known_answer import KnownAnswer, known, network, vectors


def one_kink() -> KnownAnswer:
    """Return one neuron on its kink: u_1 = (1, -1) on x = (1, 1), v = (3, -1); the other is on, with value 3.

    The block of u_1 is 3 a (1, 1), that of u_2 is -(1, 1), that of v is (0, 3).
    """
    return known(
        "one_kink",
        {"network": network([[1, -1], [2, 1]], [[3, -1]]), "data": {"inputs": [[1, 1]]}},
        value="-3",
        gradients=vectors("0 0 -1 -1 0 3", "3 3 -1 -1 0 3"),
        shortest=("0", "0", "-1", "-1", "0", "3"),
    )


def leaky_kink() -> KnownAnswer:
    """Return a leaky neuron (slope 1/10) on its kink: u_1 = (2, -1) on x = (1, 2), v_1 = -1; the other has value 2.

    The block of u_1 is -a (1, 2) with a = 1/10 or 1.
    """
    activation = {"name": "leaky_relu", "slope": "1/10"}
    return known(
        "leaky_kink",
        {
            "network": network([[2, -1], [0, 1]], [[-1, 2]], activation=activation),
            "data": {"inputs": [[1, 2]]},
        },
        value="4",
        gradients=vectors("-1 -2 2 4 0 2", "-1/10 -1/5 2 4 0 2"),
        shortest=("-1/10", "-1/5", "2", "4", "0", "2"),
    )


def two_absolute_values() -> KnownAnswer:
    """Return |.| neurons (1, 1), (1, -1) on the data (1, -1), (1, 1), coefficients 1, 2, outer weights 1, -2.

    Each neuron vanishes on one datum and has value 2 on the other: the blocks are ±(1, -1) + 2 (1, 1) and
    -2 (1, -1) ∓ 4 (1, 1), independently; those of v are 4 and 2. Half slope, depth 1: automatic differentiation,
    abs'(0) = 0, is right (Proposition 5).
    """
    blocks = [f"{u} {t} 4 2" for u in ("1 3", "3 1") for t in ("-6 -2", "2 6")]
    return known(
        "two_absolute_values",
        {
            "network": network([[1, 1], [1, -1]], [[1, -2]], activation="abs"),
            "data": {"inputs": [[1, -1], [1, 1]]},
            "objective": {"kind": "combination", "coefficients": [1, 2]},
        },
        gradients=vectors(*blocks),
        shortest=("2", "2", "-2", "2", "4", "2"),
        sum_rule=True,
    )


def two_neurons_at_zero() -> KnownAnswer:
    """Return two neurons with weight 0 on the datum 1: their signs are free, and the set is a square.

    The four pieces meet pairwise in walls; a method that keeps only some of them finds a triangle.
    """
    square = vectors("0 0 0 0", "0 1 0 0", "1 0 0 0", "1 1 0 0")
    return known(
        "two_neurons_at_zero",
        {"network": network([[0], [0]], [[1, 1]]), "data": {"inputs": [[1]]}},
        gradients=square,
    )


def parallel_data() -> KnownAnswer:
    """Return 3 f(x) - f(3x) = 0: parallel data with coefficients of both signs; the sum rule is strict.

    u = (1, -1) vanishes on (1, 1) and (3, 3), which are on or off together: 3 x - 3 x = 0. The sum of the single
    sets is the segment between 6 (1, 1) and -6 (1, 1).
    """
    return known(
        "parallel_data",
        {
            "network": network([[1, -1]], [[2]]),
            "data": {"inputs": [[1, 1], [3, 3]]},
            "objective": {"kind": "combination", "coefficients": [3, -1]},
        },
        gradients=vectors("0 0 0"),
        sum_rule=False,
    )


def two_hidden_layers() -> KnownAnswer:
    """Return kinks in two layers: 2-2-2-1 at x = (2, 1).

    Layer 1 has values (0, 3): u_1 is on its kink. Layer 2 has z = (h_1, -h_1 + h_2) = (0, 3): its first neuron is on
    its kink, with weights (1, 0); the second is on. With slopes a (layer 1) and b (layer 2), δ = (2b, -1): W_2 gets
    2b (0, 3) and -(0, 3); the neurons of layer 1 get a (2b + 1) (2, 1) and -(2, 1); W_3 gets (0, 3). All four
    patterns occur.
    """
    ends = [(f"{a * (2 * b + 1) * 2} {a * (2 * b + 1)}", 6 * b) for a in (0, 1) for b in (0, 1)]
    points = vectors(*(f"{u} -2 -1 0 {h} 0 -3 0 3" for u, h in ends))
    return known(
        "two_hidden_layers",
        {
            "network": network([[1, -2], [1, 1]], [[1, 0], [-1, 1]], [[2, -1]]),
            "data": {"inputs": [[2, 1]]},
        },
        value="-3",
        gradients=points,
        shortest=points[0],
    )


def origin() -> KnownAnswer:
    """Return a deep net without biases at w = 0: every monomial has a factor of each layer, so the set is {0}."""
    return known(
        "origin",
        {
            "network": network([[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0]]),
            "data": {"inputs": [[1, 2], [-1, 1]], "labels": [1, -1]},
            "objective": {"kind": "risk", "loss": "logistic", "reduction": "mean"},
        },
        value="log(2)",
        gradients=vectors(" ".join("0" * 10)),
        sum_rule=True,
    )


def origin_with_biases() -> KnownAnswer:
    """Return a deep net with biases at 0: the set is the unit vector of the last bias, not {0}.

    Each cell is invariant under W_l -> t W_l, b_l -> t^l b_l, so its gradients may be taken along t -> 0; in
    b_3 + W_3 σ(..) all but the first summand is of order two.
    """
    return known(
        "origin_with_biases",
        {
            "network": network([[0]], [[0]], [[0]], biases=[[0], [0], [0]]),
            "data": {"inputs": [[1]]},
        },
        gradients=vectors("0 0 0 0 0 1"),
        shortest=("0", "0", "0", "0", "0", "1"),
    )


def two_zero_matrices_with_biases() -> KnownAnswer:
    """Return W_1 = W_2 = 0 with b_1 = b_2 = 1, W_3 = 1: with biases, two zero matrices prove nothing.

    Both neurons are on, with value 1, so f is smooth there, with gradient 1 in W_2, b_2, W_3 and b_3.
    """
    return known(
        "two_zero_matrices_with_biases",
        {
            "network": network([[0]], [[0]], [[1]], biases=[[1], [1], [0]]),
            "data": {"inputs": [[1]]},
        },
        value="1",
        gradients=vectors("0 0 1 1 1 1"),
        shortest=("0", "0", "1", "1", "1", "1"),
    )


def datum_at_zero() -> KnownAnswer:
    """Return a net without biases on x = 0: f vanishes for all weights, there is no kink, the set is {0}."""
    return known(
        "datum_at_zero",
        {"network": network([[1, 2], [-1, 0]], [[1, 3]]), "data": {"inputs": [[0, 0]]}},
        gradients=vectors("0 0 0 0 0 0"),
    )


def squared_rectifier() -> KnownAnswer:
    """Return f = v σ(<u, x>)² at <u, x> = 0: continuously differentiable, the set is the gradient, 0."""
    activation = {"name": "relu_power", "power": 2}
    return known(
        "squared_rectifier",
        {"network": network([[1, -1]], [[3]], activation=activation), "data": {"inputs": [[1, 1]]}},
        gradients=vectors("0 0 0"),
    )
