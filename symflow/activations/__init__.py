"""Activations: piecewise polynomials of a preactivation, or of a group of them.

An activation turns the preactivations of a layer into its outputs. Each output has *members*: the one preactivation
it depends on, or the group of which it is the maximum. Where the members' signs (or their winner) are fixed, the
output is one polynomial of them: a *piece*, named by one character of the activation pattern. This folder is open:
one file a member, found by its registered name.

>>> from symflow.activations.base import activation
>>> leaky = activation("leaky_relu", slope="1/4")
>>> leaky.evaluate((-2,))
-1/2
"""
