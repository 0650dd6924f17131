"""What is said to users about their specs: the record, the codes, the renderings."""

from inception_dsl.diagnostics.record import Diagnostic, Diagnostics, Edit, Label, Note, SpecError

__all__ = ["Diagnostic", "Diagnostics", "Edit", "Label", "Note", "SpecError"]
