"""The lecture notes: what they say of each kind of problem, and that all of it is well-formed LaTeX."""

from __future__ import annotations

import re
from functools import cache

import pytest

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.selection import audit
from symflow.differentials.sum_rule import sum_rule
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.formats.latex import render_notes
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of
from symflow.reports.notes.compose import compose_derived_notes, compose_notes
from symflow.reports.notes.document import Grid, LongTable, Notes, Statement
from tests.reports.problems_to_study import PROBLEMS, UNDECIDED, Tree


def notes_of(tree: Tree, budget: Budget = NO_BUDGET) -> Notes:
    problem = problem_from_tree(tree)
    has_inputs = problem.at is not None if problem.variable == "input" else problem.inputs is not None
    if problem.network is None or not has_inputs:
        return compose_derived_notes(problem, derivation_of(problem))
    differential = clarke_differential(problem.function(), budget=budget)
    return compose_notes(problem, audit(differential), sum_rule(differential, budget=budget))


@cache
def source_of(name: str) -> str:
    return render_notes(notes_of(PROBLEMS[name]))


@cache
def undecided_source(name: str) -> str:
    return render_notes(notes_of(UNDECIDED[name], Budget(deadline=0.0)))


# ---------------------------------------------------------------------- the demo, sentence by sentence


@pytest.mark.parametrize(
    "text",
    [
        r"\title{\vspace{-8mm}Two neurons, one kink\vspace{-2mm}}",
        r"R(w)=\ell(m_1)+\ell(m_2),\qquad \ell(m)=e^{-m}.",
        r"x_1&0&-1&0&0",
        r"x_2&0&1&-\tfrac12&\tfrac12",
        r"\tfrac32\xi_1-\xi_2 & \text{on }({+}{+}),",
        r"e^{-v_1\ip{u_1}{x_1}}+e^{v_2\ip{u_2}{x_2}} & \text{if }h\ge0,",
        r"1+e^{v_1\ip{u_1}{x_2}+v_2\ip{u_2}{x_2}} & \text{if }h\le0.",
        r"P_+&\diag(1,0)&\diag(0,1)",
        r"P_-&\diag(0,0)&\diag(1,1)",
        r"\nabla_{W_1}f(x;w)=\bigl(W_2A(x)\bigr)^{\!\top}x^\top,",
        r"\nabla_{W_2}f(x;w)=\bigl(A(x)W_1x\bigr)^{\!\top},",
        r"\partial R(w)=\left\{\left(\begin{pmatrix}-\tau&-\tau\\\tfrac c2&\tfrac c2\end{pmatrix},\ "
        r"\begin{pmatrix}0&c\end{pmatrix}\right):\ \tau=(1-\theta)+\theta c,\ \theta\in[0,1]\right\}.",
        r"\tfrac72e^{-1}\approx 1.28758",
        r"over $[0,1+c]$, as if each datum could choose its own side.",
        r"\frac1{1+\sqrt e}\ \le\ a\ \le\ \frac{\sqrt e}{1+\sqrt e}\qquad(0.3775\ldots\le a\le0.6224\ldots).",
        r"-\frac{1+c}2\,(1,1)&\textnormal{yes, $\theta=\tfrac12$}",
        r"\ip{W_l}{S_l}=\sum_k\rho_k\,f(x_k;w)=-\tfrac c2,\qquad \text{hence}\qquad \ip ws=-c.",
        r"\theta=0&-\tfrac c2&-\tfrac c2&-c",
        r"\refuted{``autodiff returns a Clarke subgradient''}{separating direction, exact}",
        r"$\ip{u_1}{x_1}$ ${}+\ip{u_1}{x_2}=0$",
    ],
)
def test_the_notes_of_the_demo_say(text: str) -> None:
    assert " ".join(text.split()) in " ".join(source_of("demo").split())


def test_every_statement_has_its_verdict_and_is_listed() -> None:
    notes = notes_of(PROBLEMS["demo"])
    statements = [b for section in notes.sections for b in section.blocks if isinstance(b, Statement)]
    assert all(statement.verdict is not None for statement in statements)
    assert [entry.word for entry in notes.entries].count("refuted") == 5
    (table,) = [b for s in notes.sections if s.title == "All statements" for b in s.blocks if isinstance(b, LongTable)]
    assert len(table.rows) == len(notes.entries)


def test_the_conclusions_are_those_of_the_results() -> None:
    expected = {
        "identity": ["f(x)=\\begin{cases}", "exactly when $a=\\tfrac12$"],
        "no kink": ["No preactivation is on a kink", "since all these sets are single points"],
        "squared rectifiers": ["is continuously differentiable near", "$(d_l)=(2,1)$"],
        "origin": ["is a single point"],
        "three outputs": ["be the second entry of", "$w_2$ is row 2 of $W_2$"],
        "maxpool": [r"\sigma(z)=(\max(z_1,z_2),\max(z_3,z_4))", "the first group has a tie"],
        "many neurons": ["Neurons 1 to 10 vanish on all data", r"\theta_1,\ldots,\theta_{20}\in[0,1]"],
        "many data": [r"\ldots\ 14 more data\ \ldots"],
        "symbolic": ["the Clarke differential at every kink"],
    }
    for name, texts in expected.items():
        source = " ".join(source_of(name).split())
        for text in texts:
            assert text in source, f"{name}: {text}"


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_undecided_is_said_and_nothing_is_claimed(name: str) -> None:
    source = undecided_source(name)
    assert "lies between two sets" in source or "single point" in source
    if "lies between" in source:
        assert "\\enclosed{" in source
        assert "is the segment" not in source


# ---------------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", PROBLEMS)
def test_notes_are_well_formed(name: str) -> None:
    well_formed(source_of(name))


@pytest.mark.parametrize("name", UNDECIDED)
def test_notes_of_what_is_undecided_are_well_formed(name: str) -> None:
    well_formed(undecided_source(name))


def well_formed(source: str) -> None:
    assert source.isascii() or all("À" <= c <= "ÿ" for c in source if not c.isascii())
    for debris in (r"\left(\begin{array}", r"\operatorname{Max}", "None", "[]", "e+0", "..}", "$$", "Symbol("):
        assert debris not in source.partition(r"\begin{document}")[2].replace("\\,\\quad", ""), debris
    body = re.sub(r"\\[{}$%&#_]", "", source.partition(r"\begin{document}")[2])
    assert body.count("{") == body.count("}")
    assert body.count("$") % 2 == 0
    opened = re.findall(r"\\begin\{([a-z*]+)\}", source)
    closed = re.findall(r"\\end\{([a-z*]+)\}", source)
    assert sorted(opened) == sorted(closed)
    labels = set(re.findall(r"\\label\{([^}]*)\}", source))
    assert set(re.findall(r"\\ref\{([^}]*)\}", source)) <= labels


@pytest.mark.parametrize("name", PROBLEMS)
def test_tables_have_as_many_cells_as_columns(name: str) -> None:
    def tables(blocks: tuple[object, ...]) -> list[Grid | LongTable]:
        found: list[Grid | LongTable] = []
        for block in blocks:
            if isinstance(block, Grid | LongTable):
                found.append(block)
            if isinstance(block, Statement):
                found += tables((*block.body, *block.proof))
        return found

    for section in notes_of(PROBLEMS[name]).sections:
        for table in tables(section.blocks):
            assert all(len(row) in (1, len(table.header)) for row in table.rows)
            assert len(table.rows) <= 48, "a long table is folded"


def test_equal_problems_give_equal_notes() -> None:
    assert render_notes(notes_of(PROBLEMS["corner"])) == render_notes(notes_of(PROBLEMS["corner"]))
