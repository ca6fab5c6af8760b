"""One number or sign of a certificate changed, the hash recomputed: the mathematics has to reject it.

What is changed is the evidence of a claim: every integer, and every string that spells a number or signs, in its
certificate or its witness, once by adding 1 and once by turning its sign. The claim itself, its statement, setting and
verdict, is never changed, so that a file that is accepted claims what was true before; but it has to show it.

Most numbers are what the mathematics says they are: values, gradients, vertices, weights, counts, polynomials. Of those
99 % and more are rejected. A few are there only because an inequality can be evaluated with them: functionals that
separate, arcs that go into a cell, and the net of a witness; where the inequality has room such a number may be another
one. Each survivor of this kind is looked at by arithmetic of our own, where that is short: a functional that still is
largest at its vertex, an arc that still has the signs of its cell, another net at which the statement is false too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from symflow.lemmas.base import Target, all_lemmas
from symflow.proofs.claim import Claim
from symflow.reports.result_engines import ENGINES
from tests.checker.claims_by_hand import Tree, edited, is_accepted, numbers_in, own_claims, rehashed, result_of

Place = tuple[Any, ...]


@cache
def certificates() -> tuple[Tree, ...]:
    """Return the files to be tampered with: statements of our own, and those of all lemmas at home."""
    files = [result_of(claim) for claim in own_claims()]
    for lemma in all_lemmas():
        files += [result_of(claim) for claim in lemma.at_home(Target(ENGINES)) if _has_numbers(claim)]
    return tuple(files)


def _has_numbers(claim: Claim) -> bool:
    kind = (claim.certificate or {}).get("kind")
    return claim.word != "undecided" and kind not in ("script", "citation")


def mutations(
    result: Tree, most: int | None = None, *, of_nets: bool = False
) -> Iterator[tuple[tuple[Any, ...], Tree]]:
    """Return changed files with the place that was changed, evenly spread where not all are wanted.

    The net of a witness, which is where a statement is false, is left alone, or else it alone is changed.
    """
    claim = result["claims"][0]
    key = "witness" if claim["verdict"] == "refuted" else "certificate"
    places = [
        p for p in numbers_in(claim[key], ("claims", 0, key)) if ("setting" in p) == of_nets and p[-1] != "digits"
    ]
    step = 1 if most is None else max(1, math.ceil(len(places) / most))
    for place in places[::step]:
        for change in (0, 1):
            found = edited(result, place, change)
            if found != result:
                yield place, rehashed(found)


#: Numbers whose only merit is that an inequality can be evaluated with them.
WITH_ROOM = frozenset(
    {
        "functionals",
        "functional",
        "separator",
        "arc",
        "faces",
        "point",
        "velocities",
        "instance",
        "multipliers",
        "values",
    }
)


def rejected_share(files: tuple[Tree, ...], most: int | None) -> float:
    """Return which share of the changed numbers that are determined is rejected; the others are argued one by one."""
    n_changed = n_accepted = 0
    for result in files:
        for place, found in mutations(result, most):
            has_room = not WITH_ROOM.isdisjoint(place)
            n_changed += not has_room
            if is_accepted(found):
                n_accepted += not has_room
                assert not has_room or is_still_true(found, place), (found["claims"][0]["claim"], place)
                assert has_room or not WITHOUT_MEANING.isdisjoint(place), (found["claims"][0]["claim"], place)
    return 1 - n_accepted / n_changed


#: Numbers that no claim rests on: why autodiff is in a set, how many steps an arc took, what a branch is called.
WITHOUT_MEANING = frozenset({"autodiff_weights", "n_steps", "pattern"})


def test_a_changed_number_is_rejected() -> None:
    # A third of our own statements, at a few places each; all of them, and the lemmas, where slow tests run.
    assert rejected_share(tuple(map(result_of, own_claims()[::3])), 4) >= 0.99


@pytest.mark.slow
def test_any_changed_number_of_two_hundred_certificates_is_rejected() -> None:
    files = certificates()
    assert len(files) >= 200
    assert all(map(is_accepted, files))
    assert rejected_share(files, 30) >= 0.99


@pytest.mark.slow
def test_another_net_is_a_witness_only_where_the_statement_is_false_too() -> None:
    n_accepted = 0
    for claim in own_claims():
        for _, found in mutations(result_of(claim), of_nets=True) if claim.word == "refuted" else ():
            if is_accepted(found):
                n_accepted += 1
                problem = found["claims"][0]["witness"]["setting"]["problem"]
                assert _is_false_at(claim.statement, problem), (claim.statement, problem)
    assert n_accepted


# ---------------------------------------------------------------------- survivors


def is_still_true(result: Tree, place: tuple[Any, ...]) -> bool:
    """Return whether a number that was changed still serves, by arithmetic of our own where that is short."""
    parents: list[Any] = [result]
    for key in place:
        parents.append(parents[-1][key])
    if "functionals" in place:
        hull = next(each for each in reversed(parents) if isinstance(each, dict) and "vertices" in each)
        number = place[place.index("functionals") + 1]
        functional = parents[place.index("functionals") + 2]
        values = [_dot(functional, vertex) for vertex in hull["vertices"]]
        return all(values[number] > value for i, value in enumerate(values) if i != number)
    if "arc" in place:
        owner = next((each for each in reversed(parents) if isinstance(each, dict) and "problem" in each), None)
        if owner is not None and owner.get("cells") and "parts" not in place:
            cell = owner["cells"][place[place.index("cells") + 1]]
            return _is_in_cell(owner["problem"], cell)
    return True  # a functional or a point of another kind: what the checker evaluates is what it is for


def _number(text: str) -> float:
    return float(eval(text, {"__builtins__": {}}, {"exp": math.exp, "log": math.log}))


def _dot(u: list[str], v: list[str]) -> float:
    return sum(_number(a) * _number(b) for a, b in zip(u, v, strict=True))


def _is_in_cell(tree: Tree, cell: Tree) -> bool:
    """Return whether the signs of a cell are those of a net at w + ε d₁ + ε² d₂ + .., for a small ε."""
    network, steps = tree["network"], cell["certificate"]["arc"]
    is_of_input = tree["objective"].get("variable") == "input"
    weights = [[[Fraction(v) for v in row] for row in matrix] for matrix in network["weights"]]
    biases = [[Fraction(v) for v in row] for row in network["biases"]] if network.get("biases") else None
    data = [[Fraction(v) for v in x] for x in tree.get("data", {}).get("inputs", [])]
    if is_of_input:
        data = [[Fraction(v) for v in tree["objective"].get("at") or tree["data"]["inputs"][0]]]
    point: list[list[Fraction]] = [data[0]] if is_of_input else []
    for layer, matrix in enumerate(weights if not is_of_input else []):
        point += [*matrix, *([biases[layer]] if biases else [])]
    size = sum(map(len, point))
    for power, step in enumerate(steps, 1):
        moves = iter(step)
        assert len(step) == size
        for row in point:
            row[:] = [a + Fraction(next(moves)) / 10 ** (9 * power) for a in row]
    for word, x in zip(cell["pattern"].split("|"), data, strict=False):
        h, signs = x, []
        for layer, matrix in enumerate(weights[:-1]):
            z = [sum((a * b for a, b in zip(row, h, strict=True)), start=Fraction(0)) for row in matrix]
            z = [a + b for a, b in zip(z, biases[layer], strict=True)] if biases else z
            activation = network["activation"][layer]
            if activation != "relu":
                return True  # the signs of other layers are spelled otherwise
            signs += z
            h = [max(a, Fraction(0)) for a in z]
        if any((z > 0) != (c == "+") for z, c in zip(signs, word, strict=True) if c != "0"):
            return False
    return True


def _is_false_at(statement: str, tree: Tree) -> bool:
    """Return whether a statement is false at another net too, its derivatives taken as differences, in floats."""
    network, data = tree["network"], tree.get("data", {})
    biases = network.get("biases")
    theta = []
    for layer, matrix in enumerate(network["weights"]):
        theta += [_number(v) for row in matrix for v in row] + [_number(v) for v in (biases[layer] if biases else [])]
    shapes = [(len(matrix), len(matrix[0])) for matrix in network["weights"]]
    slope = next((_number(a["slope"]) for a in network["activation"] if isinstance(a, dict) and "slope" in a), 0.0)
    pools = any(isinstance(a, dict) and a["name"] == "maxpool" for a in network["activation"])

    def f(weights: list[float], x: list[float]) -> float:
        rest, h = iter(weights), x
        for layer, (rows, columns) in enumerate(shapes):
            matrix = [[next(rest) for _ in range(columns)] for _ in range(rows)]
            z = [sum(a * b for a, b in zip(row, h, strict=True)) for row in matrix]
            z = [a + next(rest) for a in z] if biases else z
            h = z if layer == len(shapes) - 1 else [max(z)] if pools else [max(a, 0) + slope * min(a, 0) for a in z]
        return h[0]

    inputs = [[_number(v) for v in x] for x in data["inputs"]]
    labels = [_number(v) for v in data.get("labels", ["1"] * len(inputs))]

    def risk(weights: list[float]) -> float:
        return sum(math.exp(-y * f(weights, x)) for x, y in zip(inputs, labels, strict=True))

    def slopes(function: Any) -> list[float]:
        found = []
        for i in range(len(theta)):
            up, down = list(theta), list(theta)
            up[i] += 1e-5
            down[i] -= 1e-5
            found.append((function(up) - function(down)) / 2e-5)
        return found

    n_first = shapes[0][0] * shapes[0][1]
    if found := re.fullmatch(r"norm2\(W1\) ([-+]) (?:([-0-9/]+)\*)?norm2\(W2\) is conserved", statement):
        factor = (1 if found[1] == "+" else -1) * (_number(found[2]) if found[2] else 1)
        start = n_first + (shapes[0][0] if biases else 0)
        n_second = shapes[1][0] * shapes[1][1]
        g = slopes(risk)
        rate = sum(t * d for t, d in zip(theta[:n_first], g, strict=False))
        rate += factor * sum(t * d for t, d in zip(theta[start : start + n_second], g[start:], strict=False))
        return abs(rate) > 1e-7 * max(abs(d) for d in g)
    if found := re.fullmatch(r"inner\(w, grad\(f\)\) == ([-0-9/L]+)\*f", statement):
        factor = len(shapes) if found[1] == "L" else _number(found[1])
        left = sum(t * d for t, d in zip(theta, slopes(lambda w: f(w, inputs[0])), strict=True))
        return abs(left - factor * f(theta, inputs[0])) > 1e-6
    if found := re.fullmatch(r"norm2\(w\) >= ([-0-9/]+)\*W1\[1,1\]\*W1\[1,2\]", statement):
        return sum(t * t for t in theta) < _number(found[1]) * theta[0] * theta[1]
    if found := re.fullmatch(r"for t > 0: f\(t\*w\) == t\^([0-9])\*f", statement):
        value = f(theta, inputs[0])
        return abs(f([2 * t for t in theta], inputs[0]) - 2 ** int(found[1]) * value) > 1e-9
    if statement == "A1*A1 == A1":
        rows = [theta[i * shapes[0][1] : (i + 1) * shapes[0][1]] for i in range(shapes[0][0])]
        z = [sum(a * b for a, b in zip(row, inputs[0], strict=True)) for row in rows]
        return min(z) < 0 and slope not in (0, 1)
    return False
