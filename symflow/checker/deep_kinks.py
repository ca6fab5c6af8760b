"""The subgradients of a deep net with symbolic weights at sets of kinks (Proposition 6).

At weights w let K be the kinks: the preactivations that are zero there, but not in a whole neighbourhood. If for each
unit the features of the data on which it kinks (with a 1 appended where there are biases) are linearly independent,
all 2^|K| sign patterns of K are cells that meet w. For a pattern s the preactivations at K are polynomials that vanish
at w; the derivative of one by the row of its own unit is its feature vector at w, by layers above and by other rows of
its layer it is 0; so their gradients are linearly independent, and a direction has all the signs of s. So ∂F(w) is the
hull of the gradients of these patterns, and these are one formula g(θ): the chain rule, with the slope θ at a kink, and
0 for the feature there, which is what it is at w. As a polynomial in θ it has degree 1 in each, so that the image of
the box lies in the hull of the vertices, and is this hull if no product of two θ occurs.

What is checked of a set of kinks: g with symbols for the slopes elsewhere, and whether products occur. Of each stratum,
that is, of the signs elsewhere: they are possible on all 2^|K| patterns; the conditions; the features; g with these
slopes; and a point, at which the kinks vanish, the others have their signs, the features are independent, and g agrees
at every vertex with the gradient of the polynomial of its pattern. That no stratum is missing: one with such a point
has all its 2^|K| patterns among the pieces, and ``kink_room`` does not exclude it; each of these has to be listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from symflow.checker.everywhere import check_relation, symbol_values
from symflow.checker.formulas import Reader, of_polynomial
from symflow.checker.kink_room import has_room
from symflow.checker.linear_algebra import rank
from symflow.checker.networks import slopes_of_unit
from symflow.checker.objective_formulas import constant_coefficients
from symflow.checker.patterns import Site, Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, sized, take
from symflow.checker.symbolic import SymbolicNet, evaluated

_MOST_VERTICES = 1024

_HYPOTHESIS = (
    "for every layer l and neuron j, the features h_(l-1)(x_k) of the data k on which it kinks, with 1 appended where "
    "there are biases, are linearly independent; no other preactivation is zero but those that vanish identically"
)

_ZERO, _ONE = Polynomial({}), Polynomial.constant(Fraction(1))

Blocks = dict[str, list[list[Polynomial]]]


def check_regular_kinks(report: Report, entry: dict[str, object], net: SymbolicNet, pieces: list[Words] | None) -> None:
    """Check all sets of kinks; `pieces` are all patterns that occur, None where some may be missing."""
    report.skip_unknown(entry, ("kind", "hypothesis", "is_declared", "sets_listed", "sets"))
    activations = net.problem.activations
    if len(activations) < 2 or net.has_known_weights or net.variable != "weights":
        raise Refused("only several hidden layers with symbolic weights, in the weights, have such kinks", "kind")
    bent = [activation for activation in activations if activation.name != "identity"]
    if not bent or any(a.name not in ("relu", "leaky_relu", "abs") or a.slope == 1 for a in bent):
        raise Refused("an activation that does not kink unit by unit", "kind")
    expect(take(entry, "hypothesis", str), _HYPOTHESIS, "hypothesis")
    if take(entry, "sets_listed", str) == "none":
        expect(entry.get("sets"), [], "sets")
        return
    expect(entry["sets_listed"], "all", "sets_listed")
    found: list[tuple[Site, ...]] = []
    for i, described in enumerate(items(entry, "sets")):
        with report.checking(f"sets[{i}]"):
            kinks = _Kinks(report, net, exactly(described, dict))
            if kinks.sites in found:
                raise Refused("these kinks stand twice", "kinks")
            found.append(kinks.sites)
            kinks.check(pieces)
    if not take(entry, "is_declared", bool):
        if pieces is None:
            report.skip("sets")
            return
        for site in net.sites:
            if (site,) not in found and any(words[site.datum][site.position] != "0" for words in pieces):
                raise Refused(f"the kink {_names(site)} is missing", "sets")


def _names(site: Site) -> list[int]:
    return [site.layer + 1, site.unit + 1, site.datum + 1]


class _Kinks:
    """One set of kinks, and the ring of its gradients: the symbols, the slopes elsewhere, the θ, the c[k]."""

    def __init__(self, report: Report, net: SymbolicNet, entry: dict[str, object]) -> None:
        self.report, self.net, self.entry, self.problem = report, net, entry, net.problem
        report.skip_unknown(entry, ("kinks", "parameters", "set", "gradient", "strata_listed", "strata", "undecided"))
        places = {tuple(_names(site)): site for site in net.sites}
        sites: list[Site] = []
        for i, spelled in enumerate(items(entry, "kinks")):
            name = tuple(exactly(number, int, f"kinks[{i}]") for number in sized(spelled, 3, f"kinks[{i}]"))
            if name not in places:
                raise Refused("there is no such unit and datum", f"kinks[{i}]")
            sites.append(places[name])
        if not sites or sites != [site for site in net.sites if site in sites]:
            raise Refused("expected some kinks, each once, in the order of layers, data, neurons", "kinks")
        if 2 ** len(sites) > _MOST_VERTICES:
            raise TooLarge("a set of too many kinks", "kinks")
        self.sites = tuple(sites)
        self.constants = constant_coefficients(self.problem)
        names = list(net.symbols)
        self.slopes: dict[Site, Polynomial] = {}
        for site in net.sites:
            if site not in sites:
                self.slopes[site] = Polynomial.variable(len(names))
                names.append(f"a{site.layer + 1}[{site.unit + 1},{site.datum + 1}]")
        self.first_theta = len(names)
        names += [f"theta[{r + 1}]" for r in range(len(sites))]
        self.first_frozen = len(names)
        if self.constants is None:
            names += [f"c[{k + 1}]" for k in range(len(self.problem.inputs))]
        self.reader, self.conditions = Reader(names), Reader(net.symbols)
        self.n_symbols = len(names)

    def check(self, pieces: list[Words] | None) -> None:
        """Check everything that is said of the set."""
        parameters = items(self.entry, "parameters", len(self.sites))
        for r, (site, parameter) in enumerate(zip(self.sites, parameters, strict=True)):
            slopes = [str(self.slope_of(site, character)) for character in "-+"]
            expect(parameter, {"name": f"theta[{r + 1}]", "slopes": slopes}, f"parameters[{r}]")
        self.check_gradient(self.entry, None)
        known = None if pieces is None else set(pieces)
        found: dict[Words, None] = {}
        for i, stratum in enumerate(items(self.entry, "strata")):
            with self.report.checking(f"strata[{i}]"):
                words = self.net.words(take(stratum, "pattern", str), wildcard=False)
                if words in found:
                    raise Refused("this pattern stands twice", "pattern")
                found[words] = None
                _Stratum(self, words, known).check(exactly(stratum, dict))
        undecided = [self.net.words(word, wildcard=False) for word in items(self.entry, "undecided")]
        if take(self.entry, "strata_listed", str) == "some":
            return
        expect(self.entry.get("strata_listed"), "all", "strata_listed")
        if pieces is None:
            raise Refused("not all pieces are known, so some strata may be missing", "strata_listed")
        for words in self.possible(pieces):
            if words not in found and words not in undecided:
                raise Refused(f"the signs {'|'.join(words)} are neither listed nor undecided", "strata")

    def possible(self, pieces: list[Words]) -> list[Words]:
        """Return the signs for which all choices at the kinks are pieces, and which ``kink_room`` allows."""
        known = set(pieces)
        found = []
        for words in pieces:
            at_kinks = {words[site.datum][site.position] for site in self.sites}
            if at_kinks == {"-"} and all(self.filled(words, signs) in known for signs in self.choices()):
                zeros = self.filled(words, "0" * len(self.sites))
                if has_room(self.net, self.sites, zeros):
                    found.append(zeros)
        return found

    def choices(self) -> list[str]:
        """Return all signs at the kinks."""
        return ["".join(signs) for signs in product("-+", repeat=len(self.sites))]

    def filled(self, words: Words, signs: str) -> Words:
        """Return the words with other characters at the kinks."""
        letters = [list(word) for word in words]
        for site, sign in zip(self.sites, signs, strict=True):
            letters[site.datum][site.position] = sign
        return tuple("".join(word) for word in letters)

    # ------------------------------------------------------------------ the gradient

    def check_gradient(self, entry: dict[str, object], words: Words | None) -> list[Blocks]:
        """Check g and whether products occur; return what each datum contributes, c_k included."""
        parts = [self.backward(datum, words) for datum in range(len(self.problem.inputs))]
        spelled = take(entry, "gradient", dict)
        expect(sorted(spelled), sorted(parts[0]), "gradient")
        thetas = range(self.first_theta, self.first_theta + len(self.sites))
        is_affine = True
        for name, block in parts[0].items():
            rows = spelled[name] if name[0] == "W" else [spelled[name]]
            for i, row in enumerate(sized(rows, len(block), f"gradient.{name}")):
                for j, text in enumerate(sized(row, len(block[i]), f"gradient.{name}[{i}]")):
                    total = _ZERO
                    for part in parts:
                        total = total + part[name][i][j]
                    place = f"gradient.{name}[{i}][{j}]" if name[0] == "W" else f"gradient.{name}[{j}]"
                    self.reader.check(text, of_polynomial(total), place, "this entry of the gradient")
                    is_affine &= all(sum(v in thetas for v in monomial) < 2 for monomial in total.terms)
        expect(take(entry, "set", str), "box" if is_affine else "hull", "set")
        return parts

    def backward(self, datum: int, words: Words | None) -> Blocks:
        """Return what a datum contributes to g: a backward pass with the slopes at hand."""
        problem, weights = self.problem, self.net.weights
        features = [[self.net.polynomials.feature(datum, 0, unit, "") for unit in range(len(weights[0][0]))]]
        for layer in range(problem.n_hidden):
            found = []
            for row, entries in enumerate(weights[layer]):
                site = self.net.site_at.get((layer, row, datum))
                slope = self.slope(site, words)
                if site in self.sites or not slope:
                    found.append(_ZERO)
                    continue
                z = self.net.biases[layer][row] if self.net.biases else _ZERO
                for weight, h in zip(entries, features[-1], strict=True):
                    z = z + self.net.times(weight, h)
                found.append(self.net.times(slope, z))
            features.append(found)
        rate = [self.coefficient(datum) if row == problem.output else _ZERO for row in range(len(weights[-1]))]
        blocks: Blocks = {}
        for layer in reversed(range(len(weights))):
            if layer < problem.n_hidden:
                sites = [self.net.site_at.get((layer, row, datum)) for row in range(len(weights[layer]))]
                rate = [self.net.times(r, self.slope(site, words)) for r, site in zip(rate, sites, strict=True)]
            blocks[f"W{layer + 1}"] = [[self.net.times(r, h) for h in features[layer]] for r in rate]
            if self.net.biases:
                blocks[f"b{layer + 1}"] = [rate]
            below = [_ZERO] * len(weights[layer][0])
            for r, entries in zip(rate, weights[layer], strict=True):
                below = [total + self.net.times(r, weight) for total, weight in zip(below, entries, strict=True)]
            rate = below
        return blocks

    def slope(self, site: Site | None, words: Words | None) -> Polynomial:
        """Return a unit's slope: 1 in a linear layer, θ at a kink, a number by its sign, or a symbol."""
        if site is None:
            return _ONE
        if site in self.sites:
            return Polynomial.variable(self.first_theta + self.sites.index(site))
        if words is None:
            return self.slopes[site]
        return Polynomial.constant(self.slope_of(site, words[site.datum][site.position]))

    def slope_of(self, site: Site, character: str) -> Fraction:
        """Return the slope of a site's activation on a side."""
        zeros = [Fraction(0)] * len(self.problem.weights[site.layer])
        ((_, slope),) = slopes_of_unit(self.problem.activations[site.layer], zeros, site.unit, character)
        return slope

    def coefficient(self, datum: int) -> Polynomial:
        """Return cₖ: a number, or the symbol c[k]."""
        if self.constants is not None:
            return Polynomial.constant(self.constants[datum])
        return Polynomial.variable(self.first_frozen + datum)


class _Stratum:
    """The signs off the kinks, as words with ``0`` at the kinks."""

    def __init__(self, kinks: _Kinks, words: Words, pieces: set[Words] | None) -> None:
        self.kinks, self.net, self.words, self.pieces = kinks, kinks.net, words, pieces

    def check(self, entry: dict[str, object]) -> None:
        """Check one stratum, and the point that shows that it exists."""
        kinks = self.kinks
        kinks.report.skip_unknown(entry, ("pattern", "conditions", "independent", "set", "gradient", "certificate"))
        if any(self.words[site.datum][site.position] != "0" for site in kinks.sites):
            raise Refused("expected 0 at the kinks", "pattern")
        filled = [kinks.filled(self.words, signs) for signs in kinks.choices()]
        for words in filled:
            if self.pieces is not None and words not in self.pieces:
                raise Refused(f"the pattern {'|'.join(words)} does not occur", "pattern")
            self.net.conditions(words)  # refuses a character that a unit never has there
        conditions = self.check_conditions(entry)
        features = self.check_features(entry)
        parts = kinks.check_gradient(entry, self.words)
        with kinks.report.checking("certificate"):
            values = symbol_values(entry.get("certificate"), self.net.symbols)
            for is_kink, polynomial in conditions:
                value = evaluated(polynomial, values)
                if value if is_kink else value <= 0:
                    raise Refused("at the point a condition does not hold", "point")
            for vectors in features:
                if rank([[evaluated(entry, values) for entry in vector] for vector in vectors]) < len(vectors):
                    raise Refused("at the point the features are linearly dependent", "point")
            self.check_vertices(filled, parts, values)
            kinks.report.n_certificates += 1

    def check_conditions(self, entry: dict[str, object]) -> list[tuple[bool, Polynomial]]:
        """Check the conditions; return for each whether it is a kink, and what is zero or positive there."""
        found: list[tuple[bool, Polynomial]] = []
        for site in self.net.sites:
            word = self.words[site.datum]
            if site in self.kinks.sites or word[site.position] != "0":
                z = self.net.polynomials.preactivation(site.datum, site.layer, site.unit, word)
                found.append((site in self.kinks.sites, z * (-1 if word[site.position] == "-" else 1)))
        texts = items(entry, "conditions", len(found))
        for i, (text, (is_kink, polynomial)) in enumerate(zip(texts, found, strict=True)):
            signs = ("=", "=") if is_kink else (">", "<")
            check_relation(self.kinks.conditions, text, polynomial, signs, f"conditions[{i}]")
        return found

    def check_features(self, entry: dict[str, object]) -> list[list[list[Polynomial]]]:
        """Check, unit by unit, the features that have to be independent; return them."""
        units: dict[tuple[int, int], list[Site]] = {}
        for site in self.kinks.sites:
            units.setdefault((site.layer, site.unit), []).append(site)
        found: list[list[list[Polynomial]]] = []
        for i, (described, sites) in enumerate(
            zip(items(entry, "independent", len(units)), units.values(), strict=True)
        ):
            place = f"independent[{i}]"
            self.kinks.report.skip_unknown(described, ("layer", "neuron", "data", "features"))
            named = [take(described, "layer", int), take(described, "neuron", int)]
            expect(named, [sites[0].layer + 1, sites[0].unit + 1], place)
            expect(take(described, "data", list), [site.datum + 1 for site in sites], f"{place}.data")
            vectors: list[list[Polynomial]] = []
            for site, spelled in zip(sites, items(described, "features", len(sites)), strict=True):
                size = len(self.net.weights[site.layer][0])
                word = self.words[site.datum]
                vector = [self.net.polynomials.feature(site.datum, site.layer, unit, word) for unit in range(size)]
                vector += [_ONE] if self.net.biases else []
                for text, feature in zip(sized(spelled, len(vector), f"{place}.features"), vector, strict=True):
                    self.kinks.conditions.check(text, of_polynomial(feature), f"{place}.features", "this feature")
                vectors.append(vector)
            found.append(vectors)
        return found

    def check_vertices(self, filled: Sequence[Words], parts: Sequence[Blocks], values: Sequence[Fraction]) -> None:
        """Refuse unless at the point g has, at each vertex, the value of the gradient on the piece, datum by datum."""
        kinks = self.kinks
        for signs, words in zip(kinks.choices(), filled, strict=True):
            at = [*values, *[Fraction(0)] * (kinks.n_symbols - len(values))]
            for r, (site, sign) in enumerate(zip(kinks.sites, signs, strict=True)):
                at[kinks.first_theta + r] = kinks.slope_of(site, sign)
            if kinks.constants is None:
                at[kinks.first_frozen :] = [Fraction(1)] * len(words)
            for datum, part in enumerate(parts):
                factor = Fraction(1) if kinks.constants is None else kinks.constants[datum]
                for name, block in self.net.gradient(datum, words).items():
                    for row, expected in zip(part[name], block, strict=True):
                        for ours, theirs in zip(row, expected, strict=True):
                            if evaluated(ours, at) != factor * evaluated(theirs, values):
                                raise Refused("at the point a vertex is not the gradient on its piece", "point")
