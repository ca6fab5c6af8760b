"""Mistakes at the Python prompt: each is told what was found and what to give, never by a bare AttributeError."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import symflow
from symflow import Dataset, EmpiricalRisk, Network, Realization, SymflowError, clarke_differential, gradient_flow

NET = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
DATA = Dataset([(1, 1), (-1, -1)], labels=[1, -1])
NAMES: dict[str, Any] = {name: getattr(symflow, name) for name in symflow.__all__ if name != "__version__"}
NAMES |= {"net": NET, "data": DATA, "f": Realization(NET), "R": EmpiricalRisk(NET, DATA), "np": np}
NAMES |= {"w": NET.parameters, "dR": clarke_differential(NAMES["R"]), "arch": NET.architecture}
NAMES |= {"path": gradient_flow(NAMES["R"], until=1), "regions": symflow.RegionGraph.of(NET)}

# What is typed, and a part of what is said.
MISTAKES = (
    # numbers that are none, or are not exact
    ('Network.from_weights([["a", "b"]], [["1"]])', 'W1[1,1]: "a" is not a number; write "1/2" or "0.5"'),
    ('regions.cell_at(("0.1", "x"))', 'point[2]: "x" is not a number; write "1/2" or "0.5"'),
    ('regions.cell_at(("1e-2", 0))', 'point[1]: "1e-2" is not a number; write "1/100"'),
    ('regions.cell_at(("2.5E3", 0))', 'point[1]: "2.5E3" is not a number; write "2500"'),
    ('regions.cell_at(("1e-999", 0))', 'point[1]: "1e-999" is not a number; write "1/2" or "0.5"'),
    (
        "net(np.sqrt([2, 1]))",
        "x[1] = 1.4142135623730951 is a float. Write Fraction(1.4142135623730951), the dyadic",
    ),
    ("regions.cell_at(np.ones(2))", "for points of an array X, Dataset.from_arrays(X).inputs keeps every float as the"),
    ("Network.from_weights([[True, 1]], [[1]])", 'True is not a number; write 1 or "1/2"'),
    ('Network.from_weights([[float("nan"), 1]], [[1]])', "nan is not a number; write a finite one"),
    ("Network.from_weights(np.array([[1.5]]))", 'W1[1,1] = 1.5 is a float. Write "3/2" or Fraction(3, 2);'),
    ("Network.from_weights(np.array([[1.5]], dtype=np.float32))", "W1[1,1] = 1.5 is a float."),
    ("Dataset([(0.5, 1)])", 'x1[1] = 0.5 is a float. Write "1/2" or Fraction(1, 2);'),
    ("Dataset(inputs=np.array([[0.5, 1.0]]))", "Dataset.from_arrays keeps each as the exact dyadic rational it is."),
    ("Dataset([(1, 1)], np.array([0.5]))", 'y1 = 0.5 is a float. Write "1/2" or Fraction(1, 2);\n    for an array of'),
    ("clarke_differential(R, at=[0.5] * 6)", "W1[1,1] = 0.5 is a float."),
    ("clarke_differential(R, np.zeros(6))", "W1[1,1] = 0.0 is a float."),
    (
        "clarke_differential(R, np.sqrt(range(6)))",
        "for a trained net, Network.from_arrays keeps every float as the exact",
    ),
    ("net((0.5, 1))", "x[1] = 0.5 is a float."),
    ("gradient_flow(R, until=0.5)", "until = 0.5 is a float."),
    ("dR.contains([0.0] * 6)", "W1[1,1] = 0.0 is a float."),
    ("autodiff_selection(R, slope_at_zero=0.5)", "slope_at_zero = 0.5 is a float."),
    ('activation("leaky_relu", slope=0.1)', "activation.slope = 0.1 is a float."),
    # shapes
    ("Network.from_weights()", "no weight matrix; a net has at least one"),
    ("Network.from_weights([1, -1], [1])", "a matrix is a list of rows, such as [[1, 2]]"),
    ("Network.from_weights([[1, -1], [-1]], [[1, 2]])", "row 2 of W1 has 1 entries, row 1 has 2"),
    ("Network.from_weights(None)", "None is no matrix; write a list of rows"),
    ('Network.from_weights("12", "3")', "'12' is no matrix; write a list of rows"),
    ("Network.from_weights([[1, -1]], [[1]], biases=[0, 0])", "b1: 0 is no vector"),
    ("Network.from_weights([[1, -1]], [[1]], biases=[[0]])", "1 bias vectors for 2 weight matrices"),
    ("Network([[1]], [[1]])", "a net of matrices is made by Network.from_weights("),
    ("Architecture(2, 2, 1)", "write Architecture.of(2, 2, 1)"),
    ('Architecture((2, 2, 1), "relu")', "write Architecture.of(2, 2, 1, activation=..)"),
    ("Dataset([1, 2])", "x1: 1 is no vector; write its entries in parentheses, such as (1, 2)"),
    ("Dataset([(1, 1), (2,)])", "x2 has 1 entries, x1 has 2; make them equal"),
    ("Dataset([])", "there are no inputs; give at least one"),
    ("Dataset([(1, 1)], labels=1)", "data.labels: 1 is no vector"),
    ("Dataset([(1, 1)], labels=[1, 1])", "2 labels for 1 inputs; give one each"),
    ("Dataset({'x': 1})", "a list of inputs is needed, such as [(1, 1), (-1, -1)]"),
    ("net((1, 2, 3))", "3 entries, the net has 2 inputs"),
    ('net("12")', "'12' is no vector"),
    ("f.at(3)", "at: 3 is no vector"),
    ("clarke_differential(R, at=(0, 0))", "2 parameters given, the net has 6, W1[1,1] .. W2[1,2]"),
    ("clarke_differential(R, at=0)", "at: 0 is no vector"),
    ("clarke_differential(f, at=(1, 2, 3))", "3 entries, the net has 2 inputs"),
    ("dR.contains((0, 0))", "2 entries, the set lies in R^6; give one a variable"),
    ("dR.contains(3)", "element: 3 is no vector"),
    ('dR.contains("autodiff")', "'autodiff' is no vector"),
    ("directional_derivative(R, (1, 0))", "2 entries, there are 6 variables"),
    ("regions.cell_at(1)", "point: 1 is no vector"),
    ("RegionGraph.of(net, domain=[[-1, 1], [-1, 1]])", "domain: the rows of A are numbers; write (A, b) for A x <= b"),
    ("RegionGraph.of(net, domain=((-1, 1), (-1, 1)))", "is ([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 2, 0])"),
    ("RegionGraph.of(net, domain=[[-1, 1]] * 3)", "domain: is no pair (A, b); write (A, b) for A x <= b"),
    ("RegionGraph.of(net, domain=3)", "domain: is no pair (A, b)"),
    ("RegionGraph.of(net, domain=([[1, 0]], 1))", "domain: is no pair (A, b)"),
    ("RegionGraph.of(net, domain=([[1, 0]], [1, 1]))", "1 rows of A for 2 entries of b; give one each"),
    ("regions.cell(690)", "there is no cell 690; there are 4, counted from 0"),
    ("regions.cell(-1)", "there is no cell -1; there are 4, counted from 0"),
    ('regions.cell("a")', "there is no cell 'a'"),
    ("regions.wall(4)", "there is no wall 4; there are 4, counted from 0"),
    ("regions.pattern(4)", "there is no cell 4"),
    ("regions.flips(0, 4)", "there is no cell 4"),
    ('regions.to_graphml("/nonexist/x")', "/nonexist/x: cannot be written: No such file or directory"),
    ("plot_regions(net, points=np.array([[0.5, 1.0]]))", "Dataset.from_arrays keeps each as the exact dyadic rational"),
    ("plot_regions(net, points=3)", "a list of inputs is needed, such as [(1, 1), (-1, -1)]"),
    ("Network.from_arrays([np.ones((2, 2)), np.ones((1, 2))])", "a list of matrices; give them one after the other"),
    ("Network.from_arrays(3)", "W1: 3 is no matrix; write a list of rows, such as [[1, 2]]"),
    ("Network.from_arrays(np.ones(2))", "a matrix is a list of rows, such as [[1, 2]]"),
    ("Network.from_arrays(np.array(2.0))", "is no matrix; write a list of rows"),
    ('Network.from_arrays({"W1": np.eye(2)})', "row 1 is 'W1'; a matrix is a list of rows"),
    ('Network.from_arrays("ab")', "'ab' is no matrix; write a list of rows"),
    ("Network.from_arrays(np.eye(2), biases=3)", "biases: 3 is no vector"),
    ("Network.from_arrays(np.eye(2), biases=np.array([0.5, 1]))", "b1: 0.5 is no vector"),
    ("Network.from_arrays(np.array([[1.0, np.inf]]))", "W1[1,2]: inf is not a number"),
    ("Dataset.from_arrays(3)", "a list of inputs is needed, such as [(1, 1), (-1, -1)]"),
    ("Dataset.from_arrays(np.ones(2))", "x1: 1.0 is no vector; write its entries in parentheses"),
    ("Dataset.from_arrays(np.eye(2), 3)", "data.labels: 3 is no vector"),
    ("Dataset.from_arrays([[1.0, np.nan]])", "data.inputs[1,2]: nan is not a number"),
    ("gradient_flow(R, until=1, checkpoints=3)", "checkpoints: 3 is no vector"),
    # names
    ('Network.from_weights([[1]], [[1]], activation="rellu")', "did you mean relu?"),
    ("Network.from_weights([[1]], [[1]], activation=3)", '3 is no activation; write "relu"'),
    ('Network.from_weights([[1]], [[1]], activation="maxpool")', "it takes: groups"),
    ('EmpiricalRisk(net, data, loss="hinge")', 'no loss "hinge"  (known: exponential, logistic, squared)'),
    ("loss(3)", 'no loss "3"'),
    ('conservation_laws(arch, model="foo")', 'no model of laws "foo"  (known: cell, linear, relu)'),
    ('derive(arch, variable="x")', 'no variable "x"  (known: input, weights)'),
    ('prove("weight_gradient_preservatio")', "did you mean weight_gradient_preservation?"),
    ('prove("f == f")', "give a risk, prove(claim, R), or shape=(2, 2, 1)"),
    ('gradient_flow(R, until=1, trained=["W7"])', 'no parameter "W7"  (known: W1, W2)'),
    ('gradient_flow(R, until=1, on_nonunique="up")', "'up' is none of: report, ridge, descent, +, -"),
    ('gradient_flow(R, until=1, on_nonunique="+", branches=True)', "both branches=True and a choice"),
    ('gradient_flow(R, until="ten")', 'until: "ten" is not a number'),
    ('crosscheck("foo", along=path)', 'no statement with a residual "foo"'),
    # another kind of object than is asked for
    ("EmpiricalRisk(net, Dataset([(1, 1)]))", "needed by a risk; give one label an input"),
    ("EmpiricalRisk(data, net)", "found Dataset and Network; write EmpiricalRisk(net, Dataset(..))"),
    ("EmpiricalRisk(f, data)", "found Realization and Dataset"),
    ("Realization([[1]])", "list is no net; write Realization(Network.from_weights("),
    ("clarke_differential(net)", "give Realization(net) with at=(..), a function of the input, or EmpiricalRisk"),
    ("clarke_differential(data)", "Dataset is no function to differentiate"),
    ("clarke_differential(f)", "a realization has no point of its own; give at=(..)"),
    ("audit(dR, at=w)", "this differential has a point already"),
    ("derive(net)", "give net.architecture for symbolic weights, or Realization(net) for the input"),
    ('derive(arch, "output")', "'output' is no objective; give Output()"),
    ("conservation_laws(R)", "or laws_of_problem(R) for the laws at the point of a risk"),
    ("laws_of_problem(net)", "the laws of a net, whatever the data, are conservation_laws(net)"),
    ("RegionGraph.of(R)", "EmpiricalRisk is no net; give a Network or a Realization"),
    ("plot_trajectory(R)", "EmpiricalRisk is no trajectory"),
    ("crosscheck(along=R)", "EmpiricalRisk is no trajectory"),
    ("crosscheck(3, along=path)", "int is no claim; give a law, or a name"),
    ("crosscheck(along=path, digits=30)", "write digits=(15, 30, 60)"),
    ("prove(3)", "int is no claim; name a lemma"),
    ('prove("balancing", net)', "give EmpiricalRisk(net, data), Realization(net) with at=(..), or shape=(2, 2, 1)"),
    ('prove("balancing", shape=2)', "2 is no shape; give the widths: shape=(2, 2, 1)"),
    ('prove("balancing", R, shape=(2, 2, 1))', "both a function and a shape; keep one"),
    ('prove("balancing", at=(1, 2))', "a point of what?"),
    ('verify("nofile.json")', "nofile.json: cannot be read"),
    ("verify(net)", "Network is no result with certificates"),
    ("verify(3)", "int is nothing to verify"),
    ("lecture_notes(3)", "int is no source"),
    ('Risk("exponential", (1,))', "'exponential' is no loss; write Risk(loss("),
)


@pytest.mark.parametrize(("typed", "said"), MISTAKES, ids=[typed for typed, _ in MISTAKES])
def test_a_mistake_is_told_what_to_do(typed: str, said: str) -> None:
    with pytest.raises(SymflowError) as raised:
        eval(typed, dict(NAMES))
    assert said in str(raised.value)


@pytest.mark.parametrize("name", ["audit", "stationarity", "star", "is_differentiable", "is_clarke_regular"])
def test_what_is_asked_of_a_differential_may_be_asked_of_a_function(name: str) -> None:
    ask, f, R, dR = NAMES[name], NAMES["f"], NAMES["R"], NAMES["dR"]
    point = (0, 0)
    known = R.at() if name == "star" else dR
    assert repr(ask(R)) == repr(ask(known))
    at_zero = f.at(point) if name == "star" else clarke_differential(f, at=point)
    assert repr(ask(f, at=point)) == repr(ask(at_zero))


def test_the_messages_of_the_manual_letter_for_letter() -> None:
    with pytest.raises(symflow.InexactNumberError) as raised:
        Network.from_weights([[1, -1], [-1, 0]], [[1, -0.5]])
    assert str(raised.value) == (
        'W2[1,2] = -0.5 is a float. Write "-1/2" or Fraction(-1, 2);\n'
        "    for a trained net, Network.from_arrays keeps every float as the exact dyadic rational it is."
    )
    with pytest.raises(symflow.ShapeError) as wrong:
        Network.from_weights([[1, -1], [-1, 0]], [[1, 2, 3]])
    assert str(wrong.value) == "W2 has 3 columns, but layer 1 has 2 neurons. Expected a 1 x 2 matrix."
    with pytest.raises(TypeError, match=r"a verdict is not a bool; ask .is_proved, .is_refuted or .is_undecided"):
        bool(NAMES["dR"].contains(NAMES["w"]))


def test_numbers_of_other_libraries_that_are_exact_come_in() -> None:
    import sympy

    whole = Network.from_weights(np.array([[1, -1], [-1, 0]]), [[sympy.Integer(1), sympy.Rational(-1, 2)]])
    assert whole == NET
    assert Dataset(np.array([[1, 1], [-1, -1]]), labels=np.array([1, -1])) == DATA
    assert NET(np.array([2, 1])) == (Fraction(1),)


def test_what_is_advised_for_floats_is_read() -> None:
    point = np.array([[2**0.5, 0.1]])
    assert NET(Dataset.from_arrays(point).inputs[0]) == NET(
        (Fraction(1.4142135623730951), Fraction(float(point[0, 1])))
    )
    assert NET(("1/100", "2500")) == NET((Fraction(1, 100), 2500))


def test_the_box_of_the_advice_is_read() -> None:
    box = ([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 2, 0])
    regions = symflow.RegionGraph.of(NET, domain=box)
    corners = {vertex for cell in regions.cells for vertex in cell.vertices}
    assert {(-1, 0), (1, 0), (-1, 2), (1, 2)} <= corners
    assert all(-1 <= x <= 1 and 0 <= y <= 2 for x, y in corners)
    assert symflow.RegionGraph.of(NET, domain=tuple(map(np.array, box))).n_cells == regions.n_cells


def test_floats_that_are_meant_come_in_by_name() -> None:
    """0.1 in binary is 3602879701896397/2^55."""
    assert Network.from_arrays(np.array([[0.1]])).weights[0][0][0] == Dataset.from_arrays([[0.1]]).inputs[0][0]
    assert str(Dataset.from_arrays([[0.1]]).inputs[0][0]) == "3602879701896397/36028797018963968"
