"""What the text and the LaTeX of a closed form have in common: names, the order of pieces, what tells them apart.

Pieces stand in the order of a lecture, + before −. Where there are few conditions they are written as inequalities,
else the pieces are named by their signs: one word a datum, its layers parted by bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, final

from symflow.activations.base import AbstractActivation, AbstractUnitActivation
from symflow.cells.derivation import Derivation, Piece
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.objective import Risk
from symflow.nets.patterned_function import Constraint
from symflow.reports.expressions import Expression, Rational, Vector
from symflow.reports.latex_math import rational_latex
from symflow.reports.lecture import ZERO, Lecture, polynomial_expression, scaled, summed
from symflow.reports.linear_text import linear_text
from symflow.reports.readable.known_numbers import learned_from_pieces
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.point_lists import PointList, read_points

# With more conditions than these a piece is named by its signs.
MOST_INEQUALITIES = 3


@final
class Parts:
    """One derivation, taken apart for writing.

    Parameters
    ----------
    derivation : Derivation
        Of what.
    style : "text" or "latex"
        For which printer.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.objective import Output
    >>> shape = Architecture((1, 2, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> parts = Parts(derive(shape, Output()))
    >>> parts.letter, parts.words(parts.pieces[0]), parts.is_named_by_signs
    ('f', ('++|+',), True)
    """

    def __init__(self, derivation: Derivation, style: Literal["text", "latex"] = "text") -> None:
        self.derivation, self.lecture = derivation, Lecture(derivation, style)
        self.net, self.shape = derivation.net, derivation.net.architecture
        self.pieces = tuple(reversed(derivation.pieces))
        self.is_at_point = derivation.function is not None
        self.has_weights_symbolic = self.net.network is None
        self.is_shallow = self.shape.n_hidden_layers == 1 and self.has_weights_symbolic
        self.has_groups = any(activation.is_group for activation in self.shape.activations)
        self.is_linear_in_z = all(activation.is_piecewise_linear for activation in self.shape.activations)

    # ------------------------------------------------------------------ names

    @property
    def letter(self) -> str:
        """What the function is called: f (an output), R (a risk), F."""
        objective = self.derivation.objective
        if isinstance(objective, Risk):
            return "R"
        return "f" if self.is_output else "F"

    @property
    def is_output(self) -> bool:
        """Whether F is the output on the one datum itself."""
        return self.net.n_data == 1 and self.derivation.text.constants == (fmpq(1),)

    @property
    def is_linear(self) -> bool:
        """Whether F is a combination of the outputs with numbers for coefficients."""
        return self.derivation.text.constants is not None

    # ------------------------------------------------------------------ pieces

    def value(self, piece: Piece) -> Expression:
        """Return F on a piece, where it is a combination of the outputs."""
        constants = self.derivation.text.constants
        assert constants is not None
        outputs = [self.lecture.output(k, piece.characters) for k in range(self.net.n_data)]
        return summed([scaled(Rational(c), f) for c, f in zip(constants, outputs, strict=True) if c != 0 and f != ZERO])

    def matrix_product(self, piece: Piece) -> str:
        """Return f on a piece, on one datum, as W_L diag(..) .. W_1 x (+ biases).

        Examples
        --------
        >>> from symflow.activations.base import activation
        >>> from symflow.cells.derivation import derive
        >>> from symflow.nets.architecture import Architecture
        >>> from symflow.nets.objective import Output
        >>> shape = Architecture((1, 2, 1), (activation("abs"),), has_biases=False)
        >>> parts = Parts(derive(shape, Output()))
        >>> parts.matrix_product(parts.pieces[1])
        'W2 diag(1, −1) W1 x'
        """
        is_latex = self.lecture.style == "latex"
        n_layers, result, space = self.shape.n_layers, "x", "" if is_latex else " "
        for layer in range(1, n_layers + 1):
            if layer == n_layers and self.shape.n_outputs > 1:
                matrix = r"v^{\top}" if is_latex else "vᵀ"
            else:
                matrix = f"W_{{{layer}}}" if is_latex else f"W{layer}"
            has_sum = self.shape.has_biases and layer > 1
            is_bare_sum = has_sum and not self.shape.activation(layer - 1).has_sites
            result = f"{matrix}{space}({result})" if is_bare_sum else f"{matrix}{space}{result}"
            if self.shape.has_biases:
                result += self._bias_text(layer)
            if layer < n_layers and self.shape.activation(layer).has_sites:
                result = self._diagonal(piece, layer, result)
        return result

    def _bias_text(self, layer: int) -> str:
        is_row = layer == self.shape.n_layers and self.shape.n_outputs > 1
        if self.lecture.style == "latex":
            return f"+b^{{({layer})}}_{{{self.net.output + 1}}}" if is_row else f"+b_{{{layer}}}"
        return f" + b{layer}[{self.net.output + 1}]" if is_row else f" + b{layer}"

    def _diagonal(self, piece: Piece, layer: int, inside: str) -> str:
        activation = self.shape.activation(layer)
        assert isinstance(activation, AbstractUnitActivation)
        units = range(self.shape.widths[layer])
        signs = [piece.characters[self.net.table.index[layer, unit, 0]] for unit in units]
        slopes = [fmpq(0) if s == "0" else activation.coefficients[s == "+"] for s in signs]
        if self.lecture.style == "latex":
            diagonal = rf"\operatorname{{diag}}({','.join(rational_latex(slope) for slope in slopes)})"
            return f"{diagonal}({inside})" if self.shape.has_biases else rf"{diagonal}\,{inside}"
        diagonal = f"diag({', '.join(linear_text(Rational(slope)) for slope in slopes)})"
        return f"{diagonal} ({inside})" if self.shape.has_biases else f"{diagonal} {inside}"

    @property
    def has_matrix_product(self) -> bool:
        """Whether f on a piece is a product of matrices: slopes that do not depend on z, one datum, no pooling."""
        return (
            self.is_linear_in_z
            and not self.has_groups
            and self.net.n_data == 1
            and self.has_weights_symbolic
            and self.shape.n_hidden_layers > 1
        )

    def input_gradient(self, piece: Piece) -> Expression:
        """Return ∇F by x on a piece, where the weights are known and F is a multiple of f."""
        constants = self.derivation.text.constants
        assert constants is not None
        entries = [
            polynomial_expression(entry * constants[0], self.lecture.style) for entry in piece.gradients[0].input
        ]
        return entries[0] if len(entries) == 1 else Vector(tuple(entries))

    def conditions(self, piece: Piece) -> list[Constraint]:
        """Return the conditions that tell the pieces apart: all of them, or near a point those of the kinks."""
        function = self.derivation.function
        if function is None:
            return list(piece.conditions)
        found: list[Constraint] = []
        for index in range(len(function.table.sites)):
            options = function.options(index, piece.characters)
            if len(options) > 1:
                found.extend(c for o in options if o.character == piece.characters[index] for c in o.constraints)
        return found

    @cached_property
    def is_named_by_signs(self) -> bool:
        """Whether pieces are named by their signs rather than by inequalities."""
        if self.shape.n_hidden_layers > 1 and not self.is_at_point and self.has_weights_symbolic:
            return True
        if not self.pieces:
            return True
        return any(len(self.conditions(piece)) > MOST_INEQUALITIES for piece in self.pieces)

    def words(self, piece: Piece) -> tuple[str, ...]:
        """Return the signs of each datum, layers parted by bars."""
        return tuple(self.word(datum, piece) for datum in range(self.net.n_data))

    def word(self, datum: int, piece: Piece) -> str:
        """Return the signs of one datum."""
        result, layer = "", 0
        for place in self.net.table.places[datum]:
            site = self.net.table.sites[place]
            if layer and site.layer != layer:
                result += "|"
            layer = site.layer
            result += piece.characters[place]
        return result

    # ------------------------------------------------------------------ at a point

    @cached_property
    def limits(self) -> tuple[tuple[Scalar, ...], ...]:
        """The gradients at the point, each once, in the order of the pieces."""
        return tuple(dict.fromkeys(self.derivation.gradient_at_point(piece) for piece in self.pieces))

    @cached_property
    def notation(self) -> Notation:
        """How numbers at the point are written: the coefficients c_k are the named constants."""
        function = self.derivation.function
        assert function is not None
        gradients = [(piece.characters, self.derivation.gradient_at_point(piece)) for piece in self.pieces]
        return Notation.of_coefficients(function, learned_from_pieces(function, gradients))

    @cached_property
    def limit_list(self) -> PointList:
        """The gradients at the point, read."""
        function = self.notation.function
        return read_points(function, self.notation, range(len(function.variables)), self.limits)

    # ------------------------------------------------------------------ slopes

    @property
    def slopes(self) -> tuple[fmpq, fmpq]:
        """The slopes (a_-, a_+) of the first hidden layer, an activation unit by unit."""
        activation = self.shape.activations[0]
        assert isinstance(activation, AbstractUnitActivation)
        return activation.coefficients

    def weighted_data(self, signs: Sequence[tuple[int, str]]) -> Expression:
        """Return sum_k c_k a(s_k) x_k over some data."""
        terms: list[Expression] = []
        for datum, character in signs:
            slope = self.slopes[character == "+"]
            coefficient = self.lecture.coefficient(datum)
            if slope != 0 and coefficient != ZERO:
                terms.append(scaled(Rational(slope), scaled(coefficient, self.lecture.x(datum))))
        return summed(terms)

    def is_same_side(self, first: int, other: int) -> bool:
        """Whether parallel data point the same way."""
        inputs = self.net.inputs
        assert inputs is not None
        extra = fmpq(1 if self.shape.has_biases else 0)
        return bool(sum((a * b for a, b in zip(inputs[first], inputs[other], strict=True)), extra) > 0)


def slopes_in_words(activations: Sequence[AbstractActivation]) -> tuple[fmpq, fmpq] | None:
    """Return the common slopes (a_-, a_+) of all layers that have kinks, or None where they differ.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> slopes_in_words([activation("abs"), activation("identity")])
    (-1, 1)
    """
    found = set()
    for activation in activations:
        if activation.name == "identity":
            continue
        if not isinstance(activation, AbstractUnitActivation) or activation.degree > 1:
            return None
        found.add(activation.coefficients)
    return found.pop() if len(found) == 1 else None
