"""Whether a statement holds: as an identity in symbols, or at a point in exact numbers.

*In symbols* an equation holds if the difference of its sides expands to nothing; an inequality, if a certificate
writes the difference as a sum of squares with positive coefficients, which is expanded; h is conserved, if ⟨∇h, ∇f_k⟩
expands to nothing for every datum k, for then no gradient Σ c_k ∇f_k moves h, and limits and convex combinations of
gradients do not either. Where the flow of a given problem trains some of the parameters only, ∇ is by these: the others
do not move.

*At a point* numbers are compared exactly. Where a logarithm or a root is in them, enclosures may tell them apart, never
show that they are equal. What is claimed under a condition that does not hold there is not claimed there; in symbols
conditions are not used. Membership in a polytope is shown by convex weights, the contrary by a functional that is
larger at the vector than at every generator. A claim on all elements s of a polytope, affine in s, is checked at the
generators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, Real, sign_of
from symflow.checker.exponential_fractions import sign
from symflow.checker.expressions import rational, scalars
from symflow.checker.hulls import Points, check_weights
from symflow.checker.linear_algebra import dot
from symflow.checker.polynomials import Polynomial, partial_derivatives, sum_of_products
from symflow.checker.reading import Refused, TooLarge, exactly, items, take
from symflow.checker.statement_data import only_datum
from symflow.checker.statement_grammar import (
    Binder,
    Call,
    Element,
    Entry,
    Expression,
    Name,
    Numeral,
    Operation,
    Positive,
    Range,
    Relation,
    Statement,
    names_in,
    parse_statement,
)
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope, check_rank, check_same_shape, flat, mapped, size_of
from symflow.checker.statement_values import Scope, scalar_of

_MOST_INSTANCES = 20_000
_STEPS_OF_A_SIGN = 50
_MOST_SQUARES = 2_000
_STILL = Polynomial({})


@dataclass
class Evidence:
    """Memberships that a certificate gives, in the order in which the statement asks for them.

    Whoever searches for them may put a finder in its place (a subclass): what it returns is checked all the same.
    """

    entries: Sequence[object] = ()
    n_used: int = 0
    has_enclosures: bool = field(default=False)

    def of_member(self, vector: Sequence[Real], polytope: Polytope) -> dict[str, object]:
        """Return what shows that a vector is in a polytope, or is not."""
        return self._next()

    def of_sets(self, relation: str, left: Polytope, right: Polytope) -> dict[str, object]:
        """Return what shows that a polytope lies within, or equals, another one, or does not."""
        return self._next()

    def _next(self) -> dict[str, object]:
        if self.n_used >= len(self.entries):
            raise Refused("no evidence is given for a membership", "memberships")
        self.n_used += 1
        return exactly(self.entries[self.n_used - 1], dict, f"memberships[{self.n_used - 1}]")


@dataclass(frozen=True, slots=True)
class Instance:
    """One relation of a statement, with one value for each bound name; claimed only where the conditions hold.

    `elements` are the bound names that stand for any element of a set.
    """

    relation: Relation
    scope: Scope
    indices: Mapping[str, int]
    conditions: tuple[Relation, ...] = ()
    elements: frozenset[str] = frozenset()


# ---------------------------------------------------------------------- in symbols


def check_identity(statement: Statement, objects: Symbols, squares: Mapping[str, object] | None = None) -> int:
    """Refuse unless a statement holds for all parameters; return how many identities were expanded.

    Parameters
    ----------
    statement : Statement
        Of equations, inequalities and conserved quantities.
    objects : Symbols
        The shape.
    squares : mapping, optional
        For an inequality, by the number of the instance: its sum of squares.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> from symflow.checker.statement_symbols import read_shape
    >>> shape = Symbols(read_shape({"widths": [2, 2, 1], "activation": ["relu"]}))
    >>> check_identity(parse_statement("for l in 1..L: inner(W[l], grad(f, W[l])) == f"), shape)
    2
    >>> check_identity(parse_statement("norm2(W1) + norm2(W2) is conserved"), shape)
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: d/dt of it does not vanish identically
    """
    if statement.is_at_point:
        raise Refused("a statement about one point, where all are meant")
    count = 0
    counts: dict[object, int] = {}
    data = {id(relation): only_datum(relation) for relation in statement.claims} if objects.given is None else {}
    left = dict(squares or {})
    for number, instance in enumerate(instances(statement, Scope(objects))):
        key = _up_to_the_datum(instance, data.get(id(instance.relation)), objects.n_data) or number
        if key not in counts:
            is_inequality = instance.relation.relation in ("<=", ">=")
            counts[key] = _check_identity(instance, objects, left.pop(str(number), None) if is_inequality else None)
        count += counts[key]
    if not count:
        raise Refused("the statement claims nothing: its range is empty")
    if left:
        raise Refused("squares that nothing asks for", "squares")
    return count


def _up_to_the_datum(instance: Instance, datum: str | None, n_data: int) -> object:
    """Return what two instances have in common that are one up to the names of symbols: all but the datum's number.

    None where the data are not alike, or one of them is not all that is spoken of.
    """
    relation, indices = instance.relation, instance.indices
    if datum is None or relation.relation != "==" or instance.elements or not 1 <= indices.get(datum, 0) <= n_data:
        return None
    return id(relation), *((name, index) for name, index in indices.items() if name != datum)


def _check_identity(instance: Instance, objects: Symbols, squares: object) -> int:
    relation, scope = instance.relation, instance.scope
    if relation.relation == "conserved":
        law = law_polynomial(scope, relation, objects)
        # Where the data are symbols each of them says the same, in symbols of its own.
        for datum in range(objects.n_data if objects.given is not None else 1):
            gradient = objects.gradient(Function("f", datum))
            moving = [_STILL if place in objects.problem.held else entry for place, entry in enumerate(gradient)]
            if objects.reduced(rate(law, moving)):
                raise Refused("d/dt of it does not vanish identically")
        return objects.n_data
    if relation.right is None:
        raise Refused("a relation without a right side")
    left, right = scope.number(relation.left), scope.number(relation.right)
    if relation.relation == "==":
        left, right = _alike(relation, left, right)
        n_entries = 0
        for a, b in zip(flat(left), flat(right), strict=True):
            n_entries += 1
            if objects.reduced(a - b):
                raise Refused("the two sides differ as polynomials")
        return n_entries
    if relation.relation not in ("<=", ">="):
        raise Refused(f'"{relation.relation}" is not decided by identities')
    difference = scalar_of(left - right if relation.relation == ">=" else right - left, objects)
    if squares is None:
        raise Refused("no sum of squares is given")
    total = Polynomial({})
    entries = exactly(squares, list, "squares")
    if len(entries) > _MOST_SQUARES:
        raise TooLarge("a sum of too many squares", "squares")
    for i, entry in enumerate(entries):
        coefficient = rational(take(entry, "coefficient", str), f"squares[{i}].coefficient")
        if coefficient < 0:
            raise Refused("a negative coefficient", f"squares[{i}].coefficient")
        root = scope.number(parse_statement(f"{take(entry, 'of', str)} == 0").claims[0].left)
        total = total + scalar_of(root, objects) * scalar_of(root, objects) * coefficient
    if objects.reduced(difference - total):
        raise Refused("the squares do not add up to the difference", "squares")
    return 1


def law_polynomial(scope: Scope, relation: Relation, objects: Symbols) -> Polynomial:
    """Return h, a polynomial of the parameters alone, of a claim that h is conserved."""
    found = scalar_of(scope.number(relation.left), objects)
    if not isinstance(found, Polynomial):
        raise Refused("this is no polynomial of the parameters")
    if any(variable >= objects.n_parameters for monomial in found.terms for variable in monomial):
        raise Refused("only a function of the parameters alone can be conserved")
    return found


def rate(law: Polynomial, gradient: Sequence[Any]) -> Polynomial:
    """Return ⟨∇h, g⟩.

    Examples
    --------
    >>> u, v = Polynomial.variable(0), Polynomial.variable(1)
    >>> rate(u * u - v * v, (v, u))
    Polynomial({})
    """
    return sum_of_products((slope, gradient[variable]) for variable, slope in partial_derivatives(law).items())


# ---------------------------------------------------------------------- at a point


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


def instances(statement: Statement, scope: Scope, values: Mapping[str, object] | None = None) -> Iterator[Instance]:
    """Return every relation of a statement, for every value of its indices and every generator of its sets."""
    for count, instance in enumerate(_bound(statement, 0, scope, values or {}, {})):
        if count >= _MOST_INSTANCES:
            raise TooLarge("a statement with too many instances")
        yield instance


def _bound(
    statement: Statement, depth: int, scope: Scope, values: Mapping[str, object], indices: dict[str, int]
) -> Iterator[Instance]:
    if depth == len(statement.binders):
        elements = frozenset(binder.name for binder in statement.binders if isinstance(binder, Element))
        for relation in statement.claims:
            yield Instance(relation, scope, dict(indices), statement.conditions, elements)
        return
    binder = statement.binders[depth]
    if isinstance(binder, Range):
        for index in scope.range(binder):
            inner = {**indices, binder.name: index}
            yield from _bound(statement, depth + 1, scope.binding(binder.name, index), values, inner)
        return
    if isinstance(binder, Positive):
        inside = scope.binding(binder.name, _positive(binder, scope, values))
        yield from _bound(statement, depth + 1, inside, values, indices)
        return
    if not isinstance(binder, Element):
        raise Refused("no such binder")
    polytope = scope.value(binder.set)
    if not isinstance(polytope, Polytope):
        raise Refused(f"{binder.name} is taken from something that is no set")
    for relation in statement.claims:
        _check_affine(relation, binder.name)
    if any(binder.name in names_in(side) for each in statement.conditions for side in (each.left, each.right)):
        raise Refused(f"a condition on {binder.name}: the vertices of the set do not decide it")
    if any(binder.name in names_in(part) for later in statement.binders[depth + 1 :] for part in _parts(later)):
        raise Refused(f"a set or a range that depends on {binder.name}: the vertices of the set do not decide it")
    for generator in polytope.generators:
        yield from _bound(statement, depth + 1, scope.binding(binder.name, generator), values, indices)


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
    left, right = scope.value(relation.left), scope.value(relation.right)
    if relation.relation in ("in", "not in"):
        if not isinstance(right, Polytope):
            raise Refused("the right side of 'in' is no set")
        vector = scope.plain(left)
        if _is_zero(relation.left):
            vector = (Fraction(0),) * (right.length or 0)
        check_rank(vector, 1, "in a set:")
        scope.work.charge(_STEPS_OF_A_SIGN + size_of(right))
        inside = bool(right.generators) and _is_member(vector, right, evidence.of_member(vector, right))
        return inside == (relation.relation == "in")
    if relation.relation == "within" or isinstance(left, Polytope) or isinstance(right, Polytope):
        if not instance.elements.isdisjoint((*names_in(relation.left), *names_in(relation.right))):
            raise Refused("sets that depend on an element of a set: its vertices do not decide how they compare")
        return _compare_sets(relation.relation, _as_set(left, scope), _as_set(right, scope), evidence)
    a, b = _alike(relation, scope.plain(left), scope.plain(right))
    scope.work.charge(_STEPS_OF_A_SIGN * size_of(a))
    if relation.relation in ("==", "!="):
        differs = False
        for u, v in zip(flat(a), flat(b), strict=True):
            differs = _differs(u - v, evidence) or differs
        return differs == (relation.relation == "!=")
    sign_ = _sign(scalar_of(a, None) - scalar_of(b, None), evidence)
    return {"<=": sign_ <= 0, ">=": sign_ >= 0, "<": sign_ < 0, ">": sign_ > 0}[relation.relation]


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


def _alike(relation: Relation, a: Any, b: Any) -> tuple[Any, Any]:
    """Let a written 0 stand for a vector or a matrix of zeros; refuse other things of different shapes."""
    if isinstance(b, tuple) and _is_zero(relation.left):
        return mapped(lambda _: a, b), b
    if isinstance(a, tuple) and _is_zero(relation.right):
        return a, mapped(lambda _: b, a)
    check_same_shape(a, b)
    return a, b


def _is_zero(side: Expression | None) -> bool:
    return isinstance(side, Numeral) and side.value == 0


def _differs(difference: Real, evidence: Evidence) -> bool:
    if isinstance(difference, Enclosed):
        evidence.has_enclosures = True
        return sign_of(difference) != 0  # it never returns 0: what is not told apart is refused
    return bool(difference)


def _sign(difference: Any, evidence: Evidence) -> int:
    if isinstance(difference, Enclosed):
        evidence.has_enclosures = True
        return sign_of(difference)
    return sign(difference)


# ---------------------------------------------------------------------- sets


def _as_set(found: Any, scope: Scope) -> Polytope:
    if isinstance(found, Polytope):
        return found
    vector = scope.plain(found)
    check_rank(vector, 1, "compared with a set:")
    return Polytope((vector,))


def _is_member(vector: Sequence[Real], polytope: Polytope, entry: dict[str, object]) -> bool:
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


def _compare_sets(relation: str, left: Polytope, right: Polytope, evidence: Evidence) -> bool:
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
        if _is_member(inner.generators[index], outer, entry):
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


def _check_affine(relation: Relation, name: str) -> None:
    """Refuse a claim on all elements of a set that its generators do not decide."""
    left, right = relation.left, relation.right
    if relation.relation in ("==", "<=", ">=", "<", ">") and right is not None:
        is_affine = max(_degree(left, name), _degree(right, name)) <= 1
    else:
        is_affine = relation.relation == "in" and _degree(left, name) <= 1 and name not in set(names_in(right))
    if is_affine:
        return
    raise Refused(f"a claim that is not affine in {name}: the vertices of the set do not decide it")


def _degree(expression: Expression, name: str) -> int:
    """Return the degree of an expression in a bound vector; 99 where it is no polynomial in it."""
    if name not in set(names_in(expression)):
        return 0
    match expression:
        case Name():
            return 1
        case Operation("+" | "-" | "neg", operands):
            return max(_degree(operand, name) for operand in operands)
        case Operation("*", operands):
            return sum(_degree(operand, name) for operand in operands)
        case Operation("/", (above, below)):
            return _degree(above, name) if not _degree(below, name) else 99
        case Call("part", (vector, _), None):
            return _degree(vector, name)
        case Call("inner", arguments, None):
            return sum(_degree(argument, name) for argument in arguments)
        case Entry(whole, indices) if not any(name in set(names_in(index)) for index in indices):
            return _degree(whole, name)
        case _:
            return 99
