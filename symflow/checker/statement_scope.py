"""What names mean where a statement is read: the objects of a net, named problems, bound names, and the sets.

:class:`AbstractScope` says what every function of the language may ask for; ``statement_values.py`` evaluates.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Self, TypeAlias

from symflow.checker.enclosed_numbers import Real
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_grammar import Expression, Mismatch, Numeral, Range
from symflow.checker.statement_names import is_reserved
from symflow.checker.statement_objects import AbstractObjects, Function, Scalar, Tensor
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope, check_rank
from symflow.checker.work import Work

_MOST_STEPS = 400_000
_LONGEST_RANGE = 1_000

#: How the Clarke differential of a function (or of a named problem) is known: its certificate, checked.
Sets: TypeAlias = Callable[["Function | str"], Polytope]


@dataclass(frozen=True)
class AbstractScope(ABC):
    """What names mean: the objects, named problems, the values of bound names, and the sets.

    Parameters
    ----------
    objects : AbstractObjects or None
        None where a statement is about named problems alone.
    named : mapping of str to Point
        Named problems.
    bound : mapping of str to values
        Names that binders introduced.
    sets : callable or None
        The Clarke differentials; None where none are known.
    """

    objects: AbstractObjects | None
    named: Mapping[str, Point] = field(default_factory=dict)
    bound: Mapping[str, Any] = field(default_factory=dict)
    sets: Sets | None = None
    work: Work = field(default_factory=lambda: Work(_MOST_STEPS), compare=False)

    @abstractmethod
    def value(self, expression: Expression) -> Any:
        """Return the value of an expression; a function stays one until it is used as a number."""

    def binding(self, name: str, value: Any) -> Self:
        """Return the scope with one more name, which must not mean something already."""
        if name in self.bound or name in self.named or is_reserved(name):
            raise Refused(f'"{name}" has a meaning already; choose another name')
        self.work.charge(1)
        return replace(self, bound={**self.bound, name: value})

    def on_shape(self, symbols: Symbols) -> Self:
        """Return the scope of all weights with these data; bound numbers stay what they are."""
        bound = {
            name: symbols.constant(value) if isinstance(value, Fraction) else value
            for name, value in self.bound.items()
            if isinstance(value, (int, Fraction))
        }
        return replace(self, objects=symbols, named={}, bound=bound, sets=None)

    @property
    def here(self) -> AbstractObjects:
        """The objects of the net."""
        if self.objects is None:
            raise Refused("this statement names its problems; it has no net of its own")
        return self.objects

    @property
    def ring(self) -> AbstractObjects:
        """The ring that is computed in."""
        if self.objects is not None:
            return self.objects
        if not self.named:
            raise Refused("nothing is given to compute with")
        return next(iter(self.named.values()))

    def number(self, expression: Expression) -> Tensor:
        """Return a scalar, a vector or a matrix; a function is its value."""
        return self.plain(self.value(expression))

    def plain(self, found: Any) -> Tensor:
        """Return what a function, or a named problem, is as a number."""
        if isinstance(found, Function):
            return self.here.value(found)
        if isinstance(found, str):
            return self.named[found].value(Function("R"))
        if isinstance(found, int):
            return self.constant(Fraction(found))
        if isinstance(found, Polytope):
            raise Refused("a set where a number is needed")
        return found

    def integer(self, expression: Expression | None, what: str = "an index") -> int:
        """Return a value that has to be a whole number."""
        if expression is None:
            raise Refused(f"':' where {what} is needed")
        found = expression.value if isinstance(expression, Numeral) else self.value(expression)
        if isinstance(found, Polynomial) and set(found.terms) <= {()}:
            found = found.terms.get((), Fraction(0))
        if not isinstance(found, (int, Fraction)) or Fraction(found).denominator != 1:
            raise Refused(f"{what} that is no whole number")
        return int(found)

    def range(self, binder: Range) -> range:
        """Return the indices of a binder."""
        first, last = self.integer(binder.first), self.integer(binder.last)
        if last - first >= _LONGEST_RANGE:
            raise TooLarge("a range with too many indices")
        return range(first, last + 1)

    def constant(self, number: Fraction) -> Scalar:
        """Return a rational number, in the ring of the objects."""
        return number if self.objects is None else self.objects.constant(number)

    def vector(self, expression: Expression) -> tuple[Real, ...]:
        """Return a value that has to be a vector."""
        found = self.number(expression)
        if isinstance(found, tuple) and not (found and isinstance(found[0], tuple)):
            return found
        raise Mismatch("a vector is needed here, as w, x[1], grad(f) or vector(1, 2) are")

    def function(self, expression: Expression) -> Function | str:
        """Return a value that has to be a function, or the name of a problem."""
        found = self.value(expression)
        if isinstance(found, Function) or (isinstance(found, str) and found in self.named):
            return found
        raise Refused("a function is needed here: f, f[k], m[k], R, or a named problem")


def scalar_of(found: Any, objects: AbstractObjects | None) -> Scalar:
    """Return a value that has to be a scalar; a polynomial with a² = a used."""
    check_rank(found, 0, "a comparison of")
    return objects.reduced(found) if isinstance(objects, Symbols) and isinstance(found, Polynomial) else found
