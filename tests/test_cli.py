"""The command line: what it imports, what it refuses, what it writes, and with which exit code it ends."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symflow
from symflow import cli
from symflow._version import __version__
from symflow.cli import main
from symflow.commands import COMMANDS, COMMON
from symflow.errors import InputError
from symflow.help_texts import general_help
from symflow.problem_tree import problem_from_tree
from symflow.usage import parse

SCIENTIFIC = ("flint", "numpy", "sympy", "networkx", "mpmath", "highspy", "z3", "matplotlib", "onnx")

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

# Every first-order method is blind here; without time it stays undecided.
CUSP = """
[network]
activation = "relu"
weights = [[["0"], ["0"]], [["-1", "0"]], [["-1"]]]
[data]
inputs = [["-1"]]
"""


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "identity.toml"
    path.write_text(IDENTITY)
    return path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def process(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    environment = {**os.environ, "PYTHONUTF8": "0", **options.pop("env", {})}
    command = [sys.executable, "-m", "symflow", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **options)


# ---------------------------------------------------------------------- what is imported


@pytest.mark.parametrize(
    "statement",
    [
        "import symflow; dir(symflow)",
        "from symflow.cli import main; main(['--help'])",
        "from symflow.cli import main; main(['--version'])",
        "from symflow.cli import main; main(['clarke', '--help'])",
        "from symflow.cli import main; main(['clark'])",
        "from symflow.cli import main; main(['clarke', 'a.toml', '--jsn'])",
        "from symflow.cli import main; main(['init'])",
        "from symflow.cli import main; main(['verify', 'missing.json'])",
    ],
)
def test_nothing_scientific_is_imported_for(statement: str) -> None:
    script = f"{statement}\nimport sys\nprint('loaded:', *sorted(set({SCIENTIFIC}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_every_public_name_is_there() -> None:
    assert list(symflow._HOMES) == symflow.__all__
    for name in symflow.__all__:
        assert getattr(symflow, name) is not None
        assert name in dir(symflow)
    with pytest.raises(AttributeError, match="no attribute 'clark'"):
        symflow.clark  # noqa: B018


# ---------------------------------------------------------------------- help


def test_help_lists_the_commands_that_work_and_no_others(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    listed = [line.split()[1] for line in out.splitlines() if line.startswith("  symflow ")]
    assert listed == [command.name for command in COMMANDS]
    assert set(listed) == {*cli._HANDLERS, "study"}
    assert all(option.flag in out for option in COMMON)
    assert max(map(len, out.splitlines())) <= 92
    assert out.isascii()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_each_command_has_its_help(command: Any, flag: str, run: Run) -> None:
    code, out, err = run(command.name, flag)
    assert (code, err) == (0, "")
    assert out.startswith(f"symflow {command.name} {command.argument}: ")
    assert all(option.flag in out for option in (*COMMON, *command.options))
    assert max(map(len, out.splitlines())) <= 94
    assert out.isascii()


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version") == (0, f"symflow {__version__}\n", "")


def test_it_runs_as_a_module() -> None:
    assert process("--help").stdout == general_help()


# ---------------------------------------------------------------------- usage errors


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "no command; write for example symflow study  (symflow --help lists all)"),
        (("clark",), 'no command "clark"; did you mean clarke?  (symflow --help lists all)'),
        (("xyzzy",), 'no command "xyzzy"  (symflow --help lists all)'),
        (("xyzzy", "--help"), 'no command "xyzzy"  (symflow --help lists all)'),
        (("a\nb\x1b",), 'no command "a?b?"  (symflow --help lists all)'),
        (("",), 'no command ""  (symflow --help lists all)'),
        (("x" * 500,), f'no command "{"x" * 57}..."  (symflow --help lists all)'),
        (
            ("a.toml",),
            "a.toml is a file; write for example symflow study a.toml  (symflow --help lists all)",
        ),
        (
            ("--json", "clarke"),
            "--json stands before the command; write symflow COMMAND FILE first  (symflow --help lists all)",
        ),
        (("clarke",), "clarke: which file?  write symflow clarke FILE"),
        (
            ("prove", "a", "R>0"),
            "prove: R>0 is no FILE; a statement goes with --claim  (symflow prove --help lists all)",
        ),
        (("clarke", "a", "b"), "clarke: one FILE only, found also b  (symflow clarke --help lists all)"),
        (
            ("clarke", "a", "--jsn"),
            'clarke: no option "--jsn"; did you mean --json?  (symflow clarke --help lists all)',
        ),
        (
            ("clarke", "a", "--latex"),
            "clarke: no option --latex here; it belongs to derive  (symflow clarke --help lists all)",
        ),
        (("clarke", "a", "--js"), 'clarke: no option "--js"; did you mean --json?  (symflow clarke --help lists all)'),
        (("clarke", "a", "--json=1"), "clarke: --json: ignored explicit argument '1'"),
        (("clarke", "a", "--width"), "clarke: --width: expected one argument"),
        (("clarke", "a", "--width", "wide"), 'clarke: --width: "wide" is no integer from 40 to 10000'),
        (("clarke", "a", "--width", "-5"), 'clarke: --width: "-5" is no integer from 40 to 10000'),
        (("clarke", "a", "--width", "9" * 5000), f'clarke: --width: "{"9" * 57}..." is no integer from 40 to 10000'),
        (("clarke", "a", "--digits", "0"), 'clarke: --digits: "0" is no integer from 1 to 100000'),
        (
            ("clarke", "a", "--time-limit", "soon"),
            'clarke: --time-limit: "soon" is no number of seconds; write for example 10',
        ),
        (
            ("clarke", "a", "--time-limit", "nan"),
            'clarke: --time-limit: "nan" is no number of seconds; write for example 10',
        ),
        (
            ("clarke", "a", "--time-limit", "-1"),
            'clarke: --time-limit: "-1" is no number of seconds; write for example 10',
        ),
        (("clarke", "a", "--variable", "w"), 'clarke: --variable: no variable "w"  (known: weights, input)'),
        (("clarke", "a", "--output", ""), "clarke: --output: is empty; give it a value"),
        (("derive", "a", "--latex", "--json"), "derive: both --latex and --json; keep one"),
        (("init", "a", "--output", "b"), "init: both FILE and --output; keep one"),
        (
            ("prove", "norm2(W1) - norm2(W2) is conserved"),
            'prove: "norm2(W1) - norm2(W2) is conserved" is no FILE; '
            "a statement goes after FILE with --claim, or with --shape 2-2-1 and --claim",
        ),
        (
            ("prove", "f==f", "--all"),
            'prove: "f==f" is no FILE; a statement goes after FILE with --claim, or with --shape 2-2-1 and --claim',
        ),
        (("prove", "my net.toml"), "my net.toml: no such file"),
        (
            ("notes", "a", "--output", "x.pdf"),
            "x.pdf: notes writes LaTeX; write --output x.tex and compile it with pdflatex",
        ),
        (("notes", "a", "--fragment", "--output", "x.pdf"), "x.pdf: notes writes LaTeX; write --output x.tex"),
        (("laws", "a", "--latex", "--output", "x.pdf"), "x.pdf: laws --latex writes LaTeX; write --output x.tex"),
        (("notes", "a", "--output", "x.HTML"), "x.HTML: notes writes LaTeX; write --output x.tex"),
        (("report", "a", "--output", "b/x.tex"), "b/x.tex: report writes HTML; write --output b/x.html"),
        (
            ("regions", "a", "--output", "x.svg"),
            "x.svg: regions writes plain text; write --output x.txt, or symflow report, which draws",
        ),
        (
            ("clarke", "a", "--output", "x.json"),
            "x.json: clarke writes plain text; write --output x.txt, or add --json",
        ),
        (
            ("derive", "a", "--output", "x.tex"),
            "x.tex: derive writes plain text; write --output x.txt, or add --latex",
        ),
        (
            ("clarke", "a", "--json", "--output", "x.html"),
            "x.html: clarke --json writes JSON; write --output x.json",
        ),
        (("verify", "none.json"), "none.json: cannot be read: No such file or directory"),
        (("verify", "a\0b"), "a?b: cannot be read; give a file or a folder"),
    ],
    ids=lambda value: " ".join(value)[:40] or "nothing" if isinstance(value, tuple) else "",
)
def test_a_usage_error_is_one_line(words: tuple[str, ...], line: str, run: Run) -> None:
    assert run(*words) == (2, "", f"symflow: {line}\n")


def test_a_file_may_be_called_like_a_statement(problem: Path, tmp_path: Path, run: Run) -> None:
    like = tmp_path / "a == b"
    like.write_text(problem.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("prove", like, "--claim", "balancing") == run("prove", problem, "--claim", "balancing")


@pytest.mark.parametrize("name", ["x", "x.txt", "x.out", "x.md", ".pdf", "net.v2", os.devnull])
def test_an_ending_that_says_nothing_is_nobodys_business(name: str) -> None:
    for command in ("notes", "report", "regions", "clarke"):
        assert parse([command, "a.toml", "--output", name]).output == name
    assert parse(["study", "a.toml", "--output", "x.json"]).output == "x.json"  # a folder of that name


@pytest.mark.parametrize("point", ["-1,2", "-1/2", "2,-1", "-.5"])
def test_a_point_may_begin_with_a_minus(point: str) -> None:
    assert parse(["clarke", "a.toml", "--at", point, "--json"]).at == point
    assert parse(["clarke", f"--at={point}", "a.toml"]).file == "a.toml"


def test_a_message_that_the_terminal_cannot_show_is_escaped() -> None:
    done = process("caf\u00e9", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert done.stderr == 'symflow: no command "caf\\xe9"  (symflow --help lists all)\n'


# ---------------------------------------------------------------------- results


def test_json_is_one_object_of_ascii_without_floats_the_same_each_time(problem: Path, run: Run) -> None:
    code, out, err = run("clarke", problem, "--json")
    assert (code, err) == (0, "")
    assert out.isascii()
    result = json.loads(out, parse_float=pytest.fail)
    assert result["vertices"] == [["1"]]
    assert result["problem"] == problem_from_tree(result["problem"]).tree()
    seed = 1 if os.environ.get("PYTHONHASHSEED") != "1" else 2  # another one than here
    assert process("clarke", problem, "--json", env={"PYTHONHASHSEED": str(seed)}).stdout == out


def test_the_problem_may_come_from_standard_input(problem: Path, run: Run) -> None:
    from_file = run("clarke", problem, "--json")[1]
    assert process("clarke", "-", "--json", input=problem.read_text()).stdout == from_file


def test_the_point_of_the_command_line_counts(problem: Path, run: Run) -> None:
    assert json.loads(run("clarke", problem, "--json", "--at", "-2/4")[1])["point"] == ["-1/2"]
    assert json.loads(run("clarke", problem, "--json", "--variable", "weights")[1])["variable"] == "weights"


def test_what_is_undecided_in_time_ends_with_3(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "cusp.toml"
    path.write_text(CUSP)
    code, out, err = run("clarke", path, "--json", "--time-limit", "0")
    assert (code, err) == (3, "")
    assert json.loads(out)["status"] == "enclosed"


def test_an_audit_is_an_answer_whatever_it_finds(problem: Path, run: Run) -> None:
    code, out, _ = run("audit", problem, "--json")
    assert code == 0
    assert [row["in_differential"] for row in json.loads(out)["conventions"]] == [False, False, True, False]


def test_verify_accepts_what_was_written_and_rejects_what_was_altered(problem: Path, tmp_path: Path, run: Run) -> None:
    written = tmp_path / "results" / "clarke.json"
    written.parent.mkdir()
    assert run("clarke", problem, "--json", "--output", written) == (0, "", "")
    for path in (written, written.parent):
        code, out, _ = run("verify", path, "--json")
        assert (code, json.loads(out)["accepted"]) == (0, True)
    written.write_text(written.read_text().replace('"minimal_norm_squared": "1"', '"minimal_norm_squared": "2"'))
    code, out, _ = run("verify", written, "--json")
    assert (code, json.loads(out)["accepted"]) == (1, False)


def test_verify_accepts_an_undecided_claim_without_calling_it_proved(problem: Path, tmp_path: Path, run: Run) -> None:
    written = tmp_path / "claim.json"
    claim = "norm2(W1) - 2*norm2(W2) is conserved at w"  # at a kink: undecided
    assert run("prove", str(problem), "--claim", claim, "--json", "--output", str(written))[0] == 3
    code, out, _ = run("verify", str(written))
    assert code == 0
    assert "without a certificate nothing in it is proved" in out
    assert "accepted" not in out


def test_verify_refuses_what_is_no_certificate_file(problem: Path, tmp_path: Path, run: Run) -> None:
    for path in (problem, tmp_path):
        code, out, err = run("verify", path)
        assert (code, out) == (2, "")
        assert err.startswith(f"symflow: {path}: ")
        assert err.count("\n") == 1


# ---------------------------------------------------------------------- init


def test_init_prints_a_problem_that_works(tmp_path: Path, run: Run) -> None:
    code, starter, err = run("init")
    assert (code, err) == (0, "")
    assert starter.startswith("# A symflow problem")
    (tmp_path / "a.toml").write_text(starter)
    assert json.loads(run("clarke", tmp_path / "a.toml", "--json")[1])["minimal_norm_squared"] == "7*exp(-1)/2"


def test_init_as_json_is_the_same_problem(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.toml").write_text(run("init")[1])
    (tmp_path / "a.json").write_text(run("init", "--json")[1])
    in_toml, in_json = (run("clarke", tmp_path / name, "--json")[1] for name in ("a.toml", "a.json"))
    assert in_toml == in_json


@pytest.mark.parametrize("words", [("init", "PATH"), ("init", "--output", "PATH")], ids=["FILE", "--output"])
def test_init_never_overwrites(words: tuple[str, ...], tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mine.toml"
    written = [str(path) if word == "PATH" else word for word in words]
    assert run(*written) == (0, "", "")
    path.write_text("my own work")
    assert run(*written) == (2, "", f"symflow: {path}: exists already; name another file\n")
    assert path.read_text() == "my own work"
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.toml"]


# ---------------------------------------------------------------------- files and streams


def test_output_replaces_a_file_and_keeps_its_mode(problem: Path, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    path.chmod(0o640)
    assert run("clarke", problem, "--json", "--output", path) == (0, "", "")
    assert json.loads(path.read_text())["command"] == "clarke"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["identity.toml", "out.json"]


def test_output_through_a_link_leaves_the_link(problem: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    run("clarke", problem, "--json", "--output", tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["command"] == "clarke"


def test_a_device_is_written_to_and_not_replaced(problem: Path, run: Run) -> None:
    assert run("clarke", problem, "--json", "--output", os.devnull) == (0, "", "")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", "is a directory; name a file in it"),
        ("none/out.json", "its folder does not exist; make it first"),
        ("identity.toml", "is the input itself; name another file"),
        ("link.toml", "is the input itself; name another file"),
        ("a\0b", "is no name of a file"),
        ("x" * 300, "cannot be written: File name too long"),
    ],
    ids=["directory", "no folder", "the input", "a link to the input", "null character", "too long"],
)
def test_a_place_that_cannot_be_written_is_refused(
    name: str, message: str, problem: Path, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "link.toml").symlink_to(problem)
    code, out, err = run("clarke", problem, "--json", "--output", f"{tmp_path}/{name}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err
    assert problem.read_text() == IDENTITY


def test_an_interrupted_write_leaves_nothing_behind(
    problem: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    (tmp_path / "out.json").write_text("old")
    assert run("clarke", problem, "--json", "--output", tmp_path / "out.json")[0] == 130
    assert (tmp_path / "out.json").read_text() == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["identity.toml", "out.json"]


def test_a_reader_that_goes_away_is_no_error(problem: Path) -> None:
    command = [sys.executable, "-m", "symflow", "clarke", str(problem), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_a_full_disk_is_one_line(problem: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "symflow", "clarke", str(problem), "--json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "symflow: standard output: cannot be written: No space left on device\n"


def test_a_closed_standard_output_is_one_line(
    problem: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["clarke", str(problem), "--json"]) == 2
    monkeypatch.undo()
    assert capsys.readouterr().err == "symflow: standard output: is closed; use --output PATH\n"


def test_a_float_never_reaches_a_result() -> None:
    from symflow.writing import json_text

    with pytest.raises(AssertionError, match="a float in a result"):
        json_text({"value": [{"digits": 0.5}]})


# ---------------------------------------------------------------------- ends


def handled_by(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def handler(_: Any) -> tuple[str, int]:
        raise error

    monkeypatch.setitem(cli._HANDLERS, "clarke", handler)


def test_an_interrupt_ends_with_130_and_one_line(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    handled_by(monkeypatch, KeyboardInterrupt())
    assert run("clarke", "a.toml") == (130, "", "symflow: interrupted\n")


def test_running_out_of_memory_is_undecided(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    handled_by(monkeypatch, MemoryError())
    code, out, err = run("clarke", "a.toml")
    assert (code, out, err.count("\n")) == (3, "", 1)


def test_an_error_of_ours_is_one_line_that_asks_to_report_it(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    handled_by(monkeypatch, ZeroDivisionError("1\n/0"))
    monkeypatch.delenv("SYMFLOW_DEBUG", raising=False)
    code, out, err = run("clarke", "a.toml")
    assert (code, out) == (70, "")
    assert err.startswith("symflow: internal error in clarke: ZeroDivisionError: 1 /0; please report it")
    assert err.count("\n") == 1


def test_an_error_of_ours_is_a_traceback_for_those_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    handled_by(monkeypatch, ZeroDivisionError("1/0"))
    monkeypatch.setenv("SYMFLOW_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["clarke", "a.toml"])


def test_what_is_found_wrong_late_names_the_file_too(problem: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise InputError("too hard; ask for less", place="network.weights")

    monkeypatch.setattr("symflow.differentials.clarke.clarke_differential", refuses)
    assert run("clarke", problem, "--json") == (2, "", f"symflow: {problem}: network.weights: too hard; ask for less\n")


# ---------------------------------------------------------------------- text


def test_colour_and_unicode_depend_on_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    from symflow.writing import has_colour, is_plain

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert (is_plain(Terminal()), is_plain(latin), is_plain(None)) == (False, True, True)
    assert (has_colour(Terminal()), has_colour(latin), has_colour(None)) == (True, False, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colour(Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert (is_plain(Terminal()), has_colour(Terminal())) == (True, False)


def test_text_is_ascii_where_the_stream_or_the_user_asks_for_it(
    problem: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(encoding: str, terminal: str) -> str:
        with monkeypatch.context() as patch:
            patch.setenv("TERM", terminal)
            patch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
            assert main(["audit", str(problem)]) == 0
            sys.stdout.flush()
            return sys.stdout.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined, no-any-return]

    unicode = written("utf-8", "xterm")
    code, asked, _ = run("audit", problem, "--ascii")
    assert code == 0
    assert "■ exact" in unicode
    assert "[exact]" in asked
    assert asked.isascii()
    assert asked == written("latin-1", "xterm") == written("utf-8", "dumb")
    assert len(asked.splitlines()) == len(unicode.splitlines())


def test_text_in_a_file_is_utf_8_whatever_the_terminal_is(problem: Path, tmp_path: Path, run: Run) -> None:
    assert run("audit", problem, "--output", tmp_path / "a.txt") == (0, "", "")
    assert "■ exact" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "\x1b" not in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_a_title_outside_ascii_is_escaped_where_it_must_be(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(IDENTITY.replace("relu(x) - relu(-x)", "Ein Knick über ∅"), encoding="utf-8")
    done = process("audit", path, env={"PYTHONIOENCODING": "ascii", "TERM": "xterm"}, encoding="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ein Knick " in done.stdout


SHAPE = """
[network]
activation = "relu"
widths = [2, 2, 1]
"""


def test_derive_gives_closed_forms_as_text_latex_and_json(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "shape.toml"
    path.write_text(SHAPE)
    code, out, err = run("derive", path, "--ascii")
    assert (code, err, out.isascii()) == (0, "", True)
    assert "v1 <u1, x> + v2 <u2, x>" in out
    code, out, err = run("derive", path, "--latex")
    assert (code, err, out.isascii()) == (0, "", True)
    assert r"\begin{cases}" in out
    code, out, err = run("derive", path, "--json")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (len(result["pieces"]), result["undecided_patterns"]) == (4, [])


# ---------------------------------------------------------------------- study


def test_study_writes_a_folder_that_verify_accepts(
    problem: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no pdflatex: its time is another test's
    code, out, err = run("study", problem, "--output", tmp_path / "study", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["command"] == "study"
    assert (tmp_path / "study" / "results.json").read_text() == out
    assert run("verify", tmp_path / "study" / "certificates")[0] == 0


def test_study_refuses_a_folder_of_yours_and_a_problem_that_lacks_something(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.json").write_text('{"network": {"weights": [[["1"], ["2"]]]}, "data": {"inputs": [["1"]]}}')
    code, out, err = run("study", tmp_path / "a.json", "--output", tmp_path)
    assert (code, out) == (2, "")
    assert err == f"symflow: {tmp_path}: is not empty, and no study wrote it; name another folder with --output\n"
    code, out, err = run("study", tmp_path / "a.json", "--output", tmp_path / "study")
    assert (code, out) == (2, "")
    assert err.startswith(f"symflow: {tmp_path / 'a.json'}: objective.output: missing")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]
