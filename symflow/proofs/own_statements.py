"""A user's own statement: what it names is looked at first, and what is said of the verdict says for what it holds.

Examples
--------
>>> from symflow.proofs.setting import shape_setting
>>> shape = shape_setting([1, 1, 1], ["relu"])
>>> decide_own("inner(W1, grad(f, W1)) == f", shape).scope
'shape 1-1-1, off the kinks'
>>> decide_own("norm2(W[5]) >= 0", shape)
Traceback (most recent call last):
    ...
symflow.errors.InputError: "norm2(W[5]) >= 0": no W[5]: there are 2 layers
"""

from __future__ import annotations

from symflow.checker.claim_settings import is_at_point
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Mismatch, Missing, NoMeaning, Statement, names_in, parse_statement
from symflow.checker.statement_shapes import read_shape
from symflow.errors import InputError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.proofs.claim import Claim, Json
from symflow.proofs.engines import Engines
from symflow.proofs.naming import check_names
from symflow.proofs.prover import decide, with_setting

# What has a value off the kinks alone: slopes, and gradients.
_OFF_KINKS = frozenset({"grad", "A", "a"})


def decide_own(
    text: str,
    setting: Json,
    *,
    given: Json | None = None,
    engines: Engines | None = None,
    like: Json | None = None,
    budget: Budget = NO_BUDGET,
    has_free_weights: bool = False,
) -> Claim:
    """Return a claim about a user's own statement, with the strongest verdict that was found.

    Parameters
    ----------
    text : str
        The statement.
    setting : dict
        What it is about.
    given : dict, optional
        The tree of the problem that is given.
    engines, budget
        For searches.
    like, has_free_weights
        Of a file with symbols: see ``decide``.

    Raises
    ------
    InputError
        If the text is no statement, names a layer, a neuron, a datum or a bias that is not there, or asks something of
        things of other shapes than that needs.
    """
    try:
        statement = parse_statement(text)
    except Refused:
        return decide(text, setting, given=given)  # which says what is wrong with it
    try:
        check_names(statement, setting, given)
    except (Missing, NoMeaning, Mismatch) as refusal:
        raise InputError(refusal.reason, place=f'"{text}"') from None
    claim = decide(
        text, setting, given=given, engines=engines, like=like, budget=budget, has_free_weights=has_free_weights
    )
    is_on_all_weights = claim.word == "proved_shape" and not is_at_point(statement)
    if is_on_all_weights and speaks_off_kinks(statement) and _has_kinks(setting, given):
        return with_setting(claim, scope=f"{claim.scope}, off the kinks")
    return claim


def speaks_off_kinks(statement: Statement) -> bool:
    """Return whether a statement speaks of something that has no value at a kink: a gradient, or slopes.

    Examples
    --------
    >>> def of(text): return speaks_off_kinks(parse_statement(text))
    >>> of("f == W2*A1*W1*x"), of("norm2(W1) == f"), of("norm2(W1) - norm2(W2) is conserved")
    (True, False, False)
    """
    sides = [side for each in (*statement.claims, *statement.conditions) for side in (each.left, each.right)]
    return any(name.rstrip("0123456789") in _OFF_KINKS for side in sides for name in names_in(side))


def _has_kinks(setting: Json, given: Json | None) -> bool:
    if setting["kind"] == "shape":
        problem = read_shape(setting).template
    else:
        problem = read_problem(given if setting["kind"] == "given" else setting["problem"])
    return any(not activation.is_smooth for activation in problem.activations)
