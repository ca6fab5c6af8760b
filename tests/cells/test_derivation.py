"""Closed forms: known ones, and two roads to everything else."""

from __future__ import annotations

import itertools
import random
import time

import pytest
import sympy

from symflow.activations.base import AbstractActivation, activation
from symflow.cells.derivation import Derivation, derive
from symflow.cells.kinks import HullOfCells, Kink, Segments
from symflow.cells.pattern_space import PatternSpace, SymbolicRefutation
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.differentials.clarke import clarke_differential
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import to_text
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.losses.base import loss
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk
from symflow.nets.pattern import UNDECIDED

RELU, ABS, IDENTITY = activation("relu"), activation("abs"), activation("identity")
LEAKY = activation("leaky_relu", slope="1/4")
SQUARE = activation("relu_power", power=2)
POOL = activation("maxpool", groups=[[0, 1]])
POOLS = activation("maxpool", groups=[[0, 2], [1]])


def exact(rows: list[list[int]]) -> tuple[tuple[fmpq, ...], ...]:
    return tuple(tuple(fmpq(entry) for entry in row) for row in rows)


DATA = exact([[1, 1], [-1, -1], [2, 0]])
SHAPES: dict[str, tuple[tuple[int, ...], tuple[AbstractActivation, ...], bool, object]] = {
    "one neuron, x symbolic": ((2, 1, 1), (RELU,), False, None),
    "two neurons, x symbolic": ((2, 2, 1), (RELU,), False, None),
    "abs with biases, x symbolic": ((1, 2, 1), (ABS,), True, None),
    "pooling, x symbolic": ((2, 3, 1), (POOLS,), False, None),
    "squares, x symbolic": ((2, 2, 1), (SQUARE,), True, None),
    "deep, x symbolic": ((2, 2, 2, 1), (RELU, LEAKY), False, None),
    "identity below, x symbolic": ((1, 2, 2, 1), (IDENTITY, RELU), False, None),
    "pooling below, x symbolic": ((1, 2, 2, 1), (POOL, RELU), False, None),
    "linear": ((2, 1), (), True, None),
    "two neurons on data": ((2, 2, 1), (RELU,), False, DATA),
    "leaky with biases on data": ((2, 1, 1), (LEAKY,), True, DATA),
    "pooling on data": ((2, 2, 1), (POOL,), False, DATA),
    "deep on data": ((1, 2, 1, 1), (RELU, RELU), False, exact([[1], [-2]])),
    "deep with biases on data": ((1, 1, 1, 1), (RELU, ABS), True, exact([[1], [-2]])),
    "two outputs": ((2, 2, 2), (ABS,), False, DATA[:1]),
}


def shape_of(name: str) -> tuple[Architecture, tuple[tuple[fmpq, ...], ...] | None]:
    widths, activations, has_biases, data = SHAPES[name]
    return Architecture(widths, activations, has_biases), data  # type: ignore[return-value]


def objective_for(n_data: int) -> AbstractObjective:
    return Output() if n_data == 1 else Combination(tuple(fmpq(k, 2) for k in (1, -3, 2, 5)[:n_data]))


def derived(name: str) -> Derivation:
    architecture, data = shape_of(name)
    return derive(architecture, objective_for(1 if data is None else len(data)), inputs=data)


def random_values(rng: random.Random, count: int) -> tuple[fmpq, ...]:
    return tuple(fmpq(rng.randint(-6, 6), rng.choice((1, 1, 2, 3))) for _ in range(count))


def network_and_data(derivation: Derivation, values: tuple[fmpq, ...]) -> tuple[Network, tuple[tuple[fmpq, ...], ...]]:
    """Return the net and the data that these values of the symbols are."""
    shape = derivation.net.architecture
    n_parameters = shape.n_parameters
    zero = Network.assemble(
        tuple(
            tuple((fmpq(0),) * shape.fan_in(layer) for _ in range(shape.widths[layer]))
            for layer in range(1, shape.n_layers + 1)
        ),
        tuple((fmpq(0),) * shape.widths[layer] for layer in range(1, shape.n_layers + 1)) if shape.has_biases else None,
        shape.activations,
    )
    network = zero.with_parameters(values[:n_parameters])
    return network, derivation.net.inputs or (values[n_parameters:],)


def pattern_at(derivation: Derivation, values: tuple[fmpq, ...]) -> tuple[str, ...] | None:
    """Return the pattern whose cell holds a point; None where the point lies on a border."""
    characters = [""] * len(derivation.net.table.sites)
    for index in range(len(characters)):
        for option in derivation.net.options(index, characters):
            characters[index] = option.character
            signs = [derivation.net.constraint_polynomial(c, characters).evaluate(values) for c in option.constraints]
            if all(sign > 0 for sign in signs):
                break
        else:
            return None
    return tuple(characters)


def test_two_neurons_have_the_closed_form_of_the_lectures() -> None:
    derivation = derive(Architecture((2, 2, 1), (RELU,), has_biases=False), Output())
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["--", "-+", "+-", "++"]
    both = derivation.pieces[3]
    assert derivation.value(both) == (
        "W1[1,1]*W2[1,1]*x[1] + W1[1,2]*W2[1,1]*x[2] + W1[2,1]*W2[1,2]*x[1] + W1[2,2]*W2[1,2]*x[2]"
    )
    assert derivation.gradient(both) == {
        "W1": (("W2[1,1]*x[1]", "W2[1,1]*x[2]"), ("W2[1,2]*x[1]", "W2[1,2]*x[2]")),
        "W2": (("W1[1,1]*x[1] + W1[1,2]*x[2]", "W1[2,1]*x[1] + W1[2,2]*x[2]"),),
    }


def test_the_risk_of_the_demo_has_two_pieces_a_neuron() -> None:
    objective = Risk(loss("exponential"), (fmpq(1), fmpq(-1)))
    derivation = derive(Architecture((2, 1, 1), (RELU,), has_biases=False), objective, inputs=DATA[:2])
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["-|+", "+|-"]
    assert derivation.value(derivation.pieces[1]) == "exp(-W1[1,1]*W2[1,1] - W1[1,2]*W2[1,1]) + 1"


@pytest.mark.parametrize("name", SHAPES)
def test_every_cell_has_its_point_and_every_refutation_is_an_identity(name: str) -> None:
    derivation = derived(name)
    assert derivation.is_complete
    for piece in derivation.pieces:
        for condition in piece.conditions:
            polynomial = derivation.net.constraint_polynomial(condition, piece.characters)
            assert polynomial.evaluate(piece.cell.point) > 0  # type: ignore[union-attr]
    for refutation in derivation.refuted:
        assert isinstance(refutation, SymbolicRefutation)
        total = derivation.net.ring.zero()
        for term in refutation.terms:
            product = derivation.net.ring.constant(term.multiplier)
            assert term.multiplier > 0
            for constraint in (*term.factors, term.constraint):
                if constraint is not None:
                    product = product * derivation.net.constraint_polynomial(constraint, refutation.characters)
            total = total + product
        assert total.is_zero()


@pytest.mark.parametrize("name", SHAPES)
def test_random_points_find_no_pattern_that_is_not_listed(name: str) -> None:
    derivation, rng = derived(name), random.Random(1)
    listed = {piece.characters for piece in derivation.pieces}
    met = set()
    for _ in range(300):
        pattern = pattern_at(derivation, random_values(rng, len(derivation.net.symbols)))
        if pattern is not None:
            met.add(pattern)
    assert met <= listed
    assert len(met) * 2 >= len(listed)  # and the sample is no empty one


@pytest.mark.parametrize("name", SHAPES)
def test_a_piece_agrees_with_the_net_where_its_conditions_hold_weakly(name: str) -> None:
    derivation, rng = derived(name), random.Random(2)
    for _ in range(40):
        values = tuple(fmpq(rng.randint(-1, 1)) for _ in derivation.net.symbols)  # on borders more often than not
        network, data = network_and_data(derivation, values)
        value = derivation.objective.value([network.forward(x)[-1][0] for x in data])
        covering = [
            piece
            for piece in derivation.pieces
            if all(
                derivation.net.constraint_polynomial(c, piece.characters).evaluate(values) >= 0
                for c in piece.conditions
            )
        ]
        assert covering
        for piece in covering:
            assert derivation.text.polynomial(piece.outputs).evaluate(values) == value  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["two neurons, x symbolic", "pooling, x symbolic", "leaky with biases on data", "linear"]
)
def test_the_piecewise_takes_the_value_of_the_net(name: str) -> None:
    derivation, rng = derived(name), random.Random(3)
    piecewise = derivation.to_sympy()
    symbols = [sympy.Symbol(symbol, real=True) for symbol in derivation.net.symbols]
    for _ in range(8):
        values = random_values(rng, len(symbols))
        network, data = network_and_data(derivation, values)
        expected = derivation.objective.value([network.forward(x)[-1][0] for x in data])
        found = piecewise.subs({s: sympy.Rational(int(v.p), int(v.q)) for s, v in zip(symbols, values, strict=True)})
        assert str(found) == str(expected)


OBJECTIVES = {
    "exponential": Risk(loss("exponential"), (fmpq(1), fmpq(-2))),
    "exponential mean": Risk(loss("exponential"), (fmpq(1), fmpq(1)), is_mean=True),
    "logistic": Risk(loss("logistic"), (fmpq(1), fmpq(-1)), is_mean=True),
    "squared": Risk(loss("squared"), (fmpq(1), fmpq(3))),
    "log-sum-exp": LogSumExp((fmpq(1), fmpq(-1, 2))),
    "combination": Combination((fmpq(2), fmpq(-1, 3))),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "logistic")) for name in OBJECTIVES]
)
def test_gradients_as_texts_are_the_derivatives_of_the_texts(name: str) -> None:
    """Two roads: sympy differentiates the value that is written."""
    shape = Architecture((2, 2, 1), (RELU,), has_biases=True)
    derivation = derive(shape, OBJECTIVES[name], inputs=DATA[:2])
    rng = random.Random(4)
    names = {symbol: sympy.Symbol(f"p{i}") for i, symbol in enumerate(derivation.net.symbols)}
    for piece in derivation.pieces[:: max(1, len(derivation.pieces) // 5)]:
        value = parsed(derivation.value(piece), names)
        flat = [entry for block in derivation.gradient(piece).values() for entry in flattened(block)]
        point = {p: sympy.Rational(rng.randint(-4, 4), 3) for p in names.values()}
        for symbol, entry in zip(names.values(), flat, strict=True):
            difference = (value.diff(symbol) - parsed(entry, names)).subs(point)
            assert abs(sympy.N(difference, 30)) < sympy.Rational(1, 10**25)


def flattened(block: tuple[object, ...]) -> list[str]:
    return [entry for row in block for entry in (row if isinstance(row, tuple) else (row,))]  # type: ignore[misc]


def parsed(text: str, names: dict[str, sympy.Symbol]) -> sympy.Expr:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name].name)
    return sympy.sympify(text, locals={symbol.name: symbol for symbol in names.values()})


# ---------------------------------------------------------------------- kinks


@pytest.mark.parametrize(
    ("kind", "has_biases", "data"),
    [
        (RELU, False, [[1, 1], [-1, -1]]),
        (RELU, False, [[1, 0], [0, 1], [1, 1]]),
        (RELU, False, [[1, 0], [0, 0], [2, 0]]),
        (ABS, False, [[1, 0], [-2, 0], [1, 1]]),
        (LEAKY, True, [[1, 0], [0, 1], [0, 1]]),
        (RELU, True, [[0, 0], [1, 1], [2, 2], [3, 3]]),
        (POOL, False, [[1, 0], [0, 1]]),
    ],
    ids=["opposite", "in the plane", "a zero and a multiple", "abs", "leaky, equal", "biases, on a line", "pooling"],
)
def test_the_blocks_at_kinks_are_those_of_the_clarke_differential(
    kind: AbstractActivation, has_biases: bool, data: list[list[int]]
) -> None:
    """Two roads: the closed form, and the Clarke differential at a point of each face, for random v and c."""
    rng = random.Random(5)
    inputs, width = exact(data), 2 if kind is POOL else 1
    shape = Architecture((2, width, 1), (kind,), has_biases)
    objective = Combination(tuple(fmpq(rng.choice((-2, -1, 1, 3))) for _ in data))
    derivation = derive(shape, objective, inputs=inputs)
    assert derivation.kinks is not None
    (neuron,) = derivation.kinks
    assert neuron.kinks
    v = fmpq(rng.choice((-2, 3)), 2)
    for kink in neuron.kinks:
        values = [fmpq(0)] * shape.n_parameters
        for place, value in zip(neuron.places, kink.point, strict=True):
            values[place] = value
        values[shape.weight_index(2, 0, 0)] = v
        network, _ = network_and_data(derivation, tuple(values))
        differential = clarke_differential(FunctionOfWeights(network, inputs, objective))
        block = {tuple(vertex[place] for place in neuron.places) for vertex in differential.vertices}
        assert block <= corners(kink, v)
        for point in corners(kink, v):
            full = list(differential.vertices[0])
            for place, entry in zip(neuron.places, point, strict=True):
                full[place] = entry
            assert differential.contains(tuple(full)).is_proved


def corners(kink: Kink, v: fmpq) -> set[tuple[fmpq, ...]]:
    """Return the points of which a block is the hull, for a value of the outer weight."""

    def at(entries: tuple[Polynomial, ...]) -> tuple[fmpq, ...]:
        return tuple(entry.evaluate((v,)) for entry in entries)

    if isinstance(kink.block, HullOfCells):
        return {at(point) for point in kink.block.points}
    assert isinstance(kink.block, Segments)
    result = set()
    for ends in itertools.product((False, True), repeat=len(kink.block.segments)):
        point = at(kink.block.offset)
        for segment, is_plus in zip(kink.block.segments, ends, strict=True):
            point = tuple(a + b for a, b in zip(point, at(segment.plus if is_plus else segment.minus), strict=True))
        result.add(point)
    return result


def test_faces_of_a_plane_arrangement_are_counted() -> None:
    # Three lines through the origin of the plane: six rays, and the origin itself.
    derivation = derive(
        Architecture((2, 1, 1), (RELU,), has_biases=False),
        Combination((fmpq(1),) * 3),
        inputs=exact([[1, 0], [0, 1], [1, 1]]),
    )
    assert derivation.kinks is not None
    assert len(derivation.kinks[0].kinks) == 7
    assert len(derivation.pieces) == 6


# ---------------------------------------------------------------------- known weights


def test_a_net_in_its_input_has_its_pieces_everywhere() -> None:
    # relu(x) - relu(1 - x): x - 1, 2x - 1, x; no x is negative on both.
    network = Network.from_weights([[1], [-1]], [[1, -1]], biases=[[0, 1], [0]])
    derivation = derive(network.architecture, Output(), network=network, variable="input")
    assert [(derivation.pattern(p), derivation.value(p)) for p in derivation.pieces] == [
        ("-+", "x[1] - 1"),
        ("+-", "x[1]"),
        ("++", "2*x[1] - 1"),
    ]
    (refutation,) = derivation.refuted
    assert [term.constraint is None for term in refutation.terms] == [False, False, True]


def test_a_constant_preactivation_has_one_character() -> None:
    network = Network.from_weights([[0], [0], [1]], [[1, 1, 1]], biases=[[3, -2, 0], [0]])
    derivation = derive(network.architecture, Output(), network=network, variable="input")
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["+--", "+-+"]


def test_pooling_drops_a_member_that_lies_below_another_by_a_constant() -> None:
    network = Network.from_weights(
        [[1], [1], [-1]], [[1]], biases=[[0, -1, 0], [0]], activation=activation("maxpool", groups=[[0, 1, 2]])
    )
    derivation = derive(network.architecture, Output(), network=network, variable="input")
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["1", "3"]


def test_weights_on_a_kink_for_every_input_have_no_gradient_by_the_weights() -> None:
    network = Network.from_weights([[0, 0], [1, 0]], [[1, 1]])
    with pytest.raises(NotSupportedError, match="on a kink at these weights"):
        derive(network.architecture, Output(), network=network)
    assert derive(network.architecture, Output(), network=network, variable="input").is_complete


def test_squares_of_known_weights_are_decided_though_not_affine() -> None:
    network = Network.from_weights([[1], [-1]], [[1, 1], [-1, -1]], [[1, 1]], activation=[SQUARE, RELU])
    derivation = derive(network.architecture, Output(), network=network, variable="input")
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["-++-", "+-+-"]


# ---------------------------------------------------------------------- at a point


def test_the_pieces_at_a_point_are_the_incident_cells() -> None:
    network = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    objective = Risk(loss("exponential"), (fmpq(1), fmpq(-1)))
    derivation = derive(network.architecture, objective, network=network, inputs=DATA[:2])
    assert [derivation.pattern(piece) for piece in derivation.pieces] == ["--|++", "+-|-+"]
    limits = [tuple(map(to_text, derivation.gradient_at_point(piece))) for piece in derivation.pieces]
    assert limits[1][:2] == ("-1", "-1")
    assert limits[0][:2] == ("-exp(-1/2)", "-exp(-1/2)")


def test_gradient_polynomials_at_the_point_are_the_limits() -> None:
    network = Network.from_weights([[1, 1], [0, 0]], [[1, 2], [-1, 0]], [[1, 1]], activation=[RELU, LEAKY])
    inputs = exact([[1, -1], [2, 1]])
    derivation = derive(network.architecture, Combination((fmpq(1), fmpq(-2))), network=network, inputs=inputs)
    for piece in derivation.pieces:
        outputs = derivation.text.polynomial(piece.outputs)
        assert outputs is not None
        assert outputs.gradient_at(network.parameters) == derivation.gradient_at_point(piece)


# ---------------------------------------------------------------------- limits


def test_beyond_the_number_of_pieces_prefixes_are_undecided() -> None:
    derivation = derive(Architecture((1, 4, 1), (RELU,), has_biases=False), Output(), most_pieces=5)
    assert len(derivation.pieces) == 5
    assert not derivation.is_complete
    words = {derivation.net.table.word(characters) for characters in derivation.undecided}
    assert words == {"-+-+", "-++*", "+***"}


def test_a_spent_budget_leaves_everything_undecided() -> None:
    derivation = derive(Architecture((1, 1, 1), (RELU,), has_biases=False), Output(), budget=Budget(deadline=0.0))
    assert derivation.pieces == ()
    assert derivation.undecided == ((UNDECIDED,),)


def test_a_deadline_stops_the_writing_of_pieces_and_what_is_left_is_undecided() -> None:
    """Twelve neurons on one kink have 4096 pieces; each is either written or completes one word that is left."""
    network = Network.from_weights([[k, -k] for k in range(1, 13)], [[1] * 12])
    begin = time.monotonic()
    derivation = derive(
        network.architecture,
        Output(),
        network=network,
        inputs=[(fmpq(1), fmpq(1))],
        budget=Budget(deadline=begin + 0.3),
    )
    assert time.monotonic() - begin < 3.0
    assert 0 < len(derivation.pieces) < 4096
    assert not derivation.is_complete
    n_left = sum(2 ** characters.count(UNDECIDED) for characters in derivation.undecided)
    assert len(derivation.pieces) + n_left == 4096


@pytest.mark.slow
def test_units_of_a_layer_that_exclude_each_other_are_refuted_together() -> None:
    """Three points in the quadrant: one lies between the others, so three units cannot each cut off another one."""
    shape = Architecture((2, 2, 3, 1), (RELU, RELU), has_biases=False)
    net = SymbolicNetwork(shape, inputs=exact([[1, 0], [0, 1], [2, 3]]))
    space = PatternSpace(net)
    listed = {cell.characters for cell in space.cells()}
    assert space.undecided == ()
    below = {(1, output, datum): "+" for output in range(2) for datum in range(3)}
    cut_off = {(2, unit, datum): "-" if unit == datum else "+" for unit in range(3) for datum in range(3)}
    places = {**below, **cut_off}
    assert tuple(places[s.layer, s.output, s.datum] for s in net.table.sites) not in listed
