"""Reads a weights file of any known format; the ending of its name tells which.

Files are data: nothing in one is ever executed.
"""

from __future__ import annotations

from pathlib import Path

from symflow.errors import ProblemFileError
from symflow.exact.rationals import rational
from symflow.nets.readers.base import (
    ActivationEntry,
    NamedArray,
    WeightsFile,
    assembled,
    file_content,
    near_rational,
)

#: The endings of names that are known.
SUFFIXES = (".npz", ".pt", ".pth", ".safetensors", ".json", ".onnx")


def read_weights_file(path: Path | str, *, rationalize: int | None = None) -> WeightsFile:
    """Return the weights and biases of a file, exactly.

    Parameters
    ----------
    path : Path or str
        An npz, PyTorch (.pt, .pth), safetensors, JSON or ONNX file.
    rationalize : int, optional
        Replace each entry by the best rational approximation with at most this denominator. Without it every
        float is the exact dyadic rational it is.

    Raises
    ------
    ProblemFileError
        Naming the file, the place in it and what was found.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "net.json")
    ...     _ = path.write_text('{"weights": [[[1, 0.5]]], "biases": [["1/3"]]}')
    ...     read_weights_file(path)
    WeightsFile(weights=(((1, 1/2),),), biases=((1/3,),), activations=None)
    """
    path = Path(path)
    if rationalize is not None and (type(rationalize) is not int or rationalize < 1):
        raise ProblemFileError(
            f"{rationalize!r:.40} is no largest denominator; write an integer from 1 on", place="rationalize"
        )
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ProblemFileError(f'unknown ending "{suffix[:20]}"; known: {", ".join(SUFFIXES)}', place=path.name)
    arrays, activations = _arrays(suffix, file_content(path), path.name)
    layers = assembled(
        arrays,
        file=path.name,
        in_order=suffix != ".safetensors",
        any_names=suffix in (".pt", ".pth"),
        rationalize=rationalize,
    )
    if activations is not None and rationalize is not None:
        activations = tuple(_with_near_slope(entry, rationalize) for entry in activations)
    return WeightsFile(layers.weights, layers.biases, activations)


def _with_near_slope(entry: ActivationEntry, largest_denominator: int) -> ActivationEntry:
    if isinstance(entry, str) or "slope" not in entry:
        return entry
    return {**entry, "slope": str(near_rational(rational(entry["slope"]), largest_denominator))}


def _arrays(
    suffix: str, content: bytes, file: str
) -> tuple[tuple[NamedArray, ...], tuple[ActivationEntry, ...] | None]:
    # One format is needed at a time, and numpy by some of them only.
    if suffix == ".onnx":
        from symflow.nets.readers.onnx import read_chain

        return read_chain(content, file=file)
    if suffix == ".npz":
        from symflow.nets.readers.npz import read_arrays
    elif suffix == ".safetensors":
        from symflow.nets.readers.safetensors import read_arrays
    elif suffix == ".json":
        from symflow.nets.readers.json_weights import read_arrays
    else:
        from symflow.nets.readers.pytorch import read_arrays
    return read_arrays(content, file=file), None
