"""All known problems, in one list."""

from __future__ import annotations

from collections.abc import Callable

from symflow.zoo.known_answer import KnownAnswer
from symflow.zoo.of_the_input import (
    SPELLINGS,
    absolute_value,
    diagonal,
    diamond,
    half_slope_misses,
    identity,
    maximum_of_three,
    spelling_of_max,
    twins,
)
from symflow.zoo.of_the_lectures import (
    corner,
    cusp,
    demo,
    demo_soft_margin,
    differentiable_not_strictly,
    half_identity,
    ridge,
)
from symflow.zoo.of_the_weights import (
    datum_at_zero,
    leaky_kink,
    one_kink,
    origin,
    origin_with_biases,
    parallel_data,
    squared_rectifier,
    two_absolute_values,
    two_hidden_layers,
    two_neurons_at_zero,
    two_zero_matrices_with_biases,
)

KNOWN: tuple[Callable[[], KnownAnswer], ...] = (
    demo,
    demo_soft_margin,
    corner,
    cusp,
    differentiable_not_strictly,
    half_identity,
    ridge,
    absolute_value,
    identity,
    twins,
    half_slope_misses,
    diamond,
    diagonal,
    maximum_of_three,
    one_kink,
    leaky_kink,
    two_absolute_values,
    two_neurons_at_zero,
    parallel_data,
    two_hidden_layers,
    origin,
    origin_with_biases,
    two_zero_matrices_with_biases,
    datum_at_zero,
    squared_rectifier,
)


def zoo() -> tuple[KnownAnswer, ...]:
    """Return every known problem, the spellings of max(x, 0) last.

    Examples
    --------
    >>> [answer.name for answer in zoo() if not answer.autodiff_is_right][:4]
    ['demo', 'demo_soft_margin', 'corner', 'half_identity']
    """
    return (*(answer() for answer in KNOWN), *(spelling_of_max(spelling) for spelling in SPELLINGS))
