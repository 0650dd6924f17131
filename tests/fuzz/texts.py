"""Bad texts, checked: an answer in time, each diagnostic with its place, and no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from inception_dsl.diagnostics import Diagnostics
from inception_dsl.format import formatted
from inception_dsl.loading import examine
from inception_dsl.source import Source
from tests.fuzz.bad_text import bad_text
from tests.fuzz.campaign import Failure
from tests.fuzz.corpus import fixtures, generated, shipped
from tests.fuzz.deadline import within
from tests.fuzz.rendered import broken_promises
from tests.fuzz.specs import MAIN, Files

__all__ = ["SECONDS", "fault_of", "run", "sample"]

SECONDS = 5
_CORPORA = (shipped, generated, *(fixtures,) * 6)  # mostly small ones, which are read faster


def sample(seed: int) -> bytes:
    """The bad text of a seed."""
    random = Random(seed)
    return bad_text(random, random.choice(_CORPORA)())


def run(seed: int) -> Failure | None:
    """Whether the checker answers a bad text as it should."""
    data = sample(seed)
    fault = fault_of(data)
    if fault is None:
        return None
    try:
        return Failure(fault, {MAIN: data.decode("utf-8")}, lambda files: _alike(files, fault))
    except UnicodeDecodeError:
        return Failure(fault, {MAIN: data.decode("utf-8", "backslashreplace")})


def fault_of(data: bytes) -> str | None:
    """What is wrong with the answer to a text, in a line; None if nothing is."""
    with _file(data) as path:
        try:
            with within(SECONDS):
                network, records = examine(path)
                promises = [*broken_promises(records), *_format_faults(data)]
        except Exception as error:  # noqa: BLE001  whatever leaves the checker is a traceback
            return f"{type(error).__name__}: {error}".partition("\n")[0]
    errors = [record for record in records if record.severity == "error"]
    if network is not None and errors:
        return "a network in spite of errors"
    return promises[0] if promises else None


def _format_faults(data: bytes) -> Iterator[str]:
    """What the formatter does wrong, if it takes the text at all."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    once = formatted(Source(MAIN, text), Diagnostics())
    if once is not None and formatted(Source(MAIN, once), Diagnostics()) != once:
        yield "formatted twice it is another text"


@contextmanager
def _file(data: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / MAIN
        path.write_bytes(data)
        yield path


def _alike(files: Files, fault: str) -> bool:
    """Whether another text fails the same way: by the same kind of exception or promise."""
    found = fault_of(files[MAIN].encode("utf-8"))
    return found is not None and found.split(" ")[:2] == fault.split(" ")[:2]
