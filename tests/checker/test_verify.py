"""The door: what is accepted as it stands, what is refused when anything in it is changed, what is no such file."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symflow.checker import verify
from symflow.checker.reading import NotACertificateFile
from symflow.checker.verify import verify_path, verify_text
from tests.checker.by_hand import ALL, first_order_is_blind, one_kink

CASES = [pytest.param(make, id=name) for name, make in ALL.items()]
LONG = ("pool_of_two_data", "sum_rule_of_a_pool_fails", "first_order_is_blind", "two_opposite_data")
SHORT_FIRST = [pytest.param(make, id=name, marks=[pytest.mark.slow] * (name in LONG)) for name, make in ALL.items()]


@pytest.mark.parametrize("make", CASES)
def test_a_result_derived_by_hand_is_accepted(make: Callable[[], dict[str, Any]]) -> None:
    report = verify_text(json.dumps(make()))
    assert report["rejected"] == []
    assert report["accepted"] is True
    assert report["not_checked"] == []


# ---------------------------------------------------------------------- everything changed, one thing at a time

# Witnesses are not unique: another arc, functional or separator may serve as well, so a changed one may be accepted.
# Weights are not looked at where the gradient is said to lie outside.
WITNESSES = ("arc", "functionals", "separator", "safe_by_witness", "witness")
WEIGHTS = ("weights", "autodiff_weights")


def entries(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from entries(value, (*path, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from entries(value, (*path, i))
    if path:
        yield path, tree


# Of all places a third by default, evenly spread; the slow tests take the other two thirds.
THIRDS = [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]


def changed(tree: Any, path: tuple[Any, ...], value: Any, *, removed: bool = False) -> Any:
    """Return the tree with another entry; only what is on the way to it is copied."""
    result = inside = copy.copy(tree)
    for step in path[:-1]:
        inside[step] = copy.copy(inside[step])
        inside = inside[step]
    if removed:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return result


def other_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, str):
        try:
            return [str(Fraction(value) + 1), f"{value} + exp(1)"]
        except ValueError:
            # One sign only: with both, (a + 1)/(a + 1) would stay what it is.
            return [value + "x", value.replace("+", "-", 1) if "+" in value else "*" + value]
    if isinstance(value, list):
        return [[*value, *value[:1]], value[1:]] if value else [["1"]]
    return ["1"] if value is None else [{}]


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("make", SHORT_FIRST)
def test_a_result_with_any_entry_changed_is_rejected(make: Callable[[], dict[str, Any]], third: int) -> None:
    result = make()
    for path, value in list(entries(result))[third::3]:
        if "problem" in path or "symflow" in path or set(path) & set(WITNESSES):
            continue
        if set(path) & set(WEIGHTS) and (value is None or make is ALL["two_opposite_data"]):
            continue
        for other in other_values(value):
            text = json.dumps(changed(result, path, other))
            try:
                report = verify_text(text)
            except NotACertificateFile:
                assert path == ("command",)
                continue
            is_said = report["not_checked"] and report["not_checked"][0].startswith(path[0])  # type: ignore[index]
            assert report["accepted"] is False or is_said, (path, other)
            assert not any("broke off" in entry["reason"] for entry in report["rejected"]), (path, other)


@pytest.mark.parametrize("make", CASES)
def test_a_result_with_any_number_of_its_problem_changed_is_rejected(make: Callable[[], dict[str, Any]]) -> None:
    result = make()
    for path, value in entries(result["problem"]):
        if not isinstance(value, str) or path[0] != "network" or "activation" in path:
            continue
        report = verify_text(json.dumps(changed(result, ("problem", *path), str(Fraction(value) + 1))))
        assert report["accepted"] is False, path


JUNK = (None, True, 7, "1", "x", [], {}, [[]], "9" * 200_000)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("shift", [0, pytest.param(4, marks=pytest.mark.slow)])
@pytest.mark.parametrize("make", SHORT_FIRST)
def test_junk_in_any_place_never_breaks_the_check(make: Callable[[], dict[str, Any]], shift: int, third: int) -> None:
    result = make()
    for i, (path, _) in list(enumerate(entries(result)))[third::3]:
        if path == ("command",):
            continue
        junk = JUNK[(i // 3 + shift) % len(JUNK)]
        report = verify_text(json.dumps(changed(result, path, junk)))
        assert not any("broke off" in entry["reason"] for entry in report["rejected"]), path
        is_read = "symflow" not in path and not set(path) & set(WEIGHTS) and report["not_checked"] == []
        if is_read and junk == JUNK[-1]:
            assert report["accepted"] is False, path


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("make", CASES)
def test_a_result_with_any_key_missing_is_rejected_or_claims_less(
    make: Callable[[], dict[str, Any]], third: int
) -> None:
    result = make()
    for path, value in list(entries(result))[third::3]:
        if path == ("command",) or isinstance(path[-1], int) or value is None or value == []:
            continue
        report = verify_text(json.dumps(changed(result, path, None, removed=True)))
        assert not any("broke off" in entry["reason"] for entry in report["rejected"]), path
        optional = {"symflow", "outer_vertices"} | ({"reason"} if make is ALL["smooth"] else set())
        if make in (ALL["two_opposite_data"], ALL["undecided_factor"]):
            optional |= set(WEIGHTS)
        assert report["accepted"] is False or path[-1] in optional or "problem" in path, path


def test_an_unknown_key_is_reported_as_not_checked() -> None:
    result = one_kink() | {"beauty": "great", "nothing": None}
    result["factors"][0]["charm"] = "some"
    result["autodiff"]["speed"] = "high"
    report = verify_text(json.dumps(result))
    assert report["accepted"] is True
    assert report["not_checked"] == ["autodiff.speed", "beauty", "factors[0].charm"]


def test_a_float_a_double_key_or_a_long_integer_is_rejected() -> None:
    text = json.dumps(one_kink())
    for old, new, reason in [
        ('"n_vertices": 2', '"n_vertices": 2.0', "the float 2.0"),
        ('"n_vertices": 2', '"n_vertices": NaN', "the float NaN"),
        ('"n_vertices": 2', '"n_vertices": 2, "n_vertices": 2', "stands twice"),
        ('"n_vertices": 2', '"n_vertices": 2' + "0" * 5000, "an integer of 5001 digits"),
    ]:
        report = verify_text(text.replace(old, new))
        assert report["accepted"] is False
        assert reason in report["rejected"][0]["reason"]  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "null", '{"command": 1}', '{"command": "notes"}', "{}", "[" * 100_000],
    ids=lambda text: text[:20],
)
def test_what_is_no_certificate_file_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotACertificateFile):
        verify_text(text)


def test_what_nobody_foresaw_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(report: object, result: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(verify._CHECKS, "clarke", broken)
    assert verify_text(json.dumps(one_kink()))["rejected"] == [
        {"place": "", "reason": "the check broke off: ZeroDivisionError"}
    ]


def test_a_refusal_that_reaches_the_top_is_a_rejection() -> None:
    report = verify_text('{"command": "audit"}')
    assert report["rejected"] == [{"place": "differential", "reason": "missing"}]


def test_a_file_and_a_folder_are_checked(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(json.dumps(one_kink()))
    assert verify_path(tmp_path / "good.json")["accepted"] is True
    (tmp_path / "below").mkdir()
    bad = first_order_is_blind() | {"dimension": 2, "beauty": "great"}
    (tmp_path / "below" / "bad.json").write_text(json.dumps(bad))
    (tmp_path / "other.json").write_text('{"command": "notes"}')
    (tmp_path / "latin.json").write_bytes(b'{"title": "\xe9"}')
    report = verify_path(str(tmp_path))
    assert report["accepted"] is False
    assert report["n_certificates"] == 20
    assert report["rejected"] == [{"place": "below/bad.json.dimension", "reason": "found 2, recomputed 1"}]
    assert report["not_checked"] == ["below/bad.json.beauty"]


def test_a_folder_without_certificate_files_is_none(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(NotACertificateFile, match="no file below this folder"):
        verify_path(tmp_path)


def test_the_checker_needs_the_standard_library_alone() -> None:
    program = (
        "import sys; before = set(sys.modules); import symflow.checker.verify\n"
        "new = {name for name in set(sys.modules) - before if not name.startswith('symflow.checker')}\n"
        "print(sorted(name for name in new if name.partition('.')[0] not in sys.stdlib_module_names))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['symflow']"


def test_nothing_in_the_checker_is_checked_by_assert() -> None:
    folder = Path(verify.__file__).parent
    assert not [path.name for path in folder.glob("*.py") if "assert " in path.read_text(encoding="utf-8")]
