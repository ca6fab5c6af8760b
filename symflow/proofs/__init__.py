"""Statements, their verdicts, and the one gate through which a theorem comes into being.

A :class:`~symflow.proofs.claim.Claim` is plain data: a statement in the small language of
:mod:`symflow.checker.statement_grammar`, the setting it is about (every net of a shape, this problem, some named
problems, or every depth and width), a verdict, and what the verdict rests on. Anybody may make one. The prover
(:mod:`symflow.proofs.prover`) searches, and may be clever and wrong.

A :class:`~symflow.proofs.kernel.Theorem` is a claim that the kernel accepted: it hands the claim's JSON to
``checker/``, which recomputes everything from it, and mints a theorem only where nothing was refused. There is no
other way to make one, and nothing is believed for its type: ``symflow verify`` replays the same JSON.

===================  =======================================================  ===================================
verdict              it holds                                                 evidence
===================  =======================================================  ===================================
proved_general       for all weights and all shapes of a class                a stored theorem, checked by Coq
proved_shape         for all weights of one shape                             a polynomial identity
proved_instance      for this net, these data, at this point                  an exact evaluation
enclosed             for this net, with rigorous bounds                       intervals
refuted              not: the original statement is false at a witness        the witness, evaluated exactly
vacuous              of nothing: the hypotheses cannot be met                 a proof that they cannot
conditional          if the cited facts named hold                            their names
undecided            nothing is claimed                                       the reason
===================  =======================================================  ===================================

Examples
--------
>>> from symflow.proofs.prover import decide
>>> from symflow.proofs.setting import shape_setting
>>> from symflow.proofs.kernel import mint
>>> shape = shape_setting([2, 2, 1], ["relu"])
>>> mint(decide("for l in 1..L: inner(W[l], grad(f, W[l])) == f", shape)).verdict.word
'proved_shape'
>>> mint(decide("for l in 1..L: inner(W[l], grad(f, W[l])) == L*f", shape)).verdict.word
'refuted'
"""
