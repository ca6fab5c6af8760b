"""How the flow of a piecewise-linear function goes on from a point: all straight continuations, and a theorem on them.

Near x let f(x + d) = f(x) + h(d), h piecewise linear and positively homogeneous on finitely many cones. A solution of
y' in -∂h(y), y(0) = 0 is *straight* if y(t) = t v; as ∂h(t v) = ∂h(v) for t > 0, that is -v in ∂h(v).

**At most one a face.** Let v lie in the face M (``local_fan.py``), g be the gradient on any cell at M. All of them have
the same inner products with span M, the derivative of h there, and so has every element of ∂h(v), their hull. So
-v in ∂h(v) makes v the projection of -g on span M: one candidate a face, accepted iff

    (i) it lies in M, and (ii) -v is in the hull of the gradients of the cells that have M in their closure.

Every direction lies in one face, so this finds all straight solutions, exactly.

**At least one.** Euler's identity <g, d> = h(d) holds for g in ∂h(d). Is h >= 0, then 0 is a minimum, and v = 0 is
straight. Else let u be a minimiser of h on the unit sphere: 0 in ∂h(u) + λ u (Lagrange's rule for Lipschitz functions),
and Euler's identity gives λ = -h(u); so v = -h(u) u is straight. It is the steepest: |v| = max |h| where h < 0.

**Theorem.** *Is there exactly one straight solution, then it is the only solution.* (With several there are, plainly,
several.) Let y be a solution. By the chain rule (h∘y)' = -|y'|², and by Euler (|y|²/2)' = <y, y'> = -h(y) >= 0.

- v = 0 is the one. Then h >= 0 (else a minimiser gives another), and h(y) <= 0, so h(y) = 0, y' = 0.
- v ≠ 0 is the one. Then 0 is not in ∂h(0), so y = 0 on no set of positive measure; as |y| does not fall, y ≠ 0 for
  t > 0. For q = h(y)/|y| <= 0 one has q' = (q² - |y'|²)/|y| <= 0, since |h(y)| = |<y, y'>| <= |y| |y'|. Let q0 be its
  limit as t -> 0. The blow-ups y(λt)/λ are solutions too, Lipschitz with one constant; a sequence λ -> 0 converges to a
  solution z, and h(z)/|z| = q0 for all t > 0. So q' = 0 along z: z' is parallel to z (Cauchy-Schwarz) and z is
  straight, z = t v. Thus q0 = h(v)/|v|, the minimum of h on the sphere, since that gives a straight solution too.
  So q = q0 for all t, the direction of y is a minimiser of h on the sphere, and these all are v/|v|; |y|' = -q0 = |v|.

So uniqueness is decided at every point, in every dimension; a spiral cannot start. Nothing here needs f to be convex.

**No accumulation of events (no Zeno).** A solution made of straight pieces with nonzero velocities meets finitely many
walls in finite time. Suppose it arrives at 0 at time T after infinitely many. Its speed is at least some δ > 0
(finitely many faces). Now q >= 0 before T, and q' <= (q² - δ²)/|y| with |y| <= C (T - t): were the limit of q at T less
than δ, the integral of q' would be minus infinity. So q -> q1 >= δ, and the blow-ups at T are straight and come in
along rays u with q1 u in ∂h(u): finitely many, so the direction of y converges to one u. Near u, h(y) = q1 <u, y> +
k(w) with w the part of y orthogonal to u and k piecewise linear in one dimension less; w follows -∂k(w) and arrives at
0 (once w = 0 it stays: k(w) may not rise). By induction on the dimension its walls are finitely many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.exact.membership import Separated, membership
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.along_a_ray import first_change
from symflow.flows.local_fan import MOST_FACES, Face, LocalFan, local_fan, product
from symflow.nets.network import Vector
from symflow.nets.realization import FunctionOfInput


@final
@dataclass(frozen=True)
class StraightSolution:
    """A velocity v with -v in ∂h(v).

    Parameters
    ----------
    face : Face
        Where v lies.
    velocity : vector
        v.
    time : fmpq or None
        How long x + t v stays in the face: to the next change of a sign; None for ever.
    cells : tuple of Face
        The cells that have the face in their closure.
    weights : dict
        By cell: positive, of sum 1; Σ weights[i] g_i = -v for the gradients g_i on the cells.
    """

    face: Face
    velocity: Vector
    time: fmpq | None
    cells: tuple[Face, ...]
    weights: dict[int, fmpq]

    @property
    def is_at_rest(self) -> bool:
        """Whether v = 0."""
        return all(entry == 0 for entry in self.velocity)

    @property
    def speed_squared(self) -> fmpq:
        """|v|²."""
        return product(self.velocity, self.velocity)

    @cached_property
    def flat(self) -> frozenset[tuple[int, int]]:
        """The units that vanish (or tie) on all of the cells: there the 0 is no kink."""
        zero = (unit for unit, sign in self.face.signs.items() if sign == "0")
        return frozenset(unit for unit in zero if all(cell.signs[unit] == "0" for cell in self.cells))


@final
@dataclass(frozen=True, slots=True)
class Excluded:
    """A candidate that lies in its face, though -v is not in ∂h(v).

    Parameters
    ----------
    face : Face
        The face.
    velocity : vector
        The candidate v.
    functional : vector
        u with <u, -v> < <u, g> for the gradients g on all cells that have the face in their closure.
    """

    face: Face
    velocity: Vector
    functional: Vector


@final
@dataclass(frozen=True, slots=True)
class Continuations:
    """All straight solutions from a point, and what excludes the other faces.

    Parameters
    ----------
    function : FunctionOfInput
        At the point.
    sign : int
        The flow is that of sign · f.
    fan : LocalFan
        All faces there.
    solutions : tuple of StraightSolution
        At least one.
    excluded : tuple of Excluded
        Candidates whose velocity is not minus an element of the differential.
    """

    function: FunctionOfInput
    sign: int
    fan: LocalFan
    solutions: tuple[StraightSolution, ...]
    excluded: tuple[Excluded, ...]

    @property
    def is_unique(self) -> bool:
        """Whether there is one, which is then the only solution for some time."""
        return len(self.solutions) == 1


def continuations(
    function: FunctionOfInput, sign: int = 1, *, budget: Budget = NO_BUDGET, most_faces: int = MOST_FACES
) -> Continuations:
    """Return all straight solutions of x' in -sign ∂f(x) from the function's input.

    Parameters
    ----------
    function : FunctionOfInput
        f (its objective is not looked at), with piecewise-linear activations, at x.
    sign : int
        1 or -1.
    budget : Budget
        When to give up.
    most_faces : int
        So it is beyond this many faces.

    Raises
    ------
    BudgetExceededError
        When it gave up.

    Examples
    --------
    -|x| at 0: to the left, stay, or to the right. |x| at 0: stay.

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]])).at((0,))
    >>> [solution.velocity for solution in continuations(f, -1).solutions]
    [(-1,), (0,), (1,)]
    >>> [solution.velocity for solution in continuations(f).solutions]
    [(0,)]
    """
    fan = local_fan(function, budget=budget, most_faces=most_faces)
    solutions: list[StraightSolution] = []
    excluded: list[Excluded] = []
    for face in fan.faces:
        velocity = face.projection(gradient_on(function, face, -sign))
        if not face.contains(velocity):
            continue
        cells = fan.cells_at(velocity)
        opposite = tuple(-entry for entry in velocity)
        answer = membership(opposite, [gradient_on(function, cell, sign) for cell in cells], budget=budget)
        if isinstance(answer, Separated):
            excluded.append(Excluded(face, velocity, answer.functional))
            continue
        moves = any(entry != 0 for entry in velocity)
        time = first_change(function, face.characters, face.signs, velocity) if moves else None
        weights = {place: weight for place, weight in answer.weights.items() if isinstance(weight, fmpq)}
        solutions.append(StraightSolution(face, velocity, time, cells, weights))
    assert solutions, "the steepest descent is a straight solution, or the point is a minimum"
    return Continuations(function, sign, fan, tuple(solutions), tuple(excluded))


def gradient_on(function: FunctionOfInput, face: Face, factor: int) -> Vector:
    """Return factor · ∇f on a cell; on a smaller face a vector with the right inner products with its span."""
    sparse = function.output_gradient(0, face.characters)
    return tuple(sparse.get(place, fmpq(0)) * factor for place in range(len(function.variables)))


def moved(function: FunctionOfInput, velocity: Vector, time: fmpq) -> FunctionOfInput:
    """Return the function at x + time · velocity."""
    point = tuple(x + time * v for x, v in zip(function.point, velocity, strict=True))
    return at_point(function, point)


def at_point(function: FunctionOfInput, point: Vector) -> FunctionOfInput:
    """Return the function at another point."""
    return FunctionOfInput(function.network, (point,), function.objective, output=function.output)
