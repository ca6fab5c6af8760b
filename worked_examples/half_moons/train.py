"""Train the 2-8-8-1 net of `06_half_moons.py` on two interleaving half-moons, by plain gradient descent.

Run ``python worked_examples/half_moons/train.py`` to train it again and to rewrite `half_moons.npz`. Everything is
seeded and sequential: the same numpy on the same kind of machine writes the same bytes, another one may differ in
the last bits of a weight, and then the kinks lie elsewhere. Nothing in symflow's answer depends on how the weights
came about; they are read from the file, each the dyadic rational that it is.

Data: 100 points on each of the half circles {(cos t, sin t)} (label 1) and {(1 - cos t, 1/2 - sin t)} (label -1),
0 <= t <= π, with normal noise of standard deviation 0.1. Loss: the mean over the data of ln(1 + e^(-y f(x))). The
gradient is the chain rule's, with relu'(0) = 0. It reaches the loss 0.00072 and tells all 200 data apart.
"""

from pathlib import Path

import numpy as np

WIDTHS = (2, 8, 8, 1)
STEPS, STEP_SIZE = 3000, 0.25
FILE = Path(__file__).with_name("half_moons.npz")


def half_moons(n_each: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs (2 n_each, 2) and the labels (2 n_each,)."""
    draw = np.random.default_rng(seed)
    t = np.linspace(0.0, np.pi, n_each)
    upper = np.column_stack([np.cos(t), np.sin(t)])
    lower = np.column_stack([1.0 - np.cos(t), 0.5 - np.sin(t)])
    inputs = np.concatenate([upper, lower]) + noise * draw.standard_normal((2 * n_each, 2))
    return inputs, np.concatenate([np.ones(n_each), -np.ones(n_each)])


def initial_parameters(seed: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return weights drawn with variance 2 / (number of columns), and biases 0."""
    draw = np.random.default_rng(seed)
    pairs = list(zip(WIDTHS[1:], WIDTHS[:-1], strict=True))
    weights = [draw.standard_normal(shape) * np.sqrt(2.0 / shape[1]) for shape in pairs]
    return weights, [np.zeros(rows) for rows, _ in pairs]


def outputs(weights: list[np.ndarray], biases: list[np.ndarray], inputs: np.ndarray) -> list[np.ndarray]:
    """Return the features of all layers, one row a datum; the input first, the outputs (n, 1) last."""
    layers = [inputs]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        layers.append(np.maximum(layers[-1] @ W.T + b, 0.0))
    layers.append(layers[-1] @ weights[-1].T + biases[-1])
    return layers


def train() -> tuple[list[np.ndarray], list[np.ndarray], float]:
    """Return the trained weights and biases in single precision, and the loss reached."""
    inputs, labels = half_moons(100, noise=0.1, seed=0)
    weights, biases = initial_parameters(seed=1)
    for _ in range(STEPS):
        layers = outputs(weights, biases, inputs)
        margins = labels * layers[-1][:, 0]
        delta = (-labels / (1.0 + np.exp(margins)) / len(labels))[:, None]  # ∂loss/∂f, one row a datum
        for layer in reversed(range(len(weights))):
            gradient, bias_gradient = delta.T @ layers[layer], delta.sum(axis=0)
            delta = (delta @ weights[layer]) * (layers[layer] > 0.0)
            weights[layer] -= STEP_SIZE * gradient
            biases[layer] -= STEP_SIZE * bias_gradient
    weights = [W.astype(np.float32) for W in weights]
    biases = [b.astype(np.float32) for b in biases]
    margins = labels * outputs(weights, biases, inputs)[-1][:, 0]
    return weights, biases, float(np.mean(np.log1p(np.exp(-margins))))


def accuracy(weights: list[np.ndarray], biases: list[np.ndarray], inputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the fraction of the data with y f(x) > 0."""
    return float(np.mean(labels * outputs(weights, biases, inputs)[-1][:, 0] > 0.0))


if __name__ == "__main__":
    weights, biases, loss = train()
    arrays = {f"W{layer}": W for layer, W in enumerate(weights, start=1)}
    arrays |= {f"b{layer}": b for layer, b in enumerate(biases, start=1)}
    np.savez(FILE, **arrays)
    fresh = half_moons(5000, noise=0.1, seed=2)
    on_training = accuracy(weights, biases, *half_moons(100, noise=0.1, seed=0))
    on_fresh = accuracy(weights, biases, *fresh)
    print(f"loss {loss:.6f}, accuracy {on_training:.4f} on the training data, {on_fresh:.4f} on fresh data")
