"""Labels, tints and marks: what is written, how dark, and where there is room."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.errors import InputError
from symflow.nets.dataset import Dataset
from symflow.pictures.captions import caption_of
from symflow.pictures.drawing import Frame, markers_of, outline, placed_labels
from symflow.pictures.labels import Kind, Label, Labels
from symflow.pictures.places import Spot, place
from symflow.pictures.region_map import region_map
from symflow.pictures.shades import tinted, tints
from symflow.pictures.ticks import ticks
from symflow.pictures.window import Window
from tests.pictures.nets import CORNER, DEMO, NETS, random_net


def is_inside(spot: Spot, polygon: list[Spot]) -> bool:
    sides = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return all((q[0] - p[0]) * (spot[1] - p[1]) >= (q[1] - p[1]) * (spot[0] - p[0]) - 1e-6 for p, q in sides)


def measure(label: Label) -> tuple[float, float]:
    return 7.0 * len(label.text), 12.0


@pytest.mark.parametrize("kind", ["function", "pattern", "number", "auto"])
@pytest.mark.parametrize("name", NETS)
def test_labels_lie_in_their_cells_and_do_not_overlap(name: str, kind: Kind) -> None:
    map_ = region_map(NETS[name])
    frame = Frame.of(map_.window, 300)
    placement = placed_labels(map_, frame, kind, measure)
    boxes = []
    outlines = [outline(cell, frame) for cell in map_.cells]
    for one in placement.labels:
        (x, y), (width, height) = one.spot, measure(one.label)
        corners = [(x + sx * width / 2, y + sy * height / 2) for sx in (-1, 1) for sy in (-1, 1)]
        assert any(all(is_inside(corner, polygon) for corner in corners) for polygon in outlines)
        boxes.append((x, y, width, height))
    for (x, y, w, h), (u, v, w2, h2) in combinations(boxes, 2):
        assert abs(x - u) >= (w + w2) / 2 - 1e-6 or abs(y - v) >= (h + h2) / 2 - 1e-6
    assert len(placement.labels) + placement.n_without == len(map_.cells)


@given(st.floats(1, 90), st.floats(1, 90))
def test_a_box_that_is_smaller_than_a_rectangle_has_a_place_in_it(width: float, height: float) -> None:
    spot = place([(0, 0), (91, 0), (91, 91), (0, 91)], width, height)
    assert spot == pytest.approx((45.5, 45.5))
    assert place([(0, 0), (width * 0.9, 0), (width * 0.9, 200), (0, 200)], width, height) is None


def test_a_label_stands_beside_a_datum() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert place(square, 4, 4) == (5, 5)
    assert place(square, 4, 4, avoiding=[(5, 5)]) is None
    assert place(square, 4, 4, avoiding=[(5, 8)]) == (5, 5)
    assert place(square, 4, 4, avoiding=[(5, 8)], distance=2) is None


def test_nothing_is_written_where_nothing_is_wanted() -> None:
    map_ = region_map(DEMO)
    placement = placed_labels(map_, Frame.of(map_.window, 300), "none", measure)
    assert placement.labels == ()
    assert placement.n_without == 0


def test_the_corner_shows_functions_and_numbers_in_parentheses() -> None:
    map_ = region_map(CORNER)
    texts = [[label.text for label in Labels(map_).of(cell)] for cell in map_.cells]
    assert ["−3x₁ − 3x₂ + 15", "(12)"] in texts
    assert ["x₁ − 4x₂ + 9", "(10)"] in texts
    patterns = [Labels(map_, "pattern").of(cell)[0] for cell in map_.cells]
    assert Label("++− | −−", r"({+}{+}{-}\,|\,{-}{-})") in patterns


@pytest.mark.parametrize("net", [NETS["two outputs"], random_net(2, 3, 1, seed=6)], ids=["two outputs", "long numbers"])
def test_numbers_are_written_where_formulas_are_long(net: object) -> None:
    map_ = region_map(net)  # type: ignore[arg-type]
    assert [[label.text for label in Labels(map_).of(cell)] for cell in map_.cells] == [
        [str(cell.index + 1)] for cell in map_.cells
    ]


def test_another_kind_of_label_is_refused() -> None:
    with pytest.raises(InputError, match="'colour' is no kind of label; one of auto, function"):
        Labels(region_map(DEMO), "colour")  # type: ignore[arg-type]


def test_the_caption_says_what_is_not_shown() -> None:
    map_ = region_map(CORNER)
    small = placed_labels(map_, Frame.of(map_.window, 100), "auto", measure)
    assert f"{small.n_without} cells are too small for a label." in caption_of(map_, small)
    assert "(n): cell n." in caption_of(map_, small)
    assert "Dotted line: no kink." in caption_of(map_, small)


@pytest.mark.parametrize("name", NETS)
def test_cells_of_one_map_have_one_tint_and_longer_gradients_are_darker(name: str) -> None:
    map_ = region_map(NETS[name])
    found = tints(map_)
    length = {
        cell.index: sum(entry * entry for row in map_.graph.cell(cell.index).gradient for entry in row)
        for cell in map_.cells
    }
    assert set(found.values()) <= set(range(4, 45))
    for first, second in combinations(length, 2):
        if length[first] <= length[second]:
            assert found[first] <= found[second]
        if length[first] == length[second]:
            assert found[first] == found[second]


def test_tints_darken_on_paper_and_lighten_on_a_dark_screen() -> None:
    on_paper = [int(tinted(percent)[1:3], 16) for percent in range(0, 101, 10)]
    on_screen = [int(tinted(percent, is_dark=True)[3:5], 16) for percent in range(0, 101, 10)]
    assert on_paper == sorted(on_paper, reverse=True)
    assert on_screen == sorted(on_screen)


@given(st.fractions(-1000, 1000), st.fractions("1/100000", 100000))
def test_marks_are_round_numbers_in_the_window(low: Fraction, size: Fraction) -> None:
    marks = ticks(low, low + size)
    assert 2 <= len(marks) <= 8
    assert all(low <= tick.value <= low + size for tick in marks)
    assert len({b.value - a.value for a, b in pairwise(marks)}) == 1


def test_long_numbers_are_fewer() -> None:
    assert len(ticks(Fraction(10**9), Fraction(10**9 + 1), room=30)) < len(ticks(Fraction(0), Fraction(1), room=30))


def test_high_windows_are_drawn_narrow_and_long_ones_low() -> None:
    frames = [Frame.of(Window.of(sides), 100) for sides in (((0, 1), (0, 2)), ((0, 100), (0, 1)), ((0, 1), (0, 100)))]
    assert [(frame.width, frame.height, frame.is_to_scale) for frame in frames] == [
        (62.5, 125, True),
        (100, 25, False),
        (31.25, 125, False),
    ]


def test_data_with_a_negative_label_are_hollow() -> None:
    assert markers_of(None) == markers_of([]) == ()
    assert [marker.is_hollow for marker in markers_of(Dataset([(1, 1), (0, 0)], labels=[1, -1]))] == [False, True]
    assert [marker.is_hollow for marker in markers_of([("1/2", 1)])] == [False]
    with pytest.raises(InputError, match="3 entries"):
        markers_of([(1, 2, 3)])
