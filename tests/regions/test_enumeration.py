"""Pieces of any size, in any process, until they are done or it is time to stop: the cells are the same."""

from __future__ import annotations

import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.nets.network import Network
from symflow.regions import enumeration
from symflow.regions.enumeration import Control, Progress
from symflow.regions.region_graph import RegionGraph
from tests.regions.agreement import check_pieces, contents
from tests.regions.nets import domains, drawn_normal, networks
from tests.regions.test_region_graph import TRIANGLE, by_hand, maxpool

# ---------------------------------------------------------------------- pieces


@pytest.mark.parametrize("name", by_hand())
def test_degenerate_nets_have_the_same_graph_in_pieces_of_any_size(name: str) -> None:
    check_pieces(by_hand()[name])


@pytest.mark.parametrize("name", ["f"])
def test_the_drawn_nets_have_the_same_graph_in_pieces_of_any_size(name: str) -> None:
    check_pieces(drawn_normal(name), sizes=[(200, 1)])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a", "c", "b"])
def test_larger_nets_have_the_same_graph_in_pieces_of_any_size(name: str) -> None:
    check_pieces(drawn_normal(name), sizes=[(200, 1)])


@settings(max_examples=20)
@given(networks(n_units=7))
def test_drawn_nets_have_the_same_graph_in_pieces_of_any_size(network: Network) -> None:
    check_pieces(network)


@settings(max_examples=20)
@given(networks(n_units=6, kinds=("maxpool", "maxpool", "relu")))
def test_drawn_nets_with_maxima_have_the_same_graph_in_pieces_of_any_size(network: Network) -> None:
    check_pieces(network)


@settings(max_examples=15)
@given(st.data())
def test_drawn_nets_on_a_box_have_the_same_graph_in_pieces_of_any_size(data: st.DataObject) -> None:
    network = data.draw(networks(n_units=5))
    n = network.architecture.n_inputs
    box = [[int(i == j) * s for j in range(n)] for i in range(n) for s in (1, -1)], [2] * (2 * n)
    rows, bounds = data.draw(domains(n))
    more = [(row, abs(bound) + 1) for row, bound in zip(rows, bounds, strict=True)]  # the origin is inside
    check_pieces(network, ([*box[0], *(row for row, _ in more)], [*box[1], *(bound for _, bound in more)]))


def test_the_first_orthants_are_handled_apart_in_many_dimensions() -> None:
    # 3^8 faces are too many at once; the hyperplanes between the groups are coordinates, which cut no cell.
    n = 8
    identity = [[int(i == j) for j in range(n)] for i in range(n)]
    rows = [[1 if j >= i else 0 for j in range(n)] for i in range(n)]
    net = Network.from_weights(identity, rows, [[1] * n], activation=[maxpool(*[[i] for i in range(n)]), "relu"])
    graph = RegionGraph.of(net)
    assert (graph.n_cells, graph.n_adjacencies, graph.n_bounded) == (2**n, n * 2 ** (n - 1), 0)


# ---------------------------------------------------------------------- executors


class Broken(Executor):
    """An executor whose workers die after some work."""

    def __init__(self, n_good: int) -> None:
        self.n_left = n_good

    def submit(self, function: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.n_left <= -2:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.n_left -= 1
        if self.n_left < 0:
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(function(*arguments, **keywords))
        return future


@pytest.mark.parametrize("name", ["f", "maxpool of maxpool"])
def test_the_graph_is_the_same_whoever_enumerates(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 100)
    network = drawn_normal("f") if name == "f" else by_hand()[name]
    whole = contents(RegionGraph.of(network))
    with ThreadPoolExecutor(2) as executor:
        assert contents(RegionGraph.of(network, executor=executor)) == whole


@pytest.mark.slow
def test_the_graph_is_the_same_when_processes_enumerate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 1000)
    network = drawn_normal("a")
    whole = contents(RegionGraph.of(network))
    with ProcessPoolExecutor(2) as executor:
        assert contents(RegionGraph.of(network, executor=executor)) == whole


def test_work_is_handed_out_as_soon_as_a_net_is_not_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 1000)
    counting = Broken(10**6)
    RegionGraph.of(drawn_normal("a"), executor=counting)
    assert counting.n_left < 10**6 - 10


@pytest.mark.parametrize("n_good", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 5))])
def test_what_a_lost_worker_was_given_is_computed_here(n_good: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 100)
    monkeypatch.setattr(enumeration, "_SLICE", 0.0)
    network = drawn_normal("a")
    said: list[str] = []
    executor = Broken(n_good)
    graph = RegionGraph.of(network, executor=executor, control=Control(warn=said.append))
    assert contents(graph) == contents(RegionGraph.of(network))
    assert len(said) == (executor.n_left < 0)
    assert all(sentence.startswith("a worker was lost") for sentence in said)


# ---------------------------------------------------------------------- stopping


def stop_after(n: int) -> Control:
    """Stop after so many looks at the clock."""
    left = iter([False] * n)
    return Control(is_interrupted=lambda: next(left, True))


def completes(pattern: str, word: str) -> bool:
    """Whether a pattern is among the completions of a partial one."""
    return all(w in ("*", p) for w, p in zip(word, pattern, strict=True))


def check_part(part: RegionGraph, whole: RegionGraph) -> None:
    """Compare an incomplete graph with the whole one: nothing said is wrong, nothing that is missing is hidden."""
    cells = {cell.pattern: cell for cell in whole.cells}
    found = [cell.pattern for cell in part.cells]
    assert set(found) <= set(cells)
    for pattern in set(cells) - set(found):
        assert any(completes(pattern, word) for word in part.missing)
    assert (part.status == "complete") == (not part.missing)
    if not part.missing:
        assert contents(part) == contents(whole)
    for cell in part.cells:
        same = cells[cell.pattern]
        assert (cell.is_bounded, cell.vertices, cell.rays) == (same.is_bounded, same.vertices, same.rays)
        assert (cell.interior_point, cell.gradient, cell.offset) == (same.interior_point, same.gradient, same.offset)
    walls = {tuple(whole.pattern(i) for i in wall.cells): wall.point for wall in whole.walls}
    here = {tuple(part.pattern(i) for i in wall.cells): wall.point for wall in part.walls}
    assert here == {pair: point for pair, point in walls.items() if set(pair) <= set(found)}
    n_open = sum((first in found) != (second in found) for first, second in walls)
    assert len({facet.cell for facet in part.complex.open_facets}) <= n_open <= len(part.complex.open_facets)
    if not part.complex.begin.needs_joining:
        assert len(part.complex.open_facets) == n_open


STOPPED = by_hand() | {"triangle": TRIANGLE}


@pytest.mark.parametrize("third", [0, *(pytest.param(third, marks=pytest.mark.slow) for third in (1, 2))])
@pytest.mark.parametrize("name", STOPPED)
def test_a_run_that_is_stopped_says_nothing_wrong_and_what_is_missing(name: str, third: int) -> None:
    network = STOPPED[name]
    whole = RegionGraph.of(network)
    for n in [*range(third, whole.n_cells, 3), whole.n_cells, whole.n_cells + 1]:
        check_part(RegionGraph.of(network, control=Control(max_cells=n)), whole)
    for n in range(third, 6, 3):
        check_part(RegionGraph.of(network, control=stop_after(n)), whole)


@settings(max_examples=20)
@given(networks(n_inputs=(2, 3), n_units=6, kinds=("maxpool", "maxpool", "relu")), st.integers(1, 12))
def test_a_cell_of_which_a_part_is_missing_is_not_said_to_be_found(network: Network, n: int) -> None:
    whole = RegionGraph.of(network)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enumeration, "_FACES_HANDED_OUT", 100)
        check_part(RegionGraph.of(network, control=Control(max_cells=n)), whole)


@pytest.mark.parametrize("most_faces", [1, 20])
def test_a_run_on_a_domain_that_is_stopped_says_what_is_missing(
    most_faces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 5 * most_faces)
    domain = ([[1, 0], [-1, 0], [0, 1], [0, -1]], [2, 2, 2, 2])
    whole = RegionGraph.of(TRIANGLE, domain=domain)
    for n in range(whole.n_cells + 1):
        part = RegionGraph.of(TRIANGLE, domain=domain, control=Control(max_cells=n))
        assert part.n_cells == n
        check_part(part, whole)


def test_no_more_cells_than_asked_for_are_found() -> None:
    network = drawn_normal("f")
    assert [RegionGraph.of(network, control=Control(max_cells=n)).n_cells for n in (0, 1, 100, 400)] == [0, 1, 100, 362]


def test_a_deadline_that_has_passed_finds_nothing_and_misses_everything() -> None:
    graph = RegionGraph.of(TRIANGLE, control=Control(deadline=time.monotonic() - 1))
    assert (graph.n_cells, graph.n_adjacencies, graph.missing) == (0, 0, ("***",))


def test_a_group_that_is_decided_before_another_keeps_its_place_in_the_partial_pattern() -> None:
    network = Network.from_weights(
        [[1, 0], [0, 1], [1, 1], [1, -1], [2, 1]], [[1, 1, 1]], activation=maxpool([0, 1], [2, 3], [4])
    )
    assert RegionGraph.of(network, control=stop_after(2)).missing == ("1*1", "2*1")


def test_progress_is_told() -> None:
    told: list[Progress] = []
    RegionGraph.of(drawn_normal("f"), control=Control(report=told.append))
    assert told[0] == Progress(0, 4)
    assert max(progress.n_open for progress in told) <= 362


def test_time_for_what_is_done_afterwards_is_left() -> None:
    """With a second for each cell ten cells fill ten seconds, and without any number does not."""
    control = Control(deadline=time.monotonic() + 10, seconds_a_cell=1.0)
    assert not control.is_over(n_found=9)
    assert control.is_over(n_found=10)
    assert not Control(deadline=time.monotonic() + 10).is_over(n_found=10**9)
    begin = time.monotonic()
    assert control.most_faces(begin) <= Control(deadline=control.deadline).most_faces(begin)
