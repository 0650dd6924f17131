"""The campaign against the check itself: it must see every mistake made in what is emitted.

A mistake that changes nothing is none: with it both back ends give the same numbers at every node,
whatever the weights and images. One in what only training runs changes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, zip_longest
from random import Random

from tests.fuzz.campaign import Failure
from tests.fuzz.generator import random_spec
from tests.fuzz.mutants import Mutant, onnx_mutants, torch_mutants
from tests.fuzz.specs import Files, load_files
from tests.fuzz.subject import Subject, subject_of

__all__ = ["MUTANTS_PER_SPEC", "judged", "run"]

MUTANTS_PER_SPEC = 4


def run(seed: int) -> Failure | None:
    """Some mistakes in a random network, each of which must be seen."""
    spec = random_spec(seed)

    def overlooked(files: Files) -> str:
        subject = subject_of(load_files(files, spec.settings))
        return next((str(mutant) for mutant, said in judged(subject, seed) if not said), "")

    mutant = overlooked(spec.files)
    if not mutant:
        return None
    return Failure(f"overlooked: {mutant}", spec.files, lambda files: bool(overlooked(files)))


def judged(subject: Subject, seed: int) -> Iterator[tuple[Mutant, str]]:
    """Mistakes that change something, with what the check says of each: nothing if it is blind."""
    random = Random(seed)
    kinds = [_by_kind(each(subject), random) for each in (onnx_mutants, torch_mutants)]
    in_turn = (mutant for pair in zip_longest(*kinds) for mutant in pair if mutant)
    told = ((mutant, mutant.seen(subject)) for mutant in in_turn)
    real = ((mutant, said) for mutant, said in told if said or mutant.changes(subject))
    return islice(real, MUTANTS_PER_SPEC)


def _by_kind(found: Iterator[Mutant], random: Random) -> Iterator[Mutant]:
    """The mutants in random order, one of every kind before a second of any."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in found:
        kinds.setdefault(mutant.kind, []).append(mutant)
    left = list(kinds.values())
    for alike in left:
        random.shuffle(alike)
    while left:
        random.shuffle(left)
        yield from (alike.pop() for alike in left)
        left = [alike for alike in left if alike]
