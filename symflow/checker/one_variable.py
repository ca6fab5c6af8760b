"""A net with one input, at fixed weights, as a piecewise-linear function of a real variable; and its subgradients.

Such a function is given by finitely many knots, its values there, and its slopes left of the first and right of the
last knot. Sums, relu, leaky_relu, abs and maxima of such functions are again such functions: the new knots are where
something changes its sign.

s is a subgradient of F at x₀, in the sense of convex analysis, if F(x) ≥ F(x₀) + s (x − x₀) for all x. The slope
q(x) = (F(x) − F(x₀))/(x − x₀) is monotone between knots, and where the piece starts at x₀ it is constant; so all
subgradients are the interval from the largest q left of x₀ to the smallest q right of x₀, each over the knots and the
slope at infinity. It may be empty; for a convex F it is not.

Examples
--------
>>> zero, one = Fraction(0), Fraction(1)
>>> absolute = Line.identity().activated(Activation("abs"))
>>> [str(s) for s in absolute.subgradients(zero)]
['-1', '1']
>>> (absolute * -one).subgradients(zero) is None
True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import final

from symflow.checker.problems import Activation, Problem
from symflow.checker.reading import Refused, TooLarge

_MOST_KNOTS = 2_000


@final
@dataclass(frozen=True, slots=True)
class Line:
    """A piecewise-linear function of one variable.

    Parameters
    ----------
    knots : tuple of Fraction
        Sorted, at least one.
    values : tuple of Fraction
        There.
    left, right : Fraction
        The slopes before the first and after the last knot.
    """

    knots: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    left: Fraction
    right: Fraction

    @staticmethod
    def identity() -> Line:
        """Return x → x."""
        return Line((Fraction(0),), (Fraction(0),), Fraction(1), Fraction(1))

    @staticmethod
    def constant(value: Fraction) -> Line:
        """Return x → c."""
        return Line((Fraction(0),), (value,), Fraction(0), Fraction(0))

    def at(self, x: Fraction) -> Fraction:
        """Return the value at a point.

        Examples
        --------
        >>> str(Line.identity().at(Fraction(7)))
        '7'
        """
        place = bisect_right(self.knots, x)
        if place == 0:
            return self.values[0] + self.left * (x - self.knots[0])
        if place == len(self.knots):
            return self.values[-1] + self.right * (x - self.knots[-1])
        (a, b), (u, v) = self.knots[place - 1 : place + 1], self.values[place - 1 : place + 1]
        return u + (v - u) * (x - a) / (b - a)

    def with_knots(self, knots: Iterable[Fraction]) -> Line:
        """Return the same function with further knots."""
        found = tuple(sorted({*self.knots, *knots}))
        if len(found) > _MOST_KNOTS:
            raise TooLarge("a function with too many knots")
        return Line(found, tuple(self.at(x) for x in found), self.left, self.right)

    def __add__(self, other: Line) -> Line:
        a, b = self.with_knots(other.knots), other.with_knots(self.knots)
        values = tuple(u + v for u, v in zip(a.values, b.values, strict=True))
        return Line(a.knots, values, a.left + b.left, a.right + b.right)

    def __mul__(self, factor: Fraction) -> Line:
        return Line(self.knots, tuple(factor * v for v in self.values), factor * self.left, factor * self.right)

    def zeros(self) -> list[Fraction]:
        """Return the points where the sign may change: the isolated zeros that are no knots.

        Examples
        --------
        >>> [str(x) for x in (Line.identity() + Line.constant(Fraction(3))).zeros()]
        ['-3']
        """
        found = []
        first, last = self.knots[0], self.knots[-1]
        if self.left and first - self.values[0] / self.left < first:
            found.append(first - self.values[0] / self.left)
        for (a, u), (b, v) in pairwise(zip(self.knots, self.values, strict=True)):
            if u * v < 0:
                found.append(a + (b - a) * u / (u - v))
        if self.right and last - self.values[-1] / self.right > last:
            found.append(last - self.values[-1] / self.right)
        return found

    def activated(self, activation: Activation) -> Line:
        """Return σ of the function, for relu, leaky_relu, abs and the identity."""
        one = Fraction(1)
        slopes = {"identity": one, "relu": Fraction(0), "abs": -one, "leaky_relu": activation.slope}
        if activation.name not in slopes:
            raise Refused(f"{activation.name} does not make a piecewise-linear function of one unit")
        below, above = slopes[activation.name], one
        line = self.with_knots(self.zeros())
        values = tuple(v * (above if v > 0 else below) for v in line.values)
        # Beyond the last zero the sign is that of the value there or, at a zero, that of the slope.
        before = below if line.values[0] < 0 or (not line.values[0] and line.left > 0) else above
        after = below if line.values[-1] < 0 or (not line.values[-1] and line.right < 0) else above
        return Line(line.knots, values, before * line.left, after * line.right)

    def subgradients(self, x: Fraction) -> tuple[Fraction, Fraction] | None:
        """Return the interval of all s with F(y) ≥ F(x) + s (y − x) for all y; None where there are none."""
        line = self.with_knots([x])
        place = line.knots.index(x)
        value = line.values[place]
        slopes = [
            None if i == place else (v - value) / (y - x)
            for i, (y, v) in enumerate(zip(line.knots, line.values, strict=True))
        ]
        least = max([line.left, *(q for q in slopes[:place] if q is not None)])
        most = min([line.right, *(q for q in slopes[place + 1 :] if q is not None)])
        return (least, most) if least <= most else None


def largest(lines: Sequence[Line]) -> Line:
    """Return the maximum of several functions.

    Examples
    --------
    >>> top = largest([Line.identity(), Line.identity() * Fraction(-1)])
    >>> str(top.at(Fraction(-2))), str(top.left)
    ('2', '-1')
    """
    crossings = [x for a, b in combinations(lines, 2) for x in (a + b * Fraction(-1)).zeros()]
    knots = {*crossings, *(x for line in lines for x in line.knots)}
    refined = [line.with_knots(knots) for line in lines]
    values = tuple(max(column) for column in zip(*(line.values for line in refined), strict=True))
    # Beyond the outermost knot no two of them cross: the winner is largest there, and then rises most outwards.
    before = max(refined, key=lambda line: (line.values[0], -line.left))
    after = max(refined, key=lambda line: (line.values[-1], line.right))
    return Line(refined[0].knots, values, before.left, after.right)


def of_input(problem: Problem) -> Line:
    """Return the objective of a net with one input, as a function of it.

    Raises
    ------
    Refused
        If the variable is not one input, or the objective is no multiple of the output.
    """
    if problem.variable != "input" or len(problem.point) != 1:
        raise Refused("all subgradients are found for functions of one input alone")
    if problem.kind not in ("output", "combination"):
        raise Refused("all subgradients are found for the output, or a multiple of it, alone")
    features = [Line.identity()]
    for layer, activation in enumerate(problem.activations):
        rows = _preactivations(problem, layer, features)
        if activation.name == "maxpool":
            features = [largest([rows[row] for row in group]) for group in activation.groups]
        else:
            features = [row.activated(activation) for row in rows]
    return _preactivations(problem, problem.n_hidden, features)[problem.output] * problem.coefficients[0]


def _preactivations(problem: Problem, layer: int, features: Sequence[Line]) -> list[Line]:
    """Return W h + b of a layer."""
    rows = []
    for row, entries in enumerate(problem.weights[layer]):
        total = Line.constant(Fraction(0) if problem.biases is None else problem.biases[layer][row])
        for weight, feature in zip(entries, features, strict=True):
            total = total + feature * weight
        rows.append(total)
    return rows
