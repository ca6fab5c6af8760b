"""symflow flow at the terminal: what it says, what it writes, going on, refusing, stopping."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from symflow.cli import main
from symflow.flows import gradient_flow as door
from tests.flows.by_hand import DEMO

CORNER = {
    "title": "A corner where autodiff stops",
    "network": {
        "activation": "relu",
        "weights": [
            [["0", "1"], ["-1", "0"], ["1", "-1"]],
            [["-1", "1", "1"], ["-1", "1", "-1"]],
            [["2", "1"]],
        ],
        "biases": [["-2", "2", "0"], ["1", "1"], ["0"]],
    },
    "data": {"inputs": [["1", "-5/2"]]},
    "objective": {"variable": "input"},
    "flow": {"until": "10"},
}
RIDGE = {
    "title": "One neuron on a ridge",
    "network": {"activation": "relu", "weights": [[["0", "1"]], [["1"]]]},
    "data": {"inputs": [["2", "0"], ["-1", "1"]], "labels": ["1", "1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
    "flow": {"until": "1", "digits": 30, "trained": ["W1"]},
}

Run = Callable[..., tuple[int, str, str]]
Write = Callable[[dict[str, Any]], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def one(tree: dict[str, Any], name: str = "problem.json") -> str:
        path = tmp_path / name
        path.write_text(json.dumps(tree))
        return str(path)

    return one


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def command(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def result(run: Run, *words: object) -> dict[str, Any]:
    code, out, err = run("flow", *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


# ---------------------------------------------------------------------- what it says


def test_the_exact_path_of_the_corner(run: Run, write: Write) -> None:
    code, out, err = run("flow", write(CORNER))
    assert (code, err) == (0, "")
    assert (
        out
        == """
  A corner where autodiff stops.  x' in −∂f(x) from x = (1, −5/2), 0 ≤ t ≤ 10.

  Comes to rest at t = 10/3: 0 is in ∂f there.  The solution is unique.          ■ exact

  t     x          f   x'          what happens
  0     (1, −5/2)  11  (0, 2)      runs inside the cell −++|+−
  3/4   (1, −1)    8   (4/5, 8/5)  slides along the kink of (2,2)
  2     (2, 1)     4   (0, 1)      slides along the kink of (1,2); leaves the kink of (2,2)
  3     (2, 2)     3   (0, 3)      crosses the kinks of (1,1), (1,3); stays on that of (1,2)
  10/3  (2, 3)     0   (0, 0)      at rest: 0 is in ∂f

  energy            f(x(0)) − f(x(t)) = ∫ ‖x'‖² dt:  3 + 4 + 1 + 3 = 11
  at (2, 2)         autodiff says 0, which is not in ∂f(2, 2): a descent by it stops
                    here

  unique            at every event all but one straight continuation are excluded in
                    exact arithmetic, and where one is left it is the only solution
"""
    )


def test_the_demo_has_the_numbers_of_the_lecture(run: Run, write: Write) -> None:
    code, out, err = run("flow", write(DEMO))
    assert (code, err) == (0, "")
    for line in (
        "  Crosses the kink at once, meets no other; the only solution.",
        "   0    1.60653066     4.25000000    0.00000000    −0.11154753",
        "   1    0.46705571     6.87135436    0.20359052     0.11079427",
        "   5    0.05564918    12.73481013    0.28094374     0.22683400",
        "  10    0.02111260    15.45429804    0.29405398     0.24963186",
        "  events            t = 0: neuron 1 goes on for datum 1 and off for datum 2 (crossing)",
        "  conserved         ‖W1[1,·]‖² − W2[1,1]² = 1",
        "                    ‖W1[2,·]‖² − W2[1,2]² = 3/4",
        "  soft margin       0 at t = 0.34322 10439 07011…, does not decrease after",
        "  w(10)    W1     2.17502 00438 24956…     0.17502 00438 24956…",
        "                 −1.79244 04844 61129…    −0.79244 04844 61129…",
        "           W2     1.93941 85228 51837…    −1.75806 84889 24205…",
    ):
        assert line in out, line


def test_a_ridge_is_reported_and_never_chosen_silently(run: Run, write: Write) -> None:
    code, out, _ = run("flow", write(RIDGE))
    assert code == 0
    assert "  The solution is not unique: w lies on a ridge.                                 ■ exact" in out
    assert "to the + side     d/dt z = 4 − 2e^(−1) > 0, away from the kink" in out
    assert "to the − side     d/dt z = −2e^(−1) < 0, away from the kink" in out
    assert 'choose:  on_nonunique = "ridge" | "descent" | "+" | "-"' in out


@pytest.mark.parametrize(("choice", "first"), [("ridge", "0"), ("+", None), ("-", None), ("descent", None)])
def test_a_choice_goes_on(run: Run, write: Write, choice: str, first: str | None) -> None:
    found = result(run, write(RIDGE), "--on-nonunique", choice)
    assert found["status"] == "completed"
    assert found["is_unique"] is not True
    assert found["problem"]["flow"]["on_nonunique"] == choice
    if first is not None:  # the ridge: u(t) = (0, ln(e + t))
        assert found["state"][0] == first
        assert abs(Decimal(found["state"][1]) - (Decimal(1).exp() + 1).ln()) < Decimal("1e-25")


def test_ascii_and_full(run: Run, write: Write) -> None:
    code, out, _ = run("flow", write(CORNER), "--ascii")
    assert code == 0
    assert out.isascii()
    _, out, _ = run("flow", write(DEMO), "--full")
    assert "W1[1,1]    2.17502 00438 24956 45385 25856 15543 26590 16134 17318 09017" in out


# ---------------------------------------------------------------------- JSON


def test_the_result_has_the_keys_of_the_contract(run: Run, write: Write) -> None:
    found = result(run, write(DEMO))
    assert found["command"] == "flow"
    assert (found["status"], found["digits"], found["time"], found["radius"]) == ("completed", 50, "10", None)
    assert found["parameters"] == ["W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]"]
    assert [(e["layer"], e["neuron"], e["datum"], e["kind"], e["to"]) for e in found["events"]] == [
        (1, 1, 1, "crossing", "+"),
        (1, 1, 2, "crossing", "-"),
    ]
    assert [row["time"] for row in found["checkpoints"]] == ["0", "1", "5", "10"]
    assert [(law["name"], law["value"]) for law in found["invariants"][:2]] == [
        ("|W1[1,:]|^2 - W2[1,1]^2", "1"),
        ("|W1[2,:]|^2 - W2[1,2]^2", "3/4"),
    ]
    for text in found["state"]:
        assert len(text.partition(".")[2]) <= 51
    assert result(run, write(DEMO)) == found


def test_exact_results_are_rationals(run: Run, write: Write) -> None:
    found = result(run, write(CORNER))
    assert (found["status"], found["time"], found["state"], found["objective"]) == (
        "stationary",
        "10/3",
        ["2", "3"],
        "0",
    )
    assert found["is_exact"] is True
    assert found["events"][0]["time"] == "3/4"


def test_the_command_line_goes_before_the_file(run: Run, write: Write) -> None:
    found = result(run, write(DEMO), "--until", "2", "--digits", "20", "--checkpoints", "1/2, 1")
    assert found["problem"]["flow"] == {
        "until": "2",
        "digits": 20,
        "checkpoints": ["1/2", "1"],
        "on_nonunique": "report",
        "validated": False,
    }
    assert [row["time"] for row in found["checkpoints"]] == ["0.5", "1"], "those that were asked for"
    assert (found["start"]["time"], found["end"]["time"]) == ("0", "2")


# ---------------------------------------------------------------------- going on from a result


def test_going_on_from_a_file_agrees_with_one_run(run: Run, write: Write, tmp_path: Path) -> None:
    path = write(DEMO)
    assert run("flow", path, "--until", "5", "--checkpoints", "1", "--json", "--output", "part.json")[0] == 0
    whole = result(run, "--from", "part.json", "--until", "10", "--checkpoints", "1,5,8")
    once = result(run, path, "--checkpoints", "1,5,8")
    for a, b in zip(whole["state"], once["state"], strict=True):
        assert abs(Decimal(a) - Decimal(b)) <= Decimal(2) * Decimal(10) ** -50 * max(1, abs(Decimal(b)))
    assert whole["continued_at"] == "5"
    assert whole["events"] == once["events"]
    assert [row["time"] for row in whole["checkpoints"]] == ["1", "5", "8"]
    assert whole["start"] == once["start"]
    assert [law["value"] for law in whole["invariants"]] == [law["value"] for law in once["invariants"]]
    names = {monitor["name"]: monitor for monitor in whole["monitors"]}
    assert Decimal(names["energy_balance"]["residual"]) < Decimal(10) ** -49
    assert run("flow", path, "--from", "part.json", "--until", "10")[0] == 0
    (tmp_path / "whole.json").write_text(json.dumps(whole))
    assert run("verify", "whole.json")[0] == 3  # nothing is wrong; digits are not re-checked


def test_going_on_is_refused_where_there_is_nothing_to_go_on_from(run: Run, write: Write) -> None:
    path = write(DEMO)
    run("flow", path, "--until", "5", "--json", "--output", "part.json")
    other = write({**DEMO, "objective": {"kind": "risk", "loss": "logistic"}}, "other.json")  # type: ignore[call-arg]
    for words, message in (
        (("--from", "part.json", "--until", "4"), "4 is not after 5"),
        (("--from", "missing.json", "--until", "4"), "cannot be read"),
        (("--from", path, "--until", "6"), "no result of symflow flow --json"),
        ((other, "--from", "part.json", "--until", "6"), "the result of another problem"),
    ):
        code, out, err = run("flow", *words)
        assert (code, out) == (2, "")
        assert message in err
        assert len(err.splitlines()) == 1


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        ({"flow": None}, (), 'flow: missing; add until = "10" to a section [flow], or give --until 10'),
        ({"flow": {"digits": 20}}, (), 'flow.until: missing; add until = "10"'),
        ({}, ("--until", "ten"), "--until: "),
        ({}, ("--until", "-1"), "-1 is before the start"),
        ({}, ("--checkpoints", "1,,2"), "--checkpoints: "),
        ({}, ("--checkpoints", "11"), "11 is not between 0 and 10"),
        ({}, ("--on-nonunique", "rigde"), 'no choice "rigde"; did you mean ridge?'),
        ({}, ("--digits", "0"), "no integer from 1"),
        ({}, ("--picture", "path.gif"), "path.gif: is no kind of picture; end the name in .svg, .png or .pdf"),
        ({"data": {"inputs": [["1", "1"]]}}, (), "data.labels: missing, needed by a risk"),
        ({"flow": {"until": "1", "trained": ["W3"]}}, (), "flow.trained, entry 1"),
    ],
)
def test_what_is_wrong_is_one_line(
    run: Run, write: Write, change: dict[str, Any], words: tuple[str, ...], message: str
) -> None:
    tree = {key: value for key, value in {**DEMO, **change}.items() if value is not None}
    code, out, err = run("flow", write(tree), *words)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_power_of_the_rectifier_does_not_flow_in_the_input(run: Run, write: Write) -> None:
    network = {"activation": {"name": "relu_power", "power": 2}, "weights": [[["1"]], [["1"]]]}
    tree = {"network": network, "data": {"inputs": [["1"]]}, "objective": {"variable": "input"}, "flow": {"until": "1"}}
    code, _, err = run("flow", write(tree))
    assert code == 2
    assert "relu_power makes no affine pieces" in err


# ---------------------------------------------------------------------- verify, pictures, stopping


def test_verify_checks_what_is_exact_and_names_the_rest(run: Run, write: Write) -> None:
    for tree, code, accepted in ((DEMO, 3, False), (RIDGE, 0, True), (CORNER, 0, True)):
        run("flow", write(tree), "--json", "--output", "found.json")
        found, out, _ = run("verify", "found.json", "--json")
        report = json.loads(out)
        assert (found, report["accepted"], report["rejected"]) == (code, accepted, [])
    assert run("flow", write(DEMO), "--json", "--output", "found.json")[0] == 0
    assert any("digits" in claim for claim in json.loads(run("verify", "found.json", "--json")[1])["not_checked"])


@pytest.mark.parametrize("tree", [DEMO, CORNER], ids=["weights", "input"])
def test_a_picture_is_written(run: Run, write: Write, tree: dict[str, Any], tmp_path: Path) -> None:
    code, out, _ = run("flow", write(tree), "--digits", "15", "--picture", "path.svg")
    assert code == 0
    assert out
    assert (tmp_path / "path.svg").read_text().startswith("<svg")


def test_a_flow_of_no_length_has_a_result_and_no_picture(run: Run, write: Write, tmp_path: Path) -> None:
    code, out, err = run("flow", write(RIDGE), "--picture", "path.svg")
    assert code == 0
    assert "not unique" in out
    assert err == "symflow: no picture was written: there is nothing to draw: the trajectory has no length\n"
    assert not (tmp_path / "path.svg").exists()


def test_without_time_the_flow_so_far_is_written(run: Run, write: Write) -> None:
    code, out, err = run("flow", write(DEMO), "--time-limit", "0", "--json")
    found = json.loads(out)
    assert (code, err, found["status"]) == (3, "", "undecided")
    assert found["reason"]
    code, out, _ = run("flow", write(DEMO), "--time-limit", "0")
    assert code == 3
    assert "□ undecided" in out


def test_ctrl_c_keeps_the_flow_so_far(write: Write, tmp_path: Path) -> None:
    tree = {**DEMO, "flow": {"until": "1000000000", "digits": 400}}
    words = ["flow", str(write(tree)), "--json", "--output", str(tmp_path / "part.json")]
    # It says when everything is loaded, however slow the machine.
    script = "import symflow.flow_command, symflow.cli; print('now', flush=True); "
    script += f"raise SystemExit(symflow.cli.main({words!r}))"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "interrupted" in err
    found = json.loads((tmp_path / "part.json").read_text())
    assert found["status"] == "undecided"


def test_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    from symflow.exact.rationals import fmpq
    from symflow.flows.options import FlowOptions
    from tests.flows.by_hand import demo_risk

    door.flow_of(demo_risk(), FlowOptions(fmpq(10), progress=lambda t, n: told.append((float(t), n))))
    assert told
    assert told == sorted(told)
    assert told[-1][1] == 2


def test_what_goes_on_from_a_chosen_solution_is_not_the_only_one(run: Run, write: Write, tmp_path: Path) -> None:
    """relu(w) from w = 0: the + side was chosen until t = 1; after it no kink is met, and yet w might have stayed."""
    tree = {**RIDGE, "network": {"activation": "relu", "weights": [[["0"]], [["1"]]]}}
    tree["data"] = {"inputs": [["1"]], "labels": ["1"]}
    saved = tmp_path / "saved.json"
    run("flow", write(tree), "--on-nonunique=+", "--json", "--output", str(saved))
    code, out, _ = run("flow", "--from", str(saved), "--until", "2")
    assert code == 0
    assert "one of several solutions" in out
    assert "the only solution" not in out


def test_a_choice_that_names_no_branch_is_told_on_standard_error_too(run: Run, write: Write) -> None:
    tree = {**RIDGE, "network": {"activation": "relu", "weights": [[["0"]], [["1"]]]}}
    tree["data"] = {"inputs": [["1"]], "labels": ["1"]}
    code, out, err = run("flow", write(tree), "--on-nonunique=-")
    assert code == 0  # it was decided that the solution is not unique
    assert 'on_nonunique = "-" names no single branch' in " ".join(out.split())
    assert 'on_nonunique = "-" names no branch here; the branches are listed' in err
    assert '"-"' not in out.partition("choose:")[2]
