r"""What is watched along a trajectory: the statements of the lectures, each with how it stands and its residual.

The statements are theorems, under the hypotheses checked here; their proofs are short and named in one sentence. What
is computed is the other side: a residual at every checkpoint, in mpmath at the digits of the trajectory, from the
states alone. It is rounding if the trajectory is right, and shrinks as the digits grow. With s = -w' the chosen
subgradient, D the degree of homogeneity, m_k the margins, p the softmin weights and u = -ln sum e^(-m_k):

=============================  =========================================================================
euler                          <s, w> = D sum c_k f_k
weight_gradient_preservation   <s_l, W_l> = D_l sum c_k f_k for each trained layer l
balancing                      the quantities of ``invariants.py``
chain_rule                     <v, w'> = -|w'|² for every v in ∂F(w), on a wall: from either side of it
energy_balance                 F(w(0)) - F(w(t)) = ∫ |w'|² dt
stationarity_bound             the least |w'(s)|² for s ≤ t is at most (F(w(0)) - F(w(t))) / t
lemma_4                        D u ≤ <v, w> for v in -∂ ln sum e^(-m)
lemma_4_sharp                  <v, w> = D (u + H(p)), H the entropy
soft_margin_monotone           u / |w|^D does not decrease once u > 0
norm_growth                    |w| does not decrease once u > 0
=============================  =========================================================================

A statement whose hypotheses fail is not watched. For example Theorem 5 (the soft margin) needs the exponential risk or
the log-sum-exp, every parameter trained, and no biases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, cast

import mpmath

from symflow.flows.enclosed_margin import enclosed_sign
from symflow.flows.evaluation import Evaluation, entropy, softmin
from symflow.flows.moments import Moment, Watch
from symflow.flows.precision import Number
from symflow.flows.soft_margin import is_soft_margin_flow, starts_positive
from symflow.flows.trajectory import Monitor
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.objective import LogSumExp, Risk

Standing = Literal["proved", "enclosed", "observed"]


def monitors(watch: Watch) -> tuple[Monitor, ...]:
    """Return what is watched along a trajectory, each statement whose hypotheses hold.

    The working digits are the caller's.
    """
    found: list[Monitor] = []
    for watched in _MONITORS:
        found.extend(watched(watch))
    return tuple(found)


# ---------------------------------------------------------------------- the monitors, in order


def _euler(watch: Watch) -> Iterator[Monitor]:
    degree = watch.degree
    if degree is None or not watch.all_trained or not watch.moments:
        return
    residual = _largest(
        _relative(_dot(moment.subgradient, moment.state) - degree * moment.product, degree * moment.product)
        for moment in watch.moments
    )
    yield Monitor(
        "euler",
        "proved",
        residual,
        f"<s, w> = {_times(degree)}sum c_k f_k for the chosen subgradient s: f is homogeneous of degree {degree} "
        "on every piece",
    )


def _preservation(watch: Watch) -> Iterator[Monitor]:
    function, shape = watch.function, watch.function.network.architecture
    if not isinstance(function, FunctionOfWeights) or not watch.moments:
        return
    moves = set(watch.trained)
    for layer in range(1, shape.n_layers + 1):
        block = shape.layer_block(layer)
        places = list(range(block.start, block.stop))
        if shape.has_biases:  # <s_W, W> + the biases from this layer on; block degrees are 1 there
            if any(degree != 1 for degree in shape.block_degrees):
                return
            above = range(layer, shape.n_layers + 1)
            places += [shape.bias_index(m, row) for m in above for row in range(shape.widths[m])]
        if not moves.issuperset(places):
            continue
        degree = shape.block_degrees[layer - 1]
        residual = _largest(
            _relative(
                mpmath.fsum(moment.subgradient[p] * moment.state[p] for p in places) - degree * moment.product,
                moment.product,
            )
            for moment in watch.moments
        )
        biases = f" and the biases from layer {layer} on" if shape.has_biases else ""
        yield Monitor(
            f"weight_gradient_preservation_W{layer}",
            "proved",
            residual,
            f"<s, w> over W{layer}{biases} is {_times(degree)}sum c_k f_k: f is homogeneous of degree {degree} in it "
            "on every piece",
        )


def _balancing(watch: Watch) -> Iterator[Monitor]:
    if not watch.invariants:
        return
    count = len(watch.invariants)
    yield Monitor(
        "balancing",
        "proved",
        max(invariant.drift for invariant in watch.invariants),
        f"{count} {'quantity is' if count == 1 else 'quantities are'} constant along every solution; "
        "the largest drift at a checkpoint is the residual",
    )


def _chain_rule(watch: Watch) -> Iterator[Monitor]:
    if not watch.moments:
        return
    words = (
        "<v, w'> = -|w'|^2 for every v in the differential, for almost every t: pieces that stay equal have equal slope"
    )
    on_walls = [moment for moment in watch.moments if "0" in moment.arc.pattern]
    if not on_walls:
        yield Monitor("chain_rule", "proved", None, words)
        return
    residual = mpmath.mpf(0)
    moves = watch.trained
    for moment in on_walls:
        for side in "+-":
            gradient = watch.evaluation.gradient(moment.state, moment.arc.pattern.replace("0", side))
            product = -mpmath.fsum(gradient[p] * moment.subgradient[p] for p in moves)
            residual = max(residual, _relative(product + moment.speed_squared, moment.speed_squared))
    yield Monitor("chain_rule", "proved", residual, f"{words}; on walls, from both sides of them")


def _energy_balance(watch: Watch) -> Iterator[Monitor]:
    trajectory = watch.trajectory
    integrals = trajectory.facts.get("energy_integral")
    if integrals is None or not watch.points:
        return
    values = list(cast("Sequence[Number]", integrals))[: len(watch.points)]
    start = watch.evaluation.objective(watch.evaluation.start())
    residual = _largest(
        _relative(start - watch.evaluation.objective(checkpoint.state) - integral, start)
        for checkpoint, integral in zip(watch.points, values, strict=True)
    )
    yield Monitor(
        "energy_balance",
        "proved",
        residual,
        "the objective's decrease is the integral of |w'|^2, the squared minimal norm",
    )


def _stationarity_bound(watch: Watch) -> Iterator[Monitor]:
    later = [moment for moment in watch.moments if moment.checkpoint.time > 0]
    if not later:
        return
    last = later[-1]
    start = watch.evaluation.objective(watch.evaluation.start())
    bound = (start - watch.evaluation.objective(last.state)) / last.checkpoint.time
    least = min(moment.speed_squared for moment in watch.moments)
    seen = "below" if least <= bound else "not yet below: between them it is lower still"
    yield Monitor(
        "stationarity_bound",
        "proved",
        None,
        f"the least |w'|^2 up to t is at most (F(w(0)) - F(w(t))) / t = {_short(bound)}; "
        f"at the checkpoints it is {_short(least)}, {seen}",
    )


def _lemma_4(watch: Watch) -> Iterator[Monitor]:
    function, degree = watch.function, watch.degree
    if degree is None or not watch.all_trained or not watch.moments:
        return
    if not isinstance(function, FunctionOfWeights) or not isinstance(function.objective, Risk | LogSumExp):
        return
    log = FunctionOfWeights(
        function.network, function.inputs, LogSumExp(function.objective.labels), output=function.output
    )
    evaluation = Evaluation(log)
    inequality, sharp = mpmath.mpf(0), mpmath.mpf(0)
    for moment in watch.moments:
        s = evaluation.subgradient(moment.state, moment.arc.pattern, watch.trained)
        product = -_dot(s, moment.state)
        expected = degree * (moment.u + entropy(softmin(moment.margins)))
        inequality = max(inequality, degree * moment.u - product)
        sharp = max(sharp, _relative(product - expected, expected))
    yield Monitor(
        "lemma_4",
        "proved",
        max(inequality, mpmath.mpf(0)),
        f"-{_times(degree)}ln sum e^(-m) <= <v, w> for v in minus its differential: <v, w> is {_times(degree)}times "
        "a mean of margins",
    )
    yield Monitor(
        "lemma_4_sharp",
        "proved",
        sharp,
        f"<v, w> = {_times(degree)}(u + H(p)), H the entropy of the softmin weights, u = -ln sum e^(-m)",
    )


def _soft_margin(watch: Watch) -> Iterator[Monitor]:
    if not is_soft_margin_flow(watch.function, all_trained=watch.all_trained):
        return
    positive = [moment for moment in watch.moments if moment.u > 0]
    if not positive:
        return
    first = positive[0]
    standing: Standing = "observed"
    how = "it is positive there to the digits computed"
    if first.place == 0 and starts_positive(watch.function):
        standing, how = "proved", "it is positive at the start, exactly"
    elif _is_enclosed_positive(first):
        standing, how = "enclosed", "it is positive there on the whole enclosure"
    soft = [moment.checkpoint.soft_margin for moment in positive]
    fall = _largest(max(a - b, mpmath.mpf(0)) for a, b in pairwise(soft) if a is not None and b is not None)
    at = f"after t = {_short(first.checkpoint.time)}, a checkpoint at which it is positive"
    if first.place == 0:
        at = "from the start on"
    elif first is watch.moments[-1]:  # a fact of the end, of which nothing is seen here
        at = "where it is positive, first seen at the end"
    yield Monitor(
        "soft_margin_monotone",
        standing,
        fall,
        f"the soft margin does not decrease {at} ({how}): Theorem 5, by Lemma 4 and Cauchy-Schwarz",
    )
    growth = _largest(max(a.checkpoint.norm - b.checkpoint.norm, mpmath.mpf(0)) for a, b in pairwise(positive))
    yield Monitor(
        "norm_growth",
        standing,
        growth,
        "|w| does not decrease once the soft margin is positive: there <w, w'> >= 0",
    )


def _is_enclosed_positive(moment: Moment) -> bool:
    """Whether u > 0 at every state within the radius of a checkpoint; an enclosure's radius does not shrink in time."""
    watch = moment.watch
    radius = watch.trajectory.radius
    return radius is not None and enclosed_sign(watch.function, moment.state, radius, watch.trajectory.digits) == 1


_MONITORS: tuple[Callable[[Watch], Iterator[Monitor]], ...] = (
    _euler,
    _preservation,
    _balancing,
    _chain_rule,
    _energy_balance,
    _stationarity_bound,
    _lemma_4,
    _soft_margin,
)


# ---------------------------------------------------------------------- small things


def _dot(u: Sequence[Number], v: Sequence[Number]) -> Number:
    return mpmath.fdot(u, v)


def _relative(difference: Number, size: Number) -> Number:
    """Return |difference| / max(1, |size|): what the digits of a trajectory promise."""
    return abs(difference) / max(mpmath.mpf(1), abs(size))


def _largest(values: Iterator[Number]) -> Number:
    return max(values, default=mpmath.mpf(0))


def _times(factor: int) -> str:
    return "" if factor == 1 else f"{factor} "


def _short(value: Number) -> str:
    text = str(mpmath.nstr(value, 6))
    return text.removesuffix(".0")
