"""The cells of a result of ``symflow laws``: each is there, and there are no others."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from symflow.checker.cells import check_arc, check_multipliers
from symflow.checker.expressions import rational
from symflow.checker.fixed_slopes import places
from symflow.checker.law_setting import LawSetting
from symflow.checker.networks import forward
from symflow.checker.patterns import Tree, Words, walk
from symflow.checker.problems import WINNERS
from symflow.checker.reading import Refused, Report, exactly, expect, items, take
from symflow.checker.weight_regions import factor_counts, group_sizes

_KNOWN_OF_A_CELL = (
    *("pattern", "lie_dimension", "n_laws", "n_laws_at_most", "complete", "lie_dimension_is_exact", "laws"),
    *("names", "values", "dependent_laws", "certificate", "arc", "interior_point"),
)

Block = Callable[[LawSetting, Report, dict[str, object], list[Words]], None]


def check_cells(setting: LawSetting, report: Report, block: Block) -> list[Words]:
    """Check the cells, each with its laws, by `block`, and that there are no others; return the words of each."""
    result = setting.result
    everywhere = take(result, "every_cell", bool)
    tree = Tree(setting.problem, tuple(forward(setting.problem, k) for k in range(len(setting.problem.inputs))))
    found: list[Words] = []
    for i, cell in enumerate(items(result, "cells")):
        with report.checking(f"cells[{i}]"):
            report.skip_unknown(cell, _KNOWN_OF_A_CELL)
            words = tree.words(take(cell, "pattern", str), wildcard=False)
            if words in found:
                raise Refused("this pattern stands twice", "pattern")
            found.append(words)
            if everywhere:
                _inside(setting, words, cell)
            else:
                check_arc(tree, words, range(len(setting.problem.names)), take(cell, "arc", dict))
            report.n_certificates += 1
            block(setting, report, exactly(cell, dict), [words])
    if not found:
        raise Refused("there are no cells", "cells")
    if everywhere:
        _count(setting, report, len(found))
        return found
    refuted = []
    for i, entry in enumerate(items(result, "refuted")):
        with report.checking(f"refuted[{i}]"):
            report.skip_unknown(entry, ("pattern", "certificate"))
            words = tree.words(take(entry, "pattern", str), wildcard=True)
            refuted.append(words)
            check_multipliers(tree, words, take(entry, "certificate", dict))
            report.n_certificates += 1
    undecided = []
    for entry in items(result, "undecided") if result.get("undecided") else []:
        undecided.append(tree.words(take(entry, "pattern", str), wildcard=True))
    leaves, _ = walk(tree, refuted, undecided, len(found))
    for words in leaves:
        if words not in found:
            report.reject(f"the pattern {'|'.join(words)} is neither listed nor refuted", "cells")
    return found


def _inside(setting: LawSetting, words: Words, cell: object) -> None:
    """Refuse unless the interior point lies in the cell (one hidden layer)."""
    problem = setting.problem
    point = [rational(entry, "interior_point") for entry in items(cell, "interior_point", len(problem.names))]
    if problem.n_hidden > 1:
        raise Refused("all cells, of more than one hidden layer", "every_cell")
    weights, biases = places(problem)
    if not problem.activations:
        return
    activation = problem.activations[0]
    for x, word in zip(problem.inputs, words, strict=True):
        is_cut = problem.biases is not None or any(x)
        z = [sum((point[i] * entry for i, entry in zip(row, x, strict=True)), Fraction(0)) for row in weights[0]]
        if biases:
            z = [a + point[i] for a, i in zip(z, biases[0], strict=True)]
        for unit, character in enumerate(word):
            if activation.name == "maxpool":
                group = activation.groups[unit]
                winner = group[WINNERS.index(character)]
                is_right = all(z[winner] > z[row] for row in group if row != winner)
                is_right = is_right if is_cut else character == WINNERS[0]
            elif is_cut:
                is_right = character == ("+" if z[unit] > 0 else "-") and bool(z[unit])
            else:
                is_right = character == "0"
            if not is_right:
                raise Refused("the point is not inside the cell", "interior_point")


def _count(setting: LawSetting, report: Report, n_cells: int) -> None:
    """Refuse unless there are so many cells in weight space."""
    counts = [factor_counts(setting.problem, size) for size in group_sizes(setting.problem)]
    known = [count[0] for count in counts if count is not None]
    if len(known) < len(counts):
        report.skip("cells: that there are no others")
    else:
        expect(n_cells, math.prod(known), "cells")
