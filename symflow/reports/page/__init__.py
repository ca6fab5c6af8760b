"""The page of ``symflow report``: what is on it, as plain data.

``findings.py`` holds the results that a page is made of; ``compose.py`` puts it together from its head (``head.py``),
what is known (``known.py``), its tables (``tables.py``) and its legend (``legend.py``). What the page's script chooses
from, exact numbers as strings, is made by ``map_data.py`` and ``flow_data.py``. How a page looks is decided one floor
above (``formats/html.py``, ``pictures/page_map.py``).
"""
