"""The gradient at kinks of a deep net as a lecturer writes it: θ v1 W2[1,1] x, factored as the layers are.

Row by row: ∇u_j and ∇W_l[i,·] are sum_k c_k δ h_{l-1}(x_k), where δ is what backpropagation brings to the unit, with θ
for the slope at a kink. The features are not multiplied out; h_l is their name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from symflow.cells.deep_kinks import KinkSet, units_at_kinks
from symflow.cells.slope_gradient import slopes_of
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.nets.pattern import Site
from symflow.reports.derive_parts import Parts
from symflow.reports.expressions import Expression, Negative, Parameters, Product, Rational, Sum, Symbol
from symflow.reports.lecture import ONE, ZERO, summed
from symflow.reports.readable.written_numbers import times


@final
@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix whose gradient contains a θ: its layer (from 1) and unit (from 0)."""

    layer: int
    unit: int


@final
@dataclass(frozen=True, slots=True)
class _Term:
    """A number times factors; no factors and 0 for zero."""

    number: fmpq
    factors: tuple[Expression, ...] = ()


_NOTHING = _Term(fmpq(0))


@final
class KinkFormulas:
    """Writes the gradient at one set of kinks.

    Parameters
    ----------
    parts : Parts
        The derivation.
    found : KinkSet
        The kinks.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> from symflow.reports.linear_text import linear_text
    >>> shape = Architecture((2, 2, 2, 1), (activation("relu"),) * 2, has_biases=False)
    >>> parts = Parts(derivation := derive(shape, Output()))
    >>> formulas = KinkFormulas(parts, derivation.deep_kinks.sets[0])
    >>> [(linear_text(formulas.name(row)), linear_text(formulas.gradient(row, None))) for row in formulas.rows()]
    [('u1', 'θ (a2[1] v1 W2[1,1] + a2[2] v2 W2[2,1]) x')]
    """

    def __init__(self, parts: Parts, found: KinkSet) -> None:
        self.parts, self.found, self.lecture = parts, found, parts.lecture
        self.net, self.shape, self.table = parts.net, parts.shape, parts.net.table
        self._theta = {self.table.index[s.layer, s.output, s.datum]: r for r, s in enumerate(found.sites, start=1)}
        self._is_latex = parts.lecture.style == "latex"
        self._names = found.ring.names
        self._known: dict[tuple[int, int, int, tuple[str, ...] | None], _Term] = {}

    # ------------------------------------------------------------------ names

    def theta(self, r: int) -> Symbol:
        """Return θ_r, or θ where there is one."""
        return Symbol("θ", str(r) if len(self._theta) > 1 else "")

    def preactivation(self, site: Site) -> Expression:
        """Return what the preactivation of a site is called: ⟨u1, x⟩, z11, z2[1], z2[1](x2)."""
        if site.layer == 1:
            return self.lecture.preactivation(1, site.output, site.datum, ("+",) * len(self.table.sites))
        several = self.net.n_data > 1
        if not self._is_latex:
            return Parameters("z", site.layer, site.output + 1, site.datum + 1 if several else None)
        index = f"{site.output + 1}" if self.shape.widths[site.layer] > 1 else ""
        return Symbol(f"z^{{({site.layer})}}" + (f"_{{{index}}}" if index else "") + self._at(site.datum))

    def slope(self, site: Site) -> Symbol:
        """Return what the slope of a site is called: a2[1], a2[1](x2)."""
        if not self._is_latex:
            return Symbol(f"a{site.layer}[{site.output + 1}]{self._at(site.datum)}")
        return Symbol(f"a^{{({site.layer})}}_{{{site.output + 1}}}{self._at(site.datum)}")

    def features(self, layer: int, datum: int) -> Expression:
        """Return what the features of a layer are called: x, h1, h1(x2)."""
        if layer == 0:
            return self.lecture.x(datum)
        name = f"h_{{{layer}}}" if self._is_latex else f"h{layer}"
        return Symbol(name + self._at(datum))

    def name(self, row: Row) -> Expression:
        """Return what a row is called: u_1, W2[1,·]."""
        if row.layer == 1:
            return self.lecture.row(row.unit)
        if not self._is_latex:
            return Parameters("W", row.layer, row.unit + 1)
        if self.shape.widths[row.layer] == 1:
            return Symbol("W", str(row.layer))
        return Symbol(f"w^{{({row.layer})}}", str(row.unit + 1))

    def _at(self, datum: int) -> str:
        if self.net.n_data == 1:
            return ""
        return f"(x_{{{datum + 1}}})" if self._is_latex else f"(x{datum + 1})"

    # ------------------------------------------------------------------ formulas

    def rows(self) -> Iterator[Row]:
        """Yield the rows whose gradient contains a θ."""
        thetas = {i for i, name in enumerate(self._names) if name.startswith("theta[")}
        for layer in range(1, self.shape.n_layers + 1):
            for unit in range(self.shape.widths[layer]):
                places = [self.shape.weight_index(layer, unit, j) for j in range(self.shape.fan_in(layer))]
                if self.shape.has_biases:
                    places.append(self.shape.bias_index(layer, unit))
                if any(_uses(self.found.gradient[place], thetas) for place in places):
                    yield Row(layer, unit)

    def gradient(self, row: Row, characters: Sequence[str] | None) -> Expression:
        """Return the gradient of F by a row (without its bias); with given signs, or names for the slopes."""
        terms = []
        for datum in range(self.net.n_data):
            delta = self._delta(row.layer, row.unit, datum, characters)
            coefficient = self.lecture.coefficient(datum)
            if delta.number == 0 or coefficient == ZERO:
                continue
            if self._vanishes(row.layer - 1, datum, characters):
                continue
            number, factors = delta.number, [*delta.factors, self.features(row.layer - 1, datum)]
            if isinstance(coefficient, Rational):
                number = number * coefficient.value
            else:
                factors.append(coefficient)
            terms.append(_expression(_Term(number, tuple(factors))))
        return summed(terms)

    def hypotheses(self) -> Iterator[tuple[tuple[int, int], list[Expression]]]:
        """Yield for each unit (layer, unit) at kinks the features that have to be independent, by name."""
        for (layer, unit), sites in units_at_kinks(self.found.sites).items():
            yield (layer, unit), [self.features(layer - 1, site.datum) for site in sites]

    def _delta(self, layer: int, unit: int, datum: int, characters: Sequence[str] | None) -> _Term:
        """Return the derivative of f_k by the preactivation of a unit."""
        key = (layer, unit, datum, None if characters is None else tuple(characters))
        if key not in self._known:
            self._known[key] = self._backwards(layer, unit, datum, characters)
        return self._known[key]

    def _backwards(self, layer: int, unit: int, datum: int, characters: Sequence[str] | None) -> _Term:
        if layer == self.shape.n_layers:
            return _Term(fmpq(unit == self.net.output))
        slope = self._slope(layer, unit, datum, characters)
        if slope.number == 0:
            return _NOTHING
        terms = []
        for above in range(self.shape.widths[layer + 1]):
            delta = self._delta(layer + 1, above, datum, characters)
            if delta.number != 0:
                weight = self.lecture.weight(layer + 1, above, unit)
                terms.append(_Term(delta.number, (*delta.factors, weight)))
        if not terms:
            return _NOTHING
        if len(terms) > 1:
            common = tuple(factor for factor in terms[0].factors if all(factor in term.factors for term in terms))
            rests = [_Term(term.number, tuple(f for f in term.factors if f not in common)) for term in terms]
            terms = [_Term(fmpq(1), (*common, summed([_expression(rest) for rest in rests])))]
        return _Term(slope.number * terms[0].number, (*slope.factors, *terms[0].factors))

    def _slope(self, layer: int, unit: int, datum: int, characters: Sequence[str] | None) -> _Term:
        if not self.shape.activation(layer).has_sites:
            return _Term(fmpq(1))
        place = self.table.index[layer, unit, datum]
        if place in self._theta:
            return _Term(fmpq(1), (self.theta(self._theta[place]),))
        if characters is None:
            return _Term(fmpq(1), (self.slope(self.table.sites[place]),))
        if characters[place] == "0":
            return _NOTHING
        return _Term(slopes_of(self.shape, layer)[characters[place] == "+"])

    def _vanishes(self, layer: int, datum: int, characters: Sequence[str] | None) -> bool:
        """Whether, with given signs, all features of a layer are zero; never where a bias has 1 in their place."""
        if characters is None or self.shape.has_biases:
            return False
        return all(feature.is_zero() for feature in self.net.features(layer, datum, characters))


def _uses(polynomial: Polynomial, variables: set[int]) -> bool:
    return not variables.isdisjoint(polynomial.used_variables())


def _expression(term: _Term) -> Expression:
    """Return a term with its factors in order: number, c, θ and slopes, v, entries of matrices, sums, features."""
    factors = tuple(sorted(term.factors, key=_rank))
    whole: Expression = ONE if not factors else factors[0] if len(factors) == 1 else Product(factors)
    if whole == ONE:
        return Rational(term.number)
    if term.number < 0:
        return Negative(times(Rational(-term.number), whole))
    return times(Rational(term.number), whole)


def _rank(factor: Expression) -> int:
    if isinstance(factor, Sum):
        return 5
    letter = factor.name[0] if isinstance(factor, Symbol) else "W"
    return {"c": 0, "θ": 1, "a": 2, "v": 3, "W": 4, "w": 4, "h": 6, "x": 6}[letter]
