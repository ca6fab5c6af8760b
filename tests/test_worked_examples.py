"""The worked examples run, print what they say, and are listed in their contents page."""

import ast
import contextlib
import functools
import io
import re
import runpy
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "worked_examples"
EXAMPLES = sorted(FOLDER.glob("[0-9][0-9]_*.py"))

DOCUMENTS = [path for path in EXAMPLES if "_lecture_" in path.name]  # they write a whole document, the others a piece

every_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def stated_output(path: Path) -> str:
    """Return what stands, indented, below the line that begins with "Prints"."""
    _, _, after = docstring(path).partition("\nPrints")
    return textwrap.dedent(after.partition("\n\n")[2]).strip()


def run(path: Path, *words: str) -> str:
    """Return what an example prints, run as a script with these words."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setattr(sys, "argv", [str(path), *words])
        runpy.run_path(str(path), run_name="__main__")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], tuple[str, Path]]:
    """Run an example with a folder, once; return what it printed, and the folder."""

    @functools.cache
    def made(path: Path) -> tuple[str, Path]:
        folder = tmp_path_factory.mktemp(path.stem)
        return run(path, str(folder)), folder

    return made


@every_example
def test_it_runs_and_prints_what_it_says(path: Path, written: Callable[[Path], tuple[str, Path]]) -> None:
    assert written(path)[0] == stated_output(path)


@every_example
def test_it_writes_its_latex_into_the_folder_given(path: Path, written: Callable[[Path], tuple[str, Path]]) -> None:
    (file,) = written(path)[1].iterdir()
    assert file.name == f"{path.stem}.tex"
    latex = file.read_text(encoding="utf-8")
    assert latex.strip()
    assert latex.count("{") == latex.count("}")
    assert "None" not in latex


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if i == 0 else pytest.mark.slow, id=path.stem) for i, path in enumerate(EXAMPLES)],
)
def test_without_a_folder_it_prints_the_same(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(path) == stated_output(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_their_latex_compiles_without_an_overfull_line(tmp_path: Path) -> None:
    """With amsmath, amssymb and tikz alone, on lines of 132 mm."""
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no pdflatex here")
    if not subprocess.run(["kpsewhich", "tikz.sty"], capture_output=True, check=False).stdout:
        pytest.skip("there is no TikZ here (Debian's texlive-pictures)")
    pieces = [r"\documentclass{article}\usepackage{amsmath,amssymb,tikz}\textwidth132mm\begin{document}"]
    for path in EXAMPLES:
        if path in DOCUMENTS:
            continue
        subprocess.run([sys.executable, str(path), str(tmp_path)], check=True, capture_output=True)
        pieces.append((tmp_path / f"{path.stem}.tex").read_text(encoding="utf-8"))
    (tmp_path / "all.tex").write_text("\n".join([*pieces, r"\end{document}"]), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_lecture_compiles_as_it_is(path: Path, tmp_path: Path) -> None:
    """No error, no undefined reference, no overfull box, no sign without a glyph; the log says so."""
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no pdflatex here: the lectures were not compiled")
    subprocess.run([sys.executable, str(path), str(tmp_path)], check=True, capture_output=True)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{path.stem}.tex"]
    for _ in range(3):  # references, then the pages that they move
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    assert not re.search(r"Overfull|undefined|multiply|Missing character|Rerun|LaTeX Warning", done.stdout), done.stdout


@every_example
def test_it_opens_with_a_question_an_answer_and_a_reference(path: Path) -> None:
    text = docstring(path)
    assert text.splitlines()[0].endswith("?")
    places = [text.index(f"\n{word}") for word in ("Question.", "Answer.", "Reference.", "Prints")]
    assert places == sorted(places)


@every_example
def test_it_computes_by_the_public_face_only(path: Path) -> None:
    """The command line is public too; nothing else inside the package is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        assert not [name for name in names if name.startswith("symflow.") and name != "symflow.cli"]


@every_example
def test_it_has_a_page_s_length(path: Path) -> None:
    assert 40 <= len(path.read_text(encoding="utf-8").splitlines()) <= 100


def test_the_contents_page_lists_every_example_once_in_order() -> None:
    listed = re.findall(r"\]\((\d\d_\w+\.py)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in EXAMPLES]
    assert [int(name[:2]) for name in listed] == list(range(1, len(listed) + 1))
