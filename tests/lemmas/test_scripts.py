"""The stored general theorems: the table of the checker is about the files that are here, and Coq accepts them.

Coq is no dependency of symflow. Where it is missing the tests that need it are skipped and say what was not checked;
``.ci/coq`` installs it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from symflow.checker.coq_scripts import SCRIPTS, is_checked
from tests.lemmas import coq
from tests.lemmas.coq_mutants import MUTANTS

ALL_MUTANTS = [(name, old, new) for name, changes in MUTANTS.items() for old, new in changes]


def test_the_table_lists_the_scripts_that_are_here() -> None:
    assert list(SCRIPTS) == coq.names()


@pytest.mark.parametrize("name", coq.names())
def test_a_script_is_byte_for_byte_the_one_that_was_checked(name: str) -> None:
    contents = (coq.FOLDER / f"{name}.v").read_bytes()
    assert hashlib.sha256(contents).hexdigest() == SCRIPTS[name].sha256, (
        f"{name}.v has changed since Coq checked it: run python -m tests.lemmas.coq"
    )


@pytest.mark.parametrize("name", coq.names())
def test_the_assumptions_of_every_theorem_of_a_script_are_printed(name: str) -> None:
    text = coq.source(name)
    assert coq.theorems(text) == coq.theorems_printed(text) == SCRIPTS[name].theorems
    assert coq.requires(text) == SCRIPTS[name].requires
    assert set(SCRIPTS[name].axioms) <= coq.ALLOWED


@pytest.mark.parametrize("name", coq.names())
def test_a_script_leaves_nothing_unproved(name: str) -> None:
    text = coq.without_comments(coq.source(name))
    assert not coq.FORBIDDEN.findall(text)
    # what a section assumes becomes an argument of its theorems; outside of a section it would be an axiom
    outside = "".join(part.split("End ", 1)[-1] if i else part for i, part in enumerate(text.split("Section ")))
    assert "Variable" not in outside
    assert "Hypothesis" not in outside


def test_a_changed_script_and_all_that_require_it_are_no_longer_checked() -> None:
    sources = {name: (coq.FOLDER / f"{name}.v").read_bytes() for name in coq.names()}
    assert all(is_checked(name, sources) for name in SCRIPTS)
    sources["clarke_differential"] += b" "
    assert is_checked("finite_sums", sources)
    assert not is_checked("clarke_differential", sources)
    assert not is_checked("euler_along_the_ray", sources)
    assert not is_checked("blocks_of_degree_one", sources)


def test_every_script_has_mutants_of_what_stands_in_it_once() -> None:
    assert set(MUTANTS) == set(SCRIPTS)
    for name, old, new in ALL_MUTANTS:
        assert coq.source(name).count(old) == 1, (name, old)
        assert old != new


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Compile all scripts, each once; return the folder and what Coq printed for each."""
    if shutil.which("coqc") is None:
        pytest.skip(f"NOT CHECKED: {len(SCRIPTS)} Coq scripts and {len(ALL_MUTANTS)} mutants; there is no coqc here")
    folder = tmp_path_factory.mktemp("scripts")
    probe = folder / "probe.v"
    probe.write_text("From Coquelicot Require Import Coquelicot.\n", encoding="utf-8")
    if coq.coqc(probe, folder).returncode:
        pytest.skip(f"NOT CHECKED: {len(SCRIPTS)} Coq scripts and {len(ALL_MUTANTS)} mutants; Coquelicot is missing")
    outputs = {}
    for name in coq.names():
        shutil.copy(coq.FOLDER / f"{name}.v", folder)
        run = coq.coqc(folder / f"{name}.v", folder)
        assert run.returncode == 0, f"Coq refuses {name}.v:\n{run.stderr}"
        outputs[name] = run.stdout
    return folder, outputs


@pytest.mark.slow
def test_coq_accepts_every_script_and_prints_the_axioms_of_the_table(built: tuple[Path, dict[str, str]]) -> None:
    _, outputs = built
    assert {name: coq.axioms(output) for name, output in outputs.items()} == {
        name: script.axioms for name, script in SCRIPTS.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new"), ALL_MUTANTS, ids=[f"{m[0]}-{i}" for i, m in enumerate(ALL_MUTANTS)])
def test_coq_refuses_a_statement_changed_in_one_place(
    built: tuple[Path, dict[str, str]], tmp_path: Path, name: str, old: str, new: str
) -> None:
    folder, _ = built
    path = tmp_path / f"{name}.v"
    path.write_text(coq.source(name).replace(old, new), encoding="utf-8")
    run = coq.coqc(path, folder)
    assert run.returncode == 1
    assert "Error" in run.stderr
    assert "Syntax error" not in run.stderr, "this mutant is no statement"
    assert "Cannot find a physical path" not in run.stderr


@pytest.mark.slow
def test_the_kernel_of_coq_checks_the_compiled_theorems_once_more(built: tuple[Path, dict[str, str]]) -> None:
    folder, _ = built
    modules = [f"Symflow.{name}" for name in coq.names()]
    norec = [part for module in modules for part in ("-norec", module)]
    run = subprocess.run(
        ["coqchk", "-silent", "-Q", str(folder), "Symflow", *norec],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
