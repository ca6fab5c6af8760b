"""The word for a polytope: segment, triangle, parallelogram, square, hexagon, box, simplex, polytope.

Decided exactly from the vertices: a parallelotope is v + Σ [0, 1] g_i, its generators are the differences to one
vertex that are no sum of two others; right angles and equal sides are inner products.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from symflow.differentials.polytope import Point
from symflow.exact.point_sets import dot
from symflow.reports.readable.reading import Shape

_POLYGONS = {5: "pentagon", 6: "hexagon", 7: "heptagon", 8: "octagon"}
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

# Parallelotopes of more dimensions are not looked for.
_MOST_EDGES = 8


def shape_of(vertices: Sequence[Point], dimension: int) -> Shape:
    """Return the word for the hull of these vertices.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> square = [(fmpq(a), fmpq(b)) for a in (0, 1) for b in (0, 1)]
    >>> shape_of(square, 2).noun, shape_of(square[:3], 2).noun, shape_of(square[:2], 1).noun
    ('square', 'triangle', 'segment')
    """
    count = len(vertices)
    if dimension <= 1:
        return Shape(("point", "segment")[dimension], "", dimension, count)
    if count == dimension + 1:
        noun = {2: "triangle", 3: "tetrahedron"}.get(dimension, "simplex")
        detail = f"of dimension {dimension}" if noun == "simplex" else ""
        return Shape(noun, detail, dimension, count)
    found = parallelotope(vertices, dimension)
    if found is not None:
        return _parallelotope_shape(found[1], dimension, count)
    if dimension == 2:
        if count == 4:
            return Shape("quadrilateral", "", 2, 4)
        if count in _POLYGONS:
            return Shape(_POLYGONS[count], "", 2, count)
        return Shape("polygon", f"with {count} corners", 2, count)
    return Shape("polytope", f"with {count} vertices, of dimension {dimension}", dimension, count)


def parallelotope(vertices: Sequence[Point], dimension: int) -> tuple[Point, tuple[Point, ...]] | None:
    """Return (v, generators) where the hull is v + Σ [0, 1] g_i with independent g_i, v the first vertex; else None.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> parallelotope([(fmpq(0), fmpq(0)), (fmpq(1), fmpq(2))], 1)
    ((0, 0), ((1, 2),))
    """
    if dimension > _MOST_EDGES or len(vertices) != 2**dimension:
        return None
    first = vertices[0]
    differences = [minus(vertex, first) for vertex in vertices[1:]]
    every = set(differences)
    sums = {plus(a, b) for a, b in itertools.combinations(differences, 2)}
    edges = [difference for difference in differences if difference not in sums]
    if len(edges) != dimension:
        return None
    reached = {first}
    for edge in edges:
        reached |= {plus(point, edge) for point in reached}
    return (first, tuple(edges)) if reached == {first} | {plus(first, d) for d in every} else None


def product_shape(shapes: Sequence[Shape]) -> Shape:
    """Return the word for the product of sets in variables of their own.

    Examples
    --------
    >>> segment, triangle = Shape("segment", "", 1, 2), Shape("triangle", "", 2, 3)
    >>> product_shape([segment, segment]).noun, product_shape([segment, triangle]).detail
    ('rectangle', 'of a segment and a triangle')
    """
    if len(shapes) == 1:
        return shapes[0]
    dimension = sum(shape.dimension for shape in shapes)
    count = 1
    for shape in shapes:
        count *= shape.n_vertices
    if not shapes:
        return Shape("point", "", 0, 1)
    if all(shape.noun == "segment" for shape in shapes):
        if len(shapes) == 2:
            return Shape("rectangle", "", 2, 4)
        return Shape("box", f"of dimension {dimension}", dimension, count)
    return Shape("product", f"of {_counted([shape.noun for shape in shapes])}", dimension, count)


def with_article(noun: str) -> str:
    """Return the noun with "a" or "an"."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def plural(noun: str) -> str:
    """Return the plural of a shape's noun.

    Examples
    --------
    >>> plural("segment"), plural("simplex"), plural("box")
    ('segments', 'simplices', 'boxes')
    """
    return {"simplex": "simplices", "box": "boxes"}.get(noun, noun + "s")


def count_word(count: int) -> str:
    """Return a small count as a word, a larger one in digits.

    Examples
    --------
    >>> count_word(3), count_word(12)
    ('three', '12')
    """
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def listed(items: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c".

    Examples
    --------
    >>> listed(["1", "2", "3"])
    '1, 2 and 3'
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def plus(a: Point, b: Point) -> Point:
    """Return a + b."""
    return tuple(x + y for x, y in zip(a, b, strict=True))


def minus(a: Point, b: Point) -> Point:
    """Return a − b."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _parallelotope_shape(edges: Sequence[Point], dimension: int, count: int) -> Shape:
    is_right = all(dot(a, b) == 0 for a, b in itertools.combinations(edges, 2))
    lengths = {dot(edge, edge) for edge in edges}
    if dimension == 2:
        noun = ("square" if len(lengths) == 1 else "rectangle") if is_right else "parallelogram"
        return Shape(noun, "", 2, count)
    if dimension == 3:
        noun = ("cube" if len(lengths) == 1 else "box") if is_right else "parallelepiped"
        return Shape(noun, "", 3, count)
    return Shape("box" if is_right else "parallelotope", f"of dimension {dimension}", dimension, count)


def _counted(nouns: Sequence[str]) -> str:
    """Return "two segments and a triangle"."""
    kinds = {noun: nouns.count(noun) for noun in nouns}
    return listed(
        [with_article(noun) if count == 1 else f"{count_word(count)} {plural(noun)}" for noun, count in kinds.items()]
    )
