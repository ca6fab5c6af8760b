"""What ``symflow regions`` says of the cells of weight space: how many, by what product, and how it is known."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.exact.rationals import fmpq
from symflow.problem import Problem
from symflow.regions.weight_regions import WeightFactor, WeightRegions
from symflow.reports.document import Answer, Block, Document, Fact, Facts, Table, Tag, Title
from symflow.reports.expressions import Power, Rational, Sentence
from symflow.reports.phrases import counted, runs
from symflow.reports.problem_line import net_words, title


def weight_regions_document(problem: Problem, regions: WeightRegions) -> Document:
    """Return what is to be said of the cells of weight space.

    Parameters
    ----------
    problem : Problem
        What was asked.
    regions : WeightRegions
        The answer.

    Raises
    ------
    BudgetExceededError
        If the budget of `regions` does not suffice to count.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> network = {"activation": "relu", "weights": [[["1", "0"], ["0", "1"]], [["1", "1"]]]}
    >>> problem = problem_from_tree({"network": network, "data": {"inputs": [["1", "0"], ["1", "1"]]}})
    >>> document = weight_regions_document(problem, WeightRegions.of(problem.architecture, problem.inputs))
    >>> for block in document.blocks[:2]:
    ...     print(sentence_text(block.sentence))
    2-2-1 relu net, 2 data, in the weights.
    2 neurons × 4 cells: 16 cells, 32 walls.  None is bounded.
    """
    n_data = counted(len(regions.data), "datum", "data")
    words = [title(problem)] if problem.title else []
    blocks: list[Block] = [Title((*words, f"{net_words(problem.architecture)}, {n_data}, in the weights."))]
    blocks.append(Answer(_answer(regions), Tag("exact")))
    sizes = _by_size(regions)
    if len(sizes) > 1:
        blocks.append(_table(sizes))
    facts = _facts(regions, sizes)
    if facts:
        blocks.append(Facts(tuple(facts)))
    blocks.append(Facts((Fact("known by", tuple(_grounds(regions, sizes))),), is_grounds=True))
    return Document(tuple(blocks))


def _answer(regions: WeightRegions) -> Sentence:
    if regions.n_adjacencies == 0:
        return ("One cell, all of weight space: nothing cuts.",)
    counts: Sentence = (
        *_number(regions.n_cells, "cell"),
        ", ",
        *_number(regions.n_adjacencies, "wall"),
        ".  None is bounded.",
    )
    factors = regions.factors
    if len(factors) == 1:
        return counts
    noun = _noun(regions)
    if len({factor.n_members for factor in factors}) == 1:
        return (f"{len(factors)} {noun}s × ", *_number(factors[0].n_cells, "cell"), ": ", *counts)
    return (f"{len(factors)} {noun}s: ", *counts)


# ---------------------------------------------------------------------- the facts


def _facts(regions: WeightRegions, sizes: dict[int, list[WeightFactor]]) -> list[Fact]:
    facts = []
    noun = _noun(regions) if regions.factors else ""
    if regions.n_adjacencies and len(sizes) == 1:
        (factors,) = sizes.values()
        counts = (*_number(factors[0].n_cells, "cell"), ", ", *_number(factors[0].n_adjacencies, "wall"))
        label = f"each {noun}" if len(factors) > 1 else f"the {noun}"
        facts.append(Fact(label, ((*counts, f": {_what_cuts(regions, factors[0].n_members)}"),)))
    elif regions.n_adjacencies:
        for size, factors in sizes.items():
            numbers = runs([factor.neuron for factor in factors])
            label = f"{noun}s {numbers}" if len(factors) > 1 else f"{noun} {numbers}"
            facts.append(Fact(label, ((_what_cuts(regions, size),),)))
    if regions.n_adjacencies and len(sizes) == 1 and len(regions.factors) > 1:
        facts.append(Fact("product", (_product(regions.factors),)))
    in_vain = _in_vain(regions)
    if regions.is_cut and in_vain:
        facts.append(Fact("data", ((in_vain,),)))
    return facts


def _what_cuts(regions: WeightRegions, size: int) -> str:
    """Return "4 hyperplanes through 0, in dimension 3"."""
    dimension = regions.architecture.n_inputs + regions.architecture.has_biases
    if size == 1 and regions.architecture.activation(1).is_group:
        return "nothing cuts: one member always wins"
    if size == 1:
        return f"{counted(_n_directions(regions, is_signed=False), 'hyperplane')} through 0, in dimension {dimension}"
    if size == 2:
        n_hyperplanes = counted(_n_directions(regions, is_signed=False), "hyperplane")
        return f"{n_hyperplanes} through 0 for the difference of 2 members, in dimension {2 * dimension}"
    n_directions = counted(_n_directions(regions, is_signed=True), "direction")
    return f"the largest of {size} members on {n_directions}, in dimension {size * dimension}"


def _product(factors: Sequence[WeightFactor]) -> Sentence:
    """Return "14⁴ cells,  4 · 24 · 14³ walls"."""
    n, one = len(factors), factors[0]
    base = Rational(fmpq(one.n_cells))
    walls: Sentence = (f"{n} · ", Rational(fmpq(one.n_adjacencies)), " · ", _power(base, n - 1), " walls")
    return (_power(base, n), " cells,  ", *walls)


def _in_vain(regions: WeightRegions) -> str:
    """Return which data make no cut of their own; empty where all do."""
    n_data = len(regions.data)
    n_zero = sum(1 for x in regions.covectors if not any(entry != 0 for entry in x))
    is_signed = any(len(members) > 2 for members in regions.groups)
    n_repeated = n_data - n_zero - _n_directions(regions, is_signed=is_signed)
    parts = []
    if n_zero:
        parts.append("1 is 0 and cuts nothing" if n_zero == 1 else f"{n_zero} are 0 and cut nothing")
    if n_repeated and regions.architecture.has_biases:
        parts.append("1 repeats another one" if n_repeated == 1 else f"{n_repeated} repeat others")
    elif n_repeated:
        kind = "positive multiple" if is_signed else "multiple"
        parts.append(f"1 is a {kind} of another one" if n_repeated == 1 else f"{n_repeated} are {kind}s of others")
    if n_data == n_zero == 1:
        return "the datum is 0 and cuts nothing"
    return f"of {n_data}, {'; '.join(parts)}" if parts else ""


def _grounds(regions: WeightRegions, sizes: dict[int, list[WeightFactor]]) -> list[Sentence]:
    if not regions.factors:
        return [("there is no hidden layer",)]
    if not regions.is_cut:
        return [("the net is linear in its input, whatever the weights",)]
    if not regions.n_adjacencies:
        return [(f"no datum cuts the weights of a {_noun(regions)}",)]
    noun = _noun(regions)
    grounds: list[Sentence] = []
    if len(regions.factors) > 1:
        grounds.append((f"{noun}s share no weight: cells multiply, a wall changes one factor",))
    if min(sizes) <= 2:
        grounds.append(("hyperplanes: counted by deletion and restriction (Zaslavsky 1975)",))
    if max(sizes) > 2:
        grounds.append(("winners: each choice has weights, or a Gordan certificate against it",))
    return grounds


# ---------------------------------------------------------------------- small things


def _table(sizes: dict[int, list[WeightFactor]]) -> Table:
    """Return a row for each size of a group."""
    rows: list[tuple[Sentence, ...]] = []
    for size, factors in sizes.items():
        numbers = runs([factor.neuron for factor in factors])
        cells, walls = (Rational(fmpq(count)) for count in (factors[0].n_cells, factors[0].n_adjacencies))
        rows.append(((numbers,), (str(size),), (cells,), (walls,)))
    return Table((("group",), ("members",), ("cells",), ("walls",)), tuple(rows), "sizes", numeric=(1, 2, 3))


def _by_size(regions: WeightRegions) -> dict[int, list[WeightFactor]]:
    found: dict[int, list[WeightFactor]] = {}
    for factor in sorted(regions.factors, key=lambda factor: factor.n_members):
        found.setdefault(factor.n_members, []).append(factor)
    return found


def _noun(regions: WeightRegions) -> str:
    return "group" if regions.architecture.activation(1).is_group else "neuron"


def _number(count: int, noun: str) -> Sentence:
    """Return "1 cell", "38416 cells"; a long number is cut by the printer."""
    return (Rational(fmpq(count)), f" {noun}" if count == 1 else f" {noun}s")


def _power(base: Rational, exponent: int) -> Power | Rational:
    return base if exponent == 1 else Power(base, exponent)


def _n_directions(regions: WeightRegions, *, is_signed: bool) -> int:
    """Return how many data differ by more than a multiple, or a positive one; zero is none."""
    found = set()
    for x in regions.covectors:
        leading = next((entry for entry in x if entry != 0), None)
        if leading is not None:
            scale = abs(leading) if is_signed else leading
            found.add(tuple(str(entry / scale) for entry in x))
    return len(found)
