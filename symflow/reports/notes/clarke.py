r"""The section on the Clarke differential at the point: a theorem with its proof, and the sum rule."""

from __future__ import annotations

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.objective import Risk
from symflow.reports.latex_math import latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.context import Context, in_words, plural
from symflow.reports.notes.document import Block, Chapter, Entry, Formula, Prose, Section, Statement, Verdict, Word
from symflow.reports.notes.patterns import direction, identity, pattern, pieces_of
from symflow.reports.notes.pieces import short_point
from symflow.reports.notes.sets import parameter_value, set_blocks
from symflow.reports.readable.written_numbers import approximation


def clarke_chapter(context: Context) -> Chapter:
    """Return the section with the main theorem."""
    title = "The Clarke differential at the kink" if context.kink_sites else "The Clarke differential"
    if context.reading is None:
        theorem, entries = _enclosed(context)
    else:
        theorem, entries = _exact(context)
    blocks: list[Block] = [theorem]
    remark = _sum_rule(context)
    if remark is not None:
        blocks.append(remark[0])
        entries.append(remark[1])
    return Chapter(Section(title, tuple(blocks)), tuple(entries))


# ---------------------------------------------------------------------- exact


def _exact(context: Context) -> tuple[Statement, list[Entry]]:
    reading = context.reading
    assert reading is not None
    where = f"${_at(context)}$"
    opening = f"The Clarke differential of ${context.F}$ at {where} is "
    if reading.is_point:
        opening += "a single point,"
    else:
        article = "an" if reading.shape.noun[0] in "aeio" else "a"
        opening += f"{article} {context.noun}" if _is_counted(context) else f"the {context.noun}"
    blocks = set_blocks(context)
    if isinstance(blocks[0], Prose):  # rows follow: a sentence of its own
        opening = opening.rstrip(",") + "."
    body = (Prose(opening), *blocks, Prose(_elements(context), continues=True))
    verdict = Verdict("proved", context.scope, _ground(context))
    theorem = Statement("Theorem", body, verdict, proof=tuple(_proof(context)), label="clarke")
    kind = (
        "the point of Theorem~\\ref{clarke}"
        if reading.is_point
        else (f"the {reading.shape.noun} of Theorem~\\ref{{clarke}}")
    )
    entries = [Entry(f"${context.set_name}$ is {kind}", "proved", context.scope, verdict.ground)]
    stationary = context.differential.contains_zero
    if stationary is not None:
        zero = f"$0\\in {context.set_name}$: ${short_point(context)}$ is a critical point"
        entries.append(Entry(zero, "proved" if stationary else "refuted", context.scope, "the shortest element"))
    return theorem, entries


def _is_counted(context: Context) -> bool:
    assert context.reading is not None
    return bool(context.reading.shape.detail)


def _at(context: Context) -> str:
    return context.point_name


def _ground(context: Context) -> str:
    if context.differential.shortcut:
        return "no cell is needed"
    if not context.kink_sites:
        return "continuous gradient, exact" if context.open_sites else "all signs strict, exact"
    factors = context.open_factors
    if context.is_by_neurons and len(factors) == 1:
        count = len(factors[0].incident.cells) + len(factors[0].incident.refuted)
        if all("*" not in r.pattern for r in factors[0].incident.refuted):
            return f"exact; certificates for {'both' if count == 2 else f'all {count}'} patterns"
    return "exact; each pattern certified"


def _elements(context: Context) -> str:
    """Return the sentences on vertices, the shortest element and 0."""
    differential, reading = context.differential, context.reading
    assert reading is not None
    name = short_point(context)
    squared = differential.minimal_norm_squared
    shown = context.number_in_line(squared)
    length = f"${shown}{approximately(squared, is_cut=chr(92) + 'ldots' in shown)}$"
    if reading.is_point:
        text = "" if context.differential.shortcut else f"It has the squared norm {length}"
        if differential.contains_zero:
            return f"So ${name}$ is a critical point of ${context.F}$."
        if text:
            return f"{text}; hence $0\\notin {context.set_name}$, and ${name}$ is not a critical point."
        return f"Hence $0\\notin {context.set_name}$, and ${name}$ is not a critical point."
    count = differential.n_vertices
    assert count is not None
    limits = "the two limits above" if count == 2 and len(pieces_of(context)) <= 4 and pieces_of(context) else ""
    vertices = f"Its vertices are {limits}." if limits else f"It has {plural(count, 'vertex', 'vertices')}."
    if not limits and count > 9999:
        vertices = f"It has ${count}$ vertices."
    if differential.contains_zero:
        return f"{vertices} It contains $0$, so that ${name}$ is a critical point of ${context.F}$."
    theta = parameter_value(context, differential.minimal_norm_element)
    is_vertex = theta in (r"\theta=0", r"\theta=1")
    element = context.element(differential.minimal_norm_element)
    said = "Its shortest element"
    if theta is not None:
        said += f" is {'the vertex' if is_vertex else 'the one with'} ${theta}$, of squared norm {length}"
    elif element is not None and width(element) < 150 and len(context.function.variables) <= 6:
        said += f" is ${element}$, of squared norm {length}"
    else:
        said += f" has the squared norm {length}"
    return f"{vertices} {said}; hence $0\\notin {context.set_name}$, and ${name}$ is not a critical point."


def approximately(value: Scalar, *, is_cut: bool = False) -> str:
    """Return the decimal of an irrational number behind an approximate sign; nothing for a rational one."""
    if not isinstance(value, ExponentialNumber) or is_cut:
        return ""
    return rf"\approx {latex(approximation(value))}"


# ---------------------------------------------------------------------- the proof


def _proof(context: Context) -> list[Block]:
    differential = context.differential
    name = short_point(context)
    if differential.shortcut is not None:
        if differential.shortcut.kind == "two_zero_matrices":
            return [Prose("On every piece the gradient vanishes at $w$, as said above; so its limits are all $0$.")]
        text = (
            f"${context.F}$ is continuously differentiable, and the Clarke differential of such a function is its "
            "gradient."
        )
        return [Prose(text)]
    if not context.kink_sites:
        text = (
            f"Near ${name}$ every preactivation keeps its sign, so that ${context.F}$ is smooth there; the Clarke "
            "differential of such a function is its gradient."
        )
        if context.open_sites:
            text = (
                f"${context.F}$ is continuously differentiable near ${name}$; the Clarke differential of such a "
                f"function "
                "is its gradient."
            )
        return [Prose(text)]
    hull = (
        f"${context.set_name}$ is the convex hull of the limits of gradients from the open pieces whose closure "
        f"contains ${name}$~\\cite[Theorem~2.5.1]{{clarke1983}}, \\cite[Proposition~4.3.1]{{scholtes2012}}."
    )
    return [Prose(" ".join(filter(None, (hull, _directions(context), _emptiness(context), _shortest(context)))))]


def _directions(context: Context) -> str:
    pieces = pieces_of(context)
    if pieces and len(pieces) <= 4 and len(context.open_factors) == 1:
        moves = []
        for piece in pieces:
            move = direction(context, piece.cells[0])
            if not move or move.count("$ $") > 1 or width(move) > 200:
                break
            moves.append((move, piece.name))
        else:
            first, *others = moves
            verb = "Moving" if not context.is_input else "Going"
            start = move_text(context, first[0], verb)
            text = f"{start} enters ${first[1]}$ for small $\\varepsilon>0$"
            text += "".join(f", {move_text(context, move, 'to')} enters ${name}$" for move, name in others)
            return text + "."
    if context.differential.is_product:
        return (
            "The rows of $W_1$ are variables of their own, so it is the product over the neurons; the directions of "
            "Section~\\ref{certificates} enter the cells of each."
        )
    return "The directions of Section~\\ref{certificates} enter them."


def move_text(context: Context, move: str, verb: str) -> str:
    r"""Return a move as words: ``Moving $u_1$ to $u_1+\varepsilon(1,1)$``."""
    if verb == "to" or context.is_input or "$ $" in move:
        return f"{'going' if verb == 'to' and context.is_input else verb} to ${move}$".replace("to to", "to")
    subject = move.partition("+")[0].partition("-")[0]
    return f"{verb} ${subject}$ to ${move}$"


def _emptiness(context: Context) -> str:
    refuted = [r for factor in context.open_factors for r in factor.incident.refuted]
    if not refuted:
        return "No other pattern is left." if len(pieces_of(context)) <= 8 else ""
    full = context.is_by_neurons and all("*" not in r.pattern for r in refuted)
    identities = sorted({identity(context, r) for r in refuted})
    if full and len(identities) == 1 and len(context.open_factors) == 1 and width(identities[0]) < 200:
        (factor,) = context.open_factors
        count = "one remaining pattern" if len(refuted) == 1 else f"{in_words(len(refuted))} remaining sign patterns"
        verb = "is" if len(refuted) == 1 else "are"
        return f"The {count} of neuron~{factor.neuron} {verb} empty, because ${identities[0]}$ identically."
    return "The identities there show that all other patterns are empty near the point."


def _shortest(context: Context) -> str:
    differential, reading = context.differential, context.reading
    assert reading is not None
    if reading.is_point:
        return "All these limits are equal." if len(pieces_of(context)) != 1 else ""
    if differential.contains_zero:
        weights = _zero_weights(context)
        if any(all(entry == 0 for entry in vertex) for vertex in _few_vertices(context)):
            return "One of the vertices is $0$."
        return (
            f"The vertices have the combination ${weights}$ that is $0$."
            if weights
            else ("Convex weights on the vertices that give $0$ are in \\texttt{certificates/clarke.json}.")
        )
    both = "both vertices" if differential.n_vertices == 2 else "every vertex"
    return (
        f"The shortest element $s^*$ has $\\ip{{s^*}}{{p}}\\ge\\norm{{s^*}}^2$ at {both} $p$, which characterises it."
    )


def _few_vertices(context: Context) -> tuple[tuple[Scalar, ...], ...]:
    return context.differential.vertices if (context.differential.n_vertices or 0) <= 64 else ()


def _zero_weights(context: Context) -> str | None:
    weights = context.differential.is_clarke_stationary.evidence.get("weights")
    if not weights or len(context.differential.factors) != 1:
        return None
    flat = weights[0] if isinstance(weights[0], tuple) else weights
    if len(flat) > 4 or any(weight == 1 for weight in flat):
        return None
    terms = []
    for i, weight in enumerate(flat, start=1):
        if weight != 0:
            terms.append(f"{'' if weight == 1 else context.number(weight)}\\,p_{i}".removeprefix("\\,"))
    return "+".join(terms)


# ---------------------------------------------------------------------- enclosed


def _enclosed(context: Context) -> tuple[Statement, list[Entry]]:
    differential = context.differential
    lines = []
    inner = differential.inner_vertices if _few(context, inner=True) else ()
    outer = (differential.outer_vertices or ()) if _few(context, inner=False) else ()
    if inner:
        lines.append(_hull(context, inner) + rf"\ \subseteq\ {context.set_name}")
    if outer:
        lines.append(rf"{context.set_name}\ \subseteq\ {_hull(context, outer)}")
    lines = [line for line in lines if width(line) <= TEXT_WIDTH]
    body: list[Block] = [Prose(f"The Clarke differential of ${context.F}$ at ${_at(context)}$ lies between two sets.")]
    if lines:
        body.append(Formula(tuple(lines)))
    body.append(Prose(_between(context, bool(lines)), continues=bool(lines)))
    undecided = [c for factor in differential.factors for c in factor.incident.undecided]
    words = [f"${pattern(_word(context, c))}$" for c in undecided[:4]]
    rest = len(undecided) - len(words)
    more = f" and {in_words(rest)} more" if rest > 0 else ""
    proof = (
        f"The gradients of the realised patterns belong to the set, and with those of all completions of the undecided "
        f"ones they span it at most. Undecided {'is' if len(undecided) == 1 else 'are'} {', '.join(words)}{more}: the "
        "search for a direction or an identity ended with the time it was given."
    )
    verdict = Verdict("enclosed", context.scope, f"rigorous; {plural(len(undecided), 'pattern')} undecided")
    theorem = Statement("Theorem", tuple(body), verdict, proof=(Prose(proof),), label="clarke")
    stated = f"the bounds on ${context.set_name}$ of Theorem~\\ref{{clarke}}"
    entries = [Entry(stated, "enclosed", context.scope, verdict.ground)]
    zero = differential.contains_zero
    word: Word = "undecided" if zero is None else "proved" if zero else "refuted"
    entries.append(
        Entry(
            f"$0\\in {context.set_name}$: ${short_point(context)}$ is a critical point", word, context.scope, "bounds"
        )
    )
    return theorem, entries


def _few(context: Context, *, inner: bool) -> bool:
    count = 1
    for factor in context.differential.factors:
        hull = factor.inner if inner else factor.outer
        if hull is None:
            return False
        count *= len(hull.vertices)
    return 0 < count <= 4


def _hull(context: Context, vertices: tuple[tuple[Scalar, ...], ...]) -> str:
    points = [context.plain_vector(v) if any(e != 0 for e in v) else "0" for v in vertices]
    return rf"\{{{points[0]}\}}" if len(points) == 1 else r"\conv\{" + r",\ ".join(points) + r"\}"


def _between(context: Context, is_shown: bool) -> str:
    differential = context.differential
    text = ""
    if not is_shown:
        inner = 1
        for factor in differential.factors:
            inner *= len(factor.inner.vertices)
        text = f"The inner set has {plural(inner, 'vertex', 'vertices')}; both are in \\texttt{{results.json}}."
        if inner == 0:
            text = "No element of it is known so far."
    zero = differential.contains_zero
    if zero is None:
        return f"{text} Whether it contains $0$ stays open.".strip()
    if zero:
        return f"{text} It contains $0$: the point is critical.".strip()
    return f"{text} It does not contain $0$: the point is not critical.".strip()


def _word(context: Context, characters: tuple[str, ...]) -> str:
    return context.function.table.word([c or "*" for c in characters])


# ---------------------------------------------------------------------- the sum rule


def _sum_rule(context: Context) -> tuple[Statement, Entry] | None:
    found = context.sum_rule
    if found is None:
        return None
    parts = _sum_of_sets(context)
    statement = f"${context.set_name}={parts}$"
    scope = context.scope
    if found.holds is None:
        text = (
            f"Whether ${context.set_name}$ is all of ${parts}$ was not decided; it is contained in it"
            "~\\cite[Proposition~2.3.3]{clarke1983}."
        )
        verdict = Verdict("undecided", scope, "sets too large to compare")
        return Statement("Remark", (Prose(text),), verdict, name="sum rule"), Entry(
            statement, "undecided", scope, verdict.ground
        )
    if found.holds:
        text = f"${context.set_name}={parts}$: each datum may choose its own side."
        if not context.kink_sites:
            text = f"${context.set_name}={parts}$, since all these sets are single points."
        verdict = Verdict("proved", scope, "exact")
        return Statement("Remark", (Prose(text),), verdict, name="sum rule"), Entry(
            statement, "proved", scope, verdict.ground
        )
    text = (
        f"${context.set_name}$ is contained in ${parts}$~\\cite[Proposition~2.3.3]{{clarke1983}}, and strictly smaller"
    )
    reach = _reach(context)
    if reach:
        text += f": there {reach}, as if each datum could choose its own side."
    elif found.vector is not None and found.neuron is not None:
        text += (
            f": the vector ${context.plain_vector(found.vector)}$ is spanned both by data on the kink of "
            f"neuron~{found.neuron} with one sign of $\\rho_kv_{{{found.neuron}}}$ and by those with the other, "
            f"and these "
            "data cannot choose their sides independently."
        )
    else:
        text += ": the data cannot choose their sides independently."
    verdict = Verdict("refuted", scope, "exact")
    remark = Statement("Remark", (Prose(text),), verdict, name="no sum rule")
    return remark, Entry(statement, "refuted", scope, verdict.ground)


def _sum_of_sets(context: Context) -> str:
    """Return the sum of the sets of the single data."""
    objective = context.function.objective
    if (
        isinstance(objective, Risk)
        and objective.loss.name != "squared"
        and not objective.is_mean
        and context.n_data <= 3
    ):
        return "+".join(rf"\partial\ell(m_{k})" for k in range(1, context.n_data + 1))
    return r"\sum_k\rho_k\,\partial f(x_k;w)"


def _reach(context: Context) -> str:
    """Return how far τ would range if the sum rule held, where the set is −τ p for one fixed p."""
    reading = context.reading
    if reading is None or len(reading.parts) != 1 or not context.is_scalar_layer:
        return ""
    part = reading.parts[0]
    if part.neuron is None or len(part.parameters) != 1 or len(part.auxiliaries) != 1:
        return ""
    ray = context.notation.on_a_ray(part.base)
    if ray is None:
        return ""
    scalar, primitive = ray
    place = next(i for i, entry in enumerate(primitive) if entry != 0)
    unit = part.auxiliaries[0].at_zero / scalar
    function = context.function
    activation = context.shape.activation(1)
    outer = function.network.weights[1][function.output][part.neuron - 1]
    low: Scalar = fmpq(0)
    high: Scalar = fmpq(0)
    for k, x in enumerate(function.inputs):
        value = function.preactivations[k][0][part.neuron - 1]
        sides = "+-" if value == 0 else "+" if value > 0 else "-"
        slopes = [activation.slopes((value,), side)[0] for side in sides]
        if any(entry * primitive[place] != x[place] * other for entry, other in zip(x, primitive, strict=True)):
            return ""
        size = function.coefficients[k] * outer * x[place] / primitive[place] * unit
        moves = sorted(size * slope for slope in slopes)
        low, high = low + moves[0], high + moves[-1]
    return f"${latex(part.auxiliaries[0].symbol)}$ would range over $[{context.number(low)},{context.number(high)}]$"


def summary(context: Context, why: str) -> str:
    """Return the answer in a sentence, for the abstract; `why` says which preactivations are on a kink."""
    subject = {"f": "The output", "F": "The function", "R": "The risk"}.get(context.F[0], "The function")
    where = "at the given weights" if not context.is_input else "at the given point"
    if context.reading is None:
        return f"{subject} of this net has a kink {where}{why}. Its Clarke differential is enclosed between two sets."
    reading = context.reading
    if not context.kink_sites:
        return f"{subject} of this net is smooth {where}: its Clarke differential there is its gradient."
    if reading.is_point:
        return (
            f"Preactivations of this net vanish {where}, yet its Clarke differential there is a single point: "
            f"{subject.lower()} is strictly differentiable."
        )
    article = "an" if reading.shape.noun[0] in "aeio" else "a"
    return f"{subject} of this net has a kink {where}{why}. Its Clarke differential there is {article} {context.noun}."
