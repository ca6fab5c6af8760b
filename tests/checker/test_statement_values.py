"""Values of expressions, along two roads: the checker's, and sympy's or plain arithmetic on drawn nets."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as pairs
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.enclosed_numbers import Enclosed, bounds_of
from symflow.checker.networks import forward
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_point import Point
from symflow.checker.statement_scope import scalar_of
from symflow.checker.statement_shapes import read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope, flat
from symflow.checker.statement_values import Scope
from symflow.proofs.setting import net_tree, problem_setting


def net(*weights: Any, **options: Any) -> Problem:
    return read_problem(problem_setting(net_tree(*weights, **options))["problem"])


SMALL = net([[[1, 2], [-3, 1]], [[2, -1]]], inputs=[[1, 1]], kind="output")
DATA = net([[[1, 2], [-3, 1]], [[2, -1]]], inputs=[[1, 1], [2, 1]], labels=[1, -1], kind="risk", loss="exponential")
LINE = net([[[1], [-1]], [[1, 1]]], kind="output", variable="input", at=[2])


def value(text: str, scope: Scope | None = None) -> Any:
    return (scope or Scope(Point(SMALL))).number(parse_statement(f"{text} == 0").claims[0].left)


# ---------------------------------------------------------------------- known answers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # W1 x = (3, -2), so that f = 2*3, and the second neuron is dead.
        ("f", 6), ("f[1]", 6), ("f1", 6), ("L", 2), ("H", 1), ("n", 1), ("width(0)", 2), ("width(2)", 1),
        ("z[1]", (3, -2)), ("h[1]", (3, 0)), ("z[2]", (6,)), ("z1[1]", 3), ("A1", ((1, 0), (0, 0))), ("a[1]", (1, 0)),
        ("W1", ((1, 2), (-3, 1))), ("W[1][2,:]", (-3, 1)), ("W1[:,2]", (2, 1)), ("W1[1]", (1, 2)), ("W[1][1,2]", 2),
        ("w", (1, 2, -3, 1, 2, -1)), ("x", (1, 1)), ("x1[2]", 1), ("c[1]", 1),
        ("grad(f)", (2, 2, 0, 0, 3, 0)), ("grad(f, W1)", ((2, 2), (0, 0))), ("grad(W2)", ((3, 0),)),
        ("grad(f, W1[1,:])", (2, 2)), ("grad(f^2, W1[1,1])", 24), ("part(grad(f), W2)", ((3, 0),)),
        ("inner(w, grad(f))", 12), ("norm2(W1)", 15), ("norm(vector(3, 4))", 5), ("trace(W1)", 2),
        ("transpose(W2)", ((2,), (-1,))), ("transpose(x)", ((1, 1),)), ("W2*A1*W1*x", (6,)), ("W1*x", (3, -2)),
        ("transpose(x)*W1", ((-2, 3),)), ("2*x - x/2", (Fraction(3, 2), Fraction(3, 2))), ("-x", (-1, -1)),
        ("f(2*w)", 24), ("f(2*W1)", 12), ("f(-w)", 2), ("f(-W2)", -6), ("f(w)", 6), ("R(2*W1, W2)", 12),
        ("abs(-f)", 6),
        ("sum(k in 1..3: k)", 6), ("sum(k in 1..0: k)", 0), ("min(k in 1..3: (k - 2)^2)", 0), ("max(k in 1..3: k)", 3),
        ("sum(k in 1..2: k*x)", (3, 3)), ("exp(0)", 1), ("autodiff(f)", (2, 2, 0, 0, 3, 0)), ("f^-2", Fraction(1, 36)),
        ("directional(f, grad(f))", 17), ("1/2 + f", Fraction(13, 2)), ("L*n - -H", 3), ("vector(1, f)", (1, 6)),
    ],
)  # fmt: skip
def test_at_a_point(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_margins_slopes_and_risks_of_several_data() -> None:
    scope = Scope(Point(DATA))
    assert value("m[2]", scope) == -value("f[2]", scope)
    assert value("grad(m[2])", scope) == value("-grad(f[2])", scope)
    assert value("R", scope) == value("sum(k in 1..n: exp(-m[k]))", scope)
    assert value("c[2]", scope) == value("-y[2]*exp(-m[2])", scope)
    assert value("grad(R)", scope) == value("sum(k in 1..n: c[k]*grad(f[k]))", scope)
    assert value("y2", scope) == -1


def test_functions_of_the_input() -> None:
    scope = Scope(Point(LINE))
    assert value("grad(f)", scope) == value("grad(f, x)", scope) == value("grad(f, x1)", scope) == (1,)
    found = scope.value(parse_statement("subdifferential(f) == empty").claims[0].left)
    assert found == Polytope(((Fraction(1),),))


def test_sets() -> None:
    scope = Scope(Point(SMALL))

    def generators(text: str) -> set[tuple[Any, ...]]:
        return set(scope.value(parse_statement(f"{text} == empty").claims[0].left).generators)

    square = "hull(vector(0), vector(1))"
    assert generators(f"{square} + vector(2)") == generators(f"vector(2) + {square}") == {(2,), (3,)}
    assert generators(f"vector(2) - {square}") == {(2,), (1,)}
    assert generators(f"{square} - vector(2)") == {(-2,), (-1,)}
    assert generators(f"-2*{square}") == generators(f"{square}*-2") == {(0,), (-2,)}
    assert generators(f"-{square}") == {(0,), (-1,)}
    assert generators(f"product({square}, {square})") == set(pairs((0, 1), repeat=2))
    assert generators(f"sum(k in 1..2: {square})") == {(0,), (1,), (2,)}
    assert generators("point(x)") == {(1, 1)}
    assert generators("empty + hull(x)") == set()


# ---------------------------------------------------------------------- a second road


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.sampled_from(["relu", "abs", "identity", "leaky_relu"]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_outputs_and_gradients_in_symbols_are_those_of_sympy(
    widths: list[int], kind: str, bias: bool, random: Any
) -> None:
    # The same net, built in sympy with a free slope for every unit, and differentiated there.
    widths = [*widths, 1]
    entry: Any = {"name": kind, "slope": "1/3"} if kind == "leaky_relu" else kind
    shape = Symbols(read_shape({"widths": widths, "activation": [entry] * (len(widths) - 2), "bias": bias}))
    names = _names(shape)
    one, *generators = sympy.ring([f"v{i}" for i in range(len(names))], sympy.QQ)
    symbols = dict(zip(names, generators, strict=True))
    h = [symbols[f"x[1][{i + 1}]"] for i in range(widths[0])]
    parameters = []
    for layer, (n, m) in enumerate(zip(widths[1:], widths, strict=False), 1):
        W = [[symbols[f"W{layer}[{i + 1},{j + 1}]"] for j in range(m)] for i in range(n)]
        b = [symbols[f"b{layer}[{i + 1}]"] if bias else one(0) for i in range(n)]
        parameters += [*(v for row in W for v in row), *(b if bias else [])]
        z = [sum(u * v for u, v in zip(row, h, strict=True)) + c for row, c in zip(W, b, strict=True)]
        slopes = [1 if kind == "identity" else symbols.get(f"a[{layer},1][{i + 1}]", 0) for i in range(n)]
        h = z if layer == len(widths) - 1 else [a * v for a, v in zip(slopes, z, strict=True)]
    assert _as_sympy(value("f", Scope(shape)), shape, symbols) == h[0]
    for found, variable in zip(value("grad(f)", Scope(shape)), parameters, strict=True):
        assert _as_sympy(found, shape, symbols) == h[0].diff(variable)


def _names(shape: Symbols) -> tuple[str, ...]:
    shape.input(0)
    value("f", Scope(shape))
    return shape.names


def _as_sympy(polynomial: Any, shape: Symbols, symbols: dict[str, Any]) -> Any:
    return sum(
        sympy.QQ(c.numerator, c.denominator) * sympy.prod([symbols[shape.names[v]] for v in monomial])
        for monomial, c in polynomial.terms.items()
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_symbols_at_a_net_are_the_net(data: st.DataObject) -> None:
    # Every pattern of a small net, by drawing it: the polynomials at its slopes are its values and gradients.
    weights = [[[data.draw(st.integers(-3, 3)) for _ in range(2)] for _ in range(n)] for n in (2, 2)]
    last = [[data.draw(st.integers(-3, 3)) for _ in range(2)]]
    x = [data.draw(st.integers(-3, 3)) for _ in range(2)]
    problem = net([*weights, last], activation=["relu", "relu"], inputs=[x], kind="output")
    point, shape = Point(problem), Point(problem).shape
    if any(z == 0 for layer in forward(problem, 0).preactivations[:-1] for z in layer):
        return
    for text in ("f", "norm2(grad(f))", "inner(w, grad(f))", "z[2][1]", "trace(A2)"):
        symbolic = shape.reduced(scalar_of(value(text, Scope(shape)), shape))
        assert shape.at(symbolic, point) == value(text, Scope(point))
    # and by differences, where the step stays on the piece
    step = Fraction(1, 10**6)
    for text, slope in (("f(1000001/1000000*W1)", "inner(W1, grad(f, W1))"),):
        assert value(text, Scope(point)) - value("f", Scope(point)) == step * value(slope, Scope(point))


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("W", '"W" needs a number, as in W[1]'),
        ("q", '"q" has no meaning here'),
        ("x[2]", "no x[2]: there is 1 datum"),
        ("f[2]", "no f[2]: there is 1 datum"),
        ("c[2]", "no c[2]: there is 1 datum"),
        ("y", "the problem has no labels"),
        ("W[3]", "no W[3]: there are 2 layers"),
        ("z[3]", "no z[3]: there are 2 layers"),
        ("h[2]", "no h[2]: there is 1 hidden layer"),
        ("b[1]", "the net has no biases"),
        ("b1", "the net has no biases"),
        ("z[1,2]", "no z[1,2]: there is 1 datum"),
        ("W[1,2]", '"W" takes 1 numbers, not 2'),
        ("W[:]", "':' where an index is needed"),
        ("W[1/2]", "an index that is no whole number"),
        ("W1[3,1]", "no row 3: there are 2"),
        ("W1[1,1,1]", "3 indices for something with 2"),
        ("x[1][1,1]", "2 indices for something with 1"),
        ("f[1][1]", "1 indices for something with 0"),
        ("f^(1/2)", "an exponent that is no whole number"),
        ("f^65", "an exponent beyond 64"),
        ("x^2", "a power of a vector"),
        ("x/x", "a division by a vector"),
        ("x + 1", "two things of different shapes: 2 and a number"),
        ("x*x", "a vector times something"),
        ("W2*W2", "a product of 1 x 2 with 1 x 2"),
        ("inner(x, W1)", "two things of different shapes"),
        ("trace(x)", "the trace of a vector"),
        ("trace(W2)", "a matrix that is not square"),
        ("transpose(f)", "the transpose of a number"),
        ("width(3)", "layer 3 of 2"),
        ("exp(x)", "an exponential is no polynomial"),
        ("ln(x)", "a logarithm is no polynomial"),
        ("ln(-f)", "a logarithm of a number that is not positive"),
        ("abs(x)", "an absolute value is no polynomial"),
        ("nonsense(f)", '"nonsense" is no function'),
        ("inner(x)", "inner takes 2 arguments, not 1"),
        ("trace(x, x)", "trace takes 1 argument, not 2"),
        ("A[1](w)", r'"A[..](..)" has no meaning'),
        ("exp(k in 1..2: k)", "only sum, min and max run over an index"),
        ("min(k in 1..0: k)", "a min over nothing"),
        ("min(k in 1..2: k*x)", "a minimum or maximum is no polynomial"),
        ("grad(f, W1, W2)", "grad takes a function and parameters, not 3 arguments"),
        ("grad(f, x)", "expected variables here: w, W[l], b[l]"),
        ("grad(f, b1)", "the net has no biases"),
        ("grad(1)", "a function is needed here"),
        ("part(x, W1)", "a vector with an entry for each parameter"),
        ("clarke(f)", "a Clarke differential is that of a point"),
        ("hull(x)", "a set where a number is needed"),
        ("hull(1)", "a vector is needed here"),
        ("vector(x)", "a vector of a vector"),
        ("product(x)", "a product of sets has sets as factors"),
        ("hull(x)*hull(x)", "a product of two sets"),
        ("hull(x)/2", 'no "/" of sets'),
        ("x*hull(x)", "a set times a vector"),
        ("f(w, 2*W1)", "a parameter is given twice"),
        ("f(x*w)", "parameters times a vector"),
        ("f(exp(1)*w)", "a factor that is not rational"),
        ("f(x)", "expected variables here"),
        ("directional(f, x)", "a direction has an entry for every variable"),
        ("directional(f, exp(1)*w)", "a direction that is not rational"),
        ("subdifferential(f)", "functions of one input alone"),
        ("sum(k in 1..5000: k)", "a range with too many indices"),
    ],
)
def test_what_has_no_value_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        value(text)
    assert reason in refusal.value.reason


def test_what_has_no_value_on_a_shape_is_refused() -> None:
    scope = Scope(Symbols(read_shape({"widths": [2, 2, 1], "activation": ["relu"]})))
    power = Scope(Symbols(read_shape({"widths": [1, 1, 1], "activation": [{"name": "relu_power", "power": 2}]})))
    for text, reason in (
        ("f/f", "a division by something that is not a number"),
        ("f^-1", "an exponent that is not one of 0 to 64"),
        ("norm(w)", "a norm is no polynomial"),
        ("autodiff(f)", "asked at a point"),
        ("directional(f, w)", "asked at a point"),
        ("min(k in 1..2: k*f)", "no polynomial"),
        ("R(2*w)", "the risk at other parameters"),
        ("f(-w)", "a factor that may not be positive"),
        ("f(0*w)", "a factor that may not be positive"),
        ("(W1[1,1]^64)^64", "a power too high"),
    ):
        with pytest.raises(Refused) as refusal:
            value(text, scope)
        assert reason in refusal.value.reason, text
    with pytest.raises(Refused, match="relu_power has no diagonal matrix"):
        value("A[1]", power)


def test_what_has_no_net_of_its_own_speaks_of_named_problems_alone() -> None:
    scope = Scope(None, {"F": Point(SMALL)})
    assert value("F^2/2 + abs(-F)", scope) == 24
    assert value("grad(F)", scope) == value("grad(f)")
    assert value("autodiff(F)", scope) == value("autodiff(f)")
    for text, reason in (
        ("f", "no net of its own"),
        ("grad(F, W1)", "in all its variables"),
        ("L", "no net of its own"),
    ):
        with pytest.raises(Refused, match=reason):
            value(text, scope)
    with pytest.raises(Refused, match="nothing is given to compute with"):
        value("1/2", Scope(None))


def test_names_are_bound_once() -> None:
    scope = Scope(Point(SMALL), {"F": Point(SMALL)})
    inner = scope.binding("k", 2)
    assert value("k", inner) == 2
    for name in ("k", "F", "f", "W", "x3", "clarke"):
        with pytest.raises(Refused, match="has a meaning already"):
            inner.binding(name, 1)


def test_a_statement_has_so_many_steps() -> None:
    scope = Scope(Point(SMALL))
    scope.work.left = 100
    with pytest.raises(TooLarge, match="more steps"):
        value("sum(k in 1..100: k)", scope)


def test_numbers_of_all_kinds() -> None:
    scope = Scope(Point(DATA))
    assert isinstance(value("ln(R)", scope), Enclosed)
    assert isinstance(value("norm(vector(1, 1))"), Enclosed)
    low, high = bounds_of(value("1/ln(R)*R - ln(2)^2 + 2^-1*ln(2)^-1", scope), 64)
    assert 0 < high - low < Fraction(1, 1 << 40)
    assert value("abs(ln(1/2))", scope).bounds(64)[0] > 0
    assert len(flat(value("grad(R)", scope))) == 6
