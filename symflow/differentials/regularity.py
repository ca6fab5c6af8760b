"""How regular F is at a point, each answer with what re-checks it.

* strictly differentiable: ∂F(w) is one vector (Clarke 1983, Proposition 2.2.4);
* (Fréchet) differentiable: v -> F'(w; v) is linear; it is then the gradient;
* Clarke regular: F'(w; v) = F°(w; v) for all v;
* Fréchet stationary: F'(w; v) >= 0 for all v.

F'(w; .) is linear on finitely many cones (``first_order.py``), and F°(w; .) is a maximum of finitely many linear
functions. So each question is one linear program a cone: <h, v> >= 0 for every v with <a_i, v> >= 0 if and only if
h = sum_i λ_i a_i with λ >= 0 (Farkas); otherwise there is a rational v with <a_i, v> > 0 and <h, v> < 0. Refutations
name such a v, and their values are computed once more by the forward pass of ``directional.py``.

Strictly differentiable implies differentiable and Clarke regular. Local minima are Fréchet stationary, and Fréchet
stationary points are Clarke stationary; neither implication can be turned round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.clarke import Differentiable, differential_at
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.directional import directional_derivative
from symflow.differentials.first_order import Cone, FirstOrder, Part, first_order
from symflow.differentials.polytope import Point
from symflow.errors import BudgetExceededError
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

_OUT_OF_TIME = "the budget ended before every cone was decided"


@final
@dataclass(frozen=True, repr=False)
class ConeCertificate:
    """Why <h, v> >= 0 on a cone {v : <a_i, v> >= 0}: h = sum_i λ_i a_i.

    Parameters
    ----------
    part : int
        Which part of F'(w; .), from 0.
    cone : Cone
        The a_i.
    form : point
        h.
    multipliers : dict
        The λ_i that are not zero, by i; all positive.
    """

    part: int
    cone: Cone
    form: Point
    multipliers: dict[int, Scalar]

    def __repr__(self) -> str:
        return f"ConeCertificate({self.cone.pattern!r})"

    def holds(self) -> bool:
        """Whether it is true, recomputed.

        Examples
        --------
        >>> cone = Cone("+", ((fmpq(1), fmpq(0)),), (fmpq(1), fmpq(0)), (fmpq(3), fmpq(0)))
        >>> ConeCertificate(0, cone, (fmpq(3), fmpq(0)), {0: fmpq(3)}).holds()
        True
        >>> ConeCertificate(0, cone, (fmpq(3), fmpq(1)), {0: fmpq(3)}).holds()
        False
        """
        total = list(self.form)
        for i, multiplier in self.multipliers.items():
            if sign(multiplier) < 0:
                return False
            total = [x - multiplier * a for x, a in zip(total, self.cone.rows[i], strict=True)]
        return all(entry == 0 for entry in total)


def is_strictly_differentiable(differential: Differentiable, *, at: Sequence[object] | None = None) -> AbstractVerdict:
    """Decide whether ∂F(w) is one vector.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂F(w), or F: a risk, a realization.
    at : sequence of numbers, optional
        The point, where a function is given.

    Returns
    -------
    Proved, Refuted or Undecided
        Proved with the ``gradient``, Refuted with two ``gradients`` of the set.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, -1]]))  # relu(x) - relu(-x) = x
    >>> is_strictly_differentiable(clarke_differential(f, at=(0,)))
    Proved(gradient=(1,))
    """
    differential = differential_at(differential, at)
    if differential.is_exact and differential.n_vertices == 1:
        return Proved(gradient=differential.minimal_norm_element)
    pair = _two_elements(differential)
    return Undecided(reason="the set is only enclosed") if pair is None else Refuted(gradients=pair)


def is_differentiable(
    differential: Differentiable, *, at: Sequence[object] | None = None, budget: Budget = NO_BUDGET
) -> AbstractVerdict:
    """Decide whether F is Fréchet differentiable at w.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂F(w), or F: a risk, a realization.
    at : sequence of numbers, optional
        The point, where a function is given.
    budget : Budget
        What it does not suffice for is undecided.

    Returns
    -------
    Proved, Refuted or Undecided
        Proved with the ``gradient``. Refuted with ``directions`` u, v and ``values`` F'(w; u), F'(w; v) and
        F'(w; u + v), which is not their sum.

    Examples
    --------
    |x| is not differentiable at 0: F'(0; -1) + F'(0; 1) = 2, and F'(0; 0) = 0.

    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> is_differentiable(clarke_differential(f, at=(0,)))
    Refuted(directions=((-1,), (1,)), values=(1, 1, 0))
    """
    differential = differential_at(differential, at, budget=budget)
    pieces = first_order(differential, budget=budget)
    for part in pieces.parts:
        first = part.cones[0] if part.cones else None
        other = next((cone for cone in part.cones if first is not None and cone.gradient != first.gradient), None)
        if first is not None and other is not None:
            u, v = _not_additive(first, other)
            directions = (pieces.spread(part, u), pieces.spread(part, v))
            both = tuple(x + y for x, y in zip(*directions, strict=True))
            values = tuple(directional_derivative(differential.function, each) for each in (*directions, both))
            assert values[0] + values[1] != values[2]  # two roads
            return Refuted(directions=directions, values=values)
    if not pieces.is_complete:
        return Undecided(reason=_OUT_OF_TIME)
    return Proved(gradient=_gradient(pieces))


def is_clarke_regular(
    differential: Differentiable, *, at: Sequence[object] | None = None, budget: Budget = NO_BUDGET
) -> AbstractVerdict:
    """Decide whether F'(w; v) = F°(w; v) for every v.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂F(w), or F: a risk, a realization.
    at : sequence of numbers, optional
        The point, where a function is given.
    budget : Budget
        What it does not suffice for is undecided.

    Returns
    -------
    Proved, Refuted or Undecided
        Proved with ``certificates``: on each cone F' is at least <g, .> for every vertex g. Refuted with a
        ``direction`` v and ``values`` F'(w; v) < <g, v>, g an element of the set.

    Examples
    --------
    The convex |x| is regular at 0, the concave -|x| is not:

    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> up, down = (Realization(Network.from_weights([[1], [-1]], [[c, c]])) for c in (1, -1))
    >>> is_clarke_regular(clarke_differential(up, at=(0,))).is_proved
    True
    >>> is_clarke_regular(clarke_differential(down, at=(0,)))
    Refuted(direction=(-1,), values=(-1, 1))
    """
    differential = differential_at(differential, at, budget=budget)
    pieces = first_order(differential, budget=budget)
    certificates: list[ConeCertificate] = []
    is_open = not pieces.is_complete
    try:
        for number, part in enumerate(pieces.parts):
            vertices, is_exact = _vertices(differential, number)
            is_open = is_open or not is_exact
            for cone in part.cones:
                for vertex in vertices:
                    form = _difference(cone.gradient, vertex)
                    found = _decide(number, cone, form, budget)
                    if isinstance(found, ConeCertificate):
                        certificates.append(found)
                        continue
                    direction = pieces.spread(part, found)
                    lower = differential.support(direction).lower
                    if lower is None:
                        is_open = True
                        continue
                    value = directional_derivative(differential.function, direction)
                    if sign(lower - value) > 0:
                        return Refuted(direction=direction, values=(value, lower))
                    is_open = True
    except BudgetExceededError:
        return Undecided(reason=_OUT_OF_TIME)
    if is_open:
        return Undecided(reason="the set is only enclosed" if not differential.is_exact else _OUT_OF_TIME)
    return Proved(certificates=tuple(certificates))


def is_frechet_stationary(
    differential: Differentiable, *, at: Sequence[object] | None = None, budget: Budget = NO_BUDGET
) -> AbstractVerdict:
    """Decide whether F'(w; v) >= 0 for every v.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂F(w), or F: a risk, a realization.
    at : sequence of numbers, optional
        The point, where a function is given.
    budget : Budget
        What it does not suffice for is undecided.

    Returns
    -------
    Proved, Refuted or Undecided
        Proved with ``certificates``, one a cone. Refuted with a rational ``direction`` v and the ``value``
        F'(w; v) < 0.

    Examples
    --------
    -|x| is Clarke stationary at 0, which is its maximum:

    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> df = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[-1, -1]])), at=(0,))
    >>> df.is_clarke_stationary.is_proved, is_frechet_stationary(df)
    (True, Refuted(direction=(-1,), value=-1))
    """
    differential = differential_at(differential, at, budget=budget)
    pieces = first_order(differential, budget=budget)
    for place, value in pieces.constant:
        if value != 0:
            unit = [fmpq(0)] * pieces.width
            unit[place] = fmpq(-sign(value))
            return _descends(differential, tuple(unit))
    certificates: list[ConeCertificate] = []
    try:
        for number, part in enumerate(pieces.parts):
            for cone in part.cones:
                found = _decide(number, cone, cone.gradient, budget)
                if not isinstance(found, ConeCertificate):
                    return _descends(differential, pieces.spread(part, found))
                certificates.append(found)
    except BudgetExceededError:
        return Undecided(reason=_OUT_OF_TIME)
    if not pieces.is_complete:
        return Undecided(reason=_OUT_OF_TIME)
    return Proved(certificates=tuple(certificates))


def _two_elements(differential: ClarkeDifferential) -> tuple[Point, Point] | None:
    """Return two elements of the set that differ, None where two are not known."""
    for factor in differential.factors:
        if len(factor.inner.vertices) < 2:
            continue
        first, second, *_ = factor.inner.vertices
        place = factor.places[next(i for i, entry in enumerate(first) if entry != second[i])]
        ends = [
            differential.support([end if i == place else fmpq(0) for i in range(len(differential.function.variables))])
            for end in (fmpq(-1), fmpq(1))
        ]
        if ends[0].element is not None and ends[1].element is not None:
            return ends[0].element, ends[1].element
    return None


def _descends(differential: ClarkeDifferential, direction: Vector) -> Refuted:
    value = directional_derivative(differential.function, direction)
    assert sign(value) < 0  # two roads
    return Refuted(direction=direction, value=value)


def _decide(part: int, cone: Cone, form: Point, budget: Budget) -> ConeCertificate | Vector:
    """Return why <h, v> >= 0 on the cone, or a v in its interior with <h, v> < 0.

    The rows a_i and -h have a common strict solution, or a combination of them that vanishes. In the second case the
    multiplier μ of -h is not 0, since the cone has an interior; so h = sum_i (λ_i / μ) a_i.
    """
    budget.check(0)
    if all(entry == 0 for entry in form):
        return ConeCertificate(part, cone, form, {})
    answer = strict_feasibility([*cone.rows, tuple(-entry for entry in form)], budget=budget)
    if isinstance(answer, StrictSolution):
        return answer.direction
    last = answer.multipliers[len(cone.rows)]
    multipliers = {i: value / last for i, value in answer.multipliers.items() if i < len(cone.rows)}
    return ConeCertificate(part, cone, form, multipliers)


def _not_additive(first: Cone, other: Cone) -> tuple[Vector, Vector]:
    """Return u, v with F'(u) + F'(v) ≠ F'(u + v), from two cones with different gradients.

    With v inside the first cone, where the gradients disagree, and u = -v: either F'(v) + F'(-v) ≠ 0, or u far inside
    the other cone instead, so that u + v is in it too.
    """
    difference = _difference(first.gradient, other.gradient)
    v = _inside_where_nonzero(first, difference)
    opposite = tuple(-entry for entry in v)
    if _is_inside(other, opposite):
        return v, opposite
    u, scale = other.direction, fmpq(1)
    while not _is_inside(other, tuple(scale * x + y for x, y in zip(u, v, strict=True))):
        scale *= 2
    return tuple(scale * x for x in u), v


def _inside_where_nonzero(cone: Cone, form: Point) -> Vector:
    """Return a direction inside a cone on which a form that is not zero does not vanish."""
    if dot(form, cone.direction) != 0:
        return cone.direction
    place = next(i for i, entry in enumerate(form) if entry != 0)
    step = fmpq(1)
    while True:
        moved = tuple(x + step if i == place else x for i, x in enumerate(cone.direction))
        if _is_inside(cone, moved):
            return moved
        step /= 2


def _is_inside(cone: Cone, direction: Sequence[fmpq]) -> bool:
    return all(sign(dot(row, direction)) > 0 for row in cone.rows)


def _vertices(differential: ClarkeDifferential, number: int) -> tuple[Sequence[Point], bool]:
    """Return the vertices of the factor that belongs to a part (of its outer hull where it is enclosed)."""
    factor = differential.factors[number]
    if factor.outer is not None:
        return factor.outer.vertices, True
    return factor.inner.vertices, False


def _gradient(pieces: FirstOrder) -> Point:
    whole: list[Scalar] = [fmpq(0)] * pieces.width
    for place, value in pieces.constant:
        whole[place] = value
    for part in pieces.parts:
        for place, value in zip(part.places, _common(part), strict=True):
            whole[place] = value
    return tuple(whole)


def _common(part: Part) -> Point:
    return part.cones[0].gradient


def _difference(left: Point, right: Point) -> Point:
    return tuple(x - y for x, y in zip(left, right, strict=True))
