"""Claims at a point with exponentials, logarithms and roots: inequalities over the reals, by Coq's Interval.

The net's values at rational weights are rational, and Coq computes them first from the net with maxima. Equalities of
such numbers have no script: no enclosure shows one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, final

from symflow.checker.statement_grammar import Call, Expression, Name, Operation, Relation, names_in
from symflow.checker.statement_objects import Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_values import Scope
from symflow.exports.objects import Terms
from symflow.exports.script import Exported, NotExportedError, exported
from symflow.exports.terms import Term, shown

#: Functions whose values at rationals need not be rational; and those that compare, which are easier over the reals.
BEYOND = frozenset({"exp", "ln", "norm", "abs", "min", "max"})


def enclosure(name: str, text: str, relation: Relation, scope: Scope, *, is_refuted: bool) -> Exported:
    """Return the theorem that a relation holds at a point, or that it does not."""
    if relation.right is None or not isinstance(scope.objects, Point):
        raise NotExportedError("a claim over the reals that is not about one net")
    reals = _Reals(scope.objects, scope.bound)
    a, b = (shown(reals.scalar(side)) for side in (relation.left, relation.right))
    sign = relation.relation
    if is_refuted:
        sign = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "=="}.get(sign, sign)
    goals = {"<": f"{a} < {b}", ">": f"{b} < {a}", "<=": f"{a} <= {b}", ">=": f"{b} <= {a}", "!=": f"{a} <> {b}"}
    if sign not in goals:
        raise NotExportedError(f'"{sign}" of numbers that are only enclosed')
    goal = goals[sign]
    steps = []
    for i, (value, number) in enumerate(reals.values.items()):
        if value in goal:
            steps.append(f"assert (V{i} : {value} = {shown(number)}) by net_value; rewrite V{i}")
    steps += ["compare_numbers", "interval with (i_prec 200)"]
    about = f"{name}{', refuted' if is_refuted else ''}: {text}"
    return exported(name, "enclosure", about, _over_r(goal), _over_r("; ".join(steps)), "R")


def _over_r(text: str) -> str:
    return re.sub(r"\((-?\d+) # (\d+)\)", r"(\1 / \2)", text)


@final
class _Reals:
    """Scalars of a point as terms over the reals."""

    def __init__(self, point: Point, bound: Mapping[str, Any]) -> None:
        self.point, self.bound = point, dict(bound)
        self.terms = Terms(point)
        #: What the net's values are, by their terms.
        self.values: dict[str, Fraction] = {}

    def scalar(self, expression: Expression) -> Any:
        """Return a scalar."""
        if not self._is_beyond(expression):
            return self._plain(expression)
        match expression:
            case Name("R"):
                return self._risk()
            case Operation("neg", (a,)):
                return -self.scalar(a)
            case Operation("^", (a, exponent)):
                return self.terms.power(self.scalar(a), int(Fraction(self._plain(exponent))))
            case Operation(sign, (a, b)):
                left, right = self.scalar(a), self.scalar(b)
                if sign == "/":
                    return self.terms.quotient(left, right)
                return left + right if sign == "+" else left - right if sign == "-" else left * right
            case Call("exp" | "ln" as function, (a,), None):
                return Term(f"({function} {shown(self.scalar(a))})")
            case Call("abs", (a,), None):
                return Term(f"(Rabs {shown(self.scalar(a))})")
            case Call("norm", (a,), None):
                entries = self._entries(a)
                return Term(f"(sqrt ({' + '.join(f'{shown(u)} * {shown(u)}' for u in entries)}))")
            case Call("sum" | "min" | "max" as function, (a,), binder) if binder is not None:
                terms = []
                for index in Scope(self.point, bound=self.bound).range(binder):
                    inner = _Reals(self.point, {**self.bound, binder.name: index})
                    inner.values = self.values
                    terms.append(inner.scalar(a))
                if not terms:
                    raise NotExportedError(f"a {function} over nothing")
                total = terms[0]
                for term in terms[1:]:
                    one = Term(f"(R{function} {shown(total)} {shown(term)})")
                    total = total + term if function == "sum" else one
                return total
        raise NotExportedError(f"{', '.join(sorted(set(names_in(expression))))} over the reals")

    def _is_beyond(self, expression: Expression) -> bool:
        names = set(names_in(expression))
        return bool(BEYOND & names) or ("R" in names and self._has_exponentials)

    @property
    def _has_exponentials(self) -> bool:
        problem = self.point.problem
        return problem.kind == "log_sum_exp" or (problem.kind == "risk" and problem.loss != "squared")

    def _plain(self, expression: Expression) -> Any:
        (found,) = self._entries(expression)
        return found

    def _entries(self, expression: Expression) -> list[Any]:
        try:
            found = Scope(self.terms, bound=self.bound).number(expression)
        except (AssertionError, AttributeError, TypeError) as error:
            raise NotExportedError("an expression with no term over the reals") from error
        self._note()
        if self.terms.derivatives:
            raise NotExportedError("derivatives over the reals")
        return _flat(found)

    def _note(self) -> None:
        for datum, layer, unit in self.terms.values:
            term = str(self.terms.net.value(datum, layer, unit))
            self.values[term] = self.point.preactivations(layer, datum)[unit]
        if self.terms.features_used:
            raise NotExportedError("features over the reals")

    def _risk(self) -> Any:
        problem = self.point.problem
        terms: list[Any] = []
        for datum, label in enumerate(problem.labels):
            f = self.terms.value(Function("f", datum))
            terms.append(Term(f"(exp {shown(f * -label)})"))
        self._note()
        if problem.kind == "risk" and problem.loss == "logistic":
            terms = [Term(f"(ln (1 + {e}))") for e in terms]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        if problem.kind == "log_sum_exp":
            return Term(f"(ln {shown(total)})")
        return total * Fraction(1, problem.divisor)


def _flat(tensor: Any) -> list[Any]:
    return [entry for part in tensor for entry in _flat(part)] if isinstance(tensor, tuple) else [tensor]
