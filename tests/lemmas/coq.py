"""Coq's side of the stored theorems: compile the scripts, read what Coq prints, write the table of the checker.

Run ``python -m tests.lemmas.coq`` from the root after a script has changed. It compiles all of them, prints for each
the seconds it took and the axioms, and writes the table in ``symflow/checker/coq_scripts.py``; it refuses to write a
script down that Coq refuses, or that rests on an axiom not in ``ALLOWED``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "symflow" / "lemmas" / "scripts"
TABLE = ROOT / "symflow" / "checker" / "coq_scripts.py"

# How the standard library has the real numbers, and the excluded middle. Nothing else is admitted.
ALLOWED = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)

# Words with which a script could leave something unproved, or loosen what Coq checks.
FORBIDDEN = re.compile(
    r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|Context|Primitive|Unset|bypass_check"
    r"|Declare|Add|Load|native_compute|Module)\b"
)


def names() -> list[str]:
    """Return the names of all scripts, each after those that it requires."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found:
            for required in requires(source(name)):
                visit(required)
            found.append(name)

    for path in sorted(FOLDER.glob("*.v")):
        visit(path.stem)
    return found


def source(name: str) -> str:
    return (FOLDER / f"{name}.v").read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """Return a script without its comments, which may be nested.

    >>> without_comments("a (* b (* c *) d *) e")
    'a  e'
    """
    depth, kept, i = 0, [], 0
    while i < len(text):
        if text.startswith("(*", i):
            depth, i = depth + 1, i + 2
        elif depth and text.startswith("*)", i):
            depth, i = depth - 1, i + 2
        else:
            kept.append("" if depth else text[i])
            i += 1
    return "".join(kept)


def requires(text: str) -> tuple[str, ...]:
    """Return the scripts that a script requires."""
    found = re.findall(r"^From Symflow Require Import ([^.]*)\.", without_comments(text), re.MULTILINE)
    return tuple(name for line in found for name in line.split())


def theorems(text: str) -> tuple[str, ...]:
    """Return the names of a script's theorems."""
    return tuple(re.findall(r"^Theorem (\w+)", without_comments(text), re.MULTILINE))


def theorems_printed(text: str) -> tuple[str, ...]:
    """Return the names in the value whose assumptions are printed, the last command of a script."""
    found = re.search(
        r"Definition theorems := \(([^()]*)\)\.\s*Print Assumptions theorems\.\s*\Z", without_comments(text)
    )
    return tuple(re.split(r",\s*", found[1])) if found else ()


def axioms(output: str) -> tuple[str, ...]:
    """Return the names that ``Print Assumptions`` printed, sorted; what is not understood is among them.

    >>> axioms("Axioms:\\nA.b : forall P : Prop,\\n  P\\nC.d\\n  : Q\\n")
    ('A.b', 'C.d')
    >>> axioms("Closed under the global context\\n")
    ()
    """
    lines = [line for line in output.splitlines() if line and not line.startswith(" ")]
    if lines == ["Closed under the global context"]:
        return ()
    if lines[:1] != ["Axioms:"]:
        return ("?" + output,)
    return tuple(sorted(line.split(" : ")[0].strip() for line in lines[1:]))


def coqc(path: Path, built: Path) -> subprocess.CompletedProcess[str]:
    """Compile one file, what it requires being compiled in the folder ``built``."""
    return subprocess.run(
        ["coqc", "-Q", str(built), "Symflow", str(path)], capture_output=True, text=True, timeout=300, check=False
    )


def table(built: Path) -> str:
    """Compile all scripts and return the table as Python text."""
    lines = ["SCRIPTS: dict[str, Script] = {"]
    for name in names():
        path = built / f"{name}.v"
        shutil.copy(FOLDER / path.name, path)
        start = time.perf_counter()
        run = coqc(path, built)
        if run.returncode:
            sys.exit(f"{name}.v is refused:\n{run.stderr}")
        found = axioms(run.stdout)
        print(f"{time.perf_counter() - start:6.1f} s  {name}: {', '.join(found) or 'no axioms'}")
        if not set(found) <= ALLOWED:
            sys.exit(f"{name}.v rests on {sorted(set(found) - ALLOWED)}")
        text = source(name)
        lines += [
            f'    "{name}": Script(',
            f'        sha256="{hashlib.sha256(path.read_bytes()).hexdigest()}",',
            f"        requires={written(requires(text))},",
            f"        theorems={written(theorems(text))},",
            f"        axioms={written(found)},",
            "    ),",
        ]
    return "\n".join([*lines, "}", ""])


def written(strings: tuple[str, ...]) -> str:
    """Return a tuple of strings as the formatter writes it."""
    if len(strings) < 2:
        return f'("{strings[0]}",)' if strings else "()"
    inside = "".join(f'            "{string}",\n' for string in strings)
    return f"(\n{inside}        )"


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as folder:
        text = table(Path(folder))
    before, _, _ = TABLE.read_text(encoding="utf-8").partition("SCRIPTS: dict[str, Script] = ")
    TABLE.write_text(before + text, encoding="utf-8")


if __name__ == "__main__":
    main()
