"""All conservation laws of a model, with the proof that there are no more where there is one.

The laws that have names come first, each verified as an identity. The rank of their Jacobian at a point is a lower
bound of how many independent laws there are; the parameters minus the rank of the Lie algebra (``brackets.py``) an
upper one. Where they differ, all laws of degree at most two are computed and those that are no linear combination of
the known ones (and of products of two linear ones) are added. Where they still differ, both numbers are reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.errors import InputError, NotSupportedError, UnknownNameError, WrongTypeError
from symflow.exact.dual_numbers import elements
from symflow.exact.modular_rank import GrowingRank
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.laws.brackets import BracketRank, bracket_rank, prime_of, some_point
from symflow.laws.closure import Closure, closure
from symflow.laws.identities import holds_locally, is_conserved, output_gradients
from symflow.laws.law import ConservationLaw
from symflow.laws.models import Field, Fields, cell_fields, default_model, linear_fields, path_fields, trained_places
from symflow.laws.quadratic import new_quadratic_laws
from symflow.laws.textbook import textbook_laws
from symflow.nets.architecture import Architecture
from symflow.nets.network import Network, exact_input
from symflow.nets.pattern import SiteTable
from symflow.problem import Problem
from symflow.showing import AbstractFormula

#: Larger nets are refused: the minor that proves the count would have as many rows.
MOST_PARAMETERS = 1500


@final
@dataclass(frozen=True)
class ConservationLaws(AbstractFormula):
    """The laws of a model.

    Parameters
    ----------
    fields : Fields
        What drives the flow.
    laws : tuple of ConservationLaw
        Independent ones: their gradients are linearly independent at almost every point.
    dependent_laws : tuple of ConservationLaw
        Further ones, functions of these near almost every point.
    columns : tuple of int
        Parameters: the minor of the Jacobian of `laws` in these columns is not zero at the point of `brackets`, modulo
        its prime.
    minor : int
        That minor modulo the prime.
    brackets : BracketRank
        Why there are no more than ``n_laws_at_most``.
    has_all_quadratic : bool
        Whether every law of degree at most two is a combination of these (and of products of linear ones), because the
        null space was computed.
    closure : Closure, optional
        Why the Lie algebra has no more dimensions than ``lie_dimension``, where that is not clear from the laws.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> found = conservation_laws(Architecture((2, 2, 1), (activation("relu"),), has_biases=False))
    >>> found
    ConservationLaws(relu 2-2-1: 2 laws of 6 parameters, complete)
    >>> found.laws[0]
    W1[1,1]**2 + W1[1,2]**2 - W2[1,1]**2
    """

    fields: Fields
    laws: tuple[ConservationLaw, ...]
    dependent_laws: tuple[ConservationLaw, ...]
    columns: tuple[int, ...]
    minor: int
    brackets: BracketRank
    has_all_quadratic: bool
    closure: Closure | None = None

    @property
    def model(self) -> str:
        """``"linear"``, ``"relu"`` or ``"cell"``."""
        return self.fields.model

    @property
    def shape(self) -> Architecture:
        """The net's shape."""
        return self.fields.shape

    @property
    def n_parameters(self) -> int:
        """D, the number of parameters."""
        return self.shape.n_parameters

    @property
    def lie_dimension(self) -> int:
        """The dimensions that the Lie algebra is proved to have at almost every point."""
        return self.brackets.rank

    @property
    def n_laws(self) -> int:
        """The number of independent laws that are known."""
        return len(self.laws)

    @property
    def n_laws_at_most(self) -> int:
        """There are no more independent laws than this."""
        return self.n_parameters - self.lie_dimension

    @property
    def is_lie_dimension_exact(self) -> bool:
        """Whether it is proved that there are exactly ``n_laws_at_most`` independent laws, known or not."""
        return self.is_complete or self.closure is not None

    @property
    def is_complete(self) -> bool:
        """Whether it is proved that there are no other independent laws, near almost every point."""
        return self.n_laws == self.n_laws_at_most

    @property
    def scope(self) -> str:
        """What the laws are complete for, if they are: "all data", "path monomials" or "given data".

        For one hidden layer with two inputs or more, or biases, the outputs on enough data span all path monomials: the
        difference of two outputs on either side of a kink isolates its neuron. Beyond, they may span less.
        """
        shape = self.shape
        if self.model == "cell":
            return "given data"
        if self.model == "linear":
            return "all data"
        is_wide = shape.n_inputs >= 2 or shape.has_biases
        is_shallow = shape.n_hidden_layers == 0 or (shape.n_hidden_layers == 1 and self._has_kinks(1))
        return "all data" if is_wide and is_shallow else "path monomials"

    def _has_kinks(self, layer: int) -> bool:
        """Whether every neuron of a layer has pieces of different slopes."""
        activation = self.shape.activation(layer)
        if isinstance(activation, AbstractUnitActivation):
            return activation.has_sites and activation.coefficients[0] != activation.coefficients[1]
        return all(len(members) > 1 for members in self.shape.members(layer))

    @cached_property
    def used_fields(self) -> tuple[Field, ...]:
        """The fields that occur in the words, in the order of their first use."""
        return tuple(self.fields.fields[i] for i in dict.fromkeys(i for word in self.brackets.words for i in word))

    def __repr__(self) -> str:
        count = f"{self.n_laws} laws" if self.n_laws != 1 else "1 law"
        end = "complete" if self.is_complete else f"at most {self.n_laws_at_most}"
        return f"ConservationLaws({self.model} {self.shape}: {count} of {self.n_parameters} parameters, {end})"


def conservation_laws(
    shape: Architecture | Network | Problem,
    *,
    model: str | None = None,
    trained: Sequence[str] | None = None,
    budget: Budget = NO_BUDGET,
) -> ConservationLaws:
    """Return the laws of a shape, whatever the data: the models ``linear`` and ``relu``.

    Parameters
    ----------
    shape : Architecture, Network or Problem
        Widths, activations, biases; of a problem nothing else. :func:`laws_of_problem` looks at its data too.
    model : str, optional
        ``"linear"`` or ``"relu"``; by default the first for a net without kinks.
    trained : sequence of str, optional
        The matrices and biases that move, such as ``["W1", "b1"]``; by default all. What is held is a law of its own.
    budget : Budget
        Where it ends, what is known is returned.

    Raises
    ------
    NotSupportedError
        If the model does not fit the activations.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 2, 2), (activation("identity"),), has_biases=False)
    >>> conservation_laws(shape), conservation_laws(shape).lie_dimension
    (ConservationLaws(linear 2-2-2: 3 laws of 8 parameters, complete), 5)
    """
    shape = _architecture(shape)
    _check_size(shape)
    chosen = default_model(shape) if model is None else model
    if chosen not in ("linear", "relu", "cell"):
        raise UnknownNameError("model of laws", str(chosen), ("cell", "linear", "relu"))
    if chosen == "cell":
        raise NotSupportedError('the model "cell" needs data and cells: laws_on_cells', place="laws.model")
    fields = linear_fields(shape) if chosen == "linear" else path_fields(shape)
    return laws_of(_restricted(fields, trained), budget=budget)


def laws_on_cells(
    shape: Architecture | Network,
    inputs: Sequence[Sequence[object]],
    patterns: Sequence[str],
    *,
    outputs: Sequence[int] | None = None,
    trained: Sequence[str] | None = None,
    budget: Budget = NO_BUDGET,
) -> ConservationLaws:
    """Return the laws on an activation cell, for the given data: the model ``cell``.

    With several patterns, those polynomials that are conserved on each of the cells.

    Parameters
    ----------
    shape : Architecture or Network
        Widths, activations, biases.
    inputs : sequence of vectors
        The data, in exact numbers.
    patterns : sequence of str
        Cells: one word a datum, joined by ``|``; a character a hidden unit, layer by layer.
    outputs : sequence of int, optional
        Which outputs drive the flow, from 1; by default all.
    trained : sequence of str, optional
        The matrices and biases that move; by default all.
    budget : Budget
        Where it ends, what is known is returned.

    Raises
    ------
    InexactNumberError, ShapeError, InputError
        Naming the datum, or the pattern that is none.

    Examples
    --------
    Two active neurons on one datum: one field, so five laws; on two data, three.

    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
    >>> laws_on_cells(shape, [(1, 2)], ["++"])
    ConservationLaws(cell 2-2-1: 5 laws of 6 parameters, complete)
    >>> laws_on_cells(shape, [(1, 2), (3, 1)], ["++|++"])
    ConservationLaws(cell 2-2-1: 3 laws of 6 parameters, complete)
    """
    shape = _architecture(shape)
    _check_size(shape)
    chosen = tuple(range(1, shape.n_outputs + 1)) if outputs is None else tuple(outputs)
    data = [exact_input(x, shape.n_inputs, place=f"data.inputs[{k}]") for k, x in enumerate(inputs, start=1)]
    for pattern in patterns:
        _check_pattern(shape, pattern, len(data))
    return laws_of(_restricted(cell_fields(shape, data, patterns, chosen), trained), budget=budget)


def _restricted(fields: Fields, trained: Sequence[str] | None) -> Fields:
    return fields if trained is None else replace(fields, trained=trained_places(fields.shape, trained))


def _architecture(shape: Architecture | Network | Problem) -> Architecture:
    """Return the architecture whose laws are asked for; a net and a problem have one."""
    if isinstance(shape, (Network, Problem)):
        return shape.architecture
    if not isinstance(shape, Architecture):
        raise WrongTypeError(
            f"{type(shape).__name__} has no laws of its own; give a net or its architecture, "
            "or laws_of_problem(R) for the laws at the point of a risk"
        )
    return shape


def _check_size(shape: Architecture) -> None:
    if shape.n_parameters > MOST_PARAMETERS:
        raise NotSupportedError(
            f"{shape.n_parameters} parameters, and minors of at most {MOST_PARAMETERS} rows are computed; "
            "ask about a smaller net of the same kind",
            place="network",
        )


def _check_pattern(shape: Architecture, pattern: str, n_data: int) -> None:
    """Raise `InputError` unless a pattern has one word a datum, of characters that can stand there."""
    sites = SiteTable(shape, 1).sites
    words = pattern.split("|")
    if len(words) != n_data or any(len(word) != len(sites) for word in words):
        raise InputError(f'"{pattern}" is no pattern: {n_data} words of {len(sites)} characters', place="pattern")
    for word in words:
        for character, site in zip(word, sites, strict=True):
            if character not in (POSITIONS[: len(site.members)] if site.is_group else "-0+"):
                raise InputError(f'"{character}" cannot stand in a pattern there', place="pattern")


def laws_of(fields: Fields, *, budget: Budget = NO_BUDGET) -> ConservationLaws:
    """Return the laws of the fields of a model."""
    named = textbook_laws(fields)
    verified = _verified(fields, named)
    assert len(verified) == len(named), "a law with a name that does not hold"
    independent = _Independent(some_point(fields.shape.n_parameters), prime_of(fields))
    independent.add(verified)
    brackets = bracket_rank(fields, fields.shape.n_parameters - len(independent.laws), budget=budget)
    has_all = False
    if len(independent.laws) + brackets.rank < fields.shape.n_parameters:
        further = new_quadratic_laws(fields, verified, budget=budget)
        if further is not None:
            has_all = True
            independent.add(further)
    is_open = len(independent.laws) + brackets.rank < fields.shape.n_parameters
    return ConservationLaws(
        fields,
        tuple(independent.laws),
        tuple(independent.dependent),
        tuple(independent.rank.pivots),
        independent.rank.minor,
        brackets,
        has_all,
        closure(fields, brackets) if is_open and brackets.rank else None,
    )


def _verified(fields: Fields, laws: Sequence[ConservationLaw]) -> list[ConservationLaw]:
    """Return the laws that hold as identities."""
    is_local = [law.kind in ("balancing", "layer", "gram") for law in laws]
    gradients = () if all(is_local) else output_gradients(fields)
    return [
        law
        for law, local in zip(laws, is_local, strict=True)
        if (holds_locally(law, fields) if local else is_conserved(law, gradients))
    ]


@final
class _Independent:
    """Laws whose gradients are independent at a point, modulo a prime."""

    def __init__(self, point: tuple[int, ...], prime: int) -> None:
        self.point = point
        self.rank = GrowingRank(len(point), prime)
        self.laws: list[ConservationLaw] = []
        self.dependent: list[ConservationLaw] = []

    def add(self, laws: Sequence[ConservationLaw]) -> None:
        """Take those that are independent of all before into `laws`, the others into `dependent`."""
        if not laws:
            return
        rows = [law.gradient_modulo(self.point, self.rank.prime) for law in laws]
        kept = set(self.rank.grow(elements(rows)))
        for place, law in enumerate(laws):
            (self.laws if place in kept else self.dependent).append(law)
