"""A decided pattern, with what re-checks the decision.

* A **realised** pattern carries an *arc*: vectors d_1, .., d_q such that every constraint g of the pattern has a
  positive first nonzero coefficient in ε -> g(ε d_1 + .. + ε^q d_q). Then w + ε d_1 + .. lies in the cell for small
  ε > 0, so w is in its closure.
* A **refuted** pattern carries *multipliers*: λ_i >= 0, not all zero, and polynomials p_i that are positive near w,
  or positive on the cell, with sum_i λ_i p_i g_i = 0 identically. Inside the cell and near w the sum would be
  positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, final

from symflow.exact.rationals import fmpq
from symflow.nets.network import Vector
from symflow.nets.patterned_function import Constraint


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """A pattern whose cell has the point in its closure.

    Parameters
    ----------
    pattern : str
        As the contract writes it.
    characters : tuple of str
        The same in tree order.
    arc : tuple of vectors
        d_1 .. d_q; empty where the pattern has no constraint.
    """

    pattern: str
    characters: Sequence[str]
    arc: tuple[Vector, ...]

    def __repr__(self) -> str:
        count = len(self.arc)
        return f"Cell({self.pattern!r}, entered by {count} {'direction' if count == 1 else 'directions'}, exact)"


@final
@dataclass(frozen=True, slots=True)
class ParameterFactor:
    """sign(w_i) (w_i + d_i) of a parameter that is not zero at w: positive near w."""

    place: int


@final
@dataclass(frozen=True, slots=True)
class PreactivationFactor:
    """sign(z(w)) z(w + d) of a preactivation that is not zero at w: positive near w. All counted from 1, 0, 0."""

    layer: int
    unit: int
    datum: int


@final
@dataclass(frozen=True, slots=True)
class BoxFactor:
    """1/8 + d_i or 1/8 - d_i: positive near w."""

    place: int
    sign: int


# What may multiply a constraint: a constraint of the same pattern, or something positive near the point.
Factor: TypeAlias = Constraint | ParameterFactor | PreactivationFactor | BoxFactor


@final
@dataclass(frozen=True, slots=True)
class Term:
    """One summand λ p g of a refutation, p the product of the factors."""

    multiplier: fmpq
    factors: tuple[Factor, ...]
    constraint: Constraint


@final
@dataclass(frozen=True, slots=True)
class Refutation:
    """A partial pattern whose completions all stay away from the point.

    Parameters
    ----------
    pattern : str
        With ``*`` at the sites that do not matter.
    characters : tuple of str
        The same in tree order.
    terms : tuple of Term
        They sum to the zero polynomial.
    """

    pattern: str
    characters: Sequence[str]
    terms: tuple[Term, ...]

    def __repr__(self) -> str:
        count = len(self.terms)
        return f"Refutation({self.pattern!r}, {count} {'term' if count == 1 else 'terms'}, exact)"


@final
@dataclass(frozen=True, slots=True)
class IncidentCells:
    """The patterns at a point: realised, refuted, undecided. Together they cover every pattern.

    Parameters
    ----------
    cells : tuple of Cell
        Sorted by pattern.
    refuted : tuple of Refutation
        Sorted by pattern.
    undecided : tuple of tuple of str
        Characters in tree order of (partial) patterns that neither certificate reached.
    trusted : dict
        Those among them that a solver calls empty, with its name; its word is no certificate.
    """

    cells: tuple[Cell, ...]
    refuted: tuple[Refutation, ...]
    undecided: tuple[tuple[str, ...], ...]
    trusted: Mapping[tuple[str, ...], str] = field(default_factory=dict, hash=False)

    @property
    def is_decided(self) -> bool:
        """Whether no pattern is undecided."""
        return not self.undecided

    def __repr__(self) -> str:
        counts = (len(self.cells), "realised"), (len(self.refuted), "refuted"), (len(self.undecided), "undecided")
        return f"IncidentCells({', '.join(f'{count} {word}' for count, word in counts if count or word == 'realised')})"
