"""Statements at a point: both sides are computed from the net in exact numbers, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symflow.checker.reading import Report
from symflow.checker.statement_grammar import Relation, Statement, names_in, parse_statement
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import Shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_values import Scope
from symflow.exports.cells import conjunction, split
from symflow.exports.instances import expanded, flat, in_t, instance_of, output_on, risk, texts_of, words_in
from symflow.exports.nets import check_unitwise, signs_of
from symflow.exports.objects import Terms
from symflow.exports.reals import BEYOND, enclosure
from symflow.exports.script import Exported, NotExportedError, exported
from symflow.exports.terms import polynomial_text, shown, shown_matrix

_BEYOND = frozenset({"derivative", "directional", "subdifferential"})


def at_point(
    claim: Mapping[str, Any], evidence: Mapping[str, Any], given: Any, *, is_refuted: bool
) -> Iterator[Exported]:
    """Return the theorems of a statement at a point: all its relations, or one that is false."""
    from symflow.checker.claim_sets import scope_of
    from symflow.checker.statement_instances import instances

    statement = parse_statement(claim["statement"])
    if getattr(statement, "conditions", ()):
        raise NotExportedError("a statement with conditions")
    setting = dict((evidence.get("setting") if is_refuted else None) or claim["setting"])
    scope = scope_of(Report(), setting, given, dict(evidence))
    values = evidence.get("values") or {}
    number = evidence.get("instance") if is_refuted else None
    memberships = iter(evidence.get("memberships") or ())
    for i, instance in enumerate(instances(statement, scope, values)):
        if number is not None and i != number:
            continue
        if instance.hulls:
            raise NotExportedError("a claim on all elements of a set that is not affine in them")
        if instance.relation.relation in ("in", "not in"):
            yield _membership(claim, statement, instance, next(memberships, {}), is_refuted)
            continue
        left = instance.scope.value(instance.relation.left)
        right = None if instance.relation.right is None else instance.scope.value(instance.relation.right)
        if isinstance(left, Polytope) or isinstance(right, Polytope):
            yield from _sets(claim["claim"], statement, instance.scope, (left, right), next(memberships, {}))
            continue
        yield _value_at_point(claim["claim"], statement, instance.relation, instance.scope, is_refuted)


def _membership(
    claim: Any, statement: Statement, instance: Any, entry: Mapping[str, Any], is_refuted: bool
) -> Exported:
    """Return that a vector is in a hull, or is not."""
    from symflow.checker.expressions import rational
    from symflow.exports.differentials import in_hull, separated

    polytope = instance.scope.value(instance.relation.right)
    vector = instance.scope.plain(instance.scope.value(instance.relation.left))
    rows = [_rationals(generator) for generator in polytope.generators]
    point = _rationals(vector) if isinstance(vector, tuple) else [Fraction(0)] * len(rows[0])
    about = f"{claim['claim']}: {statement.text}"
    if entry.get("separator") is not None:
        return separated(about, point, rows, [rational(u, "separator") for u in entry["separator"]], claim["claim"])
    return in_hull(about, point, rows, [rational(u, "weights") for u in entry["weights"]], claim["claim"])


def _sets(
    name: str, statement: Statement, scope: Scope, sides: tuple[Any, Any], entry: Mapping[str, Any]
) -> Iterator[Exported]:
    """Return what shows that one hull lies in another, generator by generator; or the generator that does not."""
    from symflow.checker.expressions import rational
    from symflow.exports.differentials import in_hull, separated

    generators = []
    for side in sides:
        vectors = side.generators if isinstance(side, Polytope) else (scope.plain(side),)
        generators.append([_rationals(vector) for vector in vectors])
    about = f"{name}: {statement.text}"
    if "separator" in entry:
        inner, outer = generators if entry["side"] == "left" else generators[::-1]
        u = [rational(each, "separator") for each in entry["separator"]]
        yield separated(about, inner[entry["generator"]], outer, u, name)
        return
    left, right = generators
    for key, these, those in (("left", left, right), ("right", right, left)):
        for vector, weights in zip(these, entry.get(key) or (), strict=False):
            if weights is None:
                here = those.index(vector)
                weights = [int(i == here) for i in range(len(those))]
            yield in_hull(about, vector, those, [rational(str(each), "weights") for each in weights], name)


def _rationals(vector: Sequence[Any]) -> list[Fraction]:
    if not all(isinstance(entry, (int, Fraction)) for entry in vector):
        raise NotExportedError("a hull of vectors with exponentials")
    return [Fraction(entry) for entry in vector]


def _value_at_point(name: str, statement: Statement, relation: Relation, scope: Scope, is_refuted: bool) -> Exported:
    names = {*names_in(relation.left), *names_in(relation.right)}
    has_exponentials = isinstance(scope.objects, Point) and "R" in names and _has_exponentials(scope.objects)
    if relation.right is not None and (BEYOND & names or has_exponentials):
        return enclosure(name, statement.text, relation, scope, is_refuted=is_refuted)
    beyond = _BEYOND & names
    if beyond:
        raise NotExportedError(f"at a point, {', '.join(sorted(beyond))} has no script")
    if relation.right is None:
        return _rate_at_point(name, statement, relation, scope, is_refuted)
    terms = {key: Terms(point) for key, point in scope.named.items()}
    here = Terms(scope.objects) if isinstance(scope.objects, Point) else None
    inner = Scope(here, terms, scope.bound, scope.sets)  # type: ignore[arg-type]
    sides = [texts_of(inner, side) for side in (relation.left, relation.right)]
    numbers = [flat(scope.plain(scope.value(side))) for side in (relation.left, relation.right)]
    if len(sides[0]) != len(sides[1]):
        wide = max(map(len, sides))
        sides = [side * wide if len(side) == 1 else side for side in sides]
        numbers = [side * wide if len(side) == 1 else side for side in numbers]
    symbol = relation.relation
    pairs = list(zip(*sides, strict=True))
    if (symbol == "==") == is_refuted and symbol in ("==", "!="):
        which = next((i for i, (a, b) in enumerate(zip(*numbers, strict=True)) if a != b), 0)
        goals = [f"~ ({shown(pairs[which][0])} == {shown(pairs[which][1])})"]
    elif symbol in ("==", "!="):
        goals = [f"{shown(a)} == {shown(b)}" for a, b in pairs]
    else:
        ((a, b),) = pairs
        if is_refuted:
            symbol = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}[symbol]
        goals = [
            {
                "<": f"{shown(a)} < {shown(b)}",
                "<=": f"{shown(a)} <= {shown(b)}",
                ">": f"{shown(b)} < {shown(a)}",
                ">=": f"{shown(b)} <= {shown(a)}",
            }[symbol]
        ]
    return _theorem_at_point(name, statement, [each for each in (here, *terms.values()) if each], goals, is_refuted)


def _has_exponentials(point: Point) -> bool:
    problem = point.problem
    return problem.kind == "log_sum_exp" or (problem.kind == "risk" and problem.loss != "squared")


def _rate_at_point(name: str, statement: Statement, relation: Relation, scope: Scope, is_refuted: bool) -> Exported:
    """Return whether d/dt h vanishes at a point: <grad h, grad R>, with the derivatives of h as coefficients."""
    if not isinstance(scope.objects, Point):
        raise NotExportedError("a rate at no point")
    point = scope.objects
    terms, symbols = Terms(point), Symbols(Shape(point.problem, point.problem))
    bound = {name: value for name, value in scope.bound.items() if isinstance(value, int)}
    instance = instance_of(relation, bound, symbols)
    (law,) = instance.polynomials(relation.left)
    variables = sorted({variable for monomial in law.terms for variable in monomial})
    gradient = terms.gradient(risk())
    goals, total = [], "0"
    for variable in variables:
        rate, rest = expanded(law, variable)
        at = {i: shown(value) for i, value in enumerate(point.parameters)}
        (text,) = texts_of(Scope(Terms(point, {variable: "u"}), bound=bound), relation.left)
        goals.append(
            f"has_derivative (fun u => {shown(text)}) {at[variable]} {polynomial_text(rate, at)} "
            f"(fun t => {in_t(rest, at)})"
        )
        total = f"({total} + {polynomial_text(rate, at)} * {gradient[variable]})"
    goals.append(f"~ ({total} == 0)" if is_refuted else f"{total} == 0")
    return _theorem_at_point(name, statement, [terms], goals, is_refuted)


def _theorem_at_point(
    name: str, statement: Statement, objects: Sequence[Terms], goals: Sequence[str], is_refuted: bool
) -> Exported:
    """Return a theorem on numbers: derivatives on the open cell of the point, and the claim."""
    parts: list[str] = []
    proofs: list[str] = []
    variables: list[str] = []
    witnesses: list[str] = []
    for terms in objects:
        point = terms.known
        assert isinstance(point, Point)
        used = words_in(" ".join(goals))
        derivatives = {d: each for each, d in terms.derivatives.items() if d in used}
        if derivatives and len(objects) > 1:
            raise NotExportedError("derivatives of several named problems")
        for datum in sorted({datum for datum, _ in derivatives.values()}):
            check_unitwise(point.problem)
            word = "".join(
                "+" if z > 0 else "-"
                for layer in range(point.problem.n_hidden)
                if point.problem.activations[layer].name != "identity"
                for z in point.preactivations(layer, datum)
            )
            parts.append(f"in_cell {terms.net.hidden()} {signs_of(point.problem, word)} {terms.net.input(datum)}")
            proofs.append("in_numbers")
        for d, (datum, variable) in derivatives.items():
            moved = terms.net.moved(variable, "u")
            on_cell = moved.value_on(datum, shown_matrix(terms.cell_slopes(datum)))
            at = terms.net.inputs[0][variable] if terms.is_of_input else terms.parameters[variable]
            parts.append(f"has_slope (fun u => {on_cell}) {shown(at)} {d}")
            proofs.append("(intro t; cbv beta; polynomial; ring)")
            variables.append(d)
            witnesses += map(shown, _rationals(point.gradient(output_on(datum))[variable : variable + 1]))
    parts += goals
    proofs += ["(intro t; cbv beta; ring)" if goal.startswith("has_derivative") else "numbers" for goal in goals]
    text = conjunction(parts)
    if variables:
        text = f"exists {' '.join(variables)} : Q,\n  {text}"
    steps = [*(f"exists {witness}" for witness in witnesses), split(proofs)]
    about = f"{name}{', refuted' if is_refuted else ''}: {statement.text}"
    kind = "refutation" if is_refuted else "evaluation"
    return exported(name, kind, about, text, "; ".join(steps))
