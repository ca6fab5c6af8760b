"""Open folders: a member is found by its name, and a name belongs to one member."""

import importlib
import sys
from pathlib import Path

import pytest

from symflow.activations.base import ACTIVATIONS, AbstractActivation
from symflow.errors import UnknownNameError
from symflow.losses.base import LOSSES, AbstractLoss
from symflow.registry import Registry


@pytest.mark.parametrize(
    ("registry", "base"), [(ACTIVATIONS, AbstractActivation), (LOSSES, AbstractLoss)], ids=["activations", "losses"]
)
def test_every_member_of_an_open_folder_is_registered_under_its_own_name(registry: Registry, base: type) -> None:
    for name in registry.names():
        member = registry.find(name)
        assert issubclass(member, base)
        assert member.name == name
        assert name == name.lower()


@pytest.mark.parametrize("registry", [ACTIVATIONS, LOSSES], ids=["activations", "losses"])
def test_there_is_one_file_a_member(registry: Registry) -> None:
    folder = Path(importlib.import_module(registry.folder).__path__[0])
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    assert {registry.find(name).__module__.rpartition(".")[2] for name in registry.names()} == files
    assert len(registry.names()) == len(files)


def test_a_member_is_found_by_writing_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "open_folder"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""An open folder."""\n')
    (folder / "base.py").write_text(
        "from symflow.registry import Registry\nTHINGS = Registry('thing', 'open_folder')\n"
    )
    (folder / "one.py").write_text("from open_folder.base import THINGS\n@THINGS.register('one')\nclass One: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        things = importlib.import_module("open_folder.base").THINGS
        assert things.names() == ("one",)
        assert things.find("one").__name__ == "One"
        assert "open_folder.one" in sys.modules
    finally:
        for name in [name for name in sys.modules if name.startswith("open_folder")]:
            del sys.modules[name]


def test_two_members_of_one_name_are_a_mistake() -> None:
    things: Registry[object] = Registry("thing", "symflow.losses")
    things.register("one")(object())
    with pytest.raises(ValueError, match=r"two members of symflow\.losses are called one"):
        things.register("one")(object())


def test_an_unknown_name_is_answered_with_all_that_are_known() -> None:
    with pytest.raises(UnknownNameError, match=r"known: exponential, logistic, squared") as caught:
        LOSSES.find("zzz")
    assert caught.value.known == LOSSES.names()
    assert "did you mean" not in str(caught.value)
