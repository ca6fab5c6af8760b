"""Runs the code cells of a notebook in one namespace and keeps what each shows, as IPython does; and checks its form.

IPython shows the value of a cell's last expression: its HTML, else its LaTeX, else its plain text; all of these are
stored in the file. ``python -m tests.notebook_runner`` stores them anew.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# Elements without an end.
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr"}


@dataclass(frozen=True)
class Shown:
    """What one cell shows."""

    source: str
    value: Any
    html: str | None
    latex: str | None
    printed: str


def code_cells(path: Path) -> list[str]:
    """Return the sources of a notebook's code cells."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run_cells(sources: list[str]) -> list[Shown]:
    """Run cells in order, in one namespace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    return [_run(source, namespace) for source in sources]


def _run(source: str, namespace: dict[str, Any]) -> Shown:
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        if not isinstance(last, ast.Expr):
            exec(compile(tree, "<cell>", "exec"), namespace)
        else:
            exec(compile(ast.Module(tree.body[:-1], []), "<cell>", "exec"), namespace)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    hooks = (getattr(value, name, lambda: None)() for name in ("_repr_html_", "_repr_latex_"))
    html, latex = hooks
    return Shown(source, value, html, latex, printed.getvalue())


def outputs(shown: Shown, count: int) -> list[dict[str, Any]]:
    """Return what is stored of one cell."""
    stored: list[dict[str, Any]] = []
    if shown.printed:
        stored.append({"name": "stdout", "output_type": "stream", "text": _lines(shown.printed)})
    if shown.value is not None:
        data = {"text/plain": _lines(repr(shown.value))}
        if shown.html is not None:
            data["text/html"] = _lines(shown.html)
        if shown.latex is not None:
            data["text/latex"] = _lines(shown.latex)
        data = dict(sorted(data.items()))
        stored.append({"data": data, "execution_count": count, "metadata": {}, "output_type": "execute_result"})
    return stored


def executed(path: Path) -> str:
    """Return the text of a notebook with what its cells show."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for count, (cell, shown) in enumerate(zip(code, run_cells(code_cells(path)), strict=True), start=1):
        cell["outputs"], cell["execution_count"] = outputs(shown, count), count
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


class _Reader(HTMLParser):
    """Follows which elements are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        assert not any(name.startswith("on") for name in names), f"<{tag}> has a script in an attribute"
        for name, value in attrs:
            away = name in ("src", "href") and not (value or "").startswith("#")
            assert not away, f"<{tag}> leads away, to {value}"
        assert tag != "script", "a notebook shows no script"
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> where {self.open} are open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        assert "<" not in data, f"a bare < in {data!r}"
        assert "&" not in data, f"a bare & in {data!r}"
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def visible_text(html: str) -> str:
    """Return the text of HTML, after checking that it is well-formed, asks for nothing, and runs nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"{reader.open} are left open"
    return "".join(reader.text).strip()


def check_latex(text: str) -> None:
    """Check that dollars, braces and environments of LaTeX come in pairs."""
    assert text.count("$") % 2 == 0, text
    depth = 0
    for before, character in zip(f" {text}", text, strict=False):
        if before != "\\":
            depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0, text
    assert depth == 0, text
    assert text.count(r"\begin{") == text.count(r"\end{"), text


if __name__ == "__main__":
    NOTEBOOK = Path(__file__).parent.parent / "worked_examples" / "notebook.ipynb"
    NOTEBOOK.write_text(executed(NOTEBOOK), encoding="utf-8")
