"""Forged certificate files of ``symflow prove``, each with its hash recomputed: none is accepted."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from symflow.checker.axioms import AXIOMS
from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.meanings import _table
from symflow.checker.reading import Report
from symflow.checker.verify import verify_text
from symflow.lemmas.base import Target, find_lemma
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import NotProvedError, Theorem, mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import GENERAL, GIVEN, net_tree, problem_setting, problems_setting, shape_setting
from symflow.reports.result_engines import ENGINES
from tests.checker.claims_by_hand import Tree, is_accepted, rehashed, result_of

RELU = shape_setting([2, 2, 1], ["relu"])
PRESERVED = "for l in 1..L: inner(W[l], grad(f, W[l])) == f"
PROVED = decide(PRESERVED, RELU)
FALSE = decide("inner(w, grad(f)) == f", RELU)
BIASED = problem_setting(net_tree([[[1]], [[1]]], biases=[[1], [1]], inputs=[[1]], kind="output"))
CORNER = net_tree([[[1], [-1]], [[1, 1]]], kind="output", variable="input", at=[0])


def named(name: str) -> Claim:
    """Return the first claim of a lemma at home."""
    return next(iter(find_lemma(name).at_home(Target(ENGINES))))


def changed(claim: Claim, /, **changes: Any) -> Tree:
    tree = copy.deepcopy(claim.tree())
    for key, value in changes.items():
        if value is None:
            tree.pop(key, None)
        else:
            tree[key] = value
    return rehashed(result_of(tree))


def own(text: str, setting: Any, verdict: str, **parts: Any) -> Tree:
    """Return a claim of our own, without looking whether it is true."""
    return result_of(Claim(text, text, setting, verdict, "here", **parts).tree())


def reason_of(result: Tree, reason: str) -> None:
    import json

    report: Any = verify_text(json.dumps(result))
    assert not report["accepted"]
    assert any(reason in each["reason"] for each in report["rejected"]), report


AT_CORNER = problem_setting(CORNER)
TWO_DATA = problem_setting(
    net_tree([[[1, 1], [1, 1]], [[1, 1]]], inputs=[[1, 1], [1, 2]], labels=[1, 1], kind="risk", loss="squared")
)
EXPANSION = {"kind": "expansion"}
BY_RULE = {"kind": "result", "rule": "sum_rule", "result": {}}
CITATION = {"kind": "citation"}
EVALUATION = {"kind": "evaluation"}


def script_of(name: str, **changes: Any) -> Tree:
    certificate = named(name).certificate
    assert certificate is not None
    return {**certificate, **changes}


FORGED = {
    # A verdict that the certificate does not show.
    "true of a shape, said of all": (changed(PROVED, verdict="proved_general"), "does not show"),
    "true of a shape, said of one net": (changed(PROVED, verdict="proved_instance"), "does not show"),
    "proved, said to be refuted": (changed(PROVED, verdict="refuted"), "a certificate beside a refutation"),
    "proved, said to be vacuous": (changed(PROVED, verdict="vacuous"), "does not show"),
    "refuted, said to be proved": (changed(FALSE, verdict="proved_shape"), "a witness beside a proof"),
    "no such verdict": (changed(PROVED, verdict="certain"), "no such verdict"),
    "no evidence": (changed(PROVED, certificate=None), "missing"),
    "undecided with a certificate": (changed(PROVED, verdict="undecided", reason="?"), "recomputed null"),
    "undecided without a reason": (changed(PROVED, verdict="undecided", certificate=None), "expected a string"),
    # False statements with the certificates of true ones.
    "a false identity": (own("f == 0", RELU, "proved_shape", certificate=EXPANSION), "differ as polynomials"),
    "a false law": (own("norm2(W1) is conserved", RELU, "proved_shape", certificate=EXPANSION), "does not vanish"),
    "an inequality without squares": (own("f <= 0", RELU, "proved_shape", certificate=EXPANSION), "no sum of squares"),
    "squares for an identity": (
        own("f == f", RELU, "proved_shape", certificate={"kind": "expansion", "squares": {}}),
        "squares for an identity",
    ),
    "a negative square": (
        own("W1[1,1] <= 0", RELU, "proved_shape", certificate={
            "kind": "sum_of_squares", "squares": {"0": [{"coefficient": "-1", "of": "W1[1,1]"}]}}),
        "a negative coefficient",
    ),
    "squares of something else": (
        own("0 <= W1[1,1]^2", RELU, "proved_shape", certificate={
            "kind": "sum_of_squares", "squares": {"0": [{"coefficient": "1", "of": "W1[1,2]"}]}}),
        "do not add up",
    ),
    "squares that nothing asks for": (
        own("0 <= W1[1,1]^2", RELU, "proved_shape", certificate={
            "kind": "sum_of_squares", "squares": {"0": [{"coefficient": "1", "of": "W1[1,1]"}], "7": []}}),
        "nothing asks for",
    ),
    "one point for all": (own("f == 1", AT_CORNER, "proved_instance", certificate=EVALUATION), "one point"),
    "a false evaluation": (
        own("f == 1 at w", AT_CORNER, "proved_instance", certificate=EVALUATION),
        "false at the point",
    ),
    "exact, said to be enclosed": (
        own("f == 0 at w", AT_CORNER, "enclosed", certificate=EVALUATION),
        "enclosed if and only if",
    ),
    "a set without a certificate": (
        own("0 in clarke(f)", AT_CORNER, "proved_instance", certificate=EVALUATION),
        "has no certificate",
    ),
    # Citations, axioms and scripts.
    "cited by its own author": (
        own("f == 0", RELU, "conditional", certificate=CITATION, axioms=("gronwall",)),
        "evidence for the words of a lemma",
    ),
    "an axiom of one's own": (
        own("f == 0", RELU, "conditional", certificate=CITATION, axioms=("f_is_zero",)),
        "an axiom that may not be admitted",
    ),
    "a citation that admits nothing": (
        own("f == 0", RELU, "conditional", certificate=CITATION),
        "evidence for the words",
    ),
    "a false lemma, cited": (
        changed(named("autodiff_is_clarke"), verdict="conditional", witness=None, certificate=CITATION,
                axioms=["unchecked_script"]),
        "evidence for the words",
    ),
    "a false lemma in words, cited": (
        changed(named("autodiff_is_clarke"), verdict="conditional", witness=None, certificate=CITATION,
                statement=find_lemma("autodiff_is_clarke").words, setting=GENERAL, axioms=["unchecked_script"]),
        "nothing is stored",
    ),
    "a true lemma, said to be vacuous": (changed(named("lemma_4"), verdict="vacuous"), "nothing is stored"),
    "a theorem with an axiom besides": (changed(named("lemma_4"), axioms=["gronwall"]), "conditional if something"),
    "conditional on something else": (
        changed(named("lemma_4"), verdict="conditional", axioms=["gronwall"]),
        "nothing is stored",
    ),
    "a script of another lemma": (
        changed(named("lemma_4"), certificate=script_of("gradient_lower_bound")),
        "nothing is stored",
    ),
    "another theorem of the script": (
        changed(named("lemma_4"), certificate=script_of("lemma_4", theorems=["entropy_is_not_negative"])),
        "nothing is stored",
    ),
    "a script with another hash": (
        changed(named("lemma_4"), certificate=script_of("lemma_4", sha256="0" * 64)),
        "nothing is stored",
    ),
    "a script under a name of one's own": (
        own("f == 0", GENERAL, "proved_general", certificate=script_of("lemma_4")),
        "evidence for the words",
    ),
    "a stored theorem for a formal statement": (
        changed(named("weight_gradient_preservation"), statement=PRESERVED),
        "evidence for the words",
    ),
    "a stored theorem of one net": (changed(named("lemma_4"), setting=BIASED), 'recomputed {"kind": "general"}'),
    "a general setting with something in it": (
        changed(named("lemma_4"), setting={"kind": "general", "class": "all functions"}),
        "a key that the checker does not know",
    ),
    # Names, numbers and words.
    "a lemma's name for something else": (
        changed(named("lemma_4"), statement="1 == 1", setting=RELU, verdict="proved_shape", certificate=EXPANSION),
        "not what the name stands for",
    ),
    "a name that nobody knows": (changed(PROVED, claim="riemann_hypothesis"), "a name that the checker does not know"),
    "another number": (changed(named("lemma_4"), id="A1"), "not the number"),
    "a number for one's own claim": (changed(PROVED, id="A25"), "recomputed null"),
    "other words": (changed(named("lemma_4"), words="Every net is zero."), "not the words"),
    "words for one's own claim": (changed(PROVED, words="Every net is zero."), "recomputed"),
    "fewer hypotheses": (changed(named("lemma_4"), hypotheses=[]), "nothing is stored"),
    "other hypotheses": (changed(named("lemma_4"), hypotheses=["none"]), "not what is assumed"),
    "hypotheses for one's own claim": (changed(PROVED, hypotheses=["the net has no biases"]), "recomputed []"),
    "another proof": (changed(named("lemma_4"), proof=[]), "referred to and proved"),
    "another reference": (changed(named("lemma_4"), reference="Euclid"), "referred to and proved"),
    "another correction": (changed(named("autodiff_is_clarke"), see="lemma_4"), "corrected statement"),
    # Witnesses.
    "a witness that is none": (
        changed(FALSE, statement="inner(w, grad(f)) == 2*f", claim="inner(w, grad(f)) == 2*f"),
        "true at the witness",
    ),
    "a witness of another shape": (changed(FALSE, witness={"setting": BIASED, "instance": 0}), "another shape"),
    "a witness with other data": (
        own("n == 1", RELU, "refuted", witness={"instance": 0, "setting": TWO_DATA}),
        "another number of data",
    ),
    "a witness of a named problem": (
        changed(FALSE, witness={"setting": problems_setting(F=CORNER), "instance": 0}),
        "of another kind",
    ),
    "a witness at another point": (
        own("f == 1 at w", GIVEN, "refuted", witness={"instance": 0, "setting": AT_CORNER}),
        "another point",
    ),
    "no such instance": (changed(FALSE, witness={**(FALSE.witness or {}), "instance": 1}), "no such instance"),
    "other sides": (changed(FALSE, witness={**(FALSE.witness or {}), "left": "17"}), "not the value of that side"),
    "a value for nothing": (changed(FALSE, witness={**(FALSE.witness or {}), "values": {"t": "2"}}), "for no name"),
    "a negative positive number": (
        own("for t > 0: t > 1", AT_CORNER, "refuted", witness={"instance": 0, "values": {"t": "-1"}}),
        "not positive",
    ),
    "a membership that nothing asks for": (
        changed(FALSE, witness={**(FALSE.witness or {}), "memberships": [{}]}),
        "nothing asks for",
    ),
    "a true lemma, refuted by a net that it does not speak of": (
        changed(named("weight_gradient_preservation"), statement=PRESERVED, verdict="refuted", certificate=None,
                witness={"setting": BIASED, "instance": 0}),
        "not refuted in general",
    ),
    "a true lemma, refuted on the biased net itself": (
        changed(named("weight_gradient_preservation"), statement=PRESERVED, verdict="refuted", certificate=None,
                setting=BIASED, hypotheses=list(find_lemma("weight_gradient_preservation")._words("")["hypotheses"]),
                witness={"instance": 0}),
        "does not meet a hypothesis",
    ),
    "one's own claim on every net": (
        own("f == 0", GENERAL, "refuted", witness={"setting": BIASED, "instance": 0}),
        "not refuted in general",
    ),
    # Premises, hash, keys.
    "a premise that does not stand before": (changed(PROVED, premises=["0" * 64]), "does not stand before"),
    "a wrong hash": (result_of({**PROVED.tree(), "hash": "0" * 64}), "recomputed"),
    "a key in a certificate": (changed(PROVED, certificate={**EXPANSION, "trust": "me"}), "does not know"),
    "no such certificate": (changed(PROVED, certificate={"kind": "magic"}), "no such kind"),
    "a wrong count of identities": (changed(PROVED, certificate={**EXPANSION, "n_identities": 7}), "recomputed 2"),
    "a wrong count of symbols": (changed(PROVED, certificate={**EXPANSION, "n_symbols": 7}), "recomputed"),
    "a key in a setting": (changed(PROVED, setting={**RELU, "why": "so"}), "does not know"),
    "no such setting": (changed(PROVED, setting={"kind": "all"}), "no such kind of setting"),
    "wrong counts": ({**result_of(PROVED), "counts": {"proved_general": 7}}, "recomputed"),
    "sets that differ, shown by a generator of both": (
        own("hull(vector(1)) != hull(vector(1))", AT_CORNER, "proved_instance", certificate={
            **EVALUATION, "memberships": [{"side": "left", "generator": 0, "separator": None, "weights": ["1"]}]}),
        "lies in the other set",
    ),
    "a rule under a name of one's own": (
        own("f == 0", AT_CORNER, "proved_shape", certificate=BY_RULE),
        "evidence for the words",
    ),
    "a named problem called f": (
        own("f == 1 at w", {"kind": "problems", "problems": {"f1": CORNER}}, "proved_instance", certificate=EVALUATION),
        "cannot be the name",
    ),
}  # fmt: skip


def named_claim(name: str, text: str, setting: Any, *, given: Any = None, **changes: Any) -> Tree:
    """Return what is true of a statement, called by the name of a lemma with all that belongs to it."""
    found = decide(text, setting, given=given, engines=ENGINES)
    dressed = replace(found, name=name, **find_lemma(name)._words(found.word))
    return rehashed(result_of({**dressed.tree(), **changes}, given))


def risk_of(label: int, **objective: Any) -> Any:
    tree = net_tree([[[1, 1]], [[1]]], inputs=[[1, 1]], labels=[label], **objective)
    return problem_setting(tree)


EXPONENTIAL, LOGISTIC = (risk_of(1, kind="risk", loss=loss) for loss in ("exponential", "logistic"))
LOGARITHM = risk_of(1, kind="log_sum_exp")
UNIT: Any = {"kind": "output", "variable": "input", "at": [0]}
RAMP, FALL = net_tree([[[1]], [[1]]], **UNIT), net_tree([[[1]], [[-1]]], **UNIT)
PLANE = net_tree([[[1, 0], [0, 1]], [[1, 1]]], kind="output", variable="input", at=[0, 0])
CUBE = problem_setting(net_tree([[[1]]] * 3, activation="identity", inputs=[[1]], labels=[1], kind="log_sum_exp"))
DEAD = problem_setting(net_tree([[[-1]], [[1]]], inputs=[[1]], kind="output"))
HARD = problem_setting(
    net_tree([[[2, 0]]], activation=[], inputs=[[1, -1], ["11/10", 1], ["11/10", 1]], labels=[1, 1, 1],
             kind="log_sum_exp")
)  # fmt: skip
BY_TEN = problem_setting(net_tree([[["1/10"]], [[1]]], inputs=[[1]], labels=[1], kind="log_sum_exp"))
U = "-ln(sum(k in 1..n: exp(-m[k])))"
MEAN = "L*sum(k in 1..n: m[k]*exp(-m[k]))"

#: What is true as it stands, under the name of a lemma of which it says something else.
MISNAMED = {
    # A true lemma, refuted by a form of it that is meant of other problems.
    "weights that do not separate": (
        ("separability", "min(k in 1..n: m[k]) > 0 at w", risk_of(-1, kind="risk", loss="exponential")),
        "refuted", "not refuted in general",
    ),
    "the slopes of another loss": (
        ("risk_gradient", "for k in 1..n: c[k] == -y[k]*exp(-m[k]) at w", LOGISTIC), "refuted", "not refuted",
    ),
    "lemma 4, sharp, for another objective": (
        ("lemma_4_sharp", f"for s in clarke(R): -inner(s, w) == {MEAN}", LOGARITHM), "refuted", "not refuted",
    ),
    "the soft margin of another objective": (
        ("exponential_soft_margin", "R == sum(k in 1..n: exp(-m[k])) at w", LOGARITHM), "refuted", "not refuted",
    ),
    "the outer product of one layer, for two": (
        ("gradient_is_an_outer_product", "grad(f, W[1]) == transpose(x)", shape_setting([2, 1, 1], ["relu"])),
        "refuted", "not refuted in general",
    ),
    "pieces of other functions": (
        ("separate_variables", "clarke(F) == product(clarke(G), clarke(K))", problems_setting(F=PLANE, G=RAMP, K=FALL)),
        "refuted", "not refuted in general",
    ),
    "the sum of other functions": (
        ("sum_rule_inclusion", "clarke(S) within clarke(F) + clarke(G)", problems_setting(S=RAMP, F=FALL, G=FALL)),
        "refuted", "not refuted in general",
    ),
    # Proved by a form that is meant of other problems.
    "lemma 4 for the other objective": (
        ("lemma_4", f"for s in clarke(R): L*({U}) <= -inner(s, w)/sum(k in 1..n: exp(-m[k]))", BY_TEN),
        "enclosed", "meant of another loss",
    ),
    "the product of one layer, for three": (
        ("output_is_a_product", "z[1] == W[1]*x", shape_setting([2, 2, 2, 1], ["relu", "relu"])),
        "proved_shape", "meant of another depth",
    ),
    "a sum of functions that was not meant": (
        ("sum_rule", "clarke(S) == clarke(F) + clarke(G)", problems_setting(S=CORNER, F=CORNER, G=net_tree(
            [[[0]], [[0]]], **UNIT))),
        "proved_instance", "meant of other problems",
    ),
    "a net without a subgradient of 1/2": (
        ("convex_subdifferential", "vector(2) not in subdifferential(R)", problem_setting(RAMP)),
        "proved_instance", "meant of other problems",
    ),
    # A false lemma, proved where it happens to be true, or by something that is true besides.
    "a product of functions that was not meant": (
        ("product_of_partial_differentials", "clarke(F) == product(clarke(F1), clarke(F2))",
         problems_setting(F=PLANE, F1=RAMP, F2=RAMP)),
        "proved_instance", "false in general",
    ),
    "pieces that are enough elsewhere": (
        ("facet_adjacent_pieces", "clarke(F) == hull(grad(P), grad(Q), grad(S))", problems_setting(
            **{name: net_tree([[[1]], [[1]]], kind="output", variable="input", at=[at])
               for name, at in (("F", 0), ("P", 1), ("Q", -1), ("S", 1))})),
        "proved_instance", "false in general",
    ),
    "a degree at a dead net": (
        ("degree_is_hidden_layers", "for s in clarke(f): inner(s, w) == H*f", DEAD),
        "proved_instance", "false in general",
    ),
    # Hypotheses are asked of proofs as well.
    "the formula of nets without biases, where a bias does no harm": (
        ("euler_on_clarke", "for s in clarke(R): inner(s, w) == L*sum(k in 1..n: c[k]*f[k])", problem_setting(
            net_tree([[[-1]], [[0]]], biases=[[-1], [0]], inputs=[[1]], kind="output"))),
        "proved_instance", "does not meet a hypothesis",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISNAMED)
def test_a_true_statement_under_the_wrong_name_is_refused(name: str) -> None:
    (lemma, text, setting), verdict, reason = MISNAMED[name]
    found = decide(text, setting, engines=ENGINES)
    assert found.word == verdict  # else the forgery would be refused for another reason
    assert is_accepted(result_of(found))  # and under its own name it is a statement of one's own
    reason_of(named_claim(lemma, text, setting), reason)


@pytest.mark.parametrize(
    ("lemma", "text", "setting"),
    [
        ("flow_for_all_time", "-grad(R) == W1[1,1]^2*vector(1, 1, 1) at w", CUBE),
        ("hard_margin_monotone", f"{U} > 1.0301830961 and {U} < 1.0301830962 at w", HARD),
    ],
)
def test_what_is_true_beside_a_false_lemma_does_not_bear_its_name(lemma: str, text: str, setting: Any) -> None:
    assert is_accepted(result_of(decide(text, setting, engines=ENGINES)))
    reason_of(named_claim(lemma, text, setting), "not what the name stands for")
    claims = [claim for claim in find_lemma(lemma).at_home(Target(ENGINES)) if claim.word != "refuted"]
    assert claims
    assert all(claim.name == claim.statement != lemma for claim in claims)


def test_a_proof_without_hypotheses_is_asked_for_those_of_the_name() -> None:
    text = "for s in clarke(R): inner(s, w) == L*sum(k in 1..n: c[k]*f[k])"
    setting = MISNAMED["the formula of nets without biases, where a bias does no harm"][0][2]
    reason_of(named_claim("euler_on_clarke", text, setting, hypotheses=[]), "does not meet a hypothesis")


def test_a_sum_of_very_many_squares_is_too_large() -> None:
    squares = {"0": [{"coefficient": "1", "of": "W1[1,1]"}] * 20_000}
    certificate = {"kind": "sum_of_squares", "squares": squares}
    result = own("0 <= 20000*W1[1,1]^2", RELU, "proved_shape", certificate=certificate)
    assert not is_accepted(result)
    certificate = {"kind": "sum_of_squares", "squares": {"0": [{"coefficient": "10", "of": "W1[1,1]"}] * 200}}
    assert is_accepted(own("0 <= 2000*W1[1,1]^2", RELU, "proved_shape", certificate=certificate))


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_claim_is_refused(name: str) -> None:
    result, reason = FORGED[name]
    reason_of(result, reason)


def test_what_was_forged_was_true() -> None:
    # Otherwise the forgeries would be refused for another reason.
    for claim in (PROVED, FALSE, *map(named, ("lemma_4", "autodiff_is_clarke", "weight_gradient_preservation"))):
        assert is_accepted(result_of(claim)), claim.name


def test_a_key_that_stands_twice_is_refused() -> None:
    import json

    text = json.dumps(result_of(PROVED)).replace('"verdict":', '"verdict": "proved_general", "verdict":')
    report: Any = verify_text(text)
    assert report["rejected"] == [{"place": "", "reason": 'the key "verdict" stands twice in one object'}]


def test_a_theorem_is_made_by_the_kernel_alone() -> None:
    with pytest.raises(TypeError, match="minted by the kernel"):
        Theorem(object(), PROVED, None, Report(), ())
    theorem = mint(PROVED)
    with pytest.raises(AttributeError, match="does not change"):
        theorem.claim = FALSE  # type: ignore[misc]


def test_a_claim_changed_behind_the_kernels_back_does_not_replay() -> None:
    from symflow.proofs.kernel import replay

    theorem = mint(decide("f == f", RELU))
    assert replay(theorem) == theorem
    theorem.claim.setting["widths"][0] = 3
    with pytest.raises(NotProvedError, match="recomputed"):
        replay(theorem)


def test_what_cannot_be_read_is_no_theorem() -> None:
    with pytest.raises(NotProvedError, match=r"broke off|float"):
        mint(Claim("f == f", "f == f", {**RELU, "n_data": 0.5}, "proved_shape", "here", certificate=EXPANSION))


def test_every_lemma_that_is_stored_names_scripts_and_axioms_that_exist() -> None:
    for name, row in _table().items():
        for stored in row.stored:
            assert set(stored.axioms) <= set(AXIOMS), name
            assert stored.script is None or stored.script.removesuffix(".v") in SCRIPTS, name
