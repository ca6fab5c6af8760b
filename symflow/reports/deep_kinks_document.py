"""The kinks of a deep net with symbolic weights as blocks of a document; the LaTeX is ``deep_kinks_latex.py``.

Without declared kinks: the closed form for any set of kinks, with its hypothesis, and the rows that change at each
single kink. At declared kinks: their closed form, and what it becomes on every sign pattern that the others may have.
"""

from __future__ import annotations

from collections.abc import Iterator

from symflow.cells.deep_kinks import KinkSet, units_at_kinks
from symflow.cells.slope_gradient import slopes_of
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.reports.derive_parts import Parts
from symflow.reports.document import Answer, Block, Display, Equation, Fact, Facts, Heading, Table, Tag
from symflow.reports.expressions import Expression, Negative, Rational, Relation, Sentence, Sum, Symbol
from symflow.reports.kink_formulas import KinkFormulas, Row
from symflow.reports.lecture import ZERO, scaled, summed
from symflow.reports.linear_text import linear_text
from symflow.reports.phrases import counted

# So many lines of single kinks are shown where none is declared, and so many sign patterns on several data.
_MOST_LINES, _MOST_SIGNS, _MOST_NAMED = 14, 6, 3

_OTHERS = "every other preactivation is not 0, or is 0 for all weights near by"


def deep_kink_blocks(parts: Parts) -> list[Block]:
    """Return the closed form for any kinks, and for each single kink while they are few.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> [type(block).__name__ for block in deep_kink_blocks(Parts(derive(shape, Output())))]
    ['Heading', 'Display', 'Facts', 'Display', 'Facts']
    """
    kinks = parts.derivation.deep_kinks
    assert kinks is not None
    letter = parts.letter
    slopes = _slope_set(parts)
    at_each = "at each kink, θ either of its slopes" if slopes is None else f"at each kink :  θ in {slopes}"
    equation = Equation((f"∂{letter}",), "=", (f"conv {{ ∇{letter} with the slope θ {at_each} }}",))
    image = (f"where no datum has kinks in two layers, ∂{letter} is the image of the whole box of θ",)
    blocks: list[Block] = [
        Heading(("At the kinks",), tag=Tag("proved", "for all weights")),
        Display((equation,)),
        Facts((Fact("provided", _hypothesis(parts)), Fact("affine", (image,)))),
    ]
    lines = [line for found in kinks.sets for line in _single(parts, found)]
    if 0 < len(lines) <= _MOST_LINES:
        blocks.append(Display(tuple(lines), _letters(parts)))
    facts = [] if _is_always_independent(parts) else [*_sum_rule(parts), Fact("elsewhere", (_elsewhere(letter),))]
    n_undecided = sum(len(found.undecided) for found in kinks.sets)
    if n_undecided:
        facts.append(Fact("undecided", ((f"{counted(n_undecided, 'sign pattern')} at single kinks: --json",),)))
    example = "2,1,1;1,2,1" if parts.net.n_data > 1 else "2,1;1,2"
    facts.append(Fact("in full", ((f'symflow derive FILE --kinks "{example}"',),)))
    return [*blocks, Facts(tuple(facts))]


def declared_blocks(parts: Parts, definitions: list[Block]) -> list[Block]:
    """Return the answer at declared kinks, and what is behind it."""
    kinks = parts.derivation.deep_kinks
    assert kinks is not None
    (found,) = kinks.sets
    formulas, letter = KinkFormulas(parts, found), parts.letter
    at: Sentence = ("At ", *_named(formulas, found), ":  ")
    if not found.strata and not found.undecided and found.lists_all:
        never = f"no weights have independent features there:  {_why_never(parts, found)}."
        hull = f"∂{letter} lies in the hull with a θ for each preactivation that is 0, and may be smaller"
        facts = Facts((Fact("known", ((f"{hull}: symflow clarke",),)),))
        return [Answer((*at, never), Tag("proved", "for all weights")), *definitions, facts]
    rows = list(formulas.rows())
    equations = [equation for row in rows for equation in _equations(formulas, row)]
    blocks: list[Block] = [Answer((*at, *_set_sentence(parts, formulas)), Tag("proved", "for all weights"))]
    if equations:
        blocks.append(Display(tuple(equations), _letters(parts)))
    blocks += definitions
    if found.strata and parts.net.n_data == 1:
        blocks.append(_table(parts, formulas, rows))
    return [*blocks, _declared_facts(parts, formulas)]


def _equations(formulas: KinkFormulas, row: Row) -> Iterator[Equation]:
    """Yield the gradient by a row, one line a datum."""
    left, value = ("∇", formulas.name(row), f" {formulas.parts.letter}"), formulas.gradient(row, None)
    if not isinstance(value, Sum) or formulas.net.n_data == 1:
        yield Equation(left, "=", (value,))
        return
    yield Equation(left, "=", (value.terms[0],))
    for term in value.terms[1:]:
        is_negative = isinstance(term, Negative)
        yield Equation(("",), "−" if is_negative else "+", (term.of if isinstance(term, Negative) else term,))


# ---------------------------------------------------------------------- sentences


def _named(formulas: KinkFormulas, found: KinkSet) -> Sentence:
    words: list[str | Expression] = []
    for i, site in enumerate(found.sites):
        words += [", " if i else "", Relation((formulas.preactivation(site), ZERO), ("=",))]
    return tuple(words)


def _set_sentence(parts: Parts, formulas: KinkFormulas) -> Sentence:
    """Return ∂f = { ∇f : 0 ≤ θ ≤ 1 }, or the hull of the vertices."""
    found, letter = formulas.found, parts.letter
    groups: dict[tuple[str, str], list[str]] = {}
    for r, site in enumerate(found.sites, start=1):
        low, high = sorted(slopes_of(parts.shape, site.layer))
        ends = (linear_text(Rational(low)), linear_text(Rational(high)))
        groups.setdefault(ends, []).append(linear_text(formulas.theta(r)))
    if found.is_affine:
        ranges = ",  ".join(f"{low} ≤ {', '.join(thetas)} ≤ {high}" for (low, high), thetas in groups.items())
        return (f"∂{letter} = {{ ∇{letter} :  {ranges} }}.",)
    ranges = ",  ".join(f"{', '.join(thetas)} in {{{low}, {high}}}" for (low, high), thetas in groups.items())
    return (f"∂{letter} = conv {{ ∇{letter} :  {ranges} }}.",)


def _slope_set(parts: Parts) -> str | None:
    """Return {0, 1}, the slopes that all layers have in common; None where they differ."""
    layers = [layer for layer in range(1, parts.shape.n_layers) if parts.shape.activation(layer).has_sites]
    found = {tuple(sorted(slopes_of(parts.shape, layer))) for layer in layers}
    if len(found) > 1:
        return None
    low, high = found.pop()
    return f"{{{linear_text(Rational(low))}, {linear_text(Rational(high))}}}"


def _hypothesis(parts: Parts) -> tuple[Sentence, ...]:
    names = "h_l: the features of layer l,  h_0 = x"
    if _is_always_independent(parts):
        return (("nothing: on one datum, with biases, any kinks are independent",),)
    if parts.net.n_data == 1:
        return ((f"h_(l−1) ≠ 0 at each kink of layer l;  {names}",), (_OTHERS,))
    h = "(h_(l−1)(x_k), 1)" if parts.shape.has_biases else "h_(l−1)(x_k)"
    vectors = f"for each neuron of layer l, the vectors {h} of the data k on which it kinks are linearly independent"
    return ((f"{vectors};  {names}",), (_OTHERS,))


def _letters(parts: Parts) -> tuple[Sentence, ...]:
    """Return what the letters in the rows at kinks mean."""
    slopes = _slope_set(parts)
    a = f" = σ'(z), one of {slopes}" if slopes is not None else " = σ'(z)"
    where: list[Sentence] = [(f"a_l[j]{a}: the slopes of the others;  the rest of ∇{parts.letter} has no θ",)]
    if parts.shape.has_biases:
        where.append(("∇b_l[j]: the same, with 1 in place of x or h_l",))
    return tuple(where)


def _sum_rule(parts: Parts) -> list[Fact]:
    """Return, on several data, that the sets of the single data add up."""
    if parts.net.n_data == 1:
        return []
    constants = parts.derivation.text.constants
    names = [f"f({linear_text(parts.lecture.x(k))})" for k in range(parts.net.n_data)]
    if constants is None or len(names) > _MOST_NAMED:
        total = "Σ_k c_k ∂f(x_k)"
    else:
        terms = [scaled(Rational(c), Symbol(f"∂{f}")) for c, f in zip(constants, names, strict=True) if c != 0]
        total = linear_text(summed(terms))
    return [Fact("sum rule", ((f"holds there: ∂{parts.letter} = {total}",),))]


def _is_always_independent(parts: Parts) -> bool:
    """Whether the hypothesis always holds: on one datum, with the 1 of a bias."""
    return parts.net.n_data == 1 and parts.shape.has_biases


def _elsewhere(letter: str) -> Sentence:
    where = "where such features are dependent (h = 0 above a dead layer, or parallel)"
    return (f"{where}, ∂{letter} lies in this hull, with a θ for each z = 0, and may be smaller: symflow clarke",)


def _why_never(parts: Parts, found: KinkSet) -> str:
    """Return why no point has these kinks with independent features."""
    shape, at = parts.shape, parts.net.n_data > 1
    for (layer, unit), sites in units_at_kinks(found.sites).items():
        if layer == 1 and parts.net.inputs is not None:
            extra = (fmpq(1),) * shape.has_biases
            if rank([(*parts.net.inputs[site.datum], *extra) for site in sites]) < len(sites):
                names = " and ".join(f"x{site.datum + 1}" for site in sites)
                return f"{names} are {'affinely' if shape.has_biases else 'linearly'} dependent"
        if len(sites) > shape.fan_in(layer) + shape.has_biases:
            return f"neuron {unit + 1} of layer {layer} has too few weights for so many kinks"
    for layer in range(1, shape.n_layers - 1):
        for datum in {site.datum for site in found.sites}:
            here = [site for site in found.sites if (site.layer, site.datum) == (layer, datum)]
            if len(here) == shape.widths[layer] and not shape.has_biases:
                h = f"h{layer}(x{datum + 1})" if at else f"h{layer}"
                return f"{h} = 0, so that layer {layer + 1} vanishes, too, without features"
    return "some choice of signs at them never occurs, or other preactivations vanish with them"


# ---------------------------------------------------------------------- single kinks


def _single(parts: Parts, found: KinkSet) -> list[Equation]:
    """Return the rows that change at one kink."""
    formulas = KinkFormulas(parts, found)
    (site,) = found.sites
    lines = []
    for i, row in enumerate(formulas.rows()):
        left: Sentence = (Relation((formulas.preactivation(site), ZERO), ("=",)),) if i == 0 else ("",)
        right: Sentence = ("∇", formulas.name(row), f" {parts.letter} = ", formulas.gradient(row, None))
        lines.append(Equation(left, "", right))
    return lines


# ---------------------------------------------------------------------- strata


def _table(parts: Parts, formulas: KinkFormulas, rows: list[Row]) -> Table:
    """Return, on one datum, the sign patterns of the others, + before −, and the rows there."""
    header: list[Sentence] = [("signs",), *(("∇", formulas.name(row), f" {parts.letter}") for row in rows)]
    header.append(("rows with θ",))
    lines: list[tuple[Sentence, ...]] = []
    for stratum in reversed(formulas.found.strata):
        cells: list[Sentence] = [(_signs(parts, stratum.characters, 0),)]
        joined: list[str | Expression] = []
        for row in rows:
            value = formulas.gradient(row, stratum.characters)
            cells.append((value,))
            joined += [",   " if joined else "", "∇", formulas.name(row), " = ", value]
        lines.append((*cells, tuple(joined)))
    apart, together = tuple(range(1 + len(rows))), (0, 1 + len(rows))
    return Table(tuple(header), tuple(lines), "sign patterns", choices=(apart, together))


def _words(parts: Parts, characters: tuple[str, ...]) -> str:
    words = [_signs(parts, characters, datum).replace(" ", "") for datum in range(parts.net.n_data)]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def _signs(parts: Parts, characters: tuple[str, ...], datum: int) -> str:
    word, layer = "", 0
    for place in parts.net.table.places[datum]:
        site = parts.net.table.sites[place]
        word += " | " if layer not in (0, site.layer) else ""
        layer = site.layer
        word += characters[place].replace("-", "−")
    return word


def _declared_facts(parts: Parts, formulas: KinkFormulas) -> Facts:
    found = formulas.found
    facts = [Fact("provided", tuple(_provided(parts, formulas)))]
    if parts.net.n_data > 1 and found.strata:
        shown = [_words(parts, stratum.characters) for stratum in reversed(found.strata)]
        dots = f", …: {len(shown)} in all" if len(shown) > _MOST_SIGNS else ""
        facts.append(Fact("signs", ((",   ".join(shown[:_MOST_SIGNS]) + dots,),)))
    facts += _sum_rule(parts)
    more: Sentence = ("where other preactivations are 0, too, they are kinks, too: add them to --kinks",)
    is_sure = parts.shape.has_biases and all(len(features) == 1 for _, features in formulas.hypotheses())
    facts.append(Fact("elsewhere", (more,) if is_sure else (more, _elsewhere(parts.letter))))
    known: list[Sentence] = []
    n_strata, n_signs = len(found.strata), 2 ** len(found.sites)
    if n_strata:
        signs = "this sign pattern" if n_strata == 1 else f"each of the {n_strata} sign patterns"
        is_all = found.lists_all and not found.undecided
        tail = "; no others leave the features independent" if is_all else ""
        known.append((f"a point with {signs}, exact{tail}",))
    if n_signs == 2:
        known.append(("the preactivation has the features for its gradient by its row: both signs occur near by",))
    else:
        gradients = f"the {len(found.sites)} preactivations have independent gradients (block triangular, by rows)"
        known.append((f"{gradients}: all {n_signs} choices of their signs occur near by, a vertex each",))
    facts.append(Fact("known by", tuple(known)))
    if found.undecided:
        shown = [_words(parts, characters) for characters in found.undecided[:_MOST_SIGNS]]
        dots = ", …" if len(found.undecided) > len(shown) else ""
        said = f"whether {counted(len(found.undecided), 'more sign pattern')} can be: {', '.join(shown)}{dots}"
        facts.append(Fact("undecided", ((said,),)))
    if not parts.derivation.is_complete:
        facts.append(Fact("incomplete", (("not all pieces are known, so sign patterns may be missing",),)))
    facts.append(Fact("LaTeX", (("symflow derive FILE --kinks .. --latex",),)))
    return Facts(tuple(facts), is_grounds=True)


def _provided(parts: Parts, formulas: KinkFormulas) -> list[Sentence]:
    """Return the hypothesis at these kinks, unit by unit."""
    said: list[Sentence] = []
    biased = parts.shape.has_biases
    for (layer, unit), features in formulas.hypotheses():
        if len(features) == 1:
            if biased or (layer == 1 and parts.net.inputs is not None):
                continue
            implied = layer == 1 or parts.shape.activation(layer - 1).has_sites
            tail = ", as on all these signs" if implied and layer > 1 else ""
            said.append((Relation((features[0], ZERO), ("≠",)), tail))
            continue
        words: list[str | Expression] = []
        for i, h in enumerate(features):
            words += [" and " if i == len(features) - 1 else ", " if i else "", *(("(", h, ", 1)") if biased else (h,))]
        tail = " (they are)" if layer == 1 and formulas.found.strata else ""
        said.append((*words, f" are linearly independent, for neuron {unit + 1} of layer {layer}{tail}"))
    said.append((_OTHERS,))
    return list(dict.fromkeys(said))
