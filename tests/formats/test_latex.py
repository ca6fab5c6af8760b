"""LaTeX: expressions as formulas, their width, and notes that compile without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symflow.exact.exponential_numbers import exponential
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Application,
    CartesianProduct,
    Decimal,
    Exponential,
    Expression,
    FiniteSet,
    Hull,
    Interval,
    Logarithm,
    Negative,
    Norm,
    Pairing,
    Parameters,
    Power,
    Product,
    Quotient,
    Rational,
    Relation,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix
from symflow.reports.latex_text import escape
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.readable.common_denominator import over_common_denominator
from symflow.reports.readable.notation import number_expression
from tests.reports.problems_to_study import PROBLEMS, UNDECIDED
from tests.reports.test_notes import source_of, undecided_source

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")

ONE, TWO, HALF = (Rational(fmpq(*n)) for n in ((1, 1), (2, 1), (1, 2)))
C, THETA = Symbol("c"), Symbol("θ")

EXPRESSIONS: list[tuple[Expression, str]] = [
    (Symbol("θ", "1"), r"\theta_1"),
    (Symbol("u", "12"), "u_{12}"),
    (Parameters("W", 1, 2), r"W_1[2,\cdot]"),
    (Parameters("W", 2), "W_2"),
    (Parameters("b", 1, 3), "b_1[3]"),
    (Parameters("x"), "x"),
    (Rational(fmpq(-3, 4)), r"-\tfrac34"),
    (Rational(fmpq(12, 35)), r"\tfrac{12}{35}"),
    (Decimal("1.5e-9", True), r"1.5\ldots\cdot10^{-9}"),
    (Exponential(fmpq(1)), "e"),
    (Exponential(fmpq(1, 2)), r"\sqrt e"),
    (Exponential(fmpq(-1, 2)), "e^{-1/2}"),
    (Exponential(fmpq(3)), "e^3"),
    (Logarithm(TWO), r"\ln 2"),
    (Logarithm(Sum((ONE, C))), r"\ln(1+c)"),
    (Negative(Sum((ONE, C))), "-(1+c)"),
    (Sum((ONE, Negative(C), Rational(fmpq(-2)))), "1-c-2"),
    (Product((TWO, C)), "2c"),
    (Product((THETA, C)), r"\theta c"),
    (Product((HALF, Vector((ONE, ONE)))), r"\tfrac12\,(1,1)"),
    (Quotient(C, TWO), r"\tfrac c2"),
    (Quotient(Sum((ONE, C)), TWO), r"\frac{1+c}2"),
    (Power(Symbol("R"), 3), "R^3"),
    (Power(Sum((ONE, C)), 2), "(1+c)^2"),
    (Pairing(Symbol("s"), Symbol("w")), r"\langle s,w\rangle"),
    (Norm(Symbol("s"), 2), r"\lVert s\rVert^2"),
    (Hull((ONE, TWO)), r"\operatorname{conv}\{1,\ 2\}"),
    (FiniteSet((ONE,)), r"\{1\}"),
    (Interval(ONE, TWO), "[1,2]"),
    (CartesianProduct((Interval(ONE, TWO), FiniteSet((ONE,)))), r"[1,2]\times \{1\}"),
    (Application("R", "∂", Symbol("w")), r"\partial R(w)"),
    (Application("f2", "∇", Vector((ONE, TWO))), r"\nabla f_2(1,2)"),
    (Relation((ONE, THETA, TWO), ("≤", "≤")), r"1\le \theta\le 2"),
]


@pytest.mark.parametrize(("expression", "text"), EXPRESSIONS, ids=[text for _, text in EXPRESSIONS])
def test_an_expression_is_set_as(expression: Expression, text: str) -> None:
    assert latex(expression) == text


def test_numbers_with_many_digits_are_cut_and_never_rounded() -> None:
    assert rational_latex(fmpq(2, 3**30)) == r"9.71387\ldots\cdot10^{-15}"
    assert rational_latex(fmpq(123456789012345)) == r"1.23456\ldots\cdot10^{14}"
    assert rational_latex(fmpq(1, 2**40)) == r"9.09494\ldots\cdot10^{-13}"
    assert rational_latex(fmpq(10**30, 10**29 * 4)) == r"\tfrac52"
    assert rational_latex(fmpq(123456789012, 10**12)) == r"0.123456\ldots"
    assert rational_latex(fmpq(1, 2**40), full=True) == r"\tfrac1{1099511627776}"


def test_sums_are_put_over_one_denominator() -> None:
    number = (exponential(fmpq(-1)) + 1) / 2
    assert latex(over_common_denominator(number_expression(number))) in (
        r"\frac{1+e^{-1}}2",
        r"\tfrac12+\tfrac12e^{-1}",
    )
    assert latex(over_common_denominator(Sum((HALF, Quotient(C, TWO))))) == r"\frac{1+c}2"


def test_text_of_users_cannot_be_commands() -> None:
    assert escape(r"\input{x} $&#%_^~") == (r"\textbackslash{}input\{x\} \$\&\#\%\_$\hat{}$$\sim$")
    assert escape("a\nb\x1b[0m") == "a b [0m"
    assert escape("Grüße, 数") == "Grüße, [U+6570]"


def test_wide_matrices_are_folded() -> None:
    text = folded_matrix([[str(10 * i + j) for j in range(60)] for i in range(30)])
    assert r"\cdots" in text
    assert r"\vdots" in text
    assert width(text) <= TEXT_WIDTH


# ---------------------------------------------------------------------- compiled


def compile_notes(source: str, folder: Path) -> str:
    """Compile twice (and once more where asked for) and return the log."""
    (folder / "notes.tex").write_text(source, encoding="utf-8")
    for _ in range(3):
        done = subprocess.run(
            ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "notes.tex"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        log = done.stdout.decode("utf-8", "replace")
        if "Rerun" not in log and "undefined" not in log:
            break
    assert done.returncode == 0, log[-2000:]
    return log


def complaints(log: str) -> list[str]:
    pattern = r"^(?:!.*|Overfull.*|.*[Uu]ndefined.*|LaTeX Warning.*|Package \w+ Warning.*)$"
    return re.findall(pattern, log, re.MULTILINE)


# One of each kind; all of them with -m slow.
QUICK = ("demo", "corner", "symbolic")


@needs_latex
@pytest.mark.parametrize("name", QUICK)
def test_notes_compile_without_a_warning(name: str, tmp_path: Path) -> None:
    assert complaints(compile_notes(source_of(name), tmp_path)) == []


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in QUICK])
def test_all_notes_compile_without_a_warning(name: str, tmp_path: Path) -> None:
    assert complaints(compile_notes(source_of(name), tmp_path)) == []


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", UNDECIDED)
def test_notes_of_what_is_undecided_compile_without_a_warning(name: str, tmp_path: Path) -> None:
    assert complaints(compile_notes(undecided_source(name), tmp_path)) == []


@needs_latex
@pytest.mark.slow
def test_the_estimated_width_of_a_formula_is_near_the_real_one(tmp_path: Path) -> None:
    formulas = [
        formula
        for name in ("demo", "corner", "biases", "many cells", "trained")
        for formula in re.findall(r"\\\[\n  (.*)\n\\\]", source_of(name))
        if "&" not in re.sub(r"\\begin\{pmatrix\}.*?\\end\{pmatrix\}", "", formula)
    ]
    assert len(formulas) > 15
    preamble = source_of("demo").partition(r"\title")[0]
    boxes = "".join(rf"\setbox0\hbox{{$\displaystyle {f}$}}\typeout{{IS \the\wd0}}" + "\n" for f in formulas)
    log = compile_notes(f"{preamble}\\begin{{document}}\n{boxes}x\\end{{document}}", tmp_path)
    real = [float(found) for found in re.findall(r"IS ([0-9.]+)pt", log)]
    assert len(real) == len(formulas)
    for formula, points in zip(formulas, real, strict=True):
        assert 0.85 * points - 10 <= width(formula) <= 1.6 * points + 30, (formula, points, width(formula))
