"""How a conservation law is written: norms and inner products for those with names, the polynomial for the others.

In a net of one hidden layer and one output, u_j is row j of W1 and v_j entry j of W2, as in the lectures; elsewhere
rows and columns bear their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.exact.rationals import fmpq
from symflow.laws.law import ConservationLaw
from symflow.nets.architecture import Architecture
from symflow.reports.expressions import (
    Expression,
    Negative,
    Norm,
    Pairing,
    Parameters,
    Power,
    Product,
    Rational,
    Sum,
    Symbol,
)
from symflow.reports.readable.written_numbers import coefficient_times


@final
class LawFormulas:
    """Writes the laws of one shape.

    Parameters
    ----------
    shape : Architecture
        Of the net.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.laws.conservation import conservation_laws
    >>> from symflow.reports.linear_text import linear_text
    >>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
    >>> [linear_text(LawFormulas(shape).law(law)) for law in conservation_laws(shape).laws]
    ['‖u1‖² − v1²', '‖u2‖² − v2²']
    >>> shape = Architecture((2, 2, 2), (activation("relu"),), has_biases=True)
    >>> linear_text(LawFormulas(shape).law(conservation_laws(shape).laws[0]))
    '‖W1[1,·]‖² + b1[1]² − ‖W2[·,1]‖²'
    """

    def __init__(self, shape: Architecture) -> None:
        self.shape = shape
        has_group = any(activation.is_group for activation in shape.activations)
        self.has_letters = shape.n_hidden_layers == 1 and shape.n_outputs == 1 and not has_group

    def law(self, law: ConservationLaw) -> Expression:
        """Return a law as an expression."""
        if law.kind == "balancing":
            return self._balancing(law)
        if law.kind == "gram":
            return self._gram(law)
        if law.kind == "layer":
            return self._layer(law.layer)
        return self.polynomial(law)

    def polynomial(self, law: ConservationLaw) -> Expression:
        """Return a law term by term.

        Examples
        --------
        >>> from symflow.reports.linear_text import linear_text
        >>> shape = Architecture((2, 1), (), has_biases=False)
        >>> terms = ((((0, 2),), fmpq(-1)), (((0, 1), (1, 1)), fmpq(2)))
        >>> law = ConservationLaw(shape.parameter_names, terms, "quadratic")
        >>> linear_text(LawFormulas(shape).polynomial(law))
        '2 W1[1,1] W1[1,2] − W1[1,1]²'
        """
        terms = []
        for monomial, coefficient in law.terms:
            factors: list[Expression] = []
            for variable, power in monomial:
                name = self.parameter(variable)
                factors.append(Power(name, power) if power > 1 else name)
            if len(factors) > 1 and coefficient not in (1, -1):
                size: Expression = Product((Rational(abs(coefficient)), *factors))
            else:
                size = coefficient_times(abs(coefficient), factors[0] if len(factors) == 1 else Product(tuple(factors)))
            terms.append(Negative(size) if coefficient < 0 else size)
        return _summed(terms)

    def parameter(self, place: int) -> Expression:
        """Return the name of a parameter."""
        letter, _, indices = self.shape.parameter_names[place].partition("[")
        row, _, column = indices.rstrip("]").partition(",")
        return Parameters(letter[0], int(letter[1:]), int(row), int(column) if column else None)

    def incoming(self, layer: int, row: int) -> Expression:
        """Return the vector of the weights into a row (from 0) of a hidden layer."""
        if self.has_letters:
            return self._u(row)
        return Parameters("W", layer, row + 1, 1 if self.shape.fan_in(layer) == 1 else None)

    def outgoing(self, layer: int, group: int) -> Expression:
        """Return the vector of the weights out of a unit (from 0) of a hidden layer."""
        if self.has_letters:
            return Symbol("v", self._index(group))
        return Parameters("W", layer + 1, 1 if self.shape.widths[layer + 1] == 1 else None, group + 1)

    # ------------------------------------------------------------------ with names

    def _balancing(self, law: ConservationLaw) -> Expression:
        shape, layer, group = self.shape, law.layer, law.neurons[0] - 1
        terms: list[Expression] = []
        for row in shape.members(layer)[group]:
            terms.append(self._square(self.incoming(layer, row), shape.fan_in(layer)))
            if shape.has_biases:
                terms.append(Power(self._bias(layer, row), 2))
        outgoing = self._square(self.outgoing(layer, group), shape.widths[layer + 1])
        degree = shape.activation(layer).degree
        terms.append(Negative(outgoing if degree == 1 else Product((Rational(fmpq(degree)), outgoing))))
        return _summed(terms)

    def _layer(self, layer: int) -> Expression:
        terms: list[Expression] = [Norm(Parameters("W", layer), 2)]
        if self.shape.has_biases:
            terms.append(Norm(Parameters("b", layer), 2))
        above: Expression = Norm(Parameters("W", layer + 1), 2)
        degree = self.shape.activation(layer).degree
        terms.append(Negative(above if degree == 1 else Product((Rational(fmpq(degree)), above))))
        return _summed(terms)

    def _gram(self, law: ConservationLaw) -> Expression:
        shape, layer = self.shape, law.layer
        first, second = (neuron - 1 for neuron in law.neurons)
        incoming = self.incoming(layer, first), self.incoming(layer, second)
        outgoing = self.outgoing(layer, first), self.outgoing(layer, second)
        terms = [_inner(*incoming, shape.fan_in(layer))]
        if shape.has_biases:
            terms.append(Product((self._bias(layer, first), self._bias(layer, second))))
        last = _inner(*outgoing, shape.widths[layer + 1])
        terms.append(last if law.terms[-1][1] > 0 else Negative(last))
        return _summed(terms)

    def _square(self, vector: Expression, length: int) -> Expression:
        return Power(vector, 2) if length == 1 else Norm(vector, 2)

    def _bias(self, layer: int, row: int) -> Expression:
        return Parameters("b", layer, row + 1)

    def _u(self, row: int) -> Expression:
        return Symbol("u", self._index(row))

    def _index(self, row: int) -> str:
        return "" if self.shape.widths[1] == 1 else str(row + 1)


def _inner(left: Expression, right: Expression, length: int) -> Expression:
    return Product((left, right)) if length == 1 else Pairing(left, right)


def _summed(terms: Sequence[Expression]) -> Expression:
    """Return a sum in the order given, a positive term first if there is one."""
    ordered = sorted(terms, key=lambda term: isinstance(term, Negative)) if isinstance(terms[0], Negative) else terms
    return ordered[0] if len(ordered) == 1 else Sum(tuple(ordered))
