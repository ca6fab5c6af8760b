"""The main job: what stands in the folder, which folders are refused, and how a study ends."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from symflow import latex_run, study_stages
from symflow import study as study_module
from symflow.cli import main
from symflow.errors import BudgetExceededError
from symflow.prove_command import Claims, prove
from symflow.study import default_folder

HAS_LATEX = shutil.which("pdflatex") is not None

CUSP = """
[network]
activation = "relu"
weights = [[["0"], ["0"]], [["-1", "0"]], [["-1"]]]
[data]
inputs = [["-1"]]
"""

IDENTITY = """
title = "relu(x) - relu(-x)"
[network]
activation = "relu"
weights = [[["1"], ["-1"]], [["1", "-1"]]]
[data]
inputs = [["0"]]
[objective]
variable = "input"
"""

SYMBOLIC = """
[network]
activation = "relu"
widths = [2, 2, 1]
"""

# The demo without its flow, which takes most of the time of a study.
RESTING = package_files("symflow").joinpath("demo.toml").read_text(encoding="utf-8").partition("[flow]")[0]

Run = Callable[..., tuple[int, str, str]]


def one_claim(names: Sequence[str], *, everything: bool, **about: Any) -> Claims:
    """Ask of the catalogue the misprint about the chain rule alone; all of it takes seconds."""
    assert everything
    return prove([*names, "E1"], everything=False, **about)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder of its own, without LaTeX and with one claim: the others are tested apart."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(study_module, "compile_latex", lambda folder: (None, "no pdflatex here"))
    monkeypatch.setattr(study_stages, "prove", one_claim)

    def command(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """``symflow study``, run once without LaTeX: the folder it was run in, the exit code, the text."""
    where = tmp_path_factory.mktemp("demo")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.chdir(where)
        patch.setattr(study_module, "compile_latex", lambda folder: (None, "no pdflatex here"))
        code = main(["study", "--quiet"])
    out.seek(0)
    return where, code, out.read()


@pytest.fixture
def demo_study(demo_run: tuple[Path, int, str]) -> Path:
    """The study of the demo, made once."""
    return demo_run[0] / "study"


class Made(NamedTuple):
    """A study that ``python -m symflow study`` made in a process of its own, in so many seconds of the processor."""

    folder: Path
    seconds: float
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def by_another_process(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The study of the demo as a newcomer makes it, with LaTeX where it is there."""
    where = tmp_path_factory.mktemp("process")
    command = [sys.executable, "-m", "symflow", "study"]
    before = os.times()
    done = subprocess.run(command, capture_output=True, text=True, cwd=where, check=False)
    after = os.times()  # the processor's time: other work on the machine does not count
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return Made(where / "study", seconds, done)


@pytest.fixture
def studied(demo_study: Path, tmp_path: Path) -> Path:
    """A copy of it where ``symflow study`` writes it."""
    return Path(shutil.copytree(demo_study, tmp_path / "study"))


@pytest.fixture
def resting(tmp_path: Path) -> str:
    """A file with the demo without its flow."""
    (tmp_path / "resting.toml").write_text(RESTING)
    return "resting.toml"


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def result(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "results.json").read_text(), parse_float=pytest.fail)  # type: ignore[no-any-return]


# ---------------------------------------------------------------------- what it writes


def test_without_a_file_the_demo_is_studied(demo_run: tuple[Path, int, str]) -> None:
    where, code, out = demo_run
    assert code == 0
    lines = [line for line in out.splitlines() if line]
    assert lines[0] == "  Two neurons, one kink.  The built-in demo; nothing was given."
    assert lines[1] == "  The risk has a kink at w.  ∂R(w) is a segment; autodiff is not in it.          ■ exact"
    assert "  study/notes.tex        not compiled: no pdflatex here" in lines
    assert max(map(len, lines)) <= 92
    assert names(where / "study") == [
        "certificates",
        "certificates/audit.json",
        "certificates/clarke.json",
        "certificates/derive.json",
        "certificates/laws.json",
        "certificates/prove.json",
        "certificates/regions.json",
        "demo.toml",
        "notes.bib",
        "notes.tex",
        "report.html",
        "results.json",
    ]
    assert names(where)[0] == "study", "nothing is left beside it"


def test_results_hold_the_objects_of_the_other_commands(run: Run, studied: Path) -> None:
    found = result(studied)
    assert found["command"] == "study"
    assert found["status"] == "complete"
    for command in ("clarke", "audit", "derive", "regions", "laws"):
        code, out, _ = run(command, "study/demo.toml", "--json")
        assert code == 0
        assert found[command] == json.loads(out)
        assert json.loads((studied / "certificates" / f"{command}.json").read_text()) == found[command]
    assert found["verified"]["accepted"] is True
    here = [entry for entry in found["statements"] if entry.get("about") != "general"]
    assert {entry["verdict"] for entry in here} == {"proved", "refuted", "enclosed"}
    assert all(entry["scope"] and entry["known_by"] for entry in found["statements"])


def test_the_flow_is_in_it_where_the_problem_asks_for_one(run: Run, studied: Path, tmp_path: Path) -> None:
    found = result(studied)
    code, out, _ = run("flow", "study/demo.toml", "--json")
    assert code == 0
    assert found["flow"] == json.loads(out)
    assert not (studied / "certificates/flow.json").exists(), "its digits are computed, not certified"
    assert any(claim.startswith("flow: time, state") for claim in found["verified"]["not_checked"])
    text = (studied / "demo.toml").read_text()
    (tmp_path / "resting.toml").write_text(text.partition("[flow]")[0])
    code, _, _ = run("study", "resting.toml")
    assert code == 0
    assert result(tmp_path / "resting-study")["flow"] is None
    (tmp_path / "endless.toml").write_text(text.replace('until = "10"\n', "").partition("checkpoints")[0])
    code, out, _ = run("study", "endless.toml")
    assert code == 0
    assert "flow was left out: missing; add until" in out


def test_an_exact_flow_is_a_certificate(run: Run, tmp_path: Path) -> None:
    net = 'activation = "abs"\nweights = [[["1", "0"], ["0", "1"]], [["1", "1/2"]]]'
    tree = f'[network]\n{net}\n[data]\ninputs = [["1", "1"]]\n[objective]\nvariable = "input"\n[flow]\nuntil = 5\n'
    (tmp_path / "path.toml").write_text(tree)
    code, out, _ = run("study", "path.toml")
    assert code == 0
    assert "comes to rest at t = 2" in out
    assert run("verify", "path-study/certificates/flow.json")[0] == 0


@pytest.mark.usefixtures("studied")
def test_its_certificates_are_accepted_by_verify(run: Run) -> None:
    for path in ("study", "study/certificates"):
        code, out, _ = run("verify", path, "--json")
        assert (code, json.loads(out)["accepted"]) == (0, True)


def test_json_prints_the_object_of_the_results(run: Run, resting: str, tmp_path: Path) -> None:
    code, out, _ = run("study", resting, "--output", "study", "--json")
    assert code == 0
    assert out == (tmp_path / "study/results.json").read_text()
    assert out.isascii()


@pytest.mark.slow
def test_the_same_problem_gives_the_same_bytes(demo_study: Path, by_another_process: Made) -> None:
    """Two processes with their own seeds for hashes: nothing depends on the order of a set."""
    ours, other = (names(folder) for folder in (demo_study, by_another_process.folder))
    assert ours == [name for name in other if name != "notes.pdf"]
    for name in ours:
        if (demo_study / name).is_file():
            assert (demo_study / name).read_bytes() == (by_another_process.folder / name).read_bytes(), name


def test_a_file_names_its_folder_and_is_copied(run: Run, tmp_path: Path) -> None:
    (tmp_path / "identity.toml").write_text(IDENTITY)
    code, out, _ = run("study", "identity.toml")
    assert code == 0
    assert (tmp_path / "identity-study/identity.toml").read_text() == IDENTITY
    assert "identity-study/identity.toml    the problem, to edit" in out
    assert run("clarke", "identity-study/identity.toml")[0] == 0


def test_standard_input_is_copied_as_the_canonical_problem(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(IDENTITY.encode())))
    code, _, err = run("study", "-", "--output", "out")
    assert (code, err) == (0, "")
    assert json.loads((tmp_path / "out/problem.json").read_text()) == result(tmp_path / "out")["problem"]
    assert default_folder("-") == "problem-study"


def test_weights_of_a_file_are_copied_into_the_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(json.dumps({"weights": [[[1], [-1]], [[1, -1]]]}))
    (tmp_path / "p.toml").write_text('[network]\nactivation = "relu"\nfile = "net.json"\n[data]\ninputs = [["1"]]\n')
    assert run("study", "p.toml")[0] == 0
    copy = json.loads((tmp_path / "p-study/p.json").read_text())
    assert copy["network"]["weights"] == [[["1"], ["-1"]], [["1", "-1"]]]


def test_a_problem_called_like_a_result_does_not_overwrite_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps({"network": {"activation": "relu", "widths": [1, 1, 1]}}))
    assert run("study", "results.json")[0] == 0
    assert result(tmp_path / "results-study")["command"] == "study"
    assert (tmp_path / "results-study/problem-results.json").exists()


def test_symbolic_weights_have_closed_forms_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shape.toml").write_text(SYMBOLIC)
    code, out, _ = run("study", "shape.toml")
    assert code == 0
    found = result(tmp_path / "shape-study")
    assert (found["clarke"], found["audit"]) == (None, None)
    assert found["derive"]["n_pieces"] == 4
    assert "■ proved, for all weights" in out
    assert "\\section{The closed form}" in (tmp_path / "shape-study/notes.tex").read_text()
    assert "shape-study/report.html" in out
    assert "the page of it; open it in a browser" in out
    assert "report.html" in {entry["name"] for entry in found["files"]}
    run("report", "shape.toml", "--output", "page.html")
    assert (tmp_path / "shape-study/report.html").read_text() == (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("bound", "value", "reason"),
    [
        ("_MOST_REGIONS", 3, "more than 3 cells; symflow regions lists them"),
        ("_MOST_INPUTS", 1, "more than 1 inputs; symflow regions takes its time"),
        ("_REGIONS_SECONDS", -1.0, "they take longer; symflow regions lists them"),
    ],
)
def test_many_cells_are_left_to_their_own_command(
    bound: str, value: float, reason: str, run: Run, resting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_stages, bound, value)
    code, out, _ = run("study", resting)
    assert code == 0
    assert f"regions was left out: {reason}." in " ".join(out.split())
    assert result(tmp_path / "resting-study")["regions"] is None


def test_cells_of_the_weights_are_counted_where_the_file_says_weights(run: Run, tmp_path: Path) -> None:
    Path("demo.toml").write_text(IDENTITY.replace('"input"', '"weights"').replace('[["0"]]', '[["2"]]'))
    code, out, _ = run("study", "demo.toml")
    assert code == 0
    assert "  In weight space there are 4 cells and 4 walls between them. " in out
    assert result(tmp_path / "demo-study")["regions"]["variable"] == "weights"


def test_a_large_product_is_not_multiplied_out(run: Run, tmp_path: Path) -> None:
    rows = ", ".join(['["0", "0"]'] * 6)
    outer = ", ".join(['"1"'] * 6)
    (tmp_path / "many.toml").write_text(
        f'[network]\nactivation = "relu"\nweights = [[{rows}], [[{outer}]]]\n[data]\n'
        'inputs = [["1", "0"], ["0", "1"]]\nlabels = ["1", "-1"]\n[objective]\nkind = "risk"\nloss = "exponential"\n'
    )
    code, out, _ = run("study", "many.toml")
    assert code == 0
    assert result(tmp_path / "many-study")["derive"] is None
    assert "derive was left out: 4096 pieces" in " ".join(out.split())


def test_ascii_when_asked(run: Run, resting: str) -> None:
    code, out, _ = run("study", resting, "--ascii")
    assert code == 0
    assert out.isascii()
    assert "[exact]" in out


# ---------------------------------------------------------------------- which folders it writes


def test_it_refuses_a_folder_that_it_did_not_write(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study/thesis.tex").write_text("mine")
    code, out, err = run("study")
    assert (code, out) == (2, "")
    assert err == "symflow: study: is not empty, and no study wrote it; name another folder with --output\n"
    assert names(tmp_path) == ["study", "study/thesis.tex"]


@pytest.mark.parametrize("content", ['{"command": "clarke"}', "no json", '{"command": "study"}', "[]"])
def test_a_file_called_results_does_not_make_it_ours(content: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study/results.json").write_text(content)
    code, _, err = run("study")
    assert code == 2
    assert "no study wrote it" in err


def test_it_writes_into_an_empty_folder_and_replaces_its_own(run: Run, resting: str, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    assert run("study", resting, "--output", "study")[0] == 0
    (tmp_path / "study/certificates/clarke.json").write_text("{}")
    (tmp_path / "study/notes.aux").write_text("compiled by hand")
    assert run("study", resting, "--output", "study")[0] == 0
    assert run("verify", "study")[0] == 0
    assert "notes.aux" not in names(tmp_path / "study")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.txt", "holds mine.txt, which study did not write; name another folder with --output"),
        ("notes.tex", "notes.tex in it was edited; name another folder with --output"),
        ("demo.toml", "demo.toml in it was edited; name another folder with --output"),
    ],
)
def test_it_never_deletes_work_of_yours(name: str, message: str, run: Run, studied: Path) -> None:
    (studied / name).write_text("my own work")
    code, out, err = run("study")
    assert (code, out, err) == (2, "", f"symflow: study: {message}\n")
    assert (studied / name).read_text() == "my own work"


def test_the_edited_copy_may_be_studied_in_place(run: Run, studied: Path) -> None:
    copy = studied / "demo.toml"
    copy.write_text(RESTING.replace('"-1/2"', '"-1"'))
    assert run("study", "study/demo.toml", "--output", "study")[0] == 0
    assert '"-1"]],' in copy.read_text()
    assert result(studied)["problem"]["network"]["weights"][1] == [["1", "-1"]]


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("file.txt", "is a file; name a folder with --output"),
        ("none/study", "its folder does not exist; make it first"),
        ("a\0b", "is no name of a folder"),
        ("x" * 300, "cannot be written: File name too long"),
        ("link", "is a link to nothing; name another folder with --output"),
    ],
)
def test_a_place_that_cannot_be_a_folder_is_refused(folder: str, message: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    code, out, err = run("study", "--output", folder)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert names(tmp_path) == ["file.txt", "link"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(stat.S_IRUSR | stat.S_IXUSR)
    code, _, err = run("study", "--output", "locked/study")
    assert code == 2
    assert "may not be written" in err


def test_a_bad_problem_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[network]\n")
    code, out, err = run("study", "bad.toml")
    assert (code, out) == (2, "")
    assert err.startswith("symflow: bad.toml: network")
    assert names(tmp_path) == ["bad.toml"]


# ---------------------------------------------------------------------- how it ends


def test_what_stays_undecided_ends_with_3_and_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cusp.toml").write_text(CUSP)
    code, out, _ = run("study", "cusp.toml", "--time-limit", "0")
    assert code == 3
    assert result(tmp_path / "cusp-study")["status"] == "undecided"
    assert "lies between two sets" in out
    assert run("verify", "cusp-study")[0] == 0


def test_an_interrupted_study_says_what_it_has(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study_stages, "derivation_of", interrupted)
    code, out, err = run("study")
    assert (code, out) == (130, "")
    missing = "derive, regions, flow, laws and prove"
    assert err == f"symflow: interrupted; clarke and audit are in study/, {missing} are not\n"
    assert result(tmp_path / "study")["status"] == "interrupted"
    assert run("verify", "study")[0] == 0


def test_an_interrupt_while_the_page_is_made_leaves_the_rest(
    run: Run, resting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study_stages, "report_page", interrupted)
    code, out, err = run("study", resting, "--output", "study")
    assert (code, out) == (130, "")
    assert err.endswith(" are in study/, page is not\n")
    assert "report.html" not in names(tmp_path / "study")
    assert result(tmp_path / "study")["clarke"]["n_vertices"] == 2


def test_what_no_page_can_show_is_named(
    run: Run, resting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: Any, **__: Any) -> None:
        raise BudgetExceededError("no cell of the map was found yet")

    monkeypatch.setattr(study_stages, "report_page", too_long)
    code, out, _ = run("study", resting, "--output", "study")
    assert code == 0
    assert "the page was left out: it takes longer; symflow report takes its time." in " ".join(out.split())
    assert "report.html" not in names(tmp_path / "study")


def test_interrupted_before_anything_is_known_it_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study_stages, "clarke_differential", interrupted)
    assert run("study") == (130, "", "symflow: interrupted\n")
    assert names(tmp_path) == []


def test_an_interrupt_while_writing_leaves_the_old_study(
    run: Run, resting: str, studied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (studied / "results.json").read_bytes()

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    assert run("study", resting, "--output", "study")[0] == 130
    assert (studied / "results.json").read_bytes() == before
    assert sorted(path.name for path in studied.parent.iterdir()) == ["resting.toml", "study"]


def test_what_the_budget_ends_is_named(run: Run, resting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any, **__: Any) -> None:
        raise BudgetExceededError("the time is over")

    monkeypatch.setattr(study_stages, "derivation_of", exhausted)
    code, out, _ = run("study", resting)
    assert code == 3
    assert "derive was left out: the time did not suffice." in out
    assert result(tmp_path / "resting-study")["missing"] == ["derive"]


def test_a_rejected_certificate_is_said_and_never_called_accepted(
    run: Run, resting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = {"accepted": False, "n_certificates": 0, "rejected": [{"place": "", "reason": "wrong"}], "not_checked": []}
    monkeypatch.setattr(study_stages, "verify_text", lambda _: report)
    code, out, _ = run("study", resting)
    assert code == 1
    assert "The checker rejects a certificate" in out
    assert "accepted" not in out


def test_what_is_too_large_for_the_checker_is_called_undecided(
    run: Run, resting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = {"accepted": False, "n_certificates": 0, "rejected": [], "not_checked": ["value: too large (..)"]}
    monkeypatch.setattr(study_stages, "verify_text", lambda _: report)
    code, out, _ = run("study", resting)
    assert code == 3
    assert "Some of it is too large for the small checker" in out
    assert "accepted" not in out


# ---------------------------------------------------------------------- LaTeX


@pytest.mark.slow
def test_the_demo_takes_less_than_twenty_seconds_with_its_notes(by_another_process: Made) -> None:
    folder, seconds, done = by_another_process
    assert seconds < 20
    assert (done.returncode, done.stderr) == (0, "")
    left = {"certificates", "demo.toml", "notes.bib", "notes.tex", "report.html", "results.json"}
    assert {path.name for path in folder.iterdir()} == left | ({"notes.pdf"} if HAS_LATEX else set())
    if HAS_LATEX:
        assert "study/notes.pdf" in done.stdout
        assert "notes.tex compiles as it is" in done.stdout


def test_without_latex_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert latex_run.compile_latex(tmp_path) == (None, "no pdflatex here")


@pytest.mark.skipif(not HAS_LATEX, reason="no pdflatex here")
def test_notes_that_do_not_compile_leave_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "notes.tex").write_text("\\documentclass{article}\\begin{document}\\undefined\\end{document}")
    assert latex_run.compile_latex(tmp_path) == (None, "pdflatex stops at an error")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.tex"]


def test_one_cell_has_no_walls_to_be_counted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flat.toml").write_text(
        '[network]\nactivation = "relu"\nweights = [[["0"]], [["1"]]]\n[data]\ninputs = [["1"]]\n'
        '[objective]\nvariable = "input"\n'
    )
    code, out, _ = run("study", "flat.toml")
    assert code == 0
    assert "there is 1 cell." in out
    assert "walls between" not in out
