"""The scripts that continuous integration has checked: proofs of general theorems that only Coq can replay.

A theorem for every depth and every width, or about limits, is beyond a checker of rational arithmetic. It stands as a
Coq script among the lemmas; continuous integration compiles it with Debian's ``coq``, compares the axioms that Coq
prints with the table below, and changes each statement in one place to see it refused. A claim that rests on such a
script is listed under ``not_checked`` by ``symflow verify``, with the script's name; it counts as proved in general
only where the bytes of the script, and of those it requires, are the bytes that were checked.

``sig_forall_dec``, ``sig_not_dec`` and ``functional_extensionality_dep`` are how Coq's library has the real numbers;
``classic`` is the law of the excluded middle, which its library of analysis uses.

The table is written by ``python -m tests.lemmas.coq``, which compiles all scripts. It is not edited by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Script:
    """One script that was checked.

    Parameters
    ----------
    sha256 : str
        Of the bytes of its file.
    requires : tuple of str
        The scripts whose theorems it uses, without those that these use.
    theorems : tuple of str
        The names of what it proves, in its order.
    axioms : tuple of str
        What Coq printed as the assumptions of all these theorems together, sorted.
    """

    sha256: str
    requires: tuple[str, ...]
    theorems: tuple[str, ...]
    axioms: tuple[str, ...]


def is_checked(name: str, sources: Mapping[str, bytes]) -> bool:
    """Say whether a script is, byte for byte, one that was checked, and so is all that it requires.

    Parameters
    ----------
    name : str
        Without the ending ``.v``.
    sources : Mapping of str to bytes
        The contents of the files, by name.

    Examples
    --------
    >>> is_checked("finite_sums", {"finite_sums": b"Axiom anything : False."})
    False
    >>> is_checked("charm", {"charm": b""})
    False
    """
    script = SCRIPTS.get(name)
    if script is None or name not in sources or hashlib.sha256(sources[name]).hexdigest() != script.sha256:
        return False
    return all(is_checked(required, sources) for required in script.requires)


SCRIPTS: dict[str, Script] = {
    "finite_sums": Script(
        sha256="cb21142ea4c4d224d4a63213f92f8fa7127c26a5a3e05465b248fffe521f49cf",
        requires=(),
        theorems=(
            "cauchy_schwarz",
            "cauchy_schwarz_norm",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "activation_matrices": Script(
        sha256="76e52f679ba557a832512095737b652cf88faf4cb1f8a38950644049477911f2",
        requires=("finite_sums",),
        theorems=(
            "net_is_a_product_of_matrices",
            "zero_one_slopes_exist",
            "net_is_homogeneous_in_every_layer",
            "degree_one_in_the_input",
            "degree_in_the_weights",
            "degree_one_in_a_hidden_layer",
            "degree_one_in_the_last_layer",
            "degree_is_not_the_number_of_hidden_layers",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "clarke_differential": Script(
        sha256="c9d9cbdf828241b2184937783a23acb9dd70694df89bf2edf12aa8d3d9c6832e",
        requires=("finite_sums",),
        theorems=(
            "locally_lipschitz_is_continuous",
            "a_gradient_is_a_clarke_subgradient",
            "identity_passes_to_limits",
            "identity_passes_to_hulls",
            "every_clarke_subgradient_has_the_slope",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "euler_along_the_ray": Script(
        sha256="1b92b456d28d450fe9af4c104131862bd0c13c1f0f7dda4b413a3e0650be5c3b",
        requires=(
            "finite_sums",
            "clarke_differential",
        ),
        theorems=(
            "slope_of_the_power",
            "euler_at_a_point_of_differentiability",
            "euler_for_every_clarke_subgradient",
            "lemma_2",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "blocks_of_degree_one": Script(
        sha256="695ad14baa02e758d600c8ce3b1999ec50eecf4f2ab0cebaf15fd3251719e1fa",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
        ),
        theorems=(
            "euler_in_a_block",
            "blocks_add_up",
            "blocks_of_degree_one",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "piecewise_differentiable": Script(
        sha256="88acbc66e526a210aea38cd00256033c14cbcd662dc8da7500e5973b97370389",
        requires=("finite_sums",),
        theorems=(
            "does_not_fall",
            "does_not_rise",
            "is_constant",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "nets_and_the_clarke_differential": Script(
        sha256="b8d64352ea9a1a42e70439c683973f26333e4bd319402a3367ecc3b1049d28a1",
        requires=(
            "finite_sums",
            "clarke_differential",
            "blocks_of_degree_one",
            "activation_matrices",
        ),
        theorems=(
            "net_is_homogeneous_in_each_matrix",
            "net_is_continuous_in_its_weights",
            "lemma_2_for_nets",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "balancing": Script(
        sha256="2fe66c16c1939ceec0000486a3592f57ccbc559ce4fad326db38d2281f95018b",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
            "blocks_of_degree_one",
            "activation_matrices",
            "piecewise_differentiable",
            "nets_and_the_clarke_differential",
        ),
        theorems=(
            "every_clarke_subgradient_is_balanced",
            "balancing_for_a_balanced_field",
            "balancing_for_every_clarke_flow",
            "two_matrices_can_be_rescaled",
            "lemma_9_3",
            "slope_of_a_block",
            "speed_of_the_square_of_a_matrix",
            "a_step_of_gradient_descent",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "balancing_of_a_neuron": Script(
        sha256="c0159393d232a2af14d868e530b0c6de87dbdeec554ecef512c15db3aec8a2f6",
        requires=(
            "finite_sums",
            "clarke_differential",
            "activation_matrices",
            "nets_and_the_clarke_differential",
            "balancing",
        ),
        theorems=(
            "incoming_and_outgoing_are_disjoint",
            "a_neuron_can_be_rescaled",
            "balancing_of_a_neuron",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "branching_flow": Script(
        sha256="32ad2b3b4c25ba48765443ab81937b898b09b849ed6e459c5da40673eea84278",
        requires=(
            "finite_sums",
            "clarke_differential",
        ),
        theorems=(
            "every_branch_is_a_solution",
            "the_branches_start_together_and_differ",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "minimal_norm": Script(
        sha256="89854429e8fa27d09e60d8661b03a0ebcbf3d9d0fba50052f672e95613b7c3dc",
        requires=("finite_sums",),
        theorems=(
            "a_bound_at_the_vertices_holds_on_the_hull",
            "separated_from_the_hull",
            "certificate_of_minimal_norm",
            "the_certificate_is_necessary",
            "convex_combinations_stay_in_the_hull",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "chain_rule_gives_minimal_norm": Script(
        sha256="6053b7747eb74193b59133b46ae7b5a8f309ae7914dc6ebdcb9a596e77bdd859",
        requires=("finite_sums",),
        theorems=(
            "chain_rule_gives_minimal_norm",
            "chain_rule_with_a_minus_is_false",
            "risk_falls_by_the_integral",
            "stationarity_bound",
            "stationarity_is_attained",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "chain_rule_for_selections": Script(
        sha256="fc49e5d1f55cef63919b9ea51234e5dec8d1272e953b7aaa3192883fae49ae5f",
        requires=(
            "finite_sums",
            "clarke_differential",
            "minimal_norm",
            "chain_rule_gives_minimal_norm",
        ),
        theorems=(
            "slope_along_a_curve",
            "slopes_agree",
            "chain_rule_for_selections",
            "minimal_norm_for_selections",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "convex_subdifferential": Script(
        sha256="128c2caa1e491bb2a42eb38f2eaefd1d64e16548d49a7cf3df6a9b1eb5a866f8",
        requires=(
            "finite_sums",
            "clarke_differential",
        ),
        theorems=(
            "only_the_gradient_is_a_subgradient",
            "gradient_of_a_convex_function",
            "zero_is_a_subgradient_at_the_minima",
            "minus_the_absolute_value_has_no_subgradient",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "finite_time_blow_up": Script(
        sha256="875b54b23fc984c6d674f96379ee7bdf9ac920ffe80190d7082c9fc3c3cde1fb",
        requires=("finite_sums",),
        theorems=(
            "gradient_of_the_margin",
            "the_flow_solves_its_equation",
            "the_flow_leaves_every_bounded_set",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "gram_balancing": Script(
        sha256="615cbcebd0ab0f76795b0426ae4a0bcf0337e9a3f2c380d2923e7d422d6d5f4a",
        requires=(
            "finite_sums",
            "piecewise_differentiable",
        ),
        theorems=(
            "they_are_the_gradients",
            "gradients_of_adjacent_matrices",
            "gram_balancing",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "soft_margin": Script(
        sha256="5f3dfe063fb1ca2a429bb1d0d78e1ba36aa51bae100a88627169b9931fcc0dd5",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
        ),
        theorems=(
            "log_margin_inverts_the_loss",
            "log_margin_at_most_each_margin",
            "log_margin_at_least",
            "soft_margin_bounds",
            "separability",
            "margin_of_the_normalised_weights",
            "mean_margin_is_log_margin_plus_entropy",
            "entropy_is_not_negative",
            "log_margin_below_each_margin",
            "entropy_is_positive",
            "entropy_is_at_most_log_n",
            "lemma_4",
            "lemma_4_for_every_clarke_subgradient",
            "lemma_4_is_strict",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "gronwall": Script(
        sha256="82fd5f74bcbf3b554a5af8677819e54e803717755b7d166bbaab606c7b333aba",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
            "piecewise_differentiable",
            "soft_margin",
        ),
        theorems=(
            "gronwall",
            "clarke_subgradients_of_a_flat_function",
            "nothing_moves_from_zero",
            "homogeneous_of_degree_two_or_more_is_flat",
            "log_margin_is_flat",
            "theorem_5_as_printed_is_vacuous",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "homogeneous_degree_below_one": Script(
        sha256="ec4ce478f7f241ce469861aded495ae3dc6d77a4fc68c0badc1b8fc08e1185b3",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
        ),
        theorems=(
            "value_at_the_origin",
            "degree_zero_need_not_vanish",
            "lipschitz_of_degree_below_one_is_zero",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "norm_product_bound": Script(
        sha256="4b67df0bed2688d5f71dc34a33559769de7719ccf52c3ecaa20414d2fd25e2f5",
        requires=("finite_sums",),
        theorems=(
            "norm_product_bound",
            "gradient_lower_bound",
            "larger_weights_can_have_larger_gradients",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "relu_pieces": Script(
        sha256="91526a56440ab15b4e3228aaf1b2da9a7152fcb55298fde79b7d05b89755065e",
        requires=(),
        theorems=(
            "relu_has_degree_one",
            "relu_at_positive",
            "relu_at_negative",
            "relu_has_no_derivative_at_zero",
            "a_derivative_between_the_conventions",
            "monomials_are_homogeneous",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "roots": Script(
        sha256="b4c42725a7c520386576c019df7ca9e2325b7d7ec93a5c74b6a56c613a5bd45b",
        requires=(
            "finite_sums",
            "clarke_differential",
        ),
        theorems=(
            "root_is_continuous",
            "root_is_not_locally_lipschitz",
            "root_has_no_limit_of_gradients",
            "root_has_no_clarke_subgradient",
            "square_is_locally_lipschitz",
            "square_is_not_lipschitz",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "soft_margin_monotone": Script(
        sha256="d0a30954cd82aa2b571244b4f8311b6a2980b26e162d44475f45101c34b86528",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
            "piecewise_differentiable",
            "soft_margin",
        ),
        theorems=(
            "speed_of_the_log_margin",
            "speed_of_the_power_of_the_norm",
            "the_soft_margin_does_not_fall_at_a_time",
            "theorem_5",
            "log_margin_and_norm_along_the_flow",
            "theorem_5_is_not_vacuous",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "soft_margin_of_nets": Script(
        sha256="37bbba78e6e3f2642ab84d92293eb212ee49d56dc6de5e1f3e377d0d0cafc120",
        requires=(
            "finite_sums",
            "clarke_differential",
            "euler_along_the_ray",
            "activation_matrices",
            "nets_and_the_clarke_differential",
            "piecewise_differentiable",
            "soft_margin",
            "soft_margin_monotone",
            "gronwall",
        ),
        theorems=(
            "margins_are_homogeneous",
            "margins_are_continuous",
            "lemma_4_for_nets",
            "theorem_5_for_nets",
            "margins_are_locally_lipschitz_at_zero",
            "theorem_5_as_printed_is_vacuous_for_nets",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "strict_differentiability": Script(
        sha256="9382f896dc095c8d2747225c2fa1a186a47978e6f138cdf545092f76c6d80a92",
        requires=(
            "finite_sums",
            "clarke_differential",
        ),
        theorems=(
            "strictly_differentiable_is_differentiable",
            "strictly_differentiable_is_singleton",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "weight_decay": Script(
        sha256="c523e8e40e6b4e88c5d2e83162841575a5c224a2f8b7cd1b6c4d9b57dc5fe499",
        requires=(
            "finite_sums",
            "clarke_differential",
            "piecewise_differentiable",
            "balancing",
        ),
        theorems=("balancing_under_weight_decay",),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "ClassicalDedekindReals.sig_not_dec",
            "Classical_Prop.classic",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
    "weight_gradient_preservation": Script(
        sha256="6bfb65b3ec32dba227c42a2ffda96fbda04153c6878c9cca6e6ff9620d8fd699",
        requires=(
            "finite_sums",
            "activation_matrices",
        ),
        theorems=(
            "linear_in_each_weight_matrix",
            "preservation_for_fixed_slopes",
            "preservation_at_every_point",
            "gradient_in_one_weight_matrix",
            "partial_derivative_in_one_weight",
            "weight_gradient_preservation",
            "preservation_in_the_last_matrix",
        ),
        axioms=(
            "ClassicalDedekindReals.sig_forall_dec",
            "FunctionalExtensionality.functional_extensionality_dep",
        ),
    ),
}
