"""Verdicts are values, never bare booleans.

``Proved`` carries what re-checks the statement, ``Refuted`` what re-checks its negation, ``Undecided`` the reason.
None of them has a truth value: ``if dR.contains(g):`` raises, so that "undecided" can never pass for "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, final

from symflow.showing import AbstractShown


class AbstractVerdict(AbstractShown):
    """The common part: which of the three it is, and the evidence by name.

    Parameters
    ----------
    **evidence
        What re-checks the verdict, each piece by its name.
    """

    __slots__ = ("evidence",)

    def __init__(self, **evidence: Any) -> None:
        self.evidence: Mapping[str, Any] = evidence

    @property
    def is_proved(self) -> bool:
        """Whether the statement was proved."""
        return isinstance(self, Proved)

    @property
    def is_refuted(self) -> bool:
        """Whether the statement was refuted."""
        return isinstance(self, Refuted)

    @property
    def is_undecided(self) -> bool:
        """Whether neither was reached."""
        return isinstance(self, Undecided)

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not a bool; ask .is_proved, .is_refuted or .is_undecided")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.evidence == getattr(other, "evidence", None)

    def __hash__(self) -> int:
        return hash((type(self).__name__, repr(self)))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={_short(_on_vertices(name, value))}" for name, value in self.evidence.items())
        return f"{type(self).__name__}({inside})"


@final
class Proved(AbstractVerdict):
    """The statement holds; the evidence re-checks it.

    Examples
    --------
    >>> Proved(weights=("1/2", "1/2"))
    Proved(weights=(1/2, 1/2))
    >>> Proved(weights=(("1/2", "1/2"), ("1",)))  # of a segment times a point
    Proved(weights=(1/2, 1/2))
    """

    __slots__ = ()


@final
class Refuted(AbstractVerdict):
    """The statement is false; the evidence re-checks that.

    Examples
    --------
    >>> Refuted(separator=(-1, 0)).is_refuted
    True
    """

    __slots__ = ()


@final
class Undecided(AbstractVerdict):
    """Neither was reached; the evidence says why.

    Examples
    --------
    >>> bool(Undecided(reason="the budget ended"))
    Traceback (most recent call last):
        ...
    TypeError: a verdict is not a bool; ask .is_proved, .is_refuted or .is_undecided
    """

    __slots__ = ()


def _on_vertices(name: str, value: object) -> object:
    """Return weights on the factors of a product as weights on its vertices, where one factor alone has several."""
    if name == "weights" and isinstance(value, tuple) and all(isinstance(part, tuple) for part in value):
        several = [part for part in value if len(part) > 1]
        if len(several) == 1:
            return several[0]
    return value


def _short(value: object) -> str:
    if isinstance(value, tuple):
        inside = ", ".join(_short(entry) for entry in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return str(value)
