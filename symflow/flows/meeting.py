"""What the flow does where a watched quantity vanishes: the mode that follows, or the branches.

First-layer neurons are independent of each other here: each has variables of its own, and the signals r_k do not jump.
So each neuron that meets a kink is judged on its own (``neuron_meeting.py``), also where several do at one time. Then
come the units above, one at a time (``unit_meeting.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.flows.happenings import FactorTurns, Happening, StayEnds, UnitTurns, WallMet
from symflow.flows.march import March
from symflow.flows.neuron_meeting import meet_neuron
from symflow.flows.options import OnNonunique
from symflow.flows.outcome import Outcome, StuckError, joined
from symflow.flows.unit_meeting import meet_unit, with_upper_layers


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
        outcome = joined(outcome, meet_neuron(march, outcome.mode, neuron, neurons[neuron], choice))
    outcome = with_upper_layers(march, outcome)
    units = [unit for unit in units if outcome.mode[unit.place] == march.mode[unit.place]]
    if len(units) > 1:
        raise StuckError("several kinks of deeper layers are met at one time")
    for unit in units:
        outcome = with_upper_layers(march, joined(outcome, meet_unit(march, outcome.mode, unit)))
    return outcome
