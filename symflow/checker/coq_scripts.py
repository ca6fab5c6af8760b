"""The stored theorems' Coq scripts that continuous integration has checked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """A script: the hash of its bytes, what it proves, and what `Print Assumptions` printed."""

    sha256: str
    theorems: tuple[str, ...]
    axioms: tuple[str, ...]


SCRIPTS: dict[str, Script] = {}
