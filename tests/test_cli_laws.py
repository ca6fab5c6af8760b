"""``symflow laws`` at the terminal: transcripts, exit codes, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symflow.cli import main

RELU = '[network]\nactivation = "relu"\nwidths = [2, 2, 1]\n'
DEMO = """title = "Two neurons, one kink"
[network]
activation = "relu"
weights = [[["1","-1"],["-1","0"]], [["1","-1/2"]]]
[data]
inputs = [["1","1"],["-1","-1"]]
labels = ["1","-1"]
[objective]
kind = "risk"
loss = "exponential"
"""
ZERO_WEIGHTS = """[network]
activation = "relu"
weights = [[[0], [0]], [[0, 0], [0, 0]], [[0, 0]]]
[data]
inputs = [[1]]
labels = [1]
[objective]
kind = "risk"
loss = "exponential"
"""
DEEP_LINEAR = '[network]\nactivation = "identity"\nwidths = [1, 2, 2, 1]\n'
WIDE_LINEAR = '[network]\nactivation = "identity"\nwidths = [5, 5, 5]\nbias = true\n'


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run_(text: str, *words: str) -> tuple[int, str, str]:
        path = tmp_path / "problem.toml"
        path.write_text(text, encoding="utf-8")
        code = main(["laws", str(path), *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_


def shown(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def test_the_laws_of_a_shape_are_said_in_one_sentence_then_written(run: Any) -> None:
    code, out, _ = run(RELU, "--ascii")
    assert code == 0
    assert shown(out) == shown("""
  2-2-1 relu net, 6 weights, any data.

  2 conservation laws, and no more.                            [proved, for shape 2-2-1]

      |u1|^2 - v1^2                  u_j = W1[j,:],  v_j = W2[1,j]
      |u2|^2 - v2^2

  complete for      the flows on all data, near almost every w, in whichever cell it is
                    on given data a flow may keep more on some cells: --model cell
  by layer          |W1|^2 - |W2|^2
  not kept          by gradient descent: a step eta adds eta^2 h(grad R) to the law h
                    with weight decay lambda: each is multiplied by e^(-2 lambda t)

  known by          each: a polynomial identity, on every piece
                    no more: the velocities span 4 = 6 - 2 dimensions
                    at an integer point: a minor of 4 rows is not zero
""")


def test_with_weights_the_values_stand_beside_the_laws(run: Any) -> None:
    code, out, _ = run(DEMO)
    assert code == 0
    assert "‖u1‖² − v1²  =  1    at w" in out
    assert "‖u2‖² − v2²  =  3/4    at w" in out


def test_cells_are_shown_in_a_table(run: Any) -> None:
    code, out, _ = run(DEMO, "--model", "cell")
    assert code == 0
    assert "4 conservation laws on both of them, and no more." in out
    assert "1    −−, ++        5    2 orthogonal to data, 2 balancing, 1 Gram" in out
    assert "2    +−, −+        4    2 orthogonal to data, 2 balancing" in out
    code, out, _ = run(DEMO, "--every-cell")
    assert code == 0
    assert "on all 4 cells of weight" in out


def test_cells_with_more_laws_are_counted(run: Any) -> None:
    """Two opposite data: on each of two cells a neuron pair shares its datum's span, and a Gram entry is kept."""
    text = DEMO.replace('"relu"', '{name = "leaky_relu", slope = "1/4"}')
    _, out, _ = run(text, "--every-cell")
    assert "laws with one formula on all of them; 2 of the 4 cells have more" in out
    assert "each cell has more" not in out


def test_cells_whose_laws_are_not_all_known_are_counted_where_the_code_says_incomplete(run: Any) -> None:
    """With all weights zero and one datum, some cells move along one direction: D − 1 laws, not all polynomials."""
    text = ZERO_WEIGHTS
    code, out, _ = run(text, "--model", "cell", "--full")
    result = json.loads(run(text, "--model", "cell", "--json")[1])
    open_cells = [cell for cell in result["cells"] if not cell["complete"]]
    assert code == 3
    assert open_cells
    assert all(cell["lie_dimension_is_exact"] for cell in open_cells)
    assert f"some laws on {len(open_cells)} of the {len(result['cells'])} cells, though their number is proved" in out
    assert out.count(f"{open_cells[0]['n_laws_at_most']}, {open_cells[0]['n_laws']} known") == len(open_cells)


def test_a_whole_gram_matrix_is_one_line(run: Any) -> None:
    code, out, _ = run(WIDE_LINEAR)
    assert code == 0
    assert "W1 W1ᵀ + b1 b1ᵀ − W2ᵀ W2    symmetric, 5 × 5: 15 laws" in out
    assert "the velocities and their brackets span 45 = 60 − 15" in out


def test_laws_that_nobody_can_write_down_are_counted_and_the_code_says_incomplete(run: Any) -> None:
    code, out, _ = run(DEEP_LINEAR)
    assert code == 3
    assert "7 conservation laws, and no more; 6 of them known." in out
    assert "the others are no polynomials of degree two or less" in out
    code, out, _ = run(DEEP_LINEAR, "--json")
    result = json.loads(out)
    assert code == 3
    assert (result["n_laws"], result["n_laws_at_most"], result["complete"]) == (6, 7, False)


def test_a_polynomial_is_proved_or_refuted_with_a_witness(run: Any) -> None:
    code, out, _ = run(RELU, "--check", "W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2")
    assert (code, "is conserved." in out, "proved, for shape 2-2-1" in out) == (0, True, True)
    code, out, _ = run(RELU, "--check", "W1[1,1]*W1[2,1] + W1[1,2]*W1[2,2] - W2[1,1]*W2[1,2]", "--ascii")
    assert (code, "is not conserved." in out, "[refuted]" in out) == (1, True, True)
    assert "witness           w = (" in out
    code, out, _ = run(DEMO, "--model", "cell", "--check", "W1[1,1]")
    assert code == 1
    # At w itself, where neuron 1 is at its kink: on the side where it is on.
    assert "w = (1, −1, −1, 0, 1, −1/2)" in out
    assert "where the signs are" in out


def test_json_holds_the_contract_s_keys_and_is_the_same_each_time(run: Any) -> None:
    code, out, _ = run(RELU, "--json")
    again = run(RELU, "--json")[1]
    result = json.loads(out)
    assert (code, out) == (0, again)
    keys = ("model", "n_parameters", "lie_dimension", "n_laws", "complete", "laws", "certificate")
    assert [result[key] for key in keys[:-2]] == ["relu", 6, 4, 2, True]
    assert result["laws"] == [
        "W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2",
        "W1[2,1]**2 + W1[2,2]**2 - W2[1,2]**2",
    ]
    assert result["certificate"]["words"] == [[1], [2], [3], [4]]


def test_what_is_written_is_verified_and_a_changed_law_is_rejected(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "laws.json"
    assert run(DEMO, "--model", "cell", "--json", "--output", str(path))[0] == 0
    assert main(["verify", str(path), "--quiet"]) == 0
    tree = json.loads(path.read_text(encoding="utf-8"))
    tree["laws"][0] = "W1[1,1] + W1[1,2]"
    path.write_text(json.dumps(tree), encoding="utf-8")
    assert main(["verify", str(path)]) == 1


def test_latex_states_and_proves(run: Any) -> None:
    code, out, _ = run(DEMO, "--latex")
    assert code == 0
    assert "\\lVert u_1\\rVert^2-v_1^2" in out
    assert "span $4=6-2$ dimensions" in out
    code, out, _ = run(DEEP_LINEAR, "--latex")
    assert (code, "exactly 7 independent laws, of which these are some" in out) == (3, True)
    code, out, _ = run(WIDE_LINEAR, "--latex")
    assert "W_1W_1^{\\top}+b_1b_1^{\\top}-W_2^{\\top}W_2." in out
    assert "on each of the 2 activation cells that meet $w$ conserves" in run(DEMO, "--model", "cell", "--latex")[1]
    nothing = "[network]\nactivation = []\nwidths = [2, 1]\n"
    assert "conserves nothing." in run(nothing, "--latex")[1]
    assert "No conservation law: nothing is kept." in run(nothing)[1]


def test_a_search_that_is_stopped_says_so_and_claims_nothing(run: Any) -> None:
    code, out, _ = run(RELU, "--time-limit", "0.000001")
    assert code == 3
    assert "2 conservation laws known, and at most 6." in out
    assert "the search for brackets was stopped" in out
    assert "nothing moves" not in out
    assert run(DEMO, "--model", "cell", "--time-limit", "0.000001")[0] == 3


def test_a_picture_is_written(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "laws.svg"
    assert run(DEMO.replace('"1","1"],["-1","-1"', '"1","0"],["1","2"'), "--picture", str(path))[0] == 0
    assert "conservation laws on the cell" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (RELU, ["--model", "gauss"], 'no model "gauss"  (known: linear, relu, cell)'),
        (RELU, ["--model", "cell"], "data.inputs: missing; add inputs = [[..]]"),
        (RELU, ["--model", "linear"], 'laws.model: the model "linear" is for identity activations'),
        (RELU, ["--check", "W3[1,1]"], '--check: no parameter "W3[1,1]"; did you mean'),
        (RELU, ["--check", "W1[1,1]*"], "--check: the polynomial ends too early"),
        (RELU, ["--every-cell"], "data.inputs: missing"),
        (DEMO, ["--picture", "laws.gif"], "is no kind of picture"),
    ],
)
def test_bad_input_is_one_line_and_code_2(run: Any, text: str, words: list[str], message: str) -> None:
    code, out, err = run(text, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
