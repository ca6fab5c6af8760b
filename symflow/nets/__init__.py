"""Nets: architectures, exact weights, data, and the two functions they make.

A net with L weight matrices is x -> W_L σ(.. σ(W_1 x + b_1) ..) + b_L. Fixing the weights makes the realization x
-> f(x; θ) (``realization.py``); fixing the data makes the objective θ -> F(θ) (``empirical_risk.py``). Both are
*patterned functions* (``patterned_function.py``): once the sign of every preactivation is fixed they are
polynomials, and that waist is all that the floors above know of a net.

>>> from symflow.nets.network import Network
>>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
>>> net
Network(2-2-1, relu, exact)
>>> net((2, 1))
(Fraction(1, 1),)
"""
