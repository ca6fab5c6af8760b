"""The map on matplotlib Axes, and in files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from symflow import plot_regions
from symflow.errors import InputError, NotSupportedError
from symflow.nets.dataset import Dataset
from symflow.pictures.picture_file import check_picture, picture, write_picture
from tests.pictures.nets import CORNER, DEMO, NETS, RANDOM_517, random_net

matplotlib = pytest.importorskip("matplotlib", reason="NOT TESTED: there is no matplotlib here")


@pytest.fixture(autouse=True)
def nothing_global_changes() -> Iterator[None]:
    """Each test leaves matplotlib's settings as they were, and no figure open."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    before = matplotlib.rcParams.copy()
    yield
    assert dict(matplotlib.rcParams) == dict(before)
    pyplot.close("all")


@pytest.mark.parametrize("name", NETS)
def test_each_net_is_drawn_and_no_word_leaves_the_figure(name: str) -> None:
    ax = plot_regions(NETS[name])
    figure = ax.get_figure()
    figure.canvas.draw()
    page = figure.bbox
    texts = [*ax.texts, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
    for text in texts:
        if text.get_text():
            box = text.get_window_extent()
            assert page.x0 <= box.x0, text
            assert box.x1 <= page.x1, text
            assert page.y0 <= box.y0, text
            assert box.y1 <= page.y1, text


@pytest.mark.parametrize("name", ["corner", "strips", "random"])
def test_labels_do_not_overlap_as_drawn(name: str) -> None:
    ax = plot_regions(NETS[name], caption=False)
    ax.get_figure().canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert boxes
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_cells_kinks_and_other_walls_are_collections() -> None:
    ax = plot_regions(CORNER)
    polygons, flats, borders, kinks = ax.collections
    assert [len(c.get_paths()) for c in (polygons, flats, borders, kinks)] == [12, 2, 0, 14]
    assert ax.get_aspect() == 1
    assert [text.get_text() for text in (ax.xaxis.label, ax.yaxis.label)] == ["x₁", "x₂"]


def test_axes_that_are_given_are_drawn_on_and_no_figure_is_made() -> None:
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    left, right = Figure(figsize=(8, 4)).subplots(1, 2)
    assert plot_regions(DEMO, left, labels="pattern", points=[(1, 1), (-1, -1)]) is left
    assert plot_regions(DEMO, right, labels="none", caption=True) is right
    assert pyplot.get_fignums() == []
    assert [text.get_text() for text in left.texts] == ["−−", "−+", "+−", "++"]
    assert len(right.texts) == 1


def test_a_new_figure_is_pyplot_s_own() -> None:
    from matplotlib import pyplot

    ax = plot_regions(DEMO, window=((0, 100), (0, 1)))
    assert pyplot.gca() is ax
    assert ax.get_aspect() == "auto"
    assert ax.get_xlim() == (0, 100)


def test_data_are_marked() -> None:
    ax = plot_regions(DEMO, points=Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    assert len(ax.collections) == 6


def test_points_may_be_an_array() -> None:
    import numpy as np

    assert len(plot_regions(DEMO, points=np.array([[1, 1], [-1, -1]])).collections) == 5
    assert len(plot_regions(DEMO, points=np.zeros((0, 2), dtype=int)).collections) == 4


def test_the_caption_of_a_slice_is_on_the_page_and_says_so() -> None:
    net = random_net(3, 9, 2, seed=3)
    ax = plot_regions(net, plane=((0, 0, 1), (1, 0, 0), (0, 1, 0)), labels="function")
    (caption,) = (text for text in ax.texts if "walls" in text.get_text())
    assert "Cells and gradients are those on the plane." in caption.get_text().replace("\n", " ")
    ax.get_figure().canvas.draw()
    assert caption.get_window_extent().y0 >= 0


def test_517_cells_are_drawn() -> None:
    ax = plot_regions(RANDOM_517, labels="none")
    assert len(ax.collections[0].get_paths()) > 400


@pytest.mark.parametrize(
    ("ending", "start"), [(".svg", b"<svg"), (".tex", b"% The cells"), (".png", b"\x89PNG"), (".pdf", b"%PDF")]
)
def test_a_picture_is_written_whole_and_the_same_each_time(tmp_path: Path, ending: str, start: bytes) -> None:
    target = tmp_path / f"cells{ending}"
    write_picture(CORNER, target)
    assert target.read_bytes().startswith(start)
    assert target.read_bytes() == picture(CORNER, ending)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_another_ending_is_refused() -> None:
    with pytest.raises(InputError, match=r"cells\.gif: is no kind of picture; end the name in \.svg, \.tex, \.png or"):
        check_picture("cells.gif")
    assert check_picture("CELLS.SVG") == ".svg"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: No such file"):
        write_picture(DEMO, tmp_path / "nowhere" / "cells.svg")


def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "null.svg"
    link.symlink_to(os.devnull)
    write_picture(DEMO, link)
    assert link.is_symlink()
    assert Path(os.devnull).is_char_device()


def test_without_matplotlib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NotSupportedError, match=r"pip install 'symflow\[plot\]'") as raised:
        plot_regions(DEMO)
    advice = 'write_picture(net, "cells.svg") of symflow.pictures.picture_file needs nothing'
    assert advice in str(raised.value)
    write_picture(DEMO, tmp_path / "cells.svg")  # the function that is named
    assert (tmp_path / "cells.svg").exists()
    with pytest.raises(NotSupportedError, match="needs the package matplotlib"):
        check_picture("cells.pdf")
    assert check_picture("cells.svg") == ".svg"
