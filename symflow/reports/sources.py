r"""The publications that statements rest on: how they are cited, listed, and written for BibTeX.

A lemma's reference and an axiom's source are words, ``Clarke 1983, Theorem 2.5.1``; here they become citations of
entries, each with its place in the work. Pieces that name a lecture stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, final

from symflow.checker.axioms import AXIOMS


@final
@dataclass(frozen=True, slots=True)
class Source:
    """A publication.

    Parameters
    ----------
    key : str
        What a citation calls it: the first author and the year.
    kind : str
        BibTeX's.
    authors : tuple of str
        ``F. H. Clarke``, in LaTeX.
    title : str
        In LaTeX; what BibTeX must not make small stands in braces.
    year : int
    more : mapping
        Further fields in BibTeX's order: ``journal``, ``volume``, ``pages``; ``publisher``; ``booktitle``.
    """

    key: str
    kind: Literal["book", "article", "inproceedings", "misc"]
    authors: tuple[str, ...]
    title: str
    year: int
    more: Mapping[str, str]

    @property
    def bibtex(self) -> str:
        r"""The entry for BibTeX.

        Examples
        --------
        >>> print(SOURCES["clarke1983"].bibtex)
        @book{clarke1983,
          author = {F. H. Clarke},
          title = {Optimization and Nonsmooth Analysis},
          publisher = {Wiley},
          year = {1983},
        }
        """
        fields = {"author": " and ".join(self.authors), "title": self.title, **self.more, "year": str(self.year)}
        return "\n".join([f"@{self.kind}{{{self.key},", *(f"  {k} = {{{v}}}," for k, v in fields.items()), "}"])

    @property
    def text(self) -> str:
        r"""The line of a list of references, in LaTeX.

        Examples
        --------
        >>> print(SOURCES["hartman2002"].text)
        P. Hartman, \emph{Ordinary Differential Equations}, second edition, SIAM, 2002.
        """
        who, more = ", ".join(self.authors), self.more
        title = re.sub(r"\{(\w+)\}", r"\1", self.title)
        if self.kind == "book":
            edition = f", {more['edition']} edition" if "edition" in more else ""
            return rf"{who}, \emph{{{title}}}{edition.lower()}, {more['publisher']}, {self.year}."
        if self.kind == "article":
            number = f" {more['volume']} ({self.year}), {more['pages']}"
            return rf"{who}, {title}, \emph{{{more['journal']}}}{number}."
        if self.kind == "inproceedings":
            return rf"{who}, {title}, \emph{{{more['booktitle']}}}, {self.year}."
        return f"{who}, {title}, {more['howpublished']}, {self.year}."


def _book(key: str, authors: str, title: str, publisher: str, edition: str = "") -> Source:
    more = {"edition": edition} if edition else {}
    return Source(key, "book", tuple(authors.split(" and ")), title, int(key[-4:]), {**more, "publisher": publisher})


def _article(key: str, authors: str, title: str, journal: str, volume: str, pages: str) -> Source:
    more = {"journal": journal, "volume": volume, "pages": pages}
    return Source(key, "article", tuple(authors.split(" and ")), title, int(key[-4:]), more)


def _talk(key: str, authors: str, title: str, booktitle: str) -> Source:
    return Source(key, "inproceedings", tuple(authors.split(" and ")), title, int(key[-4:]), {"booktitle": booktitle})


_NEURIPS = "Advances in Neural Information Processing Systems"

#: The publications, by their keys.
SOURCES: Mapping[str, Source] = {
    source.key: source
    for source in (
        _talk(
            "arora2018",
            "S. Arora and N. Cohen and E. Hazan",
            "On the optimization of deep networks: implicit acceleration by overparameterization",
            "Proceedings of the 35th International Conference on Machine Learning",
        ),
        _book("aubin1984", "J.-P. Aubin and A. Cellina", "Differential Inclusions", "Springer"),
        _article(
            "bolte2021",
            "J. Bolte and E. Pauwels",
            "Conservative set valued fields, automatic differentiation, stochastic gradient methods and deep learning",
            "Mathematical Programming",
            "188",
            "19--51",
        ),
        _book("clarke1983", "F. H. Clarke", "Optimization and Nonsmooth Analysis", "Wiley"),
        _article(
            "davis2020",
            "D. Davis and D. Drusvyatskiy and S. Kakade and J. D. Lee",
            "Stochastic subgradient method converges on tame functions",
            "Foundations of Computational Mathematics",
            "20",
            "119--154",
        ),
        _article(
            "drusvyatskiy2015",
            "D. Drusvyatskiy and A. D. Ioffe and A. S. Lewis",
            "Curves of descent",
            "SIAM Journal on Control and Optimization",
            "53",
            "114--138",
        ),
        _talk(
            "du2018",
            "S. S. Du and W. Hu and J. D. Lee",
            "Algorithmic regularization in learning deep homogeneous models: layers are automatically balanced",
            f"{_NEURIPS} 31",
        ),
        _book(
            "evans2015",
            "L. C. Evans and R. F. Gariepy",
            "Measure Theory and Fine Properties of Functions",
            "CRC Press",
            "Revised",
        ),
        _book("filippov1988", "A. F. Filippov", "Differential Equations with Discontinuous Righthand Sides", "Kluwer"),
        _book(
            "gilbarg2001",
            "D. Gilbarg and N. S. Trudinger",
            "Elliptic Partial Differential Equations of Second Order",
            "Springer",
        ),
        _article(
            "gronwall1919",
            "T. H. Gronwall",
            "Note on the derivatives with respect to a parameter of the solutions of a system of differential "
            "equations",
            "Annals of Mathematics",
            "20",
            "292--296",
        ),
        _talk(
            "hanin2019",
            "B. Hanin and D. Rolnick",
            "Deep {ReLU} networks have surprisingly few activation patterns",
            f"{_NEURIPS} 32",
        ),
        _book("hartman2002", "P. Hartman", "Ordinary Differential Equations", "SIAM", "Second"),
        _talk(
            "ji2020",
            "Z. Ji and M. Telgarsky",
            "Directional convergence and alignment in deep learning",
            f"{_NEURIPS} 33",
        ),
        _talk(
            "lyu2020",
            "K. Lyu and J. Li",
            "Gradient descent maximizes the margin of homogeneous neural networks",
            "International Conference on Learning Representations",
        ),
        _talk(
            "marcotte2023",
            r"S. Marcotte and R. Gribonval and G. Peyr\'e",
            "Abide by the law and follow the flow: conservation laws for gradient flows",
            f"{_NEURIPS} 36",
        ),
        _article(
            "rademacher1919",
            "H. Rademacher",
            r"\"Uber partielle und totale Differenzierbarkeit von Funktionen mehrerer Variabeln und \"uber die "
            "Transformation der Doppelintegrale",
            "Mathematische Annalen",
            "79",
            "340--359",
        ),
        _book("rockafellar1970", "R. T. Rockafellar", "Convex Analysis", "Princeton University Press"),
        _book("rudin1976", "W. Rudin", "Principles of Mathematical Analysis", "McGraw-Hill", "Third"),
        _book("rudin1987", "W. Rudin", "Real and Complex Analysis", "McGraw-Hill", "Third"),
        _book("scholtes2012", "S. Scholtes", "Introduction to Piecewise Differentiable Equations", "Springer"),
        Source(
            "tian2023",
            "misc",
            ("L. Tian", "A. M.-C. So"),
            "Testing stationarity concepts for {ReLU} networks: hardness, regularity, and robust algorithms",
            2023,
            {"howpublished": "arXiv:2302.12261"},
        ),
    )
}

# Books that axioms name by author and title.
_BY_TITLE = {
    "Aubin, Cellina: Differential Inclusions (1984)": "aubin1984",
    "Clarke: Optimization and Nonsmooth Analysis (1983)": "clarke1983",
    "Evans, Gariepy: Measure Theory and Fine Properties of Functions": "evans2015",
    "Gilbarg, Trudinger: Elliptic Partial Differential Equations of Second Order": "gilbarg2001",
    "Hartman: Ordinary Differential Equations": "hartman2002",
    "Rockafellar: Convex Analysis (1970)": "rockafellar1970",
    "Rudin: Principles of Mathematical Analysis": "rudin1976",
    "Rudin: Real and Complex Analysis": "rudin1987",
}

_AUTHORS_AND_YEAR = re.compile(r"(?P<first>[A-Z]\w+)(?:, [A-Z]\w+)* (?P<year>[12][0-9]{3})\b")
_PLACE = re.compile(r"^,? (?:and )?((?:Theorem|Lemma|Proposition|Corollary|Section|Chapter)s? [^,;]*)(.*)$")
_CITE = re.compile(r"\\cite(?:\[((?:[^\]\\]|\\.)*)\])?\{([a-z0-9,:]+)\}")


def citations(reference: str) -> str:
    r"""Return the publications that a reference names, as citations; empty where it names none.

    Examples
    --------
    >>> print(citations("Clarke 1983, Proposition 2.1.2 and Theorem 2.5.1; lecture A"))
    \cite[Proposition~2.1.2 and Theorem~2.5.1]{clarke1983}
    >>> print(citations("Gronwall 1919; Hartman: Ordinary Differential Equations, Theorem III.1.1"))
    \cite{gronwall1919}, \cite[Theorem~III.1.1]{hartman2002}
    >>> citations("lecture B, Theorem 5, as printed")
    ''
    """
    found = []
    for title, key in _BY_TITLE.items():
        reference = reference.replace(title, f"{key.capitalize()[:-4]} {key[-4:]}")
    named = list(_AUTHORS_AND_YEAR.finditer(reference))
    for each in named:
        rest = reference[each.end() :].partition(";")[0]
        following = _AUTHORS_AND_YEAR.search(rest)
        place = _place(rest[: following.start()] if following else rest)
        found.append(rf"\cite{f'[{place}]' if place else ''}{{{each['first'].lower()}{each['year']}}}")
    return ", ".join(found)


def _place(rest: str) -> str:
    """Return ``Theorem~2.5.1`` of what stands behind the year."""
    found = _PLACE.match(rest)
    if found is None:
        return ""
    place, more = found[1].strip(), _PLACE.match(found[2])
    place = f"{place}, {_place(found[2])}" if more else place
    return re.sub(r"\b(Theorem|Lemma|Proposition|Corollary|Section|Chapter) ", r"\1~", place)


def admitted(axiom: str) -> str:
    """Return where an axiom is proved, as citations; empty where that is nowhere."""
    return citations(AXIOMS[axiom].source)


def cited(texts: Iterable[str]) -> tuple[Source, ...]:
    r"""Return the publications that LaTeX cites, in the order of their keys.

    Examples
    --------
    >>> [source.year for source in cited([r"By \cite[Theorem~2.5.1]{clarke1983} and \cite{bolte2021}."])]
    [2021, 1983]
    """
    keys = {key for text in texts for found in _CITE.finditer(text) for key in found[2].split(",")}
    return tuple(SOURCES[key] for key in sorted(keys))


def without_citations(text: str) -> str:
    r"""Return LaTeX with its citations as words, for where there is no list of references.

    Examples
    --------
    >>> print(without_citations(r"A segment~\cite[Theorem~2.5.1]{clarke1983}."))
    A segment (Clarke 1983, Theorem~2.5.1).
    """

    def words(found: re.Match[str]) -> str:
        names = [f"{SOURCES[key].authors[0].split()[-1]} {SOURCES[key].year}" for key in found[2].split(",")]
        return f" ({', '.join([*names, *filter(None, [found[1]])])})"

    return re.sub(rf"[~ ]?{_CITE.pattern}", words, text)


def bibliography(sources: Iterable[Source], prefix: str = "") -> str:
    """Return the text of a ``.bib`` file; the keys bear a prefix where a fragment's do."""
    entries = [source.bibtex.replace(f"{{{source.key},", f"{{{prefix}{source.key},", 1) for source in sources]
    return "\n\n".join([MARK, *entries]) + "\n"


#: The first line of a ``.bib`` file: by it a file of ours is known.
MARK = "% Written by symflow: what the notes beside it cite."
