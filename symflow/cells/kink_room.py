"""Why a set of kinks can have no regular point with given signs: an argument from signs and dimensions alone.

On a stratum the sign of every feature is known: 0 at a kink, where a layer is dead, and where relu is off; else that
of the slope times that of the preactivation; free above a linear layer. A row r of a unit has to vanish on the features
of the data on which the unit kinks, and to have given signs on the others. So there has to be a vector of signs for r
for which each of these sums ⟨r, h⟩ can have its sign: a sum can be positive only if one of its terms can be, and can be
zero only if all its terms can, or one can be positive and one negative. And where the unit kinks on as many data as
their features have entries that are not always zero, r vanishes on these entries, the features being independent.

What passes may still have no point; what does not pass has none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product

from symflow.cells.slope_gradient import slopes_of
from symflow.cells.symbolic_network import SymbolicNetwork

# A unit with more entries than these is tested by dimensions alone.
_MOST_ENTRIES = 7

_ANY = "-0+"  # the signs that an entry may have


def has_room(net: SymbolicNetwork, kinks: Collection[int], characters: Sequence[str]) -> bool:
    """Whether signs and dimensions leave room for a regular point.

    Parameters
    ----------
    net : SymbolicNetwork
        Whose.
    kinks : collection of int
        Their places in tree order.
    characters : sequence of str
        Of the stratum.

    Examples
    --------
    In a chain, above a kink nothing else can bend:

    >>> from symflow.activations.base import activation
    >>> from symflow.nets.architecture import Architecture
    >>> net = SymbolicNetwork(Architecture((1, 1, 1, 1), (activation("abs"),) * 2, has_biases=False))
    >>> has_room(net, {0}, ("0", "+")), has_room(net, {1}, ("+", "0"))
    (False, True)
    """
    shape, table = net.architecture, net.table
    one = ("+",) if shape.has_biases else ()
    features = [tuple([_ANY] * shape.n_inputs) for _ in range(net.n_data)]
    if net.inputs is not None:
        features = [tuple("+" if v > 0 else "-" if v < 0 else "0" for v in x) for x in net.inputs]
    for layer in range(1, shape.n_layers):
        above: list[list[str]] = [[] for _ in features]
        for unit in range(shape.widths[layer]):
            wanted: list[tuple[str, tuple[str, ...]]] = []
            for datum, below in enumerate(features):
                place = table.index.get((layer, unit, datum))
                if place is None:
                    above[datum].append(_ANY if set(below) - {"0"} or one else "0")
                    continue
                above[datum].append("0")
                if place in kinks:
                    wanted.append(("0", (*below, *one)))
                elif characters[place] != "0":
                    wanted.append((characters[place], (*below, *one)))
                    slope = slopes_of(shape, layer)[characters[place] == "+"] * (1 if characters[place] == "+" else -1)
                    above[datum][unit] = "+" if slope > 0 else "-" if slope < 0 else "0"
            if not _has_row(wanted):
                return False
        features = [tuple(signs) for signs in above]
    return True


def _has_row(wanted: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether a row may have these signs on features of those signs."""
    if any(set(h) == {"0"} for _, h in wanted):
        return False
    at_kinks = [h for sign, h in wanted if sign == "0"]
    n_entries = len(wanted[0][1]) if wanted else 0
    live = {p for h in at_kinks for p in range(n_entries) if h[p] != "0"}
    if len(at_kinks) > len(live):
        return False
    choices = [
        "0" if len(at_kinks) == len(live) and p in live else _ANY if any(h[p] != "0" for _, h in wanted) else "0"
        for p in range(n_entries)
    ]
    if n_entries > _MOST_ENTRIES:
        return all(any(r != "0" and p != "0" for r, p in zip(choices, h, strict=True)) for s, h in wanted if s != "0")
    return any(all(_can_be(sign, row, h) for sign, h in wanted) for row in product(*choices))


def _can_be(sign: str, row: Sequence[str], h: Sequence[str]) -> bool:
    """Whether the sum of row times h, of which the signs are known, may have a sign."""
    terms = [_times(r, p) for r, p in zip(row, h, strict=True)]
    if sign != "0":
        return any(sign in term for term in terms)
    return all("0" in term for term in terms) or (any("+" in t for t in terms) and any("-" in t for t in terms))


def _times(r: str, p: str) -> str:
    if r == "0" or p == "0":
        return "0"
    if p == _ANY:
        return _ANY
    return "+" if r == p else "-"
