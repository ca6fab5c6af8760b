"""The one gate: a theorem is a claim that ``checker/`` has recomputed from its JSON, and nothing else is one.

``Theorem`` cannot be constructed elsewhere; should somebody forge one all the same, ``replay`` recomputes it, and so
does ``symflow verify``: nothing is believed for its type.

Examples
--------
>>> from symflow.proofs.claim import Claim
>>> from symflow.proofs.setting import shape_setting
>>> wrong = Claim("f == 0", "f == 0", shape_setting([1, 1, 1], ["relu"]), "proved_shape", "shape 1-1-1",
...               certificate={"kind": "expansion"})
>>> mint(wrong)
Traceback (most recent call last):
    ...
symflow.proofs.kernel.NotProvedError: f == 0: the two sides differ as polynomials (certificate)
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NoReturn, final

from symflow._version import __version__
from symflow.checker.claims import check_claim
from symflow.checker.reading import Report, parse
from symflow.errors import SymflowError
from symflow.proofs.claim import Claim, Json
from symflow.proofs.verdict import AbstractClaimVerdict
from symflow.registry import display

_GATE = object()


@final
class NotProvedError(SymflowError, ValueError):
    """The checker refused a claim: what it says does not follow from what comes with it."""


@final
class Theorem:
    """A claim that the kernel accepted; made by :func:`mint` alone.

    Its verdict may be any of the eight: that a statement is refuted, or undecided, is accepted too.
    """

    __slots__ = ("claim", "n_certificates", "not_checked", "problem")

    claim: Claim
    problem: Json | None
    n_certificates: int
    not_checked: tuple[str, ...]

    def __init__(self, gate: object, claim: Claim, problem: Json | None, report: Report) -> None:
        if gate is not _GATE:
            raise TypeError("a theorem is minted by the kernel: mint(claim)")
        object.__setattr__(self, "claim", claim)
        object.__setattr__(self, "problem", problem)
        object.__setattr__(self, "n_certificates", report.n_certificates)
        object.__setattr__(self, "not_checked", tuple(sorted(report.not_checked)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a theorem does not change")

    @property
    def verdict(self) -> AbstractClaimVerdict:
        """The claim's verdict."""
        return self.claim.verdict

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Theorem) and self.claim.hash == other.claim.hash

    def __hash__(self) -> int:
        return hash(self.claim.hash)

    def __repr__(self) -> str:
        claim = self.claim
        admitted = ", ".join(claim.axioms) if claim.axioms else "nothing"
        return f"Theorem({claim.name}; {claim.scope}; {claim.verdict.shown}; {admitted} admitted)"

    @property
    def premises(self) -> tuple[str, ...]:
        """The hashes of the claims that it uses."""
        return self.claim.premises

    @property
    def certificate(self) -> Json:
        """A result as ``symflow prove --json`` writes it, with this claim alone: what ``symflow verify`` re-checks."""
        result: Json = {"command": "prove", "symflow": __version__}
        if self.problem is not None:
            result["problem"] = self.problem
        return result | {"claims": [self.claim.tree()]}

    def _repr_html_(self) -> str | None:
        return display(self, "html")


def mint(claim: Claim, *, problem: Json | None = None, premises: Iterable[Theorem] = ()) -> Theorem:
    """Return the theorem that a claim is, after the checker has recomputed it from its JSON.

    Parameters
    ----------
    claim : Claim
    problem : dict, optional
        The tree of the problem that is given, where the claim's setting speaks of one.
    premises : iterable of Theorem
        Those whose hashes it names.

    Raises
    ------
    NotProvedError
        If the checker refuses it, or finds it too large.
    """
    report = Report()
    seen = {theorem.claim.hash for theorem in premises}
    text = json.dumps({"claim": claim.tree(), "problem": problem}, ensure_ascii=True)
    try:
        with report.checking(""):
            tree = parse(text)  # what is checked is what is written, not the objects in memory
            found = tree["claim"]
            assert isinstance(found, dict)
            check_claim(report, found, tree["problem"], seen)
    except Exception as error:  # the safe side, as in ``symflow verify``: what was not foreseen is no theorem
        raise NotProvedError(f"{claim.name}: the check broke off: {type(error).__name__}") from error
    if report.rejected:
        first = report.rejected[0]
        where = f" ({first['place']})" if first["place"] else ""
        raise NotProvedError(f"{claim.name}: {first['reason']}{where}")
    if report.has_too_large:
        raise NotProvedError(f"{claim.name}: {report.not_checked[0]}")
    return Theorem(_GATE, claim, problem, report)


def replay(theorem: Theorem, *, problem: Json | None = None, premises: Iterable[Theorem] = ()) -> Theorem:
    """Recompute a theorem; raise if it does not hold."""
    return mint(theorem.claim, problem=problem, premises=premises)
