"""What a gradient flow of the weights preserves: the quantities, recomputed from the problem alone.

On every piece, and so for every element of the Clarke differential, Euler's identity gives for the rows ``in`` of a
hidden unit of degree k (all rows of its group, where it pools) and its outgoing column

    ⟨W_l[in], G_l[in]⟩ + ⟨b_l[in], g_l[in]⟩ = k ⟨W_{l+1}[:,j], G_{l+1}[:,j]⟩.

So |W_l[in]|² + |b_l[in]|² − k |W_{l+1}[:,j]|² is constant along w' in −∂F(w) where both matrices are trained, and the
biases are trained or zero. Summed over the units it holds between trained layers l < m of a net without biases. With
the identity in between, (W_l W_lᵀ + b bᵀ)' = (W_{l+1}ᵀ W_{l+1})', entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from symflow.checker.problems import Problem

_WIDEST_GRAM = 16


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quadratic form: the sum of coefficient · w[i] · w[j] over its terms.

    Examples
    --------
    >>> Quantity("u^2 - v^2", ((0, 0, 1), (1, 1, -1))).at([Fraction(3), Fraction(2)])
    Fraction(5, 1)
    """

    name: str
    terms: tuple[tuple[int, int, int], ...]

    def at(self, values: Sequence[Fraction]) -> Fraction:
        """Return its value."""
        return sum((c * values[i] * values[j] for i, j, c in self.terms), start=Fraction(0))

    def room(self, values: Sequence[Fraction], errors: Sequence[Fraction]) -> Fraction:
        """Return by how much it may change where each value changes by its error."""
        total = Fraction(0)
        for i, j, c in self.terms:
            a, b = abs(values[i]), abs(values[j])
            total += abs(c) * (a * errors[j] + b * errors[i] + errors[i] * errors[j])
        return total


def quantities(problem: Problem, trained: Sequence[str] | None) -> list[Quantity]:
    """Return all of them, in the order in which a result lists them.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["1", "1"]]},
    ...     "objective": {"kind": "output", "variable": "weights"},
    ... })
    >>> [(each.name, str(each.at(problem.point))) for each in quantities(problem, None)]
    [('|W1[1,:]|^2 - W2[1,1]^2', '-2')]
    """
    net = _Net(problem, trained)
    found: list[Quantity] = []
    for layer in range(1, len(problem.weights)):
        if net.moves(f"W{layer}") and net.moves(f"W{layer + 1}"):
            found += net.of_units(layer)
            found += net.of_pairs(layer)
    return found + list(net.of_layers())


class _Net:
    """A problem's parameters by their places."""

    def __init__(self, problem: Problem, trained: Sequence[str] | None) -> None:
        self.problem, self.trained = problem, trained
        self.place = {name: place for place, name in enumerate(problem.names)}

    def moves(self, name: str) -> bool:
        return self.trained is None or name in self.trained

    def groups(self, layer: int) -> list[tuple[int, ...]]:
        activation, n_rows = self.problem.activations[layer - 1], len(self.problem.weights[layer - 1])
        if activation.name == "maxpool":
            return list(activation.groups)
        return [(row,) for row in range(n_rows)]

    def row(self, layer: int, row: int) -> list[str]:
        return [f"W{layer}[{row + 1},{j + 1}]" for j in range(len(self.problem.weights[layer - 1][0]))]

    def column(self, layer: int, column: int) -> list[str]:
        return [f"W{layer}[{i + 1},{column + 1}]" for i in range(len(self.problem.weights[layer - 1]))]

    def counts_biases(self, layer: int, rows: Sequence[int]) -> bool | None:
        """Whether the biases of some rows count, do not, or (None) break the law."""
        if self.problem.biases is None:
            return False
        if self.moves(f"b{layer}"):
            return True
        return None if any(self.problem.biases[layer - 1][row] for row in rows) else False

    def squares(self, names: Sequence[str], coefficient: int) -> list[tuple[int, int, int]]:
        return [(self.place[name], self.place[name], coefficient) for name in names]

    def of_units(self, layer: int) -> Iterator[Quantity]:
        power = self.problem.activations[layer - 1].power
        for unit, members in enumerate(self.groups(layer)):
            with_biases = self.counts_biases(layer, members)
            if with_biases is None:
                continue
            rows = [self.row(layer, row) for row in members]
            said = [_norm(names, f"W{layer}[{row + 1},:]") for row, names in zip(members, rows, strict=True)]
            terms = [term for names in rows for term in self.squares(names, 1)]
            if with_biases:
                biases = [f"b{layer}[{row + 1}]" for row in members]
                terms += self.squares(biases, 1)
                said += [f"{name}^2" for name in biases]
            column = self.column(layer + 1, unit)
            terms += self.squares(column, -power)
            name = f"{' + '.join(said)} - {_times(power)}{_norm(column, f'W{layer + 1}[:,{unit + 1}]')}"
            yield Quantity(name, tuple(terms))

    def of_pairs(self, layer: int) -> Iterator[Quantity]:
        width = len(self.problem.weights[layer - 1])
        if self.problem.activations[layer - 1].name != "identity" or width > _WIDEST_GRAM:
            return
        for i in range(width):
            for j in range(i + 1, width):
                with_biases = self.counts_biases(layer, (i, j))
                if with_biases is None:
                    continue
                pairs = [*zip(self.row(layer, i), self.row(layer, j), strict=True)]
                name = f"<W{layer}[{i + 1},:], W{layer}[{j + 1},:]>"
                if with_biases:
                    pairs.append((f"b{layer}[{i + 1}]", f"b{layer}[{j + 1}]"))
                    name += f" + b{layer}[{i + 1}] b{layer}[{j + 1}]"
                terms = [(self.place[a], self.place[b], 1) for a, b in pairs]
                out = zip(self.column(layer + 1, i), self.column(layer + 1, j), strict=True)
                terms += [(self.place[a], self.place[b], -1) for a, b in out]
                yield Quantity(f"{name} - <W{layer + 1}[:,{i + 1}], W{layer + 1}[:,{j + 1}]>", tuple(terms))

    def of_layers(self) -> Iterator[Quantity]:
        matrices = [layer for layer in range(1, len(self.problem.weights) + 1) if self.moves(f"W{layer}")]
        for layer, above in pairwise(matrices):
            n_rows = len(self.problem.weights[layer - 1])
            if (layer + 1 == above and n_rows == 1) or (above > layer + 1 and self.problem.biases is not None):
                continue
            with_biases = self.counts_biases(layer, range(n_rows))
            if with_biases is None:
                continue
            power = 1
            for between in range(layer, above):
                power *= self.problem.activations[between - 1].power
            names = [name for row in range(n_rows) for name in self.row(layer, row)]
            said = f"|W{layer}|^2"
            if with_biases:
                names += [f"b{layer}[{row + 1}]" for row in range(n_rows)]
                said += f" + |b{layer}|^2"
            out = [name for row in range(len(self.problem.weights[above - 1])) for name in self.row(above, row)]
            terms = [*self.squares(names, 1), *self.squares(out, -power)]
            yield Quantity(f"{said} - {_times(power)}|W{above}|^2", tuple(terms))


def _norm(names: Sequence[str], block: str) -> str:
    return f"{names[0]}^2" if len(names) == 1 else f"|{block}|^2"


def _times(factor: int) -> str:
    return "" if factor == 1 else f"{factor} "
