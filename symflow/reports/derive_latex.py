r"""``symflow derive --latex``: the closed form as a fragment for a lecture.

It needs amsmath and amssymb, and no more. The formulas are written from the patterns (``lecture.py``): factored as the
layers are, terms in the order of the neurons; no line is wider than the page (``latex_lines.py``). In order: what the
letters mean, the function piece by piece, the gradient on each piece, the Clarke differential at the kinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.activations.base import AbstractActivation, AbstractUnitActivation
from symflow.cells.derivation import Derivation, Piece
from symflow.nets.objective import LogSumExp, Risk
from symflow.problem import Problem
from symflow.reports.deep_kinks_latex import deep_kinks_latex
from symflow.reports.derive_gradient_latex import gradient_latex
from symflow.reports.derive_kinks_latex import kinks_latex
from symflow.reports.derive_parts import Parts
from symflow.reports.expressions import Expression, Rational, Relation, Symbol, Vector
from symflow.reports.latex_lines import FIRST_CASES, Case, aligned, cases, display, packed, sign_word, sign_words
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import folded_matrix
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.lecture import ZERO, relation, scaled, summed
from symflow.reports.names import in_use
from symflow.reports.readable.written_numbers import integer_vector

# The width of a page in columns: 92 columns stand for a text 132 mm wide.
_COLUMNS, _FEWEST_COLUMNS = 92, 60


def derive_latex(problem: Problem, derivation: Derivation, width: int = _COLUMNS, *, full: bool = False) -> str:
    r"""Return the fragment.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        The answer.
    width : int
        The width of a line in columns; 92 stand for a text 132 mm wide.
    full : bool
        Fold nothing.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.derive_result import derivation_of
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> text = derive_latex(problem, derivation_of(problem))
    >>> print(text[text.index("f(x;w)=\\begin") - 5 :].partition("\\end{cases}")[0])
    \[
      f(x;w)=\begin{cases}
        v_1\langle u_1,x\rangle+v_2\langle u_2,x\rangle & \langle u_1,x\rangle>0,\ \langle u_2,x\rangle>0,\\
        v_1\langle u_1,x\rangle & \langle u_1,x\rangle>0\ge\langle u_2,x\rangle,\\
        v_2\langle u_2,x\rangle & \langle u_2,x\rangle>0\ge\langle u_1,x\rangle,\\
        0 & \text{otherwise.}
    <BLANKLINE>
    """
    room = TEXT_WIDTH * min(max(width, _FEWEST_COLUMNS), _COLUMNS) / _COLUMNS
    return _Fragment(problem, derivation, room, full).text()


def derive_sections(problem: Problem, derivation: Derivation) -> list[tuple[str, str]]:
    """Return what the fragment says in parts, each under a title: the function, its gradient, the kinks.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        The answer.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.derive_result import derivation_of
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> [title for title, _ in derive_sections(problem, derivation_of(problem))]
    ['The function, piece by piece', 'Its gradient on each piece', 'Its Clarke differential at the kinks']
    """
    return _Fragment(problem, derivation, TEXT_WIDTH, full=False).sections()


@final
class _Fragment:
    """The parts of one fragment, in order."""

    def __init__(self, problem: Problem, derivation: Derivation, room: float, full: bool) -> None:
        self.problem, self.derivation, self.room, self.full = problem, derivation, room, full
        self.parts = Parts(derivation, "latex")
        self.lecture, self.net, self.shape = self.parts.lecture, derivation.net, derivation.net.architecture

    def text(self) -> str:
        return "\n".join(text for _, text in self.sections())

    def sections(self) -> list[tuple[str, str]]:
        """Return the parts that say something, with their titles."""
        deep_kinks = self.derivation.deep_kinks
        letters = self._letters()
        if deep_kinks is not None and deep_kinks.is_declared:
            kinks = deep_kinks_latex(self.parts, self.room, full=self.full)
            return [("The function", letters), ("Its Clarke differential at the kinks", kinks)]
        gradient = gradient_latex(self.parts, self.room, full=self.full)
        kinks = kinks_latex(self.parts, self.room, full=self.full)
        sections = [
            ("The function, piece by piece", f"{letters}\n{self._pieces()}"),
            ("Its gradient on each piece", gradient),
            ("Its Clarke differential at the kinks", kinks),
        ]
        return [(title, text) for title, text in sections if text]

    @property
    def left(self) -> str:
        """The name of the function: f(x;w), F(w), R(w), f(x)."""
        if not self.parts.has_weights_symbolic:
            return f"{self.parts.letter}(x)"
        if self.parts.letter == "f" or self.net.inputs is None:
            return f"{self.parts.letter}(x;w)"
        return f"{self.parts.letter}(w)"

    # ------------------------------------------------------------------ what the letters mean

    def _letters(self) -> str:
        sentences = [sentence for sentence in (self._net(), self._rows(), self._data()) if sentence]
        text = sentences[0]
        for sentence in sentences[1:]:
            text += sentence if text.endswith("\n") else f" {sentence}"
        return text.rstrip("\n") + "\n" + self._matrices() + self._objective()

    def _net(self) -> str:
        """Return the definition of f through its matrices."""
        n_layers = self.shape.n_layers
        product, bias = "x", self.shape.has_biases
        definitions: dict[str, str] = {}
        for layer in range(1, n_layers + 1):
            matrix = r"v^{\top}" if layer == n_layers and self.shape.n_outputs > 1 else f"W_{{{layer}}}"
            if product.startswith("\\"):
                matrix += r"\,"
            product = f"{matrix}{product if layer == 1 or product.startswith(chr(92)) else f'({product})'}"
            if bias:
                last = self._last_bias() if layer == n_layers else f"b_{{{layer}}}"
                product += f"+{last}"
            if layer < n_layers:
                name = self._sigma(layer, definitions)
                if name:
                    product = f"{name}({product})"
        arguments = "x;w" if self.parts.has_weights_symbolic else "x"
        with_ = ", ".join(f"${name}{meaning}$" for name, meaning in definitions.items())
        formula = f"f({arguments})={product}"
        if len(definitions) > 1:
            meanings = ((f"{name}(z)", meaning.removeprefix("(z)")) for name, meaning in definitions.items())
            lines = [(f"f({arguments})", f"={product}"), *meanings]
            return f"Let\n{aligned(lines, room=self.room)}"
        if width(formula) > self.room / 2:
            return f"Let\n{display(formula, room=self.room)}" + (f"with {with_}." if with_ else "")
        return f"Let ${formula}$" + (f" with {with_}" if with_ else "") + "."

    def _last_bias(self) -> str:
        return (
            f"b_{{{self.shape.n_layers}}}"
            if self.shape.n_outputs == 1
            else f"b^{{({self.shape.n_layers})}}_{{{self.net.output + 1}}}"
        )

    def _sigma(self, layer: int, definitions: dict[str, str]) -> str:
        """Return what the activation of a layer is called, and enter its definition."""
        activation = self.shape.activation(layer)
        if activation.name == "identity":
            return ""
        if activation.is_group:
            return r"\max"
        distinct = list(dict.fromkeys(a for a in self.shape.activations if a.name != "identity" and not a.is_group))
        name = r"\sigma" if len(distinct) == 1 else rf"\sigma_{{{distinct.index(activation) + 1}}}"
        definitions[name] = _definition(activation)
        return name

    def _rows(self) -> str:
        n_layers = self.shape.n_layers
        if not self.parts.has_weights_symbolic:
            return ""
        if not in_use().has_rows:
            return self._places()
        outer = (
            f"$v=W_{{{n_layers}}}$"
            if self.shape.n_outputs == 1
            else rf"$v^{{\top}}$ is row {self.net.output + 1} of $W_{{{n_layers}}}$"
        )
        if n_layers == 1:
            return f"Here {outer}."
        single = self.shape.widths[1] == 1
        first = r"$u^{\top}=W_1$" if single else r"$u_j^{\top}$ are the rows of $W_1$"
        z = ""
        if self.shape.has_biases:
            j, k = "" if single else "j", "k" if self.net.n_data > 1 else ""
            name = f"z_{{{j}{k}}}" if j or k else "z"
            u, x, b = f"u{_index(j)}", f"x{_index(k)}", "b_1" if single else "b^{(1)}_j"
            z = rf", ${name}=\langle {u},{x}\rangle+{b}$"
        between = ""
        if n_layers == 3:
            between = r", $w^{(2)}_{ij}$ the entries of $W_2$"
        elif n_layers > 3:
            between = r", $w^{(l)}_{ij}$ the entries of $W_l$"
        groups = "; $\\max$ is taken over each group" if self.parts.has_groups else ""
        return f"Here {first}{z}{between}, and {outer}{groups}."

    def _places(self) -> str:
        """Return how parts of matrices are written, where they have no letters of their own."""
        z = ""
        if self.parts.lecture.has_z:
            j, k = "" if self.shape.widths[1] == 1 else "j", "k" if self.net.n_data > 1 else ""
            b = "b^{(1)}_j" if j else "b_1"
            name = f"z_{{{j}{k}}}" if j or k else "z"
            z = rf", ${name}=\langle u{_index(j)},x{_index(k)}\rangle+{b}$"
        groups = "; $\\max$ is taken over each group" if self.parts.has_groups else ""
        return rf"Here $W_l[i,\cdot]$ is row $i$ of $W_l$ as a column, and $W_l[i,j]$ an entry{z}{groups}."

    def _data(self) -> str:
        inputs = self.net.inputs
        if inputs is None:
            return ""
        labels = () if self.parts.is_linear else self.derivation.text.labels
        shown = []
        for k, x in enumerate(inputs):
            words = f"${latex(self.lecture.x(k))}={latex(integer_vector(x))}$"
            if labels:
                y = "y" if len(inputs) == 1 else f"y_{{{k + 1}}}"
                words += f", ${y}={rational_latex(labels[k])}$"
            shown.append(words)
        if len(shown) > FIRST_CASES and not self.full:
            shown = [*shown[: FIRST_CASES - 2], r"\dots", shown[-1]]
        return f"{'The datum is' if len(inputs) == 1 else 'The data are'} {('; ' if labels else ', ').join(shown)}."

    def _matrices(self) -> str:
        """Return the weights, where they are numbers."""
        network = self.derivation.function.network if self.derivation.function is not None else self.net.network
        if network is None:
            return ""
        at = r"\text{At }w\colon\quad " if self.parts.has_weights_symbolic else ""
        shown = []
        for layer, matrix in enumerate(network.weights, start=1):
            shown.append(f"W_{{{layer}}}={_matrix([[rational_latex(e) for e in row] for row in matrix], self.room)}")
            if network.biases is not None:
                column = [[rational_latex(e)] for e in network.biases[layer - 1]]
                shown.append(f"b_{{{layer}}}={_matrix(column, self.room)}")
        lines: list[str] = []
        for block in shown:
            if lines and width(lines[-1]) + width(block) + 20 < self.room - (30 if at else 0):
                lines[-1] += rf",\quad {block}"
            else:
                lines.append(block)
        return aligned([(at if i == 0 else "", line) for i, line in enumerate(lines)], room=4 * self.room)

    def _objective(self) -> str:
        """Return F through the outputs, where it is not f itself."""
        objective, n_data = self.derivation.objective, self.net.n_data
        single = n_data == 1
        k, total = ("", "") if single else ("_k", r"\sum_k")
        f = f"f(x{k};w)" if self.parts.has_weights_symbolic else "f(x)"
        if isinstance(objective, Risk):
            share = rf"\tfrac1{{{n_data}}}" if objective.is_mean and not single else ""
            labels = "" if self.net.inputs is not None else rf",\quad y={rational_latex(objective.labels[0])}"
            if objective.loss.name == "squared":
                term, c, where = rf"\tfrac12\bigl({f}-y{k}\bigr)^2", f"{f}-y{k}", labels
                c = rf"\bigl({c}\bigr)" if share else c
            else:
                loss = "e^{-m}" if objective.loss.name == "exponential" else r"\ln(1+e^{-m})"
                term, c = rf"\ell(m{k})", rf"y{k}\ell'(m{k})"
                where = rf",\quad m{k}=y{k}{f},\quad \ell(m)={loss}{labels}"
            name = self.left
            return aligned([(name, f"={share}{total}{term}{where}"), (f"c{k}", f"={share}{c}")], room=self.room)
        if isinstance(objective, LogSumExp):
            if single:
                return aligned([(self.left, f"=-y{f}"), ("c", "=-y")], room=self.room)
            return aligned(
                [
                    (self.left, rf"=\ln\sum_ke^{{-m_k}},\quad m_k=y_k{f}"),
                    ("c_k", r"=-y_ke^{-m_k}\big/\textstyle\sum_ie^{-m_i}"),
                ],
                room=self.room,
            )
        if self.parts.letter == "f":
            return ""
        constants = self.derivation.text.constants
        assert constants is not None
        arguments = [
            f"f({latex(self.lecture.x(i))}{';w' if self.parts.has_weights_symbolic else ''})" for i in range(n_data)
        ]
        terms = [scaled(Rational(c), Symbol(a)) for c, a in zip(constants, arguments, strict=True) if c != 0]
        return display(f"{self.left}={latex(summed(terms))}.", room=self.room)

    # ------------------------------------------------------------------ pieces

    def _pieces(self) -> str:
        parts = self.parts
        if not parts.pieces:
            return "No piece was decided in the time given.\n"
        if len(parts.pieces) == 1 and not parts.conditions(parts.pieces[0]):
            name = self.left
            if parts.is_linear or self.net.n_data == 1:
                return (
                    self._near() + display(f"{name}={self._value(parts.pieces[0])}.", room=self.room) + self._remark()
                )
        if self.net.n_data > 1 and (not parts.is_linear or self._is_wide()):
            return self._data_by_data()
        named = parts.is_named_by_signs
        name, values = self._values()
        listed = [
            Case(value, self._conditions(piece, named)) for value, piece in zip(values, parts.pieces, strict=True)
        ]
        if self.derivation.is_complete and not named and len(listed) > 1 and not parts.is_at_point:
            listed[-1] = Case(listed[-1].value, (r"\text{otherwise}",))
        return self._introduction(named) + cases(name, listed, room=self.room, full=self.full) + self._remark()

    def _is_wide(self) -> bool:
        return max(width(self._value(piece)) for piece in self.parts.pieces) > 1.5 * self.room

    def _values(self) -> tuple[str, list[str]]:
        """Return a name and its value on each piece.

        It is F, or f where F would be wide; and as a product of matrices where the sums would be long.
        """
        parts, name = self.parts, self.left
        values = [self._value(piece) for piece in parts.pieces]
        if max(map(width, values)) <= 0.9 * self.room:
            return name, values
        if self.net.n_data == 1 and not parts.is_output:
            name = "f(x;w)" if parts.has_weights_symbolic else "f(x)"
            values = [latex(self.lecture.output(0, piece.characters)) for piece in parts.pieces]
        if not parts.has_matrix_product or max(map(width, values)) <= self.room:
            return name, values
        return name, [
            value if value == "0" else parts.matrix_product(piece)
            for value, piece in zip(values, parts.pieces, strict=True)
        ]

    def _near(self) -> str:
        where = self._neighbourhood()
        return f"{where},\n" if where else ""

    def _neighbourhood(self) -> str:
        """Return near which point the pieces are given; nothing where they are given everywhere."""
        function = self.derivation.function
        if function is None:
            return ""
        if function.variable == "weights":
            return "Near $w$"
        entries = tuple(Rational(entry) for entry in function.point)
        point = latex(entries[0] if len(entries) == 1 else Vector(entries))
        return f"Near $x={point}$" if width(point) < self.room / 2 else "Near the given point $x$"

    def _data_by_data(self) -> str:
        """Return the outputs on the single data, and which patterns occur together."""
        parts, n_data = self.parts, self.net.n_data
        result = self._introduction(True)
        for datum in range(n_data if self.full else min(n_data, FIRST_CASES)):
            by_word = {parts.word(datum, piece): piece for piece in parts.pieces}
            name = rf"f({latex(self.lecture.x(datum))};w)"
            listed = [
                Case(latex(self.lecture.output(datum, piece.characters)), (rf"\text{{on }}({sign_word(word)})",))
                for word, piece in by_word.items()
            ]
            if len(listed) == 1:
                result += display(f"{name}={listed[0].value}.", room=self.room)
            else:
                result += cases(name, listed, room=self.room, full=self.full)
        shown = parts.pieces if self.full else parts.pieces[:FIRST_CASES]
        together = [sign_words(parts.words(piece)) for piece in shown]
        if len(shown) < len(parts.pieces):
            together.append(r"\ldots")
        count = f"{len(parts.pieces)} patterns occur" if len(parts.pieces) > 1 else "one pattern occurs"
        where = self._neighbourhood().replace("Near", " near", 1)
        order = "$(x_1,x_2)$" if n_data == 2 else rf"$(x_1,\ldots,x_{{{n_data}}})$"
        lines = [("", line) for line in packed(together, self.room)]
        return result + f"On {order} {count}{where}:\n" + aligned(lines, room=self.room) + self._remark()

    def _introduction(self, named: bool) -> str:
        where = self._neighbourhood()
        where += " " if where else ""
        if not named:
            return f"{where.strip()},\n" if where else ""
        if self.parts.has_groups:
            return f"{where}{'P' if not where else 'p'}ieces are named by the signs and the winners, layer by layer.\n"
        if self.shape.n_hidden_layers == 1:
            z = r"W_1x+b_1" if self.shape.has_biases else "W_1x"
            return f"{where}{'T' if not where else 't'}he signs are those of the entries of ${z}$.\n"
        return f"{where}{'T' if not where else 't'}he signs are those of the preactivations, layer by layer.\n"

    def _remark(self) -> str:
        if self.derivation.is_complete:
            return ""
        return f"(Not all patterns are listed: {len(self.derivation.undecided)} branches are undecided.)\n"

    def _conditions(self, piece: Piece, named: bool) -> tuple[str, ...]:
        if named:
            return (rf"\text{{on }}{sign_words(self.parts.words(piece))}",)
        plus: list[Expression] = []
        minus: list[Expression] = []
        others: list[str] = []
        for constraint in self.parts.conditions(piece):
            larger, smaller = self.lecture.condition(constraint, piece.characters)
            if constraint.against is not None:
                others.append(latex(Relation((larger, smaller), ("≥",))))
            elif larger == ZERO:
                minus.append(smaller)
            else:
                plus.append(larger)
        if len(plus) == len(minus) == 1 and not others and self.parts.has_weights_symbolic:
            return (rf"{latex(plus[0])}>0\ge {latex(minus[0])}".replace(r"\ge \l", r"\ge\l"),)
        listed = [latex(relation(z, ZERO)) for z in plus]
        listed += [latex(Relation((z, ZERO), ("≤",))) for z in minus]
        return tuple(listed + others)

    def _value(self, piece: Piece) -> str:
        """Return F on a piece: an expression in the outputs, of one datum where F is no combination."""
        text = self.derivation.text
        if self.parts.is_linear:
            return latex(self.parts.value(piece))
        output, label = self.lecture.output(0, piece.characters), text.labels[0]
        if text.kind == "squared":
            shifted = summed([output, Rational(-label)])
            if isinstance(shifted, Rational):
                return rational_latex(shifted.value**2 / 2)
            return rf"\tfrac12({latex(shifted)})^2"
        exponent = scaled(Rational(-label), output) if label != 0 and output != ZERO else ZERO
        if text.kind == "log_sum_exp":
            return latex(exponent)
        if text.kind == "logistic":
            return r"\ln2" if exponent == ZERO else rf"\ln\bigl(1+e^{{{latex(exponent)}}}\bigr)"
        return "1" if exponent == ZERO else f"e^{{{latex(exponent)}}}"


def _index(letter: str) -> str:
    return f"_{letter}" if letter else ""


def _definition(activation: AbstractActivation) -> str:
    assert isinstance(activation, AbstractUnitActivation)
    if activation.name == "abs":
        return "(z)=|z|"
    if activation.name == "leaky_relu":
        return rf"(z)=\max(z,0)+{rational_latex(activation.coefficients[0])}\min(z,0)"
    power = f"^{{{activation.degree}}}" if activation.degree > 1 else ""
    return rf"(z)=\max(z,0){power}"


def _matrix(entries: Sequence[Sequence[str]], room: float) -> str:
    if len(entries) == len(entries[0]) == 1:
        return entries[0][0]
    return folded_matrix(entries, room)
