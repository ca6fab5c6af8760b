"""Every public object: one line at the prompt, something well-formed in a notebook, JSON, LaTeX and sympy.

The objects are made here, one list for every public name; a name without a list fails, so that a new object has to be
shown before it is public.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy

import symflow
from symflow import (
    Architecture,
    Combination,
    Dataset,
    EmpiricalRisk,
    LogSumExp,
    Network,
    Output,
    Problem,
    Realization,
    RegionGraph,
    Risk,
    activation,
    audit,
    clarke_differential,
    conservation_laws,
    conservative_outer_set,
    convex_subdifferential,
    crosscheck,
    derive,
    gradient_flow,
    is_clarke_regular,
    is_differentiable,
    is_frechet_stationary,
    is_strictly_differentiable,
    laws_of_problem,
    laws_on_cells,
    lecture_notes,
    loss,
    prove,
    read_problem,
    star,
    stationarity,
    verify,
)
from symflow.cli import main
from symflow.differentials.sum_rule import sum_rule
from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq, rational
from symflow.showing import AbstractFormula, AbstractShown
from tests.notebook_runner import check_latex, visible_text

NET = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
DEEP = Network.from_weights([[1, -1], [-1, 2]], [[1, 1], [1, -1]], [[1, "-1/2"]], biases=[[0, 1], [0, 0], [1]])
DATA = Dataset([(1, 1), (-1, -1)], labels=[1, -1])
F, R = Realization(NET), EmpiricalRisk(NET, DATA)
SHAPE = NET.architecture
TREE = {"network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "1"]]]}}

# Names that are no objects: functions that are made of others' results, errors, and pictures of other libraries.
WITHOUT_OBJECTS = {
    "__version__",
    *(name for name in symflow.__all__ if name.endswith("Error")),
    "plot_regions",
    "plot_trajectory",
    "laws_map",
    "using_names",
    "tikz_regions",
}


def made() -> dict[str, list[Any]]:
    """Return what each public name makes."""
    dR, df = clarke_differential(R), clarke_differential(F, at=(0, 0))
    many = clarke_differential(EmpiricalRisk(DEEP, DATA))
    regions, line = RegionGraph.of(F), RegionGraph.of(Network.from_weights([[1], [2]], [[1, 1]], biases=[[0, 1], [0]]))
    path = gradient_flow(R, until=2, dps=20, checkpoints=[1])
    ray = gradient_flow(F, start=(3, 1), until=1)
    hill = Realization(Network.from_weights([[1], [-1]], [[-1, -1]]))
    stuck = gradient_flow(hill, start=(0,), until=1, branches=True)
    theorem, refuted = prove("weight_gradient_preservation", shape=(2, 2, 1)), prove("degree_is_hidden_layers")
    laws = conservation_laws(SHAPE)
    problem = symflow.problem_from_tree(TREE)
    return {
        "Network": [NET, DEEP],
        "Architecture": [SHAPE, DEEP.architecture],
        "Dataset": [DATA, Dataset([(k, k) for k in range(60)])],
        "Realization": [F, Realization(DEEP)],
        "EmpiricalRisk": [R, EmpiricalRisk(DEEP, DATA, loss="squared", is_mean=True)],
        "Output": [Output()],
        "Combination": [Combination((fmpq(1), fmpq(2)))],
        "Risk": [Risk(loss("logistic"), (fmpq(1),))],
        "LogSumExp": [LogSumExp((fmpq(1),))],
        "activation": [activation("relu"), activation("leaky_relu", slope="1/4"), activation("relu_power", power=2)],
        "loss": [loss("squared")],
        "clarke_differential": [dR, df, many, dR.minimal_norm_element, dR.minimal_norm_squared],
        "ClarkeDifferential": [dR.bouligand_differential, dR.affine_hull, df.facets(), *dR.factors],
        "autodiff_selection": [symflow.autodiff_selection(R)],
        "audit": [audit(R), *audit(dR).selections],
        "directional_derivative": [symflow.directional_derivative(R, NET.parameters)],
        "clarke_directional_derivative": [symflow.clarke_directional_derivative(R, NET.parameters)],
        "is_strictly_differentiable": [is_strictly_differentiable(R)],
        "is_differentiable": [is_differentiable(F, at=(0, 0))],
        "is_clarke_regular": [is_clarke_regular(F, at=(0, 0))],
        "is_frechet_stationary": [is_frechet_stationary(R)],
        "stationarity": [stationarity(R), stationarity(hill, at=(0,)), stationarity(hill, at=(0,)).descent],
        "convex_subdifferential": [convex_subdifferential(F, at=(0, 0))],
        "conservative_outer_set": [conservative_outer_set(R)],
        "derive": [derive(SHAPE), derive(F), derive(R)],
        "Derivation": list(derive(SHAPE).pieces) + list(derive(SHAPE).kinks or ()),
        "star": [star(R)],
        "Star": [*star(R).cells, *star(R).edges],
        "RegionGraph": [regions, line, regions.cells, regions.cells[0], regions.walls, regions.walls[0], line.cells[0]],
        "conservation_laws": [laws, *laws.laws],
        "ConservationLaws": [laws.fields, laws.brackets],
        "laws_on_cells": [laws_on_cells(SHAPE, [(1, 2)], ["++"])],
        "laws_of_problem": [laws_of_problem(R), laws_of_problem(R, model="cell")],
        "gradient_flow": [path, ray, stuck],
        "Trajectory": [*path.arcs, *path.events, *path.checkpoints, *path.invariants, *path.monitors, *stuck.branches],
        "crosscheck": [crosscheck(laws, along=path), crosscheck(along=path), *crosscheck(path).rows],
        "prove": [theorem, refuted],
        "verify": [verify(theorem), verify(path)],
        "lecture_notes": [lecture_notes("% symflow: claims degree_is_hidden_layers")],
        "LectureNotes": [lecture_notes("No statement.")],
        "Theorem": [theorem.verdict, refuted.verdict],
        "Claim": [theorem.claim, refuted.claim, *theorem.claim.proof],
        "Proved": [df.contains((0, 0)), dR.contains(dR.minimal_norm_element)],
        "Refuted": [dR.is_clarke_stationary, stationarity(hill, at=(0,)).local_minimum],
        "Undecided": [symflow.Undecided(reason="the budget ended")],
        "Problem": [problem],
        "read_problem": [problem],
        "problem_from_tree": [problem, sum_rule(dR)],
    }


MADE = made()
OBJECTS = [pytest.param(thing, id=f"{name}-{i}") for name, things in MADE.items() for i, thing in enumerate(things)]
SHOWN = [case for case in OBJECTS if isinstance(case.values[0], AbstractShown)]


def test_every_public_name_is_shown_here() -> None:
    assert set(MADE) | WITHOUT_OBJECTS == set(symflow.__all__)
    assert not set(MADE) & WITHOUT_OBJECTS


@pytest.mark.parametrize("thing", OBJECTS)
def test_one_line_that_is_no_dump(thing: object) -> None:
    line = repr(thing)
    assert "\n" not in line
    assert len(line) < 160, line
    assert not re.search(r" at 0x|mpf\(|mpq\(|fmpq\(|array\(", line), line
    # A dump names the fields of a part: ``Trajectory(.. arcs=(Arc(..``.
    assert not re.search(r"\w+=\(?\w+\(\w+=", line), line


# The results and what they are asked of; they say how well they are known.
SAYS = r"exact|enclosed|undecided|digits|proved|refuted|complete|symbolic|< 1e|unique|Accepted|holds|fails"


@pytest.mark.parametrize("thing", SHOWN)
def test_results_say_how_well_they_are_known(thing: AbstractShown) -> None:
    line = repr(thing)
    is_a_formula_itself = isinstance(thing, AbstractFormula) and not re.match(r"[A-Z][A-Za-z]+\(", line)
    says_nothing_uncertain = isinstance(thing, Architecture) or type(thing).__name__ in ("LectureNotes", "Verification")
    assert is_a_formula_itself or says_nothing_uncertain or re.search(SAYS, line, re.IGNORECASE), line


@pytest.mark.parametrize("thing", SHOWN)
def test_a_notebook_shows_something_well_formed(thing: AbstractShown) -> None:
    html, latex = thing._repr_html_(), thing._repr_latex_()
    assert html is not None or latex is not None, f"{thing!r} is shown as plain text"
    if html is not None:
        assert visible_text(html)
    if latex is not None:
        check_latex(latex)
        assert len(latex) <= 2000


@pytest.mark.parametrize("thing", SHOWN)
def test_the_ways_out_are_well_formed(thing: AbstractShown) -> None:
    tree = json.loads(thing.to_json())
    assert tree
    assert "Infinity" not in thing.to_json()
    text = thing.to_latex()
    depth = re.sub(r"\\[{}]", "", text)
    assert depth.count("{") == depth.count("}"), text
    assert text.count(r"\begin{") == text.count(r"\end{")


def test_a_formula_that_is_too_long_for_a_notebook_is_its_one_line_and_goes_out_whole() -> None:
    wide = Network.from_weights([[Fraction(k + j, 7919) for j in range(30)] for k in range(30)], [[1] * 30])
    assert wide._repr_latex_() is None
    assert wide._repr_html_() is None
    assert wide.to_latex().count("&") == 30 * 29 + 29


# ---------------------------------------------------------------------- JSON


def command(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main(words)
    return printed.getvalue()


CASES: dict[str, tuple[dict[str, Any], tuple[str, ...], Any]] = {
    "clarke": (
        {"variable": "input", "at": ["0"]},
        ("clarke",),
        lambda p: clarke_differential(Realization(p.network), at=(0,)),
    ),
    "stationarity": (
        {"variable": "input", "at": ["0"]},
        ("clarke", "--stationarity"),
        lambda p: stationarity(Realization(p.network), at=(0,)),
    ),
    "audit": ({"kind": "risk", "loss": "logistic"}, ("audit",), lambda p: audit(risk_of(p))),
    "flow": (
        {"kind": "risk", "loss": "exponential"},
        ("flow", "--until", "2"),
        lambda p: gradient_flow(risk_of(p), until=2),
    ),
    "prove": (
        {"kind": "risk", "loss": "exponential"},
        ("prove", "--claim", "balancing"),
        lambda p: prove("balancing", risk_of(p)),
    ),
    "laws": (
        {"kind": "risk", "loss": "exponential"},
        ("laws", "--model", "relu"),
        lambda p: laws_of_problem(risk_of(p)),
    ),
}


def risk_of(problem: Problem) -> EmpiricalRisk:
    assert problem.network is not None
    assert problem.inputs is not None
    return EmpiricalRisk(problem.network, Dataset(problem.inputs, problem.labels), loss=str(problem.loss))


@pytest.mark.parametrize("name", CASES)
def test_json_is_what_the_command_writes_byte_for_byte(name: str, tmp_path: Path) -> None:
    objective, words, asked = CASES[name]
    tree = {**TREE, "objective": objective}
    if objective.get("kind") == "risk":
        tree["data"] = {"inputs": [["1"], ["-2"]], "labels": ["1", "-1"]}
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(tree), encoding="utf-8")
    text = asked(read_problem(file)).to_json()
    assert text == command(words[0], str(file), *words[1:], "--json")
    assert verify(text)["rejected"] == []


def test_json_of_a_shape_is_what_the_command_writes(tmp_path: Path) -> None:
    file = tmp_path / "shape.json"
    file.write_text(json.dumps({"network": {"activation": "relu", "widths": [2, 2, 1]}}), encoding="utf-8")
    assert derive(SHAPE).to_json() == command("derive", str(file), "--json")
    assert conservation_laws(NET).to_json() == command("laws", str(file), "--json")
    asked = ("prove", "--claim", "weight_gradient_preservation")
    assert prove(asked[2], shape=(2, 2, 1)).to_json() == command(*asked, "--shape", "2-2-1", "--json")
    assert prove(asked[2]).to_json() == command(*asked, "--json")


def test_json_of_regions_is_what_the_command_writes(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_text(json.dumps({"network": json.loads(NET.to_json())}), encoding="utf-8")
    assert RegionGraph.of(NET).to_json() == command("regions", str(file), "--json")


def is_result(thing: AbstractShown) -> bool:
    tree = json.loads(thing.to_json())
    return isinstance(tree, dict) and "command" in tree


RESULTS = [case for case in SHOWN if is_result(case.values[0])]


@pytest.mark.parametrize("thing", RESULTS)
def test_the_checker_takes_the_json_of_results(thing: AbstractShown) -> None:
    found = verify(thing.to_json())
    assert found["rejected"] == []
    assert found["n_certificates"] or not json.loads(thing.to_json()).get("claims", True)


@pytest.mark.parametrize("thing", [F, R, EmpiricalRisk(DEEP, DATA, loss="squared", is_mean=True), MADE["Problem"][0]])
def test_the_json_of_what_is_given_is_a_problem_file(thing: Any, tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_text(thing.to_json(), encoding="utf-8")
    problem = read_problem(file)
    assert problem.tree() == json.loads(thing.to_json())
    if isinstance(thing, EmpiricalRisk):
        assert problem.function().value == thing.at().value


# ---------------------------------------------------------------------- sympy


def exactly(value: Any) -> fmpq:
    return rational(str(value))


POOLED = Network.from_weights([[1, 2], [3, -1]], [[2]], activation=activation("maxpool", groups=[[0, 1]]))


@pytest.mark.parametrize("network", [NET, DEEP, POOLED])
@pytest.mark.parametrize("x", [(0, 0), (1, -2), (Fraction(-3, 2), 5)])
def test_a_map_in_sympy_has_the_exact_values(network: Network, x: tuple[Fraction, ...]) -> None:
    f = Realization(network)
    values = {sympy.Symbol(f"x[{i}]", real=True): sympy.Rational(str(v)) for i, v in enumerate(x, start=1)}
    assert exactly(sympy.sympify(f.to_sympy()).subs(values)) == f.at(x).value


KINDS = (
    activation("abs"),
    activation("identity"),
    activation("leaky_relu", slope="1/4"),
    activation("relu"),
    activation("relu_power", power=2),
)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize("z", [-2, 0, 3])
def test_every_activation_in_sympy_has_the_exact_values(kind: Any, z: int) -> None:
    f = Realization(Network.from_weights([[1]], [[1]], activation=kind))
    assert exactly(sympy.sympify(f.to_sympy()).subs(sympy.Symbol("x[1]", real=True), z)) == f.at((z,)).value


@pytest.mark.parametrize("name", ["exponential", "logistic", "squared"])
def test_a_risk_in_sympy_has_the_exact_value(name: str) -> None:
    risk = EmpiricalRisk(NET, DATA, loss=name, is_mean=name == "squared")
    names = SHAPE.parameter_names
    at = {sympy.Symbol(n, real=True): sympy.Rational(str(v)) for n, v in zip(names, NET.parameters, strict=True)}
    assert sympy.simplify(risk.to_sympy().subs(at) - sympy.sympify(str(risk()))) == 0


def test_numbers_vectors_laws_and_cells_in_sympy() -> None:
    dR = clarke_differential(R)
    assert dR.minimal_norm_squared.to_sympy() == sympy.Rational(7, 2) * sympy.exp(-1)
    assert dR.minimal_norm_element.to_sympy().norm() ** 2 == sympy.Rational(7, 2) * sympy.exp(-1)
    assert [list(map(str, vertex)) for vertex in dR.to_sympy()] == [list(map(str, v)) for v in dR.vertices]
    first, _ = conservation_laws(SHAPE).to_sympy()
    u1, u2, v1 = (sympy.Symbol(name, real=True) for name in ("W1[1,1]", "W1[1,2]", "W2[1,1]"))
    assert first == u1**2 + u2**2 - v1**2
    x1, x2 = (sympy.Symbol(f"x[{i}]", real=True) for i in (1, 2))
    assert RegionGraph.of(F).cell_at((2, 1)).to_sympy() == x1 - x2
    assert NET.to_sympy()[1] == sympy.Matrix([[1, sympy.Rational(-1, 2)]])


def test_what_is_no_formula_has_none() -> None:
    formulas = {type(case.values[0]).__name__ for case in SHOWN if hasattr(case.values[0], "to_sympy")}
    assert formulas == {
        "ClarkeDifferential", "ConservationLaw", "ConservationLaws", "Derivation", "Element", "EmpiricalRisk",
        "ExponentialNumber", "Network", "Realization", "Region",
    }  # fmt: skip


def test_laws_that_no_command_finds_claim_no_certificate() -> None:
    for laws in (laws_on_cells(SHAPE, [(1, 2)], ["++"]), conservation_laws(SHAPE, trained=["W1"])):
        assert sorted(json.loads(laws.to_json())) == ["laws", "model", "n_laws"]
        assert len(json.loads(laws.to_json())["laws"]) == laws.n_laws


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here: what goes out was not compiled")
def test_all_that_goes_out_compiles_in_one_document(tmp_path: Path) -> None:
    """Behind each other, with the packages that the pieces name; a document of its own is compiled elsewhere."""
    pieces = [case.values[0].to_latex() for case in SHOWN if type(case.values[0]).__name__ != "LectureNotes"]
    preamble = (
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}",
        r"\usepackage[a4paper,left=15mm,right=60mm,marginparwidth=39mm]{geometry}",
        r"\usepackage{amsmath,amssymb,amsthm,array,booktabs,longtable,xcolor,tikz}",
        r"\newtheorem{theorem}{Theorem}\newtheorem{proposition}[theorem]{Proposition}",
        r"\theoremstyle{remark}\newtheorem*{remark}{Remark}\setcounter{MaxMatrixCols}{40}",
    )
    body = "\n\n\\bigskip\n\n".join(pieces)
    source = "\n".join([*preamble, r"\begin{document}", body, r"\end{document}", ""])
    (tmp_path / "all.tex").write_text(source, encoding="utf-8")
    words = ("pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "all.tex")
    subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=120, check=False)  # for the citations
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.findall(r"^!.*|.*[Uu]ndefined.*", log, re.MULTILINE)


def parts(thing: object, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the public attributes of symflow's objects, and the first entries of tuples, so deep."""
    if depth == 0 or not type(thing).__module__.startswith("symflow"):
        return
    for name in dir(thing):
        if name.startswith("_"):
            continue
        try:
            value = getattr(thing, name)
        except (NotSupportedError, symflow.SymflowError):
            continue
        while isinstance(value, tuple | list) and type(value) in (tuple, list) and value:
            value = value[0]
        if type(value).__module__.startswith("symflow") and not callable(value):
            yield name, value
            yield from parts(value, depth - 1)


@pytest.mark.parametrize("thing", SHOWN)
def test_one_line_of_what_a_result_holds(thing: AbstractShown) -> None:
    """A user who looks closer meets no dump either."""
    for name, value in parts(thing, 1):
        line = repr(value)
        assert "\n" not in line, name
        assert len(line) < 200, f"{name}: {line}"
        assert not re.search(r" at 0x|mpf\(|mpq\(|array\(", line), f"{name}: {line}"
