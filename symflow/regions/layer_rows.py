"""The preactivations of one layer on many regions at once: covectors as floats with a bound, and modulo 2^64.

A *region* is a cell of the layers below; on it every unit of the layer is one affine function of x, a covector of
(x, D). A bound on the integers of the layer gives the power of two that scales them to size at most 1, so that nothing
overflows, however large the weights or deep the net. While all integers stay below 2^53 the floats are exact and carry
the residues too; beyond, the residues are computed beside them, and the floats get the bound of a sum of products:
with the matrix W, the features h known up to e in each entry, the entries of W h are off by at most
|W|₁ e + γ |W|₁ |h|.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.filtered_signs import UNIT, Floats, IntegerVectors, Residues
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerLayer, Matrix

Characters = NDArray[np.int8]


@final
@dataclass(frozen=True, slots=True)
class AffineRows:
    """Covectors of units or features: approx · 2^exponent up to error · 2^exponent.

    Parameters
    ----------
    approx : floats, (n_units, n_regions, size)
        Of size at most 1, but for their error.
    residue : int64 of the same shape, or None
        None while the floats are exact.
    error : float
        For every entry; 0 where exact.
    exponent : int
        The power of two.
    bound : int
        The integers are at most this large; from 1 to 2^exponent.
    """

    approx: Floats
    residue: Residues | None
    error: float
    exponent: int
    bound: int

    @classmethod
    def of_inputs(cls, n_inputs: int) -> AffineRows:
        """Return the features of the first layer: the coordinates, on the one region that is everything."""
        approx = np.eye(n_inputs, n_inputs + 1).reshape(n_inputs, 1, n_inputs + 1)
        return cls(approx, None, 0.0, 0, 1)

    def of_regions(self, regions: NDArray[Any]) -> AffineRows:
        """Return the covectors on some of the regions."""
        residue = None if self.residue is None else self.residue[:, regions]
        return AffineRows(self.approx[:, regions], residue, self.error, self.exponent, self.bound)

    def through(self, weights: Matrix, bias: tuple[int, ...]) -> AffineRows:
        """Return W h + b D."""
        n_units, (n_features, n_regions, size) = len(weights), self.approx.shape
        row_sum = max((sum(map(abs, row)) for row in weights), default=0)
        bound = max(1, row_sum * self.bound + max(map(abs, bias), default=0))
        exponent = bound.bit_length()
        scaled = np.array([[_ldexp(entry, self.exponent - exponent) for entry in row] for row in weights], np.float64)
        constants = np.array([_ldexp(entry, -exponent) for entry in bias], np.float64)
        approx = (scaled.reshape(n_units, n_features) @ self.approx.reshape(n_features, -1)).reshape(
            n_units, n_regions, size
        )
        approx[:, :, -1] += constants.reshape(n_units, 1)
        if bound < 2**53 and self.residue is None:
            return AffineRows(approx, None, 0.0, exponent, bound)
        # The scaled entries are off by UNIT relative; the features are at most 1 + e, the constants at most 1.
        norm = float(np.abs(scaled).sum(axis=1).max(initial=0.0))
        error = 1.01 * (norm * self.error + (n_features + 4) * UNIT * (norm * (1 + self.error) + 1))
        residues = np.array([[_signed(entry) for entry in row] for row in weights], np.int64)
        residue = (residues.reshape(n_units, n_features) @ self.residues().reshape(n_features, -1)).reshape(
            n_units, n_regions, size
        )
        residue[:, :, -1] += np.array([_signed(entry) for entry in bias], np.int64).reshape(n_units, 1)
        return AffineRows(approx, residue, error, exponent, bound)

    def activated(self, layer: IntegerLayer, regions: NDArray[Any], characters: Characters) -> AffineRows:
        """Return the features above on cells, each in a region, given the cells' characters in this layer."""
        if layer.slopes is None:
            unit = np.array([[*group, *[0] * 36][:36] for group in layer.members])
            chosen = unit[np.arange(len(layer.members))[:, None], characters.T - WINNER_OFFSET]
            residue = None if self.residue is None else self.residue[chosen, regions[None, :]]
            return AffineRows(self.approx[chosen, regions[None, :]], residue, self.error, self.exponent, self.bound)
        largest = max(*map(abs, layer.slopes), 1)
        bound = self.bound * largest
        exponent = bound.bit_length() if largest > 1 else self.exponent
        left, right = (_ldexp(slope, self.exponent - exponent) for slope in layer.slopes)
        approx = self.approx[:, regions] * _by_sign(characters, np.array([left, 0.0, right]))
        if bound < 2**53 and self.residue is None:
            return AffineRows(approx, None, 0.0, exponent, bound)
        norm = max(abs(left), abs(right))
        error = 1.01 * norm * (self.error + (4 * UNIT * (1 + self.error) if largest > 1 else 0.0))
        left, right = (_signed(slope) for slope in layer.slopes)
        residue = self.residues()[:, regions] * _by_sign(characters, np.array([left, 0, right], np.int64))
        return AffineRows(approx, residue, error, exponent, bound)

    def residues(self) -> Residues:
        """Return all covectors modulo 2^64."""
        if self.residue is not None:
            return self.residue
        return np.ldexp(self.approx, self.exponent).astype(np.int64)

    def approximate(self, unit: NDArray[Any], minus: NDArray[Any] | None, region: NDArray[Any]) -> tuple[Floats, float]:
        """Return covectors z_unit, or z_unit - z_minus, as floats, and a bound on the error of their entries."""
        approx = self.approx[unit, region]
        if minus is None:
            return approx, self.error
        error = 2 * self.error + (4 * UNIT if self.error or self.bound >= 2**52 else 0.0)
        return approx - self.approx[minus, region], error

    def vectors(self, unit: NDArray[Any], minus: NDArray[Any] | None, region: NDArray[Any]) -> IntegerVectors:
        """Return a batch of covectors z_unit, or z_unit - z_minus, each on one region."""
        approx, error = self.approximate(unit, minus, region)
        if self.residue is None:
            residue = (
                np.ldexp(approx, self.exponent).astype(np.int64)
                if not error
                else self._differences(unit, minus, region)
            )
        else:
            residue = self.residue[unit, region]
            if minus is not None:
                residue = residue - self.residue[minus, region]
        n = len(approx)
        return IntegerVectors(approx, np.full(n, error), np.full(n, self.exponent, np.int64), residue)

    def _differences(self, unit: NDArray[Any], minus: NDArray[Any] | None, region: NDArray[Any]) -> Residues:
        first: Residues = np.ldexp(self.approx[unit, region], self.exponent).astype(np.int64)
        if minus is None:
            return first
        second: Residues = np.ldexp(self.approx[minus, region], self.exponent).astype(np.int64)
        return first - second


def _by_sign(characters: Characters, values: NDArray[Any]) -> NDArray[Any]:
    """Return the value for -1, 0 or 1 of each unit (first axis) on each cell."""
    chosen: NDArray[Any] = values[characters.T + 1][:, :, None]
    return chosen


def _ldexp(entry: int, exponent: int) -> float:
    """Return entry · 2^exponent, rounded to nearest: Python divides integers of any size correctly."""
    return entry / (1 << -exponent) if exponent <= 0 else float(entry << exponent)


def _signed(entry: int) -> int:
    return ((entry + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)
