"""The stationarity of a point as JSON: verdicts as true, false or null, and the witnesses of what is false.

``descent`` holds a direction v with its derivative F'(w; v), and a step t with the value of F at w + t v, lower than at
w. Where the derivative is 0, ``arc`` holds the vectors of w + t d_1 + t^2 d_2 + .. (where the value is then taken), and
``leading_term`` the first term of F along it. ``not_linear`` holds u, v with F'(w; u) + F'(w; v) different from
F'(w; u + v), and ``not_regular`` a v with F'(w; v) less than the second value, <s, v> of an element s.
"""

from __future__ import annotations

from typing import Any

from symflow.differentials.stationarity import Descent, StationarityReport
from symflow.exact.exponential_numbers import to_text
from symflow.exact.logarithms import value_text
from symflow.reports.results import texts
from symflow.verdict import AbstractVerdict

Json = dict[str, Any]


def stationarity_result(report: StationarityReport) -> Json:
    """Return the entry ``stationarity`` of the result of ``symflow clarke``.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.stationarity import stationarity
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> df = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> entry = stationarity_result(stationarity(df))
    >>> entry["clarke"], entry["frechet"], entry["differentiable"], entry["descent"]
    (True, True, False, None)
    """
    result: Json = {
        "clarke": _truth(report.clarke),
        "frechet": _truth(report.frechet),
        "local_minimum": _truth(report.local_minimum),
        "differentiable": _truth(report.differentiable),
        "strictly_differentiable": _truth(report.strictly_differentiable),
        "regular": _truth(report.regular),
        "descent": None if report.descent is None else _descent(report.descent),
    }
    if report.differentiable.is_refuted:
        evidence = report.differentiable.evidence
        result["not_linear"] = {
            "directions": [texts(direction) for direction in evidence["directions"]],
            "values": texts(evidence["values"]),
        }
    if report.regular.is_refuted:
        evidence = report.regular.evidence
        result["not_regular"] = {"direction": texts(evidence["direction"]), "values": texts(evidence["values"])}
    return result


def _truth(verdict: AbstractVerdict) -> bool | None:
    return None if verdict.is_undecided else verdict.is_proved


def _descent(descent: Descent) -> Json:
    result: Json = {
        "direction": texts(descent.direction),
        "derivative": to_text(descent.derivative),
        "step": None if descent.step is None else to_text(descent.step),
        "value": None if descent.after is None else value_text(descent.after),
    }
    if descent.term.order > 1:
        result["arc"] = [texts(direction) for direction in descent.arc]
        result["leading_term"] = {"order": descent.term.order, "coefficient": to_text(descent.term.coefficient)}
    return result
