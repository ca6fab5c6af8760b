"""Whose workers enumerate: processes of this machine, or those of a Dask cluster (dask.distributed enters here).

Both are executors of `concurrent.futures`, and the cells do not depend on which one it is. Processes are spawned, never
forked: nothing of this one's threads and locks is copied into them. An interrupt at the keyboard is for this process
alone; its workers go on until it has taken back what they have.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pickle import PicklingError
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar, final

from symflow.errors import InputError, NotSupportedError

T = TypeVar("T")
_Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_Task: TypeAlias = tuple["Future[Any]", _Call]
_Pipe: TypeAlias = "Connection[Any, Any]"

# A cluster that has not answered after so many seconds is not there.
_PATIENCE = 10
# Pieces are large, and wanted so: dask need not warn of them.
_SETTINGS = {
    "distributed.comm.timeouts.connect": f"{_PATIENCE}s",
    "distributed.admin.large-graph-warning-threshold": "4GB",
}


@contextmanager
def processes(n_workers: int) -> Iterator[Executor]:
    """Give an executor of so many processes of this machine; at the end they are gone, whatever they are doing.

    Parameters
    ----------
    n_workers : int
        How many.

    Examples
    --------
    >>> with processes(1) as executor:
    ...     executor.submit(divmod, 7, 2).result()
    (3, 1)
    """
    executor = Processes(n_workers)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        executor.kill()


@final
class Processes(Executor):
    """Spawned processes, each with a pipe of its own: when one dies, its task fails, and a new one takes the next task.

    (The standard library's pool gives up all tasks when a process dies, and may wait for ever for the rest of a large
    result that it was sending.)

    Parameters
    ----------
    n_workers : int
        How many; each is started when there is a task for it.
    """

    def __init__(self, n_workers: int) -> None:
        self._max_workers = n_workers
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: dict[int, BaseProcess] = {}
        self._is_shut = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a process call a function; both travel by pickle."""
        if self._is_shut:
            raise RuntimeError("the executor is shut down")
        future: Future[T] = Future()
        self._tasks.put((future, (fn, args, kwargs)))
        if len(self._threads) < self._max_workers:
            thread = threading.Thread(target=self._serve, daemon=True)
            self._threads.append(thread)
            thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; the processes end when those there are have been done, or cancelled."""
        self._is_shut = True
        with suppress(Empty):
            while cancel_futures and (task := self._tasks.get_nowait()) is not None:
                task[0].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def kill(self) -> None:
        """End all processes now; what they were doing fails."""
        for process in list(self._processes.values()):
            process.kill()

    def _serve(self) -> None:
        """Pass tasks on to one process, and to another one when it has died."""
        me = threading.get_ident()
        pipe: _Pipe | None = None
        while (task := self._tasks.get()) is not None:
            future, call = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if pipe is None:
                    pipe = self._start(me)
                pipe.send(call)
                is_result, value = pipe.recv()
            except Exception as error:  # the pipe is broken, or the task or its result cannot be pickled
                pipe = None
                future.set_exception(self._bury(me, error))
                continue
            if is_result:
                future.set_result(value)
            else:
                future.set_exception(value)
        if pipe is not None:
            pipe.close()
        self._processes.pop(me, None)

    def _start(self, me: int) -> _Pipe:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve_calls, args=(there,), daemon=True)
        process.start()
        there.close()  # so that the end of the process is the end of the pipe
        self._processes[me] = process
        return here

    def _bury(self, me: int, error: Exception) -> Exception:
        process = self._processes.pop(me, None)
        if process is None:
            return error
        process.kill()
        process.join()
        if not isinstance(error, EOFError | OSError):
            return error
        return RuntimeError(f"a process ended with exit code {process.exitcode}")


def _serve_calls(pipe: _Pipe) -> None:
    """Do what the pipe asks for, in a process of its own, until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            fn, args, kwargs = pipe.recv()
            try:
                answer = True, fn(*args, **kwargs)
            except Exception as error:
                answer = False, error
            try:
                pipe.send(answer)
            except (TypeError, AttributeError, PicklingError) as error:
                pipe.send((False, RuntimeError(f"the result cannot be sent: {error}")))


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give the executor of a Dask cluster, which goes on afterwards.

    Parameters
    ----------
    address : str
        Of its scheduler, such as ``"tcp://127.0.0.1:8786"``.

    Raises
    ------
    NotSupportedError
        If dask.distributed is not installed.
    InputError
        If nobody answers at the address, or no worker is there.
    """
    try:
        from dask import config
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError:
        message = "dask is not installed; pip install 'dask[distributed]', or use --workers"
        raise NotSupportedError(message, place="--cluster") from None
    with config.set(
        {"distributed.comm.timeouts.connect": f"{_PATIENCE}s", "distributed.admin.large-graph-warning-threshold": "4GB"}
    ):
        client = _client(Client, get_address_host_port, address)
        try:
            n_workers = sum(client.ncores().values())
            if not n_workers:
                raise InputError(f"{address} has no workers; start some", place="--cluster")
            executor: Any = client.get_executor(pure=False)
            executor._max_workers = n_workers  # as the executors of concurrent.futures say it
            yield executor
            executor.shutdown(wait=False)
        finally:
            with suppress(Exception):
                client.close(timeout=_PATIENCE)


def _client(make: Any, check: Any, address: str) -> Any:
    try:
        check(address)  # before a client is made, which leaves threads behind where it fails
        return make(address, timeout=_PATIENCE, set_as_default=False)
    except Exception as error:  # a wrong address, a closed port, another version: dask has many names for it
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        message = f"{address} does not answer: {reason}; give the address of a running scheduler"
        raise InputError(message, place="--cluster") from None
