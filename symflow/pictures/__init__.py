"""Pictures of a net's cells: matplotlib Axes, TikZ, SVG (matplotlib enters here).

What is drawn is computed first, exactly and without any drawing library: ``region_map.py`` clips cells and walls to a
window, over fractions. The three writers only scale, shade and write; they share the window (``window.py``), the tints
(``shades.py``), the labels and their places (``labels.py``, ``places.py``) and the marks on the axes (``ticks.py``). A
net with more inputs is drawn on a plane in its input space, where it is again a net (``slices.py``).

The shade of a cell is the length of the gradient on it. A solid line is a kink; across a dotted one the pattern changes
and the function does not. A label stands inside its cell or is left out.

>>> from symflow.nets.network import Network
>>> from symflow.pictures.region_map import region_map
>>> corner = region_map(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
>>> corner
RegionMap(4 of 4 cells in [-1, 1] x [-1, 1], 4 walls, exact)
>>> [str(entry) for entry in corner.cells[0].centre]
['-1/2', '-1/2']
"""
