"""Claims of ``symflow prove``: identities on a shape, conserved quantities, squares, values at a point.

A theorem on a shape is about all rational weights, data and slopes of a cell: where the preactivations of the net are
on the sides that the slopes say (``on_cell``), there are derivatives d (``has_slope``: the cell's polynomial, one
weight moved by t, changes by t d) such that the claim holds of them and of the net's value. Where the claim needs
a^2 = a for a slope of relu, the script has the multiples of a^2 - a that are in the difference of its sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import read_problem
from symflow.checker.statement_grammar import Positive, Range, Relation, Statement, names_in, parse_statement
from symflow.checker.statement_shapes import Shape, read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_values import Scope
from symflow.exports.cells import conjunction, split
from symflow.exports.instances import Instance, expanded, in_t, instance_of, output_on, words_in
from symflow.exports.nets import check_unitwise
from symflow.exports.objects import Terms
from symflow.exports.script import Export, Exported, NotExportedError, exported
from symflow.exports.statements_at_point import at_point
from symflow.exports.terms import Term, identifier, polynomial_text, shown, shown_list, shown_matrix


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
        scope = instance_of(relation, bound, symbols)
        if relation.relation == "conserved":
            yield _conserved(name, statement, scope, shape)
        else:
            yield _relation(name, statement, scope, squares.get(str(number)))


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


def _relation(name: str, statement: Statement, instance: Instance, squares: Any) -> Exported:
    relation = instance.relation
    assert relation.right is not None
    if not {"exp", "ln"}.isdisjoint((*names_in(relation.left), *names_in(relation.right))):
        raise NotExportedError("exponentials or logarithms on all weights")
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
            if instance.symbols.reduced(p - q):
                raise NotExportedError("a risk that has to be written out")
            proofs.append(_equality(instance, p - q))
        kind = "identity"
    elif relation.relation in ("<=", ">=") and squares is not None:
        (u,), (v,), (p,), (q,) = (left, right, a, b) if relation.relation == "<=" else (right, left, b, a)
        total, rest, reasons = "0", q - p, "(Qle_refl 0)"
        for entry in squares:
            if "times" in entry:
                raise NotExportedError("squares times something that is never negative")
            c = Fraction(entry["coefficient"])
            root = parse_statement(f"{entry['of']} == 0").claims[0].left
            (text,), (polynomial,) = instance.texts(root), instance.polynomials(root)
            total = f"({total} + {shown(c)} * ({shown(text)} * {shown(text)}))"
            rest = rest - polynomial * polynomial * c
            reasons = f"(nonnegative_sum _ _ {reasons} (nonnegative_square _ _ (Qle_bool_imp_le 0 {shown(c)} eq_refl)))"
        if instance.symbols.reduced(rest):
            raise NotExportedError("a risk that has to be written out")
        goals.append(f"{shown(u)} <= {shown(v)}")
        proofs.append(f"(apply (by_squares _ _ {total}); [{_equality(instance, rest)} | exact {reasons}])")
        kind = "inequality"
    else:
        raise NotExportedError(f'"{relation.relation}" on all weights')
    return _theorem(name, kind, statement, instance, goals, proofs)


def _equality(instance: Instance, difference: Polynomial) -> str:
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
    name: str, kind: str, statement: Statement, instance: Instance, goals: Sequence[str], proofs: Sequence[str]
) -> Exported:
    """Return a theorem on all weights, data and slopes."""
    terms, symbols = instance.terms, instance.symbols
    used = words_in(" ".join(goals))
    derivatives = {d: each for each, d in terms.derivatives.items() if d in used}
    slopes = list(_slopes_hold(terms, derivatives))
    witnesses = []
    names = [identifier(each) for each in symbols.names]
    for datum, variable in derivatives.values():
        witnesses.append(polynomial_text(symbols.gradient(output_on(datum))[variable], names))
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


def _rewriting_scaled(instance: Instance, datum: int, scaled: Mapping[int, Any], conditions: Sequence[str]) -> str:
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


def _factor(instance: Instance, z: Polynomial, scaled: Mapping[int, Any], conditions: Sequence[str]) -> tuple[str, str]:
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


def _variables(text: str, instance: Instance) -> list[str]:
    """Return all names that a theorem is about: parameters, data, slopes, coefficients, R; and positive numbers."""
    parameters = [identifier(each) for each in instance.symbols.problem.names]
    used = words_in(text)
    others = sorted(word for word in used if re.fullmatch(r"[xyac][0-9_]+|R0", word))
    positive = [name for name, value in instance.bound.items() if value is None]
    return [word for word in dict.fromkeys([*parameters, *others, *positive]) if word in used]


# ---------------------------------------------------------------------- conserved


def _conserved(name: str, statement: Statement, instance: Instance, shape: Shape) -> Exported:
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
        rates[variable], rest = expanded(law, variable)
        moved = replace(instance, terms=Terms(symbols, {variable: "u"}))
        (text,) = moved.texts(instance.relation.left)
        remainder = in_t(rest, names)
        goals.append(
            f"has_derivative (fun u => {shown(text)}) {names[variable]} "
            f"{polynomial_text(rates[variable], names)} (fun t => {remainder})"
        )
        proofs.append("(intro t; cbv beta; ring)")
    for datum in range(symbols.n_data if symbols.given is not None else 1):
        gradient = symbols.gradient(output_on(datum))
        total, difference = "0", Polynomial({})
        for variable in variables:
            d = terms.derivative(datum, variable)
            total = f"({total} + {polynomial_text(rates[variable], names)} * {d})"
            difference = difference + rates[variable] * gradient[variable]
        goals.append(f"{total} == 0")
        proofs.append(_equality(instance, difference))
    return _theorem(name, "conservation", statement, instance, goals, proofs)
