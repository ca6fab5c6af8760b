"""Whoever enumerates, the result is the same to the byte; and whoever dies meanwhile takes nothing with him."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from typing import Any

import pytest

from symflow.errors import InputError, NotSupportedError
from symflow.nets.network import Network
from symflow.problem import Problem
from symflow.regions import enumeration
from symflow.regions.enumeration import Control, Progress
from symflow.regions.executors import Processes, cluster, processes
from symflow.regions.region_graph import RegionGraph
from symflow.reports.regions_result import regions_result
from symflow.writing import json_text
from tests.regions.nets import drawn_normal
from tests.regions.test_region_graph import TRIANGLE, by_hand

HAS_DASK = importlib.util.find_spec("distributed") is not None
needs_dask = pytest.mark.skipif(
    not HAS_DASK, reason="dask.distributed is not installed: pip install 'symflow[cluster]'"
)


def text(network: Network, executor: Executor | None = None, control: Control | None = None) -> str:
    graph = RegionGraph.of(network, executor=executor, control=control or Control())
    return json_text(regions_result(Problem(network.architecture, network, variable="input"), graph))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything handed out at once, in many small pieces."""
    monkeypatch.setattr(enumeration, "_ALONE", -1.0)
    monkeypatch.setattr(enumeration, "_FACES_HANDED_OUT", 400)
    monkeypatch.setattr(enumeration, "_SLICE", 0.01)


@contextmanager
def dask() -> Iterator[Executor]:
    with local_cluster() as (scheduler, _), cluster(scheduler.scheduler_address) as executor:
        yield executor


@contextmanager
def local_cluster() -> Iterator[tuple[Any, list[int]]]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as scheduler:
        yield scheduler, [nanny.pid for nanny in scheduler.workers.values()]


# ---------------------------------------------------------------------- the same bytes

EXECUTORS: dict[str, Callable[[], AbstractContextManager[Executor]]] = {
    "threads": lambda: ThreadPoolExecutor(3),
    "processes": lambda: processes(2),
    "a pool of processes": lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    "dask": dask,
}
SLOW = [
    pytest.param("a pool of processes", marks=pytest.mark.slow),
    pytest.param("dask", marks=[pytest.mark.slow, needs_dask, pytest.mark.filterwarnings("ignore")]),
]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["threads", "processes", *SLOW])
def test_the_result_is_the_same_to_the_byte_whoever_enumerates(name: str) -> None:
    networks = [drawn_normal("a"), TRIANGLE, by_hand()["maxpool of maxpool"]]
    with EXECUTORS[name]() as executor:
        said: list[str] = []
        assert [text(net, executor, Control(warn=said.append)) for net in networks] == [text(net) for net in networks]
    assert said == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["threads", "processes", *SLOW])
def test_a_larger_net_is_the_same_to_the_byte_whoever_enumerates(name: str) -> None:
    network = drawn_normal("b")
    with EXECUTORS[name]() as executor:
        assert text(network, executor) == text(network)


def test_a_small_net_needs_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "_ALONE", 100.0)
    with processes(2) as executor:
        assert RegionGraph.of(TRIANGLE, executor=executor).n_cells == 7
        assert executor._processes == {}  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- what is lost


@pytest.mark.usefixtures("small")
def test_a_worker_that_is_killed_loses_nothing_and_is_told() -> None:
    network = drawn_normal("a")
    killed: list[int] = []
    said: list[str] = []

    def kill(_: Progress) -> None:
        for process in list(executor._processes.values())[:1]:  # type: ignore[attr-defined]
            if not killed and process.pid is not None:
                killed.append(process.pid)
                os.kill(process.pid, signal.SIGKILL)

    with processes(2) as executor:
        result = text(network, executor, Control(report=kill, warn=said.append))
    assert result == text(network)
    assert len(killed) == 1
    # Where it died between two tasks there was nothing to lose.
    assert said in (
        [],
        ["a worker was lost (RuntimeError: a process ended with exit code -9); its share is computed in this process"],
    )


@pytest.mark.slow
@needs_dask
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("small")
def test_a_worker_of_a_cluster_that_is_killed_loses_nothing() -> None:
    network = drawn_normal("a")
    with local_cluster() as (scheduler, pids), cluster(scheduler.scheduler_address) as executor:

        def kill(_: Progress) -> None:
            if pids:
                os.kill(pids.pop(), signal.SIGKILL)
                pids.clear()

        assert text(network, executor, Control(report=kill)) == text(network)
    assert pids == []


def test_a_process_that_ends_fails_its_task_and_another_one_takes_the_next() -> None:
    with processes(1) as executor:
        with pytest.raises(RuntimeError, match="a process ended with exit code 7"):
            executor.submit(os._exit, 7).result()
        assert executor.submit(divmod, 9, 4).result() == (2, 1)


def test_what_a_task_raises_comes_back_and_so_does_what_cannot_be_sent() -> None:
    with processes(1) as executor:
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result()
        with pytest.raises(RuntimeError, match="the result cannot be sent"):
            executor.submit(threading.Lock).result()
        with pytest.raises((TypeError, AttributeError)):
            executor.submit(lambda: None).result()
        assert executor.submit(divmod, 9, 4).result() == (2, 1)


def test_an_executor_that_is_shut_down_takes_no_tasks_and_gives_back_what_it_has_not_begun() -> None:
    executor = Processes(1)
    futures = [executor.submit(divmod, 9, 4) for _ in range(3)]
    assert futures[0].result() == (2, 1)
    executor.shutdown()
    assert [future.result() for future in futures] == [(2, 1)] * 3
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(divmod, 9, 4)
    executor = Processes(1)
    futures = [executor.submit(signal.pause), *(executor.submit(divmod, 9, 4) for _ in range(3))]
    while not futures[0].running():
        pass
    executor.shutdown(wait=False, cancel_futures=True)
    assert all(future.cancelled() for future in futures[1:])
    while not executor._processes:
        pass
    executor.kill()
    assert isinstance(futures[0].exception(), RuntimeError)


# ---------------------------------------------------------------------- clusters that are none


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotSupportedError, match=r"pip install 'dask\[distributed\]'"), cluster("tcp://127.0.0.1:8786"):
        pass


@needs_dask
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("address", ["here", "http://here", "127.0.0.1"])
def test_what_is_no_address_is_told_in_one_line(address: str) -> None:
    message = f"--cluster: {address} does not answer: .*; give the address of a running scheduler"
    with pytest.raises(InputError, match=message), cluster(address):
        pass


@pytest.mark.slow
@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_or_has_no_workers_is_told() -> None:
    from distributed import LocalCluster

    with pytest.raises(InputError, match="does not answer: Timed out"), cluster("tcp://127.0.0.1:9"):
        pass
    with (
        LocalCluster(n_workers=0, dashboard_address=None) as scheduler,
        pytest.raises(InputError, match="has no workers"),
        cluster(scheduler.scheduler_address),
    ):
        pass
