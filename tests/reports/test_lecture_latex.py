"""Lecture notes from a source: what each line becomes, that nothing is said twice, and what is refused."""

import re

import pytest

from symflow import LectureNotes, lecture_notes
from symflow.errors import InputError
from symflow.proofs.claim import Claim
from symflow.proofs.setting import GENERAL
from symflow.reports.lecture_latex import claim_names, lecture_latex


def claim(name: str, **parts: object) -> Claim:
    return Claim(name, "..", GENERAL, str(parts.pop("word", "proved_general")), "all", words=f"So is {name}.", **parts)


def body(source: str, *claims: Claim) -> str:
    text = lecture_latex(source, {each.name: each for each in claims})
    return text[text.index(r"\begin{document}") :]


def test_prose_is_kept_and_lines_are_replaced() -> None:
    notes = lecture_notes("Before.\n% symflow: claims weight_gradient_preservation\n% symflow: piece table\nAfter.",
                          {"table": "A table."})  # fmt: skip
    assert isinstance(notes, LectureNotes)
    assert [theorem.claim.name for theorem in notes.theorems] == ["weight_gradient_preservation"]
    order = [notes.latex.index(part) for part in ("Before.", r"\begin{theorem}", r"\end{proof}", "A table.", "After.")]
    assert order == sorted(order)


def test_a_claim_about_all_nets_is_taken_before_one_about_a_shape() -> None:
    """Weights against gradients in each layer: expanded for the shape 2-3-2-1, and a stored theorem for all."""
    (theorem,) = lecture_notes("% symflow: claims euler_in_each_layer").theorems
    assert theorem.verdict.word == "proved_general"


def test_a_shared_hypothesis_is_written_out_once_and_named_from_then_on() -> None:
    """Three statements in two sections; the second section does not list again what the first has named."""
    source = (
        "\\section{A}\n% symflow: hypotheses\n% symflow: claims chain_rule sum_rule_inclusion\n"
        "\\section{B}\n% symflow: hypotheses\n% symflow: claims balancing"
    )
    shared = ("the net is small", "the day is long")
    text = body(
        source,
        claim("chain_rule", hypotheses=shared),
        claim("sum_rule_inclusion", hypotheses=(*shared, "$t>0$")),
        claim("balancing", hypotheses=shared[:1]),
    )
    assert text.count("the net is small") == text.count("the day is long") == 1
    assert re.findall(r"Suppose[^.]*\.", text) == [
        "Suppose (H1) and (H2).",
        "Suppose (H1) and (H2), and that $t>0$.",
        "Suppose (H1).",
    ]


def test_a_hypothesis_of_one_statement_stays_in_it() -> None:
    text = body("% symflow: hypotheses\n% symflow: claims chain_rule", claim("chain_rule", hypotheses=("it rains",)))
    assert "Suppose that it rains." in text
    assert "(H1)" not in text


def test_a_fact_is_written_out_where_it_is_first_admitted() -> None:
    source = "% symflow: claims chain_rule minimal_norm_path\n% symflow: facts"
    parts = {"word": "conditional", "axioms": ("level_sets",), "known_by": "cites level_sets"}
    text = " ".join(body(source, claim("chain_rule", **parts), claim("minimal_norm_path", **parts)).split())
    assert text.count("has derivative 0 at almost every point") == 2  # where it is admitted, and in the list
    assert "We admit (C1) an absolutely continuous" in text
    assert "We admit (C1). So is minimal_norm_path." in text
    assert "level_sets" not in text


def test_a_refuted_statement_names_the_one_that_holds() -> None:
    source = "% symflow: claims chain_rule_as_printed chain_rule"
    notes = lecture_notes(source)
    assert r"What holds instead is Theorem~\ref{chain_rule}." in " ".join(notes.latex.split())
    assert r"\label{chain_rule}" in notes.latex
    alone = lecture_notes("% symflow: claims chain_rule_as_printed")
    assert "What holds instead" not in alone.latex  # it is not in this document


def test_every_statement_is_in_the_table() -> None:
    names = ["chain_rule", "balancing"]
    text = body(f"% symflow: claims {' '.join(names)}\n% symflow: statements", *map(claim, names))
    for name in names:
        assert text.count(rf"\label{{{name}}}") == text.count(rf"\ref{{{name}}}") == 1


def test_the_same_proof_is_not_written_twice() -> None:
    from symflow.proofs.claim import Step

    proof = (Step("conclusion", "It is easy."),)
    text = body("% symflow: claims chain_rule balancing", *(claim(n, proof=proof) for n in ("chain_rule", "balancing")))
    assert text.count("It is easy.") == 1
    assert r"As for Theorem~\ref{chain_rule}." in text


@pytest.mark.parametrize(
    "source",
    ["% symflow: claims chain_rule chain_rule", "% symflow: piece nowhere", "% symflow: poem"],
    ids=["twice", "a piece that is not handed in", "an unknown word"],
)
def test_what_cannot_be_done_is_refused(source: str) -> None:
    with pytest.raises(InputError):
        lecture_latex(source, {"chain_rule": claim("chain_rule")})


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean chain_rule"):
        lecture_notes("% symflow: claims chian_rule")


def test_only_lines_of_their_own_are_read() -> None:
    assert claim_names("say % symflow: claims chain_rule\n% symflow: claims balancing") == ("balancing",)
