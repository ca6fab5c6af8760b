"""A session at the Python prompt, line by line: what is typed, and the one line that comes back.

The net is the lectures' demonstration: neuron 1 vanishes on both data, which are opposite, so that the risk has a kink
and its differential there is a segment.
"""

from __future__ import annotations

from typing import Any

import pytest

# What is typed, and what comes back; nothing where a name is given.
SESSION = (
    ("from symflow import *", None),
    ('net  = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")', None),
    ("data = Dataset(inputs=[(1, 1), (-1, -1)], labels=[1, -1])", None),
    ('f, R = Realization(net), EmpiricalRisk(net, data, loss="exponential")', None),
    ("w    = net.parameters", None),
    ("regions = RegionGraph.of(f)", None),
    ("regions", "RegionGraph(4 cells, 4 walls, exact)"),
    ("regions.cell_at((2, 1))", "Cell('+-', f = x1 - x2, exact)"),
    ("dR = clarke_differential(R, at=w)", None),
    ("dR", "ClarkeDifferential(segment in R^6, 2 vertices, exact)"),
    ("dR.minimal_norm_element.squared_norm", "7*exp(-1)/2"),
    # Any separator will do; these have one entry that is not 0.
    ("dR.is_clarke_stationary", "Refuted(separator=(0, 0, 0, 0, 0, 1))"),
    ("g = autodiff_selection(R, at=w)", None),
    ("dR.contains(g)", "Refuted(separator=(-1, 0, 0, 0, 0, 0))"),
    ('dR.contains(autodiff_selection(R, at=w, slope_at_zero="1/2"))', "Proved(weights=(1/2, 1/2))"),
    ('theorem = prove("weight_gradient_preservation", shape=(2, 2, 1))', None),
    # A theorem may be one that refutes: its line has the verdict.
    ("theorem", "Theorem(weight_gradient_preservation; shape 2-2-1; proved; nothing admitted)"),
    # The certificate is accepted; its sentences in words are for a reader.
    ("verify(theorem.certificate)", "Accepted(1 certificate; 1 not checked)"),
    ("path = gradient_flow(R, start=w, until=10, dps=50, validated=True)", None),
    ("path", "Trajectory(0 <= t <= 10, 1 arc, 2 events, unique, enclosed to 50 digits)"),
    (
        'crosscheck(conservation_laws(net.architecture, model="relu"), along=path)',
        "Residuals(2 laws, largest < 1e-60)",
    ),
)


@pytest.fixture(scope="module")
def session() -> dict[str, Any]:
    """Type the session; what came back is kept under what was typed, beside the names it made."""
    names: dict[str, Any] = {}
    for typed, shown in SESSION:
        if shown is None:
            exec(typed, names)
        else:
            names[typed] = eval(typed, names)
    return names


@pytest.mark.parametrize(("typed", "shown"), [pair for pair in SESSION if pair[1] is not None])
def test_each_line_comes_back_as_one_line(session: dict[str, Any], typed: str, shown: str) -> None:
    assert repr(session[typed]) == shown


def test_the_session_is_short() -> None:
    assert len(SESSION) <= 25


def test_a_for_is_the_whole_way_of_looking_closer(session: dict[str, Any]) -> None:
    """The vertices of the segment, the cells, the events, the premises: iterated, each one line."""
    assert [str(vertex[0]) for vertex in session["dR"].vertices] == ["-1", "-exp(-1/2)"]
    assert [cell.pattern for cell in session["regions"].cells] == ["--", "-+", "+-", "++"]
    assert [event.to for event in session["path"].events] == ["+", "-"]  # neuron 1 on datum 1, and on datum 2
    assert list(session["theorem"].premises) == []


def test_the_separators_of_the_session_separate(session: dict[str, Any]) -> None:
    """<u, g> < <u, s> for every vertex s, recomputed; for stationarity g is 0."""
    vertices, g = session["dR"].vertices, session["g"]
    for point, line in ((g, "dR.contains(g)"), ((0,) * 6, "dR.is_clarke_stationary")):
        u = session[line].evidence["separator"]
        value = sum(a * b for a, b in zip(u, point, strict=True))
        assert all(sum(a * b for a, b in zip(u, s, strict=True)) > value for s in vertices)


def test_a_theorem_tells_what_else_its_lemma_claims(session: dict[str, Any]) -> None:
    (general,) = session["theorem"].also
    assert general.verdict.word == "proved_general"
    assert general.also == ()
    claims = session["theorem"].result["claims"]
    assert [claim["verdict"] for claim in claims] == ["proved_general", "proved_shape"]


def test_a_flow_that_branches_says_so_unless_asked(session: dict[str, Any]) -> None:
    """The loss wants relu(w.x) larger, and w.x = 0: the neuron may stay at its kink or leave it."""
    from symflow import Dataset, EmpiricalRisk, Network, NotUniqueError, gradient_flow

    risk = EmpiricalRisk(Network.from_weights([[1, -1]], [[1]]), Dataset([(1, 1)], labels=[1]))
    with pytest.raises(NotUniqueError) as raised:
        gradient_flow(risk, until=1)
    assert str(raised.value) == (
        "the solution from w is not unique: w lies on a ridge (neuron 1, datum 1).\n"
        '    Ask for branches=True, or choose on_nonunique="ridge", "descent" or "+".'
    )
    asked = gradient_flow(risk, until=1, branches=True)
    assert [branch.kind for branch in asked.branches] == ["ridge", "+"]
    for same in (raised.value.trajectory, gradient_flow(risk, until=1, on_nonunique="report")):
        assert (same.status, same.state, same.branches) == ("non_unique", asked.state, asked.branches)
    for choice in ("ridge", "+"):
        assert gradient_flow(risk, until=1, on_nonunique=choice).status in ("completed", "stationary")


def test_where_a_flow_branches_later_the_time_is_said() -> None:
    """f = x - relu(3y - x) - relu(-3y - x): from (1, 0) x falls with speed 1; at 0 the hinges open, to either side."""
    from symflow import Network, NotUniqueError, Realization, gradient_flow

    net = Network.from_weights([[1, 0], [-1, 3], [-1, -3]], [[1, -1, -1]], biases=[[10, 0, 0], [-10]])
    with pytest.raises(NotUniqueError, match=r"is not unique from t = 1 on: x\(t\) lies .* \(neuron 2; neuron 3\)"):
        gradient_flow(Realization(net), start=(1, 0), until=3)
    path = gradient_flow(Realization(net), start=(1, 0), until=3, branches=True)
    # Both hinges open; one of them; or one open and the other one held at its ridge.
    assert repr(path) == "Trajectory(non_unique at t = 1, 1 arc, 0 events, 5 branches, not unique, exact)"
