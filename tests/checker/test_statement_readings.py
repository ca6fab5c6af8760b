"""A statement means what a reader reads: what has two readings, or is shown at too few places, is refused."""

from typing import Any

import pytest

from symflow.errors import InputError
from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from symflow.reports.result_engines import ENGINES

RELU = shape_setting([2, 2, 1], ["relu"])
POOL = {"name": "maxpool", "groups": [[0, 1]]}
BIASED = shape_setting([1, 1, 1], ["relu"], bias=True)
WITH_BIASES = shape_setting([1, 2, 1], ["relu"], bias=True)
TWO_OUTPUTS = shape_setting([2, 2, 2], ["relu"], output=2)
POOLED = shape_setting([1, 2, 1], [POOL])
NET = problem_setting(net_tree([[[1]], [[1]]], inputs=[[1]], kind="output"))
DEAD = problem_setting(net_tree([[[-1]], [[1]]], inputs=[[1]], kind="output"))
WIDE = problem_setting(net_tree([[[1, 2], [3, 4]], [[1, 1]]], inputs=[[1, 1]], kind="output"))
LINE = problem_setting(net_tree([[[2]]], activation=[], kind="output", variable="input", at=[3]))
LOGISTIC = problem_setting(net_tree([[[1]], [[1]]], inputs=[[1], [2]], labels=[1, -1], kind="risk", loss="logistic"))


def verdict(text: str, setting: dict[str, Any]) -> str:
    claim = decide(text, setting, engines=ENGINES)
    return mint(claim).verdict.word


@pytest.mark.parametrize(
    ("text", "setting", "why"),
    [
        # Slopes change where a factor is not common to all that enters a unit.
        ("for t > 0: f(t*W1[1,1]) - f == (t - 1)*W1[1,1]*grad(f, W1[1,1])", RELU, "one weight of two"),
        ("for t > 0: f(t*W1) - f == (t - 1)*inner(W1, grad(f, W1))", BIASED, "b"),
        ("for t > 0: f(t*W1[1,:]) - f == (t - 1)*inner(W1[1,:], grad(f, W1[1,:]))", POOLED, ""),
        ("f(-w) == f", RELU, "relu(-z) is not relu(z)"),
        # Elements of sets: the generators decide only what is affine.
        ("for s in hull(vector(1,0), vector(-1,0)), r in point(s[1]*s): inner(r, vector(1,0)) >= 1", NET, "0"),
        ("for s in hull(vector(1), vector(3)), k in 1..s[1]: k <= 3", NET, "a range that depends on s"),
        ("for s in hull(vector(1), vector(-1)): s[1]*hull(-vector(1), vector(1)) == hull(vector(1), -s)", NET, ""),
        ("for s in hull(vector(1), vector(-1)): norm2(s) >= 1", NET, "0 at 0"),
        ("for s in hull(vector(1), vector(-1)): s*s[1] in point(vector(1))", NET, "0 at 0"),
        ("for s in hull(vector(1), vector(-1)): s != 0", NET, "0 is an element"),
        ("for s in hull(vector(1), vector(-1)): s not in point(vector(0))", NET, "0 is an element"),
        ("for s in hull(vector(-1), vector(1)): 1 == 2 if s[1] == 0", NET, "a condition on s"),
        ("for s in empty: 1 == 2", NET, "claims nothing"),
        # Shapes.
        ("vector(1) in hull(vector(0), vector(1, 5))", NET, "a ragged set"),
        ("hull(vector(1)) within hull(vector(1, 5))", NET, "sets in different spaces"),
        ("hull(vector(1)) == hull(vector(1, 5))", NET, "sets in different spaces"),
        ("vector(1) within vector(1, 2)", NET, "points in different spaces"),
        ("1 in clarke(f)", NET, "a number in a set of vectors"),
        ("W1 in clarke(f)", WIDE, "a matrix in a set of vectors"),
        ("clarke(f) + 1 == clarke(f)", NET, "a set and a number"),
        ("clarke(f) + W1 == clarke(f)", WIDE, "a set and a matrix"),
        ("clarke(f) + vector(1) == clarke(f)", NET, "a set and a vector of another length"),
        ("transpose(W1) == W1", shape_setting([3, 1, 1], ["relu"]), "a column is no row"),
        ("grad(f) == f at w", DEAD, "f happens to be 0"),
        # Names.
        ("for w in 1..1: norm2(grad(f, w)) >= 0", RELU, "w is the weights"),
        ("for f in 1..2: f == f1", RELU, "f is the output"),
        ("for W1 in 1..1: W1 == 1", RELU, "W1 is a matrix"),
        ("sum(k in 1..2: sum(k in 1..3: k)) == 12", RELU, "which k?"),
        # The input is the variable.
        ("grad(f, W1[1,1]) == 2 at w", LINE, "a derivative in a weight"),
        ("grad(f, w) == vector(2) at w", LINE, "a derivative in the weights"),
        ("f(2*w) == 2*f at w", LINE, "the weights are no variables"),
        # One point does not show everything.
        ("norm2(W1) is conserved at w", DEAD, "its rate is 0 at this point"),
        ("norm2(W1) is conserved and 0 in clarke(f)", DEAD, "its rate is 0 at this point"),
        ("1 == 2 if f == 17 at w", NET, "the condition does not hold"),
        # Where no gradient, no quotient, no logarithm exists.
        ("grad(f) == 0 at w", problem_setting(net_tree([[[0]], [[1]]], inputs=[[1]], kind="output")), "a kink"),
        ("A1*A1 == A1 at w", problem_setting(net_tree([[[0]], [[1]]], inputs=[[1]], kind="output")), "a kink"),
        ("1/(f - f) == 1 at w", NET, "division by zero"),
        ("(f - f)^-1 == 0 at w", NET, "division by zero"),
        ("1/(ln(2) - ln(2)) > 0 at w", NET, "division by zero"),
        ("ln(0) < 0 at w", NET, "no logarithm"),
        ("ln(ln(2) - ln(2)) < 0 at w", NET, "no logarithm"),
        ("ln(2) == ln(2) at w", NET, "enclosures show no equality"),
        # Nothing follows from what is free: R and its slopes are not related on a shape.
        ("R == -c[1]*y", RELU, "true of the exponential loss alone"),
    ],
)  # fmt: skip
def test_nothing_is_claimed_of(text: str, setting: dict[str, Any], why: str) -> None:
    assert verdict(text, setting) in ("undecided", "refuted"), why
    if why in ("claims nothing", "a kink", "division by zero", "no logarithm") or "space" in why:
        assert verdict(text, setting) == "undecided"


@pytest.mark.parametrize("text", ["xy[1] == xy[1]", "foo(w) == 1", "soft == 1", "0 in clark(R)"])
def test_a_name_without_meaning_is_a_slip_of_the_writer_s(text: str) -> None:
    with pytest.raises(InputError, match=r"has no meaning here; .*names are|is no function; .*functions are"):
        verdict(text, NET)


@pytest.mark.parametrize(
    ("text", "setting", "expected"),
    [
        ("-f^2 == -(f^2)", RELU, "proved_shape"),
        ("-f^2 == f^2", RELU, "refuted"),
        ("2^3^2 == 512", RELU, "proved_shape"),
        ("8/4/2 == 1 and 8 - 4 - 2 == 2", RELU, "proved_shape"),
        ("2^-1 == 0.5", RELU, "undecided"),  # no power of a polynomial
        ("2^-1 == 0.5 at w", NET, "proved_instance"),
        ("for t > 0: f(t*w) == t^2*f", RELU, "proved_shape"),
        ("for t > 0: f(t*W1[1,:]) - f == (t - 1)*inner(W1[1,:], grad(f, W1[1,:]))", RELU, "proved_shape"),
        ("for t > 0: f(t*W1) == t*f", POOLED, "proved_shape"),
        ("for t > 0: f(t*W1, t*b1, t^2*b2, t*W2) == t^2*f", WITH_BIASES, "proved_shape"),
        ("for t > 0: f(t*W1) == t^2*f", shape_setting([1, 1, 1], [{"name": "relu_power", "power": 2}]), "proved_shape"),
        ("f(-w) == f", shape_setting([1, 1, 1], ["identity"]), "proved_shape"),
        ("A1*A1 == A1", shape_setting([1, 2, 1], [{"name": "leaky_relu", "slope": "1/2"}]), "refuted"),
        ("A1*A1*A1 == A1", shape_setting([1, 2, 1], ["abs"]), "proved_shape"),
        ("inner(w, grad(f)) == 3*f", shape_setting([1, 1, 1], [{"name": "relu_power", "power": 2}]), "proved_shape"),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f", TWO_OUTPUTS, "proved_shape"),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f", shape_setting([2, 2, 1], ["relu"], bias=True), "refuted"),
        ("for k in 1..n: k*f[k] == f[k]", shape_setting([1, 1, 1], ["relu"], n_data=2), "refuted"),
        ("for k in 1..n, j in 1..n: f[k]*x[j] == x[k]*f[j]", shape_setting([2, 1, 1], ["relu"], n_data=2), "refuted"),
        ("n == 1", RELU, "proved_shape"),
        ("grad(R)[1]*ln(2) < 5 at w", LOGISTIC, "enclosed"),
        ("exp(grad(R)[1]) > 0 at w", LOGISTIC, "enclosed"),
        ("grad(R) == sum(k in 1..n: c[k]*grad(f[k])) at w", LOGISTIC, "proved_instance"),
        ("sum(k in 1..1000: ln(k)) > 5912 and sum(k in 1..1000: ln(k)) < 5913 at w", NET, "enclosed"),
        ("grad(f, x[1]) == vector(2) at w", LINE, "proved_instance"),  # x[1] is the first datum, here as elsewhere
        ("grad(f) == vector(2)", LINE, "undecided"),  # of all inputs; that the net be another one is not asked
        ("grad(f) == vector(3)", LINE, "refuted"),
        ("0 not in empty", NET, "proved_instance"),
        ("W[1] == 0", DEAD, "refuted"),
        ("0 == W1", RELU, "refuted"),
    ],
)  # fmt: skip
def test_what_is_decided(text: str, setting: dict[str, Any], expected: str) -> None:
    assert verdict(text, setting) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sum(i in 1..1000: sum(j in 1..1000: sum(k in 1..1000: 1))) == 10 at w",
        "(((2^64)^64)^64)^64 > 0 at w",
        "sum(i in 1..300: exp(1/i))^64 > 0 at w",
        "ln(exp(4000) + 1) > 4000 at w",
        "exp(exp(9)) > 10^64 at w",
        "ln(2) < exp(10^9) at w",
        "0 in " + " + ".join(["hull(vector(1), vector(2))"] * 40),
        "0 in product(" + ", ".join(["hull(vector(1), vector(2))"] * 13) + ")",
        "1 == 1 + sum(k in 1..10000: 0) at w",
        "0 == W1[10^4000, 1] at w",
    ],
)
def test_a_statement_that_would_take_for_ever_is_undecided_soon(text: str) -> None:
    claim = decide(text, NET, engines=ENGINES)
    assert claim.word == "undecided"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ("((inner(w, w) + 1)^64)^2 == 0", [2, 2, 1]),
        ("(((w[1] + 1)^64)^64)^64 == 0", [2, 2, 1]),
        ("sum(i in 1..1000: sum(j in 1..1000: inner(w, w))) == 0", [2, 2, 1]),
        ("f == 0", [16] * 8 + [1]),
    ],
)
def test_a_polynomial_that_would_take_for_ever_is_not_proved(text: str, widths: list[int]) -> None:
    claim = decide(text, shape_setting(widths, ["relu"] * (len(widths) - 2)))
    assert claim.word in ("undecided", "refuted")
