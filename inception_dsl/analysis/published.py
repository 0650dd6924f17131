"""Published figures that are no `expect` of a spec: claims, read from `specs/published.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from inception_dsl.shipped import shipped_folder

__all__ = ["Claim", "Published", "read_published"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One published figure, and how we compute it.

    `about` is a spec's name, or empty for what is said of building blocks. `printed` is the figure
    as published, `compute` a formula of `Calculator`. `similar_to` and `more_than` are formulas to
    compare with where the publication prints no number. `note` explains what was counted, `wrong`
    why the figure is not reproduced; both may hold formulas in braces. `beyond` says why no spec
    can compute it.
    """

    about: str
    figure: str
    printed: str
    source: str
    compute: str = ""
    similar_to: str = ""
    more_than: str = ""
    note: str = ""
    wrong: str = ""
    beyond: str = ""

    def __post_init__(self) -> None:
        where = f"{self.about or 'modules'}, {self.figure}"
        assert bool(self.compute) != bool(self.beyond), f"{where}: `compute` or `beyond`"
        assert not (self.similar_to and self.more_than), f"{where}: one comparison"
        assert not (self.wrong and self.beyond), f"{where}: `wrong` speaks of a computed figure"


@dataclass(frozen=True)
class Published:
    """The claims, and the small networks that their formulas speak of, as text by name."""

    claims: tuple[Claim, ...]
    networks: Mapping[str, str]


def read_published(path: Path | None = None) -> Published:
    """The claims that ship with the specs, in the order of the file.

    Raises: AssertionError for a claim that is not made of what `Claim` has.
    """
    path = path or shipped_folder() / "published.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Published(tuple(map(_claim, data["claim"])), data.get("networks", {}))


def _claim(entry: Mapping[str, Any]) -> Claim:
    unknown = entry.keys() - {field.name for field in fields(Claim)}
    assert not unknown, f"{entry}: no claim has {sorted(unknown)}"
    return Claim(**{key: " ".join(value.split()) for key, value in entry.items()})
