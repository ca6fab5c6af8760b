"""Two roads to a gradient, on drawn nets: one backward pass, and the derivative of the expanded polynomial."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow import Dataset, EmpiricalRisk, InputError, Network, Realization, ShapeError, activation
from symflow.exact.rationals import fmpq, to_fraction
from symflow.nets.empirical_risk import FunctionOfWeights, function_of_weights
from symflow.nets.objective import Combination, Output
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import FunctionOfInput
from symflow.problem import Problem
from symflow.zoo.every_answer import zoo
from tests.second_road import PlainNet
from tests.strategies import KINDS, functions_of_input, functions_of_weights

kinds_with_powers = (*KINDS, "relu_power")
functions = st.one_of(
    functions_of_weights(kinds=kinds_with_powers, rational=True),
    functions_of_input(kinds=kinds_with_powers, rational=True),
)


def drawn_pattern(F: AbstractPatternedFunction, data: st.DataObject) -> list[str]:
    """Walk the tree of patterns, choosing at each kink; the pattern need not occur near the point."""
    characters = [""] * len(F.table.sites)
    for i in range(len(characters)):
        characters[i] = data.draw(st.sampled_from(F.options(i, characters))).character
    return characters


def moved(F: AbstractPatternedFunction, d: list[fmpq]) -> AbstractPatternedFunction:
    """Return the same function, looked at from w + d."""
    point = tuple(w + e for w, e in zip(F.point, d, strict=True))
    if isinstance(F, FunctionOfInput):
        return FunctionOfInput(F.network, (point,), F.objective, output=F.output)
    return FunctionOfWeights(F.network.with_parameters(point), F.inputs, F.objective, output=F.output)


def displacement(F: AbstractPatternedFunction, data: st.DataObject) -> list[fmpq]:
    size = len(F.variables)
    entries = st.builds(fmpq, st.integers(-4, 4), st.integers(1, 3))
    return data.draw(st.lists(entries, min_size=size, max_size=size))


def dense(F: AbstractPatternedFunction, sparse: dict[int, fmpq]) -> tuple[fmpq, ...]:
    return tuple(sparse.get(place, fmpq(0)) for place in range(len(F.variables)))


def zeros(F: AbstractPatternedFunction) -> tuple[fmpq, ...]:
    return (fmpq(0),) * len(F.variables)


# ---------------------------------------------------------------------- gradients and polynomials


@given(functions, st.data())
def test_the_backward_pass_is_the_derivative_of_the_polynomial(
    F: AbstractPatternedFunction, data: st.DataObject
) -> None:
    characters = drawn_pattern(F, data)
    for datum in range(F.n_data):
        polynomial = F.output_polynomial(datum, characters)
        assert dense(F, F.output_gradient(datum, characters)) == polynomial.gradient_at(zeros(F))
        assert polynomial.constant_coefficient() == F.outputs[datum]


@given(functions, st.data())
def test_a_constraint_s_gradient_is_the_derivative_of_its_polynomial_and_it_is_zero_at_the_point(
    F: AbstractPatternedFunction, data: st.DataObject
) -> None:
    characters = drawn_pattern(F, data)
    for i in range(len(characters)):
        for option in F.options(i, characters):
            for constraint in option.constraints:
                polynomial = F.constraint_polynomial(constraint, characters)
                assert not polynomial.is_zero()
                assert polynomial.constant_coefficient() == 0
                assert dense(F, F.constraint_gradient(constraint, characters)) == polynomial.gradient_at(zeros(F))


@given(functions, st.data())
def test_the_polynomial_at_a_displacement_is_the_exact_forward_pass(
    F: AbstractPatternedFunction, data: st.DataObject
) -> None:
    """The pattern is that at w + d: the piece that is active there need not be one near w."""
    d = displacement(F, data)
    there = moved(F, d)
    characters = drawn_pattern(there, data)
    for datum in range(F.n_data):
        assert F.output_polynomial(datum, characters).evaluate(d) == there.outputs[datum]
        for layer, values in enumerate(there.preactivations[datum], start=1):
            for unit, value in enumerate(values):
                assert F.preactivation_polynomial(layer, unit, datum, characters).evaluate(d) == value


@given(functions, st.data())
def test_a_site_is_exempt_exactly_where_its_polynomial_is_zero(
    F: AbstractPatternedFunction, data: st.DataObject
) -> None:
    characters = drawn_pattern(F, data)
    for i, site in enumerate(F.table.sites):
        polynomials = [F.preactivation_polynomial(site.layer, u, site.datum, characters) for u in site.members]
        options = [option.character for option in F.options(i, characters)]
        if not site.is_group:
            assert (options == ["0"]) == polynomials[0].is_zero()
            continue
        tied = [p for p in polynomials if p.constant_coefficient() == max(F.values_at(site))]
        assert len(options) == len({p.to_text() for p in tied})  # of identical members one is named
        assert len({polynomials["123456789".index(c)].to_text() for c in options}) == len(options)


@given(functions, st.data())
def test_preactivations_are_affine_where_it_says_so(F: AbstractPatternedFunction, data: st.DataObject) -> None:
    if not F.is_affine_on_cells:
        return
    characters = drawn_pattern(F, data)
    for site in F.table.sites:
        for unit in site.members:
            assert F.preactivation_polynomial(site.layer, unit, site.datum, characters).total_degree() <= 1


@given(functions, st.data())
def test_off_the_kinks_there_is_one_pattern_and_all_conventions_give_its_gradient(
    F: AbstractPatternedFunction, data: st.DataObject
) -> None:
    there = moved(F, displacement(F, data))
    values = [there.values_at(site) for site in there.table.sites]
    if any(0 in v or len(set(v)) < len(v) for v in values):
        return  # on a kink, or an exempt unit, which a convention takes for one
    gradient = there.limiting_gradient(drawn_pattern(there, data))
    for convention in ("autodiff", "lower", "middle", "upper", fmpq(1, 3)):
        assert there.conventional_gradient(convention) == gradient


# ---------------------------------------------------------------------- conventions


def plain(F: AbstractPatternedFunction) -> PlainNet:
    """Return the same function on the second road, through a problem's canonical tree."""
    combination = tuple(F.coefficients)
    options: dict[str, Any] = {"kind": "combination", "coefficients": combination, "output": F.output + 1}
    if F.variable == "input":
        options |= {"variable": "input", "at": F.point}
    else:
        options |= {"inputs": F.inputs}
    return PlainNet(Problem(F.network.architecture, F.network, **options).tree())


def side_slopes(net: PlainNet, convention: str) -> Any:
    """Return the slopes of "lower", "middle" or "upper", written out by their definition."""

    def slopes(layer: int, i: int, values: list[Fraction]) -> list[Fraction]:
        if net.activation[layer]["name"] == "maxpool":
            tied = [place for place, value in enumerate(values) if value == max(values)]
            chosen = {"lower": tied[:1], "middle": tied, "upper": tied[-1:]}[convention]
            return [Fraction(int(place in chosen), len(chosen)) for place in range(len(values))]
        if values[0] != 0:
            return [net._slope(layer, values[0] > 0, values[0])]
        left, right = (net._slope(layer, is_positive, values[0]) for is_positive in (False, True))
        return [{"lower": left, "middle": (left + right) / 2, "upper": right}[convention]]

    return slopes


@given(functions)
def test_every_convention_is_the_chain_rule_with_its_slopes(F: AbstractPatternedFunction) -> None:
    net = plain(F)
    assert tuple(map(to_fraction, F.conventional_gradient("autodiff"))) == net.autodiff()
    for convention in ("lower", "middle", "upper"):
        slopes = side_slopes(net, convention)
        expected = net.combine([net.output_gradient(x, slopes) for x in net.inputs])
        assert tuple(map(to_fraction, F.conventional_gradient(convention))) == expected


def test_a_slope_of_one_s_own_is_taken_at_every_kink() -> None:
    """relu(x) - relu(-x): the chain rule gives 2a for the slope a."""
    f = Realization(Network.from_weights([[1], [-1]], [[1, -1]])).at((0,))
    assert [f.conventional_gradient(fmpq(a, 3)) for a in (0, 1, 3)] == [(0,), (fmpq(2, 3),), (2,)]


# ---------------------------------------------------------------------- the zoo, by hand


@pytest.mark.parametrize("known", zoo(), ids=lambda known: known.name)
def test_every_cell_s_gradient_of_a_known_problem_is_on_the_list(known) -> None:
    from symflow.cells.incident_cells import incident_cells
    from symflow.exact.exponential_numbers import to_text

    F = known.function()
    if any(activation.is_smooth for activation in F.network.architecture.activations):
        return
    found = {tuple(map(to_text, F.limiting_gradient(cell.characters))) for cell in incident_cells(F).cells}
    assert found == set(known.limiting_gradients)


def test_the_features_and_outputs_are_those_of_the_net() -> None:
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    F = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1])).at()
    assert F.features == (((1, 1), (0, 0)), ((-1, -1), (0, 1)))
    assert F.preactivations == (((0, -1), (0,)), ((0, 1), (fmpq(-1, 2),)))
    assert F.outputs == (0, fmpq(-1, 2))
    assert F.variables == ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]")


def test_units_are_exempt_behind_dead_layers_on_zero_data_and_never_under_a_bias() -> None:
    x = (fmpq(0), fmpq(0))
    net = Network.from_weights([[1, 2]], [[3]])
    assert FunctionOfWeights(net, (x,), Output()).options(0, [""])[0].character == "0"
    biased = Network.from_weights([[1, 2]], [[3]], biases=[[0], [0]])
    assert [o.character for o in FunctionOfWeights(biased, (x,), Output()).options(0, [""])] == ["-", "+"]
    deep = Network.from_weights([[-1]], [[1]], [[1]])
    F = FunctionOfWeights(deep, ((fmpq(1),),), Output())
    assert [o.character for o in F.options(1, ["-", ""])] == ["0"]


def test_pooled_units_of_a_dead_layer_are_one_candidate() -> None:
    pool = activation("maxpool", groups=[[0, 1]])
    net = Network.from_weights([[1], [2]], [[1]], activation=pool)
    at_zero = Realization(
        Network.from_weights([[1], [1], [-1]], [[1]], activation=activation("maxpool", groups=[[0, 1, 2]]))
    )
    assert [o.character for o in FunctionOfWeights(net, ((fmpq(0),),), Output()).options(0, [""])] == ["1"]
    assert [o.character for o in at_zero.at((0,)).options(0, [""])] == ["1", "3"]


# ---------------------------------------------------------------------- what is refused, and how


def test_an_output_that_does_not_exist_is_refused() -> None:
    net = Network.from_weights([[1], [2]])
    with pytest.raises(ShapeError, match="there is no output 3; the net has 2, counted from 1"):
        Realization(net, output=3)
    with pytest.raises(ShapeError, match="there is no output 0"):
        function_of_weights(net, ((fmpq(1),),), Output(), output=0)
    assert Realization(net, output=2).at((3,)).value == 6


def test_inputs_of_the_wrong_length_are_refused() -> None:
    net = Network.from_weights([[1, 2]], [[3]])
    with pytest.raises(ShapeError, match=r"data.inputs, x2: 1 entries, W1 has 2 columns"):
        function_of_weights(net, ((fmpq(1), fmpq(1)), (fmpq(1),)), Combination((fmpq(1), fmpq(1))))
    with pytest.raises(ShapeError, match="at: 1 entries, the net has 2 inputs"):
        Realization(net).at((1,))


def test_a_risk_needs_labels_and_a_loss_that_exists() -> None:
    net = Network.from_weights([[1]], [[1]])
    with pytest.raises(InputError, match="missing, needed by a risk"):
        EmpiricalRisk(net, Dataset([(1,)]))
    with pytest.raises(KeyError, match='no loss "hinge"'):
        EmpiricalRisk(net, Dataset([(1,)], labels=[1]), loss="hinge")


def test_a_risk_is_taken_at_other_parameters_too() -> None:
    R = EmpiricalRisk(Network.from_weights([[1]], [[1]]), Dataset([(1,)], labels=[1]), loss="squared", is_mean=True)
    assert R.at().value == 0
    assert R.at((3, "1/2")).value == fmpq(1, 8)
    assert R.at((3, "1/2")).point == (3, fmpq(1, 2))
