"""What a page's script chooses from: cells, walls and corners with their exact numbers, as strings.

The script shows these strings and computes none: a rational is ``"p/q"``, one of many digits the decimal of
``linear_text.cut_decimal``, ``"0.66666666…"``, each digit right. Vectors that repeat are listed once.

    vectors   all gradients, shortest elements and directions
    shapes    the words for the sets
    cells     [pattern, gradient, constant, 1 if bounded]
    walls     {"c": cells, "s": signs, "h": vertices of ∂f, "m": shape, "n": limits of gradients where they are more,
              "q": shortest element, "a": autodiff's vector, "o": [d, "≤", bound, value] where that is outside:
              ⟨d, s⟩ ≤ bound < value}
    corners   the same, with "x", the point, and "f", the value there

Numbers in ``c`` count cells from 1; those in ``h``, ``q``, ``a`` and of gradients count vectors from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import final

from symflow.differentials.faces import Face, Outside
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.regions.region_graph import RegionGraph
from symflow.reports.linear_text import MOST_DIGITS, cut_decimal
from symflow.reports.readable.shapes import shape_of, with_article
from symflow.reports.results import Json


def number_text(value: Scalar | Fraction) -> str:
    """Return a rational as the page shows it, with an ASCII minus.

    Examples
    --------
    >>> number_text(fmpq(-1, 2)), number_text(Fraction(2, 3)), number_text(fmpq(-1, 3**40))
    ('-1/2', '2/3', '-8.2252633…·10^(-20)')
    """
    return _text_of(value)


@lru_cache(maxsize=1 << 16)
def _text_of(value: Scalar | Fraction) -> str:
    written = str(value)
    if sum(character.isdigit() for character in written) <= MOST_DIGITS:
        return written
    number = fmpq(value.numerator, value.denominator) if isinstance(value, Fraction) else value
    assert isinstance(number, fmpq)
    return cut_decimal(number).replace("−", "-")


@final
class Vectors:
    """Vectors, each listed once.

    Examples
    --------
    >>> vectors = Vectors()
    >>> vectors.place((fmpq(1), fmpq(0))), vectors.place((fmpq(0), fmpq(1))), vectors.place((fmpq(1), fmpq(0)))
    (0, 1, 0)
    >>> vectors.listed
    [['1', '0'], ['0', '1']]
    """

    def __init__(self) -> None:
        self._places: dict[tuple[Scalar | Fraction, ...], int] = {}
        self.listed: list[list[str]] = []

    def place(self, vector: Sequence[Scalar | Fraction]) -> int:
        """Return where a vector stands in the list, after putting it there if it is new."""
        key = tuple(vector)
        if key not in self._places:
            self._places[key] = len(self.listed)
            self.listed.append([number_text(entry) for entry in key])
        return self._places[key]


def map_data(
    graph: RegionGraph,
    words: Sequence[str],
    walls: Sequence[Face],
    corners: Sequence[Face],
) -> Json:
    """Return the data of a map.

    Parameters
    ----------
    graph : RegionGraph
        Of a net with one output.
    words : sequence of str
        The patterns of its cells, layers parted by ``|``.
    walls, corners : sequence of Face
        From ``differentials/faces.py``.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners
    >>> from symflow.nets.network import Network
    >>> graph = RegionGraph.of(Network.from_weights([[1], [-1]], [[1, -1]]))
    >>> data = map_data(graph, ["-+", "+-"], (), clarke_at_corners(graph))
    >>> data["vectors"], data["shapes"], data["cells"]
    ([['1'], ['0']], ['a point'], [['-+', 0, '0', 0], ['+-', 0, '0', 0]])
    >>> {key: data["corners"][0][key] for key in ("x", "h", "q", "a", "o")}
    {'x': ['0'], 'h': [0], 'q': 0, 'a': 1, 'o': [0, '≥', '1', '0']}
    """
    vectors, shapes = Vectors(), dict[str, int]()
    maps, bounded = graph.complex.maps, graph.complex.is_bounded.tolist()
    cells = []
    for index, word in enumerate(words):
        ((gradient,), (constant,)) = maps.gradient(index), maps.offset(index)
        cells.append([word, vectors.place(gradient), number_text(constant), int(bounded[index])])
    shown = {"cells": cells, "walls": [_face(face, vectors, shapes) for face in walls]}
    points = [
        _face(face, vectors, shapes) | {"x": [number_text(entry) for entry in face.point], "f": number_text(face.value)}
        for face in corners
    ]
    return {"vectors": vectors.listed, "shapes": list(shapes), **shown, "corners": points}


def shape_words(face: Face) -> str:
    """Return what the Clarke differential at a face is, in the words of the other reports.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners
    >>> from symflow.nets.network import Network
    >>> (face,) = clarke_at_corners(RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, 2]])))
    >>> shape_words(face)
    'a rectangle'
    """
    vertices = face.differential.vertices
    shape = shape_of(vertices, face.differential.dimension if len(vertices) > 2 else len(vertices) - 1)
    return f"{with_article(shape.noun)} {shape.detail}".rstrip()


def _face(face: Face, vectors: Vectors, shapes: dict[str, int]) -> Json:
    hull = face.differential
    data: Json = {
        "c": [cell + 1 for cell in face.cells],
        "s": face.pattern,
        "h": [vectors.place(_fractions(vertex)) for vertex in hull.vertices],
        "m": shapes.setdefault(shape_words(face), len(shapes)),
        **({"n": hull.n_points} if hull.n_points > len(hull.vertices) else {}),
        "q": vectors.place(_fractions(hull.minimal_norm_element)),
        "a": vectors.place(_fractions(face.autodiff)),
    }
    if face.outside is not None:
        direction, sign, bound, value = separation(face.outside)
        data["o"] = [vectors.place(_fractions(direction)), sign, number_text(bound), number_text(value)]
    return data


def separation(outside: Outside) -> tuple[tuple[fmpq, ...], str, fmpq, fmpq]:
    """Return d, a sign, the bound and the value, d turned so that its first entry that is not 0 is positive.

    Examples
    --------
    >>> separation(Outside((fmpq(-1), fmpq(2)), fmpq(-1), fmpq(0)))
    ((1, -2), '≥', 1, 0)
    """
    if next(entry for entry in outside.direction if entry != 0) > 0:
        return outside.direction, "≤", outside.bound, outside.value
    return tuple(-entry for entry in outside.direction), "≥", -outside.bound, -outside.value


def _fractions(vector: Sequence[Scalar]) -> tuple[Fraction, ...]:
    """Return a rational vector as Fractions, so that equal vectors are found equal."""
    return tuple(Fraction(int(entry.p), int(entry.q)) for entry in vector if isinstance(entry, fmpq))
