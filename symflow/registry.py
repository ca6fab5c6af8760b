"""Finds the members of an open folder by name.

An open folder (``activations/``, ``losses/``, ``formats/``) is one ``base.py`` and one file a member. A member
registers itself under one lower-case name with the folder's decorator; asking the registry for the first time
imports the folder's files, so that adding a member is writing one file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, Generic, TypeVar, final

from symflow.errors import UnknownNameError

Member = TypeVar("Member")


@final
class Registry(Generic[Member]):
    """The members of one open folder, by name.

    Parameters
    ----------
    kind : str
        What a member is called in messages, such as ``"activation"``.
    folder : str
        The package that holds the members, such as ``"symflow.activations"``.

    Examples
    --------
    >>> from symflow.activations.base import ACTIVATIONS
    >>> ACTIVATIONS.names()
    ('abs', 'identity', 'leaky_relu', 'maxpool', 'relu', 'relu_power')
    """

    def __init__(self, kind: str, folder: str) -> None:
        self.kind, self.folder = kind, folder
        self._members: dict[str, Member] = {}
        self._is_complete = False

    def register(self, name: str) -> Callable[[Member], Member]:
        """Return the decorator that enters a member under `name`."""

        def enter(member: Member) -> Member:
            if name in self._members:
                raise ValueError(f"two members of {self.folder} are called {name}")
            self._members[name] = member
            return member

        return enter

    def names(self) -> tuple[str, ...]:
        """Return the names of all members, sorted."""
        self._import_folder()
        return tuple(sorted(self._members))

    def find(self, name: str) -> Member:
        """Return the member called `name`.

        Raises
        ------
        UnknownNameError
            If there is none; the message suggests the nearest name.
        """
        self._import_folder()
        if not isinstance(name, str) or name not in self._members:
            raise UnknownNameError(self.kind, str(name), self.names())
        return self._members[name]

    def _import_folder(self) -> None:
        if self._is_complete:
            return
        package = importlib.import_module(self.folder)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.folder}.{module.name}")
        self._is_complete = True


# Where it is known how things look.
_DISPLAYS = ("symflow.reports.display", "symflow.pictures.notebook")


def display(thing: object, style: str) -> str | None:
    """Return how a notebook shows `thing` ("latex" or "html"), or None for its plain text.

    How things look is known on the floors of reports and pictures, above the things themselves; so the way up is by
    name.
    """
    for home in _DISPLAYS:
        shown: str | None = importlib.import_module(home).show(thing, style)
        if shown is not None:
            return shown
    return None


# Where it is known how things are written for others.
_EXPORTS = {
    "json_text": "symflow.reports.objects_json",
    "latex_text": "symflow.latex_forms",
    "sympy_form": "symflow.reports.objects_sympy",
    "graphml": "symflow.reports.regions_exports",
}


def export(thing: object, form: str) -> Any:
    """Return a thing in the form of this name; the way up is by name, as above."""
    return getattr(importlib.import_module(_EXPORTS[form]), form)(thing)
