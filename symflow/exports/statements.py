"""Claims of ``symflow prove``: identities on a shape, conserved quantities, squares, values at a point.

A theorem on a shape is about all rational weights, data and slopes of a cell: where the preactivations of the net are
on the sides that the slopes say (``on_cell``), there are derivatives d (``has_slope``: the cell's polynomial, one
weight moved by t, changes by t d) such that the claim holds of them and of the net's value. Where the claim needs
a^2 = a for a slope of relu, the script has the multiples of a^2 - a that are in the difference of its sides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import read_problem
from symflow.checker.reading import Report
from symflow.checker.statement_grammar import Positive, Range, Relation, Statement, names_in, parse_statement
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Shape, Symbols, read_shape
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_values import Scope
from symflow.exports.cells import conjunction, split
from symflow.exports.nets import check_unitwise, signs_of
from symflow.exports.objects import Terms
from symflow.exports.reals import BEYOND, enclosure
from symflow.exports.script import Export, Exported, NotExportedError, exported
from symflow.exports.terms import Term, identifier, polynomial_text, shown, shown_list, shown_matrix

_CALLS = frozenset({"grad", "inner", "norm2", "trace", "sum", "part", "vector", "transpose", "abs", "min", "max"})
_BEYOND = frozenset({"derivative", "directional", "subdifferential"})


def export_prove(export: Export, result: Mapping[str, Any]) -> None:
    """Export every claim of a result."""
    from symflow.exports.differentials import export_clarke

    for i, claim in enumerate(result["claims"]):
        place = f"claims[{i}] {claim['claim']}"
        export.add(place, _claim(claim, result.get("problem")))
        for key in ("certificate", "witness"):
            for name, tree in ((claim.get(key) or {}).get("sets") or {}).items():
                export_clarke(export, tree, f"{place}.{key}.sets.{name}")


def _claim(claim: Mapping[str, Any], given: Any) -> Iterator[Exported]:
    verdict = claim["verdict"]
    if verdict == "undecided":
        return
    certificate = claim.get("certificate") or {}
    kind = certificate.get("kind")
    if verdict == "refuted":
        yield from at_point(claim, claim["witness"], given, is_refuted=True)
    elif kind in ("expansion", "sum_of_squares"):
        yield from on_shape(claim["claim"], claim["statement"], claim["setting"], given, certificate.get("squares"))
    elif kind == "evaluation":
        yield from at_point(claim, certificate, given, is_refuted=False)
    elif kind == "script":
        raise NotExportedError(f"its own script {certificate['script']} is stored with symflow")
    elif kind == "citation":
        raise NotExportedError("it is cited, not proved")
    else:
        raise NotExportedError(f'it follows by the rule "{certificate.get("rule")}" from a whole result')


# ---------------------------------------------------------------------- on a shape


def on_shape(
    name: str, text: str, setting: Mapping[str, Any], given: Any, squares: Mapping[str, Any] | None = None
) -> Iterator[Exported]:
    """Return the theorems of a statement on a shape, one for each value of its indices."""
    if setting["kind"] == "shape":
        shape = read_shape(dict(setting))
    else:
        problem = read_problem(setting["problem"] if setting["kind"] == "problem" else given)
        shape = Shape(problem, problem)
    yield from of_shape(name, parse_statement(text), shape, squares or {})


def of_shape(name: str, statement: Statement, shape: Shape, squares: Mapping[str, Any]) -> Iterator[Exported]:
    """Return the theorems of a parsed statement on a shape."""
    if getattr(statement, "conditions", ()):
        raise NotExportedError("a statement with conditions")
    for number, (relation, bound) in enumerate(_instances(statement, shape)):
        symbols = Symbols(shape)
        scope = _instance(relation, bound, symbols)
        if relation.relation == "conserved":
            yield _conserved(name, statement, scope, shape)
        else:
            yield _relation(name, statement, scope, squares.get(str(number)))


@final
@dataclass(frozen=True)
class _Instance:
    """One relation, with polynomials of the checker and with terms of Coq."""

    relation: Relation
    bound: Mapping[str, Any]
    symbols: Symbols
    terms: Terms
    positive: Mapping[str, Polynomial]

    def polynomials(self, expression: Any) -> list[Polynomial]:
        """Return the entries of a side, as polynomials."""
        bound = {name: self.positive.get(name, value) for name, value in self.bound.items()}
        return _flat(Scope(self.symbols, bound=bound).number(expression))

    def texts(self, expression: Any) -> list[Any]:
        """Return the entries of a side, as terms."""
        bound = {name: Term(name) if value is None else value for name, value in self.bound.items()}
        return _texts(Scope(self.terms, bound=bound), expression)


def _instance(relation: Relation, bound: Mapping[str, Any], symbols: Symbols) -> _Instance:
    positive = {name: symbols.positive_symbol(name) for name, value in bound.items() if value is None}
    return _Instance(relation, bound, symbols, Terms(symbols, positive=positive), positive)


def _instances(statement: Statement, shape: Shape) -> Iterator[tuple[Relation, dict[str, Any]]]:
    """Return every relation for every value of its indices; None stands for any positive number."""

    def bound(depth: int, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if depth == len(statement.binders):
            yield values
            return
        binder = statement.binders[depth]
        if isinstance(binder, Range):
            for index in Scope(Symbols(shape), bound=values).range(binder):
                yield from bound(depth + 1, {**values, binder.name: index})
        elif isinstance(binder, Positive):
            yield from bound(depth + 1, {**values, binder.name: None})
        else:
            raise NotExportedError("elements of a set, on a shape")

    for values in bound(0, {}):
        for relation in statement.claims:
            yield relation, values


def _relation(name: str, statement: Statement, instance: _Instance, squares: Any) -> Exported:
    relation = instance.relation
    assert relation.right is not None
    left, right = instance.texts(relation.left), instance.texts(relation.right)
    a, b = instance.polynomials(relation.left), instance.polynomials(relation.right)
    if len(left) != len(right):  # a plain 0 stands for a vector of zeros
        wide = max(len(left), len(right))
        left, right = (side * wide if len(side) == 1 else side for side in (left, right))
        a, b = (side * wide if len(side) == 1 else side for side in (a, b))
    goals, proofs = [], []
    if relation.relation == "==":
        for u, v, p, q in zip(left, right, a, b, strict=True):
            goals.append(f"{shown(u)} == {shown(v)}")
            proofs.append(_equality(instance, p - q))
        kind = "identity"
    elif relation.relation in ("<=", ">=") and squares is not None:
        (u,), (v,), (p,), (q,) = (left, right, a, b) if relation.relation == "<=" else (right, left, b, a)
        total, rest, reasons = "0", q - p, "(Qle_refl 0)"
        for entry in squares:
            c = Fraction(entry["coefficient"])
            root = parse_statement(f"{entry['of']} == 0").claims[0].left
            (text,), (polynomial,) = instance.texts(root), instance.polynomials(root)
            total = f"({total} + {shown(c)} * ({shown(text)} * {shown(text)}))"
            rest = rest - polynomial * polynomial * c
            reasons = f"(nonnegative_sum _ _ {reasons} (nonnegative_square _ _ (Qle_bool_imp_le 0 {shown(c)} eq_refl)))"
        goals.append(f"{shown(u)} <= {shown(v)}")
        proofs.append(f"(apply (by_squares _ _ {total}); [{_equality(instance, rest)} | exact {reasons}])")
        kind = "inequality"
    else:
        raise NotExportedError(f'"{relation.relation}" on all weights')
    return _theorem(name, kind, statement, instance, goals, proofs)


def _equality(instance: _Instance, difference: Polynomial) -> str:
    """Return the proof of an equation whose sides differ by multiples of a^2 - a."""
    names = [identifier(each) for each in instance.symbols.names]
    cofactors = _cofactors(instance.symbols, difference)
    if not cofactors:
        return "(on_polynomials; polynomial; ring)"
    terms, facts = [], []
    for place, (square, quotient) in cofactors.items():
        a = names[place]
        lemma, one = ("relu", a) if square else ("absolute", "1")
        terms.append(f"{polynomial_text(quotient, names)} * ({a} * {a} - {one})")
        facts.append(f"assert ({a} * {a} - {one} == 0) as S{place} by (squared {lemma}_slope_squared)")
    rewriting = "; ".join(f"rewrite S{place}" for place in cofactors)
    return (
        f"({'; '.join(facts)}; on_polynomials; apply (by_difference _ _ ({' + '.join(terms)})); "
        f"[polynomial; ring | {rewriting}; ring])"
    )


def _cofactors(symbols: Symbols, difference: Polynomial) -> dict[int, tuple[bool, Polynomial]]:
    """Return, by the place of a slope, whether it is of relu, and the multiple of a^2 - a (or of a^2 - 1)."""
    found: dict[int, tuple[bool, dict[tuple[int, ...], Fraction]]] = {}
    slopes = {}
    for place, name in enumerate(symbols.names):
        match = re.fullmatch(r"a\[(\d+),\d+\]\[\d+\]", name)
        if match:
            activation = symbols.problem.activations[int(match.group(1)) - 1].name
            if activation in ("relu", "abs"):
                slopes[place] = activation == "relu"
    left = list(difference.terms.items())
    while left:
        monomial, c = left.pop()
        squares = [v for i, v in enumerate(monomial) if v in slopes and monomial[i + 1 : i + 2] == (v,)]
        if not squares:
            continue
        place = squares[0]
        i = monomial.index(place)
        rest = monomial[:i] + monomial[i + 2 :]
        terms = found.setdefault(place, (slopes[place], {}))[1]
        terms[rest] = terms.get(rest, Fraction(0)) + c
        left.append((tuple(sorted((*rest, place))) if slopes[place] else rest, c))
    return {place: (square, Polynomial(terms)) for place, (square, terms) in found.items()}


def _theorem(
    name: str, kind: str, statement: Statement, instance: _Instance, goals: Sequence[str], proofs: Sequence[str]
) -> Exported:
    """Return a theorem on all weights, data and slopes."""
    terms, symbols = instance.terms, instance.symbols
    used = _words(" ".join(goals))
    derivatives = {d: each for each, d in terms.derivatives.items() if d in used}
    slopes = list(_slopes_hold(terms, derivatives))
    witnesses = []
    names = [identifier(each) for each in symbols.names]
    for datum, variable in derivatives.values():
        witnesses.append(polynomial_text(symbols.gradient(_function(datum))[variable], names))
    data = sorted({datum for datum, _, _ in terms.values} | terms.slopes_used | {k for k, _, _ in terms.features_used})
    hypotheses, hypothesis_names, rewriting = [], [], []
    if terms.problem.n_hidden and data:
        check_unitwise(terms.problem)
    for datum in data:
        on_cell = f"on_cell {terms.net.hidden()} {shown_matrix(terms.cell_slopes(datum))} {terms.net.input(datum)}"
        hypotheses.append(on_cell)
        hypothesis_names.append(f"C{datum + 1}")
    for datum, layer, unit in terms.values:
        rewriting.append(_rewriting(terms, datum, layer, f"value_on_cell {unit}%nat", _tail(terms, datum, layer)))
    for datum, layer, unit in terms.features_used:
        rewriting.append(_rewriting(terms, datum, layer + 1, f"feature_on_cell {unit}%nat", terms.net.input(datum)))
    conditions = [name for name, value in instance.bound.items() if value is None]
    for datum, scaled in terms.scaled:
        rewriting.append(_rewriting_scaled(instance, datum, scaled, conditions))
    change = "; ".join(["idtac", *rewriting])
    proofs = [proof.replace("on_polynomials", f"({change})") for proof in proofs]
    everything = [*slopes, *goals]
    body = conjunction(everything)
    if derivatives:
        body = f"exists {' '.join(derivatives)} : Q,\n  {body}"
    text = " ->\n  ".join([*hypotheses, *(f"0 < {each}" for each in conditions), body])
    variables = _variables(text, instance)
    if variables:
        text = f"forall {' '.join(variables)} : Q,\n  {text}"
    steps = [f"intros {' '.join(variables + hypothesis_names + [f'P{i}' for i in range(len(conditions))])}"]
    steps += [f"exists {witness}" for witness in witnesses]
    steps.append(split([*["(intro t; cbv beta; polynomial; ring)"] * len(slopes), *proofs]))
    indices = ", ".join(f"{key} = {value}" for key, value in instance.bound.items() if value is not None)
    about = f"{name}: {statement.text}{f' at {indices}' if indices else ''}"
    return exported(name, kind, about, text, "; ".join(step for step in steps if step != "intros "))


def _slopes_hold(terms: Terms, derivatives: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for name, (datum, variable) in derivatives.items():
        moved = terms.net.moved(variable, "u")
        on_cell = moved.value_on(datum, shown_matrix(terms.cell_slopes(datum)))
        yield f"has_slope (fun u => {on_cell}) {shown(terms.parameters[variable])} {name}"


def _rewriting(terms: Terms, datum: int, layer: int, lemma: str, rest: str) -> str:
    """Return the tactic that puts the cell's polynomial in place of a value, where it occurs."""
    slopes = shown_matrix(terms.cell_slopes(datum)[:layer])
    hidden = terms.net.hidden(layer)
    fact = f"on_cell {hidden} {slopes} {terms.net.input(datum)}"
    return (
        f"let L := fresh in assert ({fact}) as L by (cbn [on_cell] in C{datum + 1} |- *; tauto); "
        f"try rewrite ({lemma} {hidden} {slopes} {rest} L); clear L"
    )


def _rewriting_scaled(instance: _Instance, datum: int, scaled: Mapping[int, Any], conditions: Sequence[str]) -> str:
    """Return the tactic for the net at multiples of parameters: it is on the same cell, unit by unit."""
    terms, symbols = instance.terms, instance.symbols
    net, slopes = terms.scaled_net(scaled), shown_matrix(terms.cell_slopes(datum))
    leaves = []
    for layer in range(terms.problem.n_hidden):
        for z in symbols.preactivations(layer, datum):
            c, positive = _factor(instance, z, scaled, conditions)
            leaves.append(f"scaled_slope {c} {positive}")
        leaves.append("exact I")
    leaves.append("exact I")
    hidden, x = net.hidden(), net.input(datum)
    rows, biases = net.layers[-1]
    cell = (
        f"apply on_cell_iff; pose proof (proj1 (on_cell_iff _ _ _) C{datum + 1}) as K; "
        f"unfolded_cells; pieces; [{' | '.join(leaves)}]"
    )
    rule = f"value_on_cell {terms.problem.output}%nat {hidden} {slopes} {shown_matrix(rows)} {shown_list(biases)} {x} L"
    return (
        f"let L := fresh in let K := fresh in assert (on_cell {hidden} {slopes} {x}) as L by ({cell}); "
        f"try rewrite ({rule}); clear L"
    )


def _factor(
    instance: _Instance, z: Polynomial, scaled: Mapping[int, Any], conditions: Sequence[str]
) -> tuple[str, str]:
    """Return by what a preactivation is multiplied, and the proof that this is positive."""
    found: tuple[Fraction, tuple[str, ...]] | None = None
    for monomial in z.terms:
        number, names = Fraction(1), []
        for variable in monomial:
            factor = scaled.get(variable, 1) if variable < instance.symbols.n_parameters else 1
            if isinstance(factor, Term):
                names.append(str(factor))
            else:
                number *= Fraction(factor)
        here = number, tuple(sorted(names))
        if found is not None and here != found:
            raise NotExportedError("parameters are multiplied so that a preactivation is not a multiple of itself")
        found = here
    number, names_ = found or (Fraction(1), ())
    text, reason = shown(number), f"(eq_refl : 0 < {shown(number)})"
    for name in names_:
        text, reason = f"({text} * {name})", f"(Qmult_lt_0_compat _ _ {reason} P{conditions.index(name)})"
    return text, reason


def _tail(terms: Terms, datum: int, layer: int) -> str:
    rows, biases = terms.net.layers[layer]
    return f"{shown_matrix(rows)} {shown_list(biases)} {terms.net.input(datum)}"


def _variables(text: str, instance: _Instance) -> list[str]:
    """Return all names that a theorem is about: parameters, data, slopes, coefficients, R; and positive numbers."""
    parameters = [identifier(each) for each in instance.symbols.problem.names]
    used = _words(text)
    others = sorted(word for word in used if re.fullmatch(r"[xyac][0-9_]+|R0", word))
    positive = [name for name, value in instance.bound.items() if value is None]
    return [word for word in dict.fromkeys([*parameters, *others, *positive]) if word in used]


# ---------------------------------------------------------------------- conserved


def _conserved(name: str, statement: Statement, instance: _Instance, shape: Shape) -> Exported:
    """Return that the derivative of h along every gradient of a cell vanishes."""
    symbols, terms = instance.symbols, instance.terms
    (law,) = instance.polynomials(instance.relation.left)
    names = [identifier(each) for each in symbols.names]
    if any(variable >= symbols.n_parameters for monomial in law.terms for variable in monomial):
        raise NotExportedError("a conserved quantity that is not of the parameters alone")
    variables = sorted({variable for monomial in law.terms for variable in monomial})
    goals, proofs = [], []
    rates: dict[int, Polynomial] = {}
    for variable in variables:
        rates[variable], rest = _expanded(law, variable)
        moved = replace(instance, terms=Terms(symbols, {variable: "u"}))
        (text,) = moved.texts(instance.relation.left)
        remainder = _in_t(rest, [*names], len(names))
        goals.append(
            f"has_derivative (fun u => {shown(text)}) {names[variable]} "
            f"{polynomial_text(rates[variable], names)} (fun t => {remainder})"
        )
        proofs.append("(intro t; cbv beta; ring)")
    for datum in range(symbols.n_data if symbols.given is not None else 1):
        gradient = symbols.gradient(_function(datum))
        total, difference = "0", Polynomial({})
        for variable in variables:
            d = terms.derivative(datum, variable)
            total = f"({total} + {polynomial_text(rates[variable], names)} * {d})"
            difference = difference + rates[variable] * gradient[variable]
        goals.append(f"{total} == 0")
        proofs.append(_equality(instance, difference))
    return _theorem(name, "conservation", statement, instance, goals, proofs)


def _expanded(law: Polynomial, variable: int) -> tuple[Polynomial, dict[int, Polynomial]]:
    """Return the derivative of h by a variable, and the coefficients of t^0, t^1, .. in the remainder over t^2."""
    rate: dict[tuple[int, ...], Fraction] = {}
    rest: dict[int, dict[tuple[int, ...], Fraction]] = {}
    for monomial, c in law.terms.items():
        n = monomial.count(variable)
        others = tuple(v for v in monomial if v != variable)
        for power in range(1, n + 1):
            key = tuple(sorted((*others, *[variable] * (n - power))))
            terms = rate if power == 1 else rest.setdefault(power - 2, {})
            terms[key] = terms.get(key, Fraction(0)) + c * math.comb(n, power)
    return Polynomial(rate), {power: Polynomial(terms) for power, terms in rest.items()}


def _in_t(rest: Mapping[int, Polynomial], names: Sequence[str], _: int) -> str:
    parts = [" * ".join([polynomial_text(p, names), *["t"] * power]) for power, p in sorted(rest.items())]
    return " + ".join(parts) if parts else "0"


# ---------------------------------------------------------------------- at a point


def at_point(
    claim: Mapping[str, Any], evidence: Mapping[str, Any], given: Any, *, is_refuted: bool
) -> Iterator[Exported]:
    """Return the theorems of a statement at a point: all its relations, or one that is false."""
    from symflow.checker.claims import scope_of
    from symflow.checker.statement_truth import instances

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
    sides = [_texts(inner, side) for side in (relation.left, relation.right)]
    numbers = [_flat(scope.plain(scope.value(side))) for side in (relation.left, relation.right)]
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
    instance = _instance(relation, bound, symbols)
    (law,) = instance.polynomials(relation.left)
    variables = sorted({variable for monomial in law.terms for variable in monomial})
    gradient = terms.gradient(_risk())
    goals, total = [], "0"
    for variable in variables:
        rate, rest = _expanded(law, variable)
        at = {i: shown(value) for i, value in enumerate(point.parameters)}
        (text,) = _texts(Scope(Terms(point, {variable: "u"}), bound=bound), relation.left)
        goals.append(
            f"has_derivative (fun u => {shown(text)}) {at[variable]} {polynomial_text(rate, at)} "
            f"(fun t => {_in_t(rest, at, 0)})"  # type: ignore[arg-type]
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
        used = _words(" ".join(goals))
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
            witnesses += map(shown, _rationals(point.gradient(_function(datum))[variable : variable + 1]))
    parts += goals
    proofs += ["(intro t; cbv beta; ring)" if goal.startswith("has_derivative") else "numbers" for goal in goals]
    text = conjunction(parts)
    if variables:
        text = f"exists {' '.join(variables)} : Q,\n  {text}"
    steps = [*(f"exists {witness}" for witness in witnesses), split(proofs)]
    about = f"{name}{', refuted' if is_refuted else ''}: {statement.text}"
    kind = "refutation" if is_refuted else "evaluation"
    return exported(name, kind, about, text, "; ".join(steps))


# ---------------------------------------------------------------------- small things


def _texts(scope: Scope, expression: Any) -> list[Any]:
    """Return the entries of an expression as terms; what the checker computes in polynomials alone has none."""
    try:
        return _flat(scope.number(expression))
    except (AssertionError, AttributeError, TypeError) as error:
        words = ", ".join(sorted(set(names_in(expression)) & _CALLS)) or "an operation"
        raise NotExportedError(f"{words} of something that is no term here") from error


def _function(datum: int) -> Any:
    from symflow.checker.statement_objects import Function

    return Function("f", datum)


def _risk() -> Any:
    from symflow.checker.statement_objects import Function

    return Function("R")


def _flat(tensor: Any) -> list[Any]:
    return [entry for part in tensor for entry in _flat(part)] if isinstance(tensor, tuple) else [tensor]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text))
