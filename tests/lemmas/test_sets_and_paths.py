"""Subdifferentials, the Clarke differential, the chain rule, minimal norms: the catalogue's verdicts."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symflow
from symflow.checker.networks import forward
from symflow.checker.one_variable import of_input
from symflow.checker.problems import read_problem as checked_problem
from symflow.checker.verify import verify_text
from symflow.lemmas.base import Target, find_lemma
from symflow.problem_file import read_problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.engines import remembering
from symflow.proofs.kernel import NotProvedError, mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import GIVEN, net_tree, problem_setting, problems_setting, shape_setting
from symflow.reports.prove_result import prove_result
from symflow.reports.result_engines import ENGINES

DEMO = Path(symflow.__file__).parent / "demo.toml"
TARGET = Target(remembering(ENGINES))

# The catalogue's rows: name, number, the verdict of the first claim, and of the claims after it.
ROWS = [
    ("convex_subdifferential", "A3", "proved_instance", ["proved_instance", "proved_instance"]),
    ("convex_has_subgradient", "A4", "conditional", ["proved_instance"]),
    ("convex_subdifferential_where_differentiable", "A5", "proved_general", ["proved_instance"]),
    ("subdifferential_of_a_nonconvex_function", "A6", "proved_instance", ["proved_general"]),
    ("clarke_differential", "A7", "proved_instance", []),
    ("clarke_differential", "B1", "proved_instance", []),
    ("clarke_differential_can_be_empty", "A8", "proved_general", []),
    ("locally_lipschitz_has_clarke_subgradient", "A9", "conditional", ["proved_instance"]),
    ("lipschitz_and_locally_lipschitz", "A10", "proved_general", ["proved_shape"]),
    ("relaxed_gradient_flow", "A11", "conditional", ["proved_instance"]),
    ("chain_rule", "A12", "conditional", ["proved_instance"]),
    ("minimal_norm_path", "A13", "conditional", ["proved_instance", "proved_instance"]),
    ("risk_falls_by_minimal_norm", "A14", "conditional", []),
    ("stationarity_bound", "A15", "conditional", []),
    ("positive_homogeneity", "A16", "proved_shape", []),
    ("relu_is_homogeneous", "A17", "proved_general", ["proved_shape", "proved_shape"]),
    ("incident_pieces", "A20", "proved_instance", []),
    ("differentiable_is_singleton", "B4", "refuted", []),
    ("minimal_norm_is_forced", "E2", "proved_general", []),
    ("facet_adjacent_pieces", "E3", "refuted", []),
    ("differentiable_is_singleton", "E6", "refuted", []),
    ("strictly_differentiable_is_singleton", "E6", "proved_general", ["proved_instance"]),
    ("degrees_of_homogeneity", "E9", "proved_general", []),
    ("flow_is_unique", "E12", "refuted", []),
    ("limits_of_directional_derivatives", "E13", "refuted", []),
    ("sum_rule", "W3", "refuted", []),
    ("sum_rule_inclusion", "W3", "conditional", ["proved_instance"]),
    ("facet_adjacent_pieces", "W4", "refuted", []),
    ("differentiable_is_singleton", "W9", "refuted", []),
    ("flow_is_unique", "W14", "refuted", []),
    ("product_of_partial_differentials", "W15", "refuted", ["refuted"]),
    ("separate_variables", "W15", "proved_instance", []),
]
NAMES = tuple(dict.fromkeys(name for name, *_ in ROWS))


@pytest.mark.parametrize(("name", "number", "first", "others"), ROWS, ids=[f"{row[1]}-{row[0]}" for row in ROWS])
def test_the_verdict_at_home_is_the_catalogues(name, number, first, others):
    lemma = find_lemma(name)
    assert number in lemma.ids
    theorems = [mint(claim) for claim in lemma.claims(TARGET)]
    assert [theorem.verdict.word for theorem in theorems] == [first, *others]
    report = verify_text(json.dumps(prove_result(theorems, None, None)))
    assert report["accepted"], report
    if first == "refuted":
        corrected = next(iter(find_lemma(lemma.see).claims(TARGET)))
        assert mint(corrected).verdict.holds


def test_the_conditional_ones_name_what_they_cite():
    cited = {
        name: next(iter(find_lemma(name).claims(TARGET))).axioms for name, _, first, _ in ROWS if first == "conditional"
    }
    assert cited == {
        "convex_has_subgradient": ("supporting_hyperplanes",),
        "locally_lipschitz_has_clarke_subgradient": ("rademacher", "bolzano_weierstrass"),
        "relaxed_gradient_flow": ("rademacher", "bolzano_weierstrass", "existence_of_flows"),
        "chain_rule": ("level_sets",),
        "minimal_norm_path": ("level_sets",),
        "risk_falls_by_minimal_norm": ("level_sets", "fundamental_theorem"),
        "stationarity_bound": ("level_sets", "fundamental_theorem", "compactness"),
        "sum_rule_inclusion": ("rademacher", "null_sets", "bolzano_weierstrass"),
    }


# ---------------------------------------------------------------------- on the demo, and where hypotheses fail


def test_all_claims_about_the_demo_verify_from_their_json():
    problem = read_problem(str(DEMO))
    target = Target(remembering(ENGINES), problem)
    claims = {name: list(find_lemma(name).claims(target)) for name in NAMES}
    theorems = [mint(claim, problem=problem.tree()) for found in claims.values() for claim in found]
    report = verify_text(json.dumps(prove_result(theorems, problem, None)))
    assert report["accepted"], report
    (clarke,) = claims["clarke_differential"]
    near, far = ("-exp(-1/2), -exp(-1/2)", "-1, -1")
    rest = "exp(-1/2)/2, exp(-1/2)/2, 0, exp(-1/2)"
    assert clarke.statement == f"clarke(R) == hull(vector({far}, {rest}), vector({near}, {rest}))"
    assert clarke.known_by == "a segment; 4 patterns decided"
    (sum_rule,) = claims["sum_rule"]  # the data are parallel, and c_k v_1 differ in sign
    assert (sum_rule.word, sum_rule.setting) == ("refuted", GIVEN)
    assert [claim.word for claim in claims["sum_rule_inclusion"]] == ["conditional", "proved_instance"]
    assert [claim.word for claim in claims["chain_rule"]] == ["conditional"]  # at a crossing they differ
    assert [claim.word for claim in claims["minimal_norm_path"]] == [
        "conditional",
        "proved_instance",
        "proved_instance",
    ]


def test_no_claim_is_made_where_a_hypothesis_fails():
    target = Target(remembering(ENGINES), read_problem(str(DEMO)))
    for name in (
        "convex_subdifferential",
        "convex_has_subgradient",
        "convex_subdifferential_where_differentiable",
        "subdifferential_of_a_nonconvex_function",
    ):
        assert not list(find_lemma(name).claims(target))
        (asked,) = find_lemma(name).claims(target, is_asked_by_name=True)
        assert asked.word == "undecided"
        assert "does not hold here" in (asked.reason or "")


def test_a_product_too_large_to_multiply_out_is_known_by_its_factors():
    inputs = [[1, 0, 2], [0, 1, 1], [1, 1, 0], [1, 2, 3], [3, 1, 2]]
    tree = net_tree(
        [[[0] * 3] * 6, [[1] * 6]], inputs=inputs, labels=[1, -1, 1, 1, -1], kind="risk", loss="exponential"
    )
    problem = problem_from_tree(tree)
    target = Target(remembering(ENGINES), problem)
    (claim,) = find_lemma("clarke_differential").claims(target)
    assert claim.certificate is not None
    assert (claim.word, claim.certificate["kind"]) == ("proved_instance", "result")
    mint(claim, problem=problem.tree())
    (sum_rule,) = find_lemma("sum_rule").claims(target)
    assert sum_rule.word == "refuted"
    mint(sum_rule, problem=problem.tree())
    with pytest.raises(NotProvedError, match="the result shows"):
        mint(
            replace(sum_rule, word="proved_instance", witness=None, certificate={"kind": "result", **sum_rule.witness}),
            problem=problem.tree(),
        )


# ---------------------------------------------------------------------- two roads, and laws on drawn nets

SMALL = st.integers(-3, 3)


def _net_of_one_input(rows, outer, bias, at, name="relu"):
    return net_tree(
        [[[a] for a in rows], [outer[: len(rows)]]],
        activation=name,
        biases=[bias[: len(rows)], [0]],
        kind="output",
        variable="input",
        at=[at],
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(SMALL, min_size=1, max_size=4),
    st.lists(SMALL, min_size=4, max_size=4),
    st.lists(SMALL, min_size=4, max_size=4),
    SMALL,
    st.sampled_from(["relu", "abs"]),
)
def test_subgradients_of_one_variable_are_those_that_no_point_excludes(rows, outer, bias, at, name):
    problem = checked_problem(problem_from_tree(_net_of_one_input(rows, outer, bias, at, name)).tree())
    x0 = Fraction(at)
    line = of_input(problem)
    around = [x for knot in line.knots for x in (knot, knot - 1, knot + 1)]
    points = [*around, x0 - Fraction(1, 10**6), x0 + Fraction(1, 10**6), Fraction(-(10**6)), Fraction(10**6)]

    def value(x):
        return forward(replace(problem, inputs=((x,),)), 0).preactivations[-1][0]

    assert all(line.at(x) == value(x) for x in points)
    quotients = {x: (value(x) - value(x0)) / (x - x0) for x in points if x != x0}
    low = max(q for x, q in quotients.items() if x < x0)
    high = min(q for x, q in quotients.items() if x > x0)
    found = line.subgradients(x0)
    # Far away the quotient is near the slope there, and not yet equal to it.
    slack = Fraction(1, 1000)
    if found is None:
        assert low > high - 2 * slack
    else:
        assert low <= found[0] <= low + slack
        assert high - slack <= found[1] <= high


@settings(max_examples=12, deadline=None)
@given(
    st.lists(SMALL, min_size=2, max_size=3),
    st.lists(SMALL, min_size=4, max_size=4),
    st.lists(SMALL, min_size=4, max_size=4),
)
def test_every_subgradient_is_a_clarke_subgradient(rows, outer, bias):
    tree = _net_of_one_input(rows, outer, bias, 0)
    claim = decide("subdifferential(R) within clarke(R)", problem_setting(tree), engines=ENGINES)
    assert mint(claim).verdict.word == "proved_instance"


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=1, max_size=2),
    st.lists(SMALL, min_size=2, max_size=2),
    st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=3),
    st.lists(st.sampled_from([1, -1]), min_size=3, max_size=3),
)
def test_the_sum_rule_is_decided_alike_by_the_sets_and_by_the_spans(rows, outer, inputs, labels):
    tree = net_tree(
        [rows, [outer[: len(rows)]]],
        inputs=inputs,
        labels=labels[: len(inputs)],
        kind="combination",
        coefficients=labels[: len(inputs)],
    )
    problem = problem_from_tree(tree)
    (claim,) = find_lemma("sum_rule").claims(Target(ENGINES, problem))
    holds = ENGINES.clarke(problem)["sum_rule"]["holds"]
    assert mint(claim, problem=problem.tree()).verdict.word == ("proved_instance" if holds else "refuted")
    *_, inclusion = find_lemma("sum_rule_inclusion").claims(Target(ENGINES, problem))
    assert mint(inclusion, problem=problem.tree()).verdict.word == "proved_instance"


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(SMALL, min_size=2, max_size=2),
    st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=2),
)
def test_the_sets_of_drawn_nets_are_shown_with_their_shortest_elements(rows, outer, inputs):
    tree = net_tree([rows, [outer]], inputs=inputs, labels=[1, -1], kind="risk", loss="squared")
    problem = problem_from_tree(tree)
    target = Target(remembering(ENGINES), problem)
    (clarke,) = find_lemma("clarke_differential").claims(target)
    assert mint(clarke, problem=problem.tree()).verdict.word == "proved_instance"
    _, certificate, member = find_lemma("minimal_norm_path").claims(target)
    for claim in (certificate, member):
        assert mint(claim, problem=problem.tree()).verdict.word == "proved_instance"


# ---------------------------------------------------------------------- what must fail

ABSOLUTE = net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0])
CORNER = net_tree([[[1, 0], [0, 1]], [[1, 1]]], kind="output", variable="input", at=[0, 0])
VALLEY = net_tree([[[1, 0], [0, 1]], [[1, 1]]], activation="abs", kind="output", variable="input", at=[0, 1])


@pytest.mark.parametrize(
    ("statement", "tree"),
    [
        ("subdifferential(R) == hull(vector(-1), vector(2))", ABSOLUTE),
        ("subdifferential(R) == empty", ABSOLUTE),
        ("vector(2) in subdifferential(R)", ABSOLUTE),
        ("clarke(R) == hull(vector(0, 0), vector(0, 1), vector(1, 0))", CORNER),
        ("clarke(R) == empty", CORNER),
        ("for v in clarke(R): inner(v, velocity(R)) == norm2(velocity(R))", VALLEY),
        ("for v in clarke(R): inner(v, -velocity(R)) > norm2(velocity(R))", VALLEY),
        ("velocity(R) in clarke(R)", VALLEY),
    ],
)
def test_a_statement_changed_in_one_place_is_refuted(statement, tree):
    claim = decide(statement, problem_setting(tree), engines=ENGINES)
    assert claim.word == "refuted"
    assert mint(claim).verdict.word == "refuted"


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        ("for t > 0: f(t*w) == t^(L-1)*f", shape_setting([2, 3, 2, 1], ["relu", "relu"])),
        ("for t > 0: f(t*W[1]) == t^2*f", shape_setting([1, 1, 1], ["relu"])),
        ("for t > 0: f(t*w) == t^3*f", shape_setting([1, 1, 1, 1, 1], ["identity"] * 3)),
        ("for K > 0: f((K + 1)*w) - f(K*w) == (2*K - 1)*f", shape_setting([1, 1, 1], ["identity"])),
    ],
)
def test_another_degree_is_refuted(statement, shape):
    assert mint(decide(statement, shape)).verdict.word == "refuted"


def test_the_name_of_the_clarke_differential_stands_for_hulls_of_numbers_alone():
    (claim,) = find_lemma("clarke_differential").claims(TARGET)
    for statement in (
        "clarke(R) == hull(grad(R))",
        "clarke(R) == hull(vector(0, 0)) + hull(vector(0, 0))",
        "for k in 1..1: clarke(R) == hull(vector(0, 0))",
        "0 == 0 and clarke(R) == hull(vector(0, 0))",
        "clarke(R) == hull(vector(0, 0)) if 0 == 1",
    ):
        with pytest.raises(NotProvedError, match="not what the name stands for"):
            mint(replace(claim, statement=statement))
    with pytest.raises(NotProvedError):
        mint(replace(claim, statement="clarke(R) == hull(vector(0, 0), vector(0, 1), vector(1, 0))"))


def test_the_facet_neighbours_of_another_piece_miss_another_corner():
    # From the piece w_1 < 0 < w_2 its neighbours are those of the signs (+, +) and (-, -): (1, 0) is missed.
    at = {"F": [0, 0], "P": [-1, 1], "Q": [1, 1], "S": [-1, -1]}
    place = problems_setting(
        **{
            name: net_tree([[[1, 0], [0, 1]], [[1, 1]]], kind="output", variable="input", at=x)
            for name, x in at.items()
        }
    )
    claim = decide(find_lemma("E3").statement, place, engines=ENGINES)
    assert mint(claim).verdict.word == "refuted"


def _of_the_ridge():
    (claim,) = find_lemma("flow_is_unique").claims(TARGET)
    return claim


def test_a_flow_that_has_one_solution_refutes_nothing():
    claim = _of_the_ridge()
    tree = net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0])
    result = ENGINES.flow(problem_from_tree(tree))
    with pytest.raises(NotProvedError, match="non_unique"):
        mint(replace(claim, witness={**claim.witness, "setting": problem_setting(result["problem"]), "result": result}))


def test_branches_that_are_no_solutions_are_refused():
    claim = _of_the_ridge()
    for change in ("drop", "alter"):
        result = json.loads(json.dumps(claim.witness["result"]))
        if change == "drop":
            result["branches"].pop()
        else:
            result["branches"][0]["certificate"]["velocity"] = ["2"]
        with pytest.raises(NotProvedError):
            mint(replace(claim, witness={**claim.witness, "result": result}))


def test_a_rule_refutes_only_the_statement_that_it_belongs_to():
    claim = _of_the_ridge()
    (other,) = find_lemma("facet_adjacent_pieces").claims(TARGET)
    with pytest.raises(NotProvedError, match=r"no such rule|evidence for the words"):
        mint(replace(other, witness=claim.witness))
    with pytest.raises(NotProvedError, match="another problem"):
        mint(
            replace(
                claim,
                witness={
                    **claim.witness,
                    "setting": problem_setting(ABSOLUTE),
                    "result": {**claim.witness["result"], "problem": claim.witness["setting"]["problem"]},
                },
            )
        )
