"""Certificates of ``symflow prove`` to be tampered with: of the demo, of the zoo, and of statements of our own."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from symflow.checker.claims import claim_hash
from symflow.checker.verify import verify_text
from symflow.proofs.claim import Claim
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, problems_setting, shape_setting
from symflow.reports.result_engines import ENGINES

Tree = dict[str, Any]

POOL = {"name": "maxpool", "groups": [[0, 1]]}


def result_of(claim: Claim | Tree, problem: Tree | None = None) -> Tree:
    """Return the file that ``symflow prove --json`` would write of one claim."""
    tree = claim.tree() if isinstance(claim, Claim) else claim
    result: Tree = {"command": "prove", "symflow": "0"}
    if problem is not None:
        result["problem"] = problem
    return result | {"claims": [tree]}


def rehashed(result: Tree) -> Tree:
    """Return a file with the hash of its claim computed anew: only the mathematics can tell."""
    claim = result["claims"][0]
    claim["hash"] = claim_hash(claim)
    return result


def is_accepted(result: Tree) -> bool:
    """Return whether ``symflow verify`` accepts a file."""
    return bool(verify_text(json.dumps(result))["accepted"])


def kinked(*weights: Any, **options: Any) -> Tree:
    return problem_setting(net_tree(*weights, **options))


@cache
def own_claims() -> tuple[Claim, ...]:
    """Return statements of our own: one for each way of knowing something, several times."""
    relu = shape_setting([2, 2, 1], ["relu"])
    deep = shape_setting([2, 2, 2, 1], ["relu", "relu"])
    other = shape_setting([1, 2, 1], [{"name": "leaky_relu", "slope": "1/3"}])
    pooled = shape_setting([2, 2, 1], [POOL])
    biased = shape_setting([1, 2, 1], ["relu"], bias=True)
    cross = kinked([[[1, 0], [0, 1]], [[1, -1]]], inputs=[[0, 1]], labels=[1], kind="risk", loss="exponential")
    corner = kinked([[[1], [-1]], [[1, 1]]], kind="output", variable="input", at=[0])
    half = kinked([[[1]]], activation=[], inputs=[[1]], labels=[0], kind="risk", loss="squared")
    data = {"inputs": [[1, 1], [2, 1], [1, -1]], "labels": [1, -1, 1]}
    three = kinked([[[1, 2], [-1, 1]], [[1, -2]]], kind="risk", loss="logistic", **data)
    pair = problems_setting(
        F=net_tree([[[1]], [[1]]], kind="output", variable="input", at=[0]),
        G=net_tree([[[-1]], [[1]]], kind="output", variable="input", at=[0]),
    )
    asked = [
        *((f"for l in 1..L: inner(W[l], grad({f}, W[l])) == {f}", s) for f in ("f", "m") for s in (relu, deep, pooled)),
        *(("norm2(W1) - norm2(W2) is conserved", s) for s in (relu, deep, other)),
        *(("norm2(W1) + norm2(W2) is conserved", s) for s in (relu, deep, other, pooled, biased)),
        *(("inner(w, grad(f)) == L*f", s) for s in (relu, deep, other, pooled, biased)),
        *((f"inner(w, grad(f)) == {c}*f", s) for c in (0, 1, 5, "1/2") for s in (relu, deep, other, biased)),
        *((f"for t > 0: f(t*w) == t^{k}*f", s) for k in (1, 2, 3, 4) for s in (relu, deep, other)),
        *((f"norm2(W1) - {c}*norm2(W2) is conserved", s) for c in (2, -1, "1/3") for s in (relu, deep, biased)),
        *((f"for l in 1..L: norm2(W[l])*norm2(grad(f, W[l])) >= {c}*f^2", relu) for c in (1, "1/2", 3)),
        *((f"(W1[1,1] - {c}*W1[1,2])^2 + 1 >= 0", relu) for c in (1, 2, "1/2", -3)),
        *((f"norm2(w) >= {c}*W1[1,1]*W1[1,2]", relu) for c in (0, 1, 2, -2, 3)),
        *(("A1*A1 == A1", s) for s in (relu, other)),
        *((f"norm2(grad(R)) {bound} at w", s) for bound in ("< 100", "> 100", "!= 1", "== 1") for s in (cross, three)),
        *((f"{c}*R < 1 at w", s) for c in (1, 2, 3, "1/3") for s in (cross, half, three)),
        *((f"R > {c} at w", s) for c in ("1/10", "1/2", 4) for s in (cross, half, three)),
        *((f"ln(R) < {c} at w", three) for c in (0, 1, 2, 3)),
        *((f"norm(w) > {c} at w", three) for c in (1, 3, 4)),
        *((f"vector({c}) in clarke(f)", corner) for c in ("0", "1/2", "-1", "1", "2", "-3/2")),
        *((f"{c}*clarke(f) within hull(vector(-1), vector(1))", corner) for c in ("1/2", 1, -1, 2, "-3/2")),
        *((f"clarke(f) == hull(vector(-1), vector({c}))", corner) for c in (1, 2, "1/2")),
        *((f"for s in clarke(R): inner(s, w) == {c}*c[1]*f", cross) for c in (1, 2, 3)),
        *((f"for s in clarke(f): s[1] <= {c}", corner) for c in (0, 1, 2, "1/2")),
        *((f"autodiff({f}) in clarke({f})", s) for f, s in (("f", corner), ("R", cross), ("f", cross))),
        *((f"clarke(F) + {c}*clarke(G) == hull(vector(-1), vector(1))", pair) for c in (1, 2, -1)),
        *((f"velocity(F) == vector({c})", pair) for c in (0, 1)),
        *((f"inner(w, grad(R)) == {c} at w", half) for c in (1, 2, "1/2")),
    ]
    claims = (decide(text, setting, engines=ENGINES) for text, setting in asked)
    return tuple(claim for claim in claims if claim.word != "undecided")


def numbers_in(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the places of all numbers and signs of a piece of evidence: integers, and strings that spell a number."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from numbers_in(value, (*path, key))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from numbers_in(value, (*path, i))
    elif (isinstance(node, int) and not isinstance(node, bool)) or (isinstance(node, str) and _is_number(node)):
        yield path


def edited(result: Tree, path: tuple[Any, ...], change: int) -> Tree:
    """Return a file with one number changed: made larger by 1, or its sign turned (made 1 where it is 0)."""
    found = copy.deepcopy(result)
    node: Any = found
    for key in path[:-1]:
        node = node[key]
    old = node[path[-1]]
    if isinstance(old, int):
        node[path[-1]] = old + 1 if change == 0 or not old else -old
    elif old and set(old) <= set("+-0|*"):
        node[path[-1]] = old.translate(str.maketrans("+-", "-+")) if old.strip("0|*") else old.replace("0", "+", 1)
    else:
        node[path[-1]] = f"({old}) + 1" if "/" in old or not old.lstrip("-").isdigit() else str(int(old) + 1)
        if change and old not in ("0",):
            node[path[-1]] = old[1:] if old.startswith("-") else f"-{old}"
        elif "/" in old and old.replace("/", "").lstrip("-").isdigit():
            above, below = old.split("/")
            node[path[-1]] = f"{int(above) + int(below)}/{below}"
    return found


def _is_number(text: str) -> bool:
    return bool(text) and (
        text.lstrip("-").replace("/", "", 1).isdigit()
        or set(text) <= set("+-0|*")
        or text.startswith(("exp(", "-exp("))
    )
