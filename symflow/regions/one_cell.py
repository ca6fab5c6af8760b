"""The complex of a net whose space is one cell: nothing cuts, as where there is no hidden layer or W_1 = 0."""

from __future__ import annotations

import numpy as np

from symflow.regions.assembly import assemble
from symflow.regions.face_lattice import FaceLattice
from symflow.regions.integer_layers import IntegerNet
from symflow.regions.locate import exact_cut_signs
from symflow.regions.piece import Piece
from symflow.regions.region_complex import RegionComplex
from symflow.regions.start import Start
from symflow.regions.vertex_table import VertexTable


def one_cell(net: IntegerNet, begin: Start) -> RegionComplex:
    """Return the complex of one cell, all of space; its section is one point, the origin."""
    section = begin.net
    table = VertexTable(section, [])
    table.add_first([(1,)], np.zeros((1, 0), np.int32))
    origin = (*(0,) * net.n_inputs, 1)
    signs = np.array([exact_cut_signs(net, origin)], np.int8).reshape(1, -1)
    piece = Piece(
        section, FaceLattice([1], [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]), table, [], signs, signs[:0]
    )
    piece.layer = len(section.hidden)
    return assemble(net, begin, [piece], [])
