"""Theorems for Coq, and the files in which they stand: the definitions, then at most 200 theorems.

After each theorem the script prints what it rests on. Over the rationals this is nothing at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import final

from symflow.checker.reading import Refused
from symflow.errors import SymflowError

CLAIMS_A_FILE = 200

#: The first line of every file that an export writes, by which the next one knows it.
MARK = "(* written by symflow export: check it with coqc *)\n"

#: What the theorems over the rationals may rest on: nothing; and those over the reals, Coq's own axioms of the reals.
ALLOWED_AXIOMS = {
    "Q": frozenset[str](),
    "R": frozenset(
        {
            "ClassicalDedekindReals.sig_not_dec",
            "ClassicalDedekindReals.sig_forall_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
            "Classical_Prop.classic",
        }
    ),
}


class NotExportedError(SymflowError):
    """A claim that has no script: the reason."""


@final
@dataclass(frozen=True, slots=True)
class Exported:
    """One theorem.

    Parameters
    ----------
    name : str
        An identifier, with the hash of what is claimed.
    kind : str
        identity, inequality, conservation, evaluation, cell, empty_cell, gradient, hull, piece, region, enclosure.
    about : str
        What it says, in words, for the comment above it.
    statement : str
    proof : str
        One tactic.
    numbers : str
        ``Q`` or ``R``: over which numbers.
    """

    name: str
    kind: str
    about: str
    statement: str
    proof: str
    numbers: str = "Q"

    @property
    def text(self) -> str:
        """The theorem, and the command that prints what it assumes."""
        return (
            f"(* {_plain(self.about)} *)\n"
            f"Theorem {self.name} :\n  {self.statement}.\n"
            f"Proof. {self.proof}. Qed.\nPrint Assumptions {self.name}.\n"
        )

    @property
    def attempt(self) -> str:
        """The theorem as one that has to fail: the same statement, the same tactic."""
        return f"Goal\n  {self.statement}.\nProof. Fail solve [{self.proof}]. Abort.\n"


@final
@dataclass
class Export:
    """Theorems, and what has none."""

    claims: list[Exported] = field(default_factory=list)
    not_exported: list[str] = field(default_factory=list)

    def add(self, place: str, claims: Iterable[Exported]) -> None:
        """Add claims, or the reason why there are none."""
        try:
            self.claims += list(claims)
        except (NotExportedError, Refused) as error:
            self.not_exported.append(f"{place}: {error}")

    @property
    def kinds(self) -> dict[str, int]:
        """How many theorems of each kind there are."""
        return dict(sorted(Counter(claim.kind for claim in _distinct(self.claims)).items()))

    def files(self, stem: str = "claims") -> Iterator[tuple[str, str]]:
        """Return names and texts: at most 200 theorems in one, rationals and reals apart."""
        remarks = MARK + "".join(f"(* not exported: {_plain(each)} *)\n" for each in self.not_exported)
        for numbers in ("Q", "R"):
            claims = _distinct(claim for claim in self.claims if claim.numbers == numbers)
            for i in range(0, len(claims), CLAIMS_A_FILE):
                part = claims[i : i + CLAIMS_A_FILE]
                yield f"{stem}_{numbers.lower()}_{i // CLAIMS_A_FILE + 1}.v", script_text(part, numbers, remarks)
                remarks = MARK
        if not self.claims:
            yield f"{stem}_none.v", remarks


def script_text(claims: Sequence[Exported], numbers: str, remarks: str = "") -> str:
    """Return one file: remarks, the definitions, the theorems."""
    return "\n".join([f"{remarks}{definitions(numbers)}", *(claim.text for claim in claims)])


def definitions(numbers: str) -> str:
    """Return what stands at the head of every script.

    Examples
    --------
    >>> "Definition has_slope" in definitions("Q")
    True
    """
    return files("symflow.exports").joinpath(f"nets_over_{numbers.lower()}.v").read_text(encoding="utf-8")


def named(stem: str, statement: str) -> str:
    """Return an identifier for a statement: a word, and the start of the statement's hash.

    Examples
    --------
    >>> named("weight-gradient preservation", "1 == 1")
    'weight_gradient_preservation_91e71dc7'
    """
    word = re.sub(r"[^A-Za-z0-9]+", "_", stem).strip("_")[:48] or "claim"
    return f"{word if word[0].isalpha() else 'c_' + word}_{hashlib.sha256(statement.encode()).hexdigest()[:8]}"


def exported(stem: str, kind: str, about: str, statement: str, proof: str, numbers: str = "Q") -> Exported:
    """Return a theorem, named by what it states.

    Examples
    --------
    >>> exported("one is one", "evaluation", "one", "1 == 1", "reflexivity").name
    'one_is_one_91e71dc7'
    """
    return Exported(named(stem, statement), kind, about, statement, proof, numbers)


def _distinct(claims: Iterable[Exported]) -> list[Exported]:
    found: dict[str, Exported] = {}
    for claim in claims:
        found.setdefault(claim.name, claim)
    return list(found.values())


def _plain(text: str) -> str:
    """Return a text that cannot end a comment, nor begin a string."""
    return json.dumps(text, ensure_ascii=True)[1:-1].replace('\\"', "'").replace("(*", "( *").replace("*)", "* )")
