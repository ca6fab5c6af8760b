"""Compiles a LaTeX document in a folder, where there is a pdflatex."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# LaTeX takes a second or two; a document that takes longer than this is left to its reader.
_LATEX_SECONDS = 60


def compile_latex(folder: Path, stem: str = "notes") -> tuple[int | None, str]:
    """Compile a document in a folder, where there is a pdflatex; return its pages, or None and the reason.

    It runs without shell escape, reads nothing but its installation and the notes, and leaves its PDF alone
    behind.
    """
    program = shutil.which("pdflatex")
    if program is None:
        return None, "no pdflatex here"
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", f"{stem}.tex"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p"}
    try:
        for _ in range(3):  # references and long tables settle in the second run, rarely the third
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LATEX_SECONDS,
                check=False,
            )
            log = done.stdout.decode("utf-8", "replace")
            if done.returncode != 0:
                (folder / f"{stem}.pdf").unlink(missing_ok=True)
                return None, "pdflatex stops at an error"
            if "Rerun" not in log and "undefined" not in log:
                break
    except (OSError, subprocess.TimeoutExpired):
        (folder / f"{stem}.pdf").unlink(missing_ok=True)
        return None, "pdflatex did not finish"
    finally:
        for suffix in ("aux", "log", "out", "nav", "snm", "toc"):
            (folder / f"{stem}.{suffix}").unlink(missing_ok=True)
    found = log.rpartition(f"Output written on {stem}.pdf (")[2].partition(" page")[0]
    return (int(found), "") if found.isdigit() else (None, "pdflatex wrote no pages")
