"""A net in which the weights, the input, or both are symbols: its conditions, polynomials and gradients on a pattern.

What is symbolic is a variable of one polynomial ring, first the parameters in their order, then x[1], x[2], ..;
what is known is put in. Nothing here looks at a point: at a site, given the characters below it,

- a preactivation z that is the zero polynomial has the character ``0``, any other constant its sign;
- else z leaves both signs, each with one condition, z > 0 or z < 0;
- a member of a maxpool group that equals another one plus a constant never wins where it is the smaller one (of
  equal ones, the later one); if several are left, the winner p has the conditions z_p − z_q > 0 for the others.

The walk over all patterns is the one of ``patterns``, with these characters in place of those near a point.

The gradient is one backward pass in the ring. Where the weights are known and gradients are taken by them, a unit
must not sit on its kink for all x at these very weights: then there is no gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from symflow.checker.networks import Forward, Pieces
from symflow.checker.patterns import Site, Tree, Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS, Problem, read_problem
from symflow.checker.reading import Refused, TooLarge, exactly, items, take

# Symbolic nets with more parameters, and points with longer numbers, are refused.
_MOST_PARAMETERS = 20_000
_MOST_BITS = 4_096

# All products of terms in one result, long monomials counted more.
_MOST_WORK = 5_000_000

_ZERO = Polynomial({})


@dataclass(frozen=True, slots=True)
class SymbolicProblem:
    """A problem of which the weights or the input may be symbols; `problem` has zeros in their place.

    Examples
    --------
    >>> tree = {"network": {"activation": ["relu"], "widths": [2, 1, 1]}, "objective": {"kind": "output"}}
    >>> found = read_symbolic_problem(tree)
    >>> found.weights_are_symbols, found.input_is_symbol, len(found.problem.inputs)
    (True, True, 1)
    """

    problem: Problem
    weights_are_symbols: bool
    input_is_symbol: bool

    @property
    def is_everywhere(self) -> bool:
        """Whether anything is symbolic; if not, the question is about a point."""
        return self.weights_are_symbols or self.input_is_symbol


def read_symbolic_problem(tree: object) -> SymbolicProblem:
    """Return the problem that a JSON tree spells, zeros put in place of what it leaves symbolic.

    Examples
    --------
    >>> read_symbolic_problem({"network": {"activation": [], "widths": [2, 0]}, "objective": {}})
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: network.widths: expected positive widths, at least two
    """
    root = dict(exactly(tree, dict))
    network = dict(take(root, "network", dict))
    weights_are_symbols = "widths" in network
    if weights_are_symbols:
        root["network"] = network = _with_zero_weights(network)
    objective = dict(take(root, "objective", dict))
    data = dict(take(root, "data", dict)) if "data" in root else {}
    by_input = objective.get("variable") == "input"
    no_inputs = data.get("inputs", "symbolic") == "symbolic"
    input_is_symbol = no_inputs
    if by_input:
        input_is_symbol = weights_are_symbols or (no_inputs and objective.get("at") is None)
    if input_is_symbol or no_inputs:
        zeros = ["0"] * _n_inputs(network)
        data["inputs"] = [zeros]
        if input_is_symbol and by_input:
            objective["at"] = zeros
        root |= {"data": data, "objective": objective}
    return SymbolicProblem(read_problem(root), weights_are_symbols, input_is_symbol)


def _n_inputs(network: dict[str, object]) -> int:
    first = items(network, "weights")[:1]
    if not first or not isinstance(first[0], list) or not first[0] or not isinstance(first[0][0], list):
        raise Refused("expected matrices", "network.weights")
    return len(first[0][0])


def _with_zero_weights(network: dict[str, object]) -> dict[str, object]:
    for key in network:
        if key not in ("activation", "widths", "bias"):
            raise Refused("a key that the checker does not know; it might change what is meant", f"network.{key}")
    widths = [exactly(width, int, "network.widths") for width in items(network, "widths")]
    if len(widths) < 2 or min(widths) < 1:
        raise Refused("expected positive widths, at least two", "network.widths")
    activations = items(network, "activation", len(widths) - 2)
    weights = []
    fan_in, n_parameters = widths[0], 0
    for layer, width in enumerate(widths[1:]):
        n_parameters += width * (fan_in + 1)
        if n_parameters > _MOST_PARAMETERS:
            raise TooLarge("a net with too many parameters", "network.widths")
        weights.append([["0"] * fan_in for _ in range(width)])
        fan_in = width
        if layer < len(activations):
            activation = activations[layer]
            if isinstance(activation, dict) and activation.get("name") == "maxpool":
                fan_in = len(items(activation, "groups"))
    zeros: dict[str, object] = {"activation": activations, "weights": weights}
    if "bias" in network and take(network, "bias", bool):
        zeros["biases"] = [["0"] * width for width in widths[1:]]
    return zeros


@final
class SymbolicNet(Tree):
    """The sites of a net with symbols, what they may be anywhere, and the polynomials on a pattern.

    Parameters
    ----------
    symbolic : SymbolicProblem
        The problem.
    weights_are_symbols, input_is_symbol : bool
        What is a variable of the ring; at a point that is what the problem calls its variable.
    """

    def __init__(self, symbolic: SymbolicProblem, *, weights_are_symbols: bool, input_is_symbol: bool) -> None:
        problem = replace(symbolic.problem, variable="weights")
        # No value at a point forces a character here.
        nothing = Forward(tuple((Fraction(0),) * len(matrix) for matrix in problem.weights), ())
        super().__init__(problem, (nothing,) * len(problem.inputs))
        self.variable = symbolic.problem.variable
        self.has_known_weights = not weights_are_symbols
        names = problem.names if weights_are_symbols else ()
        coordinates = [Polynomial.constant(value) for value in problem.point]
        if weights_are_symbols:
            coordinates = [Polynomial.variable(i) for i in range(len(names))]
        inputs = [[Polynomial.constant(value) for value in x] for x in problem.inputs]
        self.input_names: tuple[str, ...] = ()
        if input_is_symbol:
            size = len(problem.inputs[0])
            inputs = [[Polynomial.variable(len(names) + i) for i in range(size)]]
            self.input_names = tuple(f"x[{i + 1}]" for i in range(size))
        self.symbols = (*names, *self.input_names)
        self.polynomials = Pieces(problem, self.starts, coordinates, Polynomial.constant, inputs)
        entries = iter(coordinates)
        self.weights: list[list[list[Polynomial]]] = []
        self.biases: list[list[Polynomial]] = []
        for matrix in problem.weights:
            self.weights.append([[next(entries) for _ in row] for row in matrix])
            if problem.biases is not None:
                self.biases.append([next(entries) for _ in matrix])
        self._gradients: dict[tuple[int, str], dict[str, list[list[Polynomial]]]] = {}
        self._work = 0
        self._charged: set[tuple[int, int, str]] = set()

    def characters(self, site: Site, word: str) -> str:
        """Return the characters that a site has anywhere, given those below; conditions bind if several."""
        key = (site, word[: self.starts[site.layer]])
        if key not in self._known:
            activation = self.problem.activations[site.layer]
            rows = activation.groups[site.unit] if activation.name == "maxpool" else (site.unit,)
            self._charge_powers(site.datum, site.layer, word)
            z = [self.polynomials.preactivation(site.datum, site.layer, row, word) for row in rows]
            if activation.name == "maxpool":
                places = range(len(z))
                left = [p for p in places if not any(_lies_below(z[p], z[q], q < p) for q in places if q != p)]
                self._known[key] = "".join(WINNERS[p] for p in left)
            else:
                value = _constant(z[0])
                self._known[key] = "-+" if value is None else "0" if not value else "+" if value > 0 else "-"
        return self._known[key]

    def conditions(self, words: Words) -> list[Polynomial]:
        """Return the polynomials that are positive on the cell of a pattern, in tree order."""
        found: list[Polynomial] = []
        for site in self.sites:
            word = words[site.datum]
            possible, character = self.characters(site, word), word[site.position]
            if character not in possible:
                raise Refused("a character that this unit never has on this pattern", "pattern")
            if len(possible) == 1:
                continue
            if self.alphabet(site) == "-0+":
                z = self.polynomials.preactivation(site.datum, site.layer, site.unit, word)
                found.append(z if character == "+" else z * -1)
                continue
            group = self.problem.activations[site.layer].groups[site.unit]
            z = self.polynomials.preactivation(site.datum, site.layer, group[WINNERS.index(character)], word)
            for other in possible:
                if other != character:
                    row = group[WINNERS.index(other)]
                    found.append(z - self.polynomials.preactivation(site.datum, site.layer, row, word))
        return found

    def output(self, datum: int, words: Words) -> Polynomial:
        """Return f on a datum, on the pattern."""
        self._charge_powers(datum, self.problem.n_hidden, words[datum])
        return self.polynomials.preactivation(datum, self.problem.n_hidden, self.problem.output, words[datum])

    def gradient(self, datum: int, words: Words) -> dict[str, list[list[Polynomial]]]:
        """Return the gradient of f on a datum, block by block: W1, b1, W2, .. or x; vectors as one row."""
        word = words[datum]
        if (datum, word) not in self._gradients:
            self._gradients[datum, word] = self._backward(datum, word)
        return self._gradients[datum, word]

    def _backward(self, datum: int, word: str) -> dict[str, list[list[Polynomial]]]:
        problem = self.problem
        one = Polynomial.constant(Fraction(1))
        rate = [one if row == problem.output else _ZERO for row in range(len(problem.weights[-1]))]
        blocks: dict[str, list[list[Polynomial]]] = {}
        below: list[Polynomial] = []
        for layer in reversed(range(len(problem.weights))):
            if layer < problem.n_hidden:
                activation = problem.activations[layer]
                rate = [
                    self.times(below[activation.unit_of_row(row)], self._slope(datum, layer, row, word))
                    for row in range(len(problem.weights[layer]))
                ]
            matrix = self.weights[layer]
            features = [self.polynomials.feature(datum, layer, unit, word) for unit in range(len(matrix[0]))]
            blocks[f"W{layer + 1}"] = [[self.times(r, h) for h in features] for r in rate]
            if problem.biases is not None:
                blocks[f"b{layer + 1}"] = [rate]
            below = [
                _total([self.times(r, row[unit]) for r, row in zip(rate, matrix, strict=True)])
                for unit in range(len(features))
            ]
        return {"x": [below]} if self.variable == "input" else blocks

    def _slope(self, datum: int, layer: int, row: int, word: str) -> Polynomial:
        """Return the derivative of a layer's unit by one of its rows, on the pattern."""
        activation = self.problem.activations[layer]
        if activation.name == "identity":
            return Polynomial.constant(Fraction(1))
        unit = activation.unit_of_row(row)
        character = word[self.starts[layer] + unit]
        if activation.name == "maxpool":
            return Polynomial.constant(Fraction(int(activation.groups[unit][WINNERS.index(character)] == row)))
        if character == "+":
            slope = Polynomial.constant(Fraction(activation.power))
            for _ in range(activation.power - 1):
                slope = self.times(slope, self.polynomials.preactivation(datum, layer, row, word))
            return slope
        left = {"abs": Fraction(-1), "leaky_relu": activation.slope}.get(activation.name, Fraction(0))
        return Polynomial.constant(left if character == "-" else Fraction(0))

    def times(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """Return a product, and count what it costs."""
        self._charge(len(a.terms) * len(b.terms) * (1 + (_degree(a) + _degree(b)) // 16))
        return a * b

    def _charge_powers(self, datum: int, layer: int, word: str) -> None:
        """Count beforehand what the powers of relu_power in the layer below will cost at most."""
        key = (datum, layer, word[: self.starts[layer]])
        if layer == 0 or key in self._charged:
            return
        self._charged.add(key)
        self._charge_powers(datum, layer - 1, word)
        power = self.problem.activations[layer - 1].power
        for row, character in enumerate(word[self.starts[layer - 1] : self.starts[layer]] if power > 1 else ""):
            if character == "+":
                z = self.polynomials.preactivation(datum, layer - 1, row, word)
                degree, size = _degree(z) * power, len(z.terms)
                n_terms = min(math.comb(size + power - 1, power), math.comb(len(self.symbols) + degree, degree))
                self._charge(power * n_terms * size * (1 + degree // 4))

    def _charge(self, work: int) -> None:
        self._work += work
        if self._work > _MOST_WORK:
            raise TooLarge("polynomials with too many terms")

    def check_differentiable(self, words: Words) -> None:
        """Refuse a pattern on which a unit sits on its kink for all x, at known weights by which gradients are taken.

        A preactivation that is zero for all x is no kink as a function of the weights only where it is zero for all
        weights of its row: without biases, where all features below vanish.
        """
        if not self.has_known_weights or self.variable == "input":
            return
        for site in self.sites:
            activation = self.problem.activations[site.layer]
            if activation.is_smooth:
                continue
            word = words[site.datum]
            character = word[site.position]
            rows = activation.groups[site.unit] if activation.name == "maxpool" else (site.unit,)
            z = [self.polynomials.preactivation(site.datum, site.layer, row, word) for row in rows]
            best = z[WINNERS.index(character)] if activation.name == "maxpool" else _ZERO
            if sum(not (other - best) for other in z) < (2 if activation.name == "maxpool" else 1):
                continue
            width = len(self.weights[site.layer][0])
            features = [self.polynomials.feature(site.datum, site.layer, unit, word) for unit in range(width)]
            if self.problem.biases is not None or any(features):
                raise Refused("a unit sits on its kink for all x, so that there is no gradient by the weights")


def evaluated(polynomial: Polynomial, values: Sequence[Fraction]) -> Fraction:
    """Return the value of a polynomial.

    Examples
    --------
    >>> evaluated(Polynomial.variable(0) * Polynomial.variable(0), [Fraction(3)])
    Fraction(9, 1)
    """
    total = Fraction(0)
    for monomial, c in polynomial.terms.items():
        term = c
        for i in monomial:
            term = term * values[i]
        total += term
    return total


def check_size(values: Sequence[Fraction]) -> None:
    """Refuse numbers that are there only to cost time.

    Examples
    --------
    >>> check_size([Fraction(1, 3)])
    """
    if any(max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS for value in values):
        raise TooLarge("a point with numbers of too many digits")


def _degree(polynomial: Polynomial) -> int:
    return max(map(len, polynomial.terms), default=0)


def _constant(polynomial: Polynomial) -> Fraction | None:
    """Return the number that a polynomial is, or None."""
    if not polynomial:
        return Fraction(0)
    return Fraction(polynomial.terms[()]) if set(polynomial.terms) == {()} else None


def _lies_below(a: Polynomial, b: Polynomial, b_is_first: bool) -> bool:
    """Whether a is b plus a constant c ≤ 0, the first one counting as above where c = 0."""
    c = _constant(a - b)
    return c is not None and (c < 0 or (c == 0 and b_is_first))


def _total(terms: Sequence[Polynomial]) -> Polynomial:
    total = _ZERO
    for term in terms:
        if term:
            total = total + term
    return total
