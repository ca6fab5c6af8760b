"""``prove`` and ``verify`` in Python: a claim by name or in your own words, about a shape, a risk, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, final

from symflow.checker.reading import NotACertificateFile
from symflow.checker.verify import verify_path, verify_text
from symflow.errors import InputError, WrongTypeError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.problem_of import problem_of_function
from symflow.proofs.kernel import Theorem, beside
from symflow.showing import AbstractShown


def prove(
    claim: str,
    about: Problem | EmpiricalRisk | Realization | None = None,
    *,
    at: Sequence[object] | None = None,
    shape: Sequence[int] | str | None = None,
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
        All relu nets of these widths, instead: ``(2, 2, 1)``, or ``"2-2-1"``.
    budget : Budget
        For searches.

    Returns
    -------
    Theorem
        Where a lemma claims several things, the one about what was asked; the others are its ``also``.

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
    >>> prove("weight_gradient_preservation", shape=(2, 2, 1)).also
    (Theorem(weight_gradient_preservation; every depth and width; proved; nothing admitted),)
    """
    from symflow.prove_command import prove as asked
    from symflow.reports.prove_result import prove_result

    if not isinstance(claim, str):
        name = type(claim).__name__
        raise InputError(
            f'{name} is no claim; name a lemma, "balancing", or write a statement, "f == f"', place="claim"
        )
    if about is not None and shape is not None:
        raise InputError("both a function and a shape; keep one")
    if about is None and at is not None:
        raise InputError("a point of what? write prove(claim, R, at=..) with R a risk, or leave `at` out")
    problem = None if about is None else _problem(about, at)
    widths = None if shape is None else _shape_text(shape)
    try:
        found = asked([claim], problem=problem, shape=widths, budget=budget)
    except InputError as error:
        raise _as_python_says(error) from None
    # Of several claims of one lemma the one about what was asked stands behind the general one.
    place = len(found.asked) - 1 if about is not None or shape is not None else 0
    others = (theorem for i, theorem in enumerate(found.asked) if i != place)
    return beside(found.asked[place], others, prove_result(found.theorems, found.problem, found.shape))


def _as_python_says(error: InputError) -> InputError:
    """Return an error with what to do in Python, where the command would say what to type."""
    message = error.message.replace(
        "name a FILE, or give --shape 2-2-1", "give a risk, prove(claim, R), or shape=(2, 2, 1)"
    ).replace("--shape ", "shape=")
    place = {"--claim": "claim", "--shape": "shape"}.get(error.place, error.place)
    return type(error)(message, place=place)


def _shape_text(shape: Sequence[int] | str) -> str:
    if isinstance(shape, str):
        return shape
    if not isinstance(shape, Sequence) or not all(type(width) is int for width in shape):
        raise InputError(f"{shape!r} is no shape; give the widths: shape=(2, 2, 1)", place="shape")
    return "-".join(map(str, shape))


@final
class Verification(dict[str, object], AbstractShown):
    """What the checker said: the dictionary of ``symflow verify --json``, in one line.

    Examples
    --------
    >>> Verification(accepted=True, n_certificates=2, rejected=[], not_checked=[])
    Accepted(2 certificates)
    >>> Verification(accepted=False, n_certificates=0, rejected=["a"], not_checked=["b"])
    Rejected(0 certificates; 1 rejected; 1 not checked)
    >>> Verification(accepted=False, n_certificates=2, rejected=[], not_checked=["the flow between its events"])
    NotAccepted(2 certificates; 1 not checked)
    """

    def __repr__(self) -> str:
        count = self["n_certificates"]
        parts = [f"{count} certificate{'' if count == 1 else 's'}"]
        for name, words in (("rejected", "rejected"), ("not_checked", "not checked")):
            listed = self[name]
            assert isinstance(listed, list)
            parts += [f"{len(listed)} {words}"] if listed else []
        return f"{self._word}({'; '.join(parts)})"

    @property
    def _word(self) -> str:
        """What was reached: where nothing is rejected and something was not checked, neither."""
        return "Accepted" if self["accepted"] else "Rejected" if self["rejected"] else "NotAccepted"

    def to_json(self) -> str:
        """Return what ``symflow verify --json`` writes."""
        from symflow.writing import json_text

        return json_text(self)

    def to_latex(self) -> str:
        """Return it as a sentence."""
        words = {"Accepted": "accepts it", "Rejected": "rejects it", "NotAccepted": "could not check all of it"}
        about = repr(self).partition("(")[2].removesuffix(")")
        return f"The checker {words[self._word]} ({about})."

    def _repr_html_(self) -> str | None:
        signs = {"Accepted": ("■", "accepted"), "Rejected": ("⊠", "rejected"), "NotAccepted": ("□", "not all checked")}
        sign, word = signs[self._word]
        about = repr(self).partition("(")[2].removesuffix(")")
        return f'<p class="sf-tag"><span aria-hidden="true">{sign}</span> <b>{word}</b> <i>{about}</i></p>'


def verify(certificate: AbstractShown | Mapping[str, Any] | str | Path) -> Verification:
    """Re-check a theorem, a result, a file or a folder of them with the small checker alone.

    Parameters
    ----------
    certificate : result, mapping, JSON text or path
        A theorem, a differential, an audit, a region graph, a trajectory, ..; what ``to_json`` wrote; or a file.

    Returns
    -------
    Verification
        A dictionary: ``accepted``, ``n_certificates``, ``rejected``, ``not_checked``.

    Raises
    ------
    InputError
        If it is no result.

    Examples
    --------
    >>> verify({"command": "prove", "claims": []})["accepted"]
    True
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> verify(dR), verify(dR.to_json())["accepted"]
    (Accepted(8 certificates), True)
    """
    try:
        return Verification(_checked(certificate))
    except NotACertificateFile as error:
        what = type(certificate).__name__ if isinstance(certificate, AbstractShown) else "it"
        raise InputError(
            f"{what} is no result with certificates ({error}); give a theorem, a differential, a region graph, .., "
            "or a file that a command wrote with --json"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", place=str(certificate)) from None


def _checked(certificate: object) -> dict[str, Any]:
    if isinstance(certificate, Theorem):
        return verify_text(json.dumps(certificate.certificate))
    if isinstance(certificate, Mapping):
        return verify_text(json.dumps(certificate))
    if isinstance(certificate, AbstractShown):
        return verify_text(certificate.to_json())
    if isinstance(certificate, str) and certificate.lstrip().startswith("{"):
        return verify_text(certificate)
    if isinstance(certificate, str | Path):
        return verify_path(certificate)
    raise InputError(
        f"{type(certificate).__name__} is nothing to verify; give a theorem, a result such as clarke_differential(..), "
        "or a file"
    )


def _problem(about: Problem | EmpiricalRisk | Realization, at: Sequence[object] | None) -> Problem:
    if isinstance(about, Problem):
        if at is not None:
            raise InputError("a problem has its own point; leave `at` out")
        return about
    if isinstance(about, EmpiricalRisk):
        return problem_of_function(about.at(at))
    if not isinstance(about, Realization):
        raise WrongTypeError(
            f"{type(about).__name__} is nothing to claim something about; "
            "give EmpiricalRisk(net, data), Realization(net) with at=(..), or shape=(2, 2, 1)"
        )
    if at is None:
        raise InputError("the input is missing; write prove(claim, f, at=(1, 2))")
    return problem_of_function(about.at(at))
