"""Inequalities on all weights: risks, exponentials and squares with positive things; forged sums are refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import Shape, read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_truth import holds_at_point
from symflow.checker.statement_values import Scope
from symflow.proofs.evidence import Finder
from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from tests.strategies import problem_trees

WEIGHTS = [[[1, 2], [-3, 1]], [[2, -1]]]
RELU = shape_setting([2, 2, 1], ["relu"])


def of_loss(loss: str = "", **options: Any) -> dict[str, Any]:
    objective = {"kind": "risk", "loss": loss} if loss else {"kind": "log_sum_exp"}
    tree = net_tree(WEIGHTS, inputs=[[1, 1], [2, 1]], labels=[1, -1], **(objective | options))
    return problem_setting(tree)


def symbols(setting: dict[str, Any]) -> Symbols:
    if setting["kind"] == "shape":
        return Symbols(read_shape(setting))
    problem = read_problem(setting["problem"])
    return Symbols(Shape(problem, problem))


EXPONENTIAL, LOGISTIC, SQUARED = of_loss("exponential"), of_loss("logistic"), of_loss("squared")
MEAN = of_loss("exponential", reduction="mean")


@pytest.mark.parametrize(
    ("text", "setting", "expected"),
    [
        # exp > 0 and ln(1 + exp) > 0; a sum of squares may vanish.
        ("R > 0", EXPONENTIAL, "proved_shape"),
        ("R > 0", LOGISTIC, "proved_shape"),
        ("R >= 0", SQUARED, "proved_shape"),
        ("R > 0", SQUARED, "undecided"),  # false where both labels are met, which no small integers do
        ("0 < R", MEAN, "proved_shape"),
        ("R > 0", of_loss(), "refuted"),  # ln of a sum that is below 1
        ("R > 0", RELU, "undecided"),  # of a shape no loss is known
        ("R < 0", EXPONENTIAL, "refuted"),
        ("R >= 1", EXPONENTIAL, "refuted"),
        ("-2*R < 0", LOGISTIC, "proved_shape"),
        ("R + norm2(W1) > 0 and R*norm2(w) >= 0", EXPONENTIAL, "proved_shape"),
        ("R*norm2(w) + 1 > 0", SQUARED, "proved_shape"),
        ("R*norm2(w) > 0", EXPONENTIAL, "refuted"),  # at w = 0
        ("R*(W1[1,1]^2 - 2*W1[1,1] + 2) > 0", EXPONENTIAL, "proved_shape"),  # R (u - 1)^2 + R
        ("R*(W1[1,1]^2 - 2*W1[1,1] + 1) > 0", EXPONENTIAL, "refuted"),  # at 1
        ("R*(W1[1,1]^2 - 2*W1[1,1] + 1) >= 0", EXPONENTIAL, "proved_shape"),
        # The losses written out.
        ("R == sum(k in 1..n: exp(-m[k]))", EXPONENTIAL, "proved_shape"),
        ("R == sum(k in 1..n: exp(-m[k]))/n", MEAN, "proved_shape"),
        ("R == sum(k in 1..n: exp(-m[k]))", MEAN, "refuted"),
        ("R == sum(k in 1..n: ln(1 + exp(-m[k])))", LOGISTIC, "proved_shape"),
        ("R == sum(k in 1..n: (f[k] - y[k])^2)/2", SQUARED, "proved_shape"),
        ("R == sum(k in 1..n: (f[k] - y[k])^2)", SQUARED, "refuted"),
        ("R == ln(sum(k in 1..n: exp(-m[k])))", of_loss(), "proved_shape"),
        ("for k in 1..n: c[k] == -y[k]*exp(-m[k])", EXPONENTIAL, "proved_shape"),
        ("for k in 1..n: c[k] == f[k] - y[k]", SQUARED, "proved_shape"),
        ("for k in 1..n: c[k] == y[k]*exp(-m[k])", EXPONENTIAL, "refuted"),
        ("R >= exp(-m[1])", EXPONENTIAL, "proved_shape"),
        ("R > exp(-m[1])", EXPONENTIAL, "proved_shape"),  # the other datum's is positive
        ("R > exp(-m[1]) + exp(-m[2])", EXPONENTIAL, "refuted"),
        # On a shape.
        ("exp(f) > 0 and exp(f)*exp(-f) > 0 and exp(0) == 1", RELU, "proved_shape"),
        ("ln(1 + exp(f)) > 0", RELU, "proved_shape"),
        ("exp(f) >= 1", RELU, "refuted"),
        ("norm2(w) + 1 > 0", RELU, "proved_shape"),
        ("norm2(w) > 0", RELU, "refuted"),
        ("W1[1,1]^2 - W1[1,1] + 1 > 0", RELU, "proved_shape"),  # (u - 1/2)^2 + 3/4
        ("for t > 0: t*norm2(w) + t^2 > 0", RELU, "proved_shape"),
        ("for t > 0: t > 0 and t^3 >= 0 and -t < 0", RELU, "proved_shape"),
        ("for t > 0: t - 1 > 0", RELU, "undecided"),
        ("A[1][1,1] >= 0", RELU, "proved_shape"),
        ("A[1][1,1] > 0", RELU, "refuted"),
        ("A[1][1,1] >= 0", shape_setting([2, 2, 1], ["abs"]), "refuted"),
    ],
)
def test_inequalities_and_losses_on_all_weights(text: str, setting: dict[str, Any], expected: str) -> None:
    found = decide(text, setting)
    assert found.word == expected
    mint(found)


@pytest.mark.parametrize(
    ("text", "squares", "reason"),
    [
        ("norm2(w) > 0", [{"coefficient": "1", "of": f"W1[{i},{j}]"} for i in (1, 2) for j in (1, 2)], "do not add up"),
        ("W1[1,1]^2 > 0", [{"coefficient": "1", "of": "W1[1,1]"}], "none of the squares is positive"),
        ("W1[1,1]^2 > 0", [{"coefficient": "0", "of": "1"}, {"coefficient": "1", "of": "W1[1,1]"}], "none of the"),
        ("W1[1,1]^3 >= 0", [{"coefficient": "1", "of": "W1[1,1]", "times": "W1[1,1]"}], "may be negative"),
        ("f >= 0", [{"coefficient": "1", "of": "1", "times": "f"}], "may be negative"),
        ("R >= 0", [{"coefficient": "1", "of": "1", "times": "R"}], "may be negative"),
        ("0 >= exp(f)", [{"coefficient": "1", "of": "1", "times": "-exp(f)"}], "may be negative"),
        ("0 >= exp(f)", [{"coefficient": "-1", "of": "1", "times": "exp(f)"}], "a negative coefficient"),
        ("0 > W1[1,1]", [], "the squares do not add up"),
        ("f^2 - f^2 > 0", [], "none of the squares is positive"),
        ("f^2 >= 0", [{"coefficient": "1", "of": "f", "beside": "1"}], "a key that the checker does not know"),
    ],
)
def test_forged_sums_are_refused(text: str, squares: list[dict[str, str]], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_identity(parse_statement(text), symbols(RELU), {"0": squares})
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["ln(f) >= 0", "ln(norm2(w)) >= 0", "ln(exp(f)) > 0", "ln(1 + norm2(w)) > 0", "grad(exp(f), W1) == 0"]
)
def test_what_a_logarithm_or_a_derivative_is_of_has_to_be_seen(text: str) -> None:
    with pytest.raises(Refused):
        check_identity(parse_statement(text), symbols(RELU))


def test_a_sum_that_the_finder_did_not_find_is_accepted_by_hand() -> None:
    # t u^2 + t: the second is positive.
    squares = [{"coefficient": "1", "of": "W1[1,1]", "times": "t"}, {"coefficient": "1", "of": "1", "times": "t"}]
    assert check_identity(parse_statement("for t > 0: t*W1[1,1]^2 + t > 0"), symbols(RELU), {"0": squares}) == 1


@settings(max_examples=15, deadline=None)
@given(problem_trees(n_data=2))
def test_what_is_proved_of_a_risk_is_true_at_the_weights(tree: dict[str, Any]) -> None:
    """Two roads: what holds on all weights is evaluated at the weights that were drawn."""
    setting = problem_setting(tree)
    for text in ("R > 0", "R >= 0", "R*norm2(w) + 1 > 0", "R > -1/2", "R >= exp(-m)", "R == R^2"):
        try:
            found = decide(text, setting)
            if found.word != "proved_shape":
                continue
            statement = parse_statement(f"{text} at w")
            assert holds_at_point(statement, Scope(Point(read_problem(setting["problem"]))), Finder(), {})
        except Refused:
            continue


def test_signs_of_sums_are_not_taken_from_what_cancels() -> None:
    objects = symbols(RELU)
    e = objects.exponential(objects.parameters[0])
    assert objects.sign(e) == 1
    assert objects.sign(e - e) == 0
    assert objects.sign(e * Fraction(-1)) is None
    assert objects.sign(e - objects.constant(Fraction(1))) is None
    assert objects.sign(objects.parameters[0]) is None
