"""Graphviz itself, as the package that tests install and as the system's program."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig

__all__ = ["PROGRAMS", "laid_out"]

PROGRAMS = {
    "graphviz-pure": shutil.which("graphviz-pure", path=sysconfig.get_path("scripts")),
    "dot": shutil.which("dot"),
}


def laid_out(source: str, format: str, program: str = "graphviz-pure") -> bytes:
    """DOT as one of the programs lays it out; a warning is a failure, but for unknown letters."""
    executable = PROGRAMS[program]
    assert executable, f"there is no {program}"
    command = [executable, "-Kdot", f"-T{format}"]
    done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=120)
    said = done.stderr.decode()
    warnings = [line for line in said.splitlines() if "no value for width" not in line]
    assert done.returncode == 0, said
    assert not warnings
    return done.stdout
