"""Numbers that are cut, before a name: no control word runs into it."""

from __future__ import annotations

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.reports.notes.realization import affine


@given(st.lists(st.fractions(), min_size=2, max_size=4))
def test_an_affine_form_holds_no_control_word_but_its_own(numbers: list[Fraction]) -> None:
    *gradient, offset = (fmpq(number.numerator, number.denominator) for number in numbers)
    text = affine(tuple(gradient), offset)
    assert set(re.findall(r"\\[a-zA-Z]+", text)) <= {r"\ldots", r"\tfrac", r"\xi", r"\cdot"}
