"""ASCII in place of Unicode, letter for letter: what a stream takes that is no UTF-8."""

from __future__ import annotations

import re
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
    ("′", "'"),
    ("–", "-"),
    ("—", "--"),
    ("”", '"'),
    ("“", '"'),
    ("±", "+-"),
    ("⊥", "_|_"),
    ("∘", "o"),
    ("√", "sqrt"),
    ("∏", "prod"),
    ("∪", "union"),
    ("⊂", "within"),
    ("⊆", "within"),
    ("∉", "not in"),
    ("⇔", "<=>"),
    ("⇒", "=>"),
    ("↦", "|->"),
    ("→", "->"),
    ("∞", "infinity"),
    ("ξ", "xi"),
    ("ψ", "psi"),
    ("φ", "phi"),
    ("ρ", "rho"),
    ("μ", "mu"),
    ("Δ", "Delta"),
    ("δ", "delta"),
    ("β", "beta"),
    ("α", "alpha"),
    ("ζ", "zeta"),
    ("κ", "kappa"),
    ("ν", "nu"),
    ("π", "pi"),
    ("χ", "chi"),
    ("ω", "omega"),
    ("Γ", "Gamma"),
    ("Θ", "Theta"),
    ("Λ", "Lambda"),
    ("Ξ", "Xi"),
    ("Π", "Pi"),
    ("Φ", "Phi"),
    ("Ψ", "Psi"),
    ("Ω", "Omega"),
    ("ᵀ", "^T"),
    ("■", ""),
    ("⊠", ""),
    ("⊡", ""),
    ("⊟", ""),
    ("□", ""),
    ("∅", ""),
)

_LOWERED = dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋", "aehijklmnoprstuvx0123456789+-", strict=True))

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


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
    text = re.sub(f"[{''.join(_LOWERED)}]+", _lowered, text)
    if text.isascii():
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.encode("ascii", "replace").decode()


def _lowered(match: re.Match[str]) -> str:
    """Write subscripts: a number on the line, a letter behind ``_``, more in parentheses."""
    found = "".join(_LOWERED[c] for c in match[0])
    if found.isdigit():
        return found
    return f"_{found}" if len(found) == 1 else f"_({found})"


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
