"""``symflow report`` on drawn problems: every net, objective and variable has a page, and what it says is there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.nets.network import Network
from symflow.problem import FlowSettings, Problem
from symflow.report_command import report_page
from tests.formats.test_html import HOSTILE, read
from tests.strategies import KINDS, networks

small = st.integers(-2, 2).map(fmpq)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    net: Network = draw(networks(depth=(1, 3), kinds=(*KINDS, "relu_power")))
    shape = net.architecture
    point = st.tuples(*([small] * shape.n_inputs))
    kind = draw(st.sampled_from(["output", "combination", "risk", "log_sum_exp"]))
    n_data = draw(st.integers(1, 3))
    variable = draw(st.sampled_from(["input", "weights"]))
    return Problem(
        shape,
        net,
        title=HOSTILE,
        inputs=tuple(draw(point) for _ in range(n_data)),
        labels=tuple(draw(st.sampled_from([fmpq(1), fmpq(-1)])) for _ in range(n_data)),
        kind=kind,
        loss=draw(st.sampled_from(["exponential", "logistic", "squared"])) if kind == "risk" else None,
        coefficients=(fmpq(1), fmpq(-2), fmpq(1, 2))[:n_data] if kind == "combination" else None,
        variable=variable,
        output=draw(st.integers(1, shape.n_outputs)),
        at=draw(point) if variable == "input" else None,
        is_variable_given=True,
    )


def checked(problem: Problem) -> dict[str, Any]:
    """Return the data of a page, after checking what holds on every page."""
    text = report_page(problem).text
    elements = read(text)
    names = [a["id"] for _, a in elements.found if "id" in a]
    assert len(names) == len(set(names))
    links = {str(a["href"])[1:] for tag, a in elements.found if tag == "a"}
    data: dict[str, Any] = json.loads(re.findall(r'id="data">(.*?)</script>', text)[0])
    known = {f"{letter}{i + 1}" for letter, key in _LISTS for i in range(len(data.get(key, ())))} | {"p"}
    assert links <= known, "each leads to something that can be chosen"
    assert {name for name in names if re.fullmatch(r"[cwv]\d+", str(name))} <= known
    assert data["start"] in known
    for key in ("walls", "corners"):
        for face in data.get(key, ()):
            assert all(0 < cell <= len(data["cells"]) for cell in face["c"])
            assert all(0 <= place < len(data["vectors"]) for place in (*face["h"], face["q"], face["a"]))
    for place in data.get("flow", {}).get("at", ()):
        assert len(place) == (5 if "legs" in data["flow"] else 3)
    return data


_LISTS = (("c", "cells"), ("w", "walls"), ("v", "corners"))


@given(problems())
@settings(max_examples=40)
def test_every_problem_has_a_page(problem: Problem) -> None:
    checked(problem)


@given(problems())
@settings(max_examples=20)
def test_a_flow_of_the_input_is_on_the_page(problem: Problem) -> None:
    if problem.variable != "input" or problem.kind != "output":
        problem = replace(problem, variable="input", at=problem.inputs[0] if problem.inputs else None, kind="output")
    data = checked(replace(problem, flow=FlowSettings(until=fmpq(3))))
    for time, state, value, _, _ in data.get("flow", {}).get("at", ()):
        if "…" not in "".join([time, *state, value]):
            f = problem.known_network(tuple(state))[problem.output_index]
            assert str(f) == value, "at every place of the slider the value is that of the net"
