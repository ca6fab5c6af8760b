"""``symflow regions``: whose cells it lists, how it stops and goes on, and what it refuses."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symflow import long_command, regions_command
from symflow.cli import main
from symflow.regions import enumeration
from symflow.regions.enumeration import Progress
from symflow.usage import Arguments

# Three lines through a point, the last neuron on one side everywhere; two data for the weights.
FILE = """
title = "Three lines"
[network]
activation = "relu"
weights = [[["1", "0"], ["0", "1"], ["1", "-1"]], [["1", "2", "1"]]]
[data]
inputs = [["1", "0"], ["1", "1"]]
"""

CORNER = """
[network]
activation = "relu"
weights = [[["0","1"],["-1","0"],["1","-1"]], [["-1","1","1"],["-1","1","-1"]], [["2","1"]]]
biases  = [["-2","2","0"],["1","1"],["0"]]
"""

# Several thousand cells.
HUGE = {
    "network": {
        "activation": "relu",
        "weights": [[[str((7 * i * i + 3 * i * j) % 97 - 48) for j in range(1, 4)] for i in range(40)], [["1"] * 40]],
        "biases": [[str(i * i % 37 - 18) for i in range(40)], ["0"]],
    }
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with the problems above."""
    monkeypatch.chdir(tmp_path)
    Path("lines.toml").write_text(FILE)
    Path("corner.toml").write_text(CORNER)
    Path("huge.json").write_text(json.dumps(HUGE))

    def command(*words: object) -> tuple[int, str, str]:
        code = main(["regions", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def found(run: Run, *words: object) -> Any:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    assert out.isascii()
    return json.loads(out, parse_float=pytest.fail)


# ---------------------------------------------------------------------- whose cells


def test_cells_are_those_of_the_input_unless_somebody_says_weights(run: Run) -> None:
    assert found(run, "lines.toml")["variable"] == "input"
    assert found(run, "lines.toml") == found(run, "lines.toml", "--variable", "input")
    weights = found(run, "lines.toml", "--variable", "weights")
    assert (weights["variable"], weights["n_cells"], weights["cells"]) == ("weights", 64, None)
    Path("weights.toml").write_text(FILE + '[objective]\nvariable = "weights"\n')
    assert found(run, "weights.toml") == weights
    assert found(run, "weights.toml", "--variable", "input")["cells"] == found(run, "lines.toml")["cells"]


def test_it_needs_no_data_and_lists_the_cells_of_every_output(run: Run) -> None:
    Path("two.toml").write_text('[network]\nactivation = "relu"\nweights = [[["1"]], [["1"], ["-1"]]]\n')
    result = found(run, "two.toml")
    assert (result["n_cells"], result["n_adjacencies"], result["n_maps"]) == (2, 1, 2)
    assert result["cells"][1]["map"] == {"gradient": [["1"], ["-1"]], "offset": ["0", "0"]}


def test_text_is_the_document(run: Run) -> None:
    code, out, err = run("lines.toml")
    assert (code, err) == (0, "")
    lines = [line for line in out.splitlines() if line]
    assert lines[0] == "  Three lines.  2-3-1 relu net, in the input."
    assert lines[1] == "  6 cells, 6 walls, 1 corner.  None is bounded.  6 affine maps.                  ■ exact"
    code, out, _ = run("lines.toml", "--variable", "weights")
    assert code == 0
    assert "  3 neurons × 4 cells: 64 cells, 192 walls.  None is bounded." in out
    _, out, _ = run("lines.toml", "--ascii", "--width", "60")
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 60


def test_the_domain_counts_in_input_space_only(run: Run) -> None:
    Path("box.toml").write_text(FILE + '[domain]\nbox = [["1", "2"], ["-1", "1/2"]]\n')
    result = found(run, "box.toml")
    assert (result["n_cells"], result["n_bounded"]) == (2, 2)
    assert found(run, "box.toml", "--variable", "weights")["n_cells"] == 64


def test_verify_accepts_what_it_writes(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("lines", "corner"):
        assert run(f"{name}.toml", "--json", "--output", f"{name}.json") == (0, "", "")
        assert main(["verify", f"{name}.json"]) == 0
        capsys.readouterr()
    assert run("lines.toml", "--variable", "weights", "--json", "--output", "weights.json") == (0, "", "")
    assert main(["verify", "weights.json"]) == 0


@pytest.mark.parametrize(
    ("network", "words", "line"),
    [
        (
            'activation = {name = "relu_power", power = 2}\nweights = [[["1"]], [["1"]]]',
            (),
            "network.activation: layer 1 is relu_power",
        ),
        ('activation = "relu"\nwidths = [2, 3, 1]', (), "network.widths: the weights are symbolic; give weights"),
        ('activation = "relu"\nwidths = [2, 3, 1]', ("--variable", "weights"), "data.inputs: missing; add inputs"),
        ('activation = "relu"\nwidths = [2, 3, 3, 1]\n[data]\ninputs = [["1", "1"]]', ("--variable", "weights"), ""),
        (
            'activation = "relu"\nweights = [[["1"]], [["1"]]]\n[data]\ninputs = "symbolic"',
            ("--variable", "weights"),
            "data.inputs: the input is symbolic; give inputs",
        ),
        (
            'activation = "relu"\nweights = [[["1"]], [["1"]]]\n[domain]\nA = [["1"], ["-1"]]\nb = ["0", "-1"]',
            (),
            "domain: the domain has no interior",
        ),
    ],
)
def test_what_has_no_cells_to_list_is_refused_in_one_line(
    network: str, words: tuple[str, ...], line: str, run: Run
) -> None:
    Path("bad.toml").write_text(f"[network]\n{network}\n")
    code, out, err = run("bad.toml", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("symflow: bad.toml: ")
    assert line in err


def test_symbolic_weights_have_cells_in_weight_space(run: Run) -> None:
    Path("s.toml").write_text('[network]\nactivation="relu"\nwidths=[2, 2, 1]\n[data]\ninputs=[["1","0"],["0","1"]]\n')
    assert found(run, "s.toml", "--variable", "weights")["n_cells"] == 16


def test_cells_of_too_many_dimensions_are_refused_at_once(run: Run) -> None:
    rows = [[str(int(i == j)) for j in range(30)] for i in range(30)]
    tree = {"network": {"activation": "relu", "weights": [rows, [["1"] * 30]]}}
    Path("many.json").write_text(json.dumps(tree))
    code, _, err = run("many.json")
    assert code == 2
    assert "the cells have dimension 30, and 2^30 faces each at least" in err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "regions: which file?  write symflow regions FILE"),
        (("lines.toml", "--workers", "0"), 'regions: --workers: "0" is no integer from 1 to 1024'),
        (("lines.toml", "--max-cells", "x"), 'regions: --max-cells: "x" is no integer from 1 to 999999999'),
        (("lines.toml", "--workers", "2", "--cluster", "a:1"), "regions: both --workers and --cluster; keep one"),
        (("lines.toml", "--resume", "no.json"), "no.json: cannot be read: No such file or directory"),
        (("--resume", "lines.toml"), "lines.toml: is not JSON; give what symflow regions --json wrote"),
        (("--resume", "list.json"), "list.json: no result of symflow regions --json; give one, or the problem"),
        (("lines.toml", "--resume", "huge.json"), "huge.json: command: missing"),
        (("lines.toml", "--resume", "other.json"), "other.json: problem.network: not the network of this problem"),
        (("lines.toml", "--variable", "weights", "--resume", "other.json"), "lines.toml: --resume: cells in weight"),
    ],
)
def test_a_usage_error_is_one_line(words: tuple[str, ...], line: str, run: Run) -> None:
    Path("list.json").write_text("[]")
    run("corner.toml", "--json", "--output", "other.json")
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"symflow: {line}")


# ---------------------------------------------------------------------- it stops, and goes on


def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_bytes(run: Run) -> None:
    assert run("corner.toml", "--json", "--output", "whole.json") == (0, "", "")
    code, out, err = run("corner.toml", "--max-cells", 5, "--json", "--output", "part.json")
    assert (code, out) == (3, "")
    assert err == "symflow: 5 cells so far, in part.json; go on with  symflow regions --resume part.json\n"
    part = json.loads(Path("part.json").read_text())
    assert (part["status"], part["n_cells"], len(part["cells"])) == ("incomplete", 5, 5)
    code, _, _ = run("corner.toml", "--resume", "part.json", "--max-cells", 3, "--json", "--output", "part.json")
    assert code == 3
    assert json.loads(Path("part.json").read_text())["n_cells"] == 8
    assert run("--resume", "part.json", "--json", "--output", "part.json") == (0, "", "")
    assert Path("part.json").read_bytes() == Path("whole.json").read_bytes()
    assert run("--resume", "part.json")[1] == run("corner.toml")[1], "what is complete stays so"


def test_an_incomplete_result_ends_with_3_and_says_how_to_go_on(run: Run) -> None:
    code, out, err = run("corner.toml", "--max-cells", 5)
    assert (code, err) == (3, "")
    assert "  At least 5 cells and 4 walls; the rest is open." in out
    assert "  next              keep what is found:  --json --output PART" in out
    assert "                    go on from there:    symflow regions --resume PART" in out
    code, out, err = run("corner.toml", "--time-limit", "0", "--json")
    assert code == 3
    assert json.loads(out)["missing"] == ["*****"]
    assert err == "symflow: 0 cells so far; with --output PART, symflow regions --resume PART goes on from there\n"


def test_counting_in_weight_space_stops_in_time(run: Run) -> None:
    data = [[str((i * i * j + 3 * i + j) % 23 - 11) for j in range(1, 9)] for i in range(40)]
    tree = {"network": {"activation": "relu", "widths": [8, 2, 1]}, "data": {"inputs": data}}
    Path("many.json").write_text(json.dumps(tree))
    code, out, err = run("many.json", "--variable", "weights", "--time-limit", "0")
    assert (code, out, err.count("\n")) == (3, "", 1)


def interrupt_when_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C as soon as there are cells; pieces are small, so that there are some soon."""

    def press(now: Progress) -> None:
        if now.n_found:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(enumeration, "_UNDISTURBED", 0.01)
    monkeypatch.setattr(enumeration, "MOST_FACES", 500)
    monkeypatch.setattr(regions_command, "_meter", lambda *_: press)


def test_ctrl_c_keeps_what_was_found_and_says_where(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_when_something_is_found(monkeypatch)
    before = signal.getsignal(signal.SIGINT)
    code, out, err = run("huge.json", "--json", "--output", "part.json")
    assert (code, out) == (130, "")
    part = json.loads(Path("part.json").read_text())
    assert part["status"] == "incomplete"
    assert part["n_cells"] == len(part["cells"]) > 0
    start = f"symflow: interrupted; {part['n_cells']} cell"
    assert err.startswith(start)
    assert err.endswith(" so far, in part.json; go on with  symflow regions --resume part.json\n")
    assert signal.getsignal(signal.SIGINT) is before
    code, out, err = run("huge.json")
    assert code == 130
    assert "At least " in out
    assert err.startswith("symflow: interrupted; ")


def test_a_second_ctrl_c_ends_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, control: Any, **__: Any) -> None:
        while True:
            os.kill(os.getpid(), signal.SIGINT)
            assert control.is_interrupted()

    monkeypatch.setattr(regions_command.RegionGraph, "of", never)
    assert run("huge.json") == (130, "", "symflow: interrupted\n")


def test_off_the_main_thread_nothing_is_installed(run: Run) -> None:
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(main(["regions", "lines.toml", "--quiet"])))
    thread.start()
    thread.join()
    assert answers == [0]


# ---------------------------------------------------------------------- workers


@pytest.mark.slow
def test_workers_bring_the_same_bytes(run: Run) -> None:
    # In a process of its own: its workers begin with what its main module is.
    Path("large.json").write_text(json.dumps(large()))
    command = [sys.executable, "-m", "symflow", "regions", "large.json", "--json"]
    with_workers = subprocess.run([*command, "--workers", "2"], capture_output=True, check=True)
    assert with_workers.stderr == b""
    assert with_workers.stdout.decode() == run("large.json", "--json")[1]


def large() -> dict[str, Any]:
    """Return a net that takes longer than what is done before workers are asked."""
    rows = [[str((7 * i * i + 3 * j + i * j * j) % 29 - 14) for j in range(3)] for i in range(16)]
    last = [[str((5 * i + j * j) % 7 - 3) for j in range(16)] for i in range(6)]
    biases = [[str(i % 9 - 4) for i in range(16)], [str(i - 3) for i in range(6)], ["0"]]
    return {"network": {"activation": "relu", "weights": [rows, last, [["1"] * 6]], "biases": biases}}


def test_one_worker_is_this_process(run: Run) -> None:
    assert run("corner.toml", "--workers", 1) == run("corner.toml")


# ---------------------------------------------------------------------- progress


def test_progress_is_one_line_that_rewrites_itself_on_a_terminal_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(long_command, "EVERY", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run("corner.toml")[0] == 0
    shown = [line.strip() for line in terminal.getvalue().split("\r\x1b[K") if line]
    assert shown[0].endswith(" being cut ...")
    assert shown[-1] == "12 cells; their points and maps ..."
    assert terminal.getvalue().endswith("\r\x1b[K")
    for words, term in ((("--quiet",), "xterm"), ((), "dumb")):
        monkeypatch.setenv("TERM", term)
        monkeypatch.setattr(sys, "stderr", quiet := Terminal())
        assert run("corner.toml", *words)[0] == 0
        assert quiet.getvalue() == ""


def test_the_meter_tells_cells_rate_and_what_is_open() -> None:
    told: list[str] = []
    pressed = False
    meter = regions_command._meter(told.append, lambda: pressed)
    meter(Progress(0, 4))
    assert told == [], "not so soon"
    time.sleep(long_command.EVERY)
    meter(Progress(0, 4))
    assert told == ["0 cells; 4 being cut"]
    pressed = True
    time.sleep(long_command.EVERY)
    meter(Progress(10, 3))
    assert told[1].startswith("10 cells, ")
    assert told[1].endswith(" a second; 3 being cut; stopping, Ctrl-C again ends at once")


def test_a_later_run_searches_even_if_reading_the_earlier_result_took_all_the_time() -> None:
    """Else it would find nothing, whenever it is tried."""
    begin = time.monotonic() - 100  # and seven seconds were given
    arguments = Arguments("regions", resume="part.json", json=True, deadline=begin + 7)
    end = regions_command._end_of_search(arguments, begin, n_earlier=1000)
    assert end is not None
    assert 0 < end - time.monotonic() <= 1


def test_what_an_earlier_result_takes_to_be_written_again_is_left() -> None:
    begin = time.monotonic()
    arguments = Arguments("regions", resume="part.json", json=True, deadline=begin + 1000)
    ends = [regions_command._end_of_search(arguments, begin, n_earlier=n) for n in (0, 1000, 10**9)]
    assert ends[0] == begin + 1000
    assert ends[1] == pytest.approx(begin + 998)
    assert ends[2] is not None
    assert 100 < ends[2] - begin < 200, "a seventh in any case"
    assert regions_command._end_of_search(Arguments("regions"), begin, n_earlier=0) is None
