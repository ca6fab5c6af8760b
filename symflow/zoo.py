"""The zoo: small problems whose exact answers are known on paper.

Each function returns one problem, its Clarke differential, and what follows from it, with the derivation in its
docstring; :func:`zoo` returns them all. The answers were derived by hand, not computed: doctests, tests and worked
examples hold the program against them, and ``tests/test_zoo.py`` holds them against a second road of its own.

Letters. W_1 has the rows u_1, u_2, ..; the outer weights are v_1, v_2, ..; a_j is the slope 0 or 1 of neuron j, and
c_k = ∂φ/∂f_k the frozen coefficient of datum k (Proposition 2). With one hidden layer the gradient of a piece is
v_j sum_k c_k a_jk x_k in the block of u_j, and sum_k c_k σ(<u_j, x_k>) in that of v_j. Numbers that are not rational
are written in sympy's syntax.

>>> known = identity()
>>> known.vertices, known.autodiff, known.autodiff_is_right
((('1',),), ('0',), False)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        >>> absolute_value().function().limiting_gradient(("+", "-"))
        (1,)
        """
        return self.problem().function()


# ---------------------------------------------------------------------- the problems of the lectures and mock-ups


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
    return KnownAnswer(
        name="demo",
        tree=_demo_tree({"kind": "risk", "loss": "exponential"}),
        value="1 + exp(-1/2)",
        limiting_gradients=(far, near),
        vertices=(far, near),
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
    return KnownAnswer(
        name="demo_soft_margin",
        tree=_demo_tree({"kind": "log_sum_exp"}),
        value="-1/2 + log(exp(1/2) + 1)",
        limiting_gradients=((far, far, *rest), (near, near, *rest)),
        vertices=((far, far, *rest), (near, near, *rest)),
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
    return KnownAnswer(
        name="corner",
        tree={
            "title": "A corner where autodiff stops",
            "network": _network(
                [[0, 1], [-1, 0], [1, -1]],
                [[-1, 1, 1], [-1, 1, -1]],
                [[2, 1]],
                biases=[[-2, 2, 0], [1, 1], [0]],
            ),
            "objective": {"kind": "output", "variable": "input", "at": [2, 2]},
        },
        value="3",
        limiting_gradients=_vectors("0 -3", "-3 0", "1 -1", "-3 -3", "1 -4", "-2 -1"),
        vertices=_vectors("-3 -3", "-3 0", "1 -4", "1 -1"),
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
    return KnownAnswer(
        name="cusp",
        tree={
            "title": "A cusp",
            "network": _network([[0], [0]], [[-1, 0]], [[-1]]),
            "data": {"inputs": [[-1]]},
        },
        value="0",
        limiting_gradients=_vectors("-1 0 0 0 0", "0 0 0 0 0"),
        vertices=_vectors("-1 0 0 0 0", "0 0 0 0 0"),
        shortest=("0",) * 5,
        autodiff=("0",) * 5,
        autodiff_is_right=True,
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
    return KnownAnswer(
        name="differentiable_not_strictly",
        tree={
            "network": _network([[0, 0], [0, 1]], [[0, 0]], [[1]]),
            "data": {"inputs": [[1, 1], [-1, 1]]},
            "objective": {"kind": "combination", "coefficients": [1, -1]},
        },
        value="0",
        limiting_gradients=_vectors("0 0 0 0 0 -1 0", "0 0 0 0 0 0 0", "0 0 0 0 0 1 0"),
        vertices=_vectors("0 0 0 0 0 -1 0", "0 0 0 0 0 1 0"),
        shortest=("0",) * 7,
        autodiff=("0",) * 7,
        autodiff_is_right=True,
        sum_rule=True,  # ∂f_1 = [0, e], ∂(-f_2) = [-e, 0]
    )


def half_identity() -> KnownAnswer:
    """Return R(w) = (σ(w) - σ(-w))/2 = w/2, erratum E5: the slope 1/2 is missed by σ'(0) = 0 and by σ'(0) = 1.

    One neuron on the data ±1 with coefficients ±1/2, at w = 0 and v = 1: F = v w/2.
    """
    return KnownAnswer(
        name="half_identity",
        tree={
            "network": _network([[0]], [[1]]),
            "data": {"inputs": [[1], [-1]]},
            "objective": {"kind": "combination", "coefficients": ["1/2", "-1/2"]},
        },
        value="0",
        limiting_gradients=_vectors("1/2 0"),
        vertices=_vectors("1/2 0"),
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
    return KnownAnswer(
        name="ridge",
        tree={
            "title": "One neuron on a ridge",
            "network": _network([[0, 1]], [[1]]),
            "data": {"inputs": [[2, 0], [-1, 1]], "labels": [1, 1]},
            "objective": {"kind": "risk", "loss": "exponential"},
        },
        value="1 + exp(-1)",
        limiting_gradients=(
            ("-2 + exp(-1)", "-exp(-1)", "-exp(-1)"),
            ("exp(-1)", "-exp(-1)", "-exp(-1)"),
        ),
        vertices=(
            ("-2 + exp(-1)", "-exp(-1)", "-exp(-1)"),
            ("exp(-1)", "-exp(-1)", "-exp(-1)"),
        ),
        shortest=("0", "-exp(-1)", "-exp(-1)"),
        autodiff=("exp(-1)", "-exp(-1)", "-exp(-1)"),
        autodiff_is_right=True,
        sum_rule=True,
    )


# ---------------------------------------------------------------------- functions of the input


def absolute_value() -> KnownAnswer:
    """Return |x| = σ(x) + σ(-x) at 0: slope 1 to the right, -1 to the left, and all between."""
    return KnownAnswer(
        name="absolute_value",
        tree=_at_zero("|x|", _network([[1], [-1]], [[1, 1]])),
        value="0",
        limiting_gradients=_vectors("-1", "1"),
        vertices=_vectors("-1", "1"),
        shortest=("0",),
        autodiff=("0",),
        autodiff_is_right=True,
    )


def identity() -> KnownAnswer:
    """Return σ(x) - σ(-x) = x at 0: both kinks cancel, the derivative is 1; the chain rule says 0."""
    return KnownAnswer(
        name="identity",
        tree=_at_zero("relu(x) - relu(-x)", _network([[1], [-1]], [[1, -1]])),
        value="0",
        limiting_gradients=_vectors("1"),
        vertices=_vectors("1"),
        shortest=("1",),
        autodiff=("0",),
        autodiff_is_right=False,
    )


def twins() -> KnownAnswer:
    """Return 2 σ(x) - σ(2x) = 0: in the input the signs of x and 2x are tied, and the set is {0}."""
    return KnownAnswer(
        name="twins",
        tree=_at_zero("2 relu(x) - relu(2x)", _network([[1], [2]], [[2, -1]])),
        value="0",
        limiting_gradients=_vectors("0"),
        vertices=_vectors("0"),
        shortest=("0",),
        autodiff=("0",),
        autodiff_is_right=True,
    )


def half_slope_misses() -> KnownAnswer:
    """Return σ(σ(x) + 1) - σ(σ(x)) - 1 = 0: at depth 2 the half slope can be wrong (Proposition 5 needs depth 1).

    The half slope gives 1/2 - 1/2 · 1/2 = 1/4. For x < 0 the second neuron of layer 2 vanishes identically.
    """
    network = _network([[1]], [[1], [1]], [[1, -1]], biases=[[0], [1, 0], [-1]])
    return KnownAnswer(
        name="half_slope_misses",
        tree=_at_zero("relu(relu(x) + 1) - relu(relu(x)) - 1", network),
        value="0",
        limiting_gradients=_vectors("0"),
        vertices=_vectors("0"),
        shortest=("0",),
        autodiff=("0",),
        autodiff_is_right=True,
    )


def diamond() -> KnownAnswer:
    """Return σ(x + y) - σ(x - y) at 0: the partial sets are {0} and [0, 2], their product is not the set.

    All four sign patterns occur: gradients (0, 0), (1, 1), (-1, 1), (0, 2), a square. But f(x, 0) = 0, so the
    partial Clarke differential in x is {0}, although (1, 1) and (-1, 1) are in the set (statement W15).
    """
    return KnownAnswer(
        name="diamond",
        tree=_at_zero("relu(x + y) - relu(x - y)", _network([[1, 1], [1, -1]], [[1, -1]])),
        value="0",
        limiting_gradients=_vectors("0 0", "1 1", "-1 1", "0 2"),
        vertices=_vectors("-1 1", "0 0", "0 2", "1 1"),
        shortest=("0", "0"),
        autodiff=("0", "0"),
        autodiff_is_right=True,
    )


def diagonal() -> KnownAnswer:
    """Return σ(x + y) at 0: the segment from 0 to (1, 1), not the product [0, 1]² of its partial sets (W15)."""
    return KnownAnswer(
        name="diagonal",
        tree=_at_zero("relu(x + y)", _network([[1, 1]], [[1]])),
        value="0",
        limiting_gradients=_vectors("0 0", "1 1"),
        vertices=_vectors("0 0", "1 1"),
        shortest=("0", "0"),
        autodiff=("0", "0"),
        autodiff_is_right=True,
    )


def maximum_of_three() -> KnownAnswer:
    """Return max(x, y, 0) at 0: the triangle of the three gradients."""
    network = _network([[1, 0], [0, 1], [0, 0]], [[1]], activation={"name": "maxpool", "groups": [[0, 1, 2]]})
    return KnownAnswer(
        name="maximum_of_three",
        tree=_at_zero("max(x, y, 0)", network),
        value="0",
        limiting_gradients=_vectors("0 0", "0 1", "1 0"),
        vertices=_vectors("0 0", "0 1", "1 0"),
        shortest=("0", "0"),
        autodiff=("1", "0"),
        autodiff_is_right=True,
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
    network, autodiff = _spelled()[spelling]
    return KnownAnswer(
        name=f"spelling_of_max[{spelling}]",
        tree=_at_zero(spelling, network),
        value="0",
        limiting_gradients=_vectors("0", "1"),
        vertices=_vectors("0", "1"),
        shortest=("0",),
        autodiff=(autodiff,),
        autodiff_is_right=autodiff in ("0", "1/2", "1"),
    )


# ---------------------------------------------------------------------- functions of the weights


def one_kink() -> KnownAnswer:
    """Return one neuron on its kink: u_1 = (1, -1) on x = (1, 1), v = (3, -1); the other is on, with value 3.

    The block of u_1 is 3 a (1, 1), that of u_2 is -(1, 1), that of v is (0, 3).
    """
    return KnownAnswer(
        name="one_kink",
        tree={"network": _network([[1, -1], [2, 1]], [[3, -1]]), "data": {"inputs": [[1, 1]]}},
        value="-3",
        limiting_gradients=_vectors("0 0 -1 -1 0 3", "3 3 -1 -1 0 3"),
        vertices=_vectors("0 0 -1 -1 0 3", "3 3 -1 -1 0 3"),
        shortest=("0", "0", "-1", "-1", "0", "3"),
        autodiff=("0", "0", "-1", "-1", "0", "3"),
        autodiff_is_right=True,
    )


def leaky_kink() -> KnownAnswer:
    """Return a leaky neuron (slope 1/10) on its kink: u_1 = (2, -1) on x = (1, 2), v_1 = -1; the other has value 2.

    The block of u_1 is -a (1, 2) with a = 1/10 or 1.
    """
    activation = {"name": "leaky_relu", "slope": "1/10"}
    return KnownAnswer(
        name="leaky_kink",
        tree={
            "network": _network([[2, -1], [0, 1]], [[-1, 2]], activation=activation),
            "data": {"inputs": [[1, 2]]},
        },
        value="4",
        limiting_gradients=_vectors("-1 -2 2 4 0 2", "-1/10 -1/5 2 4 0 2"),
        vertices=_vectors("-1 -2 2 4 0 2", "-1/10 -1/5 2 4 0 2"),
        shortest=("-1/10", "-1/5", "2", "4", "0", "2"),
        autodiff=("-1/10", "-1/5", "2", "4", "0", "2"),
        autodiff_is_right=True,
    )


def two_absolute_values() -> KnownAnswer:
    """Return |.| neurons (1, 1), (1, -1) on the data (1, -1), (1, 1), coefficients 1, 2, outer weights 1, -2.

    Each neuron vanishes on one datum and has value 2 on the other: the blocks are ±(1, -1) + 2 (1, 1) and
    -2 (1, -1) ∓ 4 (1, 1), independently; those of v are 4 and 2. Half slope, depth 1: automatic differentiation,
    abs'(0) = 0, is right (Proposition 5).
    """
    blocks = [f"{u} {t} 4 2" for u in ("1 3", "3 1") for t in ("-6 -2", "2 6")]
    return KnownAnswer(
        name="two_absolute_values",
        tree={
            "network": _network([[1, 1], [1, -1]], [[1, -2]], activation="abs"),
            "data": {"inputs": [[1, -1], [1, 1]]},
            "objective": {"kind": "combination", "coefficients": [1, 2]},
        },
        value="0",
        limiting_gradients=_vectors(*blocks),
        vertices=_vectors(*blocks),
        shortest=("2", "2", "-2", "2", "4", "2"),
        autodiff=("2", "2", "-2", "2", "4", "2"),
        autodiff_is_right=True,
        sum_rule=True,
    )


def two_neurons_at_zero() -> KnownAnswer:
    """Return two neurons with weight 0 on the datum 1: their signs are free, and the set is a square.

    The four pieces meet pairwise in walls; a method that keeps only some of them finds a triangle.
    """
    square = _vectors("0 0 0 0", "0 1 0 0", "1 0 0 0", "1 1 0 0")
    return KnownAnswer(
        name="two_neurons_at_zero",
        tree={"network": _network([[0], [0]], [[1, 1]]), "data": {"inputs": [[1]]}},
        value="0",
        limiting_gradients=square,
        vertices=square,
        shortest=("0",) * 4,
        autodiff=("0",) * 4,
        autodiff_is_right=True,
    )


def parallel_data() -> KnownAnswer:
    """Return 3 f(x) - f(3x) = 0: parallel data with coefficients of both signs; the sum rule is strict.

    u = (1, -1) vanishes on (1, 1) and (3, 3), which are on or off together: 3 x - 3 x = 0. The sum of the single
    sets is the segment between 6 (1, 1) and -6 (1, 1).
    """
    return KnownAnswer(
        name="parallel_data",
        tree={
            "network": _network([[1, -1]], [[2]]),
            "data": {"inputs": [[1, 1], [3, 3]]},
            "objective": {"kind": "combination", "coefficients": [3, -1]},
        },
        value="0",
        limiting_gradients=_vectors("0 0 0"),
        vertices=_vectors("0 0 0"),
        shortest=("0",) * 3,
        autodiff=("0",) * 3,
        autodiff_is_right=True,
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
    points = _vectors(*(f"{u} -2 -1 0 {h} 0 -3 0 3" for u, h in ends))
    return KnownAnswer(
        name="two_hidden_layers",
        tree={
            "network": _network([[1, -2], [1, 1]], [[1, 0], [-1, 1]], [[2, -1]]),
            "data": {"inputs": [[2, 1]]},
        },
        value="-3",
        limiting_gradients=points,
        vertices=points,
        shortest=points[0],
        autodiff=points[0],
        autodiff_is_right=True,
    )


def origin() -> KnownAnswer:
    """Return a deep net without biases at w = 0: every monomial has a factor of each layer, so the set is {0}."""
    return KnownAnswer(
        name="origin",
        tree={
            "network": _network([[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0]]),
            "data": {"inputs": [[1, 2], [-1, 1]], "labels": [1, -1]},
            "objective": {"kind": "risk", "loss": "logistic", "reduction": "mean"},
        },
        value="log(2)",
        limiting_gradients=_vectors(" ".join("0" * 10)),
        vertices=_vectors(" ".join("0" * 10)),
        shortest=("0",) * 10,
        autodiff=("0",) * 10,
        autodiff_is_right=True,
        sum_rule=True,
    )


def origin_with_biases() -> KnownAnswer:
    """Return a deep net with biases at 0: the set is the unit vector of the last bias, not {0}.

    Each cell is invariant under W_l -> t W_l, b_l -> t^l b_l, so its gradients may be taken along t -> 0; in
    b_3 + W_3 σ(..) all but the first summand is of order two.
    """
    return KnownAnswer(
        name="origin_with_biases",
        tree={
            "network": _network([[0]], [[0]], [[0]], biases=[[0], [0], [0]]),
            "data": {"inputs": [[1]]},
        },
        value="0",
        limiting_gradients=_vectors("0 0 0 0 0 1"),
        vertices=_vectors("0 0 0 0 0 1"),
        shortest=("0", "0", "0", "0", "0", "1"),
        autodiff=("0", "0", "0", "0", "0", "1"),
        autodiff_is_right=True,
    )


def two_zero_matrices_with_biases() -> KnownAnswer:
    """Return W_1 = W_2 = 0 with b_1 = b_2 = 1, W_3 = 1: with biases, two zero matrices prove nothing.

    Both neurons are on, with value 1, so f is smooth there, with gradient 1 in W_2, b_2, W_3 and b_3.
    """
    return KnownAnswer(
        name="two_zero_matrices_with_biases",
        tree={
            "network": _network([[0]], [[0]], [[1]], biases=[[1], [1], [0]]),
            "data": {"inputs": [[1]]},
        },
        value="1",
        limiting_gradients=_vectors("0 0 1 1 1 1"),
        vertices=_vectors("0 0 1 1 1 1"),
        shortest=("0", "0", "1", "1", "1", "1"),
        autodiff=("0", "0", "1", "1", "1", "1"),
        autodiff_is_right=True,
    )


def datum_at_zero() -> KnownAnswer:
    """Return a net without biases on x = 0: f vanishes for all weights, there is no kink, the set is {0}."""
    return KnownAnswer(
        name="datum_at_zero",
        tree={"network": _network([[1, 2], [-1, 0]], [[1, 3]]), "data": {"inputs": [[0, 0]]}},
        value="0",
        limiting_gradients=_vectors("0 0 0 0 0 0"),
        vertices=_vectors("0 0 0 0 0 0"),
        shortest=("0",) * 6,
        autodiff=("0",) * 6,
        autodiff_is_right=True,
    )


def squared_rectifier() -> KnownAnswer:
    """Return f = v σ(<u, x>)² at <u, x> = 0: continuously differentiable, the set is the gradient, 0."""
    activation = {"name": "relu_power", "power": 2}
    return KnownAnswer(
        name="squared_rectifier",
        tree={"network": _network([[1, -1]], [[3]], activation=activation), "data": {"inputs": [[1, 1]]}},
        value="0",
        limiting_gradients=_vectors("0 0 0"),
        vertices=_vectors("0 0 0"),
        shortest=("0",) * 3,
        autodiff=("0",) * 3,
        autodiff_is_right=True,
    )


# ---------------------------------------------------------------------- all of them

KNOWN: tuple[Callable[[], KnownAnswer], ...] = (
    demo,
    demo_soft_margin,
    corner,
    cusp,
    differentiable_not_strictly,
    half_identity,
    ridge,
    absolute_value,
    identity,
    twins,
    half_slope_misses,
    diamond,
    diagonal,
    maximum_of_three,
    one_kink,
    leaky_kink,
    two_absolute_values,
    two_neurons_at_zero,
    parallel_data,
    two_hidden_layers,
    origin,
    origin_with_biases,
    two_zero_matrices_with_biases,
    datum_at_zero,
    squared_rectifier,
)


def zoo() -> tuple[KnownAnswer, ...]:
    """Return every known problem, the spellings of max(x, 0) last.

    Examples
    --------
    >>> [known.name for known in zoo() if not known.autodiff_is_right][:4]
    ['demo', 'demo_soft_margin', 'corner', 'half_identity']
    """
    return (*(known() for known in KNOWN), *(spelling_of_max(spelling) for spelling in SPELLINGS))


# ---------------------------------------------------------------------- writing problems briefly


def _network(
    *weights: Sequence[Sequence[object]],
    activation: object = "relu",
    biases: Sequence[Sequence[object]] | None = None,
) -> dict[str, Any]:
    tree: dict[str, Any] = {"activation": activation, "weights": [[list(row) for row in W] for W in weights]}
    if biases is not None:
        tree["biases"] = [list(b) for b in biases]
    return tree


def _demo_tree(objective: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "Two neurons, one kink",
        "network": _network([[1, -1], [-1, 0]], [[1, "-1/2"]]),
        "data": {"inputs": [[1, 1], [-1, -1]], "labels": [1, -1]},
        "objective": objective,
    }


def _at_zero(title: str, network: Mapping[str, Any]) -> dict[str, Any]:
    zeros = [0] * len(network["weights"][0][0])
    return {"title": title, "network": network, "objective": {"kind": "output", "variable": "input", "at": zeros}}


def _vectors(*rows: str) -> tuple[Vector, ...]:
    return tuple(tuple(row.split()) for row in rows)


def _pool(*groups: list[int]) -> dict[str, Any]:
    return {"name": "maxpool", "groups": list(groups)}


def _spelled() -> dict[str, tuple[dict[str, Any], str]]:
    """Return for each spelling of max(x, 0) its net, and what automatic differentiation returns at 0."""
    return {
        "relu(x)": (_network([[1]], [[1]]), "0"),
        "leaky_relu(x), slope 0": (_network([[1]], [[1]], activation={"name": "leaky_relu", "slope": 0}), "0"),
        "max(x, 0)": (_network([[1], [0]], [[1]], activation=_pool([0, 1])), "1"),
        "max(0, x)": (_network([[0], [1]], [[1]], activation=_pool([0, 1])), "0"),
        "x + max(0, -x)": (
            _network([[1], [0], [-1]], [[1, 1]], activation=_pool([0], [1, 2])),
            "1",
        ),
        "(x + |x|)/2": (
            _network([[1], [1], [1]], [["1/2", "1/4", "-1/4"]], activation="abs", biases=[[0, 1, -1], [0]]),
            "1/2",
        ),
        "relu(x) - relu(-x) + relu(-x)": (_network([[1], [-1], [-1]], [[1, -1, 1]]), "0"),
        "2 max(x, 0) - max(0, x)": (
            _network([[1], [0], [0], [1]], [[2, -1]], activation=_pool([0, 1], [2, 3])),
            "2",
        ),
    }
