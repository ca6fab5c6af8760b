"""``prove`` and ``verify`` in Python: a claim by name or in your own words, about a shape, a risk, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, final

from symflow.checker.verify import verify_path, verify_text
from symflow.errors import InputError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.proofs.kernel import Theorem


def prove(
    claim: str,
    about: Problem | EmpiricalRisk | Realization | None = None,
    *,
    at: Sequence[object] | None = None,
    shape: Sequence[int] | None = None,
    budget: Budget = NO_BUDGET,
) -> Theorem:
    """Return what becomes of a claim: a theorem that says proved, refuted, conditional, .., or undecided.

    Parameters
    ----------
    claim : str
        The name of a lemma, its number in the catalogue, or a statement of your own.
    about : Problem, EmpiricalRisk or Realization, optional
        The net and the data that it is asked of.
    at : sequence of numbers, optional
        The weights of a risk (default: the network's own), or the input of a realization.
    shape : sequence of int, optional
        All relu nets of these widths, instead.
    budget : Budget
        For searches.

    Raises
    ------
    UnknownNameError, InputError
        If there is no such claim, or it does not parse.

    Examples
    --------
    >>> prove("weight_gradient_preservation", shape=(2, 2, 1)).verdict.word
    'proved_shape'
    >>> theorem = prove("norm2(W1) - norm2(W2) is conserved", shape=(2, 3, 1))
    >>> theorem
    Theorem(norm2(W1) - norm2(W2) is conserved; shape 2-3-1; proved; nothing admitted)
    >>> verify(theorem)["accepted"]
    True
    >>> prove("degree_is_hidden_layers").verdict.word
    'refuted'
    """
    from symflow.prove_command import prove as asked

    problem = None if about is None else _problem(about, at)
    widths = None if shape is None else "-".join(str(int(width)) for width in shape)
    found = asked([claim], problem=problem, shape=widths, budget=budget).asked
    # Of several claims of one lemma the one about what was asked stands behind the general one.
    return found[-1] if about is not None or shape is not None else found[0]


@final
class Verification(dict[str, object]):
    """What the checker said: the dictionary of ``symflow verify --json``, in one line.

    Examples
    --------
    >>> Verification(accepted=True, n_certificates=2, rejected=[], not_checked=[])
    Accepted(2 certificates)
    >>> Verification(accepted=False, n_certificates=0, rejected=["a"], not_checked=["b"])
    Rejected(0 certificates; 1 rejected; 1 not checked)
    """

    def __repr__(self) -> str:
        count = self["n_certificates"]
        parts = [f"{count} certificate{'' if count == 1 else 's'}"]
        for name, words in (("rejected", "rejected"), ("not_checked", "not checked")):
            listed = self[name]
            assert isinstance(listed, list)
            parts += [f"{len(listed)} {words}"] if listed else []
        return f"{'Accepted' if self['accepted'] else 'Rejected'}({'; '.join(parts)})"


def verify(certificate: Theorem | Mapping[str, Any] | str | Path) -> Verification:
    """Re-check a theorem, a result, a file or a folder of them with the small checker alone.

    Returns
    -------
    Verification
        A dictionary: ``accepted``, ``n_certificates``, ``rejected``, ``not_checked``.

    Examples
    --------
    >>> verify({"command": "prove", "claims": []})["accepted"]
    True
    """
    if isinstance(certificate, Theorem):
        return Verification(verify_text(json.dumps(certificate.certificate)))
    if isinstance(certificate, Mapping):
        return Verification(verify_text(json.dumps(certificate)))
    return Verification(verify_path(certificate))


def _problem(about: Problem | EmpiricalRisk | Realization, at: Sequence[object] | None) -> Problem:
    if isinstance(about, Problem):
        if at is not None:
            raise InputError("a problem has its own point; leave `at` out")
        return about
    if isinstance(about, EmpiricalRisk):
        network = about.network if at is None else about.network.with_parameters(at)
        return Problem(
            architecture=network.architecture,
            network=network,
            inputs=about.data.inputs,
            labels=about.data.labels,
            kind="risk",
            loss=about.loss,
            reduction="mean" if about.is_mean else "sum",
            output=about.output,
        )
    if at is None:
        raise InputError("the input is missing; write prove(claim, f, at=(1, 2))")
    network = about.network
    point = about.at(at).point
    return Problem(
        architecture=network.architecture,
        network=network,
        variable="input",
        at=tuple(point),
        output=about.output,
    )
