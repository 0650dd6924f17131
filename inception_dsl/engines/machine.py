"""What the machine is: for tables, and for choices that hold only there."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["Machine", "machine", "versions"]

_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Machine:
    """A processor as it names itself, the cores this process may use, and its system."""

    processor: str
    cores: int
    system: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.system}"


def machine() -> Machine:
    """The machine this runs on."""
    return Machine(_processor(), _cores(), f"{platform.system()} {platform.machine()}")


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """The versions of those packages that are installed."""
    found: dict[str, str] = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    if not _CPU_INFO.exists():
        return platform.processor() or platform.machine()
    told: dict[str, str] = {}
    for line in _CPU_INFO.read_text("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        told.setdefault(name.strip(), value.strip())
    name = told.get("model name", platform.machine())
    if "cpu family" in told:  # a virtual machine may hide the model behind the maker's name
        name += f" (family {told['cpu family']}, model {told.get('model', '?')})"
    return name


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
