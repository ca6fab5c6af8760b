"""The kinks of a deep net with symbolic weights as a part of the JSON of ``symflow derive``.

Kinks are [layer, neuron, datum], from 1. A set of them has its gradient g(θ) with ``theta[1]``, .. for the slopes at
the kinks and ``a2[1,3]`` for the slope of unit 1 of layer 2 on datum 3, which holds whatever the signs are; and its
strata: a sign pattern of all others, the conditions, the features that have to be linearly independent, the gradient
there, and a point as certificate. The Clarke differential is the hull of g at the vertices of the box of θ ("hull"),
and the image of the whole box where no product of two θ occurs ("box").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symflow.cells.deep_kinks import DeepKinks, KinkSet, Stratum, units_at_kinks
from symflow.cells.derivation import Derivation
from symflow.cells.slope_gradient import Entries, slopes_of
from symflow.nets.pattern import Site

Json = dict[str, Any]

HYPOTHESIS = (
    "for every layer l and neuron j, the features h_(l-1)(x_k) of the data k on which it kinks, with 1 appended where "
    "there are biases, are linearly independent; no other preactivation is zero but those that vanish identically"
)


def deep_kinks_json(derivation: Derivation, kinks: DeepKinks) -> Json:
    """Return what is known of the kinks.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> derivation = derive(shape, Output(), kinks=[(2, 1, 1)])
    >>> (found,) = deep_kinks_json(derivation, derivation.deep_kinks)["sets"]
    >>> found["set"], found["strata"][0]["conditions"], found["strata"][0]["gradient"]["W1"]
    ('box', ['W1[1,1]*x[1] > 0', 'W1[1,1]*W2[1,1]*x[1] = 0'], [['W2[1,1]*W3[1,1]*x[1]*theta[1]']])
    """
    return {
        "kind": "regular_kinks",
        "hypothesis": HYPOTHESIS,
        "is_declared": kinks.is_declared,
        "sets_listed": "all" if kinks.sets else "none",
        "sets": [_set(derivation, found) for found in kinks.sets],
    }


def _set(derivation: Derivation, found: KinkSet) -> Json:
    shape, word = derivation.net.architecture, derivation.net.table.word
    return {
        "kinks": [[site.layer, site.output + 1, site.datum + 1] for site in found.sites],
        "parameters": [
            {"name": f"theta[{r}]", "slopes": [str(slope) for slope in slopes_of(shape, site.layer)]}
            for r, site in enumerate(found.sites, start=1)
        ],
        "set": "box" if found.is_affine else "hull",
        "gradient": _blocks(derivation, found.gradient),
        "strata_listed": "all" if found.lists_all else "some",
        "strata": [_stratum(derivation, found, stratum) for stratum in found.strata],
        "undecided": [word(characters) for characters in found.undecided],
    }


def _stratum(derivation: Derivation, found: KinkSet, stratum: Stratum) -> Json:
    net = derivation.net
    return {
        "pattern": net.table.word(stratum.characters),
        "conditions": _conditions(derivation, found, stratum),
        "independent": [
            {
                "layer": layer,
                "neuron": unit + 1,
                "data": [site.datum + 1 for site in sites],
                "features": [_features(derivation, site, stratum.characters) for site in sites],
            }
            for (layer, unit), sites in units_at_kinks(found.sites).items()
        ],
        "set": "box" if stratum.is_affine else "hull",
        "gradient": _blocks(derivation, stratum.gradient),
        "certificate": {
            "kind": "point",
            "point": dict(zip(net.symbols, (str(value) for value in stratum.point), strict=True)),
        },
    }


def _conditions(derivation: Derivation, found: KinkSet, stratum: Stratum) -> list[str]:
    """Return the conditions in tree order; none for what vanishes identically."""
    net, kinks, texts = derivation.net, set(found.sites), []
    for site, character in zip(net.table.sites, stratum.characters, strict=True):
        if site in kinks or character != "0":
            z = net.preactivation(site.layer, site.output, site.datum, stratum.characters)
            texts.append(f"{z} {'=' if site in kinks else '>' if character == '+' else '<'} 0")
    return texts


def _features(derivation: Derivation, site: Site, characters: Sequence[str]) -> list[str]:
    net = derivation.net
    below = [str(feature) for feature in net.features(site.layer - 1, site.datum, characters)]
    return [*below, "1"] if net.architecture.has_biases else below


def _blocks(derivation: Derivation, entries: Entries) -> dict[str, list[Any]]:
    """Return a flat gradient block by block."""
    shape, written = derivation.net.architecture, [str(entry) for entry in entries]
    result: dict[str, list[Any]] = {}
    for layer in range(1, shape.n_layers + 1):
        rows, columns = range(shape.widths[layer]), range(shape.fan_in(layer))
        result[f"W{layer}"] = [[written[shape.weight_index(layer, i, j)] for j in columns] for i in rows]
        if shape.has_biases:
            result[f"b{layer}"] = [written[shape.bias_index(layer, i)] for i in rows]
    return result
