"""``symflow derive`` as a document: the pieces in a table, the gradient, the kinks, and how it is known.

The formulas are those of ``lecture.py``: written from the patterns, factored as the layers are, + before −. With one
hidden layer the gradient stands in the table, neuron by neuron, as long as it fits; else the activation-matrix formula
stands below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.cells.derivation import Derivation, Piece
from symflow.nets.objective import LogSumExp, Risk
from symflow.problem import Problem
from symflow.reports.deep_kinks_document import declared_blocks
from symflow.reports.derive_kinks_document import kink_blocks
from symflow.reports.derive_parts import Parts, slopes_in_words
from symflow.reports.document import (
    Answer,
    Block,
    Display,
    Document,
    Equation,
    Fact,
    Facts,
    Paragraph,
    Table,
    Tag,
    Title,
    formula,
)
from symflow.reports.expressions import Expression, Power, Rational, Relation, Sentence, Symbol
from symflow.reports.lecture import ZERO, relation, scaled, summed
from symflow.reports.linear_text import linear_text, sentence_text
from symflow.reports.names import in_use
from symflow.reports.phrases import counted
from symflow.reports.problem_line import net_words
from symflow.reports.problem_line import title as title_words
from symflow.reports.readable.written_numbers import integer_vector

# Columns of text that a table may take, and the spaces between two columns.
_ROOM, _GAP = 86, 3

# So many pieces are written to see whether formulas fit, before all are.
_FIRST_TRIED = 16

# A longer value is written as a product of matrices.
_LONGEST_VALUE = 82

# More pieces than this are not listed by their patterns alone, where these are free.
_MOST_PATTERNS = 24

_MOST_NEURONS = 3
_MOST_DATA = 3


def derive_document(problem: Problem, derivation: Derivation) -> Document:
    """Return the document.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        The answer.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.derive_result import derivation_of
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 1, 1]}})
    >>> document = derive_document(problem, derivation_of(problem))
    >>> print(sentence_text(document.blocks[0].sentence))
    f(x; w) = v σ(⟨u, x⟩).  2-1-1 relu net, symbolic weights.
    """
    parts = Parts(derivation)
    if derivation.deep_kinks is not None and derivation.deep_kinks.is_declared:
        return Document((Title(_title(problem, parts)), *declared_blocks(parts, _definitions(parts))))
    blocks: list[Block] = [Title(_title(problem, parts)), _answer(parts)]
    blocks += _definitions(parts)
    if parts.pieces:
        columns = _columns(parts)
        free = _free_patterns(parts, columns)
        blocks.append(_table(columns) if free is None else Paragraph((free,)))
        if not any(sentence_text(header).startswith("∇") for header, _ in columns):
            blocks += _formula(parts)
    blocks += kink_blocks(parts)
    blocks.append(_grounds(parts))
    return Document(tuple(blocks))


# ---------------------------------------------------------------------- title and answer


def _title(problem: Problem, parts: Parts) -> Sentence:
    words: list[str | Expression] = [title_words(problem)] if problem.title else []
    if _is_defined_in_title(parts) and not parts.is_at_point:
        words += ["f(x; w) = ", parts.lecture.definition(), ".  "]
    words.append(net_words(parts.shape))
    if parts.shape.n_outputs > 1:
        words.append(f", output {parts.net.output + 1}")
    kind = _kind(problem)
    if parts.is_at_point:
        if problem.variable == "input":
            at = Relation((Symbol("x"), integer_vector(problem.data_points()[0])), ("=",))
            words += [f"{kind}, in the input, at ", at, "."]
        else:
            words.append(f", {counted(parts.net.n_data, 'datum', 'data')}{kind}, in the weights.")
    elif parts.has_weights_symbolic:
        data = "" if parts.net.inputs is None else f", {counted(parts.net.n_data, 'datum', 'data')}"
        words.append(f", symbolic weights{data}{kind}.")
    else:
        words.append(f", symbolic input{kind}.")
    return tuple(words)


def _kind(problem: Problem) -> str:
    if problem.kind == "risk":
        return f", {'mean ' if problem.reduction == 'mean' else ''}{problem.loss} risk"
    return {"log_sum_exp": ", log-sum-exp", "combination": ", combination"}.get(problem.kind, "")


def _answer(parts: Parts) -> Answer:
    derivation = parts.derivation
    n_pieces = len(parts.pieces)
    if not derivation.is_complete:
        branches = counted(len(derivation.undecided), "branch", "branches")
        known = f"{counted(n_pieces, 'piece')} of {parts.letter} found; {branches} not decided."
        return Answer((known,), Tag("undecided"))
    if parts.is_at_point:
        point = "w" if derivation.variable == "weights" else "x"
        verb = "One piece meets" if n_pieces == 1 else f"{n_pieces} pieces meet"
        return Answer((f"{verb} the point: {parts.letter} near {point}.",), Tag("exact"))
    scope = "for all weights" if parts.has_weights_symbolic else "for all x"
    if n_pieces == 1:
        return Answer((f"{parts.letter} has one piece.",), Tag("proved", scope))
    return Answer((f"{parts.letter} has {n_pieces} pieces.",), Tag("proved", scope))


def _definitions(parts: Parts) -> list[Block]:
    """Return what the letters mean that are not in the title."""
    equations: list[Equation] = []
    if parts.net.inputs is not None and len(parts.net.inputs) <= 2 * _MOST_DATA:
        data: list[str | Expression] = []
        for k, x in enumerate(parts.net.inputs):
            data += [",   " if data else "", Relation((parts.lecture.x(k), integer_vector(x)), ("=",))]
        equations.append(Equation(("data",), "", tuple(data)))
    if parts.has_weights_symbolic and (parts.is_at_point or not _is_defined_in_title(parts)):
        equations.append(_net(parts))
    equations += _objective(parts)
    if parts.lecture.has_z and not _has_values_by_matrices(parts):
        j, k = Symbol("u") if parts.shape.widths[1] == 1 else Symbol("u", "j"), parts.net.n_data > 1
        single = parts.shape.widths[1] == 1
        name = "z" + ("" if single and not k else "_" + ("" if single else "j") + ("k" if k else ""))
        right = (f"⟨{linear_text(j)}, x{'_k' if k else ''}⟩ + b1[{'1' if single else 'j'}]",)
        equations.append(Equation((name,), "=", right))
    return [Display(tuple(equations))] if equations else []


def _is_defined_in_title(parts: Parts) -> bool:
    return parts.is_shallow and parts.shape.widths[1] <= _MOST_NEURONS


def _net(parts: Parts) -> Equation:
    """Return f through its matrices, and what its letters are."""
    n_layers = parts.shape.n_layers
    text = "x"
    for layer in range(1, n_layers + 1):
        matrix = "vᵀ" if layer == n_layers and parts.shape.n_outputs > 1 else f"W{layer}"
        is_sum = " + " in text and not text.endswith(")")
        text = f"{matrix} ({text})" if is_sum else f"{matrix} {text}"
        if parts.shape.has_biases:
            text += f" + b{layer}"
        if layer < n_layers and parts.shape.activation(layer).name != "identity":
            name = {"abs": "abs", "leaky_relu": "leaky", "maxpool": "max"}.get(parts.shape.activation(layer).name, "σ")
            text = f"{name}({text})"
            if parts.shape.activation(layer).degree > 1:
                text += linear_text(Power(Symbol("p"), parts.shape.activation(layer).degree)).removeprefix("p")
    if not in_use().has_rows:
        return Equation(("f",), "=", (text,))
    outer = f"v = W{n_layers}" if parts.shape.n_outputs == 1 else f"v the row {parts.net.output + 1} of W{n_layers}"
    rows = "" if n_layers == 1 else "u = W1,   " if parts.shape.widths[1] == 1 else "u_j the rows of W1,   "
    return Equation(("f",), "=", (f"{text},   {rows}{outer}",))


def _objective(parts: Parts) -> list[Equation]:
    objective, n_data = parts.derivation.objective, parts.net.n_data
    k = "" if n_data == 1 else "_k"
    total = "" if n_data == 1 else "Σ_k "
    f = f"f(x{k})"
    if isinstance(objective, Risk):
        share = f"1/{n_data} " if objective.is_mean and n_data > 1 else ""
        labels = ", ".join(str(y).replace("-", "−") for y in objective.labels)
        y = f"y = {labels}" if n_data == 1 else f"y = ({labels})"
        if objective.loss.name == "squared":
            term, c = f"({f} − y{k})²/2", f"{share}({f} − y{k})" if share else f"{f} − y{k}"
            return [
                Equation(("R",), "=", (f"{share}{total}{term},   {y}",)),
                Equation((f"c{k}",), "=", (c,)),
            ]
        loss = "e^(−m)" if objective.loss.name == "exponential" else "ln(1 + e^(−m))"
        return [
            Equation(("R",), "=", (f"{share}{total}ℓ(m{k}),   m{k} = y{k} {f},   ℓ(m) = {loss},   {y}",)),
            Equation((f"c{k}",), "=", (f"{share}y{k} ℓ'(m{k})",)),
        ]
    if isinstance(objective, LogSumExp):
        labels = ", ".join(str(y).replace("-", "−") for y in objective.labels)
        return [
            Equation(("F",), "=", (f"ln {total}e^(−m{k}),   m{k} = y{k} {f},   y = ({labels})",)),
            Equation((f"c{k}",), "=", (f"−y{k} e^(−m{k})/Σ_i e^(−m_i)",)),
        ]
    constants = parts.derivation.text.constants
    if parts.letter == "f" or constants is None:
        return []
    names = [Symbol(f"f({linear_text(parts.lecture.x(i))})") for i in range(n_data)]
    terms = [scaled(Rational(c), name) for c, name in zip(constants, names, strict=True) if c != 0]
    return [Equation(("F",), "=", formula(summed(terms)))]


# ---------------------------------------------------------------------- the table

# The head of a column, and its cells.
_Column = tuple[Sentence, list[Sentence]]


def _columns(parts: Parts) -> list[_Column]:
    """Return the columns that fit: conditions, values, then gradients as long as there is room."""
    columns = _condition_columns(parts) + ([] if _has_values_by_matrices(parts) else _value_columns(parts))
    gradients = _gradient_columns(parts)
    if gradients and sum(map(_width, columns + gradients)) + _GAP * (len(columns) + len(gradients) - 1) <= _ROOM:
        columns += gradients
    return columns


def _has_values_by_matrices(parts: Parts) -> bool:
    """Whether f(x_k) is said once for all pieces, by activation matrices: written out it would not fit the table."""
    is_single = parts.net.n_data == 1 and (parts.is_linear or not parts.is_named_by_signs)
    if is_single or not parts.is_linear_in_z or not _has_gradient_formula(parts):
        return False
    # A few pieces that do not fit say it of all, and the others need not be written.
    for n_pieces in (_FIRST_TRIED, len(parts.pieces)):
        columns = _condition_columns(parts, n_pieces) + _value_columns(parts, n_pieces)
        if sum(map(_width, columns)) + _GAP * (len(columns) - 1) > _ROOM:
            return True
    return False


def _has_gradient_formula(parts: Parts) -> bool:
    return parts.derivation.variable == "weights" or parts.has_weights_symbolic


def _width(column: _Column) -> int:
    return max(len(sentence_text(in_use().sentence(cell))) for cell in (column[0], *column[1]))


def _table(columns: list[_Column]) -> Table:
    header = tuple(head for head, _ in columns)
    rows = tuple(zip(*(cells for _, cells in columns), strict=True))
    return Table(header, rows, "pieces")


def _free_patterns(parts: Parts, columns: list[_Column]) -> str | None:
    """Return what is said in place of a long table of patterns alone that lists every combination; else None."""
    n_data, n_pieces = parts.net.n_data, len(parts.pieces)
    if n_pieces <= _MOST_PATTERNS or not parts.derivation.is_complete:
        return None
    if [head for head, _ in columns] != [head for head, _ in _condition_columns(parts)] or len(columns) != n_data:
        return None
    counts = [len(set(cells)) for _, cells in columns]
    if math.prod(counts) != n_pieces:
        return None
    first, *others = counts
    if n_data == 1:
        return None
    x = [linear_text(parts.lecture.x(k)) for k in range(n_data)]
    more = ", ".join(f"each of {count} on {name}" for count, name in zip(others, x[1:], strict=True))
    return f"Each of {first} patterns of signs on {x[0]} occurs with {more}  (--json lists all)."


def _condition_columns(parts: Parts, n_pieces: int | None = None) -> list[_Column]:
    pieces = parts.pieces[:n_pieces]
    if not parts.net.table.sites:
        return []
    net, lecture = parts.net, parts.lecture
    if parts.is_shallow and net.n_data == 1 and not parts.has_groups and len(net.table.sites) <= _MOST_NEURONS:
        columns: list[_Column] = []
        for unit in range(parts.shape.widths[1]):
            head = formula(lecture.preactivation(1, unit, 0, ("+",) * len(net.table.sites)))
            columns.append((head, [(_sign(piece.characters[unit]),) for piece in pieces]))
        return columns
    if not parts.is_named_by_signs and net.n_data == 1:
        return [(("where",), [_inequalities(parts, piece) for piece in pieces])]
    names = ["signs"] if net.n_data == 1 else [f"on {linear_text(lecture.x(k))}" for k in range(net.n_data)]
    if net.n_data > 2 * _MOST_DATA:
        joined: list[Sentence] = [(",".join(map(_spaced, parts.words(piece))),) for piece in pieces]
        return [((f"signs on x1, …, x{net.n_data}",), joined)]
    return [((name,), [(_spaced(parts.word(datum, piece)),) for piece in pieces]) for datum, name in enumerate(names)]


def _inequalities(parts: Parts, piece: Piece) -> Sentence:
    words: list[str | Expression] = []
    conditions = [parts.lecture.condition(constraint, piece.characters) for constraint in parts.conditions(piece)]
    for larger, smaller in dict.fromkeys(conditions):
        words += [", " if words else "", relation(larger, smaller)]
    return tuple(words) or ("near the point" if parts.is_at_point else "everywhere",)


def _sign(character: str) -> str:
    return character.replace("-", "−")


def _spaced(word: str) -> str:
    return _sign(word).replace("|", " | ")


def _value_columns(parts: Parts, n_pieces: int | None = None) -> list[_Column]:
    pieces, n_data = parts.pieces[:n_pieces], parts.net.n_data
    if parts.is_linear:
        cells = [formula(parts.value(piece)) for piece in pieces]
        if (
            parts.has_matrix_product
            and parts.is_output
            and max(len(sentence_text(cell)) for cell in cells) > _LONGEST_VALUE
        ):
            products = [(parts.matrix_product(piece),) for piece in pieces]
            cells = [cell if cell == (ZERO,) else product for cell, product in zip(cells, products, strict=True)]
        return [((parts.letter,), cells)]
    if n_data > _MOST_DATA:
        return []
    return [
        ((parts.lecture.f(k),), [formula(parts.lecture.output(k, piece.characters)) for piece in pieces])
        for k in range(n_data)
    ]


def _gradient_columns(parts: Parts) -> list[_Column]:
    """Return ∇ by u_1, .., by v for one hidden layer; by x for known weights."""
    pieces, letter = parts.pieces, parts.letter
    if parts.derivation.variable == "input":
        if parts.has_weights_symbolic or not parts.is_linear:
            return []
        gradients = [parts.input_gradient(piece) for piece in pieces]
        return [((f"∇{letter}",), [formula(gradient) for gradient in gradients])]
    if not parts.is_shallow or not parts.is_linear_in_z or parts.shape.widths[1] > 2 * _MOST_NEURONS:
        return []
    columns: list[_Column] = []
    for unit in range(parts.shape.widths[1]):
        name = linear_text(parts.lecture.row(unit))
        cells = [formula(parts.lecture.row_gradient(piece, unit)) for piece in pieces]
        columns.append(((f"∇{name} {letter}",), cells))
    columns.append(((f"∇v {letter}",), [formula(parts.lecture.outer_gradient(piece)) for piece in pieces]))
    return columns


# ---------------------------------------------------------------------- the formula


def _formula(parts: Parts) -> list[Block]:
    """Return the activation-matrix formula."""
    shape = parts.shape
    n_layers = shape.n_layers
    x = "x" if parts.net.n_data == 1 else "x_k"
    last = f"W{n_layers}" if shape.n_outputs == 1 else "vᵀ"
    matrices = ["" if activation.name == "identity" else f"A{i}" for i, activation in enumerate(shape.activations, 1)]

    def outer(layer: int) -> str:
        factors = [last]
        for other in range(n_layers - 1, layer - 1, -1):
            factors += [matrices[other - 1]] + ([f"W{other}"] if other > layer else [])
        kept = [factor for factor in factors if factor]
        return f"({' '.join(kept)})ᵀ" if len(kept) > 1 else f"{kept[0]}ᵀ".replace("vᵀᵀ", "v")

    where = _where(parts, matrices)
    if parts.derivation.variable == "input":
        if not parts.has_weights_symbolic:
            return []
        right = f"W1ᵀ {outer(1)}" if n_layers > 1 else "v"
        return [Display((Equation(("∇x f",), "=", (right,)),), where)]
    is_bare = parts.is_linear_in_z and not shape.has_biases
    equations = [_value_by_matrices(parts, matrices, x)] if _has_values_by_matrices(parts) else []
    equations += _chain_rule(parts)
    for layer in range(1, n_layers + 1):
        if layer == 1:
            inner = f"{x}ᵀ"
        elif is_bare:
            chain = [part for other in range(layer - 1, 0, -1) for part in (matrices[other - 1], f"W{other}") if part]
            inner = f"({' '.join([*chain, x])})ᵀ"
        else:
            inner = f"h{layer - 1}ᵀ"
        if layer == n_layers:
            name, right = (
                (f"∇W{layer} f", inner) if shape.n_outputs == 1 else ("∇v f", inner.removesuffix("ᵀ").strip("()"))
            )
        else:
            name, right = f"∇W{layer} f", f"{outer(layer)} {inner}"
        equations.append(Equation((name,), "=", (right,)))
        if shape.has_biases:
            ends = "1" if shape.n_outputs == 1 else f"e{parts.net.output + 1}"
            equations.append(Equation((f"∇b{layer} f",), "=", (ends if layer == n_layers else outer(layer),)))
    return [Display(tuple(equations), where)]


def _value_by_matrices(parts: Parts, matrices: Sequence[str], x: str) -> Equation:
    """Return f(x_k) = W2 A1 W1 x_k."""
    shape = parts.shape
    text = x
    for layer in range(1, shape.n_layers + 1):
        matrix = "vᵀ" if layer == shape.n_layers and shape.n_outputs > 1 else f"W{layer}"
        factors = [matrix, matrices[layer - 2] if layer > 1 else "", f"({text})" if " + " in text else text]
        text = " ".join(factor for factor in factors if factor)
        text += f" + b{layer}" if shape.has_biases else ""
    return Equation((f"f({x})",), "=", (text,))


def _chain_rule(parts: Parts) -> list[Equation]:
    if parts.is_output:
        return []
    right = "c ∇f" if parts.net.n_data == 1 else "Σ_k c_k ∇f(x_k)"
    return [Equation((f"∇{parts.letter}",), "=", (right,))]


def _where(parts: Parts, matrices: list[str]) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    if any(matrices):
        names = ", ".join(name for name in matrices if name)
        slopes = slopes_in_words(parts.shape.activations)
        if slopes is not None:
            low, high = (linear_text(Rational(slope)) for slope in slopes)
            found.append((f"{names} diagonal: {high} for +, {low} for −",))
        elif parts.has_groups:
            found.append((f"{names}: 1 for a winner, else 0",))
        else:
            found.append((f"{names} diagonal: the slopes σ'(z)",))
    if (
        (parts.shape.has_biases or not parts.is_linear_in_z)
        and parts.derivation.variable == "weights"
        and any(matrices)
    ):
        found.append(("h_l: the features of layer l",))
    return tuple(found)


# ---------------------------------------------------------------------- how it is known


def _grounds(parts: Parts) -> Facts:
    derivation = parts.derivation
    facts: list[Fact] = []
    known: list[Sentence] = []
    n_pieces, n_refuted = len(parts.pieces), len(derivation.refuted)
    if parts.is_at_point:
        known.append((f"a direction into {'the piece' if n_pieces == 1 else 'each piece'}",))
    elif n_pieces:
        known.append((f"a point in {'the piece' if n_pieces == 1 else 'each piece'}, exact",))
    if n_refuted:
        verb = "does" if n_refuted == 1 else "do"
        known.append((f"{counted(n_refuted, 'partial pattern')} {verb} not occur (multipliers)",))
    elif parts.has_weights_symbolic and not parts.is_at_point and parts.net.inputs is None and n_pieces > 1:
        free = "the neurons share no weight, so signs are free"
        known.append((free if parts.shape.n_hidden_layers == 1 else f"{free} where the features do not vanish",))
    known.append(("the gradient formula agrees with differentiation, entry by entry",))
    facts.append(Fact("known by", tuple(known)))
    if derivation.undecided:
        words = [derivation.net.table.word(c) for c in derivation.undecided[:4]]
        dots = ", …" if len(derivation.undecided) > len(words) else ""
        facts.append(Fact("undecided", ((", ".join(words) + dots,), ("* stands for either sign",))))
    facts.append(Fact("LaTeX", (("symflow derive FILE --latex",),)))
    return Facts(tuple(facts), is_grounds=True)
