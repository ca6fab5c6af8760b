"""The subgradients of one hidden layer with symbolic weights, at every kink (Theorem 3).

Neurons use disjoint variables, so ∂F is a product over the neurons, and a neuron's block depends on its face alone:
the signs X of ⟨u, xₖ⟩ on the data, 0 included (xₖ with a 1 appended where there are biases). Its block is the hull of

    Σ cₖ v a(sₖ) xₖ,    s a cell of the neuron that agrees with X wherever X is not 0,

v its weight in W2, a the slopes, cₖ the frozen coefficients. The cells of a neuron are read off the pieces, which
have been checked. Where the data with X = 0 fall into classes of parallel vectors that are linearly independent,
all choices of a sign for each class occur, and the hull is a sum of segments, one for each class.

*No kink is missing.* X is a face if and only if X∘T, which is X with its zeros filled from T, is a cell for every
cell T. Proof. A step from the face towards T gives the one direction. For the other, let X be no face: then Σ λₖ Xₖ
xₖ + Σ μₖ xₖ = 0, the first sum over Xₖ ≠ 0 with λ ≥ 0 not all zero, the second over Xₖ = 0 (Motzkin). Every
dependency is a sum of circuits of the same signs; take one with some λₖ > 0. Its data with Xₖ = 0 are a proper part
of a circuit, hence independent, so some cell T has the signs of μ there, and X∘T has a dependency with
coefficients of its own signs: it is no cell. For the same reason the faces of the first data are the prefixes, so
that the search descends datum by datum. A group of two members is a neuron with u = u₁ − u₂; for larger groups it
is not checked that no kink is missing, unless there is one datum: then every set of winners is a face.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from symflow.checker.everywhere import check_relation, symbol_values
from symflow.checker.exponential_fractions import sign
from symflow.checker.formulas import Reader, of_polynomial
from symflow.checker.linear_algebra import dot, rank
from symflow.checker.networks import slopes_of_unit
from symflow.checker.objective_formulas import constant_coefficients
from symflow.checker.patterns import Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, sized, take
from symflow.checker.symbolic import SymbolicNet, evaluated

_MOST_STEPS = 2_000_000  # comparisons of a sign vector with a cell

_KNOWN_KINK = ("covector", "data", "conditions", "assuming", "certificate", "block")


def check_product(report: Report, entry: dict[str, object], net: SymbolicNet, pieces: list[Words] | None) -> None:
    """Check the kinks of every neuron; `pieces` are all patterns that occur, None where some may be missing."""
    report.skip_unknown(entry, ("kind", "neurons", "others", "at_zero"))
    problem = net.problem
    if len(problem.activations) != 1 or net.has_known_weights or net.variable != "weights":
        raise Refused("only one hidden layer with symbolic weights, in the weights, gives a product", "kind")
    n_units = problem.activations[0].n_units(len(problem.weights[0]))
    if problem.activations[0].name == "identity" or problem.activations[0].power > 1:
        raise Refused("there are no kinks", "kind")
    expect(entry.get("others"), "continuous", "others")
    is_homogeneous = bool(net.input_names) and problem.biases is None
    at_zero = None
    if is_homogeneous:
        at_zero = {"conditions": [f"{name} = 0" for name in net.input_names], "block": {"kind": "point"}}
    expect(entry.get("at_zero"), at_zero, "at_zero")
    for unit, neuron in enumerate(items(entry, "neurons", n_units)):
        with report.checking(f"neurons[{unit}]"):
            cells = None
            if pieces is not None:
                cells = list(dict.fromkeys("".join(word[unit] for word in words) for words in pieces))
            _Neuron(report, net, unit, cells).check(exactly(neuron, dict))


class _Neuron:
    """One hidden neuron or group, and its cells, a character for each datum."""

    def __init__(self, report: Report, net: SymbolicNet, unit: int, cells: list[str] | None) -> None:
        self.report, self.net, self.unit, self.cells = report, net, unit, cells
        problem = net.problem
        activation = problem.activations[0]
        self.is_group = activation.name == "maxpool"
        self.rows = activation.groups[unit] if self.is_group else (unit,)
        self.n_data = len(problem.inputs)
        one = () if problem.biases is None else (Fraction(1),)
        # A symbolic input is not zero, by assumption; ones stand for it.
        data = problem.inputs if not net.input_names else [(Fraction(1),) * len(problem.inputs[0])]
        self.data = [(*x, *one) for x in data]
        outer = [f"W2[{problem.output + 1},{j + 1}]" for j in range(len(problem.weights[1][0]))]
        self.constants = constant_coefficients(problem)
        frozen = [] if self.constants is not None else [f"c[{k + 1}]" for k in range(self.n_data)]
        self.first_input, self.first_frozen = len(outer), len(outer) + len(net.input_names)
        self.reader = Reader([*outer, *net.input_names, *frozen])
        self.conditions = Reader(net.symbols)
        names = {name: i for i, name in enumerate(net.symbols)}
        own = [
            name
            for row in self.rows
            for name in (
                *(f"W1[{row + 1},{i + 1}]" for i in range(len(problem.inputs[0]))),
                *([] if problem.biases is None else [f"b1[{row + 1}]"]),
            )
        ]
        self.parameters, self.places = own, [names[name] for name in own]

    def check(self, entry: dict[str, object]) -> None:
        """Check all kinks of the neuron, and that none is missing."""
        name = "group" if self.is_group else "neuron"
        self.report.skip_unknown(entry, (name, "parameters", "kinks"))
        expect(entry.get(name), self.unit + 1, name)
        expect(entry.get("parameters"), self.parameters, "parameters")
        found: dict[tuple[str, ...], None] = {}
        for i, kink in enumerate(items(entry, "kinks")):
            with self.report.checking(f"kinks[{i}]"):
                self.report.skip_unknown(kink, _KNOWN_KINK)
                covector = self.covector(take(kink, "covector", str))
                if covector in found:
                    raise Refused("this kink stands twice", "covector")
                found[covector] = None
                self.check_kink(exactly(kink, dict), covector)
        self.check_complete(found)

    def covector(self, spelled: str) -> tuple[str, ...]:
        """Return the entries of a covector, one for each datum."""
        entries = tuple(spelled.split("|")) if self.is_group else tuple(spelled)
        if len(entries) != self.n_data:
            raise Refused("the covector does not fit the data", "covector")
        letters = WINNERS[: len(self.rows)]
        for entry, x in zip(entries, self.data, strict=True):
            if self.is_group:
                is_known = bool(entry) and list(entry) == sorted(set(entry)) and set(entry) <= set(letters)
                is_known = is_known and (any(x) or entry == "1")
            else:
                is_known = entry in ("-", "0", "+") and (any(x) or entry == "0")
            if not is_known:
                raise Refused("an entry that cannot stand there", "covector")
        return entries

    def is_kink(self, datum: int, entry: str) -> bool:
        """Whether the neuron kinks on a datum."""
        return any(self.data[datum]) and (entry == "0" or len(entry) > 1)

    def check_kink(self, kink: dict[str, object], covector: tuple[str, ...]) -> None:
        """Check one kink: where it is, that it occurs, and the block of the differential there."""
        data = [k for k, entry in enumerate(covector) if self.is_kink(k, entry)]
        expect(kink.get("data"), [k + 1 for k in data], "data")
        if not data:
            raise Refused("the neuron does not kink there", "covector")
        is_homogeneous = bool(self.net.input_names) and self.net.problem.biases is None
        expect(kink.get("assuming"), ["x != 0"] if is_homogeneous else [], "assuming")
        equalities, inequalities = self.forms(covector)
        texts = items(kink, "conditions", len(equalities) + len(inequalities))
        for i, form in enumerate(equalities):
            check_relation(self.conditions, texts[i], form, ("=", "="), f"conditions[{i}]")
        for i, form in enumerate(inequalities, len(equalities)):
            check_relation(self.conditions, texts[i], form, (">", "<"), f"conditions[{i}]")
        with self.report.checking("certificate"):
            values = [Fraction(0)] * len(self.net.symbols)
            names = [*self.parameters, *self.net.input_names]
            n_inputs = len(self.net.input_names)
            places = [*self.places, *range(len(values) - n_inputs, len(values))]
            for place, value in zip(places, symbol_values(kink.get("certificate"), names), strict=True):
                values[place] = value
            is_there = all(not evaluated(form, values) for form in equalities)
            if is_homogeneous and not any(values[-n_inputs:]):
                raise Refused("the input is zero there", "point")
            if not is_there or any(evaluated(form, values) <= 0 for form in inequalities):
                raise Refused("at the point a condition does not hold", "point")
            self.report.n_certificates += 1
        with self.report.checking("block"):
            self.check_block(take(kink, "block", dict), covector, data)

    def forms(self, covector: tuple[str, ...]) -> tuple[list[Polynomial], list[Polynomial]]:
        """Return the polynomials that vanish on the face, and those that are positive."""
        equalities: list[Polynomial] = []
        inequalities: list[Polynomial] = []
        word = "*" * self.net.starts[-1]
        for datum, entry in enumerate(covector):
            if not any(self.data[datum]):
                continue
            z = [self.net.polynomials.preactivation(datum, 0, row, word) for row in self.rows]
            if not self.is_group:
                (equalities if entry == "0" else inequalities).append(z[0] * (-1 if entry == "-" else 1))
                continue
            winners = [WINNERS.index(c) for c in entry]
            equalities += [z[winners[0]] - z[p] for p in winners[1:]]
            inequalities += [z[winners[0]] - z[p] for p in range(len(z)) if p not in winners]
        return equalities, inequalities

    # ------------------------------------------------------------------ the block

    def check_block(self, block: dict[str, object], covector: tuple[str, ...], data: Sequence[int]) -> None:
        """Check the set: segments, or the hull of one point for each cell that meets the kink."""
        kind = take(block, "kind", str)
        if kind == "segments" and not self.is_group:
            self.report.skip_unknown(block, ("kind", "offset", "segments"))
            self.check_segments(block, covector, data)
        elif kind == "hull":
            self.report.skip_unknown(block, ("kind", "points"))
            self.check_hull(block, covector)
        else:
            raise Refused("no such kind of block is known", "kind")

    def check_segments(self, block: dict[str, object], covector: tuple[str, ...], data: Sequence[int]) -> None:
        """Check a sum of segments, one for each class of parallel data; the classes are linearly independent."""
        classes: list[list[int]] = []
        for k in data:
            known = next((c for c in classes if rank([self.data[c[0]], self.data[k]]) == 1), None)
            if known is None:
                classes.append([k])
            else:
                known.append(k)
        if rank([self.data[known[0]] for known in classes]) < len(classes):
            raise Refused("these data are linearly dependent, so not all signs occur", "kind")
        fixed = [(k, entry) for k, entry in enumerate(covector) if k not in data]
        self.check_vector(block.get("offset"), fixed, "offset")
        segments = items(block, "segments", len(classes))
        for r, (segment, known) in enumerate(zip(segments, classes, strict=True)):
            self.report.skip_unknown(segment, ("parameter", "minus", "plus"))
            expect(take(segment, "parameter", str), f"theta[{r + 1}]", f"segments[{r}].parameter")
            same = [k for k in known if sign(dot(self.data[known[0]], self.data[k])) > 0]
            for side, (here, there) in (("minus", "-+"), ("plus", "+-")):
                signs = [(k, here if k in same else there) for k in known]
                self.check_vector(exactly(segment, dict).get(side), signs, f"segments[{r}].{side}")

    def check_hull(self, block: dict[str, object], covector: tuple[str, ...]) -> None:
        """Check a hull: the points of exactly the cells that agree with the covector off its zeros."""
        found: dict[str, None] = {}
        for i, point in enumerate(items(block, "points")):
            self.report.skip_unknown(point, ("cell", "value"))
            cell = take(point, "cell", str)
            letters = WINNERS[: len(self.rows)] if self.is_group else "-0+"
            if len(cell) != self.n_data or not set(cell) <= set(letters) or cell in found:
                raise Refused("this is no further cell", f"points[{i}].cell")
            found[cell] = None
            self.check_vector(take(point, "value", list), list(enumerate(cell)), f"points[{i}].value")
        if self.cells is None:
            self.report.skip("points")
            return
        meeting = {cell for cell in self.cells if all(e == "0" or c in e for c, e in zip(cell, covector, strict=True))}
        if found.keys() != meeting:
            raise Refused("these are not the cells that meet the kink", "points")

    def check_vector(self, spelled: object, characters: Sequence[tuple[int, str]], place: str) -> None:
        """Check Σ cₖ v a(sₖ) xₖ, the sum over some data with their characters."""
        problem = self.net.problem
        zeros = [Fraction(0)] * len(problem.weights[0])
        total = [Polynomial({}) for _ in self.parameters]
        for datum, character in characters:
            factor = Polynomial.variable(self.unit) * self.coefficient(datum)
            for i, (_, slope) in enumerate(slopes_of_unit(problem.activations[0], zeros, self.unit, character)):
                if slope:
                    for j, x in enumerate(self.entries(datum)):
                        at = i * len(self.data[0]) + j
                        total[at] = total[at] + factor * x * slope
        for i, (text, entry) in enumerate(zip(sized(spelled, len(total), place), total, strict=True)):
            self.reader.check(text, of_polynomial(entry), f"{place}[{i}]", "what the data contribute")

    def coefficient(self, datum: int) -> Polynomial:
        """Return cₖ: a number, or the symbol c[k]."""
        if self.constants is not None:
            return Polynomial.constant(self.constants[datum])
        return Polynomial.variable(self.first_frozen + datum)

    def entries(self, datum: int) -> list[Polynomial]:
        """Return xₖ, with a 1 where there are biases."""
        if not self.net.input_names:
            return [Polynomial.constant(value) for value in self.data[datum]]
        x = [Polynomial.variable(self.first_input + i) for i in range(len(self.net.input_names))]
        return x if self.net.problem.biases is None else [*x, Polynomial.constant(Fraction(1))]

    # ------------------------------------------------------------------ none is missing

    def check_complete(self, found: dict[tuple[str, ...], None]) -> None:
        """Check that every face on which the neuron kinks is listed."""
        faces = self.faces()
        if faces is None:
            self.report.skip("kinks")
            return
        for face in faces:
            if face not in found and any(self.is_kink(k, entry) for k, entry in enumerate(face)):
                shown = ("|" if self.is_group else "").join(face)
                raise Refused(f"the kink {shown} is missing", "kinks")

    def faces(self) -> list[tuple[str, ...]] | None:
        """Return all faces, as covectors; None where they do not follow from the cells."""
        is_free = [any(x) for x in self.data]
        if self.is_group and self.n_data == 1:
            letters = WINNERS[: len(self.rows)] if is_free[0] else "1"
            return [("".join(w),) for size in range(1, len(letters) + 1) for w in combinations(letters, size)]
        if self.is_group and len(self.rows) == 1:
            return []
        if self.cells is None or len(self.rows) > 2:
            return None
        if not self.is_group:
            return [tuple(face) for face in _faces(self.cells, is_free)]
        # The sign of the first member minus the second one; where xₖ is zero they agree, and the first one counts.
        signs = [
            "".join(("+" if c == "1" else "-") if free else "0" for c, free in zip(cell, is_free, strict=True))
            for cell in self.cells
        ]
        winners = {"+": "1", "-": "2", "0": "12"}
        return [
            tuple(winners[c] if free else "1" for c, free in zip(face, is_free, strict=True))
            for face in _faces(signs, is_free)
        ]


def _faces(cells: Sequence[str], is_free: Sequence[bool]) -> list[str]:
    """Return every sign vector X with X∘T a cell for all cells T; 0 only where a datum is not free.

    Examples
    --------
    >>> _faces(["-+", "+-"], [True, True])
    ['-+', '00', '+-']
    """
    found = [""]
    steps = 0
    for n, free in enumerate(is_free, 1):
        known = {cell[:n] for cell in cells}
        longer: list[str] = []
        for face in found:
            for entry in "-0+" if free else "0":
                candidate = face + entry
                steps += len(known)
                if steps > _MOST_STEPS:
                    raise TooLarge("a neuron with too many faces")
                if all(_filled(candidate, cell) in known for cell in known):
                    longer.append(candidate)
        found = longer
    return found


def _filled(face: str, cell: str) -> str:
    return "".join(c if entry == "0" else entry for entry, c in zip(face, cell, strict=True))
