"""Laws along a flow: kept on an arc to the digits, broken on the next."""

import mpmath
import pytest

from symflow.errors import NotSupportedError
from symflow.flows.gradient_flow import gradient_flow
from symflow.flows.laws_along import laws_along
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from tests.flows.test_enclosure import drawn


def test_an_orthogonal_weight_is_kept_until_its_neuron_meets_another_datum() -> None:
    # One neuron, active on x1 = (1, 0) alone: only W1[1,1] and W2 move, so W1[1,2] is a law beside balancing. The flow
    # raises <w, x2> for x2 = (1, -1) with it until the neuron goes on there; from then on the second entry moves too.
    net = Network.from_weights([["1/2", 1]], [[1]])
    risk = EmpiricalRisk(net, Dataset([(1, 0), (1, -1)], labels=[1, 1]))
    path = gradient_flow(risk, until=3, dps=20)
    assert [(event.kind, event.datum) for event in path.events] == [("crossing", 2)]
    before, after = laws_along(path)
    assert [law.polynomial.to_text() for law in before.laws] == ["W1[1,2]", "W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2"]
    assert before.is_complete
    assert [law.polynomial.to_text() for law in after.broken] == ["W1[1,2]"]
    assert len(after.laws) == 1


@pytest.mark.parametrize("seed", [pytest.param(4, marks=pytest.mark.slow), 5, 36])
def test_laws_of_an_arc_are_kept_to_the_digits_also_while_sliding(seed: int) -> None:
    path = gradient_flow(drawn(seed, "exponential"), until=10, dps=20)
    found = laws_along(path)
    assert len(found) == len(path.arcs) > 2
    for each in found:
        size = max(1, *(abs(value) for value in each.arc.end_state))
        assert each.laws
        assert each.drift <= 100 * size**2 * mpmath.mpf(10) ** -20


def test_a_flow_of_the_input_has_none() -> None:
    path = gradient_flow(Realization(Network.from_weights([[1]], [[1]])), start=(1,), until=1)
    with pytest.raises(NotSupportedError, match="in the weights"):
        laws_along(path)
