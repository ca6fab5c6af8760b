"""The user's names: one problem in all styles and languages, clashes refused, JSON untouched, documents compile."""

import functools
import io
import json
import re
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import symflow
from symflow.cli import main
from symflow.errors import InputError
from symflow.notes_command import make_notes
from symflow.problem_names import FIXED, GREEK, LECTURES, ROLES, Names, names_from_text, names_from_tree
from symflow.problem_tree import problem_from_tree
from symflow.reports.ascii_signs import to_ascii
from symflow.reports.expressions import Application, Pairing, Parameters, Product, Sum, Symbol
from symflow.reports.latex_letters import letters_of, rewritten
from symflow.reports.latex_math import latex
from symflow.reports.latex_text import GREEK as GREEK_LATEX
from symflow.reports.latex_width import width
from symflow.reports.linear_text import linear_text
from symflow.reports.mathml import mathml
from symflow.reports.names import Naming, in_use, using

KINK: dict[str, Any] = {
    "title": "Where f folds, in R",
    "network": {"activation": "relu", "weights": [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]},
    "data": {"inputs": [["1", "1"], ["-1", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
    "flow": {"until": "10"},
}
DEEP: dict[str, Any] = {
    "network": {"activation": "relu", "weights": [[[1, -1], [1, 1]], [[1, -1], [2, 1]], [[1, -1]]]},
    "data": {"inputs": [[1, 1], [2, -1]], "labels": [1, -1]},
    "objective": {"kind": "risk", "loss": "logistic"},
}
BIASES: dict[str, Any] = {
    "network": {
        "activation": "relu",
        "weights": [[[1, 2], [1, -1], [0, 1]], [[1, -1, 2]]],
        "biases": [[0, 0, -1], ["1/2"]],
    },
    "data": {"inputs": [[0, 0], [1, 1]], "labels": [1, -1]},
    "objective": {"kind": "log_sum_exp"},
}
SYMBOLIC: dict[str, Any] = {"network": {"activation": "relu", "widths": [2, 2, 1]}, "data": {"inputs": "symbolic"}}
NETS = {"kink": KINK, "deep": DEEP, "biases": BIASES, "symbolic": SYMBOLIC}

# Every role under another letter.
OWN = {
    "rows": "r",
    "output": "o",
    "matrices": "V",
    "biases": "B",
    "parameters": "omega",
    "data": "X",
    "labels": "D",
    "function": "N",
    "combination": "C",
    "risk": "E",
    "margins": "M",
    "soft_margin": "Gamma",
    "constants": "kappa",
    "slopes": "beta",
    "hull": "mu",
}
STYLES: dict[str, dict[str, str]] = {"rows": {"weights": "rows"}, "matrices": {"weights": "matrices"}, "own": OWN}


def run(*words: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    return code, out.getvalue(), err.getvalue()


def written(tree: dict[str, Any], folder: Path, names: dict[str, str] | None = None) -> Path:
    file = folder / "problem.json"
    file.write_text(json.dumps(tree if names is None else tree | {"names": names}), encoding="utf-8")
    return file


def text_of(tree: dict[str, Any], folder: Path, style: str, *words: object) -> str:
    command, *options = words
    return unicode_text(folder, command, written(tree, folder, STYLES[style]), *options)


def unicode_text(folder: Path, *words: object) -> str:
    """Return what a command writes into a file; a stream of a test is taken for one that knows ASCII alone."""
    target = folder / "answer.txt"
    assert run(*words, "--output", target) == (0, "", "")
    return target.read_text(encoding="utf-8")


# ---------------------------------------------------------------------- one problem in all styles


def test_the_text_of_a_differential_in_all_styles(tmp_path: Path) -> None:
    by_style = {style: text_of(KINK, tmp_path, style, "clarke") for style in STYLES}
    assert "      u1  =  −τ (1, 1)  " in by_style["rows"]
    assert "      v   =  (0, c)\n" in by_style["rows"]
    assert "      W1[1,:]  =  −τ (1, 1)  " in by_style["matrices"]
    assert "(⟨W1[1,:], x1⟩ + ⟨W1[1,:], x2⟩ = 0 for every W1[1,:])" in by_style["matrices"]
    assert "      V1[1,·]  =  −τ (1, 1)          τ = (1−μ) + μ κ,   0 ≤ μ ≤ 1" in by_style["own"]
    assert "∂E(ω) is a segment." in by_style["own"]
    assert "Euler             ⟨s, ω⟩ = −κ  and  ⟨S1, V1⟩ = ⟨S2, V2⟩ = −κ/2 for every s" in by_style["own"]


def test_text_columns_stay_aligned_under_longer_names(tmp_path: Path) -> None:
    lines = text_of(KINK, tmp_path, "matrices", "clarke").splitlines()
    signs = [line.index("  =  ") for line in lines if re.match(r" {6}W", line)]
    assert len(signs) == 3
    assert len(set(signs)) == 1


def test_closed_forms_in_latex_in_all_styles(tmp_path: Path) -> None:
    first = {}
    for style in STYLES:
        text = text_of(SYMBOLIC, tmp_path, style, "derive", "--latex")
        first[style] = text[text.index(r"\begin{cases}") :].splitlines()[1].strip()
    assert first["rows"].startswith(r"v_1\langle u_1,x\rangle+v_2\langle u_2,x\rangle & ")
    assert first["matrices"].startswith(r"W_2[1,1]\langle W_1[1,{:}],x\rangle")
    assert first["own"].startswith(r"o_1\langle r_1,X\rangle+o_2\langle r_2,X\rangle & ")


def test_what_the_letters_are_is_said_in_the_names_that_are_used(tmp_path: Path) -> None:
    assert "Here $r_j^{\\top}$ are the rows of $V_1$, and $o=V_2$." in text_of(
        SYMBOLIC, tmp_path, "own", "derive", "--latex"
    )
    matrices = text_of(SYMBOLIC, tmp_path, "matrices", "derive", "--latex")
    assert "Here $W_l[i,{:}]$ is row $i$ of $W_l$ as a column, and $W_l[i,j]$ an entry." in matrices
    assert "W1[j,·]" in text_of(KINK, tmp_path, "rows", "laws")  # u_j is said to be it
    laws = text_of(KINK, tmp_path, "matrices", "laws")
    assert "‖W1[1,:]‖² − W2[1,1]²" in laws
    assert not re.search(r"[uv][0-9j]", laws)


def test_expressions_in_three_languages() -> None:
    piece = Sum(
        (Product((Symbol("v", "1"), Pairing(Symbol("u", "1"), Symbol("x")))), Application("R", "∇", Symbol("w")))
    )
    plain, matrices, own = Naming(), Naming(Names.of(weights="matrices")), Naming(Names.of(**OWN))
    assert plain.expression(piece) is piece
    assert linear_text(matrices.expression(piece)) == "W2[1,1] ⟨W1[1,:], x⟩ + ∇R(w)"
    assert linear_text(own.expression(piece)) == "o1 ⟨r1, X⟩ + ∇E(ω)"
    assert own.formula(latex(piece)) == r"o_1\langle r_1,X\rangle+\nabla E(\omega)"
    assert matrices.formula(latex(piece)) == r"W_2[1,1]\langle W_1[1,{:}],x\rangle+\nabla R(w)"
    letters = re.findall(r"<mi>(.)</mi>", mathml(own.expression(piece)))
    assert letters == ["o", "r", "X", "E", "ω"]
    assert re.findall(r"<m[in]>(.)</m[in]>", mathml(matrices.expression(Symbol("u", "3")))) == ["W", "1", "3", ":"]


def test_rows_get_their_letters_only_where_they_are_rows_of_the_first_matrix_or_the_last_one() -> None:
    deep = Naming(Names.of(weights="rows"), n_layers=3, n_rows=2)
    shown = [
        linear_text(deep.expression(Parameters("W", *place)))
        for place in ((1,), (1, 2), (1, 2, 1), (2, 1), (2, None, 1), (3,), (3, 1, 2))
    ]
    assert shown == ["W1", "u2", "W1[2,1]", "W2[1,·]", "W2[·,1]", "v", "v2"]
    several = Naming(Names.of(weights="rows"), n_outputs=2, output=2)
    assert [linear_text(several.expression(Parameters("W", 2, row))) for row in (None, 1, 2)] == ["W2", "W2[1,·]", "v"]


def test_a_net_of_several_outputs_is_named_by_the_output_that_counts(tmp_path: Path) -> None:
    tree = {"network": {"activation": "relu", "widths": [2, 2, 2]}, "objective": {"output": 2}}
    text = text_of(tree, tmp_path, "matrices", "derive")
    assert "W2[2,1] ⟨W1[1,:], x⟩ + W2[2,2] ⟨W1[2,:], x⟩" in text
    assert "∇W2[2,:] f  =  A1 W1 x" in text


LETTERS = "".join(letter for letter, _ in ROLES.values())


@pytest.mark.parametrize(
    ("network", "options"),
    [
        ({"widths": [2, 4, 1], "activation": {"name": "maxpool", "groups": [[0, 1], [2, 3]]}}, ()),
        ({"widths": [2, 3, 3, 1], "activation": "relu"}, ("--kinks", "2,1,1;1,2,1")),
        ({"widths": [1, 2, 2, 1], "activation": "relu", "bias": True}, ()),
        ({"widths": [2, 1, 1], "activation": "abs"}, ()),
    ],
    ids=["maxpool", "declared kinks", "deep, biases", "one neuron"],
)
def test_no_letter_of_the_lectures_survives_in_closed_forms_under_other_names(
    network: dict[str, Any], options: tuple[str, ...], tmp_path: Path
) -> None:
    text = text_of({"network": network}, tmp_path, "own", "derive", "--full", *options)
    assert re.findall(rf"(?<![\w'])[{LETTERS.replace('a', '')}](?![a-zA-Z])|(?<!\w)a[0-9_]", text) == []
    fragment = text_of({"network": network}, tmp_path, "own", "derive", "--latex", *options)
    assert not letters_of(fragment) & set(LETTERS)


# ---------------------------------------------------------------------- the law of renaming


def body(text: str) -> str:
    return text[text.index(r"\begin{document}") :]


def notes(tree: dict[str, Any], names: dict[str, str], form: Any = "article") -> str:
    return made(json.dumps(tree | {"names": names}), form)


@functools.cache
def made(problem: str, form: Any) -> str:
    return make_notes(problem_from_tree(json.loads(problem)), form=form).text


@pytest.mark.parametrize("form", ["article", "slides"])
def test_no_letter_of_the_lectures_survives_in_notes_under_other_names(form: str) -> None:
    found = letters_of(body(notes(KINK, OWN, form)))
    assert not found & {letter for letter, _ in ROLES.values()}
    assert {"r", "V", "ω", "X", "E", "M", "κ", "μ"} <= found
    if form == "article":
        assert {"o", "Γ", "β", "N", "D"} <= found


@pytest.mark.parametrize("name", ["kink", "symbolic"])
def test_matrices_leave_no_rows(name: str) -> None:
    text = body(notes(NETS[name], {"weights": "matrices", "soft_margin": "Gamma"}))
    assert not letters_of(text) & {"u", "v"}
    assert "W_1[1,{:}]" in text


def test_the_smallest_net_has_two_matrices_in_the_notes_of_a_deep_one_too() -> None:
    text = notes(DEEP, {"weights": "matrices"})
    assert r"witness $W_2\,\sigma(W_1x)$ at $W_1=W_2=x=1$" in text
    assert r"witness $v\,\sigma(ux)$ at $u=v=x=1$" in notes(DEEP, {})


@pytest.mark.parametrize("name", ["kink", "symbolic", "biases"])
def test_every_letter_of_the_notes_is_known_to_the_table_of_names(name: str) -> None:
    """Otherwise a clash with it would not be seen."""
    known = {letter for letter, _ in ROLES.values()} | set(FIXED)
    assert letters_of(body(notes(NETS[name], {}))) <= known


def test_renaming_is_simultaneous_and_loses_nothing() -> None:
    swap = Naming(Names.of(risk="F", combination="R", data="w", parameters="x"))
    once = swap.latex(notes(KINK, {}))
    assert once != notes(KINK, {})
    assert r"\nabla F" in once
    assert swap.latex(swap.latex(once)) == once
    assert swap.text(swap.text("R(w) = F(x1)")) == "R(w) = F(x1)"


def test_words_macros_lengths_and_comments_are_no_names() -> None:
    shout = dict.fromkeys("xuvwcRfmb", "Y")

    def renamed(text: str) -> str:
        return rewritten(text, lambda letter, upper, lower, places: shout.get(letter))

    for text in (
        r"a word of u and v, R",
        r"\label{x}\ref{w} % $x$ in a comment",
        r"\begin{tikzpicture}[x=1cm]\draw (0,0)--(1,1) node {};\end{tikzpicture}",
        r"\[\begin{array}{ccc}1&2&\hspace{2em}\end{array}\\[2pt]\mathbb{R}\operatorname{conv}\R\]",
        r"100\% $\text{for every x}$",
    ):
        assert renamed(text) == text
    assert renamed(r"$\text{row $u$ of x}\tfrac c2$") == r"$\text{row $Y$ of x}\tfrac Y2$"
    assert renamed(r"\[x\] x \begin{align*}x\end{align*} x") == r"\[Y\] x \begin{align*}Y\end{align*} x"


def test_a_greek_letter_does_not_run_into_what_follows() -> None:
    naming = Naming(Names.of(data="omega", constants="kappa"))
    assert naming.formula("2xc+x_1c") == r"2\omega \kappa+\omega_1\kappa"
    assert naming.formula(r"\cdot c f") == r"\cdot \kappa f"


def test_formulas_are_measured_under_their_own_names() -> None:
    plain = width("v_1u_1")
    with using(Names.of(weights="matrices")):
        assert width("v_1u_1") > 2 * plain
    assert width("v_1u_1") == plain
    assert in_use().is_plain


def test_the_title_of_a_problem_is_left_as_it_is(tmp_path: Path) -> None:
    assert text_of(KINK, tmp_path, "own", "clarke").startswith("\n  Where f folds, in R.  2-2-1 relu net")
    assert "Where f folds, in R" in notes(KINK, OWN)


# ---------------------------------------------------------------------- JSON


@pytest.mark.parametrize("command", ["clarke", "audit", "derive", "laws", "regions"])
def test_json_is_the_same_bytes_whatever_things_are_called(command: str, tmp_path: Path) -> None:
    plain = run(command, written(KINK, tmp_path), "--json")
    assert plain[0] == 0
    for names in STYLES.values():
        assert run(command, written(KINK, tmp_path, names), "--json") == plain
    assert run(command, written(KINK, tmp_path), "--json", "--names", "matrices") == plain


def test_what_was_found_under_other_names_is_accepted(tmp_path: Path) -> None:
    result = tmp_path / "clarke.json"
    assert run("clarke", written(KINK, tmp_path, OWN), "--json", "--output", result)[0] == 0
    assert run("verify", result)[0] == 0


def test_names_are_no_part_of_what_is_asked() -> None:
    named, plain = problem_from_tree(KINK | {"names": OWN}), problem_from_tree(KINK)
    assert named == plain
    assert named.tree() == plain.tree()
    assert named.names.tree() == names_from_tree(OWN).tree()


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"rows": "a"}, 'names.rows: a stands for slopes; take another letter, or name those too, slopes = ".."'),
        ({"output": "c"}, "names.output: c stands for constants; take another letter, or name those too, constants ="),
        ({"parameters": "theta"}, "names.parameters: θ stands for the weights of a hull; take another letter, or name"),
        ({"data": "u"}, "names.data: u stands for the rows of the first matrix; take another letter"),
        ({"data": "u", "rows": "r"}, "names.data: u stands for the soft margin; take another letter"),
        ({"rows": "r", "labels": "r"}, "names.labels: r stands for the rows of the first matrix; take another"),
        ({"data": "v", "output": "o"}, "names.data: v stands for a direction; take another letter"),
        ({"risk": "S"}, "names.risk: S stands for a block of a subgradient; take another letter"),
        ({"risk": "e"}, r"names.risk: e stands for the number 2.718..; take another letter"),
        ({"margins": "tau"}, "names.margins: τ stands for the number that moves along a segment; take another"),
        ({"matrices": "W1"}, 'names.matrices: "W1" is no letter; write a Latin one, or a Greek one as "theta"'),
        ({"matrices": 3}, "names.matrices: 3 is no letter"),
        ({"matrices": "é"}, "is no letter"),
        ({"weights": "columns"}, 'names.weights: no style "columns"  (known: rows, matrices)'),
        ({"weights": "matrices", "rows": "r"}, 'names.rows: has no place with weights = "matrices"; leave one'),
        ({"row": "r"}, "names.row: no such key; did you mean rows?"),
        ("rows", 'names: "rows" is not a table'),
    ],
)
def test_a_clash_or_a_slip_is_bad_input(names: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        problem_from_tree(KINK | {"names": names})
    code, out, err = run("clarke", written(KINK, tmp_path, names))
    assert (code, out) == (2, "")
    assert err.startswith("symflow: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("letter", sorted(FIXED))
def test_no_role_takes_a_letter_of_symflow(letter: str) -> None:
    refusal = "is no letter" if letter == "ℓ" else "take another letter"
    for role in ROLES:
        with pytest.raises(InputError, match=refusal):
            Names.of(**{role: letter})


@pytest.mark.parametrize("role", ROLES)
def test_no_two_roles_share_a_letter_but_by_changing_places(role: str) -> None:
    """But u_j and u, which the lectures have side by side."""
    own = ROLES[role][0]
    for other, (letter, _) in ROLES.items():
        if letter == own:
            assert {role, other} <= {"rows", "soft_margin"} or role == other
            continue
        with pytest.raises(InputError, match="take another letter"):
            Names.of(**{role: letter})
        if not {"u", "v"} & {letter, own}:
            assert Names.of(**{role: letter, other: own}).letter(role) == letter


def test_letters_have_an_ascii_form_and_a_latex_form() -> None:
    for name, letter in GREEK.items():
        if name != "sigma":  # the activation, which no one else can be
            assert to_ascii(letter) == {"epsilon": "eps"}.get(name, name)
        assert GREEK_LATEX[letter] == "\\" + {"epsilon": "varepsilon"}.get(name, name)


# ---------------------------------------------------------------------- how they are given


def test_the_option_goes_before_the_file(tmp_path: Path) -> None:
    file = written(KINK, tmp_path, {"risk": "E", "rows": "r"})
    assert "∂E(ω) is a segment." in unicode_text(tmp_path, "clarke", file, "--names", "parameters=omega")
    assert "W1[1,:]" in unicode_text(tmp_path, "clarke", file, "--names", "matrices")
    code, _, err = run("clarke", file, "--names", "output=r")
    assert code == 2
    assert err == (
        "symflow: --names: names.output: r stands for the rows of the first matrix; "
        'take another letter, or name those too, rows = ".."\n'
    )


def test_names_from_text_and_back() -> None:
    assert names_from_text("rows = r , parameters=omega").tree() == {"rows": "r", "parameters": "ω"}
    assert names_from_text("rows").tree() == {"weights": "rows"}
    assert Names.of(data="x", risk="R") == LECTURES
    with pytest.raises(InputError, match='no style "row"; did you mean rows'):
        names_from_text("row")


def test_help_and_the_starter_know_of_names() -> None:
    for command in ("derive", "clarke", "audit", "flow", "laws", "regions", "report", "notes"):
        assert "--names matrices" in run(command, "--help")[1]
    starter = run("init")[1]
    section = starter[starter.index("# [names]") :]
    assert all(f"{role}," in section or f"# {role} = " in section or section.rstrip().endswith(role) for role in ROLES)


def test_the_page_bears_the_names(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("report", written(KINK, tmp_path, OWN), "--output", page)[0] == 0
    text = re.sub(r"<script(?! type=\"application/json\").*?</script>", "", page.read_text("utf-8"), flags=re.DOTALL)
    letters = set(re.findall(r"<mi>(\w)</mi>", text.replace(r"\u003c", "<").replace(r"\u003e", ">")))
    assert not letters & {letter for letter, _ in ROLES.values()}
    assert {"E", "ω", "κ", "μ", "V", "X", "r"} <= letters
    assert ">X₁ − X₂</text>" in text


def test_objects_of_python_bear_the_names_in_use() -> None:
    net = symflow.Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    risk = symflow.EmpiricalRisk(net, symflow.Dataset([(1, 1), (-1, -1)], labels=[1, -1]), loss="exponential")
    differential = symflow.clarke_differential(risk)
    plain = differential._repr_latex_()
    with symflow.using_names(risk="E", parameters="omega", hull="mu", constants="kappa", matrices="V"):
        shown = differential._repr_latex_()
        assert net.to_latex().startswith("$$V_1=")
        assert '<th scope="col">x</th>' in (risk.data._repr_html_() or "")
    assert plain is not None
    assert shown is not None
    assert shown.startswith(r"$$\partial E(\omega)=")
    assert {"E", "ω", "μ", "κ"} <= letters_of(shown)
    assert not letters_of(shown) & {"R", "w", "θ", "c"}
    assert differential._repr_latex_() == plain
    with pytest.raises(InputError, match="e stands for"), symflow.using_names(risk="e"):
        pass


# ---------------------------------------------------------------------- documents


@pytest.mark.slow
@pytest.mark.parametrize("form", ["article", "slides"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NETS)
def test_notes_and_slides_compile_under_all_names(name: str, style: str, form: str, tmp_path: Path) -> None:
    program = shutil.which("pdflatex")
    if program is None:
        pytest.skip("no pdflatex here: notes under other names were not compiled")
    text = notes(NETS[name], STYLES[style], form)
    if style == "own":
        assert not letters_of(body(text)) & {letter for letter, _ in ROLES.values()} - {"w"}
    (tmp_path / "notes.tex").write_text(text, encoding="utf-8")
    for _ in range(3):
        command = [program, "-no-shell-escape", "-interaction=nonstopmode", "notes.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
        log = done.stdout.decode("utf-8", "replace")
        if "Rerun" not in log and "undefined" not in log:
            break
    assert done.returncode == 0, log[-2000:]
    assert re.findall(r"^(?:!.*|Overfull.*|.*[Uu]ndefined.*|LaTeX Warning.*)$", log, re.MULTILINE) == []


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("widths", [[2, 2, 1], [2, 1, 1], [1, 2, 2, 1]], ids=str)
def test_fragments_compile_under_all_names(widths: list[int], style: str, tmp_path: Path) -> None:
    program = shutil.which("pdflatex")
    if program is None:
        pytest.skip("no pdflatex here: closed forms under other names were not compiled")
    tree = {"network": {"activation": "relu", "widths": widths, "bias": widths == [1, 2, 2, 1]}}
    fragments = [text_of(tree, tmp_path, style, command, "--latex") for command in ("derive", "laws")]
    document = "\n".join(
        [
            r"\documentclass[11pt,a4paper]{article}\usepackage{amsmath}\usepackage[textwidth=132mm]{geometry}",
            r"\tolerance=1500\setlength{\emergencystretch}{8em}\begin{document}",
            *fragments,
            r"\end{document}",
        ]
    )
    (tmp_path / "all.tex").write_text(document, encoding="utf-8")
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert re.findall(r"^(?:!.*|Overfull.*)$", log, re.MULTILINE) == []


@pytest.mark.slow
def test_a_study_bears_the_names_and_its_results_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no pdflatex: its time is another test's
    for name, names in (("plain", {}), ("own", OWN)):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(KINK | {"names": names}), encoding="utf-8")
        assert run("study", file, "--output", tmp_path / name)[0] == 0
    assert r"\partial E(\omega)" in (tmp_path / "own" / "notes.tex").read_text("utf-8")
    assert "∂E(ω)" in (tmp_path / "own" / "report.html").read_text("utf-8")
    assert json.loads((tmp_path / "own" / "own.json").read_text("utf-8"))["names"] == OWN
    for command in ("clarke", "audit", "derive", "laws", "regions"):
        one, other = (tmp_path / name / "certificates" / f"{command}.json" for name in ("plain", "own"))
        assert one.read_bytes() == other.read_bytes()


def test_a_saved_flow_goes_on_under_names(tmp_path: Path) -> None:
    saved = tmp_path / "flow.json"
    assert run("flow", written(KINK, tmp_path), "--until", "1/8", "--json", "--output", saved)[0] == 0
    text = unicode_text(tmp_path, "flow", "--from", saved, "--until", "1/4", "--names", "rows,risk=E")
    assert "w' in −∂E(w)" in text
    assert "‖u1‖² − v1² = 1" in text


def test_conflicts_of_letters_are_named_at_once_with_letters_that_are_free() -> None:
    with pytest.raises(InputError) as caught:
        Names.of(rows="i", data="q", labels="p")
    said = str(caught.value)
    assert said.startswith("names.rows: i stands for an index; take another letter; names.data: q stands for")
    assert "names.labels: p stands for" in said
    free = said.rpartition("free letters are ")[2].split(", ")
    assert len(free) > 3
    named = Names.of(rows=free[0], data=free[1], labels=free[2])  # what it offers is taken
    assert [named.letter(role) for role in ("rows", "data", "labels")] == free[:3]
