"""Kinks of deep nets with symbolic weights: known closed forms, and what symflow clarke says at drawn points."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, AbstractUnitActivation, activation
from symflow.cells.deep_kinks import DeepKinkFinder, DeepKinks, KinkSet, units_at_kinks
from symflow.cells.derivation import Derivation, derive
from symflow.cells.kink_room import has_room
from symflow.cells.slope_gradient import SlopeGradient, has_kinks_unit_by_unit, slopes_of
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.sum_rule import sum_rule
from symflow.errors import InputError, NotSupportedError
from symflow.exact.linear_algebra import kernel, rank
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.losses.base import loss
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network, Vector
from symflow.nets.objective import AbstractObjective, Combination, Output, Risk
from symflow.nets.pattern import Site

RELU, ABS, IDENTITY = activation("relu"), activation("abs"), activation("identity")
LEAKY = activation("leaky_relu", slope="1/3")
DEEP = Architecture((2, 2, 2, 1), (RELU, RELU), has_biases=False)


def kinks_of(derivation: Derivation) -> DeepKinks:
    assert derivation.deep_kinks is not None
    return derivation.deep_kinks


def declared(derivation: Derivation) -> KinkSet:
    (found,) = kinks_of(derivation).sets
    return found


def words(derivation: Derivation, found: KinkSet) -> list[str]:
    return [derivation.net.table.word(stratum.characters) for stratum in found.strata]


# ---------------------------------------------------------------------- known answers


def test_one_kink_of_the_second_layer_moves_the_rows_below_it_and_its_own() -> None:
    # f = v1 σ(z1) + v2 σ(z2), z_i = W2[i,1] σ(⟨u1, x⟩) + W2[i,2] σ(⟨u2, x⟩). At z1 = 0, σ'(z1) = θ and σ(z1) = 0:
    # by W2[1,j]: v1 θ h_j;  by u_j: a_j (v1 θ W2[1,j] + v2 a W2[2,j]) x;  by v1: 0.
    # The others: u1, u2 not both off (else h = 0), z2 of either sign.
    derivation = derive(DEEP, Output(), kinks=[(2, 1)])
    found = declared(derivation)
    assert words(derivation, found) == ["-+0-", "-+0+", "+-0-", "+-0+", "++0-", "++0+"]
    assert found.lists_all
    assert found.is_affine
    plus = dict(zip(DEEP.parameter_names, map(str, found.strata[-1].gradient), strict=True))
    assert plus["W1[1,2]"] == "W2[1,1]*W3[1,1]*x[2]*theta[1] + W2[2,1]*W3[1,2]*x[2]"
    assert plus["W2[1,1]"] == "W1[1,1]*W3[1,1]*x[1]*theta[1] + W1[1,2]*W3[1,1]*x[2]*theta[1]"
    assert plus["W3[1,1]"] == "0"


def test_kinks_in_two_layers_of_a_datum_multiply() -> None:
    derivation = derive(DEEP, Output(), kinks=[(2, 1), (1, 1)])
    found = declared(derivation)
    assert [(site.layer, site.output) for site in found.sites] == [(1, 0), (2, 0)]
    assert not found.is_affine
    assert words(derivation, found) == ["0+0-", "0+0+"]
    assert str(found.strata[0].gradient[0]) == "W2[1,1]*W3[1,1]*x[1]*theta[1]*theta[2]"


def test_kinks_of_two_data_do_not_multiply_whatever_their_layers() -> None:
    shape = Architecture((1, 1, 1, 1), (RELU, ABS), has_biases=True)
    inputs = ((fmpq(1),), (fmpq(2),))
    found = declared(derive(shape, Combination((fmpq(1), fmpq(-1))), inputs=inputs, kinks=[(1, 1, 1), (2, 1, 2)]))
    assert found.is_affine
    assert found.strata


def test_every_single_kink_is_listed_where_none_is_declared() -> None:
    kinks = kinks_of(derive(DEEP, Output()))
    assert [(s.layer, s.output) for found in kinks.sets for s in found.sites] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert not kinks.is_declared
    assert [len(found.strata) for found in kinks.sets] == [4, 4, 6, 6]


def test_where_single_kinks_would_be_long_none_is_listed() -> None:
    shape = Architecture((6, 4, 4, 1), (RELU, RELU), has_biases=False)
    assert kinks_of(derive(shape, Output())).sets == ()
    assert declared(derive(shape, Output(), kinks=[(1, 1)])).strata


def test_where_a_layer_vanishes_nothing_is_claimed() -> None:
    # Both units of layer 1 at a kink: h_1 = 0, and both preactivations of layer 2 vanish without features.
    found = declared(derive(DEEP, Output(), kinks=[(1, 1), (1, 2)]))
    assert (found.strata, found.undecided, found.lists_all) == ((), (), True)


def test_dependent_data_are_no_regular_kinks() -> None:
    # z_11 = 0 on x and 2x at once: the signs (+, -) never occur.
    inputs = ((fmpq(1), fmpq(1)), (fmpq(2), fmpq(2)))
    found = declared(derive(DEEP, Combination((fmpq(1),) * 2), inputs=inputs, kinks=[(1, 1, 1), (1, 1, 2)]))
    assert (found.strata, found.undecided) == ((), ())


def test_parallel_features_can_make_the_set_smaller_than_the_hull() -> None:
    # Width 1: h_1(x_1) and h_1(x_2) are parallel whatever the weights, z_21 has equal signs on both data.
    # Two of the four vertices are no limits: ∂F is a segment of a square, and (H) fails.
    shape = Architecture((1, 1, 1, 1), (RELU, RELU), has_biases=False)
    inputs = ((fmpq(1),), (fmpq(2),))
    objective = Combination((fmpq(1), fmpq(-1)))
    found = declared(derive(shape, objective, inputs=inputs, kinks=[(2, 1, 1), (2, 1, 2)]))
    assert (found.strata, found.undecided) == ((), ())
    net = Network.from_weights([[1]], [[0]], [[1]], activation=[RELU, RELU])
    assert clarke_differential(FunctionOfWeights(net, inputs, objective)).n_limiting_gradients == 2


def test_the_last_layer_may_kink_everywhere() -> None:
    derivation = derive(DEEP, Output(), kinks=[(2, 1), (2, 2)])
    assert words(derivation, declared(derivation)) == ["-+00", "+-00", "++00"]


def test_signs_that_contradict_each_other_leave_no_room() -> None:
    # abs features are positive; the row of the unit kinks on x2, where only h_2 is alive, so its second entry is 0, and
    # its sign on x1 and x3 is that of the first.
    shape = Architecture((2, 2, 1, 1), (ABS, RELU), has_biases=False)
    net = SymbolicNetwork(shape, inputs=((fmpq(1), fmpq(2)), (fmpq(-1), fmpq(1)), (fmpq(2), fmpq(2))))
    kinks = {net.table.index[1, 0, 1], net.table.index[2, 0, 1]}
    assert not has_room(net, kinks, net.table.characters("---|0-0|-++"))
    assert has_room(net, kinks, net.table.characters("--+|0-0|-++"))


def test_points_are_drawn_where_the_first_ones_do_not_do() -> None:
    # Three data in the plane: the second layer's signs need features other than the first ones found.
    shape = Architecture((2, 2, 1, 1), (ABS, RELU), has_biases=False)
    inputs = ((fmpq(1), fmpq(2)), (fmpq(-1), fmpq(1)), (fmpq(2), fmpq(2)))
    derivation = derive(shape, Combination((fmpq(1),) * 3), inputs=inputs, kinks=[(2, 1, 2)])
    found = declared(derivation)
    assert (len(found.strata), len(found.undecided)) == (120, 0)
    assert derivation.is_decided


def test_what_is_not_found_in_time_is_undecided() -> None:
    net = SymbolicNetwork(DEEP)
    pieces = {piece.characters: piece.cell.point for piece in derive(DEEP, Output()).pieces}  # type: ignore[union-attr]
    late = DeepKinkFinder(net, pieces, (fmpq(1),), is_complete=True, budget=Budget(deadline=0.0))
    (found,) = late.declared([(2, 1)]).sets
    assert (len(found.strata), len(found.undecided)) == (0, 6)


@pytest.mark.parametrize(
    ("kinks", "reason"),
    [
        ([(3, 1)], "no hidden layer 3; write 1 to 2"),
        ([(1, 3, 1)], "no neuron 3; write 1 to 2"),
        ([(1, 1, 2)], "no datum 2; write 1"),
        ([(1,)], "write layer,neuron,datum"),
        ([], "none given"),
    ],
)
def test_kinks_that_do_not_exist_are_refused(kinks: list[tuple[int, ...]], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        derive(DEEP, Output(), kinks=kinks)


def test_a_zero_datum_and_a_linear_layer_have_no_kink() -> None:
    shape = Architecture((1, 2, 1, 1), (IDENTITY, RELU), has_biases=False)
    objective, inputs = Combination((fmpq(1), fmpq(1))), ((fmpq(1),), (fmpq(0),))
    with pytest.raises(InputError, match="kink 2,1,2: its preactivation is 0 for all weights"):
        derive(shape, objective, inputs=inputs, kinks=[(2, 1, 2)])
    with pytest.raises(InputError, match="layer 1 is linear and has no kinks"):
        derive(shape, objective, inputs=inputs, kinks=[(1, 1, 1)])
    with pytest.raises(InputError, match="write layer,neuron,datum"):
        derive(shape, objective, inputs=inputs, kinks=[(2, 1)])


@pytest.mark.parametrize(
    ("shape", "more", "reason"),
    [
        (Architecture((2, 2, 1), (RELU,), has_biases=False), {}, "with one hidden layer the answer has every kink"),
        (DEEP, {"variable": "input"}, "and the variable is the input"),
        (
            Architecture((1, 1, 1, 1), (RELU, activation("relu_power", power=2)), has_biases=False),
            {},
            "for relu, leaky_relu and abs only",
        ),
        (DEEP, {"network": Network.from_weights([[1, 1]] * 2, [[1, 1]] * 2, [[1, 1]])}, "symflow clarke gives"),
    ],
)
def test_declared_kinks_belong_to_deep_nets_with_symbolic_weights(shape: Architecture, more: dict, reason: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(NotSupportedError, match=reason):
        derive(shape, Output(), kinks=[(1, 1)], **more)


def test_too_many_kinks_at_a_time_are_refused() -> None:
    shape = Architecture((2, 1, 11, 1), (RELU, RELU), has_biases=False)
    with pytest.raises(InputError, match="11 kinks; at most 10 at a time"):
        derive(shape, Output(), kinks=[(2, j) for j in range(1, 12)], most_pieces=3)


# ---------------------------------------------------------------------- two roads, at drawn points

KINDS: tuple[AbstractActivation, ...] = (RELU, RELU, ABS, LEAKY, activation("leaky_relu", slope="-1/2"), IDENTITY)


@st.composite
def shapes(draw: st.DrawFn, *, n_hidden: int, width: int) -> Architecture:
    widths = [draw(st.integers(1, width)) for _ in range(n_hidden + 1)]
    activations = tuple(draw(st.sampled_from(KINDS)) for _ in range(n_hidden))
    shape = Architecture((*widths, 1), activations, draw(st.booleans()))
    assume(has_kinks_unit_by_unit(shape))
    return shape


@st.composite
def data(draw: st.DrawFn, shape: Architecture, most: int) -> tuple[Vector, ...]:
    entries = st.lists(st.integers(-2, 2), min_size=shape.n_inputs, max_size=shape.n_inputs)
    return tuple(tuple(map(fmpq, draw(entries))) for _ in range(draw(st.integers(1, most))))


@st.composite
def nets_at_kinks(draw: st.DrawFn, shape: Architecture, inputs: tuple[Vector, ...]) -> Network:
    """Draw weights layer by layer; rows are made orthogonal to the features of some data, so that they kink there."""
    integers = st.integers(-3, 3)
    features = list(inputs)
    weights: list[list[Vector]] = []
    biases: list[list[fmpq]] = []
    for layer in range(1, shape.n_layers + 1):
        extended = [(*h, fmpq(1)) if shape.has_biases else h for h in features]
        size = len(extended[0])
        rows: list[Vector] = []
        for _ in range(shape.widths[layer]):
            chosen = []
            if layer < shape.n_layers:
                chosen = [h for h in extended if draw(st.integers(0, 2)) == 0]
            basis = (
                kernel(chosen, n_columns=size)
                if chosen
                else tuple(tuple(fmpq(i == j) for j in range(size)) for i in range(size))
            )
            row = (fmpq(0),) * size
            for vector in basis:
                factor = draw(integers)
                row = tuple(a + factor * b for a, b in zip(row, vector, strict=True))  # type: ignore[misc]
            rows.append(row)
        weights.append([row[: shape.fan_in(layer)] for row in rows])
        biases.append([row[-1] for row in rows])
        if layer < shape.n_layers:
            features = [
                tuple(
                    shape.activation(layer).evaluate([sum((a * b for a, b in zip(row, h, strict=True)), fmpq(0))])
                    for row in rows
                )
                for h in extended
            ]
    return Network.from_weights(*weights, biases=biases if shape.has_biases else None, activation=shape.activations)


def kinks_at(net: SymbolicNetwork, network: Network) -> tuple[list[Site], tuple[str, ...], bool]:
    """Return the kinks at weights, the signs of all others, and whether (H) holds; by the definitions."""
    shape = network.architecture
    kinks: list[Site] = []
    characters = [""] * len(net.table.sites)
    features: dict[Site, Vector] = {}
    assert net.inputs is not None
    for datum, x in enumerate(net.inputs):
        h, is_zero_near_by = x, not any(x) and not shape.has_biases
        for layer, z in enumerate(network.forward(x)[:-1], start=1):
            alive = False
            for unit, value in enumerate(z):
                if not shape.activation(layer).has_sites:
                    alive = alive or not is_zero_near_by
                    continue
                place = net.table.index[layer, unit, datum]
                site = net.table.sites[place]
                characters[place] = "+" if value > 0 else "-" if value < 0 else "0"
                if value == 0 and not is_zero_near_by:
                    kinks.append(site)
                    features[site] = (*h, fmpq(1)) if shape.has_biases else h
                    alive = True
                elif value != 0:
                    alive = alive or slopes_of(shape, layer)[value > 0] != 0
            h, is_zero_near_by = network.activate(layer, z), not alive and not shape.has_biases
    kinks.sort(key=lambda site: net.table.index[site.layer, site.output, site.datum])
    holds = all(rank([features[site] for site in sites]) == len(sites) for sites in units_at_kinks(kinks).values())
    return kinks, tuple(characters), holds


def objective_and_coefficients(
    network: Network, inputs: tuple[Vector, ...], weighted: bool
) -> tuple[AbstractObjective, Vector]:
    """Return an objective, and its derivatives by the outputs at the weights."""
    if weighted:
        constants = tuple(fmpq(c) for c in (1, -2, 3)[: len(inputs)])
        return Combination(constants), constants
    labels = tuple(fmpq(y) for y in (1, -1, 2)[: len(inputs)])
    outputs = [network.forward(x)[-1][0] for x in inputs]
    return Risk(loss("squared"), labels), tuple(f - y for f, y in zip(outputs, labels, strict=True))


def vertices(
    ring_names: tuple[str, ...], gradient: tuple, values: dict[str, fmpq], shape: Architecture, kinks: list[Site]
) -> set[Vector]:  # type: ignore[type-arg]
    found = set()
    for slopes in product(*(slopes_of(shape, site.layer) for site in kinks)):
        at = dict.fromkeys(ring_names, fmpq(0)) | values  # slopes that are numbers in the gradient do not occur in it
        at |= {f"theta[{r}]": slope for r, slope in enumerate(slopes, start=1)}
        point = tuple(at[name] for name in ring_names)
        found.add(tuple(entry.evaluate(point) for entry in gradient))
    return found


@settings(max_examples=100, deadline=None)
@given(draw=st.data())
@pytest.mark.slow
def test_at_drawn_points_the_closed_form_is_what_clarke_finds(draw: st.DataObject) -> None:
    shape = draw.draw(shapes(n_hidden=draw.draw(st.sampled_from((2, 2, 3))), width=2))
    inputs = draw.draw(data(shape, 3))
    network = draw.draw(nets_at_kinks(shape, inputs))
    net = SymbolicNetwork(shape, inputs=inputs)
    kinks, characters, holds = kinks_at(net, network)
    assume(kinks and holds and len(kinks) <= 5)
    objective, coefficients = objective_and_coefficients(network, inputs, draw.draw(st.booleans()))
    constants = coefficients if isinstance(objective, Combination) else None
    gradients = SlopeGradient(net, kinks, constants)
    values = dict(zip(net.symbols, network.parameters, strict=True))
    values |= {f"c[{k}]": c for k, c in enumerate(coefficients, start=1)}
    found = vertices(gradients.ring.names, gradients.gradient(characters), values, shape, kinks)
    for site, character in zip(net.table.sites, characters, strict=True):  # the slope of a dead unit does not matter
        slope = fmpq(7) if character == "0" else slopes_of(shape, site.layer)[character == "+"]
        values[f"a{site.layer}[{site.output + 1},{site.datum + 1}]"] = slope
    assert vertices(gradients.ring.names, gradients.gradient(None), values, shape, kinks) == found
    expected = clarke_differential(FunctionOfWeights(network, inputs, objective))
    assert expected.is_exact
    limits = expected.bouligand_differential
    assert expected.n_limiting_gradients == len(found)
    assert set(limits) == found
    comparison = sum_rule(expected)
    assert comparison is None or comparison.holds is not False


@settings(max_examples=25, deadline=None)
@given(draw=st.data())
def test_every_drawn_regular_point_lies_on_a_listed_stratum(draw: st.DataObject) -> None:
    shape = draw.draw(shapes(n_hidden=2, width=2))
    inputs = draw.draw(data(shape, 2))
    network = draw.draw(nets_at_kinks(shape, inputs))
    net = SymbolicNetwork(shape, inputs=inputs)
    kinks, characters, holds = kinks_at(net, network)
    assume(kinks and holds and len(kinks) <= 3)
    objective = Combination((fmpq(1), fmpq(-1))[: len(inputs)])
    derivation = derive(shape, objective, inputs=inputs, kinks=[(s.layer, s.output + 1, s.datum + 1) for s in kinks])
    found = declared(derivation)
    assert found.lists_all
    assert characters in (*(stratum.characters for stratum in found.strata), *found.undecided)
    for stratum in found.strata[:2]:
        there = network.with_parameters(stratum.point)
        assert kinks_at(net, there) == (kinks, stratum.characters, True)
        values = dict(zip(net.symbols, stratum.point, strict=True))
        expected = clarke_differential(FunctionOfWeights(there, inputs, objective))
        ours = vertices(found.ring.names, stratum.gradient, values, shape, kinks)
        assert expected.is_exact
        assert set(expected.bouligand_differential) == ours


def test_the_slopes_of_an_activation_are_those_of_its_pieces() -> None:
    assert isinstance(LEAKY, AbstractUnitActivation)
    assert slopes_of(Architecture((1, 1, 1), (LEAKY,), has_biases=False), 1) == (fmpq(1, 3), fmpq(1))
