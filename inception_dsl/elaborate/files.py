"""Reading spec files: regular files of bounded size, and imports that stay in their folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from inception_dsl.elaborate.limits import Limits
from inception_dsl.shipped import shipped_folder
from inception_dsl.source import Source

__all__ = ["find_import", "is_there", "read_source", "shown_name"]


def find_import(name: str, importer: Path | None) -> Path | None:
    """The file that an import means: in or below its importer's folder, else a shipped one.

    Links are followed first, so that none leads out of these folders.
    """
    file = _file_name(name)
    for folder in ((importer.parent,) if importer else ()) + (shipped_folder(),):
        try:
            home, path = _real(folder), _real(folder / file)
        except ValueError:  # a name that no file can have
            continue
        if path.is_relative_to(home) and is_there(path, stat.S_ISREG):
            return path
    return None


def _real(path: Path) -> Path:
    """The path without links; unlike `Path.resolve` it takes links that go in a circle."""
    return Path(os.path.realpath(path))


def _file_name(name: str) -> str:
    return name if name.endswith(".incept") else name + ".incept"


def shown_name(path: Path, name: str, importer: Source) -> str:
    """An imported file as diagnostics name it: in the way its importer is named."""
    beside = Path(importer.name).parent / _file_name(name)
    return str(beside if _real(beside) == path else path)


def is_there(path: Path, kind: Callable[[int], bool] = bool) -> bool:
    """Whether a path leads to something of a kind (`stat.S_ISREG`); not if no file can be so."""
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def read_source(path: Path, name: str, limits: Limits) -> Source:
    """A regular file's text.

    Raises: OSError if it cannot be read or is no regular file, OverflowError if it is too large,
    UnicodeDecodeError if it is not UTF-8.
    """
    with open(path, "rb", opener=_open_without_waiting) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise IsADirectoryError(21, "it is no regular file")
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise OverflowError(len(data))
    return Source(name, data.decode("utf-8"))


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
