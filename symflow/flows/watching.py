"""What is watched on a step: the series whose signs belong to the mode, those that may change theirs on it.

Units beyond the first layer and the forces on tied neurons are always watched. Of the many first-layer kinks most are
far away: one is passed over where Σ |coefficients| shows that the preactivation keeps its sign for all s <= 1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import final

from symflow.flows.field import Stay
from symflow.flows.happenings import FactorTurns, Happening, StayEnds, UnitTurns, WallMet
from symflow.flows.lorentz import LorentzGroup
from symflow.flows.taylor import Series
from symflow.flows.taylor_step import TaylorStep


@final
@dataclass(slots=True)
class Watching:
    """What is watched on one step.

    Parameters
    ----------
    step : TaylorStep
        The step.
    error_bits : int
        The error of the state, in bits above the last place.
    fresh : collection
        The keys of what has just left 0, which is watched wherever it is.
    """

    step: TaylorStep
    error_bits: int
    fresh: Collection[object]
    # How far the entries of Φ go, by group, in integers and in floats.
    _spreads: dict[tuple[int, ...], list[list[int]]] = field(init=False, default_factory=dict)
    _reaches: dict[tuple[int, ...], list[list[float]]] = field(init=False, default_factory=dict)

    def columns(self, upto: int) -> list[tuple[Happening, Series, int]]:
        """Return what is watched, its series, and by how many times the error of the state it may be off."""
        here = self.step.here
        columns: list[tuple[Happening, Series]] = []
        for watch in here.units:
            columns.append((UnitTurns(watch.place, watch.becomes), self.step.series[watch.register]))
        for stay in here.stays:
            columns += _stay_columns(stay, self.step.series)
        result = [(happening, column, 4 + (4 * abs(column[0]) >> self.step.bits)) for happening, column in columns]
        if self.step.here.problem.kinked is not None:
            for neuron in range(self.step.here.problem.shape.widths[1]):
                result += self._wall_columns(neuron, upto)
        return result

    def _wall_columns(self, neuron: int, upto: int) -> list[tuple[Happening, Series, int]]:
        """Return the preactivations of a neuron that may vanish on this stretch, one a class of data."""
        if neuron in self.step.here.moved_by_phi and self._clearly_keeps_off(neuron):
            return []
        starts, spread, columns_of = self._own_series(neuron)
        if not any(spread):
            return []
        result: list[tuple[Happening, Series, int]] = []
        error_bits, fresh = self.error_bits, self.fresh
        for wall in self.step.here.walls[neuron]:
            first = sum(map(int.__mul__, wall.numerators, starts)) + (wall.constant << self.step.bits)
            reach = sum(abs(n) * s for n, s in zip(wall.numerators, spread, strict=True))
            if abs(first) > (reach * upto >> self.step.bits) + (wall.width << error_bits) and (
                not fresh or (neuron, wall.data[0]) not in fresh
            ):
                continue
            happening = WallMet(neuron, wall.data)
            column = [sum(map(int.__mul__, wall.numerators, entries)) for entries in zip(*columns_of(), strict=True)]
            column[0] += wall.constant << self.step.bits
            result.append((happening, column, wall.width))
        return result

    def _own_series(self, neuron: int) -> tuple[list[int], list[int], Callable[[], list[Series]]]:
        """Return where a first-layer neuron starts, how far its entries can go for s <= 1, and how to get its series.

        Of a neuron that Φ moves the series is made only when it is wanted.
        """
        here, places = self.step.here, self.step.here.problem.layer.columns(neuron)
        if neuron in here.moved_by_phi:
            return self._series_by_phi(*here.moved_by_phi[neuron])
        registers = [here.parameters[place] for place in places]
        columns = [self.step.series[register] for register in registers if isinstance(register, int)]
        spread = [sum(map(abs, column)) - abs(column[0]) for column in columns]
        return [column[0] for column in columns], spread, lambda: columns

    def _series_by_phi(
        self, group: LorentzGroup, member: int
    ) -> tuple[list[int], list[int], Callable[[], list[Series]]]:
        vector = [self.step.theta[place] for place in group.places[member]]
        sizes = list(map(abs, vector))
        spread = [(sum(map(int.__mul__, row, sizes)) >> self.step.bits) + group.size for row in self._phi_spread(group)]

        def columns() -> list[Series]:
            phi, bits = self._phi(group), self.step.bits
            return [
                [
                    sum(map(int.__mul__, vector, entries)) >> bits
                    for entries in zip(*(c[entry] for c in phi), strict=True)
                ]
                for entry in range(group.size - 1)
            ]

        return vector[:-1], spread, columns

    def _clearly_keeps_off(self, neuron: int) -> bool:
        """Whether a neuron that Φ moves keeps off all walls by far, for s <= 1: told by floats, with room to spare.

        The floats are off by less than 2^-40 of the sizes that they are made of, and twice the reach is allowed for.
        """
        if self.fresh:
            return False
        group, member = self.step.here.moved_by_phi[neuron]
        one = 1 << self.step.bits
        vector = [self.step.theta[place] / one for place in group.places[member]]
        sizes = list(map(abs, vector))
        spread = [sum(map(float.__mul__, row, sizes)) for row in self._phi_reach(group)]
        for wall in self.step.here.walls[neuron]:
            value, size = float(wall.constant), abs(float(wall.constant))
            reach = 0.0
            for numerator, v, s in zip(wall.numerators, vector, spread, strict=False):
                value += numerator * v
                size += abs(numerator * v)
                reach += abs(numerator) * s
            if not abs(value) > 2 * reach + size * 2.0**-20:
                return False
        return True

    def _phi_reach(self, group: LorentzGroup) -> list[list[float]]:
        """Return `_phi_spread` in floats."""
        if group.neurons not in self._reaches:
            one = 1 << self.step.bits
            self._reaches[group.neurons] = [[entry / one for entry in row] for row in self._phi_spread(group)]
        return self._reaches[group.neurons]

    def _phi(self, group: LorentzGroup) -> list[list[Series]]:
        """Return the series of the columns of Φ."""
        return [
            [self.step.series[r] for place in group.places[k] if isinstance(r := self.step.here.parameters[place], int)]
            for k in range(group.size)
        ]

    def _phi_spread(self, group: LorentzGroup) -> list[list[int]]:
        """Return how far each entry of Φ can go for s <= 1, by rows; once for all neurons of the group."""
        if group.neurons not in self._spreads:
            phi = self._phi(group)
            self._spreads[group.neurons] = [
                [sum(map(abs, column[entry])) - abs(column[entry][0]) for column in phi]
                for entry in range(group.size - 1)
            ]
        return self._spreads[group.neurons]


def _stay_columns(stay: Stay, series: list[Series]) -> list[tuple[Happening, Series]]:
    result: list[tuple[Happening, Series]] = [
        (StayEnds(stay.neuron, functional, 0), series[quantity])
        for functional, quantity in stay.functionals.items()
        if isinstance(quantity, int)
    ]
    if isinstance(stay.factor, int):
        result.append((FactorTurns(stay.neuron, 0), series[stay.factor]))
    return result
