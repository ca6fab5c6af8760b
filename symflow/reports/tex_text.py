r"""Sentences with formulas between dollars, in LaTeX, as one line of Unicode text: ``$\langle s,w\rangle=2f(w)$``.

Lemmas say their statements and proofs in LaTeX, as lectures do; a terminal shows them with this. Only what the lemmas
use is known: letters, relations, brackets, fractions, subscripts and powers. A digit as a subscript stands on the line
(``W1``), as everywhere on the terminal.

Examples
--------
>>> tex_text(r"So $\langle W_l,\nabla_{W_l}f\rangle=f$ for $1\le l\le L$.")
'So ⟨Wₗ, ∇Wₗ f⟩ = f for 1 ≤ l ≤ L.'
>>> tex_text(r"$\dot w=-v$, $\tfrac{d}{dt}R=-\lVert\dot w\rVert^2$ and $e^{-m_1}\ge\tfrac12$")
"w' = −v, d/dt R = −‖w'‖² and e^(−m1) ≥ 1/2"
"""

from __future__ import annotations

import re

# A bar at the left and one at the right of a norm look alike, but stand differently to their neighbours.
_OPENING, _CLOSING = "\x01", "\x02"

_LETTERS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "epsilon": "ε",
    "varepsilon": "ε",
    "theta": "θ",
    "lambda": "λ",
    "mu": "μ",
    "eta": "η",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "varphi": "φ",
    "psi": "ψ",
    "xi": "ξ",
    "ell": "ℓ",
    "nabla": "∇",
    "partial": "∂",
    "infty": "∞",
    "emptyset": "∅",
    "top": "ᵀ",
    "langle": "⟨",
    "rangle": "⟩",
    "lVert": _OPENING,
    "rVert": _CLOSING,
    "|": "‖",
    "lvert": "|",
    "rvert": "|",
    "{": "{",
    "}": "}",
    "cdots": "…",
    "ldots": "…",
    "dots": "…",
    "prime": "′",
    "%": "%",
    "&": "&",
    "_": "_",
}
_GREEK = frozenset(name for name, letter in _LETTERS.items() if letter.isalpha())

_RELATIONS = {
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "in": "∈",
    "notin": "∉",
    "subset": "⊂",
    "subseteq": "⊆",
    "supset": "⊃",
    "approx": "≈",
    "to": "→",
    "mapsto": "↦",
    "Rightarrow": "⇒",
    "Leftrightarrow": "⇔",
    "iff": "⇔",
    "times": "×",
    "cup": "∪",
    "cap": "∩",
    "mid": "|",
    "cdot": "·",
    "circ": "∘",
    "perp": "⊥",
    "pm": "±",
    "setminus": "∖",
    "downarrow": "↓",
    "uparrow": "↑",
    "ll": "≪",
    "gg": "≫",
    "propto": "∝",
    "equiv": "≡",
    "sim": "~",
}
_WORDS = {
    "min",
    "max",
    "ln",
    "exp",
    "log",
    "lim",
    "sup",
    "inf",
    "tr",
    "conv",
    "diag",
    "sign",
    "arg",
    "argmin",
    "range",
    "int",
    "dim",
    "tanh",
    "det",
    "rank",
}
_BIG = {"sum": "Σ", "int": "∫", "prod": "∏", "bigcup": "∪"}
_SPACES = {",": "", ";": " ", ":": " ", "!": "", " ": " ", "quad": "  ", "qquad": "  ", "colon": ": "}
_NOTHING = {"left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "displaystyle", "limits", "biggl", "biggr"}
_WRAPPERS = {"mathrm", "operatorname", "text", "textnormal", "mathbb", "mathcal", "mathbf", "emph", "textit", "mathsf"}
_WRAPPERS |= {"boldsymbol", "hat", "overline", "bar", "textrm"}

_SUBSCRIPTS = dict(zip("aehijklmnoprstuvx0123456789+−", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)) | {"n": "ⁿ"}
_SPACED = {"=", "<", ">", *"≤≥≠∈∉⊂⊆⊃≈→↦⇒⇔×∪∩∘⊥±∖≪≫∝≡~|"}

_TOKEN = re.compile(r"\\([A-Za-z]+|.)|([A-Za-z]+?)|([0-9]+(?:\.[0-9]+)?)|(\s+)|(.)", re.DOTALL)


def tex_text(sentence: str) -> str:
    """Return a sentence with formulas between dollars as one line of Unicode text."""
    pieces = re.split(r"(?<!\\)\$", " ".join(sentence.split()))
    shown = [_words(piece) if i % 2 == 0 else _Formula(piece).text() for i, piece in enumerate(pieces)]
    return re.sub(r" +", " ", "".join(shown)).strip()


def unknown_macros(sentence: str) -> set[str]:
    r"""Return the macros of a sentence that no rule here reads.

    Examples
    --------
    >>> unknown_macros(r"$\frobnicate x\le 1$")
    {'frobnicate'}
    """
    known = {*_LETTERS, *_RELATIONS, *_WORDS, *_BIG, *_SPACES, *_NOTHING, *_WRAPPERS, *_ARGUMENTS}
    return {name for name in re.findall(r"\\([A-Za-z]+)", sentence) if name not in known}


_ARGUMENTS = {"frac", "tfrac", "dfrac", "sqrt", "dot", "tilde", "ip", "norm", "R"}


def _words(text: str) -> str:
    text = re.sub(r"\\(?:emph|textit|textbf|texttt)\{([^{}]*)\}", r"\1", text)
    text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–").replace("~", " ")
    return re.sub(r"\\([%&_#$ ])", r"\1", text).replace("\\ ", " ")


class _Formula:
    """One formula, read from left to right."""

    def __init__(self, source: str) -> None:
        self.tokens = [match.group(0) for match in _TOKEN.finditer(source) if not match.group(4)]
        self.place = 0

    def text(self) -> str:
        found = self.until("")
        found = re.sub(r" +", " ", found)
        found = re.sub(rf"(?<=[⟨({{\[{_OPENING}]) | (?=[⟩)}}\],;.{_CLOSING}])", "", found)
        return found.replace(_OPENING, "‖").replace(_CLOSING, "‖").strip()

    def until(self, end: str) -> str:
        parts: list[str] = []
        while self.place < len(self.tokens) and self.tokens[self.place] != end:
            parts.append(self.item(parts))
        self.place += 1
        return "".join(parts)

    def item(self, before: list[str]) -> str:
        token = self.tokens[self.place]
        self.place += 1
        if token == "{":
            return self.until("}")
        if token in "^_" and len(token) == 1:
            return self.script(token)
        if token.startswith("\\"):
            return self.macro(token[1:], before)
        if token == "-":
            is_binary = bool("".join(before).strip()) and "".join(before).rstrip()[-1:] not in "(=<>≤≥,;[⟨{+−·^:⇒→∈"
            return " − " if is_binary else "−"
        if token == "+":
            return " + "
        if token in _SPACED:
            return f" {token} "
        if token in ",;":
            return f"{token} "
        if token == "'":
            return "'"
        return token

    def argument(self) -> str:
        """Return the next group or token."""
        if self.place >= len(self.tokens):
            return ""
        token = self.tokens[self.place]
        if token.isdigit() and len(token) > 1:  # \tfrac12 means 1/2
            self.tokens[self.place] = token[1:]
            return token[0]
        return self.item([])

    def script(self, sign: str) -> str:
        """Return a subscript or a power, and a space where another letter follows it: ``A1 W1 x``."""
        return self.set_script(sign) + (" " if self.is_letter_next() else "")

    def is_letter_next(self) -> bool:
        """Whether what follows is a letter, so that it is a factor."""
        following = self.tokens[self.place] if self.place < len(self.tokens) else ""
        return following.isalpha() or following[1:] in (*_GREEK, "cdots", "dot", "tilde", "nabla", "partial")

    def set_script(self, sign: str) -> str:
        """Return a subscript or a power: raised or lowered where Unicode has all of it."""
        found = re.sub(r" (?=[−+])|(?<=[−+]) ", "", self.argument().strip())
        table = _SUBSCRIPTS if sign == "_" else _SUPERSCRIPTS
        if sign == "_" and found.isdigit():
            return found
        if sign == "^" and found in ("ᵀ", "′", "'"):
            return found
        if found and all(c in table for c in found) and len(found) <= 3:
            return "".join(table[c] for c in found)
        if sign == "_" and found.startswith(("W", "w", "u", "v")) and self.after_nabla():
            return found if self.is_letter_next() else f"{found} "
        is_simple = len(found) == 1 or found.isalnum()
        return f"{sign}{found}" if is_simple else f"{sign}({found})"

    def after_nabla(self) -> bool:
        """Whether the script just read belongs to ∇: then it is written beside it, ∇W1 f."""
        place, depth = self.place - 1, 0
        while place >= 0:
            token = self.tokens[place]
            depth += (token == "}") - (token == "{")
            if token == "_" and not depth:
                return place > 0 and self.tokens[place - 1] in (r"\nabla", r"\partial")
            place -= 1
        return False

    def macro(self, name: str, before: list[str]) -> str:
        if name in _LETTERS:
            return f" {_LETTERS[name]} " if _LETTERS[name] == "…" else _LETTERS[name]
        if name in _RELATIONS:
            sign = _RELATIONS[name]
            return f" {sign} "
        if name in ("frac", "tfrac", "dfrac"):
            top, bottom = self.argument().strip(), self.argument().strip()
            operator = " " if top.startswith(("d", "∂")) and bottom.startswith(("d", "∂")) else ""
            return f"{_grouped(top)}/{_grouped(bottom)}{operator}"
        if name == "sqrt":
            inside = self.argument().strip()
            return f"√{inside}" if len(inside) == 1 else f"√({inside})"
        if name == "dot":
            return f"{self.argument()}'"
        if name == "tilde":
            return f"{self.argument()}\u0303"
        if name == "ip":
            return f"⟨{self.argument()}, {self.argument()}⟩"
        if name == "norm":
            return f"‖{self.argument()}‖"
        if name == "R":
            return "R"
        if name in _BIG:
            return _BIG[name] if name != "int" else "∫"
        if name in _WRAPPERS:
            inside = self.argument()
            return f" {inside} " if name == "text" else inside if name != "operatorname" else self.word(inside)
        if name in _WORDS:
            is_factor = "".join(before)[-1:].isalnum() or "".join(before)[-1:] in tuple("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ‖)⟩²³")
            return (" " if is_factor else "") + self.word(name)
        if name in _SPACES:
            return _SPACES[name] or " " if name == "," else _SPACES[name]
        return "" if name in _NOTHING else name

    def word(self, name: str) -> str:
        following = self.tokens[self.place] if self.place < len(self.tokens) else ""
        return name if following in ("(", "_", "^", "{", r"\{", "[") else f"{name} "


def _grouped(part: str) -> str:
    """Return a part of a fraction, in parentheses where it is a sum or a product."""
    is_simple = re.fullmatch(r"[\w'²³√∂∇ᵀ‖γ\u0303.^]+", part) is not None
    return part if is_simple else f"({part})"
