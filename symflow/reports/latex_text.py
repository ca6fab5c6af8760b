r"""Plain text as LaTeX: what TeX would take for a command is escaped, letters of formulas are set as such."""

from __future__ import annotations

import re

GREEK = {
    "θ": r"\theta",
    "τ": r"\tau",
    "σ": r"\sigma",
    "ε": r"\varepsilon",
    "γ": r"\gamma",
    "ℓ": r"\ell",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ρ": r"\rho",
    "δ": r"\delta",
    "ξ": r"\xi",
    "α": r"\alpha",
    "β": r"\beta",
    "ζ": r"\zeta",
    "η": r"\eta",
    "κ": r"\kappa",
    "ν": r"\nu",
    "π": r"\pi",
    "φ": r"\phi",
    "χ": r"\chi",
    "ψ": r"\psi",
    "ω": r"\omega",
    "Γ": r"\Gamma",
    "Δ": r"\Delta",
    "Θ": r"\Theta",
    "Λ": r"\Lambda",
    "Ξ": r"\Xi",
    "Π": r"\Pi",
    "Φ": r"\Phi",
    "Ψ": r"\Psi",
    "Ω": r"\Omega",
}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"$\hat{}$",
    "~": r"$\sim$",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "−": r"$-$",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "∂": r"$\partial$",
    "∇": r"$\nabla$",
    "ℓ": r"$\ell$",
    "²": r"$^2$",
    "³": r"$^3$",
}


# ∂R, ∇f(x): one formula, not a sign and a word.
_OPERATOR_OF = re.compile(r"([∂∇])([A-Za-z](?:\([a-z]\))?)(?![A-Za-z0-9_])")


def escape(text: str) -> str:
    r"""Return plain text as LaTeX; what no standard font has is written by its code point.

    Examples
    --------
    >>> print(escape("50% of W_1 − ♞"))
    50\% of W\_1 $-$ [U+265E]
    >>> print(escape("0 is in ∂R(w), ∇f exists"))
    0 is in $\partial R(w)$, $\nabla f$ exists
    """
    pieces, done = [], 0
    for found in _OPERATOR_OF.finditer(text):
        pieces += [_escaped(text[done : found.start()]), f"${_ESCAPES[found[1]].strip('$')} {found[2]}$"]
        done = found.end()
    return "".join([*pieces, _escaped(text[done:])])


def _escaped(text: str) -> str:
    pieces = []
    for character in text:
        if character in _ESCAPES:
            pieces.append(_ESCAPES[character])
        elif character in GREEK:
            pieces.append(f"${GREEK[character]}$")
        elif character.isascii() or ("À" <= character <= "ÿ" and character not in "×÷ÐÞðþ"):
            pieces.append(character if character.isprintable() else " ")
        else:
            pieces.append(f"[U+{ord(character):04X}]")
    return "".join(pieces)
