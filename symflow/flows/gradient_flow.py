"""The gradient flow w' in -∂F(w) from an exact start: the door of this floor.

In the weights (``weight_flow.py``) the flow is a Taylor series from event to event, to the digits asked for; in the
input (``input_flow.py``) it is a piecewise-linear path, exact, or one in time-changed form. What is computed from a
trajectory once it is there (margins, conserved quantities, monitors) is added here, whoever made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from symflow.errors import InputError, NotSupportedError, NotUniqueError
from symflow.exact.rationals import entries, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.options import DEFAULT_DIGITS, FlowOptions, OnNonunique, Progress
from symflow.flows.trajectory import Trajectory, shortened
from symflow.flows.watched import watched
from symflow.nets.architecture import Architecture
from symflow.nets.at_point import function_at
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import FunctionOfInput, Realization
from symflow.problem_values import suggestion


def gradient_flow(
    function: AbstractPatternedFunction | EmpiricalRisk | Realization,
    *,
    start: Sequence[object] | None = None,
    until: object,
    dps: int = DEFAULT_DIGITS,
    trained: Sequence[str] | None = None,
    checkpoints: Sequence[object] = (),
    on_nonunique: str | None = None,
    branches: bool = False,
    validated: bool = False,
    progress: Progress | None = None,
    budget: Budget = NO_BUDGET,
) -> Trajectory:
    """Follow w' in -∂F(w) from an exact start.

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        F, in the weights or in the input.
    start : sequence of numbers, optional
        w(0): parameters of a risk (default: the network's own), the input of a realization.
    until : number
        The last time; rational, as every number that comes in.
    dps : int
        Decimal digits: times and states have absolute error at most 10^-dps max(1, |value|).
    trained : sequence of str, optional
        The layers that move ("W1", "b1", ..); all by default. The others are constants of the flow.
    checkpoints : sequence of numbers
        Times to look at, besides the start and the end.
    on_nonunique : str, optional
        What to do where the solution is not unique: "ridge", "descent", "+" or "-" chooses a branch, "report" stops
        there. By default it is an error. Where a choice names no branch the status is "non_unique" and the branches are
        listed, as for "report".
    branches : bool
        Stop there, and list the branches: the same as "report".
    validated : bool
        Prove an enclosure.
    progress : callable, optional
        Is told the time reached and the number of events.
    budget : Budget
        When to stop with what is known.

    Returns
    -------
    Trajectory
        How it ended is its ``status``, and why its ``reason``. Where it is not decided how the flow goes on the status
        is "undecided": that is no error, and the trajectory reaches to ``time`` only.

    Raises
    ------
    InputError
        If a number, a name or a choice is none.
    NotUniqueError
        If the solution is not unique, and neither `branches` nor `on_nonunique` says what to do; it holds the
        ``trajectory`` up to there.

    Examples
    --------
    One active neuron under the exponential loss with a frozen outer weight: m' = |x|² e^(-m), so e^m grows linearly.

    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([["1/2", "1/4"]], [[1]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 2)], labels=[1]), loss="exponential")
    >>> path = gradient_flow(R, until=4, trained=["W1"])
    >>> path.status, len(path.events)
    ('completed', 0)

    At 0 the function -|x| = -relu(x) - relu(-x) falls on both sides.

    >>> hill = Realization(Network.from_weights([[1], [-1]], [[-1, -1]]))
    >>> [branch.kind for branch in gradient_flow(hill, start=(0,), until=1, branches=True).branches]
    ['-', 'ridge', '+']
    """
    if branches and on_nonunique not in (None, "report"):
        raise InputError(f"both branches=True and a choice, {on_nonunique!r}; keep one", place="on_nonunique")
    if isinstance(function, Realization) and start is None:
        raise NotSupportedError("a realization has no point of its own; give start=(..)")
    F = function_at(function, start)
    options = FlowOptions(
        until=rational(until, place="until"),
        digits=_digits(dps),
        trained=_trained(F, trained),
        checkpoints=tuple(
            sorted({rational(time, place="checkpoints") for time in entries(checkpoints, place="checkpoints")})
        ),
        on_nonunique=cast(OnNonunique, on_nonunique or "report"),
        is_validated=validated,
        progress=progress,
    )
    found = flow_of(F, options, budget=budget)
    if found.status == "non_unique" and on_nonunique is None and not branches:
        raise NotUniqueError(_not_unique(F, found), found)
    return found


def _not_unique(function: AbstractPatternedFunction, found: Trajectory) -> str:
    """Return where the solution branches, and what to ask for."""
    name = "w" if function.variable == "weights" else "x"
    time = found.exact_time if found.exact_time is not None else shortened(found.time)
    at_start = found.time == 0
    since = f"from {name} is not unique: {name}" if at_start else f"is not unique from t = {time} on: {name}(t)"
    kinks = dict.fromkeys(event for branch in found.branches for event in branch.events)
    has_layers = any(layer > 1 for layer, _, _ in kinks)
    listed = "; ".join(
        f"neuron {neuron}{f' of layer {layer}' if has_layers else ''}{_datum(function, datum)}"
        for layer, neuron, datum in kinks
    )
    where = "on a ridge" if any(branch.kind == "ridge" for branch in found.branches) else "where several pieces fall"
    quoted = [f'"{choice}"' for choice in cast(Sequence[str], found.facts.get("choices", ()))]
    named = " or ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))
    choose = f", or choose on_nonunique={named}" if quoted else ""
    return f"the solution {since} lies {where}{f' ({listed})' if listed else ''}.\n    Ask for branches=True{choose}."


def _datum(function: AbstractPatternedFunction, datum: int) -> str:
    return f", datum {datum}" if function.variable == "weights" else ""


def flow_of(function: AbstractPatternedFunction, options: FlowOptions, *, budget: Budget = NO_BUDGET) -> Trajectory:
    """Follow the flow as the options say, and add what is watched along it."""
    return watched(function, options, bare_flow_of(function, options, budget=budget))


def bare_flow_of(
    function: AbstractPatternedFunction, options: FlowOptions, *, budget: Budget = NO_BUDGET
) -> Trajectory:
    """Follow the flow as the options say; margins, conserved quantities and monitors are not there yet.

    Raises
    ------
    NotSupportedError
        If there is no flow of such a function.
    """
    if isinstance(function, FunctionOfWeights):
        from symflow.flows.weight_flow import flow_in_weights

        return flow_in_weights(function, options, budget)
    if not isinstance(function, FunctionOfInput):
        raise NotSupportedError(f"{type(function).__name__} has no flow", place="function")
    if options.trained is not None:
        raise InputError("no weight moves in a flow of the input; leave it out", place="flow.trained")
    if not all(activation.is_piecewise_linear for activation in function.network.architecture.activations):
        raise NotSupportedError(
            "relu_power makes no affine pieces, and the flow of the input walks on those; "
            'follow the weights: variable = "weights"',
            place="network.activation",
        )
    from symflow.flows.input_flow import flow_in_input

    return flow_in_input(function, options, budget)


def layer_names(shape: Architecture) -> tuple[str, ...]:
    """Return what may be trained: W1, b1, W2, ..

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> layer_names(Network.from_weights([[1]], [[1]], biases=[[0], [0]]).architecture)
    ('W1', 'b1', 'W2', 'b2')
    """
    letters = ("W", "b") if shape.has_biases else ("W",)
    return tuple(f"{letter}{layer}" for layer in range(1, shape.n_layers + 1) for letter in letters)


def _digits(dps: object) -> int:
    if isinstance(dps, bool) or not isinstance(dps, int):
        raise InputError(f"{dps!r} is no number of digits; write for example 30", place="dps")
    return dps


def _trained(function: AbstractPatternedFunction, names: Sequence[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    known = layer_names(function.network.architecture)
    given = (names,) if isinstance(names, str) else tuple(names)
    for name in given:
        if name not in known:
            raise InputError(f'no parameter "{name}"{suggestion(str(name), known)}', place="trained")
    if not given:
        raise InputError(f"is empty: nothing would move; name some of {', '.join(known)}", place="trained")
    return tuple(name for name in known if name in given)
