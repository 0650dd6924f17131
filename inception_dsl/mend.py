"""The certain fixes of a spec's diagnostics made in its text, while that makes it better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.fixes import apply_edits, compatible_fixes, is_certain
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.loading import examine_request
from inception_dsl.source import Source

__all__ = ["Mended", "mend"]

ROUNDS = 20
STAGES = tuple(f"E0{stage}" for stage in range(1, 10))


@dataclass(frozen=True)
class Mended:
    """The new text, and how many fixes made it.

    `refused` tells that there were fixes which do not make it better, `left` how many faults have
    fixes that are for a person to choose, `elsewhere` names the imported files that have certain
    ones of their own.
    """

    text: str
    fixes: int
    refused: bool
    left: int
    elsewhere: tuple[str, ...]


def mend(request: Request, limits: Limits, ignore: Collection[str] = ()) -> Mended:
    """Make every certain fix in the spec's own text, check it again, and go on from there.

    Fixes are kept once they lead to fewer faults, and given up as soon as they lead to more.
    """
    source, fixes = request.source, 0
    records = found = examine_request(request, limits, ignore)[1]
    best, fewest, kept = source, _faults(records), 0
    for _ in range(ROUNDS):
        chosen = compatible_fixes(filter(is_certain, records), source)
        if not chosen:
            break
        text = apply_edits(source.text, (edit for fix in chosen for edit in fix))
        source, fixes = Source(source.name, text), fixes + len(chosen)
        records = examine_request(replace(request, source=source), limits, ignore)[1]
        faults = _faults(records)
        if faults > fewest:
            break
        if faults < fewest:
            best, fewest, kept, found = source, faults, fixes, records
    certain = [record for record in found if is_certain(record)]
    left = sum(bool(record.fix) for record in found) - len(certain)
    names = (edit.span.source.name for record in certain for edit in record.fix)
    elsewhere = tuple(sorted({name for name in names if name != source.name}))
    return Mended(best.text, kept, fixes > kept, left, elsewhere)


def _faults(records: Iterable[Diagnostic]) -> tuple[int, ...]:
    """How many errors each stage found, the first stage first: its errors hide those of the next.

    So a mended comma may show two shapes that never fitted, and is better all the same. Warnings
    count last.
    """
    stages = Counter(record.code[:3] for record in records)
    warnings = sum(record.severity == "warning" for record in records)
    return (*(stages[stage] for stage in STAGES), warnings)
