"""Reports: from results to what a person, or a script, reads.

``results.py`` writes the contract's JSON objects. ``document.py`` is a closed tree of blocks, ``notation.py`` how
each symbol is written, ``compose.py`` the one place that turns results into documents; the formats one floor up
only print them.
"""
