"""What is said of a flow with several solutions: how many are known, which choices there are, and what was chosen."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.errors import NotUniqueError
from symflow.flow_command import flow_options
from symflow.flows.gradient_flow import flow_of, gradient_flow
from symflow.flows.trajectory import Trajectory
from symflow.formats.plain_text import render
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.expressions import Sentence
from symflow.reports.flow_document import flow_document
from symflow.reports.flow_words import answer
from symflow.reports.notes.flow import flow_chapter

#: Three units tie for the maximum on both data, which are opposite: one wins on the first, another on the second.
POOL = {
    "network": {
        "activation": [{"name": "maxpool", "groups": [[0, 1, 2], [3]]}, "relu"],
        "weights": [[["1", "0"], ["0", "1"], ["1", "0"], ["1", "-1"]], [["1", "-1"], ["-1", "1"]], [["1", "2"]]],
    },
    "data": {"inputs": [["1", "1"], ["-1", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "squared"},
    "flow": {"until": "1"},
}

#: -|x1| - |x2| at 0: two ridges cross.
CROSS = {
    "network": {
        "activation": "relu",
        "weights": [[["1", "0"], ["-1", "0"], ["0", "1"], ["0", "-1"]], [["-1", "-1", "-1", "-1"]]],
    },
    "objective": {"variable": "input", "at": ["0", "0"]},
    "flow": {"until": "3"},
}

#: a relu(w) with w = 0, a = 1, under exp(-a relu(w)): w may stay, and w' = 1 on the right; the left does not move.
ONE = {
    "network": {"activation": "relu", "weights": [[["0"]], [["1"]]]},
    "data": {"inputs": [["1"]], "labels": ["1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
    "flow": {"until": "1"},
}


def followed(tree: dict[str, Any], **flow: Any) -> tuple[Problem, Trajectory]:
    problem = problem_from_tree({**tree, "flow": {**tree["flow"], **flow}})
    return problem, flow_of(problem.function(), flow_options(problem, None, None))


def text_of(tree: dict[str, Any], **flow: Any) -> str:
    problem, trajectory = followed(tree, **flow)
    return " ".join(render(flow_document(problem, trajectory)).split())


def first(tree: dict[str, Any], **flow: Any) -> str:
    problem, trajectory = followed(tree, **flow)
    return _words(answer(problem, trajectory).sentence)


def _words(sentence: Sentence) -> str:
    return "".join(part for part in sentence if isinstance(part, str))


# ---------------------------------------------------------------------- how many ways


def test_ways_that_leave_a_tie_are_not_said_to_be_all() -> None:
    """Staying is a solution too: with the shares 1/3 on both data each unit of the pool moves alike."""
    problem, trajectory = followed(POOL)
    assert len(trajectory.branches) == 6
    assert first(POOL) == "The solution is not unique: at least 6 ways go on from w."
    assert "at least 6 ways go on" in str(flow_chapter(problem, trajectory).section.blocks[0])
    text = text_of(POOL)
    assert "there may be more: those that stay on a kink, or on some of them, are not all sought" in text
    assert "the pool of units (1,1), (1,2), (1,3) on data 1 and 2" in text
    assert "neuron (1,1)" not in text


def test_straight_ways_of_an_input_are_counted_and_the_one_that_stays_says_so() -> None:
    """Each coordinate goes to either side or stays: nine; and any of them may be left later, while it stays."""
    assert first(CROSS) == "The solution is not unique: 9 straight ways go on from x."
    text = text_of(CROSS)
    assert "to 0000 stays, x' = 0" in text
    assert "left to the side that the signs name" not in text
    assert "there may be more: those that stay for a while and leave later" in text


def test_patterns_of_branches_have_bars_between_the_layers() -> None:
    """The same function through one more unit, which is on wherever one of the four is."""
    deep = {
        **CROSS,
        "network": {"activation": "relu", "weights": [CROSS["network"]["weights"][0], [["1"] * 4], [["-1"]]]},
    }
    assert first(deep) == first(CROSS)
    text = text_of(deep)
    assert "to 0000|0 stays, x' = 0" in text
    assert text.count("|+ x' = ") == 8
    # Two data, the word of each with its own bar
    assert "to 11|+−, 21|−+ every tie is broken" in text_of(POOL)


# ---------------------------------------------------------------------- which choices


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        (POOL, ()),
        (CROSS, ("ridge",)),  # the slowest is the one that rests; four are steepest
        (ONE, ("ridge", "descent", "+")),
    ],
)
def test_only_choices_that_lead_on_are_offered(tree: dict[str, Any], names: tuple[str, ...]) -> None:
    _, trajectory = followed(tree)
    assert trajectory.facts["choices"] == names
    offered = " | ".join(f'"{name}"' for name in names)
    assert (f"choose: on_nonunique = {offered}" if names else "on_nonunique names none of these") in text_of(tree)
    for choice in ("ridge", "descent", "+", "-"):
        _, found = followed(tree, on_nonunique=choice)
        assert (found.status != "non_unique") == (choice in names), choice


@pytest.mark.parametrize(("tree", "choice"), [(POOL, "descent"), (CROSS, "descent"), (CROSS, "+"), (ONE, "-")])
def test_a_choice_that_names_no_branch_is_told_so(tree: dict[str, Any], choice: str) -> None:
    said = first(tree, on_nonunique=choice)
    assert said.startswith("The solution is not unique: ")
    assert said.endswith(f'; on_nonunique = "{choice}" names no single branch.')


# ---------------------------------------------------------------------- what was chosen


def test_what_was_chosen_is_said_first() -> None:
    chosen = 'One of several solutions, chosen by on_nonunique = "descent": '
    assert first(ONE, on_nonunique="descent") == chosen + "leaves the kink at once, meets no other."
    text = text_of(ONE, on_nonunique="descent")
    assert "neuron 1 goes on for datum 1 (leaves its kink); this was chosen" in text
    assert "crossing" not in text
    _, trajectory = followed(ONE, on_nonunique="descent")
    assert (trajectory.status, trajectory.is_unique) == ("completed", False)


def test_a_neuron_that_stays_by_choice_is_not_dead() -> None:
    """It could leave at any time: so the flow is not stationary, which would say that this is the only solution."""
    _, trajectory = followed(ONE, on_nonunique="ridge")
    assert (trajectory.status, trajectory.is_unique, trajectory.time) == ("completed", False, 1)
    assert [event.kind for event in trajectory.events] == ["sliding"]
    chosen = 'One of several solutions, chosen by on_nonunique = "ridge": '
    assert first(ONE, on_nonunique="ridge") == chosen + "nothing moves; other solutions leave."
    text = text_of(ONE, on_nonunique="ridge")
    assert "stays on its kink on datum 1, which it could leave at any time" in text
    assert "dies" not in text


def test_an_input_that_rests_by_choice_says_so() -> None:
    chosen = 'One of several solutions, chosen by on_nonunique = "ridge": '
    assert first(CROSS, on_nonunique="ridge") == chosen + "nothing moves; other solutions leave."


def test_an_input_that_comes_to_a_corner_and_stays_there_by_choice_is_said_to_have_moved() -> None:
    """f = -|x1| + relu(x2): from (0, 1) along the ridge x1 = 0 to (0, 0), and there it rests."""
    tree = {
        "network": {"activation": "relu", "weights": [[["1", "0"], ["-1", "0"], ["0", "1"]], [["-1", "-1", "1"]]]},
        "objective": {"variable": "input", "at": ["0", "1"]},
        "flow": {"until": "3"},
    }
    said = first(tree, on_nonunique="ridge")
    assert said.startswith('One of several solutions, chosen by on_nonunique = "ridge": slides along')
    assert "nothing moves" not in said
    assert ", rests from t = " in said


# ---------------------------------------------------------------------- reasons


def test_a_pool_in_the_first_layer_is_no_kink_beyond_it() -> None:
    tree = {
        "network": {
            "activation": {"name": "maxpool", "groups": [[0, 1], [2, 3]]},
            "weights": [[["1", "0"], ["0", "1"], ["1", "-1"], ["1", "-1"]], [["1", "-1"]]],
        },
        "data": {"inputs": [["1", "1"], ["2", "-1"]], "labels": ["1", "-1"]},
        "objective": {"kind": "risk", "loss": "logistic"},
        "flow": {"until": "2"},
    }
    _, trajectory = followed(tree)
    assert trajectory.status == "undecided"
    assert trajectory.reason.startswith("at a tie of a pooling group no solution was found that leaves it at once")


def test_all_weights_zero_rest_though_the_risk_is_not_smooth_there() -> None:
    tree = {
        "network": {
            "activation": "relu",
            "weights": [[["0", "0"]] * 4, [["0"] * 4] * 2, [["0", "0"]]],
        },
        "data": {"inputs": [["1", "1"], ["-1", "-1"], ["0", "0"]], "labels": ["1", "-1", "1"]},
        "objective": {"kind": "risk", "loss": "exponential"},
        "flow": {"until": "1"},
    }
    _, trajectory = followed(tree)
    assert (trajectory.status, trajectory.is_unique) == ("stationary", True)
    assert "smooth" not in trajectory.uniqueness
    assert "at most a constant times the distance from w" in trajectory.uniqueness


def test_where_it_is_not_decided_a_solution_that_stays_is_said() -> None:
    """The second layer is 0 on datum 2, and 0 is in the differential; neuron 1 of layer 1 is meant."""
    tree = {
        "network": {
            "activation": "relu",
            "weights": [
                [["0", "0"], ["1", "-1"], ["1", "-1"], ["2", "1"]],
                [["1", "1", "-1", "0"], ["-1", "-2", "-1", "-1"]],
                [["1", "-1"]],
            ],
        },
        "data": {"inputs": [["1", "1"], ["-1", "-1"], ["0", "0"]], "labels": ["1", "-1", "1"]},
        "objective": {"kind": "risk", "loss": "exponential"},
        "flow": {"until": "2"},
    }
    text = text_of(tree)
    assert "reason neuron 1 of layer 1 meets its kink on datum 2" in text
    assert "one solution w(t) = w, because 0 is in ∂R(w); others are not excluded" in text


# ---------------------------------------------------------------------- the soft margin


@pytest.mark.parametrize(
    ("checkpoints", "words"),
    [
        (["1"], "soft margin does not decrease where it is positive, first seen at the end"),
        (["1/2"], "soft margin does not decrease after t = 0.5, a checkpoint at which it is positive"),
    ],
)
def test_the_first_checkpoint_with_a_positive_soft_margin_is_no_property_of_the_flow(
    checkpoints: list[str], words: str
) -> None:
    assert words in text_of(ONE, on_nonunique="descent", checkpoints=checkpoints)


def test_the_soft_margin_of_another_loss_says_which_it_is() -> None:
    tree = {**ONE, "network": {"activation": "relu", "weights": [[["1"]], [["1"]]]}}
    assert "nothing is claimed" not in text_of(tree)
    tree["objective"] = {"kind": "risk", "loss": "logistic"}
    assert "that of the exponential loss, −ln Σ e^(−m) / ‖w‖^L; nothing is claimed of it here" in text_of(tree)


def test_notes_quote_what_was_chosen() -> None:
    problem, trajectory = followed(ONE, on_nonunique="descent")
    prose = str(flow_chapter(problem, trajectory).section.blocks[0])
    assert "``descent''" in prose.replace("\\'", "'")
    assert "leaves the kink at once" in prose


def test_in_python_an_undecided_flow_is_a_trajectory_and_a_choice_without_a_branch_lists_them() -> None:
    """The docstring says so; only where nothing was asked for is a branching an error, which names what exists."""
    valley = problem_from_tree(
        {
            "network": {"activation": "abs", "weights": [[["1"], ["1"]], [["1", "-1"]], [["-1"]]]},
            "data": {"inputs": [["1"]], "labels": ["1"]},
            "objective": {"kind": "risk", "loss": "exponential"},
        }
    ).function()
    assert gradient_flow(valley, until=1).status == "undecided"
    assert '"undecided"' in str(gradient_flow.__doc__)
    ridge = problem_from_tree(ONE).function()
    with pytest.raises(NotUniqueError, match=r'choose on_nonunique="ridge", "descent" or "\+"\.'):
        gradient_flow(ridge, until=1)
    found = gradient_flow(ridge, until=1, on_nonunique="-")
    assert found.status == "non_unique"
    assert found.reason.endswith("none of them is named by '-'")
