"""Results of ``symflow clarke`` and ``symflow audit``: cells, gradients on them, and the geometry of their hull.

On a cell the objective is, to first order, Σ c_k f_k with frozen coefficients (Proposition 2). A theorem on a gradient
says that Σ c_k f_k on the cell, with one weight moved by t, changes by exactly t g_i: each weight occurs to the first
power. Where the c_k are no rationals they are any numbers in it, and g_i is Σ c_k ∂f_k. That there are no other cells
than the listed and the refuted ones is a walk over signs, which ``symflow verify`` checks and no script says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symflow.checker.expressions import rational
from symflow.checker.networks import backward, forward, slopes_on_piece
from symflow.checker.problems import Problem, frozen_coefficients, read_problem
from symflow.checker.reading import Refused
from symflow.exports.cells import Sites, cell_claim, conjunction, empty_cell_claim, sites_of, split
from symflow.exports.nets import UNFOLD, Net, check_unitwise, net_of, signs_of
from symflow.exports.script import Export, Exported, NotExportedError, exported
from symflow.exports.terms import shown, shown_list, shown_matrix


def export_clarke(export: Export, result: Mapping[str, Any], place: str = "clarke") -> None:
    """Export a Clarke differential: cells, refuted patterns, gradients, hull."""
    problem = read_problem(result["problem"])
    if result.get("reason") is not None and not result.get("cells") and not result.get("factors"):
        export.not_exported.append(f"{place}: the differential is known by {result['reason'].get('kind', 'a theorem')}")
        return
    factors = result.get("factors")
    if factors is None:
        _export_block(export, result, sites_of(problem), range(len(problem.point)), place)
        _export_selection(export, result, (result.get("hull") or {}).get("autodiff_weights"), place)
    else:
        index = {name: i for i, name in enumerate(problem.names)}
        for factor in factors:
            indices = [index[name] for name in factor["parameters"]]
            sites = sites_of(problem, factor["neuron"] - 1)
            _export_block(export, factor, sites, indices, f"{place}.neuron {factor['neuron']}")
        given = [weights for factor in factors if (weights := (factor.get("hull") or {}).get("autodiff_weights"))]
        if result.get("vertices") is not None and len(given) == len(factors):
            _export_selection(export, result, _of_product(result, given), place)
    if result.get("cells") or factors:
        export.not_exported.append(f"{place}: that no other pattern is possible near the point (the walk over signs)")


def export_audit(export: Export, result: Mapping[str, Any]) -> None:
    """Export an audit: its differential, and each convention's gradient in it or not."""
    differential = result["differential"]
    export_clarke(export, differential, "audit.differential")
    vertices = differential.get("vertices")
    for i, entry in enumerate(result["conventions"]):
        place = f"audit.conventions[{i}]"
        if vertices is None:
            export.not_exported.append(f"{place}: the set has no list of vertices")
            continue
        weights = entry.get("weights")
        if weights is not None and differential.get("factors") is not None:
            weights = _of_product(differential, weights)
        export.add(place, _member(vertices, entry, weights, f"convention {entry['name']}"))


def _of_product(differential: Mapping[str, Any], weights: Sequence[Sequence[Any]]) -> list[Fraction]:
    """Return weights on the vertices of a product: the products of the factors' weights."""
    places = {name: i for i, name in enumerate(differential["parameters"])}
    found = []
    for vertex in differential["vertices"]:
        total = Fraction(1)
        for factor, given in zip(differential["factors"], weights, strict=True):
            part = [vertex[places[name]] for name in factor["parameters"]]
            total *= Fraction(str(given[factor["vertices"].index(part)]))
        found.append(total)
    return found


def _export_block(export: Export, tree: Mapping[str, Any], sites: Sites, indices: Sequence[int], place: str) -> None:
    for i, cell in enumerate(tree.get("cells") or ()):
        export.add(f"{place}.cells[{i}]", _cell(sites, cell, indices))
        export.add(f"{place}.cells[{i}].gradient", _gradient(sites, cell, indices))
    for i, entry in enumerate(tree.get("refuted") or ()):
        export.add(f"{place}.refuted[{i}]", _empty_cell(sites, entry))
    if tree.get("undecided"):
        export.not_exported.append(f"{place}: the set is only enclosed")
    elif tree.get("hull") is not None:
        export.add(f"{place}.hull", _hull(tree, sites.title))


def _cell(sites: Sites, cell: Mapping[str, Any], indices: Sequence[int]) -> Iterator[Exported]:
    check_unitwise(sites.whole)
    certificate = cell["certificate"]
    if certificate.get("kind") != "arc":
        raise NotExportedError("a cell without an arc")
    yield cell_claim(sites, cell["pattern"], certificate["arc"], indices)


def _empty_cell(sites: Sites, entry: Mapping[str, Any]) -> Iterator[Exported]:
    check_unitwise(sites.whole)
    yield empty_cell_claim(sites, entry["pattern"], entry["certificate"])


# ---------------------------------------------------------------------- gradients


def _gradient(sites: Sites, cell: Mapping[str, Any], indices: Sequence[int]) -> Iterator[Exported]:
    whole = sites.whole
    check_unitwise(whole)
    words = sites.tree.words(cell["pattern"], wildcard=False)
    coefficients = _rational_coefficients(whole)
    net = net_of(whole)
    others, slopes = _slopes(sites, words, net)
    quantified = list(others)
    if coefficients is None:
        factors = [f"c{k + 1}" for k in range(len(words))]
        quantified += factors
    else:
        factors = [shown(c) for c in coefficients]
    goals = []
    if coefficients is not None and whole.kind == "risk":
        goals += [
            f"({net.value(k)} - {shown(whole.labels[k])}) * {shown(Fraction(1, whole.divisor))} == {factors[k]}"
            for k in range(len(words))
        ]
    proofs = ["numbers"] * len(goals)
    entries = _entries(sites, cell, indices, words)
    for i, text in zip(indices, entries, strict=True):
        terms = [f"{factor} * {net.moved(i, 'u').value_on(k, slopes[k])}" for k, factor in enumerate(factors)]
        goals.append(f"has_slope (fun u => {' + '.join(terms)}) {shown(whole.point[i])} {text}")
        proofs.append(f"(intro t; cbv beta; {UNFOLD}; ring)")
    prefix = f"forall {' '.join(quantified)} : Q,\n  " if quantified else ""
    intros = f"intros {' '.join(quantified)}; " if quantified else ""
    about = f"{sites.title}: the gradient on the cell {cell['pattern']}"
    yield exported("gradient", "gradient", about, prefix + conjunction(goals), intros + split(proofs))


def _slopes(sites: Sites, words: Sequence[str], net: Net) -> tuple[list[str], list[str]]:
    """Return the names of the slopes of other neurons, any numbers; and the slopes for each datum."""
    if sites.tree.neuron is None:
        return [], [f"(slopes_by {net.hidden()} {signs_of(sites.whole, word)})" for word in words]
    names, found = [], []
    activation = sites.whole.activations[0]
    for k, word in enumerate(words):
        row = []
        for j in range(len(sites.whole.weights[0])):
            if j != sites.tree.neuron:
                row.append(f"a{j + 1}_{k + 1}")
                names.append(row[-1])
            elif activation.name == "identity":
                row.append("1")
            else:
                (slope,) = slopes_on_piece(activation, [Fraction(0)], word)
                row.append(shown(slope))
        found.append(f"[[{'; '.join(row)}]]")
    return names, found


def _entries(sites: Sites, cell: Mapping[str, Any], indices: Sequence[int], words: Sequence[str]) -> list[str]:
    """Return the gradient: its numbers; or, where the coefficients are no rationals, what each datum contributes."""
    if _rational_coefficients(sites.whole) is not None:
        return [shown(rational(entry, "gradient")) for entry in cell["gradient"]]
    problem, totals = sites.whole, [[] for _ in indices]  # type: ignore[var-annotated]
    for k, word in enumerate(words):
        values = forward(problem, k)
        slopes = []
        for layer, activation in enumerate(problem.activations):
            z = values.preactivations[layer]
            if sites.tree.neuron is None:
                characters = word[sites.tree.starts[layer] : sites.tree.starts[layer + 1]]
                slopes.append(slopes_on_piece(activation, z, characters))
            else:
                row = [Fraction(0)] * len(z)
                row[sites.tree.neuron] = slopes_on_piece(activation, [Fraction(0)], word)[0]
                slopes.append(row)
        gradient = backward(problem, values, slopes)
        for total, i in zip(totals, indices, strict=True):
            total.append(f"c{k + 1} * {shown(gradient[i])}")
    return [f"({' + '.join(total)})" for total in totals]


def _rational_coefficients(problem: Problem) -> list[Fraction] | None:
    if problem.kind == "log_sum_exp" or (problem.kind == "risk" and problem.loss != "squared"):
        return None
    outputs = [forward(problem, k).preactivations[-1][problem.output] for k in range(len(problem.inputs))]
    return [Fraction(c) for c in frozen_coefficients(problem, outputs)]  # type: ignore[arg-type]


# ---------------------------------------------------------------------- the hull


def _hull(tree: Mapping[str, Any], title: str) -> Iterator[Exported]:
    vertices, hull = _rows(tree["vertices"]), tree["hull"]
    size = len(vertices[0])
    for i, u in enumerate(hull["functionals"]):
        others = vertices[:i] + vertices[i + 1 :]
        if others:
            yield separated(f"{title}: vertex {i + 1} is an extreme point", vertices[i], others, _row(u), "extreme")
    for entry in hull.get("inner") or ():
        about = f"{title}: a gradient that is no vertex is in the hull"
        yield in_hull(about, _row(entry["gradient"]), vertices, _row(entry["weights"]))
    weights = _row(hull["minimal_norm_weights"])
    known = tree.get("minimal_norm_element")
    shortest = _combined(weights, vertices) if known is None else _row(known)
    texts = shown_list(shortest)
    rows = shown_matrix(vertices)
    statement = (
        f"in_hull {size} {rows} {texts} /\\\n  "
        f"forall s, length s = {size}%nat -> in_hull {size} {rows} s -> dot {texts} {texts} <= dot s s"
    )
    first = f"(apply (by_weights {size} {shown_list(weights)}); vm_compute; reflexivity)"
    second = "(apply by_variation; vm_compute; reflexivity)"
    yield exported(
        "shortest", "hull", f"{title}: the shortest element of the hull", statement, f"split; [{first} | {second}]"
    )


def _export_selection(export: Export, result: Mapping[str, Any], weights: Sequence[Any] | None, place: str) -> None:
    entry = result.get("autodiff")
    if entry is None or result.get("vertices") is None:
        return
    what = "what automatic differentiation returns"
    export.add(f"{place}.autodiff", _member(result["vertices"], entry, weights, what))


def _member(
    vertices: Sequence[Sequence[Any]], entry: Mapping[str, Any], weights: Sequence[Any] | None, what: str
) -> Iterator[Exported]:
    rows, gradient = _rows(vertices), _row(entry["gradient"])
    if entry["in_differential"] is False:
        yield separated(f"{what} is not in the set", gradient, rows, [-u for u in _row(entry["separator"])], "outside")
    elif entry["in_differential"] is True:
        if weights is None and gradient in rows:
            weights = [int(row == gradient) for row in rows]
        if weights is None:
            raise NotExportedError("the weights are given factor by factor")
        yield in_hull(f"{what} is in the set", gradient, rows, _row(weights))


def separated(
    about: str, point: Sequence[Fraction], others: Sequence[Sequence[Fraction]], u: Sequence[Fraction], name: str
) -> Exported:
    """Return that a point is not in a hull: <u, point> is larger than at every generator."""
    minus = [-entry for entry in u]
    bound = min(sum((a * b for a, b in zip(minus, other, strict=True)), Fraction(0)) for other in others)
    size = len(point)
    statement = f"~ in_hull {size} {shown_matrix(others)} {shown_list(point)}"
    proof = f"apply (by_functional {size} {shown_list(minus)} {shown(bound)}); vm_compute; reflexivity"
    return exported(name, "hull", about, statement, proof)


def in_hull(
    about: str,
    point: Sequence[Fraction],
    vertices: Sequence[Sequence[Fraction]],
    weights: Sequence[Fraction],
    name: str = "member",
) -> Exported:
    """Return that a point is in a hull, by its weights."""
    size = len(point)
    statement = f"in_hull {size} {shown_matrix(vertices)} {shown_list(point)}"
    proof = f"apply (by_weights {size} {shown_list(weights)}); vm_compute; reflexivity"
    return exported(name, "hull", about, statement, proof)


def _combined(weights: Sequence[Fraction], vertices: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    columns = zip(*vertices, strict=True)
    return [sum((a * b for a, b in zip(weights, column, strict=True)), Fraction(0)) for column in columns]


def _rows(tree: Sequence[Sequence[Any]]) -> list[list[Fraction]]:
    return [_row(row) for row in tree]


def _row(tree: Sequence[Any]) -> list[Fraction]:
    try:
        return [entry if isinstance(entry, Fraction) else rational(str(entry), "entry") for entry in tree]
    except Refused:
        raise NotExportedError("a hull of vectors with exponentials") from None
