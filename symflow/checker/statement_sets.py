"""Whether a vector lies in a polytope, and how two polytopes compare, as evidence shows.

Membership is shown by convex weights, the contrary by a functional that is larger at the vector than at every
generator. One polytope lies within another if its generators do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, Real
from symflow.checker.exponential_fractions import sign
from symflow.checker.expressions import scalars
from symflow.checker.hulls import Points, check_weights
from symflow.checker.linear_algebra import dot
from symflow.checker.reading import Refused, items, take
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_tensors import Polytope, check_rank
from symflow.checker.statement_values import Scope


def as_set(found: Any, scope: Scope) -> Polytope:
    """Return a set; a vector is the set of itself."""
    if isinstance(found, Polytope):
        return found
    vector = scope.plain(found)
    check_rank(vector, 1, "compared with a set:")
    return Polytope((vector,))


def is_member(vector: Sequence[Real], polytope: Polytope, entry: dict[str, object]) -> bool:
    """Return whether a vector lies in a polytope, as the entry shows: weights, or a separating functional."""
    if len(vector) != polytope.length:
        raise Refused("a vector and a set of different dimensions")
    _no_enclosures([*vector, *(entry for generator in polytope.generators for entry in generator)])
    if entry.get("separator") is not None:
        u = scalars(entry["separator"], len(vector), "separator")
        here = dot(u, vector)  # type: ignore[arg-type]
        if all(sign(here - dot(u, generator)) > 0 for generator in polytope.generators):  # type: ignore[arg-type]
            return False
        raise Refused("the functional does not separate the vector from the set", "separator")
    check_weights(polytope.generators, vector, entry.get("weights"))  # type: ignore[arg-type]
    return True


def compare_sets(relation: str, left: Polytope, right: Polytope, evidence: Evidence) -> bool:
    """Return whether one polytope lies within another, or equals it."""
    if relation not in ("within", "==", "!="):
        raise Refused(f'"{relation}" does not compare sets')
    if left.generators and right.generators and left.length != right.length:
        raise Refused("sets of vectors of different lengths")
    if not left.generators or not right.generators:
        holds = not left.generators and (relation == "within" or not right.generators)
        return holds != (relation == "!=")
    entry = evidence.of_sets(relation, left, right)
    if "separator" in entry:
        side = take(entry, "side", str)
        if side not in ("left", "right") or (side == "right" and relation == "within"):
            raise Refused("no such side", "side")
        inner, outer = (left, right) if side == "left" else (right, left)
        index = take(entry, "generator", int)
        if not 0 <= index < len(inner.generators):
            raise Refused("no such generator", "generator")
        if is_member(inner.generators[index], outer, entry):
            raise Refused("this generator lies in the other set", "generator")
        return relation == "!="
    _all_members(left, right, items(entry, "left", len(left.generators)))
    if relation != "within":
        _all_members(right, left, items(entry, "right", len(right.generators)))
    return relation != "!="


def _all_members(inner: Polytope, outer: Polytope, weights: Sequence[object]) -> None:
    for vector in (*inner.generators, *outer.generators):
        _no_enclosures(vector)
    known = Points(outer.generators)  # type: ignore[arg-type]
    for generator, given in zip(inner.generators, weights, strict=True):
        if given is None:
            if known.place(generator) is None:  # type: ignore[arg-type]
                raise Refused("no weights, and this generator is none of the other set")
        else:
            check_weights(outer.generators, generator, given)  # type: ignore[arg-type]


def _no_enclosures(entries: Sequence[Real]) -> None:
    if any(isinstance(entry, Enclosed) for entry in entries):
        raise Refused("a set of numbers that are only enclosed")
