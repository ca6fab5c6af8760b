"""A whole result of ``symflow laws``: what the gradient flow conserves, and that it conserves no more.

1. The fields of the model are made from the problem: entries of the end-to-end matrix (``linear``), path monomials
   (``relu``), or the outputs on the data on the pieces of the cells (``cell``).
2. Each law is an identity ⟨∇h, ∇φ⟩ = 0 (``law_identities``), and the listed ones are independent: a minor of their
Jacobian
   at the certificate's point is not zero modulo its prime, hence not zero.
3. The words' values there (``brackets``) have such a minor too. So the Lie algebra has at least that many dimensions at
   almost every point, and there are at most D minus that many independent laws.
4. ``complete`` says that both numbers are the same. Where they are not, the words may be shown to span the Lie algebra
with
   constant coefficients: then there are exactly so many laws, of which the listed ones are some.
   Parameters that ``[flow] trained`` holds do not move: their derivatives are left out everywhere.
5. In the model ``cell`` the cells are shown to be those that meet the point, by arcs, multipliers and the walk, or all
   cells of weight space, by an interior point each and their number.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import final

from symflow.checker.brackets import VectorField, bracket, combination, value
from symflow.checker.cells import check_arc, check_multipliers
from symflow.checker.expressions import rational
from symflow.checker.fixed_slopes import FixedSlopes, gradient, on_word, output_polynomial, places, unit_input
from symflow.checker.formulas import Reader
from symflow.checker.law_identities import (
    derivative,
    expanded,
    holds_expanded,
    holds_locally,
    rate,
    read_law,
)
from symflow.checker.nested_duals import PRIMES, Element, NestedDuals, determinant
from symflow.checker.networks import forward
from symflow.checker.patterns import Tree, Words, walk
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, optional, sized, take
from symflow.checker.symbolic import evaluated, read_symbolic_problem
from symflow.checker.weight_regions import factor_counts, group_sizes

_KNOWN = (
    *("command", "symflow", "problem", "model", "parameters", "n_parameters", "scope", "lie_dimension", "n_laws"),
    *("n_laws_at_most", "complete", "lie_dimension_is_exact", "laws", "names", "values", "dependent_laws"),
    "certificate",
    *("cells", "refuted", "undecided", "every_cell", "checked"),
)
_KNOWN_OF_A_CELL = (
    *("pattern", "lie_dimension", "n_laws", "n_laws_at_most", "complete", "lie_dimension_is_exact", "laws"),
    *("names", "values", "dependent_laws", "certificate", "arc", "interior_point"),
)
_KNOWN_OF_A_CERTIFICATE = (
    *("kind", "prime", "point", "fields", "words", "columns", "minor", "law_columns", "law_minor", "closure"),
)
_LONGEST_WORD = 10
_MOST_PATHS = 4096

_ONE = Fraction(1)


def check_laws(report: Report, result: dict[str, object]) -> None:
    """Check a whole result."""
    report.skip_unknown(result, _KNOWN)
    check: _Check | None = None
    with report.checking("problem"):
        check = _Check(report, result)
    if check is not None:
        check.run()


@final
class _Check:
    """One result being checked."""

    def __init__(self, report: Report, result: dict[str, object]) -> None:
        self.report, self.result = report, result
        self.model = take(result, "model", str)
        tree = take(result, "problem", dict)
        self.problem, self.weights_are_symbols, self.outputs = _read_problem(tree, self.model)
        activations = self.problem.activations
        if self.model == "linear" and any(a.name != "identity" for a in activations):
            raise Refused("the model linear, and a layer that is not linear", "network.activation")
        if self.model == "relu" and any(a.power > 1 for a in activations):
            raise Refused("the model relu, and a piece that is not linear", "network.activation")
        self.reader = Reader(self.problem.names)
        self.names = {name: i for i, name in enumerate(self.problem.names)}
        self.held = _held(tree, self.problem.names)

    def run(self) -> None:
        """Go through it."""
        report, result, problem = self.report, self.result, self.problem
        for key, expected in (
            ("parameters", list(problem.names)),
            ("n_parameters", len(problem.names)),
            ("scope", _scope(problem, self.model)),
        ):
            with report.checking(""):
                if key not in result:
                    raise Refused("missing", key)
                expect(result[key], expected, key)
        words: list[Words] = []
        if self.model == "cell":
            with report.checking(""):
                words = self._cells()
            if not words:
                return
        with report.checking(""):
            self._block(result, words)
        with report.checking("checked"):
            if result.get("checked") is not None:
                self._checked(take(result, "checked", dict), words)

    # ------------------------------------------------------------------ the laws of one model or cell

    def _block(self, tree: dict[str, object], words: Sequence[Words]) -> None:
        """Check laws, counts and certificate, for the model or for some cells."""
        report = self.report
        n = len(self.problem.names)
        laws = [read_law(self.reader, text, "laws") for text in items(tree, "laws")]
        dependent: list[Polynomial] = []
        for entry in items(tree, "dependent_laws"):
            dependent.append(read_law(self.reader, take(entry, "law", str), "dependent_laws"))
        self._conserved([*laws, *dependent], words)
        self._names(laws, items(tree, "names", len(laws)))
        for entry, law in zip(items(tree, "dependent_laws"), dependent, strict=True):
            report.skip_unknown(entry, ("law", "kind", "layer", "neurons", "value"))
            self._name(law, entry)
        values = [_get(entry, "value") for entry in items(tree, "dependent_laws")]
        self._values([*laws, *dependent], _get(tree, "values"), values)
        certificate = take(tree, "certificate", dict)
        lie_dimension, is_closed = self._certificate(certificate, laws, words)
        report.n_certificates += 1
        expect(take(tree, "n_laws", int), len(laws), "n_laws")
        expect(take(tree, "lie_dimension", int), lie_dimension, "lie_dimension")
        expect(take(tree, "n_laws_at_most", int), n - lie_dimension, "n_laws_at_most")
        is_complete = len(laws) + lie_dimension == n
        expect(take(tree, "complete", bool), is_complete, "complete")
        expect(take(tree, "lie_dimension_is_exact", bool), is_complete or is_closed, "lie_dimension_is_exact")

    def _conserved(self, laws: Sequence[Polynomial], words: Sequence[Words]) -> None:
        """Refuse a law that is not shown to be one."""
        functions = self._functions(words)
        slopes = None if self.model == "relu" else [f.slopes for f in functions]
        written: list[Polynomial] | None = None
        for i, law in enumerate(laws):
            with self.report.checking(f"laws[{i}]"):
                if not law or () in law.terms:
                    raise Refused("a constant is no law")
                if not holds_locally(self.problem, law, slopes, self.held):
                    if self.model == "relu" and not functions:
                        raise TooLarge("this takes more paths than are written out")
                    written = expanded(self.problem, functions) if written is None else written
                    if not holds_expanded(law, written, self.held):
                        raise Refused("this is not conserved")
                self.report.n_certificates += 1

    def _functions(self, words: Sequence[Words]) -> list[FixedSlopes]:
        """Return all functions that drive the flow; of the model relu all paths, or none where they are too many."""
        problem = self.problem
        n_inputs, n_outputs = len(problem.weights[0][0]), len(problem.weights[-1])
        if self.model == "cell":
            pairs = {(datum, word[datum]) for word in words for datum in range(len(problem.inputs))}
            return [
                on_word(problem, problem.inputs[datum], word, output)
                for datum, word in sorted(pairs)
                for output in self.outputs
            ]
        if self.model == "linear":
            # With biases f(e_i) is an entry of the matrix plus f(0), which is among them.
            ones = tuple((_ONE,) * len(matrix) for matrix in problem.weights[:-1])
            has_bias = (problem.biases is not None,) * len(problem.weights)
            return [
                FixedSlopes(unit_input(problem, i), ones, has_bias, output)
                for i in range(n_inputs + 1)
                for output in range(n_outputs)
            ]
        rows = [
            [None] if activation.name == "identity" else list(range(1, len(matrix) + 1))
            for activation, matrix in zip(problem.activations, problem.weights, strict=False)
        ]
        if math.prod(map(len, rows)) * (n_inputs + len(rows) + 1) * n_outputs > _MOST_PATHS:
            return []
        found = []
        for units in itertools.product(*rows):
            for start in range(len(units) + 1):
                below = [None if unit is None else 0 for unit in units[:start]]
                for place in range(n_inputs + 1) if start == 0 else (0,):
                    for output in range(1, n_outputs + 1):
                        found.append(self._path(place, [*below, *units[start:]], output))
        return found

    def _names(self, laws: Sequence[Polynomial], names: Sequence[object]) -> None:
        for law, entry in zip(laws, names, strict=True):
            self.report.skip_unknown(entry, ("kind", "layer", "neurons"))
            self._name(law, entry)

    def _name(self, law: Polynomial, entry: object) -> None:
        """Refuse a law that is not what it is called."""
        kind, layer = take(entry, "kind", str), take(entry, "layer", int)
        neurons = [exactly(neuron, int, "neurons") for neuron in items(entry, "neurons")]
        degrees = {len(monomial) for monomial in law.terms}
        if kind in ("balancing", "layer", "gram"):
            n_neurons = {"balancing": 1, "layer": 0, "gram": 2}[kind]
            if not (1 <= layer <= self.problem.n_hidden and len(neurons) == n_neurons):
                raise Refused("this name has other numbers", "names")
            meant = self._named(layer - 1, [neuron - 1 for neuron in neurons])
            if all(law - each for each in meant):
                raise Refused(f"this is not what {kind} means", "names")
        elif kind == "unmoved":
            if degrees != {1} or len(law.terms) != 1 or layer or neurons:
                raise Refused("this is not one parameter", "names")
        elif kind == "span":
            weights, biases = places(self.problem)
            if layer != 1 or len(neurons) != 1 or not 1 <= neurons[0] <= len(weights[0]):
                raise Refused("this name has other numbers", "names")
            own = {*weights[0][neurons[0] - 1], *(biases[0][neurons[0] - 1 : neurons[0]] if biases else ())}
            if degrees != {1} or not {monomial[0] for monomial in law.terms} <= own:
                raise Refused("this is not a combination of the neuron's weights", "names")
        elif kind == "quadratic":
            if max(degrees) > 2 or layer or neurons:
                raise Refused("this is not of degree two", "names")
        else:
            raise Refused("an unknown name", "names")

    def _named(self, layer: int, units: Sequence[int]) -> list[Polynomial]:
        """Return what balancing (one unit; of all units, none) or an entry of the Gram matrices (two) may be."""
        problem = self.problem
        activation, n_rows = problem.activations[layer], len(problem.weights[layer])
        if not units:
            total = Polynomial({})
            for unit in range(activation.n_units(n_rows)):
                total = total + self._named(layer, [unit])[0]
            return [total]
        weights, biases = places(problem)
        members = [[row for row in range(n_rows) if activation.unit_of_row(row) == unit] for unit in units]
        if not all(members) or (len(units) == 2 and (units[0] == units[1] or max(map(len, members)) > 1)):
            return []
        first, last = units[0], units[-1]
        inside = Polynomial({})
        for a, b in zip(members[0], members[-1], strict=True):
            for i, j in zip(weights[layer][a], weights[layer][b], strict=True):
                inside = inside + Polynomial.variable(i) * Polynomial.variable(j)
            if biases:
                inside = inside + Polynomial.variable(biases[layer][a]) * Polynomial.variable(biases[layer][b])
        outside = Polynomial({})
        for row in weights[layer + 1]:
            outside = outside + Polynomial.variable(row[first]) * Polynomial.variable(row[last])
        if len(units) == 1:
            return [inside - outside * Fraction(activation.power)]
        return [inside - outside, inside + outside]

    def _values(self, laws: Sequence[Polynomial], values: object, of_dependent: Sequence[object]) -> None:
        """Check the values at the problem's point; null where its weights are symbols."""
        n_listed = len(laws) - len(of_dependent)
        if self.weights_are_symbols:
            expect(values, None, "values")
            expect(list(of_dependent), [None] * len(of_dependent), "dependent_laws")
            return
        given = [*sized(values, n_listed, "values"), *of_dependent]
        for law, spelled in zip(laws, given, strict=True):
            if rational(spelled, "values") != evaluated(law, self.problem.point):
                raise Refused("this is not the value at the point", "values")

    # ------------------------------------------------------------------ the certificate

    def _certificate(
        self, tree: dict[str, object], laws: Sequence[Polynomial], words: Sequence[Words]
    ) -> tuple[int, bool]:
        """Check the two minors; return how many words there are, and whether they are shown to span the Lie algebra."""
        report, n = self.report, len(self.problem.names)
        report.skip_unknown(tree, _KNOWN_OF_A_CERTIFICATE)
        expect(take(tree, "kind", str), "brackets", "kind")
        prime = rational(take(tree, "prime", str), "prime")
        if prime not in PRIMES:
            raise Refused("expected one of the primes that are known here", "prime")
        ring = NestedDuals(int(prime))
        coordinates = [rational(entry, "point") for entry in items(tree, "point", n)]
        point: list[Element] = [[ring.residue(entry)] for entry in coordinates]
        functions = [self._field(entry, words) for entry in items(tree, "fields")]
        fields: list[VectorField] = [_vector_field(self.problem, f, ring, self.held) for f in functions]
        rows, letters = [], []
        for entry in items(tree, "words"):
            word = [exactly(letter, int, "words") - 1 for letter in sized(entry, None, "words")]
            if not word or len(word) > _LONGEST_WORD or not all(0 <= letter < len(fields) for letter in word):
                raise Refused("a word of letters that are no fields", "words")
            letters.append(word)
            rows.append([entry[0] for entry in value(word, fields, point, ring)])
        columns = self._columns(tree, "columns", len(rows))
        minor = determinant([[row[column] for column in columns] for row in rows], ring.prime, ring.work)
        self._nonzero(minor, tree, "minor", "the words")
        columns = self._columns(tree, "law_columns", len(laws))
        jacobian = [
            [ring.residue(evaluated(derivative(law, column), coordinates)) for column in columns] for law in laws
        ]
        self._nonzero(determinant(jacobian, ring.prime, ring.work), tree, "law_minor", "the laws")
        if "closure" not in tree:
            return len(rows), False
        self._closure(take(tree, "closure", dict), functions, letters, words)
        return len(rows), True

    def _closure(
        self,
        tree: dict[str, object],
        functions: Sequence[FixedSlopes],
        letters: Sequence[Sequence[int]],
        words: Sequence[Words],
    ) -> None:
        """Refuse unless the words span the Lie algebra, with constant coefficients."""
        self.report.skip_unknown(tree, ("fields", "brackets"))
        if self.model == "relu" or not letters:
            raise Refused("closure is for fields that are all listed", "closure")
        used = [self._polynomial_field(f) for f in functions]
        values = []
        for word in letters:
            field = used[word[-1]]
            for letter in reversed(word[:-1]):
                field = bracket(used[letter], field)
            values.append(field)
        is_letter = [len(word) == 1 for word in letters]
        missing = set(self._all_fields(words))
        for entry in items(tree, "fields"):
            self.report.skip_unknown(entry, ("field", "coefficients"))
            function = self._field(_get(entry, "field"), words)
            missing.discard(function)
            row = [rational(c, "closure") for c in items(entry, "coefficients", len(letters))]
            if any(c and not single for c, single in zip(row, is_letter, strict=True)):
                raise Refused("a field is a combination of brackets", "closure")
            if _differ(self._polynomial_field(function), combination(row, values)):
                raise Refused("a field is not this combination", "closure")
        if missing:
            raise Refused("a field is not shown to be in the span", "closure")
        singles = [field for field, single in zip(values, is_letter, strict=True) if single]
        for left, rows in zip(singles, items(tree, "brackets", len(singles)), strict=True):
            for right, spelled in zip(values, sized(rows, len(values), "closure"), strict=True):
                row = [rational(c, "closure") for c in sized(spelled, len(letters), "closure")]
                if _differ(bracket(left, right), combination(row, values)):
                    raise Refused("a bracket is not this combination", "closure")

    def _polynomial_field(self, f: FixedSlopes) -> list[Polynomial]:
        function = output_polynomial(self.problem, f)
        places_ = range(len(self.problem.names))
        return [Polynomial({}) if place in self.held else derivative(function, place) for place in places_]

    def _all_fields(self, words: Sequence[Words]) -> list[FixedSlopes]:
        """Return the functions of all fields of the model as a file names them."""
        if self.model == "cell":
            return self._functions(words)
        problem = self.problem
        places_ = range(int(problem.biases is None), len(problem.weights[0][0]) + 1)
        outputs = range(1, len(problem.weights[-1]) + 1)
        return [self._path(place, [None] * problem.n_hidden, output) for place in places_ for output in outputs]

    def _nonzero(self, minor: int, tree: dict[str, object], key: str, what: str) -> None:
        if not minor:
            raise Refused(f"the minor of {what} vanishes", key)
        expect(take(tree, key, str), str(minor), key)

    def _columns(self, tree: dict[str, object], key: str, length: int) -> list[int]:
        names = [exactly(name, str, key) for name in items(tree, key, length)]
        if len(set(names)) != len(names) or not set(names) <= self.names.keys():
            raise Refused("expected different parameters", key)
        return [self.names[name] for name in names]

    def _field(self, entry: object, words: Sequence[Words]) -> FixedSlopes:
        """Return the function of a field; it has to be one of the model's."""
        problem = self.problem
        output = take(entry, "output", int)
        if not 1 <= output <= len(problem.weights[-1]):
            raise Refused("the network has no such output", "fields")
        if self.model == "cell":
            self.report.skip_unknown(entry, ("datum", "output", "pattern"))
            datum, word = take(entry, "datum", int) - 1, take(entry, "pattern", str)
            if not 0 <= datum < len(problem.inputs) or output - 1 not in self.outputs:
                raise Refused("there is no such datum or output", "fields")
            if word not in {each[datum] for each in words}:
                raise Refused("none of the cells has this word on the datum", "fields")
            return on_word(problem, problem.inputs[datum], word, output - 1)
        place = take(entry, "input", int)
        if not 0 <= place <= len(problem.weights[0][0]):
            raise Refused("the network has no such input", "fields")
        if self.model == "linear":
            self.report.skip_unknown(entry, ("input", "output"))
            units: list[int | None] = [None] * problem.n_hidden
        else:
            self.report.skip_unknown(entry, ("input", "units", "output"))
            units = []
            for unit in items(entry, "units", problem.n_hidden):
                units.append(None if unit is None else exactly(unit, int, "units"))
        return self._path(place, units, output)

    def _path(self, place: int, units: Sequence[int | None], output: int) -> FixedSlopes:
        """Return a path monomial, summed over layers of identities: from an input, or with the place 0 from a bias."""
        problem = self.problem
        slopes = []
        first = 0  # the layer above the last unit 0: below it nothing counts
        for layer, (unit, matrix) in enumerate(zip(units, problem.weights, strict=False)):
            is_identity = problem.activations[layer].name == "identity"
            if (unit is None) != is_identity or not (unit is None or 0 <= unit <= len(matrix)):
                raise Refused("there is no such unit", "units")
            if unit == 0:
                if place or any(units[:layer]):
                    raise Refused("the path begins twice", "units")
                first = layer + 1
            slopes.append(tuple(_ONE if unit is None or unit == row else _ONE * 0 for row in range(1, len(matrix) + 1)))
        n_layers = len(problem.weights)
        has_bias = [False] * n_layers
        if not place and problem.biases is not None:
            last = next((layer for layer in range(first, n_layers - 1) if units[layer] is not None), n_layers - 1)
            has_bias = [first <= layer <= last for layer in range(n_layers)]
        return FixedSlopes(unit_input(problem, place), tuple(slopes), tuple(has_bias), output - 1)

    # ------------------------------------------------------------------ cells

    def _cells(self) -> list[Words]:
        """Check the cells, each with its laws, and that there are no others; return the words of each."""
        report, result = self.report, self.result
        everywhere = take(result, "every_cell", bool)
        tree = Tree(self.problem, tuple(forward(self.problem, k) for k in range(len(self.problem.inputs))))
        found: list[Words] = []
        for i, cell in enumerate(items(result, "cells")):
            with report.checking(f"cells[{i}]"):
                report.skip_unknown(cell, _KNOWN_OF_A_CELL)
                words = tree.words(take(cell, "pattern", str), wildcard=False)
                if words in found:
                    raise Refused("this pattern stands twice", "pattern")
                found.append(words)
                if everywhere:
                    self._inside(words, cell)
                else:
                    check_arc(tree, words, range(len(self.problem.names)), take(cell, "arc", dict))
                report.n_certificates += 1
                self._block(exactly(cell, dict), [words])
        if not found:
            raise Refused("there are no cells", "cells")
        if everywhere:
            self._count(len(found))
            return found
        refuted = []
        for i, entry in enumerate(items(result, "refuted")):
            with report.checking(f"refuted[{i}]"):
                report.skip_unknown(entry, ("pattern", "certificate"))
                words = tree.words(take(entry, "pattern", str), wildcard=True)
                refuted.append(words)
                check_multipliers(tree, words, take(entry, "certificate", dict))
                report.n_certificates += 1
        undecided = []
        for entry in items(result, "undecided") if result.get("undecided") else []:
            undecided.append(tree.words(take(entry, "pattern", str), wildcard=True))
        leaves, _ = walk(tree, refuted, undecided, len(found))
        for words in leaves:
            if words not in found:
                report.reject(f"the pattern {'|'.join(words)} is neither listed nor refuted", "cells")
        return found

    def _inside(self, words: Words, cell: object) -> None:
        """Refuse unless the interior point lies in the cell (one hidden layer)."""
        problem = self.problem
        point = [rational(entry, "interior_point") for entry in items(cell, "interior_point", len(problem.names))]
        if problem.n_hidden > 1:
            raise Refused("all cells, of more than one hidden layer", "every_cell")
        weights, biases = places(problem)
        if not problem.activations:
            return
        activation = problem.activations[0]
        for x, word in zip(problem.inputs, words, strict=True):
            is_cut = problem.biases is not None or any(x)
            z = [sum((point[i] * entry for i, entry in zip(row, x, strict=True)), Fraction(0)) for row in weights[0]]
            if biases:
                z = [a + point[i] for a, i in zip(z, biases[0], strict=True)]
            for unit, character in enumerate(word):
                if activation.name == "maxpool":
                    group = activation.groups[unit]
                    winner = group[WINNERS.index(character)]
                    is_right = all(z[winner] > z[row] for row in group if row != winner)
                    is_right = is_right if is_cut else character == WINNERS[0]
                elif is_cut:
                    is_right = character == ("+" if z[unit] > 0 else "-") and bool(z[unit])
                else:
                    is_right = character == "0"
                if not is_right:
                    raise Refused("the point is not inside the cell", "interior_point")

    def _count(self, n_cells: int) -> None:
        """Refuse unless there are so many cells in weight space."""
        counts = [factor_counts(self.problem, size) for size in group_sizes(self.problem)]
        known = [count[0] for count in counts if count is not None]
        if len(known) < len(counts):
            self.report.skip("cells: that there are no others")
        else:
            expect(n_cells, math.prod(known), "cells")

    # ------------------------------------------------------------------ a polynomial that was asked about

    def _checked(self, tree: dict[str, object], words: Sequence[Words]) -> None:
        """Check the verdict on a user's polynomial."""
        self.report.skip_unknown(tree, ("polynomial", "verdict", "witness"))
        law = read_law(self.reader, take(tree, "polynomial", str), "polynomial")
        verdict = take(tree, "verdict", str)
        if verdict == "proved":
            functions = self._functions(words)
            slopes = None if self.model == "relu" else [f.slopes for f in functions]
            if law and not holds_locally(self.problem, law, slopes, self.held):
                if not functions:
                    raise TooLarge("this takes more paths than are written out", "verdict")
                if not holds_expanded(law, expanded(self.problem, functions), self.held):
                    raise Refused("this is not conserved", "verdict")
        elif verdict == "refuted":
            self._witness(law, take(tree, "witness", dict), words)
        else:
            expect(verdict, "undecided", "verdict")
            return
        self.report.n_certificates += 1

    def _witness(self, law: Polynomial, tree: dict[str, object], words: Sequence[Words]) -> None:
        self.report.skip_unknown(tree, ("parameters", "input", "output", "rate", "datum", "pattern"))
        problem = self.problem
        point = [rational(entry, "witness") for entry in items(tree, "parameters", len(problem.names))]
        x = tuple(rational(entry, "witness") for entry in items(tree, "input", len(problem.weights[0][0])))
        output = take(tree, "output", int) - 1
        if not 0 <= output < len(problem.weights[-1]):
            raise Refused("the network has no such output", "witness")
        if self.model == "cell":
            datum, word = take(tree, "datum", int) - 1, take(tree, "pattern", str)
            if not 0 <= datum < len(problem.inputs) or x != problem.inputs[datum] or output not in self.outputs:
                raise Refused("there is no such datum or output", "witness")
            if word not in {each[datum] for each in words}:
                raise Refused("none of the cells has this word on the datum", "witness")
        else:
            word = _word_at(problem, point, x)
        (function,) = expanded(problem, [on_word(problem, x, word, output)])
        moved = evaluated(rate(law, function, self.held), point)
        if not moved or moved != rational(take(tree, "rate", str), "witness"):
            raise Refused("this is not how fast it moves", "witness")


def _differ(left: Sequence[Polynomial], right: Sequence[Polynomial]) -> bool:
    return any(a - b for a, b in zip(left, right, strict=True))


def _vector_field(problem: Problem, f: FixedSlopes, ring: NestedDuals, held: Collection[int]) -> VectorField:
    def field(point: Sequence[Element]) -> list[Element]:
        zero = [0] * len(point[0])
        return [zero if i in held else entry for i, entry in enumerate(gradient(problem, f, point, ring))]

    return field


def _held(tree: dict[str, object], names: Sequence[str]) -> frozenset[int]:
    """Return the parameters that do not move: those that the section on the flow does not name, if it names some."""
    flow = optional(tree, "flow", dict)
    if flow is None or flow.get("trained") is None:
        return frozenset()
    trained = {exactly(name, str, "flow.trained") for name in items(flow, "trained")}
    if not trained <= {name.partition("[")[0] for name in names}:
        raise Refused("the network has no such parameters", "flow.trained")
    return frozenset(i for i, name in enumerate(names) if name.partition("[")[0] not in trained)


def _word_at(problem: Problem, point: Sequence[Fraction], x: tuple[Fraction, ...]) -> str:
    """Return the characters of an input at some weights, where no unit vanishes and no two members are equal."""
    weights, biases = places(problem)
    matrices = tuple(tuple(tuple(point[i] for i in row) for row in matrix) for matrix in weights)
    vectors = tuple(tuple(point[i] for i in row) for row in biases) if biases else None
    there = replace(problem, weights=matrices, biases=vectors, inputs=(x,))
    word = ""
    for activation, z in zip(there.activations, forward(there, 0).preactivations, strict=False):
        if activation.name == "identity":
            continue
        for unit in range(activation.n_units(len(z))):
            values = [z[row] for row in (activation.groups[unit] if activation.name == "maxpool" else (unit,))]
            largest = max(values)
            if (values.count(largest) > 1) if activation.name == "maxpool" else not largest:
                raise Refused("the weights are at a kink", "witness")
            word += WINNERS[values.index(largest)] if activation.name == "maxpool" else "+" if largest > 0 else "-"
    return word


def _scope(problem: Problem, model: str) -> str:
    """Return what the laws are complete for, as the result has to say it."""
    if model == "cell":
        return "given data"
    if model == "linear":
        return "all data"
    is_wide = len(problem.weights[0][0]) >= 2 or problem.biases is not None
    if problem.n_hidden > 1 or not is_wide:
        return "path monomials"
    for activation in problem.activations:
        groups = activation.groups if activation.name == "maxpool" else ((0, 1),)
        if activation.name == "identity" or activation.slope == 1 or min(map(len, groups)) < 2:
            return "path monomials"
    return "all data"


def _read_problem(tree: dict[str, object], model: str) -> tuple[Problem, bool, tuple[int, ...]]:
    """Return the problem with all of its data, whether its weights are symbols, and which outputs count."""
    given = optional(tree, "objective", dict) or {}
    if model not in ("linear", "relu", "cell"):
        raise Refused("an unknown model", "laws.model")
    objective: dict[str, object] = {"kind": "output", "variable": "weights", "output": 1}
    rest = {key: entry for key, entry in tree.items() if key != "data"}
    if model == "cell":
        n_data = len(items(take(tree, "data", dict), "inputs"))
        objective |= {"kind": "combination", "coefficients": ["1"] * n_data}
        rest["data"] = {"inputs": take(tree, "data", dict)["inputs"]}
    found = read_symbolic_problem({**rest, "objective": objective})
    n_outputs = len(found.problem.weights[-1])
    outputs = tuple(range(n_outputs))
    if "output" in given:
        outputs = (take(given, "output", int) - 1,)
        if outputs[0] not in range(n_outputs):
            raise Refused("the network has no such output", "objective.output")
    return found.problem, found.weights_are_symbols, outputs


def _get(tree: object, key: str) -> object:
    if not isinstance(tree, dict) or key not in tree:
        raise Refused("missing", key)
    found: object = tree[key]
    return found
