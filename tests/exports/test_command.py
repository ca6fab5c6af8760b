"""``symflow export``: what it writes where, what it refuses, and that a problem file will do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symflow.cli import main
from symflow.exports.lean import LEAN_MARK
from symflow.exports.script import MARK

PROBLEM = {
    "network": {"activation": "relu", "weights": [[["1", "-1"]], [["2"]]]},
    "data": {"inputs": [["1", "1"]]},
    "objective": {"kind": "output"},
}


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """Return a Clarke differential with one kink, as the command writes it."""
    problem, found = tmp_path / "problem.json", tmp_path / "clarke.json"
    problem.write_text(json.dumps(PROBLEM), encoding="utf-8")
    assert main(["clarke", str(problem), "--json", "--quiet", "--output", str(found)]) == 0
    return found


def test_one_script_goes_to_standard_output(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--coq", str(result)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(MARK)
    assert "(* not exported: clarke: that no other pattern is possible" in out
    # Two cells, the gradient on each, two extreme points, the shortest element, and automatic differentiation's vector.
    assert out.count("\nTheorem cell_") == out.count("\nTheorem gradient_") == 2
    assert "Print Assumptions theorems." in out
    assert err == "symflow: 8 theorems (2 cell, 2 gradient, 4 hull); not exported: 1\n"


def test_the_report_lists_kinds_files_and_what_is_missing(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--coq", str(result), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["kinds"] == {"cell": 2, "gradient": 2, "hull": 4}
    assert report["files"] == ["clarke_q_1.v"]
    assert len(report["not_exported"]) == 1


def test_a_folder_is_written_and_written_again(result: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    for _ in range(2):
        assert main(["export", "--coq", str(result), "--output", str(folder)]) == 0
        assert [file.name for file in folder.iterdir()] == ["clarke_q_1.v"]
    assert main(["export", "--lean", str(result), "--output", str(folder)]) == 0
    assert [file.name for file in folder.iterdir()] == ["clarke_1.lean"]
    text = (folder / "clarke_1.lean").read_text(encoding="utf-8")
    assert text.startswith(LEAN_MARK)
    assert "NOT CHECKED HERE" in LEAN_MARK


def test_a_folder_of_somebody_else_is_left_alone(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.v").write_text("Theorem mine : True.", encoding="utf-8")
    assert main(["export", "--coq", str(result), "--output", str(folder)]) == 2
    assert "holds thesis.v, which no export wrote" in capsys.readouterr().err
    assert (folder / "thesis.v").read_text(encoding="utf-8") == "Theorem mine : True."


@pytest.mark.parametrize("languages", [[], ["--coq", "--lean"]])
def test_one_language_has_to_be_named(languages: list[str], result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(result), *languages]) == 2
    assert "name the language: --coq or --lean" in capsys.readouterr().err


def test_the_same_result_gives_the_same_bytes(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for _ in range(2):
        main(["export", "--coq", str(result)])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


@pytest.mark.slow
def test_a_problem_file_is_proved_first(tmp_path: Path) -> None:
    problem, folder = tmp_path / "problem.json", tmp_path / "scripts"
    problem.write_text(json.dumps(PROBLEM), encoding="utf-8")
    assert main(["export", "--coq", str(problem), "--quiet", "--output", str(folder)]) == 0
    text = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert "Theorem piece_" in text
    assert "Theorem cell_" in text
    assert "weight_gradient_preservation" in text
