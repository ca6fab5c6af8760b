"""A claim: a statement, what it is about, a verdict, and what the verdict rests on. Plain data, believed by nobody.

Its JSON is canonical: the same claim has the same bytes and the same hash. Only ``kernel.mint`` makes a theorem of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, final

from symflow.checker.claims import claim_hash
from symflow.proofs.verdict import AbstractClaimVerdict, verdict
from symflow.showing import AbstractShown

#: Plain data: what ``json.dumps`` takes.
Json: TypeAlias = dict[str, Any]


@final
@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof that a lecturer would write.

    Parameters
    ----------
    kind : str
        How the step argues: one of ``KINDS``.
    sentence : str
        English; formulas between dollars, in LaTeX.
    """

    kind: str
    sentence: str

    def __repr__(self) -> str:
        return f"Step({self.kind}: {self.sentence if len(self.sentence) <= 80 else self.sentence[:79] + '…'})"


#: How a step argues, and how that is called in a margin.
KINDS: Mapping[str, str] = {
    "definition": "by definition",
    "by_cell": "on each cell",
    "expansion": "a polynomial identity",
    "trace_cyclicity": "tr(AB) = tr(BA)",
    "along_the_ray": "along the ray",
    "by_limit": "in the limit",
    "by_convexity": "by convexity",
    "by_induction": "by induction",
    "inequality": "an inequality",
    "citation": "cited",
    "witness": "a witness",
    "conclusion": "hence",
}


@final
@dataclass(frozen=True, slots=True)
class Claim(AbstractShown):
    """A statement and everything that is said about it.

    Parameters
    ----------
    name : str
        The lemma's, or the statement itself where it is a user's own.
    statement : str
        In the statement language, or a sentence where a stored theorem proves it in general.
    setting : dict
        What it is about; see ``setting.py``.
    word : str
        The verdict's word.
    scope : str
        For what, in words: ``"shape 2-2-1"``.
    number : str, optional
        Its number in the catalogue.
    hypotheses : tuple of str
        In words.
    axioms : tuple of str
        The names of the facts admitted.
    certificate, witness : dict, optional
        The evidence for, or against.
    premises : tuple of str
        The hashes of the claims it uses.
    reason : str, optional
        Why it is undecided.
    known_by : str
        How it is known, in a few words.
    words : str
        The statement as a lecturer says it; formulas between dollars, in LaTeX.
    proof : tuple of Step
    reference : str
    see : str, optional
        The name of the corrected statement, where this one is refuted or vacuous.

    Examples
    --------
    >>> from symflow import prove
    >>> prove("norm2(W1) - norm2(W2) is conserved", shape=(2, 2, 1)).claim
    Claim(norm2(W1) - norm2(W2) is conserved; shape 2-2-1; proved)
    """

    name: str
    statement: str
    setting: Json
    word: str
    scope: str
    number: str | None = None
    hypotheses: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    certificate: Json | None = None
    witness: Json | None = None
    premises: tuple[str, ...] = ()
    reason: str | None = None
    known_by: str = ""
    words: str = ""
    proof: tuple[Step, ...] = ()
    reference: str = ""
    see: str | None = None
    _tree: Json = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tree: Json = {
            "id": self.number,
            "claim": self.name,
            "statement": self.statement,
            "words": self.words,
            "setting": self.setting,
            "scope": self.scope,
            "verdict": verdict(self.word).word,
            "hypotheses": list(self.hypotheses),
            "axioms": list(self.axioms),
            "known_by": self.known_by,
            "premises": list(self.premises),
            "reference": self.reference,
            "see": self.see,
            "proof": [{"kind": step.kind, "sentence": step.sentence} for step in self.proof],
        }
        for key, value in (("certificate", self.certificate), ("witness", self.witness), ("reason", self.reason)):
            if value is not None:
                tree[key] = value
        tree["hash"] = claim_hash(tree)
        object.__setattr__(self, "_tree", tree)

    @property
    def verdict(self) -> AbstractClaimVerdict:
        """What was reached."""
        return verdict(self.word)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON."""
        return str(self._tree["hash"])

    def tree(self) -> Json:
        """Return the claim's JSON."""
        return dict(self._tree)

    def __repr__(self) -> str:
        return f"Claim({self.name}; {self.scope}; {self.verdict.shown})"
