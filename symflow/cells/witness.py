"""Points of the cells of a symbolic net, built layer by layer.

A witness holds values of the input and of the rows of the layers so far, and the features that they give. The features
below a layer being known, the conditions at one of its units are linear in that unit's rows (Notes on deep nets: given
the lower layers, a layer is linear in its own rows), so a row is found by a strict linear program. Where the weights
are known and x is symbolic, the witness is x itself.

Nothing here is trusted: a witness is a point, and whether a condition holds at a point is one evaluation.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.cells.symbolic_refutation import SymbolicTerm
from symflow.errors import BudgetExceededError
from symflow.exact.linear_program import (
    FarkasCertificate,
    GordanCertificate,
    StrictSolution,
    strict_feasibility,
    strict_inequalities,
)
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import Budget
from symflow.nets.network import Vector
from symflow.nets.patterned_function import Characters, Constraint

_TRIES = 24
_RANDOM_POINTS = 200


@final
@dataclass(frozen=True, slots=True)
class Witness:
    """Values of the symbols so far.

    Parameters
    ----------
    rows : tuple of tuples of vectors
        ``rows[layer - 1][unit]``, the bias last where there is one; as many layers as were needed so far.
    features : tuple of tuples of vectors
        ``features[layer][datum]``, of the finished layers; layer 0 is the input.
    """

    rows: tuple[tuple[Vector, ...], ...]
    features: tuple[tuple[Vector, ...], ...]


@final
class WitnessFinder:
    """Finds witnesses of the patterns of one symbolic net.

    Parameters
    ----------
    net : SymbolicNetwork
        Whose patterns.
    """

    def __init__(self, net: SymbolicNetwork) -> None:
        self.net, self.shape = net, net.architecture
        self._random = random.Random(2)
        self._answers: dict[tuple[int, tuple[object, ...]], StrictSolution | GordanCertificate] = {}

    def start(self) -> Witness:
        """Return the data, or an input of ones."""
        inputs = self.net.inputs
        if inputs is None:
            inputs = ((fmpq(1),) * self.shape.n_inputs,)
        return Witness((), (inputs,))

    def finished(self, witness: Witness, characters: Characters) -> Witness:
        """Return the witness with rows for every layer."""
        return witness if self.net.network is not None else self._raised(witness, self.shape.n_layers)

    def point(self, witness: Witness) -> Vector:
        """Return a finished witness as values of the symbols, in their order."""
        values: list[fmpq] = []
        if self.net.parameter_names:
            for layer, rows in enumerate(witness.rows, start=1):
                n_columns = self.shape.fan_in(layer)
                for row in rows:
                    values.extend(row[:n_columns])
                for row in rows:
                    values.extend(row[n_columns:])
        if self.net.input_names:
            values.extend(witness.features[0][0])
        return tuple(values)

    # ------------------------------------------------------------------ step 1

    def survivors(
        self,
        witnesses: Sequence[Witness],
        constraints: Sequence[Constraint],
        new: Sequence[Constraint],
        characters: Characters,
    ) -> tuple[Witness, ...]:
        """Return the witnesses that satisfy the new conditions too, moved where that is needed."""
        if self.net.network is not None:
            return self._inputs_that_survive(witnesses, constraints, new, characters)
        layer = new[0].site.layer
        same = _at_the_same_site(constraints, new[0])
        kept = []
        for old in self._varied(witnesses, layer, constraints):
            witness = self._raised(old, layer)
            if all(self._value(witness, c) > 0 for c in new):
                kept.append(witness)
                continue
            moved = self._with_rows_for(witness, same)
            if moved is not None:
                kept.append(moved)
        return tuple(kept)

    def refutation(
        self, constraints: Sequence[Constraint], new: Sequence[Constraint], characters: Characters
    ) -> tuple[SymbolicTerm, ...] | None:
        """Return the multipliers of a linear program that has no solution, where they are identities in the symbols."""
        if self.net.network is not None:
            return self._farkas(constraints, characters)
        if new[0].site.layer > 1 or self.net.inputs is None:
            return None
        same = _at_the_same_site(constraints, new[0])
        answer = self._solve(self.start(), same)
        if isinstance(answer, StrictSolution):
            return None
        return tuple(SymbolicTerm(rational(m), (), same[i]) for i, m in sorted(answer.multipliers.items()))

    # ------------------------------------------------------------------ rows

    def _raised(self, witness: Witness, layer: int) -> Witness:
        """Return the witness with rows up to `layer`, and the features below it."""
        while len(witness.rows) < layer:
            below = len(witness.rows)
            features = witness.features
            if below > 0:
                features = (*features, tuple(self._activate(witness, below, k) for k in range(self.net.n_data)))
            rows = self._default_rows(below + 1, features[-1])
            witness = Witness((*witness.rows, rows), features)
        return witness

    def _activate(self, witness: Witness, layer: int, datum: int) -> Vector:
        h = self._extended(witness.features[layer - 1][datum])
        z = [_dot(row, h) for row in witness.rows[layer - 1]]
        activation = self.shape.activation(layer)
        return tuple(activation.evaluate([z[unit] for unit in members]) for members in self.shape.members(layer))

    def _default_rows(self, layer: int, features: Sequence[Vector]) -> tuple[Vector, ...]:
        """Return rows that make every preactivation positive on one datum; drawn at random on several."""
        width = self.shape.widths[layer]
        if self.net.n_data == 1:
            return (self._unit_row(features[0], 1),) * width
        if layer == self.shape.n_layers or self.shape.activation(layer).has_sites:
            return ((fmpq(1),) * (self.shape.fan_in(layer) + self.shape.has_biases),) * width
        return tuple(self._random_row(layer) for _ in range(width))

    def _unit_row(self, features: Vector, sign: int) -> Vector:
        """Return a row with one entry ±1 whose preactivation has this sign, where the features do not vanish."""
        h = self._extended(features)
        place = next((i for i, entry in enumerate(h) if entry != 0), 0)
        sign = sign if h[place] >= 0 else -sign
        return tuple(fmpq(sign if i == place else 0) for i in range(len(h)))

    def _random_row(self, layer: int) -> Vector:
        width = self.shape.fan_in(layer) + self.shape.has_biases
        return tuple(fmpq(self._random.randint(-3, 3)) for _ in range(width))

    def _with_rows_for(self, witness: Witness, same: Sequence[Constraint]) -> Witness | None:
        """Return the witness with the rows of one unit or group moved so that its conditions hold, or None."""
        site = same[0].site
        layer = site.layer
        if self.net.n_data == 1:
            features = witness.features[layer - 1][0]
            if not any(self._extended(features)):
                return None
            plus = {c.unit: c.sign for c in same}
            new = {unit: self._unit_row(features, plus.get(unit, -1)) for unit in site.members}
            return self._with_rows(witness, layer, new)
        answer = self._solve(witness, same)
        if isinstance(answer, GordanCertificate):
            return None
        return self._with_rows(witness, layer, self._rows_of(site.members, answer.direction))

    def _rows_of(self, members: Sequence[int], direction: Vector) -> dict[int, Vector]:
        width = len(direction) // len(members)
        return {unit: direction[i * width : (i + 1) * width] for i, unit in enumerate(members)}

    def _with_rows(self, witness: Witness, layer: int, new: dict[int, Vector]) -> Witness:
        rows = tuple(new.get(unit, row) for unit, row in enumerate(witness.rows[layer - 1]))
        return replace(witness, rows=(*witness.rows[: layer - 1], rows))

    def _solve(self, witness: Witness, same: Sequence[Constraint]) -> StrictSolution | GordanCertificate:
        """Decide the conditions of one unit or group, given the features below: a linear program in its rows."""
        site = same[0].site
        features = witness.features[site.layer - 1]
        members = site.members
        # In the first layer the features are the data: the program is the same at every unit, and often met again.
        key = tuple(
            (c.site.datum, members.index(c.unit), c.sign, None if c.against is None else members.index(c.against))
            for c in same
        )
        if site.layer == 1 and (len(members), key) in self._answers:
            return self._answers[len(members), key]
        rows = [self._coefficients(members, c, self._extended(features[c.site.datum])) for c in same]
        answer = strict_feasibility(rows)
        if site.layer == 1:
            self._answers[len(members), key] = answer
        return answer

    def _coefficients(self, members: Sequence[int], constraint: Constraint, h: Vector) -> Vector:
        zero = (fmpq(0),) * len(h)
        parts = []
        for unit in members:
            if unit == constraint.unit:
                parts.append(h if constraint.sign > 0 else tuple(-entry for entry in h))
            elif unit == constraint.against:
                parts.append(tuple(-entry for entry in h))
            else:
                parts.append(zero)
        return tuple(entry for part in parts for entry in part)

    def _value(self, witness: Witness, constraint: Constraint) -> fmpq:
        site = constraint.site
        h = self._extended(witness.features[site.layer - 1][site.datum])
        rows = witness.rows[site.layer - 1]
        value = _dot(rows[constraint.unit], h)
        return value * constraint.sign if constraint.against is None else value - _dot(rows[constraint.against], h)

    def _extended(self, features: Vector) -> Vector:
        return (*features, fmpq(1)) if self.shape.has_biases else features

    # ------------------------------------------------------------------ variety

    def _varied(
        self, witnesses: Sequence[Witness], layer: int, constraints: Sequence[Constraint], most: int = 6
    ) -> Sequence[Witness]:
        """Return more witnesses when a layer above the first is entered on several data: one may stand in a corner."""
        if self.net.n_data == 1 or layer == 1 or len(witnesses[0].rows) >= layer:
            return witnesses
        result = [self._raised(witness, layer - 1) for witness in witnesses]
        for witness in tuple(result):
            for _ in range(most // len(witnesses)):
                if len(result) < most:
                    result.append(self._drawn(witness, constraints))
        return result

    def _drawn(self, witness: Witness, constraints: Sequence[Constraint]) -> Witness:
        """Return the witness with the rows of its last layer drawn at random among those that keep its conditions."""
        layer = len(witness.rows)
        for output, members in enumerate(self.shape.members(layer)):
            same = [c for c in constraints if c.site.layer == layer and c.site.output == output]
            old = {unit: witness.rows[layer - 1][unit] for unit in members}
            push = {unit: self._random_row(layer) for unit in members}
            for scale in (0, 1, 2, 4, 8, 16):
                new = {u: tuple(scale * a + b for a, b in zip(old[u], push[u], strict=True)) for u in members}
                moved = self._with_rows(witness, layer, new)
                if all(self._value(moved, c) > 0 for c in same):
                    witness = moved
                    break
        return witness

    # ------------------------------------------------------------------ step 3

    def search(
        self, constraints: Sequence[Constraint], characters: Characters, budget: Budget, most: int
    ) -> tuple[Witness, ...]:
        """Return witnesses of a pattern found by drawing lower layers at random, or by moving one of them."""
        found: list[Witness] = []
        if self.net.network is not None:
            return self._drawn_inputs(constraints, characters)
        if self.net.n_data == 1:
            return ()
        layer = constraints[-1].site.layer
        for attempt in range(_TRIES):
            try:
                budget.check(0)
            except BudgetExceededError:
                break
            witness = self._from_below(constraints, layer)
            if witness is None:
                witness = self._with_a_layer_moved(constraints, characters, layer, 1 + attempt % max(layer - 1, 1))
            if witness is not None:
                found.append(witness)
                if len(found) >= most // 2:
                    break
        return tuple(found)

    def _from_below(self, constraints: Sequence[Constraint], layer: int) -> Witness | None:
        """Draw the layers one after the other, each by linear programs given those below."""
        witness = self.start()
        for current in range(1, layer + 1):
            witness = self._raised(witness, current)
            for output in range(len(self.shape.members(current))):
                same = [c for c in constraints if c.site.layer == current and c.site.output == output]
                if same:
                    moved = self._with_rows_for(witness, same)
                    if moved is None:
                        return None
                    witness = moved
            if current < layer:
                witness = self._drawn(witness, constraints)
        return witness

    def _with_a_layer_moved(
        self, constraints: Sequence[Constraint], characters: Characters, layer: int, moved: int
    ) -> Witness | None:
        """Draw all layers but one at random, and find that one by a linear program: on a pattern z is linear in it."""
        shape = self.shape
        if moved >= layer or not all(shape.activation(m).is_piecewise_linear for m in range(moved, layer)):
            return None
        lower = self._from_below(constraints, moved)
        if lower is None:
            return None
        layers_above = range(moved + 1, shape.n_layers + 1)
        above = [tuple(self._random_row(m) for _ in range(shape.widths[m])) for m in layers_above]
        zero_row = (fmpq(0),) * (shape.fan_in(moved) + shape.has_biases)
        zeros = (zero_row,) * shape.widths[moved]
        base = self.point(Witness((*lower.rows[: moved - 1], zeros, *above), lower.features[:1]))
        start = shape.layer_block(moved).start
        n_places = shape.widths[moved] * len(zero_row)
        matrix, bounds = [], []
        for constraint in constraints:
            if constraint.site.layer >= moved:
                polynomial = self.net.constraint_polynomial(constraint, characters)
                gradient = polynomial.gradient_at(base)[start : start + n_places]
                matrix.append(tuple(-entry for entry in gradient))
                bounds.append(polynomial.evaluate(base))
        answer = strict_inequalities(matrix, bounds)
        if not isinstance(answer, StrictSolution):
            return None
        n_columns, width = shape.fan_in(moved), shape.widths[moved]
        values = answer.direction
        rows = tuple(
            values[r * n_columns : (r + 1) * n_columns]
            + (values[width * n_columns + r : width * n_columns + r + 1] if shape.has_biases else ())
            for r in range(width)
        )
        witness = Witness((*lower.rows[: moved - 1], rows), lower.features[:moved])
        for m, drawn in enumerate(above[: layer - moved], start=moved + 1):
            witness = self._with_rows(self._raised(witness, m), m, dict(enumerate(drawn)))
        return witness if all(self._value(witness, c) > 0 for c in constraints) else None

    # ------------------------------------------------------------------ known weights, x symbolic

    def _inputs_that_survive(
        self,
        witnesses: Sequence[Witness],
        constraints: Sequence[Constraint],
        new: Sequence[Constraint],
        characters: Characters,
    ) -> tuple[Witness, ...]:
        polynomials = [self.net.constraint_polynomial(c, characters) for c in new]
        kept = [w for w in witnesses if all(p.evaluate(w.features[0][0]) > 0 for p in polynomials)]
        if kept:
            return tuple(kept)
        answer = self._affine_program(constraints, characters)
        return (Witness((), ((answer.direction,),)),) if isinstance(answer, StrictSolution) else ()

    def _farkas(self, constraints: Sequence[Constraint], characters: Characters) -> tuple[SymbolicTerm, ...] | None:
        answer = self._affine_program(constraints, characters)
        if answer is None or isinstance(answer, StrictSolution):
            return None
        terms = [SymbolicTerm(rational(m), (), constraints[i]) for i, m in sorted(answer.multipliers.items())]
        rest = self.net.ring.zero()
        for term in terms:
            assert term.constraint is not None
            rest = rest + self.net.constraint_polynomial(term.constraint, characters) * term.multiplier
        assert rest.is_constant()
        slack = -rest.constant_coefficient()
        assert slack >= 0
        return (*terms, SymbolicTerm(slack, (), None)) if slack > 0 else tuple(terms)

    def _affine_program(
        self, constraints: Sequence[Constraint], characters: Characters
    ) -> StrictSolution | FarkasCertificate | None:
        """Decide conditions that are affine in x; None where one is not."""
        n_inputs = self.shape.n_inputs
        origin = (fmpq(0),) * n_inputs
        matrix, bounds = [], []
        for constraint in constraints:
            polynomial = self.net.constraint_polynomial(constraint, characters)
            if polynomial.total_degree() > 1:
                return None
            matrix.append(tuple(-entry for entry in polynomial.gradient_at(origin)))
            bounds.append(polynomial.constant_coefficient())
        return strict_inequalities(matrix, bounds)

    def _drawn_inputs(self, constraints: Sequence[Constraint], characters: Characters) -> tuple[Witness, ...]:
        polynomials = [self.net.constraint_polynomial(c, characters) for c in constraints]
        for attempt in range(_RANDOM_POINTS):
            denominator = 1 + attempt % 4
            x = tuple(fmpq(self._random.randint(-9, 9), denominator) for _ in range(self.shape.n_inputs))
            if all(p.evaluate(x) > 0 for p in polynomials):
                return (Witness((), ((x,),)),)
        return ()


def _at_the_same_site(constraints: Sequence[Constraint], new: Constraint) -> list[Constraint]:
    """Return the conditions of one unit or group, on all data."""
    return [c for c in constraints if c.site.layer == new.site.layer and c.site.output == new.site.output]


def _dot(row: Vector, h: Vector) -> fmpq:
    total = fmpq(0)
    for a, b in zip(row, h, strict=True):
        total += a * b
    return total
