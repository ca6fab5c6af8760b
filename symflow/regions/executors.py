"""Whose workers enumerate: processes of this machine, or those of a Dask cluster (dask.distributed enters here).

Both are executors of `concurrent.futures`, and the cells do not depend on which one it is. Processes are spawned, never
forked: nothing of this one's threads and locks is copied into them. An interrupt at the keyboard is for this process
alone; its workers go on until it has taken back what they have.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from symflow.errors import InputError, NotSupportedError

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
    """
    executor = ProcessPoolExecutor(
        n_workers, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupts
    )
    try:
        yield executor
    finally:
        # What a worker still does nobody waits for: everything wanted has been taken back.
        running = list((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()
        executor.shutdown(wait=True)


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
        from distributed.comm import get_address_host_port
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


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
