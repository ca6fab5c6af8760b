"""What a notebook shows."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mpf

from symflow import (
    Architecture,
    Dataset,
    EmpiricalRisk,
    Network,
    Output,
    Proved,
    Realization,
    Refuted,
    RegionGraph,
    Risk,
    Undecided,
    audit,
    autodiff_selection,
    clarke_differential,
    conservation_laws,
    crosscheck,
    derive,
    gradient_flow,
    loss,
    prove,
    star,
    verify,
)
from symflow.activations.base import activation
from symflow.exact.exponential_numbers import ExponentialNumber
from symflow.flows.trajectory import Event
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of
from symflow.reports.display import MOST_CHARACTERS, show
from tests.notebook_runner import visible_text

NET = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
RISK = EmpiricalRisk(NET, Dataset(inputs=[(1, 1), (-1, -1)], labels=[1, -1]), loss="exponential")

# Letter for letter what the specification of the notebook shows.
DEMO = r"""$$\partial R(w)=\left\{\left(\begin{pmatrix}-\tau&-\tau\\\tfrac c2&\tfrac c2\end{pmatrix},\
\begin{pmatrix}0&c\end{pmatrix}\right):\ \tau=(1-\theta)+\theta c,\ \theta\in[0,1]\right\},\qquad c=e^{-1/2}$$"""


def test_the_demo_s_differential_is_its_closed_form() -> None:
    assert clarke_differential(RISK)._repr_latex_() == DEMO


def test_a_network_is_its_matrices() -> None:
    assert NET._repr_latex_() == (
        r"$$W_1=\begin{pmatrix}1&-1\\-1&0\end{pmatrix},\ W_2=\begin{pmatrix}1&-\tfrac12\end{pmatrix}$$"
    )
    biased = Network.from_weights([[1]], [[2]], biases=[["1/2"], [0]])
    assert biased._repr_latex_() is not None
    assert r"b_1=\begin{pmatrix}\tfrac12\end{pmatrix}" in (biased._repr_latex_() or "")


def test_verdicts_are_tags_that_read_without_colour() -> None:
    verdict = clarke_differential(RISK).contains(autodiff_selection(RISK))
    assert verdict._repr_html_() == (
        '<p class="sf-tag"><span aria-hidden="true">⊠</span> <b>refuted</b> <i>separating direction, exact</i></p>'
    )
    assert "<b>proved</b> <i>convex weights, exact</i>" in (Proved(weights=(1,))._repr_html_() or "")
    assert "&lt;b&gt;" in (Undecided(reason="<b>")._repr_html_() or "")
    assert show(Refuted(separator=(1,)), "latex") is None


def test_a_point_a_hull_and_an_enclosed_set() -> None:
    point = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,))
    assert point._repr_latex_() == r"$$\partial f(0)=\left\{1\right\}$$"
    triangle = Realization(Network.from_weights([[1, 0], [0, 1], [1, 1]], [[1, 1, -1]]))
    shown = clarke_differential(triangle, at=(0, 0))._repr_latex_()
    assert shown is None or len(shown) <= MOST_CHARACTERS


@pytest.mark.parametrize("width", [50, 300])
def test_what_is_long_falls_back_to_its_one_line(width: int) -> None:
    net = Network.from_weights([["123456789/1234567"] * width], [[1]])
    assert net._repr_latex_() is None or len(net._repr_latex_() or "") <= MOST_CHARACTERS
    assert show(net, "html") is None
    assert show(object(), "latex") is None


def test_a_derivation_is_its_cases() -> None:
    derivation = derivation_of(problem_from_tree({"network": {"activation": "relu", "widths": [2, 1, 1]}}))
    shown = derivation._repr_latex_()
    assert shown is not None
    assert shown.startswith(r"$$f(x;w)=\begin{cases}")
    assert shown.endswith("f has 2 pieces (proved, for all weights).")


def test_a_risk_s_derivation_says_what_its_outputs_are_piece_by_piece() -> None:
    derivation = derive(NET.architecture, Risk(loss("exponential"), RISK.data.labels or ()), inputs=[(1, 1), (-1, -1)])
    shown = derivation._repr_latex_() or ""
    assert repr(derivation) == "Derivation(4 pieces in the weights, exact)"
    assert "$$f(x_1;w)=\\begin{cases}" in shown
    assert "$$f(x_2;w)=\\begin{cases}" in shown
    assert "The signs are those of the entries of $W_1x$." in shown
    assert shown.endswith("(proved, for all weights).")


def test_of_many_pieces_eight_are_shown_and_the_others_are_counted() -> None:
    shape = Network.from_weights([[1, -1]] * 4, [[1] * 4]).architecture
    derivation = derive(shape, Output())
    shown = derivation._repr_latex_() or ""
    assert len(derivation.pieces) == 16
    assert shown.count(r"\text{on }") == 8
    assert "\\text{and 8 more pieces}\n" in shown


def test_pieces_are_counted_where_their_conditions_take_two_lines() -> None:
    """Three neurons have 8 pieces, all shown, and each takes two lines; with the gradients, the kinks, the verdict."""
    shown = derive(Architecture((2, 3, 1), (activation("relu"),), has_biases=False), Output())._repr_latex_() or ""
    assert "more piece" not in shown
    assert r"0 & \text{otherwise.}" in shown
    assert r"\nabla_{u_j}f&=a_jv_jx" in shown
    assert r"\partial f=" in shown
    assert shown.endswith("f has 8 pieces (proved, for all weights).")


def test_pieces_that_are_folded_already_are_not_counted_by_their_rows() -> None:
    shown = derive(Architecture((2, 5, 1), (activation("relu"),), has_biases=False), Output())._repr_latex_() or ""
    assert shown.count(r"\text{on }") == 8  # the first six and the last two
    assert shown.count("more pieces") == 1
    assert r"\text{(24 more pieces)}" in shown


def test_a_derivation_at_a_point_takes_plain_integers() -> None:
    derivation = derive(NET.architecture, Output(), network=NET, inputs=[(0, 0)], variable="input")
    assert (derivation._repr_latex_() or repr(derivation)).startswith(("$$", "Derivation("))


def test_a_risk_and_a_realization_are_formulas() -> None:
    assert (RISK._repr_latex_() or "").startswith(
        r"$$R(w)=\sum_{k=1}^{2}e^{-y_kf(x_k;w)},\qquad f(x;w)=W_2\,\sigma(W_1x)$$"
    )
    mean = EmpiricalRisk(NET, RISK.data, loss="squared", is_mean=True)
    assert r"\frac1{2}\sum_{k=1}^{2}\tfrac12\bigl(f(x_k;w)-y_k\bigr)^2" in (mean._repr_latex_() or "")
    assert repr(mean) == "EmpiricalRisk(squared, mean over 2 data, 2-2-1, exact)"
    two = Realization(Network.from_weights([[1, 2]], [[1], [2]]), output=2)
    assert (two._repr_latex_() or "").startswith(r"$$f(x)=\bigl(W_2\,\sigma(W_1x)\bigr)_2,\qquad W_1=")
    assert repr(two) == "Realization(2-1-2, relu, output 2, exact)"
    identity = Realization(Network.from_weights([[1]], [[2]], activation="identity"))
    assert "with" not in (identity._repr_latex_() or "")


def test_the_picture_of_two_coordinates_marks_the_vector_in_or_out() -> None:
    # relu(x1) + relu(x2): [0, 1]^2, and the chain rule gives the corner 0.
    inside = clarke_differential(Realization(Network.from_weights([[1, 0], [0, 1]], [[1, 1]])), at=(0, 0))
    shown = inside._repr_html_() or ""
    assert "autodiff is in it" in shown
    assert shown.count("<circle") == 5  # four corners and the ring
    assert visible_text(shown).count(", in the set") == 1
    # relu(x1) - relu(-x1) + x2, with x2 = relu(x2) - relu(-x2): one point (1, 1), and the chain rule gives 0.
    rows = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    outside = clarke_differential(Realization(Network.from_weights(rows, [[1, -1, 1, -1]])), at=(0, 0))
    shown = outside._repr_html_() or ""
    assert "autodiff is not" in shown
    assert shown.count("<circle") == 1
    assert visible_text(shown).endswith(", not in the set")


def test_tables_are_well_formed_whatever_is_in_them() -> None:
    point = RISK.at()
    differential = clarke_differential(RISK)
    laws = conservation_laws(NET.architecture)
    path = gradient_flow(RISK, until=1)
    graph = RegionGraph.of(NET)
    things: list[Any] = [RISK.data, star(point), audit(differential), laws, graph, graph.cells, graph.walls, path]
    things += [*graph.cells, *graph.walls, crosscheck(laws, along=path), crosscheck(along=path, digits=(15, 20))]
    for thing in things:
        text = visible_text(thing._repr_html_() or "")
        assert text, thing
        line = repr(thing)
        assert "\n" not in line
        assert " at 0x" not in line


def test_long_data_are_cut_and_counted() -> None:
    data = Dataset([(k, 1) for k in range(30)])
    shown = data._repr_html_() or ""
    assert shown.count("<tr>") == 25  # with the header
    assert shown.endswith("<p>and 6 more data</p>")
    assert visible_text(shown)
    assert "6 more" not in (Dataset([(k, 1) for k in range(24)])._repr_html_() or "")


def test_numbers_are_set_and_rounded_beside() -> None:
    squared = clarke_differential(RISK).minimal_norm_element.squared_norm
    assert repr(squared) == "7*exp(-1)/2"
    assert isinstance(squared, ExponentialNumber)
    assert squared._repr_latex_() == r"$\tfrac72e^{-1}\approx 1.28758$"


def test_an_event_is_one_line_with_fifteen_digits() -> None:
    event = Event(mpf(1) / 3, 1, 2, 3, "crossing", "+")
    assert repr(event) == "Event(t = 0.333333333333333…, neuron 2 of layer 1 on datum 3: crossing, to +)"
    assert "t = 1/3," in repr(replace(event, exact_time=Fraction(1, 3)))
    assert "t = 0," in repr(replace(event, time=mpf(0)))


def test_what_the_checker_says_is_one_line_and_a_dictionary() -> None:
    theorem = prove("weight_gradient_preservation", shape=(2, 2, 1))
    said = verify(theorem.certificate)
    assert repr(said).startswith("Accepted(1 certificate")
    assert json.loads(json.dumps(said))["accepted"] is True
    wrong = json.loads(json.dumps(theorem.certificate))
    wrong["claims"][0]["certificate"]["n_identities"] += 1
    assert repr(verify(wrong)).startswith("Rejected(")


def test_shapes_and_losses_are_said_in_one_line() -> None:
    assert repr(NET.architecture) == "Architecture(2-2-1, relu)"
    assert (
        repr(Network.from_weights([[1]], [[2]], biases=[[1], [0]]).architecture) == "Architecture(1-1-1, relu, biases)"
    )
    assert repr(loss("squared")) == "loss('squared')"
