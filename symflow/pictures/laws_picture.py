"""How many conservation laws there are on each cell of a neuron's weights, on the map of these cells.

In a net of one hidden layer the cells of weight space are a product over the neurons. The map shows the factor of one
neuron that has two weights (or one and a bias); the others stay on cells of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from symflow.errors import InputError
from symflow.laws.conservation import ConservationLaws, laws_on_cells
from symflow.nets.architecture import Architecture
from symflow.nets.network import exact_input
from symflow.pictures.picture_file import write_picture
from symflow.pictures.region_map import Counts, RegionMap, region_map
from symflow.pictures.window import Sides, Window
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_regions import WeightRegions

NOUN = "conservation law"


def laws_map(
    architecture: Architecture,
    data: Sequence[Sequence[object]],
    *,
    neuron: int = 1,
    others: Sequence[str] = (),
    trained: Sequence[str] | None = None,
    window: Sides | Window | None = None,
) -> RegionMap:
    """Return the map of the cells of one neuron, with the number of laws on each.

    Parameters
    ----------
    architecture : Architecture
        One hidden layer, without pooling; the neuron has two weights, or one and a bias.
    data : sequence of vectors
        The inputs.
    neuron : int
        From 1.
    others : sequence of str
        For each other neuron, in order, its sign on each datum, such as ``"+-"``; by default on everywhere.
    trained : sequence of str, optional
        The matrices and biases that move; by default all.
    window : ((low, high), (low, high)), optional
        What to show.

    Raises
    ------
    InputError
        If the net is another, or a pattern has another length.

    Examples
    --------
    A neuron of two weights beside one that is on for both data. Where it has the same signs, there is a law more.

    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
    >>> map_ = laws_map(shape, [(1, 0), (0, 1)], neuron=2)
    >>> [(map_.graph.pattern(cell.index), map_.counts.numbers[cell.index]) for cell in map_.cells]
    [('--', 4), ('-+', 3), ('+-', 3), ('++', 3)]
    """
    shape, regions = architecture, WeightRegions.of(architecture, data)
    if not regions.is_cut or shape.activation(1).is_group or not data:
        raise InputError("the map is for one hidden layer of units with kinks, and data", place="picture")
    graph = RegionGraph.of(regions.factor_network(neuron))
    chosen = list(others) or ["+" * len(data)] * (shape.widths[1] - 1)
    if len(chosen) != shape.widths[1] - 1 or any(len(word) != len(data) for word in chosen):
        raise InputError(f"{shape.widths[1] - 1} other neurons, {len(data)} signs each", place="picture")
    found: list[ConservationLaws] = []
    for cell in graph.cells:
        words = [*chosen[: neuron - 1], cell.pattern, *chosen[neuron - 1 :]]
        pattern = "|".join("".join(word[k] for word in words) for k in range(len(data)))
        found.append(laws_on_cells(shape, regions.data, [pattern], trained=trained))
    map_ = region_map(graph, window=window)
    index = str(neuron) if shape.widths[1] > 1 else ""
    letters = (("u", index), ("b", index)) if shape.has_biases else (("u", f"{index}1"), ("u", f"{index}2"))
    counts = tuple(each.n_laws_at_most if each.is_lie_dimension_exact else each.n_laws for each in found)
    return replace(map_, names=letters, counts=Counts(counts, NOUN))


def laws_map_at(problem: Problem, *, neuron: int = 1) -> RegionMap:
    """Return the map for a problem's net and data, the other neurons where its weights are.

    Raises
    ------
    InputError
        If another neuron vanishes on a datum.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["1", "2"], ["0", "1"]], [["1", "1"]]]}
    >>> problem = problem_from_tree({"network": network, "data": {"inputs": [["1", "0"], ["0", "1"]]}})
    >>> laws_map_at(problem, neuron=2).counts.numbers
    (4, 3, 3, 3)
    """
    network, inputs = problem.known_network, problem.inputs or ()
    others = []
    for row in range(network.architecture.widths[1]):
        values = [network.affine(1, exact_input(x, network.architecture.n_inputs))[row] for x in inputs]
        others.append("".join("0" if z == 0 else "+" if z > 0 else "-" for z in values))
    del others[neuron - 1]
    if any("0" in word and any(entry != 0 for entry in x) for word in others for x in inputs):
        raise InputError("another neuron vanishes on a datum; its cell is not determined", place="picture")
    trained = problem.flow.trained if problem.flow is not None else None
    return laws_map(problem.architecture, inputs, neuron=neuron, others=others, trained=trained)


def write_laws_picture(problem: Problem, path: str | Path, *, neuron: int = 1) -> None:
    """Write the map for a problem's net and data to a file: .svg, .tex, .png or .pdf.

    Raises
    ------
    InputError
        If the net is another than such a map shows, or the file cannot be written.
    """
    write_picture(laws_map_at(problem, neuron=neuron), path)
