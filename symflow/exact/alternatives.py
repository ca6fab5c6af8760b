"""The two halves of each theorem of the alternative, as values: a solution, or the multipliers that exclude one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from flint import fmpq

from symflow.exact.exponential_numbers import Scalar


@dataclass(frozen=True, slots=True)
class StrictSolution:
    """A point at which every inequality holds strictly."""

    direction: tuple[fmpq, ...]


@dataclass(frozen=True, slots=True)
class GordanCertificate:
    """Multipliers > 0 of some of the rows, by index, whose combination is zero."""

    multipliers: dict[int, Scalar]


@dataclass(frozen=True, slots=True)
class FarkasCertificate:
    """Multipliers > 0 of some of the inequalities A x < b: the left sides cancel, and ⟨λ, b⟩ ≤ 0 is left."""

    multipliers: dict[int, fmpq]


@dataclass(frozen=True, slots=True)
class NonnegativeSolution:
    """The coefficients that are not zero, by column, all positive."""

    weights: dict[int, fmpq]


@dataclass(frozen=True, slots=True)
class FarkasFunctional:
    """A functional y, by row (zeros left out), nonnegative on every column and negative on the target."""

    y: dict[Hashable, fmpq]
