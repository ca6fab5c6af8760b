"""What may be admitted: the cited facts on which a conditional theorem rests, each in one sentence with its source.

A claim that names any other axiom is refused.

Examples
--------
>>> AXIOMS["level_sets"].sentence[:40]
'an absolutely continuous function has de'
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axiom:
    """A fact that is cited: what it says, and where it is proved."""

    sentence: str
    source: str


AXIOMS: dict[str, Axiom] = {
    "level_sets": Axiom(
        "an absolutely continuous function has derivative 0 at almost every point of the set where it vanishes",
        "Gilbarg, Trudinger: Elliptic Partial Differential Equations of Second Order, Lemma 7.7",
    ),
    "rademacher": Axiom(
        "a locally Lipschitz function on R^p is differentiable almost everywhere",
        "Rademacher 1919; Evans, Gariepy: Measure Theory and Fine Properties of Functions, Theorem 3.2",
    ),
    "null_sets": Axiom(
        "for a locally Lipschitz function the hull of the limits of gradients does not change when a null set of "
        "points is left out",
        "Clarke: Optimization and Nonsmooth Analysis (1983), Theorem 2.5.1",
    ),
    "supporting_hyperplanes": Axiom(
        "a finite convex function on R^p has a subgradient at every point",
        "Rockafellar: Convex Analysis (1970), Theorem 23.4",
    ),
    "convex_gradient": Axiom(
        "where a convex function is differentiable its gradient is its only subgradient",
        "Rockafellar: Convex Analysis (1970), Theorem 25.1",
    ),
    "smooth_outer_function": Axiom(
        "if g is continuously differentiable and the m_i are locally Lipschitz, the Clarke differential of "
        "g(m_1, .., m_n) lies in the sum of (partial g/partial m_i) times the Clarke differential of m_i",
        "Clarke: Optimization and Nonsmooth Analysis (1983), Theorem 2.3.9 and 2.3.10",
    ),
    "existence_of_flows": Axiom(
        "an upper semicontinuous inclusion with non-empty compact convex values has an absolutely continuous solution "
        "from every start, for some time",
        "Aubin, Cellina: Differential Inclusions (1984), Chapter 2, Section 1",
    ),
    "fundamental_theorem": Axiom(
        "an absolutely continuous function is the integral of its derivative, which exists almost everywhere",
        "Rudin: Real and Complex Analysis, Theorem 7.20",
    ),
    "definable_chain_rule": Axiom(
        "for a locally Lipschitz function definable in an o-minimal structure, and every absolutely continuous curve, "
        "d/dt F(w(t)) = <v, w'(t)> for all v in the Clarke differential at w(t), for almost every t",
        "Davis, Drusvyatskiy, Kakade, Lee 2020, Theorem 5.8; Bolte, Pauwels 2021, Theorem 1",
    ),
    "gronwall": Axiom(
        "an absolutely continuous u >= 0 with u(0) = 0 and u' <= K u almost everywhere is 0",
        "Gronwall 1919; Hartman: Ordinary Differential Equations, Theorem III.1.1",
    ),
    "bolzano_weierstrass": Axiom(
        "a bounded sequence in R^p has a convergent subsequence",
        "Rudin: Principles of Mathematical Analysis, Theorem 3.6",
    ),
    "unchecked_script": Axiom(
        "the Coq script that is named proves what its header says; continuous integration has not checked it",
        "none: run coqc on it",
    ),
    "compactness": Axiom(
        "a continuous function on a compact set attains its maximum; a lower semicontinuous one its minimum",
        "Rudin: Principles of Mathematical Analysis, Theorem 4.16",
    ),
}
