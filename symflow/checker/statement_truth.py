"""Whether a statement holds at a point, in exact numbers.

Numbers are compared exactly. Where a logarithm or a root is in them, enclosures may tell them apart, never show that
they are equal. What is claimed under a condition that does not hold there is not claimed there. How vectors and sets
compare is for ``statement_sets.py``; a claim on all elements s of a polytope is checked at the generators where it is
affine in s, and else by ``statement_elements.py``.

Examples
--------
>>> from symflow.checker.statement_grammar import parse_statement
>>> statement = parse_statement("for s in hull(vector(0), vector(2)): s[1] <= 2 and norm2(s) < 5")
>>> holds_at_point(statement, Scope(None), Evidence([{}]), {})
True
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symflow.checker.enclosed_numbers import Real
from symflow.checker.polynomials import partial_derivatives
from symflow.checker.reading import Refused
from symflow.checker.statement_comparisons import comparison_of
from symflow.checker.statement_elements import holds_for_all
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_grammar import Statement, names_in
from symflow.checker.statement_identities import law_polynomial
from symflow.checker.statement_instances import Instance, instances
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_scope import scalar_of
from symflow.checker.statement_sets import as_set, compare_sets, is_member
from symflow.checker.statement_tensors import Polytope, alike, check_rank, flat, is_written_zero, size_of
from symflow.checker.statement_values import Scope

_STEPS_OF_A_SIGN = 50


def holds_at_point(statement: Statement, scope: Scope, evidence: Evidence, values: Mapping[str, object]) -> bool:
    """Return whether a statement holds at a point, for all values of its bound names.

    Parameters
    ----------
    statement : Statement
    scope : Scope
        Of a point.
    evidence : Evidence
        Memberships; it notes whether enclosures were used.
    values : mapping
        A value for every name that is bound to a positive number; a statement that holds for these values alone is
        not shown, so they serve a refutation only.
    """
    found = list(instances(statement, scope, values))
    if not found:
        raise Refused("the statement claims nothing: its range is empty")
    if any(instance.relation.relation == "conserved" for instance in found):
        raise Refused("one point does not show that something is conserved")
    if not any(applies(instance, evidence) for instance in found):
        raise Refused("the statement claims nothing here: its conditions do not hold")
    return all(relation_holds(instance, evidence) for instance in found)


def applies(instance: Instance, evidence: Evidence) -> bool:
    """Return whether the conditions hold under which a relation is claimed."""
    return all(_relation_holds(Instance(each, instance.scope, {}), evidence) for each in instance.conditions)


def relation_holds(instance: Instance, evidence: Evidence) -> bool:
    """Return whether one relation holds, exactly, or is not claimed; what cannot be decided is refused."""
    return not applies(instance, evidence) or _relation_holds(instance, evidence)


def _relation_holds(instance: Instance, evidence: Evidence) -> bool:
    relation, scope = instance.relation, instance.scope
    if relation.relation == "conserved":
        return not rate_at_point(instance)
    if relation.right is None:
        raise Refused("a relation without a right side")
    if instance.hulls:
        return holds_for_all(comparison_of(relation, scope, instance.hulls), evidence)
    left, right = scope.value(relation.left), scope.value(relation.right)
    if relation.relation in ("in", "not in"):
        if not isinstance(right, Polytope):
            raise Refused("the right side of 'in' is no set")
        vector = scope.plain(left)
        if is_written_zero(relation.left):
            vector = (Fraction(0),) * (right.length or 0)
        check_rank(vector, 1, "in a set:")
        scope.work.charge(_STEPS_OF_A_SIGN + size_of(right))
        inside = bool(right.generators) and is_member(vector, right, evidence.of_member(vector, right))
        return inside == (relation.relation == "in")
    if relation.relation == "within" or isinstance(left, Polytope) or isinstance(right, Polytope):
        if not instance.elements.isdisjoint((*names_in(relation.left), *names_in(relation.right))):
            raise Refused("sets that depend on an element of a set: its vertices do not decide how they compare")
        return compare_sets(relation.relation, as_set(left, scope), as_set(right, scope), evidence)
    a, b = alike(relation, scope.plain(left), scope.plain(right))
    scope.work.charge(_STEPS_OF_A_SIGN * size_of(a))
    if relation.relation in ("==", "!="):
        differs = False
        for u, v in zip(flat(a), flat(b), strict=True):
            differs = evidence.differs(u - v) or differs
        return differs == (relation.relation == "!=")
    sign = evidence.sign(scalar_of(a, None) - scalar_of(b, None))
    return {"<=": sign <= 0, ">=": sign >= 0, "<": sign < 0, ">": sign > 0}[relation.relation]


def rate_at_point(instance: Instance) -> Real:
    """Return d/dt h = −⟨∇h, ∇R⟩ at the point, over the parameters that are trained."""
    objects = instance.scope.objects
    if not isinstance(objects, Point):
        raise Refused("a rate at no point")
    symbols = objects.shape
    law = law_polynomial(instance.scope.on_shape(symbols), instance.relation, symbols)
    gradient = objects.gradient(Function("R"))
    total: Real = Fraction(0)
    for variable, derivative in partial_derivatives(law).items():
        slope = symbols.at(derivative, objects)
        if slope and variable not in objects.problem.held:
            total = total - slope * gradient[variable]
    return total
