"""Every activation of the registry: its value, its pieces and its slopes agree; each convention says what it should."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow import InputError, UnknownNameError, activation
from symflow.activations.base import ACTIVATIONS, POSITIONS, AbstractActivation
from symflow.exact.polynomials import PolynomialRing
from symflow.exact.rationals import fmpq, rational

# Options with which each registered activation is tested; a new member is entered here, or the first test fails.
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "abs": [{}],
    "identity": [{}],
    "leaky_relu": [{"slope": "1/4"}, {"slope": -2}, {"slope": 0}, {"slope": 1}],
    "maxpool": [{"groups": [[0, 1, 2]]}, {"groups": [[2, 0], [1]]}],
    "relu": [{}],
    "relu_power": [{"power": 1}, {"power": 2}, {"power": 3}],
}

# What each scalar activation is, in plain fractions.
FORMULAS = {
    "abs": lambda z, **_: abs(z),
    "identity": lambda z, **_: z,
    "leaky_relu": lambda z, slope, **_: z if z > 0 else Fraction(slope) * z,
    "relu": lambda z, **_: max(z, Fraction(0)),
    "relu_power": lambda z, power, **_: max(z, Fraction(0)) ** power,
}

CASES = [(name, options) for name, rows in OPTIONS.items() for options in rows]


def shown(case: tuple[str, dict[str, Any]]) -> str:
    name, options = case
    return "-".join([name, *(str(value) for value in options.values())]).replace(" ", "")


every_case = pytest.mark.parametrize("case", CASES, ids=shown)
# Each law is drawn for every member, so few numbers each are many for the law.
few = settings(max_examples=15)

scalar_cases = pytest.mark.parametrize("case", [case for case in CASES if case[0] in FORMULAS], ids=shown)
numbers = st.fractions(-4, 4, max_denominator=6)


def made(case: tuple[str, dict[str, Any]]) -> AbstractActivation:
    return activation(case[0], **case[1])


def character_of(value: Fraction) -> str:
    return "+" if value > 0 else "-"


def test_every_registered_activation_is_tested_here() -> None:
    assert sorted(OPTIONS) == list(ACTIVATIONS.names())


# ---------------------------------------------------------------------- unit by unit


@scalar_cases
@few
@given(numbers)
def test_a_unit_s_value_is_its_formula(case: tuple[str, dict[str, Any]], z: Fraction) -> None:
    assert made(case).evaluate((rational(z),)) == rational(FORMULAS[case[0]](z, **case[1]))


@scalar_cases
@few
@given(numbers)
def test_a_piece_is_the_value_on_its_closed_side(case: tuple[str, dict[str, Any]], z: Fraction) -> None:
    """At 0 both pieces agree: the activation is continuous."""
    (variable,) = PolynomialRing(("z",)).variables()
    for character in "-+" if z == 0 else character_of(z):
        piece = made(case).piece([variable], character)
        value = piece if isinstance(piece, int) else piece.evaluate((rational(z),))
        assert value == made(case).evaluate((rational(z),))


@scalar_cases
@pytest.mark.parametrize("character", "-+")
@few
@given(numbers)
def test_the_slopes_are_the_derivative_of_the_piece(
    character: str, case: tuple[str, dict[str, Any]], z: Fraction
) -> None:
    (variable,) = PolynomialRing(("z",)).variables()
    piece = made(case).piece([variable], character)
    derivative = fmpq(0) if isinstance(piece, int) else piece.gradient_at((rational(z),))[0]
    assert made(case).slopes((rational(z),), character) == (derivative,)


@scalar_cases
@few
@given(numbers, st.fractions(0, 5, max_denominator=4))
def test_a_unit_is_positively_homogeneous_of_its_degree(
    case: tuple[str, dict[str, Any]], z: Fraction, t: Fraction
) -> None:
    unit = made(case)
    assert unit.evaluate((rational(t * z),)) == rational(t) ** unit.degree * unit.evaluate((rational(z),))


@scalar_cases
def test_smooth_means_that_the_slopes_agree_at_zero(case: tuple[str, dict[str, Any]]) -> None:
    unit = made(case)
    left, right = (unit.slopes((fmpq(0),), character) for character in "-+")
    assert unit.is_smooth == (left == right)
    assert unit.is_piecewise_linear == (unit.degree == 1)


@scalar_cases
def test_where_it_vanishes_identically_a_unit_is_zero_with_slope_zero(case: tuple[str, dict[str, Any]]) -> None:
    unit = made(case)
    if unit.has_sites:
        assert unit.piece([fmpq(0)], "0") == 0
        assert unit.slopes((fmpq(0),), "0") == (0,)


@scalar_cases
@few
@given(numbers.filter(bool), st.sampled_from(["autodiff", "lower", "middle", "upper", fmpq(7)]))
def test_off_the_kink_every_convention_is_the_derivative(
    case: tuple[str, dict[str, Any]], z: Fraction, convention: Any
) -> None:
    unit = made(case)
    value = (rational(z),)
    assert unit.conventional_slopes(value, convention) == unit.slopes(value, character_of(z))


@pytest.mark.parametrize(
    ("case", "autodiff", "lower", "middle", "upper"),
    [
        (("relu", {}), 0, 0, "1/2", 1),
        (("abs", {}), 0, -1, 0, 1),
        (("leaky_relu", {"slope": "1/4"}), "1/4", "1/4", "5/8", 1),
        (("relu_power", {"power": 1}), 0, 0, "1/2", 1),
        (("relu_power", {"power": 2}), 0, 0, 0, 0),
        (("identity", {}), 1, 1, 1, 1),
        (("leaky_relu", {"slope": 1}), 1, 1, 1, 1),
    ],
)
def test_on_the_kink_each_convention_says_what_the_contract_says(
    case: tuple[str, dict[str, Any]], autodiff: object, lower: object, middle: object, upper: object
) -> None:
    unit = made(case)
    expected = {"autodiff": autodiff, "lower": lower, "middle": middle, "upper": upper}
    for convention, slope in expected.items():
        assert unit.conventional_slopes((fmpq(0),), convention) == (rational(slope),)


def test_one_s_own_slope_is_taken_on_a_kink_and_nowhere_else() -> None:
    assert activation("relu").conventional_slopes((fmpq(0),), fmpq(7)) == (7,)
    assert activation("relu_power", power=2).conventional_slopes((fmpq(0),), fmpq(7)) == (0,)


# ---------------------------------------------------------------------- groups


@given(st.lists(numbers, min_size=3, max_size=3))
def test_a_group_s_value_is_its_maximum_and_its_winner_s_piece(values: list[Fraction]) -> None:
    pool = activation("maxpool", groups=[[0, 1, 2]])
    exact = tuple(map(rational, values))
    assert pool.evaluate(exact) == max(exact)
    for position, value in enumerate(exact):
        if value == max(exact):
            assert pool.piece(exact, POSITIONS[position]) == max(exact)
            assert sum(pool.slopes(exact, POSITIONS[position])) == 1
            assert pool.slopes(exact, POSITIONS[position])[position] == 1


def test_a_tie_is_broken_by_the_convention() -> None:
    pool = activation("maxpool", groups=[[0, 1, 2]])
    tied = (fmpq(2), fmpq(1), fmpq(2))
    assert pool.conventional_slopes(tied, "autodiff") == (1, 0, 0)
    assert pool.conventional_slopes(tied, "lower") == (1, 0, 0)
    assert pool.conventional_slopes(tied, "middle") == (fmpq(1, 2), 0, fmpq(1, 2))
    assert pool.conventional_slopes(tied, "upper") == (0, 0, 1)


def test_groups_are_a_partition_in_any_order() -> None:
    pool = activation("maxpool", groups=[[2, 0], [1]])
    assert pool.members(3) == ((2, 0), (1,))
    assert not pool.is_smooth
    assert activation("maxpool", groups=[[0], [1]]).is_smooth
    with pytest.raises(InputError, match=r"the groups hold the units \[0, 1, 2\], the layer has 4"):
        pool.members(4)
    with pytest.raises(InputError, match="belongs in exactly one group"):
        activation("maxpool", groups=[[0, 1], [1, 2]]).members(3)


# ---------------------------------------------------------------------- the folder


@every_case
def test_an_activation_comes_back_from_its_entry_in_a_problem_file(case: tuple[str, dict[str, Any]]) -> None:
    original = made(case)
    entry = original.entry()
    again = activation(entry) if isinstance(entry, str) else activation(**entry)
    assert again == original
    assert hash(again) == hash(original)


@every_case
def test_activations_are_equal_to_their_like_only(case: tuple[str, dict[str, Any]]) -> None:
    assert [other == made(case) for other in map(made, CASES)].count(True) == 1
    assert made(case) != case[0]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("relu", {"slope": 1}, "relu does not take these options; it takes: none"),
        ("leaky_relu", {}, "leaky_relu does not take these options; it takes: slope"),
        ("leaky_relu", {"slope": 0.1}, 'activation.slope = 0.1 is a float. Write "1/10"'),
        ("relu_power", {"power": 0}, "0 is not a power; write an integer from 1 to 16"),
        ("relu_power", {"power": True}, "True is not a power"),
        ("relu_power", {"power": 17}, "17 is not a power"),
        ("maxpool", {"groups": []}, "groups are missing"),
        ("maxpool", {"groups": [[]]}, "is not a group; write a list of units"),
        ("maxpool", {"groups": [0, 1]}, "0 is not a group"),
        ("maxpool", {"groups": [[True]]}, "True is not a unit; units count from 0"),
        ("maxpool", {"groups": [[-1]]}, "-1 is not a unit"),
        ("maxpool", {"groups": [list(range(36))]}, "a group of 36 members; at most 35 are named"),
    ],
)
def test_options_that_make_no_sense_are_refused(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        activation(name, **options)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r'no activation "rellu"; did you mean relu\?'):
        activation("rellu")
