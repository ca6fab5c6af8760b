"""Whether some brackets span the whole Lie algebra: then its dimension, and the number of laws, is known exactly.

If every field is a combination, with constant coefficients, of the words of one letter, and every bracket of such a
word with a word is a combination of the words, then the words span the Lie algebra. It has at most as many dimensions
at any point as there are words; where they are independent at one point there are exactly D − r independent laws near
almost every point (Frobenius), whether or not anybody can write them down. On one datum, for example, the flow keeps D
− 1 functions, most often not all of them polynomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.exact.polynomials import Monomial, Polynomial
from symflow.exact.rationals import fmpq
from symflow.laws.brackets import BracketRank
from symflow.laws.identities import output_gradients
from symflow.laws.models import Fields
from symflow.nets.fixed_slopes import n_paths

# Larger algebras, and nets with more paths, are not expanded.
_MOST_WORDS = 12
_MOST_PATHS = 500

_VectorField: TypeAlias = dict[int, Polynomial]
_Row: TypeAlias = dict[tuple[int, Monomial], fmpq]


@final
@dataclass(frozen=True, slots=True)
class Closure:
    """The coefficients.

    Parameters
    ----------
    fields : tuple of tuples of fmpq
        For each field of the model those of the words (0 for longer ones).
    brackets : tuple of tuples of tuples of fmpq
        For each word of one letter, in order, and each word those of their bracket.
    """

    fields: tuple[tuple[fmpq, ...], ...]
    brackets: tuple[tuple[tuple[fmpq, ...], ...], ...]


def closure(fields: Fields, rank: BracketRank) -> Closure | None:
    """Return why the words of a rank span the Lie algebra, or None where they do not, or that is too large.

    Examples
    --------
    One datum: one field, which is its Lie algebra.

    >>> from symflow.activations.base import activation
    >>> from symflow.laws.brackets import bracket_rank
    >>> from symflow.laws.models import cell_fields
    >>> from symflow.nets.architecture import Architecture
    >>> shape = Architecture((1, 1, 1), (activation("relu"),), has_biases=True)
    >>> fields = cell_fields(shape, [(fmpq(2),)], ["+"], [1])
    >>> closure(fields, bracket_rank(fields, 4))
    Closure(fields=((1,),), brackets=(((0,),),))
    """
    letters = [word for word in rank.words if len(word) == 1]
    if fields.model == "relu" or len(rank.words) > _MOST_WORDS or n_paths(fields.shape) > _MOST_PATHS:
        return None
    generators = output_gradients(fields)
    known: dict[tuple[int, ...], _VectorField] = {(i,): generator for i, generator in enumerate(generators)}
    for word in sorted(rank.words, key=len):
        for start in range(len(word) - 2, -1, -1):
            if word[start:] not in known:
                known[word[start:]] = bracket(known[word[start : start + 1]], known[word[start + 1 :]])
    basis = _Basis([_row(known[word]) for word in rank.words])
    places = [place for place, word in enumerate(rank.words) if len(word) == 1]
    combinations = [basis.coefficients(_row(generator)) for generator in generators]
    if any(c is None or any(c[k] != 0 for k in range(len(c)) if k not in places) for c in combinations):
        return None
    brackets = []
    for letter in letters:
        row = []
        for word in rank.words:
            coefficients = basis.coefficients(_row(bracket(known[letter], known[word])))
            if coefficients is None:
                return None
            row.append(coefficients)
        brackets.append(tuple(row))
    return Closure(tuple(c for c in combinations if c is not None), tuple(brackets))


def bracket(left: _VectorField, right: _VectorField) -> _VectorField:
    """Return [X, Y] = J_Y X − J_X Y.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> bracket({1: x}, {0: y})
    {0: x, 1: -y}
    """
    result: _VectorField = {}
    for sign, along, moved in ((1, left, right), (-1, right, left)):
        for place, component in moved.items():
            for variable in component.used_variables():
                if variable in along:
                    term = along[variable] * component.derivative(variable) * sign
                    result[place] = result[place] + term if place in result else term
    return {place: result[place] for place in sorted(result) if not result[place].is_zero()}


def _row(field: _VectorField) -> _Row:
    return {(place, monomial): c for place, component in field.items() for monomial, c in component.terms()}


@final
class _Basis:
    """Independent sparse vectors, and the coefficients of others in them."""

    def __init__(self, vectors: Sequence[_Row]) -> None:
        self.n = len(vectors)
        # A leading entry, the reduced vector, and the coefficients with which it was made.
        self.pivots: list[tuple[tuple[int, Monomial], _Row, list[fmpq]]] = []
        for place, vector in enumerate(vectors):
            left, made = self._reduced(vector)
            made = [-c for c in made]
            made[place] = made[place] + 1
            assert left, "words whose values are independent are dependent"
            self.pivots.append((min(left), left, made))

    def coefficients(self, vector: _Row) -> tuple[fmpq, ...] | None:
        """Return the coefficients of a vector, or None where it is no combination."""
        left, made = self._reduced(vector)
        return None if left else tuple(made)

    def _reduced(self, vector: _Row) -> tuple[_Row, list[fmpq]]:
        """Return what is left of a vector, and the coefficients of what was taken from it."""
        left, made = dict(vector), [fmpq(0)] * self.n
        for lead, row, coefficients in self.pivots:
            if lead in left:
                factor = left[lead] / row[lead]
                made = [a + factor * b for a, b in zip(made, coefficients, strict=True)]
                for key, entry in row.items():
                    value = left.get(key, fmpq(0)) - factor * entry
                    if value == 0:
                        left.pop(key, None)
                    else:
                        left[key] = value
        return left, made
