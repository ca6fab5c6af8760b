"""A budget of elementary steps, so that a hostile file cannot keep the checker busy for ever.

Examples
--------
>>> work = Work(10)
>>> work.charge(7)
>>> work.charge(7)
Traceback (most recent call last):
    ...
symflow.checker.reading.TooLarge: this takes more steps than the checker allows itself
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from symflow.checker.reading import TooLarge


@final
class Work:
    """What is left of a budget.

    Parameters
    ----------
    steps : int
        Each about as long as a product of two small integers.
    """

    def __init__(self, steps: int) -> None:
        self.left = steps

    def charge(self, steps: int) -> None:
        """Take so many steps from the budget.

        Raises
        ------
        TooLarge
            If there are not so many left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooLarge("this takes more steps than the checker allows itself")


def size(values: Iterable[int]) -> int:
    """Return how many steps a product with the largest of these integers counts for.

    Examples
    --------
    >>> size([3, -7]), size([2**100]), size([])
    (1, 2, 1)
    """
    return 1 + max((value.bit_length() for value in values), default=0) // 64
