"""A whole result of ``symflow derive``: the pieces of an objective, everywhere or at a point, and its subgradients.

The steps, each of which may refuse:

1. The problem is read; what is symbolic, the point, the objective through the outputs and its derivatives.
2. Each piece: its conditions, outputs, value and gradient are computed from the problem and compared as functions.
3. Each piece occurs: everywhere, a point of its cell at which all conditions hold strictly; at a point, an arc into
   it, and the limit of the gradient.
4. No other piece occurs: multipliers for each refuted pattern, and the walk over all patterns.
5. The ``Piecewise`` says the same as the pieces.
6. The subgradients: at a point the limits of the gradients (Proposition 1); of one hidden layer with symbolic weights
   the product of Theorem 3 (``kinks``), of several the regular case of Proposition 6 (``deep_kinks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.cells import check_arc, check_multipliers
from symflow.checker.deep_kinks import check_regular_kinks
from symflow.checker.differentials import take_any
from symflow.checker.everywhere import check_multipliers_everywhere, check_relation, symbol_values
from symflow.checker.expressions import scalars
from symflow.checker.formulas import Reader, of_polynomial
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import Vector, distinct, is_equal
from symflow.checker.kinks import check_product
from symflow.checker.objective_formulas import derivative_formula, value_formula
from symflow.checker.patterns import Tree, Words, walk
from symflow.checker.piecewise import branches
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, exactly, expect, items, sized, take
from symflow.checker.symbolic import SymbolicNet, SymbolicProblem, evaluated, read_symbolic_problem
from symflow.checker.theorems import has_one_slope

_KNOWN = (
    *("command", "symflow", "problem", "variable", "status", "symbols", "point", "objective", "coefficients"),
    *("n_pieces", "pieces", "refuted", "undecided_patterns", "subgradients", "piecewise"),
)
_KNOWN_PIECE = ("pattern", "conditions", "outputs", "polynomial", "gradient", "certificate")


def check_derive(report: Report, result: dict[str, object]) -> None:
    """Check a whole result."""
    report.skip_unknown(result, _KNOWN)
    symbolic: SymbolicProblem | None = None
    with report.checking("problem"):
        symbolic = read_symbolic_problem(take_any(result, "problem", place=""))
    if symbolic is None:
        return
    with report.checking(""):
        _Check(report, result, symbolic).run()


class _Check:
    """One result: the net with its symbols, the reader of its formulas, and at a point the gradients there."""

    def __init__(self, report: Report, result: dict[str, object], symbolic: SymbolicProblem) -> None:
        self.report, self.result = report, result
        problem = symbolic.problem
        by_input = problem.variable == "input"
        self.gradients: Gradients | None = None
        if symbolic.is_everywhere:
            self.net = SymbolicNet(
                symbolic,
                weights_are_symbols=symbolic.weights_are_symbols,
                input_is_symbol=symbolic.input_is_symbol,
            )
            self.tree: Tree = self.net
        else:
            self.net = SymbolicNet(symbolic, weights_are_symbols=not by_input, input_is_symbol=by_input)
            self.gradients = Gradients(problem)
            self.tree = Tree(problem, self.gradients.values)
        self.problem, self.point = problem, problem.point
        self.reader = Reader(self.net.symbols)
        self.pieces: dict[Words, list[Polynomial]] = {}  # the conditions of each piece that is listed
        self.limits: list[Vector] = []

    def run(self) -> None:
        """Check everything."""
        self.check_header()
        n_right = 0
        for i, piece in enumerate(items(self.result, "pieces")):
            with self.report.checking(f"pieces[{i}]"):
                self.check_piece(piece)
                n_right += 1
        whole = n_right == len(items(self.result, "pieces"))
        undecided = [self.tree.words(word, wildcard=True) for word in items(self.result, "undecided_patterns")]
        with self.report.checking(""):
            expect(take_any(self.result, "status"), "incomplete" if undecided else "complete", "status")
        with self.report.checking(""):
            expect(take_any(self.result, "n_pieces"), len(items(self.result, "pieces")), "n_pieces")
        self.check_coverage(undecided)
        if whole:
            with self.report.checking("piecewise"):
                self.check_piecewise(is_complete=not undecided)
        with self.report.checking("subgradients"):
            self.check_subgradients(is_complete=not undecided, all_are_right=whole)

    # ------------------------------------------------------------------ the head

    def check_header(self) -> None:
        """Check what is symbolic, the point, and the objective through the outputs."""
        result, report = self.result, self.report
        with report.checking(""):
            expect(take_any(result, "variable"), self.problem.variable, "variable")
        with report.checking(""):
            expect(take_any(result, "symbols"), list(self.net.symbols), "symbols")
        with report.checking("point"):
            spelled = take_any(result, "point", place="")
            if self.gradients is None:
                expect(spelled, None, "")
            elif not is_equal(scalars(spelled, len(self.point)), self.point):
                raise Refused("this is not the problem's point")
        n_data = len(self.problem.inputs)
        outputs = [Polynomial.variable(k) for k in range(n_data)]
        reader = Reader([f"f[{k + 1}]" for k in range(n_data)])
        with report.checking(""):
            expected = value_formula(self.problem, outputs)
            reader.check(take_any(result, "objective"), expected, "objective", "the objective through the outputs")
        with report.checking(""):
            for k, spelled in enumerate(items(result, "coefficients", n_data)):
                unit = [Polynomial.constant(Fraction(int(i == k))) for i in range(n_data)]
                expected = derivative_formula(self.problem, outputs, unit)
                reader.check(spelled, expected, f"coefficients[{k}]", "the derivative of the objective by this output")

    # ------------------------------------------------------------------ pieces

    def check_piece(self, piece: object) -> None:
        """Check one piece: all that is said of it, and that it occurs."""
        at_a_point = ("gradient_at_point",) if self.gradients is not None else ()
        self.report.skip_unknown(piece, (*_KNOWN_PIECE, *at_a_point))
        words = self.tree.words(take(piece, "pattern", str), wildcard=False)
        if words in self.pieces:
            raise Refused("this pattern stands twice", "pattern")
        self.pieces[words] = []
        conditions = self.pieces[words] = self.net.conditions(words)
        self.net.check_differentiable(words)
        spelled = items(piece, "conditions", len(conditions))
        for i, (text, positive) in enumerate(zip(spelled, conditions, strict=True)):
            check_relation(self.reader, text, positive, (">", "<"), f"conditions[{i}]")
        outputs = [self.net.output(k, words) for k in range(len(words))]
        for k, (text, output) in enumerate(zip(items(piece, "outputs", len(words)), outputs, strict=True)):
            self.reader.check(text, of_polynomial(output), f"outputs[{k}]", "the output on this piece")
        value = value_formula(self.problem, outputs)
        self.reader.check(
            take_any(exactly(piece, dict), "polynomial"), value, "polynomial", "the objective on this piece"
        )
        self.check_gradient(take(piece, "gradient", dict), words, outputs)
        certificate = take(piece, "certificate", dict)
        with self.report.checking("certificate"):
            if self.gradients is None:
                self.check_point(certificate, conditions)
            else:
                check_arc(self.tree, words, range(len(self.point)), certificate)
            self.report.n_certificates += 1
        if self.gradients is not None:
            limit = self.gradients.on_pattern(self.tree, words, range(len(self.point)))
            self.limits.append(limit)
            self.check_limit(take(piece, "gradient_at_point", dict), limit)

    def check_gradient(self, spelled: dict[str, object], words: Words, outputs: Sequence[Polynomial]) -> None:
        """Check the gradient, entry by entry."""
        gradients = [self.net.gradient(k, words) for k in range(len(words))]
        expect(sorted(spelled), sorted(gradients[0]), "gradient")
        for name, block in gradients[0].items():
            place = f"gradient.{name}"
            rows = sized(spelled[name], len(block) if name[0] == "W" else len(block[0]), place)
            for i, row in enumerate(rows if name[0] == "W" else [rows]):
                entries = sized(row, len(block[i]), f"{place}[{i}]")
                for j, text in enumerate(entries):
                    partials = [gradient[name][i][j] for gradient in gradients]
                    expected = derivative_formula(self.problem, outputs, partials)
                    at = f"{place}[{i}][{j}]" if name[0] == "W" else f"{place}[{j}]"
                    self.reader.check(text, expected, at, "this entry of the gradient")

    def check_point(self, certificate: dict[str, object], conditions: Sequence[Polynomial]) -> None:
        """Refuse unless all conditions hold strictly at the point."""
        values = symbol_values(certificate, self.net.symbols)
        if any(evaluated(positive, values) <= 0 for positive in conditions):
            raise Refused("at the point a condition does not hold", "point")

    def check_limit(self, spelled: dict[str, object], limit: Vector) -> None:
        """Check the limit of the gradient at the point, block by block."""
        shapes: dict[str, tuple[int, int]] = {"x": (0, len(self.point))}
        if self.problem.variable == "weights":
            shapes = {}
            for layer, matrix in enumerate(self.problem.weights, 1):
                shapes[f"W{layer}"] = (len(matrix), len(matrix[0]))
                if self.problem.biases is not None:
                    shapes[f"b{layer}"] = (0, len(matrix))
        expect(sorted(spelled), sorted(shapes), "gradient_at_point")
        start = 0
        for name, (n_rows, length) in shapes.items():
            place = f"gradient_at_point.{name}"
            for row in sized(spelled[name], n_rows, place) if n_rows else [spelled[name]]:
                found = scalars(row, length, place)
                if not is_equal(found, limit[start : start + length]):
                    raise Refused("this is not the limit of the gradient at the point", place)
                start += length

    # ------------------------------------------------------------------ all of them

    def check_coverage(self, undecided: Sequence[Words]) -> None:
        """Check the refuted patterns, and that every pattern is a piece, refuted or undecided."""
        refuted: dict[Words, None] = {}
        for i, entry in enumerate(items(self.result, "refuted")):
            with self.report.checking(f"refuted[{i}]"):
                self.report.skip_unknown(entry, ("pattern", "certificate"))
                words = self.tree.words(take(entry, "pattern", str), wildcard=True)
                if words in refuted:
                    raise Refused("this pattern stands twice", "pattern")
                refuted[words] = None
                with self.report.checking("certificate"):
                    certificate = take(entry, "certificate", dict)
                    if self.gradients is None:
                        check_multipliers_everywhere(self.tree, words, certificate)
                    else:
                        check_multipliers(self.tree, words, certificate)
                    self.report.n_certificates += 1
        leaves, _ = walk(self.tree, list(refuted), undecided, len(self.pieces))
        for words in leaves:
            if words not in self.pieces:
                self.report.reject(f"the pattern {'|'.join(words)} is neither listed nor refuted", "pieces")
        for words in self.pieces.keys() - set(leaves):
            self.report.reject(f"the pattern {'|'.join(words)} is refuted or undecided as well", "pieces")

    def check_piecewise(self, *, is_complete: bool) -> None:
        """Check that each branch is its piece."""
        text = take_any(self.result, "piecewise", place="")
        if text is None:
            return
        if not is_complete:
            raise Refused("not all pieces are known")
        found = branches(exactly(text, str))
        if len(found) != len(self.pieces):
            raise Refused("not as many branches as pieces")
        for i, ((value, relations), (words, conditions)) in enumerate(zip(found, self.pieces.items(), strict=True)):
            outputs = [self.net.output(k, words) for k in range(len(words))]
            expected = value_formula(self.problem, outputs)
            self.reader.check(value, expected, f"[{i}]", "the objective on this piece")
            if len(relations) != len(conditions):
                raise Refused("not as many conditions as the piece has", f"[{i}]")
            for relation, positive in zip(relations, conditions, strict=True):
                check_relation(self.reader, relation, positive, (">=", "<="), f"[{i}]")

    # ------------------------------------------------------------------ subgradients

    def check_subgradients(self, *, is_complete: bool, all_are_right: bool) -> None:
        """Check the closed form at the kinks; null claims nothing."""
        entry = take_any(self.result, "subgradients", place="")
        if entry is None:
            return
        kind = take(entry, "kind", str)
        if self.gradients is not None:
            if kind != "hull" or not is_complete:
                raise Refused("at a point, with all pieces known, this is the hull of their gradients", "kind")
            self.report.skip_unknown(entry, ("kind", "gradients"))
            if not all_are_right:
                return  # it is noted why
            limits = distinct(self.limits)
            rows = items(entry, "gradients", len(limits))
            for i, (row, limit) in enumerate(zip(rows, limits, strict=True)):
                if not is_equal(scalars(row, len(limit), f"gradients[{i}]"), limit):
                    raise Refused("these are not the distinct limits of the gradients, in their order", "gradients")
        elif kind == "continuously_differentiable":
            self.report.skip_unknown(entry, ("kind",))
            if not all(map(has_one_slope, self.problem.activations)):
                raise Refused("not every activation is continuously differentiable", "kind")
        elif kind == "product":
            check_product(self.report, exactly(entry, dict), self.net, list(self.pieces) if is_complete else None)
        elif kind == "regular_kinks":
            check_regular_kinks(self.report, exactly(entry, dict), self.net, list(self.pieces) if is_complete else None)
        else:
            raise Refused("no such kind of subgradients is known", "kind")
