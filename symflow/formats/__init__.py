"""Formats: a document, printed. An open folder: ``base.py`` and one file a member.

``plain_text.py`` is the terminal. A format decides how a block looks and what is folded; what is said, and in which
order, was decided one floor below (``reports/``).
"""
