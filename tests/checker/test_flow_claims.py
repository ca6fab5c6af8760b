"""What follows from a whole flow: the rules accept what is so, and refuse what was changed."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symflow
from symflow.checker import input_flow_claims, weight_flow_claims
from symflow.checker import tube as tube_module
from symflow.checker.boxes import activated, slopes_of
from symflow.checker.enclosed_numbers import bounds_of
from symflow.checker.net_on_boxes import NetOnBoxes
from symflow.checker.problems import Activation
from symflow.checker.problems import read_problem as read_checked
from symflow.checker.reading import Refused, Report, TooLarge
from symflow.checker.result_claims import RULES
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.tube import Tube, orthogonal, radius_of
from symflow.problem_file import read_problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.setting import net_tree
from symflow.reports.result_engines import ENGINES
from symflow.zoo.of_the_lectures import corner

DEMO = Path(symflow.__file__).parent / "demo.toml"
EXACT = ("path_is_a_solution", "energy_identity", "stationarity_bound")
ENCLOSED = ("path_is_a_solution", "conserved_along_the_flow", "soft_margin_does_not_fall", "norm_does_not_fall")


def _result(tree):
    return json.loads(json.dumps(ENGINES.flow(problem_from_tree(tree))))


@pytest.fixture(scope="module")
def exact():
    """Three straight pieces of a net of three layers, the second along a kink."""
    tree = corner().tree
    return _result({**tree, "objective": {**tree["objective"], "at": ["1", "0"]}, "flow": {"until": "1"}})


@pytest.fixture(scope="module")
def enclosed():
    tree = read_problem(str(DEMO)).tree()
    tree["flow"] = {"until": "3", "digits": 15, "checkpoints": ["1", "2"], "validated": True}
    return _result(tree)


def _shown(rule, result):
    """Return the verdict that a rule shows; None where it refuses."""
    report = Report()
    try:
        word = RULES[rule](report, result)
    except Refused:
        return None
    return None if report.rejected or report.has_too_large else word


def test_an_exact_path_shows_all_that_is_said_of_it(exact):
    assert [_shown(rule, exact) for rule in EXACT] == ["proved_instance"] * 3


def test_the_sum_over_the_pieces_is_the_fall_by_hand(exact):
    """Recomputed from the arcs and the two ends, with the net written out."""
    total = sum(
        sum(Fraction(v) ** 2 for v in arc["velocity"]) * (Fraction(arc["end"]) - Fraction(arc["start"]))
        for arc in exact["arcs"]
    )
    assert len(exact["arcs"]) == 3

    def f(x, y):
        z = [max(0, y - 2), max(0, 2 - x), max(0, x - y)]
        return 2 * max(0, -z[0] + z[1] + z[2] + 1) + max(0, -z[0] + z[1] - z[2] + 1)

    end = [Fraction(x) for x in exact["state"]]
    assert f(1, 0) - f(*end) == total


def test_an_enclosed_flow_shows_all_that_is_said_of_it(enclosed):
    for rule in ENCLOSED:
        report = Report()
        assert RULES[rule](report, enclosed) == "enclosed"
        assert not report.rejected
        assert "radius" in report.not_checked


@pytest.mark.parametrize("rule", EXACT)
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("arcs", 1, "velocity", 0), "1"),
        (("arcs", 1, "end"), "1/2"),
        (("state", 1), "2"),
        (("time",), "2"),
        (("objective",), "1"),
        (("status",), "stationary"),
        (("status",), "undecided"),
        (("certificates", "corners", 1, "solutions", 0, "velocity", 0), "0"),
        (("variable",), "weights"),
        (("command",), "laws"),
    ],
)
def test_a_changed_exact_path_shows_nothing(exact, rule, place, value):
    assert _shown(rule, _changed(exact, place, value)) is None


@pytest.mark.parametrize("rule", ENCLOSED)
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("checkpoints", 1, "state", 0), "1.5"),
        (("start", "state", 0), "2"),
        (("end", "state", 5), "0"),
        (("invariants", 0, "value"), "2"),
        (("arcs", 0, "pattern"), "++|-+"),
        (("status",), "blow_up"),
        (("radius",), None),
        (("radius",), "-1"),
        (("radius",), "small"),
    ],
)
def test_a_changed_enclosure_shows_nothing(enclosed, rule, place, value):
    assert _shown(rule, _changed(enclosed, place, value)) is None


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("row", [0, 1])
def test_a_state_with_a_wrong_sign_shows_nothing(enclosed, place, row):
    """The conserved squares do not see it; the fall of the objective and the span of the data do."""
    entry = enclosed["checkpoints"][row]["state"][place]
    opposite = entry[1:] if entry.startswith("-") else f"-{entry}"
    changed = _changed(enclosed, ("checkpoints", row, "state", place), opposite)
    assert all(_shown(rule, changed) is None for rule in ENCLOSED)


def test_a_state_that_is_reached_too_early_shows_nothing(enclosed):
    assert all(_shown(rule, _changed(enclosed, ("checkpoints", 0, "time"), "0.1")) is None for rule in ENCLOSED)


def test_the_vectors_orthogonal_to_the_data_are_a_basis():
    rows = [[Fraction(entry) for entry in row] for row in ([1, 2, 3, 0], [2, 4, 6, 0], [0, 0, 1, 1])]
    basis = orthogonal([list(row) for row in rows], 4)
    assert len(basis) == 2
    assert all(sum(a * b for a, b in zip(row, vector, strict=True)) == 0 for row in rows for vector in basis)
    assert orthogonal([[Fraction(1), Fraction(0)], [Fraction(1), Fraction(1)]], 2) == []


@pytest.mark.parametrize("rule", ["soft_margin_does_not_fall", "norm_does_not_fall"])
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("radius",), "1"),  # wider than the digits
        (("problem", "objective", "loss"), "logistic"),
        (("problem", "flow", "trained"), ["W1"]),
        (("problem", "data", "labels", 0), "-1"),
    ],
)
def test_theorem_5_needs_its_hypotheses(enclosed, rule, place, value):
    assert _shown(rule, _changed(enclosed, place, value)) is None


def test_a_soft_margin_that_falls_is_refused(enclosed):
    """The checkpoints in the wrong order, with times to match, are no flow; taken alone their order is seen."""
    tube = Tube(Report(), enclosed)
    margins = [tube.net.log_margin(box)[0] / tube.net.norm(box)[1] ** tube.degree for box in tube.from_positive()]
    assert margins == sorted(margins)
    assert margins[0] < margins[-1]


def test_without_a_positive_margin_nothing_is_shown(enclosed):
    short = copy.deepcopy(enclosed)
    short["checkpoints"] = short["checkpoints"][:0]
    assert _shown("soft_margin_does_not_fall", short) is None  # only the start, with u < 0, and the end
    assert _shown("conserved_along_the_flow", short) == "enclosed"


def test_an_exact_path_is_no_enclosed_one(exact, enclosed):
    assert all(_shown(rule, exact) is None for rule in ENCLOSED[1:])
    assert all(_shown(rule, enclosed) is None for rule in EXACT[1:])


@pytest.mark.parametrize("loss", ["exponential", "logistic", "squared", None])
def test_the_objective_is_bounded_for_every_loss(loss):
    """The start is exact, and so is the text of its objective; with biases and one power of relu."""
    tree = read_problem(str(DEMO)).tree()
    tree["network"]["biases"] = [["1/3", "0"], ["-1/2"]]
    tree["network"]["activation"] = [{"name": "relu_power", "power": 2}] if loss == "squared" else ["relu"]
    tree["objective"] = {"kind": "risk", "loss": loss} if loss else {"kind": "log_sum_exp"}
    tree["flow"] = {"until": "1/8", "digits": 12}
    result = _result(tree)
    result["radius"] = "0"  # the states as computed: the bounds of the objective are asked for, not the enclosure
    tube = Tube(Report(), result)
    for row, box in ((result["start"], tube.boxes[0]), (result["end"], tube.boxes[-1])):
        low, high = tube.net.objective(box)
        assert low - Fraction(1, 10**10) < Fraction(row["objective"]) < high + Fraction(1, 10**10)
        assert high - low < Fraction(1, 10**9)


def test_bounds_of_the_log_margin_hold_the_number(enclosed):
    tube = Tube(Report(), enclosed)
    state = [Fraction(entry) for entry in enclosed["end"]["state"]]
    low, high = tube.net.log_margin(tube.boxes[-1])
    with mpmath.workdps(40):
        w = [mpmath.mpf(entry.numerator) / entry.denominator for entry in state]
        outputs = [
            sum(w[4 + j] * max(0, w[2 * j] * x + w[2 * j + 1] * y) for j in range(2)) for x, y in ((1, 1), (-1, -1))
        ]
        u = -mpmath.log(mpmath.exp(-outputs[0]) + mpmath.exp(outputs[1]))
        assert mpmath.mpf(low.numerator) / low.denominator < u < mpmath.mpf(high.numerator) / high.denominator
    assert high - low < Fraction(1, 10**12)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["relu", "leaky_relu", "abs", "identity"]),
    st.fractions(-2, 2, max_denominator=4),
    st.fractions(-3, 3, max_denominator=6),
    st.fractions(0, 2, max_denominator=6),
    st.fractions(0, 1, max_denominator=6),
)
def test_the_activation_of_a_box_holds_that_of_its_points(name, slope, low, width, share):
    activation = Activation(name, slope=slope)
    z = low + share * width
    value = {"relu": max(z, 0), "leaky_relu": z if z >= 0 else slope * z, "abs": abs(z), "identity": z}[name]
    ((below, above),) = activated(activation, [(low, low + width)])
    assert below <= value <= above


@pytest.mark.parametrize(
    ("spelled", "value"), [("1.84e-3", Fraction(23, 12500)), ("2", 2), ("1e+1", 10), ("0.5", Fraction(1, 2))]
)
def test_a_radius_is_read_exactly(spelled, value):
    assert radius_of(spelled) == value


@pytest.mark.parametrize("spelled", ["", "-1", "1e", "nan", "1e1000000", "1/2", " 1"])
def test_another_spelling_is_no_radius(spelled):
    with pytest.raises(Refused):
        radius_of(spelled)


def test_states_at_zero_and_huge_margins_are_refused_and_break_nothing(enclosed):
    """Forged states: nothing is divided by zero, and no exponential of a million is computed."""
    for state in (["0"] * 6, ["1000000000"] * 6):
        changed = _changed(enclosed, ("checkpoints", 1, "state"), state)
        assert all(_shown(rule, changed) is None for rule in ENCLOSED)
    tube = Tube(Report(), enclosed)
    with pytest.raises(Refused, match="too large"):
        tube.net.log_margin([(Fraction(10**9), Fraction(10**9))] * 6)
    assert tube.net.norm([(Fraction(0), Fraction(0))] * 6)[0] == 0


def _changed(result, place, value):
    changed = copy.deepcopy(result)
    whole = changed
    for key in place[:-1]:
        whole = whole[key]
    whole[place[-1]] = value
    return changed


# ---------------------------------------------------------------------- a flow that moves, and what moves of it


def _net(
    weights, flow, *, activation="relu", biases=None, loss="exponential", inputs=((2, 1), (-1, 1)), labels=(1, -1)
):
    tree = net_tree(weights, activation=activation, biases=biases, inputs=inputs, labels=labels, kind="risk", loss=loss)
    return {**tree, "flow": {"digits": 10, "validated": True, **flow}}


TWO_NEURONS = [[[2, -1], [2, 1]], [[1, "-1/2"]]]


@pytest.fixture(scope="module")
def smooth():
    """No unit changes its sign, so that events and patterns tell nothing."""
    result = _result(_net([[[2, 1]], [[1]]], {"until": "1", "checkpoints": ["1/2"]}, inputs=((2, 1),), labels=(1,)))
    assert (result["events"], len(result["checkpoints"])) == ([], 1)
    return result


def _with_states(result, states):
    """Return the result with other states at the checkpoint and at the end."""
    changed = copy.deepcopy(result)
    changed["checkpoints"][0]["state"], changed["end"]["state"] = states
    changed["state"] = states[1]
    return changed


@pytest.mark.parametrize("rule", ["path_is_a_solution", "conserved_along_the_flow", "norm_does_not_fall"])
def test_a_flow_that_stands_still_is_refused(smooth, rule):
    """It keeps every quantity and falls by nothing; but its start is not stationary."""
    start, halfway, end = smooth["start"]["state"], smooth["checkpoints"][0]["state"], smooth["end"]["state"]
    assert _shown(rule, _with_states(smooth, (halfway, end))) == "enclosed"
    for states, reason in (((start, start), "may stand still"), ((halfway, halfway), "flow stands still")):
        with pytest.raises(Refused, match=reason):
            RULES[rule](Report(), _with_states(smooth, states))
    with pytest.raises(Refused, match="farther apart"):  # what is caught up is too far for half of the time
        RULES[rule](Report(), _with_states(smooth, (start, end)))


def test_a_flow_that_ends_early_is_refused(smooth):
    early = copy.deepcopy(smooth)
    early["time"], early["end"] = "0.5", early["checkpoints"].pop()
    early["state"], early["arcs"][-1]["end"] = early["end"]["state"], "0.5"
    with pytest.raises(Refused, match="before the time that is asked for"):
        RULES["path_is_a_solution"](Report(), early)


def test_a_flow_that_has_all_but_come_to_rest_is_still_one():
    """f = 2 w, |f − 1|²/2: w = 1/2 + (1/2) e^(−4t) at 12 and at 14 differ by less than the digits show."""
    flow = {"until": "14", "checkpoints": ["1", "12"]}
    result = _result(_net([[[1]]], flow, activation=[], loss="squared", inputs=((2,),), labels=(1,)))
    assert result["checkpoints"][1]["state"] == result["end"]["state"]
    assert _shown("path_is_a_solution", result) == "enclosed"
    assert abs(Fraction(result["checkpoints"][0]["state"][0]) - Fraction(1, 2) - Fraction(915782, 10**8)) < 10**-7


@pytest.mark.parametrize("trained", [["W1"], ["W2"]])
@pytest.mark.parametrize("rule", ENCLOSED)
def test_a_flow_of_some_weights_is_not_that_of_all(rule, trained):
    tree = _net(TWO_NEURONS, {"until": "1/4"})
    assert _shown("path_is_a_solution", _result(tree)) == "enclosed"
    tree["flow"]["trained"] = trained
    with pytest.raises(Refused, match="some parameters do not move"):
        RULES[rule](Report(), _result(tree))


def test_squares_of_weights_are_not_balanced_with_biases_or_pools():
    """With biases |W1|² − |W2|² changes: the quantity that is kept has |b1|² in it, and the rule says nothing."""
    with_biases = _result(_net(TWO_NEURONS, {"until": "1/4"}, biases=[[1, 0], ["1/2"]]))
    start, end = ([Fraction(entry) for entry in with_biases[row]["state"]] for row in ("start", "end"))
    places = {name: i for i, name in enumerate(with_biases["parameters"])}

    def difference(state):
        return sum(state[i] ** 2 * {"W1": 1, "W2": -1}.get(name[:2], 0) for name, i in places.items())

    assert abs(difference(end) - difference(start)) > Fraction(1, 100)
    pool = {"name": "maxpool", "groups": [[0, 1]]}
    # No enclosure follows a pool; the states as computed, said to be one, are refused for what they are of.
    flow = {"until": "1/8", "validated": False}
    pooled = _result(_net([[[1, -1], [2, 1]], [[1]]], flow, activation=[pool], inputs=((1, 1),), labels=(1,)))
    pooled["radius"] = "0"
    for result in (with_biases, pooled):
        assert _shown("path_is_a_solution", result) == "enclosed"
        with pytest.raises(Refused, match="balanced"):
            RULES["conserved_along_the_flow"](Report(), result)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([Fraction(n, 2) for n in (-4, -3, -1, 1, 2, 5)]), min_size=11, max_size=11),
    st.sampled_from(
        ["relu", "abs", "identity", {"name": "leaky_relu", "slope": "1/3"}, {"name": "relu_power", "power": 2}]
    ),
    st.sampled_from(["exponential", "logistic", "squared", "log_sum_exp", "combination"]),
    st.booleans(),
)
def test_the_least_speed_at_a_point_is_that_of_the_gradient(values, activation, loss, has_biases):
    """By intervals backwards here, exactly there; on a larger box it is no larger."""
    w = [*values]
    objective = {"kind": "risk", "loss": loss} if loss in ("exponential", "logistic", "squared") else {"kind": loss}
    if loss == "combination":
        objective["coefficients"] = [2, -1]
    tree = net_tree(
        [[w[:2], w[2:4]], [w[4:6]]],
        activation=[activation],
        biases=[w[6:8], w[8:9]] if has_biases else None,
        inputs=[[1, 2], w[9:11]],
        labels=[1, -1],
        **objective,
    )
    problem = read_checked(problem_from_tree(tree).tree())
    try:
        exactly_here = Point(problem).gradient(Function("R"))
    except Refused:  # at a kink no gradient is defined
        return
    net = NetOnBoxes(problem, 144)
    numbers = [bounds_of(entry, 80) for entry in exactly_here]
    low = sum(min(a * a, b * b) if a * b > 0 else 0 for a, b in numbers)
    found = net.least_speed([(entry, entry) for entry in problem.point])
    assert abs(found - low) <= Fraction(1, 10**6) * (1 + low)
    wide = net.least_speed([(entry - Fraction(1, 8), entry + Fraction(1, 8)) for entry in problem.point])
    assert 0 <= wide <= found


def test_all_sides_of_a_kink_count_in_the_least_speed():
    """f = max(0, w) at w = 0 with F = f: the differential is [0, 1]; away from 0 it is {0} or {1}."""
    tree = net_tree([[[1]], [[1]]], inputs=[[1]], kind="output")
    net = NetOnBoxes(read_checked(problem_from_tree(tree).tree()), 144)
    zero, one = (Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))
    around = (Fraction(-1, 4), Fraction(1, 4))
    assert [net.least_speed([first, one]) for first in (zero, around, one)] == [0, 0, 2]


def test_the_winner_of_a_pool_has_the_slope():
    pool = Activation("maxpool", groups=((0, 1), (2,)))
    clear = [(Fraction(0), Fraction(1)), (Fraction(2), Fraction(3)), (Fraction(-1), Fraction(1))]
    assert slopes_of(pool, clear) == [(0, 0), (1, 1), (1, 1)]
    assert slopes_of(pool, [clear[0], clear[0], clear[2]]) == [(0, 1), (0, 1), (1, 1)]


# ---------------------------------------------------------------------- each rule by itself, where all else is believed


@pytest.fixture
def believed(monkeypatch):
    """Whatever a result says of its flow: a rule has to see by itself that it does not follow."""
    monkeypatch.setattr(input_flow_claims, "check_input_flow", lambda report, result: None)
    monkeypatch.setattr(tube_module, "check_weight_flow", lambda report, result: None)


@pytest.mark.usefixtures("believed")
def test_the_two_claims_about_an_exact_path_are_recomputed(exact):
    with pytest.raises(Refused, match="does not fall by the integral"):
        RULES["energy_identity"](Report(), _changed(exact, ("arcs", 0, "velocity", 0), "5"))
    fast = copy.deepcopy(exact)
    for arc in fast["arcs"]:
        arc["velocity"] = ["9", "9"]
    with pytest.raises(Refused, match="least speed is above"):
        RULES["stationarity_bound"](Report(), fast)
    still = {**exact, "time": "0", "arcs": [], "state": exact["problem"]["objective"]["at"]}
    with pytest.raises(Refused, match="no time passes"):
        RULES["stationarity_bound"](Report(), still)


@pytest.mark.usefixtures("believed")
def test_at_rest_the_least_speed_is_zero_and_the_rest_adds_no_fall(exact):
    """The same path, and a rest after its end: |x'|² = 0 there, so that both claims go on to hold."""
    longer = {**exact, "time": str(Fraction(exact["time"]) + 1)}
    assert [_shown(rule, longer) for rule in EXACT[1:]] == ["proved_instance"] * 2


@pytest.mark.usefixtures("believed")
def test_soft_margin_and_norm_are_compared_between_the_times(monkeypatch, enclosed):
    """States that go back: of no flow, but each of the two rules looks for itself."""
    monkeypatch.setattr(Tube, "_check_energy", lambda self, moments: None)
    back = copy.deepcopy(enclosed)
    back["checkpoints"][0]["state"], back["end"]["state"] = back["end"]["state"], back["checkpoints"][0]["state"]
    for rule, reason in (("soft_margin_does_not_fall", "soft margin falls"), ("norm_does_not_fall", "norm falls")):
        with pytest.raises(Refused, match=reason):
            RULES[rule](Report(), back)


@pytest.mark.usefixtures("believed")
def test_a_first_layer_that_leaves_the_span_of_the_data_is_refused(monkeypatch, smooth):
    """One datum (2, 1): (W1[1,1], W1[1,2]) moves along it, and not along (1, −2)."""
    monkeypatch.setattr(Tube, "_check_energy", lambda self, moments: None)
    aside = copy.deepcopy(smooth)
    state = [Fraction(entry) for entry in aside["end"]["state"]]
    aside["end"]["state"] = [str(state[0] + 1), str(state[1] - 2), *aside["end"]["state"][2:]]
    with pytest.raises(Refused, match="away from the data"):
        RULES["path_is_a_solution"](Report(), aside)


@pytest.mark.usefixtures("believed")
def test_arcs_end_where_the_flow_does(enclosed):
    with pytest.raises(Refused, match="last arc does not end"):
        RULES["path_is_a_solution"](Report(), _changed(enclosed, ("arcs", -1, "end"), "2.5"))


@pytest.mark.usefixtures("believed")
def test_two_rows_at_one_time_say_nothing_of_a_speed(enclosed):
    twice = copy.deepcopy(enclosed)
    twice["checkpoints"].insert(0, copy.deepcopy(twice["checkpoints"][0]))
    assert _shown("path_is_a_solution", twice) == "enclosed"


def test_a_flow_too_large_to_check_is_too_large_to_claim_anything_of(monkeypatch, enclosed):
    def too_large(report, result):
        with report.checking("end.objective"):
            raise TooLarge("of too many digits")

    monkeypatch.setattr(tube_module, "check_weight_flow", too_large)
    with pytest.raises(TooLarge, match="too large for the checker"):
        RULES["path_is_a_solution"](Report(), enclosed)


def test_where_margins_have_no_bounds_nothing_is_said_of_gradients(monkeypatch, enclosed):
    def unbounded(self, box):
        raise TooLarge("a margin too large for the checker")

    monkeypatch.setattr(NetOnBoxes, "least_speed", unbounded)
    assert _shown("path_is_a_solution", enclosed) == "enclosed"


def test_no_conserved_quantity_listed_is_none_claimed(enclosed):
    with pytest.raises(Refused, match=r"no conserved quantity is listed|invariants"):
        RULES["conserved_along_the_flow"](Report(), {**enclosed, "invariants": []})


def test_theorem_5_is_about_activations_of_degree_one_and_cites_its_script(monkeypatch, enclosed):
    squared = [{"name": "relu_power", "power": 2}]
    flow = {"until": "1/8", "digits": 10}
    tree = _net([[["1/2", 0]], [[1]]], {**flow, "validated": False}, activation=squared, inputs=((2, 1),), labels=(1,))
    result = _result(tree)
    result["radius"] = "0"
    with pytest.raises(Refused, match="not homogeneous of degree 1"):
        RULES["norm_does_not_fall"](Report(), result)
    monkeypatch.setattr(weight_flow_claims, "SCRIPTS", {})
    with pytest.raises(Refused, match="has not been checked by continuous integration"):
        RULES["norm_does_not_fall"](Report(), enclosed)


def test_the_soft_margin_has_to_be_positive_before_the_end():
    """From a start with u < 0 to a time at which it still is; and to the first time at which it is positive."""
    tree = read_problem(str(DEMO)).tree()
    for until in ("1/4", "1/2"):
        tree["flow"] = {"until": until, "digits": 12, "validated": True}
        with pytest.raises(Refused, match="not seen to be positive before the end"):
            RULES["soft_margin_does_not_fall"](Report(), _result(tree))


def test_a_combination_of_outputs_is_bounded_by_the_boxes_of_its_outputs():
    """2 f(1) − f(2) with f = w₂ max(0, w₁ x), w₁ in [1, 2] and w₂ = 3: in [2·3 − 12, 2·6 − 6]."""
    tree = net_tree([[[1]], [[3]]], inputs=[[1], [2]], kind="combination", coefficients=[2, -1])
    net = NetOnBoxes(read_checked(problem_from_tree(tree).tree()), 64)
    assert net.objective([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(3))]) == (-6, 6)
