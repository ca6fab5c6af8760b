"""One family tree of errors, each also the built-in that it refines; messages name the place and what to do."""

import pickle

import pytest

from symflow import errors
from symflow.errors import (
    BudgetExceededError,
    InexactNumberError,
    InputError,
    NotSupportedError,
    ProblemFileError,
    ShapeError,
    SymflowError,
    UnknownNameError,
    nearest_name,
)

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_one_of_the_family(kind: type[Exception]) -> None:
    assert issubclass(kind, SymflowError)
    assert kind.__name__.endswith("Error")


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InputError, ValueError),
        (InexactNumberError, ValueError),
        (ShapeError, ValueError),
        (ProblemFileError, ValueError),
        (NotSupportedError, ValueError),
        (UnknownNameError, KeyError),
        (BudgetExceededError, TimeoutError),
    ],
)
def test_an_error_is_caught_as_the_built_in_that_it_refines(kind: type, builtin: type) -> None:
    assert issubclass(kind, builtin)


def test_the_place_comes_first() -> None:
    error = ShapeError("W2 has 3 columns; make them equal", place="network.weights")
    assert str(error) == "network.weights: W2 has 3 columns; make them equal"
    assert (error.place, error.message) == ("network.weights", "W2 has 3 columns; make them equal")
    assert str(InputError("no place")) == "no place"


def test_an_unknown_name_is_shown_without_the_quotes_of_a_key_error() -> None:
    error = UnknownNameError("activation", "rellu", ("abs", "relu"))
    assert str(error) == 'no activation "rellu"; did you mean relu?  (known: abs, relu)'
    assert (error.kind, error.name, error.known) == ("activation", "rellu", ("abs", "relu"))


@pytest.mark.parametrize(("given", "expected"), [("clark", "clarke"), ("audti", "audit"), ("", None), ("zzz", None)])
def test_the_nearest_name_is_guessed_only_when_it_is_near(given: str, expected: str | None) -> None:
    assert nearest_name(given, ("clarke", "audit", "derive")) == expected


def test_an_input_error_survives_being_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(ShapeError("found nothing", place="data.inputs")))
    assert (str(error), error.place) == ("data.inputs: found nothing", "data.inputs")
    unknown = pickle.loads(pickle.dumps(UnknownNameError("loss", "hinge", ("squared",))))
    assert (str(unknown), unknown.known) == ('no loss "hinge"  (known: squared)', ("squared",))
