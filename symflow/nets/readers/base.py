"""What a weights file becomes: exact matrices, and the rules by which names and shapes tell which array is which.

Every reader turns a file into named arrays of exact numbers, floats being the dyadic rationals they are; this
file turns named arrays into layers.

1. ``W1, b1, W2, b2, ..``: the numbers say it.
2. A state dict's names, ``0.weight, 0.bias, 2.weight, ..``: the 2-D arrays are the weights in the order of
the file, and
   the 1-D array that belongs to the same module, or else follows, is the bias. A format that sorts its arrays
   by name (safetensors) has no order of its own; there the numbers in the names give it, and where they do
   not the file is refused.

Only a PyTorch state dict may use other names: what it holds are parameters. Any array may be in an npz or a
safetensors file, data ``X, y`` too, and shapes alone would make a net of them.

Anything else in the file is an error: an array that is neither a weight nor a bias belongs to a layer that
symflow does not know, and the net without it would be another net.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, final

from symflow.errors import InputError, ProblemFileError
from symflow.exact.rationals import dyadic, fmpq, rational, to_fraction

#: An activation as a problem file writes it: a name, or a table with a name.
ActivationEntry: TypeAlias = str | Mapping[str, str]

# Files are read whole. Exact arithmetic on nets of this size is far out of reach, so larger files are
# mistakes.
_LARGEST_FILE = 2**30
_MOST_ENTRIES = 10_000_000

_NUMBERED = re.compile(r"([Wb])([1-9][0-9]{0,5})", re.ASCII)


@final
@dataclass(frozen=True, slots=True)
class NamedArray:
    """An array of a file.

    Parameters
    ----------
    name : str
        Its name there.
    shape : tuple of int
        Its sizes.
    values : sequence of float, int, str or Decimal
        Its entries, row by row. A float is the dyadic rational it is; the rest is read as a problem file's
        numbers.
    """

    name: str
    shape: tuple[int, ...]
    values: Sequence[float | int | str | Decimal]


@final
@dataclass(frozen=True, slots=True)
class WeightsFile:
    """The content of a weights file.

    Parameters
    ----------
    weights : tuple of matrices
        W_1 .. W_L; rows are output units.
    biases : tuple of vectors, or None
        b_1 .. b_L; None for a net without biases.
    activations : tuple of ActivationEntry, or None
        One a hidden layer, where the format has them (onnx).
    """

    weights: tuple[tuple[tuple[fmpq, ...], ...], ...]
    biases: tuple[tuple[fmpq, ...], ...] | None
    activations: tuple[ActivationEntry, ...] | None = None


def file_content(path: Path) -> bytes:
    """Return the bytes of a weights file.

    Raises
    ------
    ProblemFileError
        If there is no such file, or it is a directory, empty, unreadable or larger than any net that symflow
        treats.
    """
    try:
        if path.is_dir():
            fault = "is a directory; name the file with the weights"
        elif path.stat().st_size > _LARGEST_FILE:
            fault = "is larger than 1 GiB; exact work needs small nets"
        elif not path.is_file():
            fault = "is no regular file; save the weights to one"
        else:
            content = path.read_bytes()
            fault = "" if content else "is empty; save the weights again"
    except FileNotFoundError:
        raise ProblemFileError("no such file; paths are relative to the problem file", place=str(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        fault = f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
    if fault:
        raise ProblemFileError(fault, place=path.name)
    return content


def array_length(shape: Sequence[int], *, place: str) -> int:
    """Return the number of entries of an array, refused when no net that symflow treats has so many.

    Examples
    --------
    >>> array_length((2, 3), place="net.npz, W1")
    6
    """
    length = 1
    for size in shape:
        if size < 0:
            raise ProblemFileError(f"has the shape {tuple(shape)}; save it again", place=place)
        length *= size
    if length > _MOST_ENTRIES:
        raise ProblemFileError(f"has {length} entries; at most {_MOST_ENTRIES} are read", place=place)
    return length


def near_rational(number: fmpq, largest_denominator: int) -> fmpq:
    """Return the best approximation of a rational number with at most this denominator.

    Examples
    --------
    >>> near_rational(dyadic(0.1), 1000)
    1/10
    """
    return rational(to_fraction(number).limit_denominator(largest_denominator))


def assembled(
    arrays: Sequence[NamedArray],
    *,
    file: str,
    in_order: bool = True,
    any_names: bool = True,
    rationalize: int | None = None,
) -> WeightsFile:
    """Return the layers that named arrays stand for.

    Parameters
    ----------
    arrays : sequence of NamedArray
        In the order of the file.
    file : str
        The file's name, for messages.
    in_order : bool
        Whether the file keeps its arrays in the order in which they were saved.
    any_names : bool
        Whether the arrays are parameters whatever their names, as in a PyTorch state dict.
    rationalize : int, optional
        Replace each entry by the best rational approximation with at most this denominator.

    Raises
    ------
    ProblemFileError
        If an array is neither a weight nor a bias, one is missing, or an entry is no finite number.

    Examples
    --------
    >>> net = assembled([NamedArray("b1", (1,), [0.5]), NamedArray("W1", (1, 2), [1, 0.1])], file="net.npz")
    >>> net.weights
    (((1, 3602879701896397/36028797018963968),),)
    >>> assembled([NamedArray("W1", (1, 2), [1, 0.1])], file="net.npz", rationalize=100).weights
    (((1, 1/10),),)
    """
    if not arrays:
        raise ProblemFileError("holds no arrays; save W1, b1, W2, ..", place=file)
    if all(_NUMBERED.fullmatch(array.name) for array in arrays):
        layers = _numbered_layers(arrays, file)
    else:
        try:
            layers = _state_dict_layers(arrays, file)
        except ProblemFileError as error:
            raise _with_culprit(arrays, file, error.message) or error from None
        if not any_names:
            _check_names(arrays, layers, file)
        if not in_order:
            layers = _by_numbers_in_names(layers, file)
    without_bias = [number for number, (_, bias) in enumerate(layers, start=1) if bias is None]
    if without_bias and len(without_bias) < len(layers):
        raise ProblemFileError(
            f"layer {without_bias[0]} has no bias and others have; give every layer one (zeros), or none", place=file
        )
    weights, biases = [], []
    for number, (weight, bias) in enumerate(layers, start=1):
        weights.append(_matrix(weight, number, file, rationalize))
        if bias is not None:
            biases.append(_vector(bias, weight, number, file, rationalize))
    return WeightsFile(tuple(weights), tuple(biases) or None)


_Layer: TypeAlias = tuple[NamedArray, NamedArray | None]


def _numbered_layers(arrays: Sequence[NamedArray], file: str) -> list[_Layer]:
    by_name = {array.name: array for array in arrays}
    if len(by_name) < len(arrays):
        raise ProblemFileError("holds two arrays of one name", place=file)
    n_layers = max(int(array.name[1:]) for array in arrays)
    for number in range(1, n_layers + 1):  # stops soon where a name such as W999999 leaves a gap
        if f"W{number}" not in by_name:
            raise ProblemFileError(f"W{number} is missing; layers count from 1", place=file)
    return [(by_name[f"W{number}"], by_name.get(f"b{number}")) for number in range(1, n_layers + 1)]


def _state_dict_layers(arrays: Sequence[NamedArray], file: str) -> list[_Layer]:
    """Pair weights and biases: by module where both names have one, else each bias with the weight before it."""
    weights = [array for array in arrays if len(array.shape) == 2]
    biases: dict[str, NamedArray] = {}
    before: NamedArray | None = None
    modules = {_module(w.name, "weight"): w for w in weights}
    modules.pop(None, None)
    for array in arrays:
        if len(array.shape) == 2:
            before = array
            continue
        if len(array.shape) != 1:
            raise _not_a_layer(array, file, f"has shape {_shape_text(array.shape)}")
        owner = modules.get(_module(array.name, "bias"), before)
        if owner is None:
            raise _not_a_layer(array, file, "comes before every weight matrix")
        if owner.name in biases:
            raise _not_a_layer(array, file, f"is a second vector for {_shown(owner.name)}")
        owner_module = _module(owner.name, "weight")
        if owner_module is not None and _module(array.name, "bias") != owner_module:
            raise _not_a_layer(array, file, f"is not the bias of {_shown(owner.name)}")
        biases[owner.name] = array
    assert weights, "arrays that are neither matrices nor belong to one have been refused"
    if len({w.name for w in weights}) < len(weights):
        raise ProblemFileError("holds two arrays of one name", place=file)
    return [(weight, biases.get(weight.name)) for weight in weights]


def _check_names(arrays: Sequence[NamedArray], layers: Sequence[_Layer], file: str) -> None:
    """Raise ProblemFileError where arrays would make a net by their shapes alone."""
    if all(
        _module(weight.name, "weight") is not None and (bias is None or _module(bias.name, "bias") is not None)
        for weight, bias in layers
    ):
        return
    names = [array.name for array in arrays]
    unknown = [name for name in names if name.rpartition(".")[2] not in ("weight", "bias")] or names
    raise _with_culprit(arrays, file, "") or ProblemFileError(
        f"holds {_some_names(unknown)}, which {'is no name' if len(unknown) == 1 else 'are no names'} of weights; "
        "call a net's arrays W1, b1, W2, .. or 0.weight, 0.bias, ..",
        place=file,
    )


def _with_culprit(arrays: Sequence[NamedArray], file: str, found: str) -> ProblemFileError | None:
    """Return the fault of what stands beside W1, b1, .., or of names that do not tell the layers; else None."""
    others = [array.name for array in arrays if not _NUMBERED.fullmatch(array.name)]
    if len(others) < len(arrays):
        if any(found.startswith(_shown(name)) for name in others):  # it is named already
            return None
        named = _some_names(others)
        is_are, it = ("are", "them") if len(others) > 1 else ("is", "it")
        return ProblemFileError(
            f"{named} {is_are} beside W1, b1, .. and no layer; leave {it} out when you save", place=file
        )
    numbered = sorted({re.sub(r"[0-9]+$", "", name) for name in others if re.search(r"^[^.]*[0-9]+$", name)})
    if len(numbered) == 2 and all("." not in name and name[-1:].isdigit() for name in others):
        named = " and ".join(_shown(f"{stem}1") for stem in numbered)
        return ProblemFileError(f"{named} are names that do not say what is what; call them W1, b1, W2, ..", place=file)
    return None


def _not_a_layer(array: NamedArray, file: str, found: str) -> ProblemFileError:
    return ProblemFileError(
        f"{_shown(array.name)} {found}; a net is 2-D weights, each with at most one 1-D bias, and nothing else",
        place=file,
    )


def _by_numbers_in_names(layers: list[_Layer], file: str) -> list[_Layer]:
    """Sort the layers by the numbers in their names, which must differ in nothing else."""
    if len(layers) > 1 and len({re.sub(r"[0-9]+", "#", weight.name) for weight, _ in layers}) > 1:
        names = ", ".join(_shown(weight.name) for weight, _ in layers[:4])
        raise ProblemFileError(
            f"the names {names} do not tell the order of the layers; save them as W1, b1, W2, ..", place=file
        )
    return sorted(layers, key=lambda layer: [int(n) for n in re.findall(r"[0-9]+", layer[0].name)])


def _module(name: str, role: str) -> str | None:
    """Return the module's path if `name` is that path with the role ("weight", "bias") at its end."""
    path, _, last = name.rpartition(".")
    return path if last == role else None


def _matrix(array: NamedArray, layer: int, file: str, rationalize: int | None) -> tuple[tuple[fmpq, ...], ...]:
    if len(array.shape) != 2 or 0 in array.shape:
        raise ProblemFileError(
            f"{_shown(array.name)} has shape {_shape_text(array.shape)}; a weight matrix has rows and columns",
            place=file,
        )
    _, n_columns = array.shape
    numbers = _numbers(array, layer, file, rationalize)
    return tuple(zip(*[numbers] * n_columns, strict=True))


def _vector(array: NamedArray, weight: NamedArray, layer: int, file: str, rationalize: int | None) -> tuple[fmpq, ...]:
    if array.shape != weight.shape[:1]:
        raise ProblemFileError(
            f"{_shown(array.name)} has shape {_shape_text(array.shape)}; "
            f"{_shown(weight.name)} has {weight.shape[0]} rows, so ({weight.shape[0]},) is needed",
            place=file,
        )
    return tuple(_numbers(array, layer, file, rationalize))


def _numbers(array: NamedArray, layer: int, file: str, rationalize: int | None) -> Iterator[fmpq]:
    assert len(array.values) == array_length(array.shape, place=file)
    for position, value in enumerate(array.values):
        try:
            number = dyadic(value) if isinstance(value, float) else rational(value)
        except InputError as error:
            place = f"{file}, {_entry_name(array, layer, position)}"
            raise ProblemFileError(error.message, place=place) from None
        if rationalize is not None:
            number = near_rational(number, rationalize)
        yield number


def _entry_name(array: NamedArray, layer: int, position: int) -> str:
    if len(array.shape) == 1:
        return f"b{layer}[{position + 1}]"
    row, column = divmod(position, array.shape[1])
    return f"W{layer}[{row + 1},{column + 1}]"


def _shape_text(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _shown(name: str) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in name)
    return f'"{clean if len(clean) <= 60 else clean[:57] + "..."}"'


def _some_names(names: Sequence[str]) -> str:
    return ", ".join(map(_shown, names[:4])) + (", .." if len(names) > 4 else "")
