"""Which neurons are at a kink, on which data, in words."""

from __future__ import annotations

from collections import defaultdict

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.nets.pattern import UNDECIDED, Site
from symflow.reports.phrases import counted, runs

# More groups of neurons than this are only counted.
_MOST_GROUPS = 4


def kink_sites(differential: ClarkeDifferential) -> tuple[Site, ...]:
    """Return the sites at a kink: the preactivation vanishes at the point, and not identically.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [2], [0]], [[1, 1, 1]]))
    >>> [site.output for site in kink_sites(clarke_differential(f, at=(0,)))]
    [0, 1]
    """
    function = differential.function
    seen: defaultdict[int, set[str]] = defaultdict(set)
    is_open_site = [site.is_group or function.values_at(site)[0] == 0 for site in function.table.sites]
    for factor in differential.factors:
        words = [cell.characters for cell in factor.incident.cells]
        words += [refutation.characters for refutation in factor.incident.refuted]
        words += list(factor.incident.undecided)
        own = tuple(range(len(function.table.sites)))
        if factor.neuron is not None:
            own = tuple(function.table.index[1, factor.neuron - 1, datum] for datum in range(function.n_data))
        own = tuple(i for i in own if is_open_site[i])
        for word in words:
            for i in own:
                seen[i].add(word[i])
    result = []
    for i, site in enumerate(function.table.sites):
        activation = function.network.architecture.activation(site.layer)
        if activation.is_smooth:
            continue
        values = function.values_at(site)
        characters = seen[i] - {"", "0", UNDECIDED}
        is_open = UNDECIDED in seen[i] and "0" not in seen[i]
        if site.is_group:
            is_kink = len(characters) > 1 or (is_open and sum(value == max(values) for value in values) > 1)
        else:
            # Whether both sides occur or one is refuted, the preactivation is 0 and not identically so.
            is_kink = values[0] == 0 and (bool(characters) or is_open)
        if is_kink:
            result.append(site)
    return tuple(result)


def kink_words(differential: ClarkeDifferential) -> str:
    """Return "neuron 1 of layer 1, on data 1 and 2"; "none: .." where there is none.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [2], [0]], [[1, 1, 1]]))
    >>> kink_words(clarke_differential(f, at=(0,)))
    'neurons 1 and 2 of layer 1'
    """
    function = differential.function
    sites = kink_sites(differential)
    where = "at w" if function.variable == "weights" else "here"
    if not sites:
        if not function.table.sites:
            return "none: the net has no kinks"
        if any(site.is_group for site in function.table.sites):
            return f"none {where}"
        if any(0 in function.values_at(site) for site in function.table.sites if not site.is_group):
            return f"none: a preactivation is 0 {where}, but it makes no kink"
        return f"none: no preactivation is 0 {where}"
    data: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for site in sites:
        data[site.layer, site.output].append(site.datum + 1)
    groups: defaultdict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for (layer, output), on in data.items():
        groups[layer, tuple(on)].append(output + 1)
    if len(groups) > _MOST_GROUPS:
        return _summary(differential, sites)
    parts = []
    for (layer, on_these), neurons in sorted(groups.items()):
        noun = _noun(differential, layer, len(neurons))
        plural = "data" if len(on_these) > 1 else "datum"
        on_data = f", on {plural} {runs(on_these)}" if function.n_data > 1 else ""
        parts.append(f"{noun} {runs(neurons)} of layer {layer}{on_data}")
    return "; ".join(parts)


def _noun(differential: ClarkeDifferential, layer: int, count: int) -> str:
    is_group = differential.function.network.architecture.activation(layer).is_group
    noun = "pooling group" if is_group else "neuron"
    return noun if count == 1 else noun + "s"


def _summary(differential: ClarkeDifferential, sites: tuple[Site, ...]) -> str:
    layers: defaultdict[int, set[int]] = defaultdict(set)
    for site in sites:
        layers[site.layer].add(site.output)
    parts = [
        f"{len(outputs)} {_noun(differential, layer, len(outputs))} of layer {layer}"
        for layer, outputs in sorted(layers.items())
    ]
    n_data = len({site.datum for site in sites})
    total = differential.function.n_data
    on = f" and {n_data} of {total} data" if total > 1 else ""
    return f"{counted(len(sites), 'kink')}, of {', '.join(parts)}{on}"
