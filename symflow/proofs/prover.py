"""Decides a statement: an identity by expanding it, a falsehood by finding where it is false, a point by evaluating it.

What it returns is a claim with its evidence, which ``kernel.mint`` then recomputes. Nothing here is trusted, and
nothing is guessed: what is neither shown nor refuted is undecided, with the reason.

Examples
--------
>>> from symflow.proofs.setting import shape_setting
>>> shape = shape_setting([1, 1, 1], ["relu"])
>>> decide("norm2(W1) - norm2(W2) is conserved", shape).word
'proved_shape'
>>> claim = decide("norm2(W1) + norm2(W2) is conserved", shape)
>>> claim.word, sorted(claim.witness)
('refuted', ['instance', 'left', 'setting'])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, final

from symflow.checker.claim_sets import checked_set, with_derivative
from symflow.checker.claim_settings import is_at_point
from symflow.checker.problems import Problem as CheckedProblem
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, Report, TooLarge
from symflow.checker.statement_grammar import (
    Element,
    NoMeaning,
    Positive,
    Statement,
    names_in,
    parse_statement,
)
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_instances import instances
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_shapes import Shape, read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_truth import applies, relation_holds
from symflow.checker.statement_values import Scope
from symflow.errors import BudgetExceededError, InputError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem_tree import problem_from_tree
from symflow.proofs.candidates import at_zero, candidates
from symflow.proofs.claim import Claim, Json
from symflow.proofs.derivatives import find_derivative
from symflow.proofs.engines import Engines
from symflow.proofs.evidence import Finder
from symflow.proofs.inequalities import INEQUALITIES, squares_of
from symflow.proofs.setting import shape_of, shape_words
from symflow.proofs.short_numbers import is_short, shorter
from symflow.proofs.spelling import sides_of

_MOST_CANDIDATES = 400
_FEW_CANDIDATES = 20
_CONSERVED_AT_W = re.compile(r"is conserved at w\s*$", re.ASCII)
_OF_A_RISK = re.compile(r"\b[Rmyc][0-9]*\b|conserved", re.ASCII)


def decide(
    text: str,
    setting: Json,
    *,
    given: Json | None = None,
    engines: Engines | None = None,
    witnesses: Sequence[Json] = (),
    values: Mapping[str, str] | None = None,
    like: Json | None = None,
    budget: Budget = NO_BUDGET,
    has_free_weights: bool = False,
) -> Claim:
    """Return a claim about a statement, with the strongest verdict that was found.

    Parameters
    ----------
    text : str
        The statement.
    setting : dict
        What it is about; for ``{"kind": "given"}`` a statement on all weights is tried on all data first.
    given : dict, optional
        The tree of the problem that is given.
    engines : Engines, optional
        Needed where a statement speaks of a Clarke differential.
    witnesses : sequence of settings
        Where to look first for a witness against it.
    values : mapping of str to str, optional
        There, those of the positive numbers that the statement speaks of; 2 where none is given.
    like : dict, optional
        Of a shape: the objective, and the labels, of every witness against it (see ``candidates``).
    budget : Budget
        For searches.
    has_free_weights : bool
        Whether the weights of the setting's problem stand for any: then nothing is said of its own point.

    Raises
    ------
    InputError
        If the text is no statement, or speaks of what the setting does not have.
    """
    try:
        statement = parse_statement(text)
    except Refused as refusal:
        raise InputError(f"{refusal.reason}; symflow claims shows the language", place=f'"{text}"') from None
    search = _Search(statement, given, engines, budget, values or {}, like, has_free_weights)
    try:
        if not is_at_point(statement):
            return search.everywhere(setting, witnesses)
        claim = search.at_point(setting)
        if claim.word != "undecided" or given is None or not _CONSERVED_AT_W.search(statement.text):
            return claim
        # What is conserved for all weights is so at these.
        try:
            return search.identity(setting)
        except Refused:
            return claim
    except NoMeaning as refusal:
        raise InputError(refusal.reason, place=f'"{text}"') from None


@final
class _Search:
    """The search for evidence about one statement."""

    def __init__(
        self,
        statement: Statement,
        given: Json | None,
        engines: Engines | None,
        budget: Budget,
        values: Mapping[str, str],
        like: Json | None,
        has_free_weights: bool,
    ) -> None:
        self.statement, self.given, self.engines, self.budget = statement, given, engines, budget
        self.like, self.has_free_weights = like, has_free_weights
        positive = [binder.name for binder in statement.binders if isinstance(binder, Positive)]
        self.values = {name: values.get(name, "2") for name in positive}

    # ------------------------------------------------------------------ on all weights

    def everywhere(self, setting: Json, witnesses: Sequence[Json]) -> Claim:
        """Decide an identity, an inequality or a conservation law."""
        reason, n_candidates = "", _MOST_CANDIDATES
        for wider in self._settings(setting):
            try:
                return self.identity(wider)
            except TooLarge as refusal:
                reason, n_candidates = f"too large: {refusal.reason}", _FEW_CANDIDATES
            except NoMeaning:
                raise
            except Refused as refusal:
                reason = refusal.reason
        for place in self._witness_settings(setting, witnesses, n_candidates):
            self.budget.check(0)
            try:
                found = self._witness(setting, place)
            except TooLarge:
                break  # it would be at the next place too
            if found is not None:
                return self._shortest(setting, place, found)
        reason = f"no identity ({reason}), and no witness against it was found"
        if setting["kind"] == "shape" and _OF_A_RISK.search(self.statement.text):
            known = "of a shape no loss and no labels are known, of a FILE with data they are"
            if self.like is not None:
                known = "where the data are symbols no proof uses the loss and the labels; give inputs = [..]"
            reason += f"; {known}"
        return self._claim(setting, "undecided", reason=reason)

    def _settings(self, setting: Json) -> Iterator[Json]:
        """Return the settings in which an identity is tried, the most general first."""
        if setting["kind"] in ("given", "problem"):
            tree = self.given if setting["kind"] == "given" else setting["problem"]
            problem = problem_from_tree(dict(tree or {}))
            n_data = len(problem.inputs or ((),)) if problem.kind != "output" else 1
            # A shape trains all of its parameters: what is conserved where some stand still is said of this file.
            if problem.variable == "weights" and not (self._says_conserved() and _trained(tree)):
                yield shape_of(problem, n_data=n_data)
            if problem.network is None or problem.inputs is None:
                return
        yield setting

    def identity(self, setting: Json) -> Claim:
        """Prove the statement as polynomial identities or sums of squares.

        Raises
        ------
        Refused
            If it is none.
        """
        objects = Symbols(self._shape(setting))
        squares: dict[str, Any] = {}
        try:
            count = check_identity(self.statement, objects)
        except Refused:
            if not any(relation.relation in INEQUALITIES for relation in self.statement.claims):
                raise
            objects = Symbols(self._shape(setting))
            squares = squares_of(self.statement, objects)
            if not squares:
                raise
            objects = Symbols(self._shape(setting))
            count = check_identity(self.statement, objects, squares)
        certificate: Json = {"kind": "sum_of_squares" if squares else "expansion", "n_identities": count}
        certificate["n_symbols"] = len(objects.names)
        identities = "a polynomial identity" if count == 1 else f"{count} polynomial identities"
        known_by = f"{identities} in {len(objects.names)} symbols"
        if squares:
            certificate["squares"] = squares
            known_by = "sums of squares"
        elif all(relation.relation in INEQUALITIES for relation in self.statement.claims):
            known_by = "the signs of all terms"
        return self._claim(setting, "proved_shape", certificate=certificate, known_by=known_by)

    def _shape(self, setting: Json) -> Shape:
        if setting["kind"] == "shape":
            return read_shape(setting)
        tree = self.given if setting["kind"] == "given" else setting.get("problem")
        if tree is None:
            raise Refused("no shape is given")
        problem = read_problem(tree)
        return Shape(problem, problem)

    # ------------------------------------------------------------------ against it

    def _witness_settings(self, setting: Json, witnesses: Sequence[Json], n_candidates: int) -> Iterator[Json]:
        """Return where a witness is looked for: at the net's own weights first, where these are short."""
        yield from witnesses
        try:
            template: CheckedProblem | None = self._shape(setting).template
        except Refused:
            template = None
        tree = self.given if setting["kind"] == "given" else setting.get("problem")
        given = tree if setting["kind"] != "shape" else None
        is_of_a_problem = setting["kind"] in ("given", "problem")
        drawn: Iterator[Json] = iter(())
        if template is not None:
            has_risk = _OF_A_RISK.search(self.statement.text) is not None
            drawn = islice(candidates(template, given, has_risk=has_risk, like=self.like), n_candidates)
        if is_of_a_problem and not is_short(tree):
            yield from ({"kind": "problem", "problem": problem} for problem in islice(drawn, _FEW_CANDIDATES))
        if is_of_a_problem:
            yield setting
        yield from ({"kind": "problem", "problem": problem} for problem in drawn)
        if template is not None and template.variable == "weights" and not witnesses:
            yield {"kind": "problem", "problem": at_zero(template, given, has_risk=has_risk, like=self.like)}

    def _shortest(self, setting: Json, place: Json, found: Claim) -> Claim:
        """Return a refutation at a place near by with shorter numbers, if there is one."""
        tree = self.given if place["kind"] == "given" else place.get("problem")
        if tree is None or is_short(tree) or is_at_point(self.statement):
            return found
        for nearer in shorter(tree):
            try:
                self.budget.check(0)
                claim = self._witness(setting, {"kind": "problem", "problem": nearer})
            except TooLarge:
                continue
            except BudgetExceededError:
                break
            if claim is not None:
                return claim
        return found

    def _witness(self, setting: Json, place: Json) -> Claim | None:
        """Return a refutation at a place, if the statement is false there."""
        values = self.values
        try:
            scope, results = self._scope(place)
            found = list(instances(self.statement, scope, values))
        except TooLarge:
            raise
        except Refused:
            return None
        for number, instance in enumerate(found):
            finder = Finder(budget=self.budget)
            try:
                if relation_holds(instance, finder):
                    continue
                sides = sides_of(instance.at(finder.elements))
            except TooLarge:
                raise
            except Refused:
                continue
            witness: Json = {"setting": place, "instance": number}
            if values:
                witness["values"] = values
            witness |= results
            if finder.found:
                witness["memberships"] = finder.found
            witness |= sides
            known_by = "both sides differ at the witness"
            if setting["kind"] == "given" and place == setting:
                known_by = "both sides differ at the file's own weights"
            if setting["kind"] == "given" and place != setting and not is_at_point(self.statement):
                known_by += "; for the file's own weights alone, end the statement with: at w"
            return self._claim(setting, "refuted", witness=witness, known_by=known_by)
        return None

    # ------------------------------------------------------------------ at a point

    def at_point(self, setting: Json) -> Claim:
        """Decide a statement about one point."""
        if setting["kind"] == "shape" or self.has_free_weights:
            return self._of_every_point(setting)
        finder = Finder(budget=self.budget)
        try:
            scope, results = self._scope(setting)
            is_claimed, number = False, -1
            for number, instance in enumerate(instances(self.statement, scope)):
                before = len(finder.found)
                is_claimed = is_claimed or applies(instance, finder)
                if not relation_holds(instance, finder):
                    witness: Json = {"instance": number, **results}
                    if finder.found[before:]:
                        witness["memberships"] = finder.found[before:]
                    witness |= sides_of(instance.at(finder.elements))
                    return self._claim(setting, "refuted", witness=witness, known_by="evaluated exactly")
            if number < 0:
                return self._claim(setting, "undecided", reason="it claims nothing: its range is empty")
            if any(relation.relation == "conserved" for relation in self.statement.claims):
                return self._claim(setting, "undecided", reason="one point does not show that something is conserved")
            if self.statement.conditions and not is_claimed:
                return self._claim(setting, "undecided", reason="its conditions do not hold here")
        except BudgetExceededError:
            return self._claim(setting, "undecided", reason="the time did not suffice")
        except NoMeaning:
            raise
        except Refused as refusal:
            return self._claim(setting, "undecided", reason=refusal.reason)
        certificate: Json = {"kind": "evaluation", **results}
        if finder.found:
            certificate["memberships"] = finder.found
        word = "enclosed" if finder.has_enclosures else "proved_instance"
        return self._claim(
            setting, word, certificate=certificate, known_by="evaluated exactly" if word != "enclosed" else "enclosures"
        )

    def _of_every_point(self, setting: Json) -> Claim:
        """Decide a statement about sets at a point, for all weights of a shape: on every piece, or by a witness.

        Where the data are given it is false at a point with these data, if it is: the claim is then about that point.
        """
        give = "give the net weights that are numbers, in a FILE"
        if self.statement.is_at_point:
            return self._claim(setting, "undecided", reason=f"no weights are given that w could be; {give}")
        reason = ""
        for wider in self._settings(setting):
            try:
                claim = self.identity(wider)
            except NoMeaning:
                raise
            except Refused as refusal:
                reason = refusal.reason
            else:
                known_by = f"{claim.known_by}, on every piece and so in the limit"
                return replace(claim, known_by=known_by, scope=f"{claim.scope}, kinks included")
        for place in self._witness_settings(setting, (), _FEW_CANDIDATES):
            self.budget.check(0)
            found = self._witness(setting if setting["kind"] == "shape" else place, place)
            if found is not None:
                return found
        return self._claim(setting, "undecided", reason=f"on all weights: {reason}; at one point it is decided: {give}")

    def _scope(self, setting: Json) -> tuple[Scope, Json]:
        """Return the objects at a point, and the results on which its sets rest, filled as they are asked for."""
        results: Json = {}
        if setting["kind"] == "problems":
            named = {name: Point(read_problem(tree)) for name, tree in setting["problems"].items()}
            objects, tree = None, None
        else:
            tree = self.given if setting["kind"] == "given" else setting.get("problem")
            if tree is None:
                raise Refused("no problem is given")
            named, objects = {}, Point(read_problem(tree))
        known: dict[str, Polytope] = {}

        def clarke(function: Function | str) -> Polytope:
            key = function if isinstance(function, str) else function.name
            if key not in known:
                whole = setting["problems"][function] if isinstance(function, str) else _objective_tree(tree, function)
                known[key] = self._differential(key, whole, results)
            return known[key]

        return Scope(objects, named, {}, clarke), results

    def _differential(self, key: str, tree: Json, results: Json) -> Polytope:
        """Return a Clarke differential, and note the result that it rests on."""
        if self.engines is None:
            raise Refused("no engine is at hand that finds Clarke differentials")
        result = self.engines.clarke(problem_from_tree(tree), budget=self.budget)
        problem = read_problem(result["problem"])
        found = checked_set(Report(), "", result, problem)
        results.setdefault("sets", {})[key] = result
        derivative = None
        if len(found.generators) > 1 and self._speaks_of("derivative"):
            derivative = find_derivative(result, problem, budget=self.budget)
        if derivative is not None:
            results.setdefault("derivatives", {})[key] = derivative
        return with_derivative(found, derivative, result, problem)

    def _says_conserved(self) -> bool:
        return any(relation.relation == "conserved" for relation in self.statement.claims)

    def _speaks_of(self, name: str) -> bool:
        sides = [side for each in self.statement.claims for side in (each.left, each.right)]
        sides += [binder.set for binder in self.statement.binders if isinstance(binder, Element)]
        return any(name in names_in(side) for side in sides)

    # ------------------------------------------------------------------ claims

    def _claim(self, setting: Json, word: str, **parts: Any) -> Claim:
        text = self.statement.text
        scope = scope_words(setting)
        if setting["kind"] in ("given", "problem") and (self.has_free_weights or not is_at_point(self.statement)):
            scope = "all weights, these data"
            trained = _trained(self.given if setting["kind"] == "given" else setting["problem"])
            if trained and self._says_conserved():
                scope += f"; {', '.join(trained)} trained"
        return Claim(name=text, statement=text, setting=setting, word=word, scope=scope, **parts)


def _trained(tree: Json | None) -> list[str]:
    """Return the parameters that the flow of a problem trains, where these are not all."""
    found: list[str] = ((tree or {}).get("flow") or {}).get("trained") or []
    return found


def scope_words(setting: Json) -> str:
    """Return for what a claim in a setting holds, in words."""
    if setting["kind"] == "shape":
        kinds = {each if isinstance(each, str) else each["name"] for each in setting.get("activation", ())}
        other = f" ({', '.join(sorted(kinds))})" if kinds - {"relu"} else ""
        return shape_words(setting["widths"]) + other + (" with biases" if setting.get("bias") else "")
    if setting["kind"] == "general":
        return "every depth and width"
    return "this net, these data" if setting["kind"] != "problems" else "these functions"


def with_setting(claim: Claim, **changes: Any) -> Claim:
    """Return a claim with other words around the same evidence."""
    return replace(claim, **changes)


def _objective_tree(tree: Json | None, function: Function) -> Json:
    """Return the tree of the problem whose objective a function is."""
    if tree is None:
        raise Refused("this statement has no net of its own")
    if function.kind == "R":
        return tree
    assert function.datum is not None
    k, data = function.datum, dict(tree.get("data", {}))
    objective = {key: value for key, value in tree["objective"].items() if key in ("variable", "output", "at")}
    if data.get("inputs"):
        data["inputs"] = [data["inputs"][k]] if tree["objective"].get("variable") != "input" else data["inputs"]
    labels = data.get("labels") or []
    if labels:
        data["labels"] = [labels[k]]
    if function.kind == "f":
        objective["kind"] = "output"
    else:
        objective |= {"kind": "combination", "coefficients": [labels[k]]}
    return {"network": tree["network"], "data": data, "objective": objective}
