"""Cells that meet a point, by arcs; and patterns whose cells do not, by multipliers: about the net with maxima.

*A cell that meets w.* For all 0 < e <= e0 the weights w + e d_1 + e^2 d_2 + .. are in the open cell. A preactivation is
on it e^m p(e) with p(0) of the right sign; the bound of p from below on [0, e0] is computed by Coq.

*A cell that does not.* Σ λ p g = 0 identically, where the g are constraints of the cell and the p are positive near w.
The theorem: at w the p are positive; and where they are positive and the signs of the pattern are the net's, there is a
contradiction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, final

from symflow.checker.expressions import rational
from symflow.checker.networks import Pieces, forward
from symflow.checker.patterns import Tree, Words
from symflow.checker.polynomials import Arc
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused
from symflow.exports.nets import UNFOLD, Net, Scalar, net_of, signs_of
from symflow.exports.script import Exported, NotExportedError, exported
from symflow.exports.terms import Term, identifier, shown, shown_list


@final
@dataclass(frozen=True)
class Sites:
    """A problem, or one neuron of its hidden layer, as cells are about it.

    Parameters
    ----------
    problem : Problem
        For one neuron, the net in which it is alone.
    tree : Tree
        The sites of the whole problem.
    coordinates : tuple of int
        Where the variables of `problem` stand among those of the whole.
    title : str
    """

    problem: Problem
    whole: Problem
    tree: Tree
    coordinates: tuple[int, ...]
    title: str

    @property
    def names(self) -> list[str]:
        """The variables, as identifiers."""
        return [identifier(self.whole.names[i]) for i in self.coordinates]


def sites_of(problem: Problem, neuron: int | None = None) -> Sites:
    """Return the sites of a problem, or of one neuron (from 0)."""
    values = [forward(problem, k) for k in range(len(problem.inputs))]
    tree = Tree(problem, values, neuron)
    if neuron is None:
        return Sites(problem, problem, tree, tuple(range(len(problem.point))), "the net")
    index = {name: i for i, name in enumerate(problem.names)}
    first, last = problem.weights
    names = [f"W1[{neuron + 1},{i + 1}]" for i in range(len(first[0]))]
    names += [f"b1[{neuron + 1}]"] if problem.biases is not None else []
    names += [f"W2[{problem.output + 1},{neuron + 1}]"]
    names += [f"b2[{problem.output + 1}]"] if problem.biases is not None else []
    alone = replace(
        problem,
        weights=((first[neuron],), ((last[problem.output][neuron],),)),
        biases=None if problem.biases is None else ((problem.biases[0][neuron],), (problem.biases[1][problem.output],)),
        output=0,
    )
    return Sites(alone, problem, tree, tuple(index[name] for name in names), f"neuron {neuron + 1}")


# ---------------------------------------------------------------------- cells that occur


def cell_claim(sites: Sites, pattern: str, arc: Sequence[Sequence[object]], moved: Sequence[int]) -> Exported:
    """Return the theorem that an arc stays in the open cell of a pattern.

    Parameters
    ----------
    sites : Sites
    pattern : str
    arc : sequence of vectors
    moved : sequence of int
        The variables of the whole problem that the vectors move.
    """
    words = sites.tree.words(pattern, wildcard=False)
    vectors = [[rational(entry, "arc") for entry in vector] for vector in arc]
    along = [[value] for value in sites.whole.point]
    for vector in vectors:
        for i, entry in zip(moved, vector, strict=True):
            along[i].append(entry)
    pieces = Pieces(sites.whole, sites.tree.starts, [Arc(tuple(entries)) for entries in along], Arc.constant)
    tactics: list[list[tuple[str, Arc]]] = []
    worst = Fraction(1)
    for datum, word in enumerate(words):
        rows: list[tuple[str, Arc]] = []
        for layer, activation in enumerate(sites.whole.activations):
            units = range(len(sites.whole.weights[layer])) if sites.tree.neuron is None else [sites.tree.neuron]
            for unit in units:
                site = sites.tree.site_at.get((layer, unit, datum))
                if activation.name == "identity" or site is None:
                    rows.append(("any", Arc(())))
                    continue
                character = word[site.position]
                z = pieces.preactivation(datum, layer, unit, word)
                rows.append((character, z))
                if character in "+-":
                    worst = min(worst, _reach(z, character))
            rows.append(("end", Arc(())))
        rows.append(("end", Arc(())))
        tactics.append(rows)
    net = net_of(sites.problem).at([_polynomial(along[i]) for i in sites.coordinates])
    goals = [
        f"in_cell {net.hidden()} {signs_of(sites.problem, word)} {net.input(datum)}" for datum, word in enumerate(words)
    ]
    bound = shown(worst)
    statement = f"forall e : Q, 0 < e -> e <= {bound} -> {_conjunction(goals)}"
    leaves = [
        f"(apply in_cell_iff; [reflexivity|]; {UNFOLD}; pieces; [{' | '.join(_leaf(*row, bound) for row in rows)}])"
        for rows in tactics
    ]
    about = f"{sites.title}: the cell {pattern} has the point in its closure"
    return exported(f"cell_{_word(pattern)}", "cell", about, statement, f"intros e P L; {_split(leaves)}")


def _leaf(character: str, z: Arc, bound: str) -> str:
    if character in ("any", "end"):
        return "exact I"
    if character == "0":
        return "ring"
    order = next((i for i, c in enumerate(z.coefficients) if c), 0)
    sign = 1 if character == "+" else -1
    coefficients = shown_list(sign * c for c in z.coefficients[order:])
    lemma = "positive_for_small" if sign > 0 else "negative_for_small"
    arguments = f"_ {order}%nat {coefficients} e {bound}"
    return f"apply ({lemma} {arguments}); [cbv [power horner]; ring | exact P | exact L | vm_compute; reflexivity]"


def _reach(z: Arc, character: str) -> Fraction:
    """Return a bound up to which the lower bound that Coq computes is positive."""
    sign = 1 if character == "+" else -1
    order = next((i for i, c in enumerate(z.coefficients) if c), 0)
    coefficients = [sign * Fraction(c) for c in z.coefficients[order:]]
    reach = Fraction(1)
    for _ in range(400):
        low = Fraction(0)
        for c in reversed(coefficients):
            low = c + min(Fraction(0), reach * low)
        if low > 0:
            return reach
        reach /= 2
    return reach


def _polynomial(coefficients: Sequence[Fraction]) -> Scalar:
    if len(coefficients) == 1 or not any(coefficients[1:]):
        return coefficients[0]
    terms = [" * ".join([shown(c), *["e"] * i]) for i, c in enumerate(coefficients) if c]
    return f"({' + '.join(terms)})"


# ---------------------------------------------------------------------- cells that do not


def empty_cell_claim(sites: Sites, pattern: str, certificate: Mapping[str, Any]) -> Exported:
    """Return the theorem that no point near w has the signs of a partial pattern."""
    if certificate.get("kind") != "multipliers":
        raise NotExportedError(f"{pattern} is refuted by something else than multipliers")
    words = sites.tree.words(pattern, wildcard=True)
    names = sites.names
    net = net_of(sites.problem).at([Term(name) for name in names])
    here = net_of(sites.problem)
    claim = _Refutation(sites, words, net, here)
    summands, leaves = [], []
    for term in certificate["terms"]:
        multiplier = rational(term["multiplier"], "multiplier")
        if not multiplier:
            continue
        factors = [claim.constraint(term["constraint"])] + [claim.factor(factor) for factor in term["factors"]]
        text, reason = shown(multiplier), f"(eq_refl : 0 < {shown(multiplier)})"
        for factor in factors:
            text, reason = f"({text} * {factor})", f"(Qmult_lt_0_compat _ _ {reason} {claim.named(factor)})"
        summands.append(text)
        leaves.append(reason)
    if not summands:
        raise NotExportedError(f"{pattern}: no multiplier is positive")
    total, positive = summands[-1], leaves[-1]
    for summand, leaf in zip(reversed(summands[:-1]), reversed(leaves[:-1]), strict=True):
        total, positive = f"({summand} + {total})", f"(positive_sum _ _ {leaf} {positive})"
    positive_here = [f"0 < {text}" for text in claim.at_point]
    hypotheses = [*claim.cells.values(), *claim.hypotheses]
    statement = f"forall {' '.join(names)} : Q, {' -> '.join([*hypotheses, 'False'])}"
    proof = [f"intros {' '.join(names)} {' '.join([*claim.cell_names, *claim.hypothesis_names])}"]
    proof += claim.steps
    proof.append(f"assert (0 < {total}) as T by exact {positive}")
    proof.append(f"assert ({total} == 0) as Z by ({UNFOLD}; ring)")
    proof.append("rewrite Z in T; exact (Qlt_irrefl 0 T)")
    about = f"{sites.title}: no weights near the point have the signs {pattern}"
    goals = [*positive_here, f"({statement})"]
    return exported(
        f"empty_cell_{_word(pattern)}",
        "empty_cell",
        about,
        _conjunction(goals),
        _split([*["numbers"] * len(positive_here), f"({'; '.join(proof)})"]),
    )


@final
class _Refutation:
    """The hypotheses that a combination of constraints needs, each named once."""

    def __init__(self, sites: Sites, words: Words, net: Net, here: Net) -> None:
        self.sites, self.words, self.net, self.here = sites, words, net, here
        self.cells: dict[tuple[int, int], str] = {}
        self.hypotheses: list[str] = []
        self.hypothesis_names: list[str] = []
        self.steps: list[str] = []
        self.at_point: list[str] = []
        self._known: dict[str, str] = {}

    @property
    def cell_names(self) -> list[str]:
        """What the hypotheses on lower layers are called."""
        return [f"C{datum}_{layer}" for datum, layer in self.cells]

    def named(self, text: str) -> str:
        """Return the name of the hypothesis that a factor is positive."""
        return self._known[text]

    def constraint(self, reference: Mapping[str, Any]) -> str:
        """Return a constraint's polynomial, positive on the cell."""
        if "group" in reference:
            raise NotExportedError("constraints of maxpool have no script")
        layer, datum = int(reference["layer"]) - 1, int(reference["datum"]) - 1
        unit = int(reference["unit"]) - 1
        site = self.sites.tree.site_at.get((layer, unit, datum))
        if site is None:
            raise Refused("there is no such site")
        character = self.words[datum][site.position]
        row = unit if self.sites.tree.neuron is None else 0
        value = self.net.value(datum, layer, row)
        signs = self._below(datum, layer)
        polynomial = self.net.value_on(datum, f"(slopes_by {self.net.hidden(layer)} {signs})", layer, row)
        is_positive = character == "+"
        text = str(polynomial) if is_positive else f"(- {polynomial})"
        if text not in self._known:
            name = f"G{len(self._known)}"
            self._known[text] = name
            self.hypotheses.append(f"0 < {value}" if is_positive else f"{value} < 0")
            self.hypothesis_names.append(name)
            rule = f"value_in_cell _ {self.net.hidden(layer)} {signs} _ _ _ eq_refl C{datum}_{layer}"
            change = f"rewrite ({rule}) in {name}"
            self.steps.append(change if is_positive else f"{change}; apply below_zero in {name}")
        return text

    def factor(self, reference: Mapping[str, Any]) -> str:
        """Return a factor that is positive near the point."""
        kind = reference["kind"]
        if kind == "constraint":
            return self.constraint(reference)
        tree = self.sites.tree
        if kind == "preactivation":
            layer, row, datum = (int(reference[key]) - 1 for key in ("layer", "unit", "datum"))
            value = tree.at_point.preactivation(datum, layer, row, self.words[datum])
            if tree.neuron is not None and (layer or row != tree.neuron):
                raise NotExportedError("a factor of another neuron")
            signs = signs_of(self.sites.problem, self.words[datum], n=layer)
            row = row if tree.neuron is None else 0
            texts = [
                str(net.value_on(datum, f"(slopes_by {net.hidden(layer)} {signs})", layer, row))
                for net in (self.net, self.here)
            ]
        else:
            index = tree.index[reference["name" if kind == "parameter" else "parameter"]]
            if index not in self.sites.coordinates:
                raise NotExportedError("a factor of another neuron")
            name = self.sites.names[self.sites.coordinates.index(index)]
            value = self.sites.whole.point[index]
            texts = [name, shown(value)]
            if kind == "box":
                sign = reference["sign"]
                texts = [f"((1 # 8) {sign} ({text} - {shown(value)}))" for text in texts]
                value = Fraction(1)
        if value < 0:
            texts = [f"(- {text})" for text in texts]
        if texts[0] not in self._known:
            name = f"G{len(self._known)}"
            self._known[texts[0]] = name
            self.hypotheses.append(f"0 < {texts[0]}")
            self.hypothesis_names.append(name)
            self.at_point.append(texts[1])
        return texts[0]

    def _below(self, datum: int, layer: int) -> str:
        """Note that lower layers have the signs of the pattern; return these."""
        signs = signs_of(self.sites.problem, self.words[datum], n=layer)
        key = (datum, layer)
        self.cells.setdefault(key, f"in_cell {self.net.hidden(layer)} {signs} {self.net.input(datum)}")
        return signs


# ---------------------------------------------------------------------- texts


def _word(pattern: str) -> str:
    return "".join({"+": "p", "-": "m", "0": "z", "*": "s", "|": "_"}.get(c, c) for c in pattern)


def conjunction(goals: Sequence[str]) -> str:
    """Return the conjunction of some goals."""
    return _conjunction(goals)


def _conjunction(goals: Sequence[str]) -> str:
    return " /\\\n  ".join(goals)


def split(proofs: Sequence[str]) -> str:
    """Return the proof of a conjunction, by proofs of its parts."""
    return _split(proofs)


def _split(proofs: Sequence[str]) -> str:
    if len(proofs) == 1:
        return proofs[0]
    first, *rest = proofs
    return f"split; [{first} | {_split(rest)}]"
