"""The solver's door: what it finds is checked, what it denies is only its word, and without it there is no answer."""

import builtins
from typing import Any

import pytest

from symflow.exact.polynomials import PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.exact.real_arithmetic import NoPointSays, PointFound, positive_arc, positive_point

pytest.importorskip("z3")

x, y = PolynomialRing(("x", "y")).variables()
TENTH = fmpq(1, 10)


def test_a_point_between_a_parabola_and_a_line_is_found_and_lies_there() -> None:
    system = [x * x - y, y - x * fmpq(1, 100)]
    found = positive_point(system, radius=TENTH)
    assert isinstance(found, PointFound)
    assert all(g.evaluate(found.point) > 0 for g in system)
    assert max(abs(entry) for entry in found.point) <= TENTH


def test_an_irrational_answer_is_rounded_until_it_satisfies_the_system() -> None:
    """Between the curves y = x² - 2·10⁻⁴ and y = x² + 10⁻⁹ - 2·10⁻⁴ only points near ±√2/100 have y near 0."""
    system = [x * x - fmpq(2, 10**4) + fmpq(1, 10**9) - y, y - x * x + fmpq(2, 10**4), y + fmpq(1, 10**12), -y]
    found = positive_point(system, radius=TENTH)
    assert isinstance(found, PointFound)
    assert all(g.evaluate(found.point) > 0 for g in system)


def test_that_there_is_no_point_is_only_its_word() -> None:
    # x y > 0, x < 0, y > 0 contradict each other.
    assert positive_point([x * y, -x, y], radius=fmpq(1)) == NoPointSays("z3")


def test_no_polynomials_no_answer() -> None:
    assert positive_point([], radius=fmpq(1)) is None
    assert positive_arc([], order=1, highest=1) is None


def test_no_time_no_answer() -> None:
    """A system of high degree in one millisecond: unknown, or found, but never a false denial."""
    hard = [(x**5 - y**7 * 3 + x * y * 11 - fmpq(1, 7)) * fmpq(1), (y**5 + x**9 - fmpq(1, 1000)), x * y - fmpq(1, 100)]
    answer = positive_point(hard, radius=fmpq(1), seconds=0.001)
    assert answer is None or isinstance(answer, PointFound)


def test_an_arc_bends_where_no_straight_line_leads() -> None:
    """0 < y < x²: along ε d the first coefficient of x² - y is -d_y < 0, so d_y = 0 and y never grows to order 1."""
    system = [x * x - y, y]
    assert positive_arc(system, order=1, highest=3) is None
    arc = positive_arc(system, order=2, highest=2)
    assert arc is not None
    for g in system:
        assert next(c for c in g.along_arc((fmpq(0), fmpq(0)), arc) if c != 0) > 0


def test_a_horn_along_an_irrational_line_has_no_rational_arc() -> None:
    """|x² - 2 y²| < y³, y > 0: an arc (a, b) ε + .. needs a² = 2 b²; rounded, it leaves the horn."""
    horn = x * x - y * y * 2
    assert positive_arc([y**3 - horn, y**3 + horn, y], order=2, highest=3) is None


def test_variables_that_do_not_matter_stay_put() -> None:
    assert positive_arc([x], order=1, highest=1) in [((entry, fmpq(0)),) for entry in (fmpq(1), fmpq(1, 2), fmpq(2))]


def test_a_polynomial_that_vanishes_has_no_arc() -> None:
    assert positive_arc([x - x], order=2, highest=3) is None


def test_a_solver_that_names_a_wrong_point_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    from symflow.exact import real_arithmetic

    monkeypatch.setattr(real_arithmetic, "_rational", lambda *_: fmpq(0))
    assert positive_point([x], radius=fmpq(1)) is None
    assert positive_arc([x], order=1, highest=1) is None


def test_without_the_solver_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "z3":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert positive_point([x], radius=fmpq(1)) is None
    assert positive_arc([x], order=1, highest=1) is None
