"""How the largest of m linear functions can be distributed over data: the cells of a maximum over a group, counted.

Let u_1 .. u_m be the members' weights, x_1 .. x_n vectors, none of them zero. A *labelling* gives each x_k the member i
for which ⟨u_i, x_k⟩ is largest; the cells of the space of (u_1, .., u_m) are the labellings that occur with a unique
winner at each x_k. For m = 2 that is a central arrangement. For m ≥ 3 it is none, and which labellings occur does not
depend on the linear dependences of the data alone; so they are searched, one datum after the other, and each step is
decided exactly: it has a rational solution, or a Gordan certificate that it has none.

What keeps the search small
---------------------------
1. *Symmetry.* Members may be renamed. So they are numbered in the order in which they first win; a labelling with b
   winners stands for m (m - 1) .. (m - b + 1).
2. *Members that never win do not matter*, once there are b ≥ 2 winners: put such a member at the average of the
   winners' weights, and it loses everywhere. (For b = 1 it must lose to u_1: there is a u with ⟨u, x_k⟩ < 0 for all k.)
3. A solution that was found decides one of the next steps for nothing.

Adjacencies
-----------
Let m ≥ 3, and no x_k a positive multiple of another one. On the relative interior of a wall two members tie at one x_k,
above the others, and nowhere else: at -x_k a tie of the two would make all members equal there. Take the set K of all
weights with given winners at the other data; it is convex and open. The walls inside K are the pairs that can tie.

- Two members that never win in K elsewhere can tie if one of them can win: let the other one do as it does.
- If two members can win at x_k (those that never win elsewhere are one here, by symmetry), K consists of their two
  parts and what is between: they tie.
- If three or more can win, each pair is decided exactly, since a third one may always lie between.

Examples
--------
Three lines over two points of the real axis: any winners at the two points are possible. The walls: one of three
pairs ties at one of the two points, one of three members wins at the other.

>>> winner_counts([(0, 1), (1, 1)], 3)
(9, 18)

At a third point between them: the upper envelope has its pieces in one stretch each.

>>> winner_counts([(0, 1), (1, 1), (2, 1)], 3)
(21, 48)
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.alternatives import StrictSolution
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.regions.deletion_restriction import check

# Of integers: a datum, or a condition ⟨row, unknowns⟩ > 0.
Row = tuple[int, ...]

# The winner at each of some data, from 0; numbered in the order in which they first win.
Labels = tuple[int, ...]


def winner_counts(data: Sequence[Row], n_members: int, *, budget: Budget = NO_BUDGET) -> tuple[int, int]:
    """Return the numbers of cells and adjacencies of a group of at least three members.

    Parameters
    ----------
    data : sequence of vectors
        At least one; none is zero or a positive multiple of another one.
    n_members : int
        m ≥ 3.
    budget : Budget
        For the search.

    Raises
    ------
    BudgetExceededError
        If the deadline has passed.

    Examples
    --------
    One datum and its opposite: one member is the largest there, another one the smallest.

    >>> winner_counts([(1,), (-1,)], 3), winner_counts([(1,), (-1,)], 4)
    ((6, 6), (12, 24))
    """
    labellings = list(_labellings(data, n_members, budget))
    n_cells = sum(math.perm(n_members, max(labels) + 1) for labels in labellings)
    n_walls = sum(_n_walls(data, k, labellings, n_members, budget) for k in range(len(data)))
    return n_cells, n_walls


def _n_walls(data: Sequence[Row], k: int, labellings: Iterable[Labels], n_members: int, budget: Budget) -> int:
    """Return the number of walls on which members tie at x_k."""
    winners: dict[Labels, list[int]] = defaultdict(list)
    for labels in labellings:
        renumbered = _renumbered([*labels[:k], *labels[k + 1 :], labels[k]])
        winners[renumbered[:-1]].append(renumbered[-1])
    total = 0
    for others, able in winners.items():
        check(budget)
        n_winners = max(others, default=-1) + 1
        n_left = n_members - n_winners  # the member of number n_winners stands for each of these
        for pair in itertools.combinations(sorted(able), 2):
            if len(able) == 2 or _can_tie(data, k, others, pair, max(*able, n_winners - 1) + 1, budget):
                total += math.perm(n_members, n_winners) * (n_left if n_winners in pair else 1)
        if n_winners in able:
            total += math.perm(n_members, n_winners) * math.comb(n_left, 2)
    return total


def _can_tie(
    data: Sequence[Row], k: int, others: Labels, pair: tuple[int, ...], n_members: int, budget: Budget
) -> bool:
    """Whether two members can tie at x_k, above the others, with given winners at the other data."""
    # The two that tie become 0 and 1.
    order = [*pair, *(member for member in range(n_members) if member not in pair)]
    space = _Unknowns(data[k], tie=data[k])
    labels = [order.index(label) for label in others]
    rest = [*data[:k], *data[k + 1 :]]
    rows = [
        space.beats(label, member, x, n_members)
        for label, x in zip(labels, rest, strict=True)
        for member in range(n_members)
        if member != label
    ]
    rows += [space.beats(0, member, data[k], n_members) for member in range(2, n_members)]
    return _solution(rows, space.count(n_members), budget) is not None


# ---------------------------------------------------------------------- the search


@final
@dataclass(frozen=True, slots=True)
class _Node:
    """Winners at the first data.

    Parameters
    ----------
    labels : Labels
        One a datum.
    n_winners : int
        How many there are.
    rows : tuple of Row
        What must be positive, in the unknowns of these members.
    solution : Row
        Unknowns for which it is.
    """

    labels: Labels
    n_winners: int
    rows: tuple[Row, ...]
    solution: Row


def _labellings(data: Sequence[Row], n_members: int, budget: Budget) -> Iterator[Labels]:
    """Yield the labellings that occur."""
    space = _Unknowns(data[0])
    stack = [_Node((), 0, (), ())]
    while stack:
        check(budget)
        node = stack.pop()
        if len(node.labels) < len(data):
            winners = range(min(node.n_winners + 1, n_members))
            extended = (_extended(node, winner, data, space, budget) for winner in winners)
            stack.extend(each for each in extended if each is not None)
        elif node.n_winners > 1 or _solution(data, space.width, budget) is not None:
            yield node.labels


def _extended(node: _Node, winner: int, data: Sequence[Row], space: _Unknowns, budget: Budget) -> _Node | None:
    """Return the node with one datum more and this winner there, None if that is impossible."""
    x = data[len(node.labels)]
    labels = (*node.labels, winner)
    if winner < node.n_winners:
        new = [space.beats(winner, other, x, node.n_winners) for other in range(node.n_winners) if other != winner]
        if all(sum(map(int.__mul__, row, node.solution)) > 0 for row in new):
            return _Node(labels, node.n_winners, (*node.rows, *new), node.solution)
        rows = [*node.rows, *new]
    else:
        growth = (0,) * (space.count(winner + 1) - space.count(winner))
        rows = [(*row, *growth) for row in node.rows]
        rows += [space.beats(label, winner, y, winner + 1) for label, y in zip(node.labels, data, strict=False)]
        rows += [space.beats(winner, other, x, winner + 1) for other in range(winner)]
    n_winners = max(node.n_winners, winner + 1)
    solution = _solution(rows, space.count(n_winners), budget)
    return None if solution is None else _Node(labels, n_winners, tuple(rows), solution)


def _solution(rows: Sequence[Row], n_unknowns: int, budget: Budget) -> Row | None:
    """Return integers for which all rows are positive, None if there are none."""
    exact = [tuple(fmpq(entry) for entry in row) for row in rows]
    answer = strict_feasibility(exact, dimension=n_unknowns, budget=budget)
    if not isinstance(answer, StrictSolution):
        return None
    direction = [entry for entry in answer.direction if isinstance(entry, fmpq)]
    scale = math.lcm(*(int(entry.q) for entry in direction))
    return tuple(int(entry * scale) for entry in direction)


@final
class _Unknowns:
    """The coordinates of u_1, u_2, .., where u_0 = 0: what counts are differences.

    Parameters
    ----------
    datum : Row
        To tell the dimension.
    tie : Row, optional
        A datum at which members 0 and 1 tie: u_1 is orthogonal to it, given by all coordinates but the one in which
        `tie` leads.
    """

    def __init__(self, datum: Row, tie: Row | None = None) -> None:
        self.width = len(datum)
        self.tie = tie
        self.leading = next(i for i, entry in enumerate(datum) if entry) if tie is not None else 0

    def count(self, n_members: int) -> int:
        """Return how many unknowns that many members have together."""
        if n_members < 2:
            return 0
        return (n_members - 1) * self.width - (self.tie is not None)

    def beats(self, winner: int, loser: int, x: Row, n_members: int) -> Row:
        """Return ⟨u_winner - u_loser, x⟩ as a covector of the unknowns."""
        row = [0] * self.count(n_members)
        for member, sign in ((winner, 1), (loser, -1)):
            if member:
                start = self.count(member)
                for i, entry in enumerate(self._of_member(member, x)):
                    row[start + i] = sign * entry
        return tuple(row)

    def _of_member(self, member: int, x: Row) -> Sequence[int]:
        """Return ⟨u_member, x⟩ as a covector of this member's unknowns, up to one scale for all x."""
        if self.tie is None or member > 1:
            return x
        c = self.leading
        return [self.tie[c] * x[i] - x[c] * self.tie[i] for i in range(self.width) if i != c]


def _renumbered(labels: Sequence[int]) -> Labels:
    """Return labels in the order in which they first occur."""
    names: dict[int, int] = {}
    return tuple(names.setdefault(label, len(names)) for label in labels)
