"""The rank of a growing family of integer vectors, modulo a prime: a lower bound of the rank over ℚ, with its minor.

A minor that is not zero modulo a prime is not zero. So the rows that were kept, in the columns of their pivots, prove a
rank from below; that a row was dropped proves nothing.
"""

from __future__ import annotations

from typing import final

import numpy as np

from symflow.exact.dual_numbers import PRIMES, Residues


@final
class GrowingRank:
    """The rows kept so far, eliminated.

    Parameters
    ----------
    n_columns : int
        The length of the rows.
    prime : int
        Below 2^31.

    Examples
    --------
    >>> rank = GrowingRank(2)
    >>> rank.grow(np.array([[1, 2], [2, 4], [0, 3]])), rank.pivots, rank.minor
    ([0, 2], [0, 1], 3)
    """

    def __init__(self, n_columns: int, prime: int = PRIMES[0]) -> None:
        self.prime = prime
        self.pivots: list[int] = []
        # The determinant of the rows kept in the columns of their pivots, modulo the prime: the product of the pivots.
        self.minor = 1 % prime
        self._rows = np.zeros((0, n_columns), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.pivots)

    def grow(self, rows: Residues, most: int | None = None) -> list[int]:
        """Add what is independent of all before; return which rows were kept.

        Parameters
        ----------
        rows : array, (n_rows, n_columns)
            Reduced modulo the prime, or small integers.
        most : int, optional
            Stop at this rank.
        """
        kept: list[int] = []
        left = self._reduced(np.asarray(rows, dtype=np.int64) % self.prime)
        for place in range(len(left)):
            if most is not None and len(self) >= most:
                break
            row = left[place]
            nonzero = np.flatnonzero(row)
            if not len(nonzero):
                continue
            pivot = int(nonzero[0])
            self.minor = self.minor * int(row[pivot]) % self.prime
            row = row * pow(int(row[pivot]), -1, self.prime) % self.prime
            below = left[place + 1 :]
            below -= below[:, pivot, None] * row % self.prime
            below %= self.prime
            kept.append(place)
            self.pivots.append(pivot)
            self._rows = np.concatenate((self._rows, row[None]))
        return kept

    def _reduced(self, rows: Residues) -> Residues:
        rows = rows.copy()
        for pivot, row in zip(self.pivots, self._rows, strict=True):
            rows -= rows[:, pivot, None] * row % self.prime
            rows %= self.prime
        return rows
