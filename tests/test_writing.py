"""What goes to standard output, on a terminal that takes less than it should."""

import io
import sys

import pytest

from symflow.writing import write_standard_output


def test_a_page_is_utf_8_as_it_says_itself_whatever_the_terminal_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding="ascii"))
    write_standard_output('<!doctype html><meta charset="utf-8">\u2202f')
    write_standard_output("\u2202f")
    assert kept.getvalue() == '<!doctype html><meta charset="utf-8">\u2202f\\u2202f'.encode()
