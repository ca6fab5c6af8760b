"""Sites, their characters, and the walk which shows that no cell has been forgotten.

A *site* is a unit (or a maxpool group) of a hidden layer together with a datum. Sites are decided in
tree order: by layer, then datum, then unit; the polynomials of a site depend only on the characters of
lower layers of its own datum. At the point w, given those characters,

- a preactivation z that vanishes identically is exempt: its character is ``0``;
- z(w) ≠ 0 forces its sign, which then holds in a neighbourhood of w;
- z(w) = 0 leaves both signs, each with one constraint: z > 0 or −z > 0;
- in a maxpool group, of members identical as polynomials only the first one counts; one maximal member alone is
  forced, otherwise each maximal member p may win, with the constraints z_p − z_q > 0 for the other maximal q.

The values z(w) themselves do not depend on the pattern, since all pieces agree where they meet. So the
possible patterns form a tree, and every cell that has w in its closure is one of its leaves. The walk
descends from the root and stops only where a refutation (or an admission of being undecided) covers the
whole subtree: the given characters of the refuted pattern agree with those of the node. Each leaf it
comes to has to be a listed cell.

It visits at most (cells + undecided) · (sites) · (branches) nodes when every refutation stands where it
is first due, and gives up beyond that, so that a hostile file cannot make it wander; nor does it collect
more than a few patterns that are missing. Refutations are found by the last of their given sites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.networks import Forward, Pieces
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, TooLarge, exactly

# So many patterns that are neither listed nor refuted are named; more tell a reader nothing new.
_MOST_MISSING = 20

Words: TypeAlias = tuple[str, ...]
Node: TypeAlias = tuple[int, Words]  # how many sites are decided, and their characters, a word for each datum


@dataclass(frozen=True, slots=True)
class Site:
    """A unit or group of a hidden layer on a datum, all counted from 0, and its place in the datum's word."""

    layer: int
    unit: int
    datum: int
    position: int


class Tree:
    """The sites of a problem, in tree order, and what each of them may be at the point.

    Parameters
    ----------
    problem : Problem
    values : sequence of Forward
        The values of the network, one a datum.
    neuron : int, optional
        Of one hidden layer, only the sites of this unit: a factor of the product.
    """

    def __init__(self, problem: Problem, values: Sequence[Forward], neuron: int | None = None) -> None:
        self.problem = problem
        self.values = values
        self.neuron = neuron
        self.starts = [0]
        places: list[tuple[int, int, int]] = []
        for layer, activation in enumerate(problem.activations):
            n_units = activation.n_units(len(problem.weights[layer]))
            units = range(n_units) if neuron is None else [neuron]
            if activation.name != "identity":
                places += [(layer, unit, self.starts[-1] + i) for i, unit in enumerate(units)]
                self.starts.append(self.starts[-1] + len(units))
            else:
                self.starts.append(self.starts[-1])
        self.sites = tuple(
            Site(layer, unit, datum, position)
            for hidden in range(problem.n_hidden)
            for datum in range(len(problem.inputs))
            for layer, unit, position in places
            if layer == hidden
        )
        self.site_at = {(site.layer, site.unit, site.datum): site for site in self.sites}
        self.index = {name: i for i, name in enumerate(problem.names)}
        n = len(problem.point)
        variables = [Polynomial.variable(i) for i in range(n)]
        self.polynomials = Pieces(problem, self.starts, variables, Polynomial.constant)
        self.at_point = Pieces(problem, self.starts, problem.point, Fraction)
        # Some point: a polynomial that is not zero there is not zero. Where it is, the polynomial is expanded.
        somewhere = [Fraction((7919 * i * i + 104729 * i + 31337) % 100003 - 50001) for i in range(n)]
        self._somewhere = Pieces(problem, self.starts, somewhere, Fraction)
        self._known: dict[tuple[Site, str], str] = {}

    def characters(self, site: Site, word: str) -> str:
        """Return the characters possible at a site, given those of lower layers; constraints bind if several."""
        z = self.values[site.datum].preactivations[site.layer]
        activation = self.problem.activations[site.layer]
        if activation.name != "maxpool" and z[site.unit]:
            return "+" if z[site.unit] > 0 else "-"
        key = (site, word[: self.starts[site.layer]])
        if key not in self._known:
            if activation.name == "maxpool":
                self._known[key] = self._winners(site, word)
            else:
                self._known[key] = "0" if self._vanishes(site, site.unit, None, word) else "-+"
        return self._known[key]

    def alphabet(self, site: Site) -> str:
        """Return the characters that can ever stand at a site."""
        activation = self.problem.activations[site.layer]
        if activation.name == "maxpool":
            return WINNERS[: len(activation.groups[site.unit])]
        return "-0+"

    def words(self, pattern: object, *, wildcard: bool) -> Words:
        """Return a pattern's words, one a datum, read from a file; ``*`` only with `wildcard`."""
        words = tuple(exactly(pattern, str, "pattern").split("|"))
        if len(words) != len(self.problem.inputs) or {len(word) for word in words} != {self.starts[-1]}:
            raise Refused("the pattern's words do not fit the network and the data", "pattern")
        for site in self.sites:
            character = words[site.datum][site.position]
            if character not in self.alphabet(site) and not (wildcard and character == "*"):
                raise Refused(f"the character {character!r} cannot stand there", "pattern")
        return words

    def _winners(self, site: Site, word: str) -> str:
        group = self.problem.activations[site.layer].groups[site.unit]
        z = self.values[site.datum].preactivations[site.layer]
        largest = max(z[row] for row in group)
        found: list[int] = []
        for place, row in enumerate(group):
            if z[row] == largest and not any(self._vanishes(site, row, group[p], word) for p in found):
                found.append(place)
        return "".join(WINNERS[place] for place in found)

    def _vanishes(self, site: Site, row: int, against: int | None, word: str) -> bool:
        """Return whether z_row, or z_row - z_against, is identically zero on the pattern."""
        a = self._somewhere.preactivation(site.datum, site.layer, row, word)
        if against is not None:
            a = a - self._somewhere.preactivation(site.datum, site.layer, against, word)
        if a:
            return False
        z = self.polynomials.preactivation(site.datum, site.layer, row, word)
        if against is not None:
            z = z - self.polynomials.preactivation(site.datum, site.layer, against, word)
        return not z


def walk(
    tree: Tree, refuted: Sequence[Words], undecided: Sequence[Words], n_cells: int
) -> tuple[list[Words], list[Node]]:
    """Return every leaf that no refuted pattern covers, and the nodes where an undecided one does.

    Raises
    ------
    Refused
        If it finds more leaves than there are cells.
    TooLarge
        If the walk is out of proportion to the number of cells and patterns listed.
    """
    is_refuted, is_undecided = _Cover(tree, refuted), _Cover(tree, undecided)
    open_nodes: list[Node] = []

    def stops(index: int, words: Words) -> bool:
        if is_refuted(index, words):
            return True
        if is_undecided(index, words):
            open_nodes.append((index, words))
            return True
        return False

    n_entries = n_cells + len(refuted) + len(undecided)
    limit = 100 + 2 * len(WINNERS) * (n_entries + 1) * (len(tree.sites) + 1)
    leaves: list[Words] = []
    for leaf in _descend(tree, (0, ("",) * len(tree.problem.inputs)), stops, limit):
        leaves.append(leaf)
        if len(leaves) > n_cells + _MOST_MISSING:
            raise Refused("the walk finds far more patterns than are listed")
    return leaves, open_nodes


def completions(tree: Tree, nodes: Sequence[Node], limit: int) -> list[Words]:
    """Return every leaf below the nodes, whether or not it is a cell."""
    found: list[Words] = []
    for node in nodes:
        found += _descend(tree, node, lambda index, words: False, limit * (len(tree.sites) + 1))
        if len(found) > limit:
            raise TooLarge("the undecided patterns have too many completions")
    return found


def _descend(tree: Tree, start: Node, stops: Callable[[int, Words], bool], limit: int) -> Iterator[Words]:
    stack = [start]
    steps = 0
    while stack:
        index, words = stack.pop()
        while not stops(index, words):
            if index == len(tree.sites):
                yield words
                break
            steps += 1
            if steps > limit:
                raise TooLarge("a walk over far more patterns than are listed")
            site = tree.sites[index]
            index += 1
            first, *others = (_with(words, site, c) for c in tree.characters(site, words[site.datum]))
            stack += [(index, other) for other in others]
            words = first


def _with(words: Words, site: Site, character: str) -> Words:
    # In tree order the characters of one datum come in the order of its word.
    return (*words[: site.datum], words[site.datum] + character, *words[site.datum + 1 :])


@final
class _Cover:
    """Finds whether a node lies in the subtree of one of some patterns, by the last of their given sites."""

    def __init__(self, tree: Tree, patterns: Sequence[Words]) -> None:
        self._tree = tree
        # last given site -> given sites -> the characters there
        self._given: dict[int, dict[tuple[Site, ...], set[str]]] = {}
        for words in patterns:
            sites: list[Site] = []
            last = 0
            possible = True
            for index, site in enumerate(tree.sites, 1):
                character = words[site.datum][site.position]
                z = tree.values[site.datum].preactivations[site.layer]
                if character == "*":
                    continue
                if tree.alphabet(site) == "-0+" and z[site.unit]:
                    # A forced sign agrees with every node or with none: no reason to wait for it.
                    possible = possible and character == ("+" if z[site.unit] > 0 else "-")
                    continue
                sites.append(site)
                last = index
            if possible:
                characters = "".join(words[site.datum][site.position] for site in sites)
                self._given.setdefault(last, {}).setdefault(tuple(sites), set()).add(characters)

    def __call__(self, index: int, words: Words) -> bool:
        """Return whether the node is covered by a pattern whose last given site was decided just now."""
        return any(
            "".join(words[site.datum][site.position] for site in sites) in characters
            for sites, characters in self._given.get(index, {}).items()
        )
