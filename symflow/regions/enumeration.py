"""All cells of a net: pieces are cut until they are finished, here or on the workers of an executor.

What a piece becomes depends on the piece alone, so that the order, the executor and the moments at which pieces are
split do not change the set of cells; ``region_complex.py`` puts them together in one canonical order. A worker's loss
costs time, not cells: what it was given is computed again in this process, and said.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import final

import numpy as np

from symflow.errors import SymflowError
from symflow.regions.piece import Piece
from symflow.regions.start import Start, first_pieces

# A piece with more faces than this is split: its arrays should fit in memory, and in a cache if need be.
MOST_FACES = 2_000_000
# Where pieces are handed out, or work may have to stop, they are smaller.
_FACES_HANDED_OUT = 100_000
# A worker comes back after so many seconds, with what it has.
_SLICE = 5.0
# So many pieces are wanted before anything is handed out.
_FIRST_PIECES = 16


@final
@dataclass(frozen=True, slots=True)
class Progress:
    """How far the enumeration is.

    Parameters
    ----------
    n_found : int
        Cells with their whole pattern.
    n_open : int
        Cells so far that are still being cut.
    """

    n_found: int
    n_open: int


@final
@dataclass(frozen=True, slots=True)
class Control:
    """When to stop, and whom to tell.

    Parameters
    ----------
    max_cells : int, optional
        So many cells, no more.
    deadline : float, optional
        On the clock of `time.monotonic`.
    is_interrupted : function, optional
        Asked between two cuts; true means to stop.
    report : function, optional
        Told how far the work is.
    warn : function, optional
        Told in one sentence when a worker was lost.
    """

    max_cells: int | None = None
    deadline: float | None = None
    is_interrupted: Callable[[], bool] | None = None
    report: Callable[[Progress], None] | None = None
    warn: Callable[[str], None] | None = None

    @property
    def may_stop(self) -> bool:
        """Whether the work may have to end early."""
        return self.max_cells is not None or self.deadline is not None or self.is_interrupted is not None

    def is_over(self) -> bool:
        """Whether time is up or someone interrupted."""
        if self.is_interrupted is not None and self.is_interrupted():
            return True
        return self.deadline is not None and time.monotonic() >= self.deadline


NO_CONTROL = Control()


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """What the enumeration brought.

    Parameters
    ----------
    finished : list of Piece
        All their cells are cells of the net.
    unfinished : list of Piece
        Every other cell of the net lies in a cell of one of these.
    """

    finished: list[Piece]
    unfinished: list[Piece]


Keep = Callable[[Piece], Piece | None]


def enumerate_pieces(
    begin: Start, *, control: Control = NO_CONTROL, executor: Executor | None = None, keep: Keep | None = None
) -> Outcome:
    """Cut everything into cells.

    Parameters
    ----------
    begin : Start
        Where to start.
    control : Control
        When to stop.
    executor : Executor, optional
        Whose workers do it; without one, this process does.
    keep : function, optional
        Returns the part of a piece that is wanted, None if nothing is: how a later run leaves out what is done.
    """
    queue = _Queue(first_pieces(begin), keep)
    most_faces = MOST_FACES if executor is None and not _is_small_steps(control) else _FACES_HANDED_OUT
    finished: list[Piece] = []
    if executor is None:
        _work_here(queue, finished, control, most_faces, enough=None)
    else:
        # A few cuts are made here, so that there is something to hand out.
        _work_here(queue, finished, control, most_faces // 50, enough=_FIRST_PIECES)
        _hand_out(queue, finished, control, most_faces, executor)
    if control.max_cells is not None:
        finished, rest = _at_most(finished, control.max_cells)
        queue.pieces.extend(rest)
    return Outcome(finished, list(queue.drain()))


def _is_small_steps(control: Control) -> bool:
    return control.max_cells is not None or control.deadline is not None


class _Queue:
    """The pieces to work on, the last one put in first; the first pieces are made when they are needed."""

    def __init__(self, first: Iterator[Piece], keep: Keep | None) -> None:
        self.first = first
        self.keep = keep
        self.pieces: deque[Piece] = deque()

    def pop(self) -> Piece | None:
        while True:
            piece = self.pieces.pop() if self.pieces else next(self.first, None)
            if piece is None or self.keep is None:
                return piece
            kept = self.keep(piece)
            if kept is not None:
                return kept

    def wanted(self, finished: Iterable[Piece]) -> list[Piece]:
        """Return the wanted parts of finished pieces."""
        if self.keep is None:
            return list(finished)
        return [part for piece in finished if (part := self.keep(piece)) is not None]

    def push(self, pieces: Iterable[Piece]) -> None:
        self.pieces.extend(pieces)

    def n_cells(self) -> int:
        return sum(piece.n_cells for piece in self.pieces)

    def drain(self) -> Iterator[Piece]:
        while (piece := self.pop()) is not None:
            yield piece


def _work_here(queue: _Queue, finished: list[Piece], control: Control, most_faces: int, *, enough: int | None) -> None:
    """Work on pieces in this process, until none is left, it is time to stop, or there are enough to hand out."""
    n_found = sum(piece.n_cells for piece in finished)
    while enough is None or len(queue.pieces) < enough:
        if control.is_over() or (control.max_cells is not None and n_found >= control.max_cells):
            return
        piece = queue.pop()
        if piece is None:
            return

        def tell(piece: Piece = piece, n_found: int = n_found) -> bool:
            if control.report is not None:
                control.report(Progress(n_found, piece.n_cells + queue.n_cells()))
            return control.is_over()

        done, rest = _advance(piece, most_faces, tell, queue.keep)
        finished += done
        n_found += sum(piece.n_cells for piece in done)
        queue.push(rest)


def _advance(
    piece: Piece, most_faces: int, is_over: Callable[[], bool], keep: Keep | None = None
) -> tuple[list[Piece], list[Piece]]:
    """Cut a piece, and what is kept of it, until it is finished, too large, or it is time to stop."""
    while not piece.is_finished:
        if sum(piece.lattice.counts) > most_faces and piece.n_cells > 1:
            return [], list(piece.halves())
        if is_over():
            return [], [piece]
        piece.advance()
        kept = piece if keep is None else keep(piece)
        if kept is None:
            return [], []
        piece = kept
    return [piece], []


def work(piece: Piece, most_faces: int, seconds: float) -> tuple[list[Piece], list[Piece]]:
    """Do a worker's share: for so many seconds, cut a piece; return what is finished and what is not."""
    end = time.monotonic() + seconds
    return _advance(piece, most_faces, lambda: time.monotonic() >= end)


def _hand_out(queue: _Queue, finished: list[Piece], control: Control, most_faces: int, executor: Executor) -> None:
    """Let the workers of an executor do the rest."""
    running: dict[Future[tuple[list[Piece], list[Piece]]], Piece] = {}
    n_found = sum(piece.n_cells for piece in finished)
    lost: deque[Piece] = deque()
    is_broken = False
    while True:
        over = control.is_over() or (control.max_cells is not None and n_found >= control.max_cells)
        while not over and not is_broken and len(running) < 64 and (piece := queue.pop()) is not None:
            seconds = _SLICE if control.deadline is None else max(0.0, min(_SLICE, control.deadline - time.monotonic()))
            try:
                running[executor.submit(work, piece, most_faces, seconds)] = piece
            except RuntimeError:  # the pool is broken or shut down
                lost.append(piece)
                is_broken = True
        if over:
            for future in list(running):
                if future.cancel():
                    queue.push([running.pop(future)])
        if not running:
            break
        ready, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in ready:
            piece = running.pop(future)
            try:
                done, rest = future.result()
            except SymflowError:
                raise
            except Exception:  # the worker died, whatever its executor calls that
                lost.append(piece)
                is_broken = is_broken or getattr(executor, "_broken", False) is not False
                continue
            done = queue.wanted(done)
            finished += done
            n_found += sum(piece.n_cells for piece in done)
            queue.push(rest)
        if control.report is not None:
            n_open = sum(piece.n_cells for piece in running.values()) + queue.n_cells()
            control.report(Progress(n_found, n_open))
    if lost:
        if control.warn is not None:
            control.warn("a worker was lost; its share is computed in this process")
        queue.push(lost)
        _work_here(queue, finished, control, most_faces, enough=None)


def _at_most(finished: list[Piece], most: int) -> tuple[list[Piece], list[Piece]]:
    """Return pieces with so many cells in all, and the rest."""
    kept: list[Piece] = []
    rest: list[Piece] = []
    for piece in finished:
        room = most - sum(each.n_cells for each in kept)
        if piece.n_cells <= room:
            kept.append(piece)
        elif room <= 0:
            rest.append(piece)
        else:
            cells = np.arange(piece.n_cells, dtype=np.int32)
            kept.append(piece.part(cells[:room]))
            rest.append(piece.part(cells[room:]))
    return kept, rest
