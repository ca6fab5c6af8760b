"""The conservative set contains the Clarke differential and whatever automatic differentiation returns."""

import pytest
from hypothesis import given, settings

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.conservative import conservative_outer_set
from symflow.errors import NotSupportedError, ShapeError
from symflow.exact.membership import Member
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=30, deadline=None)


def test_cancelling_kinks_have_slopes_from_0_to_2() -> None:
    outer = conservative_outer_set(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,))
    assert outer.vertices == ((0,), (2,))
    assert outer.contains(("1/2",)).evidence["weights"] == (fmpq(3, 4), fmpq(1, 4))
    assert outer.contains((3,)).is_refuted
    with pytest.raises(ShapeError):
        outer.contains((1, 2))


def test_opposite_data_choose_their_slopes_apart() -> None:
    # One neuron on x and -x: its cells are tied, (+, -) and (-, +); backpropagation also takes (+, +) and (-, -).
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    outer = conservative_outer_set(R)
    assert outer.n_sums == 4
    assert len(outer.vertices) == 2  # on one line, the four sums being -1, -1 + c, 0 and c times x1, c = exp(-1/2)
    assert clarke_differential(R).n_vertices == 2
    assert outer.vertices != clarke_differential(R).vertices


def test_too_many_kinks_on_a_datum_are_refused() -> None:
    net = Network.from_weights([[0]] * 13, [[1] * 13])
    with pytest.raises(NotSupportedError, match="8192 choices of slopes on datum 1"):
        conservative_outer_set(FunctionOfWeights(net, ((fmpq(1),),), Output()))


@SOME
@given(F=functions_of_weights(depth=(1, 3), width=2, n_data=2) | functions_of_input(width=2))
def test_it_contains_the_clarke_differential_and_every_convention(F: AbstractPatternedFunction) -> None:
    outer = conservative_outer_set(F)
    dF = clarke_differential(F, budget=Budget(max_pivots=100_000))
    vectors = [F.conventional_gradient(name) for name in ("autodiff", "lower", "middle", "upper")]
    for vector in [*dF.inner_vertices[:20], *vectors]:
        assert isinstance(outer.hull.locate(vector), Member)
