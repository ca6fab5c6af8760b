r"""The section on weight-gradient preservation: Euler's identity on the whole set, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.differentials.euler import Euler, euler
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.names import in_use
from symflow.reports.notes.context import Context, in_words
from symflow.reports.notes.document import Block, Chapter, Entry, Formula, Grid, Prose, Section, Statement, Verdict

_MOST_VERTICES = 4

# By what the general statements are known.
_IDENTITY = "polynomial identity"

# Where the proposition is proved for nets.
_NAME = r"\cite[Section~2]{du2018}, \cite[Theorem~B.2]{lyu2020}"


def euler_chapter(context: Context) -> Chapter | None:
    """Return the section on Euler's identity; None where there is none (biases)."""
    found = euler(context.function)
    if found is None:
        return None
    if context.is_input:
        return _in_the_input(context, found)
    return _in_the_weights(context, found)


# ---------------------------------------------------------------------- the input


def _in_the_input(context: Context, found: Euler) -> Chapter:
    value = context.number(found.value)
    rho = _frozen(context)
    degree = "" if found.degree == 1 else f"{found.degree}\\,"
    body = (
        Prose(f"For every $s\\in {context.set_name}$,"),
        Formula((rf"\ip sx={degree}{rho}f(x)={value}.",)),
    )
    proof = Prose(
        f"Without biases $f$ is positively homogeneous of degree ${found.degree}$ in $x$, so the gradient of each "
        f"piece "
        "satisfies the identity; it is linear in $s$, and passes to limits and convex combinations."
    )
    statement = Statement(
        "Proposition",
        body,
        Verdict("proved", f"{context.scope}; all of ${context.set_name}$", "exact, on every vertex"),
        (proof,),
    )
    stated = rf"$\ip sx={degree}{rho}f(x)$ for $s\in {context.set_name}$"
    entry = Entry(stated, "proved", context.scope, "exact, on every vertex")
    return Chapter(Section("Euler's identity", (statement,)), (entry,))


def _frozen(context: Context) -> str:
    return "" if isinstance(context.function.objective, Output) else r"\rho\,"


# ---------------------------------------------------------------------- the weights


def _in_the_weights(context: Context, found: Euler) -> Chapter:
    n_layers = context.shape.n_layers
    split = ",".join(f"S_{layer}" for layer in range(1, n_layers + 1))
    blocks: list[Block] = [
        Prose(f"Write $s=({split})$ for an element of ${context.set_name}$, split by layers."),
        _proposition(context, found),
    ]
    remark, entries = _degree(context, found)
    blocks.append(remark)
    degrees = context.shape.block_degrees
    equal = all(d == 1 for d in degrees)
    first = Entry(
        r"$\ip{W_l}{\nabla_{W_l}f}=f$ on every piece" if equal else r"$\ip{W_l}{\nabla_{W_l}f}=d_lf$ on every piece",
        "proved",
        "every depth and width",
        _IDENTITY,
    )
    second = Entry(rf"$\ip sw={found.degree}f(w)$ for $s\in\partial f(w)$", "proved", _every(context), _IDENTITY)
    return Chapter(Section("Weight--gradient preservation", tuple(blocks)), (first, second, *entries))


def _every(context: Context) -> str:
    n = context.shape.n_layers
    if any(d != 1 for d in context.shape.block_degrees):
        return "every net of these activations"
    return f"every {in_words(n)}-layer net" if n > 1 else "every linear net"


def _proposition(context: Context, found: Euler) -> Statement:
    degrees = context.shape.block_degrees
    values = found.layers
    middle = r"\sum_k\rho_k\,f(x_k;w)" if context.coefficients_matter else context.output(0)
    scope = f"{context.scope}; all of ${context.set_name}$"
    if all(d == 1 for d in degrees):
        text = f"For every $s\\in {context.set_name}$ and each layer $l$,"
        left = rf"\ip{{W_l}}{{S_l}}={middle}={context.number(values[0])}"
    else:
        listed = ",".join(map(str, degrees))
        text = f"For every $s\\in {context.set_name}$ and each layer $l$, with the degrees $(d_l)=({listed})$,"
        left = rf"\ip{{W_l}}{{S_l}}=d_l\,{middle},\qquad {middle}={context.number(values[-1])}"
    right = rf"\text{{hence}}\qquad \ip ws={context.number(found.value)}"
    whole = rf"{left},\qquad {right}."
    lines = (whole,) if width(whole) <= TEXT_WIDTH else (f"{left},", f"{right}.")
    body: list[Block] = [Prose(text), Formula(lines), *_vertices(context, found)]
    proof = (
        "On a piece $f$ is, in each $W_l$ alone, a polynomial of that degree and nothing else; Euler's identity "
        "holds for "
        "its gradient. It is linear in $s$, so it passes to limits and to convex combinations."
    )
    count = context.differential.n_vertices
    ground = "exact, on both vertices" if count == 2 else "exact, on every vertex" if count else "homogeneity"
    return Statement("Proposition", tuple(body), Verdict("proved", scope, ground), proof=(Prose(proof),), name=_NAME)


def _vertices(context: Context, found: Euler) -> list[Block]:
    """Return the identity on each vertex, computed from the vertex itself."""
    differential = context.differential
    if not differential.is_exact or not 1 < (differential.n_vertices or 0) <= _MOST_VERTICES:
        return []
    layers = range(1, context.shape.n_layers + 1)
    header = (
        r"\textnormal{vertex}",
        *(rf"\ip{{W_{layer}}}{{S_{layer}}}" for layer in layers),
        r"\ip ws",
    )
    rows = []
    for number, vertex in enumerate(_vertex_order(context), start=1):
        products = [_product(context, vertex, layer) for layer in layers]
        assert tuple(products) == tuple(found.layers), "Euler's identity fails on a vertex"
        total: Scalar = fmpq(0)
        for product in products:
            total = total + product
        name = _vertex_name(context, number - 1)
        rows.append((name, *(context.number(product) for product in products), context.number(total)))
    if sum(max(map(width, column)) + 12 for column in zip(header, *rows, strict=True)) > TEXT_WIDTH:
        return []
    return [Grid("c" * len(header), header, tuple(rows))]


def _vertex_order(context: Context) -> list[tuple[Scalar, ...]]:
    """Return the vertices, with one parameter θ in its order."""
    vertices = list(context.differential.vertices)
    reading = context.reading
    if reading is not None and _has_one_theta(context):
        part = reading.parts[0]
        first = [v for v in vertices if tuple(v[place] for place in part.places) == part.base]
        return first + [v for v in vertices if v not in first]
    return vertices


def _has_one_theta(context: Context) -> bool:
    reading = context.reading
    return reading is not None and len(reading.parts) == 1 and len(reading.parts[0].parameters) == 1


def _vertex_name(context: Context, index: int) -> str:
    return rf"\theta={index}" if _has_one_theta(context) else str(index + 1)


def _product(context: Context, vertex: Sequence[Scalar], layer: int) -> Scalar:
    total: Scalar = fmpq(0)
    block = context.shape.layer_block(layer)
    for place in range(block.start, block.stop):
        total = total + context.function.point[place] * vertex[place]
    return total


def _degree(context: Context, found: Euler) -> tuple[Block, list[Entry]]:
    """Return the remark on the degree: it counts weight matrices, not hidden layers."""
    witness = FunctionOfWeights(Network.from_weights([[1]], [[1]]), ((fmpq(1),),), Output())
    counted = euler(witness)
    assert counted is not None
    assert counted.value == 2  # ⟨s, w⟩ = 2 where f = 1 and there is one hidden layer
    if any(d != 1 for d in context.shape.block_degrees):
        text = f"The degree in all weights together is ${found.degree}$."
        return Prose(text), []
    n = context.shape.n_layers
    text = f"The degree is ${n}$, the number of weight matrices, not the number of hidden layers."
    net, ones = r"v\,\sigma(ux)", "u=v=x=1"
    if not in_use().has_rows:  # two matrices, however many the net of the notes has
        net, ones = r"W_2\,\sigma(W_1x)", "W_1=W_2=x=1"
    verdict = Verdict("refuted", "``a net with $L$ hidden layers is $L$-homogeneous''", f"witness ${net}$ at ${ones}$")
    stated = r"$\ip sw=f(w)\cdot{}$number of hidden layers"
    entry = Entry(stated, "refuted", f"witness ${net}$, all $1$", "both sides there, exactly")
    return Prose(text, verdict), [entry]
