"""All cells of a net: pieces are cut until they are finished, here or on the workers of an executor.

What a piece becomes depends on the piece alone, so that the order, the executor and the moments at which pieces are
split do not change the set of cells; ``region_complex.py`` puts them together in one canonical order. A worker's loss
costs time, not cells: what it was given is computed again in this process, and said.

How large pieces are is a matter of time alone. All cells of a piece are cut at once, so that one large piece is the
fastest; but only finished pieces bring cells, and what does not fit in memory, may have to stop or should keep many
workers busy must be split. A worker gives back after a second what it has, and pieces are split when workers wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, final

import numpy as np

from symflow.errors import NotSupportedError, SymflowError
from symflow.regions.piece import Piece
from symflow.regions.start import Start, first_pieces

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future  # it brings the logging library, and only workers need it

# A piece with more faces than this is split: its arrays should fit in memory, and in a cache if need be.
MOST_FACES = 2_000_000
# Those that are handed out are smaller, and so are those of a run that may have to stop: some should be finished by
# then. The more time there is, the larger they may be.
_FACES_HANDED_OUT = 500_000
_FACES_A_SECOND, _FEWEST_FACES = 10_000, 10_000
# About so many cells are found in a second.
_CELLS_A_SECOND = 5_000
# So many seconds nobody will interrupt who does not want it all to end.
_UNDISTURBED = 5.0
# One part in so many of those handed out: enough to begin with; enough to split for another worker; where few cells do.
_TO_BEGIN, _TO_SPLIT, _FOR_FEW_CELLS = 25, 100, 10
# So many seconds are spent in this process before anything is handed out: a small net needs no workers.
_ALONE = 0.25
# A worker comes back after so many seconds, with what it has.
_SLICE = 1.0
# How many workers an executor has that does not tell.
_WORKERS = 16
# More of the pieces to begin with than this are not made to be listed one by one when they are missing, nor are those
# that would take longer than so many seconds.
_MOST_LISTED, _LISTING = 256, 0.5
# One orthant of d hyperplanes has 2^d faces, and so has every cell at least that contains no line.
_MOST_DIMENSIONS = 18


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
    seconds_a_cell : float
        What is done with each cell afterwards takes so long: by the deadline that is to be done, too.
    """

    max_cells: int | None = None
    deadline: float | None = None
    is_interrupted: Callable[[], bool] | None = None
    report: Callable[[Progress], None] | None = None
    warn: Callable[[str], None] | None = None
    seconds_a_cell: float = 0.0

    def most_faces(self, start: float) -> int:
        """Return the size from which pieces are split, `start` being when the work began.

        Whatever takes a few seconds only is not split: it is done sooner than it could be of use to stop.
        """
        most = MOST_FACES
        elapsed = time.monotonic() - start
        if self.is_interrupted is not None and elapsed > _UNDISTURBED:
            most = min(most, int(_FACES_HANDED_OUT / _FOR_FEW_CELLS * elapsed / _UNDISTURBED))
        if self.max_cells is not None:
            most = min(most, _FACES_HANDED_OUT // _FOR_FEW_CELLS)
        if self.deadline is not None:
            seconds = max(0.0, min(1e6, self.deadline - start))
            slowness = 1.0 + self.seconds_a_cell * _CELLS_A_SECOND
            most = min(most, max(_FEWEST_FACES, int(_FACES_A_SECOND * seconds / slowness)))
        return most

    def is_over(self, n_found: int = 0) -> bool:
        """Whether time is up, with so many cells found, or someone interrupted."""
        if self.is_interrupted is not None and self.is_interrupted():
            return True
        return self.deadline is not None and time.monotonic() + n_found * self.seconds_a_cell >= self.deadline


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
        Every other cell of the net lies in a cell of one of these, if they are all.
    is_listed : bool
        Whether they are: of very many pieces to begin with those that were never looked at are not made.
    n_characters : int
        Of a pattern.
    """

    finished: list[Piece]
    unfinished: list[Piece]
    is_listed: bool
    n_characters: int

    @property
    def missing(self) -> list[str]:
        """The partial patterns, ``*`` where undecided, that every cell completes which is in no finished piece."""
        words = {word for piece in self.unfinished for word in piece.words()}
        return sorted(words if self.is_listed else {*words, "*" * self.n_characters})


Keep = Callable[[Piece], Piece | None]
# The size from which pieces are split now.
Size = Callable[[], int]


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

    Raises
    ------
    NotSupportedError
        In more dimensions than a face lattice can have.
    """
    if begin.dimension > _MOST_DIMENSIONS:
        raise NotSupportedError(
            f"the cells have dimension {begin.dimension}, and 2^{begin.dimension} faces each at least; "
            f"up to dimension {_MOST_DIMENSIONS} they are enumerated",
            place="network.weights",
        )
    queue = _Queue(first_pieces(begin), keep)
    finished: list[Piece] = []
    most_faces = partial(control.most_faces, time.monotonic())
    if executor is None:
        _work_here(queue, finished, control, most_faces)
    else:
        _work_here(queue, finished, control, lambda: _FACES_HANDED_OUT // _TO_BEGIN, until=time.monotonic() + _ALONE)
        _hand_out(queue, finished, control, lambda: min(most_faces(), _FACES_HANDED_OUT), executor)
    if control.max_cells is not None:
        finished, rest = _at_most(finished, control.max_cells)
        queue.push(rest)
    return Outcome(finished, *queue.rest(), begin.net.n_characters)


class _Queue:
    """The pieces to work on, the last one put in first; the first pieces are made when they are needed."""

    def __init__(self, first: Iterator[Piece], keep: Keep | None) -> None:
        self.first = first
        self.keep = keep
        self.pieces: list[Piece] = []

    def pop(self) -> Piece | None:
        while True:
            piece = self.pieces.pop() if self.pieces else next(self.first, None)
            if piece is None or self.keep is None:
                return piece
            kept = self.keep(piece)
            if kept is not None:
                return kept

    def wanted(self, finished: Iterable[Piece]) -> list[Piece]:
        """Return the wanted parts of finished pieces: a cell that is found twice would be counted twice."""
        if self.keep is None:
            return list(finished)
        return [part for piece in finished if (part := self.keep(piece)) is not None]

    def push(self, pieces: Iterable[Piece]) -> None:
        self.pieces.extend(pieces)

    def provide(self, wanted: int) -> None:
        """Have so many pieces, if there is enough to do: take first ones, and split the largest."""
        while len(self.pieces) < wanted and (piece := next(self.first, None)) is not None:
            self.pieces.append(piece)
        while self.pieces and len(self.pieces) < wanted:
            largest = max(range(len(self.pieces)), key=lambda i: _n_faces(self.pieces[i]))
            if self.pieces[largest].n_cells == 1 or _n_faces(self.pieces[largest]) < _FACES_HANDED_OUT // _TO_SPLIT:
                return
            self.pieces.extend(self.pieces.pop(largest).halves())

    def rest(self) -> tuple[list[Piece], bool]:
        """Return what was not worked on, and whether that is all of it."""
        rest: list[Piece] = []
        is_all = True
        end = time.monotonic() + _LISTING
        for n_listed, first in enumerate(self.first, start=1):
            self.pieces.append(first)
            if n_listed > _MOST_LISTED or time.monotonic() > end:
                is_all = next(self.first, None) is None
                break
        self.first = iter(())
        while (piece := self.pop()) is not None:
            rest.append(piece)
        return rest, is_all


def _work_here(
    queue: _Queue, finished: list[Piece], control: Control, most_faces: Size, *, until: float | None = None
) -> None:
    """Work on pieces in this process until none is left or it is time to stop; with `until`, or one is too large."""
    n_found = _n_cells(finished)
    is_alone = until is not None

    def is_over() -> bool:
        return control.is_over(n_found) or (until is not None and time.monotonic() >= until)

    def tell(piece: Piece, n_found: int) -> bool:
        if control.report is not None:
            control.report(Progress(n_found, piece.n_cells + _n_cells(queue.pieces)))
        return is_over()

    while not is_over() and (control.max_cells is None or n_found < control.max_cells):
        piece = queue.pop()
        if piece is None:
            return
        done, rest = _advance(piece, most_faces, partial(tell, piece, n_found), queue.keep)
        finished += done
        n_found += _n_cells(done)
        queue.push(rest)
        if is_alone and rest:
            return


def _advance(
    piece: Piece, most_faces: Size, is_over: Callable[[], bool], keep: Keep | None = None
) -> tuple[list[Piece], list[Piece]]:
    """Cut a piece, and what is kept of it, until it is finished, too large, or it is time to stop."""
    while not piece.is_finished:
        if _n_faces(piece) > most_faces() and piece.n_cells > 1:
            return [], list(piece.halves())
        if is_over():
            return [], [piece]
        piece.advance()
        kept = piece if keep is None else keep(piece)
        if kept is None:
            return [], []
        piece = kept
    return [piece], []


def _n_cells(pieces: Iterable[Piece]) -> int:
    return sum(piece.n_cells for piece in pieces)


def _n_faces(piece: Piece) -> int:
    return sum(piece.lattice.counts)


def work(piece: Piece, most_faces: int, seconds: float) -> tuple[list[Piece], list[Piece]]:
    """Cut a piece for so many seconds, once at least, on a worker; return what is finished and what is not."""
    end = time.monotonic() + seconds
    if not piece.is_finished:
        piece.advance()
    finished: list[Piece] = []
    rest = [piece]
    while rest and time.monotonic() < end:
        done, left = _advance(rest.pop(), lambda: most_faces, lambda: time.monotonic() >= end)
        finished += done
        rest += left
    return finished, rest


def _hand_out(queue: _Queue, finished: list[Piece], control: Control, most_faces: Size, executor: Executor) -> None:
    """Let the workers of an executor do the rest."""
    workers = _Workers(executor, most_faces, 2 * (getattr(executor, "_max_workers", None) or _WORKERS))
    n_found = _n_cells(finished)
    while True:
        over = control.is_over(n_found) or (control.max_cells is not None and n_found >= control.max_cells)
        if over:
            queue.push(workers.cancelled())
        else:
            workers.submit(queue, control.deadline)
        if not workers.running:
            break
        for done, rest in workers.results():
            done = queue.wanted(done)
            finished += done
            n_found += _n_cells(done)
            queue.push(rest)
        if control.report is not None:
            control.report(Progress(n_found, _n_cells(workers.running.values()) + _n_cells(queue.pieces)))
    if workers.lost:
        if control.warn is not None:
            control.warn(f"a worker was lost ({workers.reason}); its share is computed in this process")
        queue.push(workers.lost)
        _work_here(queue, finished, control, most_faces)


class _Workers:
    """The workers of an executor: what they are given, what they bring, and what was lost with one of them."""

    def __init__(self, executor: Executor, most_faces: Size, n_wanted: int) -> None:
        self.executor = executor
        self.most_faces = most_faces
        self.n_wanted = n_wanted
        self.running: dict[Future[tuple[list[Piece], list[Piece]]], Piece] = {}
        self.lost: list[Piece] = []
        self.reason = ""
        self.is_broken = False

    def submit(self, queue: _Queue, deadline: float | None) -> None:
        """Hand out pieces until every worker has one, and one to go on with."""
        if self.is_broken:
            return
        queue.provide(self.n_wanted - len(self.running))
        while len(self.running) < self.n_wanted and (piece := queue.pop()) is not None:
            seconds = _SLICE if deadline is None else max(0.0, min(_SLICE, deadline - time.monotonic()))
            try:
                self.running[self.executor.submit(work, piece, self.most_faces(), seconds)] = piece
            except Exception as error:  # the pool is broken or shut down, whatever its executor calls that
                self._lose(piece, error)
                self.is_broken = True
                return

    def results(self) -> Iterator[tuple[list[Piece], list[Piece]]]:
        """Wait a moment, and yield what has come back."""
        from concurrent.futures import FIRST_COMPLETED, wait

        ready, _ = wait(self.running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in ready:
            piece = self.running.pop(future)
            try:
                yield future.result()
            except SymflowError:
                raise
            except Exception as error:
                self._lose(piece, error)

    def cancelled(self) -> list[Piece]:
        """Return the pieces that no worker has begun with."""
        return [self.running.pop(future) for future in list(self.running) if future.cancel()]

    def _lose(self, piece: Piece, error: Exception) -> None:
        self.lost.append(piece)
        if not self.reason:
            self.reason = " ".join(f"{type(error).__name__}: {error}".rstrip(": ").split())[:200]


def _at_most(finished: list[Piece], most: int) -> tuple[list[Piece], list[Piece]]:
    """Return pieces with so many cells in all, and the rest."""
    kept: list[Piece] = []
    rest: list[Piece] = []
    for piece in finished:
        room = most - _n_cells(kept)
        if piece.n_cells <= room:
            kept.append(piece)
        elif room <= 0:
            rest.append(piece)
        else:
            cells = np.arange(piece.n_cells, dtype=np.int32)
            kept.append(piece.part(cells[:room]))
            rest.append(piece.part(cells[room:]))
    return kept, rest
