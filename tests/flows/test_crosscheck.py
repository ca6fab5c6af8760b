"""Residuals over the digits: a statement that holds loses one decimal place a digit, one that fails stays."""

from fractions import Fraction

import pytest

from symflow.errors import NotSupportedError, UnknownNameError
from symflow.exact.rationals import fmpq
from symflow.flows.crosscheck import Residuals, Row, crosscheck
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.laws.conservation import conservation_laws
from tests.flows.by_hand import demo_risk

OFF_DIAGONAL = "W1[1,1]*W1[2,1] + W1[1,2]*W1[2,2] - W2[1,1]*W2[1,2]"


class OffDiagonal:
    """The Gram entry that a rectifier does not keep (W7)."""

    def value(self, w: object) -> fmpq:
        return w[0] * w[2] + w[1] * w[3] - w[4] * w[5]  # type: ignore[index]

    def __repr__(self) -> str:
        return OFF_DIAGONAL


@pytest.fixture(scope="module")
def path() -> Trajectory:
    return flow_of(demo_risk(), FlowOptions(fmpq(1), digits=20))


def test_residuals_fall_by_one_place_a_digit(path: Trajectory) -> None:
    table = crosscheck(["balancing", "energy_balance"], along=path, digits=(15, 30, 60, 120))
    assert table.digits == (15, 30, 60, 120)
    for row in table:
        rate = table.rate(row.name)
        assert rate is not None
        assert abs(rate - 1) < Fraction(1, 20)
        assert all(residual < Fraction(1, 10**dps) for residual, dps in zip(row.residuals, table.digits, strict=True))
    assert "   10^-" in str(table)


def test_a_statement_that_fails_keeps_its_residual(path: Trajectory) -> None:
    table = crosscheck(OffDiagonal(), along=path, digits=(15, 30))
    assert table.rate(OFF_DIAGONAL) == 0
    assert table.largest > Fraction(1, 100)


def test_conservation_laws_are_held_against_the_path(path: Trajectory) -> None:
    laws = conservation_laws(demo_risk().network.architecture, model="relu")
    assert repr(crosscheck(laws, along=path)).startswith("Residuals(2 laws, largest < 1e-2")
    assert len(crosscheck(laws.laws[0], along=path).rows) == 1


def test_one_name_is_one_row_and_no_name_is_all(path: Trajectory) -> None:
    assert [row.name for row in crosscheck("euler", along=path)] == ["euler"]
    assert len(crosscheck(along=path).rows) > 8


def test_an_unknown_name_is_refused_with_the_known_ones(path: Trajectory) -> None:
    with pytest.raises(UnknownNameError, match="did you mean euler"):
        crosscheck("eulers", along=path)


def test_a_trajectory_without_its_function_is_refused() -> None:
    from tests.flows.by_hand import DEMO_PATTERN, one_cell

    bare = one_cell(demo_risk(), FlowOptions(fmpq(1, 10), digits=5), DEMO_PATTERN)
    with pytest.raises(NotSupportedError, match="gradient_flow"):
        crosscheck(along=bare)


def test_a_residual_of_zero_has_no_rate() -> None:
    table = Residuals((15, 30), (Row("x", "proved", (Fraction(0), Fraction(0))),))
    assert table.rate("x") is None
    assert repr(table) == "Residuals(1 statement, all 0)"
