"""The step from results to what a lecturer would write; the terminal, the notes, the page and the notebook take it.

In: a ``ClarkeDifferential``, and numbers and vectors of a problem. Out: plain data in the trees of
``reports/expressions.py``, without layout; ``linear_text.py``, ``latex_math.py`` and ``mathml.py`` print them.

What it promises, and the file that keeps each promise:

* a set is taken apart into the factors of a product, each said in its shortest form: ``read_set.py``, which makes the
  ``Reading`` of ``reading.py``;
* a set has a word, segment, triangle, parallelogram, box: ``shapes.py``; one that is base + Σ θ_i g_i is recognised:
  ``zonotopes.py``;
* a line of a formula takes the shortest of the forms that say it, −τ (1, 1), (1, θ), (1, 0) + θ (2, 1): ``rows.py``,
  by the blocks of ``blocks.py``; where a matrix holds it, its entries stand in lowest terms: ``entries.py``;
* what does not vary is said once, equal rows together, all that vanishes together; of vertices, or of limits of
  gradients, each block is said by itself, and each of its values once: ``point_lists.py``;
* an irrational number that repeats has a name, c = e^(−1/2), and the others are written in it: ``constants.py``,
  ``known_numbers.py``;
* a vector is a number times coprime integers, c/2 (1, 1), or a combination of inputs, where that is shorter; a long
  number is a decimal that is cut, each digit right, and carries its exact form: ``notation.py``,
  ``written_numbers.py``, and ``read_texts.py`` for the numbers that a result holds as text;
* sums stand over one denominator, (1+c)/2: ``common_denominator.py``;
* one vector is said by where it lies in the set, θ = 1/2, or by how it misses it: ``elements.py``.

What is cut or folded for display stands in full under ``--full`` and in JSON. ``tests/reports/test_readable.py`` holds
these promises one by one.

>>> from symflow.differentials.clarke import clarke_differential
>>> from symflow.reports.linear_text import linear_text
>>> from symflow.reports.readable.read_set import read_set
>>> from symflow.zoo.of_the_lectures import demo
>>> reading = read_set(clarke_differential(demo().problem().function()))
>>> reading.shape.noun, *(linear_text(constant.expression) for constant in reading.constants)
('segment', 'e^(−1/2)')
>>> for row in reading.parts[0].rows:
...     print(*map(linear_text, row.names), "=", linear_text(row.value))
W1[1,·] = −τ (1, 1)
"""
