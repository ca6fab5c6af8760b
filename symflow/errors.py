"""Every exception of symflow, one family tree.

A message says what was asked, what was found, and what to do next. "Could not decide" is never an exception: it
is a value (:class:`symflow.verdict.Undecided`, a status in a result), because it is an answer.
"""

from __future__ import annotations

from typing import final


class SymflowError(Exception):
    """The root of everything symflow raises on purpose.

    Examples
    --------
    >>> from symflow import Network
    >>> try:
    ...     Network.from_weights([[1, "x"]])
    ... except SymflowError as error:
    ...     print(error)
    W1[1,2]: "x" is not a number; write "1/2" or "0.5"
    """


class InputError(SymflowError, ValueError):
    """Something the user gave is not what it has to be.

    Parameters
    ----------
    message : str
        What was found and what to do, in one line.
    place : str
        Where in the input it was found, such as ``"network.weights, W2[1,2]"``; empty where there is no place.

    Examples
    --------
    >>> str(InputError('"one half" is not a number; write "1/2" or "0.5"', place="network.weights, W2[1,2]"))
    'network.weights, W2[1,2]: "one half" is not a number; write "1/2" or "0.5"'
    """

    def __init__(self, message: str, *, place: str = "") -> None:
        self.message = message
        self.place = place
        super().__init__(f"{place}: {message}" if place else message)


@final
class InexactNumberError(InputError):
    """A lone Python float was given where exact numbers are needed.

    Examples
    --------
    >>> print(InexactNumberError('0.5 is a float. Write "1/2" or Fraction(1, 2)', place="W2[1,2]"))
    W2[1,2] = 0.5 is a float. Write "1/2" or Fraction(1, 2)
    """

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message, place=place)
        if place:
            self.args = (f"{place} = {message}",)


@final
class WrongTypeError(InputError, TypeError):
    """An object of another kind than the one that is needed; the message says what to make of it.

    Examples
    --------
    >>> from symflow import Network, derive
    >>> derive(Network.from_weights([[1]]))
    Traceback (most recent call last):
        ...
    symflow.errors.WrongTypeError: a net has two closed forms: give net.architecture for symbolic weights, \
or Realization(net) for the input
    """


@final
class ShapeError(InputError):
    """Matrices, data or labels whose sizes do not fit each other.

    Examples
    --------
    >>> from symflow import Network
    >>> Network.from_weights([[1, -1]])((1,))
    Traceback (most recent call last):
        ...
    symflow.errors.ShapeError: x: 1 entries, the net has 2 inputs; make them equal
    """


@final
class ProblemFileError(InputError):
    """A problem file, or a file it names, that cannot be read or understood.

    Examples
    --------
    >>> from symflow import read_problem
    >>> read_problem("nowhere.toml")
    Traceback (most recent call last):
        ...
    symflow.errors.ProblemFileError: nowhere.toml: no such file
    """


@final
class UnknownNameError(SymflowError, KeyError):
    """A name that an open folder, a table or the command line does not know.

    Parameters
    ----------
    kind : str
        What was looked for, such as ``"activation"``.
    name : str
        The name that was given.
    known : tuple of str
        The names that exist; the nearest one is suggested.

    Examples
    --------
    >>> str(UnknownNameError("activation", "rellu", ("abs", "relu")))
    'no activation "rellu"; did you mean relu?  (known: abs, relu)'
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        self.kind, self.name, self.known = kind, name, known
        nearest = nearest_name(name, known)
        hint = f"; did you mean {nearest}?  " if nearest else "  "
        self.message = f'no {kind} "{name}"{hint}(known: {", ".join(known)})'
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.kind, self.name, self.known)


@final
class NotUniqueError(SymflowError, ValueError):
    """The solution of a flow is not unique, and nobody said what to do then.

    Parameters
    ----------
    message : str
        Where it branches and what to ask for.
    trajectory : Trajectory
        What was followed up to there, with its branches.

    Examples
    --------
    -|x| falls to both sides of 0:

    >>> from symflow import Network, Realization, gradient_flow
    >>> f = Realization(Network.from_weights([[1], [-1]], [[-1, -1]]))
    >>> try:
    ...     gradient_flow(f, start=(0,), until=1)
    ... except NotUniqueError as error:
    ...     print(error.trajectory.is_unique)
    False
    """

    def __init__(self, message: str, trajectory: object) -> None:
        self.message, self.trajectory = message, trajectory
        super().__init__(message)

    def __reduce__(self) -> tuple[type[NotUniqueError], tuple[str, object]]:
        return type(self), (self.message, self.trajectory)


class BudgetExceededError(SymflowError, TimeoutError):
    """A search was stopped by its budget; whoever set the budget catches this and reports "undecided".

    Examples
    --------
    >>> from symflow.exact.simplex import Budget
    >>> Budget(max_pivots=0).check(1)
    Traceback (most recent call last):
        ...
    symflow.errors.BudgetExceededError: the exact simplex method was stopped after 0 pivots
    """


@final
class TooLongError(BudgetExceededError):
    """Exact arithmetic would need numbers that no computer holds: more time does not help."""


@final
class NotSupportedError(InputError):
    """A well-formed request for something that does not exist for this kind of net; the message says what does.

    Examples
    --------
    >>> from symflow import Network, Realization, clarke_differential
    >>> clarke_differential(Realization(Network.from_weights([[1]], [[1]])))
    Traceback (most recent call last):
        ...
    symflow.errors.NotSupportedError: a realization has no point of its own; give at=(..)
    """


def nearest_name(name: str, known: tuple[str, ...]) -> str | None:
    """Return the known name that `name` most likely meant, or None.

    Examples
    --------
    >>> nearest_name("clark", ("clarke", "audit"))
    'clarke'
    >>> nearest_name("xyz", ("clarke", "audit")) is None
    True
    """
    import difflib  # costs 5 ms, needed only on the way to an error message

    matches = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return matches[0] if matches else None
