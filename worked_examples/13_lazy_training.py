"""What does scaling the output of a net do to its training?

Question. Train α f instead of f on the squared risk, f(w(0)) = 0, for a smooth activation. How do the risk and the
distance from the start depend on α?

Answer. In the time τ = α² t the risk converges to that of a linear model, R(τ) = |exp(-K τ) y|² / 2 with K the Gram
matrix of the gradients of f at the start (the neural tangent kernel): it decays like exp(-2 λ α² t), λ the least
eigenvalue of K. The weights move by C / α only. In the example both limits are approached at the rate 1/α²: the errors
fall by about 16 each time α grows by 4.

Reference. L. Chizat, E. Oyallon, F. Bach, On lazy training in differentiable programming (2019), Theorem 2.3.

Prints

    alpha   risk at tau = 1             error           alpha |w - w(0)|        error
        1   0.001262489194625369        -0.0021         0.6011862934392209      -0.016
        4   0.003160659181651917        -0.00021        0.6163746284691939      -0.001
       16   0.003357038210395245        -1.4e-5         0.6173124376395372      -6.2e-5
       64   0.003369750073912655        -8.5e-7         0.6173708843532829      -3.9e-6
    limit   0.003370599411749492                        0.6173747800624913
"""

import sys
from itertools import pairwise
from pathlib import Path

import mpmath

from symflow import gradient_flow, problem_from_tree

DIGITS = 30
INPUTS, LABELS = [("1", "1/2"), ("-1/2", "1")], ["1", "-1/2"]
# Two linear neurons that cancel: f(x; w) = <v_1 u_1 + v_2 u_2, x> is 0 at the start.
START = [[["1/2", "1"], ["1/2", "1"]], [["1", "-1"]]]


def scaled(alpha):
    """Return the squared risk of alpha f: a last layer with the one weight alpha, which stays."""
    tree = {
        "network": {"activation": "identity", "weights": [*START, [[str(alpha)]]]},
        "data": {"inputs": INPUTS, "labels": LABELS},
        "objective": {"kind": "risk", "loss": "squared"},
    }
    return problem_from_tree(tree).function()


def limit(tau):
    """Return the risk of the linear model at time tau, and how far its weights are from the start."""
    X = mpmath.matrix([[mpmath.mpf(1), mpmath.mpf(1) / 2], [-mpmath.mpf(1) / 2, mpmath.mpf(1)]])
    u, v = mpmath.matrix([mpmath.mpf(1) / 2, 1]), mpmath.matrix([1, -1])
    y = mpmath.matrix([1, -mpmath.mpf(1) / 2])
    # The gradients of f(x_k): v_j x_k for u_j and <u, x_k> for each v_j.
    features = [[v[j] * X[k, c] for j in (0, 1) for c in (0, 1)] + [(X * u)[k]] * 2 for k in (0, 1)]
    J = mpmath.matrix(features)
    K = J * J.T
    decay = mpmath.expm(-K * tau)
    residual = decay * y
    moved = J.T * (K**-1 * (y - residual))
    return mpmath.norm(residual) ** 2 / 2, mpmath.norm(moved)


with mpmath.workdps(DIGITS + 5):
    risk_limit, moved_limit = limit(mpmath.mpf(1))
    errors = []
    print("alpha   risk at tau = 1             error           alpha |w - w(0)|        error")
    for alpha in (1, 4, 16, 64):
        path = gradient_flow(scaled(alpha), until=f"1/{alpha**2}", dps=DIGITS, trained=["W1", "W2"])
        begin = path.checkpoints[0].state
        moved = alpha * mpmath.norm([a - b for a, b in zip(path.state, begin, strict=True)])
        assert path.status == "completed"
        errors.append((path.objective - risk_limit, moved - moved_limit))
        off = [mpmath.nstr(error, 2) for error in errors[-1]]
        numbers = [mpmath.nstr(value, 16) for value in (path.objective, moved)]
        print(f"{alpha:5}   {numbers[0]:27} {off[0]:15} {numbers[1]:23} {off[1]}")
    print(f"limit   {mpmath.nstr(risk_limit, 16):27} {'':15} {mpmath.nstr(moved_limit, 16)}")
    for (risk_off, moved_off), (risk_next, moved_next) in pairwise(errors[1:]):
        assert abs(risk_off / risk_next - 16) < 2
        assert abs(moved_off / moved_next - 16) < 2

if len(sys.argv) > 1:
    rows = r" \\ ".join(
        rf"{4**k} & {mpmath.nstr(risk, 2)} & {mpmath.nstr(moved, 2)}" for k, (risk, moved) in enumerate(errors)
    )
    table = (
        rf"\[\begin{{array}}{{r|rr}} \alpha & R - R_\infty & \alpha\|w - w(0)\| - C \\ \hline {rows} \end{{array}}\]"
    )
    Path(sys.argv[1], "13_lazy_training.tex").write_text(table + "\n", encoding="utf-8")
