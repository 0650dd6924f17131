"""The campaign of valid specs: none is rejected, and all who run one agree with it and its author.

The author is the generator, which says what the network's shapes and counts must come out as.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from inception_dsl.analysis.cost import Cost
from inception_dsl.network import Network
from tests.fuzz.agreement import disagreements
from tests.fuzz.campaign import Failure
from tests.fuzz.disagreement import Disagreement
from tests.fuzz.generator import GeneratedSpec, random_spec
from tests.fuzz.specs import Files, examine_files
from tests.fuzz.subject import subject_of

__all__ = ["run"]


def run(seed: int) -> Failure | None:
    """A random spec: checked, emitted, run, counted."""
    spec = random_spec(seed)
    network, said = examine_files(spec.files, spec.settings)
    if network is None:
        wrong = {each.code for each in said if each.severity == "error"}
        return Failure(
            f"rejected: {said[0].code} {said[0].message}",
            spec.files,
            lambda files: wrong <= _codes(files, spec.settings),
        )
    unlike = next(_from_the_author(network, spec), None)
    if unlike:
        return Failure(str(unlike), spec.files)
    found = next(disagreements(subject_of(network)), None)
    if not found:
        return None
    kind = found.what
    return Failure(str(found), spec.files, lambda files: _fails(files, spec.settings, kind))


def _from_the_author(network: Network, spec: GeneratedSpec) -> Iterator[Disagreement]:
    """What came out otherwise than the generator meant it."""
    graph, main = network.graph.graph, network.graph.graph.main()
    nodes = [node for node in graph if node.path != graph.input]
    made = Counter((node.op.name, node.out.dims, node.path in main) for node in nodes)
    meant = Counter((each.name, each.shape, each.main) for each in spec.operations)
    heads = {head.name: graph[head.output].out.dims for head in graph.aux}
    pairs = {
        "operations": (made - meant, meant - made),
        "input": (network.input, tuple(spec.input)),
        "output": (network.output, tuple(spec.output)),
        "heads": (heads, dict(spec.heads)),
        **{
            name: (getattr(network.cost, name), getattr(spec.counts, name))
            for name in Cost.__dataclass_fields__
        },
    }
    for place, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield Disagreement(place, "meant by the generator", ours, theirs)


def _codes(files: Files, settings: Mapping[str, object]) -> set[str]:
    return {each.code for each in examine_files(files, settings)[1] if each.severity == "error"}


def _fails(files: Files, settings: Mapping[str, object], kind: str) -> bool:
    network, _ = examine_files(files, settings)
    found = disagreements(subject_of(network)) if network else ()
    return any(each.what == kind for each in found)
