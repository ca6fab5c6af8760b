"""Hypotheses as data: what each says, and whether a problem meets it.

Examples
--------
>>> from symflow.problem_tree import problem_from_tree
>>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1], "bias": True}})
>>> NO_BIASES.holds(problem), HOMOGENEOUS_OF_DEGREE_ONE.holds(problem)
(False, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

from symflow.problem import Problem


@final
@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something that a statement assumes.

    Parameters
    ----------
    name : str
        A short name.
    words : str
        What it says; formulas between dollars, in LaTeX.
    test : callable, optional
        Whether a problem meets it; None where every problem that symflow reads does.
    """

    name: str
    words: str
    test: Callable[[Problem], bool] | None = field(default=None, compare=False)

    def holds(self, problem: Problem) -> bool:
        """Return whether a problem meets it."""
        return self.test is None or self.test(problem)


def _activations(problem: Problem) -> list[str]:
    return [activation.name for activation in problem.architecture.activations]


def _n_hidden(problem: Problem) -> int:
    return len(problem.architecture.activations)


NO_BIASES: Final = Hypothesis("no_biases", "the net has no biases", lambda p: not p.architecture.has_biases)
HOMOGENEOUS_OF_DEGREE_ONE: Final = Hypothesis(
    "homogeneous_of_degree_one",
    r"every activation is positively homogeneous of degree $1$",
    lambda p: "relu_power" not in _activations(p),
)
RELU: Final = Hypothesis("relu", "every activation is relu", lambda p: set(_activations(p)) <= {"relu"})
LINEAR: Final = Hypothesis("linear", "every activation is the identity", lambda p: set(_activations(p)) <= {"identity"})
ELEMENTWISE: Final = Hypothesis(
    "elementwise", "every activation acts on one unit at a time", lambda p: "maxpool" not in _activations(p)
)
BIASES: Final = Hypothesis("biases", "the net has biases", lambda p: p.architecture.has_biases)
SCALAR_OUTPUT: Final = Hypothesis(
    "scalar_output", "one output counts", lambda p: p.output is not None or p.architecture.n_outputs == 1
)
WEIGHTS: Final = Hypothesis("weights", "the variables are the weights", lambda p: p.variable == "weights")
INPUT: Final = Hypothesis("input", "the variable is the input", lambda p: p.variable == "input")
NUMBERS: Final = Hypothesis(
    "numbers",
    "the weights and the data are numbers",
    lambda p: p.network is not None and not p.has_symbolic_input,
)
LABELS: Final = Hypothesis("labels", "every datum has a label", lambda p: p.labels is not None)
RISK: Final = Hypothesis("risk", "the objective is a risk", lambda p: p.kind == "risk")
EXPONENTIAL: Final = Hypothesis(
    "exponential",
    r"the loss is $\ell(m)=e^{-m}$, summed, or its logarithm",
    lambda p: (p.kind == "risk" and p.loss == "exponential" and p.reduction != "mean") or p.kind == "log_sum_exp",
)
HIDDEN_LAYER: Final = Hypothesis("hidden_layer", "there is a hidden layer", lambda p: _n_hidden(p) > 0)
SQUARE_FIRST_LAYER: Final = Hypothesis(
    "square_first_layer",
    "there are as many neurons in the first layer as inputs",
    lambda p: p.architecture.widths[0] == p.architecture.widths[1],
)
ONE_HIDDEN_LAYER: Final = Hypothesis("one_hidden_layer", "there is one hidden layer", lambda p: _n_hidden(p) == 1)
SEVERAL_DATA: Final = Hypothesis(
    "several_data",
    "there are at least two data",
    lambda p: p.inputs is not None and len(p.inputs) > 1 and p.kind != "output" and p.variable == "weights",
)
PRESERVATION: Final = Hypothesis(
    "preservation",
    r"$\langle W_l,\nabla_{W_l}f_k\rangle=f_k$ for every layer $l$ and datum $k$: weight-gradient preservation",
)
LEMMA_4: Final = Hypothesis(
    "lemma_4",
    r"$\langle v,w\rangle\ge L\,u(w)$ for the $v\in\partial u(w)$ that the flow takes: Lemma 4",
)
RESCALING: Final = Hypothesis(
    "rescaling",
    r"$R$ does not change if $W_i$ is multiplied by $\alpha>0$ and $W_j$ by $1/\alpha$",
)
LOCALLY_LIPSCHITZ: Final = Hypothesis("locally_lipschitz", "the function is locally Lipschitz")
DIFFERENTIABLE_LOSS: Final = Hypothesis("differentiable_loss", r"the loss is continuously differentiable")
ABSOLUTELY_CONTINUOUS: Final = Hypothesis("absolutely_continuous", r"$w(t)$ is absolutely continuous")
NON_ZERO_WEIGHTS: Final = Hypothesis(
    "non_zero_weights", r"$w\ne0$", lambda p: p.network is None or any(p.network.parameters)
)
ALL_TRAINED: Final = Hypothesis(
    "all_trained", "every weight is trained", lambda p: p.flow is None or p.flow.trained is None
)
FLOW: Final = Hypothesis("flow", "a flow is asked for", lambda p: p.flow is not None and p.flow.until is not None)
CHAIN_RULE_ALONG_THE_FLOW: Final = Hypothesis(
    "chain_rule_along_the_flow",
    r"the chain rule holds along the flow, for almost every $t$; it does for every net of pieces",
)
FINITELY_MANY_CORNERS: Final = Hypothesis(
    "finitely_many_corners", r"$w(t)$ is continuous, and differentiable except at finitely many times"
)
POSITIVE_LOG_MARGIN: Final = Hypothesis(
    "positive_log_margin", r"$u(w(t_0))=-\ln\sum_ie^{-m_i}>0$ at one time $t_0$, and $w(t)$ is defined up to $t$"
)
HOMOGENEOUS: Final = Hypothesis("homogeneous", r"the function is homogeneous of degree $L>0$")
CONVEX: Final = Hypothesis(
    "convex",
    r"the function is convex and finite on $\mathbb R^p$; a linear net with a convex loss is",
    lambda p: _n_hidden(p) == 0,
)
ONE_INPUT: Final = Hypothesis(
    "one_input",
    "the function is a net of one input with piecewise-linear activations, as a function of that input",
    lambda p: (
        p.variable == "input"
        and p.architecture.n_inputs == 1
        and p.kind in ("output", "combination")
        and "relu_power" not in _activations(p)
    ),
)
PIECEWISE_SMOOTH: Final = Hypothesis(
    "piecewise_smooth",
    r"$R$ is continuous and agrees, on finitely many closed sets that cover $\mathbb R^p$, with continuously "
    r"differentiable functions; every risk of a net with piecewise-linear activations and a $C^1$ loss does",
)
FLOW_SOLUTION: Final = Hypothesis("flow_solution", r"$\dot w(t)\in-\partial R(w(t))$ for almost every $t$")
POSITIVE_DEGREE: Final = Hypothesis("positive_degree", r"the degree is positive")
POSITIVE_TIME: Final = Hypothesis("positive_time", r"$t>0$")
