"""What the notes write of a trained net's matrices, and of an exact flow in the input."""

from __future__ import annotations

from pathlib import Path

from symflow.cli import main

# Entries with eight digits: 3 x 4 of them are too wide with six.
TRAINED = """
[network]
activation = "relu"
weights = [[["0.12345678"], ["-2.3456789"], ["1.2345678"], ["0.34567891"]],
           [["-0.28128712","-0.66804612","-1.05312345","-0.39081234"],
            ["0.48194512","-0.23855312","0.95765432","-0.19980212"]],
           [["1", "1"]]]
[data]
inputs = [["1"]]
labels = ["1"]
[objective]
kind = "risk"
loss = "squared"
"""

# Down x1+ + x2+ + (x1 - x2)+/2 from (2, 1): velocity -(3/2, 1/2) until x1 = x2 = 1/2 at t = 1; from there along the
# diagonal, where of the elements -(1 + s, 1 - s), s in [0, 1/2], (-1, -1) keeps to it; at rest in 0 at t = 3/2.
FLOWING = """
[network]
activation = "relu"
weights = [[["1","0"],["0","1"],["1","-1"]],[["1","1","1/2"]]]
[objective]
kind = "output"
variable = "input"
at = ["2","1"]
[flow]
until = "3"
"""


def notes_of(tmp_path: Path, problem: str) -> str:
    (tmp_path / "net.toml").write_text(problem)
    assert main(["notes", str(tmp_path / "net.toml"), "--output", str(tmp_path / "net.tex"), "--quiet"]) == 0
    return (tmp_path / "net.tex").read_text()


def test_a_matrix_of_floats_has_all_its_columns_and_the_reader_is_told_that_they_are_cut(tmp_path: Path) -> None:
    text = notes_of(tmp_path, TRAINED)
    assert r"-0.281\ldots&-0.668\ldots&-1.05\ldots&-0.39\ldots" in text
    assert r"0.123456\ldots" in text, "a narrow matrix keeps its digits"
    assert "Decimals that end in dots are cut here" in " ".join(text.split())
    assert r"\cdots&" not in text


def test_an_exact_path_is_written_corner_by_corner(tmp_path: Path) -> None:
    text = notes_of(tmp_path, FLOWING)
    assert r"0&(2,1)&\tfrac72&(-\tfrac32,-\tfrac12)&\textnormal{runs inside the cell +++}" in text
    assert r"1&(\tfrac12,\tfrac12)&1&(-1,-1)&\textnormal{slides along the kink of neuron 3}" in text
    assert r"\tfrac32&(0,0)&0&(0,0)&\textnormal{at rest: 0 is in $\partial f$}" in text
    assert "Decimals" not in text


def test_checkpoints_stay_beside_the_path(tmp_path: Path) -> None:
    text = notes_of(tmp_path, FLOWING.replace('until = "3"', 'until = "3"\ncheckpoints = ["0", "1/2"]'))
    assert "The path, corner by corner:" in text
    assert "On the way," in text


def test_a_path_whose_words_do_not_fit_keeps_its_numbers(tmp_path: Path) -> None:
    wide = FLOWING.replace('["2","1"]', '["200001/7919","100003/7919"]').replace('"3"', '"100"')
    text = notes_of(tmp_path, wide)
    assert r"0&(\tfrac{200001}{7919},\tfrac{100003}{7919})&\tfrac{350003}{7919}&(-\tfrac32,-\tfrac12)\\" in text
    assert r"\textnormal{runs inside" not in text
