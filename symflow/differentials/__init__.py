"""Differentials: the Clarke differential at a point, and what follows from it.

Proposition 1. ∂F(w) is the convex hull of the gradients at w of the polynomial pieces whose open cell has w in its
closure. So it is finitely many exact vectors: their hull (``polytope.py``), membership with weights or a separating
functional, the shortest element, and whether what automatic differentiation returns lies in it (``selection.py``).
With one hidden layer it is a product over the neurons (Theorem 3, ``product_form.py``), and stays one.
"""
