"""Multiplier identities: proofs that a cell stays away from the point.

Step 2 of the decision procedure. Given the constraints g_1, .., g_m of a pattern (polynomials in the displacement d
that vanish at 0), find λ_{ip} >= 0, not all zero, with sum λ_{ip} p g_i = 0 identically, where p runs over

* level 0: 1;
* level 1: parameters and preactivations that are not zero at the point, taken with their sign, and the g_j;
* level 2: 1/8 + d_j and 1/8 - d_j (Handelman's products on a box);
* level 3: 1/64 + d_j d_k and 1/64 - d_j d_k, and the g_j and preactivations times each other and times 1/8 ± d_j, as
  far as they have only variables of the constraints;
* level 4: products of two of those of level 2, likewise.

Each p is positive near the point or on the cell, so the identity is impossible in the cell near the point. Finding
λ is one rational linear program in the coefficients of the monomials.

Level 3 is where most identities in deep nets are found: they read sum p_i g_i = 0 with polynomials p_i(0) > 0, and
p = p(0) + sum_m c_m m with |c_m| small against p(0) is p(0) - sum_m |c_m| 8^{-deg m} plus terms |c_m| (8^{-deg m} ± m).
A certificate writes 1/64 ± d_j d_k as half the sum of (1/8 + d_j)(1/8 ± d_k) and (1/8 - d_j)(1/8 ∓ d_k). There are far
fewer of these than of the products of level 4, and their columns are short.

Soundness does not rest on this file: the identity is expanded again by the checker.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, product
from typing import TypeAlias, final

from symflow.cells.cell import BoxFactor, Factor, ParameterFactor, PreactivationFactor, Term
from symflow.errors import BudgetExceededError
from symflow.exact.linear_program import NonnegativeSolution, nonnegative_solution
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, Constraint

BOX_RADIUS = fmpq(1, 8)

# Columns of one linear program; beyond it a level is skipped, and the pattern stays undecided.
MOST_COLUMNS = 20_000

# What a polynomial is known by, so that products are expanded once.
_Key: TypeAlias = tuple[Hashable, ...]

# The coefficients of a polynomial by the numbers of its monomials.
_Column: TypeAlias = dict[Hashable, fmpq]


@final
class MultiplierSearch:
    """Looks for multiplier identities of one function, and remembers the products it has expanded.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Whose constraints are to be refuted.

    Examples
    --------
    Two data x and -x: one neuron cannot be positive on both.

    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Combination
    >>> net = Network.from_weights([[1, -1]], [[1]])
    >>> one = fmpq(1)
    >>> F = FunctionOfWeights(net, ((one, one), (-one, -one)), Combination((one, one)))
    >>> both = [F.options(i, ("", ""))[1].constraints[0] for i in (0, 1)]
    >>> [term.multiplier for term in MultiplierSearch(F).refute(both, ("+", "+"), level=0)]
    [1/2, 1/2]
    """

    def __init__(self, function: AbstractPatternedFunction) -> None:
        self.function = function
        # Monomials are numbered as they are met: linear programs name their rows by them.
        self._numbers: dict[Hashable, int] = {}
        self._columns: dict[tuple[_Key, _Key], _Column] = {}
        self._pairs: dict[_Key, Polynomial] = {}

    def refute(
        self, constraints: Sequence[Constraint], characters: Characters, *, level: int, budget: Budget = NO_BUDGET
    ) -> tuple[Term, ...] | None:
        """Return the terms of an identity for these constraints, or None where none is found at this level.

        Parameters
        ----------
        constraints : sequence of Constraint
            Those of the pattern so far.
        characters : sequence of str
            The characters so far, in tree order; empty where not chosen.
        level : int
            How much to use: from 0 to 4.
        budget : Budget
            When to give up.
        """
        multipliers = self._multipliers(constraints, characters, level)
        if len(multipliers) * len(constraints) > MOST_COLUMNS:
            return None
        labels: list[tuple[_Multiplier, Constraint]] = []
        columns: list[_Column] = []
        for constraint in constraints:
            own = self._constraint(constraint, characters)
            for multiplier in multipliers:
                labels.append((multiplier, constraint))
                columns.append(self._column(own, multiplier.value))
        weights = _vanishing_combination(columns, budget)
        if weights is None:
            return None
        return _terms((weight, *labels[i]) for i, weight in sorted(weights.items()))

    def _column(self, constraint: _Keyed, multiplier: _Keyed) -> _Column:
        """Return the coefficients of a product, by the numbers of the monomials."""
        key = (constraint.key, multiplier.key)
        if key not in self._columns:
            numbers = self._numbers
            polynomial = multiplier.polynomial * constraint.polynomial
            self._columns[key] = {numbers.setdefault(m, len(numbers)): c for m, c in polynomial.coefficients().items()}
        return self._columns[key]

    def _constraint(self, constraint: Constraint, characters: Characters) -> _Keyed:
        site = constraint.site
        below = "".join(characters[i] for i in self.function.table.below(site.layer, site.datum))
        key = ("g", site.layer, site.datum, constraint.unit, constraint.against, constraint.sign, below)
        return _Keyed(key, self.function.constraint_polynomial(constraint, characters))

    def _multipliers(self, constraints: Sequence[Constraint], characters: Characters, level: int) -> list[_Multiplier]:
        """Return what the constraints are multiplied by: 1, the factors, and from level 3 on products of two."""
        factors = self._factors(constraints, characters, level)
        if level >= 3:
            variables = {
                variable
                for constraint in constraints
                for variable in self._constraint(constraint, characters).polynomial.used_variables()
            }
            factors = [each for each in factors if variables.issuperset(each[1].polynomial.used_variables())]
        result = [_Multiplier(((fmpq(1), ()),), _Keyed((), self.function.ring.one()))]
        result += (_single(factor) for factor in factors)
        if level == 3:
            natural = [each for each in factors if isinstance(each[0], (Constraint, PreactivationFactor))]
            sides = [each for each in factors if isinstance(each[0], BoxFactor)]
            result += (self._product(*pair) for pair in combinations_with_replacement(natural, 2))
            result += (self._product(*pair) for pair in product(natural, sides))
            result += (
                self._monomial(*pair, sign)
                for pair in combinations_with_replacement(sorted(variables), 2)
                for sign in (1, -1)
            )
        if level >= 4:
            result += (self._product(*pair) for pair in combinations_with_replacement(factors, 2))
        return result

    def _product(self, left: tuple[Factor, _Keyed], right: tuple[Factor, _Keyed]) -> _Multiplier:
        """Return the product of two factors."""
        key = (left[1].key, right[1].key)
        if key not in self._pairs:
            self._pairs[key] = left[1].polynomial * right[1].polynomial
        return _Multiplier(((fmpq(1), (left[0], right[0])),), _Keyed(key, self._pairs[key]))

    def _monomial(self, j: int, k: int, sign: int) -> _Multiplier:
        """Return 1/64 ± d_j d_k, as products of the sides of the box."""
        ring = self.function.ring
        key: _Key = ("m", j, k, sign)
        if key not in self._pairs:
            monomial = ring.variable(j) * ring.variable(k) * fmpq(sign)
            self._pairs[key] = monomial + ring.constant(BOX_RADIUS * BOX_RADIUS)
        half = fmpq(1, 2)
        parts: tuple[tuple[fmpq, tuple[Factor, ...]], ...] = (
            (half, (BoxFactor(j, 1), BoxFactor(k, sign))),
            (half, (BoxFactor(j, -1), BoxFactor(k, -sign))),
        )
        return _Multiplier(parts, _Keyed(key, self._pairs[key]))

    def _factors(
        self, constraints: Sequence[Constraint], characters: Characters, level: int
    ) -> list[tuple[Factor, _Keyed]]:
        """Return what may multiply a constraint, with its polynomial in d."""
        result: list[tuple[Factor, _Keyed]] = []
        if level >= 1:
            result.extend((c, self._constraint(c, characters)) for c in constraints)
            result.extend(self._parameter_factors)
            result.extend(self._preactivation_factors(characters))
        if level >= 2:
            result.extend(self._box_factors)
        return result

    @cached_property
    def _parameter_factors(self) -> list[tuple[Factor, _Keyed]]:
        ring = self.function.ring
        result: list[tuple[Factor, _Keyed]] = []
        for place, value in enumerate(self.function.point):
            if value != 0 and self.function.variable == "weights":
                shifted = ring.variable(place) + ring.constant(value)
                result.append((ParameterFactor(place), _Keyed(("w", place), shifted if value > 0 else -shifted)))
        return result

    @cached_property
    def _box_factors(self) -> list[tuple[Factor, _Keyed]]:
        ring = self.function.ring
        result: list[tuple[Factor, _Keyed]] = []
        for place in range(len(self.function.variables)):
            for sign in (1, -1):
                slack = ring.variable(place) * fmpq(sign) + ring.constant(BOX_RADIUS)
                result.append((BoxFactor(place, sign), _Keyed(("b", place, sign), slack)))
        return result

    def _preactivation_factors(self, characters: Characters) -> Iterator[tuple[Factor, _Keyed]]:
        """Yield the hidden preactivations that are not zero at the point, all characters below them chosen."""
        seen: set[Polynomial] = set()
        table = self.function.table
        for datum in range(self.function.n_data):
            for layer in range(1, self.function.network.architecture.n_layers):
                below = "".join(characters[i] for i in table.below(layer, datum))
                if len(below) < len(table.below(layer, datum)):
                    break
                for unit, value in enumerate(self.function.preactivations[datum][layer - 1]):
                    if value == 0:
                        continue
                    polynomial = self.function.preactivation_polynomial(layer, unit, datum, characters)
                    if polynomial in seen or polynomial.is_constant():
                        continue
                    seen.add(polynomial)
                    key = ("z", layer, datum, unit, below)
                    signed = polynomial if value > 0 else -polynomial
                    yield PreactivationFactor(layer, unit, datum), _Keyed(key, signed)


@final
@dataclass(frozen=True, slots=True)
class _Keyed:
    """A polynomial, and what it is known by."""

    key: _Key
    polynomial: Polynomial


@final
@dataclass(frozen=True, slots=True)
class _Multiplier:
    """What a constraint may be multiplied by: a nonnegative combination of products of factors, and its value."""

    parts: tuple[tuple[fmpq, tuple[Factor, ...]], ...]
    value: _Keyed


def _single(factor: tuple[Factor, _Keyed]) -> _Multiplier:
    return _Multiplier(((fmpq(1), (factor[0],)),), factor[1])


def _terms(weighted: Iterable[tuple[fmpq, _Multiplier, Constraint]]) -> tuple[Term, ...]:
    """Return the summands, those with the same product and constraint added up."""
    total: dict[tuple[tuple[Factor, ...], Constraint], fmpq] = {}
    for weight, multiplier, constraint in weighted:
        for share, factors in multiplier.parts:
            key = (factors, constraint)
            total[key] = total.get(key, fmpq(0)) + weight * share
    return tuple(Term(weight, *key) for key, weight in total.items())


def _vanishing_combination(columns: Sequence[_Column], budget: Budget) -> dict[int, fmpq] | None:
    """Return weights λ >= 0 with sum 1 and sum λ_i column_i = 0, or None."""
    for i, column in enumerate(columns):
        if not column:  # a constraint that is zero identically cannot be positive
            return {i: fmpq(1)}
    total = -1  # the row that says that the weights have sum 1; monomials are numbered from 0
    vectors: list[dict[Hashable, fmpq]] = []
    for column in columns:
        vectors.append({total: fmpq(1)})
        vectors[-1].update(column)
    try:
        solution = nonnegative_solution(vectors, {total: fmpq(1)}, budget=budget)
    except BudgetExceededError:
        return None
    return solution.weights if isinstance(solution, NonnegativeSolution) else None
