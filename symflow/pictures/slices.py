"""A net on a plane in its input space: the points origin + s a + t b.

There W_1 x + b_1 = W_1 [a b] (s, t) + (W_1 origin + b_1), so that the net on the plane is a net again: the same but for
W_1' = W_1 [a b] and b_1' = W_1 origin + b_1. A domain A x <= b becomes A [a b] (s, t) <= b - A origin.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.errors import InputError
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network, Vector, exact_input
from symflow.nets.realization import Realization
from symflow.regions.region_graph import RegionGraph

# A point of the plane and two directions in it.
Plane = Sequence[Sequence[object]]


def sliced_network(network: Network, plane: Plane) -> Network:
    """Return the net (s, t) -> f(origin + s a + t b).

    Parameters
    ----------
    network : Network
        The net f.
    plane : (origin, a, b)
        A point and two directions, as long as the input.

    Raises
    ------
    InputError
        If a and b do not span a plane.

    Examples
    --------
    >>> net = Network.from_weights([[1, 2, 3]], [[1]])
    >>> sliced = sliced_network(net, ((0, 0, 1), (1, 0, 0), (0, 1, 0)))
    >>> sliced.weights, sliced.biases
    ((((1, 2),), ((1,),)), ((3,), (0,)))
    >>> sliced((1, "1/2")) == net((1, "1/2", 1))
    True
    """
    origin, *directions = _exact_plane(plane, network.architecture.n_inputs)
    below = network.biases or tuple((fmpq(0),) * len(matrix) for matrix in network.weights)
    first = tuple(tuple(_product(row, direction) for direction in directions) for row in network.weights[0])
    bias = tuple(_product(row, origin) + entry for row, entry in zip(network.weights[0], below[0], strict=True))
    has_biases = network.biases is not None or any(bias)
    return Network.assemble(
        (first, *network.weights[1:]), (bias, *below[1:]) if has_biases else None, network.architecture.activations
    )


def sliced_graph(function: RegionGraph | Network | Realization, plane: Plane) -> RegionGraph:
    """Return the region graph of a net on a plane; that of a graph is cut to the graph's domain.

    Examples
    --------
    >>> net = Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]])
    >>> sliced_graph(net, ((1, 0, 0), (-1, 1, 0), (-1, 0, 1)))
    RegionGraph(7 cells, 9 walls, exact)
    """
    network = function if isinstance(function, Network) else function.network
    sliced = sliced_network(network, plane)
    if not isinstance(function, RegionGraph) or not function.complex.begin.domain:
        return RegionGraph.of(sliced)
    origin, *directions = _exact_plane(plane, network.architecture.n_inputs)
    matrix, bounds = [], []
    for covector in function.complex.begin.domain:  # covector of (x, D) on the section, nonnegative inside
        row = [fmpq(0)] * len(origin)
        for column, entry in zip(function.complex.begin.columns, covector, strict=False):
            row[column] = fmpq(entry)
        matrix.append([-_product(row, direction) for direction in directions])
        bounds.append(_product(row, origin) + covector[-1])
    return RegionGraph.of(sliced, domain=(matrix, bounds))


def place_on(plane: Plane, point: Sequence[object]) -> Vector | None:
    """Return (s, t) with point = origin + s a + t b; None where the point is not on the plane.

    Examples
    --------
    >>> plane = ((0, 0, 1), (1, 0, 0), (1, 1, 0))
    >>> place_on(plane, (3, 2, 1)), place_on(plane, (3, 2, 0))
    ((1, 2), None)
    """
    origin, a, b = _exact_plane(plane, len(point))
    way = [x - o for x, o in zip(exact_input(point, len(origin), place="point"), origin, strict=True)]
    for i in range(len(way)):
        for j in range(i):
            minor = a[i] * b[j] - a[j] * b[i]
            if minor != 0:  # two rows decide, the others must agree
                s, t = (way[i] * b[j] - way[j] * b[i]) / minor, (a[i] * way[j] - a[j] * way[i]) / minor
                is_on = all(w == s * u + t * v for w, u, v in zip(way, a, b, strict=True))
                return (s, t) if is_on else None
    raise AssertionError("a plane has two independent directions")


def _exact_plane(plane: Plane, n_inputs: int) -> tuple[Vector, ...]:
    if len(plane) != 3:
        raise InputError(f"has {len(plane)} vectors; give (origin, a, b)", place="plane")
    vectors = tuple(
        exact_input(vector, n_inputs, place=f"plane.{name}")
        for name, vector in zip(("origin", "a", "b"), plane, strict=True)
    )
    if rank([list(vector) for vector in vectors[1:]]) < 2:
        raise InputError("a and b lie on one line; give two directions that span a plane", place="plane")
    return vectors


def _product(row: Sequence[fmpq], vector: Sequence[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(row, vector, strict=True)), fmpq(0))
