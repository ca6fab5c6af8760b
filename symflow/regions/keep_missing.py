"""Which cells of a piece a later run still wants, where an earlier one has left a list of missing patterns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.nets.pattern import UNDECIDED
from symflow.regions.distinct import distinct
from symflow.regions.piece import Piece

_CODES = np.frombuffer(b"-0+", np.uint8)


@final
class KeepMissing:
    """Keeps those cells of a piece that complete a missing pattern, or may be cut into cells that do.

    Parameters
    ----------
    missing : sequence of str
        Partial patterns of signs, ``*`` where undecided.
    done : collection of str
        Patterns that are not wanted even if they complete a missing one.

    Notes
    -----
    For nets without maxima, where each cut decides one character. Patterns are compared as bytes, all cells of a
    piece at once: n log n comparisons for n cells, less than what one cut costs. For each set of decided places there
    is one round of them; there are few such sets, since what is decided is nearly always a beginning of the pattern.

    Examples
    --------
    >>> keep = KeepMissing(["-+*", "+**"], ["++-"])
    >>> keep.wanted(np.array([[-1, -1], [-1, 1], [1, 1]], np.int8)).tolist()
    [False, True, True]
    >>> keep.wanted(np.array([[1, 1, -1], [1, 1, 1]], np.int8)).tolist()
    [False, True]
    """

    def __init__(self, missing: Sequence[str], done: Iterable[str]) -> None:
        words_of: dict[tuple[int, ...], list[str]] = {}
        for word in missing:
            places = tuple(i for i, character in enumerate(word) if character != UNDECIDED)
            words_of.setdefault(places, []).append(word)
        self.missing = {places: _bytes(words)[:, list(places)] for places, words in words_of.items()}
        self.done = _bytes(list(done))
        self.known: dict[tuple[tuple[int, ...], int], NDArray[Any]] = {}

    def __call__(self, piece: Piece) -> Piece | None:
        """Return the part of a piece that is wanted, None if nothing is."""
        wanted = self.wanted(piece.cell_signs[:, piece.n_domain_cuts :])
        if wanted.all():
            return piece
        return piece.part(np.flatnonzero(wanted).astype(np.int32)) if wanted.any() else None

    def wanted(self, signs: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Return which cells are wanted, given the signs of the first units on each."""
        n_decided = signs.shape[1]
        codes = _CODES[signs + 1]
        wanted = np.zeros(len(signs), np.bool_)
        for places in self.missing:
            common = [place for place in places if place < n_decided]
            wanted |= np.isin(_keys(codes[:, common]), self._keys_of(places, len(common)))
        if len(self.done) and n_decided == self.done.shape[1]:
            wanted &= ~np.isin(_keys(codes), _keys(self.done))
        return wanted

    def _keys_of(self, places: tuple[int, ...], n_common: int) -> NDArray[Any]:
        """Return the first few characters of the missing patterns in which these places are decided."""
        if (places, n_common) not in self.known:
            self.known[places, n_common] = distinct(_keys(self.missing[places][:, :n_common]))
        return self.known[places, n_common]


def _bytes(words: Sequence[str]) -> NDArray[np.uint8]:
    """Return words of one length as a matrix of characters."""
    width = len(words[0]) if words else 0
    return np.frombuffer("".join(words).encode("ascii"), np.uint8).reshape(len(words), width)


def _keys(codes: NDArray[np.uint8]) -> NDArray[Any]:
    """Return each row as one value that can be compared; no character is 0."""
    width = codes.shape[1]
    return np.ascontiguousarray(codes).view(f"S{width}").ravel() if width else np.zeros(len(codes), np.uint8)
