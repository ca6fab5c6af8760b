"""The two certificates of a cell: an arc that enters it, and multipliers which show that it stays away.

*Arc* (Proposition 7). If along w + ε d₁ + ε² d₂ + .. the first nonzero coefficient of every constraint
of the pattern is positive, then all constraints hold strictly for small ε > 0, so w lies in the closure
of the cell.

*Multipliers*. Suppose rational λᵢ ≥ 0, not all zero, and products pᵢ of polynomials satisfy Σ λᵢ pᵢ gᵢ
= 0 identically, where each gᵢ is a constraint of the pattern and every factor of pᵢ is positive on the
part of the cell near w: because it is a constraint of the pattern itself, or because it is positive at
w (a signed parameter or preactivation, 1/8 ± dᵢ). Then no point near w lies in the cell, since there
the sum would be positive. The identity is expanded in the variables themselves, not in their distance d
from w: a polynomial vanishes in one if and only if in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.expressions import rational
from symflow.checker.multipliers import check_combination
from symflow.checker.networks import Pieces
from symflow.checker.patterns import Site, Tree, Words
from symflow.checker.polynomials import Arc, Polynomial
from symflow.checker.problems import WINNERS
from symflow.checker.reading import Refused, TooLarge, items, sized, take

_LONGEST_ARC = 64


def check_arc(tree: Tree, words: Words, coordinates: Sequence[int], certificate: object) -> None:
    """Refuse unless the arc enters the cell of the pattern; `coordinates` are the variables it moves."""
    if take(certificate, "kind", str) != "arc":
        raise Refused("a cell needs an arc", "kind")
    point = tree.problem.point
    moved = [[value] for value in point]
    vectors = items(certificate, "arc")
    if len(vectors) > _LONGEST_ARC:
        raise TooLarge("an arc of too high an order", "arc")
    for vector in vectors:
        for i, entry in zip(coordinates, sized(vector, len(coordinates), "arc"), strict=True):
            moved[i].append(rational(entry, "arc"))
    pieces = Pieces(tree.problem, tree.starts, [Arc(tuple(entries)) for entries in moved], Arc.constant)
    for site in tree.sites:
        word = words[site.datum]
        possible, character = tree.characters(site, word), word[site.position]
        if character not in possible:
            raise Refused(f"near the point {_named(site)} is never {character!r}")
        if len(possible) > 1:
            _check_arc_at(tree, pieces, site, word, possible)


def check_multipliers(tree: Tree, words: Words, certificate: object) -> None:
    """Refuse unless the multipliers show that no cell of the pattern comes near the point."""
    check_combination(
        certificate,
        lambda reference: constraint(tree, words, reference),
        lambda reference: _factor(tree, words, reference),
    )


def constraint(tree: Tree, words: Words, reference: dict[str, object]) -> Polynomial:
    """Return the constraint polynomial that a reference names, positive on the cells of the pattern."""
    layer, datum = take(reference, "layer", int) - 1, take(reference, "datum", int) - 1
    unit = take(reference, "group" if "group" in reference else "unit", int) - 1
    site = tree.site_at.get((layer, unit, datum))
    if site is None or ("group" in reference) != (tree.alphabet(site) != "-0+"):
        raise Refused("there is no such site", "constraint")
    word = words[datum]
    character = word[site.position]
    if "*" in word[: tree.starts[layer]] or character in "*0":
        raise Refused("the pattern does not give this constraint", "constraint")
    if "group" not in reference:
        z = tree.polynomials.preactivation(datum, layer, unit, word)
        found = z * Fraction(1 if character == "+" else -1)
    else:
        group = tree.problem.activations[layer].groups[unit]
        other = take(reference, "against", int) - 1
        if not 0 <= other < len(group):
            raise Refused("there is no such member of the group", "constraint")
        found = tree.polynomials.preactivation(datum, layer, group[WINNERS.index(character)], word)
        found = found - tree.polynomials.preactivation(datum, layer, group[other], word)
    if not found:
        raise Refused("this constraint vanishes identically, so it is none", "constraint")
    return found


def _check_arc_at(tree: Tree, pieces: Pieces[Arc], site: Site, word: str, possible: str) -> None:
    character = word[site.position]
    activation = tree.problem.activations[site.layer]
    if activation.name != "maxpool":
        z = pieces.preactivation(site.datum, site.layer, site.unit, word)
        along = [z if character == "+" else z * -1]
    else:
        group = activation.groups[site.unit]
        rows = [group[WINNERS.index(c)] for c in possible if c != character]
        best = pieces.preactivation(site.datum, site.layer, group[WINNERS.index(character)], word)
        along = [best - pieces.preactivation(site.datum, site.layer, row, word) for row in rows]
    if any(arc.leading_sign() <= 0 for arc in along):
        raise Refused(f"along the arc {_named(site)} does not become {character!r}", "arc")


def _factor(tree: Tree, words: Words, reference: object) -> Polynomial:
    """Return a polynomial that is positive near the point on the cells of the pattern."""
    kind = take(reference, "kind", str)
    point = tree.problem.point
    if kind == "constraint" and isinstance(reference, dict):
        return constraint(tree, words, reference)
    if kind == "parameter":
        i = _index(tree, take(reference, "name", str))
        return _signed(Polynomial.variable(i), point[i])
    if kind == "preactivation":
        layer, row = take(reference, "layer", int) - 1, take(reference, "unit", int) - 1
        datum = take(reference, "datum", int) - 1
        problem = tree.problem
        if not (0 <= layer < problem.n_hidden and 0 <= row < len(problem.weights[layer]) and 0 <= datum < len(words)):
            raise Refused("there is no such preactivation", "factors")
        if "*" in words[datum][: tree.starts[layer]]:
            raise Refused("the pattern does not give this preactivation", "factors")
        z = tree.polynomials.preactivation(datum, layer, row, words[datum])
        # The value at the point of the polynomial of this very pattern, be the pattern possible or not.
        return _signed(z, tree.at_point.preactivation(datum, layer, row, words[datum]))
    if kind == "box":
        i = _index(tree, take(reference, "parameter", str))
        sign = take(reference, "sign", str)
        if sign not in ("+", "-"):
            raise Refused('the sign of a box factor is "+" or "-"', "factors")
        distance = Polynomial.variable(i) - Polynomial.constant(point[i])
        return Polynomial.constant(Fraction(1, 8)) + distance * (1 if sign == "+" else -1)
    raise Refused("no such kind of factor", "factors")


def _signed(polynomial: Polynomial, value: Fraction) -> Polynomial:
    if not value:
        raise Refused("a factor that vanishes at the point", "factors")
    return polynomial if value > 0 else polynomial * -1


def _index(tree: Tree, name: str) -> int:
    if name not in tree.index:
        raise Refused("there is no such parameter", "factors")
    return tree.index[name]


def _named(site: Site) -> str:
    return f"layer {site.layer + 1}, unit {site.unit + 1}, datum {site.datum + 1}"
