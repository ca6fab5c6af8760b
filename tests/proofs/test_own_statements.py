"""Users' own statements: what is not there is bad input, witnesses are short, and where it holds is said."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_shapes import read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.cli import main
from symflow.errors import InputError
from symflow.exact.simplex import Budget
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import NotProvedError, mint
from symflow.proofs.own_statements import decide_own
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from symflow.proofs.short_numbers import is_short, shorter
from symflow.prove_command import prove
from symflow.reports.claim_words import side_words, witness_words
from symflow.reports.linear_text import sentence_text
from symflow.reports.prove_latex import prove_latex
from symflow.reports.result_engines import ENGINES
from tests.strategies import problem_trees

TREE = net_tree(
    [[[1, 2], [-3, 1]], [[2, -1]]], inputs=[[1, 1], [2, 1]], labels=[1, -1], kind="risk", loss="exponential"
)
BIASED = net_tree([[[1, 2], [-3, 1]], [[2, -1]]], biases=[[1, 1], [0]], inputs=[[1, 1]], kind="output")
# Its first neuron is at the kink.
KINK = net_tree([[[1, -1], [1, 1]], [[2, -1]]], inputs=[[1, 1]], kind="output")
RELU = shape_setting([2, 2, 1], ["relu"])
WITH_BIASES = shape_setting([2, 2, 1], ["relu"], bias=True)
GIVEN = {"kind": "given"}


def of(text: str, tree: dict[str, Any]) -> Claim:
    found = decide_own(text, GIVEN, given=problem_setting(tree)["problem"], engines=ENGINES)
    mint(found, problem=problem_setting(tree)["problem"])
    return found


# ---------------------------------------------------------------------- what is not there


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("W[5] == 0", r"no W\[5\]: there are 2 layers"),
        ("W5 == W5", r"no W\[5\]: there are 2 layers"),
        ("b[1] == 0", r"no b\[1\]: the net has no biases"),
        ("f[3] == 0 at w", r"no f\[3\]: there are 2 data"),
        ("y[3] == 1", r"no y\[3\]"),
        ("A[2,1] == 0", r"no A\[2,1\]: there is 1 hidden layer"),
        ("h[1,9] == 0", r"no h\[1,9\]: there are 2 data"),
        ("z[3] == 0", r"no z\[3\]: there are 2 layers"),
        ("W1[9,1] == 0", "no row 9: there are 2"),
        ("W1[1,3] == 0", "no column 3: there are 2"),
        ("x[1][3] == 0", "no entry 3: there are 2"),
        ("width(7) == 2", "layer 7 of 2"),
        ("for l in 1..3: norm2(W[l]) >= 0", r"no W\[3\]"),
        ("for l in 1..L: norm2(W[l + 1]) >= 0", r"no W\[3\]"),
        ("sum(k in 1..n + 1: f[k]) == 0", r"no f\[3\]"),
        ("norm2(grad(f, W[3])) >= 0", r"no W\[3\]"),
        ("f(2*W[3]) == f", r"no W\[3\]"),
        ("for s in clarke(f[3]): inner(s, w) == f", r"no f\[3\]"),
        ("for s in clarke(R): s[7] == 0", "no entry 7: there are 6"),
        ("1 == 2 and W[5] == 0", r"no W\[5\]"),  # whatever the rest says
        ("1 == 1 if f[3] > 0", r"no f\[3\]"),
        ("grad(f)[7] == 0", "no entry 7: there are 6"),
        ("nrm2(w) == 0", "did you mean norm2?"),
        ("for s in clark(R): inner(s, w) == 0", "did you mean clarke?"),
        ("norm2(w1) == 0", "did you mean W1?"),
        ("1 == 2 and zebra == 0", '"zebra" has no meaning here; names are'),
    ],
)
def test_what_is_not_there_is_bad_input(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason.replace("?", r"\?")):
        of(text, TREE)


@pytest.mark.parametrize("text", ["W[5] == 0", "b[1] == 0", "f[2] == 0", "W1[9,1] == 0"])
def test_of_a_shape_too(text: str) -> None:
    with pytest.raises(InputError, match="no "):
        decide_own(text, RELU)
    # For lemmas such a statement is one that was not decided.
    assert decide(text, RELU).word == "undecided"


@pytest.mark.parametrize("text", ["x > 0", "0 <= W1", "f <= x", "x >= x", "W1 < 2*W1"])
def test_vectors_are_not_ordered(text: str) -> None:
    with pytest.raises(InputError, match="where a number is needed"):
        of(text, TREE)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("for s in clarke(f): part(s, 2) == 0", "expected variables here"),
        ("z[1,1] <= 0 at w", "a comparison of a vector, where a number is needed; an entry of it is a number"),
        ("clarke(f) == point(0)", "a vector is needed here"),
        ("inner(x[1], W[1]) == 0", "two things of different shapes"),
        ("W1 == x", "two things of different shapes"),
    ],
)
@pytest.mark.parametrize("setting", [GIVEN, RELU])
def test_things_of_other_shapes_than_are_needed_are_bad_input(text: str, reason: str, setting: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=reason):
        decide_own(text, setting, given=problem_setting(TREE)["problem"], engines=ENGINES)


@pytest.mark.parametrize("text", ["z[1,1][1] <= 0 at w", "for s in clarke(f): part(s, W[2]) == 0", "grad(f) == 0"])
def test_an_entry_a_block_and_a_written_zero_fit(text: str) -> None:
    assert of(text, TREE).word in ("proved_instance", "refuted")


@pytest.mark.parametrize("text", ["f[2] == f[2]", "b[1] == b[1]", "h[1,2] == h[1,2]", "grad(f)[6] == grad(f)[6]"])
def test_what_is_there_is_no_bad_input(text: str) -> None:
    tree = {**TREE, "network": {**TREE["network"], "biases": [["0", "0"], ["0"]]}}
    assert of(text, tree).word == "proved_shape"


# ---------------------------------------------------------------------- where it holds


@pytest.mark.parametrize(
    ("text", "setting", "scope"),
    [
        ("inner(W1, grad(f, W1)) == f", RELU, "shape 2-2-1, off the kinks"),
        ("W2*A1*W1*x == vector(f)", RELU, "shape 2-2-1, off the kinks"),
        ("norm2(a[1]) == sum(i in 1..2: a[1][i])", WITH_BIASES, "shape 2-2-1 with biases, off the kinks"),
        ("norm2(W1) - norm2(W2) is conserved", RELU, "shape 2-2-1"),
        ("norm2(W1) >= 0", WITH_BIASES, "shape 2-2-1 with biases"),
        ("for t > 0: f(t*W2) == t*f", RELU, "shape 2-2-1"),
        ("inner(W1, grad(f, W1)) == f", shape_setting([2, 2, 1], ["identity"]), "shape 2-2-1 (identity)"),  # no kinks
        ("for s in clarke(f): inner(part(s, W1), W1) == f", RELU, "shape 2-2-1, kinks included"),
    ],
)
def test_a_statement_says_where_it_holds(text: str, setting: dict[str, Any], scope: str) -> None:
    found = decide_own(text, setting)
    assert (found.word, found.scope) == ("proved_shape", scope)
    assert scope in prove_latex([mint(found)])
    assert found.tree()["scope"] == scope


def test_of_a_file_the_label_says_biases_and_kinks() -> None:
    assert of("inner(W2, grad(f, W2)) + inner(b2, grad(f, b2)) == f", BIASED).scope == (
        "shape 2-2-1 with biases, off the kinks"
    )
    assert of("inner(W1, grad(f, W1)) == f at w", TREE).scope == "this net, these data"
    assert "off the kinks" not in of("inner(W1, grad(f, W1)) == 2*f", TREE).scope


# ---------------------------------------------------------------------- Clarke differentials on all weights


@pytest.mark.parametrize(
    ("text", "setting", "expected"),
    [
        # Euler: f is homogeneous of degree 2 in the weights, so that <s, w> = 2 f for every element.
        ("for s in clarke(f): inner(s, w) == 2*f", RELU, "proved_shape"),
        ("for s in clarke(f): inner(s, w) == 3*f", RELU, "refuted"),
        ("for s in clarke(m): inner(s, w) == 2*m", RELU, "proved_shape"),
        ("for s in clarke(R): inner(part(s, W1), W1) == inner(part(s, W2), W2)", RELU, "proved_shape"),
        ("for s in clarke(R): inner(s, w) == 2*c[1]*f", RELU, "proved_shape"),
        ("inner(s, w) == 2*f for s in clarke(f)", RELU, "proved_shape"),
        ("for s in clarke(f): inner(s, w) == 2*f", WITH_BIASES, "refuted"),
        ("for s in clarke(f): inner(s, w)*f >= 0", RELU, "proved_shape"),
        ("for s in clarke(f): inner(s, w)*f + 1 > 0", RELU, "proved_shape"),
        ("for s in clarke(f): inner(s, w)*f > 0", RELU, "refuted"),
        ("for s in clarke(f): inner(s, grad(f)) >= 0", RELU, "undecided"),  # grad has no value at the kinks
        ("for s in clarke(f): inner(s, s) >= 0", RELU, "undecided"),  # not affine
        ("for s in clarke(f), t in clarke(f): inner(s, w) == inner(t, w)", RELU, "undecided"),
        ("for s in clarke(f): part(s, W2)*A1*W1*x == part(s, W2)*h[1]", RELU, "undecided"),
        ("for s in hull(w): inner(s, w) == norm2(w)", RELU, "undecided"),
        ("0 in clarke(f)", RELU, "refuted"),
        ("f == 0 at w", RELU, "undecided"),
    ],
)
def test_what_is_said_of_clarke_differentials_of_all_weights(text: str, setting: dict[str, Any], expected: str) -> None:
    found = decide(text, setting, engines=ENGINES)
    assert found.word == expected
    mint(found)
    if expected == "undecided":
        assert "give the net weights that are numbers" in found.reason


@settings(max_examples=12, deadline=None)
@given(problem_trees(n_data=2))
def test_what_is_proved_for_all_weights_is_true_at_drawn_weights(tree: dict[str, Any]) -> None:
    """Two roads: proved on every piece; and evaluated at the vertices of the differential, at kinks too."""
    problem = problem_from_tree(tree)
    if problem.variable != "weights" or problem.network is None:
        return
    shape = shape_setting(
        problem.architecture.widths,
        [activation.entry() for activation in problem.architecture.activations],
        bias=problem.architecture.has_biases,
        n_data=2 if problem.kind != "output" else 1,
        output=problem.output if problem.architecture.n_outputs > 1 else None,
    )
    for text in ("inner(part(s, W1), W1) == f", "inner(s, w) == 2*f", "inner(part(s, W[L]), W[L]) == f"):
        try:
            claimed = decide(f"for s in clarke(f): {text}", shape)
        except InputError:
            continue
        if claimed.word != "proved_shape":
            continue
        found = decide(f"for s in clarke(f): {text}", GIVEN, given=problem.tree(), engines=ENGINES)
        assert found.word in ("proved_instance", "undecided"), text


def test_a_claim_on_a_kink_is_not_taken_from_one_piece() -> None:
    """At a kink clarke(f) has several elements; what only gradients on pieces have is not said of all of them."""
    setting = problem_setting(KINK)
    assert decide("for s in clarke(f): inner(s, w) == 2*f", setting, engines=ENGINES).word == "proved_instance"
    # On every piece part(s, W1[1,:]) is 0 or v = W2[1,1] x, both as far from v/2; what lies between is nearer.
    text = "for s in clarke(f): norm2(part(s, W1[1,:]) - W2[1,1]*x/2) >= norm2(W2[1,1]*x/2)"
    assert decide(text, setting, engines=ENGINES).word == "refuted"
    assert decide(text, RELU, engines=ENGINES).word == "undecided"
    with pytest.raises(Refused):
        check_identity(parse_statement(text), Symbols(read_shape({"widths": [2, 2, 1], "activation": ["relu"]})))


# ---------------------------------------------------------------------- short witnesses


def trained(seed: int) -> dict[str, Any]:
    """Return a net whose weights are floats, exactly."""
    drawn = random.Random(seed)

    def number() -> str:
        return str(Fraction(drawn.gauss(0, 1)))

    return net_tree(
        [[[number(), number()] for _ in range(3)], [[number() for _ in range(3)]]],
        inputs=[[number(), number()] for _ in range(2)],
        labels=[1, -1],
        kind="risk",
        loss="squared",
    )


@pytest.mark.parametrize(
    "text", ["inner(W1, grad(f, W1)) == 2*f", "R <= 1/2", "norm2(W1) + norm2(W2) is conserved", "W1 == 0"]
)
def test_witnesses_against_statements_on_all_weights_are_short(text: str) -> None:
    found = of(text, trained(3))
    assert found.word == "refuted"
    assert found.witness is not None
    assert is_short(found.witness["setting"]["problem"])
    assert "x1" not in " ".join(map(sentence_text, witness_words(found)))  # the data are the file's


def test_a_witness_that_only_the_net_itself_is_is_shortened() -> None:
    # False near the weights of the net alone: small integers do not come near 1/7.
    tree = net_tree([[["1234568/8641969"]]], activation=[], inputs=[[1]], kind="output")
    found = of("(f - 1/7)^2 >= 1/100000000", tree)
    assert found.word == "refuted"
    assert found.witness is not None
    assert found.witness["setting"]["problem"]["network"]["weights"] == [[["1/7"]]]


def test_shorter_numbers_come_first() -> None:
    trees = list(shorter(trained(4)))
    lengths = [len(str(tree["network"]["weights"])) for tree in trees]
    assert lengths == sorted(lengths)
    assert not is_short(trained(4))
    assert is_short(trees[0])


def test_an_element_at_which_it_is_false_is_named() -> None:
    found = of("for s in clarke(f): norm2(s) <= 5", KINK)
    assert found.word == "refuted"
    assert any(sentence_text(line).startswith("s = v") for line in side_words(found))


def test_a_sign_that_only_enclosures_show_is_called_enclosed() -> None:
    assert of("for s in clarke(f): ln(2)*norm2(s) >= 0", KINK).word == "enclosed"
    assert of("for s in clarke(f): norm(s) + norm2(s) >= 1", KINK).word == "enclosed"
    assert of("for s in clarke(f): 2*norm2(s) >= 0", KINK).word == "proved_instance"


# ---------------------------------------------------------------------- forged claims


def forged(claim: Claim, **changes: Any) -> Claim:
    from dataclasses import replace

    return replace(claim, **changes)


def test_forged_claims_on_elements_are_refused() -> None:
    tree = problem_setting(KINK)["problem"]
    true = of("for s in clarke(f): norm2(s) >= norm2(velocity(f))", KINK)
    false = of("for s in clarke(f): norm2(s) <= 5", KINK)
    assert (true.word, false.word) == ("proved_instance", "refuted")
    assert true.certificate is not None
    assert false.witness is not None
    for wrong in (
        forged(true, certificate={**true.certificate, "memberships": [{"below": None}]}),
        forged(true, certificate={**true.certificate, "memberships": []}),
        forged(true, certificate={**true.certificate, "memberships": true.certificate["memberships"] * 2}),
        forged(true, word="refuted", certificate=None, witness={**false.witness}),
        forged(false, witness={**false.witness, "memberships": [{"weights": {"s": ["2", "-1"]}}]}),
        forged(false, witness={**false.witness, "left": "7"}),
        forged(false, word="proved_instance", witness=None, certificate=true.certificate),
    ):
        with pytest.raises(NotProvedError):
            mint(wrong, problem=tree)


def test_forged_claims_on_all_weights_are_refused() -> None:
    shape = decide("for s in clarke(f): inner(s, w) == 2*f", RELU)
    for wrong in (
        forged(shape, setting=WITH_BIASES),
        forged(shape, name="R > 0", statement="R > 0"),
        forged(shape, name="0 in clarke(f)", statement="0 in clarke(f)"),
        forged(shape, name=f"{shape.name} at w", statement=f"{shape.statement} at w"),
    ):
        with pytest.raises(NotProvedError):
            mint(wrong)
    squared = {**TREE, "objective": {"kind": "risk", "loss": "squared"}}
    positive = of("R > 0", TREE)
    mint(positive, problem=problem_setting(TREE)["problem"])
    with pytest.raises(NotProvedError):
        mint(positive, problem=problem_setting(squared)["problem"])


def test_the_command_says_bad_input_and_counts_the_data_of_a_symbolic_file() -> None:
    tree = {"network": {"activation": "relu", "widths": [2, 2, 1], "bias": True}, "data": TREE["data"]}
    problem = problem_from_tree({**tree, "objective": TREE["objective"]})
    with pytest.raises(InputError, match=r"no f\[3\]: there are 2 data"):
        prove(["f[3] == 0"], problem=problem, budget=Budget())
    (theorem,) = prove(["f[2] == f[2]"], problem=problem, budget=Budget()).asked
    assert (theorem.verdict.word, theorem.claim.scope) == ("proved_shape", "shape 2-2-1 with biases")


def test_what_coq_has_no_proof_for_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, found = tmp_path / "problem.json", tmp_path / "prove.json"
    problem.write_text(json.dumps(TREE), encoding="utf-8")
    statements = ["norm2(s) >= 0 for s in clarke(f)", "R > 0", "R*norm2(w) >= 0", "R == exp(-m[1]) + exp(-m[2])"]
    asked = [part for text in statements for part in ("--claim", text)]
    assert main(["prove", str(problem), *asked, "--json", "--quiet", "--output", str(found)]) == 0
    assert main(["export", "--coq", str(found)]) in (0, 3)
    out = capsys.readouterr().out
    for reason in ("all elements of a set", "on all weights", "exponentials or logarithms on all weights"):
        assert reason in out
