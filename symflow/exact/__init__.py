"""Exact arithmetic: numbers, polynomials, linear algebra, linear programs, convex hulls.

Numbers come in exact or not at all (``rationals.py``). A scalar is a rational or an element of Q(e^q : q rational)
(``exponential_numbers.py``), an ordered field in which every equality and every sign is decided; values may also have
logarithms (``logarithms.py``). Polynomials over Q are canonical, so that ``==`` decides equality
(``polynomials.py``). Linear programs answer with a solution or with the multipliers that exclude one
(``linear_program.py``); hulls with weights or a separating functional (``membership.py``, ``extreme_points.py``,
``minimal_norm.py``).

Floats, python-flint's balls and HiGHS only propose. Everything that leaves this floor has been checked in exact
arithmetic, and what has a witness is returned with it.

>>> from symflow.exact.linear_program import strict_feasibility
>>> from symflow.exact.rationals import rational
>>> strict_feasibility([(rational(1), rational(1)), (rational(-1), rational("1/2"))])
StrictSolution(direction=(0, 1))
"""
