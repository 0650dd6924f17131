"""What a campaign is: a promise of the compiler, held against one random case per seed."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from tests.fuzz.specs import Files

__all__ = ["CAMPAIGNS", "Failure", "attempt", "campaigns", "failures"]

CAMPAIGNS: Final[Mapping[str, str]] = {
    "valid": "tests.fuzz.valid",
    "mutations": "tests.fuzz.mutations",
    "text": "tests.fuzz.texts",
    "faults": "tests.fuzz.faults",
    "hostile": "tests.fuzz.hostile",
    "format": "tests.fuzz.formatting",
    "rewrites": "tests.fuzz.rewrites",
}
"""Each campaign's module, which has one function `run(seed: int) -> Failure | None`.

`run` makes everything random from `random.Random(seed)` and gives None where the promise holds.
"""


@dataclass(frozen=True)
class Failure:
    """A promise that a case breaks.

    `message` says in one line which, `files` are the spec by file name, the main one first.
    With `still_fails` the driver shrinks them: it says whether smaller files break the same
    promise, and may raise for files that are no case at all.
    """

    message: str
    files: Files
    still_fails: Callable[[Files], bool] | None = None


Run = Callable[[int], Failure | None]


def campaigns(only: tuple[str, ...] = ()) -> Iterator[tuple[str, Run]]:
    """The campaigns by name, or those of them that are asked for."""
    for name, module in CAMPAIGNS.items():
        if not only or name in only:
            yield name, import_module(module).run


def attempt(run: Run, seed: int) -> Failure | None:
    """One case of a campaign; an exception that leaves it breaks a promise too."""
    try:
        return run(seed)
    except Exception as error:  # noqa: BLE001  whatever it is, it is what the campaign looks for
        where = "".join(traceback.format_exception(error))
        return Failure(f"{type(error).__name__}: {error}", {"traceback.txt": where})


def failures(run: Run, first: int, count: int) -> dict[int, str]:
    """What so many cases break, by seed, from the first seed on."""
    found = {seed: attempt(run, seed) for seed in range(first, first + count)}
    return {seed: failure.message for seed, failure in found.items() if failure}
