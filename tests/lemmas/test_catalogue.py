"""The verdict table of the catalogue, row by row, and the README that shows it.

The rows, and what each is to come out as, are those of the catalogue of the two lectures: for all depths where a stored
theorem proves it, shape by shape where it is expanded, on a net of its own, from cited facts, misprints refuted. The
first lemma of a number bears its row.
"""

import json
from pathlib import Path

import pytest

from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.meanings import meaning
from symflow.checker.verify import verify_text
from symflow.exact.simplex import NO_BUDGET
from symflow.lemmas.base import AbstractLemma, all_lemmas
from symflow.proofs.kernel import Theorem
from symflow.prove_command import catalogue
from symflow.reports.prove_result import prove_result
from symflow.reports.tex_text import unknown_macros
from tests.lemmas.write_meanings import PLACE, text

GENERAL, SHAPE, INSTANCE = "proved_general", "proved_shape", "proved_instance"
CONDITIONAL, REFUTED, VACUOUS = "conditional", "refuted", "vacuous"

CATALOGUE = {
    # Lecture A. A1 and A2 are recalled there from the lecture before and proved nowhere.
    **dict.fromkeys(("A3", "A6", "A7", "A20"), INSTANCE),
    **dict.fromkeys(("A4", "A9", "A11", "A12", "A13", "A14", "A15"), CONDITIONAL),
    **dict.fromkeys(("A5", "A8", "A10", "A17", "A18", "A19", "A21", "A22", "A23", "A24", "A25", "A26"), GENERAL),
    **dict.fromkeys(("A28", "A29", "A30", "A31"), GENERAL),
    **dict.fromkeys(("A16", "A27", "A32", "A33", "A34"), SHAPE),
    # Lecture B.
    **dict.fromkeys(("B1",), INSTANCE),
    **dict.fromkeys(("B2", "B8", "B9", "B10", "B12", "B13", "B14"), GENERAL),
    **dict.fromkeys(("B5",), SHAPE),
    **dict.fromkeys(("B6", "B11"), CONDITIONAL),
    **dict.fromkeys(("B3", "B4", "B7"), REFUTED),
    # What follows from them.
    **{"D1": GENERAL, "D2": REFUTED, "D3": SHAPE},
    # Misprints and gaps; E21 is spelling. E2, E8, E9 and E20 are put right, the others refuted as they are printed.
    **dict.fromkeys(("E2", "E8", "E9", "E20"), GENERAL),
    **dict.fromkeys(("E1", "E3", "E4", "E5", "E6", "E7", "E10", "E11", "E12", "E13", "E14", "E15", "E16"), REFUTED),
    **dict.fromkeys(("E17", "E19"), REFUTED),
    **{"E18": VACUOUS},
    # Plausible and wrong.
    **{f"W{number}": REFUTED for number in range(1, 16) if number != 11},
    **{"W11": VACUOUS},
}


@pytest.fixture(scope="module")
def rows() -> list[tuple[AbstractLemma, tuple[Theorem, ...]]]:
    return catalogue(with_verdicts=True, budget=NO_BUDGET)


@pytest.mark.parametrize("number", CATALOGUE)
def test_a_row_of_the_catalogue_has_its_verdict(
    number: str, rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]]
) -> None:
    found = [theorems[0].verdict.word for lemma, theorems in rows if number in lemma.ids]
    assert found[:1] == [CATALOGUE[number]]


def test_nothing_of_the_catalogue_is_left_out_or_undecided(
    rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]],
) -> None:
    numbers = {number for lemma, _ in rows for number in lemma.ids}
    assert numbers == set(CATALOGUE)
    assert all(theorem.verdict.word != "undecided" for _, theorems in rows for theorem in theorems)


def test_what_is_false_or_empty_names_what_is_true(rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]]) -> None:
    known = {lemma.name: theorems for lemma, theorems in rows}
    for lemma, theorems in rows:
        if theorems[0].verdict.word in (REFUTED, VACUOUS):
            assert lemma.see is not None, lemma.name
            assert known[lemma.see][0].verdict.holds, f"{lemma.name}: {lemma.see} does not hold"


def test_the_checker_accepts_the_whole_catalogue_from_its_json(
    rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]],
) -> None:
    whole = prove_result([theorem for _, theorems in rows for theorem in theorems], None, None)
    report = verify_text(json.dumps(whole))
    assert report["accepted"], report["rejected"]


def test_the_checker_knows_what_every_name_means() -> None:
    assert PLACE.read_text(encoding="utf-8") == text(), "run python -m tests.lemmas.write_meanings and read the diff"


@pytest.mark.parametrize("lemma", all_lemmas(), ids=lambda lemma: lemma.name)
def test_a_lemma_is_complete(lemma: AbstractLemma) -> None:
    assert lemma.words, "it says nothing"
    assert lemma.reference, "it names no source"
    assert lemma.proof, "it has no proof"
    row = meaning(lemma.name)
    assert row is not None
    for sentence in (lemma.words, *(step.sentence for step in lemma.proof), *(h.words for h in lemma.hypotheses)):
        assert not unknown_macros(sentence), sentence
        assert sentence.count("$") % 2 == 0, sentence
    home = Path(__file__).parents[2] / "symflow" / "lemmas" / f"{lemma.name}.py"
    assert home.is_file(), "a lemma's file has its name"


def test_the_stored_theorems_are_those_that_were_checked() -> None:
    scripts = Path(__file__).parents[2] / "symflow" / "lemmas" / "scripts"
    assert {path.stem for path in scripts.glob("*.v")} == set(SCRIPTS)
