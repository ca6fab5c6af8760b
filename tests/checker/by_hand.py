"""Certificate files written by hand: each result is derived in a comment, no line of it was computed by symflow.

They are what the checker is tested with: it must accept them as they are, and refuse them with anything changed.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def problem_tree(activation: object, weights: object, inputs: object, **objective: object) -> Json:
    """Return the tree of a problem; keywords go to the objective, `labels` and `biases` where they belong."""
    labels = objective.pop("labels", None)
    biases = objective.pop("biases", None)
    network = {"activation": [activation] if not isinstance(activation, list) else activation, "weights": weights}
    data = {"inputs": inputs}
    if labels is not None:
        data["labels"] = labels
    if biases is not None:
        network["biases"] = biases
    return {
        "network": network,
        "data": data,
        "objective": {"kind": "output", "variable": "weights", "output": 1} | objective,
    }


def arc(pattern: str, gradient: list[str], *directions: list[str]) -> Json:
    return {"pattern": pattern, "gradient": gradient, "certificate": {"kind": "arc", "arc": list(directions)}}


def refuted(pattern: str, *terms: Json) -> Json:
    return {"pattern": pattern, "certificate": {"kind": "multipliers", "terms": list(terms)}}


def term(layer: int, unit: int, datum: int, *factors: Json, multiplier: str = "1") -> Json:
    constraint = {"layer": layer, "unit": unit, "datum": datum}
    return {"multiplier": multiplier, "factors": list(factors), "constraint": constraint}


def point_hull(gradient: list[str], autodiff: list[str] | None) -> Json:
    return {
        "functionals": [["0"] * len(gradient)],
        "inner": [],
        "minimal_norm_weights": ["1"],
        "autodiff_weights": autodiff,
    }


def one_kink() -> Json:
    """relu, W1 = [[1, -1], [2, 1]], W2 = [3, -1] at x = (1, 1): z = (0, 3), f = -3.

    Neuron 1 is on its kink: its block of the gradient is 0 or 3x = (3, 3). Neuron 2 is active: -x. The derivative in
    W2 is relu(z) = (0, 3). The shortest element takes 0 in the first block: 1 + 1 + 9 = 11. Euler: <s, w> = 2 f = -6.
    """
    first = {
        "neuron": 1,
        "parameters": ["W1[1,1]", "W1[1,2]"],
        "vertices": [["0", "0"], ["3", "3"]],
        "n_limiting_gradients": 2,
        "dimension": 1,
        "cells": [arc("-", ["0", "0"], ["-1", "0"]), arc("+", ["3", "3"], ["1", "0"])],
        "refuted": [],
        "hull": {
            "functionals": [["-1", "0"], ["1", "0"]],
            "inner": [],
            "minimal_norm_weights": ["1", "0"],
            "autodiff_weights": ["1", "0"],
        },
    }
    second = {
        "neuron": 2,
        "parameters": ["W1[2,1]", "W1[2,2]"],
        "vertices": [["-1", "-1"]],
        "n_limiting_gradients": 1,
        "dimension": 0,
        "cells": [arc("+", ["-1", "-1"])],
        "refuted": [],
        "hull": point_hull(["-1", "-1"], ["1"]),
    }
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree("relu", [[["1", "-1"], ["2", "1"]], [["3", "-1"]]], [["1", "1"]]),
        "status": "exact",
        "variable": "weights",
        "parameters": ["W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]"],
        "point": ["1", "-1", "2", "1", "3", "-1"],
        "value": "-3",
        "vertices": [["0", "0", "-1", "-1", "0", "3"], ["3", "3", "-1", "-1", "0", "3"]],
        "n_vertices": 2,
        "n_limiting_gradients": 2,
        "dimension": 1,
        "minimal_norm_element": ["0", "0", "-1", "-1", "0", "3"],
        "minimal_norm_squared": "11",
        "contains_zero": False,
        "euler": {"degree": 2, "value": "-6", "layers": ["-3", "-3"]},
        "sum_rule": None,
        "autodiff": {
            "gradient": ["0", "0", "-1", "-1", "0", "3"],
            "in_differential": True,
            "separator": None,
        },
        "trusts": [],
        "factors": [first, second],
        "constant": {"parameters": ["W2[1,1]", "W2[1,2]"], "values": ["0", "3"]},
    }


def identity_in_disguise() -> Json:
    """relu(x) - relu(-x) = x at 0, as a function of the input: {1}, where automatic differentiation says 0.

    z = (x, -x): patterns +- and -+ by the directions 1 and -1; ++ and -- are refuted by x + (-x) = 0.
    """
    both = [term(1, 1, 1), term(1, 2, 1)]
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree("relu", [[["1"], ["-1"]], [["1", "-1"]]], [["0"]], variable="input", at=["0"]),
        "status": "exact",
        "variable": "input",
        "parameters": ["x[1]"],
        "point": ["0"],
        "value": "0",
        "vertices": [["1"]],
        "n_vertices": 1,
        "n_limiting_gradients": 1,
        "dimension": 0,
        "minimal_norm_element": ["1"],
        "minimal_norm_squared": "1",
        "contains_zero": False,
        "euler": {"degree": 1, "value": "0", "layers": []},
        "sum_rule": None,
        "autodiff": {"gradient": ["0"], "in_differential": False, "separator": ["1"]},
        "trusts": [],
        "cells": [arc("-+", ["1"], ["-1"]), arc("+-", ["1"], ["1"])],
        "refuted": [refuted("--", *both), refuted("++", *both)],
        "hull": point_hull(["1"], None),
    }


ZERO = ["0"] * 5


def first_order_is_blind() -> Json:
    """One datum x = -1, W1 = (0, 0), W2 = (-1, 0), W3 = -1: a segment which no first-order method sees.

    z1 = (-a, -b) with W1 = (a, b); z2 = W2[1,1] h1 + W2[1,2] h2. On the pattern +++ the gradient in a is
    W3 W2[1,1] x = -1; it is reached with a of second order: a = -eps^2, b = -eps, W2[1,2] = 2 eps give
    z2 = -eps^2 + 2 eps^2. On +- the sign of z2 = W2[1,1] h1 is that of W2[1,1], negative near w: +-+ is refuted by
    (-W2[1,1]) z11 + z2 = 0. On -- h = 0, so the second layer is exempt. All other gradients vanish, since h and
    W2[1,2] vanish at w.
    """
    one = ["-1", "0", "0", "0", "0"]
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree(["relu", "relu"], [[["0"], ["0"]], [["-1", "0"]], [["-1"]]], [["-1"]]),
        "status": "exact",
        "variable": "weights",
        "parameters": ["W1[1,1]", "W1[2,1]", "W2[1,1]", "W2[1,2]", "W3[1,1]"],
        "point": ["0", "0", "-1", "0", "-1"],
        "value": "0",
        "vertices": [one, ZERO],
        "n_vertices": 2,
        "n_limiting_gradients": 2,
        "dimension": 1,
        "minimal_norm_element": ZERO,
        "minimal_norm_squared": "0",
        "contains_zero": True,
        "euler": {"degree": 3, "value": "0", "layers": ["0", "0", "0"]},
        "sum_rule": None,
        "autodiff": {"gradient": ZERO, "in_differential": True, "separator": None},
        "trusts": [],
        "cells": [
            arc("--0", ZERO, ["1", "1", "0", "0", "0"]),
            arc("-+-", ZERO, ["1", "-1", "0", "-1", "0"]),
            arc("-++", ZERO, ["1", "-1", "0", "1", "0"]),
            arc("+--", ZERO, ["-1", "1", "0", "0", "0"]),
            arc("++-", ZERO, ["-1", "-1", "0", "0", "0"]),
            arc("+++", one, ["0", "-1", "0", "2", "0"], ["-1", "0", "0", "0", "0"]),
        ],
        "refuted": [
            refuted("+-+", term(1, 1, 1, {"kind": "parameter", "name": "W2[1,1]"}), term(2, 1, 1)),
        ],
        "hull": {
            "functionals": [one, ["1", "0", "0", "0", "0"]],
            "inner": [],
            "minimal_norm_weights": ["0", "1"],
            "autodiff_weights": ["0", "1"],
        },
    }


def corner_of_a_maximum() -> Json:
    """max(x1, x2, 0) at 0 as a maxpool group of three rows: the triangle of (0, 0), (0, 1), (1, 0).

    Automatic differentiation takes the first member, (1, 0).
    """
    activation = {"name": "maxpool", "groups": [[0, 1, 2]]}
    weights = [[["1", "0"], ["0", "1"], ["0", "0"]], [["1"]]]
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree(activation, weights, [["0", "0"]], variable="input", at=["0", "0"]),
        "status": "exact",
        "variable": "input",
        "parameters": ["x[1]", "x[2]"],
        "point": ["0", "0"],
        "value": "0",
        "vertices": [["0", "0"], ["0", "1"], ["1", "0"]],
        "n_vertices": 3,
        "n_limiting_gradients": 3,
        "dimension": 2,
        "minimal_norm_element": ["0", "0"],
        "minimal_norm_squared": "0",
        "contains_zero": True,
        "euler": {"degree": 1, "value": "0", "layers": []},
        "sum_rule": None,
        "autodiff": {"gradient": ["1", "0"], "in_differential": True, "separator": None},
        "trusts": [],
        "cells": [
            arc("1", ["1", "0"], ["1", "0"]),
            arc("2", ["0", "1"], ["0", "1"]),
            arc("3", ["0", "0"], ["-1", "-1"]),
        ],
        "refuted": [],
        "hull": {
            "functionals": [["-1", "-1"], ["0", "1"], ["1", "0"]],
            "inner": [],
            "minimal_norm_weights": ["1", "0", "0"],
            "autodiff_weights": ["0", "0", "1"],
        },
    }


def two_opposite_data() -> Json:
    """The exponential risk of W1 = [[1, -1], [-1, 0]], W2 = [1, -1/2] on ±(1, 1) with labels ±1.

    Outputs 0 and -1/2, margins 0 and 1/2, so with e = exp(-1/2): c = (-1, e), value 1 + e. Neuron 1 vanishes on both
    data, which are opposite: its cells are +- and -+, with gradients -(1, 1) and -e (1, 1). Neuron 2 is active on
    the second datum: e (-1/2) (-1, -1) = e/2 (1, 1). In W2: (0, e). Shortest: -e (1, 1) in the first block,
    2 e^2 + e^2/2 + e^2 = 7/2 exp(-1). F = c1 f1 + c2 f2 = -e/2. The sum rule fails: (1, 1) is in both spans.
    """
    e = "exp(-1/2)"
    both = [term(1, 1, 1), term(1, 1, 2)]
    first = {
        "neuron": 1,
        "parameters": ["W1[1,1]", "W1[1,2]"],
        "vertices": [["-1", "-1"], [f"-{e}", f"-{e}"]],
        "n_limiting_gradients": 2,
        "dimension": 1,
        "cells": [
            arc("-|+", [f"-{e}", f"-{e}"], ["-1", "0"]),
            arc("+|-", ["-1", "-1"], ["1", "0"]),
        ],
        "refuted": [refuted("-|-", *both), refuted("+|+", *both)],
        "hull": {
            "functionals": [["-1", "0"], ["1", "0"]],
            "inner": [],
            "minimal_norm_weights": ["0", "1"],
            "autodiff_weights": None,
        },
    }
    second = {
        "neuron": 2,
        "parameters": ["W1[2,1]", "W1[2,2]"],
        "vertices": [[f"{e}/2", f"{e}/2"]],
        "n_limiting_gradients": 1,
        "dimension": 0,
        "cells": [arc("-|+", [f"{e}/2", f"{e}/2"])],
        "refuted": [],
        "hull": point_hull([e, e], ["1"]),
    }
    rest = [f"{e}/2", f"{e}/2", "0", e]
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem_tree(
            "relu",
            [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]],
            [["1", "1"], ["-1", "-1"]],
            labels=["1", "-1"],
            kind="risk",
            loss="exponential",
            reduction="sum",
        ),
        "status": "exact",
        "variable": "weights",
        "parameters": ["W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]"],
        "point": ["1", "-1", "-1", "0", "1", "-1/2"],
        "value": f"1 + {e}",
        "vertices": [["-1", "-1", *rest], [f"-{e}", f"-{e}", *rest]],
        "n_vertices": 2,
        "n_limiting_gradients": 2,
        "dimension": 1,
        "minimal_norm_element": [f"-{e}", f"-{e}", *rest],
        "minimal_norm_squared": "7*exp(-1)/2",
        "contains_zero": False,
        "euler": {"degree": 2, "value": f"-{e}", "layers": [f"-{e}/2", f"-{e}/2"]},
        "sum_rule": {"holds": False, "witness": {"neuron": 1, "vector": ["1", "1"]}},
        "autodiff": {
            "gradient": ["0", "0", *rest],
            "in_differential": False,
            "separator": ["-1", "-1", "0", "0", "0", "0"],
        },
        "trusts": [],
        "factors": [first, second],
        "constant": {"parameters": ["W2[1,1]", "W2[1,2]"], "values": ["0", e]},
    }


def pool_of_two_data() -> Json:
    """max(a, b) + max(-a, -b) = |a - b| at 0: a maxpool group of two rows on the data 1 and -1.

    Its cells are 1|2 (a > b) with gradient (1, 0) + (0, -1) and 2|1 with (-1, 1); 1|1 is refuted by
    (a - b) + (b - a) = 0. The first datum alone has the segment from (0, 1) to (1, 0), the second that from (-1, 0)
    to (0, -1). Their four sums (-1, 1), (0, 0), (0, 0), (1, -1) lie in the set: the sum rule holds.
    F(w) = 0, and W2's derivative is 0.
    """
    coefficients = ["1", "1"]
    problem = problem_tree(
        {"name": "maxpool", "groups": [[0, 1]]},
        [[["0"], ["0"]], [["1"]]],
        [["1"], ["-1"]],
        kind="combination",
        coefficients=coefficients,
    )

    def against(datum: int, member: int) -> Json:
        return {"layer": 1, "group": 1, "datum": datum, "against": member}

    def opposite(pattern: str, member: int) -> Json:
        terms = [{"multiplier": "1", "factors": [], "constraint": against(datum, member)} for datum in (1, 2)]
        return refuted(pattern, *terms)

    def factor(vertices: list[list[str]], u: list[str], cells: list[Json], refuted_patterns: list[Json]) -> Json:
        return {
            "neuron": 1,
            "parameters": ["W1[1,1]", "W1[2,1]"],
            "vertices": vertices,
            "n_limiting_gradients": 2,
            "dimension": 1,
            "cells": cells,
            "refuted": refuted_patterns,
            "hull": {
                "functionals": [u, ["0" if entry == "0" else f"-{entry}" for entry in u]],
                "inner": [],
                "minimal_norm_weights": ["1/2", "1/2"],
                "autodiff_weights": None,
            },
        }

    constant = {"parameters": ["W2[1,1]"], "values": ["0"]}
    whole = factor(
        [["-1", "1"], ["1", "-1"]],
        ["0", "1"],
        [arc("1|2", ["1", "-1"], ["1", "0"]), arc("2|1", ["-1", "1"], ["-1", "0"])],
        [opposite("1|1", 2), opposite("2|2", 1)],
    )
    whole["hull"]["autodiff_weights"] = ["1/2", "1/2"]  # the first member on both data: (1, 0) + (-1, 0)
    parts = [
        {
            "datum": 1,
            "factors": [
                factor(
                    [["0", "1"], ["1", "0"]],
                    ["0", "1"],
                    [arc("1", ["1", "0"], ["1", "0"]), arc("2", ["0", "1"], ["0", "1"])],
                    [],
                )
            ],
            "constant": constant,
        },
        {
            "datum": 2,
            "factors": [
                factor(
                    [["-1", "0"], ["0", "-1"]],
                    ["0", "1"],
                    [arc("1", ["-1", "0"], ["-1", "0"]), arc("2", ["0", "-1"], ["0", "-1"])],
                    [],
                )
            ],
            "constant": constant,
        },
    ]
    half = {"0": "1/2", "1": "1/2"}
    weights = {(0, 0): {"0": "1"}, (0, 1): half, (1, 0): half, (1, 1): {"1": "1"}}
    sums = [{"factor": 0, "choice": list(choice), "weights": each} for choice, each in weights.items()]
    return {
        "command": "clarke",
        "symflow": "0.1.0",
        "problem": problem,
        "status": "exact",
        "variable": "weights",
        "parameters": ["W1[1,1]", "W1[2,1]", "W2[1,1]"],
        "point": ["0", "0", "1"],
        "value": "0",
        "vertices": [["-1", "1", "0"], ["1", "-1", "0"]],
        "n_vertices": 2,
        "n_limiting_gradients": 2,
        "dimension": 1,
        "minimal_norm_element": ["0", "0", "0"],
        "minimal_norm_squared": "0",
        "contains_zero": True,
        "euler": {"degree": 2, "value": "0", "layers": ["0", "0"]},
        "sum_rule": {"holds": True, "comparison": {"parts": parts, "sums": sums}},
        "autodiff": {"gradient": ["0", "0", "0"], "in_differential": True, "separator": None},
        "trusts": [],
        "factors": [whole],
        "constant": constant,
    }


def sum_rule_of_a_pool_fails() -> Json:
    """2 max(a, b) - max(a, b) at 0, on the data 2 and 1: the set is that of max(a, b), but the sum is larger.

    The vertex (0, 2) of the first datum and the vertex (-1, 0) of the second give (-1, 2), where the functional
    (1, 0) is -1, less than 0 and 1 on the set. Patterns: both data have the same winner.
    """
    result = pool_of_two_data()
    result["problem"]["data"]["inputs"] = [["2"], ["1"]]
    result["problem"]["objective"]["coefficients"] = ["1", "-1"]
    (whole,) = result["factors"]
    first, second = (part["factors"][0] for part in result["sum_rule"]["comparison"]["parts"])
    whole["vertices"] = [["0", "1"], ["1", "0"]]
    whole["cells"] = [arc("1|1", ["1", "0"], ["1", "0"]), arc("2|2", ["0", "1"], ["0", "1"])]
    one = {"layer": 1, "group": 1, "datum": 1, "against": 2}
    two = {"layer": 1, "group": 1, "datum": 2, "against": 1}
    terms = [
        {"multiplier": "1", "factors": [], "constraint": one},
        {"multiplier": "2", "factors": [], "constraint": two},
    ]
    other = [
        {"multiplier": "1", "factors": [], "constraint": one | {"against": 1}},
        {"multiplier": "2", "factors": [], "constraint": two | {"against": 2}},
    ]
    whole["refuted"] = [refuted("1|2", *terms), refuted("2|1", *other)]
    whole["hull"]["autodiff_weights"] = ["0", "1"]
    first["vertices"] = [["0", "2"], ["2", "0"]]
    first["cells"] = [arc("1", ["2", "0"], ["1", "0"]), arc("2", ["0", "2"], ["0", "1"])]
    second["cells"] = [arc("1", ["-1", "0"], ["1", "0"]), arc("2", ["0", "-1"], ["0", "1"])]
    result["vertices"] = [["0", "1", "0"], ["1", "0", "0"]]
    result["minimal_norm_element"] = ["1/2", "1/2", "0"]
    result["minimal_norm_squared"] = "1/2"
    result["contains_zero"] = False
    result["autodiff"]["gradient"] = ["1", "0", "0"]
    result["sum_rule"]["holds"] = False
    result["sum_rule"]["comparison"]["sums"] = [{"factor": 0, "choice": [0, 0], "separator": ["1", "0"]}]
    return result


def undecided_cell() -> Json:
    """The blind example with the hardest cell declared undecided: {0} inside, the segment around."""
    result = first_order_is_blind()
    one, zero = result["vertices"]
    hull = result.pop("hull")
    result |= {
        "status": "enclosed",
        "cells": [cell for cell in result["cells"] if cell["pattern"] != "+++"],
        "undecided": [{"pattern": "+++"}],
        "inner_vertices": [zero],
        "inner_hull": point_hull(zero, None),
        "outer_vertices": [one, zero],
        "outer_hull": hull | {"autodiff_weights": None},
        "vertices": None,
        "n_vertices": None,
        "n_limiting_gradients": None,
        "dimension": None,
        "minimal_norm_element": None,
        "minimal_norm_squared": None,
    }
    return result


def undecided_factor() -> Json:
    """One kink, the active side of neuron 1 declared undecided."""
    result = one_kink()
    inactive, active = result["vertices"]
    first = result["factors"][0]
    hull = first.pop("hull")
    first |= {
        "cells": first["cells"][:1],
        "undecided": [{"pattern": "+"}],
        "inner_vertices": [["0", "0"]],
        "inner_hull": point_hull(["0", "0"], None),
        "outer_vertices": first.pop("vertices"),
        "outer_hull": hull | {"autodiff_weights": None},
        "n_limiting_gradients": None,
        "dimension": None,
    }
    result |= {
        "status": "enclosed",
        "inner_vertices": [inactive],
        "outer_vertices": [inactive, active],
        "vertices": None,
        "n_vertices": None,
        "n_limiting_gradients": None,
        "dimension": None,
        "minimal_norm_element": None,
        "minimal_norm_squared": None,
    }
    return result


def two_zero_matrices() -> Json:
    """W1 = W2 = 0, no biases, three matrices: every monomial of every piece has an entry of each, so {0}."""
    zero = ["0"] * 3
    return first_order_is_blind() | {
        "problem": problem_tree(["relu", "relu"], [[["0"]], [["0"]], [["2"]]], [["1"]]),
        "parameters": ["W1[1,1]", "W2[1,1]", "W3[1,1]"],
        "point": ["0", "0", "2"],
        "vertices": [zero],
        "n_vertices": 1,
        "n_limiting_gradients": 1,
        "dimension": 0,
        "minimal_norm_element": zero,
        "autodiff": {"gradient": zero, "in_differential": True, "separator": None},
        "cells": [],
        "refuted": [],
        "reason": {"kind": "two_zero_matrices", "layers": [1, 2]},
        "hull": None,
    }


def smooth() -> Json:
    """relu_power 2 with W1 = 0, W2 = 1, x = 1: continuously differentiable, gradient (0, 0), F of degree 2 + 1."""
    zero = ["0"] * 2
    return first_order_is_blind() | {
        "problem": problem_tree({"name": "relu_power", "power": 2}, [[["0"]], [["1"]]], [["1"]]),
        "parameters": ["W1[1,1]", "W2[1,1]"],
        "point": ["0", "1"],
        "vertices": [zero],
        "n_vertices": 1,
        "n_limiting_gradients": 1,
        "dimension": 0,
        "minimal_norm_element": zero,
        "euler": {"degree": 3, "value": "0", "layers": ["0", "0"]},
        "autodiff": {"gradient": zero, "in_differential": True, "separator": None},
        "cells": [],
        "refuted": [],
        "factors": [],
        "constant": {"parameters": ["W1[1,1]", "W2[1,1]"], "values": zero},
        "reason": {"kind": "continuously_differentiable"},
        "hull": None,
    }


def audit_of_one_kink() -> Json:
    """The four conventions at one kink: slope 0 is autodiff's and the left one; 1/2 in the middle; 1 on the right.

    Proposition 8: x = (1, 1) is alone on neuron 1's kink, and (-1, 0) has a negative product with it.
    """
    rest = ["-1", "-1", "0", "3"]

    def convention(name: str, slope: str, weights: list[str]) -> Json:
        gradient = [slope, slope, *rest]
        return {
            "name": name,
            "gradient": gradient,
            "in_differential": True,
            "separator": None,
            "weights": [weights, ["1"]],
        }

    differential = one_kink()
    return {
        "command": "audit",
        "symflow": "0.1.0",
        "problem": differential["problem"],
        "conventions": [
            convention("autodiff", "0", ["1", "0"]),
            convention("lower", "0", ["1", "0"]),
            convention("middle", "3/2", ["1/2", "1/2"]),
            convention("upper", "3", ["0", "1"]),
        ],
        "safe_by": "proposition 8",
        "safe_by_witness": {"directions": {"1": ["-1", "0"], "2": ["0", "0"]}},
        "differential": differential,
    }


def audit_of_the_identity() -> Json:
    """relu(x) - relu(-x) at 0: slope 0 gives 0, slope 1 gives 1 - (-1) = 2, their mean 1; only the last lies in {1}."""
    differential = identity_in_disguise()

    def convention(name: str, gradient: str, separator: str | None) -> Json:
        return {
            "name": name,
            "gradient": [gradient],
            "in_differential": separator is None,
            "separator": None if separator is None else [separator],
            "weights": ["1"] if separator is None else None,
        }

    return {
        "command": "audit",
        "symflow": "0.1.0",
        "problem": differential["problem"],
        "conventions": [
            convention("autodiff", "0", "1"),
            convention("lower", "0", "1"),
            convention("middle", "1", None),
            convention("upper", "2", "-1"),
        ],
        "safe_by": None,
        "differential": differential,
    }


ALL = {
    function.__name__: function
    for function in (
        one_kink,
        identity_in_disguise,
        first_order_is_blind,
        corner_of_a_maximum,
        two_opposite_data,
        pool_of_two_data,
        sum_rule_of_a_pool_fails,
        undecided_cell,
        undecided_factor,
        two_zero_matrices,
        smooth,
        audit_of_one_kink,
        audit_of_the_identity,
    )
}
