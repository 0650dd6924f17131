"""What `incept check --fix` does to a file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from inception_dsl.cli.console import Refused, say
from inception_dsl.diagnostics import SpecError
from inception_dsl.diagnostics.cells import visible
from inception_dsl.elaborate.limits import Limits
from inception_dsl.locate import request_for
from inception_dsl.mend import mend
from inception_dsl.whole_file import whole_file

__all__ = ["mend_file"]


def mend_file(spec: str, ignore: Collection[str]) -> None:
    """Carry out the fixes of SPEC's diagnostics in its file, and say what was done.

    Raises: Refused where there is no file to write, or it cannot be written.
    """
    if spec == "-":
        raise Refused("--fix writes files, and standard input is none")
    limits = Limits()
    try:
        request = request_for(spec, None, {}, limits)
    except SpecError:
        return  # the check that follows says why it cannot be read
    name, path = visible(request.source.name), request.path
    assert path is not None, "a spec that is named lies in a file"
    if not any(Path(place).is_file() for place in (spec, spec.rpartition(":")[0])):
        raise Refused(f"`{spec}` is a shipped spec, which --fix leaves as it is; copy it first")
    mended = mend(request, limits, ignore)
    if mended.fixes:
        try:
            with whole_file(path) as partial:
                partial.write_bytes(mended.text.encode("utf-8"))
        except OSError as error:
            raise Refused(f"cannot write {name}: {error.strerror or error}") from None
        say(f"mended {mended.fixes} place{'s' * (mended.fixes != 1)} in {name}")
    if mended.refused:
        fixes = "more fixes" if mended.fixes else "its fixes"
        say(f"left {name} as it is: {fixes} would not make it better")
    if mended.left:
        faults = "one fault" if mended.left == 1 else f"{mended.left} faults"
        say(f"left {faults} to you: what mends shapes changes the network")
    for other in mended.elsewhere:
        say(f"left {visible(other)}, which {name} imports, as it is: name it to mend it")
