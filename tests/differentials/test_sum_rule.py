"""The sum rule: Theorem 4 against the definition, and deep nets by comparison."""

import itertools

from hypothesis import given, settings

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.sum_rule import sum_rule, theorem_4_applies
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination
from symflow.nets.realization import Realization
from tests.strategies import functions_of_weights

SOME = settings(max_examples=40, deadline=None)


def combination(network: Network, inputs: list[tuple[int, ...]], coefficients: list[int]) -> FunctionOfWeights:
    data = tuple(tuple(fmpq(v) for v in x) for x in inputs)
    return FunctionOfWeights(network, data, Combination(tuple(fmpq(c) for c in coefficients)))


def holds_by_definition(function: FunctionOfWeights) -> bool:
    """Whether each sum of vertices of the c_k ∂f_k lies in ∂F."""
    whole = clarke_differential(function)
    summands = []
    for x, c in zip(function.inputs, function.coefficients, strict=True):
        part = FunctionOfWeights(function.network, (x,), Combination((c,)))
        summands.append(clarke_differential(part).vertices)
    for choice in itertools.product(*summands):
        total: list[Scalar] = [fmpq(0)] * len(function.variables)
        for vertex in choice:
            total = [a + b for a, b in zip(total, vertex, strict=True)]
        if whole.contains(total).is_refuted:
            return False
    return True


@SOME
@given(functions_of_weights(depth=(2, 2), width=2, n_data=3, kinds=("relu", "leaky_relu", "abs"), rational=True))
def test_theorem_4_says_what_the_definition_says(function: FunctionOfWeights) -> None:
    assert theorem_4_applies(function)
    found = sum_rule(clarke_differential(function))
    if function.n_data == 1:
        assert found is None
    else:
        assert found is not None
        assert found.holds == holds_by_definition(function)


@SOME
@given(functions_of_weights(depth=(2, 3), width=2, n_data=2, kinds=("relu", "maxpool"), rational=True))
def test_the_comparison_says_what_the_definition_says(function: FunctionOfWeights) -> None:
    whole = clarke_differential(function)
    found = sum_rule(whole)
    if found is not None and found.holds is not None and not theorem_4_applies(function):
        assert found.comparison is not None
        assert found.holds == holds_by_definition(function)


def test_parallel_data_with_opposite_coefficients_share_a_vector() -> None:
    # 3 relu(<u, x>) - relu(<u, 3 x>) = 0 for every u: dF = {0}, but the sum of the parts is a segment.
    found = sum_rule(
        clarke_differential(combination(Network.from_weights([[1, -1]], [[2]]), [(1, 1), (3, 3)], [3, -1]))
    )
    assert found is not None
    assert (found.holds, found.neuron, found.vector) == (False, 1, (1, 1))


def test_independent_data_never_fail() -> None:
    found = sum_rule(clarke_differential(combination(Network.from_weights([[0, 0]], [[2]]), [(1, 0), (0, 1)], [3, -1])))
    assert found is not None
    assert found.holds


def test_in_the_input_there_is_no_sum_rule() -> None:
    assert sum_rule(clarke_differential(Realization(Network.from_weights([[1]], [[1]])), at=(0,))) is None


def test_an_enclosed_set_leaves_it_undecided() -> None:
    net = Network.from_weights([[1], [1]], [[0, 0]], [[1]])
    function = combination(net, [(1,), (2,)], [1, -1])
    spent = clarke_differential(function, budget=Budget(deadline=0.0))
    found = sum_rule(spent)
    assert found is not None
    assert found.holds is None
