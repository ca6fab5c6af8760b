"""One factor of a Clarke differential: the cells that meet the point in some of the variables, and their hull.

With one hidden layer, as a function of the weights, a factor is the block of one neuron; otherwise there is one
factor, with all the variables. Where patterns stayed undecided the factor lies between two hulls: `inner`, of the
realised gradients, and `outer`, which has those of all undecided completions too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.cells.cell import IncidentCells
from symflow.cells.incident_cells import incident_cells
from symflow.differentials.completions import Box, box_around_completions, listed_completions
from symflow.differentials.polytope import Point, Polytope
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters

# The gradient in the factor's variables on the cell of a pattern.
BlockGradient: TypeAlias = Callable[[Characters], Point]


@final
@dataclass(frozen=True)
class Factor:
    """The set in some of the variables.

    Parameters
    ----------
    neuron : int or None
        Which hidden neuron or pooling group (from 1); None where the factor holds all variables.
    places : tuple of int
        Its variables.
    incident : IncidentCells
        The patterns, decided and undecided.
    gradients : tuple of points
        One a cell, in the factor's variables.
    inner : Polytope
        The hull of these gradients (and, where exact, of those of the undecided patterns: it is the same).
    outer : Polytope or None
        Contains the set; None where there are too many undecided completions. Equal to `inner` where exact.
    n_limiting_gradients : int or None
        The size of the Bouligand differential, None where it is not decided.
    box : Box or None
        Where `outer` is None: for each variable of the factor an interval that contains all entries of the set.
    """

    neuron: int | None
    places: tuple[int, ...]
    incident: IncidentCells
    gradients: tuple[Point, ...]
    inner: Polytope
    outer: Polytope | None
    n_limiting_gradients: int | None
    box: Box | None = None

    @property
    def trusts(self) -> frozenset[str] | None:
        """The solvers on whose word `inner` is the whole factor; None where their word is not enough."""
        if self.is_exact:
            return frozenset()
        trusted = self.incident.trusted
        if not self.gradients or any(characters not in trusted for characters in self.incident.undecided):
            return None
        return frozenset(trusted.values())

    @property
    def is_exact(self) -> bool:
        """Whether inner and outer hull agree."""
        return self.outer is self.inner

    def restrict(self, vector: Sequence[object]) -> tuple[object, ...]:
        """Return the entries of a vector at the factor's variables."""
        return tuple(vector[place] for place in self.places)

    def __repr__(self) -> str:
        whose = "of all variables" if self.neuron is None else f"of neuron {self.neuron}"
        known = "exact" if self.is_exact else "enclosed"
        count = len(self.inner.vertices)
        return f"Factor({whose}, {count} {'vertex' if count == 1 else 'vertices'} in R^{len(self.places)}, {known})"


def make_factor(
    function: AbstractPatternedFunction,
    gradient: BlockGradient,
    *,
    places: Sequence[int],
    sites: Sequence[int] | None = None,
    neuron: int | None = None,
    budget: Budget = NO_BUDGET,
) -> Factor:
    """Decide the patterns of the given sites and return the factor they make."""
    incident = incident_cells(function, sites=sites, budget=budget)
    gradients = tuple(gradient(cell.characters) for cell in incident.cells)
    listed = listed_completions(function, incident.undecided, sites)
    new: set[Point] = set()
    if listed:
        new = {gradient(characters) for characters in listed}.difference(gradients)
    if listed is None:
        box = _box(function, tuple(places), sites, incident, gradients)
        inner = Polytope.of(gradients) if gradients else Polytope((), (), ())
        return Factor(neuron, tuple(places), incident, gradients, inner, None, None, box)
    if not gradients:
        # Nothing was realised within the budget: the set is not empty, but no element of it is known.
        return Factor(neuron, tuple(places), incident, gradients, Polytope((), (), ()), Polytope.of(new), None)
    inner = Polytope.of(gradients)
    outer: Polytope | None = inner
    if new:
        outer = Polytope.of([*gradients, *new])
        if outer.vertices == inner.vertices:
            inner = outer  # the undecided patterns change nothing; its witnesses show that for each of their gradients
    count = None if new else inner.n_points
    return Factor(neuron, tuple(places), incident, gradients, inner, outer, count)


def _box(
    function: AbstractPatternedFunction,
    places: tuple[int, ...],
    sites: Sequence[int] | None,
    incident: IncidentCells,
    gradients: tuple[Point, ...],
) -> Box | None:
    """Return a box around all gradients of a factor, realised or open."""
    around = box_around_completions(function, incident.undecided, sites)
    if around is None:
        return None
    box = [around[place] for place in places]
    return tuple(
        (min([low, *(g[i] for g in gradients)]), max([high, *(g[i] for g in gradients)]))
        for i, (low, high) in enumerate(box)
    )
