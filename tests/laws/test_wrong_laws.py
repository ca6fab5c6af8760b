"""What is not conserved is refuted, with a witness that is recomputed here by other means."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.errors import InputError
from symflow.exact.rationals import fmpq, to_fraction
from symflow.laws.conservation import conservation_laws, laws_on_cells
from symflow.laws.expression import polynomial_from_text
from symflow.laws.law import ConservationLaw
from symflow.laws.models import cell_fields, linear_fields, path_fields
from symflow.laws.wrong_laws import gram_balancing, is_law, under_descent, under_weight_decay
from symflow.nets.architecture import Architecture
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from tests.strategies import networks

RELU, IDENTITY = activation("relu"), activation("identity")

U2_MINUS_V2 = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing", 1, (1,))


def rate_by_hand(network: Network, x: tuple[Fraction, ...], slopes: dict[str, Fraction]) -> Fraction:
    """Return ⟨slopes, ∇f⟩ for a relu net of one hidden layer and one output, no unit at its kink."""
    W, V = network.weights
    total = Fraction(0)
    for j, row in enumerate(W):
        z = sum((to_fraction(w) * entry for w, entry in zip(row, x, strict=True)), Fraction(0))
        assert z != 0
        if z > 0:
            total += z * slopes.get(f"W2[1,{j + 1}]", Fraction(0))
            for i, entry in enumerate(x):
                total += to_fraction(V[0][j]) * entry * slopes.get(f"W1[{j + 1},{i + 1}]", Fraction(0))
    return total


@pytest.mark.parametrize("widths", [(1, 2, 1), (2, 2, 1), (2, 3, 2), (2, 2, 2, 1)], ids=str)
def test_full_gram_balancing_is_refuted_for_relu_nets_and_proved_for_linear_ones(widths: tuple[int, ...]) -> None:
    for kind, is_kept in ((RELU, False), (IDENTITY, True)):
        shape = Architecture(widths, (kind,) * (len(widths) - 2), has_biases=False)
        fields = path_fields(shape) if kind is RELU else linear_fields(shape)
        for layer in range(1, len(widths) - 1):
            verdict = is_law(gram_balancing(shape, layer, 1, 2), fields)
            assert (verdict.is_proved, verdict.is_refuted) == (is_kept, not is_kept)


def test_the_witness_against_gram_balancing_is_an_exact_rate() -> None:
    """2-2-1: h = <u1, u2> - v1 v2, so dh = u2 du1 + u1 du2 - v2 dv1 - v1 dv2."""
    shape = Architecture((2, 2, 1), (RELU,), has_biases=False)
    evidence = is_law(gram_balancing(shape, 1, 1, 2), path_fields(shape)).evidence
    w = dict(zip(shape.parameter_names, evidence["parameters"], strict=True))
    network = Network.from_weights(
        [[w["W1[1,1]"], w["W1[1,2]"]], [w["W1[2,1]"], w["W1[2,2]"]]], [[w["W2[1,1]"], w["W2[1,2]"]]]
    )
    slopes = {
        **{f"W1[1,{i}]": w[f"W1[2,{i}]"] for i in (1, 2)},
        **{f"W1[2,{i}]": w[f"W1[1,{i}]"] for i in (1, 2)},
        "W2[1,1]": -w["W2[1,2]"],
        "W2[1,2]": -w["W2[1,1]"],
    }
    assert rate_by_hand(network, evidence["input"], slopes) == evidence["rate"] != 0


def test_balancing_of_two_neurons_together_is_proved_and_so_is_a_function_of_laws() -> None:
    shape = Architecture((2, 2, 1), (RELU,), has_biases=True)
    first, second = (repr(law) for law in conservation_laws(shape).laws)
    for text in (first, f"({first}) * ({second}) + 7", "5"):
        assert is_law(polynomial_from_text(text, shape.parameter_names), path_fields(shape)).is_proved


def test_without_its_bias_a_neuron_is_not_balanced() -> None:
    shape = Architecture((1, 1, 1), (RELU,), has_biases=True)
    h = polynomial_from_text("W1[1,1]**2 - W2[1,1]**2", shape.parameter_names)
    assert is_law(h, path_fields(shape)).is_refuted
    assert is_law(polynomial_from_text("b2[1]", shape.parameter_names), path_fields(shape)).is_refuted


def test_on_a_cell_a_law_of_another_cell_is_refuted_on_the_datum_that_breaks_it() -> None:
    shape = Architecture((2, 2, 1), (RELU,), has_biases=False)
    data = [(fmpq(1), fmpq(1)), (fmpq(0), fmpq(1))]
    h = gram_balancing(shape, 1, 1, 2)
    assert is_law(h, cell_fields(shape, data, ["++|++"], [1])).is_proved
    verdict = is_law(h, cell_fields(shape, data, ["++|+-"], [1]))
    assert (verdict.evidence["datum"], verdict.evidence["pattern"]) == (2, "+-")
    assert verdict.evidence["rate"] != 0


# ---------------------------------------------------------------------- descent and decay


def test_a_step_of_gradient_descent_changes_the_difference_by_the_step_squared_times_its_value_at_the_gradient() -> (
    None
):
    """f = u v, loss z: u = 2, v = 1, η = 1/10: (19/10)² - (4/5)² = 297/100, not 3."""
    verdict = under_descent(U2_MINUS_V2, [2, 1], [1, 2], "1/10")
    assert verdict.is_refuted
    assert verdict.evidence == {"before": 3, "after": Fraction(297, 100), "change": Fraction(-3, 100)}
    assert under_descent(U2_MINUS_V2, [1, 1], [1, 1], "1/10").is_proved  # |u| = |v| stays so


def test_descent_along_a_gradient_of_something_else_is_refused() -> None:
    with pytest.raises(InputError, match="this gradient is of another cell or net"):
        under_descent(U2_MINUS_V2, [2, 1], [1, 1], "1/10")


@settings(max_examples=40, deadline=None)
@given(networks(depth=(2, 3), width=2, kinds=("relu", "leaky_relu", "abs", "identity")), st.integers(1, 9))
def test_the_change_under_descent_is_exact_on_drawn_nets(network: Network, tenths: int) -> None:
    shape = network.architecture
    x = [fmpq(3, 1) if i % 2 else fmpq(-2, 7) for i in range(shape.n_inputs)]
    risk = EmpiricalRisk(network, Dataset([x], labels=[1]), loss="squared").at()
    if any(risk.table.sites) and any(0 in risk.values_at(site) for site in risk.table.sites):
        return  # at a kink there are several gradients
    gradient = risk.conventional_gradient("autodiff")
    for law in conservation_laws(shape).laws:
        verdict = under_descent(law, network.parameters, gradient, Fraction(tenths, 10))
        assert verdict.evidence["after"] - verdict.evidence["before"] == verdict.evidence["change"]


@pytest.mark.parametrize(
    ("decay", "factor", "rate"), [("1/10", "exp(-t/5)", Fraction(-3, 5)), ("1/2", "exp(-t)", -3), (1, "exp(-2*t)", -6)]
)
def test_weight_decay_multiplies_the_difference_by_an_exact_factor(decay: object, factor: str, rate: Fraction) -> None:
    verdict = under_weight_decay(U2_MINUS_V2, [2, 1], decay)
    assert verdict.is_refuted
    assert (verdict.evidence["factor"], verdict.evidence["rate"]) == (factor, rate)


def test_weight_decay_keeps_a_balanced_neuron_balanced() -> None:
    assert under_weight_decay(U2_MINUS_V2, [1, -1], 1).is_proved
    assert under_weight_decay(U2_MINUS_V2, [2, 1], 0).is_proved


def test_a_law_of_mixed_degrees_has_no_decay_factor() -> None:
    mixed = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 1),), fmpq(1))), "quadratic")
    with pytest.raises(ValueError, match="is not homogeneous"):
        under_weight_decay(mixed, [1, 1], 1)


def test_linear_laws_survive_descent() -> None:
    found = laws_on_cells(Architecture((2, 1, 1), (RELU,), has_biases=False), [(1, 2)], ["+"])
    (span, _) = found.laws
    assert span.kind == "span"
    assert span.change_under_descent([1, 2, 5], "1/3") == 0


# ---------------------------------------------------------------------- polynomials of users

NAMES = ("W1[1,1]", "W1[1,2]", "b1[1]")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("W1[1,1]", "W1[1,1]"),
        ("2 * W1[1,1] - W1[1, 2]/4", "2*W1[1,1] - W1[1,2]/4"),
        ("-(b1[1] - 0.5)**2", "-b1[1]**2 + b1[1] - 1/4"),
        ("+W1[1,1]^2*3", "3*W1[1,1]**2"),
        ("--1/2", "1/2"),
        ("W1[1,1] - W1[1,1]", "0"),
    ],
)
def test_polynomials_are_read_exactly(text: str, meaning: str) -> None:
    assert polynomial_from_text(text, NAMES).to_text() == meaning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("W1[1,3]", r'no parameter "W1\[1,3\]"; did you mean'),
        ("x", r"the parameters are W1\[1,1\], .."),
        ("W1[1,1] +", "ends too early"),
        ("(W1[1,1]", "not closed"),
        ("W1[1,1] W1[1,2]", "where an operator was expected"),
        ("1/0", "quotient by zero"),
        ("1/W1[1,1]", "quotient by something that is no number"),
        ("W1[1,1]**99", "from 1 to 16"),
        ("W1[1,1]**b1[1]", "from 1 to 16"),
        ("exp(W1[1,1])", 'no parameter "exp"'),
        ("W1[1,1] = 0", "cannot stand in a polynomial"),
        ("((" * 40 + "1" + "))" * 40, "nested deeper"),
        ("1" * 30_000, "characters"),
        (
            # No two of the 17**3 * 3**3 products of terms are the same monomial.
            "(W1[1,1]+1)**16*(W1[1,2]+1)**16*(b1[1]+1)**16*(W1[1,1]**16*W1[1,1]+1+W1[1,1]**16*W1[1,1]**16*W1[1,1]**2)"
            "*(W1[1,2]**16*W1[1,2]+1+W1[1,2]**16*W1[1,2]**16*W1[1,2]**2)*(b1[1]**16*b1[1]+1+b1[1]**16*b1[1]**16*b1[1]**2)",
            "more than",
        ),
    ],
)
def test_what_is_no_polynomial_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        polynomial_from_text(text, NAMES, place="--check")
