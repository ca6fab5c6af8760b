"""The sum rule of deep nets and of pools: the sets of the single data, compared with the whole.

Always ∂F(w) ⊆ Σ cₖ ∂f(xₖ; ·)(w). The sum of the polytopes of the data is the hull of all sums of one vertex each, so
the sum rule holds if and only if each of these sums lies in ∂F(w): shown by convex weights on its vertices, or
refuted by one sum with a functional that separates it. A sum of products is the product of the sums, so with
one hidden layer this is done factor by factor. The set of each datum comes with its own cells and refutations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.checker.differentials import Block, Differential, take_any
from symflow.checker.exponential_fractions import Number, sign
from symflow.checker.expressions import scalars
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import Vector, check_weights
from symflow.checker.linear_algebra import dot
from symflow.checker.reading import Refused, Report, exactly, expect, items, take
from symflow.checker.sets import blocks_of, known_of_the_set, take_object


def check_comparison(report: Report, entry: object, gradients: Gradients, differential: Differential | None) -> None:
    """Check what a result says of the sum rule where no theorem decides it; null says nothing.

    Parameters
    ----------
    report : Report
    entry : object
        The result's ``sum_rule``.
    gradients : Gradients
    differential : Differential or None
        The whole set; None where something in it was not accepted.
    """
    rule = take_object(entry)
    if take_any(rule, "holds") is None:
        return
    holds = take(rule, "holds", bool)
    if differential is None:
        return  # it is noted why the set is not known
    if not differential.is_exact:
        raise Refused("the whole set is not known exactly", "holds")
    with report.checking("comparison"):
        comparison = take(rule, "comparison", dict)
        parts = _parts(report, comparison, gradients)
        if parts is not None:
            _check_sums(report, comparison, holds, _factors(differential), parts)


def _parts(report: Report, comparison: dict[str, object], gradients: Gradients) -> list[tuple[Block, ...]] | None:
    """Return the factors of the set of each datum with cₖ ≠ 0, in order."""
    data = [datum for datum, coefficient in enumerate(gradients.coefficients) if coefficient]
    entries = items(comparison, "parts")
    expect([take(entry, "datum", int) for entry in entries], [datum + 1 for datum in data], "parts")
    found: list[tuple[Block, ...]] = []
    for i, (entry, datum) in enumerate(zip(entries, data, strict=True)):
        with report.checking(f"parts[{i}]"):
            tree = take_object(entry)
            report.skip_unknown(tree, ("datum", "vertices", "factors", "reason", *known_of_the_set(tree)))
            part = gradients.of_datum(datum)
            blocks, _ = blocks_of(report, tree, part, multiplied_out=False)
            if blocks is not None:
                differential = Differential(tuple(blocks), tree.get("factors") is not None)
                if not differential.is_exact:
                    raise Refused("this set is not known exactly")
                found.append(_factors(differential))
    return found if len(found) == len(data) else None


def _factors(differential: Differential) -> tuple[Block, ...]:
    """Return the blocks but the constant one, in which a sum is what it has to be."""
    return differential.blocks[: len(differential.blocks) - differential.is_product]


def _check_sums(
    report: Report,
    comparison: dict[str, object],
    holds: bool,
    whole: Sequence[Block],
    parts: Sequence[Sequence[Block]],
) -> None:
    choices: list[set[tuple[int, ...]]] = [set() for _ in whole]
    n_separated = n_decided = 0
    entries = items(comparison, "sums")
    for i, entry in enumerate(entries):
        with report.checking(f"sums[{i}]"):
            factor = take(entry, "factor", int)
            if not 0 <= factor < len(whole):
                raise Refused("there is no such factor", "factor")
            options = [_vertices(part, factor, whole[factor]) for part in parts]
            choice = [exactly(index, int, "choice") for index in items(entry, "choice", len(parts))]
            if any(not 0 <= index < len(vertices) for index, vertices in zip(choice, options, strict=True)):
                raise Refused("there is no such vertex", "choice")
            chosen = [vertices[index] for index, vertices in zip(choice, options, strict=True)]
            total = [dot([1] * len(chosen), entries) for entries in zip(*chosen, strict=True)]
            n_separated += _is_separated(entry, total, _vertices_of(whole[factor]))
            if tuple(choice) in choices[factor]:
                raise Refused("this choice stands twice", "choice")
            choices[factor].add(tuple(choice))
            report.n_certificates += 1
            n_decided += 1
    if n_decided < len(entries):
        return  # it is noted why
    if holds:
        for factor, block in enumerate(whole):
            n_sums = math.prod(len(_vertices(part, factor, block)) for part in parts)
            if n_sums > 1 or choices[factor]:  # one sum is the whole set, which is contained in it
                expect(len(choices[factor]), n_sums, "sums")
    expect(n_separated > 0, not holds, "sums")


def _is_separated(entry: object, total: Sequence[Number], vertices: Sequence[Vector]) -> bool:
    """Return whether a sum is shown to lie outside; refuse unless it is shown to lie outside or inside."""
    tree = take_object(entry)
    if tree.get("separator") is not None:
        u = scalars(take_any(tree, "separator"), len(total), "separator")
        if any(sign(dot(u, vertex) - dot(u, total)) <= 0 for vertex in vertices):
            raise Refused("the functional does not separate the sum from the set", "separator")
        return True
    weights: list[object] = ["0"] * len(vertices)
    for key, weight in take(tree, "weights", dict).items():
        if not (key.isascii() and key.isdigit() and len(key) < 9 and int(key) < len(vertices)):
            raise Refused("there is no such vertex", "weights")
        weights[int(key)] = weight
    check_weights(vertices, total, weights)
    return False


def _vertices(part: Sequence[Block], factor: int, whole: Block) -> Sequence[Vector]:
    """Return the vertices of a part in the variables of a factor of the whole."""
    if factor >= len(part) or part[factor].indices != whole.indices:
        raise Refused("the parts do not have the factors of the whole", "factor")
    return _vertices_of(part[factor])


def _vertices_of(block: Block) -> Sequence[Vector]:
    return () if block.inner is None else block.inner.vertices
