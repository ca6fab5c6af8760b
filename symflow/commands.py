"""Which commands and options there are, with their lines of help: one table.

``usage.py`` reads by it and ``help_texts.py`` shows it, so that what is parsed and what ``--help`` prints cannot
differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Option:
    """An option: its flag, what its value is called (None for a switch), and its line of help."""

    flag: str
    metavar: str | None
    summary: str


@final
@dataclass(frozen=True, slots=True)
class Command:
    """A command: its argument as usage writes it (``FILE``, ``[FILE]``), its line of help, its own options."""

    name: str
    argument: str
    summary: str
    explanation: str
    options: tuple[Option, ...] = ()

    @property
    def needs_argument(self) -> bool:
        """Whether the argument may not be left out."""
        return bool(self.argument) and not self.argument.startswith("[")


_POINT = (
    Option("--variable", "NAME", "weights or input, instead of the file's"),
    Option("--at", "2,1/2", "the point, with the variable input"),
)

_NAMES = Option("--names", "matrices", "or rows, or letters such as rows=r,parameters=omega")

COMMANDS = (
    Command(
        "study",
        "[FILE]",
        "everything below, into one folder   (start here)",
        "Writes results, certificates, notes and a page into --output (default: named after FILE).\n"
        "Without FILE, studies the built-in demo. Never writes into a folder of yours.",
    ),
    Command(
        "init",
        "[FILE]",
        "a commented problem file to start from",
        "Writes it to FILE, which must not exist yet; without FILE, to standard output.",
    ),
    Command(
        "derive",
        "FILE",
        "closed forms: pieces, gradients, subgradients at the kinks",
        "The function piece by piece, with the conditions of each piece and the gradient on it.\n"
        "With widths = [..] in place of weights: for all weights.",
        (
            Option("--latex", None, "a LaTeX fragment that needs amsmath only"),
            Option("--kinks", "2,1,1", 'deep nets: at this kink (layer, neuron, datum); "2,1,1;1,2,1": at both'),
            *_POINT,
            _NAMES,
        ),
    ),
    Command(
        "regions",
        "FILE",
        "activation cells and their walls",
        "All cells of input space on which the net is affine, and all walls between them, exactly.\n"
        "Exit code 3 where time did not suffice: --resume goes on from what --json --output wrote.\n"
        "In weight space (one hidden layer): how many cells and walls, neuron by neuron.",
        (
            Option("--variable", "NAME", "input (the default here) or weights"),
            Option("--all", None, "list every cell"),
            Option("--max-cells", "N", "find no more cells than this, in this run"),
            Option("--workers", "N", "so many processes of this machine"),
            Option("--cluster", "ADDRESS", "the workers of a Dask cluster (extra: cluster)"),
            Option("--resume", "FILE", "go on from an incomplete result; it holds the problem too"),
            _NAMES,
        ),
    ),
    Command(
        "clarke",
        "FILE",
        "the Clarke differential at the point",
        "The whole set, exactly, with a certificate for every pattern of signs; exit code 3 where\n"
        "the time did not suffice and the set is only enclosed.",
        (
            *_POINT,
            _NAMES,
            Option("--all-vertices", None, "list the vertices even where there are more than 4096"),
            Option("--stationarity", None, "also what kind of point it is, and a way down"),
        ),
    ),
    Command(
        "audit",
        "FILE",
        "what automatic differentiation returns there; is it right?",
        "The chain rule's gradient under each convention for the slope at a kink, and whether it is\n"
        "a Clarke subgradient; if not, a direction that shows it.",
        (*_POINT, _NAMES),
    ),
    Command(
        "flow",
        "FILE",
        "the gradient flow, across kinks, at any number of digits",
        "Follows w' in minus the Clarke differential from the weights of FILE (or x' from its\n"
        "point) as its [flow] section says: crossings, sliding and rest are found, margins and\n"
        "conserved quantities watched. Where the solution is not unique it stops and lists the\n"
        "branches. Exit code 3 where it is not decided how the flow goes on.",
        (
            Option("--until", "T", "the last time, instead of the file's"),
            Option("--checkpoints", "1,5/2", "times to look at, instead of the file's"),
            Option("--on-nonunique", "NAME", "report, ridge, descent, + or -, instead of the file's"),
            Option("--validated", None, "prove an enclosure"),
            Option("--laws", None, "the conservation laws of each arc, too"),
            Option("--from", "FILE", "go on from what --json --output wrote; it holds the problem too"),
            Option("--picture", "FILE", "draw it, too: .svg, .png or .pdf"),
            *_POINT,
            _NAMES,
        ),
    ),
    Command(
        "laws",
        "FILE",
        "what the gradient flow conserves, proved complete",
        "All conservation laws: of a linear net or a relu net on any data (widths = [..] are enough),\n"
        "or, with --model cell, on the given data and the activation cells that meet the weights.\n"
        "Exit code 1 where --check is refuted, 3 where it is open whether there are more laws.",
        (
            Option("--model", "NAME", "linear, relu or cell, instead of the file's"),
            Option("--every-cell", None, "all cells of weight space (one hidden layer)"),
            Option("--latex", None, "a LaTeX fragment that needs amsmath only"),
            Option("--picture", "FILE", "laws on each cell of neuron 1, if it has two weights: .svg, .tex, .png"),
            Option("--check", "POLYNOMIAL", "is this one conserved?  e.g. 'W1[1,1]**2 - W2[1,1]**2'"),
            _NAMES,
        ),
    ),
    Command(
        "prove",
        "[FILE]",
        "claims: proved, refuted with a witness, or undecided",
        "Claims of the catalogue about the net of FILE, about all nets of a shape, or in general:\n"
        "proved, refuted with a witness, vacuous, conditional on cited facts, enclosed, undecided.\n"
        "Without --claim, all that apply. NAME is a name or a number of symflow claims, or a\n"
        "statement of your own, such as 'norm2(W1) - norm2(W2) is conserved'.\n"
        "Exit code 1 where a claim asked for is refuted, 3 where it is undecided.",
        (
            Option("--claim", "NAME", "this one; may be given several times"),
            Option("--all", None, "all that apply, besides those"),
            Option("--shape", "2-2-1", "all relu nets of these widths, instead of FILE"),
            Option("--latex", None, "theorems and proofs in LaTeX, for lecture notes"),
            *_POINT,
        ),
    ),
    Command(
        "claims",
        "",
        "the claims it knows",
        "The statements of the two lectures, as printed and corrected, by their numbers and names.",
        (Option("--verdicts", None, "with the verdict of each, worked out anew"),),
    ),
    Command(
        "export",
        "FILE",
        "claims as scripts for a second kernel, Coq",
        "Theorems about the net itself, each with its certificate as its proof: of what prove,\n"
        "clarke, audit, laws, derive or regions wrote with --json --output, or of a problem file.\n"
        "With --output, a folder of scripts; what has no script is named there and in the report.",
        (
            Option("--coq", None, "for Coq 8.16 or later; coqc checks them"),
            Option("--lean", None, "text for Lean 4, not checked here"),
        ),
    ),
    Command(
        "report",
        "FILE",
        "an interactive page: the cells, the kinks, the flow",
        "One HTML file that needs nothing else and asks for nothing; --output page.html writes it.\n"
        "In the input: all cells, walls and corners, and where autodiff is wrong; in the weights: the\n"
        "Clarke differential beside the map of the net. Flows can be followed, event by event.\n"
        "Of a shape with symbolic weights: what holds for all of them.",
        (
            Option("--slice", "O;A;B", "more than two inputs: the plane O + p A + q B, e.g. '0,0,1;1,0,0;0,1,0'"),
            *_POINT,
            _NAMES,
        ),
    ),
    Command(
        "notes",
        "FILE",
        "lecture notes or slides in LaTeX",
        "The problem, its pieces and gradients, the Clarke differential with its proof, autodiff,\n"
        "Euler, the flow, all statements: an article that pdflatex compiles; --output writes it.",
        (
            Option("--fragment", None, "a piece for \\input, without a preamble; its head says what it needs"),
            Option("--beamer", None, "slides instead"),
            *_POINT,
            _NAMES,
        ),
    ),
    Command(
        "verify",
        "FILE|DIR",
        "re-check, trusting the small checker alone",
        "Re-checks what a command wrote with --json --output FILE; for a folder, every such file in\n"
        "it. Exit code 0 accepted, 1 rejected, 2 not such a file.",
    ),
)

COMMON = (
    Option("--json", None, "one JSON object, the same bytes each time"),
    Option("--output", "PATH", "write there"),
    Option("--quiet", None, "no progress"),
    Option("--full", None, "elide nothing"),
    Option("--ascii", None, "no Unicode"),
    Option("--width", "N", "columns of text"),
    Option("--digits", "N", "working digits"),
    Option("--time-limit", "S", "seconds; then say what is known"),
)
