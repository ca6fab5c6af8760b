"""Counts of arrangements: closed forms, classical families, and a second road that lists all sign vectors."""

import itertools
import math
import time
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.errors import BudgetExceededError, InexactNumberError, ShapeError
from symflow.exact.simplex import Budget
from symflow.regions import deletion_restriction
from symflow.regions.arrangement_counts import Arrangement


def general_cells(n: int, d: int) -> int:
    """Return the number of cells of n hyperplanes in general position in dimension d (Schläfli)."""
    return sum(math.comb(n, k) for k in range(d + 1))


def on_the_moment_curve(n: int, d: int) -> list[list[int]]:
    """Return n covectors (t, .., t^d, 1): any d + 1 are independent, by Vandermonde."""
    return [[*(t**k for k in range(1, d + 1)), 1] for t in range(1, n + 1)]


def braid(n: int) -> list[list[int]]:
    return [[(k == i) - (k == j) for k in range(n)] for i, j in itertools.combinations(range(n), 2)]


# ---------------------------------------------------------------------- families with closed forms


@pytest.mark.parametrize("d", range(1, 7))
def test_hyperplanes_in_general_position(d: int) -> None:
    for n in (1, d, d + 1, d + 4):
        arrangement = Arrangement.affine(d, on_the_moment_curve(n, d))
        assert arrangement.n_cells == general_cells(n, d)
        assert arrangement.n_adjacencies == n * general_cells(n - 1, d - 1)
        assert arrangement.n_bounded == math.comb(n - 1, d)
        assert arrangement.face_counts[0] == math.comb(n, d)


@pytest.mark.parametrize("d", range(1, 7))
def test_hyperplanes_through_0_in_general_position(d: int) -> None:
    # Cover 1965: n points in general position have 2 Σ_{k<d} C(n-1, k) linear dichotomies.
    for n in (1, d, d + 1, d + 4):
        arrangement = Arrangement.central(d, [row[-1:] + row[: d - 1] for row in on_the_moment_curve(n, d)])
        assert arrangement.n_cells == 2 * general_cells(n - 1, d - 1)
        assert arrangement.n_bounded == 0
        on_one = 2 * general_cells(n - 2, d - 2) if d > 1 and n > 1 else 1
        assert arrangement.n_adjacencies == len(arrangement.hyperplanes) * on_one


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_a_pencil_of_lines_has_two_cells_a_line_wherever_its_point_is(n: int) -> None:
    lines = [(1, t, -1 - 2 * t) for t in range(n)]  # all through (1, 2)
    pencil = Arrangement.affine(2, lines)
    assert pencil.is_central
    assert (pencil.n_cells, pencil.n_adjacencies, pencil.n_bounded) == (2 * n, 2 * n if n > 1 else 1, 0)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (4, 4), (0, 3)])
def test_a_grid_is_a_product(m: int, n: int) -> None:
    grid = Arrangement.affine(2, [*((1, 0, -i) for i in range(m)), *((0, 1, -j) for j in range(n))])
    assert grid.n_cells == (m + 1) * (n + 1)
    assert grid.n_adjacencies == m * (n + 1) + n * (m + 1)
    assert grid.n_bounded == (max(m - 1, 0) * max(n - 1, 0) if m else 0)


def test_a_grid_of_parallel_planes_in_space() -> None:
    planes = [(*((k == axis) * 1 for k in range(3)), -i) for axis, count in enumerate((2, 3, 4)) for i in range(count)]
    grid = Arrangement.affine(3, planes)
    # Faces are products of points and intervals: Π (points + intervals s), n points and n + 1 intervals.
    expected = [0, 0, 0, 0]
    for choice in itertools.product((0, 1), repeat=3):
        expected[sum(choice)] += math.prod(n + 1 if c else n for c, n in zip(choice, (2, 3, 4), strict=True))
    assert list(grid.face_counts) == expected
    assert (grid.n_adjacencies, grid.n_cells) == (expected[2], expected[3])
    assert grid.n_bounded == 1 * 2 * 3


@pytest.mark.parametrize("n", range(2, 8))
def test_the_cells_of_the_braid_arrangement_are_the_permutations(n: int) -> None:
    # Its faces are the ordered set partitions; its walls join permutations that differ by an adjacent transposition.
    arrangement = Arrangement.central(n, braid(n))
    assert arrangement.n_cells == math.factorial(n)
    assert arrangement.n_adjacencies == math.factorial(n) * (n - 1) // 2
    assert (arrangement.rank, arrangement.n_bounded) == (n - 1, 0)
    # χ(t) = t (t - 1) .. (t - n + 1)
    for t in range(n + 2):
        value = sum(c * t**k for k, c in enumerate(arrangement.characteristic_polynomial))
        assert value == math.prod(t - k for k in range(n))


@pytest.mark.parametrize(("n", "expected"), [(1, 4), (2, 14), (3, 104), (4, 1882), (5, 94572)])
def test_neurons_on_the_cube_are_the_threshold_functions(n: int, expected: int) -> None:
    # OEIS A000609: linear threshold functions of n Boolean variables.
    data = [(*x, 1) for x in itertools.product((0, 1), repeat=n)]
    assert Arrangement.central(n + 1, data).n_cells == expected


def test_the_shi_arrangement_has_a_cell_for_each_parking_function() -> None:
    # x_i - x_j = 0, 1 for i < j: (n + 1)^(n - 1) cells, (n - 1)^(n - 1) of them bounded modulo (1, .., 1) (Shi 1986).
    for n in range(2, 6):
        covectors = [[*row, -c] for row in braid(n) for c in (0, 1)]
        shi = Arrangement.affine(n, covectors)
        assert shi.n_cells == (n + 1) ** (n - 1)
        assert shi.n_bounded == 0
        flat = Arrangement.affine(n - 1, [[*row[1:-1], row[-1]] for row in covectors])  # on x_1 = 0
        assert (flat.n_cells, flat.n_bounded) == ((n + 1) ** (n - 1), (n - 1) ** (n - 1))


def test_independent_data_in_many_dimensions_cost_nothing() -> None:
    n = 60
    data = [[int(i == j) + i * j for j in range(200)] for i in range(1, n + 1)]
    arrangement = Arrangement.central(200, data)
    assert (arrangement.n_cells, arrangement.n_adjacencies) == (2**n, n * 2 ** (n - 1))


def test_a_dependence_among_many_data_is_seen() -> None:
    # One circuit of 40 vectors: all signs but the two that the dependence forbids.
    unit = [[int(i == j) for j in range(39)] for i in range(39)]
    arrangement = Arrangement.central(39, [[1] * 39, *unit])
    assert arrangement.n_cells == 2**40 - 2
    # Any two of them become one circuit of 38 when the third is restricted to: 40 walls' worth of 2^39 - 2.
    assert arrangement.n_adjacencies == 40 * (2**39 - 2)


# ---------------------------------------------------------------------- degenerate input


def test_no_hyperplane_leaves_one_cell() -> None:
    for dimension in range(4):
        empty = Arrangement.affine(dimension, [])
        assert (empty.n_cells, empty.n_adjacencies, empty.whitney_numbers) == (1, 0, (1,))
        assert empty.face_counts == (*[0] * dimension, 1)
    assert Arrangement.affine(0, [(0,), (3,)]).n_bounded == 1  # a point is bounded
    assert Arrangement.affine(1, []).n_bounded == 0


def test_zero_covectors_are_left_out_and_coincident_ones_count_once() -> None:
    given = [(0, 0, 0), (0, 0, 5), ("1/2", 0, "1/3"), (-3, 0, -2), (Fraction(3), 0, 2)]
    assert Arrangement.affine(2, given).hyperplanes == ((3, 0, 2),)


def test_inexact_or_misshaped_covectors_are_refused() -> None:
    with pytest.raises(InexactNumberError, match="is a float"):
        Arrangement.central(2, [(0.5, 1)])
    with pytest.raises(ShapeError, match="a covector of 2 entries; here it has 3"):
        Arrangement.affine(2, [(1, 1)])


def test_a_deadline_stops_the_count() -> None:
    late = Budget(deadline=time.monotonic() - 1)
    for name in ("n_cells", "face_counts"):
        arrangement = Arrangement.affine(4, on_the_moment_curve(9, 4), budget=late)
        with pytest.raises(BudgetExceededError, match="stopped by its deadline"):
            getattr(arrangement, name)


def test_counting_in_small_portions_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [(*x, 1) for x in itertools.product((0, 1), repeat=4)]
    whole = Arrangement.central(5, data)
    expected = whole.whitney_numbers, whole.n_adjacencies
    monkeypatch.setattr(deletion_restriction, "_MOST_COLLECTED", 3)
    portions = Arrangement.central(5, data)
    assert (portions.whitney_numbers, portions.n_adjacencies) == expected


def test_a_prime_that_divides_minors_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Arrangement.affine(4, on_the_moment_curve(8, 4)).whitney_numbers
    monkeypatch.setattr(deletion_restriction, "_PRIME", 2)
    assert Arrangement.affine(4, on_the_moment_curve(8, 4)).whitney_numbers == expected


# ---------------------------------------------------------------------- the second road: all sign vectors


def is_feasible(equations: list[list[Fraction]], strict: list[list[Fraction]]) -> bool:
    """Whether some x has c·x + b = 0 for all (c, b) of the first and > 0 for all of the second (Fourier, Motzkin)."""
    for equation in equations:
        column = next((i for i, entry in enumerate(equation[:-1]) if entry), None)
        if column is None:
            if equation[-1] != 0:
                return False
            continue

        def without(row: list[Fraction], column: int = column, by: list[Fraction] = equation) -> list[Fraction]:
            return [a - row[column] / by[column] * b for a, b in zip(row, by, strict=True)]

        rest = [without(row) for row in equations if row is not equation]
        return is_feasible(rest, [without(row) for row in strict])
    for column in range(len(strict[0]) - 1 if strict else 0):
        positive = [row for row in strict if row[column] > 0]
        negative = [row for row in strict if row[column] < 0]
        strict = [row for row in strict if row[column] == 0]
        strict += [
            [a / p[column] - b / q[column] for a, b in zip(p, q, strict=True)] for p in positive for q in negative
        ]
    return all(row[-1] > 0 for row in strict)


def face_counts_by_sign_vectors(dimension: int, hyperplanes: Sequence[Sequence[int]]) -> list[int]:
    rows = [[Fraction(entry) for entry in row] for row in hyperplanes]
    counts = [0] * (dimension + 1)
    for signs in itertools.product((-1, 0, 1), repeat=len(rows)):
        zero = [row for row, sign in zip(rows, signs, strict=True) if sign == 0]
        strict = [[sign * entry for entry in row] for row, sign in zip(rows, signs, strict=True) if sign]
        if is_feasible(zero, strict):
            arrangement = Arrangement.central(dimension, [row[:-1] for row in zero])
            counts[dimension - arrangement.rank] += 1
    return counts


small = st.integers(-2, 2)


@st.composite
def arrangements(draw: st.DrawFn, most: int = 5, dimensions: tuple[int, int] = (1, 3)) -> Arrangement:
    dimension = draw(st.integers(*dimensions))
    constant = st.just(0) if draw(st.booleans()) else small
    row = st.tuples(*[small] * dimension, constant)
    return Arrangement.affine(dimension, draw(st.lists(row, max_size=most)))


@settings(max_examples=60, deadline=None)
@given(arrangements())
def test_faces_are_the_sign_vectors_that_occur(arrangement: Arrangement) -> None:
    expected = face_counts_by_sign_vectors(arrangement.dimension, arrangement.hyperplanes)
    assert list(arrangement.face_counts) == expected
    assert arrangement.n_cells == expected[-1]
    assert arrangement.n_adjacencies == expected[-2]


@settings(max_examples=150, deadline=None)
@given(arrangements(most=9, dimensions=(1, 5)))
def test_the_counts_agree_with_each_other(arrangement: Arrangement) -> None:
    faces = arrangement.face_counts
    # Euler's relation for a subdivision of ℝ^d into relatively open faces.
    assert sum((-1) ** k * count for k, count in enumerate(faces)) == (-1) ** arrangement.dimension
    assert arrangement.n_cells == faces[-1]
    assert arrangement.n_adjacencies == faces[-2]
    # χ(1) = 0 for central arrangements that are not empty, and |χ(-1)| is the number of cells.
    chi = arrangement.characteristic_polynomial
    assert abs(sum((-1) ** k * c for k, c in enumerate(chi))) == arrangement.n_cells
    assert len(chi) == arrangement.dimension + 1
    if arrangement.is_central and arrangement.hyperplanes:
        assert sum(chi) == 0


@settings(max_examples=100, deadline=None)
@given(arrangements(most=8, dimensions=(1, 4)), st.randoms(use_true_random=False))
def test_order_scale_and_coordinates_do_not_matter(arrangement: Arrangement, random) -> None:
    scales = [random.choice((-2, -1, 1, 3)) for _ in arrangement.hyperplanes]
    rows = [[scale * entry for entry in row] for scale, row in zip(scales, arrangement.hyperplanes, strict=True)]
    random.shuffle(rows)
    # x = U y + v, U unipotent.
    d = arrangement.dimension
    shear = [[int(i == j) or (random.randint(-2, 2) if i < j else 0) for j in range(d)] for i in range(d)]
    shift = [random.randint(-3, 3) for _ in range(d)]
    moved = [
        [
            *(sum(row[i] * shear[i][j] for i in range(d)) for j in range(d)),
            row[-1] + sum(row[i] * shift[i] for i in range(d)),
        ]
        for row in rows
    ]
    other = Arrangement.affine(d, moved)
    assert other.whitney_numbers == arrangement.whitney_numbers
    assert other.n_adjacencies == arrangement.n_adjacencies
    assert other.n_bounded == arrangement.n_bounded


@settings(max_examples=60, deadline=None)
@given(arrangements(most=7, dimensions=(1, 4)))
def test_the_cone_over_an_arrangement_has_twice_its_cells(arrangement: Arrangement) -> None:
    infinity = (*[0] * arrangement.dimension, 1)
    cone = Arrangement.central(arrangement.dimension + 1, [*arrangement.hyperplanes, infinity])
    assert cone.n_cells == 2 * arrangement.n_cells


def test_the_bounded_cells_are_the_ones_that_no_far_sphere_meets() -> None:
    # Cells that are unbounded are counted at infinity: there are as many as the restriction of the cone has.
    for d, n in ((2, 6), (3, 6)):
        arrangement = Arrangement.affine(d, on_the_moment_curve(n, d))
        at_infinity = Arrangement.central(d, [row[:-1] for row in arrangement.hyperplanes])
        assert arrangement.n_cells - arrangement.n_bounded == at_infinity.n_cells
