"""Regions: all activation cells of a net in its input space, and which of them share a wall.

Input space falls into polyhedra, one for each activation pattern that has interior; on each the net is affine. They
are found by splitting: ``start.py`` makes the orthants of d independent hyperplanes, and every further function that
cuts, unit by unit and layer by layer, splits the faces of all dimensions that it meets. What is split is a face
lattice (``face_lattice.py``), incidences alone, so that an adjacency is never a guess from patterns: two cells are
adjacent because they have a facet in common. No linear program is solved, no box is drawn around the picture, and a
cut through a corner, along a wall or through nothing at all is no special case.

Which vertices lie on which side is decided exactly at the speed of floats (``filtered_signs.py``): by a float with a
proved bound, else by the residue modulo 2^64, else by integers.

In reading order: ``integer_layers.py`` (the net as integer layers, and its cuts), ``face_lattice.py``,
``filtered_signs.py``, ``layer_rows.py`` and ``vertex_table.py`` (what is evaluated where), ``piece.py`` (one cut
after another), ``start.py``, ``enumeration.py`` (pieces, workers, budgets), ``assembly.py`` (everything put together
in one order, a ``region_complex.py``), ``generators.py``, ``points.py`` and ``cell_maps.py`` (what is asked of a cell
afterwards), ``region.py``, ``wall.py`` and ``region_graph.py`` (what users see; networkx).

In weight space a net with one hidden layer has a product of arrangements, one a neuron, counted without being built:
``arrangement_counts.py``, ``weight_regions.py``.

Three lines through a point make six cells in a ring:

>>> from symflow.nets.network import Network
>>> from symflow.regions.region_graph import RegionGraph
>>> regions = RegionGraph.of(Network.from_weights([[1, 0], [0, 1], [1, -1]], [[1, 2, 1]]))
>>> regions, [cell.pattern for cell in regions.cells]
(RegionGraph(6 cells, 6 walls, exact), ['---', '--+', '-+-', '+-+', '++-', '+++'])
>>> regions.walls[0], regions.walls[0].point
(Wall(1|2, flips (1,3), exact), (Fraction(-1, 1), Fraction(-1, 1)))
"""
