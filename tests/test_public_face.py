"""What ``from symflow import *`` offers, and that offering it costs nothing."""

import inspect
import json
import subprocess
import sys

import pytest

import symflow


@pytest.mark.parametrize("name", symflow.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(symflow, name)
    if name != "__version__":
        assert value.__doc__, f"{name} has no docstring"


def test_the_names_and_their_homes_are_the_same_list() -> None:
    assert sorted(symflow._HOMES) == sorted(symflow.__all__)
    assert len(set(symflow.__all__)) == len(symflow.__all__)
    assert set(symflow.__all__) <= set(dir(symflow))


def test_no_docstring_sends_to_a_text_that_users_do_not_have() -> None:
    for name in symflow.__all__:
        value = getattr(symflow, name)
        parts = [value, *(getattr(value, part, None) for part in dir(value) if not part.startswith("_"))]
        assert not any("contract" in (part.__doc__ or "") for part in parts), name


def test_the_symbols_of_sympy_are_called_as_the_docstring_says() -> None:
    net = symflow.Architecture.of(2, 1, 1, biases=True)
    found = {str(symbol) for symbol in symflow.derive(net).to_sympy().free_symbols}
    said = symflow.Realization.to_sympy.__doc__ or ""
    for name in ("W1[1,2]", "b1[1]", "x[1]"):
        assert f"``{name}``" in said
        assert name in found


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Netwrok'"):
        _ = symflow.Netwrok


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_importing_symflow_imports_no_scientific_library() -> None:
    loaded = json.loads(run("import json, sys, symflow; print(json.dumps(sorted(sys.modules)))"))
    heavy = {"flint", "sympy", "numpy", "z3", "highspy", "networkx", "mpmath"}
    assert not heavy & set(loaded)
    assert [name for name in loaded if name.startswith("symflow")] == ["symflow"]


def test_a_star_import_brings_exactly_the_public_names() -> None:
    names = json.loads(run("import json\nfrom symflow import *\nprint(json.dumps(sorted(globals())))"))
    expected = {name for name in symflow.__all__ if not name.startswith("__")}
    assert expected <= set(names)
    assert not [name for name in set(names) - expected - {"json"} if not name.startswith("__")]


def test_the_session_of_the_docstring_is_typed_in_a_dozen_lines() -> None:
    """The demo, as a user types it: the set, its shortest element, and what automatic differentiation misses."""
    from symflow import Dataset, EmpiricalRisk, Network, autodiff_selection, clarke_differential

    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
    data = Dataset(inputs=[(1, 1), (-1, -1)], labels=[1, -1])
    R = EmpiricalRisk(net, data, loss="exponential")
    dR = clarke_differential(R, at=net.parameters)
    assert repr(dR) == "ClarkeDifferential(segment in R^6, 2 vertices, exact)"
    assert str(dR.minimal_norm_squared) == "7*exp(-1)/2"
    assert dR.is_clarke_stationary.is_refuted
    g = autodiff_selection(R, at=net.parameters)
    assert dR.contains(g).is_refuted
    half = autodiff_selection(R, at=net.parameters, slope_at_zero="1/2")
    assert dR.contains(half).evidence["weights"] is not None


@pytest.mark.parametrize("name", [name for name in symflow.__all__ if not name.startswith("__")])
def test_every_public_name_is_shown_at_work(name: str) -> None:
    """Its docstring has an example, which the doctests run."""
    assert ">>> " in (inspect.getdoc(getattr(symflow, name)) or "")
