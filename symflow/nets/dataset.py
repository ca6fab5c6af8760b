"""Finitely many exact samples: inputs, and labels where a loss or a margin needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from symflow.errors import InexactNumberError, ShapeError
from symflow.exact.rationals import dyadic_entries, entries, fmpq, rational
from symflow.showing import AbstractShown

Vector = tuple[fmpq, ...]

_FOR_FLOATS = "for an array of floats, Dataset.from_arrays keeps each as the exact dyadic rational it is."


@final
@dataclass(frozen=True, init=False, repr=False)
class Dataset(AbstractShown):
    """Inputs x_1 .. x_n and, optionally, labels y_1 .. y_n.

    Parameters
    ----------
    inputs : sequence of vectors
        At least one; all of one length. Integers, ``Fraction``, ``"p/q"``; no lone floats.
    labels : sequence of numbers, optional
        One an input.

    Raises
    ------
    ShapeError
        If there are no inputs, or sizes differ.

    Examples
    --------
    >>> Dataset([(1, 1), (-1, -1)], labels=[1, -1])
    Dataset(2 inputs in R^2, labels, exact)
    """

    inputs: tuple[Vector, ...]
    labels: Vector | None

    def __init__(self, inputs: Sequence[Sequence[object]], labels: Sequence[object] | None = None) -> None:
        if not isinstance(inputs, Iterable) or isinstance(inputs, str | Mapping):
            raise ShapeError("a list of inputs is needed, such as [(1, 1), (-1, -1)]", place="data.inputs")
        try:
            exact = tuple(
                tuple(
                    rational(v, place=f"data.inputs, x{k}[{i}]")
                    for i, v in enumerate(entries(x, place=f"data.inputs, x{k}"), start=1)
                )
                for k, x in enumerate(inputs, start=1)
            )
        except InexactNumberError as error:
            raise InexactNumberError(f"{error.message};\n    {_FOR_FLOATS}", place=error.place) from None
        if not exact:
            raise ShapeError("there are no inputs; give at least one", place="data.inputs")
        for k, x in enumerate(exact, start=1):
            if len(x) != len(exact[0]) or not x:
                raise ShapeError(
                    f"x{k} has {len(x)} entries, x1 has {len(exact[0])}; make them equal", place="data.inputs"
                )
        object.__setattr__(self, "inputs", exact)
        exact_labels = None
        if labels is not None:
            given = entries(labels, place="data.labels")
            try:
                exact_labels = tuple(rational(v, place=f"data.labels, y{k}") for k, v in enumerate(given, start=1))
            except InexactNumberError as error:
                raise InexactNumberError(f"{error.message};\n    {_FOR_FLOATS}", place=error.place) from None
            if len(exact_labels) != len(exact):
                raise ShapeError(
                    f"{len(exact_labels)} labels for {len(exact)} inputs; give one each", place="data.labels"
                )
        object.__setattr__(self, "labels", exact_labels)

    @classmethod
    def from_arrays(cls, inputs: Any, labels: Any | None = None) -> Dataset:
        """Return the samples of these arrays of floats, each the exact dyadic rational that it is.

        Examples
        --------
        >>> import numpy as np
        >>> Dataset.from_arrays(np.array([[0.5, 1.0]]), np.array([-1.0])).inputs
        ((1/2, 1),)
        """
        exact: Any = dyadic_entries(inputs, 2, place="data.inputs[")
        vector: Any = None if labels is None else dyadic_entries(labels, 1, place="data.labels[")
        return cls(exact, vector)

    @property
    def n_inputs(self) -> int:
        """The number of samples."""
        return len(self.inputs)

    @property
    def dimension(self) -> int:
        """The number of entries of an input."""
        return len(self.inputs[0])

    def __repr__(self) -> str:
        plural = "input" if self.n_inputs == 1 else "inputs"
        return f"Dataset({self.n_inputs} {plural} in R^{self.dimension}{', labels' if self.labels else ''}, exact)"
