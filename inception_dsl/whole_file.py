"""Files written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from secrets import token_hex

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` once the block has ended well.

    Where `path` is a link, the file that it leads to is replaced. The permissions of a file that
    was there are kept.

    Raises: OSError if the place cannot be written, or holds a folder or a device; `path` is then
            as it was before.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    partial = target.with_name(f".{token_hex(8)}.partial")
    try:
        yield partial
        if mode is not None:
            partial.chmod(mode)
        _flush(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _mode(target: Path) -> int | None:
    """The permissions of the file to be replaced; None if there is none.

    Raises: OSError if it cannot be replaced.
    """
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError("not a regular file")
    if not os.access(target, os.W_OK):
        raise PermissionError("it is write-protected")
    return stat.S_IMODE(mode)


def _flush(file: Path) -> None:
    """Wait for the disk: without it a power cut may keep the new name and lose what it names."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
