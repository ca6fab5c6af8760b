"""Typed access to JSON written by an adversary: whatever is not as it must be is refused, with its place.

A certificate file may have been altered by anyone. So nothing here guesses or converts: a number is a
string of digits, a count is a JSON integer (never a boolean), no float is read at all, a key that
stands twice in one object is refused. A :class:`Refused` travels up to the nearest
:meth:`Report.checking`, which notes it and goes on with the next part; a file is accepted when nothing
was noted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar, final

_Kind = TypeVar("_Kind", str, int, bool, list[object], dict[str, object])

# Even the number of vertices of a large product is shorter; a longer integer is there to cost time.
_LONGEST_INTEGER = 1_000

# More refusals, or claims not checked, than these tell a reader nothing new.
_MOST_ENTRIES = 100


@final
class NotACertificateFile(ValueError):
    """The text is not a result with certificates: no JSON object, or of a command that writes none."""


class Refused(Exception):
    """What stands in the file does not follow, or is not what it has to be.

    Parameters
    ----------
    reason : str
        What was found.
    place : str
        Where, as a path of keys and indices such as ``cells[2].certificate``; empty for the part being checked.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        self.reason = reason
        self.place = place
        super().__init__(f"{place}: {reason}" if place else reason)


@final
class TooLarge(Refused):
    """The check would take more work than the checker allows itself: nothing is known to be wrong."""


@final
class Report:
    """What was checked, what was refused, and which claims were not looked at, or are too large to check.

    A result is accepted if nothing was refused and nothing was too large; a claim that no rule reads does no harm.

    Examples
    --------
    >>> report = Report()
    >>> with report.checking("cells[0]"):
    ...     raise Refused("the arc leaves the cell", "certificate")
    >>> report.result()["rejected"]
    [{'place': 'cells[0].certificate', 'reason': 'the arc leaves the cell'}]
    """

    def __init__(self) -> None:
        self.n_certificates = 0
        self.rejected: list[dict[str, str]] = []
        self.not_checked: list[str] = []
        self.has_too_large = False
        self._path: list[str] = []

    @contextmanager
    def checking(self, place: str) -> Iterator[None]:
        """Note a refusal raised inside, at `place`, and go on after it; places nest."""
        self._path.append(place)
        try:
            yield
        except TooLarge as refusal:
            self.has_too_large = True
            where = join(*self._path, refusal.place) or "everything else"
            self._skip(f"{where}: too large ({refusal.reason})")
        except Refused as refusal:
            self.reject(refusal.reason, refusal.place)
        finally:
            self._path.pop()

    def reject(self, reason: str, place: str = "") -> None:
        """Note that what stands at `place` is refused."""
        entry = {"place": join(*self._path, place), "reason": reason}
        if len(self.rejected) < _MOST_ENTRIES and entry not in self.rejected:
            self.rejected.append(entry)

    def skip(self, place: str) -> None:
        """Note that the claim at `place` was not checked."""
        self._skip(join(*self._path, place))

    def _skip(self, whole: str) -> None:
        if len(self.not_checked) < _MOST_ENTRIES and whole not in self.not_checked:
            self.not_checked.append(whole)

    def skip_unknown(self, tree: object, known: Container[str]) -> None:
        """Note every key of `tree` that no rule here reads; null and an empty list claim nothing."""
        if isinstance(tree, dict):
            for key, value in tree.items():
                if key not in known and value not in (None, []):
                    # A key is somebody else's text: nothing in it may reach a terminal as a command.
                    self.skip("".join(c if c.isascii() and c.isprintable() else "?" for c in key[:60]))

    def include(self, place: str, part: Report) -> None:
        """Take over what another report says, its places below `place`."""
        self.n_certificates += part.n_certificates
        with self.checking(place):
            for entry in part.rejected:
                self.reject(entry["reason"], entry["place"])
            for claim in part.not_checked:
                self.skip(claim)
        self.has_too_large = self.has_too_large or part.has_too_large

    def result(self) -> dict[str, object]:
        """Return the report in the form of the contract's `verify`."""
        return {
            "accepted": not self.rejected and not self.has_too_large,
            "n_certificates": self.n_certificates,
            "rejected": self.rejected,
            "not_checked": sorted(self.not_checked),
        }


def parse(text: str) -> dict[str, object]:
    """Return the JSON object that `text` spells.

    Raises
    ------
    NotACertificateFile
        If it spells no JSON object.
    Refused
        If a key stands twice in one object, or a number is a float or an absurdly long integer.

    Examples
    --------
    >>> parse('{"n_vertices": 2}')
    {'n_vertices': 2}
    >>> parse('{"n_vertices": 2, "n_vertices": 3}')
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: the key "n_vertices" stands twice in one object
    """
    try:
        tree = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        raise NotACertificateFile("this is not a JSON text that can be read") from error
    if not isinstance(tree, dict):
        raise NotACertificateFile("a certificate file is a JSON object")
    return tree


def take(tree: object, key: str, kind: type[_Kind]) -> _Kind:
    """Return the value at `key`, which must be there and be exactly of `kind`.

    Examples
    --------
    >>> take({"n_vertices": 2}, "n_vertices", int)
    2
    >>> take({"n_vertices": True}, "n_vertices", int)
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: n_vertices: expected an integer, found a boolean
    """
    if type(tree) is not dict:
        raise Refused(f"expected an object, found {described(tree)}")
    if key not in tree:
        raise Refused("missing", key)
    return exactly(tree[key], kind, key)


def entry_of(tree: object, key: str) -> object:
    """Return the value at `key`, which must be there, of any kind.

    Examples
    --------
    >>> entry_of({"values": None}, "values") is None
    True
    """
    if not isinstance(tree, dict) or key not in tree:
        raise Refused("missing", key)
    found: object = tree[key]
    return found


def exactly(value: object, kind: type[_Kind], place: str = "") -> _Kind:
    """Return `value`, which must be exactly of `kind`: a boolean is no integer here.

    Examples
    --------
    >>> exactly("+-", str)
    '+-'
    """
    if type(value) is not kind:
        raise Refused(f"expected {_NAMES[kind]}, found {described(value)}", place)
    return value


def items(tree: object, key: str, length: int | None = None) -> list[object]:
    """Return the list at `key`, of that length where one is given.

    Examples
    --------
    >>> items({"point": ["1", "2"]}, "point", 2)
    ['1', '2']
    """
    return sized(take(tree, key, list), length, key)


def sized(value: object, length: int | None, place: str = "") -> list[object]:
    """Return `value`, which must be a list of that length.

    Examples
    --------
    >>> sized(["1"], 2, "separator")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: separator: expected 2 entries, found 1
    """
    found = exactly(value, list, place)
    if length is not None and len(found) != length:
        raise Refused(f"expected {length} entries, found {len(found)}", place)
    return found


def optional(tree: dict[str, object], key: str, kind: type[_Kind]) -> _Kind | None:
    """Return the value at `key`, exactly of `kind`; None where it is null or missing.

    Examples
    --------
    >>> optional({"n_vertices": None}, "n_vertices", int) is None
    True
    """
    return None if tree.get(key) is None else take(tree, key, kind)


def expect(found: object, expected: object, place: str) -> None:
    """Refuse `found` unless it is the recomputed value, of the same type (so that ``true`` is not 1).

    Examples
    --------
    >>> expect(["W1[1,1]"], ["W1[1,1]"], "parameters")
    """
    if json.dumps(found) != json.dumps(expected):
        raise Refused(f"found {shown(found)}, recomputed {shown(expected)}", place)


def only_keys(tree: dict[str, object], known: Container[str]) -> None:
    """Refuse a key that no rule reads, where it might change what is meant.

    Examples
    --------
    >>> only_keys({"kind": "general", "mood": "good"}, ("kind",))
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: mood: a key that the checker does not know
    """
    for key in tree:
        if key not in known:
            raise Refused("a key that the checker does not know", key)


@contextmanager
def below(key: str) -> Iterator[None]:
    """Put a key before the place of a refusal raised inside, unless it stands there.

    Examples
    --------
    >>> with below("witness"):
    ...     raise Refused("missing", "setting")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: witness.setting: missing
    """
    try:
        yield
    except Refused as refusal:
        if refusal.place.startswith(key):
            raise
        raise type(refusal)(refusal.reason, join(key, refusal.place)) from refusal


def expect_accepted(report: Report) -> None:
    """Refuse what rests on a result that is refused itself, for its first reason.

    Examples
    --------
    >>> expect_accepted(Report())
    """
    if report.rejected:
        raise Refused(report.rejected[0]["reason"], report.rejected[0]["place"])


def join(*parts: str) -> str:
    """Return a path of keys and indices.

    Examples
    --------
    >>> join("cells[0]", "", "certificate"), join("cells", "[0]")
    ('cells[0].certificate', 'cells[0]')
    """
    path = ""
    for part in parts:
        path += part if not path or not part or part.startswith("[") else f".{part}"
    return path


def described(value: object) -> str:
    """Return the kind of a JSON value in words.

    Examples
    --------
    >>> described(None), described(True)
    ('null', 'a boolean')
    """
    return "null" if value is None else _NAMES.get(type(value), "something else")


def shown(value: object) -> str:
    """Return a JSON value, cut to a readable length.

    Examples
    --------
    >>> shown(["1", "2"])
    '["1", "2"]'
    """
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


_NAMES: dict[type, str] = {
    str: "a string",
    int: "an integer",
    bool: "a boolean",
    list: "a list",
    dict: "an object",
}


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # json's own rule, the last one wins, would let a reader see one claim and the checker another.
    tree = dict(pairs)
    if len(tree) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise Refused(f"the key {shown(twice)} stands twice in one object")
    return tree


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise Refused(f"an integer of {len(digits)} digits; numbers are strings, counts are small")
    return int(digits)


def _no_float(spelled: str) -> NoReturn:
    raise Refused(f"the float {spelled[:40]}; exact numbers are strings")
