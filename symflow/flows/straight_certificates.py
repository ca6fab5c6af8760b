"""What re-checks the continuations at a corner, as plain data: strings, lists and dicts.

Whoever re-checks walks the same tree of comparisons (``local_fan.py``): the kinks in tree order, for each form that is
not zero on the span the outcomes -, 0, +. The refuted branches come with their multipliers and the leaves with a
direction each, so that the leaves are the faces, all of them and no others. For each leaf the one candidate v is a
projection. Does it lie in its face, then either it is listed as a solution, with weights of the gradients on cells that
have v in their closure, or as excluded, with a functional that separates -v from all of these gradients. Cells are
named by their paths; each is a leaf of full dimension.
"""

from __future__ import annotations

from symflow.flows.straight_solutions import Continuations, StraightSolution


def certificate_of(found: Continuations) -> dict[str, object]:
    """Return the continuations at a corner, with what excludes all others.

    Examples
    --------
    |x| at 0: neither side is a continuation, since it leads back.

    >>> from symflow.flows.straight_solutions import continuations
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1]], [[1]], activation="abs")).at((0,))
    >>> certificate_of(continuations(f))["solutions"]
    [{'path': '0', 'velocity': ['0'], 'time': None, 'weights': {'+': '1/2', '-': '1/2'}}]
    """
    return {
        "point": [str(entry) for entry in found.function.point],
        "faces": {face.path: [str(entry) for entry in face.direction] for face in found.fan.faces},
        "solutions": [_solution(solution) for solution in found.solutions],
        "excluded": [
            {
                "path": excluded.face.path,
                "velocity": [str(entry) for entry in excluded.velocity],
                "functional": [str(entry) for entry in excluded.functional],
            }
            for excluded in found.excluded
        ],
        "refuted": [
            {"path": refuted.path, "multipliers": {str(i): str(m) for i, m in sorted(refuted.multipliers.items())}}
            for refuted in found.fan.refuted
        ],
    }


def _solution(solution: StraightSolution) -> dict[str, object]:
    return {
        "path": solution.face.path,
        "velocity": [str(entry) for entry in solution.velocity],
        "time": None if solution.time is None else str(solution.time),
        "weights": {
            path: str(weight)
            for path, weight in sorted((solution.cells[i].path, w) for i, w in solution.weights.items())
        },
    }
