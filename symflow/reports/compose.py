"""From results to documents: the functions that the commands call.

Each command's document has a file of its own; this one is the door.
"""

from __future__ import annotations

from symflow.reports.audit_document import audit_document as audit_document
from symflow.reports.clarke_document import clarke_document as clarke_document
from symflow.reports.derive_document import derive_document as derive_document
from symflow.reports.derive_latex import derive_latex as derive_latex
from symflow.reports.laws_document import checked_document as checked_document
from symflow.reports.laws_document import laws_document as laws_document
from symflow.reports.laws_latex import laws_latex as laws_latex
from symflow.reports.verify_document import verify_document as verify_document
