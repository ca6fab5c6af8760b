"""The directions in which nothing changes: the lineality space of all cells of a network.

If all functions that can cut are constant in direction l, no sign changes along l. Layer by layer: a unit with a sign
must not see l, and passes nothing of it on; in a maxpool group the differences of the members must not see l, and the
group passes on what its members have in common, whichever wins; the identity passes on what it sees. So these l are
the common kernel of finitely many functionals, the domain's among them, and

    z(x + l) = z(x) + ⟨slope of z, l⟩

for every preactivation, with slopes that do not depend on x. On no cell is there any further line: by induction over
the layers a line in a closed cell is one along which all of these functionals vanish, since a function bounded below
on a line is constant there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symflow.checker.expressions import rational
from symflow.checker.integer_rows import Row, denominator, dot, rank, scaled
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, items, sized
from symflow.checker.region_signs import Domain
from symflow.checker.work import Work


class Lineality(NamedTuple):
    """The functionals that cut, a basis of their common kernel, and the outputs' change along each basis vector."""

    functionals: tuple[Row, ...]
    basis: tuple[Row, ...]
    changes: tuple[tuple[Fraction, ...], ...]

    def contains(self, vector: Sequence[int]) -> bool:
        """Return whether a vector of input space lies in the lineality space."""
        return not any(dot(functional, vector) for functional in self.functionals)


def check_lineality(result: dict[str, object], problem: Problem, domain: Domain, work: Work) -> Lineality:
    """Refuse unless ``lineality`` is a basis of the lineality space.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": [{"name": "maxpool", "groups": [[0, 1]]}],
    ...                 "weights": [[["1", "0"], ["0", "1"]], [["2"]]]},
    ...     "data": {"inputs": [["0", "0"]]},
    ...     "objective": {"kind": "output"},
    ... })
    >>> check_lineality({"lineality": [["1", "1"]]}, problem, [], Work(1000))  # 2 max(x, y) grows by 2
    Lineality(functionals=((-1, 1),), basis=((1, 1),), changes=((Fraction(2, 1),),))
    """
    n_inputs = len(problem.weights[0][0])
    functionals, slopes = _functionals_and_slopes(problem, domain, work)
    basis: list[Row] = []
    changes: list[tuple[Fraction, ...]] = []
    for i, spelled in enumerate(items(result, "lineality")):
        place = f"lineality[{i}]"
        vector = [rational(entry, place) for entry in sized(spelled, n_inputs, place)]
        by = denominator(vector)
        basis.append(scaled(vector, by))
        work.charge((len(functionals) + len(slopes)) * n_inputs)
        if any(dot(functional, basis[-1]) for functional in functionals):
            raise Refused("the cells change in this direction", place)
        along = (sum((a * b for a, b in zip(row, vector, strict=True)), start=Fraction(0)) for row in slopes)
        changes.append(tuple(change * by for change in along))
    if rank(basis, work) != len(basis):
        raise Refused("the vectors are not independent", "lineality")
    dimension = n_inputs - rank(functionals, work)
    if len(basis) != dimension:
        raise Refused(f"the cells contain lines in {dimension} directions, {len(basis)} are given", "lineality")
    return Lineality(functionals, tuple(basis), tuple(changes))


def _functionals_and_slopes(
    problem: Problem, domain: Domain, work: Work
) -> tuple[tuple[Row, ...], list[Sequence[Fraction]]]:
    """Return the functionals that must vanish, and the slopes that the outputs then have."""
    functionals: list[Sequence[Fraction]] = [a for a, _ in domain]
    slopes: list[Sequence[Fraction]] = []
    for layer, matrix in enumerate(problem.weights):
        slopes = _product(matrix, slopes, work) if layer else list(matrix)
        if layer == problem.n_hidden or problem.activations[layer].name == "identity":
            continue
        activation = problem.activations[layer]
        if activation.name == "maxpool":
            for first, *others in activation.groups:
                for other in others:
                    functionals.append([b - a for a, b in zip(slopes[first], slopes[other], strict=True)])
            slopes = [slopes[group[0]] for group in activation.groups]
        else:
            functionals += slopes
            slopes = [[Fraction(0)] * len(row) for row in slopes]
    return tuple(scaled(row, denominator(row)) for row in functionals if any(row)), slopes


def _product(
    matrix: Sequence[Sequence[Fraction]], slopes: list[Sequence[Fraction]], work: Work
) -> list[Sequence[Fraction]]:
    used = [k for k, row in enumerate(slopes) if any(row)]
    columns = list(zip(*(slopes[k] for k in used), strict=True)) if used else [()] * len(slopes[0])
    work.charge(20 * len(matrix) * len(columns) * (1 + len(used)))
    return [
        [sum((row[k] * a for k, a in zip(used, column, strict=True) if a), start=Fraction(0)) for column in columns]
        for row in matrix
    ]
