"""All conservation laws of a gradient flow, with the proof that there are no more.

Whatever the loss, the flow w' = −Σ cₖ(t) ∇φₖ(w) of a net keeps h(w) if ∇h is orthogonal to every ∇φₖ, and then to all
their iterated brackets: to the Lie algebra that they generate. Where that has r dimensions, near a point in general
position, there are exactly D − r independent laws (Frobenius; Marcotte, Gribonval, Peyré, *Abide by the law and follow
the flow*, 2023). The published program evaluates brackets in floats at a random point, and can only suggest the count.
Here both bounds are proved:

- from above, because some brackets, at some integer point, have a minor that is not zero modulo a prime;
- from below, by laws that are written down, each an identity of polynomials, with a minor of their Jacobian.

``models``
    which functions drive the flow: ``linear``, ``relu`` (path monomials), ``cell`` (given data on given activation
    cells).
``textbook``, ``quadratic``
    the laws that have names, and all those of degree at most two, from a null space over ℚ.
``identities``
    ⟨∇h, ∇φ⟩ = 0, expanded.
``brackets``
    words, a point, a minor.
``conservation``
    both bounds put together.
``cells_of_weights``
    the laws on every cell of weight space (one hidden layer).
``wrong_laws``
    what is not kept, with a witness: a polynomial that is no law, gradient descent, weight decay.

What *complete* means: every smooth function that the flows of the model keep is, near almost every point, a function of
the laws that are listed. For ``linear`` these are the flows on all data. For ``relu`` they are the flows of the path
monomials. Those of one hidden layer with two inputs or more, or with biases, are no more than the flows on all data,
if no activation is linear in disguise (a leaky relu of slope 1, a maximum of one unit);
deeper nets have sets of weights (such as those where all weights of a layer are positive) on which some patterns do not
occur, so that their flows may keep more there. ``cell`` is about given data on given cells; on the next cell other laws
hold.

Examples
--------
>>> from symflow.activations.base import activation
>>> from symflow.laws.conservation import conservation_laws
>>> from symflow.nets.architecture import Architecture
>>> found = conservation_laws(Architecture((2, 2, 1), (activation("relu"),), has_biases=True))
>>> found
ConservationLaws(relu 2-2-1: 2 laws of 9 parameters, complete)
>>> found.laws[0], found.lie_dimension
(W1[1,1]**2 + W1[1,2]**2 + b1[1]**2 - W2[1,1]**2, 7)
"""
