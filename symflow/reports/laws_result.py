"""The result of ``symflow laws`` as the contract's JSON object: the laws, both bounds, and the certificate.

Beyond the contract's keys: ``scope``, what the laws are complete for ("all data", "path monomials" or "given data");
``n_laws_at_most``; ``names`` and ``values`` of the laws, in their order; ``dependent_laws``, further ones that are
functions of these; for the model ``cell`` the ``cells`` with the laws of each, and why these are the cells.
"""

from __future__ import annotations

from collections.abc import Mapping

from symflow.exact.polynomials import Polynomial
from symflow.laws.conservation import ConservationLaws
from symflow.laws.law import ConservationLaw
from symflow.laws.models import CellField, Field, LinearField
from symflow.laws.of_problem import LawsOfProblem, LawsOnCell
from symflow.nets.network import Vector
from symflow.problem import Problem
from symflow.reports.results import Json, header, refutation_json, texts
from symflow.verdict import AbstractVerdict


def laws_result(
    problem: Problem, found: LawsOfProblem, *, checked: tuple[Polynomial, AbstractVerdict] | None = None
) -> Json:
    """Return the result of ``symflow laws``.

    Parameters
    ----------
    problem : Problem
        What was asked.
    found : LawsOfProblem
        The answer.
    checked : (Polynomial, verdict), optional
        A polynomial that was asked about.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 1, 1]}})
    >>> result = laws_result(problem, laws_of_problem(problem))
    >>> result["laws"], result["lie_dimension"], result["complete"], result["scope"]
    (['W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2'], 2, True, 'all data')
    >>> result["certificate"]["fields"]
    [{'input': 1, 'units': [1], 'output': 1}, {'input': 2, 'units': [1], 'output': 1}]
    """
    point = None if problem.network is None else problem.network.parameters
    result = header("laws", problem)
    result |= {
        "model": found.model,
        "parameters": list(problem.architecture.parameter_names),
        "n_parameters": found.joint.n_parameters,
        "scope": found.joint.scope,
    }
    result |= _laws(found.joint, point)
    if found.model == "cell":
        result["every_cell"] = found.is_everywhere
        result["cells"] = [_cell(cell, point) for cell in found.cells]
        if found.incident is not None and found.function is not None:
            result["refuted"] = [refutation_json(found.function, r) for r in found.incident.refuted]
            if found.incident.undecided:
                words = [found.function.table.word(c) for c in found.incident.undecided]
                result["undecided"] = [{"pattern": word} for word in words]
    if checked is not None:
        result["checked"] = _checked(*checked)
    return result


def _cell(cell: LawsOnCell, point: Vector | None) -> Json:
    result: Json = {"pattern": cell.pattern}
    if cell.cell is not None:
        result["arc"] = {"kind": "arc", "arc": [texts(direction) for direction in cell.cell.arc]}
    if cell.interior_point is not None:
        result["interior_point"] = [str(entry) for entry in cell.interior_point]
    return result | _laws(cell.found, point)


def _laws(found: ConservationLaws, point: Vector | None) -> Json:
    return {
        "lie_dimension": found.lie_dimension,
        "n_laws": found.n_laws,
        "n_laws_at_most": found.n_laws_at_most,
        "complete": found.is_complete,
        "lie_dimension_is_exact": found.is_lie_dimension_exact,
        "laws": [repr(law) for law in found.laws],
        "names": [_name(law) for law in found.laws],
        "values": None if point is None else [str(law.value(point)) for law in found.laws],
        "dependent_laws": [
            {"law": repr(law), **_name(law), "value": None if point is None else str(law.value(point))}
            for law in found.dependent_laws
        ],
        "certificate": _certificate(found),
    }


def _name(law: ConservationLaw) -> Json:
    return {"kind": law.kind, "layer": law.layer, "neurons": list(law.neurons)}


def _certificate(found: ConservationLaws) -> Json:
    brackets = found.brackets
    names = found.shape.parameter_names
    number = {field: place for place, field in enumerate(found.used_fields, start=1)}
    result: Json = {
        "kind": "brackets",
        "prime": str(brackets.prime),
        "point": [str(entry) for entry in brackets.point],
        "fields": [_field(field) for field in found.used_fields],
        "words": [[number[found.fields.fields[letter]] for letter in word] for word in brackets.words],
        "columns": [names[column] for column in brackets.columns],
        "minor": str(brackets.minor),
        "law_columns": [names[column] for column in found.columns],
        "law_minor": str(found.minor),
    }
    if found.closure is not None:
        combinations = zip(found.fields.fields, found.closure.fields, strict=True)
        result["closure"] = {
            "fields": [{"field": _field(field), "coefficients": texts(row)} for field, row in combinations],
            "brackets": [[texts(row) for row in rows] for rows in found.closure.brackets],
        }
    return result


def _field(field: Field) -> Json:
    if isinstance(field, LinearField):
        return {"input": field.input, "output": field.output}
    if isinstance(field, CellField):
        return {"datum": field.datum, "output": field.output, "pattern": field.word}
    return {"input": field.input, "units": list(field.units), "output": field.output}


def _checked(polynomial: Polynomial, verdict: AbstractVerdict) -> Json:
    word = "proved" if verdict.is_proved else "refuted" if verdict.is_refuted else "undecided"
    result: Json = {"polynomial": polynomial.to_text(), "verdict": word}
    return result | {"witness": _witness(verdict.evidence)} if verdict.is_refuted else result


def _witness(evidence: Mapping[str, object]) -> Json:
    result: Json = {}
    for key, value in evidence.items():
        if isinstance(value, tuple):
            result[key] = [str(entry) for entry in value]
        else:
            result[key] = str(value) if key == "rate" else value
    return result
