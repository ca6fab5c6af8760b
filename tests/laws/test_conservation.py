"""How many laws there are: closed forms, and a second road; which ones, on shapes and on cells."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, activation
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.laws.conservation import ConservationLaws, conservation_laws, laws_on_cells
from symflow.laws.identities import is_conserved, output_gradients
from symflow.laws.models import cell_fields, linear_fields, path_fields
from symflow.nets.architecture import Architecture
from symflow.nets.fixed_slopes import FixedSlopes, output_polynomial, slopes_on_pattern
from tests.laws.second_road import entries_of_product, lie_rank, path_monomials
from tests.strategies import activations

RELU, IDENTITY = activation("relu"), activation("identity")


def shape(*widths: int, kind: AbstractActivation = RELU, biases: bool = False) -> Architecture:
    return Architecture(widths, (kind,) * (len(widths) - 2), has_biases=biases)


def vector(*entries: object) -> tuple[fmpq, ...]:
    return tuple(fmpq(str(entry)) for entry in entries)


def texts(found: ConservationLaws) -> list[str]:
    return [repr(law) for law in found.laws]


# ---------------------------------------------------------------------- closed forms


@pytest.mark.parametrize("widths", list(itertools.product(range(1, 5), repeat=3)), ids=str)
def test_a_linear_net_of_two_layers_has_the_laws_of_the_closed_form(widths: tuple[int, int, int]) -> None:
    """The fields act on the columns of (U, V) as so(n, m): orbits of r vectors in R^(n+m), with Gram matrices kept."""
    n, r, m = widths
    found = conservation_laws(shape(*widths, kind=IDENTITY))
    expected = r * (r + 1) // 2 if r <= n + m else (n + m) * r - (n + m) * (n + m - 1) // 2
    assert (found.model, found.n_laws, found.is_complete) == ("linear", expected, True)
    assert found.n_laws + found.lie_dimension == (n + m) * r
    # All entries of U Uᵀ − Vᵀ V are there, those that depend on others apart, and its trace.
    kinds = [law.kind for law in (*found.laws, *found.dependent_laws)]
    assert kinds.count("balancing") + kinds.count("gram") == r * (r + 1) // 2
    assert kinds.count("layer") == (r > 1)


@pytest.mark.parametrize("biases", [False, True], ids=["without biases", "with biases"])
@pytest.mark.parametrize("widths", [w for n in (3, 4) for w in itertools.product((1, 2, 3), repeat=n)], ids=str)
def test_a_relu_net_has_one_law_a_hidden_neuron(widths: tuple[int, ...], biases: bool) -> None:
    found = conservation_laws(shape(*widths, biases=biases))
    assert (found.model, found.n_laws, found.is_complete) == ("relu", sum(widths[1:-1]), True)
    assert {law.kind for law in found.laws} == {"balancing"}


@pytest.mark.slow
@pytest.mark.parametrize("biases", [False, True], ids=["without biases", "with biases"])
@pytest.mark.parametrize("widths", list(itertools.product((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4), (1, 2))), ids=str)
def test_a_deeper_relu_net_has_one_law_a_hidden_neuron(widths: tuple[int, ...], biases: bool) -> None:
    found = conservation_laws(shape(*widths, biases=biases))
    assert (found.n_laws, found.is_complete) == (sum(widths[1:-1]), True)


@pytest.mark.parametrize("kind", ["leaky_relu", "abs"])
def test_every_positively_homogeneous_unit_balances(kind: str) -> None:
    chosen = activation(kind, slope="1/4") if kind == "leaky_relu" else activation(kind)
    found = conservation_laws(shape(2, 3, 2, kind=chosen, biases=True))
    assert (found.n_laws, found.is_complete) == (3, True)


def test_a_pooling_group_balances_as_one_neuron() -> None:
    """Its members share the outgoing weights: scaling all of them up and these down changes nothing."""
    pool = activation("maxpool", groups=[[0, 1], [2, 3]])
    found = conservation_laws(Architecture((2, 4, 1), (pool,), has_biases=True))
    assert texts(found) == [
        "W1[1,1]**2 + W1[1,2]**2 + W1[2,1]**2 + W1[2,2]**2 + b1[1]**2 + b1[2]**2 - W2[1,1]**2",
        "W1[3,1]**2 + W1[3,2]**2 + W1[4,1]**2 + W1[4,2]**2 + b1[3]**2 + b1[4]**2 - W2[1,2]**2",
    ]
    assert found.is_complete


def test_a_layer_of_identities_between_relus_keeps_its_gram_matrix() -> None:
    mixed = Architecture((2, 2, 2, 2, 1), (RELU, IDENTITY, RELU), has_biases=True)
    found = conservation_laws(mixed)
    kinds = [(law.kind, law.layer) for law in found.laws]
    assert kinds.count(("gram", 2)) == 1
    assert kinds.count(("gram", 1)) == kinds.count(("gram", 3)) == 0
    assert (found.n_laws, found.is_complete) == (7, True)


@pytest.mark.parametrize(
    ("widths", "biases"),
    [((2, 1), False), ((3, 2), True), ((1, 1), True)],
    ids=["matrix", "affine map", "one weight and a bias"],
)
def test_a_net_without_hidden_layer_keeps_nothing(widths: tuple[int, ...], biases: bool) -> None:
    for model in ("linear", "relu"):
        found = conservation_laws(shape(*widths, biases=biases), model=model)
        assert (found.n_laws, found.lie_dimension) == (0, found.n_parameters)


def test_the_flow_of_a_deep_linear_net_with_one_input_and_output_keeps_a_law_that_is_no_polynomial_of_degree_two() -> (
    None
):
    """One function c B a, so one field and D − 1 = 7 laws; the Gram matrices have six entries, all independent."""
    found = conservation_laws(shape(1, 2, 2, 1, kind=IDENTITY))
    assert (found.n_laws, found.n_laws_at_most, found.is_complete) == (6, 7, False)
    assert found.is_lie_dimension_exact
    assert found.has_all_quadratic


# ---------------------------------------------------------------------- the second road


@pytest.mark.parametrize(
    ("widths", "biases", "longest"),
    [
        ((2, 2, 1), False, 3),
        ((2, 2, 2), False, 3),
        ((1, 2, 1), True, 3),
        ((2, 2, 2, 1), False, 3),
        ((1, 2, 2), True, 3),
    ],
    ids=str,
)
def test_brackets_written_out_have_the_same_rank_for_linear_nets(
    widths: tuple[int, ...], biases: bool, longest: int
) -> None:
    ring, functions = entries_of_product(widths, biases=biases)
    found = conservation_laws(shape(*widths, kind=IDENTITY, biases=biases))
    assert ring.names == found.shape.parameter_names
    assert max(len(word) for word in found.brackets.words) <= longest
    assert lie_rank(ring, functions, found.brackets.point, longest) == found.lie_dimension


@pytest.mark.parametrize(
    ("widths", "biases"), [((2, 2, 1), True), ((2, 2, 2, 1), False), ((1, 2, 2, 2), True), ((2, 3, 2), True)], ids=str
)
def test_all_path_monomials_written_out_have_the_same_rank_for_relu_nets(widths: tuple[int, ...], biases: bool) -> None:
    """So the few paths that are used span the gradients of all, and their brackets add nothing."""
    ring, functions = path_monomials(widths, biases=biases)
    found = conservation_laws(shape(*widths, biases=biases))
    assert lie_rank(ring, functions, found.brackets.point, 1) == found.lie_dimension
    if len(functions) <= 12:
        assert lie_rank(ring, functions, found.brackets.point, 2) == found.lie_dimension


@pytest.mark.parametrize("biases", [False, True])
def test_the_chosen_paths_are_as_many_as_their_rank(biases: bool) -> None:
    for widths in ((3, 4, 2), (2, 3, 3, 2), (2, 2, 2, 2, 2)):
        fields = path_fields(shape(*widths, biases=biases))
        assert len(fields.fields) == fields.shape.n_parameters - sum(widths[1:-1])


# ---------------------------------------------------------------------- cells

X, Y = vector(1, 2), vector(3, 1)


@pytest.mark.parametrize(
    ("inputs", "pattern", "n_laws"),
    [
        ([X], "++", 5),  # one field in R^6
        ([X, Y], "++|++", 3),  # a linear 2-2-1 net
        ([X, Y], "++|+-", 3),  # two balancings, and what is orthogonal to x in the second neuron
        ([X, Y], "++|--", 5),  # the second datum does not count
        ([X, Y], "--|--", 6),  # nothing moves
        ([X, vector(-2, -4)], "++|++", 5),  # parallel data give the same field
        ([X, vector(0, 0)], "++|00", 5),
    ],
    ids=["one datum", "two data", "two data, one neuron off", "one datum dead", "all dead", "parallel data", "zero"],
)
def test_a_2_2_1_net_has_so_many_laws_on_its_data(inputs: list[Any], pattern: str, n_laws: int) -> None:
    found = laws_on_cells(shape(2, 2, 1), inputs, [pattern])
    assert (found.n_laws, found.is_complete) == (n_laws, True)


def test_laws_of_several_cells_are_those_that_hold_on_each() -> None:
    net, data = shape(2, 2, 1), [X, Y]
    one, two = (laws_on_cells(net, data, [pattern]) for pattern in ("++|++", "++|+-"))
    both = laws_on_cells(net, data, ["++|++", "++|+-"])
    assert (one.n_laws, two.n_laws, both.n_laws) == (3, 3, 2)
    assert set(texts(both)) <= set(texts(one)) & set(texts(two))


def test_positive_second_weights_keep_one_law_more_than_the_paths() -> None:
    """2-2-2-1 with W_2 > 0: the second layer is on wherever the first is, so only three patterns occur, and
    <W_2[1,:], W_2[2,:]> - W_3[1] W_3[2] is kept: Lie dimension 5, not 6."""
    net = shape(2, 2, 2, 1)
    data = [vector(1, 2), vector(2, 1), vector(1, -1), vector(2, -1), vector(-1, 1), vector(-1, 2)]
    found = laws_on_cells(net, data, ["++++|++++|+-++|+-++|-+++|-+++"])
    assert (found.n_laws, found.lie_dimension, found.is_complete) == (5, 5, True)
    assert "W2[1,1]*W2[2,1] + W2[1,2]*W2[2,2] - W3[1,1]*W3[1,2]" in texts(found)
    assert conservation_laws(net).lie_dimension == 6
    assert conservation_laws(net).scope == "path monomials"


def test_one_input_without_biases_keeps_a_law_more_for_weights_of_one_sign() -> None:
    """1-2-1, u_1, u_2 > 0: both neurons are on for x > 0 and off for x < 0, and u_1 u_2 - v_1 v_2 is kept."""
    net = shape(1, 2, 1)
    found = laws_on_cells(net, [vector(1), vector(-1)], ["++|--"])
    assert "W1[1,1]*W1[2,1] - W2[1,1]*W2[1,2]" in texts(found)
    assert conservation_laws(net).n_laws == 2
    assert conservation_laws(net).scope == "path monomials"
    assert conservation_laws(shape(1, 2, 1, biases=True)).scope == "all data"


def test_units_of_opposite_slopes_keep_the_sum_of_the_gram_entries() -> None:
    found = laws_on_cells(shape(2, 2, 1, kind=activation("abs")), [X, Y], ["+-|-+"])
    assert "W1[1,1]*W1[2,1] + W1[1,2]*W1[2,2] + W2[1,1]*W2[1,2]" in texts(found)
    assert found.is_complete


def test_squared_relus_balance_with_a_factor_two() -> None:
    """f = v (u x)²: u' = 2 v u x², v' = u² x², so that u² - 2 v² is kept."""
    squared = activation("relu_power", power=2)
    found = laws_on_cells(shape(1, 1, 1, kind=squared), [vector(3)], ["+"])
    assert texts(found) == ["W1[1,1]**2 - 2*W2[1,1]**2"]
    assert found.is_complete


def test_a_bias_at_the_output_moves_at_constant_speed() -> None:
    """On one datum b' = 1, u' = v, v' = u (x = 1): (u + v) exp(-b) is kept too, and is no polynomial."""
    found = laws_on_cells(shape(1, 1, 1, biases=True), [vector(1)], ["+"])
    assert (found.n_laws, found.n_laws_at_most, found.is_complete, found.is_lie_dimension_exact) == (2, 3, False, True)


def test_what_is_no_polynomial_of_degree_two_is_counted() -> None:
    found = laws_on_cells(shape(1, 2, 1), [vector(1), vector(2)], ["++|++"])
    assert (found.n_laws, found.is_complete) == (3, True)
    # With slopes 1 and 1/4 the third law is (u + v) (u' - v')^4, of degree five.
    leaky = laws_on_cells(shape(1, 2, 1, kind=activation("leaky_relu", slope="1/4")), [vector(1)], ["+-"])
    assert (leaky.n_laws, leaky.n_laws_at_most, leaky.is_lie_dimension_exact) == (2, 3, True)


def test_a_prime_that_divides_a_denominator_is_not_used() -> None:
    found = laws_on_cells(shape(1, 1, 1), [(fmpq(1, 2147483647),)], ["+"])
    assert found.brackets.prime == 2147483629
    assert found.is_complete


# ---------------------------------------------------------------------- drawn nets


@st.composite
def nets_on_patterns(draw: st.DrawFn) -> tuple[Architecture, list[tuple[fmpq, ...]], str]:
    widths = [draw(st.integers(1, 2)) for _ in range(draw(st.integers(2, 4)))]
    kinds = ("relu", "leaky_relu", "abs", "identity", "relu_power")
    chosen = tuple(draw(activations(width, kinds)) for width in widths[1:-1])
    net = Architecture(tuple(widths), chosen, has_biases=draw(st.booleans()))
    n_data = draw(st.integers(1, 2))
    inputs = [tuple(fmpq(draw(st.integers(-2, 2))) for _ in range(widths[0])) for _ in range(n_data)]
    length = sum(width for width, each in zip(widths[1:-1], chosen, strict=True) if each.has_sites)
    words = ["".join(draw(st.sampled_from("+-")) for _ in range(length)) for _ in inputs]
    return net, inputs, "|".join(words)


@settings(max_examples=60, deadline=None)
@given(nets_on_patterns())
def test_laws_on_drawn_cells_are_kept_independent_and_not_too_many(
    case: tuple[Architecture, list[tuple[fmpq, ...]], str],
) -> None:
    net, inputs, pattern = case
    found = laws_on_cells(net, inputs, [pattern])
    gradients = output_gradients(found.fields)
    assert all(is_conserved(law, gradients) for law in (*found.laws, *found.dependent_laws))
    point = [fmpq(entry) for entry in found.brackets.point]
    if found.laws:
        assert rank([law.polynomial.gradient_at(point) for law in found.laws]) == found.n_laws
    assert found.n_laws <= found.n_laws_at_most
    if found.has_all_quadratic and not found.is_complete:
        # The words are those that the second road finds.
        functions = [output_polynomial(net, f) for f in found.fields.functions]
        longest = 1 + max((len(word) for word in found.brackets.words), default=0)
        if len(functions) ** longest <= 16 and net.n_parameters <= 9:
            assert lie_rank(functions[0].ring, functions, found.brackets.point, longest) == found.lie_dimension


@settings(max_examples=40, deadline=None)
@given(nets_on_patterns())
def test_the_parameters_at_rest_are_those_that_stand_in_no_output(
    case: tuple[Architecture, list[tuple[fmpq, ...]], str],
) -> None:
    net, inputs, pattern = case
    fields = cell_fields(net, inputs, [pattern], range(1, net.n_outputs + 1))
    gradients = output_gradients(fields)
    found = laws_on_cells(net, inputs, [pattern])
    moved = {place for gradient in gradients for place in gradient}
    at_rest = {law.terms[0][0][0][0] for law in found.laws if law.kind == "unmoved"}
    assert at_rest == set(range(net.n_parameters)) - moved


def test_the_functions_of_a_cell_are_the_outputs_there() -> None:
    pool = activation("maxpool", groups=[[0, 2], [1]])
    net = Architecture((1, 3, 1), (pool,), has_biases=True)
    assert slopes_on_pattern(net, "21") == (vector(0, 1, 1),)
    f = FixedSlopes(vector(2), slopes_on_pattern(net, "21"), (True, True), 0)
    assert (
        output_polynomial(net, f).to_text()
        == "2*W1[2,1]*W2[1,2] + 2*W1[3,1]*W2[1,1] + b1[2]*W2[1,2] + b1[3]*W2[1,1] + b2[1]"
    )


def test_the_model_linear_is_refused_for_a_net_with_kinks() -> None:
    from symflow.errors import NotSupportedError

    with pytest.raises(NotSupportedError, match='the model "linear" is for identity activations'):
        linear_fields(shape(1, 1, 1))
    with pytest.raises(NotSupportedError, match="pieces of degree one"):
        path_fields(shape(1, 1, 1, kind=activation("relu_power", power=2)))
    with pytest.raises(NotSupportedError, match="needs data and cells"):
        conservation_laws(shape(1, 1, 1), model="cell")
