"""Why no weights can have given kinks and signs with independent features: an argument from signs and dimensions.

At given kinks and signs the sign of every feature is known: 0 at a kink, on a dead layer, and for a unit of slope 0;
else that of slope times preactivation; above a linear layer it is free. A unit's row r has to vanish on the features of
the data on which the unit kinks, and to have given signs on those of the others. So some vector of signs for r leaves
each of these sums ⟨r, h⟩ its sign: positive (negative) if one of its terms may be; zero if all terms may be, or if one
may be positive and one negative. And where the unit kinks on as many data as the features of these have entries that
may be other than 0, independence makes r vanish on these entries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product

from symflow.checker.networks import slopes_of_unit
from symflow.checker.patterns import Site, Words
from symflow.checker.symbolic import SymbolicNet

_MOST_ENTRIES = 7  # rows with more entries are tested by dimensions alone

_ANY = "-0+"


def has_room(net: SymbolicNet, kinks: Collection[Site], words: Words) -> bool:
    """Whether signs and dimensions leave room; `words` have ``0`` at the kinks.

    Examples
    --------
    Above the kink of a chain no unit has a sign:

    >>> from symflow.checker.symbolic import read_symbolic_problem
    >>> tree = {"network": {"activation": ["abs", "abs"], "widths": [1, 1, 1, 1]}, "objective": {"kind": "output"}}
    >>> net = SymbolicNet(read_symbolic_problem(tree), weights_are_symbols=True, input_is_symbol=True)
    >>> has_room(net, {net.sites[0]}, ("0+",)), has_room(net, {net.sites[1]}, ("+0",))
    (False, True)
    """
    problem = net.problem
    one = () if problem.biases is None else ("+",)
    features: list[tuple[str, ...]] = [(_ANY,) * len(x) for x in problem.inputs]
    if not net.input_names:
        features = [tuple("+" if v > 0 else "-" if v < 0 else "0" for v in x) for x in problem.inputs]
    for layer, activation in enumerate(problem.activations):
        n_units = len(problem.weights[layer])
        if activation.name == "identity":
            features = [((_ANY if one or set(h) != {"0"} else "0"),) * n_units for h in features]
            continue
        above: list[list[str]] = [[] for _ in features]
        for unit in range(n_units):
            wanted: list[tuple[str, tuple[str, ...]]] = []
            for datum, below in enumerate(features):
                site = net.site_at[layer, unit, datum]
                character = words[datum][site.position]
                if site in kinks or character != "0":
                    wanted.append((character, (*below, *one)))
                sign = "0"
                if character != "0":
                    ((_, slope),) = slopes_of_unit(activation, problem.inputs[0][:1] * n_units, unit, character)
                    sign = "0" if not slope else "+" if (slope > 0) == (character == "+") else "-"
                above[datum].append(sign)
            if wanted and not _has_row(wanted):
                return False
        features = [tuple(signs) for signs in above]
    return True


def _has_row(wanted: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    if any(set(h) == {"0"} for _, h in wanted):
        return False
    size = len(wanted[0][1])
    at_kinks = [h for sign, h in wanted if sign == "0"]
    live = [p for p in range(size) if any(h[p] != "0" for h in at_kinks)]
    if len(at_kinks) > len(live):
        return False
    zero = set(live) if len(at_kinks) == len(live) else set()
    zero |= {p for p in range(size) if all(h[p] == "0" for _, h in wanted)}
    if size > _MOST_ENTRIES:
        return all(any(h[p] != "0" and p not in zero for p in range(size)) for sign, h in wanted if sign != "0")
    rows = product(*("0" if p in zero else _ANY for p in range(size)))
    return any(all(_may_be(sign, row, h) for sign, h in wanted) for row in rows)


def _may_be(sign: str, row: Sequence[str], h: Sequence[str]) -> bool:
    terms = []
    for r, p in zip(row, h, strict=True):
        terms.append("0" if "0" in (r, p) else _ANY if p == _ANY else "+" if r == p else "-")
    if sign != "0":
        return any(sign in term for term in terms)
    return all("0" in term for term in terms) or (any("+" in t for t in terms) and any("-" in t for t in terms))
