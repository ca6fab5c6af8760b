"""All patterns of a symbolic net: which are not empty anywhere, with a point in each, and which are empty, with why.

The sites are decided in tree order, depth first. A node carries *witnesses*: values of all symbols so far at which
every condition so far holds strictly. At a site with several characters each child is asked for

1. a witness: that of the parent; or one whose rows at this site are moved. Given the features below, a layer is
   linear in its own rows, so that is a strict linear program over the conditions of this unit on all data so far.
2. a refutation: multipliers λ_i >= 0, not all zero, and products p_i of conditions of the pattern with
   sum_i λ_i p_i g_i = 0 identically. For a first layer on rational data Gordan's alternative of 1 is one
   already, so 1 and 2 are complete there; they are, too, where the weights are known and the conditions
   affine in x (the constant 1 is then one of the g_i).
3. a search for other witnesses: the layers below drawn anew at random (with a fixed seed), or moved by a linear
   program while the rows above stand still.

With symbolic weights and one symbolic input 1 always succeeds: the rows of a layer are free, so every sign
occurs on features that do not vanish. What none of the three reaches is listed as undecided; nothing is dropped.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.cells.symbolic_refutation import SymbolicTerm, refute_everywhere
from symflow.cells.witness import Witness, WitnessFinder
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import UNDECIDED, pattern_key
from symflow.nets.patterned_function import Constraint

# How many witnesses a node keeps, where one may not be enough (deep nets on several data).
_MOST_WITNESSES = 6


@final
@dataclass(frozen=True, slots=True)
class SymbolicCell:
    """A pattern that occurs, with a point at which all its conditions hold strictly.

    Parameters
    ----------
    characters : tuple of str
        In tree order.
    point : vector
        One value a symbol.
    """

    characters: tuple[str, ...]
    point: Vector


@final
@dataclass(frozen=True, slots=True)
class SymbolicRefutation:
    """A partial pattern that occurs nowhere: with ``*`` at the sites that do not matter, and its multipliers."""

    characters: tuple[str, ...]
    terms: tuple[SymbolicTerm, ...]

    def __repr__(self) -> str:
        count = len(self.terms)
        return f"SymbolicRefutation({''.join(self.characters)!r}, {count} {'term' if count == 1 else 'terms'}, exact)"


@final
@dataclass(frozen=True, slots=True)
class _Node:
    depth: int
    characters: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    witnesses: tuple[Witness, ...]


@final
class PatternSpace:
    """The walk over all patterns of a symbolic net.

    Parameters
    ----------
    net : SymbolicNetwork
        Whose patterns.
    budget : Budget
        From its deadline on, what is left is undecided.
    sites : sequence of int, optional
        Decide only these, in tree order: the block of one neuron of the first layer.

    Examples
    --------
    One neuron on the data 1 and -1 cannot be active on both:

    >>> from symflow.activations.base import activation
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.nets.architecture import Architecture
    >>> shape = Architecture((1, 1, 1), (activation("relu"),), has_biases=False)
    >>> space = PatternSpace(SymbolicNetwork(shape, inputs=((fmpq(1),), (fmpq(-1),))))
    >>> [(cell.characters, cell.point) for cell in space.cells()]
    [(('-', '+'), (-1, 1)), (('+', '-'), (1, 1))]
    >>> [refutation.characters for refutation in space.refuted]
    [('-', '-'), ('+', '+')]
    """

    def __init__(self, net: SymbolicNetwork, *, budget: Budget = NO_BUDGET, sites: Sequence[int] | None = None) -> None:
        self.net, self.budget = net, budget
        self.sites = tuple(range(len(net.table.sites))) if sites is None else tuple(sites)
        self.refuted: list[SymbolicRefutation] = []
        self._undecided: list[tuple[str, ...]] = []
        self._finder = WitnessFinder(net)
        self._known: defaultdict[int, list[tuple[tuple[int, str], ...]]] = defaultdict(list)
        self._stack = [_Node(0, ("",) * len(net.table.sites), (), (self._finder.start(),))]

    def cells(self) -> Iterator[SymbolicCell]:
        """Yield the patterns that occur, one after the other; whoever stops early finds the rest undecided."""
        while self._stack:
            if self._is_out_of_time():
                return
            node = self._stack.pop()
            leaf, children = self._advance(node)
            if leaf is not None:
                yield leaf
            self._stack.extend(reversed(children))

    @property
    def undecided(self) -> tuple[tuple[str, ...], ...]:
        """The (partial) patterns not decided, those not walked to included, sorted."""
        left = [*self._undecided, *(self._open(node.characters) for node in self._stack)]
        return tuple(sorted(left, key=lambda characters: pattern_key(self.net.table.word(characters))))

    # ------------------------------------------------------------------ the walk

    def _advance(self, node: _Node) -> tuple[SymbolicCell | None, list[_Node]]:
        """Pass over the forced sites, then branch; at the end of the sites return the cell."""
        characters, depth = list(node.characters), node.depth
        while depth < len(self.sites):
            site = self.sites[depth]
            options = self.net.options(site, characters)
            depth += 1
            if len(options) > 1:
                children = []
                for option in options:
                    characters[site] = option.character
                    if not self._is_refuted_at(site, characters):
                        tried = replace(node, depth=depth, characters=tuple(characters))
                        child = self._decide(tried, option.constraints)
                        if child is not None:
                            children.append(child)
                return None, children
            characters[site] = options[0].character
            if self._is_refuted_at(site, characters):
                return None, []
        witness = self._finder.finished(node.witnesses[0], characters)
        return SymbolicCell(tuple(characters), self._finder.point(witness)), []

    def _decide(self, node: _Node, new: tuple[Constraint, ...]) -> _Node | None:
        """Return the child that has these conditions too, with witnesses; None where it is refuted or undecided."""
        constraints = node.constraints + new
        survivors = self._finder.survivors(node.witnesses, constraints, new, node.characters)
        if survivors:
            return replace(node, constraints=constraints, witnesses=survivors)
        terms = self._finder.refutation(constraints, new, node.characters)
        if terms is None:
            terms = refute_everywhere(self.net, constraints, new, node.characters, budget=self.budget)
        if terms is not None:
            self._enter(node.characters, terms)
            return None
        found = self._finder.search(constraints, node.characters, self.budget, _MOST_WITNESSES)
        if found:
            return replace(node, constraints=constraints, witnesses=found)
        self._undecided.append(self._open(node.characters))
        return None

    def _enter(self, characters: Sequence[str], terms: tuple[SymbolicTerm, ...]) -> None:
        """Keep a refutation with only the characters that its polynomials need."""
        table = self.net.table
        needed: set[int] = set()
        for term in terms:
            for constraint in (*term.factors, term.constraint):
                if constraint is not None:
                    site = constraint.site
                    needed.add(table.index[site.layer, site.output, site.datum])
                    needed.update(table.below(site.layer, site.datum))
        kept = tuple(c if i in needed else UNDECIDED for i, c in enumerate(characters))
        self.refuted.append(SymbolicRefutation(kept, terms))
        self._known[max(needed)].append(tuple((i, characters[i]) for i in sorted(needed)))

    def _is_refuted_at(self, site: int, characters: Sequence[str]) -> bool:
        return any(all(characters[i] == c for i, c in known) for known in self._known.get(site, ()))

    def _is_out_of_time(self) -> bool:
        return self.budget.deadline is not None and time.monotonic() > self.budget.deadline

    def _open(self, characters: Sequence[str]) -> tuple[str, ...]:
        return tuple(c or UNDECIDED for c in characters)
