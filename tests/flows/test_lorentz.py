"""Neurons of one group move by one Lorentz transformation: the reduced flow and the plain one agree."""

import mpmath
import pytest

from symflow.exact.rationals import fmpq
from symflow.flows import weight_flow
from symflow.flows.field import Field, Problem
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.flows.weight_flow import flow_in_weights
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network


def wide(*, biases: bool = False, planar: bool = True, loss: str = "exponential") -> FunctionOfWeights:
    """Return a risk of ten neurons in two groups; all of them meet data later, which breaks the groups up."""
    rows = [[fmpq(5 + k, 8), fmpq(3 - k, 8)] if k % 2 else [fmpq(-10 + k, 8), fmpq(-7, 8)] for k in range(10)]
    outer = [[fmpq(3 + k, 20) * (-1) ** (k // 4) for k in range(10)]]
    inputs = [(1, "1/2"), ("-1/2", 1), (-1, "-3/4"), ("3/4", -1)] if planar else [(1, 0), (-2, 0)]
    vectors = [[fmpq(k, 16) for k in range(10)], ["1/3"]] if biases else None
    net = Network.from_weights(rows, outer, biases=vectors)
    labels = [1, -1, 1, -1][: len(inputs)]
    return EmpiricalRisk(net, Dataset(inputs, labels=labels), loss=loss).at()


def both(monkeypatch: pytest.MonkeyPatch, risk: FunctionOfWeights, digits: int = 25) -> tuple[Trajectory, Trajectory]:
    options = FlowOptions(fmpq(3), digits=digits)
    reduced = flow_in_weights(risk, options)
    monkeypatch.setattr(weight_flow, "Problem", lambda f, t, *, is_reduced: Problem(f, t, is_reduced=False))
    return reduced, flow_in_weights(risk, options)


@pytest.mark.parametrize(
    "risk",
    [
        pytest.param(wide(), id="in the plane", marks=pytest.mark.slow),
        pytest.param(wide(biases=True), id="with biases", marks=pytest.mark.slow),
        pytest.param(wide(loss="squared"), id="squared"),
        pytest.param(wide(planar=False), id="data on a line, so that some weights rest"),
    ],
)
def test_the_reduced_flow_is_the_plain_one(monkeypatch: pytest.MonkeyPatch, risk: FunctionOfWeights) -> None:
    mode = tuple("+" if risk.values_at(site)[0] > 0 else "-" for site in risk.table.sites)
    everything = frozenset(range(len(risk.point)))
    assert Field(Problem(risk, everything), mode).lorentz
    reduced, plain = both(monkeypatch, risk)
    assert [(e.neuron, e.datum, e.kind, e.to) for e in reduced.events] == [
        (e.neuron, e.datum, e.kind, e.to) for e in plain.events
    ]
    with mpmath.workdps(40):
        pairs = [*zip(reduced.state, plain.state, strict=True)]
        pairs += zip(reduced.facts["energy_integral"], plain.facts["energy_integral"], strict=True)  # type: ignore[call-overload]
        assert all(abs(a - b) <= 2 * mpmath.mpf(10) ** -25 * max(1, abs(b)) for a, b in pairs)


def test_a_group_costs_as_many_states_as_a_neuron_has_weights() -> None:
    net = Network.from_weights([[k, 1] for k in range(1, 41)], [[1] * 40])
    risk = EmpiricalRisk(net, Dataset([(1, 1), (1, 2), (2, 1)], labels=[1, 1, 1])).at()
    field = Field(Problem(risk, frozenset(range(120))), ("+",) * 120)
    assert len(field.tape.derivatives) == 9  # three columns of Φ
    assert len(Field(Problem(risk, frozenset(range(120)), is_reduced=False), ("+",) * 120).tape.derivatives) == 120
