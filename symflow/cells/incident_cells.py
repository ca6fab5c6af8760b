"""Which cells have the point in their closure: the tree of patterns, each node decided with a certificate.

The sites are decided in tree order, depth first. At a site whose preactivation is not zero at the point the
character is forced; at a kink there are several, and each child is asked for a certificate:

1. an arc. First a direction, from the strict linear program <∇g_i(0), d> > 0 over all constraints so far, over Q;
   the parent's arc often serves one child already. Where no direction leads into the cell, arcs of higher order are
   tried (``arcs.py``). Found: realised.
2. multipliers (``refutation.py``). Found: refuted. Where every constraint is linear in d, Gordan's alternative of
   the linear program is already the identity, and directions and multipliers are complete. A refutation keeps only
   the characters that it uses, so it prunes other branches too.
3. a solver that says where to look (``solver_rung.py``), and certificates of the same two kinds. Where it says "empty"
   and no identity is found, the branch ends as undecided, and the solver is named.

A partial pattern that is realised extends to a full one, since the cells are dense; so the walk is proportional to
what it finds. What neither step reaches is walked on without an arc, and is reported as undecided at the end of its
branch. Nothing is ever dropped.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from symflow.cells.arcs import find_arc, leading_sign, shortened
from symflow.cells.cell import Cell, IncidentCells, PreactivationFactor, Refutation, Term
from symflow.cells.refutation import MultiplierSearch
from symflow.cells.solver_rung import ArcFound, IdentityFound, OnlyTheWord, ask_solver
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import UNDECIDED, pattern_key
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint, Option, SparseVector

# Undecided branches beyond this number are no longer walked to their ends, but listed as they stand.
MOST_UNDECIDED = 256

# What is tried where no direction leads into a cell: multipliers of a level, or so many ways of finding an arc. A leaf
# that is still open is worth more.
_LADDER = (("multipliers", 0), ("arcs", 6), ("multipliers", 1), ("solver", 0), ("arcs", 24), ("multipliers", 2))
_ATTEMPTS_AT_A_LEAF = 60


def incident_cells(
    function: AbstractPatternedFunction,
    *,
    sites: Sequence[int] | None = None,
    budget: Budget = NO_BUDGET,
    most_cells: int | None = None,
) -> IncidentCells:
    """Return the cells that have the function's point in their closure, with a certificate for each pattern.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Cells of what, at which point.
    sites : sequence of int, optional
        Decide only these sites (in tree order), the others left open: the block of one neuron. Default: all.
    budget : Budget
        From its deadline on, branches are listed as undecided.
    most_cells : int, optional
        So are they once this many cells are found.

    Returns
    -------
    IncidentCells
        Realised, refuted and undecided patterns; together they cover all.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, -1]])).at((0,))
    >>> found = incident_cells(f)
    >>> [(cell.pattern, cell.arc) for cell in found.cells]
    [('-+', ((-1,),)), ('+-', ((1,),))]
    >>> [refutation.pattern for refutation in found.refuted]
    ['--', '++']
    """
    return _Walk(function, sites, budget, most_cells).run()


@final
@dataclass(frozen=True, slots=True)
class _Row:
    """A constraint, its gradient at the point, and the variables that it has."""

    constraint: Constraint
    gradient: SparseVector
    variables: frozenset[int]


@final
@dataclass(frozen=True, slots=True)
class _Node:
    """A partial pattern: how many sites are decided, and the constraints so far.

    Realised where it has a `direction` (the arc ε d) or an `arc`.
    """

    depth: int
    characters: list[str]
    rows: tuple[_Row, ...]
    direction: SparseVector | None
    arc: tuple[Vector, ...] | None = None

    @property
    def is_realised(self) -> bool:
        return self.direction is not None or self.arc is not None


@final
class _Walk:
    """One depth-first walk over the tree of patterns."""

    def __init__(
        self,
        function: AbstractPatternedFunction,
        sites: Sequence[int] | None,
        budget: Budget,
        most_cells: int | None = None,
    ) -> None:
        self.function, self.budget, self.most_cells = function, budget, most_cells
        self.sites = tuple(range(len(function.table.sites))) if sites is None else tuple(sites)
        self.is_linear = function.is_affine_on_cells or all(
            function.table.sites[i].layer == 1 and function.variable == "weights" for i in self.sites
        )
        # First-layer signs, as functions of the weights, are those of linear forms: with d also -d, so the cells come
        # in pairs s, -s (and so do the refutations), and half of the tree is walked.
        self.is_symmetric = all(
            function.table.sites[i].layer == 1
            and function.variable == "weights"
            and not function.table.sites[i].is_group
            for i in self.sites
        )
        self.search = MultiplierSearch(function)
        self.cells: list[Cell] = []
        self.refuted: list[Refutation] = []
        self.undecided: list[tuple[str, ...]] = []
        self.trusted: dict[tuple[str, ...], str] = {}
        self.refuted_at: defaultdict[int, list[tuple[tuple[int, str], ...]]] = defaultdict(list)

    def run(self) -> IncidentCells:
        """Walk, and return what was found, sorted."""
        stack = [_Node(0, [""] * len(self.function.table.sites), (), {})]
        while stack:
            node = stack.pop()
            if (
                self._is_out_of_time()
                or self._is_full()
                or (not node.is_realised and len(self.undecided) >= MOST_UNDECIDED)
            ):
                self.undecided.append(self._open(node.characters))
                continue
            children = self._advance(node)
            if self.is_symmetric and not node.rows:
                children = children[:1]
            stack.extend(reversed(children))
        if self.is_symmetric:
            self._mirror()
        return IncidentCells(
            tuple(sorted(self.cells, key=lambda cell: pattern_key(cell.pattern))),
            tuple(sorted(self.refuted, key=lambda refutation: pattern_key(refutation.pattern))),
            tuple(sorted(self.undecided, key=lambda c: pattern_key(self.function.table.word(c)))),
            self.trusted,
        )

    def _advance(self, node: _Node) -> list[_Node]:
        """Pass over the forced sites, then branch; a leaf is entered where it belongs."""
        characters, depth = node.characters, node.depth
        while depth < len(self.sites):
            site = self.sites[depth]
            options = self.function.options(site, characters)
            depth += 1
            if len(options) > 1:
                return self._branch(node, depth, site, options)
            characters[site] = options[0].character
            if self._is_refuted_at(site, characters):
                return []
        self._leaf(node)
        return []

    def _branch(self, node: _Node, depth: int, site: int, options: tuple[Option, ...]) -> list[_Node]:
        children = []
        for option in options:
            characters = node.characters.copy()
            characters[site] = option.character
            if self._is_refuted_at(site, characters):
                continue
            new = tuple(self._row(constraint, characters) for constraint in option.constraints)
            child = self._decide(_Node(depth, characters, node.rows + new, node.direction, node.arc), new)
            if child is not None:
                children.append(child)
        return children

    def _row(self, constraint: Constraint, characters: list[str]) -> _Row:
        gradient = self.function.constraint_gradient(constraint, characters)
        if self.is_linear:
            return _Row(constraint, gradient, frozenset(gradient))
        polynomial = self.function.constraint_polynomial(constraint, characters)
        return _Row(constraint, gradient, frozenset(polynomial.used_variables()))

    def _decide(self, child: _Node, new: tuple[_Row, ...]) -> _Node | None:
        """Return the child with its own direction or arc (neither where it stays open), or None when it is refuted.

        It comes with its parent's.
        """
        linked = _linked(child.rows, new)
        if child.direction is not None:
            if all(_product(row.gradient, child.direction) > 0 for row in new):
                return child
            moved = self._direction(linked, child.direction)
            if isinstance(moved, dict):
                return replace(child, direction=moved)
            if self.is_linear:
                self._enter_refutation(child.characters, moved)
                return None
        inherited = child.arc
        if inherited is None and child.direction is not None:
            inherited = (self._dense(child.direction),)
        if inherited is not None and self._goes_into(new, child.characters, inherited):
            return replace(child, direction=None, arc=inherited)
        return self._climb(child, linked)

    def _climb(self, child: _Node, linked: Sequence[_Row]) -> _Node | None:
        """Decide a node into which no direction leads, step by step; leave it open at the end."""
        tried = 0
        constraints = [row.constraint for row in child.rows]
        near = [row.constraint for row in linked]
        for kind, amount in _LADDER:
            if self._is_out_of_time():
                break
            if kind == "solver":
                answer = ask_solver(
                    self.function, self.search, constraints, child.characters, near=near, budget=self.budget
                )
                if isinstance(answer, ArcFound):
                    return replace(child, direction=None, arc=answer.arc)
                if isinstance(answer, IdentityFound):
                    self._enter_refutation(child.characters, answer.terms)
                    return None
                if isinstance(answer, OnlyTheWord):
                    characters = self._open(child.characters)
                    self.undecided.append(characters)
                    self.trusted[characters] = answer.solver
                    return None
                continue
            if kind == "arcs":
                arc = find_arc(self.function, constraints, child.characters, attempts=amount, first=tried)
                tried += amount
                if arc is not None:
                    return replace(child, direction=None, arc=arc)
                continue
            terms = self.search.refute(near, child.characters, level=amount, budget=self.budget)
            if terms is not None:
                self._enter_refutation(child.characters, terms)
                return None
        return replace(child, direction=None, arc=None)

    def _goes_into(self, rows: Sequence[_Row], characters: Sequence[str], arc: tuple[Vector, ...]) -> bool:
        return all(leading_sign(self.function, row.constraint, characters, arc) > 0 for row in rows)

    def _dense(self, direction: SparseVector) -> Vector:
        return tuple(direction.get(place, fmpq(0)) for place in range(len(self.function.variables)))

    def _direction(self, rows: Sequence[_Row], old: SparseVector) -> SparseVector | tuple[Term, ...]:
        """Return a direction for these rows (`old` stays where they have no variable), or Gordan's multipliers."""
        places = sorted({place for row in rows for place in row.gradient})
        # The new rows come first. Rows around the negative of the first exclude it in other branches, too.
        dense = [tuple(row.gradient.get(p, fmpq(0)) for p in places) for row in rows]
        answer = strict_feasibility(dense, heaviest=0)
        if isinstance(answer, StrictSolution):
            moved = {place: entry for place, entry in old.items() if place not in set(places)}
            moved.update({p: entry for p, entry in zip(places, answer.direction, strict=True) if entry != 0})
            return moved
        return tuple(Term(rational(m), (), rows[i].constraint) for i, m in sorted(answer.multipliers.items()))

    def _leaf(self, node: _Node) -> None:
        characters = tuple(node.characters)
        arc = node.arc
        if node.direction is not None:
            arc = (self._dense(node.direction),) if node.rows else ()
        elif arc is None and not self._is_out_of_time():
            constraints = [row.constraint for row in node.rows]
            arc = find_arc(self.function, constraints, characters, attempts=_ATTEMPTS_AT_A_LEAF, first=30)
        if arc is None:
            self.undecided.append(characters)
        else:
            if len(arc) > 1:
                arc = shortened(self.function, [row.constraint for row in node.rows], characters, arc)
            self.cells.append(Cell(self._word(characters), characters, arc))

    def _mirror(self) -> None:
        """Enter the other half of a symmetric tree: with every kink the other way round, -d for d."""
        kinks = {
            i for i in self.sites if any(value == 0 for value in self.function.values_at(self.function.table.sites[i]))
        }
        cells = {cell.characters: cell for cell in self.cells}
        for cell in self.cells:
            characters = _flipped(cell.characters, kinks)
            arc = tuple(tuple(-entry for entry in direction) for direction in cell.arc)
            cells.setdefault(characters, Cell(self._word(characters), characters, arc))
        refuted = {refutation.characters: refutation for refutation in self.refuted}
        for refutation in self.refuted:
            characters = _flipped(refutation.characters, kinks)
            terms = tuple(
                replace(term, constraint=replace(term.constraint, sign=-term.constraint.sign))
                for term in refutation.terms
            )
            refuted.setdefault(characters, Refutation(self._word(characters), characters, terms))
        self.cells, self.refuted = list(cells.values()), list(refuted.values())
        self.undecided = list(dict.fromkeys([*self.undecided, *(_flipped(c, kinks) for c in self.undecided)]))

    # ------------------------------------------------------------------ refutations and where they apply

    def _enter_refutation(self, characters: Sequence[str], terms: tuple[Term, ...]) -> None:
        """Keep a refutation with only the characters its polynomials need."""
        needed: set[int] = set()
        table = self.function.table
        for term in terms:
            for part in (term.constraint, *term.factors):
                if isinstance(part, Constraint):
                    needed.add(table.index[part.site.layer, part.site.output, part.site.datum])
                    needed.update(table.below(part.site.layer, part.site.datum))
                elif isinstance(part, PreactivationFactor):
                    needed.update(table.below(part.layer, part.datum))
        kept = tuple(c if i in needed else UNDECIDED for i, c in enumerate(characters))
        self.refuted.append(Refutation(self._word(kept), kept, terms))
        self.refuted_at[max(needed)].append(tuple((i, characters[i]) for i in sorted(needed)))

    def _is_refuted_at(self, site: int, characters: Sequence[str]) -> bool:
        """Whether a known refutation whose last character is at `site` applies."""
        return any(all(characters[i] == c for i, c in known) for known in self.refuted_at.get(site, ()))

    def _is_full(self) -> bool:
        return self.most_cells is not None and len(self.cells) >= self.most_cells

    def _is_out_of_time(self) -> bool:
        return self.budget.deadline is not None and time.monotonic() > self.budget.deadline

    def _open(self, characters: Sequence[str]) -> tuple[str, ...]:
        return tuple(c or UNDECIDED for c in characters)

    def _word(self, characters: Sequence[str]) -> str:
        """Write the characters of the sites of this walk: all of them, or one a datum for a neuron's block."""
        if len(self.sites) == len(self.function.table.sites):
            return self.function.table.word(characters)
        return "|".join(characters[i] for i in self.sites)


def _linked(rows: tuple[_Row, ...], new: tuple[_Row, ...]) -> list[_Row]:
    """Return the rows that are tied to the new ones through common variables; the others cannot matter."""
    linked = list(new)
    variables = set().union(*(row.variables for row in new))
    rest = [row for row in rows if not any(row is other for other in new)]
    grew = True
    while grew:
        grew = False
        left = []
        for row in rest:
            if variables.isdisjoint(row.variables):
                left.append(row)
            else:
                linked.append(row)
                variables.update(row.variables)
                grew = True
        rest = left
    return linked


def _flipped(characters: Sequence[str], kinks: set[int]) -> tuple[str, ...]:
    other = {"+": "-", "-": "+"}
    return tuple(other.get(c, c) if i in kinks else c for i, c in enumerate(characters))


def _product(gradient: SparseVector, direction: SparseVector) -> fmpq:
    total = fmpq(0)
    for place, entry in gradient.items():
        other = direction.get(place)
        if other is not None:
            total += entry * other
    return total
