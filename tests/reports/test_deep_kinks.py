"""The kinks of deep nets in words and formulas: what is written is what was derived, and reads well."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symflow.cells.deep_kinks import KinkSet
from symflow.cells.derivation import Derivation
from symflow.cells.kink_points import KinkPoints
from symflow.checker.verify import verify_text
from symflow.cli import main
from symflow.exact.rationals import fmpq
from symflow.formats.plain_text import render
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_document import derive_document
from symflow.reports.derive_latex import derive_latex
from symflow.reports.derive_parts import Parts
from symflow.reports.derive_result import derivation_of, derive_result
from symflow.reports.expressions import Symbol
from symflow.reports.kink_formulas import KinkFormulas, Row
from tests.reports.evaluation import Value, as_vector, evaluate
from tests.reports.test_derive_latex import HEAD

_LEAKY = {"name": "leaky_relu", "slope": "-1/4"}
_DATA = [[1, 2], [-1, 1]]

PROBLEMS: dict[str, tuple[dict[str, Any], list[tuple[int, ...]] | None]] = {
    "two layers": ({"network": {"activation": "relu", "widths": [2, 2, 2, 1]}}, None),
    "many neurons": ({"network": {"activation": "relu", "widths": [6, 4, 4, 1]}}, None),
    "one kink": ({"network": {"activation": "relu", "widths": [2, 2, 2, 1]}}, [(2, 1)]),
    "a product": ({"network": {"activation": "relu", "widths": [2, 2, 2, 1]}}, [(1, 1), (2, 1)]),
    "no weights": ({"network": {"activation": "relu", "widths": [2, 2, 2, 1]}}, [(1, 1), (1, 2)]),
    "biases": ({"network": {"activation": ["abs", _LEAKY], "widths": [1, 2, 2, 1], "bias": True}}, [(1, 2), (2, 2)]),
    "all single kinks with biases": (
        {"network": {"activation": ["abs", _LEAKY], "widths": [1, 2, 2, 1], "bias": True}},
        None,
    ),
    "a linear layer": (
        {"network": {"activation": ["relu", "identity", "abs"], "widths": [2, 2, 2, 2, 2]}, "objective": {"output": 2}},
        [(3, 1), (1, 2)],
    ),
    "two data": (
        {
            "network": {"activation": "relu", "widths": [2, 2, 2, 1]},
            "data": {"inputs": _DATA},
            "objective": {"kind": "combination", "coefficients": [1, "-3/2"]},
        },
        [(2, 1, 1), (2, 1, 2)],
    ),
    "all single kinks on two data": (
        {
            "network": {"activation": "relu", "widths": [2, 2, 1, 1]},
            "data": {"inputs": _DATA},
            "objective": {"kind": "combination", "coefficients": [1, "-3/2"]},
        },
        None,
    ),
    "a risk": (
        {
            "network": {"activation": ["relu", "abs"], "widths": [2, 2, 2, 1], "bias": True},
            "data": {"inputs": _DATA, "labels": [1, -1]},
            "objective": {"kind": "risk", "loss": "logistic"},
        },
        [(1, 1, 1), (1, 1, 2), (2, 2, 1)],
    ),
    "a risk of a symbolic input": (
        {
            "network": {"activation": "abs", "widths": [2, 2, 1, 1]},
            "data": {"inputs": "symbolic", "labels": [-1]},
            "objective": {"kind": "risk", "loss": "exponential"},
        },
        [(2, 1)],
    ),
    "dependent data": (
        {
            "network": {"activation": "relu", "widths": [1, 2, 1, 1]},
            "data": {"inputs": [[1], [2]]},
            "objective": {"kind": "combination", "coefficients": [1, 1]},
        },
        [(1, 1, 1), (1, 1, 2)],
    ),
}


@cache
def derivation_called(name: str) -> Derivation:
    tree, kinks = PROBLEMS[name]
    return derivation_of(problem_from_tree(tree), kinks=kinks)


@cache
def text_of(name: str, width: int = 92) -> str:
    problem = problem_from_tree(PROBLEMS[name][0])
    return render(derive_document(problem, derivation_called(name)), width=width)


@cache
def latex_of(name: str) -> str:
    return derive_latex(problem_from_tree(PROBLEMS[name][0]), derivation_called(name))


# ---------------------------------------------------------------------- two roads: letters and polynomials


def letters(parts: Parts, found: KinkSet, values: dict[str, fmpq]) -> dict[Symbol, Value]:
    """Return the values of all letters of the formulas, from those of the names of the ring."""
    net, shape = parts.net, parts.shape
    result: dict[Symbol, Value] = {}
    several = net.n_data > 1
    for r, _ in enumerate(found.sites, start=1):
        result[Symbol("θ", str(r) if len(found.sites) > 1 else "")] = values[f"theta[{r}]"]
    for layer in range(2, shape.n_layers + 1):
        for i in range(shape.widths[layer]):
            for j in range(shape.fan_in(layer)):
                symbol = parts.lecture.weight(layer, i, j)
                if layer < shape.n_layers or i == net.output:
                    assert isinstance(symbol, Symbol)
                    result[symbol] = values[f"W{layer}[{i + 1},{j + 1}]"]
    for k in range(net.n_data):
        at = f"(x_{{{k + 1}}})" if several else ""
        h: tuple[fmpq, ...] = (
            tuple(values[f"x[{i}]"] for i in range(1, shape.n_inputs + 1)) if net.inputs is None else net.inputs[k]
        )
        name = parts.lecture.x(k)
        assert isinstance(name, Symbol)
        result[name] = h
        result[Symbol("c", str(k + 1) if several else "")] = values.get(f"c[{k + 1}]", fmpq(0))
        for layer in range(1, shape.n_layers):
            features = []
            for j in range(shape.widths[layer]):
                z = sum((values[f"W{layer}[{j + 1},{i + 1}]"] * entry for i, entry in enumerate(h)), fmpq(0))
                z += values.get(f"b{layer}[{j + 1}]", fmpq(0))
                slope = fmpq(1)
                if shape.activation(layer).has_sites:
                    site = net.table.sites[net.table.index[layer, j, k]]
                    slope = fmpq(0) if site in found.sites else values[f"a{layer}[{j + 1},{k + 1}]"]
                    result[Symbol(f"a^{{({layer})}}_{{{j + 1}}}{at}")] = slope
                features.append(slope * z)
            h = tuple(features)
            result[Symbol(f"h_{{{layer}}}{at}")] = h
    return result


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_rows_that_are_written_are_the_gradients(name: str) -> None:
    derivation = derivation_called(name)
    parts = Parts(derivation, "latex")
    shape, table = parts.shape, parts.net.table
    assert derivation.deep_kinks is not None
    for found in derivation.deep_kinks.sets:
        formulas = KinkFormulas(parts, found)
        rows = list(formulas.rows())
        thetas = [i for i, symbol in enumerate(found.ring.names) if symbol.startswith("theta[")]
        for layer in range(1, shape.n_layers + 1):
            for unit in range(shape.widths[layer]):
                places = [shape.weight_index(layer, unit, j) for j in range(shape.fan_in(layer))]
                biased = [*places, shape.bias_index(layer, unit)] if shape.has_biases else places
                has_theta = any(set(thetas) & set(found.gradient[place].used_variables()) for place in biased)
                assert (Row(layer, unit) in rows) == has_theta
        drawn = {symbol: fmpq(7 * i % 11 - 5, 1 + i % 3) for i, symbol in enumerate(found.ring.names)}
        for stratum in (None, *found.strata[:3]):
            values = dict(drawn)
            if stratum is not None:
                values |= dict(zip(derivation.net.symbols, stratum.point, strict=True))
                for site, character in zip(table.sites, stratum.characters, strict=True):
                    slope = shape.activation(site.layer).slopes((fmpq(0),), character)[0]
                    values[f"a{site.layer}[{site.output + 1},{site.datum + 1}]"] = slope
            gradient = found.gradient if stratum is None else stratum.gradient
            point = tuple(values[symbol] for symbol in found.ring.names)
            known = letters(parts, found, values)
            for row in rows:
                written = formulas.gradient(row, None if stratum is None else stratum.characters)
                places = [shape.weight_index(row.layer, row.unit, j) for j in range(shape.fan_in(row.layer))]
                expected = tuple(gradient[place].evaluate(point) for place in places)
                assert as_vector(evaluate(written, known), len(places)) == expected


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("width", [60, 92])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(map(len, text_of(name, width).splitlines())) <= width


def test_one_kink_is_answered_first_then_row_by_row_and_by_signs() -> None:
    text = text_of("one kink")
    expected = """
  2-2-2-1 relu net, symbolic weights.

  At z2[1] = 0:  ∂f = { ∇f :  0 ≤ θ ≤ 1 }.                     ■ proved, for all weights

      ∇u1 f       =  a1[1] (θ v1 W2[1,1] + a2[2] v2 W2[2,1]) x
      ∇u2 f       =  a1[2] (θ v1 W2[1,2] + a2[2] v2 W2[2,2]) x
      ∇W2[1,·] f  =  θ v1 h1

      a_l[j] = σ'(z), one of {0, 1}: the slopes of the others;  the rest of ∇f has no θ

      f  =  W3 σ(W2 σ(W1 x)),   u_j the rows of W1,   v = W3

  signs      ∇u1 f                            ∇u2 f                            ∇W2[1,·] f
  ++ | 0+    (θ v1 W2[1,1] + v2 W2[2,1]) x    (θ v1 W2[1,2] + v2 W2[2,2]) x    θ v1 h1
  ++ | 0−    θ v1 W2[1,1] x                   θ v1 W2[1,2] x                   θ v1 h1
  +− | 0+    (θ v1 W2[1,1] + v2 W2[2,1]) x    0                                θ v1 h1
  +− | 0−    θ v1 W2[1,1] x                   0                                θ v1 h1
  −+ | 0+    0                                (θ v1 W2[1,2] + v2 W2[2,2]) x    θ v1 h1
  −+ | 0−    0                                θ v1 W2[1,2] x                   θ v1 h1

  provided          h1 ≠ 0, as on all these signs
"""
    assert text.startswith(expected)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two layers", "∂f  =  conv { ∇f with the slope θ at each kink :  θ in {0, 1} }"),
        ("two layers", "z2[1] = 0      ∇u1 f = a1[1] (θ v1 W2[1,1] + a2[2] v2 W2[2,1]) x"),
        ("two layers", "h_(l−1) ≠ 0 at each kink of layer l"),
        ("many neurons", "∂f  =  conv { ∇f with the slope θ at each kink :  θ in {0, 1} }"),
        ("many neurons", 'symflow derive FILE --kinks "2,1;1,2"'),
        ("a product", "∂f = conv { ∇f :  θ1, θ2 in {0, 1} }."),
        ("a product", "all 4 choices of their signs occur near by"),
        ("no weights", "no weights have independent features there:  h1 = 0, so that layer 2 vanishes"),
        ("biases", "θ1 in {−1, 1},  θ2 in {−1/4, 1}"),
        ("biases", "∇b_l[j]: the same, with 1 in place of x or h_l"),
        ("all single kinks with biases", "nothing: on one datum, with biases, any kinks are independent"),
        ("all single kinks with biases", "θ either of its slopes"),
        ("two data", "sum rule          holds there: ∂F = ∂f(x1) − 3/2 ∂f(x2)"),
        ("a risk", "sum rule          holds there: ∂R = Σ_k c_k ∂f(x_k)"),
        ("two data", "h1(x1) and h1(x2) are linearly independent, for neuron 1 of layer 2"),
        ("all single kinks on two data", "of the data k on which it kinks are linearly independent"),
        ("dependent data", "no weights have independent features there:  x1 and x2 are linearly dependent."),
    ],
)
def test_the_hypothesis_and_what_else_matters_is_said(name: str, said: str) -> None:
    assert said in re.sub(r"\n +", " ", text_of(name)) or said in text_of(name)


# ---------------------------------------------------------------------- the command


def test_the_command_takes_kinks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deep.json"
    file.write_text(json.dumps(PROBLEMS["two data"][0]), encoding="utf-8")
    assert main(["derive", str(file), "--kinks", "2,1,2; 2,1,1", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    (found,) = result["subgradients"]["sets"]
    assert found["kinks"] == [[2, 1, 1], [2, 1, 2]]
    assert found["parameters"][1] == {"name": "theta[2]", "slopes": ["0", "1"]}
    assert found["strata"][0]["independent"][0]["data"] == [1, 2]
    report: Any = verify_text(json.dumps(result))
    assert report["accepted"]
    for text, reason in (
        ("2;1", '"2" is no kink; write layer,neuron,datum'),
        ("2,1", "deep.json: kink 2,1: write layer,neuron,datum"),
        ("2,3,1", "deep.json: kink 2,3,1: no neuron 3; write 1 to 2"),
    ):
        assert main(["derive", str(file), "--kinks", text]) == 2
        assert reason in capsys.readouterr().err


def test_what_is_undecided_is_said_and_has_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KinkPoints, "find", lambda *_: None)
    file = tmp_path / "deep.json"
    file.write_text(json.dumps(PROBLEMS["one kink"][0]), encoding="utf-8")
    assert main(["derive", str(file), "--kinks", "2,1"]) == 3
    assert "whether 6 more sign patterns can be: −+|0−, −+|0+" in capsys.readouterr().out
    assert main(["derive", str(file), "--kinks", "2,1", "--json"]) == 3
    result = capsys.readouterr().out
    assert json.loads(result)["subgradients"]["sets"][0]["undecided"][0] == "-+0-"
    assert verify_text(result)["accepted"]
    assert main(["derive", str(file)]) == 0  # the pieces are complete, and nobody asked for these kinks
    assert "20 sign patterns at single kinks: --json" in capsys.readouterr().out


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.slow
def test_the_small_checker_accepts_what_is_written(name: str) -> None:
    problem = problem_from_tree(PROBLEMS[name][0])
    report: Any = verify_text(json.dumps(derive_result(problem, derivation_called(name))))
    assert (report["accepted"], report["rejected"], report["not_checked"]) == (True, [], [])


# ---------------------------------------------------------------------- LaTeX


def test_a_product_of_slopes_is_written_as_in_a_lecture() -> None:
    text = latex_of("a product")
    assert r"\partial f=\operatorname{conv}\{\nabla f:\ \theta_1,\theta_2\in\{0,1\}\}" in text
    assert r"\nabla_{u_1}f&=\theta_1(\theta_2v_1w^{(2)}_{11}+a^{(2)}_{2}v_2w^{(2)}_{21})x,\\" in text
    assert r"where $x\ne0$, $h_{1}\ne0$, and no other preactivation vanishes" in text
    assert "all $4$ choices of signs occur near by" in text


def test_any_kinks_are_written_with_their_hypothesis() -> None:
    text = latex_of("two layers")
    assert r"If $h_{l-1}\ne0$ for $(l,j)\in K$, then" in text
    assert r"\partial f=\operatorname{conv}\{g(\theta):\theta\in\{0,1\}^K\}," in text
    assert r"$(l,j,k)\in K$, are linearly independent, then" in latex_of("all single kinks on two data")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT TESTED: there is no pdflatex here")
def test_all_fragments_compile_without_an_overfull_box(tmp_path: Path) -> None:
    body = "\n".join(rf"\section*{{{name}}}" + "\n" + latex_of(name) for name in PROBLEMS)
    (tmp_path / "all.tex").write_text(HEAD % "10pt" + body + r"\end{document}", encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-2000:]
    assert re.findall(r"Overfull \\hbox.*", run.stdout) == []
