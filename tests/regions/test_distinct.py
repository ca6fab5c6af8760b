"""The distinct values of an array are those that numpy's own function gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symflow.regions.distinct import distinct


@given(st.lists(st.integers(-3, 3)))
def test_they_are_those_of_numpy(values: list[int]) -> None:
    array = np.array(values, np.int64)
    assert distinct(array).tolist() == np.unique(array).tolist()
    as_bytes = np.array([bytes([value + 4, 1]) for value in values], "S2")
    assert distinct(as_bytes).tolist() == np.unique(as_bytes).tolist()
