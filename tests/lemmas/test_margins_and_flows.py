"""Margins, Lemma 4, Theorem 5 and what is claimed along a flow: the catalogue's verdicts, and what they mean."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symflow
from symflow.checker.verify import verify_text
from symflow.lemmas.base import Target, find_lemma
from symflow.problem_file import read_problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.engines import remembering
from symflow.proofs.kernel import NotProvedError, mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from symflow.reports.prove_result import prove_result
from symflow.reports.result_engines import ENGINES
from tests.strategies import weights_and_two_data

DEMO = Path(symflow.__file__).parent / "demo.toml"
TARGET = Target(remembering(ENGINES))

# The catalogue's rows: name, number, the verdict of the first claim, and of the claims after it.
ROWS = [
    ("normalized_margin", "B5", "proved_shape", ["proved_general"]),
    ("maximal_margin", "B6", "conditional", ["proved_shape", "proved_instance"]),
    ("soft_margin_of_monotone_loss", "B7", "refuted", []),
    ("exponential_soft_margin", "B8", "proved_general", ["proved_instance"]),
    ("separability", "B9", "proved_general", ["proved_instance"]),
    ("soft_margin_bounds", "B9", "proved_general", ["enclosed", "enclosed"]),
    ("lemma_4", "B10", "proved_general", ["enclosed"]),
    ("lemma_4_sharp", "B10", "proved_general", ["proved_instance"]),
    ("soft_margin_monotone", "B11", "conditional", []),
    ("log_margin_speed", "B12", "proved_general", ["proved_general", "proved_instance"]),
    ("norm_power_speed", "B13", "proved_general", []),
    ("soft_margin_speed", "B14", "proved_general", ["proved_general", "enclosed"]),
    ("norm_growth", "D1", "proved_general", ["proved_general"]),
    ("hard_margin_monotone", "D2", "refuted", ["enclosed", "proved_instance"]),
    ("hard_margin_monotone", "W5", "refuted", ["enclosed", "proved_instance"]),
    ("soft_margin_of_monotone_loss", "E16", "refuted", []),
    ("outer_function_with_equality", "E17", "refuted", ["proved_instance"]),
    ("soft_margin_from_zero", "E18", "vacuous", ["enclosed"]),
    ("soft_margin_from_zero", "W11", "vacuous", ["enclosed"]),
    ("flow_for_all_time", "E19", "refuted", ["proved_instance"]),
    ("flow_up_to_blow_up", "E19", "proved_general", []),
    ("log_margin_stays_positive", "E20", "proved_general", []),
    ("soft_margin_above_margin", "W10", "refuted", []),
    ("lemma_4_with_equality", "W13", "refuted", []),
    ("solution_along_the_flow", "A11", "proved_instance", []),
    ("risk_falls_by_the_integral", "A14", "proved_instance", []),
    ("stationarity_bound_along_the_flow", "A15", "proved_instance", []),
    ("balancing_along_the_flow", "A31", "enclosed", []),
]


@pytest.mark.parametrize(("name", "number", "first", "others"), ROWS, ids=[f"{row[1]}-{row[0]}" for row in ROWS])
def test_the_verdict_at_home_is_the_catalogues(name, number, first, others):
    lemma = find_lemma(name)
    assert number in lemma.ids
    theorems = [mint(claim) for claim in lemma.claims(TARGET)]
    assert [theorem.verdict.word for theorem in theorems] == [first, *others]
    report = verify_text(json.dumps(prove_result(theorems, None, None)))
    assert report["accepted"], report
    if first in ("refuted", "vacuous"):
        assert lemma.see is not None
        corrected = next(iter(find_lemma(lemma.see).claims(TARGET)))
        assert mint(corrected).verdict.holds


def test_a_corrected_statement_stands_beside_each_false_one():
    false = {name for name, _, first, _ in ROWS if first in ("refuted", "vacuous")}
    assert {find_lemma(name).see for name in false} == {
        "exponential_soft_margin",
        "soft_margin_monotone",
        "flow_up_to_blow_up",
        "lemma_4",
        "soft_margin_bounds",
        "lemma_4_sharp",
    }


# ---------------------------------------------------------------------- on the demo, and where hypotheses fail


@pytest.fixture(scope="module")
def on_demo():
    problem = read_problem(str(DEMO))
    target = Target(remembering(ENGINES), problem)
    names = dict.fromkeys(name for name, *_ in ROWS)
    return problem, {name: list(find_lemma(name).claims(target)) for name in names}


def test_the_soft_margin_of_the_demo_is_enclosed_along_its_flow(on_demo):
    problem, claims = on_demo
    (claim,) = claims["soft_margin_monotone"]
    theorem = mint(claim, problem=problem.tree())
    assert theorem.verdict.word == "enclosed"
    assert claim.scope == "this start, t ≤ 10"
    assert claim.known_by == "50 digits"
    left = " ".join(theorem.not_checked)
    assert "radius" in left
    assert "no certificate of the integration" in left
    assert "soft_margin_monotone.v" in left


def test_all_claims_about_the_demo_verify_from_their_json(on_demo):
    problem, claims = on_demo
    theorems = [mint(claim, problem=problem.tree()) for found in claims.values() for claim in found]
    report = verify_text(json.dumps(prove_result(theorems, problem, None)))
    assert report["accepted"], report
    words = {name: [claim.word for claim in found] for name, found in claims.items()}
    assert words["lemma_4"] == ["proved_general", "enclosed"]
    assert words["lemma_4_sharp"] == ["proved_general", "proved_instance"]
    assert words["norm_growth"] == ["proved_general", "proved_general", "enclosed"]
    assert words["separability"] == ["proved_general"]  # one margin of the demo is 0
    assert words["risk_falls_by_the_integral"] == []  # a flow in the weights
    assert words["soft_margin_above_margin"] == ["refuted"]


def test_a_flow_without_an_enclosure_encloses_nothing():
    tree = read_problem(str(DEMO)).tree()
    tree["flow"] = {"until": "1", "digits": 20}
    target = Target(remembering(ENGINES), problem_from_tree(tree))
    assert [claim.word for claim in find_lemma("soft_margin_monotone").claims(target)] == ["conditional"]
    assert not list(find_lemma("balancing_along_the_flow").claims(target))
    assert not list(find_lemma("solution_along_the_flow").claims(target))


def _demo(**changes):
    tree = read_problem(str(DEMO)).tree()
    for key, value in changes.items():
        tree[key] = tree[key] | value
    return problem_from_tree(tree)


@pytest.mark.parametrize(
    ("problem", "names"),
    [
        (_demo(objective={"loss": "logistic"}), ["lemma_4", "soft_margin_monotone", "norm_growth", "log_margin_speed"]),
        (
            _demo(network={"biases": [["1", "0"], ["0"]]}),
            ["lemma_4", "lemma_4_sharp", "normalized_margin", "soft_margin_monotone", "soft_margin_bounds"],
        ),
        (_demo(flow={"trained": ["W1"]}), ["soft_margin_monotone", "norm_growth", "log_margin_stays_positive"]),
        (_demo(network={"weights": [[["0", "0"], ["0", "0"]], [["0", "0"]]]}), ["exponential_soft_margin"]),
    ],
    ids=["logistic", "biases", "W2 frozen", "w = 0"],
)
def test_nothing_is_claimed_where_a_hypothesis_fails(problem, names):
    target = Target(remembering(ENGINES), problem)
    for name in names:
        assert not list(find_lemma(name).claims(target)), name


# ---------------------------------------------------------------------- on drawn nets, and by another road


@st.composite
def _log_problems(draw):
    """Draw a relu net of up to two hidden layers with two data, often at a kink."""
    weights, inputs = draw(weights_and_two_data())
    labels = [draw(st.sampled_from([-1, 1])) for _ in inputs]
    return net_tree(weights, activation=["relu"] * (len(weights) - 1), inputs=inputs, labels=labels, kind="log_sum_exp")


@settings(max_examples=15, deadline=None)
@given(_log_problems())
def test_lemma_4_and_its_sharp_form_hold_on_drawn_nets(tree):
    problem = problem_from_tree(tree)
    target = Target(ENGINES, problem)
    for name, word in (("lemma_4", "enclosed"), ("lemma_4_sharp", "proved_instance")):
        general, here = find_lemma(name).claims(target)
        assert general.word == "proved_general"
        assert here.word == word, here.reason
        mint(here, problem=target.tree)
    (equality,) = find_lemma("lemma_4_with_equality").claims(target)
    assert equality.word == "refuted"
    mint(equality, problem=target.tree)


@pytest.mark.parametrize("objective", [{"kind": "log_sum_exp"}, {"kind": "risk", "loss": "exponential"}])
def test_lemma_4_is_an_equation_for_one_datum_and_decided_exactly(objective):
    tree = net_tree([[[2, -1]], [[3]]], inputs=[[1, 1]], labels=[1], **objective)
    target = Target(ENGINES, problem_from_tree(tree))
    _, here = find_lemma("lemma_4").claims(target)
    assert mint(here, problem=target.tree).verdict.word == "proved_instance"
    assert decide(here.statement.replace("<=", "=="), problem_setting(tree), engines=ENGINES).word == "proved_instance"


@settings(max_examples=15, deadline=None)
@given(_log_problems())
def test_the_soft_margin_is_below_the_margin_on_drawn_nets(tree):
    setting = problem_setting(tree)
    assert decide(find_lemma("soft_margin_bounds").statement, setting).word == "enclosed"
    above = decide(find_lemma("soft_margin_above_margin").statement, setting)
    assert above.word == "refuted"
    mint(above)


@settings(max_examples=15, deadline=None)
@given(_log_problems())
def test_the_soft_margin_rises_at_drawn_points_where_it_is_positive(tree):
    found = decide(find_lemma("soft_margin_speed").forms[0], problem_setting(tree), engines=ENGINES)
    assert found.word in ("proved_instance", "enclosed", "undecided"), found.witness
    if found.word == "undecided":
        assert "conditions do not hold" in found.reason or "needs more bits" in found.reason


@given(st.lists(st.integers(1, 3), min_size=2, max_size=4))
@settings(max_examples=10, deadline=None)
def test_the_margin_is_homogeneous_on_drawn_shapes(widths):
    shape = shape_setting([*widths, 1], ["relu"] * (len(widths) - 1))
    assert decide("for t > 0: m(t*w) == t^L*m", shape).word == "proved_shape"
    assert decide("for t > 0: m(t*w) == t^(L + 1)*m", shape).word == "refuted"


def test_the_witness_against_the_hard_margin_by_floating_point():
    """The flow of ln(e^-m1 + 2 e^-m2) from (2, 0), by hand: the catalogue's numbers."""
    with mpmath.workdps(30):
        w, xs = mpmath.matrix([2, 0]), [(1, -1), (mpmath.mpf("1.1"), 1), (mpmath.mpf("1.1"), 1)]
        m = [x * w[0] + y * w[1] for x, y in xs]
        total = mpmath.fsum(mpmath.exp(-each) for each in m)
        velocity = [mpmath.fsum(mpmath.exp(-a) / total * x[i] for a, x in zip(m, xs, strict=True)) for i in (0, 1)]
        speed = velocity[0] - velocity[1] - m[0] * w[0] * velocity[0] / 4
        assert mpmath.mpf("1.0301830961") < -mpmath.log(total) < mpmath.mpf("1.0301830962")
        assert mpmath.mpf("-0.24169509382") < speed < mpmath.mpf("-0.24169509381")


def test_the_sharp_form_is_the_entropy_by_floating_point():
    """2 Σ p_i m_i = 2 (u + H(p)) for m = (4, 2), a net of two layers."""
    tree = net_tree([[[2, -1], [-1, 0]], [[2, -1]]], inputs=[[1, 0], [-2, 1]], labels=[1, -1], kind="log_sum_exp")
    m = [4, 2]
    with mpmath.workdps(30):
        total = mpmath.fsum(mpmath.exp(-each) for each in m)
        p = [mpmath.exp(-each) / total for each in m]
        mean = 2 * (-mpmath.log(total) - mpmath.fsum(each * mpmath.log(each) for each in p))
        low, high = (mpmath.nstr(mean + side * mpmath.mpf("1e-15"), 20) for side in (-1, 1))
    bounds = f"for v in -clarke(R): inner(v, w) > {low} and inner(v, w) < {high}"
    assert decide(bounds, problem_setting(tree), engines=ENGINES).word == "proved_instance"


# ---------------------------------------------------------------------- mutations

_POSITIVE = problem_setting(
    net_tree([[[2, -1], [-1, 0]], [[2, -1]]], inputs=[[1, 0], [-2, 1]], labels=[1, -1], kind="log_sum_exp")
)
_PRODUCT = problem_setting(net_tree([[[1]], [[1]]], inputs=[[1]], labels=[1], kind="log_sum_exp"))
_NEGATIVE = problem_setting(net_tree([[[-1]]], activation=[], inputs=[[1], [1]], labels=[1, 1], kind="log_sum_exp"))


@pytest.mark.parametrize(
    ("name", "old", "new", "setting"),
    [
        ("lemma_4", "L*(", "(L + 1)*(", _POSITIVE),
        ("lemma_4", "<= inner", ">= inner", _POSITIVE),
        ("lemma_4", "exp(-m[k])", "exp(m[k])", _NEGATIVE),
        ("lemma_4_sharp", "== L*", "== (L - 1)*", _POSITIVE),
        ("lemma_4_sharp", "-clarke", "clarke", _POSITIVE),
        ("soft_margin_bounds", "<", ">", _POSITIVE),
        ("separability", "> 0", "> 2", _POSITIVE),
        ("exponential_soft_margin", "exp(-m", "exp(m", _POSITIVE),
    ],
)
def test_a_mutated_statement_is_not_proved(name, old, new, setting):
    statement = find_lemma(name).statement or find_lemma(name).forms[0]
    assert old in statement
    found = decide(statement.replace(old, new), setting, engines=ENGINES)
    assert found.word in ("refuted", "undecided")
    mint(found)


@pytest.mark.parametrize(
    ("statement", "setting"),
    [
        ("3*m <= norm2(w)", _PRODUCT),
        ("2*m >= norm2(w)", _PRODUCT),
        (find_lemma("soft_margin_speed").forms[0].replace(">= -L", ">= -20*L"), _POSITIVE),
        (find_lemma("log_margin_speed").forms[0].replace(">=", "<"), _POSITIVE),
        (find_lemma("soft_margin_bounds").forms[0].replace("ln(n)", "ln(n)/8"), _POSITIVE),
    ],
)
def test_a_mutated_form_is_refuted(statement, setting):
    found = decide(statement, setting, engines=ENGINES)
    assert found.word == "refuted", found.reason
    mint(found)


def test_a_claim_cannot_borrow_the_name_of_a_lemma_for_another_statement():
    claim = next(iter(find_lemma("lemma_4_with_equality").claims(TARGET)))
    with pytest.raises(NotProvedError, match="not what the name stands for"):
        mint(replace(claim, statement="f == 0"))


def _asked(name, tree):
    return list(find_lemma(name).claims(Target(remembering(ENGINES), problem_from_tree(tree)), is_asked_by_name=True))


def test_a_flow_that_stops_where_it_is_not_unique_is_no_solution_up_to_its_time():
    # −|x₁| − |x₂| from 0 and from (1, 0): several ways on at once, so that no path is listed.
    for at in ([0, 0], [1, 0]):
        weights = [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]]]
        tree = net_tree(weights, kind="output", variable="input", at=at) | {"flow": {"until": "3"}}
        (claim,) = _asked("solution_along_the_flow", tree)
        assert claim.word == "undecided"
        assert "the flow ends at t = 0, before t = 3: the solution is not unique" in (claim.reason or "")


@pytest.mark.parametrize("name", ["solution_along_the_flow", "balancing_along_the_flow"])
@pytest.mark.parametrize(
    ("choice", "reason"),
    [(None, "the flow ends at t = 0, before t = 2"), ("descent", "the flow is not enclosed")],
)
def test_a_lemma_asked_by_name_of_a_flow_that_shows_nothing_says_why(name, choice, reason):
    # σ(w x) v with w = 0: the neuron may stay at rest, or wake up.
    tree = net_tree([[[0]], [[1]]], inputs=[[1]], labels=[1], kind="risk", loss="exponential")
    tree["flow"] = {"until": "2"} | ({} if choice is None else {"on_nonunique": choice})
    (claim,) = _asked(name, tree)
    assert claim.word == "undecided"
    assert (claim.reason or "").startswith(f"not applicable: {reason}")
