"""What a user gives where a function is needed: a risk, a map at a point, or the function itself."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.errors import NotSupportedError, WrongTypeError
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization


def function_at(
    function: AbstractPatternedFunction | EmpiricalRisk | Realization, at: Sequence[object] | None = None
) -> AbstractPatternedFunction:
    """Return F at the point where it is to be differentiated.

    Raises
    ------
    NotSupportedError
        If it has no point, or has one already and is given another.
    WrongTypeError
        If it is no function; the message says how to make one of it.

    Examples
    --------
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> function_at(f, (2,)).value
    2
    >>> function_at(f.network)
    Traceback (most recent call last):
        ...
    symflow.errors.WrongTypeError: Network is no function to differentiate; give Realization(net) with at=(..), \
a function of the input, or EmpiricalRisk(net, data), one of the weights
    """
    if isinstance(function, EmpiricalRisk):
        return function.at(at)
    if isinstance(function, Realization):
        if at is None:
            raise NotSupportedError("a realization has no point of its own; give at=(..)")
        return function.at(at)
    if isinstance(function, Network):
        raise WrongTypeError(
            "Network is no function to differentiate; give Realization(net) with at=(..), a function of the input, "
            "or EmpiricalRisk(net, data), one of the weights"
        )
    if not isinstance(function, AbstractPatternedFunction):
        raise WrongTypeError(
            f"{type(function).__name__} is no function to differentiate; "
            "give an EmpiricalRisk(net, data) or a Realization(net) with at=(..)"
        )
    if at is not None:
        raise NotSupportedError(
            "this function has a point already; give the point to the EmpiricalRisk or Realization it was made from"
        )
    return function
