"""Of what a claim is claimed: of all nets in general, of a shape, of a problem at its point, or of named problems.

====================  ===================================================================================
``general``           every net of which the words of the lemma speak
``shape``             every net of these widths, on so many data: weights and data are symbols
``problem``           the problem that stands in the setting
``given``             the problem of the whole result
``problems``          several problems, each called by a name
====================  ===================================================================================

A statement on all weights does not speak of the weights of its problem: there these may be any.

Examples
--------
>>> check_setting({"kind": "general"}, "setting")
>>> check_setting({"kind": "general", "widths": [2, 1]}, "setting")
Traceback (most recent call last):
    ...
symflow.checker.reading.Refused: widths: a key that the checker does not know
"""

from __future__ import annotations

from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, join, only_keys, take
from symflow.checker.statement_grammar import Element, Statement, names_in
from symflow.checker.statement_shapes import Shape, read_shape

_KEYS = {
    "general": ("kind",),
    "given": ("kind",),
    "problem": ("kind", "problem"),
    "problems": ("kind", "problems"),
    "shape": ("kind", "widths", "activation", "bias", "n_data", "output"),
}


def check_setting(setting: dict[str, object], place: str) -> None:
    """Refuse a setting of no kind that is known, or with a key that its kind does not have."""
    kind = take(setting, "kind", str)
    if kind not in _KEYS:
        raise Refused("no such kind of setting", join(place, "kind"))
    only_keys(setting, _KEYS[kind])


def tree_of_problem(setting: dict[str, object], given: object) -> object:
    """Return the problem of a setting as its tree: its own, or that of the whole result."""
    kind = take(setting, "kind", str)
    if kind == "given":
        if given is None:
            raise Refused("no problem is given", "setting")
        return given
    if kind == "problem":
        return take(setting, "problem", dict)
    raise Refused("a problem is needed here", "setting.kind")


def shape_of(setting: dict[str, object], given: object) -> Shape:
    """Return the shape of a setting, where a problem has the shape of its net."""
    if take(setting, "kind", str) == "shape":
        return read_shape(setting)
    problem = read_problem(tree_of_problem(setting, given))
    return Shape(problem, problem)


def is_at_point(statement: Statement) -> bool:
    """Return whether a statement is about the problem's own point: it says so, or speaks of sets or velocities.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> is_at_point(parse_statement("0 in clarke(R)")), is_at_point(parse_statement("f == 1"))
    (True, False)
    """
    if statement.is_at_point or any(isinstance(binder, Element) for binder in statement.binders):
        return True
    pointwise = {"clarke", "autodiff", "velocity", "hull", "derivative", "directional", "subdifferential", "empty"}
    return any(
        not pointwise.isdisjoint(names_in(side))
        for relation in (*statement.claims, *statement.conditions)
        for side in (relation.left, relation.right)
    )
