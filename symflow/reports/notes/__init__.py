"""The lecture notes of a study: one section a file, composed in ``compose.py``, typeset by ``formats/latex.py``.

The notes are LaTeX by nature, so their prose is LaTeX source, written as a lecturer would; what comes from a result is
printed by ``reports/latex_math.py`` from exact numbers. Each statement carries its hypotheses, a proof that a reader
can check, and a verdict in the margin: what it holds for, and how it is known.
"""
