"""The result of ``symflow derive`` as the contract's JSON object.

Everything is a text in the contract's names (W1[1,2], b1[2], x[1]) and sympy's syntax. Each piece carries a certificate
that it occurs (a point of its cell, or an arc from the point in question), each refuted pattern multipliers; together
they cover all patterns. Beyond the contract's keys: ``outputs`` (the polynomials f_k of a piece), ``objective`` and
``coefficients`` (F and its derivatives c_k through the f_k), ``piecewise``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symflow.cells.cell import Cell, Refutation
from symflow.cells.derivation import Block, Derivation, Piece, derive
from symflow.cells.kinks import HullOfCells, Kink, NeuronKinks, Segments
from symflow.cells.pattern_space import SymbolicRefutation
from symflow.cells.symbolic_refutation import SymbolicTerm
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import Constraint
from symflow.problem import Problem
from symflow.reports.deep_kinks_result import deep_kinks_json
from symflow.reports.results import header, refutation_json, texts

Json = dict[str, Any]


def derivation_of(
    problem: Problem, *, kinks: Sequence[tuple[int, ...]] | None = None, budget: Budget = NO_BUDGET
) -> Derivation:
    """Return the closed form that a problem asks for.

    The input is symbolic where the file says so, where it gives no data, and where the weights are symbolic and the
    variable is the input. `kinks` are those (layer, neuron, datum) at which a deep net is asked for.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "abs", "widths": [1, 1, 1]}})
    >>> derivation = derivation_of(problem)
    >>> [derivation.value(piece) for piece in derivation.pieces]
    ['-W1[1,1]*W2[1,1]*x[1]', 'W1[1,1]*W2[1,1]*x[1]']
    """
    return derive(problem, kinks=kinks, budget=budget)


def derive_result(problem: Problem, derivation: Derivation) -> Json:
    """Return the result of ``symflow derive``.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        The answer.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [1, 1, 1]}})
    >>> result = derive_result(problem, derivation_of(problem))
    >>> result["pieces"][1]["polynomial"], result["pieces"][1]["certificate"]["point"]
    ('W1[1,1]*W2[1,1]*x[1]', {'W1[1,1]': '1', 'W2[1,1]': '1', 'x[1]': '1'})
    """
    function, text = derivation.function, derivation.text
    word = derivation.net.table.word
    result = header("derive", problem)
    result |= {
        "variable": derivation.variable,
        "status": "complete" if derivation.is_complete else "incomplete",
        "symbols": list(derivation.net.symbols),
        "point": None if function is None else texts(function.point),
        "objective": text.through_outputs,
        "coefficients": list(text.coefficients),
        "n_pieces": len(derivation.pieces),
        "pieces": [_piece(derivation, piece) for piece in derivation.pieces],
        "refuted": [_refutation(derivation, refutation) for refutation in derivation.refuted],
        "undecided_patterns": [word(characters) for characters in derivation.undecided],
        "subgradients": _subgradients(derivation),
        "piecewise": derivation.piecewise_text() if derivation.is_complete else None,
    }
    return result


# ---------------------------------------------------------------------- pieces


def _piece(derivation: Derivation, piece: Piece) -> Json:
    result: Json = {
        "pattern": derivation.pattern(piece),
        "conditions": list(derivation.conditions(piece)),
        "outputs": [str(output) for output in piece.outputs],
        "polynomial": derivation.value(piece),
        "gradient": {name: _lists(block) for name, block in derivation.gradient(piece).items()},
    }
    if isinstance(piece.cell, Cell):
        limit = derivation.gradient_at_point(piece)
        result["gradient_at_point"] = {name: _lists(block) for name, block in _blocks(derivation, limit).items()}
        result["certificate"] = {"kind": "arc", "arc": [texts(direction) for direction in piece.cell.arc]}
    else:
        result["certificate"] = _point(derivation.net.symbols, piece.cell.point)
    return result


def _point(names: Sequence[str], values: Sequence[fmpq]) -> Json:
    return {"kind": "point", "point": dict(zip(names, texts(values), strict=True))}


def _blocks(derivation: Derivation, gradient: Sequence[Scalar]) -> dict[str, Block]:
    """Return a flat gradient block by block."""
    written = texts(gradient)
    if derivation.variable == "input":
        return {"x": tuple(written)}
    shape = derivation.net.architecture
    result: dict[str, Block] = {}
    for layer in range(1, shape.n_layers + 1):
        rows, columns = range(shape.widths[layer]), range(shape.fan_in(layer))
        result[f"W{layer}"] = tuple(tuple(written[shape.weight_index(layer, i, j)] for j in columns) for i in rows)
        if shape.has_biases:
            result[f"b{layer}"] = tuple(written[shape.bias_index(layer, i)] for i in rows)
    return result


def _lists(block: Block) -> list[Any]:
    return [list(row) if isinstance(row, tuple) else row for row in block]


# ---------------------------------------------------------------------- refuted patterns


def _refutation(derivation: Derivation, refutation: SymbolicRefutation | Refutation) -> Json:
    if isinstance(refutation, Refutation):
        assert derivation.function is not None
        return refutation_json(derivation.function, refutation)
    return {
        "pattern": derivation.net.table.word(refutation.characters),
        "certificate": {"kind": "multipliers", "terms": [_term(term) for term in refutation.terms]},
    }


def _term(term: SymbolicTerm) -> Json:
    return {
        "multiplier": str(term.multiplier),
        "factors": [_constraint(factor) for factor in term.factors],
        "constraint": {"kind": "one"} if term.constraint is None else _constraint(term.constraint),
    }


def _constraint(constraint: Constraint) -> Json:
    site = constraint.site
    if site.is_group:
        assert constraint.against is not None
        against = site.members.index(constraint.against) + 1
        named = {"layer": site.layer, "group": site.output + 1, "datum": site.datum + 1, "against": against}
    else:
        named = {"layer": site.layer, "unit": site.output + 1, "datum": site.datum + 1}
    return {"kind": "constraint", **named}


# ---------------------------------------------------------------------- kinks


def _subgradients(derivation: Derivation) -> Json | None:
    if derivation.function is not None:
        if not derivation.is_complete:
            return None
        gradients = dict.fromkeys(derivation.gradient_at_point(piece) for piece in derivation.pieces)
        return {"kind": "hull", "gradients": [texts(gradient) for gradient in gradients]}
    if derivation.is_smooth:
        return {"kind": "continuously_differentiable"}
    if derivation.deep_kinks is not None:
        return deep_kinks_json(derivation, derivation.deep_kinks)
    if derivation.kinks is None:
        return None
    is_homogeneous = bool(derivation.net.input_names) and not derivation.net.architecture.has_biases
    at_zero = None
    if is_homogeneous:
        at_zero = {"conditions": [f"{name} = 0" for name in derivation.net.input_names], "block": {"kind": "point"}}
    return {
        "kind": "product",
        "neurons": [_neuron(derivation, neuron, is_homogeneous) for neuron in derivation.kinks],
        "others": "continuous",
        "at_zero": at_zero,
    }


def _neuron(derivation: Derivation, neuron: NeuronKinks, is_homogeneous: bool) -> Json:
    names = derivation.net.parameter_names
    return {
        "group" if neuron.is_group else "neuron": neuron.neuron,
        "parameters": [names[place] for place in neuron.places],
        "kinks": [_kink(derivation, neuron, kink, is_homogeneous) for kink in neuron.kinks],
    }


def _kink(derivation: Derivation, neuron: NeuronKinks, kink: Kink, is_homogeneous: bool) -> Json:
    characters = ("",) * len(derivation.net.table.sites)
    conditions = [f"{derivation.condition_polynomial(c, characters)} = 0" for c in kink.equalities]
    for constraint in kink.inequalities:
        sign = ">" if constraint.sign > 0 else "<"
        conditions.append(f"{derivation.condition_polynomial(constraint, characters)} {sign} 0")
    names = [derivation.net.parameter_names[place] for place in neuron.places]
    n_inputs = len(derivation.net.input_names)
    point = _point((*names, *derivation.net.input_names), (*kink.point, *(fmpq(1),) * n_inputs))
    return {
        "covector": ("|" if neuron.is_group else "").join(kink.covector),
        "data": [datum + 1 for datum in kink.data],
        "conditions": conditions,
        "assuming": ["x != 0"] if is_homogeneous else [],
        "certificate": point,
        "block": _block(neuron, kink.block),
    }


def _block(neuron: NeuronKinks, block: Segments | HullOfCells) -> Json:
    if isinstance(block, HullOfCells):
        points = [
            {"cell": "".join(cell), "value": [str(entry) for entry in point]}
            for cell, point in zip(block.cells, block.points, strict=True)
        ]
        return {"kind": "hull", "points": points}
    segments = [
        {
            "parameter": f"theta[{r}]",
            "minus": [str(entry) for entry in segment.minus],
            "plus": [str(entry) for entry in segment.plus],
        }
        for r, segment in enumerate(block.segments, start=1)
    ]
    return {"kind": "segments", "offset": [str(entry) for entry in block.offset], "segments": segments}
