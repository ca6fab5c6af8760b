"""The report: refusals are noted once, with their place, and not without end."""

from __future__ import annotations

import pytest

from symflow.checker.reading import Refused, Report, TooLarge, described, expect, join, shown, take


def test_refusals_nest_and_are_noted_once() -> None:
    report = Report()
    with report.checking("factors[0]"):
        for _ in range(2):
            with report.checking("cells[1]"):
                raise Refused("no", "gradient")
        report.skip("charm")
        report.skip("charm")
        raise TooLarge("too much")
    assert report.rejected == [
        {"place": "factors[0].cells[1].gradient", "reason": "no"},
    ]
    assert report.not_checked == ["factors[0].charm", "factors[0]: too large (too much)"]


def test_what_is_too_large_is_neither_accepted_nor_rejected() -> None:
    part, whole = Report(), Report()
    with part.checking(""):
        raise TooLarge("too much")
    part.skip("charm")
    whole.include("file.json", part)
    assert whole.result() == {
        "accepted": False,
        "n_certificates": 0,
        "rejected": [],
        "not_checked": ["file.json.charm", "file.json.everything else: too large (too much)"],
    }
    part.has_too_large = False
    assert part.result()["accepted"] is True


def test_a_report_does_not_grow_without_end() -> None:
    report = Report()
    for i in range(500):
        report.reject("no", f"cells[{i}]")
    assert len(report.rejected) == 100
    assert report.result()["accepted"] is False


def test_another_error_is_not_swallowed_and_leaves_the_place() -> None:
    report = Report()
    with pytest.raises(KeyError), report.checking("cells"):
        raise KeyError("cells")
    report.reject("no")
    assert report.rejected == [{"place": "", "reason": "no"}]


def test_values_are_named_and_cut() -> None:
    assert described(1.5) == "something else"
    assert shown("x" * 100) == '"' + "x" * 56 + "..."
    assert join("a", "[0]", "", "b") == "a[0].b"
    with pytest.raises(Refused, match="found 1, recomputed true"):
        expect(1, True, "")
    with pytest.raises(Refused, match="expected an object, found a list"):
        take([], "key", str)
    assert str(Refused("no")) == "no"
