"""Reading spec files: regular files of bounded size, and imports that stay in their folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from inception_dsl.elaborate.limits import Limits
from inception_dsl.shipped import shipped_folder
from inception_dsl.source import Source

__all__ = ["find_import", "read_source", "shown_name"]


def find_import(name: str, importer: Path | None) -> Path | None:
    """The file that an import means: in or below its importer's folder, else a shipped one.

    Links are followed first, so that none leads out of these folders.
    """
    file = _file_name(name)
    if "\0" in file:
        return None
    for folder in ((importer.parent,) if importer else ()) + (shipped_folder(),):
        home, path = folder.resolve(), (folder / file).resolve()
        if path.is_relative_to(home) and path.is_file():
            return path
    return None


def _file_name(name: str) -> str:
    return name if name.endswith(".incept") else name + ".incept"


def shown_name(path: Path, name: str, importer: Source) -> str:
    """An imported file as diagnostics name it: in the way its importer is named."""
    beside = Path(importer.name).parent / _file_name(name)
    return str(beside if beside.resolve() == path else path)


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
