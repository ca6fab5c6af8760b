"""Graphs in the format GraphML, which networkx writes (its second door): for Gephi, yEd, igraph, Cytoscape.

A node or edge carries plain attributes only, strings, integers and booleans; exact numbers go in as strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Attributes = Mapping[str, str | int | bool]


def graphml_text(nodes: Iterable[tuple[int, Attributes]], edges: Iterable[tuple[int, int, Attributes]]) -> str:
    """Return an undirected graph as the text of a GraphML file.

    Parameters
    ----------
    nodes : iterable of (node, attributes)
        In the order in which they are written.
    edges : iterable of (node, node, attributes)
        Likewise.

    Examples
    --------
    >>> text = graphml_text([(0, {"pattern": "-"}), (1, {"pattern": "+"})], [(0, 1, {"point": "1/2"})])
    >>> [line.strip() for line in text.splitlines() if "1/2" in line or 'id="1"' in line]
    ['<node id="1">', '<data key="d1">1/2</data>']
    """
    import networkx

    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from((node, dict(attributes)) for node, attributes in nodes)
    graph.add_edges_from((first, second, dict(attributes)) for first, second, attributes in edges)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(networkx.generate_graphml(graph)) + "\n"
