"""Theorems for Coq, and the files in which they stand: the definitions, then at most 200 theorems.

At its end a script prints what its theorems rest on. Over the rationals this is nothing at all.
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

#: What theorems over the reals may rest on: Coq's own axioms of the reals. Those over the rationals rest on nothing.
ALLOWED_AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)

#: Interval computes with the machine integers of Coq, whose operations and laws are primitive.
ALLOWED_LIBRARIES = ("PrimInt63", "Uint63")


def not_allowed(axioms: Iterable[str], numbers: str) -> list[str]:
    """Return those of some axioms on which a theorem over ``Q`` or ``R`` must not rest.

    Examples
    --------
    >>> not_allowed(["Classical_Prop.classic", "Uint63.add_spec", "trust_me"], "R")
    ['trust_me']
    >>> not_allowed(["Classical_Prop.classic"], "Q")
    ['Classical_Prop.classic']
    """
    if numbers == "Q":
        return sorted(axioms)
    return sorted(each for each in axioms if each not in ALLOWED_AXIOMS and each.split(".")[0] not in ALLOWED_LIBRARIES)


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
        """The theorem with its proof."""
        return f"(* {_plain(self.about)} *)\nTheorem {self.name} :\n  {self.statement}.\nProof. {self.proof}. Qed.\n"

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
    """Return one file: remarks, the definitions, the theorems, and what these rest on.

    Printed once for all of them together, for Coq takes a third of a second to print it; what all of them rest on, each
    of them may.
    """
    names = "; ".join(f"said {claim.name}" for claim in claims)
    bundle = f"Definition theorems := [{names}].\nPrint Assumptions theorems.\n"
    return "\n".join([f"{remarks}{definitions(numbers)}", *(claim.text for claim in claims), bundle])


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
        found.setdefault(claim.statement, claim)
    return list(found.values())


def _plain(text: str) -> str:
    """Return a text that cannot end a comment, nor begin a string."""
    return json.dumps(text, ensure_ascii=True)[1:-1].replace('\\"', "'").replace("(*", "( *").replace("*)", "* )")
