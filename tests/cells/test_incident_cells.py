"""The tree of patterns: every decision with a certificate, nothing dropped."""

import itertools

import pytest
from hypothesis import given, settings

from symflow.cells.arcs import find_arc, is_arc
from symflow.cells.cell import BoxFactor, ParameterFactor, PreactivationFactor
from symflow.cells.incident_cells import incident_cells
from symflow.cells.refutation import BOX_RADIUS, MultiplierSearch
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination, Output
from symflow.nets.pattern import UNDECIDED
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=40, deadline=None)


def weights_at(network: Network, *inputs: tuple[int, ...]) -> FunctionOfWeights:
    data = tuple(tuple(fmpq(v) for v in x) for x in inputs)
    return FunctionOfWeights(network, data, Combination((fmpq(1),) * len(data)))


def constraints_of(function: AbstractPatternedFunction, characters: tuple[str, ...]) -> list[Constraint]:
    """Return all constraints of a (partial) pattern, read off the function's options."""
    result = []
    for i, character in enumerate(characters):
        if character in ("", UNDECIDED):
            continue
        for option in function.options(i, characters):
            if option.character == character:
                result.extend(option.constraints)
    return result


def expand(function: AbstractPatternedFunction, characters: tuple[str, ...], factor: object) -> Polynomial:
    """Expand a factor of a refutation, the checker's way."""
    ring = function.ring
    if isinstance(factor, Constraint):
        return function.constraint_polynomial(factor, characters)
    if isinstance(factor, ParameterFactor):
        value = function.point[factor.place]
        shifted = ring.variable(factor.place) + ring.constant(value)
        assert value != 0
        return shifted if value > 0 else -shifted
    if isinstance(factor, PreactivationFactor):
        value = function.preactivations[factor.datum][factor.layer - 1][factor.unit]
        polynomial = function.preactivation_polynomial(factor.layer, factor.unit, factor.datum, characters)
        assert value != 0
        return polynomial if value > 0 else -polynomial
    assert isinstance(factor, BoxFactor)
    return ring.variable(factor.place) * fmpq(factor.sign) + ring.constant(BOX_RADIUS)


def check_certificates(function: AbstractPatternedFunction) -> None:
    found = incident_cells(function)
    for cell in found.cells:
        assert is_arc(function, constraints_of(function, cell.characters), cell.characters, cell.arc)
    for refutation in found.refuted:
        total = function.ring.constant(fmpq(0))
        for term in refutation.terms:
            assert term.multiplier > 0
            product = function.constraint_polynomial(term.constraint, refutation.characters)
            for factor in term.factors:
                product = product * expand(function, refutation.characters, factor)
            total = total + product * term.multiplier
        assert total.is_zero()
    cover(function, found.cells, found.refuted, found.undecided)


def cover(function, cells, refuted, undecided) -> None:  # type: ignore[no-untyped-def]
    """Every pattern of the tree is a cell, or refuted, or undecided, and only one of them."""
    leaves = {cell.characters for cell in cells}
    stack: list[tuple[int, list[str]]] = [(0, [""] * len(function.table.sites))]
    visited = 0
    while stack:
        depth, characters = stack.pop()
        visited += 1
        if visited > 20_000:
            return
        agreeing = [r for r in (*(x.characters for x in refuted), *undecided) if agrees(r, characters)]
        if depth == len(function.table.sites):
            assert (tuple(characters) in leaves) != bool(agreeing)
            continue
        if agreeing:
            continue
        for option in function.options(depth, characters):
            child = characters.copy()
            child[depth] = option.character
            stack.append((depth + 1, child))


def agrees(partial: tuple[str, ...], characters: list[str]) -> bool:
    return all(given in (UNDECIDED, have) for given, have in zip(partial, characters, strict=True))


@SOME
@given(functions_of_input())
def test_certificates_hold_and_patterns_are_covered_in_the_input(function: AbstractPatternedFunction) -> None:
    check_certificates(function)


@SOME
@given(functions_of_weights(depth=(2, 2)))
def test_certificates_hold_and_patterns_are_covered_with_one_hidden_layer(function: AbstractPatternedFunction) -> None:
    check_certificates(function)


@settings(max_examples=25, deadline=None)
@given(functions_of_weights(depth=(3, 3), width=2, n_data=2))
def test_certificates_hold_and_patterns_are_covered_in_deep_nets(function: AbstractPatternedFunction) -> None:
    check_certificates(function)


def test_three_lines_through_a_point_make_six_cells_of_eight_patterns() -> None:
    found = incident_cells(Realization(Network.from_weights([[1, 0], [0, 1], [1, -1]], [[1, 1, 1]])).at((0, 0)))
    assert len(found.cells) == 6
    # z_3 = z_1 - z_2: it cannot be positive with z_1 < 0 < z_2, nor negative with z_1 > 0 > z_2.
    assert [refutation.pattern for refutation in found.refuted] == ["-++", "+--"]


def test_a_refutation_keeps_only_the_characters_it_uses() -> None:
    # Units 1 and 2 are opposite, unit 3 is free: (+ +) and (- -) are refuted whatever unit 3 does.
    found = incident_cells(Realization(Network.from_weights([[1, 0], [-1, 0], [0, 1]], [[1, 1, 1]])).at((0, 0)))
    assert [refutation.pattern for refutation in found.refuted] == ["--*", "++*"]
    assert [cell.pattern for cell in found.cells] == ["-+-", "-++", "+--", "+-+"]


def test_the_cells_of_a_neuron_come_in_pairs() -> None:
    found = incident_cells(weights_at(Network.from_weights([[0, 0]], [[1]]), (1, 0), (0, 1), (1, 1)))
    patterns = {cell.pattern for cell in found.cells}
    assert patterns == {pattern.translate(str.maketrans("+-", "-+")) for pattern in patterns}
    assert len(patterns) == 6


def test_the_work_is_proportional_to_what_is_realised() -> None:
    # Ten independent kinks of one datum: 2^10 cells, and not one refutation or linear program too many.
    net = Network.from_weights([[0]] * 10, [[1] * 10])
    found = incident_cells(weights_at(net, (1,)))
    assert len(found.cells) == 1024
    assert not found.refuted


def test_a_spent_budget_leaves_the_whole_tree_undecided() -> None:
    found = incident_cells(weights_at(Network.from_weights([[0, 0]], [[1]]), (1, 0)), budget=Budget(deadline=0.0))
    assert not found.cells
    assert found.undecided == ((UNDECIDED,),)
    assert not found.is_decided


def test_an_arc_needs_two_orders_where_features_vanish() -> None:
    # The cusp: z_2 = W_2 relu(W_1 x) with W_1 = 0, W_2 = (-1, 0); z_2 > 0 needs the second unit to grow faster.
    function = FunctionOfWeights(Network.from_weights([[0], [0]], [[-1, 0]], [[-1]]), ((fmpq(-1),),), Output())
    characters = ("+", "+", "+")
    arc = find_arc(function, constraints_of(function, characters), characters, attempts=40)
    assert arc is not None
    assert len(arc) >= 2
    assert is_arc(function, constraints_of(function, characters), characters, arc)


def test_no_arc_is_found_into_an_empty_cell() -> None:
    function = weights_at(Network.from_weights([[1, -1]], [[1]]), (1, 1), (-1, -1))
    both = constraints_of(function, ("+", "+"))
    assert find_arc(function, both, ("+", "+"), attempts=20) is None


@pytest.mark.parametrize("level", [0, 1, 2])
def test_no_multipliers_are_found_for_a_realised_pattern(level: int) -> None:
    function = weights_at(Network.from_weights([[1, 1]], [[0]], [[1]]), (1, 0), (0, 1))
    for signs in itertools.product("+-", repeat=1):
        characters = ("+", "+", signs[0], signs[0])
        assert MultiplierSearch(function).refute(constraints_of(function, characters), characters, level=level) is None
