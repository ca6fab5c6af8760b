"""The part a sceptic reads: certificates re-checked from their JSON alone, in plain ``fractions``.

Everything else in symflow may be clever, fast and wrong. What a command writes with ``--json --output
FILE`` is a self-contained claim: the exact problem, the answer, and a certificate for every step that
needed a search. This folder decides whether the claim follows, with inference rules and no search: it
solves no linear program, calls no solver, and imports nothing but the standard library. Of the file it
believes the problem, and nothing else: every other number in it is recomputed, or is a witness whose
only merit is that an inequality can be evaluated with it.

Read the files in this order:

``reading``
    typed access to JSON written by an adversary; what a refusal is; the report.
``exponential_sums``
    the numbers Σ c exp(a) over the rationals: equality without doubt, certified signs.
``exponential_fractions``, ``linear_algebra``
    sums of fractions of these, each with its own denominator: equal, different, or too large to tell; the rank.
``expressions``
    the number syntax of the files, such as ``"-1/(exp(1/2) + 1)"``.
``polynomials``
    sparse polynomials over the rationals, and polynomials in one variable ε for arcs.
``problems``
    the problem tree: architecture, data, objective; values, and the coefficients of Proposition 2.
``networks``, ``gradients``
    exact forward and backward pass; the polynomials of a pattern; the conventions of automatic differentiation.
``patterns``
    sites, tree order, and the walk which shows that no cell has been forgotten.
``multipliers``, ``cells``
    the two certificates: an arc into a cell, and multipliers which show that a cell is not there.
``hulls``, ``differentials``
    extreme points, convex weights, the minimal norm, dimension, separating functionals; products of these.
``theorems``
    what holds without looking at a cell: Euler's identity, the sum rule at depth one, safe conventions.
``sets``, ``sum_rules``
    the set of a result, flat, in factors or enclosed; the sets of the single data compared with the whole.
``clarke``, ``audit``
    whole results of these two commands.
``exponential_polynomials``, ``formulas``
    the formulas of closed forms, compared as functions.
``symbolic``, ``objective_formulas``, ``everywhere``
    nets with symbols: polynomials and gradients on a pattern, points of cells, multipliers that hold everywhere.
``kinks``, ``kink_room``, ``deep_kinks``, ``piecewise``, ``derive``
    whole results of ``symflow derive``.
``work``, ``integer_rows``, ``arrangements``
    a limit to the work; integer covectors; how many cells and walls an arrangement of hyperplanes has.
``region_signs``, ``lineality``, ``region_faces``
    the signs of a net at points and rays; in which directions nothing changes; a cell is what its generators span.
``spanned_cells``, ``unspanned_cells``, ``weight_regions``, ``regions``
    whole results of ``symflow regions``: every facet's other side is a cell of the list, so that none is missing.
``nested_duals``, ``fixed_slopes``, ``brackets``
    derivatives of derivatives modulo a prime; outputs of nets with fixed slopes; iterated Lie brackets at a point.
``law_setting``, ``law_identities``, ``law_fields``, ``law_names``
    what moves; ⟨∇h, ∇φ⟩ = 0, expanded; the fields of a model; that a law is what it is called.
``law_certificates``, ``law_cells``, ``law_witnesses``, ``laws``
    whole results of ``symflow laws``: a minor of the laws, and one of the brackets; the cells; why it is no law.
``statement_grammar``, ``statement_objects``, ``statement_symbols``, ``statement_point``, ``statement_tensors``,
``statement_names``, ``statement_data``, ``statement_risks``
    statements in a small language: their grammar; what names mean, in symbols and in numbers.
``statement_scope``, ``statement_parameters``, ``statement_functions``, ``statement_derivatives``, ``statement_values``,
``enclosed_numbers``
    the value of an expression: numbers, gradients, sets; numbers that are only enclosed.
``statement_degrees``, ``statement_instances``, ``statement_identities``
    the relations of a statement one by one; whether they hold for all weights, as polynomials.
``statement_evidence``, ``statement_sets``, ``statement_comparisons``, ``statement_elements``, ``statement_truth``
    whether they hold at a point: memberships, sets within sets, comparisons for all elements of a set.
``one_variable``, ``frechet``
    all subgradients of a net of one input; that a function is differentiable at a cusp.
``axioms``, ``meanings``, ``coq_scripts``
    what may be cited; what the name of a claim means; which stored theorems Coq has checked.
``boxes``, ``net_on_boxes``, ``tube``, ``input_flow_claims``, ``weight_flow_claims``, ``result_claims``
    rational intervals; a net whose weights lie in them; all states near a flow; claims that follow from results of
    other commands, of flows above all.
``claim_settings``, ``claim_sets``, ``claim_meanings``, ``claim_certificates``, ``claim_witnesses``, ``claims``
    of what a claim is claimed; the sets it rests on; that it means what its name means; what shows it, or that it is
    false; whole results of ``symflow prove``.
``verify``
    the door: a text, a file or a folder goes in, a report comes out.

Propositions are those of the notes on exact Clarke differentials: Proposition 1 says that ∂F(w) is the
hull of the gradients, at w, of the polynomial pieces whose open joint cell has w in its closure. So a
result is right when the arcs show that the listed cells are there, the walk and the multipliers show
that there are no others, and the rest is linear algebra over an ordered field.

Examples
--------
>>> from symflow.checker.verify import verify_text
>>> verify_text('{"command": "clarke"}')["rejected"]
[{'place': 'problem', 'reason': 'missing'}]
"""
