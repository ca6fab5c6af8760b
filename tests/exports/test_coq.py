"""The second kernel: Coq accepts every exported theorem, on no axiom, and refuses each with one thing changed.

Coq is no dependency of symflow. Where it is missing the tests that need it are skipped and say what was not checked;
``.ci/coq`` installs it.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from symflow.exports.script import Export, Exported, definitions, not_allowed, script_text
from tests.exports.mutants import mutant
from tests.exports.sources import exported
from tests.lemmas.coq import axioms

SECONDS = 300
KINDS = {
    *("identity", "inequality", "conservation", "evaluation", "refutation"),
    *("cell", "empty_cell", "gradient", "hull", "piece"),
}


@pytest.fixture(scope="module")
def export() -> Export:
    return exported()


@pytest.fixture(scope="module")
def claims(export: Export) -> list[Exported]:
    return list({claim.statement: claim for claim in export.claims}.values())


@pytest.fixture
def coq() -> None:
    if shutil.which("coqc") is None:
        pytest.skip("NOT CHECKED: the exported theorems and their mutants; there is no coqc here")


def coqc(folder: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    (folder / f"{name}.v").write_text(text, encoding="utf-8")
    return subprocess.run(
        ["coqc", "-q", "-w", "none", f"{name}.v"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_there_are_200_theorems_and_every_kind_is_among_them(claims: list[Exported]) -> None:
    assert len(claims) >= 200
    assert {claim.kind for claim in claims} >= KINDS
    assert len({claim.statement for claim in claims}) == len(claims)


@pytest.mark.slow
def test_what_has_no_theorem_is_named_with_the_reason(export: Export) -> None:
    assert any("walk over signs" in each for each in export.not_exported)
    assert any("maxpool" in each for each in export.not_exported)
    assert all(": " in each for each in export.not_exported)


@pytest.mark.slow
@pytest.mark.usefixtures("coq")
def test_coq_accepts_every_theorem_within_the_allowed_axioms(export: Export, tmp_path: Path) -> None:
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    for i, (name, text) in enumerate(export.files("claims")):
        run = coqc(tmp_path, f"claims_{i}", text)
        assert run.returncode == 0, f"Coq refuses {name}: {run.stderr[-2000:]}"
        numbers = "R" if "_r_" in name else "Q"
        assert not not_allowed(axioms(run.stdout), numbers), name
    # seconds of work, for others may keep the machine busy
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    print(f"{len(export.claims)} theorems {export.kinds}: {seconds:.0f} s of coqc")
    assert seconds < SECONDS


@pytest.mark.slow
@pytest.mark.usefixtures("coq")
def test_coq_refuses_every_theorem_with_one_thing_changed(claims: list[Exported], tmp_path: Path) -> None:
    for numbers in ("Q", "R"):
        mutants = [mutant(claim) for claim in claims if claim.numbers == numbers]
        if not mutants:
            continue
        text = "\n".join([definitions(numbers), *(each.attempt for each in mutants)])
        run = coqc(tmp_path, f"mutants_{numbers.lower()}", text)
        assert run.returncode == 0, f"a mutant is no statement, or is accepted: {run.stderr[-2000:]}"


@pytest.mark.slow
@pytest.mark.usefixtures("coq")
def test_an_attempt_that_has_to_fail_is_noticed_where_it_does_not(claims: list[Exported], tmp_path: Path) -> None:
    for claim in claims[:2]:
        run = coqc(tmp_path, f"control_{claim.kind}", f"{definitions('Q')}\n{claim.attempt}")
        assert run.returncode == 1, claim.kind
        assert "The command has not failed" in run.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("coq")
def test_an_axiom_is_noticed(claims: list[Exported], tmp_path: Path) -> None:
    claim = replace(claims[0], proof="exact trust_me")
    text = script_text([claim], "Q").replace(
        f"Theorem {claim.name}", f"Axiom trust_me : {claim.statement}.\nTheorem {claim.name}"
    )
    run = coqc(tmp_path, "forged", text)
    assert run.returncode == 0
    assert axioms(run.stdout) == ("trust_me",)
