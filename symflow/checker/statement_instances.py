"""The relations of a statement, one by one: for every value of its indices, and for the elements of its sets.

A claim that is affine in an element s of a polytope holds for all s if it holds for the generators, so that each of
these is an instance. Other claims have one instance for the whole polytope; ``statement_elements.py`` decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, final

from symflow.checker.enclosed_numbers import Real
from symflow.checker.expressions import rational
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_degrees import vertices_decide
from symflow.checker.statement_grammar import (
    Binder,
    Call,
    Element,
    Expression,
    Positive,
    Range,
    Relation,
    Statement,
    names_in,
)
from symflow.checker.statement_objects import Function
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_values import Scope

_MOST_INSTANCES = 20_000
# What is not continuous at the kinks, where a Clarke differential has several elements.
_OFF_KINKS = ("A", "a", "grad")


@final
@dataclass(frozen=True, slots=True)
class Instance:
    """One relation of a statement, with one value for each bound name; claimed only where the conditions hold.

    Parameters
    ----------
    relation : Relation
    scope : Scope
        What its names mean.
    indices : mapping of str to int
        The values of the bound indices.
    conditions : tuple of Relation
    elements : frozenset of str
        The bound names that stand for any element of a set.
    hulls : mapping of str to Polytope
        Those of them that have no value in the scope: the relation is claimed for all elements of these polytopes.
    """

    relation: Relation
    scope: Scope
    indices: Mapping[str, int]
    conditions: tuple[Relation, ...] = ()
    elements: frozenset[str] = frozenset()
    hulls: Mapping[str, Polytope] = field(default_factory=dict)

    def at(self, elements: Mapping[str, tuple[Real, ...]]) -> Instance:
        """Return the instance with these elements of its sets."""
        return replace(self, scope=with_elements(self.scope, elements), hulls={}) if elements else self


def with_elements(scope: Scope, elements: Mapping[str, tuple[Real, ...]]) -> Scope:
    """Return a scope in which names stand for vectors."""
    for name, vector in elements.items():
        scope = scope.binding(name, vector)
    return scope


def instances(statement: Statement, scope: Scope, values: Mapping[str, object] | None = None) -> Iterator[Instance]:
    """Return every relation of a statement, for every value of its indices and for the elements of its sets.

    Parameters
    ----------
    statement : Statement
    scope : Scope
        In symbols, or of a point.
    values : mapping, optional
        At a point, a value for every name that is bound to a positive number.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> statement = parse_statement("for i in 1..2, s in hull(vector(0), vector(1)): s[1] <= i")
    >>> found = list(instances(statement, Scope(None)))
    >>> [(each.indices["i"], each.scope.bound["s"]) for each in found]
    [(1, (Fraction(0, 1),)), (1, (Fraction(1, 1),)), (2, (Fraction(0, 1),)), (2, (Fraction(1, 1),))]
    """
    elements = [binder.name for binder in statement.binders if isinstance(binder, Element)]
    by_vertices = all(vertices_decide(relation, name) for relation in statement.claims for name in elements)
    found = _Instances(statement, values or {}, frozenset(elements), by_vertices).within(0, scope, {}, {})
    for count, instance in enumerate(found):
        if count >= _MOST_INSTANCES:
            raise TooLarge("a statement with too many instances")
        yield instance


@dataclass(frozen=True, slots=True)
class _Instances:
    """The enumeration, one binder after the other."""

    statement: Statement
    values: Mapping[str, object]
    elements: frozenset[str]
    by_vertices: bool

    def within(
        self, depth: int, scope: Scope, indices: Mapping[str, int], hulls: Mapping[str, Polytope]
    ) -> Iterator[Instance]:
        """Return the instances once the first binders have values."""
        if depth == len(self.statement.binders):
            for relation in self.statement.claims:
                yield from self._of_relation(relation, scope, indices, hulls)
            return
        binder = self.statement.binders[depth]
        if isinstance(binder, Range):
            for index in scope.range(binder):
                inner = {**indices, binder.name: index}
                yield from self.within(depth + 1, scope.binding(binder.name, index), inner, hulls)
            return
        if isinstance(binder, Positive):
            inside = scope.binding(binder.name, _positive(binder, scope, self.values))
            yield from self.within(depth + 1, inside, indices, hulls)
            return
        if not isinstance(binder, Element):
            raise Refused("no such binder")
        self._check_independent(binder, depth)
        if isinstance(scope.objects, Symbols):
            gradient = self._gradient_of(binder, scope)
            yield from self.within(depth + 1, scope.binding(binder.name, gradient), indices, hulls)
            return
        polytope = scope.value(binder.set)
        if not isinstance(polytope, Polytope):
            raise Refused(f"{binder.name} is taken from something that is no set")
        if not self.by_vertices:
            yield from self.within(depth + 1, scope, indices, {**hulls, binder.name: polytope})
            return
        for generator in polytope.generators:
            yield from self.within(depth + 1, scope.binding(binder.name, generator), indices, hulls)

    def _of_relation(
        self, relation: Relation, scope: Scope, indices: Mapping[str, int], hulls: Mapping[str, Polytope]
    ) -> Iterator[Instance]:
        whole = Instance(relation, scope, dict(indices), self.statement.conditions, self.elements, hulls)
        if not all(hull.generators for hull in hulls.values()):
            return  # of the elements of the empty set nothing is claimed
        if not all(vertices_decide(relation, name) for name in hulls):
            yield whole
            return
        for vectors in product(*(hull.generators for hull in hulls.values())):
            yield whole.at(dict(zip(hulls, vectors, strict=True)))

    def _check_independent(self, binder: Element, depth: int) -> None:
        """Refuse conditions, sets and ranges that depend on an element: the vertices say nothing of these."""
        statement, name = self.statement, binder.name
        if any(name in names_in(side) for each in statement.conditions for side in (each.left, each.right)):
            raise Refused(f"a condition on {name}: the vertices of the set do not decide it")
        if any(name in names_in(part) for later in statement.binders[depth + 1 :] for part in _parts(later)):
            raise Refused(f"a set or a range that depends on {name}: the vertices of the set do not decide it")

    def _gradient_of(self, binder: Element, scope: Scope) -> tuple[Any, ...]:
        """Return the gradient on a piece, where a claim on all elements of clarke(F) follows from it.

        Off a null set F is given by one of its pieces, on a neighbourhood. So the elements of clarke(F) at w are convex
        combinations of gradients, at w, of pieces that agree with F there. What is shown with the slopes of any piece,
        and is affine in s, holds for all of them, if all else that is spoken of is the same for all these pieces.
        """
        match binder.set:
            case Call("clarke", (function,), None, ()):
                found = scope.value(function)
            case _:
                found = None
        if not isinstance(scope.objects, Symbols) or not isinstance(found, Function):
            raise Refused("this set is one of a point: its net needs weights that are numbers")
        if not self.by_vertices or len(self.elements) > 1:
            raise Refused(f"a claim that is not affine in {binder.name}, or of several elements of sets")
        for relation in self.statement.claims:
            for name in (*names_in(relation.left), *names_in(relation.right)):
                if name.rstrip("0123456789") in _OFF_KINKS:
                    raise Refused(f'"{name}" is not continuous at the kinks, where {binder.name} has several values')
        return scope.objects.gradient(found)


def _parts(binder: Binder) -> tuple[Expression, ...]:
    if isinstance(binder, Range):
        return binder.first, binder.last
    return (binder.set,) if isinstance(binder, Element) else ()


def _positive(binder: Positive, scope: Scope, values: Mapping[str, object]) -> Any:
    if isinstance(scope.objects, Symbols):
        return scope.objects.positive_symbol(binder.name)
    if binder.name not in values:
        raise Refused(f"{binder.name} has no value: at one point this claims infinitely much")
    found = rational(values[binder.name], binder.name)
    if found <= 0:
        raise Refused(f"{binder.name} is not positive")
    return found
