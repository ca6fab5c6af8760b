"""How many dimensions the Lie algebra of the fields has at a point: words, a point, and a minor that is not zero.

A law h satisfies <∇h, X> = 0 for every field X, hence <∇h, [X, Y]> = 0 for the bracket [X, Y] = J_Y X − J_X Y, and so
for the whole Lie algebra. If its values at one point span r dimensions, they span at least r near almost every point,
and there are at most D − r independent laws (Frobenius).

A *word* (i, j, .., k) stands for [X_i, [X_j, [.., X_k]]]; such brackets span the Lie algebra. Its value at a point
needs derivatives of derivatives: the value of [X, B] is that of B moved along X minus that of X moved along B, so the
word is evaluated over the dual numbers, once more nested for each letter (``exact/dual_numbers.py``), modulo a prime.
No polynomial is expanded.

The search goes by length. From the words of a length that were independent, those one letter longer are tried; since
[X, f B] = f [X, B] + X(f) B, no others are needed, and a length that adds nothing at a point in general position is the
last one. The result is a lower bound however the search went.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.dual_numbers import (
    Residues,
    elements,
    high,
    lifted,
    low,
    prime_for,
    repeated,
)
from symflow.exact.modular_rank import GrowingRank
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.laws.models import Fields
from symflow.nets.fixed_slopes import GradientsModulo

# Longer words are not tried: their values take 3^length products each.
LONGEST_WORD = 9

# So many products of residues are made in one go.
_MOST_AT_ONCE = 2_000_000

Word = tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class BracketRank:
    """A proof that the Lie algebra has at least so many dimensions at almost every point.

    Parameters
    ----------
    words : tuple of tuples of int
        Letters are fields, from 0.
    columns : tuple of int
        Parameters: the minor of the words' values in these columns is not zero modulo the prime.
    point : tuple of int
        Where.
    prime : int
        Below 2^31.
    minor : int
        That minor modulo the prime.
    is_stationary : bool
        Whether the search ended because longer words added nothing, or the most that can be was reached.
    """

    words: tuple[Word, ...]
    columns: tuple[int, ...]
    point: tuple[int, ...]
    prime: int
    minor: int
    is_stationary: bool

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self.words)

    def __repr__(self) -> str:
        return f"BracketRank({len(self.words)} words, exact)"


def bracket_rank(fields: Fields, most: int, *, budget: Budget = NO_BUDGET) -> BracketRank:
    """Return words whose values at a point are independent, as many as can be found up to `most`.

    Parameters
    ----------
    fields : Fields
        The fields.
    most : int
        What the laws that are known leave room for.
    budget : Budget
        When it ends, the words found so far are returned.

    Examples
    --------
    A linear 2-1-1 net: u1' = v, v' = u1, and the same for u2. Two fields and no bracket: one law.

    >>> from symflow.activations.base import activation
    >>> from symflow.laws.models import linear_fields
    >>> from symflow.nets.architecture import Architecture
    >>> shape = Architecture((2, 1, 1), (activation("identity"),), has_biases=False)
    >>> bracket_rank(linear_fields(shape), 2).words
    ((0,), (1,))
    """
    return _Search(fields, prime_of(fields)).run(most, budget)


def prime_of(fields: Fields) -> int:
    """Return a prime that divides no denominator of the fields.

    Examples
    --------
    >>> from symflow.laws.models import linear_fields
    >>> from symflow.nets.architecture import Architecture
    >>> prime_of(linear_fields(Architecture((2, 1), (), has_biases=False)))
    2147483647
    """
    return prime_for([x for f in fields.functions for row in (f.input, *f.slopes) for x in row])


def some_point(n_parameters: int) -> tuple[int, ...]:
    """Return a point in no special position: pseudo-random integers, none of them 0, the same each time.

    Examples
    --------
    >>> some_point(3)
    (-9318, -2685, -4668)
    """
    values = []
    state = 20231
    for _ in range(n_parameters):
        state = (1103515245 * state + 12345) % 2**31
        size = 1 + (state >> 8) % 9999
        values.append(-size if state >> 30 else size)
    return tuple(values)


@final
class _Search:
    """One search."""

    def __init__(self, fields: Fields, prime: int) -> None:
        self.prime = prime
        self.n_parameters = fields.shape.n_parameters
        self.n_fields = len(fields.functions)
        self.gradients = GradientsModulo(fields.shape, fields.functions, prime, fields.trained)
        self.point = some_point(self.n_parameters)
        self.at = elements([[value % prime] for value in self.point])
        self.rank = GrowingRank(self.n_parameters, prime)
        self.words: list[Word] = []

    def run(self, most: int, budget: Budget) -> BracketRank:
        """Go through the lengths."""
        newest: list[Word] = [()]
        length = 0
        is_open = False
        while newest and len(self.words) < most and not is_open:
            length += 1
            if length > LONGEST_WORD:
                is_open = True
                break
            candidates = self._longer(newest)
            found: list[Word] = []
            step = max(1, _MOST_AT_ONCE // (3 ** (length - 1) * self.n_parameters * 4))
            for start in range(0, len(candidates), min(step, 4 * most)):
                if len(self.words) + len(found) >= most:
                    break
                if budget.deadline is not None and time.monotonic() > budget.deadline:
                    is_open = True
                    break
                some = candidates[start : start + min(step, 4 * most)]
                kept = self.rank.grow(low_part(self._values(some, repeated(self.at, len(some)))), most)
                found += [some[place] for place in kept]
            self.words += found
            newest = found
        columns = tuple(self.rank.pivots)
        return BracketRank(tuple(self.words), columns, self.point, self.prime, self.rank.minor, not is_open)

    def _longer(self, newest: Sequence[Word]) -> list[Word]:
        """Return the words with one letter more in front; of [X, Y] and [Y, X] one."""
        letters = range(self.n_fields)
        if newest and len(newest[0]) == 1:
            return [(i, j) for (j,) in newest for i in letters if (i,) not in newest or i < j]
        return [(i, *word) for word in newest for i in letters]

    def _values(self, words: Sequence[Word], points: Residues) -> Residues:
        """Return the values of words of one length, each at a point of its own."""
        first = [word[0] for word in words]
        velocity = self.gradients.at(first, points)
        if len(words[0]) == 1:
            return velocity
        moved = self._values([word[1:] for word in words], lifted(points, velocity))
        back = self.gradients.at(first, lifted(points, low(moved)))
        return (high(moved) - high(back)) % self.prime


def low_part(values: Residues) -> Residues:
    """Return plain residues: elements of the ring without any ε.

    Examples
    --------
    >>> low_part(elements([[[3], [4]]]))
    array([[3, 4]])
    """
    return values[..., 0]
