"""From plain data to a :class:`Problem`: every rule of a problem file that is not about its bytes.

The tree is what TOML or JSON holds: tables, lists, strings, integers, booleans, and decimals as they
were written. Each rule names the place it is about, ``network.weights, W2[1,2]`` or ``data.labels``;
nothing is skipped, so that a misspelt key can never pass for a default.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from symflow.activations.base import ACTIVATIONS, AbstractActivation, activation
from symflow.errors import InputError, ProblemFileError, UnknownNameError
from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES
from symflow.nets.architecture import Architecture, activations_for
from symflow.nets.network import Network
from symflow.problem import (
    KINDS,
    REDUCTIONS,
    VARIABLES,
    Domain,
    FlowSettings,
    LawsSettings,
    Problem,
    Vector,
    kind_in_words,
)
from symflow.problem_names import LECTURES, names_from_tree
from symflow.problem_values import (
    WrittenNumber,
    choice,
    counted,
    described,
    entries,
    integer,
    joined,
    line_of_text,
    matrix,
    number,
    table,
    truth,
    vector,
)

_SECTIONS = ("title", "network", "data", "objective", "domain", "flow", "laws", "names")
_NETWORK = ("activation", "weights", "biases", "widths", "bias", "file", "rationalize")
_OBJECTIVE = ("kind", "loss", "reduction", "coefficients", "variable", "output", "at")
_FLOW = ("until", "digits", "trained", "checkpoints", "on_nonunique", "validated")
_DATA = ("inputs", "labels")
_DOMAIN = ("box", "A", "b")

# Where a key belongs that stands in another section, or in none.
_HOMES = {
    key: section
    for section, keys in (
        ("network", _NETWORK),
        ("data", _DATA),
        ("objective", _OBJECTIVE),
        ("domain", _DOMAIN),
        ("flow", _FLOW),
    )
    for key in keys
}
_ON_NONUNIQUE = ("report", "ridge", "descent", "+", "-")
_LAWS_MODELS = ("linear", "relu", "cell")
_MOST_DIGITS = 100_000
_WIDEST_LAYER = 100_000

Section = Mapping[str, object]


def problem_from_tree(
    tree: object,
    *,
    name: str = "",
    folder: Path | None = None,
    variable: str | None = None,
    at: Sequence[object] | None = None,
) -> Problem:
    """Return the problem that plain data describe.

    Parameters
    ----------
    tree : dict
        As a problem file writes it; also what :meth:`Problem.tree` returns.
    name : str
        The file's name, named first in every message.
    folder : Path, optional
        Where `network.file` is looked for; the current folder by default.
    variable : str, optional
        Overrides `objective.variable`.
    at : sequence of numbers, optional
        Overrides `objective.at`.

    Raises
    ------
    InputError
        Naming the file, the place, what was found and what to do.

    Examples
    --------
    >>> problem_from_tree({"network": {"widths": [2, 0]}}, name="demo.toml")
    Traceback (most recent call last):
        ...
    symflow.errors.ProblemFileError: demo.toml: network.widths, entry 2: 0 is out of range; write 1 to 100000
    """
    with named(name):
        sections = table(tree, "", _SECTIONS, homes=_HOMES)
        title = line_of_text(sections["title"], "title") if "title" in sections else None
        if "network" not in sections:
            raise InputError("missing; add a section with activation and weights", place="network")
        architecture, network = _network(
            table(sections["network"], "network", _NETWORK, homes=_HOMES), folder or Path()
        )
        problem = Problem(
            architecture=architecture,
            network=network,
            title=title,
            domain=_domain(sections["domain"], architecture) if "domain" in sections else None,
            flow=_flow(sections["flow"], architecture) if "flow" in sections else None,
            laws=_laws(sections["laws"]) if "laws" in sections else None,
            names=names_from_tree(sections["names"]) if "names" in sections else LECTURES,
        )
        problem = _with_data(problem, table(sections.get("data", {}), "data", _DATA, homes=_HOMES))
        objective = table(sections.get("objective", {}), "objective", _OBJECTIVE, homes=_HOMES)
        return _with_point(_with_objective(problem, objective), objective, variable, at)


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put a file's name before the place of every input error raised inside."""
    try:
        yield
    except UnknownNameError as error:
        raise ProblemFileError(error.message, place=name) from None
    except InputError as error:
        kind = ProblemFileError if type(error) is InputError else type(error)
        raise kind(error.message, place=": ".join(filter(None, (name, error.place)))) from None


# ---------------------------------------------------------------------- [network]


def _network(section: Section, folder: Path) -> tuple[Architecture, Network | None]:
    given = [key for key in ("weights", "widths", "file") if key in section]
    if not given:
        raise InputError('no weights; add weights = [..], widths = [..] or file = ".."', place="network")
    if len(given) > 1:
        raise InputError(f"both {given[0]} and {given[1]}; keep one of them", place="network")
    for key, owner in (("biases", "weights"), ("bias", "widths"), ("rationalize", "file")):
        if key in section and owner not in section:
            raise InputError(f"goes with {owner} = .. only; leave it out", place=f"network.{key}")
    if "widths" in section:
        return _symbolic_architecture(section), None
    network = _network_from_file(section, folder) if "file" in section else _inline_network(section)
    return network.architecture, network


def _symbolic_architecture(section: Section) -> Architecture:
    widths = tuple(
        integer(width, f"network.widths, entry {i}", least=1, most=_WIDEST_LAYER)
        for i, width in enumerate(entries(section["widths"], "network.widths", "for example [2, 2, 1]"), start=1)
    )
    has_biases = truth(section.get("bias", False), "network.bias")
    activations = _activations(section, len(widths) - 2)
    with _about_activations("network.activation"):
        return Architecture(widths, activations, has_biases)


def _inline_network(section: Section) -> Network:
    listed = entries(section["weights"], "network.weights", "a list of matrices: [[[..], [..]], [[..]]]")
    weights = tuple(matrix(each, "network.weights", f"W{layer}") for layer, each in enumerate(listed, start=1))
    biases = None
    if "biases" in section:
        vectors = entries(section["biases"], "network.biases", "one vector a layer: [[..], [..]]")
        biases = tuple(
            vector(each, f"network.biases, b{layer}", f"network.biases, b{layer}[{{}}]")
            for layer, each in enumerate(vectors, start=1)
        )
    activations = _activations(section, len(weights) - 1)
    with _about_activations("network.activation"):
        return Network.assemble(weights, biases, activations)


def _network_from_file(section: Section, folder: Path) -> Network:
    from symflow.nets.readers.weights_file import read_weights_file  # some of the formats need numpy

    file = section["file"]
    if not isinstance(file, str) or not file:
        raise InputError(f'{described(file)} is not a file name; write for example "net.npz"', place="network.file")
    largest = integer(section["rationalize"], "network.rationalize", least=1) if "rationalize" in section else None
    try:
        found = read_weights_file(folder / file, rationalize=largest)
    except InputError as error:
        place = ", ".join(filter(None, ("network.file", error.place)))
        raise type(error)(error.message, place=place) from None
    n_hidden = len(found.weights) - 1
    if found.activations is None:
        activations = _activations(section, n_hidden)
    else:
        activations = _activations({"activation": list(found.activations)}, n_hidden)
        if "activation" in section and _activations(section, n_hidden) != activations:
            message = "another activation than the file has; leave it out"
            raise InputError(message, place="network.activation")
    with _about_activations("network.activation"):
        return Network.assemble(found.weights, found.biases, activations)


def _activations(section: Section, n_hidden: int) -> tuple[AbstractActivation, ...]:
    """One activation a hidden layer, from one for all or a list."""
    place = "network.activation"
    if "activation" not in section:
        if n_hidden < 1:
            return ()
        raise InputError('missing; add activation = "relu"', place=place)
    value = section["activation"]
    if isinstance(value, list | tuple):
        if not value and n_hidden > 0:
            message = (
                f"0 activations for {n_hidden} hidden layers; give one for all, or a list with one entry a hidden layer"
            )
            raise InputError(message, place=place)
        return tuple(_activation(entry, f"{place}[{i}]") for i, entry in enumerate(value, start=1))
    return activations_for(_activation(value, place), max(n_hidden, 0))


def _activation(value: object, place: str) -> AbstractActivation:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        raise InputError(f'{described(value)} is not an activation; write "relu" or {{name = ".."}}', place=place)
    if "name" not in value:
        raise InputError('no name; write for example {name = "leaky_relu", slope = "1/4"}', place=place)
    name = choice(value["name"], place, ACTIVATIONS.names(), kind="activation")
    options = tuple(inspect.signature(ACTIVATIONS.find(name)).parameters)
    table(value, place, ("name", *options))
    for option in options:
        if value.get(option) is None:
            raise InputError(f"missing, needed by {name}; add {option} = ..", place=joined(place, option))
    exact = {
        option: number(value[option], joined(place, option))
        if isinstance(value[option], WrittenNumber)
        else value[option]
        for option in options
    }
    with _about_activations(place):
        return activation(name, **exact)


@contextmanager
def _about_activations(place: str) -> Iterator[None]:
    """Name the place of an activation in the file, where the activation itself only knows its option."""
    try:
        yield
    except InputError as error:
        if error.place.partition(".")[0] != "activation":
            raise
        raise type(error)(error.message, place=place + error.place.removeprefix("activation")) from None


# ---------------------------------------------------------------------- [data]


def _with_data(problem: Problem, section: Section) -> Problem:
    inputs = None
    is_symbolic = section.get("inputs") == "symbolic"
    if "inputs" in section and not is_symbolic:
        inputs = _inputs(section["inputs"], problem.architecture)
    labels = None
    if "labels" in section:
        labels = vector(section["labels"], "data.labels", "data.labels, y{}")
        n_data = 1 if is_symbolic else None if inputs is None else len(inputs)
        if n_data is not None and len(labels) != n_data:
            message = f"{counted(len(labels), 'label')} for {counted(n_data, 'input')}; give one each"
            raise InputError(message, place="data.labels")
    return replace(problem, inputs=inputs, is_input_symbolic=is_symbolic, labels=labels)


def _inputs(value: object, architecture: Architecture) -> tuple[Vector, ...]:
    if isinstance(value, str):
        raise InputError(f'{described(value)} is not a list; write [[..], [..]] or "symbolic"', place="data.inputs")
    inputs = []
    for k, entry in enumerate(entries(value, "data.inputs", "at least one input: [[..], [..]]"), start=1):
        place = f"data.inputs, x{k}"
        if not isinstance(entry, list | tuple):
            raise InputError(f"{described(entry)} is not a list; write inputs = [[..], [..]]", place=place)
        inputs.append(_point(entry, place, f"{place}[{{}}]", architecture))
    return tuple(inputs)


def _point(value: object, place: str, entry_place: str, architecture: Architecture) -> Vector:
    """Return a point of input space."""
    point = vector(value, place, entry_place)
    if len(point) != architecture.n_inputs:
        message = f"{counted(len(point), 'entry')}, the net has {counted(architecture.n_inputs, 'input')}"
        raise InputError(f"{message}; make them equal", place=place)
    return point


# ---------------------------------------------------------------------- [objective]


def _with_objective(problem: Problem, section: Section) -> Problem:
    kind = choice(section.get("kind", "output"), "objective.kind", KINDS, kind="kind")
    for key, owner in (("loss", "risk"), ("reduction", "risk"), ("coefficients", "combination")):
        if key in section and kind != owner:
            message = f'only for kind = "{owner}", and kind is "{kind}"; change the kind or leave it out'
            raise InputError(message, place=f"objective.{key}")
    loss = reduction = coefficients = None
    if kind == "risk":
        if "loss" not in section:
            listed = ", ".join(f'"{name}"' for name in LOSSES.names())
            raise InputError(f"missing, needed by a risk; add loss = one of {listed}", place="objective.loss")
        loss = choice(section["loss"], "objective.loss", LOSSES.names(), kind="loss")
        reduction = choice(section.get("reduction", "sum"), "objective.reduction", REDUCTIONS, kind="reduction")
    if kind == "combination":
        coefficients = _coefficients(section, problem)
    if kind in ("risk", "log_sum_exp") and problem.labels is None and _n_data(problem) is not None:
        _missing("data.labels", "labels", kind, _n_data(problem))
    output = 1 if problem.architecture.n_outputs == 1 else None
    if "output" in section:
        output = integer(section["output"], "objective.output", least=1, most=problem.architecture.n_outputs)
    return replace(problem, kind=kind, loss=loss, reduction=reduction, coefficients=coefficients, output=output)


def _coefficients(section: Section, problem: Problem) -> Vector:
    place, n_data = "objective.coefficients", _n_data(problem)
    if "coefficients" not in section:
        _missing(place, "coefficients", "combination", n_data)
    coefficients = vector(section["coefficients"], place, place + ", c{}")
    if n_data is not None and len(coefficients) != n_data:
        message = f"{counted(len(coefficients), 'coefficient')} for {counted(n_data, 'input')}; give one each"
        raise InputError(message, place=place)
    return coefficients


def _with_point(problem: Problem, section: Section, variable: str | None, at: Sequence[object] | None) -> Problem:
    """Set what the objective is a function of, and where; the command line has the last word."""
    written = choice(section.get("variable", "weights"), "objective.variable", VARIABLES, kind="variable")
    chosen = written if variable is None else choice(variable, "--variable", VARIABLES, kind="variable")
    problem = replace(problem, is_variable_given=variable is not None or "variable" in section)
    point = None
    if "at" in section:
        if "input" not in (written, chosen):
            raise InputError('only for variable = "input"; set that or leave it out', place="objective.at")
        point = _point(section["at"], "objective.at", "objective.at, x[{}]", problem.architecture)
    if at is not None:
        if chosen != "input":
            raise InputError("a point of input space, but the variable is weights; add --variable input", place="--at")
        point = _point(at, "--at", "--at, x[{}]", problem.architecture)
    if chosen == "weights":
        return replace(problem, variable=chosen)
    if point is None and problem.inputs is not None:
        point = problem.inputs[0]
    return replace(problem, variable=chosen, at=point)


def _n_data(problem: Problem) -> int | None:
    """How many data the file gives; None where it gives no inputs at all."""
    if problem.is_input_symbolic:
        return 1
    return None if problem.inputs is None else len(problem.inputs)


def _missing(place: str, key: str, kind: str, count: int | None) -> None:
    how_many = "" if count is None else f" with {counted(count, 'entry')}"
    raise InputError(f"missing, needed by {kind_in_words(kind)}; add {key} = [..]{how_many}", place=place)


# ---------------------------------------------------------------------- [domain], [flow], [laws]


def _domain(value: object, architecture: Architecture) -> Domain:
    section = table(value, "domain", _DOMAIN, homes=_HOMES)
    if "box" in section:
        if "A" in section or "b" in section:
            raise InputError("both box and A x <= b; keep one of them", place="domain")
        return Domain(box=_box(section["box"], architecture))
    for key in ("A", "b"):
        if key not in section:
            message = "missing; write box = [[..]], or both A = [[..]] and b = [..]"
            raise InputError(message, place=f"domain.{key}" if section else "domain")
    rows = matrix(section["A"], "domain", "A")
    bounds = vector(section["b"], "domain.b", "domain.b, b[{}]")
    if len(rows[0]) != architecture.n_inputs:
        message = f"{counted(len(rows[0]), 'column')}, the net has {counted(architecture.n_inputs, 'input')}"
        raise InputError(f"{message}; make them equal", place="domain, A")
    if len(bounds) != len(rows):
        message = f"{counted(len(bounds), 'entry')}, A has {counted(len(rows), 'row')}; make them equal"
        raise InputError(message, place="domain.b")
    return Domain(matrix=rows, bounds=bounds)


def _box(value: object, architecture: Architecture) -> tuple[tuple[fmpq, fmpq], ...]:
    sides = []
    for i, side in enumerate(entries(value, "domain.box", "one interval an input: [[..], [..]]"), start=1):
        place = f"domain.box, side {i}"
        ends = vector(side, place, place + ", entry {}")
        if len(ends) != 2 or not ends[0] < ends[1]:
            raise InputError("not an interval; write [lower, upper] with lower < upper", place=place)
        sides.append((ends[0], ends[1]))
    if len(sides) != architecture.n_inputs:
        message = f"{counted(len(sides), 'side')}, the net has {counted(architecture.n_inputs, 'input')}"
        raise InputError(f"{message}; make them equal", place="domain.box")
    return tuple(sides)


def _flow(value: object, architecture: Architecture) -> FlowSettings:
    section = table(value, "flow", _FLOW, homes=_HOMES)
    settings = FlowSettings()
    if "until" in section:
        settings = replace(settings, until=_time(section["until"], "flow.until"))
    if "digits" in section:
        settings = replace(settings, digits=integer(section["digits"], "flow.digits", least=1, most=_MOST_DIGITS))
    if "trained" in section:
        settings = replace(settings, trained=_trained(section["trained"], architecture))
    if "checkpoints" in section:
        listed = entries(section["checkpoints"], "flow.checkpoints", 'times such as ["1", "5"]')
        times = tuple(_time(time, f"flow.checkpoints, entry {i}") for i, time in enumerate(listed, start=1))
        settings = replace(settings, checkpoints=times)
    if "on_nonunique" in section:
        chosen = choice(section["on_nonunique"], "flow.on_nonunique", _ON_NONUNIQUE, kind="choice")
        settings = replace(settings, on_nonunique=chosen)
    if "validated" in section:
        settings = replace(settings, validated=truth(section["validated"], "flow.validated"))
    return settings


def _time(value: object, place: str) -> fmpq:
    time = number(value, place)
    if time < 0:
        raise InputError(f"{described(value)} is negative; the flow starts at time 0", place=place)
    return time


def _trained(value: object, architecture: Architecture) -> tuple[str, ...]:
    layers = range(1, architecture.n_layers + 1)
    known = tuple(
        name for layer in layers for name in ([f"W{layer}", f"b{layer}"] if architecture.has_biases else [f"W{layer}"])
    )
    listed = entries(value, "flow.trained", 'names such as ["W1"]')
    names = tuple(
        choice(entry, f"flow.trained, entry {i}", known, kind="parameter") for i, entry in enumerate(listed, start=1)
    )
    if len(set(names)) != len(names):
        raise InputError("a name stands twice; keep one", place="flow.trained")
    return names


def _laws(value: object) -> LawsSettings:
    section = table(value, "laws", ("model",))
    if "model" not in section:
        return LawsSettings()
    return LawsSettings(choice(section["model"], "laws.model", _LAWS_MODELS, kind="model"))
