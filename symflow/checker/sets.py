"""The set of a result: cells, refuted patterns, walk and hull; flat, in factors, enclosed, or by a reason.

By Proposition 1 the set is the hull of the gradients of the cells that have the point in their closure. Each listed
cell has its arc, each refuted pattern its multipliers, and the walk shows that there are no others; then the
vertices are the extreme points of these gradients. With one hidden layer, in the weights, this is done neuron by
neuron (Theorem 3). Where a theorem makes the limiting gradient unique, its hypotheses are checked instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.checker.cells import check_arc, check_multipliers
from symflow.checker.differentials import MOST_FLAT_VERTICES, Block, check_flat_vertices, take_any
from symflow.checker.expressions import scalars
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import Polytope, Vector, check_polytope, distinct, is_equal, point_polytope
from symflow.checker.patterns import Node, Tree, Words, completions, walk
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, Report, expect, items, take
from symflow.checker.theorems import check_reason

# More completions of undecided patterns than these are not expanded.
_MOST_COMPLETIONS = 20_000

_KNOWN_HULLS = ("inner_vertices", "inner_hull", "outer_vertices", "outer_hull")
_KNOWN_FACTOR = ("neuron", "parameters", "vertices", "n_limiting_gradients", "dimension")


def blocks_of(
    report: Report, result: dict[str, object], gradients: Gradients, *, multiplied_out: bool = True
) -> tuple[list[Block] | None, bool]:
    """Return the blocks of the set, or None where something in them is refused; and whether a unit is on a kink.

    With `multiplied_out` a product also has all its vertices in one list, while they are few.
    """
    problem = gradients.problem
    has_cells = bool(result.get("cells")) or bool(result.get("factors"))
    if result.get("reason") is not None:
        check_reason(take(result, "reason", dict), problem)
        if not has_cells:
            for key in ("cells", "refuted", "factors"):
                if result.get(key) not in (None, []):
                    raise Refused("expected nothing beside the reason", key)
            return _one_gradient(report, result, gradients), False
    if result.get("factors") is not None:
        return _product(report, result, gradients, multiplied_out)
    block, at_a_kink = _block(report, result, Tree(problem, gradients.values), range(len(problem.point)), gradients)
    return None if block is None else [block], at_a_kink


def _one_gradient(report: Report, result: dict[str, object], gradients: Gradients) -> list[Block]:
    """Return the set with one element, which is then what automatic differentiation gives."""
    indices = tuple(range(len(gradients.problem.point)))
    gradient = gradients.by_convention("autodiff")
    polytope = point_polytope(gradient)
    check_flat_vertices(report, "vertices", result.get("vertices"), [(indices, polytope)])
    if result.get("factors") is not None:
        with report.checking("constant"):
            _check_constant(result, gradients, set(indices))
    return [Block(indices, polytope, polytope, 1)]


def _product(
    report: Report, result: dict[str, object], gradients: Gradients, multiplied_out: bool
) -> tuple[list[Block] | None, bool]:
    problem = gradients.problem
    if problem.variable != "weights" or len(problem.activations) > 1:
        raise Refused("only one hidden layer, in the weights, gives a product", "factors")
    left = set(range(len(problem.point)))
    neurons: set[int] = set()
    blocks: list[Block | None] = []
    at_a_kink = False
    for i, factor in enumerate(items(result, "factors")):
        block = None
        with report.checking(f"factors[{i}]"):
            neuron = take(factor, "neuron", int) - 1
            if neuron in neurons:
                raise Refused("a second factor for this neuron", "neuron")
            neurons.add(neuron)
            indices = _indices(problem, neuron, take(factor, "parameters", list))
            left -= set(indices)
            block, kink = _block(
                report, take_object(factor), Tree(problem, gradients.values, neuron), indices, gradients
            )
            at_a_kink = at_a_kink or kink
            _check_factor_counts(report, take_object(factor), block)
        blocks.append(block)
    with report.checking("constant"):
        movable = [i for i, activation in enumerate(problem.activations) if not activation.is_smooth]
        if movable and neurons != set(range(problem.activations[0].n_units(len(problem.weights[0])))):
            raise Refused("a neuron has no factor")
        constant = _check_constant(result, gradients, left)
        blocks.append(Block(tuple(sorted(left)), constant, constant, 1))
    found = [block for block in blocks if block is not None]
    if len(found) != len(neurons) + 1 or len(found) != len(blocks):
        return None, at_a_kink
    if multiplied_out:
        _check_product_vertices(report, result, found)
    return found, at_a_kink


def _block(
    report: Report,
    tree: dict[str, object],
    sites: Tree,
    indices: Sequence[int],
    gradients: Gradients,
) -> tuple[Block | None, bool]:
    """Check the cells, the refuted patterns and the hull, of a flat set or of one factor."""
    cells = _cells(report, tree, sites, indices, gradients)
    refuted = _patterns(report, tree, "refuted", sites)
    undecided = _patterns(report, tree, "undecided", sites) if tree.get("undecided") else []
    leaves, nodes = walk(sites, refuted, undecided, len(cells))
    for words in leaves:
        if words not in cells:
            report.reject(f"the pattern {'|'.join(words)} is neither listed nor refuted", "cells")
    for words in cells.keys() - set(leaves):
        report.reject(f"the pattern {'|'.join(words)} is not possible near the point", "cells")
    word = leaves[0] if leaves else None
    at_a_kink = word is None or any(len(sites.characters(s, word[s.datum])) > 1 for s in sites.sites)
    if undecided:
        beyond = None if tree.get("hull") is None and tree.get("outer_vertices") is None else nodes
        return _enclosed(report, tree, sites, indices, gradients, [*cells.values()], beyond), at_a_kink
    if not cells:
        raise Refused("there are no cells", "cells")
    points = distinct(cells.values())
    polytope = check_polytope(report, tree, points)
    block = None if polytope is None else Block(tuple(indices), polytope, polytope, len(points))
    return block, at_a_kink


def _enclosed(
    report: Report,
    tree: dict[str, object],
    sites: Tree,
    indices: Sequence[int],
    gradients: Gradients,
    realised: list[Vector],
    undecided: list[Node] | None,
) -> Block | None:
    """Check the inner and the outer hull; or the one hull, where no undecided pattern can change it.

    The set lies between the hull of the gradients realised by cells and the hull of these with the gradients of all
    completions of the undecided patterns.
    """
    inner_points = distinct(realised)
    patterns = completions(sites, undecided or [], _MOST_COMPLETIONS)
    beyond = [gradients.on_pattern(sites, words, indices) for words in patterns]
    points = distinct([*inner_points, *beyond])
    if tree.get("hull") is not None:
        hull = check_polytope(report, tree, points)
        if hull is None:
            return None
        if len(distinct([*inner_points, *hull.vertices])) > len(inner_points):
            raise Refused("a vertex that no listed cell realises", "vertices")
        return Block(tuple(indices), hull, hull, len(points) if len(points) == len(inner_points) else None)
    inner = outer = None
    if inner_points:
        inner = check_polytope(report, tree, inner_points, "inner_")
    else:
        expect(take_any(tree, "inner_vertices"), [], "inner_vertices")
    if undecided is not None:
        outer = check_polytope(report, tree, points, "outer_")
    if (inner is None and inner_points) or (outer is None and undecided is not None):
        return None  # it is noted why
    return Block(tuple(indices), inner, outer, None)


def _cells(
    report: Report, tree: dict[str, object], sites: Tree, indices: Sequence[int], gradients: Gradients
) -> dict[Words, Vector]:
    found: dict[Words, Vector] = {}
    for i, cell in enumerate(items(tree, "cells")):
        words: Words | None = None
        with report.checking(f"cells[{i}]"):
            report.skip_unknown(cell, ("pattern", "gradient", "certificate"))
            given = sites.words(take(cell, "pattern", str), wildcard=False)
            if given in found:
                raise Refused("this pattern stands twice", "pattern")
            words = given
        if words is None:
            continue
        found[words] = gradients.on_pattern(sites, words, indices)
        with report.checking(f"cells[{i}]"):
            spelled = scalars(take(cell, "gradient", list), len(indices), "gradient")
            if not is_equal(spelled, found[words]):
                raise Refused("this is not the gradient on the pattern", "gradient")
            with report.checking("certificate"):
                check_arc(sites, words, indices, take(cell, "certificate", dict))
                report.n_certificates += 1
    return found


def _patterns(report: Report, tree: dict[str, object], key: str, sites: Tree) -> list[Words]:
    """Return the partial patterns of refuted or undecided entries; of the first, check the multipliers."""
    found: dict[Words, None] = {}
    for i, entry in enumerate(items(tree, key)):
        with report.checking(f"{key}[{i}]"):
            report.skip_unknown(entry, ("pattern", "certificate"))
            words = sites.words(take(entry, "pattern", str), wildcard=True)
            if words in found:
                raise Refused("this pattern stands twice", "pattern")
            found[words] = None
            if key == "refuted":
                with report.checking("certificate"):
                    check_multipliers(sites, words, take(entry, "certificate", dict))
                    report.n_certificates += 1
    return list(found)


def _check_factor_counts(report: Report, factor: dict[str, object], block: Block | None) -> None:
    report.skip_unknown(factor, (*_KNOWN_FACTOR, *known_of_cells(factor)))
    if block is None or block.inner is None:
        return
    dimension = block.inner.dimension if block.is_exact else None
    for key, wanted in (("n_limiting_gradients", block.n_points), ("dimension", dimension)):
        with report.checking(""):
            expect(factor.get(key), wanted, key)


def _check_constant(result: dict[str, object], gradients: Gradients, left: set[int]) -> Polytope:
    """Check the variables in which all limiting gradients agree."""
    problem = gradients.problem
    constant = take(result, "constant", dict)
    report_names = items(constant, "parameters", len(left))
    if report_names != [problem.names[i] for i in sorted(left)]:
        raise Refused("these are not the variables outside the factors, in order", "parameters")
    values = _restricted(gradients.by_convention("autodiff"), sorted(left))
    spelled = scalars(take(constant, "values", list), len(left), "values")
    if not is_equal(spelled, values):
        raise Refused("these are not the derivatives in the variables outside the factors", "values")
    return point_polytope(values)


def _check_product_vertices(report: Report, result: dict[str, object], blocks: Sequence[Block]) -> None:
    """Check the product multiplied out, where it is given."""
    exact = all(block.is_exact for block in blocks)
    sides = {"vertices": False} if exact else {"inner_vertices": False, "outer_vertices": True}
    for key, is_outer in sides.items():
        if result.get(key) is None:
            n_vertices = math.prod(len(b.inner.vertices) for b in blocks if b.inner is not None)
            if not is_outer and n_vertices <= MOST_FLAT_VERTICES:
                report.reject("missing, though they are few enough", key)
            continue
        polytopes = [(b.indices, b.outer if is_outer else b.inner) for b in blocks]
        known = [(indices, polytope) for indices, polytope in polytopes if polytope is not None]
        if len(known) == len(polytopes):
            check_flat_vertices(report, key, result[key], known)
        else:
            with report.checking(""):
                expect(result[key], [], key)


def _indices(problem: Problem, neuron: int, names: list[object]) -> list[int]:
    """Return the places of a neuron's incoming weights and bias, in the order in which a factor names them."""
    activation = problem.activations[0] if problem.activations else None
    if activation is None or not 0 <= neuron < activation.n_units(len(problem.weights[0])):
        raise Refused("there is no such neuron", "neuron")
    rows = activation.groups[neuron] if activation.name == "maxpool" else (neuron,)
    own = {f"W1[{row + 1},{i + 1}]" for row in rows for i in range(len(problem.inputs[0]))}
    if problem.biases is not None:
        own |= {f"b1[{row + 1}]" for row in rows}
    places = {name: i for i, name in enumerate(problem.names)}
    if len(names) != len(own) or {name for name in names if isinstance(name, str)} != own:
        raise Refused("these are not the neuron's incoming weights and bias", "parameters")
    return [places[str(name)] for name in names]


def known_of_the_set(result: dict[str, object]) -> tuple[str, ...]:
    """Return the keys in which the set itself is read, by the form in which it is given."""
    if result.get("factors") is not None:
        return ("constant", *_KNOWN_HULLS[::2])
    if result.get("reason") is not None and not result.get("cells"):
        return ("cells", "refuted")
    return known_of_cells(result)


def known_of_cells(tree: dict[str, object]) -> tuple[str, ...]:
    """Return the keys in which cells and their hull are read.

    Examples
    --------
    >>> known_of_cells({"cells": []})
    ('cells', 'refuted', 'undecided', 'hull')
    """
    hulls = _KNOWN_HULLS if tree.get("undecided") and tree.get("hull") is None else ("hull",)
    return ("cells", "refuted", "undecided", *hulls)


def take_object(tree: object) -> dict[str, object]:
    """Return `tree`, which must be an object.

    Examples
    --------
    >>> take_object({"neuron": 1})
    {'neuron': 1}
    """
    if type(tree) is not dict:
        raise Refused("expected an object")
    return tree


def _restricted(vector: Vector, indices: Sequence[int]) -> Vector:
    return tuple(vector[i] for i in indices)
