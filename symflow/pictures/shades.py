"""Tints: how dark a cell is, by the length of the gradient on it.

A tint is so many per cent of the blue on white paper. The length is that of the matrix of the map (all outputs), and
the longest one in view has the darkest tint: lengths in between in proportion. So cells of one map have one tint, and
a picture in black and white says the same.
"""

from __future__ import annotations

import math
from fractions import Fraction

from symflow.pictures.region_map import RegionMap

# The colours of the house: the blue, on paper and on a dark screen; ink and paper of both.
BLUE, INK, PAPER, QUIET = "#0b5e8a", "#1b1d20", "#ffffff", "#5b5b5b"
DARK_BLUE, DARK_INK, DARK_PAPER, DARK_QUIET = "#4a9bd0", "#e6e7e3", "#15171a", "#9aa0a6"

# The colour of an orbit, on the blue of the cells.
ORBIT = "#b3471d"

# The tints of a vanishing gradient and of the longest one, in per cent.
LIGHTEST, DARKEST = 4, 44


def tints(map_: RegionMap) -> dict[int, int]:
    """Return for each cell of a map its tint in per cent: by the gradient, or by what is counted on the cells.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.pictures.region_map import region_map
    >>> tints(region_map(Network.from_weights([[3, 0], [0, 4]], [[1, 1]])))
    {0: 4, 1: 36, 2: 28, 3: 44}
    """
    if map_.counts is not None:
        most = max(map_.counts.numbers, default=0) or 1
        numbers = {cell.index: map_.counts.numbers[cell.index] for cell in map_.cells}
        return {index: LIGHTEST + round((DARKEST - LIGHTEST) * n / most) for index, n in numbers.items()}
    maps = map_.graph.complex.maps
    squares = {}
    for number in {int(maps.number[cell.index]) for cell in map_.cells}:
        squares[number] = sum(entry * entry for row in maps.distinct[number] for entry in row[:-1])
    longest = max(squares.values(), default=0)
    shares = {number: math.sqrt(Fraction(square, longest)) if longest else 0.0 for number, square in squares.items()}
    return {
        cell.index: round(LIGHTEST + (DARKEST - LIGHTEST) * shares[int(maps.number[cell.index])]) for cell in map_.cells
    }


def tinted(percent: int, *, is_dark: bool = False) -> str:
    """Return a tint as a colour, mixed with the paper.

    Examples
    --------
    >>> tinted(0), tinted(100), tinted(50)
    ('#ffffff', '#0b5e8a', '#85afc5')
    """
    blue, paper = (DARK_BLUE, DARK_PAPER) if is_dark else (BLUE, PAPER)
    mixed = [
        (percent * int(blue[i : i + 2], 16) + (100 - percent) * int(paper[i : i + 2], 16) + 50) // 100
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{entry:02x}" for entry in mixed)
