"""Specs of one or several files, as the campaigns pass them around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.loading import examine, load_with
from inception_dsl.network import Network

__all__ = ["MAIN", "Files", "examine_files", "load_files", "written"]

Files = Mapping[str, str]
"""The texts of a spec by file name; the first is the one with the network."""

MAIN = "main.incept"


@contextmanager
def written(files: Files) -> Iterator[Path]:
    """The path of the first of the files, in a folder of their own."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        yield Path(folder) / next(iter(files))


def load_files(files: Files, settings: Mapping[str, object] | None = None) -> Network:
    """The network of a spec.

    Raises: SpecError holding every diagnostic.
    """
    with written(files) as path:
        return load_with(path, settings or {})


def examine_files(
    files: Files, settings: Mapping[str, object] | None = None
) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    """What `check` says of a spec."""
    with written(files) as path:
        return examine(path, settings=settings)
