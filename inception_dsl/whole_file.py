"""Files written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from secrets import token_hex

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` once the block has ended well.

    Where `path` is a link, the file that it leads to is replaced.

    Raises: OSError if the place cannot be written, or holds a folder or a device; `path` is then
            as it was before.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise OSError("not a regular file")
    partial = target.with_name(f".{target.name}.{token_hex(4)}.partial")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
