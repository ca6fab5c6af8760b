"""ASCII in place of Unicode, letter for letter: what a stream takes that is no UTF-8."""

from __future__ import annotations

import unicodedata

# In this order: longer ones first.
_REPLACEMENTS = (
    ("∇", "grad "),
    (",·]", ",:]"),
    ("[·,", "[:,"),
    ("‖²", "|^2"),
    ("‖", "|"),
    ("√e", "sqrt(e)"),
    ("∂", "d"),
    ("⟨", "<"),
    ("⟩", ">"),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("≈", "~"),
    ("−", "-"),
    ("…", "..."),
    ("θ", "theta"),
    ("τ", "tau"),
    ("η", "eta"),
    ("λ", "lambda"),
    ("σ", "relu"),
    ("ε", "eps"),
    ("γ", "gamma"),
    ("∈", "in"),
    ("×", "x"),
    ("·", "*"),
    ("ℓ", "l"),
    ("Σ", "sum"),
    ("°", "^o"),
    ("∫", "int"),
    ("ᵀ", "^T"),
    ("■", ""),
    ("⊠", ""),
    ("⊡", ""),
    ("⊟", ""),
    ("□", ""),
    ("∅", ""),
)

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"


def to_ascii(text: str) -> str:
    """Return the text in ASCII; letters that have no counterpart lose their accents, or become "?".

    Examples
    --------
    >>> to_ascii("∂R(w) = −τ (1, 1), ‖s‖² ≈ 1"), to_ascii("W1[1,·] ≤ e²"), to_ascii("é")
    ('dR(w) = -tau (1, 1), |s|^2 ~ 1', 'W1[1,:] <= e^2', 'e')
    """
    if text.isascii():
        return text
    for sign, letters in _REPLACEMENTS:
        text = text.replace(sign, letters)
    text = _raised(text)
    text = "".join(str(_SUBSCRIPTS.index(c)) if c in _SUBSCRIPTS else c for c in text)
    if text.isascii():
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.encode("ascii", "replace").decode()


def _raised(text: str) -> str:
    """Write superscripts behind one ``^``."""
    result, was_raised = "", False
    for character in text:
        is_raised = character in _SUPERSCRIPTS
        if is_raised:
            result += ("" if was_raised else "^") + str(_SUPERSCRIPTS.index(character))
        else:
            result += character
        was_raised = is_raised
    return result
