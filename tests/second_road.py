"""A second road to the numbers: nets in plain fractions, the chain rule written out, cells found by sampling.

Nothing here comes from symflow: a problem's canonical tree goes in (strings of exact numbers). Sampling finds only
cells that it happens to hit, so it bounds a Bouligand differential from inside; the points lie on curves
w + (ε^k_i r_i)_i with several exponents, since a cell may be a cusp that no straight ray enters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath

Point = list[Fraction]
# Slopes of an output by its members: (layer from 0, output, values of the members) -> slopes.
Slopes = Callable[[int, int, Point], Point]
# By layer and unit: 1 where it is positive, of a pool the winner's place.
Pattern = tuple[tuple[int, ...], ...]


class PlainNet:
    """A net with its data, at one point, as the canonical tree of a problem says."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        net, objective = tree["network"], tree["objective"]
        self.activation = [a if isinstance(a, dict) else {"name": a} for a in net["activation"]]
        self.W = [[[Fraction(v) for v in row] for row in matrix] for matrix in net["weights"]]
        self.b = [[Fraction(v) for v in vector] for vector in net["biases"]] if "biases" in net else None
        self.objective = objective
        self.is_input = objective["variable"] == "input"
        data = tree.get("data", {})
        labels = [Fraction(y) for y in data.get("labels", [])]
        if self.is_input:
            self.inputs = [[Fraction(v) for v in objective["at"]]]
        else:
            self.inputs = [[Fraction(v) for v in x] for x in data["inputs"]]
            if objective["kind"] == "output":
                self.inputs = self.inputs[:1]
        self.labels = labels[: len(self.inputs)]

    @property
    def point(self) -> Point:
        if self.is_input:
            return list(self.inputs[0])
        result: Point = []
        for layer, matrix in enumerate(self.W):
            result += [v for row in matrix for v in row]
            result += self.b[layer] if self.b else []
        return result

    def moved(self, point: Point) -> PlainNet:
        """Return the same net at another point."""
        other = object.__new__(PlainNet)
        other.__dict__.update(self.__dict__)
        if self.is_input:
            other.inputs = [point]
            return other
        entries = iter(point)
        other.W, other.b = [], [] if self.b else None
        for layer, matrix in enumerate(self.W):
            other.W.append([[next(entries) for _ in row] for row in matrix])
            if self.b and other.b is not None:
                other.b.append([next(entries) for _ in self.b[layer]])
        return other

    def members(self, layer: int) -> list[list[int]]:
        if self.activation[layer]["name"] == "maxpool":
            groups: list[list[int]] = self.activation[layer]["groups"]
            return groups
        return [[unit] for unit in range(len(self.W[layer]))]

    def forward(self, x: Point) -> tuple[list[Point], list[Point]]:
        """Return the preactivations (the outputs last) and the features (the input first)."""
        z, h = [], [x]
        for layer, matrix in enumerate(self.W):
            affine = [sum((w * v for w, v in zip(row, h[-1], strict=True)), Fraction(0)) for row in matrix]
            if self.b:
                affine = [v + b for v, b in zip(affine, self.b[layer], strict=True)]
            z.append(affine)
            if layer < len(self.W) - 1:
                h.append([self._output(layer, [affine[i] for i in units]) for units in self.members(layer)])
        return z, h

    def _output(self, layer: int, values: Point) -> Fraction:
        activation = self.activation[layer]
        z = values[0]
        match activation["name"]:
            case "relu":
                return max(z, Fraction(0))
            case "abs":
                return abs(z)
            case "identity":
                return z
            case "leaky_relu":
                return z if z > 0 else Fraction(activation["slope"]) * z
            case "relu_power":
                return max(z, Fraction(0)) ** activation["power"]
            case "maxpool":
                return max(values)
        raise AssertionError(activation)

    def outputs(self) -> Point:
        return [self.forward(x)[0][-1][self.objective["output"] - 1] for x in self.inputs]

    def coefficients(self) -> list[Any]:
        """Return the frozen coefficients, fractions or mpmath numbers."""
        f, y, kind = self.outputs(), self.labels, self.objective["kind"]
        if kind == "output":
            return [Fraction(1)]
        if kind == "combination":
            return [Fraction(c) for c in self.objective["coefficients"]][: len(f)]
        if kind == "log_sum_exp":
            terms = [mpmath.exp(_mpf(-yk * fk)) for yk, fk in zip(y, f, strict=True)]
            return [-_mpf(yk) * term / sum(terms) for yk, term in zip(y, terms, strict=True)]
        n = len(f) if self.objective["reduction"] == "mean" else 1
        pairs = list(zip(f, y, strict=True))
        if self.objective["loss"] == "squared":
            return [(fk - yk) / n for fk, yk in pairs]
        if self.objective["loss"] == "exponential":
            return [-_mpf(yk) * mpmath.exp(_mpf(-yk * fk)) / n for fk, yk in pairs]
        return [-_mpf(yk) / (1 + mpmath.exp(_mpf(yk * fk))) / n for fk, yk in pairs]

    def output_gradient(self, x: Point, slopes: Slopes) -> Point:
        """Return the chain rule's gradient of the output at this point, with these slopes."""
        z, h = self.forward(x)
        output = self.objective["output"] - 1
        delta = [Fraction(int(unit == output)) for unit in range(len(self.W[-1]))]
        blocks: list[Point] = []
        for layer in range(len(self.W) - 1, -1, -1):
            bias = delta if self.b else []
            blocks.insert(0, [d * v for d in delta for v in h[layer]] + bias)
            pulled = [
                sum((d * row[i] for d, row in zip(delta, self.W[layer], strict=True)), Fraction(0))
                for i in range(len(h[layer]))
            ]
            if layer == 0:
                return pulled if self.is_input else [v for block in blocks for v in block]
            delta = [Fraction(0)] * len(self.W[layer - 1])
            for i, units in enumerate(self.members(layer - 1)):
                values = [z[layer - 1][unit] for unit in units]
                for unit, slope in zip(units, slopes(layer - 1, i, values), strict=True):
                    delta[unit] = pulled[i] * slope
        raise AssertionError("a net has a layer")

    def pattern(self, x: Point) -> Pattern:
        """Return the piece that every unit has here: whether it is positive, or which member of its group wins."""
        z, _ = self.forward(x)
        pieces: list[tuple[int, ...]] = []
        for layer, activation in enumerate(self.activation):
            groups = [[z[layer][unit] for unit in units] for units in self.members(layer)]
            is_pool = activation["name"] == "maxpool"
            pieces.append(tuple(v.index(max(v)) if is_pool else int(v[0] > 0) for v in groups))
        return tuple(pieces)

    def slopes_of_pattern(self, pattern: Pattern) -> Slopes:
        """Return the slopes, at this point, of the pieces of a pattern."""

        def slopes(layer: int, i: int, values: Point) -> Point:
            piece = pattern[layer][i]
            if self.activation[layer]["name"] == "maxpool":
                return [Fraction(int(place == piece)) for place in range(len(values))]
            return [self._slope(layer, piece == 1, values[0])]

        return slopes

    def autodiff_slopes(self, layer: int, i: int, values: Point) -> Point:
        """Return what automatic differentiation takes: the left slope at 0 (abs: 0), the first maximal member."""
        name = self.activation[layer]["name"]
        if name == "maxpool":
            winner = values.index(max(values))
            return [Fraction(int(place == winner)) for place in range(len(values))]
        if name == "abs" and values[0] == 0:
            return [Fraction(0)]
        return [self._slope(layer, values[0] > 0, values[0])]

    def _slope(self, layer: int, is_positive: bool, z: Fraction) -> Fraction:
        activation = self.activation[layer]
        match activation["name"]:
            case "relu":
                return Fraction(int(is_positive))
            case "abs":
                return Fraction(1 if is_positive else -1)
            case "identity":
                return Fraction(1)
            case "leaky_relu":
                return Fraction(1) if is_positive else Fraction(activation["slope"])
            case "relu_power":
                power = activation["power"]
                return power * z ** (power - 1) if is_positive else Fraction(0)
        raise AssertionError(activation)

    def combine(self, gradients: list[Point]) -> tuple[Any, ...]:
        """Return sum_k c_k g_k."""
        total: list[Any] = [Fraction(0)] * len(gradients[0])
        for c, gradient in zip(self.coefficients(), gradients, strict=True):
            total = [
                t + (c * g if isinstance(c, Fraction) else c * _mpf(g)) for t, g in zip(total, gradient, strict=True)
            ]
        return tuple(total)

    def autodiff(self) -> tuple[Any, ...]:
        return self.combine([self.output_gradient(x, self.autodiff_slopes) for x in self.inputs])

    def sampled_limiting_gradients(self, *, samples: int, seed: int = 0) -> dict[tuple[str, ...], tuple[Any, ...]]:
        """Return the limiting gradients of all cells that samples near the point hit, by their keys (see `key`)."""
        choose = random.Random(seed)
        point = self.point
        met = set()
        for _ in range(samples):
            exponents = [choose.choice((1, 1, 2, 3)) for _ in point]
            displaced = [
                w + choose.choice((-1, 1)) * Fraction(choose.randint(1, 999_983), 10 ** (6 + 4 * k))
                for w, k in zip(point, exponents, strict=True)
            ]
            near = self.moved(displaced)
            met.add(tuple(near.pattern(x) for x in near.inputs))
        found = {}
        for patterns in met:  # the gradient depends on the patterns alone
            gradient = self.combine(
                [
                    self.output_gradient(x, self.slopes_of_pattern(pattern))
                    for x, pattern in zip(self.inputs, patterns, strict=True)
                ]
            )
            found[key(gradient)] = gradient
        return found


def key(vector: tuple[Any, ...]) -> tuple[str, ...]:
    """Return thirty digits of every entry, by which vectors are compared."""
    return tuple(mpmath.nstr(_mpf(v), 30) if v != 0 else "0.0" for v in vector)


def _mpf(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return mpmath.mpf(value)
