"""What a name of the statement language stands for, among the objects of a net: ``W[1]``, ``f``, ``A[1,2]``, ``L``."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Missing, NoMeaning
from symflow.checker.statement_objects import AbstractObjects, Function
from symflow.checker.statement_tensors import Polytope

_NUMBERED = re.compile(r"([WbAazhxyfmc])([1-9][0-9]{0,2})", re.ASCII)
LETTERS = frozenset("WbAazhxyfmc")
OF_LAYER_AND_DATUM = frozenset("Aazh")
_WORDS = ("w", "L", "H", "n", "R", "f", "m", "x", "y", "empty")
_RESERVED = frozenset({*LETTERS, *_WORDS, "clarke", "autodiff", "velocity", "hull"})
_LISTED = "names are f, m, R, W[l], b[l], w, x[k], y[k], A[l,k], a[l,k], z[l,k], h[l,k], c[k], L, H, n"


def is_reserved(name: str) -> bool:
    """Return whether a name has a meaning of its own, so that nothing else may be called by it.

    Examples
    --------
    >>> is_reserved("f"), is_reserved("W12"), is_reserved("s")
    (True, True, False)
    """
    return name in _RESERVED or _NUMBERED.fullmatch(name) is not None


def letter_and_number(name: str) -> tuple[str, int] | None:
    """Return what a name such as ``W1`` consists of; None for others.

    Examples
    --------
    >>> letter_and_number("W12"), letter_and_number("W")
    (('W', 12), None)
    """
    found = _NUMBERED.fullmatch(name)
    return None if found is None else (found.group(1), int(found.group(2)))


def nearest(name: str, known: Collection[str]) -> str:
    """Return words that ask whether one of the known names was meant; none where none is near.

    Examples
    --------
    >>> nearest("clark", ["clarke", "hull"]), nearest("w1", ["W1"]), nearest("zebra", ["W1"])
    ('did you mean clarke? ', 'did you mean W1? ', '')
    """
    lower = {each.lower(): each for each in sorted(known, reverse=True)}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return f"did you mean {lower[found[0]]}? " if found else ""


def object_of(name: str, objects: AbstractObjects, others: Collection[str] = ()) -> Any:
    """Return what a name stands for; a function stays one. `others` are names that have a meaning besides."""
    match name:
        case "W" | "b" | "A" | "a" | "z" | "h" | "c":
            raise Refused(f'"{name}" needs a number, as in {name}[1]')
        case "L":
            return len(objects.weights_shape)
        case "H":
            return len(objects.weights_shape) - 1
        case "n":
            return objects.n_data
        case "w":
            return objects.parameters
        case "R":
            return Function("R")
        case "f" | "m" | "x" | "y":
            return numbered_object(name, (1,), objects)
    found = letter_and_number(name)
    if found is None:
        raise no_meaning(name, objects, others)
    return numbered_object(found[0], (found[1],), objects)


def set_of(name: str) -> Polytope | None:
    """Return the set of that name: there is one, the empty set."""
    return Polytope(()) if name == "empty" else None


def no_meaning(name: str, objects: AbstractObjects | None, others: Collection[str]) -> NoMeaning:
    """Return the refusal of a name that means nothing: which one is near, and what there is."""
    layers = range(1, len(objects.weights_shape) + 1) if objects is not None else ()
    known = (*_WORDS, *others, *(f"{letter}{layer}" for letter in "Wb" for layer in layers))
    listed = "".join(f", {each}" for each in others)
    return NoMeaning(f'"{name}" has no meaning here; {nearest(name, known)}{_LISTED}{listed}')


def check_number(spelled: str, index: int, count: int, what: str) -> None:
    """Refuse a number that no layer, or no datum, has."""
    if not 1 <= index <= count:
        there = f"there is 1 {'datum' if what == 'data' else what.removesuffix('s')}" if count == 1 else None
        raise Missing(f"no {spelled}: {there or f'there are {count} {what}'}")


def numbered_object(letter: str, indices: Sequence[int], objects: AbstractObjects) -> Any:
    """Return W[l], b[l], A[l,k], a[l,k], z[l,k], h[l,k], x[k], y[k], f[k], m[k] or c[k]."""
    first, n_layers = indices[0], len(objects.weights_shape)
    spelled = f"{letter}[{','.join(map(str, indices))}]"
    if letter not in OF_LAYER_AND_DATUM and letter not in "Wb":
        check_number(spelled, first, objects.n_data, "data")
    match letter:
        case "f" | "m":
            return Function(letter, first - 1)
        case "x":
            return objects.input(first - 1)
        case "y":
            return objects.label(first - 1)
        case "c":
            return objects.coefficient(first - 1)
        case "W" | "b":
            check_layer(letter, first, objects)
            return (objects.weights if letter == "W" else objects.biases)[first - 1]
    datum = indices[1] if len(indices) > 1 else 1
    check_number(spelled, datum, objects.n_data, "data")
    check_number(spelled, first, n_layers - (letter != "z"), "layers" if letter == "z" else "hidden layers")
    if letter == "z":
        return objects.preactivations(first - 1, datum - 1)
    if letter == "h":
        return objects.features(first - 1, datum - 1)
    activation = objects.problem.activations[first - 1]
    if activation.name == "relu_power" or (activation.name == "maxpool" and letter == "A"):
        raise Refused(f"{activation.name} has no diagonal matrix of slopes")
    slopes = objects.slopes(first - 1, datum - 1)
    if letter == "a":
        return slopes
    zero = objects.constant(Fraction(0))
    return tuple(tuple(slope if i == j else zero for j in range(len(slopes))) for i, slope in enumerate(slopes))


def check_layer(letter: str, layer: int, objects: AbstractObjects) -> None:
    """Refuse W[l] or b[l] that a net does not have."""
    check_number(f"{letter}[{layer}]", layer, len(objects.weights_shape), "layers")
    if letter == "b" and not objects.has_biases:
        raise Missing(f"no b[{layer}]: the net has no biases")
