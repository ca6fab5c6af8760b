"""The README is true: its session runs, its transcript is what the command prints, its set-up is two lines."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from symflow.cli import main
from symflow.exact.simplex import NO_BUDGET
from symflow.nets.network import Network
from symflow.problem_tree import problem_from_tree
from symflow.prove_command import catalogue
from tests.lemmas.write_verdicts import shown_in_readme, table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_session_runs() -> None:
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert results.attempted >= 8
    assert results.failed == 0


def test_the_transcript_is_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, _ = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (transcript,) = re.findall(r"```text\n\$ symflow clarke demo.toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "demo.toml"
    path.write_text(problem, encoding="utf-8")
    assert main(["clarke", str(path)]) == 0
    assert capsys.readouterr().out.strip("\n") == transcript.strip("\n")


def test_the_cusp_is_what_the_commands_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, problem = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (session,) = re.findall(r"```text\n(\$ symflow clarke cusp.toml\n.*?)```", README, re.DOTALL)
    (tmp_path / "cusp.toml").write_text(problem, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    commands = re.split(r"^\$ symflow (.*)\n", session, flags=re.MULTILINE)[1:]
    for command, printed in zip(commands[::2], commands[1::2], strict=True):
        assert main(command.split()) == 0
        assert capsys.readouterr().out.strip("\n") == printed.strip("\n")


def test_a_trained_net_is_loaded_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines on `model.npz`: from the file, and in Python, it is the same net."""
    numpy = pytest.importorskip("numpy")
    monkeypatch.chdir(tmp_path)
    arrays = {
        "W1": numpy.array([[0.5, -1]]),
        "b1": numpy.array([0.1]),
        "W2": numpy.array([[2.0]]),
        "b2": numpy.zeros(1),
    }
    numpy.savez("model.npz", **arrays)
    assert 'file = "model.npz"' in README
    (load,) = re.findall(r"`(arrays = numpy.load\(.*?)`", README)
    (make,) = re.findall(r"`(Network.from_arrays\(.*?)`", README)
    names = {"numpy": numpy, "Network": Network}
    exec(load, names)
    tree = {"network": {"activation": "relu", "file": "model.npz"}, "data": {"inputs": [[1, 1]]}}
    assert problem_from_tree(tree).network == eval(make, names)


CORNER = """
title = "A corner where autodiff stops"
[network]
activation = "relu"
weights = [[["0","1"],["-1","0"],["1","-1"]], [["-1","1","1"],["-1","1","-1"]], [["2","1"]]]
biases = [["-2","2","0"], ["1","1"], ["0"]]
"""


def test_the_table_of_cells_is_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (transcript,) = re.findall(r"```text\n\$ symflow regions corner.toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "corner.toml"
    path.write_text(CORNER, encoding="utf-8")
    assert main(["regions", str(path)]) == 0
    assert capsys.readouterr().out.strip("\n") == transcript.strip("\n")


def test_two_commands_do_all_the_set_up() -> None:
    commands = re.findall(r"^(?:python3 -m venv|\.venv/bin/pip install -e).*$", README, re.MULTILINE)
    assert len(commands) == 2


def test_the_path_through_the_corner_is_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (transcript,) = re.findall(r"```text\n\$ symflow flow corner.toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "corner.toml"
    asked = '[data]\ninputs = [["1", "-5/2"]]\n[objective]\nvariable = "input"\n[flow]\nuntil = "10"\n'
    path.write_text(CORNER + asked, encoding="utf-8")
    assert main(["flow", str(path)]) == 0
    assert capsys.readouterr().out.strip("\n") == transcript.strip("\n")


def test_the_proofs_are_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, _ = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (session,) = re.findall(r"```text\n(\$ symflow prove --claim.*?)```", README, re.DOTALL)
    (tmp_path / "demo.toml").write_text(problem, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    commands = re.split(r"^\$ symflow (.*)\n", session, flags=re.MULTILINE)[1:]
    codes = []
    for command, printed in zip(commands[::2], commands[1::2], strict=True):
        codes.append(main(shlex.split(command)))
        assert capsys.readouterr().out.strip("\n") == printed.strip("\n")
    assert codes == [0, 1]  # the second one is refuted


def test_the_table_of_verdicts_is_what_comes_out() -> None:
    assert shown_in_readme() == table(catalogue(with_verdicts=True, budget=NO_BUDGET))
