"""How hypothesis is set up for all tests: no deadline (machines differ), and a modest number of examples.

By default a drawn test takes a third of the examples that it names, drawn anew each time; all of them with
``pytest --hypothesis-profile=all``, as continuous integration runs them. ``thorough`` draws many more where a test
does not say how many.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import settings

settings.register_profile("symflow", deadline=None, max_examples=30)
settings.register_profile("all", settings.get_profile("symflow"))
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("symflow")

# Where hypothesis keeps the settings of a test; without it a test takes all its examples.
_SETTINGS = "_hypothesis_internal_use_settings"


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Leave two thirds of the examples of drawn tests to the runs that ask for a profile."""
    if config.getoption("--hypothesis-profile"):
        return
    tests = {getattr(item.obj, "__func__", item.obj) for item in items if hasattr(item, "obj")}
    for test in tests:
        given = getattr(test, _SETTINGS, None)
        if given is not None:
            setattr(test, _SETTINGS, settings(given, max_examples=max(5, given.max_examples // 3)))
