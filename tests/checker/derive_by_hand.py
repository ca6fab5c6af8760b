"""Results of ``symflow derive`` written by hand, each derived in a comment; no line of them was computed by symflow."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def refuted(pattern: str, *terms: tuple[str, list[Json], Json]) -> Json:
    listed = [{"multiplier": m, "factors": factors, "constraint": constraint} for m, factors, constraint in terms]
    return {"pattern": pattern, "certificate": {"kind": "multipliers", "terms": listed}}


def condition(unit: int, datum: int = 1, layer: int = 1) -> Json:
    return {"kind": "constraint", "layer": layer, "unit": unit, "datum": datum}


def derived(network: Json, goal: Json, pieces: list[Json], **more: Any) -> Json:
    """Return a result; keywords replace what is usual."""
    problem = {"network": network, "objective": {"kind": "output", "variable": "weights", "output": 1} | goal}
    if "data" in more:
        problem["data"] = more.pop("data")
    return {
        "command": "derive",
        "symflow": "0.1.0",
        "problem": problem,
        "variable": problem["objective"]["variable"],
        "status": "complete",
        "symbols": [],
        "point": None,
        "objective": "f[1]",
        "coefficients": ["1"],
        "n_pieces": len(pieces),
        "pieces": pieces,
        "refuted": [],
        "undecided_patterns": [],
        "subgradients": None,
        "piecewise": None,
    } | more


def one_symbolic_neuron() -> Json:
    """f = W2 relu(W1 x), all symbols: two pieces; at W1 x = 0, x ≠ 0, the block is θ W2 x; at x = 0 f vanishes."""
    z = "W1[1,1]*x[1]"
    off = {
        "pattern": "-",
        "conditions": [f"{z} < 0"],
        "outputs": ["0"],
        "polynomial": "0",
        "gradient": {"W1": [["0"]], "W2": [["0"]]},
        "certificate": {"kind": "point", "point": {"W1[1,1]": "-1", "W2[1,1]": "0", "x[1]": "1"}},
    }
    on = {
        "pattern": "+",
        "conditions": [f"{z} > 0"],
        "outputs": ["W1[1,1]*W2[1,1]*x[1]"],
        "polynomial": "W1[1,1]*W2[1,1]*x[1]",
        "gradient": {"W1": [["W2[1,1]*x[1]"]], "W2": [["W1[1,1]*x[1]"]]},
        "certificate": {"kind": "point", "point": {"W1[1,1]": "1/2", "W2[1,1]": "0", "x[1]": "1"}},
    }
    kink = {
        "covector": "0",
        "data": [1],
        "conditions": [f"{z} = 0"],
        "assuming": ["x != 0"],
        "certificate": {"kind": "point", "point": {"W1[1,1]": "0", "x[1]": "1"}},
        "block": {
            "kind": "segments",
            "offset": ["0"],
            "segments": [{"parameter": "theta[1]", "minus": ["0"], "plus": ["W2[1,1]*x[1]"]}],
        },
    }
    return derived(
        {"activation": ["relu"], "widths": [1, 1, 1]},
        {},
        [off, on],
        symbols=["W1[1,1]", "W2[1,1]", "x[1]"],
        subgradients={
            "kind": "product",
            "neurons": [{"neuron": 1, "parameters": ["W1[1,1]"], "kinks": [kink]}],
            "others": "continuous",
            "at_zero": {"conditions": ["x[1] = 0"], "block": {"kind": "point"}},
        },
        piecewise=f"Piecewise((0, {z} <= 0), (W1[1,1]*W2[1,1]*x[1], {z} >= 0))",
    )


def identity_in_disguise() -> Json:
    """relu(x) - relu(-x) = x: z = (x, -x), so ++ and -- are refuted by z1 + z2 = 0; both pieces are x."""

    def piece(pattern: str, conditions: list[str], x: str) -> Json:
        return {
            "pattern": pattern,
            "conditions": conditions,
            "outputs": ["x[1]"],
            "polynomial": "x[1]",
            "gradient": {"x": ["1"]},
            "certificate": {"kind": "point", "point": {"x[1]": x}},
        }

    both: list[tuple[str, list[Json], Json]] = [("1", [], condition(1)), ("1", [], condition(2))]
    return derived(
        {"activation": ["relu"], "weights": [[["1"], ["-1"]], [["1", "-1"]]]},
        {"variable": "input"},
        [piece("-+", ["x[1] < 0", "-x[1] > 0"], "-1"), piece("+-", ["x[1] > 0", "-x[1] < 0"], "2/3")],
        symbols=["x[1]"],
        refuted=[refuted("--", *both), refuted("++", *both)],
        piecewise="Piecewise((x[1], (x[1] <= 0) & (-x[1] >= 0)), (x[1], (x[1] >= 0) & (-x[1] <= 0)))",
    )


def two_opposite_data() -> Json:
    """The exponential risk of W2 relu(W1 x) on x = 1, -1, labels 1, -1: z = (w, -w), w = W1, v = W2.

    w > 0: f = (wv, 0), F = exp(-wv) + 1, so ∇F = -exp(-wv) (v, w). w < 0: f = (0, -wv), margin wv, F = 1 + exp(-wv),
    the same gradient. w = 0 is the one kink; both data are on it and parallel, hence one segment: from the cell -+ with
    c2 v (-1) to the cell +- with c1 v. c = (-exp(-f1), exp(f2)).
    """

    def piece(pattern: str, signs: tuple[str, str], outputs: list[str], value: str, w: str) -> Json:
        return {
            "pattern": pattern,
            "conditions": [f"W1[1,1] {signs[0]} 0", f"-W1[1,1] {signs[1]} 0"],
            "outputs": outputs,
            "polynomial": value,
            "gradient": {
                "W1": [["-W2[1,1]*exp(-W1[1,1]*W2[1,1])"]],
                "W2": [["-W1[1,1]*exp(-W1[1,1]*W2[1,1])"]],
            },
            "certificate": {"kind": "point", "point": {"W1[1,1]": w, "W2[1,1]": "7"}},
        }

    kink = {
        "covector": "00",
        "data": [1, 2],
        "conditions": ["W1[1,1] = 0", "-W1[1,1] = 0"],
        "assuming": [],
        "certificate": {"kind": "point", "point": {"W1[1,1]": "0"}},
        "block": {
            "kind": "segments",
            "offset": ["0"],
            "segments": [{"parameter": "theta[1]", "minus": ["-W2[1,1]*c[2]"], "plus": ["W2[1,1]*c[1]"]}],
        },
    }
    both: list[tuple[str, list[Json], Json]] = [("1", [], condition(1, 1)), ("1", [], condition(1, 2))]
    e = "exp(-W1[1,1]*W2[1,1])"
    return derived(
        {"activation": ["relu"], "widths": [1, 1, 1]},
        {"kind": "risk", "loss": "exponential"},
        [
            piece("-|+", ("<", ">"), ["0", "-W1[1,1]*W2[1,1]"], f"1 + {e}", "-1"),
            piece("+|-", (">", "<"), ["W1[1,1]*W2[1,1]", "0"], f"{e} + 1", "1"),
        ],
        data={"inputs": [["1"], ["-1"]], "labels": ["1", "-1"]},
        symbols=["W1[1,1]", "W2[1,1]"],
        objective="exp(-f[1]) + exp(f[2])",
        coefficients=["-exp(-f[1])", "exp(f[2])"],
        refuted=[refuted("-|-", *both), refuted("+|+", *both)],
        subgradients={
            "kind": "product",
            "neurons": [{"neuron": 1, "parameters": ["W1[1,1]"], "kinks": [kink]}],
            "others": "continuous",
            "at_zero": None,
        },
        piecewise=f"Piecewise((1 + {e}, (W1[1,1] <= 0) & (-W1[1,1] >= 0)), "
        f"({e} + 1, (W1[1,1] >= 0) & (-W1[1,1] <= 0)))",
    )


def pool_of_two() -> Json:
    """max(a, b) v on x = 1, f1 - 2 f2 with x = 1 and 0: at 0 all vanishes, so F = max(a, b) v, and datum 2 is exempt.

    a = W1[1,1], b = W1[2,1]. On x = 0 both members are zero, so the first one is the winner, without a condition.
    """

    def piece(winner: int, sign: str, a: str) -> Json:
        name = f"W1[{winner},1]"
        gradient = [["W2[1,1]"], ["0"]] if winner == 1 else [["0"], ["W2[1,1]"]]
        return {
            "pattern": f"{winner}|1",
            "conditions": [f"{sign}W1[1,1] {'-' if sign == '' else '+'} W1[2,1] > 0"],
            "outputs": [f"{name}*W2[1,1]", "0"],
            "polynomial": f"{name}*W2[1,1]",
            "gradient": {"W1": gradient, "W2": [[name]]},
            "certificate": {"kind": "point", "point": {"W1[1,1]": a, "W1[2,1]": "0", "W2[1,1]": "1"}},
        }

    kink = {
        "covector": "12|1",
        "data": [1],
        "conditions": ["W1[1,1] - W1[2,1] = 0"],
        "assuming": [],
        "certificate": {"kind": "point", "point": {"W1[1,1]": "3", "W1[2,1]": "3"}},
        "block": {
            "kind": "hull",
            "points": [{"cell": "11", "value": ["W2[1,1]", "0"]}, {"cell": "21", "value": ["0", "W2[1,1]"]}],
        },
    }
    group = {"group": 1, "parameters": ["W1[1,1]", "W1[2,1]"], "kinks": [kink]}
    return derived(
        {"activation": [{"name": "maxpool", "groups": [[0, 1]]}], "widths": [1, 2, 1]},
        {"kind": "combination", "coefficients": ["1", "-2"]},
        [piece(1, "", "1"), piece(2, "-", "-1")],
        data={"inputs": [["1"], ["0"]]},
        symbols=["W1[1,1]", "W1[2,1]", "W2[1,1]"],
        objective="f[1] - 2*f[2]",
        coefficients=["1", "-2"],
        subgradients={"kind": "product", "neurons": [group], "others": "continuous", "at_zero": None},
        piecewise="Piecewise((W1[1,1]*W2[1,1], W1[1,1] - W1[2,1] >= 0), (W1[2,1]*W2[1,1], -W1[1,1] + W1[2,1] >= 0))",
    )


def absolute_value_at_a_kink() -> Json:
    """The logistic risk of v |w| on x = 1, label 1, at (w, v) = (0, 1): F = log(1 + exp(-v |w|)).

    On ±w > 0: f = ±wv, ∇F = -(±v, ±w) / (1 + exp(±wv)), which tends to (∓1/2, 0).
    """

    def piece(character: str, f: str, minus_f: str, entries: tuple[str, str], limit: str, step: str) -> Json:
        return {
            "pattern": character,
            "conditions": [f"W1[1,1] {'>' if character == '+' else '<'} 0"],
            "outputs": [f],
            "polynomial": f"log(1 + exp({minus_f}))",
            "gradient": {"W1": [[f"{entries[0]}/(exp({f}) + 1)"]], "W2": [[f"{entries[1]}/(exp({f}) + 1)"]]},
            "gradient_at_point": {"W1": [[limit]], "W2": [["0"]]},
            "certificate": {"kind": "arc", "arc": [[step, "0"]]},
        }

    wv, minus = "W1[1,1]*W2[1,1]", "-W1[1,1]*W2[1,1]"
    return derived(
        {"activation": ["abs"], "weights": [[["0"]], [["1"]]]},
        {"kind": "risk", "loss": "logistic"},
        [
            piece("-", minus, wv, ("W2[1,1]", "W1[1,1]"), "1/2", "-1"),
            piece("+", wv, minus, ("-W2[1,1]", "-W1[1,1]"), "-1/2", "1"),
        ],
        data={"inputs": [["1"]], "labels": ["1"]},
        symbols=["W1[1,1]", "W2[1,1]"],
        point=["0", "1"],
        objective="log(1 + exp(-f[1]))",
        coefficients=["-1/(exp(f[1]) + 1)"],
        subgradients={"kind": "hull", "gradients": [["1/2", "0"], ["-1/2", "0"]]},
        piecewise=f"Piecewise((log(1 + exp({wv})), W1[1,1] <= 0), (log(1 + exp({minus})), W1[1,1] >= 0))",
    )


def identity_at_its_kink() -> Json:
    """relu(x) - relu(-x) = x at x = 0, as above: the arcs -1 and 1 lead into -+ and +-; both gradients tend to 1."""
    result = identity_in_disguise()
    result["problem"]["objective"]["at"] = ["0"]
    for piece, step in zip(result["pieces"], ("-1", "1"), strict=True):
        piece |= {"certificate": {"kind": "arc", "arc": [[step]]}, "gradient_at_point": {"x": ["1"]}}
    for entry in result["refuted"]:
        for term in entry["certificate"]["terms"]:
            term["constraint"] = {"layer": 1, "unit": term["constraint"]["unit"], "datum": 1}
    return result | {"point": ["0"], "subgradients": {"kind": "hull", "gradients": [["1"]]}}


def absolute_value_with_biases_at_a_kink() -> Json:
    """v |w + b| + c at (w, b, v, c) = (0, 0, 1, 0), on x = 1: the gradient ±(v, v, w + b, 0) + (0, 0, 0, 1)."""

    def piece(character: str, sign: str, step: str) -> Json:
        z = "W1[1,1] + b1[1]"
        return {
            "pattern": character,
            "conditions": [f"{z} {'>' if character == '+' else '<'} 0"],
            "outputs": [f"{sign}1*({z})*W2[1,1] + b2[1]"],
            "polynomial": f"{sign}1*({z})*W2[1,1] + b2[1]",
            "gradient": {
                "W1": [[f"{sign}W2[1,1]"]],
                "b1": [f"{sign}W2[1,1]"],
                "W2": [[f"{sign}1*({z})"]],
                "b2": ["1"],
            },
            "gradient_at_point": {"W1": [[f"{sign}1"]], "b1": [f"{sign}1"], "W2": [["0"]], "b2": ["1"]},
            "certificate": {"kind": "arc", "arc": [[step, "0", "0", "0"]]},
        }

    z = "W1[1,1] + b1[1]"
    return derived(
        {"activation": ["abs"], "weights": [[["0"]], [["1"]]], "biases": [["0"], ["0"]]},
        {},
        [piece("-", "-", "-1"), piece("+", "", "1")],
        data={"inputs": [["1"]]},
        symbols=["W1[1,1]", "b1[1]", "W2[1,1]", "b2[1]"],
        point=["0", "0", "1", "0"],
        subgradients={"kind": "hull", "gradients": [["-1", "-1", "0", "1"], ["1", "1", "0", "1"]]},
        piecewise=f"Piecewise((b2[1] - ({z})*W2[1,1], {z} <= 0), (b2[1] + ({z})*W2[1,1], {z} >= 0))",
    )


def square_of_a_neuron() -> Json:
    """v relu(w x)², all symbols: continuously differentiable, the gradient 2 v (w x) x and (w x)² where w x > 0."""
    z = "W1[1,1]*x[1]"
    off = one_symbolic_neuron()["pieces"][0]
    on = {
        "pattern": "+",
        "conditions": [f"{z} > 0"],
        "outputs": [f"W2[1,1]*({z})**2"],
        "polynomial": f"W2[1,1]*({z})**2",
        "gradient": {"W1": [["2*W1[1,1]*W2[1,1]*x[1]**2"]], "W2": [["W1[1,1]**2*x[1]**2"]]},
        "certificate": {"kind": "point", "point": {"W1[1,1]": "1", "W2[1,1]": "5", "x[1]": "1/3"}},
    }
    return derived(
        {"activation": [{"name": "relu_power", "power": 2}], "widths": [1, 1, 1]},
        {},
        [off, on],
        symbols=["W1[1,1]", "W2[1,1]", "x[1]"],
        subgradients={"kind": "continuously_differentiable"},
        piecewise=f"Piecewise((0, {z} <= 0), (W2[1,1]*({z})**2, {z} >= 0))",
    )


def two_rays() -> Json:
    """relu(x) + relu(-x - 1): z = (x, -x - 1), and ++ is refuted by z1 + z2 + 1 = 0."""

    def piece(pattern: str, signs: str, value: str, slope: str, x: str) -> Json:
        return {
            "pattern": pattern,
            "conditions": [f"x[1] {signs[0]} 0", f"-x[1] - 1 {signs[1]} 0"],
            "outputs": [value],
            "polynomial": value,
            "gradient": {"x": [slope]},
            "certificate": {"kind": "point", "point": {"x[1]": x}},
        }

    one: tuple[str, list[Json], Json] = ("1", [], {"kind": "one"})
    return derived(
        {"activation": ["relu"], "weights": [[["1"], ["-1"]], [["1", "1"]]], "biases": [["0", "-1"], ["0"]]},
        {"variable": "input"},
        [
            piece("--", "<<", "0", "0", "-1/2"),
            piece("-+", "<>", "-1 - x[1]", "-1", "-2"),
            piece("+-", "><", "x[1]", "1", "1"),
        ],
        symbols=["x[1]"],
        refuted=[refuted("++", ("1", [], condition(1)), ("1", [], condition(2)), one)],
        piecewise="Piecewise((0, (x[1] <= 0) & (-x[1] - 1 <= 0)), (-1 - x[1], (x[1] <= 0) & (-x[1] - 1 >= 0)), "
        "(x[1], (x[1] >= 0) & (-x[1] - 1 <= 0)))",
    )


def squared_risk_of_a_line() -> Json:
    """The mean of (f - y)²/2 for f = v w x on x = 1, 2 and y = 1, -1, with an identity: no kink, no condition."""
    f = "W1[1,1]*W2[1,1]"
    rate = f"(({f} - 1) + 2*(2*{f} + 1))/2"  # the derivative by vw
    piece = {
        "pattern": "|",
        "conditions": [],
        "outputs": [f, f"2*{f}"],
        "polynomial": f"({f} - 1)**2/4 + (2*{f} + 1)**2/4",
        "gradient": {"W1": [[f"W2[1,1]*{rate}"]], "W2": [[f"W1[1,1]*{rate}"]]},
        "certificate": {"kind": "point", "point": {"W1[1,1]": "0", "W2[1,1]": "0"}},
    }
    return derived(
        {"activation": ["identity"], "widths": [1, 1, 1]},
        {"kind": "risk", "loss": "squared", "reduction": "mean"},
        [piece],
        data={"inputs": [["1"], ["2"]], "labels": ["1", "-1"]},
        symbols=["W1[1,1]", "W2[1,1]"],
        objective="(f[1] - 1)**2/4 + (f[2] + 1)**2/4",
        coefficients=["f[1]/2 - 1/2", "f[2]/2 + 1/2"],
        subgradients={"kind": "continuously_differentiable"},
        piecewise=f"Piecewise((({f} - 1)**2/4 + (2*{f} + 1)**2/4, True))",
    )


def log_sum_exp_of_one_neuron() -> Json:
    """log(exp(-f1) + exp(f2)) for f = v relu(w x) on x = 1, 2: where w < 0 it is log(2).

    Where w > 0 it is L = log(exp(-wv) + exp(2wv)), with derivative r = (2 exp(2wv) - exp(-wv))/(exp(-wv) + exp(2wv)) by
    wv. z = (w, 2w): -|+ and +|- are refuted by 2 z1 = z2. At the kink w = 0 both data are parallel: one segment.
    """
    w, v = "W1[1,1]", "W2[1,1]"
    below = f"(exp(-{w}*{v}) + exp(2*{w}*{v}))"
    rate = f"(2*exp(2*{w}*{v}) - exp(-{w}*{v}))"

    def piece(pattern: str, sign: str, step: str, outputs: list[str], value: str, gradient: Json) -> Json:
        return {
            "pattern": pattern,
            "conditions": [f"{w} {sign} 0", f"2*{w} {sign} 0"],
            "outputs": outputs,
            "polynomial": value,
            "gradient": gradient,
            "certificate": {"kind": "point", "point": {w: step, v: "1"}},
        }

    kink = {
        "covector": "00",
        "data": [1, 2],
        "conditions": [f"{w} = 0", f"2*{w} = 0"],
        "assuming": [],
        "certificate": {"kind": "point", "point": {w: "0"}},
        "block": {
            "kind": "segments",
            "offset": ["0"],
            "segments": [{"parameter": "theta[1]", "minus": ["0"], "plus": [f"{v}*c[1] + 2*{v}*c[2]"]}],
        },
    }
    on = {"W1": [[f"{v}*{rate}/{below}"]], "W2": [[f"{w}*{rate}/{below}"]]}
    first: tuple[str, list[Json], Json] = ("2", [], condition(1, 1))
    second: tuple[str, list[Json], Json] = ("1", [], condition(1, 2))
    return derived(
        {"activation": ["relu"], "widths": [1, 1, 1]},
        {"kind": "log_sum_exp"},
        [
            piece("-|-", "<", "-1", ["0", "0"], "log(2)", {"W1": [["0"]], "W2": [["0"]]}),
            piece("+|+", ">", "1", [f"{w}*{v}", f"2*{w}*{v}"], f"log({below})", on),
        ],
        data={"inputs": [["1"], ["2"]], "labels": ["1", "-1"]},
        symbols=[w, v],
        objective="log(exp(-f[1]) + exp(f[2]))",
        coefficients=["-exp(-f[1])/(exp(-f[1]) + exp(f[2]))", "exp(f[2])/(exp(-f[1]) + exp(f[2]))"],
        refuted=[refuted("-|+", first, second), refuted("+|-", first, second)],
        subgradients={
            "kind": "product",
            "neurons": [{"neuron": 1, "parameters": [w], "kinks": [kink]}],
            "others": "continuous",
            "at_zero": None,
        },
        piecewise=f"Piecewise((log(2), ({w} <= 0) & (2*{w} <= 0)), (log({below}), ({w} >= 0) & (2*{w} >= 0)))",
    )


def known_weights_and_any_input() -> Json:
    """relu(relu(x)²) at weights 1, by these: f = W3 W2 (W1 x)² on x > 0; below 0 all features above vanish, so no kink.

    z = (x, x²) on +, so +- is refuted by x · x - x² = 0.
    """

    def piece(pattern: str, conditions: list[str], value: str, entries: tuple[str, str, str], x: str) -> Json:
        return {
            "pattern": pattern,
            "conditions": conditions,
            "outputs": [value],
            "polynomial": value,
            "gradient": {f"W{layer}": [[entry]] for layer, entry in enumerate(entries, 1)},
            "certificate": {"kind": "point", "point": {"x[1]": x}},
        }

    square = "x[1]**2"
    return derived(
        {"activation": [{"name": "relu_power", "power": 2}, "relu"], "weights": [[["1"]], [["1"]], [["1"]]]},
        {},
        [
            piece("-0", ["x[1] < 0"], "0", ("0", "0", "0"), "-1"),
            piece("++", ["x[1] > 0", f"{square} > 0"], square, (f"2*{square}", square, square), "1"),
        ],
        data={"inputs": "symbolic"},
        symbols=["x[1]"],
        refuted=[refuted("+-", ("1", [condition(1)], condition(1)), ("1", [], condition(1, 1, 2)))],
        piecewise=f"Piecewise((0, x[1] <= 0), ({square}, (x[1] >= 0) & ({square} >= 0)))",
    )


DERIVED = {
    make.__name__: make
    for make in (
        identity_at_its_kink,
        absolute_value_with_biases_at_a_kink,
        square_of_a_neuron,
        two_rays,
        squared_risk_of_a_line,
        log_sum_exp_of_one_neuron,
        known_weights_and_any_input,
        one_symbolic_neuron,
        identity_in_disguise,
        two_opposite_data,
        pool_of_two,
        absolute_value_at_a_kink,
    )
}
