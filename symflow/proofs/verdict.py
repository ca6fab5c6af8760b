"""The eight verdicts of a claim, from the strongest to the weakest; never a bare bool.

Examples
--------
>>> verdict("refuted").means
'the original statement is false at a witness'
>>> bool(verdict("proved_shape"))
Traceback (most recent call last):
    ...
TypeError: a verdict is not a bool; look at its word
"""

from __future__ import annotations

from typing import ClassVar, Final, NoReturn, final

from symflow.errors import InputError


class AbstractClaimVerdict:
    """What was reached about a claim.

    Attributes
    ----------
    word : str
        As it stands in JSON.
    shown : str
        As it is shown: ``proved``, ``refuted``, ..
    means : str
        What it says, in one clause.
    holds : bool or None
        Whether the statement holds where it is claimed; None where nothing is said, or it speaks of nothing.
    """

    __slots__ = ()

    word: ClassVar[str]
    shown: ClassVar[str]
    means: ClassVar[str]
    holds: ClassVar[bool | None]

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not a bool; look at its word")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(self.word)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


@final
class ProvedGeneral(AbstractClaimVerdict):
    """For all weights and all shapes of a class, by a stored theorem that a second kernel has checked."""

    __slots__ = ()
    word, shown, holds = "proved_general", "proved", True
    means = "for all weights and all shapes of the class, by a stored theorem"


@final
class ProvedShape(AbstractClaimVerdict):
    """For all weights of one shape, by a polynomial identity or a sum of squares."""

    __slots__ = ()
    word, shown, holds = "proved_shape", "proved", True
    means = "for all weights of one shape, by polynomial identities"


@final
class ProvedInstance(AbstractClaimVerdict):
    """For one net, data and point, by exact evaluation."""

    __slots__ = ()
    word, shown, holds = "proved_instance", "proved", True
    means = "for this net, these data, at this point, exactly"


@final
class Enclosed(AbstractClaimVerdict):
    """For one net, with rigorous bounds around every number."""

    __slots__ = ()
    word, shown, holds = "enclosed", "enclosed", True
    means = "for this net and these data, by rigorous enclosures"


@final
class Conditional(AbstractClaimVerdict):
    """Proved from cited facts, which are named."""

    __slots__ = ()
    word, shown, holds = "conditional", "conditional", True
    means = "proved from the cited facts that are named"


@final
class Vacuous(AbstractClaimVerdict):
    """Its hypotheses cannot be met."""

    __slots__ = ()
    word, shown, holds = "vacuous", "vacuous", None
    means = "its hypotheses cannot be met"


@final
class Refuted(AbstractClaimVerdict):
    """The original statement, hypotheses included, is false at a witness."""

    __slots__ = ()
    word, shown, holds = "refuted", "refuted", False
    means = "the original statement is false at a witness"


@final
class Undecided(AbstractClaimVerdict):
    """Neither was reached; the claim says why."""

    __slots__ = ()
    word, shown, holds = "undecided", "undecided", None
    means = "neither proved nor refuted; the reason is given"


_ALL: Final[tuple[AbstractClaimVerdict, ...]] = (
    ProvedGeneral(),
    ProvedShape(),
    ProvedInstance(),
    Enclosed(),
    Conditional(),
    Vacuous(),
    Undecided(),
    Refuted(),
)

WORDS: Final = tuple(each.word for each in _ALL)


def verdict(word: str) -> AbstractClaimVerdict:
    """Return the verdict of that word.

    Raises
    ------
    InputError
        If there is none.
    """
    for each in _ALL:
        if each.word == word:
            return each
    raise InputError(f'no verdict "{word}"; known: {", ".join(WORDS)}')


def weakest(*verdicts: AbstractClaimVerdict) -> AbstractClaimVerdict:
    """Return the verdict of several claims taken together: the weakest.

    Examples
    --------
    >>> weakest(ProvedGeneral(), Conditional(), ProvedShape())
    Conditional()
    """
    return max(verdicts, key=_ALL.index)
