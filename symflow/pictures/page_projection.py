"""Clarke differentials of many dimensions: a product factor by factor, a solid by its projection to two coordinates.

A factor that is a segment or a polygon is drawn true to length in its own plane (``page_set.py``). What has more
dimensions is seen from straight above, on the plane of two of its coordinates, which are named; its outline is dashed.
A projection may cover what is outside of the set: the ring or the cross, and the words below, are about the set itself,
and were decided exactly. Where automatic differentiation's vector is outside, two coordinates are taken that show it,
if there are any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import combinations, pairwise
from typing import TypeAlias

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point, Polytope
from symflow.differentials.selection import Selection
from symflow.exact.membership import Member
from symflow.pictures.labels import SUBSCRIPTS
from symflow.pictures.page_set import SetDrawing, Spot, flat_set, floats
from symflow.reports.names import in_use
from symflow.reports.phrases import counted

# More factors are not drawn, nor sets of more vertices; so many coordinates are tried for a projection.
_MOST_FACTORS, _MOST_VERTICES, _MOST_COORDINATES = 6, 1024, 10

_Floats: TypeAlias = Sequence[float]


def page_sets(differential: ClarkeDifferential, autodiff: Selection, letter: str) -> str:
    """Return the drawings of a set, each with a caption where one is needed; empty where nothing can be drawn.

    Parameters
    ----------
    differential : ClarkeDifferential
        The set.
    autodiff : Selection
        What automatic differentiation returns, and whether it is in the set.
    letter : str
        What the function is called.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import select
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> net = Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]])
    >>> cube = clarke_differential(Realization(net), at=(0, 0, 0))
    >>> text = page_sets(cube, select(cube, "autodiff"), "f")
    >>> "projection to ∂f/∂x₁ and ∂f/∂x₂ of a set of dimension 3" in text, "autodiff is in the set itself" in text
    (True, True)
    """
    if not differential.is_exact or autodiff.verdict.is_undecided:
        return ""
    varying = [factor for factor in differential.factors if factor.inner.dimension > 0]
    dimension = sum(factor.inner.dimension for factor in varying)
    if dimension in (1, 2):
        is_in = autodiff.verdict.is_proved
        vertices = differential.vertices if differential.n_vertices else ()
        return _figures([flat_set(vertices, autodiff.gradient, differential.minimal_norm_element, is_in, "autodiff")])
    shown = [_factor(differential, factor, autodiff, letter, len(varying) > 1) for factor in varying[:_MOST_FACTORS]]
    return _figures(shown, n_left_out=max(0, len(varying) - _MOST_FACTORS))


def _figures(shown: Sequence[str], n_left_out: int = 0) -> str:
    """Return the drawings, and below them what is not drawn and what the diamond is."""
    drawn = "".join(shown)
    more = f"… {counted(n_left_out, 'more factor')} of the product. " if n_left_out else ""
    return f'{drawn}<p class="q tiny">{more}◇ the shortest element</p>' if drawn else ""


def _factor(
    differential: ClarkeDifferential, factor: Factor, autodiff: Selection, letter: str, is_one_of_many: bool
) -> str:
    """Return the drawing of one factor, and what it is."""
    vector = tuple(autodiff.gradient[place] for place in factor.places)
    element = tuple(differential.minimal_norm_element[place] for place in factor.places)
    of_neuron = f"the factor of neuron {factor.neuron}" if factor.neuron is not None else "a factor"
    if is_one_of_many:
        is_in = isinstance(factor.inner.locate(vector), Member)
        said = f"{of_neuron}; autodiff's part is {'in' if is_in else 'not in'} it"
    else:
        is_in = autodiff.verdict.is_proved
        said = f"autodiff is {'in' if is_in else 'not in'} the set itself"
    if factor.inner.dimension <= 2:
        return _figure(flat_set(factor.inner.vertices, vector, element, is_in, "autodiff"), said)
    names = [_derivative(differential.function.variables[place], letter) for place in factor.places]
    return _projection(factor.inner, vector, element, is_in, names, said)


def _projection(polytope: Polytope, vector: Point, element: Point, is_in: bool, names: Sequence[str], said: str) -> str:
    if len(polytope.vertices) > _MOST_VERTICES:
        return ""
    vertices = [floats(vertex) for vertex in polytope.vertices]
    a, s = floats(vector), floats(element)
    i, j = _two_coordinates(vertices, None if is_in else a)
    drawing = SetDrawing([*((v[i], v[j]) for v in vertices), (a[i], a[j]), (0.0, 0.0)], is_in)
    text = drawing.text(
        [(v[i], v[j]) for v in vertices],
        (a[i], a[j]),
        (s[i], s[j]),
        outline=hull([(v[i], v[j]) for v in vertices]),
        axes=(names[i], names[j]),
    )
    what = f"projection to {names[i]} and {names[j]} of a set of dimension {polytope.dimension}"
    return _figure(text, f"{what}; {said}")


def _figure(drawing: str, caption: str) -> str:
    return (
        f'<figure>{drawing}<figcaption class="q">{escape(caption, quote=False)}</figcaption></figure>'
        if drawing
        else ""
    )


def _two_coordinates(vertices: Sequence[_Floats], outside: _Floats | None) -> tuple[int, int]:
    """Return the coordinates on whose plane the set is largest; of those that show a vector outside, if any do."""
    spreads = [max(entries) - min(entries) for entries in zip(*vertices, strict=True)]
    widest = sorted(range(len(spreads)), key=lambda i: -spreads[i])[:_MOST_COORDINATES]

    def merit(pair: tuple[int, int]) -> tuple[bool, float]:
        i, j = pair
        outline = hull([(v[i], v[j]) for v in vertices])
        is_shown = outside is not None and not is_within(outline, (outside[i], outside[j]))
        return is_shown, round(_area(outline), 9)

    pairs = list(combinations(sorted(widest), 2))
    return max(pairs, key=merit)  # the first of equal ones


def hull(spots: Sequence[Spot]) -> list[Spot]:
    """Return the corners of the hull of spots, counterclockwise.

    Examples
    --------
    >>> hull([(0, 0), (2, 0), (1, 1), (0, 2), (0.5, 0.5)])
    [(0, 0), (2, 0), (0, 2)]
    """
    order = sorted(set(spots))
    if len(order) < 3:
        return order

    def chain(spots_in_order: Sequence[Spot]) -> list[Spot]:
        found: list[Spot] = []
        for spot in spots_in_order:
            while len(found) > 1 and _turn(found[-2], found[-1], spot) <= 0:
                found.pop()
            found.append(spot)
        return found[:-1]

    return [*chain(order), *chain(order[::-1])]


def is_within(outline: Sequence[Spot], spot: Spot) -> bool:
    """Return whether a spot is in a hull, or so near to it that it seems so.

    Examples
    --------
    >>> triangle = [(0, 0), (2, 0), (0, 2)]
    >>> is_within(triangle, (0.5, 0.5)), is_within(triangle, (1.5, 1))
    (True, False)
    """
    size = max(abs(x - y) for a in outline for b in outline for x, y in zip(a, b, strict=True)) or 1.0
    turns = [_turn(a, b, spot) for a, b in zip(outline, [*outline[1:], outline[0]], strict=True)]
    return all(turn > -0.02 * size * size for turn in turns)


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _area(outline: Sequence[Spot]) -> float:
    return sum(_turn(outline[0], b, c) for b, c in pairwise(outline)) / 2


def _derivative(variable: str, letter: str) -> str:
    """Return ∂f/∂x₁ for the variable x[1], ∂R/∂W₁[1,2] for W1[1,2]."""
    plain = re.sub(r"^x\[(\d+)\]$", r"x\1", variable)
    lowered = re.sub(r"([A-Za-zα-ω])(\d+)", lambda m: m[1] + m[2].translate(SUBSCRIPTS), in_use().text(plain))
    return f"∂{letter}/∂{lowered}"
