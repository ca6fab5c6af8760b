"""Readings: the words, and the formulas held against the sets that they describe."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.polytope import Polytope
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.reports.expressions import Hull
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.reading import Part, Reading
from symflow.zoo.every_answer import zoo
from symflow.zoo.known_answer import KnownAnswer
from tests.reports.evaluation import Value, as_vector, evaluate
from tests.strategies import functions_of_input, functions_of_weights


def check(differential: ClarkeDifferential) -> None:
    """Hold every line of a reading, and every named constant, against the set."""
    reading = read_set(differential)
    letters: dict[object, Value] = {constant.symbol: constant.value for constant in reading.constants}
    for vector, symbol in notation_of(differential).inputs.items():
        letters[symbol] = vector
    for constant in reading.constants:
        assert evaluate(constant.expression, {}) == constant.value
    covered = [place for row in reading.constant_rows for place in row.places]
    element = differential.minimal_norm_element
    for row in reading.constant_rows:
        length = len(row.places) // len(row.names) if row.names[0].row is not None else len(row.places)
        value = as_vector(evaluate(row.value, letters), len(row.places) if length == 0 else length)
        entries = [element[place] for place in row.places]
        if all(entry == 0 for entry in entries):
            assert all(x == 0 for x in value)
        else:
            assert entries == list(value) * (len(entries) // len(value))
    for part in reading.parts:
        covered.extend(part.places)
        check_part(part, letters)
    assert sorted(covered) == list(range(len(differential.function.variables)))
    assert reading.shape.n_vertices == differential.n_vertices
    assert reading.shape.dimension == differential.dimension


def check_part(part: Part, letters: dict[object, Value]) -> None:
    """Hold the lines of a part against its base and generators, and those against its vertices."""
    place_of = {place: i for i, place in enumerate(part.places)}
    if part.form == "span":
        corners = [
            tuple(
                start + sum((g[i] for g, on in zip(part.generators, chosen, strict=True) if on), fmpq(0))
                for i, start in enumerate(part.base)
            )
            for chosen in itertools.product((False, True), repeat=len(part.generators))
        ]
        assert Polytope.of(corners).vertices == part.vertices
        thetas = [fmpq(k + 2, 7 + k) for k in range(len(part.parameters))]
        values = letters | dict(zip(part.parameters, thetas, strict=True))
        for auxiliary in part.auxiliaries:
            values[auxiliary.symbol] = evaluate(auxiliary.definition, values)
        for row in part.rows:
            expected = [
                part.base[place_of[p]]
                + sum((t * g[place_of[p]] for t, g in zip(thetas, part.generators, strict=True)), fmpq(0))
                for p in row.places
            ]
            assert list(as_vector(evaluate(row.value, values), len(expected))) == expected
        return
    for row in part.rows:
        columns = [place_of[place] for place in row.places]
        if isinstance(row.value, Hull):
            points = {as_vector(evaluate(point, letters), len(columns)) for point in row.value.points}
            assert points == {tuple(vertex[i] for i in columns) for vertex in part.vertices}
        else:
            (value,) = {tuple(vertex[i] for i in columns) for vertex in part.vertices}
            assert as_vector(evaluate(row.value, letters), len(columns)) == value


@pytest.mark.parametrize("known", zoo(), ids=lambda known: known.name)
def test_the_reading_of_a_known_set_says_that_set(known: KnownAnswer) -> None:
    check(clarke_differential(known.function()))


@settings(max_examples=40)
@given(functions_of_weights(n_data=4))
def test_formulas_in_the_weights_are_the_set(function) -> None:
    differential = clarke_differential(function)
    if differential.is_exact and (differential.n_vertices or 0) <= 64:
        check(differential)


@settings(max_examples=25)
@given(functions_of_input())
def test_formulas_in_the_input_are_the_set(function) -> None:
    differential = clarke_differential(function)
    if differential.is_exact:
        check(differential)


def reading_at_zero(*weights: list[list[int]]) -> Reading:
    """Return the reading of f at the origin of the input."""
    network = Network.from_weights(*weights)
    return read_set(clarke_differential(Realization(network), at=(0,) * network.architecture.n_inputs))


@pytest.mark.parametrize(
    ("weights", "noun"),
    [
        (([[1]], [[1]]), "segment"),
        (([[1], [-1]], [[1, -1]]), "point"),
        (([[1, 0], [0, 1]], [[1, 1]]), "square"),
        (([[1, 0], [0, 2]], [[1, 1]]), "rectangle"),
        (([[1, 0], [1, 1]], [[1, 1]]), "parallelogram"),
        (([[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]), "hexagon"),
        (([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]]), "cube"),
        (([[1, 0, 0], [0, 1, 0], [1, 1, 1]], [[1, 1, 1]]), "parallelepiped"),
    ],
)
def test_shapes_have_their_names(weights: tuple[list[list[int]], ...], noun: str) -> None:
    # sums of the segments [0, v_j u_j], but for the cancelling pair
    assert reading_at_zero(*weights).shape.noun == noun


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=4))
def test_one_neuron_at_zero_is_the_zonotope_of_the_data(data) -> None:
    # all coefficients positive: F = sum_k σ(<u, x_k>) is convex, and its set at u = 0 is the sum of the [0, x_k]
    from symflow.nets.empirical_risk import FunctionOfWeights
    from symflow.nets.objective import Combination

    inputs = tuple(tuple(fmpq(v) for v in x) for x in data)
    network = Network.from_weights([[0, 0]], [[1]])
    function = FunctionOfWeights(network, inputs, Combination((fmpq(1),) * len(inputs)))
    check(clarke_differential(function))
