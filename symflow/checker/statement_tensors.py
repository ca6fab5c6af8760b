"""Vectors and matrices over any ring, as tuples; and polytopes, by finitely many generators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from symflow.checker.enclosed_numbers import Real
from symflow.checker.polynomials import Polynomial, sum_of_products
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Expression, Mismatch, Missing, Numeral, Relation
from symflow.checker.statement_objects import Tensor


@final
@dataclass(frozen=True, slots=True)
class Polytope:
    """The convex hull of finitely many vectors.

    Parameters
    ----------
    generators : tuple of vectors
        Not all of them need to be extreme. The empty set has none.
    shortest : vector or None
        The element of minimal norm, where the certificate of the set shows it.
    derivative : vector or None
        Of the Clarke differential of a function that is shown to be differentiable at the point: its gradient there.
    """

    generators: tuple[tuple[Real, ...], ...]
    shortest: tuple[Real, ...] | None = None
    derivative: tuple[Real, ...] | None = None

    def __post_init__(self) -> None:
        if any(rank_of(generator) != 1 for generator in self.generators):
            raise Refused("a set of something else than vectors")
        if len(set(map(len, self.generators))) > 1:
            raise Refused("a set of vectors of different lengths")

    @property
    def length(self) -> int | None:
        """How many entries its vectors have; None for the empty set."""
        return len(self.generators[0]) if self.generators else None


def rank_of(tensor: Tensor) -> int:
    """Return 0, 1 or 2."""
    if not isinstance(tensor, tuple):
        return 0
    return 2 if tensor and isinstance(tensor[0], tuple) else 1


def check_rank(tensor: Tensor, rank: int, what: str) -> None:
    """Refuse anything but a scalar, a vector or a matrix, as the rank says."""
    found = rank_of(tensor)
    if isinstance(tensor, Polytope) or found != rank:
        kinds = ("a number", "a vector", "a matrix")
        entry = "; an entry of it is a number, as W1[1,2], x[1][2], z[1,1][2] are" if found and not rank else ""
        raise Mismatch(
            f"{what} {'a set' if isinstance(tensor, Polytope) else kinds[found]}, where {kinds[rank]} is needed{entry}"
        )


def size_of(found: Any) -> int:
    """Return how many numbers, or terms of polynomials, something consists of.

    Examples
    --------
    >>> size_of(((1, 2), (3, 4))), size_of(Polytope(((1, 2), (3, 4), (5, 6)))), size_of(7)
    (4, 6, 1)
    """
    if isinstance(found, Polytope):
        return len(found.generators) * (found.length or 0)
    if isinstance(found, Polynomial):
        return len(found.terms)
    return sum(map(size_of, found)) if isinstance(found, tuple) else 1


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """Return the lengths."""
    rank = rank_of(tensor)
    return () if rank == 0 else (len(tensor),) if rank == 1 else (len(tensor), len(tensor[0]))


def check_same_shape(a: Tensor, b: Tensor) -> None:
    """Refuse two things of different shapes."""
    if shape_of(a) != shape_of(b):
        words = [" x ".join(map(str, shape)) or "a number" for shape in (shape_of(a), shape_of(b))]
        raise Mismatch(f"two things of different shapes: {words[0]} and {words[1]}")


def alike(relation: Relation, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Let a written 0 stand for a vector or a matrix of zeros; refuse other things of different shapes."""
    if isinstance(b, tuple) and is_written_zero(relation.left):
        return mapped(lambda _: a, b), b
    if isinstance(a, tuple) and is_written_zero(relation.right):
        return a, mapped(lambda _: b, a)
    check_same_shape(a, b)
    return a, b


def is_written_zero(side: Expression | None) -> bool:
    """Return whether a side of a relation is the numeral 0."""
    return isinstance(side, Numeral) and side.value == 0


def mapped(function: Callable[[Any], Any], tensor: Tensor) -> Tensor:
    """Apply a function to every entry."""
    return tuple(mapped(function, entry) for entry in tensor) if isinstance(tensor, tuple) else function(tensor)


def zipped(function: Callable[[Any, Any], Any], a: Tensor, b: Tensor) -> Tensor:
    """Apply a function to every pair of entries."""
    if isinstance(a, tuple):
        return tuple(zipped(function, u, v) for u, v in zip(a, b, strict=True))
    return function(a, b)


def product(a: Tensor, b: Tensor) -> Tensor:
    """Return a scalar multiple, or the product of matrices and vectors."""
    if rank_of(a) == 0 or rank_of(b) == 0:
        factor, tensor = (a, b) if rank_of(a) == 0 else (b, a)
        return mapped(lambda entry: factor * entry, tensor)
    if rank_of(a) == 1:
        raise Mismatch("a vector times something; write inner(a, b), or transpose(a)*B")
    columns = tuple(zip(*b, strict=True)) if rank_of(b) == 2 else (b,)
    if len(a[0]) != len(columns[0]):
        raise Mismatch(f"a product of {len(a)} x {len(a[0])} with {' x '.join(map(str, shape_of(b)))}")
    rows = tuple(tuple(dot(row, column) for column in columns) for row in a)
    return rows if rank_of(b) == 2 else tuple(row[0] for row in rows)


def dot(u: Sequence[Any], v: Sequence[Any]) -> Any:
    """Return Σ u_i v_i."""
    if isinstance(u[0], Polynomial):
        return sum_of_products(zip(u, v, strict=True))
    total = u[0] * v[0]
    for x, y in zip(u[1:], v[1:], strict=True):
        total = total + x * y
    return total


def flat(tensor: Tensor) -> list[Any]:
    """Return the entries, in order.

    Examples
    --------
    >>> flat(((1, 2), (3, 4)))
    [1, 2, 3, 4]
    """
    return [entry for part in tensor for entry in flat(part)] if isinstance(tensor, tuple) else [tensor]


def filled(tensor: Tensor, entries: Iterable[Any]) -> Tensor:
    """Return entries, given in order, in the form of a tensor.

    Examples
    --------
    >>> filled(((0, 0), (0, 0)), [1, 2, 3, 4])
    ((1, 2), (3, 4))
    """
    rest = iter(entries)
    return mapped(lambda _: next(rest), tensor)


def gathered(places: Tensor, values: Sequence[Any]) -> Tensor:
    """Return the values at some places, in the form of the places."""
    return tuple(gathered(place, values) for place in places) if isinstance(places, tuple) else values[places]


def part(tensor: Tensor, indices: Sequence[int | None]) -> Tensor:
    """Return an entry, a row, a column; indices count from 1, None stands for all."""
    if len(indices) != rank_of(tensor):
        if rank_of(tensor) == 2 and len(indices) == 1:
            indices = (*indices, None)
        else:
            raise Refused(f"{len(indices)} indices for something with {rank_of(tensor)}")
    first, *rest = indices
    kinds = ("row", "column") if rank_of(tensor) == 2 else ("entry",)
    for index, length, kind in zip(indices, shape_of(tensor), kinds, strict=True):
        if index is not None and not 1 <= index <= length:
            raise Missing(f"no {kind} {index}: there {'is' if length == 1 else 'are'} {length}")
    chosen = tensor if first is None else (tensor[first - 1],)
    if rest:
        column = rest[0]
        chosen = chosen if column is None else tuple(row[column - 1] for row in chosen)
    return chosen[0] if first is not None else chosen


def scaled_set(polytope: Polytope, factor: Any) -> Polytope:
    """Return a polytope times a number."""
    check_rank(factor, 0, "a set times")
    return Polytope(tuple(tuple(factor * entry for entry in vector) for vector in polytope.generators))
