"""The map as TikZ: TeX takes all of it, and a lecturer can read it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symflow.nets.dataset import Dataset
from symflow.pictures.tikz_regions import tikz_regions
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import CORNER, DEMO, NETS

PICTURES = {
    **{name: tikz_regions(net) for name, net in NETS.items()},
    "patterns": tikz_regions(CORNER, labels="pattern", axes=False),
    "data": tikz_regions(DEMO, points=Dataset([(1, 1), (-1, -1)], labels=[1, -1])),
    "domain": tikz_regions(RegionGraph.of(DEMO, domain=([[1, 1], [-1, 0], [0, -1]], [3, 1, 1]))),
    "long": tikz_regions(CORNER, window=((0, 100), (1, 3))),
    "high": tikz_regions(CORNER, window=((1, 3), (-100, 100))),
}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT TESTED: there is no pdflatex here")
def test_every_picture_compiles_and_none_is_wider_than_it_says(tmp_path: Path) -> None:
    body = []
    for i, text in enumerate(PICTURES.values()):
        (tmp_path / f"picture{i}.tex").write_text(text, encoding="ascii")
        body.append(rf"\setbox0\hbox{{\input{{picture{i}}}}}\typeout{{WIDTH \the\wd0}}\noindent\box0\par\bigskip")
    page = "\n".join(
        [r"\documentclass[11pt]{article}", r"\usepackage{amsmath,tikz}", r"\begin{document}", *body, r"\end{document}"]
    )
    (tmp_path / "page.tex").write_text(page, encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-2000:]
    assert "Warning" not in run.stdout
    widths = [float(found) for found in re.findall(r"WIDTH ([0-9.]+)pt", run.stdout)]
    assert len(widths) == len(PICTURES)
    for name, width in zip(PICTURES, widths, strict=True):
        assert width < 9.5 * 28.46, name  # 7 cm and the numbers at its side


def test_coordinates_are_the_net_s_own() -> None:
    text = tikz_regions(DEMO, window=((-2, 2), (-2, 2)), width=4)
    assert r"\begin{tikzpicture}[x=1cm,y=1cm]" in text
    assert r"\clip (-2,-2) rectangle (2,2);" in text
    assert r"\foreach \t in {-2,-1,0,1,2}" in text
    assert "{$\\tfrac12x_1$}" in text


@pytest.mark.parametrize("name", ["far away", "tiny"])
def test_coordinates_that_tex_cannot_add_are_centimetres(name: str) -> None:
    text = PICTURES[name]
    assert "Coordinates are centimetres" in text
    numbers = [abs(float(x)) for pair in re.findall(r"\(([-0-9.]+),([-0-9.]+)\)", text) for x in pair]
    assert max(numbers) <= 7


def test_every_cell_is_named_in_a_comment() -> None:
    text = PICTURES["corner"]
    assert [int(n) for n in re.findall(r"% cell ([0-9]+), [-+|]+$", text, re.M)] == list(range(1, 13))
    assert text.count("dash pattern") == 1
    assert max(map(len, text.splitlines())) < 200


def test_without_axes_there_is_the_map_alone() -> None:
    assert r"\foreach" not in PICTURES["patterns"]
    assert "x_1" not in PICTURES["patterns"]
    assert r"({+}{-}{+}\,|\,{+}{-})" in PICTURES["patterns"]
