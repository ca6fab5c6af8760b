"""The line that names a problem: its title, then what the net, the data, the objective and the variable are."""

from __future__ import annotations

from symflow.activations.base import AbstractActivation
from symflow.activations.leaky_relu import LeakyRelu
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.problem import Problem
from symflow.reports.expressions import Application, Expression, Rational, Relation, Sentence, Symbol
from symflow.reports.linear_text import linear_text
from symflow.reports.phrases import counted
from symflow.reports.readable.written_numbers import integer_vector, times, total

# A combination with more terms is named, not written.
_MOST_TERMS = 3
_LONGEST_TITLE = 160


def problem_line(problem: Problem) -> Sentence:
    """Return the line that names a problem.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> tree = {"network": {"activation": "abs", "weights": [[["1"]], [["2"]]]}, "data": {"inputs": [["1"]]}}
    >>> sentence_text(problem_line(problem_from_tree(tree)))
    '1-1-1 abs net, 1 datum, f(x; w), in the weights.'
    """
    words: list[str | Expression] = [title(problem)] if problem.title else []
    words.append(net_words(problem.architecture))
    if problem.variable == "input":
        if problem.kind != "output":
            words += [", ", *_objective(problem, 1)]
        elif problem.architecture.n_outputs > 1:
            words.append(f", output {problem.output}")
        point = integer_vector(problem.data_points()[0])
        return (*words, ", in the input, at ", Relation((Symbol("x"), point), ("=",)), ".")
    n_data = len(problem.data_points())
    words += [f", {counted(n_data, 'datum', 'data')}, ", *_objective(problem, n_data), ", in the weights."]
    return tuple(words)


def title(problem: Problem) -> str:
    """Return the title as the beginning of a line; empty where the problem has none."""
    given = " ".join((problem.title or "").split())
    if not given:
        return ""
    if len(given) > _LONGEST_TITLE:
        given = given[: _LONGEST_TITLE - 1].rstrip() + "…"
    return f"{given}  " if given[-1] in ".?!…" else f"{given}.  "


def net_words(architecture: Architecture) -> str:
    """Return "2-2-1 relu net with biases"."""
    kinds = dict.fromkeys(activation_word(activation) for activation in architecture.activations)
    linear = architecture.n_hidden_layers == 0 or set(kinds) == {"identity"}
    kind = "linear" if linear else ", ".join(kinds)
    return f"{architecture} {kind} net{' with biases' if architecture.has_biases else ''}"


def activation_word(activation: AbstractActivation) -> str:
    """Return what an activation is called in a sentence: ``relu``, ``leaky relu (slope 1/4)``, ``relu²``."""
    if isinstance(activation, LeakyRelu):
        return f"leaky relu (slope {linear_text(Rational(activation.slope))})"
    if activation.name == "relu_power" and activation.degree > 1:
        return "relu" + str(activation.degree).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return "relu" if activation.name == "relu_power" else activation.name


def _objective(problem: Problem, n_data: int) -> Sentence:
    output = f" of output {problem.output}" if problem.architecture.n_outputs > 1 else ""
    if problem.kind == "risk":
        mean = "mean " if problem.reduction == "mean" else ""
        return (f"{mean}{problem.loss} risk{output}",)
    if problem.kind == "log_sum_exp":
        return (f"log-sum-exp{output}",)
    if problem.kind == "output":
        return (f"f{problem.output if output else ''}(x; w)",)
    coefficients = problem.coefficients or ()
    if n_data > _MOST_TERMS:
        return (f"a combination of {n_data} outputs",)
    terms = []
    for k, coefficient in enumerate(coefficients[:n_data], start=1):
        at = Symbol("x") if problem.variable == "input" else Symbol("x", str(k))
        name = f"f{problem.output}" if output else "f"
        if coefficient != fmpq(0):
            terms.append(times(Rational(coefficient), Application(name, "", at)))
    return (Relation((Symbol("F"), total(terms)), ("=",)),)
