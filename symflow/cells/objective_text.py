"""An objective on a piece, written out: its value and its gradient as texts in sympy's syntax.

On a piece every output f_k is a polynomial, so that F and the entries of ∇F = sum_k c_k ∇f_k are polynomials too
(output, combination, squared loss), or polynomials times exponentials of polynomials:

* squared loss: F = sum_k (f_k - y_k)²/2 and c_k = f_k - y_k, not multiplied out;
* exponential: F = sum_k e^{Q_k}, Q_k = -y_k f_k, and c_k = -y_k e^{Q_k};
* logistic: F = sum_k ln(1 + e^{Q_k}) and c_k = -y_k / (e^{-Q_k} + 1);
* log-sum-exp: F = ln sum_k e^{Q_k} and c_k = -y_k e^{Q_k} / sum_i e^{Q_i}.

Equal Q_k are collected, and e^0 is written 1; for the rest nothing is simplified, so that the text shows where it comes
from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.errors import NotSupportedError
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq, rational
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk

_MARGIN_LOSSES = ("exponential", "logistic")


@final
class ObjectiveText:
    """Writes one objective on pieces.

    Parameters
    ----------
    objective : AbstractObjective
        φ.
    n_data : int
        The number n of outputs f_1 .. f_n.

    Raises
    ------
    NotSupportedError
        If no closed form of the loss is known here.

    Examples
    --------
    >>> from symflow.losses.base import loss
    >>> text = ObjectiveText(Risk(loss("exponential"), (fmpq(1), fmpq(-1))), 2)
    >>> text.through_outputs, text.coefficients
    ('exp(-f[1]) + exp(f[2])', ('-exp(-f[1])', 'exp(f[2])'))
    >>> w, v = PolynomialRing(("w", "v")).variables()
    >>> text.value((w * v, w * 0)), text.entry((w * v, w * 0), (v, v))
    ('exp(-w*v) + 1', '-v*exp(-w*v) + v')
    """

    def __init__(self, objective: AbstractObjective, n_data: int) -> None:
        self.objective, self.n_data = objective, n_data
        self.kind = _kind(objective)

    @property
    def constants(self) -> tuple[fmpq, ...] | None:
        """The coefficients c_k where they are numbers (output, combination), else None."""
        if isinstance(self.objective, Output):
            return (fmpq(1),)
        if isinstance(self.objective, Combination):
            return tuple(rational(constant) for constant in self.objective.constants)
        return None

    @property
    def through_outputs(self) -> str:
        """F as a text in f[1], .., f[n]."""
        return self.value(self._ring().variables())

    @property
    def coefficients(self) -> tuple[str, ...]:
        """The texts of c_k = ∂F/∂f_k in f[1], .., f[n]."""
        outputs = self._ring().variables()
        zero, one = outputs[0].ring.zero(), outputs[0].ring.one()
        return tuple(
            self.entry(outputs, tuple(one if i == k else zero for i in range(self.n_data))) for k in range(self.n_data)
        )

    def value(self, outputs: Sequence[Polynomial]) -> str:
        """Return F where the outputs are these polynomials."""
        if self.constants is not None:
            return _combined(outputs, self.constants).to_text()
        if self.kind == "squared":
            squares = [_square(output - label) for output, label in zip(outputs, self.labels, strict=True)]
            return self._shared(_joined(squares))
        exponents = self.exponents(outputs)
        if self.kind == "log_sum_exp":
            return f"log({_exponentials(exponents)})"
        total = _logarithms(exponents) if self.kind == "logistic" else _exponentials(exponents)
        return self._shared(total)

    def polynomial(self, outputs: Sequence[Polynomial]) -> Polynomial | None:
        """Return F as a polynomial, or None where it is none."""
        constants = self.constants
        if constants is not None:
            return _combined(outputs, constants)
        if self.kind == "squared":
            total = outputs[0].ring.zero()
            for output, label in zip(outputs, self.labels, strict=True):
                total = total + (output - label) ** 2
            return total * (self.share / 2)
        return None

    def entry(self, outputs: Sequence[Polynomial], partials: Sequence[Polynomial]) -> str:
        """Return sum_k c_k p_k, an entry of the gradient, where p_k are the derivatives of the outputs."""
        if isinstance(self.objective, Output):
            return partials[0].to_text()
        if self.constants is not None:
            return _combined(partials, self.constants).to_text()
        if self.kind == "squared":
            return self._squared_entry(outputs, partials)
        weighted: dict[Polynomial, Polynomial] = {}
        for partial, exponent, label in zip(partials, self.exponents(outputs), self.labels, strict=True):
            term = partial * (-label * self.share)
            weighted[exponent] = weighted[exponent] + term if exponent in weighted else term
        weighted = {exponent: p for exponent, p in weighted.items() if not p.is_zero()}
        if not weighted:
            return "0"
        if self.kind == "logistic":
            return _joined([_quotient(p, exponent) for exponent, p in weighted.items()])
        total = _joined([_product(p, exponent) for exponent, p in weighted.items()])
        if self.kind == "exponential":
            return total
        below = _exponentials(self.exponents(outputs))
        if below == "1":
            return total
        below = f"({below})" if below[0].isdigit() and "*" in below else _in_brackets(below)  # 2*exp(Q)
        return f"{_in_brackets(total)}/{below}"

    def _squared_entry(self, outputs: Sequence[Polynomial], partials: Sequence[Polynomial]) -> str:
        """Return sum_k (f_k - y_k) p_k, the products not multiplied out."""
        rest = outputs[0].ring.zero()
        terms = []
        for output, partial, label in zip(outputs, partials, self.labels, strict=True):
            residual, scaled = output - label, partial * self.share
            if residual.is_constant() or partial.is_constant():
                rest = rest + residual * scaled
            else:
                terms.append(_times(scaled, residual))
        if not rest.is_zero() or not terms:
            terms.append(rest.to_text())
        return _joined(terms)

    def _shared(self, total: str) -> str:
        """Return a sum over the data, divided by n for a mean."""
        if self.share == 1:
            return total
        return f"({total})/{self.n_data}" if " " in total else f"{total}/{self.n_data}"

    def exponents(self, outputs: Sequence[Polynomial]) -> tuple[Polynomial, ...]:
        """Return Q_k = -y_k f_k."""
        return tuple(output * -label for output, label in zip(outputs, self.labels, strict=True))

    @property
    def labels(self) -> tuple[fmpq, ...]:
        """The labels y_1 .. y_n of a risk or a log-sum-exp."""
        assert isinstance(self.objective, Risk | LogSumExp)
        return self.objective.labels

    @property
    def share(self) -> fmpq:
        """The factor before the sum over the data: 1/n for a mean, else 1."""
        is_mean = isinstance(self.objective, Risk) and self.objective.is_mean
        return fmpq(1, self.n_data) if is_mean else fmpq(1)

    def _ring(self) -> PolynomialRing:
        return PolynomialRing(tuple(f"f[{k}]" for k in range(1, self.n_data + 1)))

    def __repr__(self) -> str:
        return f"ObjectiveText({self.objective!r})"


def _kind(objective: AbstractObjective) -> str:
    if isinstance(objective, Output | Combination):
        return "linear"
    if isinstance(objective, LogSumExp):
        return "log_sum_exp"
    assert isinstance(objective, Risk)
    name = objective.loss.name
    if name not in ("squared", *_MARGIN_LOSSES):
        raise NotSupportedError(
            f"no closed form of the loss {name} is known; take squared, {' or '.join(_MARGIN_LOSSES)}",
            place="objective.loss",
        )
    return name


def _combined(polynomials: Sequence[Polynomial], constants: Sequence[fmpq]) -> Polynomial:
    total = polynomials[0].ring.zero()
    for polynomial, constant in zip(polynomials, constants, strict=True):
        total = total + polynomial * constant
    return total


# ---------------------------------------------------------------------- texts


def _exponentials(exponents: Sequence[Polynomial]) -> str:
    """Return sum e^Q, equal ones collected."""
    counts: dict[Polynomial, int] = {}
    for exponent in exponents:
        counts[exponent] = counts.get(exponent, 0) + 1
    return _joined([_product(exponent.ring.constant(count), exponent) for exponent, count in counts.items()])


def _logarithms(exponents: Sequence[Polynomial]) -> str:
    """Return sum ln(1 + e^Q), equal ones collected."""
    counts: dict[Polynomial, int] = {}
    for exponent in exponents:
        counts[exponent] = counts.get(exponent, 0) + 1
    terms = []
    for exponent, count in counts.items():
        logarithm = "log(2)" if exponent.is_zero() else f"log(1 + exp({exponent}))"
        terms.append(logarithm if count == 1 else f"{count}*{logarithm}")
    return _joined(terms)


def _square(p: Polynomial) -> str:
    """Return p²/2."""
    if p.is_constant():
        return (p * p / 2).to_text()
    return f"({p})**2/2"


def _times(p: Polynomial, q: Polynomial) -> str:
    """Return p q, neither of them constant."""
    return f"{_in_brackets(p.to_text())}*{_in_brackets(q.to_text())}"


def _product(p: Polynomial, exponent: Polynomial) -> str:
    """Return p e^Q."""
    if exponent.is_zero():
        return p.to_text()
    power = f"exp({exponent})"
    if p == 1 or p == -1:
        return power if p == 1 else f"-{power}"
    return f"{_in_brackets(p.to_text())}*{power}"


def _quotient(p: Polynomial, exponent: Polynomial) -> str:
    """Return p / (e^{-Q} + 1)."""
    if exponent.is_zero():
        return (p / 2).to_text()
    return f"{_in_brackets(p.to_text())}/(exp({-exponent}) + 1)"


def _in_brackets(text: str) -> str:
    return f"({text})" if " + " in text or " - " in text else text


def _joined(terms: Sequence[str]) -> str:
    result = terms[0]
    for term in terms[1:]:
        result += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return result
