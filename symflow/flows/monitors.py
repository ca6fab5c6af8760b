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
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, cast, final

import mpmath

from symflow.exact.exponential_numbers import sign
from symflow.exact.rationals import fmpq
from symflow.flows.enclosed_margin import enclosed_sign
from symflow.flows.evaluation import Evaluation, entropy, log_sum_exp, softmin
from symflow.flows.options import FlowOptions
from symflow.flows.precision import Number
from symflow.flows.trajectory import Arc, Checkpoint, Invariant, Monitor, Trajectory
from symflow.losses.base import margin_exponential
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.objective import LogSumExp, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction

Standing = Literal["proved", "enclosed", "observed"]


@final
@dataclass(frozen=True)
class Watch:
    """A trajectory with what its monitors need.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at the start.
    options : FlowOptions
        What was asked.
    trajectory : Trajectory
        With its checkpoints.
    invariants : tuple of Invariant
        Those of the trajectory.
    """

    function: AbstractPatternedFunction
    options: FlowOptions
    trajectory: Trajectory
    invariants: tuple[Invariant, ...] = ()
    evaluation: Evaluation = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluation", Evaluation(self.function))

    @cached_property
    def degree(self) -> int | None:
        """The degree D of homogeneity of f in all weights; None with biases, or in the input."""
        return homogeneity(self.function)

    @cached_property
    def trained(self) -> tuple[int, ...]:
        """The places of the variables that move."""
        return trained_places(self.function, self.options.trained)

    @property
    def all_trained(self) -> bool:
        """Whether every variable moves."""
        return len(self.trained) == len(self.function.variables)

    @property
    def points(self) -> tuple[Checkpoint, ...]:
        """The checkpoints whose states are known to the digits: all, but at a blow-up not the last one."""
        return known_points(self.trajectory)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The checkpoints that lie on an arc, with the chosen subgradient there."""
        return tuple(
            Moment(self, checkpoint, place, arc)
            for place, checkpoint in enumerate(self.points)
            if (arc := arc_at(self.trajectory.arcs, checkpoint.time)) is not None and self._has_subgradient(arc)
        )

    def _has_subgradient(self, arc: Arc) -> bool:
        """Whether the chosen subgradient is computed there: not where the members of a pooling group tie."""
        return "0" not in arc.pattern or not any(
            each.is_group for each in self.function.network.architecture.activations
        )


@final
class Moment:
    """A checkpoint: what is computed there once, for all monitors."""

    def __init__(self, watch: Watch, checkpoint: Checkpoint, place: int, arc: Arc) -> None:
        self.watch, self.checkpoint, self.place, self.arc = watch, checkpoint, place, arc
        self.state = checkpoint.state

    @cached_property
    def outputs(self) -> list[Number]:
        """The outputs f_k."""
        return self.watch.evaluation.outputs(self.state)

    @cached_property
    def product(self) -> Number:
        """The number sum c_k f_k."""
        coefficients = self.watch.evaluation.coefficients(self.outputs)
        return mpmath.fsum(c * f for c, f in zip(coefficients, self.outputs, strict=True))

    @cached_property
    def gradient(self) -> list[Number]:
        """The gradient on the arc's pattern, by all variables."""
        return self.watch.evaluation.gradient(self.state, self.arc.pattern)

    @cached_property
    def subgradient(self) -> list[Number]:
        """The chosen subgradient s = -w', 0 in what is frozen."""
        return self.watch.evaluation.tangential(self.gradient, self.arc.pattern, self.watch.trained)

    @cached_property
    def speed_squared(self) -> Number:
        """The number |w'|²."""
        return mpmath.fsum(s * s for s in self.subgradient)

    @cached_property
    def margins(self) -> list[Number]:
        """The margins m_k."""
        found = self.watch.evaluation.margins(self.outputs)
        assert found is not None  # asked for only where there are labels
        return found

    @cached_property
    def u(self) -> Number:
        """The numerator of the soft margin, -ln sum e^(-m_k)."""
        return -log_sum_exp([-m for m in self.margins])


def monitors(watch: Watch) -> tuple[Monitor, ...]:
    """Return what is watched along a trajectory, each statement whose hypotheses hold.

    The working digits are the caller's.
    """
    found: list[Monitor] = []
    for watched in _MONITORS:
        found.extend(watched(watch))
    return tuple(found)


def margin_and_soft_margin(
    function: AbstractPatternedFunction, evaluation: Evaluation, state: Sequence[Number]
) -> tuple[Number | None, Number | None]:
    """Return min_k m_k / |w|^D and -ln sum e^(-m_k) / |w|^D, w all parameters; None where they are not defined.

    They are not for an objective without labels, for a net with biases (which is not homogeneous), in the input,
    and at w = 0.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1])).at()
    >>> at = Evaluation(R)
    >>> print(*margin_and_soft_margin(R, at, at.start()))
    0.0 -0.111547525689437
    """
    degree = homogeneity(function)
    if degree is None:
        return None, None
    margins = evaluation.margins(evaluation.outputs(state))
    squared = mpmath.fsum(entry * entry for entry in state)
    if margins is None or squared == 0:
        return None, None
    size = mpmath.sqrt(squared) ** degree
    return min(margins) / size, -log_sum_exp([-m for m in margins]) / size


def homogeneity(function: AbstractPatternedFunction) -> int | None:
    """Return the degree of positive homogeneity of f in all its weights, None with biases or in the input."""
    shape = function.network.architecture
    if function.variable != "weights" or shape.has_biases:
        return None
    return sum(shape.block_degrees)


def trained_places(function: AbstractPatternedFunction, trained: Sequence[str] | None) -> tuple[int, ...]:
    """Return the places of the variables that move.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1, 2]], [[3]]), Dataset([(1, 1)], labels=[1])).at()
    >>> trained_places(R, ["W2"]), trained_places(R, None)
    ((2,), (0, 1, 2))
    """
    if trained is None or function.variable != "weights":
        return tuple(range(len(function.variables)))
    shape = function.network.architecture
    places: list[int] = []
    for layer in range(1, shape.n_layers + 1):
        if f"W{layer}" in trained:
            block = shape.layer_block(layer)
            places.extend(range(block.start, block.stop))
        if f"b{layer}" in trained:
            places.extend(shape.bias_index(layer, row) for row in range(shape.widths[layer]))
    return tuple(places)


def known_points(trajectory: Trajectory) -> tuple[Checkpoint, ...]:
    """Return the checkpoints whose states are known to the digits that are claimed.

    Where a flow blows up, the state at the last time is a rough one: the norm grows faster than any digits.
    """
    points = trajectory.checkpoints
    return points[:-1] if trajectory.status == "blow_up" else points


def arc_at(arcs: Sequence[Arc], time: Number) -> Arc | None:
    """Return the arc that holds from `time` on, at the end the last one; None where there is none."""
    for arc in arcs:
        if arc.start <= time < arc.end:
            return arc
    return arcs[-1] if arcs and time >= arcs[-1].start else None


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
    at = "from the start" if first.place == 0 else f"from t = {_short(first.checkpoint.time)}"
    yield Monitor(
        "soft_margin_monotone",
        standing,
        fall,
        f"the soft margin does not decrease {at} on ({how}): Theorem 5, by Lemma 4 and Cauchy-Schwarz",
    )
    growth = _largest(max(a.checkpoint.norm - b.checkpoint.norm, mpmath.mpf(0)) for a, b in pairwise(positive))
    yield Monitor(
        "norm_growth", standing, growth, f"|w| does not decrease {at} on: <w, w'> >= 0 once the soft margin is positive"
    )


def _is_enclosed_positive(moment: Moment) -> bool:
    """Whether u > 0 at every state within the radius of a checkpoint; an enclosure's radius does not shrink in time."""
    watch = moment.watch
    radius = watch.trajectory.radius
    return radius is not None and enclosed_sign(watch.function, moment.state, radius, watch.trajectory.digits) == 1


def is_soft_margin_flow(function: AbstractPatternedFunction, *, all_trained: bool) -> bool:
    """Whether Theorem 5 applies: f is homogeneous and all of w moves in the direction of the flow of -ln sum e^(-m).

    The exponential risk is e^(-u) up to a factor, so its flow has the same orbits.
    """
    objective = function.objective
    exponential = isinstance(objective, Risk) and objective.loss.name == "exponential"
    return all_trained and homogeneity(function) is not None and (exponential or isinstance(objective, LogSumExp))


def starts_positive(function: AbstractPatternedFunction) -> bool:
    """Whether sum e^(-m_k) < 1 at the exact start, decided exactly.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> starts_positive(EmpiricalRisk(Network.from_weights([[1]]), Dataset([(1,)], labels=[1])).at())
    True
    """
    objective = function.objective
    assert isinstance(objective, Risk | LogSumExp)
    total = sum((margin_exponential(-y * f) for y, f in zip(objective.labels, function.outputs, strict=True)), fmpq(0))
    return sign(1 - total) > 0


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
