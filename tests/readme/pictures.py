"""The pictures of the README: what symflow writes, as a reader sees it.

Each is a PNG of a page of LaTeX or of the top of an HTML page, and holds the SHA-256 of that source as a text chunk.
So that a picture is up to date can be tested without a browser or LaTeX: the source is written again, and hashed.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from symflow.latex_run import compile_latex
from tests.browser import find_browser
from tests.readme.transcripts import problem_files, run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "worked_examples" / "pictures"
_KEYWORD = b"Source SHA-256"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# The window a page is opened in, and the resolution of a page of LaTeX: about 1100 pixels wide both.
_WINDOW, _DOTS = "1120,960", 132


@dataclass(frozen=True)
class Picture:
    """A picture: its file's name, what writes its source, and what of it is shown.

    Parameters
    ----------
    name : str
        Of the file, without its suffix.
    write : callable
        Returns the source.
    kind : "page" or "latex"
        What the source is.
    sheet : int
        Which page of the LaTeX, from 1.
    is_slow : bool
        Whether it takes more than a few seconds to write the source.
    """

    name: str
    write: Callable[[], str]
    kind: Literal["page", "latex"]
    sheet: int = 1
    is_slow: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return FOLDER / f"{self.name}.png"


def _command(*words: str) -> str:
    """Return what a command prints on the problem files of the README."""
    with tempfile.TemporaryDirectory() as folder:
        for name, body in problem_files((ROOT / "README.md").read_text(encoding="utf-8")).items():
            Path(folder, name).write_text(body, encoding="utf-8")
        with contextlib.chdir(folder):
            code, printed = run([*words, "--quiet"])
        assert code == 0
        return printed


def _example(stem: str) -> str:
    """Return the LaTeX that a worked example writes."""
    with tempfile.TemporaryDirectory() as folder:
        script = ROOT / "worked_examples" / f"{stem}.py"
        subprocess.run([sys.executable, str(script), folder], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return Path(folder, f"{stem}.tex").read_text(encoding="utf-8")


PICTURES = (
    Picture("page", lambda: _command("report", "corner.toml"), "page"),
    Picture("notes", lambda: _command("notes", "demo.toml"), "latex", sheet=2),
    Picture(
        "lecture_subdifferentials", lambda: _example("14_lecture_subdifferentials"), "latex", sheet=7, is_slow=True
    ),
    Picture("lecture_margins", lambda: _example("15_lecture_margins"), "latex", sheet=5, is_slow=True),
)


def digest(source: str) -> str:
    """Return the SHA-256 of a source."""
    return hashlib.sha256(source.encode("utf-8")).hexdigest()


def digest_in(png: bytes) -> str:
    """Return the digest that a picture holds; empty where it holds none."""
    assert png.startswith(_SIGNATURE), "no PNG"
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"tEXt" and data.startswith(_KEYWORD + b"\0"):
            return data[len(_KEYWORD) + 1 :].decode("ascii")
        place += 12 + length
    return ""


def draw(picture: Picture) -> None:
    """Write a picture anew: with Chromium, or pdflatex and pdftoppm; Pillow makes it small."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    source = picture.write()
    with tempfile.TemporaryDirectory() as folder:
        shot = (_page if picture.kind == "page" else _sheet)(Path(folder), source, picture.sheet)
        with Image.open(shot) as image:
            small = image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            info = PngInfo()
            info.add_text(_KEYWORD.decode("ascii"), digest(source))
            small.save(picture.path, optimize=True, pnginfo=info)


def _page(folder: Path, source: str, _: int) -> Path:
    """Return a picture of the top of an HTML page."""
    browser = find_browser()
    assert browser is not None, "no Chromium here"
    (folder / "page.html").write_text(source, encoding="utf-8")
    shot = folder / "page.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={_WINDOW}"]
    command = [browser, *options, f"--screenshot={shot}", (folder / "page.html").as_uri()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    return shot


def _sheet(folder: Path, source: str, sheet: int) -> Path:
    """Return a picture of a page of LaTeX, without its empty margins."""
    from PIL import Image, ImageChops

    (folder / "notes.tex").write_text(source, encoding="utf-8")
    pages, reason = compile_latex(folder)
    assert pages is not None, reason
    only = ["-f", str(sheet), "-l", str(sheet), "-singlefile"]
    subprocess.run(["pdftoppm", "-png", "-r", str(_DOTS), *only, "notes.pdf", "sheet"], cwd=folder, check=True)
    shot = folder / "sheet.png"
    with Image.open(shot) as opened:
        image = opened.convert("RGB")
    left, top, right, bottom = ImageChops.invert(image).getbbox() or (0, 0, *image.size)
    around = 40
    image.crop((left - around, top - around, right + around, bottom + around)).save(shot)
    return shot
