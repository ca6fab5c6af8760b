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
from symflow.showing import AbstractShown

_GATE = object()


@final
class NotProvedError(SymflowError, ValueError):
    """The checker refused a claim: what it says does not follow from what comes with it."""


@final
class Theorem(AbstractShown):
    """A claim that the kernel accepted; made by :func:`mint` alone.

    Its verdict may be any of the eight: that a statement is refuted, or undecided, is accepted too.

    Attributes
    ----------
    claim : Claim
        What is claimed, with its evidence.
    premises : tuple of Theorem
        Those that it uses.
    also : tuple of Theorem
        What else the same lemma claims, where it was asked for by name.
    result : dict
        The result of the command that asks the same: all these claims, in the lemma's order.

    Examples
    --------
    >>> from symflow import prove
    >>> theorem = prove("norm2(W1) - norm2(W2) is conserved", shape=(2, 2, 1))
    >>> theorem.verdict.word, theorem.n_certificates
    ('proved_shape', 1)
    """

    __slots__ = ("_result", "also", "claim", "n_certificates", "not_checked", "premises", "problem")

    claim: Claim
    problem: Json | None
    n_certificates: int
    not_checked: tuple[str, ...]
    premises: tuple[Theorem, ...]
    also: tuple[Theorem, ...]
    _result: Json | None

    def __init__(
        self, gate: object, claim: Claim, problem: Json | None, report: Report, premises: tuple[Theorem, ...]
    ) -> None:
        if gate is not _GATE:
            raise TypeError("a theorem is minted by the kernel: mint(claim)")
        object.__setattr__(self, "claim", claim)
        object.__setattr__(self, "problem", problem)
        object.__setattr__(self, "n_certificates", report.n_certificates)
        object.__setattr__(self, "not_checked", tuple(sorted(report.not_checked)))
        object.__setattr__(self, "premises", premises)
        object.__setattr__(self, "also", ())
        object.__setattr__(self, "_result", None)

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
    def certificate(self) -> Json:
        """A result of ``symflow prove --json`` with this claim and its premises alone: what ``verify`` re-checks."""
        result: Json = {"command": "prove", "symflow": __version__}
        if self.problem is not None:
            result["problem"] = self.problem
        return result | {"claims": [theorem.claim.tree() for theorem in self._with_premises()]}

    @property
    def result(self) -> Json:
        """The result of the command that asks the same: the claims of a lemma, or this one alone."""
        return self.certificate if self._result is None else self._result

    def _with_premises(self) -> list[Theorem]:
        """Return the premises, each after its own, and last the theorem itself; each once."""
        listed: dict[str, Theorem] = {}
        for premise in self.premises:
            listed |= {theorem.claim.hash: theorem for theorem in premise._with_premises()}
        return [*listed.values(), self]


def beside(theorem: Theorem, others: Iterable[Theorem], result: Json) -> Theorem:
    """Return the same theorem, with what else was claimed when it was asked for, and the command's result."""
    same = object.__new__(Theorem)
    for name in Theorem.__slots__:
        object.__setattr__(same, name, getattr(theorem, name))
    object.__setattr__(same, "also", tuple(others))
    object.__setattr__(same, "_result", result)
    return same


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
    known = tuple(theorem for theorem in premises if theorem.claim.hash in claim.premises)
    seen = {theorem.claim.hash for theorem in known}
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
    return Theorem(_GATE, claim, problem, report, known)


def replay(theorem: Theorem, *, problem: Json | None = None, premises: Iterable[Theorem] = ()) -> Theorem:
    """Recompute a theorem; raise if it does not hold."""
    return mint(theorem.claim, problem=problem, premises=premises)
