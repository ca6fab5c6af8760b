"""The Clarke differential: known answers, two roads to one value, and laws on drawn nets."""

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import POSITIONS
from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.factor import make_factor
from symflow.differentials.selection import audit
from symflow.errors import NotSupportedError, WrongTypeError
from symflow.exact.exponential_numbers import Scalar, to_text
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination, Output
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import FunctionOfInput, Realization
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import audit_result, clarke_result
from tests.strategies import functions_of_input, functions_of_weights, networks, problem_trees

QUICK = Budget(max_pivots=100_000)

# Drawn nets that need more than directions and multipliers may take long: they are asked for what is found at once.
SOME = settings(max_examples=40, deadline=None)


def texts(points: tuple[tuple[Scalar, ...], ...]) -> list[list[str]]:
    return [[to_text(entry) for entry in point] for point in points]


def at(network: Network, *inputs: tuple[int, ...], coefficients: tuple[int, ...] = ()) -> FunctionOfWeights:
    data = tuple(tuple(fmpq(v) for v in x) for x in inputs)
    objective = Combination(tuple(fmpq(c) for c in coefficients)) if coefficients else Output()
    return FunctionOfWeights(network, data, objective)


# ------------------------------------------------------------------------------------------ known answers


def test_the_clarke_differential_at_a_kink_is_the_hull_of_both_slopes() -> None:
    # f = relu(x) at 0: slopes 0 on the left and 1 on the right.
    dF = clarke_differential(Realization(Network.from_weights([[1]], [[1]])), at=(0,))
    assert texts(dF.vertices) == [["0"], ["1"]]
    assert dF.n_limiting_gradients == 2


def test_opposite_data_couple_a_neuron_into_a_segment() -> None:
    # u = (1,-1) vanishes on x1 = (1,1) and on x2 = -x1, so exactly one of the two is active: the block of u is
    # -x1 on one side and c x2 = -c x1 on the other, c = e^(-1/2).
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    dR = clarke_differential(EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1])))
    assert texts(dR.vertices) == [
        ["-1", "-1", "exp(-1/2)/2", "exp(-1/2)/2", "0", "exp(-1/2)"],
        ["-exp(-1/2)", "-exp(-1/2)", "exp(-1/2)/2", "exp(-1/2)/2", "0", "exp(-1/2)"],
    ]
    assert to_text(dR.minimal_norm_squared) == "7*exp(-1)/2"
    assert dR.is_clarke_stationary.is_refuted


def test_the_sum_of_two_neurons_at_zero_has_a_square_and_not_the_triangle_of_adjacent_pieces() -> None:
    dF = clarke_differential(at(Network.from_weights([[0], [0]], [[1, 1]]), (1,)))
    assert texts(dF.vertices) == [
        ["0", "0", "0", "0"],
        ["0", "1", "0", "0"],
        ["1", "0", "0", "0"],
        ["1", "1", "0", "0"],
    ]


def test_tied_units_in_input_space_flip_together() -> None:
    # relu(x) + relu(2x) has slopes 0 and 3; choosing the two signs apart would add 1 and 2.
    dF = clarke_differential(Realization(Network.from_weights([[1], [2]], [[1, 1]])), at=(0,))
    assert texts(dF.vertices) == [["0"], ["3"]]
    assert dF.n_limiting_gradients == 2


def test_duplicated_neurons_are_independent_in_weight_space() -> None:
    dF = clarke_differential(at(Network.from_weights([[0], [0]], [[1, -1]]), (1,)))
    assert dF.n_vertices == 4


def test_a_neuron_with_outer_weight_zero_contributes_one_vector() -> None:
    dF = clarke_differential(at(Network.from_weights([[1, -1]], [[0]]), (1, 1)))
    assert texts(dF.vertices) == [["0", "0", "0"]]


def test_a_datum_zero_is_exempt() -> None:
    dF = clarke_differential(at(Network.from_weights([[1, -1]], [[1]]), (0, 0), (1, 1), coefficients=(1, 1)))
    assert [cell.pattern for cell in dF.factors[0].incident.cells] == ["0|-", "0|+"]


def test_identical_members_of_a_pooling_group_are_represented_by_the_first() -> None:
    # max(x, x, -x) = |x|: the second member never wins.
    pool = {"name": "maxpool", "groups": [[0, 1, 2]]}
    tree = {
        "network": {"activation": pool, "weights": [[[1], [1], [-1]], [[1]]]},
        "data": {"inputs": [[0]]},
        "objective": {"variable": "input"},
    }
    dF = clarke_differential(problem_from_tree(tree).function())
    assert [cell.pattern for cell in dF.factors[0].incident.cells] == ["1", "3"]
    assert texts(dF.vertices) == [["-1"], ["1"]]


def test_at_zero_weights_the_set_of_a_deep_net_is_zero_without_enumeration() -> None:
    net = Network.from_weights([[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0]])
    dF = clarke_differential(at(net, (1, 2), (3, -4), coefficients=(1, -1)))
    assert dF.shortcut is not None
    assert set(texts(dF.vertices)[0]) == {"0"}


def test_one_zero_matrix_alone_does_not_make_the_set_zero() -> None:
    # f = relu(w2 relu(w1)) w3 with w1 = 0, w2 = w3 = 1: slopes 0 and 1 in w1.
    dF = clarke_differential(at(Network.from_weights([[0]], [[1]], [[1]]), (1,)))
    assert texts(dF.vertices) == [["0", "0", "0"], ["1", "0", "0"]]


def test_squared_rectifiers_are_continuously_differentiable() -> None:
    from symflow.activations.base import activation

    square = activation("relu_power", power=2)
    net = Network.from_weights([[1, -1]], [[2]], [[1]], activation=square)
    dF = clarke_differential(at(net, (1, 1)))
    assert dF.n_vertices == 1
    assert dF.shortcut is not None
    assert dF.shortcut.kind == "continuously_differentiable"


def test_the_cusp_that_no_direction_sees_is_a_segment() -> None:
    # One datum x = -1, W1 = (0,0), W2 = (-1,0), W3 = -1. Along W1 = (-e^2, -e), W2 = (-1, 2e) the signs are (+ + | +).
    dF = clarke_differential(at(Network.from_weights([[0], [0]], [[-1, 0]], [[-1]]), (-1,)))
    assert texts(dF.vertices) == [["-1", "0", "0", "0", "0"], ["0", "0", "0", "0", "0"]]


def test_parallel_features_of_a_layer_of_width_one_cannot_be_moved_apart() -> None:
    # z_2k = w2 <u, x_k> with u = (1, 1) and x_k the unit vectors: both data switch with the sign of w2, since
    # u_2 z_21 - u_1 z_22 = 0. To first order both z_2k are d(w2), so it takes the factors u_2 and u_1.
    net = Network.from_weights([[1, 1]], [[0]], [[1]])
    dF = clarke_differential(at(net, (1, 0), (0, 1), coefficients=(1, -1)))
    incident = dF.factors[0].incident
    assert [cell.pattern for cell in incident.cells] == ["+-|+-", "++|++"]
    assert all(term.factors for refutation in incident.refuted for term in refutation.terms)
    assert len(incident.refuted) == 2


def test_without_hidden_layers_the_set_is_the_gradient() -> None:
    dF = clarke_differential(at(Network.from_weights([[1, 2]]), (3, 4)))
    assert texts(dF.vertices) == [["3", "4"]]


def test_a_realization_needs_a_point() -> None:
    with pytest.raises(NotSupportedError, match="give at="):
        clarke_differential(Realization(Network.from_weights([[1]], [[1]])))


# ------------------------------------------------------------------------------------------ what stays undecided


def test_a_budget_that_is_spent_encloses_the_set_honestly() -> None:
    function = at(
        Network.from_weights([[1, -1], [0, 0]], [[1, 0], [0, 1]], [[1, 1]]), (1, 1), (1, 2), coefficients=(1, 1)
    )
    whole = clarke_differential(function)
    spent = clarke_differential(function, budget=Budget(deadline=0.0))
    assert whole.is_exact
    assert not spent.is_exact
    assert spent.n_vertices is None
    assert spent.contains_zero is None or spent.contains_zero == whole.contains_zero
    assert spent.outer_vertices is not None
    outer = spent.factors[0].outer
    assert outer is not None
    assert all(type(outer.locate(vertex)).__name__ == "Member" for vertex in whole.vertices)
    with pytest.raises(NotSupportedError, match="only enclosed"):
        _ = spent.vertices


# ------------------------------------------------------------------------------------------ two roads to one value


@SOME
@given(functions_of_weights(depth=(2, 2), rational=True))
def test_the_product_form_is_the_set_of_the_whole_tree(function: FunctionOfWeights) -> None:
    product = clarke_differential(function)
    flat = make_factor(function, function.limiting_gradient, places=range(len(function.variables)))
    if (product.n_vertices or 0) <= 512:
        assert product.vertices == flat.inner.vertices
        assert product.n_limiting_gradients == flat.n_limiting_gradients


def brute_force_patterns(function: AbstractPatternedFunction, dF: ClarkeDifferential, seed: int) -> set[str]:
    """Return the patterns at random points near the function's point."""
    draw = random.Random(seed)
    words = set()
    for _ in range(12):
        size = fmpq(1, 2 ** draw.choice([6, 10, 14, 18]))
        moved = [v + size * fmpq(draw.choice([-1, 1]) * draw.randint(1, 10**6), 10**6 + 3) for v in function.point]
        near: AbstractPatternedFunction
        if function.variable == "weights":
            near = FunctionOfWeights(function.network.with_parameters(moved), function.inputs, function.objective)
        else:
            near = FunctionOfInput(function.network, (tuple(moved),), function.objective)
        characters = []
        for site in near.table.sites:
            values = near.values_at(site)
            winner = values.index(max(values))
            sign = "+" if values[0] > 0 else "-" if values[0] < 0 else "0"
            characters.append(POSITIONS[winner] if site.is_group else sign)
        words.add(near.table.word(characters))
    return words


@SOME
@given(functions_of_input(), st.integers(0, 10**6))
def test_every_pattern_met_near_an_input_is_a_cell(function: FunctionOfInput, seed: int) -> None:
    dF = clarke_differential(function)
    if dF.shortcut is None:
        assert dF.is_exact
        assert brute_force_patterns(function, dF, seed) <= {cell.pattern for cell in dF.factors[0].incident.cells}


@SOME
@given(functions_of_weights(depth=(3, 3), width=2, n_data=2), st.integers(0, 10**6))
def test_every_pattern_met_near_deep_weights_is_a_cell_or_undecided(function: FunctionOfWeights, seed: int) -> None:
    dF = clarke_differential(function)
    if dF.shortcut is None:
        incident = dF.factors[0].incident
        known = {cell.pattern for cell in incident.cells} | {function.table.word(c) for c in incident.undecided}
        assert brute_force_patterns(function, dF, seed) <= known


# ------------------------------------------------------------------------------------------ laws


@SOME
@given(functions_of_weights(depth=(2, 3), width=2, n_data=2, biases=False))
def test_euler_s_identity_holds_on_every_vertex(function: FunctionOfWeights) -> None:
    dF = clarke_differential(function)
    identity = euler(function)
    assert identity is not None
    if not dF.is_exact or (dF.n_vertices or 0) > 256:
        return
    shape = function.network.architecture
    for vertex in dF.vertices:
        for layer, expected in enumerate(identity.layers, start=1):
            block = shape.layer_block(layer)
            total: Scalar = fmpq(0)
            for s, w in zip(vertex[block], function.point[block], strict=True):
                total = total + s * w
            assert total == expected


@SOME
@given(
    networks(depth=(2, 2), kinds=("relu", "leaky_relu", "abs"), biases=False), st.integers(1, 3), st.integers(0, 10**6)
)
def test_rescaling_a_neuron_rescales_its_blocks(network: Network, factor: int, seed: int) -> None:
    # (u_1, v_1) -> (a u_1, v_1 / a) leaves the function alone, so the blocks are divided and multiplied by a.
    draw = random.Random(seed)
    x = tuple(fmpq(draw.randint(-1, 1)) for _ in range(network.architecture.n_inputs))
    a = fmpq(factor + 1, 2)
    first, second = network.weights
    scaled_network = Network.from_weights(
        [[a * w for w in first[0]], *first[1:]],
        [[second[0][0] / a, *second[0][1:]]],
        activation=network.architecture.activations,
    )
    scale = [fmpq(1)] * len(network.parameters)
    for column in range(len(x)):
        scale[network.architecture.weight_index(1, 0, column)] = 1 / a
    scale[network.architecture.weight_index(2, 0, 0)] = a
    before = clarke_differential(FunctionOfWeights(network, (x,), Output()))
    after = clarke_differential(FunctionOfWeights(scaled_network, (x,), Output()))
    expected = sorted(tuple(s * entry for s, entry in zip(scale, vertex, strict=True)) for vertex in before.vertices)
    assert list(after.vertices) == expected


@SOME
@given(networks(depth=(2, 2), kinds=("relu", "abs"), biases=True), st.randoms(use_true_random=False))
def test_permuting_neurons_permutes_the_set(network: Network, draw: random.Random) -> None:
    x = tuple(fmpq(draw.randint(-1, 1)) for _ in range(network.architecture.n_inputs))
    order = list(range(network.architecture.widths[1]))
    draw.shuffle(order)
    assert network.biases is not None
    permuted = Network.from_weights(
        [network.weights[0][j] for j in order],
        [[network.weights[1][0][j] for j in order]],
        biases=[[network.biases[0][j] for j in order], network.biases[1]],
        activation=network.architecture.activations,
    )
    before = clarke_differential(FunctionOfWeights(network, (x,), Output()))
    after = clarke_differential(FunctionOfWeights(permuted, (x,), Output()))
    assert [len(after.factors[i].inner.vertices) for i in range(len(order))] == [
        len(before.factors[j].inner.vertices) for j in order
    ]
    assert [after.factors[i].inner.vertices for i in range(len(order))] == [
        before.factors[j].inner.vertices for j in order
    ]


@SOME
@given(functions_of_input(depth=(2, 3), kinds=("relu", "abs", "maxpool", "leaky_relu")))
def test_the_one_sided_slopes_lie_in_the_set(function: FunctionOfInput) -> None:
    # The right derivative of a piecewise-linear output along a coordinate is <s, e_i> for some s of the set.
    function = FunctionOfInput(function.network, function.inputs, Output())
    dF = clarke_differential(function)
    step = fmpq(1, 2**40)
    for i in range(len(function.point)):
        moved = tuple(v + (step if j == i else 0) for j, v in enumerate(function.point))
        slope = (FunctionOfInput(function.network, (moved,), Output()).outputs[0] - function.outputs[0]) / step
        entries = [vertex[i] for vertex in dF.vertices]
        assert min(entries) <= slope <= max(entries)


@SOME
@given(functions_of_weights(depth=(2, 2), n_data=2), st.data())
def test_convex_combinations_of_vertices_are_members_and_points_beyond_are_separated(
    function: FunctionOfWeights, data: st.DataObject
) -> None:
    dF = clarke_differential(function)
    if (dF.n_vertices or 0) > 64:
        return
    vertices = dF.vertices
    a, b = (data.draw(st.sampled_from(vertices)) for _ in range(2))
    middle = tuple((x + y) * fmpq(1, 2) for x, y in zip(a, b, strict=True))
    assert dF.contains(middle).is_proved
    beyond = tuple(x + (x - y) for x, y in zip(max(vertices), min(vertices), strict=True))
    verdict = dF.contains(beyond)
    if len(vertices) > 1:
        assert verdict.is_refuted
        separator = verdict.evidence["separator"]

        def product(v: tuple[Scalar, ...]) -> Scalar:
            total: Scalar = fmpq(0)
            for u, entry in zip(separator, v, strict=True):
                total = total + entry * u
            return total

        assert all(product(beyond) < product(vertex) for vertex in vertices)


# ------------------------------------------------------------------------------------------ the checker agrees


@pytest.mark.parametrize("variable", ["weights", "input"])
@pytest.mark.parametrize("biases", [False, True], ids=["without biases", "with biases"])
def test_the_checker_accepts_every_result(variable: str, biases: bool) -> None:
    @settings(max_examples=25, deadline=None)
    @given(problem_trees(variable=variable, width=2, n_data=2, biases=biases))
    def accepted(tree: dict[str, object]) -> None:
        problem = problem_from_tree(tree)
        dF = clarke_differential(problem.function())
        for result in (clarke_result(problem, dF), audit_result(problem, audit(dF))):
            report = verify_text(json.dumps(result))
            assert report["accepted"], report["rejected"]

    accepted()


def test_the_arrangement_of_a_neuron_has_the_number_of_cells_that_schlaefli_counts() -> None:
    # m data in general position in R^r: 2 sum_{i<r} C(m-1, i) cells.
    for m, r, expected in ((4, 2, 8), (6, 2, 12), (5, 3, 22), (6, 4, 52)):
        data = [tuple(fmpq(t) ** i for i in range(r)) for t in range(1, m + 1)]
        net = Network.from_weights([[0] * r], [[1]])
        dF = clarke_differential(FunctionOfWeights(net, tuple(data), Combination((fmpq(1),) * m)))
        assert len(dF.factors[0].incident.cells) == expected
        brute = {
            word
            for word in itertools.product("-+", repeat=m)
            if "|".join(word) in {cell.pattern for cell in dF.factors[0].incident.cells}
        }
        assert len(brute) == expected


def test_a_net_alone_is_no_function_to_differentiate() -> None:
    with pytest.raises(WrongTypeError, match=r"or EmpiricalRisk\(net, data\)"):
        clarke_differential(Network.from_weights([[1]], [[1]]))  # type: ignore[arg-type]


def test_margins_whose_exponentials_no_machine_holds_are_refused() -> None:
    net = Network.from_weights([[10**10]], [[10**10]])
    with pytest.raises(NotSupportedError, match="scale the weights"):
        clarke_differential(EmpiricalRisk(net, Dataset([(1,)], labels=[1])))
