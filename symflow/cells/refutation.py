"""Multiplier identities: proofs that a cell stays away from the point.

Step 2 of the decision procedure. Given the constraints g_1, .., g_m of a pattern (polynomials in the displacement d
that vanish at 0), find λ_{ip} >= 0, not all zero, with sum λ_{ip} p g_i = 0 identically, where p runs over

* level 0: 1;
* level 1: parameters and preactivations that are not zero at the point, taken with their sign, and the g_j;
* level 2: 1/8 + d_j and 1/8 - d_j (Handelman's products on a box);
* level 3: those that have only variables of the constraints, and 1/64 + d_j d_k and 1/64 - d_j d_k;
* level 4: those of level 2 with only variables of the constraints, and the g_j and preactivations times each other and
  times 1/8 ± d_j;
* level 5: both;
* level 6: products of two of those of level 2, likewise.

Each p is positive near the point or on the cell, so the identity is impossible in the cell near the point. Finding
λ is one rational linear program in the coefficients of the monomials.

Most identities in deep nets are of one of two kinds. At level 3 they read sum p_i g_i = 0 with polynomials p_i(0) > 0:
p = p(0) + sum_m c_m m with |c_m| small against p(0) is p(0) - sum_m |c_m| 8^{-deg m} plus terms |c_m| (8^{-deg m} ± m).
A certificate writes 1/64 ± d_j d_k as half the sum of (1/8 + d_j)(1/8 ± d_k) and (1/8 - d_j)(1/8 ∓ d_k). There are far
fewer of these than of the products of level 6, and their columns are short. At level 4 the constraints themselves are
multiplied with each other. Each kind alone makes a program of half the size of both together, in a quarter of the time.

Soundness does not rest on this file: the identity is expanded again by the checker.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, TypeAlias, final

from symflow.cells.cell import BoxFactor, Factor, ParameterFactor, PreactivationFactor, Term
from symflow.errors import BudgetExceededError
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, Constraint

if TYPE_CHECKING:
    from symflow.exact.vanishing_combination import Column

_BOX_SIZE = 8
BOX_RADIUS = fmpq(1, _BOX_SIZE)

# Columns of one linear program; beyond it a level is skipped, and the pattern stays undecided.
MOST_COLUMNS = 20_000

# What a polynomial is known by, so that products are expanded once.
_Key: TypeAlias = tuple[Hashable, ...]

# Monomials are written as integers with the exponents as digits, so that a product is a sum. In base 2^k their last
# bits, and so the places of a dictionary, would be the same for nearly all; the powers of 997 modulo 2^k are spread.
_BASE = 997
# Products of two factors and a constraint stay below the base in each variable.
_HIGHEST_DEGREE = 300

# A positive multiple of a polynomial: integers by the monomials, and how many times the polynomial it is.
_Product: TypeAlias = tuple[dict[int, int], int]


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
        self._products: dict[tuple[_Key, _Key], _Product] = {}
        # Monomials are numbered as they are met: linear programs name their rows by them.
        self._numbers: dict[int, int] = {}
        self._columns: dict[tuple[_Key, _Key], tuple[Column, int]] = {}
        self._codes: dict[tuple[int, ...], int] = {}
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
            How much to use: from 0 to 6.
        budget : Budget
            When to give up.
        """
        from symflow.exact.vanishing_combination import vanishing_combination  # it brings numpy, most points need none

        multipliers = self._multipliers(constraints, characters, level)
        if len(multipliers) * len(constraints) > MOST_COLUMNS:
            return None
        highest = max(self._constraint(c, characters).polynomial.total_degree() for c in constraints)
        if highest > _HIGHEST_DEGREE:
            return None
        labels: list[tuple[_Multiplier, Constraint]] = []
        columns: list[tuple[Column, int]] = []
        seen: set[Hashable] = set()
        for constraint in constraints:
            own = self._constraint(constraint, characters)
            for multiplier in multipliers:
                # g_1 times g_2 is g_2 times g_1.
                same = multiplier.product_with(own.key)
                if same not in seen:
                    seen.add(same)
                    labels.append((multiplier, constraint))
                    columns.append(self._column(own, multiplier))
        try:
            weights = vanishing_combination([column for column, _ in columns], budget=budget)
        except BudgetExceededError:
            return None
        if weights is None:
            return None
        weights = {i: weight * columns[i][1] for i, weight in weights.items()}
        total = sum(weights.values(), start=fmpq(0))
        return _terms((weight / total, *labels[i]) for i, weight in sorted(weights.items()))

    def _column(self, constraint: _Keyed, multiplier: _Multiplier) -> tuple[Column, int]:
        """Return a multiple of a product as a column, and how many times the product it is."""
        from symflow.exact.vanishing_combination import Column

        key = (constraint.key, multiplier.value.key)
        if key not in self._columns:
            product, scale = self._product_of(constraint, multiplier)
            numbers = self._numbers
            entries = {numbers.setdefault(monomial, len(numbers)): entry for monomial, entry in product.items()}
            self._columns[key] = Column.of(entries), scale
        return self._columns[key]

    def _product_of(self, constraint: _Keyed, multiplier: _Multiplier) -> _Product:
        """Return the coefficients of a product."""
        if multiplier.shift is not None:
            rest, slack = multiplier.shift
            return _times_slack(self._product_of(constraint, rest), slack)
        key = (constraint.key, multiplier.value.key)
        if key not in self._products:
            self._products[key] = self._packed(multiplier.value.polynomial * constraint.polynomial)
        return self._products[key]

    def _packed(self, polynomial: Polynomial) -> _Product:
        """Return the coefficients by the monomials, each as one integer."""
        codes = self._codes
        terms = polynomial.coefficients()
        scale = math.lcm(*(int(coefficient.q) for coefficient in terms.values()))
        column: dict[int, int] = {}
        for exponents, coefficient in terms.items():
            code = codes.get(exponents)
            if code is None:
                code = sum(power * _BASE**variable for variable, power in enumerate(exponents) if power)
                codes[exponents] = code
            column[code] = int(coefficient.p) * (scale // int(coefficient.q))
        return column, scale

    def _constraint(self, constraint: Constraint, characters: Characters) -> _Keyed:
        site = constraint.site
        below = "".join(characters[i] for i in self.function.table.below(site.layer, site.datum))
        against = -1 if constraint.against is None else constraint.against
        key = ("g", site.layer, site.datum, constraint.unit, against, constraint.sign, below)
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
        result = [self._one]
        result += (self._single(factor) for factor in factors)
        if level in (4, 5):
            own = [each for each in factors if isinstance(each[0], Constraint)]
            others = [each for each in factors if isinstance(each[0], PreactivationFactor)]
            sides = [each for each in factors if isinstance(each[0], BoxFactor)]
            result += (self._product(*pair) for pair in combinations_with_replacement([*own, *others], 2))
            result += (self._product(*pair) for pair in product([*own, *others], sides))
        if level in (3, 5):
            result += (
                self._monomial(*pair, sign)
                for pair in combinations_with_replacement(sorted(variables), 2)
                for sign in (1, -1)
            )
        if level >= 6:
            result += (self._product(*pair) for pair in combinations_with_replacement(factors, 2))
        return result

    @cached_property
    def _one(self) -> _Multiplier:
        return _Multiplier(((fmpq(1), ()),), _Keyed((), self.function.ring.one()), None, ())

    def _single(self, factor: tuple[Factor, _Keyed]) -> _Multiplier:
        slack = _slack(factor[0])
        shift = None if slack is None else (self._one, slack)
        return _Multiplier(((fmpq(1), (factor[0],)),), factor[1], shift, (factor[1].key,))

    def _product(self, left: tuple[Factor, _Keyed], right: tuple[Factor, _Keyed]) -> _Multiplier:
        """Return the product of two factors."""
        key = (left[1].key, right[1].key)
        parts = ((fmpq(1), (left[0], right[0])),)
        slack = _slack(right[0])
        if slack is not None:
            return _Multiplier(parts, _Keyed(key, None), (self._single(left), slack), key)
        if key not in self._pairs:
            self._pairs[key] = left[1].polynomial * right[1].polynomial
        return _Multiplier(parts, _Keyed(key, self._pairs[key]), None, key)

    def _monomial(self, j: int, k: int, sign: int) -> _Multiplier:
        """Return 1/64 ± d_j d_k, as products of the sides of the box."""
        half = fmpq(1, 2)
        parts: tuple[tuple[fmpq, tuple[Factor, ...]], ...] = (
            (half, (BoxFactor(j, 1), BoxFactor(k, sign))),
            (half, (BoxFactor(j, -1), BoxFactor(k, -sign))),
        )
        slack = _Slack(_BOX_SIZE * _BOX_SIZE, _BASE**j + _BASE**k, sign)
        key: _Key = ("m", j, k, sign)
        return _Multiplier(parts, _Keyed(key, None), (self._one, slack), (key,))

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
    """A polynomial, and what it is known by; None where it is not expanded."""

    key: _Key
    expanded: Polynomial | None

    @property
    def polynomial(self) -> Polynomial:
        """The polynomial itself."""
        assert self.expanded is not None  # products with a side of the box are multiplied from the other factor on
        return self.expanded


@final
@dataclass(frozen=True, slots=True)
class _Slack:
    """The polynomial 1/n ± m, m a monomial written as one integer, n = `one_by`."""

    one_by: int
    monomial: int
    sign: int


@final
@dataclass(frozen=True, slots=True)
class _Multiplier:
    """What a constraint may be multiplied by: a nonnegative combination of products of factors, and its value.

    Where it is some other multiplier times 1/n ± m, `shift` is these two: a column is then that of the other one,
    and the same moved by m. `keys` are those of its factors.
    """

    parts: tuple[tuple[fmpq, tuple[Factor, ...]], ...]
    value: _Keyed
    shift: tuple[_Multiplier, _Slack] | None
    keys: tuple[_Key, ...]

    def product_with(self, constraint: _Key) -> Hashable:
        """Return what the product with a constraint is known by, whichever of its factors is called the constraint."""
        if not self.keys or not any(key[0] == "g" for key in self.keys):
            return (*self.keys, constraint)
        return tuple(sorted((*self.keys, constraint)))


def _slack(factor: Factor) -> _Slack | None:
    return _Slack(_BOX_SIZE, _BASE**factor.place, factor.sign) if isinstance(factor, BoxFactor) else None


def _times_slack(product: _Product, slack: _Slack) -> _Product:
    """Return the column of the polynomial times 1/n ± m."""
    entries, scale = product
    result = entries.copy()
    times = slack.one_by if slack.sign > 0 else -slack.one_by
    for monomial, entry in entries.items():
        moved = monomial + slack.monomial
        total = result.get(moved, 0) + times * entry
        if total:
            result[moved] = total
        else:
            del result[moved]
    return result, scale * slack.one_by


def _terms(weighted: Iterable[tuple[fmpq, _Multiplier, Constraint]]) -> tuple[Term, ...]:
    """Return the summands, those with the same product and constraint added up."""
    total: dict[tuple[tuple[Factor, ...], Constraint], fmpq] = {}
    for weight, multiplier, constraint in weighted:
        for share, factors in multiplier.parts:
            key = (factors, constraint)
            total[key] = total.get(key, fmpq(0)) + weight * share
    return tuple(Term(weight, *key) for key, weight in total.items())
