"""Notes and slides of nets by their shape: the laws of the flow, and every block of a set under its own name."""

from __future__ import annotations

import re

import pytest

from symflow.notes_command import make_notes
from symflow.problem_tree import problem_from_tree
from tests.reports.problems_to_study import Tree

# W1[4,.] is on no kink, and W2[1,4] varies between blocks that do not: the list of the zero blocks goes around it.
DEGENERATE: Tree = {
    "network": {
        "activation": "relu",
        "weights": [
            [["0", "0"], ["1", "-1"], ["1", "-1"], ["2", "1"]],
            [["1", "1", "-1", "0"], ["-1", "-2", "-1", "-1"]],
            [["1", "-1"]],
        ],
    },
    "data": {"inputs": [["1", "1"], ["-1", "-1"], ["0", "0"]], "labels": ["1", "-1", "1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}

THREE: Tree = {
    "network": {"activation": "relu", "widths": [2, 3, 1]},
    "data": {"inputs": "symbolic", "labels": ["1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}


def written(tree: Tree, form: str = "article") -> str:
    return make_notes(problem_from_tree(tree), form=form).text  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["article", "slides"])
def test_zero_blocks_are_listed_around_a_block_that_moves(form: str) -> None:
    text = re.sub(r"[\s&]|\\\\", "", written(DEGENERATE, form))
    assert r"S_1[4,\cdot]=S_2[1,1]=S_2[1,2]=S_2[1,3]=S_2[2,\cdot]=S_3=0" in text
    assert r"(S_1[1,\cdot],S_1[2,\cdot],S_1[3,\cdot],S_2[1,4])\in\conv" in text


@pytest.mark.parametrize("form", ["article", "fragment", "slides"])
def test_a_net_with_symbolic_weights_has_its_laws(form: str) -> None:
    text = " ".join(written(THREE, form).split())
    assert "What every gradient flow conserves" in text
    # Balancing (Du, Hu and Lee 2018): one law a hidden neuron, and no other one.
    for j in (1, 2, 3):
        assert rf"\lVert u_{j}\rVert^2-v_{j}^2" in text
    assert r"$u_j^{\top}$ for the rows of $W_1$ and $v_j$ for the entries of $W_2$" in text
    assert "everything that all of them conserve is a function of these" in text
    assert "there are no laws but these" in text
    assert "polynomial identities; complete by a rank" in text


def test_what_flows_of_all_patterns_conserve_is_said_of_them_alone() -> None:
    leaky = {"name": "leaky_relu", "slope": "1/4"}
    text = " ".join(written({"network": {"activation": leaky, "widths": [1, 2, 2, 1]}}).split())
    assert "the flows of the path monomials have no laws but these" in text
    assert "there are no laws but these" not in text


# ---------------------------------------------------------------------- closed forms

BIASED: Tree = {"network": {"activation": "relu", "widths": [2, 3, 1], "bias": True}}


def test_gradients_by_rows_name_those_of_the_biases() -> None:
    text = "".join(written(BIASED).split()).replace("&", "")
    # f = sum_j v_j sigma(z_j) + b_2 with z_j = <u_j, x> + b_j: on a piece the derivative by b_j is v_j sigma'(z_j).
    assert r"\nabla_{b^{(1)}_j}f=a_jv_j" in text


def test_what_theta_runs_over_stands_behind_a_word() -> None:
    lines = [line.strip() for line in written(BIASED).splitlines()]
    (line,) = [line for line in lines if r"0\le\theta_j\le1" in line]
    assert line == r"&\text{the rest as on either side}:\ 0\le\theta_j\le1\bigr\}."


def test_each_neuron_has_a_parameter_of_its_own() -> None:
    data = {"inputs": [["1", "2"], ["3", "-1"]], "labels": ["1", "-1"]}
    text = "".join(written({**THREE, "data": data}).split()).replace("&", "")
    assert r"\text{at}(-,0)\colon\quad\nabla_{u_j}R=\theta_jv_jc_2x_2" in text
    assert r"\text{at}(0,0)\colon\quad\nabla_{u_j}R=v_j(\theta_{j1}c_1x_1+\theta_{j2}c_2x_2)" in text
    assert r"$0\le\theta_j,\theta_{jr}\le1$" in text
    assert r"\theta v" not in text


# ---------------------------------------------------------------------- what is long

MANY: Tree = {
    "network": {"activation": {"name": "leaky_relu", "slope": "1/4"}, "widths": [2, 2, 2, 1], "bias": True},
    "data": {"inputs": [["1", "0"]], "labels": ["1"]},
    "objective": {"kind": "risk", "loss": "squared"},
}


def test_long_lists_of_pieces_and_points_are_counted_and_may_run_over_pages() -> None:
    text = written(MANY)  # 16 patterns, and each value in several lines
    assert r"\text{(8 more pieces)}" in text
    points = text[text.index("a point in it") - 200 :]
    assert r"\begin{longtable}" in points
    assert r"\begin{tabular}" not in points


def test_the_margin_says_which_convention_is_in_the_set_where_another_is_not() -> None:
    # The gradient for sigma'(0) = 1 is not in the set of this net, that for 0 is.
    text = " ".join(written(DEGENERATE).split())
    assert r"\proved{``autodiff returns a Clarke subgradient'', with $\sigma'(0)=0$}" in text
    assert "convex weights, exact; what is not in the set, by a separating direction" in text
