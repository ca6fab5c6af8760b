"""Preactivations on many cells as integers larger than a machine word: modulo enough primes, and put together again.

A prime p is so small that a sum of products of residues stays below 2^53: the products of matrices are then exact in
floats, at their speed. The integers are known to be at most B in size; from residues modulo primes of product M > 2 B
each is the one in (-M/2, M/2) that has them (the Chinese remainder theorem; Garner 1959 for the digits).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.integer_layers import WINNER_OFFSET, IntegerLayer, IntegerNet, Matrix

Characters = NDArray[np.int8]
# Residues modulo each prime: (n_primes, n_units, n_regions, size), integers below 2^26 held as floats.
Residues = NDArray[np.float64]


@final
class ModularNet:
    """The layers of a net below one of them, and that one, modulo enough primes.

    Parameters
    ----------
    net : IntegerNet
        The net.
    layer : int
        From 0; the number of hidden layers gives the outputs.
    bound : int
        No integer in a row of that layer is larger in size.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.integer_layers import integer_net
    >>> net = integer_net(Network.from_weights([[1], [-1]], [[3**50, 1]]))
    >>> rows = ModularNet(net, 1, 3**51).rows(np.array([[1, -1], [-1, 1]], np.int8))
    >>> rows == [((3**50, 0),), ((-1, 0),)]
    True
    """

    def __init__(self, net: IntegerNet, layer: int, bound: int) -> None:
        self.n_inputs = net.n_inputs
        self.below = net.hidden[:layer]
        last = (net.last, net.last_bias) if layer == len(net.hidden) else _affine_map(net.hidden[layer])
        maps = [*map(_affine_map, self.below), last]
        n_summands = max(len(row) for weights, _ in maps for row in weights) + 1
        self.primes = _primes(math.isqrt(2**53 // n_summands), 2 * bound)
        self.maps = [(self._residues(weights), self._residues([bias])[:, 0]) for weights, bias in maps]
        self.slopes = [None if below.slopes is None else self._residues([below.slopes])[:, 0] for below in self.below]

    def rows(self, characters: Characters) -> list[tuple[tuple[int, ...], ...]]:
        """Return for each pattern of the layers below a covector of (x, D) for each unit."""
        size = self.n_inputs + 1
        features = np.broadcast_to(np.eye(self.n_inputs, size)[:, None, :], (len(self.primes), self.n_inputs, 1, size))
        # Cells with one pattern so far are one region.
        region = np.zeros(len(characters), np.int64)
        first = 0
        for below, (weights, bias), slopes in zip(self.below, self.maps, self.slopes, strict=False):
            units = self._through(weights, bias, features)
            here = characters[:, first : first + below.n_characters]
            first += below.n_characters
            prefixes = np.concatenate([region.astype(np.int64).view(np.int8).reshape(len(here), 8), here], axis=1)
            _, chosen, finer = np.unique(prefixes, axis=0, return_index=True, return_inverse=True)
            features = self._activated(units[:, :, region[chosen]], below, here[chosen], slopes)
            region = finer.reshape(-1)
        rows = self._through(*self.maps[-1], features)
        entries = self._integers(rows).transpose(1, 0, 2).tolist()
        each = [tuple(map(tuple, covectors)) for covectors in entries]
        return [each[place] for place in region.tolist()]

    def _residues(self, matrix: Matrix | Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """Return an integer matrix modulo each prime."""
        return np.array([[[entry % p for entry in row] for row in matrix] for p in self.primes], np.float64)

    def _through(self, weights: NDArray[np.float64], bias: NDArray[np.float64], features: Residues) -> Residues:
        """Return W h + b D."""
        n_primes, n_features, n_regions, size = features.shape
        product: Residues = (weights @ features.reshape(n_primes, n_features, -1)).reshape(
            n_primes, -1, n_regions, size
        )
        product[..., -1] += bias[:, :, None]
        return self._reduced(product)

    def _activated(
        self, units: Residues, layer: IntegerLayer, characters: Characters, slopes: NDArray[np.float64] | None
    ) -> Residues:
        """Return the outputs of a layer, given its preactivations and the characters, region by region."""
        if slopes is None:
            winners = np.array([[*group, *[0] * 36][:36] for group in layer.members])
            chosen = winners[np.arange(len(layer.members))[:, None], characters.T - WINNER_OFFSET]
            return units[:, chosen, np.arange(len(characters))[None, :]]
        by_sign = np.stack([slopes[:, 0], np.zeros(len(slopes)), slopes[:, 1]], axis=1)
        product: Residues = units * by_sign[:, characters.T + 1][..., None]
        return product if by_sign.max() <= 1 else self._reduced(product)

    def _reduced(self, numbers: Residues) -> Residues:
        """Return integers below 2^53 modulo the primes: the quotient is rounded, and off by one at most."""
        primes = np.array(self.primes, np.float64).reshape(-1, *[1] * (numbers.ndim - 1))
        rest: Residues = numbers - np.floor(numbers * (1 / primes)) * primes
        rest += primes * (rest < 0)
        rest -= primes * (rest >= primes)
        return rest

    def _integers(self, residues: Residues) -> NDArray[Any]:
        """Return the integers, of size below half the product of the primes, that have these residues."""
        digits: list[NDArray[np.int64]] = []
        for place, p in enumerate(self.primes):
            rest = residues[place].astype(np.int64)
            for digit, q in zip(digits, self.primes, strict=False):
                rest = (rest - digit) * pow(q, -1, p) % p
            digits.append(rest)
        total: NDArray[Any] = np.zeros(residues.shape[1:], object)
        for digit, p in zip(reversed(digits), reversed(self.primes), strict=True):
            total = total * p + digit.astype(object)
        product = math.prod(self.primes)
        return np.where(total > product // 2, total - product, total)


def _affine_map(layer: IntegerLayer) -> tuple[Matrix, tuple[int, ...]]:
    return layer.weights, layer.bias


def _primes(most: int, bound: int) -> list[int]:
    """Return primes up to `most`, the largest first, whose product exceeds a bound.

    Examples
    --------
    >>> _primes(30, 10_000)
    [29, 23, 19]
    """
    found: list[int] = []
    product = 1
    width = 1 << 16
    last = most
    while product <= bound:
        if last < 2:
            raise ArithmeticError(f"the primes up to {most} do not suffice for {bound.bit_length()} bits")
        first = max(2, last - width + 1)
        is_prime = np.ones(last - first + 1, np.bool_)
        for divisor in range(2, math.isqrt(last) + 1):
            is_prime[max(divisor * divisor, -(-first // divisor) * divisor) - first :: divisor] = False
        for p in (first + np.flatnonzero(is_prime))[::-1].tolist():
            if product > bound:
                break
            found.append(p)
            product *= p
        last = first - 1
    return found
