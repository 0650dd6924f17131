"""What a model says of itself: its spec, and how its input is meant to be prepared."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256

import onnx

from inception_dsl.backends.onnx.target import DOMAIN
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.photographs import PhotographError, preparation
from inception_dsl.version import __version__

__all__ = ["metadata", "unicode"]


def metadata(checked: CheckedGraph, baked: bool) -> list[onnx.StringStringEntryProto]:
    """Entries `inception_dsl.network`, `.version`, `.spec`, `.spec_sha256`, and as JSON `.settings`
    and, where the spec has it, `.preprocess`.
    """
    graph = checked.graph
    spec = unicode(graph.text)
    found = {
        "network": graph.name,
        "version": __version__,
        "spec": spec,
        "spec_sha256": sha256(spec.encode()).hexdigest(),
        "settings": _json(dict(graph.settings)),
    }
    if graph.preprocess is not None:
        found["preprocess"] = _json(_preprocess(checked, baked))
    return [
        onnx.StringStringEntryProto(key=f"{DOMAIN}.{key}", value=value)
        for key, value in found.items()
    ]


def _preprocess(checked: CheckedGraph, baked: bool) -> dict[str, object]:
    """What the spec says, what follows from it for a picture, and in words the steps before the
    model and those inside it.
    """
    said = dict(checked.graph.preprocess or {})
    try:
        wanted = preparation(checked)
    except PhotographError:
        return said
    before, inside = wanted.geometry, wanted.arithmetic
    steps = {"before": before, "inside": inside} if baked else {"before": before + inside}
    return said | asdict(wanted) | {"resize": wanted.resize, "steps": steps}


def unicode(text: str) -> str:
    """Text that UTF-8 can hold: halves of surrogate pairs, which a spec may contain, become `?`."""
    return text.encode("utf-8", "replace").decode()


def _json(value: object) -> str:
    return json.dumps(value, default=str)
