"""Whether a statement holds for all weights: as an identity between polynomials in symbols.

An equation holds if the difference of its sides expands to nothing. An inequality holds if a certificate writes the
difference as a sum of squares, each with a positive coefficient and, where that is needed, times something that is
never negative: a product of positive numbers of the statement, of slopes of relu, of exponentials, of a risk whose loss
is positive. That sum is expanded. One of its terms has to be positive everywhere for a strict inequality. Where each
term of the difference is seen to be positive, or never negative, no certificate is needed.

h is conserved, if ⟨∇h, ∇f_k⟩ expands to nothing for every datum k, for then no gradient Σ c_k ∇f_k moves h, and limits
and convex combinations of gradients do not either. Where the flow of a given problem trains some of the parameters
only, ∇ is by these: the others do not move. Conditions are not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symflow.checker.expressions import rational
from symflow.checker.polynomials import Polynomial, partial_derivatives, sum_of_products
from symflow.checker.reading import Refused, TooLarge, exactly, only_keys, take
from symflow.checker.statement_data import only_datum
from symflow.checker.statement_grammar import Relation, Statement, parse_statement
from symflow.checker.statement_instances import Instance, instances
from symflow.checker.statement_objects import Function
from symflow.checker.statement_risks import written_out
from symflow.checker.statement_scope import scalar_of
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import alike, check_rank, flat
from symflow.checker.statement_values import Scope

_MOST_SQUARES = 2_000
_STILL = Polynomial({})
_INEQUALITIES = ("<=", ">=", "<", ">")


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
    >>> from symflow.checker.statement_shapes import read_shape
    >>> shape = Symbols(read_shape({"widths": [2, 2, 1], "activation": ["relu"]}))
    >>> check_identity(parse_statement("for l in 1..L: inner(W[l], grad(f, W[l])) == f"), shape)
    2
    >>> check_identity(parse_statement("norm2(W1) + norm2(W2) is conserved"), shape)
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: d/dt of it does not vanish identically
    """
    if statement.is_at_point and any(relation.relation != "conserved" for relation in statement.claims):
        raise Refused("a statement about one point, where all are meant")  # what all flows conserve those from w do
    count = 0
    counts: dict[object, int] = {}
    data = {id(relation): only_datum(relation) for relation in statement.claims} if objects.given is None else {}
    left = dict(squares or {})
    for number, instance in enumerate(instances(statement, Scope(objects))):
        key = _up_to_the_datum(instance, data.get(id(instance.relation)), objects.n_data) or number
        if key not in counts:
            is_inequality = instance.relation.relation in _INEQUALITIES
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
        left, right = alike(relation, left, right)
        n_entries = 0
        for a, b in zip(flat(left), flat(right), strict=True):
            n_entries += 1
            if written_out(a - b, objects):
                raise Refused("the two sides differ as polynomials")
        return n_entries
    if relation.relation not in _INEQUALITIES:
        raise Refused(f'"{relation.relation}" is not decided by identities')
    for side in (left, right):
        check_rank(side, 0, "a comparison of")
    difference = scalar_of(left - right if relation.relation in (">=", ">") else right - left, objects)
    _check_squares(squares, difference, instance, objects)
    return 1


def _check_squares(squares: object, difference: Polynomial, instance: Instance, objects: Symbols) -> None:
    """Refuse unless squares, with positive coefficients and times what is not negative, add up to a polynomial."""
    is_strict = instance.relation.relation in ("<", ">")
    if squares is None:
        needed = (1,) if is_strict else (0, 1)
        if objects.sign(difference) in needed or objects.sign(written_out(difference, objects)) in needed:
            return
        raise Refused("no sum of squares is given")
    entries = exactly(squares, list, "squares")
    if len(entries) > _MOST_SQUARES:
        raise TooLarge("a sum of too many squares", "squares")
    total, is_positive = Polynomial({}), False
    for i, given in enumerate(entries):
        place = f"squares[{i}]"
        entry = exactly(given, dict, place)
        only_keys(entry, ("coefficient", "of", "times"))
        coefficient = rational(take(entry, "coefficient", str), f"{place}.coefficient")
        if coefficient < 0:
            raise Refused("a negative coefficient", f"{place}.coefficient")
        root = _spelled(entry, "of", instance, objects)
        times = _spelled(entry, "times", instance, objects) if "times" in entry else objects.constant(Fraction(1))
        if objects.sign(times) is None:
            raise Refused("a square times something that may be negative", f"{place}.times")
        total = total + root * root * times * coefficient
        is_positive = is_positive or bool(coefficient and objects.sign(times) == 1 and objects.sign(root) == 1)
    if written_out(difference - total, objects):
        raise Refused("the squares do not add up to the difference", "squares")
    if is_strict and not is_positive:
        raise Refused("none of the squares is positive everywhere", "squares")


def _spelled(entry: dict[str, object], key: str, instance: Instance, objects: Symbols) -> Polynomial:
    expression = parse_statement(f"{take(entry, key, str)} == 0").claims[0].left
    found: Polynomial = scalar_of(instance.scope.number(expression), objects)
    return found


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
