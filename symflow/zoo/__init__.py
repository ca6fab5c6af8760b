"""The zoo: small problems whose exact answers are known on paper.

Each function returns one problem, its Clarke differential, and what follows from it, with the derivation in its
docstring; ``every_answer.zoo`` returns them all. The answers were derived by hand, not computed: doctests, tests and
worked examples hold the program against them, and ``tests/test_zoo.py`` holds them against a road of its own.

>>> from symflow.zoo.of_the_input import identity
>>> known = identity()
>>> known.vertices, known.autodiff, known.autodiff_is_right
((('1',),), ('0',), False)
"""
