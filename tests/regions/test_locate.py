"""Signs of all cuts at many points: whether they are those expected is decided exactly, and no more than that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.nets.network import Network
from symflow.regions import locate
from symflow.regions.integer_layers import IntegerNet, integer_net
from symflow.regions.locate import cut_signs, exact_cut_signs
from symflow.regions.region_graph import RegionGraph
from tests.regions.nets import networks


@given(networks(n_units=6, kinds=("relu", "leaky_relu", "abs", "identity")), st.data())
def test_whether_signs_are_those_of_a_cell_is_decided_exactly(net: Network, data: st.DataObject) -> None:
    graph = RegionGraph.of(net)
    count = data.draw(st.integers(1, 7))
    small = st.integers(-3, 3)
    points = [(*(data.draw(small) for _ in range(graph.complex.net.n_inputs)), 1) for _ in range(count)]
    expected = graph.complex.cell_signs[data.draw(st.lists(st.integers(0, graph.n_cells - 1), min_size=count))[:count]]
    points = points[: len(expected)]
    # A 0 of a cell is one at every point where the signs before it are those of the cell.
    found = (cut_signs(graph.complex.net, points, expected=expected) == expected).all(axis=1)
    exact = [exact_cut_signs(graph.complex.net, point) for point in points]
    assert found.tolist() == [signs == row for signs, row in zip(exact, expected.tolist(), strict=True)]


def test_what_overflows_on_the_way_decides_nothing() -> None:
    # At x2 = 1 the second layer is E B - 2 E B + E < 0; in floats E B is infinite, and fused it stays +inf.
    E, B = 2**62, int(1e300)
    first = [[0, B], [0, -1], [0, 2 * B], [0, B]]
    net = integer_net(Network.from_weights(first, [[E, -1, -E, 0]], [[1]], biases=[[0] * 4, [E], [0]]))
    for n in range(1, 9):
        assert cut_signs(net, [(0, k, 1) for k in range(1, n + 1)]).tolist() == [[1, -1, 1, 1, -1]] * n


def test_points_that_floats_refute_cost_no_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    net = integer_net(Network.from_weights([[1], [3]], [[1, 1]], biases=[[0, -1], [0]]))
    asked: list[Sequence[int]] = []
    evaluate = locate.exact_cut_signs

    def counted(net: IntegerNet, point: Sequence[int], **options: object) -> list[int]:
        asked.append(point)
        return evaluate(net, tuple(point), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(locate, "exact_cut_signs", counted)
    # 0 lies on the first kink, and is no point of a cell that is positive on the second.
    signs = cut_signs(net, [(0, 1), (0, 1), (5, 1)], expected=np.array([[1, 1], [1, -1], [1, 1]], np.int8))
    assert asked == [(0, 1)]
    assert signs[1:].tolist() == [[0, -1], [1, 1]]
