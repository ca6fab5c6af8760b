"""A file whose weights are symbols, or whose data are: the setting of a statement about it.

Data that a file gives are the data that are meant, and so are its labels and its loss. A statement on all weights needs
no weights of its own, so that a problem with any of them is its setting: they are drawn, and nothing rests on them.
Where the data are symbols the setting is the shape; a counterexample still has the file's label and its loss.

Examples
--------
>>> from symflow.problem_tree import problem_from_tree
>>> tree = {"network": {"activation": "relu", "widths": [1, 1, 1]}, "data": {"inputs": [["2"]]}}
>>> setting, like = setting_of_symbols(problem_from_tree(tree))
>>> setting["kind"], setting["problem"]["data"], like
('problem', {'inputs': [['2']]}, None)
>>> setting, like = setting_of_symbols(problem_from_tree({**tree, "data": {"inputs": "symbolic"}}))
>>> setting["kind"], like
('shape', {'objective': {'kind': 'output', 'output': 1}})
"""

from __future__ import annotations

from symflow.checker.statement_shapes import read_shape
from symflow.problem import Problem
from symflow.proofs.candidates import at_zero, candidates
from symflow.proofs.claim import Json
from symflow.proofs.setting import problem_setting, shape_of

_OF_THE_OBJECTIVE = ("kind", "loss", "reduction", "coefficients", "output")


def setting_of_symbols(problem: Problem) -> tuple[Json, Json | None]:
    """Return the setting of a problem with symbols, and what its counterexamples share with it besides the shape.

    The second is None where the setting says it all.
    """
    n_data = 1 if problem.kind == "output" else len(problem.inputs or ((),))
    shape, tree = shape_of(problem, n_data=n_data), problem.tree()
    if problem.network is None and problem.inputs is not None and problem.variable == "weights":
        template = read_shape(shape).template
        found = next(candidates(template, tree), None)
        return problem_setting(at_zero(template, tree) if found is None else found), None
    objective = {key: value for key, value in tree["objective"].items() if key in _OF_THE_OBJECTIVE}
    labels = tree.get("data", {}).get("labels")
    labels = labels if labels is not None and len(labels) == n_data else None
    return shape, {"objective": objective} | ({} if labels is None else {"labels": labels})
