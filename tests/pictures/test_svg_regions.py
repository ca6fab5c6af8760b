"""The map as SVG: well formed, accessible, light, and without a word cut off."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from symflow.nets.dataset import Dataset
from symflow.pictures.svg_regions import svg_regions, text_width
from tests.pictures.nets import CORNER, DEMO, NETS, RANDOM_517

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("name", NETS)
def test_it_is_well_formed_and_has_a_name_a_description_and_a_title_for_each_cell(name: str) -> None:
    root = parsed(svg_regions(NETS[name]))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(root.attrib["aria-labelledby"].split()) <= set(ids)
    assert root.find(f"{SVG}title") is not None
    assert "length of the gradient" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]
    for polygon in root.iter(f"{SVG}polygon"):
        title = polygon.find(f"{SVG}title")
        assert title is not None
        assert re.match(r"cell [0-9]+: ", title.text or "")


@pytest.mark.parametrize("window", [None, ((0, 100), (1, 3)), ((1, 3), (0, 100)), ((0, 1), (0, 1))])
@pytest.mark.parametrize("name", NETS)
def test_no_word_is_cut_off(name: str, window: object) -> None:
    root = parsed(svg_regions(NETS[name], window=window))  # type: ignore[arg-type]
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert width == 480
    for text in root.iter(f"{SVG}text"):
        x, y, size = (float(text.attrib[key]) for key in ("x", "y", "font-size"))
        share = {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]]
        # Sentences are measured by the average letter, labels by the widest.
        long = text_width(text.text or "", size) * (0.85 if len(text.text or "") > 30 else 1)
        assert x - share * long >= 0
        assert x + (1 - share) * long <= width
        assert size * 0.7 < y < height


def test_it_is_light_needs_no_script_and_turns_over_on_a_dark_screen() -> None:
    text = svg_regions(CORNER)
    assert len(text) < 10_000
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "@media (prefers-color-scheme:dark)" in text
    classes = set(re.findall(r'class="(sf-[0-9a-z]+)"', text))
    assert all(f".{name}{{" in text or f".{name}," in text for name in classes)


def test_kinks_are_solid_and_other_walls_dotted() -> None:
    root = parsed(svg_regions(CORNER))
    paths = {path.get("class"): path for path in root.iter(f"{SVG}path")}
    assert paths["sf-kink"].attrib["d"].count("M") == 14
    assert paths["sf-flat"].attrib["d"].count("M") == 2
    assert paths["sf-flat"].get("stroke-dasharray")
    assert not paths["sf-kink"].get("stroke-dasharray")


def test_the_same_net_gives_the_same_bytes_and_another_net_another_name() -> None:
    assert svg_regions(CORNER) == svg_regions(CORNER)
    assert parsed(svg_regions(CORNER)).get("id") != parsed(svg_regions(DEMO)).get("id")


def test_data_are_marked() -> None:
    root = parsed(svg_regions(DEMO, points=Dataset([(1, 1), (-1, -1)], labels=[1, -1])))
    fills = [circle.get("fill") for circle in root.iter(f"{SVG}circle")]
    assert len(fills) == 2
    assert fills[0] != fills[1] == "#ffffff"
    outside = svg_regions(DEMO, points=[(9, 9)], window=((-1, 1), (-1, 1)))
    assert "<circle" not in outside


def test_the_caption_may_be_left_out() -> None:
    assert "<text" in svg_regions(DEMO, caption=False)
    assert "Solid line: kink." in (parsed(svg_regions(DEMO, caption=False)).findtext(f"{SVG}desc") or "")
    assert svg_regions(DEMO, caption=False).count("Solid line: kink.") == 1
    assert svg_regions(DEMO).count("Solid line: kink.") == 2


def test_517_cells_are_drawn() -> None:
    text = svg_regions(RANDOM_517, labels="none", window=((-500, 500), (-500, 500)))
    assert text.count("<polygon") == 517
    assert "517 cells, 999 walls." in text
    assert len(text) < 250_000
