"""python-flint, loaded when the first of its numbers is made.

Region graphs are a matter of integers: who asks for one alone need not load (25 ms, 10 MB) a library whose numbers
never appear. Files on the way there take the name `flint` from here; all others import python-flint as usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import flint as flint
else:

    class _Later:
        """Names of python-flint: the first question loads it, the second finds an attribute."""

        def __getattr__(self, name: str) -> Any:
            import flint as loaded

            value = getattr(loaded, name)
            setattr(self, name, value)
            return value

    flint = _Later()
