"""Results to export: of the zoo, of drawn nets with a fixed seed, of shapes and statements, of every kind there is."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from symflow.cli import main
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.selection import audit
from symflow.exports.results import export_result
from symflow.exports.script import Export
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import audit_result, clarke_result
from symflow.zoo.every_answer import KNOWN

Tree = dict[str, Any]

RELU, ABS, LEAKY = "relu", "abs", {"name": "leaky_relu", "slope": "1/4"}

#: (statement, setting, squares of an inequality)
ON_SHAPES: list[tuple[str, Tree, dict[str, Any] | None]] = []


def _shape(widths: list[int], activation: Any = RELU, **keys: Any) -> Tree:
    return {
        "kind": "shape",
        "widths": widths,
        "activation": [activation] * (len(widths) - 2),
        "bias": False,
        "n_data": 1,
        **keys,
    }


for _shape_of in (
    _shape([2, 2, 1]),
    _shape([3, 2, 1], LEAKY),
    _shape([2, 2, 2, 1]),
    _shape([1, 2, 2, 1], ABS),
    _shape([2, 3, 2, 1]),
):
    ON_SHAPES += [
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f", _shape_of, None),
        ("inner(w, grad(f)) == L*f", _shape_of, None),
        ("for l in 1..L-1: norm2(W[l]) - norm2(W[l+1]) is conserved", _shape_of, None),
        ("for i in 1..width(1): norm2(W1[i,:]) - norm2(W2[:,i]) is conserved", _shape_of, None),
        ("f*f + 2*f + 1 >= 0", _shape_of, {"0": [{"coefficient": "1", "of": "f + 1"}]}),
    ]
ON_SHAPES += [
    ("for t > 0: f(t*w) == t^L*f", _shape([2, 2, 1]), None),
    ("for t > 0: f(t*w) == t^3*f", _shape([2, 2, 2, 1], ABS), None),
    ("for t > 0, s > 0: f(t*W1, s*W2) == s*t*f", _shape([1, 2, 1], LEAKY), None),
    ("A[1]*A[1] == A[1]", _shape([2, 3, 1]), None),
    ("inner(h[1], h[1]) == inner(h[1], z[1])", _shape([2, 2, 1]), None),
    ("inner(h[1], h[1]) == inner(z[1], z[1])", _shape([2, 2, 1], ABS), None),
    ("h[1] == A[1]*W[1]*x", _shape([2, 2, 1]), None),
    ("for l in 1..L: inner(W[l], grad(R, W[l])) == c[1]*f[1] + c[2]*f[2]", _shape([2, 2, 1], n_data=2), None),
    ("inner(W1, grad(f, W1)) + inner(b1, grad(f, b1)) + b2[1] == f", _shape([2, 2, 1], bias=True), None),
    ("2*W1[1,1]*W1[1,2] <= norm2(W1)", _shape([2, 1, 1]), {"0": [{"coefficient": "1", "of": "W1[1,1] - W1[1,2]"}]}),
]

AT_A_POINT: Tree = {
    "network": {"activation": ["relu"], "weights": [[["1", "-2"], ["2", "1"]], [["3", "-1/2"]]]},
    "data": {"inputs": [["1", "1"], ["2", "1/2"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "squared", "variable": "weights"},
}

#: (statement, whether it is true at the point)
STATEMENTS = (
    ("f == -3/2 at w", True),
    ("f[1] + f[2] < 0 at w", True),
    ("inner(W1, grad(f, W1)) == f at w", True),
    ("inner(w, grad(R)) == 2*inner(W2, grad(R, W2)) at w", True),
    ("m[2] > 0 at w", False),
    ("z[1][2] == 3 at w", True),
    ("f == 1 at w", False),
    ("f[1] > f[2] at w", False),
    ("norm2(grad(f)) <= 2 at w", False),
    ("inner(grad(f, W2)[1,:], h[1,1]) == 1 at w", False),
    ("f(2*w) == 2*f at w", False),
    ("f(2*w) == 4*f at w", True),
    ("norm2(W1) - norm2(W2) == 3/4 at w", True),
    ("R != 0 at w", True),
)


def exported() -> Export:
    """Return all theorems, the same ones at every run."""
    total = Export()
    for i, result in enumerate(results()):
        part = export_result(result)
        total.claims += part.claims
        total.not_exported += [f"{i} {each}" for each in part.not_exported]
    return total


def results() -> Iterator[Tree]:
    """Return results of every command that is exported."""
    yield from _differentials()
    yield {"command": "prove", "claims": [*_shapes(), *_statements(), *_enclosed()]}
    yield from _laws()
    yield from _pieces()


def _differentials() -> Iterator[Tree]:
    for known in KNOWN:
        problem = known().problem()
        yield clarke_result(problem, clarke_differential(problem.function()))
    for tree in drawn_trees():
        problem = problem_from_tree(tree)
        differential = clarke_differential(problem.function())
        yield clarke_result(problem, differential)
    problem = problem_from_tree(DEPENDENT)
    yield audit_result(problem, audit(clarke_differential(problem.function())))


#: Three data on a kink, two of them parallel, and a combination of mixed signs.
DEPENDENT: Tree = {
    "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    "data": {"inputs": [["1", "1"], ["2", "2"], ["-1", "-1"]]},
    "objective": {"kind": "combination", "coefficients": ["1", "-1/2", "1"]},
}


def drawn_trees() -> Iterator[Tree]:
    """Return small nets with kinks, drawn with a fixed seed: one and two hidden layers, weights and input."""
    draw = random.Random(20260101)
    activations: list[Any] = [RELU, LEAKY, ABS]
    for i in range(9):
        widths = [2, 2, 1] if i % 3 else [1, 2, 1, 1]
        activation = activations[i % 3]
        weights = [
            [[str(draw.choice([-2, -1, 1, 2])) for _ in range(m)] for _ in range(n)] for m, n in pairwise(widths)
        ]
        if i % 2:
            weights[0][0] = ["1", "-1"][: widths[0]] if widths[0] > 1 else ["0"]
        inputs = [["1", "1"][: widths[0]], ["2", "-1"][: widths[0]]]
        tree: Tree = {
            "network": {"activation": [activation] * (len(widths) - 2), "weights": weights},
            "data": {"inputs": inputs, "labels": ["1", "-1"]},
            "objective": {"kind": "risk", "loss": "squared"} if i % 4 else {"kind": "output"},
        }
        if i == 8:
            tree["objective"] = {"kind": "output", "variable": "input", "at": ["0", "0"]}
        yield tree


def _shapes() -> Iterator[Tree]:
    for text, setting, squares in ON_SHAPES:
        certificate: Tree = {"kind": "expansion"} if squares is None else {"kind": "sum_of_squares", "squares": squares}
        yield {
            "claim": text,
            "statement": text,
            "setting": setting,
            "verdict": "proved_shape",
            "certificate": certificate,
        }


def _statements() -> Iterator[Tree]:
    for text, is_true in STATEMENTS:
        setting = {"kind": "problem", "problem": AT_A_POINT}
        claim: Tree = {"claim": text, "statement": text, "setting": setting}
        if is_true:
            yield claim | {"verdict": "proved_instance", "certificate": {"kind": "evaluation"}}
        else:
            yield claim | {"verdict": "refuted", "witness": {"instance": 0}}


#: (kind of objective, statement with exponentials, logarithms or roots)
ENCLOSED = (
    ({"kind": "risk", "loss": "exponential"}, "R < 100 at w"),
    ({"kind": "log_sum_exp"}, "R >= 0 at w"),
    ({"kind": "risk", "loss": "logistic", "reduction": "mean"}, "R > 1/10 at w"),
    ({"kind": "combination", "coefficients": ["1", "1"]}, "exp(-m[1]) + exp(-m[2]) > ln(2) at w"),
    ({"kind": "output"}, "norm(W1) + norm(W2) < 7 at w"),
    ({"kind": "output"}, "exp(f) != 1 at w"),
    ({"kind": "combination", "coefficients": ["1", "1"]}, "min(k in 1..n: m[k]) < ln(2) at w"),
    (
        {"kind": "combination", "coefficients": ["1", "1"]},
        "-ln(sum(k in 1..n: exp(-m[k]))) < min(k in 1..n: m[k]) at w",
    ),
)


def _enclosed() -> Iterator[Tree]:
    for objective, text in ENCLOSED:
        setting = {"kind": "problem", "problem": AT_A_POINT | {"objective": objective}}
        claim: Tree = {"claim": text, "statement": text, "setting": setting}
        yield claim | {"verdict": "enclosed", "certificate": {"kind": "evaluation"}}


def _laws() -> Iterator[Tree]:
    from symflow.laws.of_problem import laws_of_problem
    from symflow.reports.laws_result import laws_result

    for activation, widths in (("identity", [2, 2, 1]), (RELU, [2, 2, 1]), (RELU, [1, 2, 2, 1])):
        tree = {
            "network": {"activation": [activation] * (len(widths) - 2), "widths": widths},
            "objective": {"kind": "output"},
        }
        problem = problem_from_tree(tree)
        yield laws_result(problem, laws_of_problem(problem))


def _pieces() -> Iterator[Tree]:
    from symflow.reports.derive_result import derivation_of, derive_result

    network = {"activation": [RELU], "widths": [2, 2, 1]}
    symbolic = problem_from_tree({"network": network, "data": {"inputs": "symbolic"}, "objective": {"kind": "output"}})
    yield derive_result(symbolic, derivation_of(symbolic))
    point = problem_from_tree(AT_A_POINT)
    yield derive_result(point, derivation_of(point))
    yield regions_of(AT_A_POINT | {"objective": {"kind": "output"}})


def regions_of(tree: Tree) -> Tree:
    """Return what ``symflow regions`` writes of a problem."""
    with tempfile.TemporaryDirectory() as folder:
        problem, result = Path(folder, "problem.json"), Path(folder, "regions.json")
        problem.write_text(json.dumps(tree), encoding="utf-8")
        assert main(["regions", str(problem), "--json", "--quiet", "--output", str(result)]) == 0
        found: Tree = json.loads(result.read_text(encoding="utf-8"))
        return found
