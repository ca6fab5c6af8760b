"""Witnesses are shown: their numbers should be short. Weights of trained nets are long; others near by are not.

Where a statement is false at some weights it is false near by too, as a rule; so the simplest rational numbers near the
weights are tried, first few of them that are near roughly, then nearer ones. Whether it is false there is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from symflow.proofs.claim import Json

# A number of more characters is long.
_LONGEST = 6
_DENOMINATORS = (1, 2, 3, 4, 8, 10, 16, 100, 1_000, 1_000_000)


def is_short(tree: Json | None) -> bool:
    """Return whether all weights of a problem, and the point where it is asked, are short.

    Examples
    --------
    >>> is_short({"network": {"weights": [[["1/2"]]]}}), is_short({"network": {"weights": [[["12345/67890"]]]}})
    (True, False)
    """
    return all(len(str(number)) <= _LONGEST for number in _numbers(_variables(tree or {})))


def shorter(tree: Json) -> Iterator[Json]:
    """Return a problem with shorter and shorter approximations of its weights, or of its input: the shortest first.

    Examples
    --------
    >>> [each["network"]["weights"] for each in shorter({"network": {"weights": [[["333333/1000000"]]]}})][:3]
    [[[['0']]], [[['1/2']]], [[['1/3']]]]
    """
    tried = []
    for denominator in _DENOMINATORS:
        found = _rounded(_variables(tree), denominator)
        if found in tried or found == _variables(tree):
            continue
        tried.append(found)
        yield _with_variables(tree, found)


def _variables(tree: Json) -> Json:
    """Return the numbers that vary: the weights and biases; or the input, where that is the variable."""
    objective = tree.get("objective") or {}
    if objective.get("variable") == "input":
        return {"at": objective.get("at") or []}
    network = tree.get("network") or {}
    return {key: network[key] for key in ("weights", "biases") if network.get(key) is not None}


def _with_variables(tree: Json, found: Json) -> Json:
    if "at" in found:
        return {**tree, "objective": {**tree["objective"], **found}}
    return {**tree, "network": {**tree["network"], **found}}


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from _numbers(entry)
    else:
        yield value


def _rounded(value: Any, denominator: int) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(entry, denominator) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(entry, denominator) for entry in value]
    return str(Fraction(str(value)).limit_denominator(denominator))
