"""The same theorems as text for Lean 4 with Mathlib: written, and not checked here.

Statements are translated word by word; proofs become the tactics that should do (``ring``, ``linarith``, ``norm_num``,
``nlinarith`` with the squares), and the definitions are those of the Coq scripts. Nobody has run Lean on this text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from symflow.exports.script import CLAIMS_A_FILE, Export, Exported

LEAN_MARK = "-- written by symflow export for Lean 4 with Mathlib: NOT CHECKED HERE\n"

_WORDS = {
    r"\bforall ([^:,]+?) : Q,": r"∀ \1 : ℚ,",
    r"\bforall s, ": "∀ s : List ℚ, ",
    r"\bforall e : Q,": "∀ e : ℚ,",
    r"\bexists ([^:,]+?) : Q,": r"∃ \1 : ℚ,",
    r"\(fun (\w+) =>": r"(fun \1 : ℚ =>",
    r"%nat": "",
    r"\blength s\b": "s.length",
    r"\s/\\": " ∧",
    r"~ ": "¬ ",
    r" == ": " = ",
    r" -> ": " → ",
    r"->\n": "→\n",
    r" # ": " / ",
    r"<=": "≤",
    r";": ",",
}

_TACTICS = {
    "identity": "intros; simp_all [value, valueOn, features, featuresOn, preactivations, onCell]; ring_nf",
    "conservation": "intros; simp_all [value, valueOn, features, featuresOn, preactivations, onCell]; ring_nf",
    "inequality": "intros; nlinarith [sq_nonneg (1 : ℚ)]",
    "evaluation": "norm_num [value, valueOn, features, featuresOn, preactivations, inCell, hasSlope]",
    "refutation": "norm_num [value, valueOn, features, featuresOn, preactivations, inCell, hasSlope]",
    "cell": "intros; simp_all [inCell, preactivations]; constructor <;> nlinarith",
    "empty_cell": "intros; simp_all [value, features, preactivations]; linarith",
    "gradient": "intros; simp [hasSlope, valueOn, featuresOn, preactivations]; intros; ring",
}


def lean_files(export: Export, stem: str) -> Iterator[tuple[str, str]]:
    """Return names and texts, at most 200 theorems in one.

    Examples
    --------
    >>> dict(lean_files(Export(), "empty"))["empty_1.lean"].startswith("-- written by symflow")
    True
    """
    claims = [claim for claim in export.claims if claim.numbers == "Q"]
    others = [f"{claim.name}: over the reals" for claim in export.claims if claim.numbers != "Q"]
    remarks = "".join(
        f"-- not exported: {each}\n".replace("\n", " ") + "\n" for each in [*export.not_exported, *others]
    )
    head = files("symflow.exports").joinpath("nets_over_q.lean").read_text(encoding="utf-8")
    for i in range(0, max(len(claims), 1), CLAIMS_A_FILE):
        part = "\n".join(lean_text(claim) for claim in claims[i : i + CLAIMS_A_FILE])
        yield f"{stem}_{i // CLAIMS_A_FILE + 1}.lean", f"{LEAN_MARK}{remarks}{head}\n{part}"
        remarks = ""


def lean_text(claim: Exported) -> str:
    """Return one theorem.

    Examples
    --------
    >>> print(lean_text(Exported("two", "evaluation", "two", "(1 # 2) + (3 # 2) == 2", "numbers")))
    -- two
    theorem two :
      (1 / 2) + (3 / 2) = 2 := by
      norm_num [value, valueOn, features, featuresOn, preactivations, inCell, hasSlope]
    <BLANKLINE>
    """
    statement = claim.statement
    for pattern, word in _WORDS.items():
        statement = re.sub(pattern, word, statement)
    statement = re.sub(r"\b(value_on|on_cell|in_cell|in_hull|has_slope|has_derivative|slopes_by)\b", _camel, statement)
    about = " ".join(claim.about.split())
    tactic = _TACTICS.get(claim.kind, "norm_num [inHull, dot]")
    return f"-- {about}\ntheorem {claim.name} :\n  {statement} := by\n  {tactic}\n"


def _camel(match: re.Match[str]) -> str:
    first, *rest = match.group(0).split("_")
    return first + "".join(word.capitalize() for word in rest)
