"""From what a user calls a spec (a shipped name, a path, the text itself) to its text."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from inception_dsl.diagnostics import Diagnostic, SpecError
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.files import is_there, read_source
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.shipped import shipped_file, shipped_specs
from inception_dsl.source import Source, Span

__all__ = ["Settings", "Shape", "SpecLike", "request_for"]

SpecLike = str | os.PathLike[str] | Source
Settings = Mapping[str, object]
Shape = tuple[int, ...]


def request_for(
    spec: SpecLike, input: Shape | str | None, settings: Settings, limits: Limits
) -> Request:
    """The text that `spec` means, with what was asked of it.

    Raises: SpecError if there is no such text, or `input` is no shape.
    """
    dims = _dims(input)
    if isinstance(spec, str) and ("\n" in spec or "{" in spec):
        spec = Source("<text>", spec)
    if isinstance(spec, Source):
        if len(spec.text.encode(errors="surrogatepass")) > limits.file_bytes:
            raise _refusal(
                "E0701", spec.name, f"the text is larger than {limits.file_bytes:,} bytes"
            )
        return Request(spec, settings=settings, input=dims)
    path, network = _locate(os.fspath(spec))
    return Request(_read(path, limits), Path(os.path.realpath(path)), network, settings, dims)


def _locate(spec: str) -> tuple[Path, str | None]:
    """The file of a shipped name, a path, or `path:network`."""
    for text, network in (
        (spec, None),
        tuple(spec.rsplit(":", 1)) if ":" in spec else (spec, None),
    ):
        path = Path(text)
        if is_there(path, stat.S_ISREG):
            return path, network
        if shipped := shipped_file(text):
            return shipped, network
    if is_there(Path(spec)):
        return Path(spec), None
    near = suggestion(spec, shipped_specs())
    raise _refusal(
        "E0209",
        spec,
        f"no file and no shipped spec is named `{spec}`",
        near or "`incept list` shows the shipped specs",
    )


def _read(path: Path, limits: Limits) -> Source:
    name = str(path)
    try:
        return read_source(path, name, limits)
    except OSError as error:
        raise _refusal(
            "E0209", name, f"`{name}` cannot be read: {error.strerror or error}"
        ) from None
    except UnicodeDecodeError as error:
        raise _refusal(
            "E0109", name, f"`{name}` is not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from None
    except OverflowError:
        raise _refusal(
            "E0701", name, f"`{name}` is larger than {limits.file_bytes:,} bytes"
        ) from None


def _refusal(code: str, name: str, message: str, help: str | None = None) -> SpecError:
    return SpecError((Diagnostic(code, message, Span(Source(name, ""), 0, 0), help=help),))


def _dims(input: Shape | str | None) -> Shape | None:
    if isinstance(input, str):
        parts = input.split("x")
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise _refusal(
                "E0504",
                "--input",
                f"`{input}` is no shape",
                "write it as CxHxW, for example 3x224x224",
            )
        input = tuple(int(part) for part in parts)
    if input is not None and (not 1 <= len(input) <= 4 or min(input) < 1):
        raise _refusal(
            "E0504",
            "--input",
            f"{tuple(input)} is no shape",
            "channels, then one to three grid axes",
        )
    return tuple(input) if input is not None else None
