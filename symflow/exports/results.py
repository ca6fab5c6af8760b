"""Which exporter reads which result: by the command that wrote it.

Examples
--------
>>> export_result({"command": "flow"}).not_exported
['flow: no claim of a flow has a script']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symflow.exports.differentials import export_audit, export_clarke
from symflow.exports.laws import export_laws
from symflow.exports.pieces import export_derive, export_regions
from symflow.exports.script import Export
from symflow.exports.statements import export_prove


def export_result(result: Mapping[str, Any]) -> Export:
    """Return the theorems of a result, and what of it has none.

    Parameters
    ----------
    result : mapping
        What a command wrote with ``--json --output FILE``.
    """
    export = Export()
    command = result.get("command")
    if command == "clarke":
        export_clarke(export, result)
    elif command == "audit":
        export_audit(export, result)
    elif command == "prove":
        export_prove(export, result)
    elif command == "laws":
        export_laws(export, result)
    elif command == "derive":
        export_derive(export, result)
    elif command == "regions":
        export_regions(export, result)
    else:
        export.not_exported.append(f"{command}: no claim of a {command} has a script")
    return export
