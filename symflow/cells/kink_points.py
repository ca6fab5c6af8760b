"""Weights at which given preactivations vanish, all others have given signs, and the features at the kinks are free.

The rows are found layer by layer. Given the features below, a row has to be orthogonal to those of the data on which
its unit kinks and to have given signs on the others: a linear program, solved exactly; and the features at the kinks
have to be linearly independent, which is their rank. Where a layer has no such row, the layers below are taken anew:
first from the weights of a cell near by, then drawn at random (with a fixed seed) among the rows that they may have, or
moved: while the layers above stand still, all their preactivations are affine in the rows of one layer, as long as the
signs are those of the stratum, so that one linear program finds rows that suit them all.

Nothing here has to be trusted: what is found is a point.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias, final

from symflow.cells.kinks import point_where
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.exact.linear_algebra import dot, kernel, rank
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.network import Vector

Rows: TypeAlias = tuple[Vector, ...]  # of one layer, the bias last in each

_TRIES = 24


@final
class KinkPoints:
    """Finds regular points of a set of kinks.

    Parameters
    ----------
    net : SymbolicNetwork
        With symbolic weights, and kinks unit by unit.
    kinks : collection of int
        The places of the kinks in tree order.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.nets.architecture import Architecture
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> KinkPoints(SymbolicNetwork(shape), {1}).find(("+", "0"), (), Budget())
    (1, 0, 2, 1)
    """

    def __init__(self, net: SymbolicNetwork, kinks: Collection[int]) -> None:
        self.net, self.shape, self.kinks = net, net.architecture, kinks
        self._random = random.Random(6)

    def find(self, characters: Sequence[str], near: Sequence[Vector], budget: Budget) -> Vector | None:
        """Return values of all symbols, or None where none was found.

        Parameters
        ----------
        characters : sequence of str
            In tree order; "0" at the kinks, and where a preactivation vanishes identically.
        near : sequence of vectors
            Points of cells near by, to begin with.
        budget : Budget
            From its deadline on nothing is found.
        """
        for attempt, (seed, is_drawn) in enumerate(self._seeds(near)):
            if budget.deadline is not None and time.monotonic() > budget.deadline:
                return None
            rows = self._rows(characters, seed, is_drawn)
            if rows is None and is_drawn:
                moved = self._with_a_layer_moved(characters, seed, 1 + attempt % (self.shape.n_hidden_layers - 1))
                rows = None if moved is None else self._rows(characters, moved, False)
            if rows is not None:
                return self._point(rows)
        return None

    def _seeds(self, near: Sequence[Vector]) -> Iterator[tuple[tuple[Rows, ...] | None, bool]]:
        yield None, False
        for point in near:
            yield self._split(point), False
        for attempt in range(_TRIES):
            yield (self._split(near[attempt // 2 % len(near)]) if near and attempt % 2 else None), True

    def _rows(
        self, characters: Sequence[str], seed: Sequence[Rows] | None, is_drawn: bool, up_to: int | None = None
    ) -> list[Rows] | None:
        """Return rows of the layers up to one, by default of all, layer by layer; None where one has none."""
        features = list(self._inputs)
        found: list[Rows] = []
        for layer in range(1, (self.shape.n_layers if up_to is None else up_to) + 1):
            extended = [(*h, fmpq(1)) if self.shape.has_biases else h for h in features]
            rows = []
            for unit in range(self.shape.widths[layer]):
                row = self._row(layer, unit, characters, extended, None if seed is None else seed[layer - 1][unit])
                if row is None:
                    return None
                rows.append(self._moved(row, layer, unit, characters, extended) if is_drawn else row)
            found.append(tuple(rows))
            if layer < self.shape.n_layers:
                activation = self.shape.activation(layer)
                features = [tuple(activation.evaluate([dot(row, h)]) for row in rows) for h in extended]  # type: ignore[list-item]
        return found

    def _with_a_layer_moved(
        self, characters: Sequence[str], seed: tuple[Rows, ...] | None, layer: int
    ) -> tuple[Rows, ...] | None:
        """Return rows with those of one layer found by a linear program, those above given or drawn."""
        shape = self.shape
        lower = self._rows(characters, seed, True, layer - 1)
        if lower is None:
            return None
        size = shape.fan_in(layer) + shape.has_biases
        above = [
            tuple(self._random_row(shape.fan_in(m) + shape.has_biases) for _ in range(shape.widths[m]))
            for m in range(layer + 1, shape.n_layers + 1)
        ]
        base = self._point([*lower, ((fmpq(0),) * size,) * shape.widths[layer], *above])
        places = [place for unit in range(shape.widths[layer]) for place in self._places(layer, unit)]
        # With biases above, the preactivations are affine: a positive number is added to the variables, to divide by.
        zero: list[Vector] = []
        plus: list[Vector] = [(*(fmpq(0),) * len(places), fmpq(1))]
        for i, site in enumerate(self.net.table.sites):
            if site.layer >= layer and (i in self.kinks or characters[i] != "0"):
                z = self.net.preactivation(site.layer, site.output, site.datum, characters)
                slopes = z.gradient_at(base)
                form = (*(slopes[place] for place in places), z.evaluate(base))
                if i in self.kinks:
                    zero.append(form)
                else:
                    plus.append(form if characters[i] == "+" else tuple(-entry for entry in form))
        found = point_where(zero, plus, len(places) + 1)
        if found is None:
            return None
        values = [entry / found[-1] for entry in found[:-1]]
        rows = tuple(tuple(values[unit * size : (unit + 1) * size]) for unit in range(shape.widths[layer]))
        return (*lower, rows, *above)

    def _row(
        self, layer: int, unit: int, characters: Sequence[str], features: Sequence[Vector], seed: Vector | None
    ) -> Vector | None:
        """Return a row of a unit, that of the seed if it will do; None where there is none."""
        zero, plus = self._forms(layer, unit, characters, features)
        if rank(zero) < len(zero) or not all(map(any, plus)):
            return None
        if seed is not None and not any(dot(seed, h) for h in zero) and all(dot(seed, h) > 0 for h in plus):
            return seed
        if not zero and not plus:
            return self._random_row(len(features[0]))
        return point_where(zero, plus, len(features[0]))

    def _moved(
        self, row: Vector, layer: int, unit: int, characters: Sequence[str], features: Sequence[Vector]
    ) -> Vector:
        """Return another row of the same zeros and signs."""
        zero, plus = self._forms(layer, unit, characters, features)
        push = self._random_row(len(row))
        if zero:
            push = (fmpq(0),) * len(row)
            for vector in kernel(zero, n_columns=len(row)):
                factor = self._random.randint(-3, 3)
                push = tuple(p + factor * entry for p, entry in zip(push, vector, strict=True))  # type: ignore[misc]
        for scale in (0, 1, 2, 4, 8, 16):
            new = tuple(scale * a + b for a, b in zip(row, push, strict=True))
            if all(dot(new, h) > 0 for h in plus):
                return new
        return row

    def _forms(
        self, layer: int, unit: int, characters: Sequence[str], features: Sequence[Vector]
    ) -> tuple[list[Vector], list[Vector]]:
        """Return the features on which a unit kinks, and those, with their sign, on which it does not."""
        zero: list[Vector] = []
        plus: list[Vector] = []
        for datum, h in enumerate(features):
            place = self.net.table.index.get((layer, unit, datum))
            if place is None:
                continue
            if place in self.kinks:
                zero.append(h)
            elif characters[place] != "0":
                plus.append(h if characters[place] == "+" else tuple(-entry for entry in h))
        return zero, plus

    # ------------------------------------------------------------------ points and rows

    @property
    def _inputs(self) -> tuple[Vector, ...]:
        """The data; ones for a symbolic input."""
        return self.net.inputs if self.net.inputs is not None else ((fmpq(1),) * self.shape.n_inputs,)

    def _random_row(self, length: int) -> Vector:
        return tuple(fmpq(self._random.choice((-3, -2, -1, 1, 2, 3))) for _ in range(length))

    def _split(self, point: Vector) -> tuple[Rows, ...]:
        """Return the rows that a point holds."""
        return tuple(
            tuple(
                tuple(point[place] for place in self._places(layer, unit)) for unit in range(self.shape.widths[layer])
            )
            for layer in range(1, self.shape.n_layers + 1)
        )

    def _places(self, layer: int, unit: int) -> list[int]:
        """Return the places of a row, its bias last, among the symbols."""
        places = [self.shape.weight_index(layer, unit, column) for column in range(self.shape.fan_in(layer))]
        return [*places, self.shape.bias_index(layer, unit)] if self.shape.has_biases else places

    def _point(self, layers: Sequence[Rows]) -> Vector:
        values: list[fmpq] = []
        for layer, rows in enumerate(layers, start=1):
            n_columns = self.shape.fan_in(layer)
            for row in rows:
                values.extend(row[:n_columns])
            for row in rows:
                values.extend(row[n_columns:])
        return (*values, *(self._inputs[0] if self.net.input_names else ()))
