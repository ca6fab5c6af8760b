"""The house itself: who may import whom, and through which door each outside library enters."""

import ast
import functools
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "symflow"

# The floors, from the ground up. A file imports only from lower floors or from its own folder.
FLOORS = {
    "errors": 0,
    "registry": 0,
    "showing": 0,
    "verdict": 0,
    "_version": 0,
    "checker": 0,
    "exact": 1,
    "activations": 2,
    "losses": 2,
    "nets": 3,
    "cells": 4,
    "regions": 4,
    "problem": 4,
    "problem_tree": 4,
    "problem_values": 4,
    "problem_names": 4,
    "problem_file": 4,
    "problem_of": 4,
    "zoo": 4,
    "differentials": 5,
    "proofs": 6,
    "laws": 7,
    "flows": 8,
    "lemmas": 9,
    "reports": 10,
    "formats": 11,
    "exports": 11,
    "pictures": 11,
    "study": 12,
    "study_folder": 12,
    "study_stages": 12,
    "study_words": 12,
    "latex_run": 12,
    "latex_forms": 12,
    "cli": 12,
    "regions_command": 12,
    "prove_command": 12,
    "proving": 12,
    "lecturing": 12,
    "flow_command": 12,
    "report_command": 12,
    "notes_command": 12,
    "export_command": 12,
    "interruption": 12,
    "long_command": 12,
    "commands": 12,
    "help_texts": 12,
    "usage": 12,
    "endings": 12,
    "writing": 12,
    "__main__": 12,
    "__init__": 13,
}

# Rooms of which several files are one room.
ONE_ROOM = {
    "verdict": "errors",
    "registry": "errors",
    "showing": "errors",
    "problem_tree": "problem",
    "problem_values": "problem",
    "problem_names": "problem",
    "problem_file": "problem",
    "problem_of": "problem",
    "zoo": "problem",  # a zoo of problems
}

# Each outside library has its door; the rest of the house speaks symflow's own types.
DOORS = {
    "flint": ("exact/",),
    "highspy": ("exact/",),
    "z3": ("exact/",),
    "sympy": ("cells/piecewise.py", "reports/"),
    "mpmath": ("flows/",),
    "dask": ("regions/executors.py",),
    "distributed": ("regions/executors.py",),
    "networkx": ("regions/region_graph.py", "regions/graphml.py", "cells/star.py"),
    "numpy": ("exact/", "nets/", "cells/", "regions/"),
    "onnx": ("nets/readers/",),
    "matplotlib": ("pictures/",),
}

FILES = sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(HOUSE).parts
    return parts[0] if len(parts) > 1 else path.stem


@functools.cache
def imported(path: Path) -> frozenset[str]:
    """Return the dotted names of all modules that a file imports, anywhere in it (type-checking blocks too)."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import; name the file that defines it"
            names.add(node.module or "")
    return frozenset(names)


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_every_file_stands_on_a_known_floor() -> None:
    missing = [name_of(path) for path in FILES if room(path) not in FLOORS]
    assert missing == [], "give their rooms a floor in this test, and in the README"


def test_a_file_imports_only_from_lower_floors_or_its_own_room() -> None:
    wrong = []
    for path in FILES:
        here = ONE_ROOM.get(room(path), room(path))
        for name in imported(path):
            if name == "symflow" or name.startswith("symflow."):
                parts = name.split(".")
                there = parts[1] if len(parts) > 1 else "__init__"
                there = ONE_ROOM.get(there, there)
                same_top = FLOORS[here] == FLOORS[there] == 12
                if not (there == here or FLOORS[there] < FLOORS[here] or same_top):
                    wrong.append(f"{name_of(path)} imports {name} from above or beside")
    assert wrong == []


def test_the_checker_imports_nothing_but_the_standard_library_and_itself() -> None:
    import sys

    for path in HOUSE.glob("checker/*.py"):
        for name in imported(path):
            first = name.split(".")[0]
            assert name.startswith("symflow.checker") or first in sys.stdlib_module_names, f"{name_of(path)}: {name}"


def test_each_outside_library_enters_through_its_door() -> None:
    wrong = []
    for path in FILES:
        for name in imported(path):
            first = name.split(".")[0]
            if first in DOORS and not name_of(path).startswith(DOORS[first]):
                wrong.append(f"{name_of(path)} imports {first}")
    assert wrong == []


def test_there_are_no_import_cycles() -> None:
    graph = {}
    for path in FILES:
        module = "symflow." + re.sub(r"(/__init__)?\.py$", "", name_of(path)).replace("/", ".")
        graph[module] = {name for name in imported(path) if name.startswith("symflow.")}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for target in sorted(graph.get(module, ())):
            visit(target, (*trail, module))
        done.add(module)

    graph.pop("symflow.__init__", None)
    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("path", [p for p in FILES if p.name == "__init__.py" and p.parent != HOUSE], ids=name_of)
def test_a_folder_s_init_is_a_page_of_prose(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1, "an __init__.py holds its docstring and no code"
    assert isinstance(body[0], ast.Expr)


def test_members_of_open_folders_import_only_their_base_and_lower_floors() -> None:
    for folder in ("activations", "losses", "formats", "lemmas"):
        for path in (HOUSE / folder).glob("*.py"):
            if path.name in ("__init__.py", "base.py"):
                continue
            for name in imported(path):
                if name.startswith(f"symflow.{folder}."):
                    assert name == f"symflow.{folder}.base", f"{name_of(path)} imports its sibling {name}"
