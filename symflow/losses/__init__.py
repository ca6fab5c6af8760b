"""Losses: continuously differentiable functions of one output and one label.

A loss makes no kinks of its own, so the Clarke differential of a risk is that of the combination sum_k c_k f_k
whose coefficients c_k = ℓ'(f_k, y_k) are frozen at the point (Proposition 2 of the mathematics). Values are exact:
rational for the squared loss, exponential numbers and their logarithms for the others. This folder is open: one
file a member.

>>> from symflow.losses.base import loss
>>> from symflow.exact.rationals import rational
>>> loss("squared").derivative(rational(3), rational(1))
2
"""
