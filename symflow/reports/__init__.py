"""Reports: from results to what a person, or a script, reads.

``results.py`` writes the contract's JSON objects. ``document.py`` is a closed tree of blocks, ``readable/`` the
step from results to what a lecturer would write, ``compose.py`` the one place that turns results into documents; the
formats one floor up only print them.
"""
