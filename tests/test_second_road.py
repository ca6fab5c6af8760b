"""Drawn nets on two roads: whatever sampling in plain fractions meets near a point, the exact set has."""

import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from symflow import Combination, clarke_differential
from symflow.exact.rationals import to_fraction
from symflow.exact.simplex import Budget
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from tests.second_road import PlainNet, key
from tests.strategies import KINDS, functions_of_input, functions_of_weights

kinds = (*KINDS, "relu_power")
functions = st.one_of(
    functions_of_input(depth=(2, 4), kinds=kinds, rational=True),
    functions_of_weights(depth=(2, 2), kinds=kinds, rational=True),
    functions_of_weights(depth=(3, 3), width=2, n_data=2, kinds=kinds, rational=True),
)


def problem_of(F: AbstractPatternedFunction) -> Problem:
    """Return the problem whose function has the same differential: F with its coefficients frozen."""
    options: dict[str, Any] = {"kind": "combination", "coefficients": tuple(F.coefficients), "output": F.output + 1}
    options |= {"variable": "input", "at": F.point} if F.variable == "input" else {"inputs": F.inputs}
    return Problem(F.network.architecture, F.network, **options)


@settings(max_examples=40)
@given(functions, st.integers(0, 10**6))
def test_every_gradient_met_by_sampling_is_a_limiting_gradient(F: AbstractPatternedFunction, seed: int) -> None:
    problem = problem_of(F)
    G = problem.function()
    assert G.objective == Combination(tuple(F.coefficients))
    dF = clarke_differential(G, budget=Budget(deadline=time.monotonic() + 5))
    sampled = PlainNet(problem.tree()).sampled_limiting_gradients(samples=60, seed=seed)
    for gradient in sampled.values():
        verdict = dF.contains(gradient)
        assert verdict.is_proved or (verdict.is_undecided and not dF.is_exact)
    if dF.is_exact and not dF.is_product and dF.shortcut is None:
        (factor,) = dF.factors
        assert set(sampled) <= {key(tuple(map(to_fraction, gradient))) for gradient in factor.gradients}


@settings(max_examples=40)
@given(functions)
def test_automatic_differentiation_is_the_chain_rule_written_out(F: AbstractPatternedFunction) -> None:
    found = tuple(map(to_fraction, F.conventional_gradient("autodiff")))
    assert found == PlainNet(problem_of(F).tree()).autodiff()
