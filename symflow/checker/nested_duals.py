"""Numbers modulo a prime with nested infinitesimals: derivatives of derivatives, by multiplication alone.

An element a + ε b, with a and b elements of one level less and ε² = 0, is the list of a's residues followed by b's. So
a polynomial at w + ε v is its value at w plus ε times its derivative along v, and on the next level derivatives of
these.

Examples
--------
(3 + ε)² = 9 + 6 ε, the value and the derivative of w² at 3:

>>> ring = NestedDuals(7)
>>> ring.product([3, 1], [3, 1])
[2, 6]
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.reading import Refused
from symflow.checker.work import Work

Element: TypeAlias = list[int]

# Primes that a certificate may name. A minor that is not zero modulo one of them is not zero.
PRIMES = (2147483647, 2147483629, 2147483587, 2147483579, 2147483563)

_MOST_STEPS = 15_000_000


@final
class NestedDuals:
    """The ring modulo one prime, and a limit to the products in it.

    Parameters
    ----------
    prime : int
        Believed to be one.
    """

    def __init__(self, prime: int) -> None:
        self.prime = prime
        self.work = Work(_MOST_STEPS)

    def residue(self, value: Fraction) -> int:
        """Return a rational modulo the prime.

        Examples
        --------
        >>> NestedDuals(7).residue(Fraction(1, 2))
        4
        """
        if value.denominator % self.prime == 0:
            raise Refused("the prime divides a denominator", "prime")
        return value.numerator * pow(value.denominator, -1, self.prime) % self.prime

    def product(self, a: Element, b: Element) -> Element:
        """Return the product of two elements of one level."""
        self.work.charge(1)
        if len(a) == 1:
            return [a[0] * b[0] % self.prime]
        half = len(a) // 2
        upper = self.sum(self.product(a[:half], b[half:]), self.product(a[half:], b[:half]))
        return self.product(a[:half], b[:half]) + upper

    def times(self, number: int, a: Element) -> Element:
        """Return a multiple by a residue.

        Examples
        --------
        >>> NestedDuals(7).times(3, [1, 4])
        [3, 5]
        """
        return [number * entry % self.prime for entry in a]

    def sum(self, a: Element, b: Element) -> Element:
        """Return the sum of two elements of one level.

        Examples
        --------
        >>> NestedDuals(7).sum([3, 1], [5, 0])
        [1, 1]
        """
        return [(x + y) % self.prime for x, y in zip(a, b, strict=True)]


def determinant(rows: list[list[int]], prime: int, work: Work) -> int:
    """Return the determinant of a square matrix modulo a prime.

    Examples
    --------
    >>> determinant([[1, 2], [3, 4]], 7, Work(100)), determinant([[1, 2], [2, 4]], 7, Work(100))
    (5, 0)
    """
    left = {i: {j: entry % prime for j, entry in enumerate(row) if entry % prime} for i, row in enumerate(rows)}
    columns = [0] * len(rows)
    result = 1 % prime
    while left:
        # The shortest row first: the matrices are sparse, and stay so.
        place = min(left, key=lambda i: len(left[i]))
        pivot = left.pop(place)
        if not pivot:
            return 0
        column, entry = next(iter(pivot.items()))
        columns[place] = column
        result = result * entry % prime
        inverse = pow(entry, -1, prime)
        for row in left.values():
            if column in row:
                work.charge(len(pivot))
                factor = row[column] * inverse
                for j, value in pivot.items():
                    changed = (row.get(j, 0) - factor * value) % prime
                    if changed:
                        row[j] = changed
                    else:
                        row.pop(j, None)
    return result * _sign(columns) % prime


def _sign(permutation: list[int]) -> int:
    """Return the sign of a permutation, by its cycles."""
    sign, seen = 1, [False] * len(permutation)
    for start in range(len(permutation)):
        place, length = start, 0
        while not seen[place]:
            seen[place] = True
            place, length = permutation[place], length + 1
        if length and length % 2 == 0:
            sign = -sign
    return sign
