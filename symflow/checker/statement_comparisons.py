"""Two numbers that depend on elements of polytopes, compared: their difference D, as a sum of convex functions.

D(s) = Σ c φ(E(s)) + affine, with φ the square ‖·‖², the length ‖·‖ or the absolute value, E affine, and numbers c.
Each φ is convex, and a convex function lies above each of its tangents: with u = E(s) and a point u₀,

    ‖u‖² ≥ 2⟨u₀, u⟩ − ‖u₀‖²,        ‖u‖ ≥ ⟨u₀, u⟩/‖u₀‖,        and both ≥ 0.

With the tangents in place of the terms with c > 0, what remains is concave and lies below D. So it is smallest at
generators of the polytopes; where it is positive there, D is positive for all elements. That is how D ≥ 0 is shown of
a D that is neither convex nor concave too; and D ≤ 0 is shown of −D.

A comparison of one length with a number is one of squares: ‖E‖ ≥ c ⇔ ‖E‖² ≥ c², if c ≥ 0.

Examples
--------
>>> from symflow.checker.statement_grammar import parse_statement
>>> claim = parse_statement("norm2(s) - 2*inner(s, vector(1)) >= 3").claims[0]
>>> hull = Polytope(((Fraction(0),), (Fraction(2),)))
>>> found = comparison_of(claim, Scope(None), {"s": hull})
>>> [str(found.difference({"s": (Fraction(x),)})) for x in (0, 1, 2)]
['-3', '-4', '-3']
>>> [str(low) for low in found.below({"s": (Fraction(1),)}, 1)]
['-4', '-4']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias, final

from symflow.checker.enclosed_numbers import Enclosed, Real, inverse_of, root_of, sign_of, total_of
from symflow.checker.exponential_fractions import inverse, sign
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_degrees import degree
from symflow.checker.statement_grammar import Call, Expression, Numeral, Operation, Relation, names_in
from symflow.checker.statement_tensors import Polytope, check_rank, dot, flat, size_of
from symflow.checker.statement_values import Scope

_MOST_VERTICES = 20_000
_MOST_TERMS = 2_000
_STEPS_OF_A_TERM = 5

#: One vector for each name.
Elements: TypeAlias = Mapping[str, tuple[Real, ...]]


@dataclass(frozen=True, slots=True)
class Term:
    """c φ(E): `kind` is ``affine`` (where φ is the identity), ``square``, ``length`` or ``absolute``."""

    kind: str
    factor: Real
    inner: Expression
    scope: Scope

    def at(self, elements: Elements) -> list[Real]:
        """Return E(s), its entries."""
        scope = self.scope
        for name, vector in elements.items():
            scope = scope.binding(name, vector)
        found = scope.number(self.inner)
        if self.kind in ("affine", "absolute"):
            check_rank(found, 0, "a comparison of")
        scope.work.charge(_STEPS_OF_A_TERM * size_of(found))
        return flat(found)


@final
@dataclass(frozen=True)
class Comparison:
    """D REL 0 for all elements of polytopes.

    Parameters
    ----------
    relation : str
        ``==``, ``!=``, ``<=``, ``>=``, ``<`` or ``>``.
    terms : tuple of Term
        Those of D.
    hulls : mapping of str to Polytope
        None of them empty.
    """

    relation: str
    terms: tuple[Term, ...]
    hulls: Mapping[str, Polytope]

    def vertices(self) -> Iterator[Elements]:
        """Return every choice of one generator of each polytope."""
        count = 1
        for hull in self.hulls.values():
            count *= len(hull.generators)
        if count > _MOST_VERTICES:
            raise TooLarge("a claim on the elements of sets with too many generators")
        for vectors in product(*(hull.generators for hull in self.hulls.values())):
            yield dict(zip(self.hulls, vectors, strict=True))

    def difference(self, elements: Elements) -> Real:
        """Return D(s)."""
        return total_of([term.factor * _value(term.kind, term.at(elements)) for term in self.terms])

    def needs_tangent(self, side: int) -> bool:
        """Return whether D (for side 1), or −D (for side −1), has terms that are convex and not affine."""
        return any(term.kind != "affine" and _sign(term.factor) == side for term in self.terms)

    def below(self, tangent: Elements | None, side: int) -> Iterator[Real]:
        """Return, at every choice of generators, a concave function that lies below D, or below −D for side −1.

        Where no tangent is given its convex terms are replaced by zero, below which they never are.
        """
        signs = [_sign(term.factor) if term.kind != "affine" else 0 for term in self.terms]
        touching = [
            None if tangent is None or each != side else term.at(tangent)
            for term, each in zip(self.terms, signs, strict=True)
        ]
        for vertex in self.vertices():
            parts = []
            for term, each, at in zip(self.terms, signs, touching, strict=True):
                if each != side:
                    parts.append(term.factor * _value(term.kind, term.at(vertex)))
                elif at is not None:
                    parts.append(term.factor * _tangent(term.kind, at, term.at(vertex)))
            yield total_of([part * side for part in parts])


def comparison_of(relation: Relation, scope: Scope, hulls: Mapping[str, Polytope]) -> Comparison:
    """Return what a relation says of elements of polytopes; refuse one that is no sum of convex functions.

    Parameters
    ----------
    relation : Relation
        Between numbers.
    scope : Scope
        Of a point; the names of the elements have no value in it.
    hulls : mapping of str to Polytope
        For each of these names, the polytope.
    """
    names = frozenset(hulls)
    if relation.relation not in ("==", "!=", "<=", ">=", "<", ">"):
        raise Refused(f'"{relation.relation}" of something that is not affine in {_listed(names)}')
    if relation.relation == "!=":
        relation = _of_lengths(relation, scope, hulls)
    left, right = _squared(relation.left, relation.right, scope, names)
    terms = _merged([*_Terms(names).of(left, scope, Fraction(1)), *_Terms(names).of(right, scope, Fraction(-1))])
    if len(terms) > _MOST_TERMS:
        raise TooLarge("a sum of too many convex functions")
    return Comparison(relation.relation, tuple(terms), hulls)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of an expression that depends on some names."""

    names: frozenset[str]

    def of(self, expression: Expression, scope: Scope, factor: Real) -> Iterator[Term]:
        """Return the terms of a factor times an expression."""
        if degree(expression, self.names) <= 1:
            yield Term("affine", factor, expression, scope)
            return
        match expression:
            case Operation("neg", (a,)):
                yield from self.of(a, scope, -factor)
            case Operation("+" | "-" as sign_, (a, b)):
                yield from self.of(a, scope, factor)
                yield from self.of(b, scope, factor if sign_ == "+" else -factor)
            case Operation("*", (a, b)) if self._is_constant(a):
                yield from self.of(b, scope, factor * _number(a, scope))
            case Operation("*", (a, b)) if self._is_constant(b):
                yield from self.of(a, scope, factor * _number(b, scope))
            case Operation("/", (a, b)) if self._is_constant(b):
                divisor = _number(b, scope)
                if not isinstance(divisor, Enclosed) and not divisor:
                    raise Refused("a division by zero")
                yield from self.of(a, scope, factor * _inverse(divisor))
            case Operation("*", (a, b)) if a == b:
                yield from self._square(a, scope, factor)
            case Operation("^", (a, Numeral(value))) if value == 2:
                yield from self._square(a, scope, factor)
            case Call("norm2", (a,), None):
                yield self._convex("square", a, scope, factor)
            case Call("inner", (a, b), None) if a == b:
                yield self._convex("square", a, scope, factor)
            case Call("norm", (a,), None):
                yield self._convex("length", a, scope, factor)
            case Call("abs", (a,), None):
                yield self._convex("absolute", a, scope, factor)
            case Call("sum", (a,), binder) if binder is not None:
                if not self.names.isdisjoint({*names_in(binder.first), *names_in(binder.last)}):
                    raise self._refusal()
                for index in scope.range(binder):
                    yield from self.of(a, scope.binding(binder.name, index), factor)
            case _:
                raise self._refusal()

    def _is_constant(self, expression: Expression) -> bool:
        return degree(expression, self.names) == 0

    def _square(self, a: Expression, scope: Scope, factor: Real) -> Iterator[Term]:
        match a:
            case Call("norm" | "abs", (inner,), None):
                yield self._convex("square", inner, scope, factor)
            case _:
                yield self._convex("square", Operation("+", (a, Numeral(Fraction(0)))), scope, factor)  # a number only

    def _convex(self, kind: str, inner: Expression, scope: Scope, factor: Real) -> Term:
        if degree(inner, self.names) > 1:
            raise self._refusal()
        match inner:
            case Operation("*", (a, b)) if kind == "square" and self._is_constant(a) and not _is_tensor(a, scope):
                return self._convex(kind, b, scope, factor * _dot([_number(a, scope)], [_number(a, scope)]))
            case _:
                return Term(kind, factor, inner, scope)

    def _refusal(self) -> Refused:
        return Refused(
            f"a claim that is not affine in {_listed(self.names)}, nor a sum of norm2, norm and abs of what is"
        )


def _merged(terms: list[Term]) -> list[Term]:
    """Return the terms, those of one function of one expression together."""
    found: dict[object, Term] = {}
    for term in terms:
        key = (term.kind, term.inner, id(term.scope))
        same = found.get(key)
        found[key] = term if same is None else replace(same, factor=total_of([same.factor, term.factor]))
    return [term for term in found.values() if isinstance(term.factor, Enclosed) or term.factor]


def _is_tensor(expression: Expression, scope: Scope) -> bool:
    return isinstance(scope.number(expression), tuple)


def _of_lengths(relation: Relation, scope: Scope, hulls: Mapping[str, Polytope]) -> Relation:
    """Return u != v as ‖u − v‖² > 0, where the two are vectors."""
    for name, hull in hulls.items():
        scope = scope.binding(name, hull.generators[0])
    if not isinstance(scope.number(relation.left), tuple):
        return relation
    left, right = relation.left, relation.right
    is_zero = isinstance(right, Numeral) and right.value == 0
    difference = left if is_zero or right is None else Operation("-", (left, right))
    return Relation(">", Call("norm2", (difference,)), Numeral(Fraction(0)))


def _squared(
    left: Expression, right: Expression | None, scope: Scope, names: frozenset[str]
) -> tuple[Expression, Expression]:
    """Return the two sides; their squares, where a length is compared with a number that is not negative."""
    if right is None:
        raise Refused("a relation without a right side")
    for one, other in ((left, right), (right, left)):
        match one, other:
            case Call("norm", (a,), None), Call("norm", (b,), None):
                return _in_order(one is left, Call("norm2", (a,)), Call("norm2", (b,)))
            case Call("norm", (a,), None), _ if not degree(other, names) and _sign(_number(other, scope)) >= 0:
                return _in_order(one is left, Call("norm2", (a,)), Operation("*", (other, other)))
            case _:
                pass
    return left, right


def _in_order(is_left: bool, one: Expression, other: Expression) -> tuple[Expression, Expression]:
    return (one, other) if is_left else (other, one)


def _number(expression: Expression, scope: Scope) -> Real:
    found = scope.number(expression)
    check_rank(found, 0, "a comparison of")
    number: Real = found
    return number


def _value(kind: str, entries: list[Real]) -> Real:
    if kind == "affine":
        return entries[0]
    if kind == "square":
        return _dot(entries, entries)
    if kind == "absolute":
        return -entries[0] if _sign(entries[0]) < 0 else entries[0]
    return root_of(_dot(entries, entries))


def _tangent(kind: str, touching: list[Real], entries: list[Real]) -> Real:
    """Return the value of an affine function that lies below φ and touches it at a point."""
    if kind == "square":
        return _dot(touching, entries) * 2 - _dot(touching, touching)
    if kind == "absolute":
        return entries[0] * _sign(touching[0])
    if not any(_sign(entry) for entry in touching):
        return Fraction(0)
    return _dot(touching, entries) * _inverse(root_of(_dot(touching, touching)))


def _dot(u: list[Real], v: list[Real]) -> Real:
    found: Real = dot(u, v) if u else Fraction(0)
    return found


def _inverse(number: Real) -> Real:
    return inverse_of(number) if isinstance(number, Enclosed) else inverse(number)


def _sign(number: Any) -> int:
    return sign_of(number) if isinstance(number, Enclosed) else sign(number)


def _listed(names: frozenset[str]) -> str:
    return " and ".join(sorted(names))
