"""Data are exact, and of one length."""

from decimal import Decimal
from fractions import Fraction

import pytest

from symflow import Dataset, InexactNumberError, InputError, ShapeError


def test_entries_may_be_integers_fractions_text_and_decimals() -> None:
    data = Dataset([(1, Fraction(1, 3)), ("1/2", Decimal("0.1"))], labels=[1, "-1"])
    assert [str(v) for x in data.inputs for v in x] == ["1", "1/3", "1/2", "1/10"]
    assert data.labels == (1, -1)
    assert (data.n_inputs, data.dimension) == (2, 2)


def test_data_are_shown_in_one_line() -> None:
    assert repr(Dataset([(1, 1), (-1, -1)], labels=[1, -1])) == "Dataset(2 inputs in R^2, labels, exact)"
    assert repr(Dataset([(1,)])) == "Dataset(1 input in R^1, exact)"


def test_equal_data_are_equal_and_cannot_be_changed() -> None:
    one, other = Dataset([("2/4",)], labels=[1]), Dataset([("1/2",)], labels=[1])
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(AttributeError):
        one.labels = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        ([], None, "there are no inputs"),
        ([()], None, "x1 has 0 entries"),
        ([(1, 2), (3,)], None, "x2 has 1 entries, x1 has 2"),
        ([(1,), (2,)], [1], "1 labels for 2 inputs"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(inputs, labels, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Dataset(inputs, labels)


def test_a_number_that_is_none_is_refused_where_it_stands() -> None:
    with pytest.raises(InexactNumberError, match=r"data.inputs, x2\[1\]"):
        Dataset([(1,), (0.5,)])
    with pytest.raises(InputError, match=r"data.labels, y1"):
        Dataset([(1,)], labels=["yes"])
