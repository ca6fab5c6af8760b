"""What the objects of a problem are called, where its user has names of their own: the section [names].

Below the printers everything bears the names of the lectures: u_j for the rows of W_1, v_j for the entries of the last
matrix, w for all weights, x_k for the data. ``Names`` says which letters stand in their place, and in which style the
weights are written; ``reports/names.py`` puts them there. A letter has one meaning: two names alike, or one that
symflow gives to something else, are refused. JSON keeps the contract's names, so that the same problem is the same
bytes, whatever it is called.

>>> Names.of(rows="a", hull="mu").letter("rows")
Traceback (most recent call last):
    ...
symflow.errors.InputError: names.rows: a stands for slopes; take another letter, or name those too, slopes = ".."
>>> Names.of(parameters="theta", hull="mu").letter("parameters")
'θ'
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import final

from symflow.errors import InputError
from symflow.problem_values import choice, described, table

#: How the weights are written: rows and entries by letters of their own, or as parts of their matrices.
STYLES = ("rows", "matrices")

#: What has a name: its key, the lectures' letter, and what that means.
ROLES = {
    "rows": ("u", "the rows of the first matrix"),
    "output": ("v", "the last matrix and its entries"),
    "matrices": ("W", "the matrices"),
    "biases": ("b", "the biases"),
    "parameters": ("w", "all weights together"),
    "data": ("x", "the data"),
    "labels": ("y", "the labels"),
    "function": ("f", "the net as a function"),
    "combination": ("F", "a combination of outputs"),
    "risk": ("R", "the risk"),
    "margins": ("m", "the margins"),
    "soft_margin": ("u", "the soft margin"),
    "constants": ("c", "constants"),
    "slopes": ("a", "slopes"),
    "hull": ("θ", "the weights of a hull"),
}

#: The letters that keep their meaning.
FIXED = {
    "A": "the matrix of slopes",
    "G": "an auxiliary function",
    "H": "an entropy",
    "J": "the set of the neurons at a kink",
    "L": "the number of layers",
    "P": "a piece",
    "S": "a block of a subgradient",
    "d": "a direction",
    "e": "the number 2.718..",
    "g": "an index",
    "h": "a feature",
    "i": "an index",
    "j": "an index",
    "k": "an index",
    "l": "an index",
    "n": "a number of data",
    "p": "a vertex or a coordinate in a slice",
    "q": "a coordinate in a slice",
    "s": "a subgradient",
    "t": "the time",
    "z": "a preactivation",
    "ε": "a small number",
    "η": "a step",
    "λ": "the weight decay",
    "ξ": "a coordinate of the input",
    "ρ": "a frozen coefficient",
    "σ": "the activation",
    "ℓ": "the loss",
    "τ": "the number that moves along a segment",
}

#: Greek letters by their names; the capital ones that look Latin are left out.
GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}


@final
@dataclass(frozen=True, slots=True)
class Names:
    """The names that a user has chosen.

    Parameters
    ----------
    weights : str or None
        ``"rows"``: u_j and v_j wherever rows of the first matrix and entries of the last one are written.
        ``"matrices"``: W_1[j,:] and W_2[1,j]. None: u_j and v_j in formulas, the matrices where a subgradient is
        written block by block.
    letters : tuple of pairs of str
        Roles and their letters, those that differ from the lectures'.

    Raises
    ------
    InputError
        If two names are alike, or one is taken.
    """

    weights: str | None = None
    letters: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        taken: dict[str, str] = {}
        conflicts: list[tuple[str, str]] = []
        for role in ROLES:
            if self.weights == "matrices" and role in ("rows", "output"):
                if role in dict(self.letters):
                    message = 'has no place with weights = "matrices"; leave one of them out'
                    raise InputError(message, place=f"names.{role}")
                continue
            letter = self.letter(role)
            taken_by = "a direction" if letter == "v" and role != "output" else FIXED.get(letter)
            if taken_by is not None:
                conflicts.append((role, f"{letter} stands for {taken_by}; take another letter"))
                continue
            if role == "soft_margin" and (letter, taken.get(letter)) == ("u", "rows"):
                continue  # the lectures' u_j have an index, their u has none
            if letter in taken:
                one, other = (taken[letter], role) if role in dict(self.letters) else (role, taken[letter])
                message = f'{letter} stands for {ROLES[one][1]}; take another letter, or name those too, {one} = ".."'
                conflicts.append((other, message))
                continue
            taken[letter] = role
        if conflicts:
            (role, message), *others = conflicts
            if others:  # all of them at once, and what could be taken instead
                free = (c for c in string.ascii_letters if c not in FIXED and c not in taken and c != "v")
                more = "".join(f"; names.{name}: {text.partition(';')[0]}" for name, text in others)
                message = f"{message}{more}; free letters are {', '.join(free)}"
            raise InputError(message, place=f"names.{role}")

    @classmethod
    def of(cls, **said: str) -> Names:
        """Return names by their keys: ``weights`` and the roles.

        Examples
        --------
        >>> Names.of(weights="matrices", data="q")
        Traceback (most recent call last):
            ...
        symflow.errors.InputError: names.data: q stands for a coordinate in a slice; take another letter
        >>> Names.of(weights="matrices", matrices="V", data="r")
        Names(weights='matrices', letters=(('matrices', 'V'), ('data', 'r')))
        """
        return names_from_tree(said)

    def letter(self, role: str) -> str:
        """Return the letter of a role."""
        return dict(self.letters).get(role, ROLES[role][0])

    def tree(self) -> dict[str, str]:
        """Return them as a problem file writes them."""
        return ({} if self.weights is None else {"weights": self.weights}) | dict(self.letters)


#: The names of the lectures.
LECTURES = Names()


def names_from_tree(value: object) -> Names:
    """Return the names that a section [names] gives.

    Parameters
    ----------
    value : mapping of str to str
        As a problem file writes it.

    Raises
    ------
    InputError
        If a key is unknown, a value is no letter, or two names are alike.

    Examples
    --------
    >>> names_from_tree({"matrices": "V", "parameters": "ω"}).tree()
    {'matrices': 'V', 'parameters': 'ω'}
    >>> names_from_tree({"output": "c"})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: names.output: c stands for constants; take another letter, or name those too, ...
    """
    section = table(value, "names", ("weights", *ROLES))
    style = None
    if "weights" in section:
        style = choice(section["weights"], "names.weights", STYLES, kind="style")
    letters = ((role, _letter(section[role], f"names.{role}")) for role in ROLES if role in section)
    return Names(style, tuple((role, letter) for role, letter in letters if letter != ROLES[role][0]))


def names_from_text(text: str, names: Names | None = None) -> Names:
    """Return the names of an option: a style, and ``role=letter``, with commas between; they go before the file's.

    Examples
    --------
    >>> names_from_text("matrices, data=y, labels=r").tree()
    {'weights': 'matrices', 'data': 'y', 'labels': 'r'}
    """
    section: dict[str, str] = {} if names is None else names.tree()
    for part in text.split(","):
        key, sign, letter = (piece.strip() for piece in part.partition("="))
        section[key if sign else "weights"] = letter if sign else key
    if section.get("weights") == "matrices" and names is not None and names.weights != "matrices":
        said = {part.partition("=")[0].strip() for part in text.split(",")}
        section = {key: letter for key, letter in section.items() if key not in ("rows", "output") or key in said}
    return names_from_tree(section)


def _letter(value: object, place: str) -> str:
    if isinstance(value, str):
        letter = GREEK.get(value, value)
        if letter in GREEK.values() or (len(letter) == 1 and letter.isascii() and letter.isalpha()):
            return letter
    message = f'{described(value)} is no letter; write a Latin one, or a Greek one as "theta"'
    raise InputError(message, place=place)
