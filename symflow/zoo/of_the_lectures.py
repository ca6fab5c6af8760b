"""The problems around which the lectures turn: a coupled kink, a corner, a cusp, a ridge.

Letters. W_1 has the rows u_1, u_2, ..; the outer weights are v_1, v_2, ..; a_j is the slope 0 or 1 of neuron j, and
c_k = ∂φ/∂f_k the frozen coefficient of datum k (Proposition 2). With one hidden layer the gradient of a piece is
v_j sum_k c_k a_jk x_k in the block of u_j, and sum_k c_k σ(<u_j, x_k>) in that of v_j.
"""

from __future__ import annotations

from typing import Any

from symflow.zoo.known_answer import KnownAnswer, known, network, vectors


def demo() -> KnownAnswer:
    """Return the demo: one neuron vanishes on two opposite data, so that the kink couples them.

    W_1 = [[1, -1], [-1, 0]], W_2 = [1, -1/2], data ±(1, 1), labels ±1, exponential loss. Neuron 1 vanishes on both
    data; neuron 2 is off on the first and on, with value 1, on the second. So f = (0, -1/2), and with c = e^(-1/2)
    the frozen coefficients are (-1, c). Since x_2 = -x_1, one datum of neuron 1 is on and the other off: its block
    is -x_1 = -(1, 1), or c x_2 = -c (1, 1). The block of u_2 is -1/2 c x_2 = c/2 (1, 1), those of v are 0 and c.
    The set is a segment; no slope at zero but those in between gives an element: 0 gives (0, 0), 1 gives -(1 + c)
    (1, 1). The sum rule fails, since the data are parallel and their coefficients c_k v_1 differ in sign.
    """
    c = "exp(-1/2)"
    rest = (f"{c}/2", f"{c}/2", "0", c)
    near, far = (f"-{c}", f"-{c}", *rest), ("-1", "-1", *rest)
    return known(
        "demo",
        _demo_tree({"kind": "risk", "loss": "exponential"}),
        value="1 + exp(-1/2)",
        gradients=(far, near),
        shortest=near,
        autodiff=("0", "0", *rest),
        autodiff_is_right=False,
        sum_rule=False,
    )


def demo_soft_margin() -> KnownAnswer:
    """Return the demo with ln sum_k e^(-y_k f_k) in place of the risk: its set is the demo's divided by 1 + c.

    The coefficients are -y_k p_k with the softmin weights p = (1, c)/(1 + c), c = e^(-1/2).
    """
    near, far = "-1/(exp(1/2) + 1)", "-exp(1/2)/(exp(1/2) + 1)"
    rest = ("1/(2*exp(1/2) + 2)", "1/(2*exp(1/2) + 2)", "0", "1/(exp(1/2) + 1)")
    return known(
        "demo_soft_margin",
        _demo_tree({"kind": "log_sum_exp"}),
        value="-1/2 + log(exp(1/2) + 1)",
        gradients=((far, far, *rest), (near, near, *rest)),
        shortest=(near, near, *rest),
        autodiff=("0", "0", *rest),
        autodiff_is_right=False,
        sum_rule=False,
    )


def corner() -> KnownAnswer:
    """Return a 2-3-2-1 net in its input at (2, 2), where automatic differentiation stops and descent does not.

    The preactivations of layer 1 are (x_2 - 2, 2 - x_1, x_1 - x_2): all 0 at (2, 2), and their sum vanishes
    identically, so that every sign pattern occurs but +++ and ---. Both neurons of layer 2 are on, with value 1:
    near (2, 2), f = 3 - 3 σ(z_1) + 3 σ(z_2) + σ(z_3). The six gradients are sums of (0, -3), (-3, 0) and (1, -1).
    The hull is a quadrilateral; its nearest point to 0 lies on the edge x_1 + 4 x_2 = -3, so 0 is outside.
    """
    return known(
        "corner",
        {
            "title": "A corner where autodiff stops",
            "network": network(
                [[0, 1], [-1, 0], [1, -1]],
                [[-1, 1, 1], [-1, 1, -1]],
                [[2, 1]],
                biases=[[-2, 2, 0], [1, 1], [0]],
            ),
            "objective": {"kind": "output", "variable": "input", "at": [2, 2]},
        },
        value="3",
        gradients=vectors("0 -3", "-3 0", "1 -1", "-3 -3", "1 -4", "-2 -1"),
        vertices=vectors("-3 -3", "-3 0", "1 -4", "1 -1"),
        shortest=("-3/17", "-12/17"),
        autodiff=("0", "0"),
        autodiff_is_right=False,
    )


def cusp() -> KnownAnswer:
    """Return the cusp: f is differentiable at w with gradient 0, and yet its Clarke differential is a segment.

    1-2-1-1, W_1 = (0, 0), W_2 = (-1, 0), W_3 = -1, one datum x = -1. With the displacement (a', b', c', d', e'),
    f = (e' - 1) σ(z) with z = (c' - 1) σ(-a') + d' σ(-b'). Where a' > 0, b' < 0 the first neuron is off and
    z = -b' d': the gradient is 0 at w. Where both are on, z = a' - c' a' - d' b'; on the cell z > 0
    the gradient at w is (-1, 0, 0, 0, 0), and the cell has w in its closure: a' = -ε², b' = -ε, c' = 0, d' = 2ε
    gives z = -ε² + 2ε² > 0. No direction shows it: on that cell a' is of second order.
    """
    return known(
        "cusp",
        {
            "title": "A cusp",
            "network": network([[0], [0]], [[-1, 0]], [[-1]]),
            "data": {"inputs": [[-1]]},
        },
        gradients=vectors("-1 0 0 0 0", "0 0 0 0 0"),
    )


def differentiable_not_strictly() -> KnownAnswer:
    """Return a risk that is differentiable at w with gradient 0 and has two opposite unit vectors in its set.

    2-2-1-1, W_1 = [[0, 0], [0, 1]], W_2 = (0, 0), W_3 = 1, F = f(x_1) - f(x_2) with data (±1, 1). Neuron 2 of
    layer 1 is on for both data, with value 1; so the gradient of f_k where its neuron of layer 2 is on is the unit
    vector e of W2[1,2], and 0 where it is off. The second layer has z_k = c σ(±a + b) + d (1 ± ..), with a, b, c, d
    near 0. For a, c > 0, b = 0 and -ca < d < 0 it is on for x_1 and off for x_2: F has gradient e there. For a < 0
    it is -e. Where both are on, or off, it is 0. Erratum E6 of the lectures: differentiable is not enough for the
    set to be one point; strictly differentiable is.
    """
    return known(
        "differentiable_not_strictly",
        {
            "network": network([[0, 0], [0, 1]], [[0, 0]], [[1]]),
            "data": {"inputs": [[1, 1], [-1, 1]]},
            "objective": {"kind": "combination", "coefficients": [1, -1]},
        },
        gradients=vectors("0 0 0 0 0 -1 0", "0 0 0 0 0 0 0", "0 0 0 0 0 1 0"),
        vertices=vectors("0 0 0 0 0 -1 0", "0 0 0 0 0 1 0"),
        sum_rule=True,  # ∂f_1 = [0, e], ∂(-f_2) = [-e, 0]
    )


def half_identity() -> KnownAnswer:
    """Return R(w) = (σ(w) - σ(-w))/2 = w/2, erratum E5: the slope 1/2 is missed by σ'(0) = 0 and by σ'(0) = 1.

    One neuron on the data ±1 with coefficients ±1/2, at w = 0 and v = 1: F = v w/2.
    """
    return known(
        "half_identity",
        {
            "network": network([[0]], [[1]]),
            "data": {"inputs": [[1], [-1]]},
            "objective": {"kind": "combination", "coefficients": ["1/2", "-1/2"]},
        },
        gradients=vectors("1/2 0"),
        shortest=("1/2", "0"),
        autodiff=("0", "0"),
        autodiff_is_right=False,
        sum_rule=False,
    )


def ridge() -> KnownAnswer:
    """Return one neuron on a ridge: the risk has a concave kink, and its gradient flow is not unique.

    u = (0, 1), v = 1, data (2, 0) and (-1, 1), labels 1, exponential loss. The neuron vanishes on x_1 and has value
    1 on x_2; the coefficients are (-1, -1/e). The block of u is -a (2, 0) - 1/e (-1, 1) with a = 0 or 1, that of v
    is -1/e. Since 1/e - 2 < 0 < 1/e, the shortest element has first entry 0.
    """
    return known(
        "ridge",
        {
            "title": "One neuron on a ridge",
            "network": network([[0, 1]], [[1]]),
            "data": {"inputs": [[2, 0], [-1, 1]], "labels": [1, 1]},
            "objective": {"kind": "risk", "loss": "exponential"},
        },
        value="1 + exp(-1)",
        gradients=(
            ("-2 + exp(-1)", "-exp(-1)", "-exp(-1)"),
            ("exp(-1)", "-exp(-1)", "-exp(-1)"),
        ),
        shortest=("0", "-exp(-1)", "-exp(-1)"),
        autodiff=("exp(-1)", "-exp(-1)", "-exp(-1)"),
        sum_rule=True,
    )


def _demo_tree(objective: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "Two neurons, one kink",
        "network": network([[1, -1], [-1, 0]], [[1, "-1/2"]]),
        "data": {"inputs": [[1, 1], [-1, -1]], "labels": [1, -1]},
        "objective": objective,
    }
