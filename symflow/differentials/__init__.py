"""Differentials: the Clarke differential at a point, and what follows from it.

Proposition 1. ∂F(w) is the convex hull of the gradients at w of the polynomial pieces whose open cell has w in its
closure. So it is finitely many exact vectors: their hull (``polytope.py``), membership with weights or a separating
functional, the shortest element, and whether what automatic differentiation returns lies in it (``selection.py``).
With one hidden layer it is a product over the neurons (Theorem 3, ``product_form.py``), and stays one.

One-sided derivatives F'(w; v) come from one forward pass (``directional.py``); as a function of v they are linear on
finitely many cones (``first_order.py``), which decides differentiability, Clarke regularity and Fréchet stationarity
(``regularity.py``), and finds a way down (``stationarity.py``). Beside ∂F(w) stand the set of backpropagation around it
(``conservative.py``) and, inside, the subdifferential of convex analysis (``convex_subdifferential.py``).
"""
