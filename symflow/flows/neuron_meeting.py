"""What a first-layer neuron does where it meets kinks: which faces of the corner it can follow, and what changes.

Which faces those are is said by the signs of forces (``corner.py``, ``neuron_signs.py``). The neuron is moved exactly
onto the kinks that it meets, and the tube, if there is one, is carried over them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from symflow.exact.balls import arb, ball_precision
from symflow.exact.rationals import fmpq
from symflow.flows.corner import Corner, Face, Judgement, canonical, hull_test, judge
from symflow.flows.enclosure import Enclosure
from symflow.flows.happenings import FactorTurns, StayEnds, UndeterminedError, WallMet
from symflow.flows.march import March
from symflow.flows.mode import Mode, changed
from symflow.flows.neuron_signs import NeuronSigns
from symflow.flows.options import SELECTIONS, OnNonunique
from symflow.flows.outcome import Change, Outcome, StuckError
from symflow.flows.stretch import NoEnclosureError
from symflow.flows.trajectory import Branch

CHARACTERS = {-1: "-", 0: "0", 1: "+"}


def meet_neuron(
    march: March, mode: Mode, neuron: int, happenings: Sequence[WallMet | StayEnds | FactorTurns], choice: OnNonunique
) -> Outcome:
    """Decide what follows where these happen to one neuron at once.

    Raises
    ------
    UndeterminedError
        If a sign cannot be told with these digits.
    StuckError
        If the flow would have to follow what it cannot.
    """
    problem = march.problem
    met = [happening for happening in happenings if isinstance(happening, WallMet)]
    if len(met) > 1:
        raise UndeterminedError(f"{_name(march, neuron)} meets several kinks at times that cannot be told apart")
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
        raise StuckError(f"{_name(march, neuron)} meets the kinks of too many data at once")
    if problem.shape.n_hidden_layers > 1:
        _refuse_waking(march, mode, neuron, data)
    signs = NeuronSigns(march, march.field_of(mode), neuron, overrides)
    if signs.factor == 0:  # neither the neuron's weights nor its output weight ever move
        return Outcome(resting, _changes(march, mode, resting, neuron, data))
    judgement = judge(found, signs.of, signs.factor, hull_test(found, *signs.near(), signs.factor))
    if judgement.undecided and not (len(judgement.accepted) >= 2):
        raise UndeterminedError(signs.missing or f"a force on {_name(march, neuron)} cannot be told from 0")
    if not judgement.accepted:
        raise StuckError(f"no continuation of {_name(march, neuron)} is straight to first order")
    place = _chosen(found, judgement, signs, choice)
    if place is None:
        choices = tuple(each for each in SELECTIONS if _chosen(found, judgement, signs, each) is not None)
        return Outcome(mode, (), branches_of(found, judgement, signs, neuron), False, "", choices)
    face = found.faces[place]
    before, march.theta = march.theta, _onto(march, neuron, data)
    characters = _characters(neuron, found, face)
    after = changed(mode, problem.function.table, characters)
    if march.enclosure is not None:
        _prove(march, mode, after, neuron, found, judgement, before)
    is_led = len(judgement.accepted) > 1
    changes = _changes(march, mode, after, neuron, data, is_led=is_led)
    march.fresh.update({(neuron, phi): (1, sign) for phi, sign in overrides.items()})
    if signs.starts_at_zero:
        march.fresh[neuron, "factor"] = 1, signs.factor
    march.fresh.update(_leaving(found, face, neuron, overrides, starts_at_zero=signs.starts_at_zero))
    certain = len(judgement.accepted) == 1 and (len(found.walls) == 1 or judgement.is_convex)
    reason = "" if certain else _why_not_certain(judgement, _name(march, neuron))
    return Outcome(after, changes, (), certain, reason, led=((1, neuron + 1),) if is_led else ())


def branches_of(found: Corner, judgement: Judgement, signs: NeuronSigns, neuron: int) -> tuple[Branch, ...]:
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


def _chosen(found: Corner, judgement: Judgement, signs: NeuronSigns, choice: OnNonunique) -> int | None:
    """Return the face to follow; None where there are several and none was chosen."""
    if len(judgement.accepted) == 1:
        return judgement.accepted[0]
    faces = [(place, found.faces[place]) for place in judgement.accepted]
    if choice == "ridge":
        left = {place: sum(s != 0 for s in face.signs) for place, face in faces}
        fewest = [place for place, count in left.items() if count == min(left.values())]
        return fewest[0] if len(fewest) == 1 else None
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


def _characters(neuron: int, found: Corner, face: Face) -> dict[tuple[int, int, int], str]:
    return {
        (1, neuron, k): CHARACTERS[sign * (1 if multiple > 0 else -1)]
        for wall, sign in zip(found.walls, face.signs, strict=True)
        for k, multiple in wall.members
    }


def _changes(
    march: March, before: Mode, after: Mode, neuron: int, data: tuple[int, ...], *, is_led: bool = False
) -> tuple[Change, ...]:
    """Return what changes on the data; a neuron that was led to stay on a ridge may leave it, and is not dead."""
    table, slopes = march.problem.function.table, march.problem.slopes(after, neuron)
    rests = (
        not is_led
        and march.problem.tied(after, neuron)
        and not any(slope != 0 and not march.problem.layer.is_fixed(k) for k, slope in enumerate(slopes))
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


def _name(march: March, neuron: int) -> str:
    """Return ``neuron 2``, with its layer where there are several hidden ones."""
    return f"neuron {neuron + 1}" + (" of layer 1" if march.problem.shape.n_hidden_layers > 1 else "")


def _why_not_certain(judgement: Judgement, name: str) -> str:
    if len(judgement.accepted) > 1:
        return f"{name} was led along one of several continuations"
    return f"at a corner of {name}, other continuations are excluded to first order only"


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
                f"{_name(march, neuron)} meets its kink on datum {k + 1} where all units above are 0: "
                "the forces on its two sides are not compared there"
            )


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
