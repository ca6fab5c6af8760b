"""Results of ``symflow regions`` made by a second road: plain integers, one unit after the other, cells pair by pair.

Nothing here comes from symflow. A closed cell is carried as the cone over it in the space of (x, D): lines, and rays
with the set of inequalities tight at each (double description). A unit cuts a cell if both halves have full dimension,
which is a rank. Two cells are adjacent if the points and rays they have in common span a hyperplane.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

Json = dict[str, Any]
Vector = tuple[int, ...]
Form = tuple[Fraction, ...]  # a linear function of (x, D)

ORDER = "-0+123456789abcdefghijklmnopqrstuvwxyz"


def network_tree(activation: object, weights: object, biases: object = None, domain: object = None) -> Json:
    """Return the tree of a problem that has a network alone."""
    network = {"activation": activation if isinstance(activation, list) else [activation], "weights": weights}
    if biases is not None:
        network["biases"] = biases
    tree: Json = {"network": network, "objective": {"kind": "output", "variable": "weights"}}
    return tree if domain is None else tree | {"domain": domain}


def regions_by_hand(problem: Json, *, generators: bool = True) -> Json:
    """Return the complete result for a problem's tree; with `generators` false it leaves points and rays out."""
    net = problem["network"]
    n_inputs = len(net["weights"][0][0])
    cone = Cone([unit_vector(i, n_inputs + 1) for i in range(n_inputs + 1)]).cut(unit_vector(n_inputs, n_inputs + 1))
    for row in domain_rows(problem):
        cone = cone.cut(row)
    features = [tuple(Fraction(entry) for entry in unit_vector(i, n_inputs + 1)) for i in range(n_inputs + 1)]
    leaves = sorted(
        cells(net, 0, "", cone, features[:-1], features[-1]), key=lambda leaf: [ORDER.index(c) for c in leaf[0]]
    )
    lines = leaves[0][1].lines
    numbers: dict[Vector, int] = {}
    listed: list[Json] = []
    sets: list[set[int]] = []
    for word, cone, outputs in leaves:
        assert rank([*lines, *cone.lines]) == len(lines)
        own = sorted(numbers.setdefault(reduced(ray, lines), len(numbers)) for ray, _ in cone.rays)
        sets.append(set(own))
        bounded = not lines and all(ray[-1] for ray, _ in cone.rays)
        listed.append(
            {
                "pattern": word,
                "interior_point": texts(middle([ray for ray, _ in cone.rays])),
                "bounded": bounded,
                "map": {"gradient": [texts(f[:-1]) for f in outputs], "offset": [str(f[-1]) for f in outputs]},
            }
            | ({"generators": own} if generators else {})
        )
    vectors = list(numbers)
    adjacencies = []
    for i, j in combinations(range(len(listed)), 2):
        common = [vectors[k] for k in sets[i] & sets[j]]
        if any(v[-1] for v in common) and rank([*common, *lines]) == n_inputs:
            flips = [
                place
                for place, a, b in zip(places(net), listed[i]["pattern"], listed[j]["pattern"], strict=True)
                if a != b
            ]
            adjacencies.append({"cells": [i, j], "flips": flips, "point": texts(middle(common))})
    result = {
        "command": "regions",
        "symflow": "0.1.0",
        "problem": problem,
        "variable": "input",
        "status": "complete",
        "lineality": [texts(line[:-1]) for line in lines],
        "generators": [{"point": texts(middle([v]))} if v[-1] else {"ray": texts(v[:-1])} for v in vectors]
        if generators
        else None,
        "cells": listed,
        "adjacencies": adjacencies,
        "missing": [],
    }
    return counted(result)


def counted(result: Json) -> Json:
    """Return the result with the counts of what it lists."""
    listed = result["cells"]
    maps = [repr(cell["map"]) for cell in listed]
    piece = list(range(len(listed)))
    for adjacency in result["adjacencies"]:
        i, j = adjacency["cells"]
        if maps[i] == maps[j]:
            piece = [piece[i] if p == piece[j] else p for p in piece]
    return result | {
        "n_cells": len(listed),
        "n_adjacencies": len(result["adjacencies"]),
        "n_bounded": sum(cell["bounded"] for cell in listed),
        "n_maps": len(set(maps)),
        "n_pieces": len(set(piece)),
    }


def without_cell(result: Json, index: int) -> Json:
    """Return the result with a cell left out as if it had never been: adjacencies, numbers, counts fit again."""
    left = [i for i in range(len(result["cells"])) if i != index]
    new = {old: number for number, old in enumerate(left)}
    cells_left = [result["cells"][i] for i in left]
    result = result | {
        "cells": cells_left,
        "adjacencies": [
            adjacency | {"cells": [new[i] for i in adjacency["cells"]]}
            for adjacency in result["adjacencies"]
            if index not in adjacency["cells"]
        ],
    }
    if result["generators"] is not None:
        used = sorted({k for cell in cells_left for k in cell["generators"]})
        number = {k: i for i, k in enumerate(used)}
        result["generators"] = [result["generators"][k] for k in used]
        result["cells"] = [cell | {"generators": [number[k] for k in cell["generators"]]} for cell in cells_left]
    return counted(result)


# ---------------------------------------------------------------------- cells


@dataclass
class Cone:
    """A polyhedral cone: lines, and extreme rays, each with the set of inequalities tight at it, as bits."""

    lines: list[Vector]
    rays: list[tuple[Vector, int]] = field(default_factory=list)
    n_inequalities: int = 0

    def cut(self, c: Vector) -> Cone:
        """Return the part where c ≥ 0."""
        bit = 1 << self.n_inequalities
        crossing = next((line for line in self.lines if dot(c, line)), None)
        if crossing is not None:
            ahead = crossing if dot(c, crossing) > 0 else tuple(-entry for entry in crossing)

            def onto(v: Vector) -> Vector:
                return combined(dot(c, ahead), v, -dot(c, v), ahead)

            lines = [onto(line) for line in self.lines if line is not crossing]
            rays = [(onto(ray), tight | bit) for ray, tight in self.rays]
            return Cone(lines, [*rays, (ahead, bit - 1)], self.n_inequalities + 1)
        values = [dot(c, ray) for ray, _ in self.rays]
        sides: list[list[int]] = [[k for k, v in enumerate(values) if (v > 0) - (v < 0) == s] for s in (-1, 0, 1)]
        kept = [self.rays[k] for k in sides[2]] + [(self.rays[k][0], self.rays[k][1] | bit) for k in sides[1]]
        for p in sides[2]:
            for q in sides[0]:
                both = self.rays[p][1] & self.rays[q][1]
                if not any(both & ~t == 0 for k, (_, t) in enumerate(self.rays) if k not in (p, q)):
                    kept.append((combined(values[p], self.rays[q][0], -values[q], self.rays[p][0]), both | bit))
        return Cone(self.lines, kept, self.n_inequalities + 1)

    @property
    def is_full(self) -> bool:
        vectors = [*self.lines, *(ray for ray, _ in self.rays)]
        return bool(vectors) and rank(vectors) == len(vectors[0])


def cells(
    net: Json, layer: int, word: str, cone: Cone, features: list[Form], constant: Form
) -> Iterator[tuple[str, Cone, list[Form]]]:
    """Yield pattern, closed cell and outputs of every cell inside the cone, where the features are as given."""
    if not cone.is_full:
        return
    biases = net.get("biases", [[0] * len(matrix) for matrix in net["weights"]])
    z = [
        summed([(Fraction(w), f) for w, f in zip(row, features, strict=True)] + [(Fraction(b), constant)])
        for row, b in zip(net["weights"][layer], biases[layer], strict=True)
    ]
    if layer == len(net["activation"]):
        yield word, cone, z
        return
    for characters, part, values in pieces(net["activation"][layer], z, cone):
        yield from cells(net, layer + 1, word + characters, part, values, constant)


def pieces(activation: Any, z: list[Form], cone: Cone) -> Iterator[tuple[str, Cone, list[Form]]]:
    """Yield what a layer's units may be on a part of the cone: characters, the part, the features."""
    name = activation if isinstance(activation, str) else activation["name"]
    if name == "identity":
        yield "", cone, z
        return
    if name == "maxpool":
        choices = [[(ORDER[3 + p], p, group) for p in range(len(group))] for group in activation["groups"]]
        stack: list[tuple[str, Cone, list[Form]]] = [("", cone, [])]
        for choice in choices:
            stack = [
                (word + character, part, [*values, z[group[p]]])
                for word, whole, values in stack
                for character, p, group in choice
                if (part := winner(whole, [z[row] for row in group], p)) is not None
            ]
        yield from stack
        return
    left = {"abs": Fraction(-1), "leaky_relu": Fraction(activation["slope"] if name == "leaky_relu" else 0)}
    stack = [("", cone, [])]
    for form in z:
        if not any(form):
            stack = [(word + "0", part, [*values, form]) for word, part, values in stack]
            continue
        stack = [
            (word + sign, part, [*values, scaled(factor, form)])
            for word, whole, values in stack
            for sign, side, factor in (("-", -1, left.get(name, Fraction(0))), ("+", 1, Fraction(1)))
            if (part := whole.cut(integers(scaled(Fraction(side), form)))).is_full
        ]
    yield from stack


def winner(cone: Cone, z: list[Form], p: int) -> Cone | None:
    """Return the part where member p is maximal, if it is a cell: the first of those that are equal everywhere."""
    for q, form in enumerate(z):
        if form == z[p]:
            if q < p:
                return None
            continue
        cone = cone.cut(integers(tuple(a - b for a, b in zip(z[p], form, strict=True))))
    return cone if cone.is_full else None


def domain_rows(problem: Json) -> list[Vector]:
    domain = problem.get("domain", {})
    rows: list[Form] = []
    for i, (lower, upper) in enumerate(domain.get("box", [])):
        unit = [Fraction(entry) for entry in unit_vector(i, len(domain["box"]))]
        rows += [(*unit, -Fraction(lower)), (*(-entry for entry in unit), Fraction(upper))]
    for a, b in zip(domain.get("A", []), domain.get("b", []), strict=True):
        rows.append((*(-Fraction(entry) for entry in a), Fraction(b)))
    return [integers(row) for row in rows]


def places(net: Json) -> list[list[int]]:
    """Return layer and number of each unit that has a character, from 1."""
    found = []
    for layer, activation in enumerate(net["activation"]):
        if isinstance(activation, dict) and activation["name"] == "maxpool":
            n_units = len(activation["groups"])
        else:
            n_units = 0 if activation in ("identity", {"name": "identity"}) else len(net["weights"][layer])
        found += [[layer + 1, unit + 1] for unit in range(n_units)]
    return found


# ---------------------------------------------------------------------- vectors


def unit_vector(i: int, size: int) -> Vector:
    return tuple(int(i == j) for j in range(size))


def dot(u: Sequence[int], v: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(u, v, strict=True))


def combined(a: int, u: Vector, b: int, v: Vector) -> Vector:
    found = [a * x + b * y for x, y in zip(u, v, strict=True)]
    divisor = math.gcd(*found) or 1
    return tuple(entry // divisor for entry in found)


def summed(terms: list[tuple[Fraction, Form]]) -> Form:
    return tuple(sum((c * f[i] for c, f in terms), Fraction(0)) for i in range(len(terms[0][1])))


def scaled(factor: Fraction, form: Form) -> Form:
    return tuple(factor * entry for entry in form)


def integers(form: Form) -> Vector:
    by = math.lcm(*(entry.denominator for entry in form))
    return tuple(int(entry * by) for entry in form)


def rank(vectors: list[Vector]) -> int:
    rows = [list(map(Fraction, vector)) for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        found += 1
        rows = [
            [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
            for row in rows
            if row is not pivot
        ]
    return found


def reduced(vector: Vector, lines: list[Vector]) -> Vector:
    """Return the vector of the section, where as many coordinates are 0 as there are lines, plus a line."""
    left: list[Vector] = list(lines)
    while left:
        line = left.pop()
        column = next(i for i, entry in enumerate(line) if entry)
        sign = 1 if line[column] > 0 else -1
        left = [combined(line[column], other, -other[column], line) for other in left]
        vector = combined(sign * line[column], vector, -sign * vector[column], line)
    return vector


def middle(vectors: Sequence[Vector]) -> list[Fraction]:
    """Return the point of the sum of the vectors, which is in the relative interior of what they span."""
    total = [sum(entries) for entries in zip(*vectors, strict=True)]
    return [Fraction(entry, total[-1]) for entry in total[:-1]]


def texts(values: Sequence[object]) -> list[str]:
    return [str(value) for value in values]
