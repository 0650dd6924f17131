"""Specs as git has them: `REV:PATH`, with what lay beside them at that revision."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from inception_dsl.cli.console import Refused
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.source import Source

__all__ = ["at_revision"]

_REGULAR = ("100644", "100755")


@contextmanager
def at_revision(spec: str) -> Iterator[Request]:
    """The text that `REV:PATH` or `REV:PATH:NETWORK` means, and where its imports lie meanwhile.

    PATH starts at the root of the repository, or with `./` here, as git has it. Imports are those
    of the same revision, in or below the folder of the spec, or shipped ones.

    Raises: Refused if there is no git, no such revision, or no such file in it.
    """
    revision, _, path = spec.partition(":")
    path, _, network = path.partition(":")
    if not revision or revision.startswith("-") or not path:
        raise Refused(f"`{spec}` is neither a file nor REV:PATH, for example HEAD~1:net.incept")
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    if commit is None and _git("rev-parse", "--git-dir") is None:
        raise Refused(f"no file is called `{spec}`, and git has no repository in this folder")
    if commit is None:
        raise Refused(f"no file is called `{spec}`, and git knows no revision `{revision}` here")
    tree = commit.decode().strip()
    here = (_git("rev-parse", "--show-prefix") or b"").decode().strip()
    full = _normal(f"{here}{path}" if path.startswith((".", "..")) else path)
    folder = str(PurePosixPath(full).parent)
    with tempfile.TemporaryDirectory() as place:
        for name in _specs(tree, "" if folder == "." else f"{folder}/"):
            file = Path(place, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_git("cat-file", "blob", f"{tree}:{name}") or b"")
        yield Request(_read(Path(place, full), spec), Path(place, full).resolve(), network or None)


def _specs(tree: str, folder: str) -> list[str]:
    """The specs in and below a folder, and only files: links are not followed."""
    listed = _git("ls-tree", "-r", "-z", "--full-tree", tree, "--", folder or ".") or b""
    names = []
    for entry in filter(None, listed.decode(errors="surrogateescape").split("\0")):
        facts, _, name = entry.partition("\t")
        if facts.split()[0] in _REGULAR and name.endswith(".incept"):
            names.append(name)
    return names


def _read(file: Path, spec: str) -> Source:
    most = Limits().file_bytes
    try:
        data = file.read_bytes()
        text = data.decode("utf-8")
    except OSError:
        raise Refused(f"there is no spec `{spec}` in that revision") from None
    except UnicodeDecodeError as error:
        raise Refused(f"`{spec}` is not UTF-8 at byte {error.start}") from None
    if len(data) > most:
        raise Refused(f"`{spec}` is larger than {most:,} bytes")
    return Source(spec, text)


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and not parts:
            raise Refused(f"`{path}` leads out of the repository")
        if part == "..":
            parts.pop()
        elif part != "/":
            parts.append(part)
    return "/".join(parts)


def _git(*arguments: str) -> bytes | None:
    """What git says, None if it fails."""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise Refused("REV:PATH needs git, which is not installed here") from None
    return done.stdout if done.returncode == 0 else None
