"""What a notebook shows."""

from __future__ import annotations

import pytest

from symflow import (
    Dataset,
    EmpiricalRisk,
    Network,
    Proved,
    Realization,
    Refuted,
    Undecided,
    autodiff_selection,
    clarke_differential,
)
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of
from symflow.reports.display import MOST_CHARACTERS, show

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
    assert r"b_1=\begin{pmatrix}\tfrac12\end{pmatrix}" in biased._repr_latex_()


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
    assert shown.endswith("$$")
