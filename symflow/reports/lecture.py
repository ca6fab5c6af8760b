"""Pieces of a net as a lecturer writes them: v1 ⟨u1, x⟩ + v2 ⟨u2, x⟩, factored as the layers are, never expanded.

The rows of W_1 are u_1, u_2, ..., the row of the last matrix that gives the output is v, and the entries of the
matrices between keep their names. A piece is written from its pattern, layer by layer, terms in the order of the
neurons. Where the weights are known and x is symbolic, a piece is a polynomial in x_1, x_2, ... with numbers in it.

With biases z_j = ⟨u_j, x⟩ + b_j is written z_j (z_jk on several data). The same trees serve the terminal and LaTeX;
only names of entries differ (``W2[1,2]`` and w^{(2)}_{12}).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, final

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.cells.derivation import Derivation, Piece
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import Characters, Constraint
from symflow.reports.expressions import (
    Application,
    Expression,
    Negative,
    Pairing,
    Parameters,
    Power,
    Product,
    Rational,
    Relation,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.readable.written_numbers import coefficient_times, times

ZERO = Rational(fmpq(0))
ONE = Rational(fmpq(1))


@final
class Lecture:
    """Writes the pieces of one derivation.

    Parameters
    ----------
    derivation : Derivation
        Of what.
    style : "text" or "latex"
        How entries of inner matrices and biases are called.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> from symflow.reports.linear_text import linear_text
    >>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
    >>> derivation = derive(shape, Output())
    >>> lecture = Lecture(derivation)
    >>> [linear_text(lecture.output(0, piece.characters)) for piece in derivation.pieces]
    ['0', 'v2 ⟨u2, x⟩', 'v1 ⟨u1, x⟩', 'v1 ⟨u1, x⟩ + v2 ⟨u2, x⟩']
    """

    def __init__(self, derivation: Derivation, style: Literal["text", "latex"] = "text") -> None:
        self.derivation, self.style = derivation, style
        self.net: SymbolicNetwork = derivation.net
        self.shape = self.net.architecture

    # ------------------------------------------------------------------ names

    def x(self, datum: int) -> Expression:
        """Return x, or x_k where there are several data."""
        return Symbol("x") if self.net.n_data == 1 else Symbol("x", str(datum + 1))

    def f(self, datum: int) -> str:
        """Return what the output on a datum is called: f, or f(x1)."""
        return "f" if self.net.n_data == 1 else f"f(x{datum + 1})"

    def weight(self, layer: int, row: int, column: int) -> Expression:
        """Return an entry of a matrix: v_j in the last one, else W2[1,2]."""
        if layer == self.shape.n_layers:
            return Symbol("v", "" if self.shape.fan_in(layer) == 1 else str(column + 1))
        if self.style == "text":
            return Parameters("W", layer, row + 1, column + 1)
        comma = "," if max(self.shape.widths[layer], self.shape.fan_in(layer)) > 9 else ""
        return Symbol(f"w^{{({layer})}}", f"{row + 1}{comma}{column + 1}")

    def bias(self, layer: int, row: int) -> Expression:
        """Return an entry of a bias vector."""
        if self.style == "text":
            return Parameters("b", layer, row + 1)
        if self.shape.widths[layer] == 1:
            return Symbol("b", str(layer))
        return Symbol(f"b^{{({layer})}}", str(row + 1))

    def z(self, unit: int, datum: int) -> Symbol:
        """Return z_j, or z_jk where there are several data: what ⟨u_j, x_k⟩ + b_j is called."""
        indices = [] if self.shape.widths[1] == 1 else [str(unit + 1)]
        if self.net.n_data > 1:
            indices.append(str(datum + 1))
        return Symbol("z", ("," if max(map(len, indices), default=0) > 1 else "").join(indices))

    @property
    def has_z(self) -> bool:
        """Whether the preactivations of the first layer are called z: with symbolic weights and biases."""
        return self.shape.has_biases and self.net.network is None and self.shape.n_layers > 1

    def row(self, unit: int) -> Expression:
        """Return u_j, the row of W_1."""
        return Symbol("u", "" if self.shape.widths[1] == 1 else str(unit + 1))

    def coefficient(self, datum: int) -> Expression:
        """Return c_k, a number or a symbol."""
        constants = self.derivation.text.constants
        if constants is not None:
            return Rational(constants[datum])
        return Symbol("c", "" if self.net.n_data == 1 else str(datum + 1))

    # ------------------------------------------------------------------ pieces

    def output(self, datum: int, characters: Characters) -> Expression:
        """Return f_k on a pattern."""
        return self.preactivation(self.shape.n_layers, self.net.output, datum, characters)

    def preactivation(self, layer: int, unit: int, datum: int, characters: Characters) -> Expression:
        """Return z of a unit on a pattern."""
        if self.net.network is not None:
            return polynomial_expression(self.net.preactivation(layer, unit, datum, characters), self.style)
        if layer == 1 and self.has_z:
            return self.z(unit, datum)
        terms: list[Expression] = []
        if layer == 1 and self.shape.n_layers == 1:
            terms.append(Pairing(Symbol("v"), self.x(datum)))
        elif layer == 1:
            terms.append(Pairing(self.row(unit), self.x(datum)))
        else:
            for column in range(self.shape.fan_in(layer)):
                feature = self.feature(layer - 1, column, datum, characters)
                if feature != ZERO:
                    terms.append(scaled(self.weight(layer, unit, column), feature))
        if self.shape.has_biases:
            terms.append(self.bias(layer, unit))
        return summed(terms)

    def feature(self, layer: int, output: int, datum: int, characters: Characters) -> Expression:
        """Return an output of a hidden layer on a pattern."""
        activation = self.shape.activation(layer)
        members = self.shape.members(layer)[output]
        character = characters[self.net.table.index[layer, output, datum]] if activation.has_sites else "+"
        if character == "0":
            return ZERO
        if activation.is_group:
            return self.preactivation(layer, members[POSITIONS.index(character)], datum, characters)
        assert isinstance(activation, AbstractUnitActivation)
        z = self.preactivation(layer, members[0], datum, characters)
        coefficient = activation.coefficients[character == "+"]
        if coefficient == 0 or z == ZERO:
            return ZERO
        power = z if activation.degree == 1 else Power(_base(z), activation.degree)
        return power if coefficient == 1 else times(Rational(coefficient), power)

    def condition(self, constraint: Constraint, characters: Characters) -> tuple[Expression, Expression]:
        """Return (larger, smaller) of a condition: (z, 0), (0, z) or (z_p, z_q)."""
        site = constraint.site
        z = self.preactivation(site.layer, constraint.unit, site.datum, characters)
        if constraint.against is not None:
            return z, self.preactivation(site.layer, constraint.against, site.datum, characters)
        sign = constraint.sign
        if self.net.network is not None:  # a linear form in x: its first coefficient is made positive
            polynomial = self.net.preactivation(site.layer, constraint.unit, site.datum, characters)
            if polynomial.terms()[0][1] < 0:
                z, sign = polynomial_expression(-polynomial, self.style), -sign
        return (z, ZERO) if sign > 0 else (ZERO, z)

    def definition(self) -> Expression:
        """Return f as sum_j v_j σ(⟨u_j, x⟩), for one hidden layer; σ is a word, the activation's."""
        terms: list[Expression] = []
        for output, members in enumerate(self.shape.members(1)):
            inside = [summed([Pairing(self.row(unit), Symbol("x")), *self._hidden_bias(unit)]) for unit in members]
            terms.append(Product((self.weight(2, self.net.output, output), self.applied(1, inside))))
        if self.shape.has_biases:
            terms.append(self.bias(2, self.net.output))
        return summed(terms)

    def _hidden_bias(self, unit: int) -> list[Expression]:
        return [self.bias(1, unit)] if self.shape.has_biases else []

    def applied(self, layer: int, inside: Sequence[Expression]) -> Expression:
        """Return the activation applied to its members."""
        activation = self.shape.activation(layer)
        if activation.name == "identity":
            return inside[0]
        if activation.is_group:
            return Application("max", "", Vector(tuple(inside)))
        name = {"abs": "abs", "leaky_relu": "leaky"}.get(activation.name, "σ")
        applied = Application(name, "", inside[0])
        return Power(applied, activation.degree) if activation.degree > 1 else applied

    # ------------------------------------------------------------------ gradients of one hidden layer

    def row_gradient(self, piece: Piece, unit: int) -> Expression:
        """Return ∇F by the row u_j: v_j (c_1 a_1 x_1 + ..), on a piece of a net with one hidden layer."""
        output = next(g for g, members in enumerate(self.shape.members(1)) if unit in members)
        parts = [self._slope(output, unit, datum, piece.characters) for datum in range(self.net.n_data)]
        return self.weighted(output, parts)

    def weighted(self, output: int, slopes: Sequence[Expression]) -> Expression:
        """Return v_j sum_k c_k a_k x_k; numbers are added up where all are numbers."""
        v = self.weight(2, self.net.output, output)
        constants, inputs = self.derivation.text.constants, self.net.inputs
        if constants is not None and inputs is not None and all(isinstance(a, Rational) for a in slopes):
            vector = [fmpq(0)] * self.shape.n_inputs
            for c, a, x in zip(constants, slopes, inputs, strict=True):
                assert isinstance(a, Rational)
                vector = [entry + c * a.value * value for entry, value in zip(vector, x, strict=True)]
            return ZERO if not any(vector) else Product((v, Vector(tuple(Rational(entry) for entry in vector))))
        terms = []
        for datum, slope in enumerate(slopes):
            coefficient = self.coefficient(datum)
            if ZERO not in (slope, coefficient):
                terms.append(scaled(coefficient, scaled(slope, self.x(datum))))
        if not terms:
            return ZERO
        return scaled(v, summed(terms))

    def _slope(self, output: int, unit: int, datum: int, characters: Characters) -> Expression:
        activation = self.shape.activation(1)
        character = characters[self.net.table.index[1, output, datum]] if activation.has_sites else "+"
        if character == "0":
            return ZERO
        if activation.is_group:
            winner = self.shape.members(1)[output][POSITIONS.index(character)]
            return ONE if winner == unit else ZERO
        assert isinstance(activation, AbstractUnitActivation)
        coefficient = activation.coefficients[character == "+"]
        if activation.degree == 1:
            return Rational(coefficient)
        if coefficient == 0:
            return ZERO
        z = self.preactivation(1, unit, datum, characters)
        power = z if activation.degree == 2 else Power(_base(z), activation.degree - 1)
        return Product((Rational(coefficient * activation.degree), power))

    def outer_gradient(self, piece: Piece) -> Expression:
        """Return ∇F by v: (sum_k c_k h_jk)_j, on a piece of a net with one hidden layer."""
        entries = []
        for output in range(self.shape.fan_in(2)):
            terms = []
            for datum in range(self.net.n_data):
                feature = self.feature(1, output, datum, piece.characters)
                coefficient = self.coefficient(datum)
                if ZERO not in (feature, coefficient):
                    terms.append(scaled(coefficient, feature))
            entries.append(summed(terms))
        return entries[0] if len(entries) == 1 else Vector(tuple(entries))


def polynomial_expression(polynomial: Polynomial, style: str = "text") -> Expression:
    """Return a polynomial in x[1], x[2], .. (and numbers) as an expression.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> from symflow.reports.linear_text import linear_text
    >>> x, y = PolynomialRing(("x[1]", "x[2]")).variables()
    >>> linear_text(polynomial_expression(x * 3 / 2 - y + 1))
    '3x1/2 − x2 + 1'
    """
    names = polynomial.ring.names
    terms: list[Expression] = []
    for monomial, coefficient in polynomial.terms():
        if not monomial:
            terms.append(Rational(coefficient))
            continue
        factors: list[Expression] = [
            _named(names[variable]) if power == 1 else Power(_named(names[variable]), power)
            for variable, power in monomial
        ]
        product = factors[0] if len(factors) == 1 else Product(tuple(factors))
        terms.append(
            coefficient_times(coefficient, product) if style == "text" else times(Rational(coefficient), product)
        )
    return summed(terms)


def summed(terms: Sequence[Expression]) -> Expression:
    """Return a sum in the given order; 0 for no terms."""
    kept: list[Expression] = []
    for term in terms:
        if term != ZERO:
            kept.extend(term.terms if isinstance(term, Sum) else (term,))
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Sum(tuple(kept))


def relation(larger: Expression, smaller: Expression, *, is_strict: bool = True) -> Relation:
    """Return z > 0 or z < 0 (weakly: z <= 0), the 0 on the right."""
    if larger == ZERO:
        return Relation((smaller, ZERO), ("<" if is_strict else "≤",))
    return Relation((larger, smaller), (">",))


def scaled(scalar: Expression, other: Expression) -> Expression:
    """Return scalar · other, signs and numbers of the other pulled to the front.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> linear_text(scaled(Symbol("v"), Product((Rational(fmpq(-1, 2)), Symbol("x")))))
    '−1/2 v x'
    """
    if isinstance(other, Negative):
        return Negative(scaled(scalar, other.of))
    if isinstance(scalar, Negative):
        return Negative(scaled(scalar.of, other))
    if other == ONE:
        return scalar
    if scalar == ONE:
        return other
    if isinstance(other, Product) and isinstance(other.factors[0], Rational):
        number, rest = other.factors[0], other.factors[1:]
        inner: Expression = rest[0] if len(rest) == 1 else Product(rest)
        if isinstance(scalar, Rational):
            return times(Rational(scalar.value * number.value), inner)
        return times(number, scaled(scalar, inner))
    if isinstance(other, Rational):
        return times(other, scalar)
    return times(scalar, other)


def _base(z: Expression) -> Expression:
    """Return the base of a power; a name that has an exponent of its own, as b^{(2)}_1, goes in parentheses."""
    return Sum((z,)) if isinstance(z, Symbol) and "^" in z.name else z


def _named(name: str) -> Symbol:
    letter, _, index = name.partition("[")
    return Symbol(letter, index.rstrip("]"))
