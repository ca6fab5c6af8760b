"""Every public object in LaTeX, the pictures and the sections of the notes included; found by name, from below."""

from __future__ import annotations

from symflow.errors import NotSupportedError
from symflow.flows.trajectory import Trajectory
from symflow.formats.latex import render_fragment
from symflow.pictures.tikz_regions import tikz_regions
from symflow.regions.region_graph import RegionGraph
from symflow.reports.asked import problem_of_trajectory
from symflow.reports.names import naming_for, using
from symflow.reports.notes.document import Notes
from symflow.reports.notes.flow import flow_chapter
from symflow.reports.object_tables import regions_table
from symflow.reports.objects_latex import object_latex, table_latex

# A map of more cells is black, in the notes as in a notebook.
_MOST_DRAWN = 400


def latex_text(thing: object) -> str:
    r"""Return an object in LaTeX: a formula, a table, a picture, or the section of the notes.

    Raises
    ------
    NotSupportedError
        If it has no such form.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> regions = RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
    >>> latex_text(regions).count(r"\fill[")
    4
    """
    if isinstance(thing, RegionGraph):
        is_plane = thing.network.architecture.n_inputs == 2
        if is_plane and 0 < thing.n_cells <= _MOST_DRAWN:
            return tikz_regions(thing)
        return table_latex(regions_table(thing))
    if isinstance(thing, Trajectory):
        with using(naming_for(thing)) as naming:
            chapter = flow_chapter(problem_of_trajectory(thing), thing)
        return naming.latex(render_fragment(Notes("", "", "", (chapter.section,), tuple(chapter.entries))))
    with using(naming_for(thing)) as naming:
        found = object_latex(thing)
    if found is None:
        raise NotSupportedError(f"{type(thing).__name__} has no LaTeX; the object that it is a part of may have some")
    return naming.latex(found)
