"""What a lemma is: a statement with hypotheses, a reference and a proof; and the claims it makes.

Examples
--------
>>> lemma = LEMMAS.find("weight_gradient_preservation")()
>>> lemma.ids, lemma.statement
(('A25',), 'for l in 1..L: inner(W[l], grad(f, W[l])) == f')
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, final

from symflow.checker.coq_scripts import is_checked
from symflow.checker.meanings import meaning
from symflow.checker.reading import Refused, Report
from symflow.checker.result_claims import RULES
from symflow.errors import NotSupportedError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem import Problem
from symflow.problem_values import shortened
from symflow.proofs.claim import Claim, Json, Step
from symflow.proofs.engines import Engines
from symflow.proofs.flow_results import claimed_parts
from symflow.proofs.hypotheses import Hypothesis
from symflow.proofs.prover import decide, scope_words
from symflow.proofs.setting import GENERAL, GIVEN, n_paths, shape_of
from symflow.registry import Registry

_SCRIPTS = Path(__file__).parent / "scripts"
_MOST_PATHS = 1_000
_RULES_OF_FLOWS = frozenset(
    {
        "path_is_a_solution",
        "energy_identity",
        "stationarity_bound",
        "conserved_along_the_flow",
        "soft_margin_does_not_fall",
        "norm_does_not_fall",
    }
)


@final
@dataclass(frozen=True)
class Target:
    """What is asked about, and with what.

    Parameters
    ----------
    engines : Engines
        The commands that certificates rest on.
    problem : Problem, optional
        That of the file; None where none is given.
    shape : dict, optional
        A shape's setting, with ``--shape``.
    budget : Budget
        For searches.
    """

    engines: Engines
    problem: Problem | None = None
    shape: Json | None = None
    budget: Budget = NO_BUDGET

    @property
    def tree(self) -> Json | None:
        """The tree of the problem; None where its weights are symbols or there are no data."""
        if self.problem is None or self.problem.network is None or self.problem.has_symbolic_input:
            return None
        return self.problem.tree()

    def flow(self, problem: Problem | None = None) -> Json:
        """Return what rules read of the flow of a problem, that of the file by default."""
        chosen = problem or self.problem
        assert chosen is not None
        return claimed_parts(self.engines.flow(chosen, budget=self.budget))

    def shape_setting(self, *, n_data: int = 1) -> Json | None:
        """Return the setting of all nets of the shape that is asked about; None where none is."""
        if self.shape is not None:
            return {**self.shape, "n_data": n_data}
        return None if self.problem is None else shape_of(self.problem, n_data=n_data)


class AbstractLemma(ABC):
    """A statement of the catalogue.

    Attributes
    ----------
    name : str
        The field's name for it, that of the file.
    ids : tuple of str
        Its numbers in the catalogue, such as ``A25`` or ``E1``.
    words : str
        What it says, as a lecturer would say it; formulas between dollars, in LaTeX.
    statement : str
        The same in the statement language; `words` where that cannot say it.
    forms : tuple of str
        Further formal statements that it may claim, say with other indices for other settings.
    hypotheses : tuple of Hypothesis
    reference : str
        Who proved it, and where; or where it is printed.
    proof : tuple of Step
        As a lecturer would write it; of a refutation, what the witness shows.
    scripts, axioms, rules : tuple of str
        What it may rest on: stored theorems, cited facts, rules of ``checker/result_claims.py``.
    see : str, optional
        The corrected statement, where this one is false or speaks of nothing.
    is_per_instance : bool
        Whether a statement that is false in general is decided net by net: then it may be shown of one.
    bounds : mapping
        Of what a formal statement is meant, where that is not every problem that meets the hypotheses: its ``depth``,
        its ``loss`` (or ``log_sum_exp``), its ``variable``, or ``at_home``: the nets that it is claimed of there.
    """

    name: ClassVar[str]
    ids: ClassVar[tuple[str, ...]]
    words: ClassVar[str]
    statement: ClassVar[str] = ""
    forms: ClassVar[tuple[str, ...]] = ()
    hypotheses: ClassVar[tuple[Hypothesis, ...]] = ()
    reference: ClassVar[str] = ""
    proof: ClassVar[tuple[Step, ...]] = ()
    scripts: ClassVar[tuple[str, ...]] = ()
    axioms: ClassVar[tuple[str, ...]] = ()
    rules: ClassVar[tuple[str, ...]] = ()
    see: ClassVar[str | None] = None
    is_per_instance: ClassVar[bool] = False
    bounds: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    # ------------------------------------------------------------------ what members say

    @abstractmethod
    def at_home(self, target: Target) -> Iterator[Claim]:
        """Return what it claims where nothing is given: in general, on a shape, or on a net of its own."""

    def on(self, target: Target) -> Iterator[Claim]:
        """Return what it claims of the problem or the shape that is given, whose hypotheses hold."""
        yield from self.at_home(target)

    # ------------------------------------------------------------------ how it is asked

    def claims(self, target: Target, *, is_asked_by_name: bool = False) -> Iterator[Claim]:
        """Return its claims about a target; none where a hypothesis fails, unless it was asked for by name.

        A lemma that is asked for by name of a problem that does not meet its hypotheses says nothing of it.
        """
        if target.problem is None:
            yield from self.at_home(target) if target.shape is None else self.on(target)
            return
        failing = [each for each in self.hypotheses if not each.holds(target.problem)]
        if not failing:
            count = 0
            for claim in self.on(target):
                count += 1
                yield claim
            if not count and is_asked_by_name:
                reason = f"not applicable: {self._why_silent(target)}"
                yield self._claim(GENERAL, "undecided", statement=self.words, reason=reason)
        elif is_asked_by_name:
            reason = f"not applicable: it assumes that {failing[0].words}, which does not hold here"
            if self.statement and target.tree is not None:
                reason += f'; ask for the formula alone: --claim "{self.statement}"'
            yield self._claim(GENERAL, "undecided", statement=self.words, reason=reason)

    def _why_silent(self, target: Target) -> str:
        """Return why nothing is claimed of a problem that meets the hypotheses: mostly what its flow does."""
        problem = target.problem
        if problem is None or problem.network is None or problem.flow is None or _RULES_OF_FLOWS.isdisjoint(self.rules):
            return "it says nothing of this problem"
        try:
            result = target.engines.flow(problem, budget=target.budget)
        except NotSupportedError as error:
            return error.message
        if result["status"] not in ("completed", "stationary"):
            time, reason = shortened(result["time"], most=12), result.get("reason") or result["status"]
            return f"the flow ends at t = {time}, before t = {problem.flow.until}: {reason}"
        if problem.variable == "weights" and not problem.flow.validated:
            return "the flow is not enclosed; write validated = true under [flow]"
        tree = json.dumps({**claimed_parts(result), "problem": problem.tree()})
        for rule in self.rules:
            try:
                RULES[rule](Report(), json.loads(tree))
            except Refused as refusal:
                return refusal.reason
        return "it says nothing of this problem"

    # ------------------------------------------------------------------ the ways to claim something

    def decided(
        self, statement: str, setting: Json, target: Target, *, witnesses: Sequence[Json] = (), scope: str | None = None
    ) -> Claim:
        """Return what the prover finds about a formal statement, under the lemma's name.

        What one case does not show of the lemma, say that a false one holds there, stands for itself alone.
        """
        found = decide(
            statement, setting, given=target.tree, engines=target.engines, witnesses=witnesses, budget=target.budget
        )
        return self._dressed(found, scope)

    def refuted(
        self, statement: str, place: Json, target: Target, *, scope: str, values: Mapping[str, str] | None = None
    ) -> Claim:
        """Return the claim that a statement, meant of every problem of its class, is false at a witness.

        Should it turn out to be true there, that is undecided: one case proves nothing. `values` are those of the
        positive numbers that it speaks of.
        """
        found = decide(statement, place, given=target.tree, engines=target.engines, values=values, budget=target.budget)
        if found.word != "refuted" or found.witness is None:
            return self.undecided(GENERAL, f"the witness does not refute it: {found.reason or found.word}")
        witness = {"setting": place, **found.witness}
        return self._dressed(replace(found, setting=GENERAL, witness=witness), scope)

    def expanded(self, statement: str, target: Target, *, n_data: int = 1) -> Iterator[Claim]:
        """Return what the prover finds for all weights of the shape at hand, if it is small enough to be expanded."""
        setting = target.shape_setting(n_data=n_data)
        if setting is not None and n_paths(setting) * n_data <= _MOST_PATHS:
            yield self.decided(statement, setting, target)

    def general(
        self,
        script: str,
        *theorems: str,
        under: Sequence[Hypothesis] | None = None,
        axioms: Sequence[str] = (),
        word: str = "proved_general",
        scope: str | None = None,
    ) -> Claim:
        """Return the claim that a stored theorem proves it for every net of its class.

        Where continuous integration has not checked the script as it stands, the verdict is conditional on it. `under`
        names the hypotheses of the stored theorem, where they are narrower than the lemma's.
        """
        sources = {path.stem: path.read_bytes() for path in _SCRIPTS.glob("*.v")}
        sha256 = hashlib.sha256(sources.get(script.removesuffix(".v"), b"")).hexdigest()
        certificate: Json = {"kind": "script", "script": script, "sha256": sha256, "theorems": list(theorems)}
        known_by = "a stored theorem, checked by Coq"
        if not is_checked(script.removesuffix(".v"), sources):
            word, known_by = "conditional", "a stored theorem whose script has not been checked"
            axioms = (*axioms, "unchecked_script")
        elif axioms and word == "proved_general":
            word, known_by = "conditional", f"a stored theorem, checked by Coq; cites {', '.join(axioms)}"
        claim = self._claim(
            GENERAL,
            word,
            statement=self.words,
            certificate=certificate,
            axioms=tuple(axioms),
            known_by=known_by,
            scope=scope or scope_words(GENERAL),
        )
        return claim if under is None else replace(claim, hypotheses=tuple(each.words for each in under))

    def cited(self, *axioms: str, scope: str = "every depth and width") -> Claim:
        """Return the claim that it follows from cited facts."""
        return self._claim(
            GENERAL,
            "conditional",
            statement=self.words,
            certificate={"kind": "citation"},
            axioms=axioms,
            known_by=f"cites {', '.join(axioms)}",
            scope=scope,
        )

    def derived(
        self, rule: str, result: Json, setting: Json, word: str, *, known_by: str, scope: str | None = None
    ) -> Claim:
        """Return the claim that a rule derives it from a whole result of another command."""
        result = {key: value for key, value in result.items() if key != "problem"}
        return self._claim(
            setting,
            word,
            statement=self.words,
            certificate={"kind": "result", "rule": rule, "result": result},
            known_by=known_by,
            scope=scope or scope_words(setting),
        )

    def along(
        self, rule: str, problem: Problem, target: Target, *, scope: str, setting: Json = GIVEN
    ) -> Iterator[Claim]:
        """Return the claim that a rule derives it from the flow of a problem; nothing where the rule is about others.

        A flow that the checker refuses is claimed all the same: the kernel then says what it refuses.
        """
        try:
            result, report = target.flow(problem), Report()
        except NotSupportedError:  # an enclosure of a deep net is asked for, say: there is no such flow
            return
        word = "proved_instance" if problem.variable == "input" else "enclosed"
        try:
            word = RULES[rule](report, json.loads(json.dumps({**result, "problem": problem.tree()})))
        except Refused:
            if not report.rejected:
                return
        known_by = "every event and arc, exactly" if word == "proved_instance" else f"{result['digits']} digits"
        yield self.derived(rule, result, setting, word, known_by=known_by, scope=scope)

    def refuted_by(self, rule: str, result: Json, place: Json, *, known_by: str, scope: str) -> Claim:
        """Return the claim that a rule shows it false, from a whole result of another command on a problem.

        `place` is the setting of that problem: the given one, or one at which a statement meant of all is false.
        """
        result = {key: value for key, value in result.items() if key != "problem"}
        is_given = place == GIVEN
        return self._claim(
            GIVEN if is_given else GENERAL,
            "refuted",
            statement=self.words,
            witness={**({} if is_given else {"setting": place}), "rule": rule, "result": result},
            known_by=known_by,
            scope=scope,
        )

    def undecided(self, setting: Json, reason: str) -> Claim:
        """Return the claim that nothing was reached, and why."""
        return self._claim(setting, "undecided", statement=self.statement or self.words, reason=reason)

    def _dressed(self, claim: Claim, scope: str | None) -> Claim:
        row = meaning(self.name)
        if row is not None and not row.may_be(claim.word):
            return claim if scope is None else replace(claim, scope=scope)
        return replace(claim, name=self.name, scope=scope or claim.scope, **self._words(claim.word))

    def _claim(self, setting: Json, word: str, *, scope: str | None = None, **parts: Any) -> Claim:
        return Claim(
            name=self.name,
            setting=setting,
            word=word,
            scope=scope or scope_words(setting),
            **parts,
            **self._words(word),
        )

    def _words(self, word: str) -> dict[str, Any]:
        return {
            "number": self.ids[0],
            "words": self.words,
            "hypotheses": tuple(each.words for each in self.hypotheses),
            "reference": self.reference,
            "proof": self.proof,
            "see": self.see if word in ("refuted", "vacuous", "undecided") else None,
        }


LEMMAS: Registry[type[AbstractLemma]] = Registry("lemma", "symflow.lemmas")


def find_lemma(name: str) -> AbstractLemma:
    """Return the lemma of a name, or of a number in the catalogue.

    Raises
    ------
    UnknownNameError
        If there is none.

    Examples
    --------
    >>> find_lemma("A25").name
    'weight_gradient_preservation'
    """
    for known in LEMMAS.names():
        lemma = LEMMAS.find(known)
        if name in lemma.ids:
            return lemma()
    return LEMMAS.find(name)()


def all_lemmas() -> tuple[AbstractLemma, ...]:
    """Return all lemmas in the order of the catalogue: A, B, D, E, W, each by number."""
    members = [LEMMAS.find(name)() for name in LEMMAS.names()]
    return tuple(
        sorted(
            members, key=lambda lemma: (lemma.ids[0][0], int("".join(filter(str.isdigit, lemma.ids[0]))), lemma.name)
        )
    )
