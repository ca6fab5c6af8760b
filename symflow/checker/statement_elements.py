"""Whether a comparison of numbers holds for all elements of polytopes: by tangents, or false at one element.

What is given shows one of these, and is computed again:

- ``{"below": {"s": u}}``: with the tangents at u in place of the convex terms of the difference D, what remains is
  positive at all generators, so that D ≥ 0 (or D > 0) for all elements; ``above`` shows D ≤ 0 likewise; none of them
  has to be given where D has no convex terms, or zero is a bound of them that suffices. The shortest element of a
  polytope is such a u for its squared length: then ⟨u, v⟩ ≥ ‖u‖² at every generator v.
- ``{"weights": {"s": λ}}``: convex weights of an element at which the comparison is false; for ``!=`` there may be
  ``other`` weights too: D changes sign between the two elements, and is zero somewhere between them.

Examples
--------
>>> from fractions import Fraction
>>> from symflow.checker.statement_comparisons import comparison_of
>>> from symflow.checker.statement_grammar import parse_statement
>>> from symflow.checker.statement_tensors import Polytope
>>> from symflow.checker.statement_values import Scope
>>> segment = Polytope(((Fraction(2), Fraction(0)), (Fraction(0), Fraction(2))))
>>> def holds(text, entry):
...     claim = parse_statement(text).claims[0]
...     return holds_for_all(comparison_of(claim, Scope(None), {"s": segment}), Evidence([entry]))
>>> holds("norm2(s) >= 2", {"below": {"s": ["1", "1"]}}), holds("norm2(s) <= 4", {})
(True, True)
>>> holds("norm2(s) >= 3", {"weights": {"s": ["1/2", "1/2"]}})
False
>>> holds("norm2(s) >= 3", {"below": {"s": ["1", "1"]}})
Traceback (most recent call last):
    ...
symflow.checker.reading.Refused: memberships[0].below: this does not show the comparison
"""

from __future__ import annotations

from symflow.checker.enclosed_numbers import Enclosed, Real
from symflow.checker.expressions import scalars
from symflow.checker.hulls import convex_weights
from symflow.checker.linear_algebra import dot
from symflow.checker.reading import Refused, only_keys, take
from symflow.checker.statement_comparisons import Comparison, Elements
from symflow.checker.statement_evidence import Evidence

# Whether D > 0, or −D > 0, or only ≥ 0, has to be shown.
_SIDES = {">=": (1, False), ">": (1, True), "<=": (-1, False), "<": (-1, True)}
_KEYS = {1: "below", -1: "above"}


def holds_for_all(comparison: Comparison, evidence: Evidence) -> bool:
    """Return whether a comparison holds for all elements, as the evidence shows; refuse what shows neither."""
    if any(isinstance(term.factor, Enclosed) for term in comparison.terms):
        evidence.has_enclosures = True
    entry = evidence.of_elements(comparison)
    place = f"memberships[{max(evidence.n_used - 1, 0)}]"
    if "weights" in entry:
        only_keys(entry, ("weights", "other"))
        one = _element(comparison, entry, "weights")
        other = _element(comparison, entry, "other") if "other" in entry else one
        if not is_false(comparison, evidence, one, other):
            raise Refused("the comparison is true at this element", place)
        evidence.elements = one
        return False
    only_keys(entry, ("below", "above"))
    if comparison.relation == "!=":
        if len(entry) != 1:
            raise Refused("one side is needed on which the difference lies", place)
        asked = [(1 if "below" in entry else -1, True)]
    else:
        asked = [(1, False), (-1, False)] if comparison.relation == "==" else [_SIDES[comparison.relation]]
    for side, is_strict in asked:
        tangent = _tangent(comparison, entry, _KEYS[side])
        if not is_shown(comparison, evidence, tangent, side, is_strict):
            raise Refused("this does not show the comparison", f"{place}.{_KEYS[side]}")
    return True


def is_shown(comparison: Comparison, evidence: Evidence, tangent: Elements | None, side: int, is_strict: bool) -> bool:
    """Return whether D ≥ 0, or D > 0, for all elements, with tangents somewhere; of −D for side −1."""
    signs = map(evidence.sign, comparison.below(tangent, side))
    return all(sign > 0 if is_strict else sign >= 0 for sign in signs)


def is_false(comparison: Comparison, evidence: Evidence, one: Elements, other: Elements) -> bool:
    """Return whether a comparison is false at an element; ``!=`` also, where D changes sign up to another one."""
    sign, relation = evidence.sign(comparison.difference(one)), comparison.relation
    if relation == "!=" and sign and other is not one:
        return sign * evidence.sign(comparison.difference(other)) <= 0
    holds = {"==": not sign, "!=": bool(sign), "<=": sign <= 0, ">=": sign >= 0, "<": sign < 0, ">": sign > 0}
    return not holds[relation]


def _element(comparison: Comparison, entry: dict[str, object], key: str) -> dict[str, tuple[Real, ...]]:
    """Return the elements that convex weights give."""
    given = take(entry, key, dict)
    only_keys(given, tuple(comparison.hulls))
    found: dict[str, tuple[Real, ...]] = {}
    for name, hull in comparison.hulls.items():
        if any(isinstance(number, Enclosed) for generator in hull.generators for number in generator):
            raise Refused("a set of numbers that are only enclosed")
        weights = convex_weights(given.get(name), len(hull.generators))
        found[name] = tuple(dot(weights, column) for column in zip(*hull.generators, strict=True))
    return found


def _tangent(comparison: Comparison, entry: dict[str, object], key: str) -> Elements | None:
    if entry.get(key) is None:
        return None
    given = take(entry, key, dict)
    only_keys(given, tuple(comparison.hulls))
    return {name: tuple(scalars(given.get(name), hull.length or 0, key)) for name, hull in comparison.hulls.items()}
