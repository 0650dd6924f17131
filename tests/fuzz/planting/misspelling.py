"""Names as one misspells them."""

from __future__ import annotations

import re
from random import Random

from inception_dsl.ops import operation_names
from tests.fuzz.planting.host import Host

__all__ = ["misspelt"]

_LANGUAGE = {
    "as", "in", "if", "on", "or", "and", "not", "let", "aux", "then", "true", "none", "same", "add",
    "mul",
}  # fmt: skip


def misspelt(random: Random, name: str, host: Host) -> str:
    """The name with two letters swapped, one dropped, doubled or changed: a name of nothing."""
    taken = _LANGUAGE.union(
        operation_names(), *(re.findall(r"\w+", t) for t in host.files.values())
    )
    while True:
        at = random.randrange(len(name))
        match random.randrange(4):
            case 0:
                wrong = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
            case 1:
                wrong = name[:at] + name[at + 1 :]
            case 2:
                wrong = name[:at] + name[at] + name[at:]
            case _:
                wrong = name[:at] + random.choice("aeiorst") + name[at + 1 :]
        if re.fullmatch(r"[A-Za-z]\w*", wrong) and wrong not in taken:
            return wrong
