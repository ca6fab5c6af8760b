r"""The kinks of a deep net with symbolic weights in LaTeX: the closed form with its hypothesis, then row by row.

What is said is what ``deep_kinks_document.py`` says. A slope at a kink is θ, the slope of another unit a^{(l)}_j, the
features of layer l are h_l; rows without a θ are those of the chain rule and are left out.
"""

from __future__ import annotations

from symflow.cells.deep_kinks import KinkSet
from symflow.cells.slope_gradient import slopes_of
from symflow.reports.derive_parts import Parts
from symflow.reports.expressions import Relation
from symflow.reports.kink_formulas import KinkFormulas
from symflow.reports.latex_lines import FIRST_CASES, aligned, display, sign_words
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_width import width
from symflow.reports.lecture import ZERO

# So many lines of single kinks are shown where none is declared.
_MOST_LINES = 14


def deep_kinks_latex(parts: Parts, room: float, *, full: bool = False) -> str:
    r"""Return the part of the fragment that is about kinks.

    Parameters
    ----------
    parts : Parts
        The derivation.
    room : float
        The width of the page in points.
    full : bool
        Fold nothing.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> print(deep_kinks_latex(Parts(derive(shape, Output(), kinks=[(2, 1)]), "latex"), 400).partition("with")[0])
    At $z^{(2)}=0$, where $h_{1}\ne0$, and no other preactivation vanishes, unless it does so for all weights near by,
    \[
      \partial f=\{\nabla f:\ 0\le\theta\le1\}
    \]
    <BLANKLINE>
    """
    kinks = parts.derivation.deep_kinks
    assert kinks is not None
    if kinks.is_declared:
        return _declared(parts, kinks.sets[0], room, full)
    return _for_all(parts, room) + _single(parts, room, full)


# ---------------------------------------------------------------------- any kinks


def _for_all(parts: Parts, room: float) -> str:
    f, several = parts.letter, parts.net.n_data > 1
    names, z, theta = (
        ("(l,j,k)", r"z^{(l)}_j(x_k)", r"\theta_{ljk}") if several else ("(l,j)", "z^{(l)}_j", r"\theta_{lj}")
    )
    text = f"Let $K$ be the set of the ${names}$ with ${z}=0$, but not for all weights near by"
    if several:
        h = r"(h_{l-1}(x_k),1)" if parts.shape.has_biases else r"h_{l-1}(x_k)"
        text += ", and $h_l$ the features of layer $l$, $h_0=x$. "
        text += f"If for each neuron the vectors ${h}$, $(l,j,k)\\in K$, are linearly independent, then\n"
    elif parts.shape.has_biases:
        text += ". Then\n"
    else:
        text += r", and $h_l$ the features of layer $l$, $h_0=x$. If $h_{l-1}\ne0$ for $(l,j)\in K$, then" + "\n"
    common = _common_slopes(parts)
    if common is not None:
        low, high = common
        corners, box, slopes = rf"\theta\in\{{{low},{high}\}}^K", rf"\theta\in[{low},{high}]^K", ""
    else:
        corners, box = rf"{theta}\in\{{a_l^-,a_l^+\}}", rf"{theta}\in[a_l^-,a_l^+]"
        slopes = r", and $a_l^-<a_l^+$ are the two slopes of the activation of layer $l$"
    text += display(rf"\partial {f}=\operatorname{{conv}}\{{g(\theta):{corners}\}},", room=room)
    text += rf"where $g(\theta)$ is $\nabla {f}$ with ${theta}$ for $\sigma'({z})$ on $K${slopes}. "
    where = "no datum has kinks in two layers" if several else "all kinks are in one layer"
    text += rf"Where {where}, $g$ is affine, and $\partial {f}=\{{g(\theta):{box}\}}$." + "\n"
    text += _sum_rule(parts)
    if not parts.shape.has_biases or several:
        text += rf"Where such vectors are dependent, $\partial {f}$ lies in this hull, and may be smaller." + "\n"
    return text


def _common_slopes(parts: Parts) -> tuple[str, str] | None:
    layers = [layer for layer in range(1, parts.shape.n_layers) if parts.shape.activation(layer).has_sites]
    found = {tuple(sorted(slopes_of(parts.shape, layer))) for layer in layers}
    if len(found) > 1:
        return None
    low, high = found.pop()
    return rational_latex(low), rational_latex(high)


def _sum_rule(parts: Parts) -> str:
    """Return, on several data, that the sets of the single data add up."""
    if parts.net.n_data == 1:
        return ""
    c = "" if parts.derivation.text.constants is None else ", $c_k$ the coefficients"
    rule = rf"\partial {parts.letter}=\sum_kc_k\,\partial f(x_k;\cdot)"
    return f"So the sum rule holds where these vectors are independent, ${rule}${c}.\n"


def _single(parts: Parts, room: float, full: bool) -> str:
    """Return the rows that change at each single kink."""
    kinks = parts.derivation.deep_kinks
    assert kinks is not None
    lines: list[tuple[str, str]] = []
    for found in kinks.sets:
        formulas = KinkFormulas(parts, found)
        at = rf"\text{{at }}{latex(formulas.preactivation(found.sites[0]))}=0\colon\quad "
        for i, row in enumerate(formulas.rows()):
            nabla = rf"\nabla_{{{latex(formulas.name(row))}}}{parts.letter}"
            lines.append(((at if i == 0 else "") + nabla, f"={latex(formulas.gradient(row, None))}"))
    if not lines or (len(lines) > _MOST_LINES and not full):
        return ""
    return f"At one kink alone, {_slopes_in_words(parts)}\n" + aligned(lines, room=room) + _rest(parts)


def _slopes_in_words(parts: Parts) -> str:
    at = "(x_k)" if parts.net.n_data > 1 else ""
    return rf"with $a^{{(l)}}_j{at}=\sigma'(z^{{(l)}}_j{at})$ for the other slopes,"


def _rest(parts: Parts) -> str:
    rows = [layer for layer in range(2, parts.shape.n_layers) if parts.shape.widths[layer] > 1]
    text = rf"the rest of $\nabla {parts.letter}$ has no $\theta$"
    if parts.shape.has_biases:
        text = f"with $1$ in place of $x$ or $h_l$ this is the gradient by the bias; {text}"
    if rows:
        text += "; $w^{(l)}_i$ are the rows of $W_l$"
    return text[0].upper() + text[1:] + ".\n"


# ---------------------------------------------------------------------- declared kinks


def _declared(parts: Parts, found: KinkSet, room: float, full: bool) -> str:
    formulas, f = KinkFormulas(parts, found), parts.letter
    zeros = [f"${latex(Relation((formulas.preactivation(site), ZERO), ('=',)))}$" for site in found.sites]
    at = f"At {_listed(zeros)}"
    if not found.strata and not found.undecided and found.lists_all:
        hull = rf"$\partial {f}$ lies in the hull with a $\theta$ for each preactivation that vanishes"
        return f"{at} no weights have linearly independent features; there {hull}.\n"
    others = "no other preactivation vanishes, unless it does so for all weights near by"
    text = f"{at}, where {_hypothesis(parts, formulas)}{others},\n"
    text += display(rf"\partial {f}={_set(parts, formulas)}", room=room)
    rows = list(formulas.rows())
    if rows:
        lines = []
        for row in rows:
            nabla = rf"\nabla_{{{latex(formulas.name(row))}}}{f}"
            lines.append((nabla, f"={latex(formulas.gradient(row, None))}"))
        text += (
            f"{_slopes_in_words(parts)} $h_l$ for the features of layer $l$, and\n"
            + aligned(lines, room=room)
            + _rest(parts)
        )
        if parts.net.n_data == 1:
            text += _by_signs(parts, formulas, room, full)
    return text + _reason(found) + _sum_rule(parts)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _hypothesis(parts: Parts, formulas: KinkFormulas) -> str:
    """Return the independence of the features, and a comma behind it; nothing where it always holds."""
    said = []
    for (layer, _), features in formulas.hypotheses():
        is_of_data = layer == 1 and parts.net.inputs is not None
        if len(features) == 1:
            if not parts.shape.has_biases and not is_of_data:
                said.append(rf"${latex(features[0])}\ne0$")
            continue
        if is_of_data and formulas.found.strata:
            continue  # and the data have this property
        names = [f"$({latex(h)},1)$" if parts.shape.has_biases else f"${latex(h)}$" for h in features]
        said.append(f"{_listed(names)} are linearly independent")
    return "".join(f"{each}, " for each in dict.fromkeys(said)) + ("and " if said else "")


def _set(parts: Parts, formulas: KinkFormulas) -> str:
    found, f = formulas.found, parts.letter
    groups: dict[tuple[str, str], list[str]] = {}
    for r, site in enumerate(found.sites, start=1):
        low, high = sorted(slopes_of(parts.shape, site.layer))
        groups.setdefault((rational_latex(low), rational_latex(high)), []).append(latex(formulas.theta(r)))
    if found.is_affine:
        ranges = r",\ ".join(rf"{low}\le{','.join(names)}\le{high}" for (low, high), names in groups.items())
        return rf"\{{\nabla {f}:\ {ranges}\}}"
    ranges = r",\ ".join(rf"{','.join(names)}\in\{{{low},{high}\}}" for (low, high), names in groups.items())
    return rf"\operatorname{{conv}}\{{\nabla {f}:\ {ranges}\}}"


def _by_signs(parts: Parts, formulas: KinkFormulas, room: float, full: bool) -> str:
    """Return the rows on each sign pattern of the others, on one datum."""
    strata = list(reversed(formulas.found.strata))
    shown = strata if full else strata[:FIRST_CASES]
    lines: list[tuple[str, str]] = []
    for stratum in shown:
        word = _word(parts, stratum.characters)
        left = rf"\text{{on }}{sign_words([word])}\colon\quad "
        line = ""
        for row in formulas.rows():
            value = latex(formulas.gradient(row, stratum.characters))
            piece = rf"\nabla_{{{latex(formulas.name(row))}}}{parts.letter}={value}"
            if line and width(left + line + piece) > 0.9 * room:
                lines.append((left, line + ","))
                left, line = "", piece
            else:
                line += (r",\quad " if line else "") + piece
        lines.append((left, line))
    if not lines:
        return ""
    count = f" ({len(shown)} of {len(strata)})" if len(shown) < len(strata) else ""
    return f"By the signs of the others, $0$ at a kink and where a layer is dead{count},\n" + aligned(lines, room=room)


def _word(parts: Parts, characters: tuple[str, ...]) -> str:
    word, layer = "", 0
    for place in parts.net.table.places[0]:
        site = parts.net.table.sites[place]
        word += "|" if layer not in (0, site.layer) else ""
        layer = site.layer
        word += characters[place]
    return word


def _reason(found: KinkSet) -> str:
    n = len(found.sites)
    if n == 1:
        text = "Indeed the gradient of the preactivation by its own row is the vector of features, and not zero"
        return f"{text}, so that both signs occur near by.\n"
    text = (
        "Indeed the preactivations at the kinks have linearly independent gradients: that of each by its own row is its"
    )
    return f"{text} features, that by layers above is zero. So all ${2**n}$ choices of signs occur near by.\n"
