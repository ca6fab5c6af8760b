"""What exact arithmetic cannot hold is not decided, and no time limit is advised against it."""

from __future__ import annotations

import pytest

from symflow import cli
from symflow.errors import BudgetExceededError, TooLongError


@pytest.mark.parametrize(("error", "is_advised"), [(TooLongError, False), (BudgetExceededError, True)])
def test_more_time_is_advised_only_where_it_helps(
    error: type[BudgetExceededError],
    is_advised: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(_: tuple[str, ...]) -> int:
        raise error("not decided")

    monkeypatch.setattr(cli, "_run", stop)
    assert cli.main(["prove"]) == cli.UNDECIDED
    assert ("--time-limit" in capsys.readouterr().err) == is_advised
