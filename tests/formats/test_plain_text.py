"""The terminal's layout: tags at the edge, folding, ASCII, colours, narrow columns."""

from symflow.exact.rationals import fmpq
from symflow.formats.base import FORMATS
from symflow.formats.plain_text import render
from symflow.reports.ascii_signs import to_ascii
from symflow.reports.document import (
    Answer,
    Display,
    Document,
    Equation,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Statement,
    Table,
    Tag,
    Title,
)
from symflow.reports.expressions import Parameters, Rational, Symbol, Vector


def test_the_verdict_stands_at_the_right_edge() -> None:
    document = Document((Answer(("A segment.",), Tag("exact")),))
    assert render(document) == "\n  A segment." + " " * 69 + "■ exact\n"
    assert render(document, width=60).split("\n")[1].endswith(" ■ exact")
    assert len(render(document, width=60).split("\n")[1]) == 60


def test_a_long_answer_gives_its_verdict_a_line() -> None:
    text = render(Document((Answer(("word " * 16 + "end",), Tag("refuted", "for shape 2-2-1")),)))
    assert text.split("\n")[2].strip() == "⊠ refuted, for shape 2-2-1"


def test_colours_are_25_and_166_and_only_when_asked() -> None:
    document = Document((Answer(("a",), Tag("exact")), Answer(("b",), Tag("refuted"))))
    assert "\x1b[38;5;25m■ exact\x1b[0m" in render(document, colour=True)
    assert "\x1b[38;5;166m⊠ refuted\x1b[0m" in render(document, colour=True)
    assert "\x1b" not in render(document)


def test_ascii_replaces_letter_for_letter() -> None:
    signs = {
        "∂R(w), ∇f": "dR(w), grad f",
        "⟨s, w⟩, ‖w‖²": "<s, w>, |w|^2",
        "θ, τ, σ, ε, γ": "theta, tau, relu, eps, gamma",
        "≤ ≥ ≠ ≈ − …": "<= >= != ~ - ...",
        "W1[1,·], e^(−1/2)": "W1[1,:], e^(-1/2)",
        "√e, ∫": "sqrt(e), int",
        "x₁₂, c¹²": "x12, c^12",
        "日本": "??",
    }
    for unicode_text, ascii_text in signs.items():
        assert to_ascii(unicode_text) == ascii_text


def test_over_24_rows_fold_and_full_shows_all() -> None:
    rows = tuple(((str(i),), (f"set {i}",)) for i in range(1, 41))
    document = Document((Table((("n",), ("set",)), rows, "neurons", (0,)),))
    text = render(document)
    assert "…  (24 more neurons; --full, or --json)" in text
    assert "set 12" in text
    assert "set 13" not in text
    assert "set 37" in text
    assert "set 13" in render(document, full=True)
    assert len(render(document, full=True).strip().split("\n")) == 41


def test_long_displays_fold() -> None:
    equations = tuple(Equation((Parameters("W", 1, i),), "=", (Rational(fmpq(i)),)) for i in range(1, 31))
    text = render(Document((Display(equations),)))
    assert "…  (14 more; --full, or --json)" in text
    assert "W1[12,·]  =  12" in text
    assert "W1[13,·]" not in text


def test_definitions_stand_beside_the_formula_where_they_fit() -> None:
    equations = (Equation((Parameters("W", 1),), "=", (Symbol("θ"),)),)
    assert "θ" + " " * 20 in render(Document((Display(equations, (("0 ≤ θ ≤ 1",),)),)))
    text = render(Document((Display(equations, (("0 ≤ θ ≤ 1",), ("c = 2",))),)))
    assert "W1  =  θ\n\n      0 ≤ θ ≤ 1\n      c = 2\n" in text


def test_formulas_are_not_broken_where_they_fit() -> None:
    pair = Vector((Rational(fmpq(1)), Rational(fmpq(2))))
    text = render(Document((Facts((Fact("label", (("w" * 15, " ", pair),)),)),)), width=40)
    assert text == "\n  label             wwwwwwwwwwwwwww\n                    (1, 2)\n"


def test_tables_too_wide_for_columns_become_lists() -> None:
    header = tuple((f"column {i}",) for i in range(8))
    document = Document((Table(header, (tuple(("a cell of words",) for _ in range(8)),)),))
    text = render(document, width=40)
    assert all(len(line) <= 40 for line in text.split("\n"))
    assert "  column 7  a cell of words\n" in text


def test_a_title_cannot_move_the_cursor() -> None:
    assert "\x1b" not in render(Document((Title(("a\x1b[2Jb",)),)))


def test_headings_paragraphs_and_statements_are_plain() -> None:
    statement = Statement(
        "Proposition", "Euler", (Paragraph(("⟨s, w⟩ = 0.",)),), (), Tag("proved"), (("by an identity",),)
    )
    text = render(Document((Heading(("One",), tag=Tag("vacuous")), statement)))
    assert text.split("\n")[1].startswith("  One")
    assert text.split("\n")[1].endswith("∅ vacuous")
    assert "Proposition (Euler)." in text
    assert "by an identity" in text


def test_the_terminal_is_a_registered_format() -> None:
    assert FORMATS.find("plain_text").name == "plain_text"
