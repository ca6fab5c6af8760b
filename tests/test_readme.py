"""The README is true: its session runs, its transcript is what the command prints, its set-up is two lines."""

import doctest
import re
from pathlib import Path

import pytest

from symflow.exact.simplex import NO_BUDGET
from symflow.nets.network import Network
from symflow.problem_tree import problem_from_tree
from symflow.prove_command import catalogue
from tests.lemmas.write_verdicts import shown_in_readme, table
from tests.readme.pictures import PICTURES, Picture, digest, digest_in
from tests.readme.transcripts import commands, refreshed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = {"notes", "report", "clarke", "audit", "verify", "regions", "flow", "prove"}


def test_the_session_runs() -> None:
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert results.attempted >= 8
    assert results.failed == 0


def test_its_sessions_are_what_the_commands_print() -> None:
    """``python -m tests.readme`` writes them anew; only the last one is refuted."""
    shown, codes = refreshed(README)
    assert shown == README
    assert codes == [0] * (len(codes) - 1) + [1]
    assert {command.split()[0] for command in commands(README)} == SHOWN


def test_every_file_it_points_to_is_there() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert len(targets) > 6
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize(
    "picture",
    [pytest.param(each, id=each.name, marks=[pytest.mark.slow] if each.is_slow else []) for each in PICTURES],
)
def test_a_picture_shows_what_is_written_now(picture: Picture) -> None:
    """It holds the digest of the page it was taken of: ``python -m tests.readme`` takes it anew."""
    png = picture.path.read_bytes()
    assert len(png) < 200_000
    assert f"(worked_examples/pictures/{picture.path.name})" in README
    assert digest_in(png) == digest(picture.write())


def test_it_says_first_what_it_is_and_last_how_to_add_a_thing() -> None:
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    headings = [each for each in headings if not each.endswith(".toml")]
    assert headings[:4] == [
        "symflow",
        "Start here",
        "A net of your own, in ten minutes",
        "What automatic differentiation says",
    ]
    assert headings[-1] == "The house"
    for room in ("activations", "losses", "lemmas", "formats"):
        assert f"| `symflow/{room}/<name>.py`" in README


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


def test_two_commands_do_all_the_set_up() -> None:
    commands = re.findall(r"^(?:python3 -m venv|\.venv/bin/pip install -e).*$", README, re.MULTILINE)
    assert len(commands) == 2


def test_the_table_of_verdicts_is_what_comes_out() -> None:
    assert shown_in_readme() == table(catalogue(with_verdicts=True, budget=NO_BUDGET))
