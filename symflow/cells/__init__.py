"""Cells: where an activation pattern holds, and which of them meet a point.

The cell of a pattern s is the open set {d : g(d) > 0 for every constraint g of s}, in the displacement d from the
point w. The one hard question is whether w lies in its closure (Proposition 1: then, and only then, its gradient is
a limiting gradient). ``incident_cells.py`` walks the tree of patterns and decides each; a realised pattern carries
an arc (``cell.py``), a refuted one multipliers (``refutation.py``), and what neither reaches is listed as
undecided.

With symbols in place of weights or input the same is asked everywhere: ``derivation.py`` gives the closed form, and at
the kinks ``kinks.py`` (one hidden layer, Theorem 3) and ``deep_kinks.py`` (deep nets, Proposition 6).
"""
