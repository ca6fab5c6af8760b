"""What happened along a trajectory, in words: the answer in one sentence, the events, the branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import cast, final

from symflow.flows.precision import Number, exact_value, scientific_text
from symflow.flows.trajectory import Event, Led, Trajectory
from symflow.nets.pattern import SiteTable
from symflow.problem import Problem
from symflow.reports.document import Answer, Tag
from symflow.reports.expressions import Expression, Sentence
from symflow.reports.flow_numbers import many_digits, time_number
from symflow.reports.flow_result import in_order
from symflow.reports.phrases import counted, runs

#: The letter of each kind of objective, as in the other results.
LETTERS = {"risk": "R", "output": "f", "combination": "F", "log_sum_exp": "F"}


@final
@dataclass(frozen=True)
class Happening:
    """What one neuron does at one time.

    Parameters
    ----------
    time : Expression
        When.
    words : str
        Such as ``neuron 1 goes on for datum 1 and off for datum 2 (crossing)``.
    events : tuple of Event
        Those that it sums up.
    is_led : bool
        Whether the neuron could have done something else, and this was chosen.
    """

    time: Expression
    words: str
    events: tuple[Event, ...]
    is_led: bool = False


def letters(problem: Problem) -> tuple[str, str]:
    """Return what the function and its variable are called: ``("R", "w")``."""
    return LETTERS[problem.kind], "x" if problem.variable == "input" else "w"


def happenings(problem: Problem, trajectory: Trajectory) -> Iterator[Happening]:
    """Yield the events in words, one for each neuron and time."""
    digits = trajectory.digits
    for (time, layer, neuron), group in groupby(
        in_order(trajectory.events), key=lambda event: (event.time, event.layer, event.neuron)
    ):
        events = tuple(group)
        name = neuron_name(problem, layer, neuron)
        kinds = [(kind, [event for event in events if event.kind == kind]) for kind in _VERBS]
        is_led = any(
            (led.time, led.layer, led.neuron) == (time, layer, neuron)
            for led in cast(Sequence[Led], trajectory.facts.get("led", ()))
        )
        words = ", ".join(_words(problem, kind, some, is_led=is_led) for kind, some in kinds if some)
        words += "; this was chosen" if is_led else ""
        yield Happening(time_number(time, events[0].exact_time, digits), f"{name} {words}", events, is_led)


def neuron_name(problem: Problem, layer: int, neuron: int) -> str:
    """Return ``neuron 3``, with its layer where there are several hidden ones: ``neuron (2,3)``."""
    return f"neuron {neuron}" if problem.architecture.n_hidden_layers <= 1 else f"neuron ({layer},{neuron})"


_VERBS = ("crossing", "sliding", "exit", "death", "grazing")


def _words(problem: Problem, kind: str, events: Sequence[Event], *, is_led: bool) -> str:
    is_input = problem.variable == "input"

    def data(some: Sequence[Event]) -> str:
        numbers = [event.datum for event in some]
        return f"{'datum' if len(numbers) == 1 else 'data'} {runs(numbers)}"

    if kind == "crossing":
        up, down, gone = ([e for e in events if e.to == to] for to in "+-0")
        on, off = ("on", "off") if _switches(problem, events[0].layer) else ("positive", "negative")
        goes = "goes" if on == "on" else "turns"
        crossing = "leaves its kink" if is_led and events[0].time == 0 else "crossing"
        if is_input:
            return f"{goes} {on if up else off} ({crossing})" if up or down else "comes to vanish"
        parts = [f"{word} for {data(some)}" for word, some in ((on, up), (off, down)) if some]
        said = [f"{goes} {' and '.join(parts)} ({crossing})"] if parts else []
        return ", ".join([*said, f"vanishes for {data(gone)}"] if gone else said)
    where = "its kink" if is_input else f"its kink on {data(events)}"
    if kind == "sliding":
        return f"stays on {where}, which it could leave at any time" if is_led else f"slides along {where}"
    if kind == "exit":
        sides = "".join(dict.fromkeys(event.to for event in events)).replace("-", "−")
        return f"leaves {where} to the {sides[0]} side" if len(sides) == 1 else f"leaves {where}"
    if kind == "death":
        return f"dies on {where}: no active datum is left"
    return f"touches {where} and turns back"


def _switches(problem: Problem, layer: int) -> bool:
    """Whether a neuron of a layer is off on its negative side."""
    return problem.architecture.activation(layer).name in ("relu", "relu_power")


# ---------------------------------------------------------------------- the answer


def answer(problem: Problem, trajectory: Trajectory) -> Answer:
    """Return the answer in one sentence, with how it is known."""
    function, variable = letters(problem)
    time = time_number(trajectory.time, trajectory.exact_time, trajectory.digits)
    tag = known(trajectory)
    chosen = chosen_words(trajectory)
    if trajectory.status == "non_unique":
        on = (
            f"{variable} lies on a ridge"
            if any(branch.kind == "ridge" for branch in trajectory.branches)
            else f"{ways(problem, trajectory)} from {variable}"
        )
        at = ("",) if trajectory.time == 0 else (" at t = ", time)
        exact = Tag("exact") if trajectory.time == 0 or trajectory.is_exact else tag
        asked = trajectory.facts.get("choice", "report")
        if asked != "report":
            on += f'; on_nonunique = "{asked}" names no single branch'
        return Answer(("The solution is not unique", *at, f": {on}."), exact)
    if trajectory.status == "stationary":
        only = "" if trajectory.is_unique is not True else "  The solution is unique."
        if trajectory.time == 0:
            return Answer((f"Nothing moves: 0 is in ∂{function}({variable}).{only}",), Tag("exact"))
        comes = "comes" if chosen else "Comes"
        return Answer((f"{chosen}{comes} to rest at t = ", time, f": 0 is in ∂{function} there.{only}"), tag)
    if trajectory.status == "blow_up":
        blows = "blows" if chosen else "Blows"
        return Answer((f"{chosen}{blows} up in finite time; followed to t = ", time, "."), tag)
    if trajectory.status == "zeno_suspected":
        stopped = "stopped" if chosen else "Stopped"
        return Answer((f"{chosen}{stopped} at t = ", time, ": its events accumulate."), Tag("undecided"))
    if trajectory.status == "undecided":
        followed = "followed" if chosen else "Followed"
        return Answer((f"{chosen}{followed} to t = ", time, "; how it goes on is not decided."), Tag("undecided"))
    if chosen:
        rest = cast("Number | None", trajectory.facts.get("rests_from"))
        if rest == 0:
            return Answer((f"{chosen}nothing moves; other solutions leave.",), Tag("exact"))
        course = _course(problem, trajectory)
        said = f"{chosen}{course[0].lower()}{course[1:]}"
        if rest is not None:
            return Answer((said, ", rests from t = ", time_number(rest, None, trajectory.digits), " on."), tag)
        return Answer((f"{said}.",), tag)
    only = {True: "; the only solution.", False: "; one of several solutions.", None: "."}[trajectory.is_unique]
    return Answer((f"{_course(problem, trajectory)}{only}",), tag)


def ways(problem: Problem, trajectory: Trajectory) -> str:
    """Return how many ways go on where the solution is not unique.

    All straight ones of an input are known. In the weights the branches of several neurons combine, and solutions that
    stay where pools tie or units beyond the first layer are 0 are not sought.
    """
    count = len(trajectory.branches)
    return f"{count} straight ways go on" if problem.variable == "input" else f"at least {count} ways go on"


def chosen_words(trajectory: Trajectory) -> str:
    """Return ``One of several solutions, chosen by on_nonunique = "ridge": ``; empty where nothing was chosen."""
    led = trajectory.facts.get("led")
    return f'One of several solutions, chosen by on_nonunique = "{trajectory.facts["choice"]}": ' if led else ""


def flow_answer(problem: Problem, trajectory: Trajectory) -> Iterator[Answer]:
    """Yield what a study says of a flow: how far it runs, and from when on the soft margin grows."""
    function, variable = letters(problem)
    first = answer(problem, trajectory)
    start = first.sentence[0]
    assert isinstance(start, str)
    flow = f"The flow {variable}' in −∂{function}({variable}): "
    yield Answer((flow + start[0].lower() + start[1:], *first.sentence[1:]), first.tag)
    zero = trajectory.facts.get("soft_margin_zero")
    if zero is not None:
        digits = many_digits(zero, trajectory.digits, most=5)
        tag = known(trajectory)
        if tag.word == "enclosed" and not trajectory.facts.get("is_zero_enclosed"):
            tag = Tag("computed", counted(trajectory.digits, "digit"))
        yield Answer(("The soft margin does not decrease from t = ", digits, " on."), tag)


def known(trajectory: Trajectory) -> Tag:
    """Return the verdict of what was computed: exact, enclosed, or computed to the digits."""
    if trajectory.is_exact:
        return Tag("exact")
    radius = trajectory.radius
    if radius is not None and exact_value(radius) <= Fraction(1, 10**trajectory.digits):
        return Tag("enclosed", counted(trajectory.digits, "digit"))
    if radius is not None:
        return Tag("enclosed", f"radius {scientific_text(radius, 2, up=True)}")
    return Tag("computed", counted(trajectory.digits, "digit"))


def _course(problem: Problem, trajectory: Trajectory) -> str:
    """Return how it went: ``Crosses 2 kinks, slides along 1``."""
    groups = list(happenings(problem, trajectory))
    if not groups:
        return "Stays on the kink that it starts on" if _starts_on_kink(problem, trajectory) else "Meets no kink"
    kinds = [kind for kind in _VERBS for group in groups if any(event.kind == kind for event in group.events)]
    if set(kinds) == {"crossing"} and all(event.time == 0 for event in trajectory.events):
        verb = "Leaves" if any(group.is_led for group in groups) else "Crosses"
        return f"{verb} the {'kink' if len(groups) == 1 else 'kinks'} at once, meets no other"
    said = []
    for kind, verb, after in (
        ("crossing", "crosses", ""),
        ("sliding", "slides along", ""),
        ("exit", "leaves", " again"),
        ("grazing", "touches", ""),
    ):
        count = kinds.count(kind)
        if count:
            said.append(f"{verb} {counted(count, 'kink')}{after}")
    if kinds.count("death"):
        said.append(f"{counted(kinds.count('death'), 'neuron')} {'dies' if kinds.count('death') == 1 else 'die'}")
    text = ", ".join(said)
    return text[0].upper() + text[1:]


def _starts_on_kink(problem: Problem, trajectory: Trajectory) -> bool:
    """Whether a first-layer unit is 0 on a datum that is not, from the start on."""
    if problem.variable == "input" or not trajectory.arcs:
        return False
    table = SiteTable(problem.architecture, len(problem.data_points()))
    characters = table.characters(trajectory.arcs[0].pattern)
    points = problem.data_points()
    return any(
        character == "0" and site.layer == 1 and (problem.architecture.has_biases or any(points[site.datum]))
        for site, character in zip(table.sites, characters, strict=True)
    )


def formula_text(name: str) -> str:
    """Return the name of an invariant with the signs of a reader.

    Examples
    --------
    >>> formula_text("|W1[1,:]|^2 - W2[1,1]^2"), formula_text("<W1[1,:], W1[2,:]> - <W2[:,1], W2[:,2]>")
    ('‖W1[1,·]‖² − W2[1,1]²', '⟨W1[1,·], W1[2,·]⟩ − ⟨W2[·,1], W2[·,2]⟩')
    """
    text = name.replace("|^2", "‖²").replace("^2", "²").replace("|", "‖").replace(" - ", " − ")
    return text.replace("<", "⟨").replace(">", "⟩").replace(",:]", ",·]").replace("[:,", "[·,")


def standings(trajectory: Trajectory) -> Sentence:
    """Return how many statements were watched, and how they stand."""
    words = []
    for standing in ("proved", "enclosed", "observed"):
        count = sum(monitor.standing == standing for monitor in trajectory.monitors)
        if count:
            words.append(f"{count} {standing}")
    return (f"{counted(len(trajectory.monitors), 'statement')} watched: {', '.join(words)}",)
