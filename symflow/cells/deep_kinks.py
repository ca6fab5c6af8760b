r"""The Clarke differential of a deep net with symbolic weights at given kinks, in closed form.

Let the hidden layers be linear or kink unit by unit (relu, leaky_relu, abs), and let all weights and biases be
variables. With biases, features are extended by a 1. At weights w, let K be the set of all (l, j, k) with z_{ljk}(w)
= 0 whose features h_{l-1,k} do not vanish in a whole neighbourhood of w (where they do, z vanishes there too, and the
unit's slope does not matter). The hypothesis is

    (H)  for every unit (l, j), the features h_{l-1,k}(w), (l, j, k) in K, are linearly independent.

At one kink that is h_{l-1,k}(w) ≠ 0; in the first layer it is a property of the data alone.

**Proposition 6.** If (H) holds at w, every s in {-, +}^K is the sign pattern, on K, of a cell that has w in its
closure. With g(θ) the gradient at w by the chain rule in which the kink i has the slope θ_i (``slope_gradient.py``),

    ∂F(w) = conv { g(θ) : θ_i in {a_-, a_+} for i in K },

and if no product of two θ occurs in g, then ∂F(w) = { g(θ) : θ_i between a_- and a_+ for i in K }.

*Proof.* Near w the preactivations outside K keep their signs or vanish identically. Let s be given. On its pattern the
preactivations are polynomials z^s. At w all pieces of an activation that meet there have the same value, so z^s(w) =
z(w), and the features at w are h(w), whatever s is: this is where σ(0) = 0 from both sides enters. Now z^s_{ljk} =
⟨row j of W_l, h^s_{l-1,k}⟩ (+ b_l[j]) does not depend on layers above l nor on other rows of layer l, and its gradient
by row j (and its bias) is h_{l-1,k}(w). So the gradients at w of z^s_i, i in K, ordered by layer and unit, form a block
triangular matrix, whose diagonal blocks have linearly independent rows by (H). Hence its rows are linearly independent,
and some direction d has ⟨∇z^s_i(w), d⟩ = s_i for all i in K: w + εd lies in the cell of s for all small ε > 0. This
shows the first claim; and a cell with w in its closure has such a pattern, since outside K there is no choice. Its
gradient tends to sum_k c_k ∇f^s_k(w), where the features are those at w, hence to g(θ) with the slopes θ of s. By
Proposition 1 ∂F(w) is the hull of these. Finally g has degree at most 1 in each θ_i, so g(θ) is, on the box, the mean
of its values at the vertices with products of numbers in [0, 1] for weights. So the image of the box lies in the
hull, and contains the vertices; it is the hull if g is affine, which it is if no product occurs.  ∎

With products the image of the box need not be convex: of g(θ) = (θ_1 (1 - 2 θ_2), θ_2) it is a bow tie, two triangles
that meet at (0, 1/2). Without (H) the hull still contains ∂F(w), by Proposition 1, but it may be larger: fewer patterns
may meet w.

**Sum rule.** Slopes of different data do not multiply: g(θ) is a sum over the data k of functions of the θ of datum k
alone, and its hull the sum of the hulls of these. By the proposition for one datum they are c_k ∂f(x_k; ·)(w). So (H)
makes the sum rule hold: ∂F(w) = sum_k c_k ∂f(x_k; ·)(w).

**Which signs the others may have.** A *stratum* of K is the set of all (w, x) where K vanishes and every other
preactivation has a given sign, or vanishes identically. If (H) holds at one of its points, then all 2^|K| patterns with
the signs of K filled in are pieces. So only such signs are looked for, where signs and dimensions leave room for a
point (``kink_room.py``). What is found (``kink_points.py``) is a certificate; a stratum without one is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import final

from symflow.cells.kink_points import KinkPoints
from symflow.cells.kink_room import has_room
from symflow.cells.slope_gradient import Entries, SlopeGradient
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.errors import InputError
from symflow.exact.polynomials import PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import Site, pattern_key

# Where no kinks are declared: strata that are listed, and candidates tried for one point where there are more of them.
MOST_STRATA, _MOST_TRIED = 64, 8

# Larger closed forms than this, counted in paths through the net, are not written unless kinks are declared.
_MOST_PATHS = 600

# More kinks than these at a time have too many vertices.
MOST_KINKS = 10

Characters = tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Stratum:
    """A sign pattern off the kinks, with a point at which (H) holds.

    Parameters
    ----------
    characters : tuple of str
        In tree order; "0" at the kinks, and where a preactivation vanishes identically.
    point : vector
        One value a symbol.
    gradient : tuple of Polynomial
        g(θ) there.
    is_affine : bool
        Whether no product of two θ occurs in it.
    """

    characters: Characters
    point: Vector
    gradient: Entries
    is_affine: bool


@final
@dataclass(frozen=True, slots=True)
class KinkSet:
    """Kinks that occur together, and the Clarke differential there.

    Parameters
    ----------
    sites : tuple of Site
        The kinks, in tree order; θ[1], θ[2], .. are their slopes.
    ring : PolynomialRing
        Of the gradients.
    gradient : tuple of Polynomial
        g(θ) with variables for the other slopes.
    is_affine : bool
        Whether no product of two θ occurs in it.
    strata : tuple of Stratum
        Sorted by pattern.
    undecided : tuple of tuple of str
        Characters for which neither a point was found nor a reason against one.
    lists_all : bool
        Whether every stratum with a point of (H) is among these two lists.
    """

    sites: tuple[Site, ...]
    ring: PolynomialRing
    gradient: Entries
    is_affine: bool
    strata: tuple[Stratum, ...]
    undecided: tuple[Characters, ...]
    lists_all: bool


@final
@dataclass(frozen=True, slots=True)
class DeepKinks:
    """The kinks of a deep net.

    Parameters
    ----------
    sets : tuple of KinkSet
        The declared set; where none is declared every single kink, or none at all if that would be too long.
    is_declared : bool
        Whether somebody declared it.
    """

    sets: tuple[KinkSet, ...]
    is_declared: bool


@final
class DeepKinkFinder:
    """Finds the strata of kinks.

    Parameters
    ----------
    net : SymbolicNetwork
        With symbolic weights, and kinks unit by unit.
    pieces : mapping of tuple of str to vector
        Every pattern that is known to occur, with a point of its cell.
    constants : tuple of fmpq, optional
        The coefficients c_k where they are numbers.
    is_complete : bool
        Whether there are no other patterns.
    budget : Budget
        When to stop; what is left is undecided.
    """

    def __init__(
        self,
        net: SymbolicNetwork,
        pieces: dict[Characters, Vector],
        constants: tuple[fmpq, ...] | None,
        *,
        is_complete: bool,
        budget: Budget = NO_BUDGET,
    ) -> None:
        self.net, self.table, self.shape = net, net.table, net.architecture
        self.pieces, self.constants, self.is_complete, self.budget = pieces, constants, is_complete, budget

    def declared(self, kinks: Sequence[tuple[int, ...]]) -> DeepKinks:
        """Return the closed form at kinks (layer, neuron, datum), counted from 1; one datum need not be named.

        Raises
        ------
        InputError
            If one of them does not exist, or vanishes for all weights.
        """
        places = sorted({self._place(kink) for kink in kinks})
        if not places:
            raise InputError("none given; write layer,neuron,datum", place="kinks")
        if len(places) > MOST_KINKS:
            raise InputError(f"{len(places)} kinks; at most {MOST_KINKS} at a time", place="kinks")
        return DeepKinks((self._set(places, self._candidates(places), is_whole=True),), is_declared=True)

    def single(self) -> DeepKinks:
        """Return the closed form at each kink alone; no sets where it would be too long."""
        if self._n_paths() > _MOST_PATHS:
            return DeepKinks((), is_declared=False)
        places = [i for i in range(len(self.table.sites)) if any(piece[i] != "0" for piece in self.pieces)]
        candidates = [self._candidates([i]) for i in places]
        is_short = sum(map(len, candidates)) <= MOST_STRATA
        sets = [self._set([i], c, is_whole=is_short) for i, c in zip(places, candidates, strict=True)]
        return DeepKinks(tuple(sets), is_declared=False)

    def _n_paths(self) -> int:
        """Return how many paths of weights all kinks have together, on all data."""
        count = self.net.n_data * len(self.table.sites)
        for width in self.shape.widths:
            count *= width
        return count

    def _place(self, kink: tuple[int, ...]) -> int:
        shape, n_data, name = self.shape, self.net.n_data, f"kink {','.join(map(str, kink))}"
        if len(kink) == 2 and n_data == 1:
            kink = (*kink, 1)
        if len(kink) != 3:
            raise InputError("write layer,neuron,datum", place=name)
        layer, neuron, datum = kink
        if not 1 <= layer <= shape.n_hidden_layers:
            raise InputError(f"no hidden layer {layer}; write 1 to {shape.n_hidden_layers}", place=name)
        if not shape.activation(layer).has_sites:
            raise InputError(f"layer {layer} is linear and has no kinks", place=name)
        for what, number, most in (("neuron", neuron, shape.widths[layer]), ("datum", datum, n_data)):
            if not 1 <= number <= most:
                raise InputError(f"no {what} {number}; write {f'1 to {most}' if most > 1 else '1'}", place=name)
        place = self.table.index[layer, neuron - 1, datum - 1]
        if self.is_complete and all(piece[place] == "0" for piece in self.pieces):
            reason = "its preactivation is 0 for all weights, since the datum is 0; that is no kink"
            raise InputError(reason, place=name)
        return place

    # ------------------------------------------------------------------ strata

    def _candidates(self, places: Sequence[int]) -> list[tuple[Characters, tuple[Vector, ...]]]:
        """Return the patterns off the kinks of which all fillings are pieces, each with the points of these."""
        kinks = set(places)
        found = []
        for piece in self.pieces:
            if any(piece[i] != "-" for i in places):
                continue
            near = []
            for signs in product("-+", repeat=len(places)):
                filled = list(piece)
                for i, sign in zip(places, signs, strict=True):
                    filled[i] = sign
                point = self.pieces.get(tuple(filled))
                if point is None:
                    break
                near.append(point)
            else:
                characters = tuple("0" if i in kinks else c for i, c in enumerate(piece))
                if has_room(self.net, kinks, characters):
                    found.append((characters, tuple(near)))
        return sorted(found, key=lambda entry: pattern_key(self.table.word(entry[0])))

    def _set(
        self, places: Sequence[int], candidates: Sequence[tuple[Characters, tuple[Vector, ...]]], *, is_whole: bool
    ) -> KinkSet:
        """Return the closed form at some kinks, with all strata, or with one."""
        gradients = SlopeGradient(self.net, [self.table.sites[i] for i in places], self.constants)
        finder = KinkPoints(self.net, set(places))
        strata: list[Stratum] = []
        undecided: list[Characters] = []
        for characters, near in candidates if is_whole else candidates[: -1 - _MOST_TRIED : -1]:
            point = finder.find(characters, near, self.budget)
            if point is None:
                undecided.append(characters)
                continue
            gradient = gradients.gradient(characters)
            strata.append(Stratum(characters, point, gradient, gradients.is_affine(gradient)))
            if not is_whole:
                undecided = []
                break
        generic = gradients.gradient(None)
        return KinkSet(
            gradients.kinks,
            gradients.ring,
            generic,
            gradients.is_affine(generic),
            tuple(strata),
            tuple(undecided),
            lists_all=is_whole and self.is_complete,
        )


def units_at_kinks(kinks: Sequence[Site]) -> dict[tuple[int, int], list[Site]]:
    """Return the kinks of each unit: by layer (from 1) and unit (from 0).

    Examples
    --------
    >>> first, second = Site(2, 0, 0, (0,), False), Site(2, 0, 1, (0,), False)
    >>> units_at_kinks([first, second]) == {(2, 0): [first, second]}
    True
    """
    units: dict[tuple[int, int], list[Site]] = {}
    for site in kinks:
        units.setdefault((site.layer, site.output), []).append(site)
    return units
