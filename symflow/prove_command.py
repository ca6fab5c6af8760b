"""``symflow prove`` and ``symflow claims``: which lemmas are asked, and what becomes of their claims.

Every claim goes through the kernel before it is shown: what the checker refuses is a defect of symflow, and is reported
as undecided with what was refused, never as a theorem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from symflow.checker.statement_shapes import read_shape
from symflow.errors import BudgetExceededError, InputError, UnknownNameError, nearest_name
from symflow.exact.simplex import Budget
from symflow.lemmas.base import AbstractLemma, Target, all_lemmas, find_lemma
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.candidates import candidates
from symflow.proofs.claim import Claim, Json
from symflow.proofs.engines import remembering
from symflow.proofs.kernel import NotProvedError, Theorem, mint
from symflow.proofs.own_statements import decide_own
from symflow.proofs.prover import scope_words
from symflow.proofs.setting import GIVEN, shape_setting
from symflow.proofs.symbolic_files import setting_of_symbols

_RELATION = re.compile(r"==|!=|<=|>=|<|>|\bis\s+conserved\b|\bin\b|\bwithin\b")
_NUMBER = re.compile(r"[abdewABDEW][0-9]{1,2}", re.ASCII)
_SHAPE = re.compile(r"[0-9]{1,4}(-[0-9]{1,4}){1,20}", re.ASCII)


@final
@dataclass(frozen=True, slots=True)
class Claims:
    """What became of the claims.

    Parameters
    ----------
    theorems : tuple of Theorem
        All claims, accepted by the kernel, in order.
    asked : tuple of Theorem
        Those that were asked for by name, or are users' own statements.
    problem : Problem, optional
    shape : dict, optional
    """

    theorems: tuple[Theorem, ...]
    asked: tuple[Theorem, ...]
    problem: Problem | None
    shape: Json | None

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the net or the shape that was asked about; none where nothing was."""
        if self.shape is not None:
            return tuple(self.shape["widths"])
        return () if self.problem is None else tuple(self.problem.architecture.widths)

    @property
    def exit_code(self) -> int:
        """1 if a claim that was asked for is refuted, else 3 if one is undecided, else 0."""
        words = {theorem.verdict.word for theorem in self.asked}
        return 1 if "refuted" in words else 3 if "undecided" in words else 0


def prove(
    names: Sequence[str],
    *,
    problem: Problem | None = None,
    shape: str | None = None,
    everything: bool = False,
    known: Iterable[Json] = (),
    budget: Budget,
    progress: Callable[[str], object] = lambda _: None,
) -> Claims:
    """Ask lemmas by name, or all of them, about a problem, a shape, or nothing.

    Parameters
    ----------
    names : sequence of str
        Names of lemmas, numbers of the catalogue, or statements in the statement language.
    problem, shape : optional
        What is asked about; a shape is written ``2-2-1``.
    everything : bool
        All lemmas that apply, besides the names.
    known : iterable of dict
        Whole results of ``symflow clarke`` that are there already.
    budget : Budget
    progress : callable
        Told what is being done.
    """
    from symflow.reports.result_engines import ENGINES

    setting = None if shape is None else _read_shape(shape)
    if setting is not None:  # a net of that shape with symbols, of which hypotheses can be asked
        problem = problem_from_tree({"network": {"activation": setting["activation"], "widths": setting["widths"]}})
    target = Target(remembering(ENGINES, known), problem, setting, budget)
    theorems: list[Theorem] = []
    asked: list[Theorem] = []
    minted: dict[str, Theorem] = {}
    for name in names:
        progress(name)
        found = list(_minted(_asked(name, target), target, minted))
        theorems += found
        asked += found
    if everything or not names:
        for lemma in all_lemmas():
            progress(lemma.name)
            theorems += _minted(_of_lemma(lemma, target, is_asked_by_name=False), target, minted)
    return Claims(tuple(theorems), tuple(asked), None if setting is not None else problem, setting)


def _asked(name: str, target: Target) -> Iterable[Claim]:
    try:
        lemma = find_lemma(name.upper() if _NUMBER.fullmatch(name) else name)
    except UnknownNameError as error:
        if not _RELATION.search(name):
            raise InputError(_unknown(name, error.known), place="--claim") from None
        return [_own(name, target)]
    return _of_lemma(lemma, target, is_asked_by_name=True)


def _unknown(name: str, known: Sequence[str]) -> str:
    """Return what to do with a name that is none: the nearest ones, or how a statement is written."""
    shown = "".join(c if c.isprintable() else "?" for c in name[:60])
    if "=" in name:
        return f'"{shown}" is no statement; write == for equal  (symflow claims shows the language)'
    key = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    near = [each for each in known if key and (each.startswith(key) or f"_{key}" in each)][:3]
    nearest = nearest_name(key[:80], tuple(known))
    near = near or ([nearest] if nearest else [])
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f'no claim "{shown}"{hint}  (symflow claims lists all, and how to write one of your own)'


def _own(text: str, target: Target) -> Claim:
    """Return what becomes of a user's own statement; one that names what the problem does not have is bad input."""
    if target.problem is None:
        raise InputError("a statement is about a net; name a FILE, or give --shape 2-2-1", place=f'"{text}"')
    setting, like = GIVEN, None
    if target.shape is not None:
        setting = target.shape
    elif target.tree is None:
        setting, like = setting_of_symbols(target.problem)
    try:
        return decide_own(
            text,
            setting,
            given=target.tree,
            engines=target.engines,
            like=like,
            budget=target.budget,
            has_free_weights=setting["kind"] == "problem",
        )
    except BudgetExceededError:
        return Claim(text, text, setting, "undecided", scope_words(setting), reason="the time did not suffice")


def _of_lemma(lemma: AbstractLemma, target: Target, *, is_asked_by_name: bool) -> Iterable[Claim]:
    try:
        yield from lemma.claims(target, is_asked_by_name=is_asked_by_name)
    except BudgetExceededError:
        yield lemma.undecided(GIVEN if target.tree is not None else {"kind": "general"}, "the time did not suffice")


def _minted(claims: Iterable[Claim], target: Target, known: dict[str, Theorem]) -> Iterable[Theorem]:
    for claim in claims:
        if claim.hash in known:
            continue
        premises = [known[each] for each in claim.premises if each in known]
        try:
            theorem = mint(claim, problem=target.tree, premises=premises)
        except NotProvedError as refusal:
            # The search and the checker disagree: the checker is right, and nothing is claimed.
            doubt = replace(claim, word="undecided", certificate=None, witness=None, axioms=(), premises=())
            doubt = replace(doubt, reason=f"the checker refused it: {refusal}")
            theorem = mint(doubt, problem=target.tree)
        known[claim.hash] = theorem
        yield theorem


def numerically(theorems: Sequence[Theorem], problem: Problem | None, digits: int) -> dict[str, str]:
    """Return, by the hashes of claims that are equations on all weights, by how much they fail numerically.

    At the problem's point where it is off the kinks; else at a drawn point of the shape. A claim that is no equation
    between numbers has none.
    """
    from symflow.flows.precision import short_text
    from symflow.flows.statement_residuals import residual

    found = {}
    for theorem in theorems:
        claim = theorem.claim
        if claim.statement == claim.words or claim.word in ("undecided", "vacuous"):
            continue
        for tree in _places(claim, problem):
            amount = residual(claim.statement, tree, digits)
            if amount is not None:
                found[claim.hash] = short_text(amount, digits)
                break
    return found


def _places(claim: Claim, problem: Problem | None) -> Iterable[Json]:
    """Return problems at whose points a claim may be tried."""
    witness = (claim.witness or {}).get("setting")
    if witness is not None and witness["kind"] == "problem":
        yield witness["problem"]
    if problem is not None and problem.network is not None and not problem.has_symbolic_input:
        yield problem.tree()
    setting = claim.setting
    if setting["kind"] == "problem":
        yield setting["problem"]
    elif setting["kind"] == "shape":
        yield next(iter(candidates(read_shape(setting).template, None)))


def _read_shape(text: str) -> Json:
    if not _SHAPE.fullmatch(text):
        raise InputError(f'"{text[:40]}" is no shape; write for example 2-2-1', place="--shape")
    widths = [int(width) for width in text.split("-")]
    if not all(widths):
        raise InputError("a layer without neurons", place="--shape")
    return shape_setting(widths, ["relu"] * (len(widths) - 2))


def catalogue(
    *, with_verdicts: bool, budget: Budget, progress: Callable[[str], object] = lambda _: None
) -> list[tuple[AbstractLemma, tuple[Theorem, ...]]]:
    """Return every lemma, with its claims where nothing is given, if verdicts are asked for."""
    from symflow.reports.result_engines import ENGINES

    target = Target(remembering(ENGINES), budget=budget)
    rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]] = []
    for lemma in all_lemmas():
        progress(lemma.name)
        claims: Any = _of_lemma(lemma, target, is_asked_by_name=True) if with_verdicts else ()
        rows.append((lemma, tuple(_minted(claims, target, {}))))
    return rows
