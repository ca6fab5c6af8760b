"""A whole result of ``symflow laws``: what the gradient flow conserves, and that it conserves no more.

1. The fields of the model are made from the problem (``law_fields``): entries of the end-to-end matrix (``linear``),
   path monomials (``relu``), or the outputs on the data on the pieces of the cells (``cell``).
2. Each law is an identity ⟨∇h, ∇φ⟩ = 0 (``law_identities``), and the listed ones are independent: a minor of their
   Jacobian at the certificate's point is not zero modulo its prime, hence not zero (``law_certificates``).
3. The words' values there (``brackets``) have such a minor too. So the Lie algebra has at least that many dimensions at
   almost every point, and there are at most D minus that many independent laws.
4. ``complete`` says that both numbers are the same. Where they are not, the words may be shown to span the Lie algebra
   with constant coefficients: then there are exactly so many laws, of which the listed ones are some.
   Parameters that ``[flow] trained`` holds do not move: their derivatives are left out everywhere.
5. In the model ``cell`` the cells are shown to be those that meet the point, by arcs, multipliers and the walk, or all
   cells of weight space, by an interior point each and their number (``law_cells``).
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.checker.expressions import rational
from symflow.checker.law_cells import check_cells
from symflow.checker.law_certificates import check_certificate
from symflow.checker.law_fields import functions
from symflow.checker.law_identities import expanded, holds_expanded, holds_locally, read_law
from symflow.checker.law_names import check_name, check_names
from symflow.checker.law_setting import LawSetting, scope
from symflow.checker.law_witnesses import check_witness
from symflow.checker.patterns import Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, TooLarge, entry_of, expect, items, sized, take
from symflow.checker.symbolic import evaluated

_KNOWN = (
    *("command", "symflow", "problem", "model", "parameters", "n_parameters", "scope", "lie_dimension", "n_laws"),
    *("n_laws_at_most", "complete", "lie_dimension_is_exact", "laws", "names", "values", "dependent_laws"),
    "certificate",
    *("cells", "refuted", "undecided", "every_cell", "checked"),
)


def check_laws(report: Report, result: dict[str, object]) -> None:
    """Check a whole result."""
    report.skip_unknown(result, _KNOWN)
    setting: LawSetting | None = None
    with report.checking("problem"):
        setting = LawSetting(result)
    if setting is not None:
        _check(setting, report, result)


def _check(setting: LawSetting, report: Report, result: dict[str, object]) -> None:
    """Go through a result whose problem makes sense."""
    problem = setting.problem
    for key, expected in (
        ("parameters", list(problem.names)),
        ("n_parameters", len(problem.names)),
        ("scope", scope(problem, setting.model)),
    ):
        with report.checking(""):
            if key not in result:
                raise Refused("missing", key)
            expect(result[key], expected, key)
    words: list[Words] = []
    if setting.model == "cell":
        with report.checking(""):
            words = check_cells(setting, report, _block)
        if not words:
            return
    with report.checking(""):
        _block(setting, report, result, words)
    with report.checking("checked"):
        if result.get("checked") is not None:
            _checked(setting, report, take(result, "checked", dict), words)


def _block(setting: LawSetting, report: Report, tree: dict[str, object], words: Sequence[Words]) -> None:
    """Check laws, counts and certificate, for the model or for some cells."""
    n = len(setting.problem.names)
    laws = [read_law(setting.reader, text, "laws") for text in items(tree, "laws")]
    dependent: list[Polynomial] = []
    for entry in items(tree, "dependent_laws"):
        dependent.append(read_law(setting.reader, take(entry, "law", str), "dependent_laws"))
    _conserved(setting, report, [*laws, *dependent], words)
    check_names(setting, report, laws, items(tree, "names", len(laws)))
    for entry, law in zip(items(tree, "dependent_laws"), dependent, strict=True):
        report.skip_unknown(entry, ("law", "kind", "layer", "neurons", "value"))
        check_name(setting, law, entry)
    values = [entry_of(entry, "value") for entry in items(tree, "dependent_laws")]
    _values(setting, [*laws, *dependent], entry_of(tree, "values"), values)
    certificate = take(tree, "certificate", dict)
    lie_dimension, is_closed = check_certificate(setting, report, certificate, laws, words)
    report.n_certificates += 1
    expect(take(tree, "n_laws", int), len(laws), "n_laws")
    expect(take(tree, "lie_dimension", int), lie_dimension, "lie_dimension")
    expect(take(tree, "n_laws_at_most", int), n - lie_dimension, "n_laws_at_most")
    is_complete = len(laws) + lie_dimension == n
    expect(take(tree, "complete", bool), is_complete, "complete")
    expect(take(tree, "lie_dimension_is_exact", bool), is_complete or is_closed, "lie_dimension_is_exact")


def _conserved(setting: LawSetting, report: Report, laws: Sequence[Polynomial], words: Sequence[Words]) -> None:
    """Refuse a law that is not shown to be one."""
    driving = functions(setting, words)
    slopes = None if setting.model == "relu" else [f.slopes for f in driving]
    written: list[Polynomial] | None = None
    for i, law in enumerate(laws):
        with report.checking(f"laws[{i}]"):
            if not law or () in law.terms:
                raise Refused("a constant is no law")
            if not holds_locally(setting.problem, law, slopes, setting.held):
                if setting.model == "relu" and not driving:
                    raise TooLarge("this takes more paths than are written out")
                written = expanded(setting.problem, driving) if written is None else written
                if not holds_expanded(law, written, setting.held):
                    raise Refused("this is not conserved")
            report.n_certificates += 1


def _values(setting: LawSetting, laws: Sequence[Polynomial], values: object, of_dependent: Sequence[object]) -> None:
    """Check the values at the problem's point; null where its weights are symbols."""
    n_listed = len(laws) - len(of_dependent)
    if setting.weights_are_symbols:
        expect(values, None, "values")
        expect(list(of_dependent), [None] * len(of_dependent), "dependent_laws")
        return
    given = [*sized(values, n_listed, "values"), *of_dependent]
    for law, spelled in zip(laws, given, strict=True):
        if rational(spelled, "values") != evaluated(law, setting.problem.point):
            raise Refused("this is not the value at the point", "values")


def _checked(setting: LawSetting, report: Report, tree: dict[str, object], words: Sequence[Words]) -> None:
    """Check the verdict on a user's polynomial."""
    report.skip_unknown(tree, ("polynomial", "verdict", "witness"))
    law = read_law(setting.reader, take(tree, "polynomial", str), "polynomial")
    verdict = take(tree, "verdict", str)
    if verdict == "proved":
        driving = functions(setting, words)
        slopes = None if setting.model == "relu" else [f.slopes for f in driving]
        if law and not holds_locally(setting.problem, law, slopes, setting.held):
            if not driving:
                raise TooLarge("this takes more paths than are written out", "verdict")
            if not holds_expanded(law, expanded(setting.problem, driving), setting.held):
                raise Refused("this is not conserved", "verdict")
    elif verdict == "refuted":
        check_witness(setting, report, law, take(tree, "witness", dict), words)
    else:
        expect(verdict, "undecided", "verdict")
        return
    report.n_certificates += 1
