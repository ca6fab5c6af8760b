"""``symflow report``: where the page goes, which map is on it, and what the command refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symflow import report_command
from symflow.cli import main
from symflow.errors import BudgetExceededError
from symflow.problem_tree import problem_from_tree
from symflow.report_command import one_output, report_page
from tests.pictures.nets import CORNER as CORNER_NET
from tests.reports.test_report_page import CORNER, DEMO

THREE: dict[str, Any] = {
    "network": {
        "activation": "relu",
        "weights": [[["1", "0", "1"], ["0", "1", "-1"], ["1", "1", "1"]], [["1", "-1", "2"]]],
        "biases": [["0", "1", "-1"], ["0"]],
    },
    "data": {"inputs": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"], ["1", "1", "1"]]},
}
PROBLEMS = {
    "corner": CORNER | {"flow": {"until": "4"}},
    "demo": DEMO,
    "three": THREE,
    "outputs": {"network": {"activation": "relu", "weights": [[["1", "0"], ["0", "1"]], [["1", "1"], ["1", "2"]]]}},
    "shape": {"network": {"widths": [2, 2, 1], "activation": "relu"}},
    "smooth": {
        "network": {"activation": {"name": "relu_power", "power": 2}, "weights": [[["1", "1"]], [["1"]]]},
        "data": {"inputs": [["1", "-1"]]},
    },
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with the problems above."""
    monkeypatch.chdir(tmp_path)
    for name, tree in PROBLEMS.items():
        Path(f"{name}.json").write_text(json.dumps(tree))

    def command(*words: str) -> tuple[int, str, str]:
        code = main(["report", *words])
        return code, *capsys.readouterr()

    return command


def data_of(page: str) -> dict[str, Any]:
    return json.loads(re.findall(r'id="data">(.*?)</script>', page)[0])  # type: ignore[no-any-return]


def test_the_page_goes_to_standard_output_or_to_the_file(run: Run) -> None:
    code, out, err = run("corner.json")
    assert (code, err) == (0, "")
    assert out.startswith("<!doctype html>\n")
    assert run("corner.json", "--output", "page.html") == (0, "", "")
    assert Path("page.html").read_text(encoding="utf-8") == out


def test_the_point_may_be_given(run: Run) -> None:
    _, out, _ = run("corner.json", "--at", "3/2,2")
    assert data_of(out)["flow"]["at"][0][1] == ["3/2", "2"]


def test_the_variable_may_be_given(run: Run) -> None:
    _, out, _ = run("demo.json", "--variable", "input", "--at", "2,1")
    assert ", in the input, at " in out
    assert data_of(out)["start"] == "p"
    assert "2 data, exponential risk, in the weights." in run("demo.json")[1]


def test_several_outputs_need_one(run: Run) -> None:
    code, out, err = run("outputs.json")
    assert (code, out) == (2, "")
    assert "add output = .., from 1 to 2" in err


def test_one_output_is_that_of_the_net() -> None:
    """At (2, 1): f2 = x1 + 2 x2 = 4."""
    tree = PROBLEMS["outputs"] | {"objective": {"output": 2, "variable": "input", "at": ["2", "1"]}}
    problem = problem_from_tree(tree)
    data = data_of(report_page(problem).text)
    gradients = [data["vectors"][cell[1]] for cell in data["cells"]]
    assert gradients == [["0", "0"], ["0", "2"], ["1", "0"], ["1", "2"]]
    assert one_output(problem.known_network, 1)((2, 1)) == (4,)


def test_of_a_shape_it_says_what_holds_for_all_weights(run: Run) -> None:
    """Of 2-2-1 the signs of two neurons are free: 4 pieces; and each neuron keeps ‖u‖² − v²: 2 laws."""
    code, out, err = run("shape.json")
    assert (code, err) == (0, "")
    text = re.sub(r"<[^>]*>", "", out.split('<div id="p">')[1].split("</main>")[0])
    assert text.startswith("f has 4 pieces.")
    assert "2 conservation laws, and no more." in text
    assert "--latex" not in text
    assert "<h1>A 2-2-1 relu net</h1>" in out
    assert 'class="cell"' not in out


def test_laws_that_take_too_long_are_left_out_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: Any, **__: Any) -> None:
        raise BudgetExceededError("stopped")

    monkeypatch.setattr(report_command, "laws_of_problem", too_long)
    code, out, err = run("shape.json")
    assert (code, "f has 4 pieces" in out) == (3, True)
    assert err == "symflow: the page is without the conservation laws (stopped)\n"


def test_without_data_it_is_the_map_of_the_net(run: Run) -> None:
    tree = {"network": CORNER["network"]}
    Path("net.json").write_text(json.dumps(tree))
    code, out, _ = run("net.json")
    assert code == 0
    data = data_of(out)
    assert len(data["cells"]) == 12
    assert "flow" not in data
    assert data["start"] == "v2"


def test_of_a_shape_its_title_is_said_once_and_indices_are_set(run: Run) -> None:
    tree = {"title": "Three of them", "network": {"activation": "relu", "widths": [2, 3, 1]}}
    Path("three.json").write_text(json.dumps(tree))
    _, out, _ = run("three.json")
    assert out.partition("<body")[2].count("Three of them") == 1
    assert "θ_j" not in out
    assert "uj =" not in out


def test_with_a_symbolic_input_too_it_is_the_map_of_the_net(run: Run) -> None:
    Path("symbolic.json").write_text(json.dumps({"network": CORNER["network"], "data": {"inputs": "symbolic"}}))
    code, out, _ = run("symbolic.json")
    assert (code, len(data_of(out)["cells"])) == (0, 12)


def test_on_a_domain_it_says_so(run: Run) -> None:
    """Of the five corners of the mock-up's net (2, 2) alone is in the box [3/2, 5/2]²."""
    Path("box.json").write_text(json.dumps({**CORNER, "domain": {"box": [["3/2", "5/2"], ["3/2", "5/2"]]}}))
    _, out, _ = run("box.json")
    assert [corner["x"] for corner in data_of(out)["corners"]] == [["2", "2"]]
    assert "on its domain." in out
    assert "at every point inside the domain" in out


# ---------------------------------------------------------------------- planes


def test_three_inputs_are_drawn_on_the_plane_of_the_first_three_data(run: Run) -> None:
    code, out, _ = run("three.json")
    assert code == 0
    data = data_of(out)
    assert data["names"] == [["p", ""], ["q", ""]]
    # Three of the four data lie on the plane through the first three, (1, 1, 1) does not.
    assert out.count('class="datum"') == 3


def test_a_plane_may_be_given(run: Run) -> None:
    """On x3 = 0, p and q are x1 and x2: the cells there have the gradients of f in those two."""
    _, out, _ = run("three.json", "--slice", "0,0,0;1,0,0;0,1,0", "--variable", "input")
    network = problem_from_tree(THREE).known_network
    data = data_of(out)
    for corner in data["corners"]:
        p, q = corner["x"]
        assert str(network((p, q, 0))[0]) == corner["f"]
    assert len(data["cells"]) == 7, "three lines in general position"


def test_a_plane_that_starts_with_a_minus_is_read(run: Run) -> None:
    assert run("three.json", "--slice", "-1,0,0;1,0,0;0,1,0", "--variable", "input")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("three.json", "--slice", "0,0,0;1,0,0"), "--slice: give a point and two directions"),
        (("three.json", "--slice", "0,0,0;1,0,0;2,0,0"), "plane: a and b lie on one line"),
        (("three.json", "--slice", "0,0;1,0;0,1"), "plane.origin: "),
        (("three.json", "--slice", "0,0,x;1,0,0;0,1,0"), "--slice"),
        (("corner.json", "--slice", "0,0;1,0;0,1"), "--slice: the net has 2 inputs"),
        (("corner.json", "--json"), "a page has no JSON of its own"),
        (("smooth.json", "--variable", "input", "--at", "1,1"), ""),
        (("missing.json",), "missing.json"),
        ((), "which file?"),
    ],
)
def test_what_it_refuses_is_one_line(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    if words[:1] == ("smooth.json",):  # a gradient without a map is still a page, and says what is left out
        assert code == 3
        assert "not piecewise linear" in out
        return
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_when_time_does_not_suffice_it_says_so_and_ends_with_3(run: Run) -> None:
    code, out, err = run("corner.json", "--time-limit", "0")
    assert (code, out) == (3, "")
    assert "give it more time with --time-limit" in err


def test_walls_and_corners_that_take_too_long_are_left_out_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: Any, **__: Any) -> None:
        raise BudgetExceededError("stopped")

    monkeypatch.setattr(report_command, "clarke_at_corners", too_long)
    code, out, _ = run("corner.json")
    assert code == 3
    assert "walls and corners: left out" in out
    data = data_of(out)
    assert (len(data["cells"]), data["walls"], data["corners"]) == (12, [], [])
    assert "a Clarke subgradient" not in out.partition("<script")[0], "nothing is said of what was not checked"


def test_what_is_on_the_page_of_the_corner_is_what_the_net_does() -> None:
    """The mock-up's net and the problem's are one; its value at (2, 2) is 3."""
    assert CORNER_NET((2, 2)) == (3,)
    assert problem_from_tree(CORNER).known_network == CORNER_NET
    assert one_output(CORNER_NET, 0).weights == CORNER_NET.weights


# ---------------------------------------------------------------------- what takes long


def test_a_flow_that_takes_long_is_cut_and_said_on_the_page_and_beside_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a time limit a flow has a time of its own: none is left for this one."""
    Path("long.json").write_text(json.dumps(DEMO | {"flow": {"until": "2"}}))
    monkeypatch.setattr(report_command, "_FLOW_SECONDS", 0)
    code, out, err = run("long.json", "--output", "page.html")
    assert (code, out) == (3, "")
    assert err == (
        "symflow: the page is without the flow after t = 0 (0 seconds are spent on it; --time-limit gives it more)\n"
    )
    text = Path("page.html").read_text(encoding="utf-8")
    assert "the flow after t = 0: left out" in text
    assert "--time-limit gives it more" in text
    assert "is a segment" in text, "all else is there"


def test_a_slider_that_takes_long_is_cut_and_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("long.json").write_text(json.dumps(DEMO | {"flow": {"until": "2"}}))
    monkeypatch.setattr(report_command, "_SAMPLE_SECONDS", 0)
    code, out, err = run("long.json")
    assert code == 3
    assert "without the slider after t = 0 (" in err
    assert "crosses the kink" in out, "the flow itself is known to its end"


def test_where_steps_take_long_the_slider_has_fewer_places(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_from_tree(DEMO | {"flow": {"until": "2"}})
    usual = len(data_of(report_page(problem).text)["flow"]["at"])
    monkeypatch.setattr(report_command, "_SAMPLES", 20)
    assert 20 <= len(data_of(report_page(problem).text)["flow"]["at"]) <= 23 < usual
