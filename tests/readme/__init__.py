"""What the README shows is made, not written: ``python -m tests.readme`` runs its commands and draws its pictures.

* ``transcripts.py``: blocks of ``text`` that begin with ``$ symflow`` are what these commands print, on the problem
  files that the README's ``toml`` blocks are (their first line is their name).
* ``pictures.py``: the pictures in ``worked_examples/pictures/``, each with the digest of the LaTeX or HTML it shows.
* The table of verdicts is written by ``tests/lemmas/write_verdicts.py``.

``tests/test_readme.py`` compares, and fails where the README or a picture is older than what symflow prints now.
"""
