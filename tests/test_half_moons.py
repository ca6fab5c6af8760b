"""The trained net of worked example 06: the weights in the repository are those that the script trains."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symflow import Network, clarke_differential, read_problem

FOLDER = Path(__file__).parent.parent / "worked_examples" / "half_moons"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(FOLDER / "train.py"))  # under another name than __main__ it only defines


@pytest.fixture(scope="module")
def weights() -> tuple[list[np.ndarray], list[np.ndarray]]:
    with np.load(FOLDER / "half_moons.npz") as arrays:
        return [arrays[f"W{layer}"] for layer in (1, 2, 3)], [arrays[f"b{layer}"] for layer in (1, 2, 3)]


def test_the_net_tells_all_training_data_apart(script, weights) -> None:
    assert script["accuracy"](*weights, *script["half_moons"](100, noise=0.1, seed=0)) == 1.0
    assert script["accuracy"](*weights, *script["half_moons"](5000, noise=0.1, seed=2)) > 0.99


def test_the_exact_net_rounds_to_the_floating_point_one(script, weights) -> None:
    net = Network.from_arrays(*weights[0], biases=weights[1])
    inputs, _ = script["half_moons"](100, noise=0.1, seed=0)
    floats = script["outputs"](*weights, inputs[::20])[-1][:, 0]
    exact = [float(net([f"{v:.17f}" for v in x])[0]) for x in inputs[::20]]
    assert np.allclose(floats, exact, rtol=0, atol=1e-4)


def test_the_script_trains_these_weights_again(script, weights) -> None:
    """Another numpy or machine may differ in the last bits of single precision, not by more."""
    trained, biases, loss = script["train"]()
    assert loss < 0.001
    for array, stored in zip([*trained, *biases], [*weights[0], *weights[1]], strict=True):
        assert array.dtype == stored.dtype == np.float32
        assert np.allclose(array, stored, rtol=1e-3, atol=1e-3)


def test_the_problem_file_names_the_meeting_point_of_two_kinks() -> None:
    function = read_problem(FOLDER / "half_moons.toml").function()
    kinks = [(site.layer, site.output + 1) for site in function.table.sites if 0 in function.values_at(site)]
    assert kinks == [(1, 3), (2, 3)]
    assert clarke_differential(function).n_vertices == 4
