"""The catalogue: one file a statement of the two lectures, an open folder.

A member says, as data, what is claimed (in words and, where the statement language can say it, formally), under which
hypotheses, after whom, and how it is proved; and it knows at which nets it is to be asked. What it claims becomes a
theorem only in ``proofs/kernel.py``. ``symflow claims`` lists the members, ``symflow prove`` runs them.

To add one, write ``lemmas/<name>.py`` after the model of a neighbour, then ``python -m tests.lemmas.write_meanings``:
the checker's table of names is written anew, and shows in the diff what the new name is taken to mean.

``scripts/`` holds the Coq scripts of the stored theorems; ``checker/coq_scripts.py`` says which have been checked.
"""
