"""Results of ``symflow derive`` and ``symflow regions``: on an open cell the net is a polynomial, with its gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symflow.checker.expressions import rational
from symflow.checker.problems import read_problem
from symflow.checker.statement_grammar import Entry, Expression, Name, Numeral, Operation, parse_statement
from symflow.checker.symbolic import SymbolicProblem, read_symbolic_problem
from symflow.exports.cells import conjunction, split
from symflow.exports.nets import Net, Scalar, check_unitwise, net_of, signs_of
from symflow.exports.script import Export, Exported, NotExportedError, exported
from symflow.exports.terms import Term, identifier, shown, shown_list


def export_regions(export: Export, result: Mapping[str, Any]) -> None:
    """Export every cell of the input: its interior point is in it, and the net is affine on it as listed."""
    if result.get("cells") is None:
        export.not_exported.append("regions: counts of cells of the weights have no script")
        return
    for i, cell in enumerate(result["cells"]):
        export.add(f"regions.cells[{i}]", _region(result, cell))
    export.not_exported.append("regions: that there are no other cells, adjacencies, and what is bounded")


def _region(result: Mapping[str, Any], cell: Mapping[str, Any]) -> Iterator[Exported]:
    problem = read_problem(_at_a_point(result["problem"]))
    check_unitwise(problem)
    net = net_of(problem)
    names = [f"x{i + 1}" for i in range(len(problem.weights[0][0]))]
    signs = signs_of(problem, cell["pattern"])
    point = shown_list(rational(entry, "interior_point") for entry in cell["interior_point"])
    moved = Net(problem, net.entries, (tuple(Term(name) for name in names),))
    x = shown_list(names)
    goals = [f"in_cell {net.hidden()} {signs} {point}"]
    proofs = ["in_numbers"]
    for unit, (gradient, offset) in enumerate(zip(cell["map"]["gradient"], cell["map"]["offset"], strict=True)):
        total = shown(rational(offset, "offset"))
        for name, entry in zip(names, gradient, strict=True):
            total = f"({total} + {shown(rational(entry, 'gradient'))} * {name})"
        value = moved.value(0, unit=unit)
        goals.append(f"(forall {' '.join(names)} : Q, in_cell {net.hidden()} {signs} {x} -> {value} == {total})")
        rule = f"value_in_cell {unit}%nat {net.hidden()} {signs} _ _ {x} eq_refl C"
        proofs.append(f"(intros {' '.join(names)} C; rewrite ({rule}); polynomial; ring)")
    about = f"the cell {cell['pattern']} of the input, and the net on it"
    yield exported("region", "region", about, conjunction(goals), split(proofs))


def _at_a_point(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem with some datum: the cells are about all inputs, whichever the problem names."""
    size = len(tree["network"]["weights"][0][0])
    zero = {"inputs": [["0"] * size], "labels": ["1"]}
    objective = {"kind": "output", "variable": "input", "output": 1}
    return {"network": tree["network"], "data": zero, "objective": objective}


# ---------------------------------------------------------------------- closed forms


def export_derive(export: Export, result: Mapping[str, Any]) -> None:
    """Export every piece: the output on each datum on its cell, and the gradient where it is a combination of these."""
    symbolic = read_symbolic_problem(result["problem"])
    for i, piece in enumerate(result["pieces"]):
        export.add(f"derive.pieces[{i}]", _piece(result, symbolic, piece))
    if result.get("subgradients") is not None:
        export.not_exported.append("derive: the closed form of the subgradients at kinks")
    if result.get("refuted") or result.get("pieces"):
        export.not_exported.append("derive: that no other pieces occur")


def _piece(result: Mapping[str, Any], symbolic: SymbolicProblem, piece: Mapping[str, Any]) -> Iterator[Exported]:
    problem = symbolic.problem
    check_unitwise(problem)
    symbols = list(result["symbols"])
    names = [identifier(name) for name in symbols]
    known = net_of(problem)
    entries: tuple[Scalar, ...] = known.entries
    if "W1[1,1]" in symbols:
        entries = tuple(Term(identifier(name)) for name in _parameter_names(problem))
    inputs: tuple[tuple[Scalar, ...], ...] = known.inputs
    if "x[1]" in symbols:
        inputs = (tuple(Term(f"x{i + 1}") for i in range(len(problem.weights[0][0]))),)
    net = Net(problem, entries, inputs)
    words = piece["pattern"].split("|")
    if len(words) != len(inputs) or len(words) != len(piece["outputs"]):
        raise NotExportedError("the outputs are not listed datum by datum")
    hypotheses, hypothesis_names, goals, proofs = [], [], [], []
    for k, word in enumerate(words):
        signs = signs_of(problem, word)
        hypotheses.append(f"in_cell {net.hidden()} {signs} {net.input(k)}")
        hypothesis_names.append(f"C{k + 1}")
        goals.append(f"{net.value(k)} == {_term(piece['outputs'][k])}")
        rule = f"value_in_cell {problem.output}%nat {net.hidden()} {signs} _ _ {net.input(k)} eq_refl C{k + 1}"
        proofs.append(f"(rewrite ({rule}); polynomial; ring)")
    coefficients = _coefficients(result)
    if coefficients is not None:
        for variable, text in _gradient(problem, piece["gradient"], entries, inputs):
            moved = _moved(net, variable, len(entries))
            terms = [
                f"{shown(c)} * {moved.value_on(k, f'(slopes_by {net.hidden()} {signs_of(problem, word)})')}"
                for k, (c, word) in enumerate(zip(coefficients, words, strict=True))
            ]
            at = entries[variable] if variable >= 0 else inputs[0][-1 - variable]
            goals.append(f"has_slope (fun u => {' + '.join(terms)}) {shown(at)} {_term(text)}")
            proofs.append("(intro t; cbv beta; polynomial; ring)")
    text = " ->\n  ".join([*hypotheses, conjunction(goals)])
    steps = f"intros {' '.join([*names, *hypothesis_names])}; {split(proofs)}"
    about = f"the piece {piece['pattern']}"
    yield exported("piece", "piece", about, f"forall {' '.join(names)} : Q,\n  {text}", steps)


def _parameter_names(problem: Any) -> list[str]:
    names: list[str] = []
    for layer, matrix in enumerate(problem.weights, 1):
        names += [f"W{layer}[{i},{j}]" for i, row in enumerate(matrix, 1) for j in range(1, len(row) + 1)]
        if problem.biases is not None:
            names += [f"b{layer}[{i}]" for i in range(1, len(matrix) + 1)]
    return names


def _coefficients(result: Mapping[str, Any]) -> list[Fraction] | None:
    """Return the coefficients of the outputs, where the objective is a combination of them."""
    if (result["problem"].get("objective") or {}).get("kind", "output") not in ("output", "combination"):
        return None
    return [rational(c, "coefficients") for c in result["coefficients"]]


def _gradient(
    problem: Any, tree: Mapping[str, Any], entries: Sequence[Scalar], inputs: Sequence[Sequence[Scalar]]
) -> Iterator[tuple[int, str]]:
    """Return the variables and their derivatives; entry i of the input counts as -1 - i."""
    if "x" in tree:
        for i, text in enumerate(tree["x"]):
            yield -1 - i, text
        return
    places = {name: i for i, name in enumerate(_parameter_names(problem))}
    for key, block in tree.items():
        for i, row in enumerate(block, 1):
            for j, text in enumerate(row if isinstance(row, list) else [row], 1):
                yield places[f"{key}[{i},{j}]" if isinstance(row, list) else f"{key}[{i}]"], text


def _moved(net: Net, variable: int, n_entries: int) -> Net:
    if variable >= 0:
        return Net(net.problem, (*net.entries[:variable], "u", *net.entries[variable + 1 :]), net.inputs)
    place = -1 - variable
    return Net(net.problem, net.entries, ((*net.inputs[0][:place], "u", *net.inputs[0][place + 1 :]),))


def _term(text: str) -> str:
    """Return a polynomial of a result as Coq reads it.

    Examples
    --------
    >>> _term("W1[1,2]**2/2 - x[1]")
    '(((W1_1_2 * W1_1_2) * (1 # 2)) - x1)'
    """
    return shown(_value(parse_statement(f"{text} == 0").claims[0].left))


def _value(expression: Expression) -> Any:
    match expression:
        case Numeral(number):
            return number
        case Entry(Name(name), indices):
            inner = ",".join(str(index.value) for index in indices if isinstance(index, Numeral))
            return Term(identifier(f"{name}[{inner}]"))
        case Operation("neg", (a,)):
            return -_value(a)
        case Operation("^", (a, Numeral(n))):
            base = _value(a)
            if isinstance(base, Fraction):
                return base ** int(n)
            return Term(f"({' * '.join([shown(base)] * int(n))})")
        case Operation(sign, (a, b)):
            left, right = _value(a), _value(b)
            if sign == "/":
                if not isinstance(right, Fraction):
                    raise NotExportedError("a quotient")
                return left * (1 / right)
            return left + right if sign == "+" else left - right if sign == "-" else left * right
    raise NotExportedError("a formula that is no polynomial")
