"""What the flow does where a watched quantity vanishes: the mode that follows, or the branches.

First-layer neurons are independent of each other here: each has variables of its own, and the signals r_k do not jump.
So each neuron that meets a kink is judged on its own (``corner.py``), also where several do at one time. A deeper
preactivation, or the lead in a pooling group, is followed across where both sides push the same way; sliding along a
deeper kink is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, final

from symflow.activations.base import POSITIONS
from symflow.exact.balls import arb, ball_precision
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.exponential_numbers import sign as exact_sign
from symflow.exact.rationals import fmpq
from symflow.flows.corner import Corner, Face, Judgement, canonical, hull_test, judge
from symflow.flows.enclosure import Enclosure
from symflow.flows.field import Field
from symflow.flows.march import (
    SCALE_BITS,
    FactorTurns,
    Happening,
    March,
    StayEnds,
    UndeterminedError,
    UnitTurns,
    WallMet,
)
from symflow.flows.mode import Mode, changed
from symflow.flows.options import OnNonunique
from symflow.flows.stretch import NoEnclosureError
from symflow.flows.trajectory import Branch
from symflow.flows.upper_layers import refreshed, trials
from symflow.nets.network import Vector
from symflow.nets.pattern import Site

CHARACTERS = {-1: "-", 0: "0", 1: "+"}


@final
@dataclass(frozen=True, slots=True)
class Change:
    """A unit's character on a datum (from 0) before and after, and what that is called."""

    layer: int
    neuron: int
    datum: int
    kind: Literal["crossing", "sliding", "exit", "death", "grazing"]
    to: Literal["+", "-", "0"]


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows.

    Parameters
    ----------
    mode : Mode
        The mode that follows.
    changes : tuple of Change
        What changed.
    branches : tuple of Branch
        Not empty where the solution is not unique and no branch was chosen.
    is_unique : bool
        Whether what follows is the only continuation, for certain.
    reason : str
        Where it is not: why.
    """

    mode: Mode
    changes: tuple[Change, ...] = ()
    branches: tuple[Branch, ...] = ()
    is_unique: bool = True
    reason: str = ""


class StuckError(Exception):
    """The flow meets something that is not followed; the sentence says what."""


def meet(march: March, happenings: Sequence[Happening], choice: OnNonunique) -> Outcome:
    """Decide what follows where these happen at once.

    Raises
    ------
    UndeterminedError
        If a sign cannot be told with these digits.
    StuckError
        If the flow would have to follow what it cannot.
    """
    neurons: dict[int, list[WallMet | StayEnds | FactorTurns]] = {}
    units: list[UnitTurns] = []
    for happening in happenings:
        if isinstance(happening, UnitTurns):
            units.append(happening)
        else:
            neurons.setdefault(happening.neuron, []).append(happening)
    outcome = Outcome(march.mode)
    for neuron in sorted(neurons):
        outcome = _joined(outcome, _meet_neuron(march, outcome.mode, neuron, neurons[neuron], choice))
    outcome = _with_upper_layers(march, outcome)
    units = [unit for unit in units if outcome.mode[unit.place] == march.mode[unit.place]]
    if len(units) > 1:
        raise StuckError("several kinks of deeper layers are met at one time")
    for unit in units:
        outcome = _with_upper_layers(march, _joined(outcome, _meet_unit(march, outcome.mode, unit)))
    return outcome


def _with_upper_layers(march: March, outcome: Outcome) -> Outcome:
    """Return an outcome with the characters of units whose data died or woke (``upper_layers.py``)."""
    if outcome.mode == march.mode or march.problem.shape.n_hidden_layers < 2 or outcome.branches:
        return outcome
    mode, waking = refreshed(march.problem, outcome.mode)
    reason = outcome.reason
    if waking:
        tried = list(trials(march, mode, waking))
        found = [trial for trial in tried if trial.is_consistent]
        if len(found) != 1:
            raise StuckError("a datum wakes, and which way the units above it go is not decided")
        mode = found[0].mode
        if len({trial.directions for trial in tried}) > 1:
            reason = reason or "where a datum woke, other continuations are excluded to first order only"
    _refuse_dead_ties(march, mode)
    changes = []
    for place, site in enumerate(march.problem.function.table.sites):
        if site.layer > 1 and mode[place] != outcome.mode[place]:
            to = _sign(mode[place])
            changes.append(Change(site.layer, site.members[0], site.datum, "exit" if to != "0" else "crossing", to))
            march.fresh.update({("unit", place, other): (2, 1) for other in "+-"})
    return Outcome(mode, (*outcome.changes, *changes), outcome.branches, outcome.is_unique and not reason, reason)


def _joined(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(
        second.mode,
        first.changes + second.changes,
        first.branches + second.branches,
        first.is_unique and second.is_unique,
        first.reason or second.reason,
    )


# ---------------------------------------------------------------------- first-layer neurons


def _refuse_dead_ties(march: March, mode: Mode) -> None:
    """Raise where a neuron would slide along its kink on a datum on which all units above are 0.

    There the force from the side on which the datum is alive is not on the tape of the mode.
    """
    problem, table = march.problem, march.problem.function.table
    for neuron in range(problem.shape.widths[1]):
        for k in problem.tied(mode, neuron):
            if any(mode[place] == "0" for place in table.places[k] if table.sites[place].layer > 1):
                raise StuckError(
                    f"neuron {neuron + 1} would slide along its kink on datum {k + 1}, on which all units above are 0; "
                    "that is not followed"
                )


def _sign(character: str) -> Literal["+", "-", "0"]:
    return "+" if character == "+" else "-" if character == "-" else "0"


def _meet_neuron(
    march: March, mode: Mode, neuron: int, happenings: Sequence[WallMet | StayEnds | FactorTurns], choice: OnNonunique
) -> Outcome:
    problem = march.problem
    met = [happening for happening in happenings if isinstance(happening, WallMet)]
    if len(met) > 1:
        raise UndeterminedError(f"neuron {neuron + 1} meets several kinks at times that cannot be told apart")
    tied = problem.tied(mode, neuron)
    data = tuple(sorted({*tied, *(k for happening in met for k in happening.data)}))
    overrides: dict[object, int] = {}
    for happening in happenings:
        match happening:
            case StayEnds(_, functional, sign):
                overrides[functional] = sign
            case FactorTurns(_, sign):
                overrides["factor"] = sign
    return settle(march, mode, neuron, data, overrides, choice)


def settle(
    march: March, mode: Mode, neuron: int, data: tuple[int, ...], overrides: dict[object, int], choice: OnNonunique
) -> Outcome:
    """Decide how a neuron goes on from the kinks of `data`, move it exactly onto them, and say what changed.

    Parameters
    ----------
    march : March
        Where the flow is.
    mode : Mode
        The mode before, with what other neurons have become.
    neuron : int
        From 0.
    data : tuple of int
        Where its preactivation is 0.
    overrides : dict
        Signs from now on of functionals (and of "factor") that vanish at this time.
    choice : str
        What to do where several faces can be followed.
    """
    problem = march.problem
    resting = changed(mode, problem.function.table, {(1, neuron, k): "0" for k in data})
    found = problem.corner(resting, neuron, data)
    if found is None:
        raise StuckError(f"neuron {neuron + 1} meets the kinks of too many data at once")
    if problem.shape.n_hidden_layers > 1:
        _refuse_waking(march, mode, neuron, data)
    signs = _Signs(march, march.field_of(mode), neuron, overrides)
    if signs.factor == 0:  # neither the neuron's weights nor its output weight ever move
        return Outcome(resting, _changes(march, mode, resting, neuron, data))
    judgement = judge(found, signs.of, signs.factor, hull_test(found, *signs.near(), signs.factor))
    if judgement.undecided and not (len(judgement.accepted) >= 2):
        raise UndeterminedError(signs.missing or f"a force on neuron {neuron + 1} cannot be told from 0")
    if not judgement.accepted:
        raise StuckError(f"no continuation of neuron {neuron + 1} is straight to first order")
    place = _chosen(found, judgement, signs, choice)
    if place is None:
        return Outcome(mode, (), branches_of(found, judgement, signs, neuron), False, "")
    face = found.faces[place]
    before, march.theta = march.theta, _onto(march, neuron, data)
    characters = _characters(neuron, found, face)
    after = changed(mode, problem.function.table, characters)
    if march.enclosure is not None:
        _prove(march, mode, after, neuron, found, judgement, before)
    changes = _changes(march, mode, after, neuron, data)
    march.fresh.update({(neuron, phi): (1, sign) for phi, sign in overrides.items()})
    if signs.starts_at_zero:
        march.fresh[neuron, "factor"] = 1, signs.factor
    march.fresh.update(_leaving(found, face, neuron, overrides, starts_at_zero=signs.starts_at_zero))
    certain = len(judgement.accepted) == 1 and (len(found.walls) == 1 or judgement.is_convex)
    reason = "" if certain else _why_not_certain(judgement, neuron)
    return Outcome(after, changes, (), certain, reason)


def _leaving(
    found: Corner, face: Face, neuron: int, overrides: dict[object, int], *, starts_at_zero: bool
) -> dict[object, tuple[int, int]]:
    """Return for each kink that a neuron leaves the order with which it does at most, and the sign it takes.

    A preactivation leaves with the velocity a Σ φ_k r_k, so at first order unless that vanishes at this time.
    """
    result: dict[object, tuple[int, int]] = {}
    entering = iter(face.entering)
    for wall, sign in zip(found.walls, face.signs, strict=True):
        if sign == 0:
            continue
        vanishes = canonical(next(entering).functional)[0] in overrides
        order = 1 + vanishes + (starts_at_zero or "factor" in overrides)
        for k, multiple in wall.members:
            result[neuron, k] = order, sign if multiple > 0 else -sign
    return result


def _prove(
    march: March, mode: Mode, after: Mode, neuron: int, found: Corner, judgement: Judgement, before: list[int]
) -> None:
    """Carry the tube over what a neuron meets."""
    with ball_precision(march.bits + 32):
        squares = sum((arb((b - a, -march.bits)) ** 2 for a, b in zip(before, march.theta, strict=True)), arb(0))
        march.prove(lambda tube: tube.move(squares.sqrt()))
    if judgement.is_convex:
        return
    if len(found.walls) > 1 or len(judgement.accepted) > 1:
        march.prove(_refuse(f"neuron {neuron + 1} is at a corner of several kinks, or on a ridge"))
        return
    stretch, table = march.stretch, march.problem.function.table
    if stretch is None:
        return  # the start is exact: there is no distance that could grow
    k, _ = found.walls[0].members[0]
    if mode[table.index[1, neuron, k]] == "0":
        march.prove(_refuse(f"neuron {neuron + 1} leaves a kink that may be a ridge"))
    else:
        march.prove(lambda tube: tube.cross(stretch, neuron, k, after))


def _refuse(reason: str) -> Callable[[Enclosure], None]:
    def refuse(_: Enclosure) -> None:
        raise NoEnclosureError(reason)

    return refuse


def _refuse_waking(march: March, mode: Mode, neuron: int, data: tuple[int, ...]) -> None:
    """Raise where the signals on the data of a deeper net depend on which side of the kink is taken.

    They do not where the units above have strict signs on a side of slope that is not 0. On the kink of a datum on
    which all units above are 0, they are the limits from the side on which the datum is alive, which must be the one
    that the neuron comes from.
    """
    problem, table = march.problem, march.problem.function.table
    assert problem.kinked is not None
    for k in data:
        above = [mode[place] for place in table.places[k] if table.sites[place].layer > 1]
        if "0" in above and mode[table.index[1, neuron, k]] != "+":
            raise StuckError(
                f"neuron {neuron + 1} meets its kink on datum {k + 1} where all units above are 0: "
                "the forces on its two sides are not compared there"
            )


def _why_not_certain(judgement: Judgement, neuron: int) -> str:
    if len(judgement.accepted) > 1:
        return f"neuron {neuron + 1} was led along one of several continuations"
    return f"at a corner of neuron {neuron + 1}, other continuations are excluded to first order only"


def _characters(neuron: int, found: Corner, face: Face) -> dict[tuple[int, int, int], str]:
    return {
        (1, neuron, k): CHARACTERS[sign * (1 if multiple > 0 else -1)]
        for wall, sign in zip(found.walls, face.signs, strict=True)
        for k, multiple in wall.members
    }


def _changes(march: March, before: Mode, after: Mode, neuron: int, data: tuple[int, ...]) -> tuple[Change, ...]:
    table, slopes = march.problem.function.table, march.problem.slopes(after, neuron)
    rests = march.problem.tied(after, neuron) and not any(
        slope != 0 and not march.problem.layer.is_fixed(k) for k, slope in enumerate(slopes)
    )
    result = []
    for k in data:
        old, new = before[table.index[1, neuron, k]], after[table.index[1, neuron, k]]
        if new == "0":
            if old != "0" or march.time == 0:
                result.append(Change(1, neuron, k, "death" if rests else "sliding", "0"))
        elif old == "0":
            kind: Literal["crossing", "exit"] = "crossing" if march.time == 0 else "exit"
            result.append(Change(1, neuron, k, kind, new))  # type: ignore[arg-type]
        elif old == new:
            result.append(Change(1, neuron, k, "grazing", new))  # type: ignore[arg-type]
        else:
            result.append(Change(1, neuron, k, "crossing", new))  # type: ignore[arg-type]
    return tuple(result)


def _onto(march: March, neuron: int, data: tuple[int, ...]) -> list[int]:
    """Return the parameters with the neuron moved onto the kinks of `data`: by no more than rounding."""
    layer, theta = march.problem.layer, list(march.theta)
    if march.time == 0:
        return theta
    places = layer.columns(neuron)
    basis = layer.independent(data)
    one = 1 << march.bits
    residuals = [
        fmpq(sum((layer.normals[k][c] * theta[place] for c, place in enumerate(places)), fmpq(0)))
        + layer.offset(neuron, k) * one
        for k in basis
    ]
    for multiplier, k in zip(layer.gram_solution(basis, residuals), basis, strict=True):
        for c, place in enumerate(places):
            shift = multiplier * layer.normals[k][c]
            theta[place] -= (2 * int(shift.p) + int(shift.q)) // (2 * int(shift.q))
    return theta


def _chosen(found: Corner, judgement: Judgement, signs: _Signs, choice: OnNonunique) -> int | None:
    """Return the face to follow; None where there are several and none was chosen."""
    if len(judgement.accepted) == 1:
        return judgement.accepted[0]
    faces = [(place, found.faces[place]) for place in judgement.accepted]
    if choice == "ridge":
        return min(faces, key=lambda item: sum(s != 0 for s in item[1].signs))[0]
    if choice in ("+", "-"):
        wanted = 1 if choice == "+" else -1
        fitting = [place for place, face in faces if all(s == wanted for s in face.signs)]
        return fitting[0] if len(fitting) == 1 else None
    if choice == "descent":
        speeds = [(signs.speed(face), place) for place, face in faces]
        best = max(speeds, key=lambda item: float(item[0].mid()))
        if all(best[0] > speed for speed, place in speeds if place != best[1]):
            return best[1]
    return None


def branches_of(found: Corner, judgement: Judgement, signs: _Signs, neuron: int) -> tuple[Branch, ...]:
    """Return the continuations as branches, each with the signs that show that it is one."""
    result = []
    data = tuple((1, neuron + 1, k + 1) for wall in found.walls for k, _ in wall.members)
    for place in judgement.accepted:
        face = found.faces[place]
        if len(found.walls) == 1:
            kind = {-1: "-", 0: "ridge", 1: "+"}[face.signs[0]]
        else:
            kind = "".join(CHARACTERS[s] for s in face.signs)
        conditions = [("enters", c.functional) for c in face.entering]
        conditions += [("stays", vector) for pair in face.holding for vector in pair]
        result.append(
            Branch(
                kind,
                data,
                {
                    "walls": [[{"datum": k + 1, "multiple": str(m)} for k, m in wall.members] for wall in found.walls],
                    "signs": list(face.signs),
                    "velocities": [signs.text(row) for row in face.velocity],
                    "conditions": [
                        {"kind": name, "value": signs.text(functional), "sign": signs.total(functional)}
                        for name, functional in conditions
                    ],
                },
            )
        )
    return tuple(result)


@final
class _Signs:
    """The signs of functionals of the signals r_k of one neuron, at one time."""

    def __init__(self, march: March, field: Field, neuron: int, overrides: dict[object, int]) -> None:
        self.march, self.field, self.neuron, self.overrides = march, field, neuron, overrides
        self.missing, self.starts_at_zero = "", False
        self.quantities, factor = field.signals(neuron)
        self.exact = self._exact_signals()
        with ball_precision(march.bits + 32):
            self.balls, ball = self._ball_signals()
        if "factor" in overrides:
            self.factor = overrides["factor"]
        elif isinstance(factor, fmpq):
            self.factor = int(factor > 0) - int(factor < 0)
        else:
            self.factor = self._sign_of_factor(ball)
        self.factor_ball = ball

    def _exact_signals(self) -> list[Scalar] | None:
        """Return r_k exactly, at the start of a net with one hidden layer."""
        march = self.march
        if march.time or march.problem.shape.n_hidden_layers != 1:
            return None
        return [-c for c in march.problem.function.coefficients]

    def _ball_signals(self) -> tuple[list[arb], arb]:
        march, shape = self.march, self.march.problem.shape
        found, balls = march.values(self.field.mode), march.balls()
        if shape.n_hidden_layers == 1:
            place = shape.weight_index(2, march.problem.function.output, self.neuron)
            return [-c for c in found.coefficients], balls[place]
        signals = [
            -sum((d * balls[shape.weight_index(2, row, self.neuron)] for row, d in deltas.items()), arb(0))
            for deltas in found.second_deltas
        ]
        return signals, arb(1)

    def _sign_of_factor(self, ball: arb) -> int:
        if ball > 0:
            return 1
        if ball < 0:
            return -1
        if self.march.time == 0 and ball == 0:
            self.starts_at_zero = True
            return self._sign_of_leaving_factor()
        raise UndeterminedError(f"the output weight of neuron {self.neuron + 1} cannot be told from 0")

    def _sign_of_leaving_factor(self) -> int:
        """Return the sign that the factor, 0 at the start, takes: that of a' = Σ slope_k r_k z_k; 0 if it stays 0."""
        march = self.march
        function, problem = march.problem.function, march.problem
        assert self.exact is not None  # the factor of a deeper net is 1
        slopes = problem.slopes(self.field.mode, self.neuron)
        total: Scalar = fmpq(0)
        for k, slope in enumerate(slopes):
            total = total + slope * function.preactivations[k][0][self.neuron] * self.exact[k]
        result = exact_sign(total)
        active = any(slope != 0 and function.preactivations[k][0][self.neuron] != 0 for k, slope in enumerate(slopes))
        if result == 0 and active:
            raise StuckError(f"the output weight of neuron {self.neuron + 1} and its velocity vanish on a kink")
        return result

    def of(self, functional: Vector) -> int | None:
        """Return the sign of Σ φ_k r_k (0: for every state); None where it cannot be told."""
        key, sign = canonical(functional)
        if not any(key):
            return 0
        if key in self.overrides:
            return sign * self.overrides[key]
        terms = [(entry, q) for entry, q in zip(key, self.quantities, strict=True) if entry != 0]
        if self.exact is not None:
            total: Scalar = fmpq(0)
            for entry, r in zip(key, self.exact, strict=True):
                total = total + entry * r
            found = exact_sign(total)
            if found:
                return sign * found
        folded = self.field.tape.combine(terms)
        if isinstance(folded, fmpq):
            return sign * (int(folded > 0) - int(folded < 0))
        with ball_precision(self.march.bits + 32):
            value = sum((entry * r for entry, r in zip(key, self.balls, strict=True)), arb(0))
        if value > 0:
            return sign
        if value < 0:
            return -sign
        self.missing = f"a force on neuron {self.neuron + 1} cannot be told from 0"
        return None

    def near(self) -> tuple[Vector, fmpq]:
        """Return rational numbers near the r_k, and how far off they may be."""
        with ball_precision(self.march.bits + 32):
            mids = tuple(fmpq(ball.mid().fmpq()) for ball in self.balls)
            error = max((fmpq(ball.rad().fmpq()) for ball in self.balls), default=fmpq(0))
        return mids, error + fmpq(1, 1 << self.march.bits)

    def total(self, functional: Vector) -> int | None:
        """Return the sign of a Σ φ_k r_k."""
        found = self.of(functional)
        return None if found is None else found * self.factor

    def speed(self, face: Face) -> arb:
        """Return |v|² on a face."""
        with ball_precision(self.march.bits + 32):
            total = arb(0)
            for row in face.velocity:
                entry = sum((phi * r for phi, r in zip(row, self.balls, strict=True)), arb(0))
                total += (self.factor_ball * entry) ** 2
            return total

    def text(self, functional: Vector) -> str:
        """Return a Σ φ_k r_k: exactly where it is known, else to twenty digits."""
        if self.exact is not None:
            total: Scalar = fmpq(0)
            for entry, r in zip(functional, self.exact, strict=True):
                total = total + entry * r
            a = self.march.problem.function.point[
                self.march.problem.shape.weight_index(2, self.march.problem.function.output, self.neuron)
            ]
            return str(total * a)
        with ball_precision(self.march.bits + 32):
            value = sum((entry * r for entry, r in zip(functional, self.balls, strict=True)), arb(0))
            return str((value * self.factor_ball).str(20, radius=False))


# ---------------------------------------------------------------------- other units


def _meet_unit(march: March, mode: Mode, unit: UnitTurns) -> Outcome:
    """Follow a deeper preactivation across its kink, if the other side takes it on."""
    problem = march.problem
    table = problem.function.table
    site = table.sites[unit.place]
    characters = list(mode)
    characters[unit.place] = unit.becomes
    after = tuple(characters)
    slope = _onward(march, after, unit.place)
    if slope is None:
        raise UndeterminedError("the velocity across a kink of a deeper layer cannot be told from 0")
    march.fresh["unit", unit.place, mode[unit.place]] = 1, 1
    if not slope:
        raise StuckError(
            f"both sides of the kink of neuron {site.output + 1} in layer {site.layer} on datum {site.datum + 1} "
            "push towards it; sliding along a deeper kink is not followed"
        )
    to = unit.becomes if unit.becomes in "+-" else "+"
    change = Change(site.layer, _neuron_of(site, unit.becomes), site.datum, "crossing", to)  # type: ignore[arg-type]
    return Outcome(after, (change,))


def _neuron_of(site: Site, becomes: str) -> int:
    """Return the unit of a site, or a pooling group's new winner, from 0."""
    return site.members[POSITIONS.index(becomes)] if site.is_group else site.members[0]


def _onward(march: March, after: Mode, place: int) -> bool | None:
    """Whether in the mode `after` every watched lead at `place` that is 0 now grows; None if that cannot be told."""
    field = march.field_of(after)
    before, march.mode = march.mode, after
    try:
        series = march.series(1 << SCALE_BITS, march.bits, 2)
    finally:
        march.mode = before
    verdict: bool | None = True
    error = 1 << march.error_bits + 8
    for watch in field.units:
        if watch.place != place:
            continue
        column = series[watch.register]
        if abs(column[0]) > error:
            continue
        if abs(column[1]) <= error:
            return None
        if column[1] < 0:
            verdict = False
    return verdict
