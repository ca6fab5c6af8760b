"""Pictures of trajectories: what is drawn where, and what a notebook shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from symflow.errors import InputError, NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import flow_of, gradient_flow
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.curves import curves_of
from symflow.pictures.orbit import orbit_of
from symflow.pictures.svg_trajectory import svg_trajectory
from symflow.pictures.trajectory_picture import trajectory_picture, write_trajectory_picture
from tests.flows.by_hand import demo_risk

CORNER = Network.from_weights(
    [[0, 1], [-1, 0], [1, -1]], [[-1, 1, 1], [-1, 1, -1]], [[2, 1]], biases=[[-2, 2, 0], [1, 1], [0]]
)


@pytest.fixture(scope="module")
def path() -> Trajectory:
    """The corner: (1, -5/2), (1, -1), (2, 1), (2, 2), (2, 3)."""
    return gradient_flow(Realization(CORNER), start=(1, "-5/2"), until=10)


@pytest.fixture(scope="module")
def demo() -> Trajectory:
    return flow_of(demo_risk(), FlowOptions(fmpq(2), digits=30))


def ridge() -> Trajectory:
    risk = EmpiricalRisk(Network.from_weights([[0, 1]], [[1]]), Dataset([(2, 0), (-1, 1)], labels=[1, 1]))
    return gradient_flow(risk, until=1, trained=["W1"], branches=True)


def test_the_orbit_has_its_corners(path: Trajectory) -> None:
    assert [tuple(map(str, point)) for point in orbit_of(path).points] == [
        ("1", "-5/2"),
        ("1", "-1"),
        ("2", "1"),
        ("2", "2"),
        ("2", "3"),
    ]


def test_the_svg_of_an_orbit_lies_over_the_cells(path: Trajectory) -> None:
    text = svg_trajectory(path)
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert text.count("<polygon") == 12
    (orbit,) = re.findall(r'class="sf-orbit" d="([^"]+)"', text)
    assert orbit.count("L") == 4
    assert text.count("<circle") == 5


def test_the_curves_are_those_of_the_flow(demo: Trajectory) -> None:
    curves = curves_of(demo)
    assert curves.events == (0.0,)
    assert [time for time, _ in curves.objective] == [0.0, 2.0]
    assert curves.objective[0][1] == pytest.approx(1.6065306597)
    assert curves.soft_margin[0][1] == pytest.approx(-0.1115475257)
    assert [name for name, _ in curves.residuals] == ["|W1[1,:]|^2 - W2[1,1]^2", "|W1[2,:]|^2 - W2[1,2]^2"]
    assert all(order < -30 for _, curve in curves.residuals for _, order in curve)


def test_the_svg_of_a_flow_of_the_weights_has_risk_and_soft_margin(demo: Trajectory) -> None:
    text = svg_trajectory(demo)
    ElementTree.fromstring(text)
    (line,) = re.findall(r'class="sf-line" d="([^"]+)"', text)
    assert line.count("L") == 60
    heights = [float(point.split()[1]) for point in line[1:].split("L")]
    assert heights == sorted(heights), "the risk falls"
    assert "soft margin, dashed" in text
    assert svg_trajectory(demo) == text


def test_a_long_flow_is_drawn_on_a_long_scale() -> None:
    text = svg_trajectory(flow_of(demo_risk(), FlowOptions(fmpq(100000))))
    assert ">100000</text>" in text
    assert "risk (log scale)" in text


def test_a_notebook_shows_events_picture_and_state(demo: Trajectory, path: Trajectory) -> None:
    page = demo._repr_html_()
    assert page is not None
    ElementTree.fromstring(page)
    assert page.count("<svg") == 1
    assert "crossing" in page
    assert "Trajectory(" in page
    # Eight digits at once, all of them in the title and on a click.
    assert re.search(r'<details title="([0-9.]{30,})"><summary>[0-9.]{10}…</summary>\1</details>', page)
    exact = path._repr_html_()
    assert exact is not None
    assert "<td>3/4</td>" in exact


def test_what_has_no_length_is_its_words_alone() -> None:
    page = ridge()._repr_html_()
    assert page is not None
    assert "<svg" not in page
    with pytest.raises(NotSupportedError, match="nothing to draw"):
        svg_trajectory(ridge())


def test_a_picture_that_is_none_is_refused(path: Trajectory, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.svg, \.png or \.pdf"):
        write_trajectory_picture(path, tmp_path / "path.bmp")


# ---------------------------------------------------------------------- matplotlib


def test_plot_trajectory_draws_the_orbit_over_the_cells(path: Trajectory) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from symflow.pictures.matplotlib_trajectory import plot_trajectory

    ax = Figure().add_subplot()
    assert plot_trajectory(path, ax) is ax
    line = ax.get_lines()[-1]
    assert list(zip(*line.get_data(), strict=True)) == orbit_of(path).floats
    assert ax.get_xlim()[0] < 1 < 2 < ax.get_xlim()[1]


def test_plot_trajectory_draws_objective_and_drift_over_time(demo: Trajectory) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from symflow.pictures.matplotlib_trajectory import drawn, plot_trajectory

    figure = Figure()
    upper = drawn(demo, figure, None)
    assert upper.get_yscale() == "linear", "it falls by a factor of ten"
    assert len(figure.axes) == 3, "objective, drift, and the axis of the soft margin"
    lower = figure.axes[1]
    assert lower.get_ylabel() == "drift, log₁₀"
    assert all(max(line.get_ydata()) <= -30 for line in lower.get_lines()[:3])
    ax = Figure().add_subplot()
    plot_trajectory(demo, ax)
    assert len(ax.get_lines()[0].get_xdata()) == 81


def test_a_long_flow_is_drawn_on_logarithmic_scales() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from symflow.pictures.matplotlib_trajectory import drawn

    figure = Figure()
    ax = drawn(flow_of(demo_risk(), FlowOptions(fmpq(10**5))), figure, None)
    assert (ax.get_yscale(), ax.get_xscale()) == ("log", "asinh")
    marks = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert marks == ["0", "1", "10", "100", "1000", "$10^{4}$", "$10^{5}$"]


def test_other_inputs_are_curves_over_time() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from symflow.pictures.matplotlib_trajectory import drawn

    f = Realization(Network.from_weights([[1, 0, 0], [0, 1, 1]], [[1, 1]], activation="abs"))
    ax = drawn(gradient_flow(f, start=(1, 1, 1), until=5), Figure(), None)
    assert [line.get_label() for line in ax.get_lines()[:3]] == ["x₁", "x₂", "x₃"]


@pytest.mark.parametrize("ending", [".png", ".pdf", ".svg"])
def test_a_file_has_the_same_bytes_each_time(path: Trajectory, ending: str) -> None:
    if ending != ".svg":
        pytest.importorskip("matplotlib")
    content = trajectory_picture(path, ending)
    assert content == trajectory_picture(path, ending)
    assert content[:4] in (b"\x89PNG", b"%PDF", b"<svg")
